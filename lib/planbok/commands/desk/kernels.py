"""The kernels behind the notebooks: over sockets that are nobody else's, and one always kept ready.

A kernel has done before it answers all that each notebook of planbok imports and does first.
"""

import asyncio
import gc
from contextlib import suppress
from typing import Any
from uuid import uuid4

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from jupyter_server.utils import ApiPath, ensure_async
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from traitlets import Float, Unicode

from planbok.batch.make.kernels import OwnSockets, launch

LINE = f'__import__("{__name__}", fromlist=["load"]).load()'


class DeskKernel(OwnSockets, ServerKernelManager):
    """A kernel that has done before it answers what every notebook would do first."""

    # interrupted while it loads, it ends without a word
    own_start = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); "
        "from planbok.commands.desk import kernels; kernels.start()"
    )


def start() -> None:
    """A kernel's own process."""
    launch(LINE)


class DeskKernels(AsyncMappingKernelManager):
    """The kernels of a server, and one more, which nobody sees until a notebook of `warm_path` is opened and has it.

    The next is started `rest` seconds later, so that it does not take turns with the first answer. A kernel that is
    asked for in another folder, or by another name, is started as always.
    """

    warm_path = Unicode("", config=True, help="The folder of the notebooks, from the server's own.")
    rest = Float(5.0, config=True, help="Seconds from when a warm kernel is taken until the next is started.")

    def __init__(self, **options: Any):
        super().__init__(**options)
        self._warm: asyncio.Task[str] | None = None
        self._unseen = ""  # the warm kernel's id, from before it is started
        IOLoop.current().add_callback(self._keep_warm)

    def _kernel_manager_class_default(self) -> str:
        return f"{__name__}.DeskKernel"

    async def _keep_warm(self) -> None:
        if self._warm is None:
            self._unseen = str(uuid4())
            start = super()._async_start_kernel(kernel_id=self._unseen, path=ApiPath(self.warm_path))
            self._warm = asyncio.ensure_future(start)

    async def _async_start_kernel(
        self, *, kernel_id: str | None = None, path: ApiPath | None = None, **options: Any
    ) -> str:
        wanted = options.get("kernel_name") in (None, self.default_kernel_name)
        here = path is not None and self.cwd_for_path(path) == self.cwd_for_path(self.warm_path)
        if kernel_id is None and wanted and here and (warm := await self._take()):
            return warm
        return await super()._async_start_kernel(kernel_id=kernel_id, path=path, **options)

    start_kernel = _async_start_kernel

    async def _take(self) -> str | None:
        """The warm kernel, which is nobody's from now on but who asked; None where there is none that lives."""
        task, self._warm = self._warm, None
        IOLoop.current().call_later(self.rest, self._keep_warm)
        if task is None:
            return None
        with suppress(Exception):  # it could not be started: the one that is now started anew says why
            kernel_id = await task
            self._unseen = "" if self._unseen == kernel_id else self._unseen
            if kernel_id in self and await ensure_async(self.get_kernel(kernel_id).is_alive()):
                return kernel_id
        return None

    def kernel_model(self, kernel_id: str) -> dict[str, Any]:
        """What is told of a kernel; a list leaves out one that it finds isn't there."""
        if kernel_id == self._unseen:
            raise HTTPError(404, f"Kernel does not exist: {kernel_id}")
        return super().kernel_model(kernel_id)


def load() -> None:
    """To be called in the kernel and not before it starts: pandas and plotly look at where they are imported."""
    from planbok.explore import desk  # noqa: F401
    from planbok.report import show  # noqa: F401
    from planbok.topics import answer  # noqa: F401

    _read_rules()
    _rehearse()
    _settle()


def _read_rules() -> None:
    """The rules, which are kept for as long as their files are the same; whoever asks hears what is wrong."""
    from planbok.base.errors import PlanbokError
    from planbok.base.workspace import Folders
    from planbok.inputs.rules.rules import load_rules

    with suppress(PlanbokError):
        load_rules(Folders.in_use())


def _rehearse() -> None:
    """Draws a figure that nobody sees: plotly loads what it needs with the first."""
    import plotly.graph_objects as go

    from planbok.explore.figures import picture

    figure = go.Figure(go.Bar(x=[1], y=[1]))
    figure.to_json()
    picture(figure)


def _settle() -> None:
    """No menu of pages in English elsewhere; what is loaded is left out of the garbage collector's rounds."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None and hasattr(shell, "kernel"):
        shell.kernel.help_links = []
    gc.collect()
    gc.freeze()
