"""The gate held against a thousand made-up leaks and ten thousand ordinary figures, and what it costs.

`make test` holds it against a tenth of them, in a smaller report.
"""

import time
from pathlib import Path
from statistics import median

import leaks
import pytest
from innocents import innocents

from planbok.batch.gate.gate import inspect
from planbok.cli import main

LEAKS, INNOCENTS = 1_000, 10_000


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """A report of the example plan."""
    out = tmp_path_factory.mktemp("ut")
    assert main(["run", "exempel", "--only", "lss_peng", "--out", str(out)]) == 0
    return next((out / "exempel").glob("*/lss_peng__*fler_personer*"))


def test_every_leak_is_caught_wherever_it_is_planted(report, tmp_path):
    missed = leaks.missed(report, tmp_path, LEAKS)
    print(f"\nleaks planted {LEAKS}, in {len(leaks.planters())} kinds of places; missed {len(missed)}")
    assert missed == []


def test_ordinary_amounts_dates_and_ids_pass():
    texts = innocents(INNOCENTS)
    stopped = {place for place, _ in leaks.knowledge().signs.kinds(texts, [True] * INNOCENTS)}
    print(f"\nordinary texts {INNOCENTS}; stopped {len(stopped)}")
    assert [texts[place] for place in stopped] == []


def test_a_report_is_searched_in_tens_of_milliseconds(report):
    known, times = leaks.knowledge(), []
    for _ in range(11):
        start = time.process_time()
        assert inspect(report, known) == []
        times.append(time.process_time() - start)
    size = sum(path.stat().st_size for path in report.iterdir())
    print(f"\nsearching a report of {size / 1e6:.1f} MB: {median(times) * 1000:.0f} ms")
    assert median(times) < 0.2
