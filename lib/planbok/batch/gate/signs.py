"""Signs of a person or of this machine in a text: found, never returned."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from planbok.base.periods import MONTH_NAMES
from planbok.base.privacy import has_mistyped_number, personal_numbers_in, plain_text

NUMBER, INITIAL, KEY = "personnummer", "initial och år", "en persons nyckel"
PLACE, USER = "sökväg på datorn", "användar- eller datornamn"

# Two capitals and a year that say something else than who somebody is.
ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        "BP EU FN HR IT JO KB KF KS PM RF SD SN TB TV VB VP ÅR "
        "dvs osv mm fd sk ed fn pga tom nb eg ie ev fö ff aa "  # and what is shortened with points
        "p05 p10 p25 p50 p75 p90 p95",  # percentiles
    )
)
UNITS = (
    r"kr|tkr|mnkr|mkr|%|procent|st|dygn|h|tim|timmar|dagar|personer|platser|boende|brukare|årsarbetare|anställda"
    r"|medarbetare"
)
# A letter after one of these words is a name of a group or a part, and the number after it a count.
_LETTERED = (
    "alternativ ansvar ansvarskod avdelning bilaga boende del grupp hus kod kolumn konto kostnadsställe modell plan "
    "rad tabell typ utförare version"
)
LETTERED = tuple(word + mark for word in _LETTERED.split() for mark in (" ", "_"))

_DATE = rf"(?:0[1-9]|[12][0-9]|3[01])[ ](?:{'|'.join(MONTH_NAMES)})\b"  # whose two digits are a day
_YEAR = rf"(?:(?:19|20)[0-9]{{2}}|(?!{_DATE})[0-9]{{2}})"
_ONE = r"[A-ZÅÄÖ]"
_APART = r"(?<![^\W_].)(?<![.#§/:-].)"  # stands alone, of a letter that a search has leapt to
_INITIAL = re.compile(
    rf"(?P<initials>{_ONE}{_APART}(?:\. ?{_ONE}\. ?{_ONE}\.?|\.?[ -]?{_ONE}\.?|\.?))"
    rf"(?P<gap>[ ]?[,(/_-]?[ ]?\(?(?:född|f\.?)?[ ]?['\u2019-]?){_YEAR}"
    rf"(?![^\W_])(?!%)(?![.,:/-][0-9])(?![ ]?(?:{UNITS})\b)(?![ ][0-9]{{3}}(?![0-9]))"
)
# In small letters: with points, joined to the year, or said to be born; a week (v12) is none.
_LOW = r"[a-zåäö]"
_SMALL = re.compile(
    rf"{_LOW}{_APART}(?:(?P<initials>\. ?(?:{_LOW}\. ?)?{_LOW}\.)[ -]?(?:född|f\.)? ?"
    rf"|(?!(?<=v)[0-5])[._'-]?|(?:[. -]?{_LOW})?\.? (?:född|f\.) ?|(?<![iå]) (?=19[2-9])){_YEAR}"
    rf"(?![^\W_])(?!%)(?![.,:/-][0-9])(?![ ]?(?:{UNITS})\b)"
)
_NAME = re.compile(rf"[^\W\d_](?:[._-]?[^\W\d_](?=[ ._-]))?[ ._-]?{_YEAR}")
# Folders of people and machines, in small letters; each begins with what the search can leap to.
_FOLDERS = (
    re.compile(
        r"/(?<![\w./-]/)(?:home|users|root|tmp|private|mnt|media|volumes|var/folders|run/user|dbfs|workspaces?)(?![\w-])"
    ),
    re.compile(r":(?<=[a-z]:)(?<!\w[a-z]:)[\\/]{1,2}(?=\w)"),
    re.compile(r"\\\\(?<!\w\\\\)(?<!\\\\\\)[\w.$-]+\\"),
    re.compile(r"file:/{2,3}\w"),
)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "admin administrator anonymous app daemon default docker guest jovyan jupyter local localhost nobody none "
        "planbok python root runner server system test ubuntu unknown user vagrant windows worker",
    )
)
_HASH = re.compile(
    r"[0-9a-f]{64}(?<![0-9A-Za-z][0-9a-f]{64})(?![0-9A-Za-z])"
)  # one in 1 600 has the digits of a number by chance
_TWO_DIGITS = re.compile("[0-9]{2}")  # of a year
_WINDOW = 8  # bytes of a key that are looked for at every place at once
_SLOTS = 1 << 16
BETWEEN = "\n|\n"  # between texts that are searched as one
MOST_KEPT = 100_000  # lines


def searchable(key: str) -> bool:
    """Whether a key can be told from ordinary words and figures: eight characters with letters and digits."""
    return len(key) >= _WINDOW and any(map(str.isalpha, key)) and any(map(str.isdigit, key))


@dataclass(frozen=True)
class Keys:
    """Person keys, looked for at every place of a text at once, whatever stands beside them."""

    keys: frozenset[str] = field(default_factory=frozenset, repr=False)

    @cached_property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The keys' last bytes as sorted numbers, and which slots of a small table they fall in."""
        ends = np.unique(np.frombuffer(b"".join(map(_end, self.keys)), np.uint64))
        slots = np.zeros(_SLOTS, bool)
        slots[_slot(ends)] = True
        return ends, slots

    def within(self, text: str) -> bool:
        """Whether a plain text in small letters holds one of the keys."""
        data = text.encode("utf-8", "replace")
        if not self.keys or len(data) < _WINDOW:
            return False
        ends, slots = self._ends
        found: set[bytes] = set()
        for offset in range(min(_WINDOW, len(data) - _WINDOW + 1)):
            part = np.frombuffer(data, np.uint64, (len(data) - offset) // _WINDOW, offset)
            part = part[slots[_slot(part)]]
            part = part[ends[np.searchsorted(ends, part).clip(max=len(ends) - 1)] == part]
            found.update(number.tobytes() for number in part)
        return bool(found) and any(_end(key) in found and key in text for key in self.keys)


def _end(key: str) -> bytes:
    return key.encode()[-_WINDOW:]


def _slot(numbers: np.ndarray) -> np.ndarray:
    return (numbers * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(48)


@dataclass(frozen=True)
class Words:
    """Texts in small letters, each looked for where what stands before and after it is as patterns say."""

    texts: frozenset[str] = field(default_factory=frozenset, repr=False)
    before: str = ""
    after: str = ""

    def within(self, text: str) -> bool:
        """Whether a text holds one of them."""
        return any(re.search(f"{self.before}{re.escape(one)}{self.after}", text) for one in self.texts if one in text)


class Clean:
    """The lines that have been searched and hold no sign, by whether they were searched as prose."""

    def __init__(self) -> None:
        self._lines: dict[bool, set[str]] = {True: set(), False: set()}

    def unlike(self, texts: list[str], prose: list[bool]) -> dict[bool, dict[str, None]]:
        """The other lines of some texts, each once: no sign crosses the mark between two."""
        said, code = (
            dict.fromkeys(
                BETWEEN.join([text for text, read in zip(texts, prose, strict=True) if read is kind]).split(BETWEEN)
            )
            for kind in (True, False)
        )
        prose_lines, others = self._lines[True], self._lines[False]
        left = {n: None for n in code if not (n in said or n in prose_lines or n in others)}
        return {True: {line: None for line in said if line not in prose_lines}, False: left}

    def keep(self, found: dict[bool, dict[str, None]]) -> None:
        """Notes lines in which nothing was found; forgets all where they have become many."""
        for read, lines in found.items():
            if len(self._lines[read]) > MOST_KEPT:
                self._lines[read].clear()
            self._lines[read].update(lines)


@dataclass(frozen=True)
class Signs:
    """What tells of a person or of this machine, made ready for searching."""

    keys: Keys
    places: Words = field(default_factory=Words)
    names: Words = field(default_factory=Words)
    clean: Clean = field(default_factory=Clean, repr=False, compare=False)

    @classmethod
    def of(cls, keys: Iterable[str] = (), places: Iterable[str] = (), names: Iterable[str] = ()) -> "Signs":
        """From keys, folders and names as they are; those that are ordinary words are left out."""
        lowered = frozenset(plain_text(str(key).strip()).casefold() for key in keys)
        folders = {str(place).rstrip("/\\").replace("\\", "/").casefold() for place in places}
        users = {str(name).strip().casefold() for name in names} - _COMMON
        return cls(
            Keys(frozenset(filter(searchable, lowered))),
            Words(
                frozenset(place for place in folders if "/" in place and len(place) > 3), r"(?<![\w./-])", r"(?![\w-])"
            ),
            Words(frozenset(name for name in users if len(name) >= 3), r"(?<![^\W_])", r"(?![^\W_])"),
        )

    def kinds(self, texts: list[str], prose: list[bool]) -> Iterator[tuple[int, str]]:
        """Which texts hold which kind of sign. All are searched as one; only what was found is looked up again.

        What has been searched before without a find is not searched again: a report says the same in several files.
        """
        new = self.clean.unlike(texts, prose)
        if self._is_within(*(BETWEEN.join(map(plain_text, new[shown])) for shown in (True, False))):
            yield from self._kinds(texts, prose)
        else:
            self.clean.keep(new)

    def _is_within(self, said: str, code: str) -> bool:
        """Whether a plain text that people read, or one that they don't, holds a sign of any kind."""
        plain = f"{said}{BETWEEN}{code}"
        lowered = plain.casefold()
        return bool(
            personal_numbers_in([_HASH.sub("", plain)])[0]
            or has_mistyped_number(said)
            or has_initial_and_year("\n".join(filter(_TWO_DIGITS.search, said.split("\n"))))
            or self.keys.within(lowered)
            or self._has_place(lowered)
            or self.names.within(lowered)
        )

    def _kinds(self, texts: list[str], prose: list[bool]) -> Iterator[tuple[int, str]]:
        plain = [plain_text(text) for text in texts]
        for index in np.flatnonzero(personal_numbers_in([_HASH.sub("", text) for text in plain])):
            yield int(index), NUMBER
        read = [text if shown else "" for text, shown in zip(plain, prose, strict=True)]
        yield from _where(read, NUMBER, has_mistyped_number)
        yield from _where(read, INITIAL, has_initial_and_year)
        lowered = [text.casefold() for text in plain]
        yield from _where(lowered, KEY, self.keys.within)
        yield from _where(lowered, PLACE, self._has_place)
        yield from _where(lowered, USER, self.names.within)

    def _has_place(self, text: str) -> bool:
        slashed = text.replace("\\\\", "/").replace("\\", "/") if "\\" in text else text
        spelt = {text, text.replace("\\\\", "\\")}  # in code each is written twice
        return self.places.within(slashed) or any(folder.search(one) for folder in _FOLDERS for one in spelt)


def _where(texts: list[str], kind: str, found: Callable[[str], object]) -> Iterator[tuple[int, str]]:
    """The texts that a test is true of: asked of all at once first, since nearly always none is."""
    if found(BETWEEN.join(texts)):
        yield from ((index, kind) for index, text in enumerate(texts) if text and found(text))


def has_initial_and_year(text: str) -> bool:
    """Whether a text holds a person's initials and year of birth, the way cases are spoken of in a unit.

    >>> has_initial_and_year("ärendet A 85"), has_initial_and_year("K.L. född 1952"), has_initial_and_year("(B-07)")
    (True, True, True)
    >>> has_initial_and_year("ärendet a85"), has_initial_and_year("k.l. född 1952"), has_initial_and_year("a 1985")
    (True, True, True)
    >>> has_initial_and_year("ansvar f21"), has_initial_and_year("fr.o.m. 2024"), has_initial_and_year("i 1993 års")
    (False, False, False)
    >>> has_initial_and_year("VP 2016"), has_initial_and_year("Grupp A 39,0 mnkr"), has_initial_and_year("T1 2024")
    (False, False, False)
    """
    return any(_tells(found, text, found["gap"] in (" ", "")) for found in _INITIAL.finditer(text)) or any(
        _tells(found, text, True) for found in _SMALL.finditer(text)
    )


def _tells(found: re.Match, text: str, countable: bool) -> bool:
    """Whether what looks like initials and a year is neither an abbreviation nor a group's name or a code."""
    whole, initials = found.group(), text[found.start() : found.end("initials")] if found["initials"] else ""
    named = countable and text[max(0, found.start() - 16) : found.start()].casefold().endswith(LETTERED)
    return not (named or ABBREVIATIONS & {re.sub(r"[. -]", "", initials), re.sub(r"[. -]", "", whole)})


def is_initial_and_year(name: str) -> bool:
    """Whether a whole name or value is an initial and a year, in small letters too: a85, k_1952, a.l-52.

    >>> is_initial_and_year("a_85"), is_initial_and_year("bas"), is_initial_and_year("t1"), is_initial_and_year("2024")
    (True, False, False, False)
    """
    return _NAME.fullmatch(name.strip()) is not None
