"""JupyterLab's files: a copy is made when it is opened, and what planbok ships with is never written to."""

import asyncio
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import nbformat
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from nbformat import from_dict
from tornado.web import HTTPError

from planbok.base.workspace import NOTEBOOKS
from planbok.batch.make.execute import LAB_ONLY
from planbok.commands.common import what_hindered
from planbok.commands.desk.layout import MARK, placeholder
from planbok.commands.desk.place import FOLDER

NOT_THE_SHIPPED = "Anteckningsboken hör till planbok och ändras inte här. Arbeta i kopian i mappen lab."


class Asker:
    """Asks the process that makes the copies, and waits for its answers without standing in anyone's way."""

    def __init__(self, line: Connection):
        self._line, self._lock = line, threading.Lock()
        self._open: dict[str, list[asyncio.Future]] = {}  # by the copy that is waited for
        self._loop: asyncio.AbstractEventLoop | None = None

    async def make(self, name: str) -> tuple[str, bool]:
        """Waits until a copy is there; "" or why it isn't, and whether it was made just now."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            threading.Thread(target=self._listen, daemon=True).start()
        future = self._loop.create_future()
        self._open.setdefault(name, []).append(future)
        with self._lock:
            self._line.send(("make", name))
        return await future

    def _listen(self) -> None:
        assert self._loop is not None  # who starts this has set it
        while True:
            try:
                name, *said = self._line.recv()
            except (EOFError, OSError):
                return
            self._loop.call_soon_threadsafe(self._tell, name, tuple(said))

    def _tell(self, name: str, said: tuple[str, bool]) -> None:
        for future in self._open.pop(name, []):
            if not future.done():
                future.set_result(said)


ASKER: list[Asker] = []  # the process's one, set when the server starts


def without_widgets(content: Any) -> None:
    """What a kernel has to be there for is not kept in a copy: a placeholder stands for it, as when it was made."""
    if not isinstance(content, dict) or not content.get("metadata", {}).get(MARK, {}).get("desk"):
        return
    for cell in content["cells"]:
        if MARK in cell["metadata"] and LAB_ONLY in cell["metadata"].get("tags", []):
            cell["outputs"] = [placeholder(from_dict(cell))]


class DeskContents(AsyncLargeFileManager):
    """Files below the workspace, with the desk's copies made on the way."""

    async def get(self, path: str, content: bool = True, *rest: Any, **options: Any) -> dict[str, Any]:
        folder, _, name = path.strip("/").rpartition("/")
        asked = folder == FOLDER and name.endswith(".ipynb") and ASKER
        if asked and (content or not await super().file_exists(path)):
            said, is_new = await ASKER[0].make(name.removesuffix(".ipynb"))
            if is_new:
                self._sign(path)
            if said and not await self.file_exists(path):
                raise HTTPError(500, said)
        return await super().get(path, content, *rest, **options)

    def _sign(self, path: str) -> None:
        """What planbok has made itself is trusted: its tables are drawn as they are."""
        try:
            self.notary.sign(nbformat.read(self._get_os_path(path), as_version=4))
        except Exception:  # not there, or not a notebook: opening it says so
            return

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        if Path(self._get_os_path(path)).resolve().is_relative_to(NOTEBOOKS):
            raise HTTPError(403, NOT_THE_SHIPPED)
        without_widgets(model.get("content"))
        try:
            return await super().save(model, path)
        except HTTPError as error:
            if isinstance(error.__cause__, OSError):
                raise HTTPError(500, f"Inget är sparat. {what_hindered(error.__cause__)}") from None
            raise
