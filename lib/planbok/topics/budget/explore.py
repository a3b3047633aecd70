"""Try it yourself: an uprating of a budget row, by hand, with the model that the report uses."""

from datetime import date

import ipywidgets as widgets
import numpy as np

from planbok.changes import Upprakning
from planbok.explore import kit
from planbok.numbers import format_number, format_unit
from planbok.periods import MONTH_NAMES, long_date
from planbok.report.figure import bars
from planbok.scenario import NumberedChange, Scenario
from planbok.topics.budget import model
from planbok.topics.budget.study import Study
from planbok.topics.budget.tables import mnkr

SIDES = [("Kostnader", "kostnad"), ("Intäkter", "intakt")]
LARGEST_PERCENT = 10.0
STEP_PERCENT = 0.1


def explorer(study: Study) -> widgets.Widget:
    """Row, side, per cent and start month; the answer and the figure follow, the budget stays beside.

    What is set on the dials acts on top of the report's own scenario.
    """
    return build(study).widget()


def build(study: Study) -> kit.Explorer:
    """The explorer with its parts in reach, for tests and for other notebooks."""
    rows = study.outcome.base.rows()
    before = study.outcome.by_row()["netto_kr"]
    controls = {
        "budgetrad": kit.choice("Budgetrad", rows, str(before.idxmax()) if before.notna().any() else rows[0]),
        "sida": kit.choice("Sida", SIDES, "kostnad"),
        "procent": kit.number_slider("Ändring", "%", -LARGEST_PERCENT, LARGEST_PERCENT, STEP_PERCENT, 0.0),
        "manad": kit.choice("Från den 1", [(name, i) for i, name in enumerate(MONTH_NAMES, start=1)], 1),
    }
    year = study.case.ar
    figure = bars(
        rows,
        {"Budget": mnkr(study.bas.by_row()["netto_kr"]).tolist(), "Med ändringen": mnkr(before).tolist()},
        title=f"Nettokostnad {year} per budgetrad",
        alt=f"Nettokostnad {year} per budgetrad, budgeten bredvid det som reglagen ger.",
        mattenhet="Nettokostnad, mnkr",
    )
    return kit.Explorer(controls, figure, lambda **values: _answer(study, **values))


def tried(study: Study, budgetrad: str, sida: str, procent: float, manad: int) -> model.Outcome:
    """The budget with one uprating on top of the report's scenario."""
    if not procent:
        return study.outcome
    change = Upprakning(
        typ="upprakning",
        budgetrad=budgetrad,
        sida=sida,
        procent=procent,
        fran=date(study.case.ar, manad, 1),
        underlag="antagande",
        motivering="Prövat med reglagen",
    )
    numbered = NumberedChange(len(study.outcome.scenario.changes) + 1, "", change, "", 0, 1)
    scenario = Scenario("", "", changes=(*study.outcome.scenario.changes, numbered))
    return model.simulate(study.outcome.base, scenario, study.effects_of)


def _answer(study: Study, budgetrad: str, sida: str, procent: float, manad: int):
    outcome = tried(study, budgetrad, sida, procent, manad)
    by_row = [mnkr(o.by_row()["netto_kr"]).tolist() for o in (study.bas, outcome)]
    labels = [[format_number(value, 1) for value in values] for values in by_row]
    return _sentence(study, outcome, budgetrad, procent, manad), by_row, labels


def _sentence(study: Study, outcome: model.Outcome, budgetrad: str, procent: float, manad: int) -> str:
    amounts, before = outcome.amounts(), study.outcome.amounts()
    if np.isnan(amounts.kr):
        return "Underlaget anger inte hela nettokostnaden, så den kan inte räknas fram."
    net = format_unit(mnkr(amounts.kr), "mnkr", 2)
    if not procent:
        return f"Nettokostnaden är {net}. Dra i reglagen för att pröva en ändring."
    start = long_date(date(study.case.ar, manad, 1))
    year, full = (
        format_unit(mnkr(x), "mnkr", 2, signed=True)
        for x in (amounts.kr - before.kr, amounts.kr_helar - before.kr_helar)
    )
    change = format_unit(procent, "procent", signed=True)
    gap = mnkr(amounts.kr_ram - amounts.kr)
    state = f"{format_unit(abs(gap), 'mnkr', 2)} i {'underskott' if gap < 0 else 'överskott'}"
    return (
        f"Med {change} på {budgetrad} från {start} blir nettokostnaden {net}: {year} i år och {full} på helår. "
        f"Mot ramen är det {state}."
    )
