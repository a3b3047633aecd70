"""Keyed codes in place of persons and of ids that lead to a file: stable with one key, unguessable without it.

HMAC-SHA-256 under a key of its own for each domain, so that the same person in two domains has two pseudonyms. A plain
hash would not do: all personal numbers can be tried.
"""

import hmac
import os
import re
import secrets
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path

from planbok.base.errors import Fault, InputError
from planbok.base.files import written_whole
from planbok.base.privacy import find_personal_number, plain_text
from planbok.base.workspace import Folders, default_out, workspace
from planbok.inputs.fingerprint import ENV_KEY, KEY_BYTES, OWNER_ONLY, key_folder

LETTERS, DIGITS = "bcdfghjkmnpqrstvwxyz", "0123456789"
PAIRS = 8  # a letter and a digit each: 61 bits, and never two digits together
USERS, STAFF, OFFICERS = "brukare", "medarbetare", "handlaggare"
DOMAINS = {
    "person": USERS,
    "handlaggare": OFFICERS,
    **{name: name for name in ("beslut", "arende", "faktura")},
}
STAFF_TABLES = ("sjukfall",)
PERSONS = (USERS, STAFF, OFFICERS)
_NUMBER = re.compile(r"(?:18|19|20)?([0-9]{6})[-+ ]?([0-9]{4})")
TEN, _FEW_DIGITS = 10, re.compile("[0-9]{7,9}")
_NUMBER_AND_NAME = re.compile(rf"{_NUMBER.pattern}[^0-9]*")


def domain_of(table: str, column: str) -> str:
    """The domain in which a column's values are keyed; "" where they are not.

    >>> domain_of("beslut", "person"), domain_of("sjukfall", "person"), domain_of("beslut", "insats")
    ('brukare', 'medarbetare', '')
    """
    return STAFF if column == "person" and table in STAFF_TABLES else DOMAINS.get(column, "")


def same_person(text: str, about_person: bool = False) -> str:
    """The one spelling of a personal number or another id: ten digits, or the text without blanks and case.

    About a person a name may follow the number, and says nothing more. A number of somebody born in the 2000s that
    Excel has saved as a number has lost its first zeros.

    >>> same_person("19 850101-0000"), same_person("850101-0000 Ek, Eva", True), same_person(" K-17 ")
    ('8501010000', '8501010000', 'k-17')
    """
    bare = "".join(plain_text(text).split()).casefold()
    if about_person and _FEW_DIGITS.fullmatch(bare) and find_personal_number(bare.zfill(TEN)):
        return bare.zfill(TEN)
    found = (_NUMBER_AND_NAME if about_person else _NUMBER).fullmatch(bare)
    return found[1] + found[2] if found else bare


@dataclass(frozen=True)
class Key:
    """The key for pseudonyms. It shows nothing of itself."""

    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.mark})"

    @cached_property
    def mark(self) -> str:
        """What tells two keys apart, and says nothing of either."""
        return hmac.new(self.secret, b"planbok marke", sha256).hexdigest()[:8]

    def pseudonym(self, domain: str, original: str) -> str:
        """The keyed code of an original in a domain, sixteen letters and digits; "" for an empty one."""
        one = same_person(original, domain in PERSONS)
        if not one:
            return ""
        own = hmac.new(self.secret, domain.encode(), sha256).digest()
        number = int.from_bytes(hmac.new(own, one.encode(), sha256).digest(), "big")
        marks = []
        for _ in range(PAIRS):
            number, letter = divmod(number, len(LETTERS))
            number, digit = divmod(number, len(DIGITS))
            marks += [LETTERS[letter], DIGITS[digit]]
        return "".join(marks)


def key_path() -> Path:
    """Where the key lies: PLANBOK_NYCKEL_FIL, else the platform's folder for a program's settings."""
    given = os.environ.get(ENV_KEY)
    return Path(given).expanduser().absolute() if given else key_folder() / "nyckel"


def forbidden_places(folders: Folders, *more: Path) -> tuple[Path, ...]:
    """Where the key may not lie: among tables, parameters and reports, and in the workspace."""
    found = workspace()
    return (folders.data, *folders.params, default_out(), *((found,) if found else ()), *more)


def read_key(path: Path, forbidden: tuple[Path, ...] = ()) -> Key | None:
    """The key in a file; None where there is none yet.

    Raises
    ------
    InputError
        If the file lies where reports and tables are, can be read by others, or holds no key.
    """
    inside = next((folder for folder in forbidden if path.is_relative_to(folder.resolve())), None)
    if inside is not None:
        _refuse("nyckeln får inte ligga i arbetsmappen, bland tabeller eller rapporter. Flytta den.", "key_place")
    try:
        text = path.read_text(encoding="ascii").strip()
        if os.name == "posix" and path.stat().st_mode & 0o077:
            _refuse("andra kan läsa nyckeln. Kör chmod 600 på filen, och överväg planbok nyckel --byt.", "key_mode")
        secret = bytes.fromhex(text)
    except FileNotFoundError:
        return None
    except (ValueError, OSError):
        _refuse("filen går inte att läsa som en nyckel. Hämta den från en kopia.", "key_unreadable")
    if len(secret) != KEY_BYTES:
        _refuse("filen är ingen hel nyckel. Hämta den från en kopia.", "key_unreadable")
    return Key(secret)


def new_key(path: Path) -> Key:
    """A new key in the file, readable by its owner only; what stood there is gone."""
    key = Key(secrets.token_bytes(KEY_BYTES))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    own = partial(os.open, mode=OWNER_ONLY)
    with written_whole(path) as made, open(made, "x", encoding="ascii", opener=own) as file:
        file.write(key.secret.hex() + "\n")
    return key


def _refuse(text: str, code: str) -> None:
    raise InputError([Fault("kommando", "", 0, "nyckeln", text, code)]) from None
