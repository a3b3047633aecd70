"""An indicator of the plan held against its targets on its last three occasions."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from planbok.analysis.targets import LEVELS, Reading, Stated, TargetRow, meets, reading_of, stated, target_row
from planbok.base.numbers import format_number, parse
from planbok.case.case import Case
from planbok.topics.goals.occasions import Occasion, later, latest, step_of
from planbok.topics.goals.outcomes import Found, Outcomes

CHAIN = ("kf_inriktning", "kf_mal_text", "namndmal_text", "enhetsmal_text")
OWN = ("", "enhet")  # owners whose targets count as the unit's
MET, MISSED, NO_OUTCOME, NO_NUMBER, NO_SIDE = "klaras", "klaras inte", "utfall saknas", "inget mål i tal", "bedöms inte"
IN_TEXT = "målet i planens text, årsmål saknas"
SIGNS = {MET: "✓ klaras", MISSED: "✗ klaras inte"}
SHOWN = 3  # occasions
MOST_DECIMALS = 4
GAP_UNITS = {"procent": "procentenheter", "antal": "", "index": "enheter"}


@dataclass(frozen=True)
class Past:
    """An earlier occasion: what it is called, its outcome and how it stood against today's target."""

    period: str
    utfall: Found | None
    lage: str
    text: str  # the outcome as it is shown


@dataclass(frozen=True)
class Indicator:
    """A row of the table mal with its outcomes. `key` is its place among the unit's rows: two may have one name."""

    key: int
    namn: str  # what people call it: the rule's short name, or the plan's own
    row: TargetRow
    chain: dict[str, str]
    agare: str
    kalla: str
    found: Found | None
    lage: str
    text_goal: Stated
    past: tuple[Past, ...]  # the nearest first

    @property
    def utfall_text(self) -> str:
        """The outcome as it is shown, and to when it is counted where that is not the occasion."""
        return _text(self.row, self.found)

    @property
    def counts(self) -> bool:
        """Whether it counts as the unit's own: targets of the board and the city are shown, never counted."""
        return self.agare in OWN

    @property
    def target(self) -> float | None:
        """The number it is held against."""
        return self.row.levels[self.row.galler].mal.varde if self.row.galler else None

    @property
    def gap(self) -> float | None:
        """How much better than the target, in the indicator's own unit; minus is worse. None where it can't be said."""
        sign = {"lagre": -1, "hogre": 1}.get(self.row.reading.riktning)
        value, target = self.row.utfall.varde, self.target
        return None if sign is None or target is None or value is None else sign * (value - target)

    @property
    def gap_text(self) -> str:
        """The gap in words; "" where it can't be said or there is none."""
        shown, target = parse(self.row.utfall_text.partition("(")[0]).varde, self.target
        if self.gap is None or shown is None or target is None:
            return ""
        return gap_in_words(shown - target, self.row.reading)

    @property
    def text_verdict(self) -> str:
        """How it stands against a goal that the plan has in its text only; "" where it has none."""
        if not self.text_goal.text:
            return ""
        value, goal = self.row.utfall.varde, self.text_goal.varde
        met = None if value is None or goal is None else meets(value, goal, self.row.reading.riktning)
        return f"{self.text_goal.text}{'' if met is None else f': {SIGNS[MET if met else MISSED]}'}"

    @property
    def lage_text(self) -> str:
        """How it stands, with a sign; of one whose only number is in the plan's text that one is said."""
        sign = self.text_verdict.partition(": ")[2]
        return f"{sign} {IN_TEXT}" if self.lage == NO_NUMBER and sign else SIGNS.get(self.lage, self.lage)


def gap_in_words(gap: float, reading: Reading) -> str:
    """How far over (plus) or under a target an outcome is, as it is shown, in its own unit.

    >>> gap_in_words(1.2, Reading("lagre", "procent")), gap_in_words(-6.0, Reading("hogre", "antal"))
    ('1,2 procentenheter över', '6 under')
    >>> [gap_in_words(gap, Reading("lagre", "index")) for gap in (1.0, -1.0, 2.0, 0.0001, -0.00001)]
    ['1 enhet över', '1 enhet under', '2 enheter över', '0,0001 enheter över', 'på målet']
    """
    if not round(gap, MOST_DECIMALS):
        return "på målet"
    unit = GAP_UNITS.get(reading.mattenhet, reading.mattenhet)
    decimals = next(d for d in range(MOST_DECIMALS + 1) if round(gap, d) == round(gap, MOST_DECIMALS))
    unit = unit[:-2] if abs(gap) == 1 and unit.endswith("enheter") else unit
    words = (format_number(abs(gap), decimals), unit, "över" if gap > 0 else "under")
    return " ".join(word for word in words if word)


