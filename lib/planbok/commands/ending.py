"""What hears that a command is to end. Light to import: it listens before the rest of planbok is loaded."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AGAIN = 0.05  # seconds


class Told(KeyboardInterrupt):
    """Told to end. Not KeyboardInterrupt itself: Python ends by SIGINT, not with a code, if that comes in an exec."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Lets a command that is told to end, or whose terminal is closed, clean up as one that is interrupted does.

    Told where Python lets nothing end it (as it looks for what can be thrown away), it is told again a moment later.
    """

    def stop(*_) -> None:
        raise Told

    def told_in_vain(lost: "sys.UnraisableHookArgs") -> None:
        if issubclass(lost.exc_type, Told) and "SIGALRM" in found:
            signal.setitimer(signal.ITIMER_REAL, AGAIN)
        else:
            hook(lost)

    found = {name: getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGALRM") if hasattr(signal, name)}
    if threading.current_thread() is not threading.main_thread():  # only that one can be told
        found = {}
    heard = [number for number in found.values() if signal.getsignal(number) != signal.SIG_IGN]  # not under nohup
    before = {number: signal.signal(number, stop) for number in heard}
    hook, sys.unraisablehook = sys.unraisablehook, told_in_vain
    try:
        yield
    finally:
        sys.unraisablehook = hook
        if "SIGALRM" in found:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
