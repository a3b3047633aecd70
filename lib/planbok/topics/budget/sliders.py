"""What can be turned in the report's page: per cent on the largest row, an amount a month, and the row that gives way.

With `b` the deviation of the report and `t` what the first two cost, the row that gives way takes all that is left:

    cost        t + v (b - t)                    v is 1 where a row gives way, else 0
    full year   12 months of t and of v (b - t) / (13 - its month)
"""

import numpy as np

from planbok.base.numbers import KR_PER_MNKR
from planbok.case.sliders import TRIED, Slider, of_month
from planbok.ledger.act import SIDES
from planbok.topics.budget.study import Study
from planbok.topics.budget.tables import first_month

COST = SIDES.index("kostnad")
MOST_PERCENT, MOST_KR, STEP_KR = 10, 1_000_000, 10_000
IN_YEAR = {"kostnad_mnkr": 1, "nettokostnad_mnkr": 1, "skillnad_mnkr": 1, "forandring_mnkr": 1, "avvikelse_mnkr": -1}
FULL_YEAR = {"helarseffekt_mnkr": 1, "avvikelse_helar_mnkr": -1}
BALANCE = "balans_kr_per_manad"
GIVES, GIVES_MONTH = "vika_rad", "vika_manad"
MONTHS, FROM = range(1, 13), 7  # FROM: where a month stands in the report
SENTENCE = (
    "Med det här är nettokostnaden {nettokostnad_mnkr} och avvikelsen mot ramen {avvikelse_mnkr}, på helår "
    "{avvikelse_helar_mnkr}.",
    "För budget i balans behöver en rad ändras med {balans_kr_per_manad}.",
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
    size = {month: float(left[month - 1]) for month in MONTHS}
    months_left = {month: (13 - month) / KR_PER_MNKR for month in MONTHS}
    percent, amount = _percent(study, largest, size, whole), _amount(study, largest, months_left)
    return (*percent, *amount, *_gives_way(study))


def _change(study: Study, row: str, kind: str, size: dict[str, str], start: str) -> dict[str, str]:
    place = {"typ": kind, "enhet": study.case.enhet, "budgetrad": row, "sida": "kostnad"}
    return place | size | {"fran": start, **TRIED}


def _percent(study: Study, row: str, left: dict[int, float], whole: float) -> tuple[Slider, Slider]:
    change = _change(study, row, "upprakning", {"procent": "{rad_procent}"}, "{rad_manad}")
    sizes, months = _moves("rad", MOST_PERCENT, left, whole)
    percent = Slider("rad_procent", row, "%", -MOST_PERCENT, MOST_PERCENT, 0.1, 0, sizes, andring=change)
    return percent, of_month("rad_manad", f"{row}, från", study.case.ar, FROM, months)


def _amount(study: Study, row: str, left: dict[int, float]) -> tuple[Slider, Slider]:
    change = _change(study, row, "belopp", {"kr_per_manad": "{belopp_kr}"}, "{belopp_manad}")
    sizes, months = _moves("belopp", MOST_KR, left, 12 / KR_PER_MNKR)
    title = "Dyrare eller billigare"
    amount = Slider("belopp_kr", title, "kr i månaden", -MOST_KR, MOST_KR, STEP_KR, 0, sizes, andring=change)
    return amount, of_month("belopp_manad", f"{title}, från", study.case.ar, FROM, months)


def _moves(term: str, most: float, left: dict[int, float], whole: float) -> tuple[dict, dict]:
    """What a size and its month move: cost in the year and over a full year, and what is left for a row that gives way.

    Parameters
    ----------
    left, whole : mnkr that one of the size costs from each month to the year's end, and in twelve months
    """
    line, months = [(-most, -float(most)), (most, float(most))], [*left.items()]
    sizes: dict[str, dict] = {key: {term: line} for key in (*IN_YEAR, BALANCE)}
    starts: dict[str, dict] = {key: {term: months} for key in (*IN_YEAR, BALANCE)}
    for key in FULL_YEAR:
        sizes[key] = {term: line, f"{term} ger vika": line}
        starts[key] = {term: [(1, whole), (12, whole)], f"{term} ger vika": months}
    return sizes, starts


def _gives_way(study: Study) -> tuple[Slider, Slider]:
    """The row that takes all that is left of the deviation, from a month: nobody in the report."""
    names = study.outcome.base.leaves["budgetrad"].to_numpy()
    cost = study.outcome.state[:, COST, study.outcome.base.columns(study.case.ar)]
    rows = [name for name in dict.fromkeys(names) if cost[names == name].sum()]
    amounts = study.outcome.amounts()
    gap, terms = (amounts.kr_ram - amounts.kr) / KR_PER_MNKR, ("rad", "belopp")
    stands, gives = [(0.0, 1.0), (1.0, 0.0)], [(0.0, 0.0), (1.0, 1.0)]
    by_month = {month: 1.0 / (13 - month) for month in MONTHS}
    row_moves: dict[str, dict] = {}
    month_moves: dict[str, dict] = {BALANCE: {"balans": _times(by_month, gap * KR_PER_MNKR)}}
    month_moves[BALANCE] |= {term: _times(by_month, -KR_PER_MNKR) for term in terms}
    for key, sign in IN_YEAR.items():
        row_moves[key] = {term: _signed(stands, sign) for term in terms} | {"balans": _signed(gives, sign * gap)}
    for key, sign in FULL_YEAR.items():
        row_moves[key] = {term: [(0.0, float(sign)), (1.0, float(sign))] for term in terms}
        row_moves[key] |= {f"{term} ger vika": gives for term in (*terms, "balans")}
        month_moves[key] = {f"{term} ger vika": _signed(_times(by_month, -12.0), sign) for term in terms}
        month_moves[key]["balans ger vika"] = _signed(_times(by_month, 12.0 * gap), sign)
    changes = {
        place: _change(study, row, "belopp", {"kr_per_manad": f"{{{BALANCE}}}"}, f"{{{GIVES_MONTH}}}")
        for place, row in enumerate(rows, start=1)
    }
    row = Slider(
        GIVES, "Raden som ger vika för balans", "", 0, len(rows), 1, 0, row_moves,
        namn=dict(enumerate(["ingen", *rows])), andringar=changes,
    )  # fmt: skip
    return row, of_month(GIVES_MONTH, "Raden som ger vika, från", study.case.ar, first_month(study), month_moves)


def _signed(points: list[tuple[float, float]], sign: float) -> list[tuple[float, float]]:
    return [(at, sign * value) for at, value in points]


def _times(by_month: dict[int, float], by: float) -> list[tuple[float, float]]:
    return [(float(month), by * value) for month, value in by_month.items()]
