"""The JupyterLab of the desk: what it is told (Swedish, by itself, a kernel ready), and the process that serves it."""

import html
import json
import os
import secrets
import shutil
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from planbok.base.files import written_whole
from planbok.commands.desk.place import FOLDER, Desk, settle

if TYPE_CHECKING:
    from traitlets.config import Config

HERE = Path(__file__).parent
EXTENSIONS = HERE / "extension"
KERNELS = "planbok.commands.desk.kernels.DeskKernels"
SWEDISH = "planbok.commands.desk.swedish"
UNUSED = ("jupyter_lsp", "jupyter_server_terminals", "notebook_shim", "voila.server_extension")
WORKSPACE = "default-37a8.jupyterlab-workspace"  # JupyterLab's name for the one that opens by itself
OPENER = "oppna.html"  # sends the browser on, so that the token stands on no command line


def desk_config(notebooks: str) -> dict[str, dict[str, Any]]:
    """The configuration of a server, by class; `notebooks` is their folder, from the server's own."""
    return {
        "ServerApp": {
            "kernel_manager_class": KERNELS,
            "jpserver_extensions": {"jupyterlab": True, SWEDISH: True, **dict.fromkeys(UNUSED, False)},
            "terminals_enabled": False,
        },
        "DeskKernels": {"warm_path": notebooks},
        "LabApp": {"news_url": None, "check_for_updates_class": "jupyterlab.NeverCheckForUpdate"},
    }


def lay_settings(state: Path) -> None:
    """Lays settings (the language, what is left out) and how the page is arranged into `app`, `settings`, `workspaces`.

    How a person has arranged the page since is left as it is. The language stands in a person's own settings too: the
    server looks for it only there.
    """
    app, language = state / "app", state / "settings" / "@jupyterlab" / "translation-extension"
    for folder in (app, language, state / "workspaces"):
        folder.mkdir(parents=True, exist_ok=True)
    for name in ("overrides.json", "page_config.json"):
        shutil.copyfile(HERE / name, app / name)
    workspace, own = state / "workspaces" / WORKSPACE, language / "plugin.jupyterlab-settings"
    if not workspace.exists():
        shutil.copyfile(HERE / "workspace.json", workspace)
    if not own.exists():
        own.write_text(json.dumps({"locale": "sv_SE"}) + "\n", encoding="utf-8")


def settings(desk: Desk, start: str, port: int) -> "Config":
    """JupyterLab's settings: this machine only, nothing asked of the network, nothing written outside the desk."""
    from traitlets.config import Config

    state = desk.state
    found = Config(desk_config(FOLDER))
    own = {
        "ServerApp": {
            "ip": "127.0.0.1",
            "port": port,
            "open_browser": False,
            "root_dir": str(desk.workspace),
            "contents_manager_class": "planbok.commands.desk.contents.DeskContents",
            "allow_root": True,
        },
        "IdentityProvider": {"token": secrets.token_hex(24)},
        "FileCheckpoints": {"checkpoint_dir": str(state / "checkpoints")},
        "LabApp": {
            "default_url": f"/lab/tree/{FOLDER}/{quote(start)}.ipynb",
            "app_settings_dir": str(state / "app"),
            "user_settings_dir": str(state / "settings"),
            "workspaces_dir": str(state / "workspaces"),
            "extra_labextensions_path": [str(EXTENSIONS)],
        },
    }
    found.merge(Config(own))
    return found


def serve(line: Connection, desk: Desk, start: str, port: int) -> None:
    """Serves JupyterLab until told to end; says its address and token on the line once it listens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this ends it
    settle(desk)
    _log_to(desk.state / "logg.txt")
    lay_settings(desk.state)
    from jupyterlab.labapp import LabApp

    from planbok.commands.desk import contents

    contents.ASKER[:] = [contents.Asker(line)]
    LabApp.load_other_extensions = False
    app = LabApp.initialize_server(argv=[], config=settings(desk, start, port))
    line.send(("ready", app.connection_url, app.identity_provider.token))
    app.start()


def _log_to(path: Path) -> None:
    """What the server says goes to a file: the terminal is for people."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for number in (1, 2):
        os.dup2(file, number)


def opener(desk: Desk, url: str, token: str, start: str) -> Path:
    """The page that opens the desk."""
    return page_to(desk.folder / OPENER, f"{url}lab/tree/{FOLDER}/{quote(start)}.ipynb?token={token}")


def page_to(path: Path, address: str) -> Path:
    """A page that only its owner can read, which sends the browser on to an address."""
    text = f'<meta charset="utf-8"><meta http-equiv="refresh" content="0; url={html.escape(address)}">'
    with written_whole(path) as beside:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT, 0o600))
        beside.write_text(f'<!doctype html><html lang="sv">{text}<title>planbok</title></html>\n', encoding="utf-8")
    return path


def running(desk: Desk) -> tuple[str, str] | None:
    """Address and token of a server that this desk has already."""
    for file in sorted((desk.state / "runtime").glob("jpserver-*.json")):
        with suppress(OSError, ValueError, KeyError):
            said = json.loads(file.read_text(encoding="utf-8"))
            if _answers(said["url"], said["token"]):
                return said["url"], said["token"]
    return None


def _answers(url: str, token: str) -> bool:
    from urllib.request import Request, urlopen

    asked = Request(f"{url}api/status", headers={"Authorization": f"token {token}"})
    try:
        with urlopen(asked, timeout=2) as found:
            return found.status == 200
    except OSError:
        return False
