"""The notebooks that are validated in a process share a kernel, in which nothing is left of what the last one named."""

from contextlib import suppress
from queue import Empty

import nbval.plugin
import pytest
from nbval.kernel import RunningKernel

FORGET = "%reset -s -f"
SECONDS = 20


class Lent(RunningKernel):
    """A kernel that is not ended by the notebook that has it: it is given back."""

    lent = True

    def is_alive(self) -> bool:
        return self.lent and super().is_alive()

    def stop(self) -> None:
        self.lent = False

    def taken(self) -> bool:
        """Whether it is there for another notebook, with no name left of the last."""
        self.lent = True
        with suppress(Empty, RuntimeError):
            if self.is_alive():
                asked = self.execute_cell_input(FORGET)
                self.await_reply(asked, timeout=SECONDS)
                self.await_idle(asked, SECONDS)
                return True
        return False


class Lender:
    """The kernels of this process, by name and folder."""

    def __init__(self) -> None:
        self._kernels: dict[tuple, Lent] = {}

    def lend(self, *name: str, cwd: str, **more: float) -> Lent:
        kernel = self._kernels.get((*name, cwd))
        if kernel is None or not kernel.taken():
            if kernel is not None:
                RunningKernel.stop(kernel)
            kernel = self._kernels[*name, cwd] = Lent(*name, cwd=cwd, **more)
        return kernel

    @pytest.hookimpl
    def pytest_unconfigure(self) -> None:
        for kernel in self._kernels.values():
            RunningKernel.stop(kernel)


def share(config: pytest.Config) -> None:
    """To be called as pytest starts."""
    lender = Lender()
    nbval.plugin.RunningKernel = lender.lend
    config.pluginmanager.register(lender, "shared_kernel")
