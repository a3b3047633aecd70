"""rapport.pdf: the finished page, printed by the browser that there is."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from threading import Event

from planbok.base.errors import Fault, InputError, format_faults
from planbok.batch.make.options import How
from planbok.batch.plan.job import REPORT_FILE

PDF_FILE = "rapport.pdf"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge")
PLACES = (  # where Windows and macOS keep them
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
    r"%ProgramFiles%\Microsoft\Edge\Application\msedge.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
LONGEST = 120  # seconds for a page
APPENDIX = "#bilagor"  # what a page's folded parts are called
LOOK = 1  # seconds between ticks
OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
    "--virtual-time-budget=10000",
    "--user-agent=planbok",  # what the pdf says that it was made by, instead of this machine's system
)


def find_browser() -> str:
    """The first browser found that can print a page to pdf.

    Raises
    ------
    InputError
        If there is none.
    """
    named = (shutil.which(name) for name in BROWSERS)
    placed = (place for text in PLACES if os.path.isfile(place := os.path.expandvars(text)))
    found = next(filter(None, named), None) or next(placed, None)
    if found is None:
        text = "ingen webbläsare som kan skriva pdf hittades: chromium, google-chrome eller msedge. Kör utan --pdf."
        raise InputError([Fault("kommando", "", 0, "--pdf", text, "no_browser")])
    return found


def add_pdfs(folders: Iterable[Path], how: How, tick: Callable[[], None] = lambda: None) -> list[str]:
    """Adds rapport.pdf to each report's folder that lacks it, where it is asked for; what is said where it failed.

    `tick` is called now and then meanwhile.
    """
    browser, wanted = how.browser, [folder for folder in folders if not (folder / PDF_FILE).is_file()]
    if browser is None:
        return []
    hung = Event()
    with ThreadPoolExecutor(how.workers) as pool:
        printed = {folder: pool.submit(_print, browser, folder, how.appendix, hung) for folder in wanted}
        try:
            while wait(printed.values(), LOOK).not_done:
                tick()
        finally:
            pool.shutdown(cancel_futures=True)
    failed = [folder.name for folder, well in printed.items() if not well.result()]
    what = f"webbläsaren hängde sig (mer än {LONGEST} sekunder)" if hung.is_set() else "webbläsaren skrev ingen pdf"
    text = f"{what}. Rapporten är i övrigt hel; kör igen med --pdf."
    faults = [Fault("korning", name, 0, PDF_FILE, text, "no_pdf") for name in failed]
    return [format_faults(faults)] if faults else []


def _print(browser: str, folder: Path, appendix: bool, hung: Event) -> bool:
    """Whether a report's page was printed; a page that wasn't leaves no file. None is tried once a browser has hung."""
    target = folder / PDF_FILE
    if hung.is_set():
        return False
    with tempfile.TemporaryDirectory() as profile:
        inside = Path(profile) / PDF_FILE  # the browser's own name for it, wherever the report is
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        page = (folder / REPORT_FILE).resolve().as_uri() + (APPENDIX if appendix else "")
        command = [browser, *OPTIONS, *sandbox, f"--user-data-dir={profile}", f"--print-to-pdf={inside}", page]
        try:
            _run(command)
            whole = inside.read_bytes()
        except subprocess.TimeoutExpired:
            hung.set()
            return False
        except (OSError, subprocess.SubprocessError):
            return False
    if not whole.startswith(b"%PDF-") or b"%%EOF" not in whole[-1024:]:
        return False
    target.write_bytes(whole)
    return True


def _run(command: list[str]) -> None:
    """Runs a browser, and ends all that it started if it takes too long: its own processes outlive it else."""
    nowhere = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, start_new_session=True, **nowhere) as process:  # type: ignore[call-overload]
        try:
            code = process.wait(LONGEST)
        except BaseException:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
            raise
    if code:
        raise subprocess.CalledProcessError(code, command[0])
