"""What the rules say of KBH on a day, for the households of a home's flats."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from planbok.base.errors import Fault, InputError, MissingValueError, did_you_mean
from planbok.case.case import Case, rules_under
from planbok.inputs.rules.rules import Rules
from planbok.inputs.scenario.load import Scenario
from planbok.topics.group_home.families import FAMILIES, Bands, Terms, garantiniva, inkomstavdrag
from planbok.topics.group_home.homes import Home

FAMILY, DEFAULT_FAMILY = "kbh.familj", "stockholm"
AVERAGE = "kbh.stockholm.genomsnittshyra."
HOUSEHOLD_RULES = ("vuxna_1_2", "plus_1_barn", "plus_2_barn")  # by number of children


@dataclass
class Reader:
    """Rule values under a scenario, each noted in the case's journal."""

    case: Case
    scenario: Scenario
    rules: Rules = field(init=False)

    def __post_init__(self):
        self.rules = rules_under(self.case.sources.rules, self.scenario, self.case.enhet)

    def value(self, key: str, day: date) -> Any:
        """A rule's value on a day.

        Raises
        ------
        MissingValueError
            If there is none.
        """
        if key not in self.rules.series:
            raise MissingValueError(f"regeln {key} finns inte")
        found = self.rules.value(key, day)
        self.case.journal.note(key, day, found)
        return found.varde

    def family(self, day: date) -> str:
        """The rule family of KBH on a day, Stockholm's where no rule says."""
        return str(self.value(FAMILY, day)) if FAMILY in self.rules.series else DEFAULT_FAMILY

    def number(self, key: str, day: date) -> float:
        """A rule's number, NaN where there is none."""
        try:
            return float(self.value(key, day))
        except MissingValueError:
            return float("nan")

    def limits(self, key: str, day: date) -> tuple[float, float]:
        """The lowest and highest of an assumption, NaN where there is none."""
        try:
            found = self.value(key, day)
        except MissingValueError:
            return float("nan"), float("nan")
        return float(found["lag"]), float(found["hog"])

    def bands(self, key: str, day: date) -> Bands:
        """Bands as pairs of upper end and share; the last may be without end."""
        return [(band.get("till", np.inf), band["andel"]) for band in self.value(key, day)]


def terms_at(reader: Reader, home: Home, day: date, familj: str = "") -> Terms:
    """The terms of KBH on a day: of the family in force, or of one that is asked for.

    Raises
    ------
    InputError
        If the rule `kbh.familj` names a family that there isn't.
    """
    familj = familj or reader.family(day)
    if familj not in FAMILIES:
        text = f"kbh.familj är '{familj}', som inte finns.{did_you_mean(familj, FAMILIES)}"
        raise InputError([Fault("regel", "params/regler", 0, "", text, "unknown_family")])
    read = {"stockholm": _stockholm, "tak": _tak, "minimibelopp": _minimibelopp}[familj]
    try:
        return Terms(familj, read(reader, home, day))
    except MissingValueError as error:
        return Terms(familj, {}, error.reason)


def _stockholm(reader: Reader, home: Home, day: date) -> dict:
    by_children = {n: _average_rent(reader, n, day) for n in sorted(set(home.flats.barn.tolist()))}
    average = np.array([by_children[n] for n in home.flats.barn.tolist()])
    return {"genomsnittshyra": average, "andel": reader.value("kbh.stockholm.andel", day)}


def _average_rent(reader: Reader, children: int, day: date) -> float:
    """Försäkringskassan's average rent for a household with that many children, kr/månad."""
    listed = len(HOUSEHOLD_RULES) - 1
    base = reader.value(AVERAGE + HOUSEHOLD_RULES[min(children, listed)], day)
    more = children - listed
    return base + (more * reader.value(f"{AVERAGE}varje_barn_utover_2", day) if more > 0 else 0)


def _tak(reader: Reader, home: Home, day: date) -> dict:
    return {"hogsta_hyra": reader.value("kbh.tak.hogsta_hyra", day)}


def _minimibelopp(reader: Reader, home: Home, day: date) -> dict:
    """Everyone is taken to be under 65; an unknown income is the garantinivå of the age that the rules say."""
    flats = home.flats
    if flats.barn.any():
        raise MissingValueError("minimibelopp för hushåll med barn finns inte i reglerna")
    adults = sorted(set(flats.vuxna.tolist()))
    least = {n: reader.value(f"minimibelopp.under_65.{'ensam' if n == 1 else 'par'}", day) for n in adults}
    band = {n: reader.bands(f"bostadstillagg.band.{'ogift' if n == 1 else 'gift'}", day) for n in adults}
    niva, pbb = guaranteed(reader, day), float(reader.value("prisbasbelopp", day))
    income = np.where(np.isnan(flats.inkomst), niva * flats.vuxna, flats.inkomst)
    steps = reader.bands("bostadstillagg.inkomstavdrag", day)
    return {
        "minimibelopp": np.array([least[n] for n in flats.vuxna.tolist()]),
        "inkomst": income / 12,
        "avdrag": inkomstavdrag(income / flats.vuxna, niva, pbb, steps) * flats.vuxna,
        "personer": flats.vuxna,
        "band": band,
        "minsta_utbetalning": reader.value("kbh.minimibelopp.minsta_utbetalning", day),
        "kapitalgrans": reader.value("kbh.minimibelopp.kapitalgrans", day),
    }


def guaranteed(reader: Reader, day: date) -> float:
    """Garantinivå at the report's age, kr/år per person before tax.

    Raises
    ------
    MissingValueError
        If the rules have none on the day.
    """
    age = int(reader.value("garantiniva.rapportens_alder", day))
    steps = [(step["fran_alder"], step["prisbasbelopp"]) for step in reader.value("garantiniva.hel_ersattning", day)]
    found = garantiniva(age, steps, float(reader.value("prisbasbelopp", day)))
    if np.isnan(found):
        raise MissingValueError(f"garantinivån är inte känd för {age} år den {day}")
    return found
