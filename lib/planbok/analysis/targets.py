"""Targets at three levels, as plans print them, held against outcomes: never a ratio where there is none."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from planbok.base.numbers import NO_BREAK, format_number, parse

LEVELS = {"arsmal": "enhetens mål", "namndmal": "nämndens mål", "kf_arsmal": "kommunfullmäktiges mål"}
UNITS = {"procent": ("%", "procent"), "antal": ("st", "personer"), "index": ()}
SIGNS = {"": "%", "procent": "%", "antal": "st", "index": ""}  # what stands after a number that the workbook makes
DIRECTIONS = ("lagre", "hogre", "ingen")
MET, MISSED = "✓ klaras", "✗ klaras inte"
CITY = "staden"
DECIMALS = (1, 2, 3, 4)
_SHARE = re.compile(r"(?P<del>[0-9][0-9 .,]*?) av (?P<av>[0-9][0-9 .,]*?)(?: (?P<enhet>[^\W\d_].*))?")
EXACT = 1e-9  # what binary arithmetic leaves, relative to the target


def plain_name(namn: str) -> str:
    """An indicator's name as years are joined by it: small letters, no closing full stop.

    >>> plain_name(" Sjukfrånvaro  dag 1-14. ")
    'sjukfrånvaro dag 1-14'
    """
    return re.sub(r"\s+", " ", namn).strip().rstrip(".").strip().casefold()


def slug(namn: str) -> str:
    """A name as the end of a rule's key.

    >>> slug("Träfflokal unga"), slug("Sjukfrånvaro dag 1-14")
    ('trafflokal_unga', 'sjukfranvaro_dag_1_14')
    """
    ascii_name = plain_name(namn).translate(str.maketrans("åäöé", "aaoe"))
    return re.sub(r"[^a-z0-9]+", "_", ascii_name).strip("_")


def meets(outcome: float, target: float, riktning: str) -> bool | None:
    """Whether an outcome meets a target: at the target is met. None where no direction is good.

    >>> meets(7.5, 7.5, "lagre"), meets(7.501, 7.5, "lagre"), meets(80, 83, "hogre"), meets(1, 1, "ingen")
    (True, False, False, None)
    """
    side = _side(outcome, target)
    return {"lagre": side <= 0, "hogre": side >= 0}.get(riktning)


def _side(value: float, target: float) -> int:
    """On which side of a target a value is: 0 where it is at it.

    >>> _side(7.499, 7.5), _side(7.5 - 1e-12, 7.5)
    (-1, 0)
    """
    return 0 if abs(value - target) <= EXACT * max(1.0, abs(target)) else int(np.sign(value - target))


@dataclass(frozen=True)
class Reading:
    """How an indicator is read: direction, unit, the period that meets the target, whose target KF's is, short name."""

    riktning: str = ""  # "" where nobody says
    mattenhet: str = ""
    period: str = "senaste"
    kf: str = "enhet"
    kort: str = ""  # what it is called where the plan's name is long


@dataclass(frozen=True)
class Stated:
    """A target or an outcome as printed: its number where it is one, and why it can't be compared."""

    text: str
    varde: float | None = None
    hinder: str = ""
    anmarkning: str = ""


@lru_cache(maxsize=4096)  # one plan's targets are held against every occasion
def share(text: str) -> tuple[float, float, str] | None:
    """An outcome written as so many of so many: the part, the whole, and what is counted.

    >>> share("17 av 20"), share("45 av 100 tkr"), share("85 %")
    ((17.0, 20.0, ''), (45.0, 100.0, 'tkr'), None)
    >>> share("0 av 20"), share("5 av 0"), share("5 av 1.2.3"), share("1.2.3 av 5")
    ((0.0, 20.0, ''), None, None, None)
    """
    found = _SHARE.fullmatch(text.replace(NO_BREAK, " ").strip())
    part, whole = (parse(found[name]).varde for name in ("del", "av")) if found else (None, None)
    return None if found is None or part is None or not whole else (part, whole, found["enhet"] or "")


def stated(text: str, reading: Reading, whole_city: bool = False) -> Stated:
    """A printed target under the indicator's reading.

    >>> procent = Reading("lagre", "procent")
    >>> stated("7.5 %", procent).varde, stated("19", procent).varde, stated("19", procent).anmarkning
    (7.5, 19.0, '19 saknar enhet i källan och läses som procent')
    >>> stated("tas fram av nämnden", procent).hinder, stated("10000 st", Reading("hogre", "antal"), True).hinder
    ('text, inget tal', 'gäller hela staden')
    """
    if not text:
        return Stated("", hinder="inget mål")
    found = parse(text)
    if found.varde is None:
        return Stated(text, hinder="text, inget tal")
    text = " ".join(part for part in (format_number(found.varde, found.decimaler), found.enhet) if part)
    if whole_city:
        return Stated(text, hinder="gäller hela staden")
    unit = found.enhet.casefold()
    allowed = UNITS.get(reading.mattenhet, (reading.mattenhet.casefold(),))
    if unit and reading.mattenhet and unit not in allowed:
        return Stated(text, hinder=f"anges i {found.enhet}, inte {reading.mattenhet}")
    bare = not unit and reading.mattenhet == "procent"
    return Stated(text, found.varde, anmarkning=f"{text} saknar enhet i källan och läses som procent" if bare else "")


