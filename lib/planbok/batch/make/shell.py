"""A notebook's cells run in this process, with the outputs that a kernel would have sent.

Meant for a process that ends with its report: nothing of a notebook outlives it. Notebooks that do nothing but call
planbok may be run after each other, each with no names but its own.
"""

import builtins
import getpass
import io
import os
import platform
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, Any, NoReturn

from ipykernel import zmqshell
from ipykernel.compiler import XCachingCompiler
from ipykernel.displayhook import ZMQShellDisplayHook
from ipykernel.jsonutil import encode_images
from IPython.core.application import ProfileDir
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import json_packer, json_unpacker
from nbformat import NotebookNode, from_dict
from traitlets.config import Config

STREAMS = {"stdout": 1, "stderr": 2}  # and the files that they are to the system
NOT_ASKED = "{} was called, but this frontend does not support input requests."


class CellOutputs:
    """The outputs of the cell that runs, and where earlier ones with a display id are."""

    def __init__(self) -> None:
        self.current: list[NotebookNode] = []
        self.beneath: Callable[[], Iterable[tuple[str, str]]] = tuple  # what has been written past Python since last
        self._by_id: dict[str, list[NotebookNode]] = {}
        self._clear_first = False

    def start(self, outputs: list[NotebookNode]) -> None:
        self.current, self._clear_first = outputs, False

    def tell(self) -> None:
        """Adds what has been written past Python."""
        for name, text in self.beneath():
            self.add("stream", name=name, text=text)

    def add(self, kind: str, **content: Any) -> None:
        """A new output; text goes on where the last output is of the same stream."""
        if kind != "stream":
            self.tell()
        if self._clear_first:
            self.clear()
        last = self.current[-1] if self.current else None
        if kind == "stream" and last is not None and last.get("name") == content["name"]:
            last["text"] += content["text"]
        else:
            self.current.append(from_dict({"output_type": kind, **content}))  # held against the schema when saved

    def show(self, kind: str, data: dict, metadata: dict | None, display_id: str | None = None, **more: Any) -> None:
        """An output with mime types, as JSON has them; earlier ones with its display id show the same."""
        self.update(data, metadata, display_id)
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
    """What a cell prints, added to its outputs; what a process that it forks prints, to the file beneath."""

    encoding = "UTF-8"

    def __init__(self, name: str, outputs: CellOutputs, beneath: int):
        self.name, self._outputs, self._beneath = name, outputs, beneath
        self._process = os.getpid()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        """The file that was there before: what is written to it is lost, as it is in a kernel that nobody watches."""
        return self._beneath

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._process:
            os.write(STREAMS[self.name], text.encode())
        elif text:
            self._outputs.add("stream", name=self.name, text=text)
        return len(text)


class _Hook(ZMQShellDisplayHook):
    """The value of a cell's last expression."""

    showing = False

    def start_displayhook(self) -> None:
        self.showing = True

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        assert self.shell is not None  # the shell that made this hook
        self.shell.outputs.show("execute_result", format_dict, md_dict, execution_count=self.prompt_count)

    def finish_displayhook(self) -> None:
        self.showing = False

    def flush(self) -> None:
        """Lets go of the values shown, without collecting what else could be: all names go with them."""
        self._ = self.__ = self.___ = ""


