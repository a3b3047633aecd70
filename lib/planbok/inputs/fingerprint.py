"""Keyed hashes of files: equal for equal files, and useless for guessing a file's content without the key.

A plain hash of a small table about persons could be matched against every content that it may have.
"""

import hmac
import os
import secrets
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

ENV_KEY = "PLANBOK_NYCKEL_FIL"  # the key for pseudonyms; this one lies beside it
KEY_FILE, KEY_BYTES, OWNER_ONLY = "avtryck", 32, 0o600


def key_folder() -> Path:
    """Where a program's settings lie on the platform, or where the environment says that the keys are."""
    given = os.environ.get(ENV_KEY)
    if given:
        return Path(given).expanduser().absolute().parent
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return Path(base, "planbok")


@cache
def _secret(folder: Path) -> bytes:
    """The key in a folder, made the first time; one of the process's own where none can be kept there.

    Then no report is the same as an earlier one, and each is made again.
    """
    path = folder / KEY_FILE
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = path.with_name(f".{path.name}.{os.getpid()}")
        if not path.exists():
            with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
            with suppress(FileExistsError):
                os.link(made, path)
            made.unlink()
        found = path.read_bytes()
        if len(found) == KEY_BYTES:
            return found
    return secrets.token_bytes(KEY_BYTES)


def keyed(raw: bytes) -> str:
    """The keyed hash of some bytes: 64 hexadecimal digits, the same on this account each time.

    >>> keyed(b"a") == keyed(b"a"), keyed(b"a") == sha256(b"a").hexdigest()
    (True, False)
    """
    return hmac.digest(_secret(key_folder()), raw, "sha256").hex()


def plain(raw: bytes) -> str:
    """The SHA-256 of some bytes, by which anybody can tell that a file is the one that was read.

    >>> plain(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return sha256(raw).hexdigest()
