"""A made unit of three budget rows after April, and its prognosis under a scenario of every kind of change."""

from datetime import date
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd

from planbok.case.topic import Driven, no_effects
from planbok.inputs.scenario.changes import CHANGE_TYPES
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.ledger.act import cuts_of, simulate
from planbok.ledger.budget_rows import KEY, leaves
from planbok.ledger.month_profile import even_year
from planbok.topics.follow_up.books import Books, read_books
from planbok.topics.follow_up.model import Choices, Prognosis, moves_of, prognosis

AR, UNIT = 2024, "norr"
BUDGET = [("Hyror", "", 12.0, 1.2), ("Mat", "", 2.4, 0.0), ("Buss", "Linje", 0.6, 0.0)]  # mnkr
BOOKED = {("Hyror", ""): (1.0, 1.0, 1.2, 1.2), ("Mat", "Norr"): (0.2,) * 4, ("Buss", "Linje"): (0.05,) * 4}
INCOME = {"Hyror": 0.1}


def change(nr: int, typ: str, **more) -> NumberedChange:
    given = {"typ": typ, "budgetrad": "Hyror", "sida": "kostnad", "underlag": "antagande", "motivering": "Prov"}
    form = CHANGE_TYPES[typ].model_validate(given | more)
    return NumberedChange(nr, "prov", form, "prov.yaml", nr, nr)


CHANGES = (
    change(1, "belopp", kr_per_manad=10_000, fran=date(AR, 1, 1)),
    change(2, "belopp", kr_per_manad=5_000, fran=date(AR, 7, 1), sida="intakt"),
    change(3, "belopp", kr_per_manad=1_000, fran=date(AR, 4, 1), sida="ram"),
    change(4, "bedomning", kr=110_000, fran=date(AR, 2, 1), datum=date(AR, 2, 1)),
    change(5, "atgard", namn="A", kr_per_manad=-3_000, fran=date(AR, 6, 1), status="beslutad"),
    change(6, "atgard", namn="B", kr_per_manad=-1_000, fran=date(AR, 2, 1), status="planerad"),
    change(7, "belopp", kr_per_manad=1_000, fran=date(AR, 1, 1), till=date(AR, 3, 31)),
)
SCENARIO = Scenario("prov", "Prov", changes=CHANGES)


@cache
def books() -> Books:
    """What is booked to April, and the budget."""
    rows = pd.DataFrame(BUDGET, columns=["budgetrad", "verksamhet", "kostnad_mnkr", "intakt_mnkr"])
    rows = rows.assign(kostnadsslag="", finansiering="")
    booked = [
        (f"{AR}-{month:02d}", *key, "", kr * 1e6, INCOME.get(key[0], 0.0) * 1e6)
        for key, its in BOOKED.items()
        for month, kr in enumerate(its, start=1)
    ]
    outturn = pd.DataFrame(booked, columns=["manad", *KEY, "kostnad_kr", "intakt_kr"])
    return read_books(UNIT, outturn, rows, leaves(rows), even_year, AR, 4, {})


def made(scenario: Scenario = SCENARIO) -> Prognosis:
    """The unit after April, every row by its pace so far: three times what is booked."""
    its = books()
    outcome = simulate(its.plan.over(AR, cuts_of([scenario])), scenario, no_effects, date(AR, 5, 1))
    number = len(its.leaves)
    chosen = Choices(np.full(number, "rak", object), np.full(number, "regeln"), np.zeros(number, int))
    return prognosis(its, chosen, moves_of(outcome, its), not_asked)


def not_asked(ar: int, tom: int) -> Driven:
    raise AssertionError("nothing of the unit is looked ahead for by what drives it")


def study_of(**more) -> SimpleNamespace:
    """A study after April with what a test asks of it; it compares with its own scenario."""
    case = SimpleNamespace(ar=AR, enhet=UNIT, scenario=SCENARIO)
    found = more.pop("prognosis", None) or made()
    given = {"prognosis": found, "versus": found, "tom": 4, "case": case, "shares": "jämna tolftedelar"}
    return SimpleNamespace(**given | more)
