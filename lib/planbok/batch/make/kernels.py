"""The kernels that reports run in when they don't run in the runner's own processes."""

import os
import shutil
import sys
import tempfile
import weakref
from subprocess import DEVNULL
from typing import Any

from jupyter_client import AsyncKernelManager, KernelManager
from traitlets import default


class OwnSockets(KernelManager):
    """Talks to its kernel over sockets in a private folder: no ports to race for, nothing that others can listen to.

    The folder is this manager's own. Left to itself jupyter_client names the sockets after nothing but the current
    folder, and two kernels there take each other's messages.

    The kernel dies with the process that started it.
    """

    own_start = "from planbok.batch.make import kernels; kernels.launch()"

    @default("transport")
    def _transport(self) -> str:
        return "ipc" if os.name == "posix" else "tcp"

    @default("ip")
    def _ip(self) -> str:
        if self.transport != "ipc":
            return super()._ip_default()
        own = tempfile.mkdtemp(prefix="planbok-")
        self._remove_own = weakref.finalize(self, shutil.rmtree, own, ignore_errors=True)
        return os.path.join(own, "k")

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        """A kernel that is started anew, because it died or was asked to, has its sockets in the same folder."""
        await super()._async_cleanup_resources(restart=restart)
        if not restart and hasattr(self, "_remove_own"):
            self._remove_own()

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        command = super().format_kernel_cmd(extra_arguments)
        where = command.index("ipykernel_launcher") if "ipykernel_launcher" in command else 0
        return [sys.executable, "-c", self.own_start, *command[where + 1 :]] if where else command


class LocalKernelManager(OwnSockets, AsyncKernelManager):
    """A report's kernel. What its process prints is dropped: what a cell prints comes with its messages."""

    async def _async_start_kernel(self, **kw: Any) -> None:
        await super()._async_start_kernel(**{"stdout": DEVNULL, "stderr": DEVNULL, **kw})

    start_kernel = _async_start_kernel


def launch(*lines: str) -> None:
    """A kernel's own process: ends when its parent does; runs the lines first of all, as a cell does."""
    from planbok.batch.make import warm

    if os.name == "posix":  # elsewhere ipykernel sees to it
        warm.die_with_parent(int(os.environ["JPY_PARENT_PID"]))
    from ipykernel.kernelapp import IPKernelApp

    sys.path[0] = ""
    IPKernelApp.launch_instance(exec_lines=list(lines))
