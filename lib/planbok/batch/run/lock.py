"""One runner per output folder: a lock that says who holds it, and that a dead holder does not keep."""

import errno
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from planbok.base.errors import Fault, InputError, of_command, refused
from planbok.base.files import json_object, lives
from planbok.report.text import local_time

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_FILE = ".planbok.lock"
RECENT = 60  # seconds within which a holder on another machine has shown itself
NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, getattr(errno, "EOPNOTSUPP", 0), getattr(errno, "ENOTSUP", 0))
BEAT = 10  # seconds between its signs of life


class Lock:
    """A held lock. The system lets go of it when its holder ends, whatever number its process had."""

    def __init__(self, path: Path, number: int):
        self._path, self._shown = path, time.monotonic()
        self._number: int | None = number

    def show_life(self) -> None:
        """Tells machines that the system's lock does not reach that the holder is alive."""
        if time.monotonic() - self._shown > BEAT:
            self._shown = time.monotonic()
            with suppress(OSError):
                os.utime(self._path)

    def release(self) -> None:
        """Lets go of the folder and removes the file."""
        if self._number is not None:
            with suppress(OSError):
                self._path.unlink()
            self.forget()

    def forget(self) -> None:
        """Closes the file: all that a forked process may do with it."""
        if self._number is not None:
            with suppress(OSError):
                os.close(self._number)
            self._number = None


@contextmanager
def held(out: Path) -> Iterator[Lock]:
    """Holds the output folder.

    Raises
    ------
    InputError
        If another runner holds it, saying which.
    """
    out.mkdir(parents=True, exist_ok=True)
    lock = _take(out / LOCK_FILE)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lock.forget)
    try:
        yield lock
    finally:
        lock.release()


def _take(path: Path) -> Lock:
    while True:
        number = _opened(path)
        try:
            if not _lock(number, path) or _lives_elsewhere(path):
                raise InputError([_taken(path)])
            if _is_same(number, path):  # else its holder removed it between our opening and our locking
                _sign(number)
                return Lock(path, number)
        except BaseException:
            os.close(number)
            raise
        os.close(number)


def _opened(path: Path) -> int:
    """The lock's file, which is a file of the folder's own: what a link leads to is never written to."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    except OSError:
        if not path.is_symlink():
            raise
        text = f"{path.name} är en länk. Ta bort den och kör igen."
        raise refused("--out", text, "locked") from None


def _lock(number: int, path: Path) -> bool:
    """Whether the system's lock is ours; where the folder has none, whether nobody else has signed and lives."""
    try:
        if sys.platform != "win32":
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            os.lseek(number, 2**20, os.SEEK_SET)  # a place beyond the text, which others may then read
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
    except OSError as error:
        return error.errno in NO_LOCKS and not _lives_here(path)
    return True


def _is_same(number: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(number), os.stat(path))
    except OSError:
        return False


def _sign(number: int) -> None:
    holder = {
        "process": os.getpid(),
        "dator": socket.gethostname(),
        "sedan": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    os.ftruncate(number, 0)
    os.lseek(number, 0, os.SEEK_SET)
    os.write(number, json.dumps(holder).encode("ascii"))


def _lives_here(path: Path) -> bool:
    """Whether the file was signed by another process of this machine that still runs."""
    holder, own = json_object(path), os.getpid()
    number = holder.get("process")
    if holder.get("dator") != socket.gethostname() or not isinstance(number, int) or number in (0, own):
        return False
    return lives(number)


def _lives_elsewhere(path: Path) -> bool:
    """Whether the file was signed on another machine whose signs of life are fresh, by the file system's own clock."""
    if json_object(path).get("dator") in (None, socket.gethostname()):
        return False
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        aside.touch()
        return aside.stat().st_mtime - path.stat().st_mtime < RECENT
    except OSError:
        return True
    finally:
        aside.unlink(missing_ok=True)


def _taken(path: Path) -> Fault:
    holder = json_object(path)
    who = f"process {holder.get('process', '?')} på {holder.get('dator', 'okänd dator')}"
    with suppress(KeyError, TypeError, ValueError):
        who += f", sedan {local_time(datetime.fromisoformat(holder['sedan']))}"
    text = f"mappen används av en annan körning ({who}). Vänta tills den är klar, eller välj en annan mapp."
    return of_command("--out", text, "locked")