def indicators(case: Case, rows: pd.DataFrame, outcomes: Outcomes, tom_manad: int) -> tuple[Indicator, ...]:
    """Every row of the unit's goals of the year, in the plan's order."""
    names = [outcomes.id_of(name) for name in rows["indikator"]]
    doubled = _doubled(rows, names)
    return tuple(
        _indicator(case, place, row, name, outcomes, tom_manad, doubled.get(name, ""))
        for place, (row, name) in enumerate(zip(rows.to_dict("records"), names, strict=True))
    )


def _doubled(rows: pd.DataFrame, names: list[str]) -> dict[str, str]:
    """What is said of indicators that stand twice in the plan, by id."""
    found = {}
    for name in {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else ():
        targets = [text for text, its in zip(rows["arsmal"], names, strict=True) if its == name]
        listed = " och ".join(text or "inget mål" for text in targets)
        found[name] = f"indikatorn står {len(targets)} gånger i planen, med målen {listed}"
    return found


def _indicator(
    case: Case, key: int, row: dict[str, Any], name: str, outcomes: Outcomes, tom_manad: int, twice: str
) -> Indicator:
    rule = case.rule_or_none(f"indikator.{name}") or {}
    reading = reading_of(row, lambda _: rule, name)
    step = step_of(row["periodicitet"]) or 12
    now = latest(case.ar, tom_manad, step)
    if now is None and outcomes.is_reported(name, Occasion(case.ar, 12)):
        now = Occasion(case.ar, 12)  # measured already, though the year isn't over

    def at(occasion: Occasion) -> Past:
        found = outcomes.at(name, rule, reading, occasion)
        then = _held(row, name, reading, "", found)
        return Past(occasion.name(step), found, _state(then, ""), _text(then, found))

    current = at(now) if now else Past("", None, "", "")
    held = _held(row, name, reading, current.period, current.utfall)
    last = now or Occasion(case.ar, 12)
    return Indicator(
        key=key,
        namn=reading.kort or row["indikator"].strip().rstrip("."),
        row=_noted(held, twice, current.utfall),
        chain={level: row[level] for level in CHAIN},
        agare=row["agare"],
        kalla=row["kalla"],
        found=current.utfall,
        lage=_state(held, later(step) if now is None else ""),
        text_goal=stated(row["arsmal_text"], reading) if row["arsmal_text"] else Stated(""),
        past=tuple(at(last.before(step * back)) for back in range(1, SHOWN)),
    )


def _held(row: dict[str, Any], name: str, reading: Reading, period: str, found: Found | None) -> TargetRow:
    utfall = found.utfall if found else Stated("", hinder=NO_OUTCOME)
    return target_row(row, name, reading, period, utfall)


def _text(held: TargetRow, found: Found | None) -> str:
    return f"{held.utfall_text} (räknat {found.counted})" if found and found.counted else held.utfall_text


def _noted(held: TargetRow, twice: str, found: Found | None) -> TargetRow:
    """The row with what else there is to say: that it stands twice, how the outcome was read."""
    said = [held.anmarkning, twice, found.utfall.anmarkning if found else ""]
    return replace(held, anmarkning="; ".join(filter(None, said)))


def _state(held: TargetRow, waits: str) -> str:
    """How an outcome stands: what it waits for, that it is missing, that no number can be held against it, or met."""
    if held.utfall.varde is None:
        return waits or held.utfall.hinder or NO_OUTCOME
    if not held.galler:
        return NO_NUMBER
    met = held.levels[held.galler].klaras
    return NO_SIDE if met is None else MET if met else MISSED


def turned(indicator: Indicator, value: float) -> Indicator:
    """The indicator as it would stand with another outcome."""
    row = {level: indicator.row.levels[level].mal.text for level in LEVELS}
    row |= {"indikator": indicator.row.indikator, "periodicitet": indicator.row.periodicitet}
    found = Found(Stated("", value), "prövat värde")
    held = _held(row, indicator.row.id, indicator.row.reading, indicator.row.period, found)
    return replace(indicator, row=held, found=found, lage=_state(held, ""))
