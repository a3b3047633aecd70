"""A pytest plugin for mutants.py: which lines of the library each test runs, and how long it takes.

A test that fails has no time: it can't tell a mutant from the code as it is.
"""

import json
import os
import time
from collections.abc import Generator
from pathlib import Path

import pytest


class Lines:
    """Counts in one process; each xdist worker has one of its own."""

    def __init__(self, folder: Path):
        import coverage

        self.folder, self.seconds, self.failed = folder, {}, set()
        library = str(folder / "lib" / "planbok" / "*")
        self.counted = coverage.Coverage(str(folder / ".lines"), data_suffix=True, include=[library], config_file=False)
        self.counted.start()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, None, None]:
        self.counted.switch_context(item.nodeid)
        began = time.process_time()
        yield
        if item.nodeid not in self.failed:
            self.seconds[item.nodeid] = time.process_time() - began
        self.counted.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.counted.stop()
        self.counted.save()
        (self.folder / f"seconds.{os.getpid()}.json").write_text(json.dumps(self.seconds), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        config.pluginmanager.register(Lines(Path(os.environ["LINES_KEPT_IN"])), "lines")
