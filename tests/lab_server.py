"""A desk of its own for the tests: `planbok lab` in a new workspace, on a port that it takes itself."""

import asyncio
import html
import os
import re
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from planbok.commands.init import init

POLLING = 100  # milliseconds; else the page is drawn and asked at each frame for as long as it is waited for
LIVE = """() => {
  const status = [...document.querySelectorAll('.jp-StatusBar-Widget')].map(e => e.textContent).join('');
  const state = document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status;
  return status.includes('| Klar') && state === 'idle';
}"""
TO_DIALS = """() => [...document.querySelectorAll('.jp-Notebook h2')].find(h => h.textContent.includes('Prova'))
  .scrollIntoView()"""

STILL = """document.addEventListener('DOMContentLoaded', () => {
  const sheet = document.createElement('style');
  sheet.textContent = '*, ::before, ::after { animation: none !important; transition: none !important }';
  document.head.append(sheet);
})"""

# A copy is made when it is asked for: the tests open few of them, and what they save makes those laid before anew.
DESK = """
import sys
from planbok.commands.desk import maker
from planbok.__main__ import main
class Maker(maker.Maker):
    def __init__(self, *given):
        super().__init__(*given)
        self._waiting.clear()
maker.Maker = Maker
sys.exit(main())
"""


def still_page(browser, **how):
    """A page in which nothing moves by itself: each frame of a wait takes processor time."""
    page = browser.new_page(reduced_motion="reduce", **how)
    page.add_init_script(STILL)
    return page


def beside(work: Coroutine):
    """What the coroutine gives, run in a thread of its own: this one may have a browser's loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@contextmanager
def lab(home: Path, params: Path, data: Path) -> Iterator[str]:
    """Starts the desk of a new workspace with the user's own parameter folder; a copy's address, with token."""
    workspace = init(home / "arbetsmapp")
    command = [sys.executable, "-c", DESK, "lab", "--port", "0", "--ingen-webblasare"]
    command += ["--params", str(params), "--data", str(data)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "encoding": "utf-8"}
    with subprocess.Popen(command, cwd=workspace, env=dict(os.environ), **pipes) as desk:
        try:
            said = desk.stdout.readline()
            if "igång" not in said:
                raise RuntimeError(f"the desk did not start: {said}{desk.stdout.read()}")
            page = (workspace / "lab" / "oppna.html").read_text("utf-8")
            address = html.unescape(re.search(r"url=(.*?)\"", page)[1])
            yield address.replace("start.ipynb?", "{}.ipynb?reset&")
        finally:
            desk.terminate()
            desk.communicate(timeout=60)


def open_copy(page, address: str, name: str) -> None:
    """Opens a notebook's copy as a person does, and waits until its kernel has what the bar and the dials need."""
    page.goto(address.format(name))
    ready(page)


def ready(page) -> None:
    """Waits until the copy's bar is drawn and its kernel has nothing left to do."""
    page.locator(".planbok-bar select").first.wait_for(timeout=180_000)
    page.wait_for_function(LIVE, timeout=120_000, polling=POLLING)


def choose(page, menu: str, entry: str) -> None:
    """Chooses what begins so in one of the menus at the top."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(".lm-Menu .lm-Menu-item", has_text=entry).first.click()


def turn_to(page, address: str, name: str) -> None:
    """Opens a copy in the place of what is open, in the lab that the page shows: to load the lab anew takes seconds."""
    if not page.url.startswith(address.partition("/lab/")[0]):
        open_copy(page, address, name)
        return
    choose(page, "Arkiv", "Spara alla")
    page.locator(".jp-mod-dirty").first.wait_for(state="detached")
    choose(page, "Arkiv", "Stäng alla flikar")
    page.locator(".jp-NotebookPanel").first.wait_for(state="detached")
    choose(page, "Arkiv", "Öppna från plats")
    page.locator(".jp-Dialog input").fill(f"lab/{name}.ipynb")
    page.keyboard.press("Enter")
    ready(page)


def to_dials(page) -> None:
    """Scrolls to the dials and waits until they are drawn."""
    page.evaluate(TO_DIALS)
    page.locator(".planbok-dial, .widget-dropdown").first.wait_for(timeout=60_000)
    page.locator(".planbok-picture svg:visible").first.wait_for(timeout=60_000)
