"""environment.yml and pyproject.toml say the same, and the lock files hold what they say."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from ruamel.yaml import YAML

from planbok.paths import ROOT

OTHER_NAME = {"playwright-python": "playwright"}  # conda-forge's name to PyPI's
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONDA_ONLY = {"python", "pip"}


def bounds(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def pypi() -> dict[str, frozenset[str]]:
    listed = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    return {(r := Requirement(text)).name.lower(): bounds(str(r.specifier)) for text in listed}


def conda() -> dict[str, frozenset[str]]:
    listed = YAML(typ="safe").load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    found = {}
    for spec in (spec for spec in listed if isinstance(spec, str)):
        name, _, version = spec.partition(" ")
        found[OTHER_NAME.get(name, name)] = bounds(version)
    return found


def locked(name: str) -> dict[str, set[Version]]:
    """Versions by package; a package may be pinned twice for different Pythons."""
    found: dict[str, set[Version]] = {}
    for pin in re.finditer(r"^([\w.\-\[\]]+)==([^\s;\\]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE):
        found.setdefault(re.sub(r"[-_.]+", "-", pin[1].lower()), set()).add(Version(pin[2]))
    return found


def test_environment_and_project_name_the_same_packages_within_the_same_bounds():
    ours = {name: spec for name, spec in conda().items() if name not in CONDA_ONLY}
    assert len(ours) > 20
    assert ours == pypi()


def test_environment_asks_for_the_same_python():
    assert conda()["python"] == bounds(PROJECT["requires-python"])


@pytest.mark.parametrize(("lock", "extras"), [("requirements.lock", []), ("requirements-test.lock", ["test"])])
def test_lock_file_pins_every_dependency_within_its_bounds(lock, extras):
    pins = locked(lock)
    wanted = [*PROJECT["dependencies"], *(r for extra in extras for r in PROJECT["optional-dependencies"][extra])]
    assert wanted
    for text in wanted:
        requirement = Requirement(text)
        name = re.sub(r"[-_.]+", "-", requirement.name.lower())
        assert name in pins, f"{lock} does not pin {name}"
        assert all(version in requirement.specifier for version in pins[name])


def test_lock_files_agree_and_carry_hashes():
    base, test = locked("requirements.lock"), locked("requirements-test.lock")
    assert len(base) > 80
    assert {name: test[name] for name in base} == base
    for lock in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / lock).read_text("utf-8")
        assert text.count("--hash=sha256:") >= len(locked(lock))
        assert "://" not in text


def test_base_set_up_stays_without_the_test_tools():
    base = locked("requirements.lock")
    names = {re.sub(r"[-_.]+", "-", Requirement(r).name.lower()) for r in PROJECT["optional-dependencies"]["test"]}
    assert not names & set(base)
