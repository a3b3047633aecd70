"""What can be turned in the report's page: one more measure, how much of each decided one comes, invoices to come."""

from datetime import date
from math import ceil

from planbok.analysis.forecast import MONTHS
from planbok.base.numbers import KR_PER_MNKR, mnkr
from planbok.case.sliders import TRIED, Floor, Slider, of_month
from planbok.ledger.act import MEASURE, PLANNED
from planbok.topics.follow_up.study import Study
from planbok.topics.follow_up.tables import TITLE, by_row

MOST_KR, STEP_KR = 1_000_000, 10_000
GAP, LEFT, FORECAST, DEVIATION = "kvar_att_atgarda_mnkr", "atgarder_kvar_mnkr", "prognos_mnkr", "avvikelse_mnkr"
MOST_MEASURES = 3
SENTENCE = (
    "Med det här är {kvar_att_atgarda_mnkr} kvar att åtgärda; prognosen är {prognos_mnkr} och avvikelsen "
    "{avvikelse_mnkr}."
)


def sliders(study: Study) -> tuple[Slider, ...]:
    """The dials, none where the year is over or the deviation isn't known."""
    amounts = study.prognosis.amounts
    first = study.tom + 2  # what is decided now begins at the earliest the month after next
    if first > MONTHS or amounts.gap_efter != amounts.gap_efter:
        return ()
    return (*_one_more(study, first), *_decided(study), _to_come(study))


def in_figure(month: int) -> str:
    """What the figure over the year calls a month's deviation."""
    return f"avvikelse.{month}"


def floors(study: Study) -> dict[str, Floor]:
    """What is left to do is never less than nothing."""
    amounts = study.prognosis.amounts
    return {GAP: Floor(mnkr(amounts.atgarder - amounts.avvikelse))}


def _one_more(study: Study, first: int) -> tuple[Slider, Slider]:
    """A further measure: kronor a month times the months that are left."""
    months = range(first, MONTHS + 1)
    points = [(month, float(MONTHS + 1 - month)) for month in months]
    size = [(0.0, 0.0), (MOST_KR, -MOST_KR / KR_PER_MNKR)]
    change = {
        "typ": "atgard",
        "namn": "Ytterligare åtgärd",
        "enhet": study.case.enhet,
        "budgetrad": str(study.prognosis.books.budget_rows["kostnad_kr"].idxmax()),
        "sida": "kostnad",
        "kr_per_manad": "-{atgard_kr}",
        "fran": "{atgard_manad}",
        "status": "planerad",
        **TRIED,
    }
    saved = [(at, -mnkr_) for at, mnkr_ in size]
    drawn = {in_figure(month): {"atgard": saved} for month in months}
    so_far = {month: [(start, float(max(month - start + 1, 0))) for start in months] for month in months}
    kr = Slider(
        "atgard_kr", "Ytterligare åtgärd", "kr i månaden", 0, MOST_KR, STEP_KR, 0,
        {key: {"atgard": size} for key in (GAP, LEFT)}, andring=change, ritar=drawn,
    )  # fmt: skip
    taken = {in_figure(month): {"atgard": so_far[month]} for month in months}
    moves = {key: {"atgard": points} for key in (GAP, LEFT)}
    return kr, of_month("atgard_manad", "Åtgärden från", study.case.ar, first, moves, first, ritar=taken)


def _decided(study: Study) -> list[Slider]:
    """How much of each decided measure comes, the largest first; all of it in the report."""
    parts = study.prognosis.parts
    changes = {n.nr: n.change for n in study.case.scenario}
    left = parts[parts["typ"] == MEASURE].groupby("nr", sort=False)["kvar"].sum()
    left = left[[nr for nr in left.index if changes[nr].status != PLANNED and left[nr]]]
    found = []
    for nr in left.abs().sort_values(ascending=False).index[:MOST_MEASURES]:
        points = [(0.0, 0.0), (100.0, mnkr(left[nr]))]
        name = f"Så mycket blir av: {changes[nr].namn}"
        moves = {key: {f"blir_av_{nr}": points} for key in (GAP, LEFT)}
        drawn = _evenly(study, f"blir_av_{nr}", 100, -mnkr(left[nr]), _start(study, changes[nr].fran))
        found.append(Slider(f"blir_av_{nr}", name, "%", 0, 100, 5, 100, moves, ritar=drawn))
    return found


def _to_come(study: Study) -> Slider:
    """Invoices that the outturn lacks: they are the year's cost. What is known of them is said, and not turned to."""
    known = by_row(study)
    name = f"{TITLE} (kända: {known})" if known else TITLE
    most = max(MOST_KR, STEP_KR * ceil(study.to_come.rows["kr"].sum() / STEP_KR))
    points = [(0.0, 0.0), (most, most / KR_PER_MNKR)]
    lower = [(0.0, 0.0), (most, -most / KR_PER_MNKR)]
    moves = {FORECAST: {"fakturor": points}, GAP: {"fakturor": points}, DEVIATION: {"fakturor": lower}}
    drawn = _evenly(study, "fakturor", most, -most / KR_PER_MNKR, study.tom + 1)
    return Slider("fakturor_kr", name, "kr", 0, most, STEP_KR, 0, moves, ritar=drawn)


def _start(study: Study, day: date) -> int:
    """The month from which a measure brings what is left of it: not one that is booked."""
    return min(max(study.tom + 1, MONTHS * (day.year - study.case.ar) + day.month), MONTHS)


def _evenly(study: Study, term: str, most: float, end: float, start: int) -> dict[str, dict[str, list]]:
    """An amount in the figure over the year, evenly from a month to the last one."""
    months = range(study.tom + 1, MONTHS + 1)
    opened = {month: min(max(month - start + 1, 0) / (MONTHS + 1 - start), 1.0) for month in months}
    return {in_figure(month): {term: [(0.0, 0.0), (most, end * share)]} for month, share in opened.items()}
