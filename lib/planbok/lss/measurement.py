"""How the year's two measurements of granted insatser become the year's money."""

from dataclasses import dataclass
from datetime import date
from math import isclose

import numpy as np

from planbok.base.errors import Fault, InputError, MissingValueError, did_you_mean
from planbok.base.periods import Span
from planbok.case.case import Case
from planbok.inputs.rules.rules import Rules
from planbok.inputs.scenario.load import Scenario

LAST_ONLY = "senaste"
MEASURE_RULES = {
    LAST_ONLY: "senaste mätningen gäller hela året",
    "vikter": "årets två mätningar vägs ihop",
    "halvar": "varje mätning gäller sitt halvår",
}
DAYS_RULE = "lss_peng.matdatum"
HALF_YEAR = 6  # the last month of the first half


@dataclass(frozen=True)
class Measurement:
    """The year's measurement days, the rule that makes them into money, and their weights under `vikter`."""

    matning_1: date
    matning_2: date
    matregel: str
    vikter: tuple[float, float]


def assumed(case: Case, scenario: Scenario) -> tuple[str, ...]:
    """The measurement rule in words, where it is an assumption that nobody has decided."""
    rule = case.rule("lss_peng.matregel", scenario=scenario)
    return (MEASURE_RULES[rule.varde],) if rule.underlag == "antagande" else ()


def read_measurement(case: Case, scenario: Scenario) -> Measurement:
    """What the rules say of the case's year under a scenario.

    Raises
    ------
    InputError
        If there is no such measurement rule, or the weights do not sum to 1.
    """
    measured = case.rule(DAYS_RULE, scenario=scenario).varde
    weights = case.rule("lss_peng.matvikter", scenario=scenario).varde
    rule = case.rule("lss_peng.matregel", scenario=scenario).varde
    if rule not in MEASURE_RULES:
        text = f"lss_peng.matregel är '{rule}', som inte finns.{did_you_mean(rule, MEASURE_RULES)}"
        raise InputError([Fault("regel", "params/regler", 0, "", text, "unknown_rule")])
    if not isclose(sum(weights.values()), 1):
        text = f"lss_peng.matvikter ska summera till 1, men blir {sum(weights.values()):g}."
        raise InputError([Fault("regel", "params/regler", 0, "", text, "weights")])
    return Measurement(*days_of(measured, case.ar), rule, (weights["matning_1"], weights["matning_2"]))


def days_of(stated: dict[str, str], ar: int) -> tuple[date, date]:
    """The days of a year's measurements, from the rule's value.

    >>> [day.isoformat() for day in days_of({"matning_1": "03-31", "matning_2": "08-27"}, 2016)]
    ['2016-03-31', '2016-08-27']
    """
    one, two = (date.fromisoformat(f"{ar}-{stated[name]}") for name in ("matning_1", "matning_2"))
    return one, two


def days_by_rule(rules: Rules, ar: int) -> tuple[date, date]:
    """The days of a year's measurements as the rules have them.

    Raises
    ------
    InputError
        If the rules have none for the year.
    """
    try:
        return days_of(rules.value(DAYS_RULE, date(ar, 1, 1)).varde, ar)
    except MissingValueError as error:
        raise InputError(error.faults) from None


def in_first_half(year: list[Span]) -> np.ndarray:
    """1 for the spans of January-June, else 0."""
    return np.array([float(span.start.month <= HALF_YEAR) for span in year])


def span_weights(rule: str, year: list[Span], weights: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """How much each measurement counts in each span of the year; together 1.

    senaste  the second measurement all year
    vikter   each measurement with its weight
    halvar   the first measurement January-June, the second July-December

    >>> from planbok.base.periods import spans
    >>> first, second = span_weights("halvar", spans(2024), (0.5, 0.5))
    >>> first.tolist() == [1.0] * 6 + [0.0] * 6, set((first + second).tolist())
    (True, {1.0})
    """
    if rule == "halvar":
        second = 1 - in_first_half(year)
    else:
        second = np.full(len(year), 1.0 if rule == "senaste" else weights[1])
    first = np.full(len(year), weights[0]) if rule == "vikter" else 1 - second
    return first, second
