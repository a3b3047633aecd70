"""A meeting's page: voila over notebooks laid out for it, the one that is shown already executed when it is opened."""

import logging
import os
import secrets
import shutil
import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat

from planbok.base.errors import InputError, did_you_mean, refused
from planbok.batch.plan.notebooks import NotebookFile, read_notebooks
from planbok.commands.desk import copies
from planbok.commands.desk.layout import BAR, copy_of
from planbok.commands.desk.place import Desk, settle
from planbok.commands.desk.server import page_to

TEMPLATES = Path(__file__).parent
DESK_CSS = TEMPLATES.parent / "extension" / "planbok-desk" / "static" / "desk.css"
FIRST = "budgetscenarier"
FOLDER = "visning"
HOST = "127.0.0.1"
OPENER, LOG = "visning.html", "visning.txt"
READY = 2  # pages of the notebook that are kept executed: for whoever comes next
IDLE_SECONDS, LOOK_SECONDS = 1800, 60  # a page that was left without a word has its kernel stopped
DESK_KERNEL = "planbok.commands.desk.kernels.DeskKernel"


def show(desk: Desk, wanted: str, port: int, browser: bool) -> int:
    """Serves the meeting's pages until it is stopped.

    Raises
    ------
    InputError
        If there is no such notebook, or it can't be run.
    """
    settle(desk)
    desk.lay_out()
    logging.basicConfig(filename=desk.state / LOG, filemode="w", level=logging.WARNING)  # the terminal is for people
    notebook = _chosen(desk, wanted)
    folder = _lay_out(desk)
    os.environ["JUPYTER_PATH"] = os.pathsep.join([str(TEMPLATES), *filter(None, [os.environ.get("JUPYTER_PATH")])])
    page = f"{named(notebook)}.ipynb"
    config = _config(folder, page, port or _free_port())
    app = _meeting(lambda app: _tell(desk, app, page, browser)).instance(config=config)
    app.initialize(argv=[])
    app.start()
    print("\nVisningen stängs.", flush=True)
    return 0


def named(notebook: NotebookFile) -> str:
    """The notebook's title, as the name of a file and of a page.

    >>> named(NotebookFile("x", Path("x.ipynb"), "Hyra/KBH: ny bostad", {}))
    'Hyra-KBH – ny bostad'
    """
    return notebook.titel.replace(": ", " – ").translate(str.maketrans("/\\:?*", "-----"))


def _chosen(desk: Desk, wanted: str) -> NotebookFile:
    known = read_notebooks()
    name = wanted or desk.chosen().get("notebook", "")
    if wanted and wanted not in known:
        text = f"anteckningsboken finns inte.{did_you_mean(wanted, list(known))}"
        raise refused(wanted, text, "unknown_notebook")
    found = known.get(name) or known[FIRST]
    if found.faults:
        raise InputError(list(found.faults))
    return found


def _lay_out(desk: Desk) -> Path:
    """The notebooks as the meeting reads them, with the unit, year and month that were last chosen."""
    folder = desk.state / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for notebook in read_notebooks().values():
        if not notebook.faults:
            values = copies.values_for(desk, notebook, copies.read_copy(desk, notebook.id))
            laid = copy_of(notebook.id, nbformat.read(notebook.path, as_version=4), values)
            laid.cells = [cell for cell in laid.cells if cell.id != BAR]  # what is asked is chosen before: in the lab
            laid.metadata["title"] = notebook.titel
            nbformat.write(laid, folder / f"{named(notebook)}.ipynb")
    return folder


def _free_port() -> int:
    """A port that nobody listens on: voila says the one that it was told, and would say 0."""
    with socket.socket() as line:
        line.bind((HOST, 0))
        return int(line.getsockname()[1])


def _config(folder: Path, page: str, port: int) -> Any:
    """Voila's settings: this machine only, no code, no traceback, the page's kernels ready and over own sockets."""
    from traitlets.config import Config

    kernels = {"kernel_manager_class": DESK_KERNEL, "cull_idle_timeout": IDLE_SECONDS, "cull_interval": LOOK_SECONDS}
    return Config(
        {
            "Voila": {
                "ip": HOST,
                "port": port,
                "root_dir": str(folder),
                "token": secrets.token_hex(24),
                "log_level": "CRITICAL",
                "config_file_paths": [],
            },
            "VoilaConfiguration": {
                "template": "planbok",
                "classic_tree": True,
                "strip_sources": True,
                "show_tracebacks": False,
                "preheat_kernel": True,
                "default_pool_size": 0,
                "resources": {"desk_css": DESK_CSS.read_text("utf-8")},
                "file_allowlist": [r".*\.(png|jpg|gif|svg)"],
            },
            "VoilaKernelManager": {"kernel_pools_config": {"default": {"pool_size": 0}, page: {"pool_size": READY}}},
            "AsyncMappingKernelManager": kernels,
            "HTMLExporter": {"language_code": "sv"},
        }
    )


def _meeting(told: Callable[[Any], None]) -> Any:
    """Voila that says in planbok's own way that it listens."""
    from voila.app import Voila

    class Meeting(Voila):
        name = "voila"  # what its settings are kept under

        def launch_browser(self) -> None:
            told(self)

    return Meeting


def _tell(desk: Desk, app: Any, page: str, browser: bool) -> None:
    address = f"{app.connection_url}voila/render/{quote(page)}?token={app.token}"
    opener = page_to(desk.folder / OPENER, address)
    print(f"Visningen är igång på {app.connection_url}. Öppna {opener}. Avsluta med Ctrl+C.", flush=True)
    if browser:
        with suppress(webbrowser.Error):
            webbrowser.open(opener.as_uri())
