"""A browser for the tests that look at pages the way people do: found here, missing only outside CI."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from planbok.cli import main

NAMES = ("chromium", "chromium-browser", "google-chrome", "msedge", "microsoft-edge")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The browser named by BROWSER_PATH, else the first one on the path."""
    named = os.environ.get("BROWSER_PATH")
    found = named or next((path for path in map(shutil.which, NAMES) if path), None)
    if found and os.path.isfile(found):
        return found
    reason = f"no browser: set BROWSER_PATH, or install one of {', '.join(NAMES)}"
    if named:
        reason = f"BROWSER_PATH is {named}, which is no file"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator:
    """A headless browser, one for the whole session."""
    playwright = pytest.importorskip("playwright.sync_api").sync_playwright().start()
    try:
        launched = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        yield launched
        launched.close()
    finally:
        playwright.stop()


@pytest.fixture(scope="session")
def example_run(tmp_path_factory) -> Path:
    """The run folder of the example plan, whose reports have all passed the gate; one for all of xdist's workers."""
    base = tmp_path_factory.getbasetemp()
    out = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "ut"
    with alone(out.with_suffix(".lock")):
        if not (out / "exempel" / "index.html").is_file():
            assert main(["run", "exempel", "--out", str(out)]) == 0
    (found,) = [path for path in (out / "exempel").iterdir() if path.is_dir()]
    return found


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds a file locked; others wait for it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def browser_flags() -> list[str]:
    """The flags that a browser started by a test needs."""
    return FLAGS
