"""What can be turned in the report's page: per cent on the largest row from a month, and an amount a month from one."""

import numpy as np

from planbok.base.numbers import KR_PER_MNKR
from planbok.base.periods import MONTH_NAMES
from planbok.case.sliders import Slider
from planbok.ledger.act import SIDES
from planbok.topics.budget.study import Study

COST = SIDES.index("kostnad")
MOST_PERCENT, MOST_KR, STEP_KR = 10, 1_000_000, 10_000
IN_YEAR = {"kostnad_mnkr": 1, "nettokostnad_mnkr": 1, "skillnad_mnkr": 1, "forandring_mnkr": 1, "avvikelse_mnkr": -1}
FULL_YEAR = {"helarseffekt_mnkr": 1, "avvikelse_helar_mnkr": -1}
SENTENCE = (
    "Med det här är nettokostnaden {nettokostnad_mnkr} och avvikelsen mot ramen {avvikelse_mnkr}, på helår "
    "{avvikelse_helar_mnkr}."
)


def largest_row(study: Study) -> str:
    """The row of the largest cost in the year, which the dials turn; "" without rows."""
    base = study.outcome.base
    names, cost = base.leaves["budgetrad"].to_numpy(), study.outcome.state[:, COST, :]
    rows = dict.fromkeys(names)
    return max(rows, key=lambda name: float(cost[names == name][:, base.columns(base.ar)].sum()), default="")


def sliders(study: Study) -> tuple[Slider, ...]:
    """The dials, none where a side of the budget isn't known or the report compares with its own scenario's changes.

    Per cent acts last, on what the row is with the scenario: as a change after the scenario's own.
    """
    outcome, base = study.outcome, study.outcome.base
    names = base.leaves["budgetrad"].to_numpy()
    year = base.columns(base.ar)
    cost = outcome.state[:, COST, :]
    if not len(names) or np.isnan(outcome.state[:, :, year]).any():
        return ()
    largest = largest_row(study)
    of_row = cost[names == largest].sum(axis=0)
    months = of_row @ base.in_months
    left = np.cumsum(months[::-1])[::-1] / 100 / KR_PER_MNKR
    whole = float(of_row[base.full_year].sum()) / 100 / KR_PER_MNKR
    return (*_percent(study, largest, left, whole), *_amount(study, largest))


def _starts(study: Study, name: str, label: str, moves: dict) -> Slider:
    months = range(1, 13)
    words = {month: MONTH_NAMES[month - 1] for month in months}
    written = {month: f"{study.case.ar}-{month:02d}-01" for month in months}
    return Slider(name, label, "", 1, 12, 1, 7, moves, namn=words, skrivs=written)


def _change(study: Study, row: str, kind: str, size: dict[str, str], start: str) -> dict[str, str]:
    place = {"typ": kind, "enhet": study.case.enhet, "budgetrad": row, "sida": "kostnad"}
    return place | size | {"fran": start, "underlag": "antagande", "motivering": "Prövad i rapporten"}


def _percent(study: Study, row: str, left: np.ndarray, whole: float) -> tuple[Slider, Slider]:
    size = {key: {"rad": _ends(MOST_PERCENT, sign)} for key, sign in IN_YEAR.items()}
    size |= {key: {"rad": _ends(MOST_PERCENT, sign)} for key, sign in FULL_YEAR.items()}
    points = [(month, float(left[month - 1])) for month in range(1, 13)]
    moves = {key: {"rad": points} for key in IN_YEAR} | {key: {"rad": [(1, whole), (12, whole)]} for key in FULL_YEAR}
    change = _change(study, row, "upprakning", {"procent": "{rad_procent}"}, "{rad_manad}")
    percent = Slider("rad_procent", row, "%", -MOST_PERCENT, MOST_PERCENT, 0.1, 0, size, andring=change)
    return percent, _starts(study, "rad_manad", f"{row}, från", moves)


def _amount(study: Study, row: str) -> tuple[Slider, Slider]:
    kr = {key: {"belopp": _ends(MOST_KR, sign)} for key, sign in (IN_YEAR | FULL_YEAR).items()}
    points = [(month, (13 - month) / KR_PER_MNKR) for month in range(1, 13)]
    always = [(1, 12 / KR_PER_MNKR), (12, 12 / KR_PER_MNKR)]
    moves = {key: {"belopp": points} for key in IN_YEAR} | {key: {"belopp": always} for key in FULL_YEAR}
    change = _change(study, row, "belopp", {"kr_per_manad": "{belopp_kr}"}, "{belopp_manad}")
    amount = Slider(
        "belopp_kr", "Dyrare eller billigare", "kr i månaden", -MOST_KR, MOST_KR, STEP_KR, 0, kr, andring=change
    )
    return amount, _starts(study, "belopp_manad", "Dyrare eller billigare, från", moves)


def _ends(most: float, sign: int) -> list[tuple[float, float]]:
    return [(-most, -sign * float(most)), (most, sign * float(most))]
