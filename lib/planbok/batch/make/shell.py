"""A notebook's cells run in this process, with the outputs that a kernel would have sent.

Meant for a process that makes one report and then ends: nothing of a notebook outlives it.
"""

import io
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ipykernel.jsonutil import encode_images
from IPython.core.application import ProfileDir
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.session import json_packer, json_unpacker
from nbformat import NotebookNode, from_dict
from traitlets.config import Config


class CellOutputs:
    """The outputs of the cell that runs, and where earlier ones with a display id are."""

    def __init__(self) -> None:
        self.current: list[NotebookNode] = []
        self._by_id: dict[str, list[NotebookNode]] = {}
        self._clear_first = False

    def start(self, outputs: list[NotebookNode]) -> None:
        self.current, self._clear_first = outputs, False

    def add(self, kind: str, **content: Any) -> None:
        """A new output; text goes on where the last output is of the same stream."""
        if self._clear_first:
            self.clear()
        last = self.current[-1] if self.current else None
        if kind == "stream" and last is not None and last.get("name") == content["name"]:
            last["text"] += content["text"]
        else:
            self.current.append(from_dict({"output_type": kind, **content}))  # held against the schema when saved

    def show(self, kind: str, data: dict, metadata: dict | None, display_id: str | None = None, **more: Any) -> None:
        """An output with mime types, as JSON has them."""
        self.add(kind, data=_as_json(encode_images(data)), metadata=_as_json(metadata or {}), **more)
        if display_id:
            self._by_id.setdefault(display_id, []).append(self.current[-1])

    def update(self, data: dict, metadata: dict | None, display_id: str | None) -> None:
        """New content for every output with the display id."""
        for output in self._by_id.get(display_id or "", ()):
            output["data"] = NotebookNode(_as_json(encode_images(data)))
            output["metadata"] = NotebookNode(_as_json(metadata or {}))

    def clear(self, wait: bool = False) -> None:
        self._clear_first = wait
        if not wait:
            self.current[:] = []


def _as_json(value: dict) -> dict:
    return json_unpacker(json_packer(value))


class _Stream(io.TextIOBase):
    """What a cell prints, added to its outputs."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: CellOutputs):
        self.name, self._outputs = name, outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text:
            self._outputs.add("stream", name=self.name, text=text)
        return len(text)


class _Hook(DisplayHook):
    """The value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        assert self.shell is not None  # the shell that made this hook
        self.shell.outputs.show("execute_result", format_dict, md_dict, execution_count=self.prompt_count)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Publisher(DisplayPublisher):
    """What a cell displays."""

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **more) -> None:
        display_id = (transient or {}).get("display_id")
        if update:
            self.shell.outputs.update(data, metadata, display_id)
        else:
            self.shell.outputs.show("display_data", data, metadata, display_id)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait)


class ZmqLessShell(InteractiveShell):
    """A kernel's shell without its sockets. pandas lays tables out as in a notebook where the name says zmq."""

    def __init__(self, **options: Any):
        self.outputs = CellOutputs()
        config = Config()
        config.HistoryManager.enabled = False  # its thread would not follow into a forked process
        super().__init__(config=config, displayhook_class=_Hook, display_pub_class=_Publisher, **options)

    def init_profile_dir(self, profile_dir: Any) -> None:
        """No folder of a person's own is made or read."""
        self.profile_dir = ProfileDir()

    def init_sys_modules(self) -> None:
        """The notebook's module becomes the main one only where it runs, not in the process that others start from."""

    def enable_gui(self, gui: str | None = None) -> None:
        pass

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.outputs.add("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)

    def run(self, cell: NotebookNode) -> bool:
        """Runs a code cell and fills in its outputs; whether it went well."""
        sys.modules["__main__"] = self.user_module
        self.outputs.start(cell.outputs)
        cell.execution_count = self.execution_count
        with self._streams():
            return bool(self.run_cell(cell.source, store_history=True).success)

    @contextmanager
    def _streams(self) -> Iterator[None]:
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = (_Stream(name, self.outputs) for name in ("stdout", "stderr"))
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before


def language_info() -> dict[str, Any]:
    """What a kernel says of its language, for the notebook's metadata."""
    major = sys.version_info[0]
    return {
        "name": "python",
        "version": platform.python_version(),
        "mimetype": "text/x-python",
        "codemirror_mode": {"name": "ipython", "version": major},
        "pygments_lexer": f"ipython{major}",
        "nbconvert_exporter": "python",
        "file_extension": ".py",
    }


def shell() -> ZmqLessShell:
    """The process's one shell, made once: before forking, so that each report finds it ready."""
    return ZmqLessShell.instance()
