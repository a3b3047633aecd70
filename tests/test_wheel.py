"""planbok as it is installed: the wheel in an environment of its own, far from the repository."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from planbok import __version__
from planbok.base.workspace import ROOT


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """The Python of an environment with the wheel, and with the other packages of this one but not its planbok."""
    base = tmp_path_factory.mktemp("wheel")
    uv = Path(sys.executable).with_name("uv")
    build = [uv, "build", "--quiet", "--wheel", ROOT, "--out-dir", base]
    if subprocess.run([*build, "--offline"], capture_output=True).returncode:  # the build's own tools aren't here yet
        subprocess.run(build, check=True)
    subprocess.run([uv, "venv", "--quiet", "--offline", "--python", sys.executable, base / "env"], check=True)
    made = base / "env" / ("Scripts" if os.name == "nt" else "bin") / Path(sys.executable).name
    wheel = next(base.glob("planbok-*.whl"))
    install = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", made, wheel]
    subprocess.run(install, check=True)
    packages = next((base / "env").rglob("site-packages"))
    # A path in a .pth file is only added: the .pth of this environment's own planbok is not read.
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return made


@pytest.fixture
def planbok(python, tmp_path):
    def planbok(*arguments: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess:
        names = ("PLANBOK_PARAMS", "PLANBOK_DATA", "PLANBOK_ARBETSMAPP", "PYTHONPATH")
        environment = {name: value for name, value in os.environ.items() if name not in names}
        command = [python, "-m", "planbok", *arguments]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8")

    return planbok


def test_a_wheel_elsewhere_has_all_it_needs(planbok, python, tmp_path):
    version = planbok("--version")
    assert (version.returncode, version.stdout) == (0, f"planbok {__version__}\n")
    outside = planbok("scenario", "ny", "eget")
    assert outside.returncode == 2 and "planbok init" in outside.stderr
    made = planbok("init", "x")
    assert made.returncode == 0, made.stderr
    here = tmp_path / "x"
    inner = here / "params" / "scenarier"
    checked = planbok("check", cwd=here)
    assert checked.returncode == 0, checked.stderr
    assert planbok("scenario", "ny", "eget", cwd=here / "data").returncode == 0 and (inner / "eget.xlsx").is_file()
    (inner / "eget.xlsx").unlink()
    run = planbok("run", "exempel", "--only", "budgetscenarier", cwd=inner)
    assert run.returncode == 0, run.stderr
    index = Path(run.stdout.strip())
    assert index == here / "out" / "exempel" / "index.html" and index.is_file()
    manifest = json.loads(next(here.glob("out/exempel/*/manifest.json")).read_text("utf-8"))
    assert {entry["status"] for entry in manifest["runs"]} == {"ok"}
    for page in here.glob("out/exempel/*/*/rapport.html"):
        assert str(tmp_path) not in page.read_text("utf-8") and "site-packages" not in page.read_text("utf-8")
    (here / "params" / "regler" / "sma_tal.yaml").write_text("fel", "utf-8")
    refused = planbok("run", "exempel", cwd=here)
    assert refused.returncode == 2 and "params/regler/sma_tal.yaml" in refused.stderr
    assert not list(Path(python).parents[1].rglob("eget.xlsx"))


def test_outside_a_workspace_the_example_is_there_all_the_same(planbok):
    listed = planbok("list")
    assert listed.returncode == 0 and "exempel ·" in listed.stdout and "exempelenheten" in listed.stdout