@dataclass(frozen=True)
class Level:
    """One level's target and whether the outcome meets it, in a sign and a word."""

    mal: Stated
    klaras: bool | None
    omdome: str

    @property
    def shown(self) -> str:
        """The target with a sign and a word for whether it is met."""
        if not self.mal.text:
            return self.omdome
        if self.mal.hinder:
            return f"{self.mal.text} ({self.mal.hinder})"
        return f"{self.mal.text}: {self.omdome}".replace(" ", NO_BREAK)


@dataclass(frozen=True)
class TargetRow:
    """An indicator's outcome against each level."""

    indikator: str
    id: str
    reading: Reading
    periodicitet: str
    period: str
    utfall: Stated
    levels: dict[str, Level]
    galler: str  # the level it is held against: the unit's own, else the board's, else the council's
    anmarkning: str

    @property
    def utfall_text(self) -> str:
        """The outcome with as few decimals as show on which side of each target it is; as printed if it was printed."""
        value = self.utfall.varde
        if value is None or self.utfall.text:
            return self.utfall.text
        targets = [level.mal.varde for level in self.levels.values() if level.mal.varde is not None]
        sides = [_side(value, target) for target in targets]
        shown = next((d for d in DECIMALS if [_side(round(value, d), t) for t in targets] == sides), DECIMALS[0])
        unit = SIGNS.get(self.reading.mattenhet, self.reading.mattenhet)
        whole = self.reading.mattenhet == "antal" and value == round(value)
        return f"{format_number(value, 0 if whole else shown)}{NO_BREAK}{unit}".strip()

    @property
    def strictest(self) -> tuple[float, str] | None:
        """The strictest numeric target and its level; None without one or without a direction."""
        numbers = [(level.mal.varde, name) for name, level in self.levels.items() if level.mal.varde is not None]
        if not numbers or self.reading.riktning not in ("lagre", "hogre"):
            return None
        return min(numbers) if self.reading.riktning == "lagre" else max(numbers)


def target_row(
    row: dict[str, Any], name: str, reading: Reading, period: str, utfall: Stated, twice: bool = False
) -> TargetRow:
    """One row of the table mal with its outcome; a level without a number falls back on the next, and says so."""
    levels = {}
    for level in LEVELS:
        mal = stated(row[level], reading, level == "kf_arsmal" and reading.kf == CITY)
        klaras = None
        if mal.varde is not None and utfall.varde is not None:
            klaras = meets(utfall.varde, mal.varde, reading.riktning)
        levels[level] = Level(mal, klaras, _verdict(mal, utfall, klaras))
    notes = [level.mal.anmarkning for level in levels.values() if level.mal.anmarkning]
    galler = next((level for level, found in levels.items() if found.mal.varde is not None), "")
    if galler and galler != "arsmal":
        notes.append(f"enheten har inget eget mål i tal: {LEVELS[galler]} gäller i stället")
    if twice:
        notes.append("indikatorn står två gånger i samma plan")
    if not reading.riktning:
        notes.append("ingen regel säger vilket håll som är bra")
    return TargetRow(
        row["indikator"], name, reading, row["periodicitet"], period, utfall, levels, galler, "; ".join(notes)
    )


def _verdict(mal: Stated, utfall: Stated, klaras: bool | None) -> str:
    if mal.hinder:
        return mal.hinder
    if utfall.varde is None:
        return utfall.hinder or "utfall saknas"
    if klaras is None:
        return "inget håll är bra"
    return MET if klaras else MISSED


def indicator_id(namn: str, spellings: dict[str, str]) -> str:
    """What an indicator is called in the rules, whatever its spelling.

    >>> indicator_id("Sjukfrånvaro.", {}), indicator_id("Sjukfranvaro tot", {"sjukfranvaro tot": "sjukfranvaro"})
    ('sjukfranvaro', 'sjukfranvaro')
    """
    return spellings.get(plain_name(namn), slug(namn))


def reading_of(row: dict[str, Any], rule: Callable[[str], dict[str, str] | None], name: str) -> Reading:
    """An indicator's reading: its rule, with the direction and the unit that the table itself states put first.

    One without a rule and a stated unit, with a target in per cent, is a share.
    """
    said = rule(f"indikator.{name}") or {}
    known = {key: said[key] for key in ("mattenhet", "period", "kf", "kort") if key in said}
    known |= {"mattenhet": row["mattenhet"]} if row.get("mattenhet") else {}
    if "mattenhet" not in known and any(str(row.get(level)).strip().endswith("%") for level in LEVELS):
        known["mattenhet"] = "procent"
    return Reading(riktning=row["riktning"] or said.get("riktning", ""), **known)
