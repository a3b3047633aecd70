"""What hears that a command is to end. Light to import: it listens before the rest of planbok is loaded."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Told(KeyboardInterrupt):
    """Told to end. Not KeyboardInterrupt itself: Python ends by SIGINT, not with a code, if that comes in an exec."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Lets a command that is told to end, or whose terminal is closed, clean up as one that is interrupted does."""

    def stop(*_) -> None:
        raise Told

    found = {name: getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)}
    if threading.current_thread() is not threading.main_thread():  # only that one can be told
        found = {}
    heard = [number for number in found.values() if signal.getsignal(number) != signal.SIG_IGN]  # not under nohup
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
