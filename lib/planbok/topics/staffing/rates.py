"""From dated rules to the wages, shares and prices in force on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from planbok.analysis.targets import slug
from planbok.base.errors import Fault, InputError, MissingValueError
from planbok.base.numbers import is_number
from planbok.case.case import Case
from planbok.inputs.rules.rules import Rules
from planbok.topics.staffing.model import KINDS, Rates, hourly_wage, karens_hours

WAGE_RULE = "lon.manadslon"
ROUNDING = 1e-9
SHARES_RULE = "ersattare.fordelning"


class RuleBook:
    """Rule values on a day, each noted in the case's journal; what is missing is NaN, with each reason once."""

    def __init__(self, case: Case, rules: Rules, day: date):
        self.case, self.rules, self.day = case, rules, day
        self.reasons: dict[str, None] = {}

    def value(self, key: str, otherwise: Any = np.nan) -> Any:
        """A rule's value on the day; `otherwise`, with the reason noted, where there is none."""
        try:
            found = self.rules.value(key, self.day)
        except MissingValueError as missing:
            self.reasons[missing.reason] = None
            return otherwise
        except KeyError:
            self.reasons[f"regeln {key} finns inte"] = None
            return otherwise
        self.case.journal.note(key, self.day, found)
        return found.varde

    def number(self, key: str) -> float:
        """A rule that must be a number."""
        value = self.value(key)
        if not is_number(value):
            raise InputError([_rule_fault(key, f"{key} är {value!r}, men ska vara ett tal.")])
        return float(value)


def rates(case: Case, rules: Rules, day: date, groups: Sequence[str]) -> Rates:
    """What a sick hour costs on a day, by the rules as a scenario has them.

    Raises
    ------
    InputError
        If a rule has a value that it can't have: shares above 1, no hours a week.
    """
    book = RuleBook(case, rules, day)
    week, weeks = book.number("lon.veckoarbetstid_h"), book.number("sjuklon.veckor_per_ar")
    how = book.value("sjuklon.karens", "")
    dagar = book.number("lon.arbetsdagar_per_vecka") if how == "karensdag" else np.nan
    avdrag = book.number("sjuklon.karensavdrag_andel") if how == "karensavdrag" else np.nan
    per_spell = book.number("sjuklon.timmar_per_sjuktillfalle")
    for key, number in (("lon.veckoarbetstid_h", week), ("sjuklon.timmar_per_sjuktillfalle", per_spell)):
        if number <= 0:
            raise InputError([_rule_fault(key, f"{key} är {number:g}, men ska vara större än 0.")])
    return Rates(
        timlon=np.array([hourly_wage(book.number(wage_key(case, group)), week, weeks) for group in groups]),
        veckoarbetstid_h=week,
        karens_h=karens_hours(how, week, dagar, avdrag) if how else np.nan,
        sjuklon_andel=book.number("sjuklon.andel"),
        avtal_andel=book.number("sjuklon.avtal_dag_15_90_andel"),
        timmar_per_tillfalle=per_spell,
        po_procent=book.number("po_palagg"),
        ersattare_kr=_replacements(book),
        saknas=tuple(book.reasons),
    )


def wage_key(case: Case, group: str) -> str:
    """The rule with a group's own wage, or everyone's."""
    own = f"{WAGE_RULE}.{slug(group)}"
    return own if own in case.sources.rules.series else f"{WAGE_RULE}.alla"


def _replacements(book: RuleBook) -> dict[str, float]:
    """kr per sick hour by kind of replacement; a kind that takes no hours needs no price."""
    shares = book.value(SHARES_RULE, None)
    if shares is None:
        return dict.fromkeys(KINDS, np.nan)
    check_shares(shares)
    return {
        kind: float(shares[kind]) * book.number(f"ersattare.kr_per_timme.{kind}") if shares.get(kind) else 0.0
        for kind in KINDS
    }


def check_shares(shares: Any) -> None:
    """Refuses a mix of replacements that can't be one."""
    problem = ""
    if not isinstance(shares, dict) or set(shares) - set(KINDS):
        problem = f"ska ha andelar för {', '.join(KINDS)}"
    elif any(not is_number(s) or s < 0 for s in shares.values()):
        problem = "ska ha andelar som är tal, minst 0"
    elif sum(shares.values()) > 1 + ROUNDING:
        problem = f"summerar till {sum(shares.values()):g}, men får vara högst 1".replace(".", ",")
    if problem:
        raise InputError([_rule_fault(SHARES_RULE, f"{SHARES_RULE} {problem}.")])


def _rule_fault(key: str, text: str) -> Fault:
    return Fault("regel", "params/regler", 0, key, text, "bad_value")
