"""Takes the README's pictures of the product from the sample, so that they stay true: `make pictures`."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from planbok.base.workspace import SAMPLE
from planbok.cli import main as planbok

DOCS = Path(__file__).resolve().parent
sys.path.append(str(DOCS.parent / "tests"))
SHOWN = "budgetscenarier__exempelenheten__atgarder_2024__2024*"
FLAGS = ["--no-sandbox", "--disable-gpu"]
SCREEN = {"width": 1280, "height": 860}


def report(browser, base: Path) -> None:
    """A report's first screen."""
    if planbok(["run", "exempel", "--only", "budgetscenarier", "--out", str(base)]):
        raise SystemExit("the example plan failed")
    page = browser.new_page(viewport=SCREEN)
    page.goto(next(base.glob(f"exempel/*/{SHOWN}/rapport.html")).as_uri())
    page.wait_for_timeout(1500)
    page.screenshot(path=DOCS / "pictures" / "rapport.png")


def dials(browser, base: Path) -> None:
    """The dials of the same notebook, one of them moved, in JupyterLab."""
    import lab_server

    for name in ("lab", "params"):
        (base / name).mkdir()
    with lab_server.lab(base / "lab", base / "params", SAMPLE) as address:
        page = browser.new_page(viewport=SCREEN)
        lab_server.open_copy(page, address, "budgetscenarier")
        lab_server.to_dials(page)
        page.get_by_role("button", name="Kostnader", exact=True).click()
        dial = page.get_by_label("Vårdkostnader (%)", exact=True)
        dial.focus()
        for _ in range(10):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(1500)
        page.screenshot(path=DOCS / "pictures" / "reglage.png")


def main() -> None:
    """Takes both pictures with the browser named by BROWSER_PATH, else with chromium."""
    from playwright.sync_api import sync_playwright

    (DOCS / "pictures").mkdir(exist_ok=True)
    chromium = os.environ.get("BROWSER_PATH") or shutil.which("chromium")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as base:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for number, take in enumerate((report, dials)):
            folder = Path(base) / str(number)
            folder.mkdir()
            take(browser, folder)
        browser.close()


if __name__ == "__main__":
    main()
