"""Files written whole or not at all, and what is written aside until it is whole."""

import json
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A place to write a file in: it takes the file's own in one step, or is gone if it never got whole.

    What is no file (a device, a pipe) is written to as it is: a rename would put a file in its place.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        yield path
        return
    beside = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        yield beside
        on_disk(beside)
        try:
            os.replace(beside, path)
        except FileExistsError:  # a share that renames over nothing: for a moment there is no file
            path.unlink()
            os.rename(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def json_object(path: Path) -> dict[str, Any]:
    """What a JSON file says; {} where it is not there, can't be read or holds something else than an object."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def on_disk(path: Path) -> None:
    """Waits until a file, or a folder with all that is in it, is on the disk.

    A power cut after a rename would else leave the name with nothing in it.
    """
    for one in (*path.rglob("*"), path) if path.is_dir() else (path,):
        with suppress(OSError):  # a share may not know the call
            number = os.open(one, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)


@contextmanager
def aside(folder: Path, prefix: str = ".") -> Iterator[Path]:
    """A hidden folder beside what is to be written, its owner's only, gone at the end; a killed process's at the next.

    Its name says which process of which machine made it: none that lives is touched.
    """
    mine = f"{prefix}bredvid-{_machine()}-"
    for left in folder.glob(f"{mine}*"):
        number = left.name.removeprefix(mine).partition("-")[0]
        if number.isdecimal() and not lives(int(number)) and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(dir=folder, prefix=f"{mine}{os.getpid()}-") as made:
        yield Path(made)


def _machine() -> str:
    return sha256(platform.node().encode()).hexdigest()[:8]


def lives(number: int) -> bool:
    """Whether a process of this machine lives; where that can't be asked, as if it did."""
    try:
        os.kill(number, 0) if os.name == "posix" else None
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def umask() -> int:
    """What this process takes away from the rights of the files that it makes."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
