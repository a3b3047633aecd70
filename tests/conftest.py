"""Shared ways to make parameter folders, tables and cases for tests."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml_files
from hypothesis import HealthCheck, Phase, settings
from ruamel.yaml import YAML
from stood_once import lay

from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import Case, load_sources, open_case

SLOW = [HealthCheck.too_slow]  # strategies open cases; on a loaded machine that takes its time and is no fault
settings.register_profile("planbok", max_examples=25, deadline=None, suppress_health_check=SLOW)
settings.register_profile("snabb", settings.get_profile("planbok"), max_examples=10)  # `make test-snabb`
settings.register_profile("grundlig", settings.get_profile("planbok"), max_examples=200)  # `make test-grundlig`
LOOKED_FOR = [Phase.explicit, Phase.generate]  # what fails need not be made smaller
settings.register_profile("mutants", settings.get_profile("planbok"), max_examples=40, phases=LOOKED_FOR)
if settings.get_current_profile_name() not in ("snabb", "grundlig", "mutants"):  # tests that import this run it again
    settings.load_profile("planbok")

collect_ignore = ["nytt_amne"]  # a topic that a test lays among the others
EXAMPLES = Path(__file__).parent / "examples"
FORKING = ("test_batch", "test_cli", "test_every_file", "test_gate_free_text", "test_group_home", "test_keeping",
           "test_kernel_parity", "test_staffing_privacy", "test_unchanged")  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    if config.pluginmanager.has_plugin("nbval"):
        import shared_kernel

        shared_kernel.share(config)
    more = config.get_verbosity() > 0 or any(config.getoption(name, None) for name in ("durations", "xmlpath"))
    if hasattr(config, "workerinput") and not more:
        say_less(config)


def say_less(config: pytest.Config) -> None:
    """One of xdist's workers tells how each test went, and not also that it began, was set up and was taken down."""
    (worker,) = [one for one in config.pluginmanager.get_plugins() if type(one).__name__ == "WorkerInteractor"]
    send = worker.sendevent

    def sent(name: str, **what: Any) -> None:
        said = what.get("data") or {}
        around = name == "testreport" and said["outcome"] == "passed" and said["when"] != "call"
        if not around and name not in ("logstart", "logfinish"):
            send(name, **what)

    worker.sendevent = sent


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Of xdist's workers the first compiles the tests where nobody has yet, and the others then find them compiled."""
    here = Path(__file__).parent
    if os.name != "posix" or list(here.glob("__pycache__/test_workspace.*pytest*.pyc")):
        return (yield)
    import fcntl

    folder = os.open(here, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        return (yield)
    finally:
        os.close(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Reports are made in processes forked from this one: first, while it is small, since a fork costs by its size."""
    items.sort(key=lambda item: not item.path.name.startswith(FORKING))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector of rubbish need not look it through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def stood_once():
    with pytest.MonkeyPatch.context() as patch:
        lay(patch)
        yield


def examples(name: str) -> list[dict]:
    """The worked examples of a file, and never none."""
    found = yaml_files.read(EXAMPLES / f"{name}.yaml")
    assert found, f"no examples in {name}.yaml"
    return found


def write_scenario(folder: Path, scenario_id: str, changes: list[dict], **top) -> None:
    """A scenario file with these changes; basis and reason are filled in where a change lacks them."""
    filled = [{"underlag": "antagande", "motivering": "Prov", **change} for change in changes]
    value = {"titel": "Prov", "fraga": "Vad händer?", **top, "forandringar": filled}
    (folder / "scenarier").mkdir(parents=True, exist_ok=True)
    with (folder / "scenarier" / f"{scenario_id}.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(value, file)


@pytest.fixture
def make_case(tmp_path) -> Callable[..., Case]:
    """A case on the sample (or on `data`) under a scenario with these changes."""

    def make(changes: list[dict] = (), enhet: str = "ostermalm", ar: int = 2016, data: Path = SAMPLE, **more) -> Case:
        params = tmp_path / "params"
        if changes:
            write_scenario(params, "prov", list(changes))
        params.mkdir(exist_ok=True)
        sources = load_sources(Folders((params, PARAMS), data))
        scenario = {"scenario": "prov"} if changes else {}
        return open_case("budgetscenarier", enhet=enhet, ar=ar, sources=sources, **{**scenario, **more})

    return make


@pytest.fixture
def sample_copy(tmp_path) -> Path:
    """The sample collection, to be changed at will."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "data"))


@pytest.fixture
def one_row(tmp_path) -> Path:
    """A collection of one budget row, for checks of what does not come from the tables."""
    (tmp_path / "en_rad").mkdir()
    head = "enhet;ar;version;budgetrad;kostnad_mnkr;intakt_mnkr"
    (tmp_path / "en_rad" / "budget.csv").write_text(f"{head}\nnorra;2016;vp;Omsorg;9,0;0,1\n", "utf-8")
    return tmp_path / "en_rad"


def replace_in(path: Path, old: str, new: str) -> None:
    """Replaces a text that must be there."""
    text = path.read_text("utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new), "utf-8")
