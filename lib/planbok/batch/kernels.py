"""The kernels that reports run in."""

import os
from subprocess import DEVNULL
from typing import Any

from jupyter_client import AsyncKernelManager
from traitlets import default


class LocalKernelManager(AsyncKernelManager):
    """Talks to its kernel over sockets in a private folder: no ports to race for, nothing that others can listen to.

    What the kernel's own process prints is dropped: what a cell prints comes with its messages.
    """

    @default("transport")
    def _transport(self) -> str:
        return "ipc" if os.name == "posix" else "tcp"

    async def _async_start_kernel(self, **kw: Any) -> None:
        await super()._async_start_kernel(**{"stdout": DEVNULL, "stderr": DEVNULL, **kw})

    start_kernel = _async_start_kernel