class _Publisher(zmqshell.ZMQDisplayPublisher):
    """What a cell displays."""

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **more) -> None:
        self._validate_data(data, metadata)
        display_id = (transient or {}).get("display_id")
        if update:
            self.shell.outputs.update(data, metadata, display_id)
        else:
            self.shell.outputs.show("display_data", data, metadata, display_id)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait)


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """A kernel's shell without its sockets, under the same name: libraries decide by it whether they are in a notebook.

    Its outputs are kept, not sent.
    """

    def __init__(self, **options: Any):
        self.outputs = CellOutputs()
        config = Config()
        config.HistoryManager.enabled = False  # its thread would not follow into a forked process
        hows = {"displayhook_class": _Hook, "display_pub_class": _Publisher, "compiler_class": XCachingCompiler}
        super().__init__(config=config, **hows, **options)

    def init_profile_dir(self, profile_dir: Any) -> None:
        """No folder of a person's own is made or read."""
        self.profile_dir = ProfileDir()

    def init_sys_modules(self) -> None:
        """The notebook's module becomes the main one only where it runs, not in the process that others start from."""

    def init_environment(self) -> None:
        """Set where the notebook runs too."""

    def enable_gui(self, gui: str | None = None) -> None:
        pass

    def should_run_async(self, raw_cell: str, *, transformed_cell: str | None = None, **more: Any) -> bool:
        """Whether a cell waits for something: only one that says so is compiled to find out."""
        said = any(word in (transformed_cell or "") for word in ("await", "async"))
        return said and super().should_run_async(raw_cell, transformed_cell=transformed_cell, **more)

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.outputs.add("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)
        self._last_traceback = stb
        self._last_traceback_during_displayhook |= self.displayhook.showing

    @contextmanager
    def in_notebook(self) -> Iterator[None]:
        """What is as in a new kernel while a notebook's cells run: no names, the environment, and nobody to ask."""
        if self.execution_count > 1:
            self.reset()
            self.outputs = CellOutputs()
        before = dict(os.environ), [*sys.path], sys.modules["__main__"], builtins.input, getpass.getpass
        super().init_environment()
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        sys.path[:0] = [] if "" in sys.path else [""]
        sys.modules["__main__"] = self.user_module
        builtins.input, getpass.getpass = _not_asked("raw_input"), _not_asked("getpass")
        try:
            with warnings.catch_warnings(), _Beneath() as self._beneath:  # each is given again
                self.outputs.beneath = self._beneath.written
                yield
        finally:
            self.outputs.beneath = tuple
            environment, sys.path[:], sys.modules["__main__"], builtins.input, getpass.getpass = before
            for name in os.environ.keys() - environment.keys():
                del os.environ[name]
            os.environ.update(environment)

    def run(self, cell: NotebookNode) -> bool:
        """Runs a code cell and fills in its outputs; whether it went well."""
        self.outputs.start(cell.outputs)
        cell.execution_count = self.execution_count
        with self._streams():
            well = bool(self.run_cell(cell.source, store_history=True).success)
        return well and not self._last_traceback_during_displayhook

    @contextmanager
    def _streams(self) -> Iterator[None]:
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = (_Stream(name, self.outputs, self._beneath.own[name]) for name in STREAMS)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before
            self.outputs.tell()


def _not_asked(name: str) -> Any:
    def ask(*_: Any, **__: Any) -> NoReturn:
        raise StdinNotImplementedError(NOT_ASKED.format(name))

    return ask


class _Beneath:
    """What is written past Python, by a library in C or a process of the notebook's own: told after each cell."""

    def __enter__(self) -> "_Beneath":
        self._stack, self._read = ExitStack(), dict.fromkeys(STREAMS, 0)
        self.own, self._files = dict[str, int](), dict[str, IO[bytes]]()
        for name, number in STREAMS.items():
            self.own[name] = os.dup(number)
            self._files[name] = self._stack.enter_context(tempfile.TemporaryFile(buffering=0))
            os.dup2(self._files[name].fileno(), number)
        return self

    def written(self) -> Iterator[tuple[str, str]]:
        """Each stream's new text."""
        for stream in (sys.__stdout__, sys.__stderr__):
            with suppress(OSError, ValueError):
                if stream is not None:
                    stream.flush()
        for name, file in self._files.items():
            new = os.pread(file.fileno(), os.fstat(file.fileno()).st_size - self._read[name], self._read[name])
            self._read[name] += len(new)
            if new:
                yield name, new.decode(errors="replace")

    def __exit__(self, *_: object) -> None:
        for name, number in STREAMS.items():
            os.dup2(self.own[name], number)
            os.close(self.own[name])
        self._stack.close()


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


def shell() -> ZMQInteractiveShell:
    """The process's one shell, made once: before forking, so that each report finds it ready."""
    return ZMQInteractiveShell.instance()
