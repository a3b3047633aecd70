"""Opens notebooks in JupyterLab again and again beside busy processes, and counts figures that are not drawn or cut.

    python bench/open_under_load.py [OPENINGS] [BUSY]

Each opening is a fresh page at 1280 pixels; prints what is wrong and how long it took until there was a figure. Exits
with 1 where anything is wrong. Takes some minutes: not part of a suite.
"""

import multiprocessing
import sys
import tempfile
import time
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from shutil import which

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "lib")]

NOTEBOOKS = ("budgetscenarier", "lss_peng", "manadsprognos", "gruppbostad_kbh", "bemanning_sjukfranvaro")


def _spin() -> None:
    while True:
        sum(range(10_000))


@contextmanager
def busy(number: int):
    """So many processes that never rest."""
    beside = [multiprocessing.Process(target=_spin, daemon=True) for _ in range(number)]
    for process in beside:
        process.start()
    try:
        yield
    finally:
        for process in beside:
            process.terminate()


def opened(page, address: str, name: str) -> tuple[list[str], float]:
    """What is wrong with the figures of one opening, and how long it took until there was one, s."""
    from drawn_whole import WRONG
    from lab_server import open_copy

    start = time.monotonic()
    open_copy(page, address, name)
    page.locator(".planbok-place svg:visible").first.wait_for(timeout=60_000)
    taken = time.monotonic() - start
    page.wait_for_timeout(300)
    return page.evaluate(WRONG), taken


def main(openings: int, beside: int) -> int:
    """Opens each notebook in turn; how many openings had a figure that was wrong."""
    from lab_server import lab
    from playwright.sync_api import sync_playwright

    from planbok.base.workspace import SAMPLE

    with (
        tempfile.TemporaryDirectory() as home,
        tempfile.TemporaryDirectory() as params,
        busy(beside),
        lab(Path(home), Path(params), SAMPLE) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        return told(browser, address, openings)


def told(browser, address: str, openings: int) -> int:
    """Says of each opening what is wrong in it; 1 where anything is."""
    wrong, times = 0, []
    for place, name in enumerate(islice(cycle(NOTEBOOKS), openings), start=1):
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        found, taken = opened(page, address, name)
        page.close()
        times.append(taken)
        wrong += bool(found)
        print(f"{place}/{openings} {name}: {taken:.1f} s {'; '.join(found)}", flush=True)
    middle = sorted(times)[len(times) // 2]
    print(f"{openings - wrong} of {openings} with every figure drawn; the first figure after {middle:.1f} s")
    return int(wrong > 0)


if __name__ == "__main__":
    openings, beside = [*map(int, sys.argv[1:]), *(40, 2)[len(sys.argv) - 1 :]]
    sys.exit(main(openings, beside))
