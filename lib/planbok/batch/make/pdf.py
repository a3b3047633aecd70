"""rapport.pdf: the finished page, printed by the browser that there is."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from itertools import islice
from pathlib import Path

from planbok.base.errors import Fault, format_faults, refused
from planbok.base.files import aside
from planbok.batch.make import warm
from planbok.batch.make.options import RunOptions
from planbok.batch.make.processes import FORK, SPAWN, Processes, ProcessTimeoutError
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
        raise refused("--pdf", text, "no_browser")
    return found


def add_pdfs(folders: Iterable[Path], how: RunOptions, tick: Callable[[], None] = lambda: None) -> list[str]:
    """Adds rapport.pdf to each report's folder that lacks it, where it is asked for; what is said where it failed.

    `tick` is called now and then meanwhile. No page is tried once the browser has hung.
    """
    browser, wanted = how.browser, [folder for folder in folders if not (folder / PDF_FILE).is_file()]
    if browser is None or not wanted:
        return []
    printed: dict[Future, tuple[Path, Path]] = {}  # by call: where the page is printed, and where it is to be
    made, hung, left = set(), False, iter(enumerate(wanted))
    method = FORK if how.forks else SPAWN
    with aside(Path(tempfile.gettempdir()), "planbok-pdf-") as room, Processes(how.workers, method, LONGEST) as pool:

        def begin(number: int, folder: Path) -> None:
            profile = room / str(number)
            profile.mkdir()
            command = _command(browser, profile, folder / REPORT_FILE, how.appendix)
            printed[pool.submit(_run, command, os.getpid())] = profile / PDF_FILE, folder / PDF_FILE

        for number, folder in islice(left, how.workers):
            begin(number, folder)
        for call in pool.completed(tick):
            inside, target = printed[call]
            hung |= isinstance(call.exception(), ProcessTimeoutError)
            if _is_kept(inside, target):
                made.add(target.parent)
            for number, folder in islice(left, 0 if hung else 1):
                begin(number, folder)
    what = f"webbläsaren hängde sig (mer än {LONGEST} sekunder)" if hung else "webbläsaren skrev ingen pdf"
    text = f"{what}. Rapporten är i övrigt hel; kör igen med --pdf."
    faults = [Fault("korning", folder.name, 0, PDF_FILE, text, "no_pdf") for folder in wanted if folder not in made]
    return [format_faults(faults)] if faults else []


def _command(browser: str, profile: Path, page: Path, appendix: bool) -> list[str]:
    """What prints a page to a file beside the browser's own: there its name is the same wherever the report is."""
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    address = page.resolve().as_uri() + (APPENDIX if appendix else "")
    target = f"--print-to-pdf={profile / PDF_FILE}"
    return [browser, *OPTIONS, *sandbox, f"--user-data-dir={profile}", target, address]


def _run(command: list[str], runner: int) -> int:
    """Runs a browser in a process of its own, whose group it is in: whoever ends the one ends the other."""
    warm.die_as_group(runner)
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode


def _is_kept(inside: Path, target: Path) -> bool:
    """Whether a page was printed whole; then it is laid in the report's folder, else no file is."""
    try:
        whole = inside.read_bytes()
    except OSError:
        return False
    if not whole.startswith(b"%PDF-") or b"%%EOF" not in whole[-1024:]:
        return False
    target.write_bytes(whole)
    return True
