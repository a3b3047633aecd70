"""Try it yourself: upratings, amounts, measures and the frame by hand, with the model that the report uses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import ipywidgets as widgets
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from planbok.analysis.break_even import closing_change
from planbok.base.numbers import format_unit
from planbok.base.periods import month_span
from planbok.case.result import Column, Table
from planbok.case.topic import Others
from planbok.disclosure.door import as_said
from planbok.explore import amounts, kit
from planbok.explore.board import Answer, Board, BoardTopic, Compared
from planbok.explore.desk import explorer_of
from planbok.explore.figures import differences, growing
from planbok.explore.forms import Form, size_dial
from planbok.explore.origin import LESS, WITH, WITHOUT
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.ledger import act as model
from planbok.report.charts import MONTHS
from planbok.report.text import moved as in_both
from planbok.topics.budget import tables, view
from planbok.topics.budget.figures import drawn_bridge, drawn_scenarios
from planbok.topics.budget.study import Study, study, tried
from planbok.topics.budget.tables import mnkr

CAME = {  # the key figures that the table's total are
    "budget": f"{WITHOUT} nettokostnad_mnkr",
    "prov": f"{WITH} nettokostnad_mnkr",
    "skillnad": f"{WITH}{LESS}{WITHOUT} nettokostnad_mnkr",
    "helar": f"{WITH} helarseffekt_mnkr",
    "ram": f"{WITH} ram_mnkr",
}


def build(done: Study) -> Board:
    """The dials with their parts in reach, for tests and for other notebooks."""
    way, rows = _Way(done), (done.outcome.base.rows(), largest_row(done), done.case.ar)
    groups = {
        "Kostnader": _upratings(done, "kostnad"),
        "Intäkter": _upratings(done, "intakt"),
        "Belopp": [amounts.amount(*rows)],
        "Åtgärd": [amounts.measure(*rows)],
        "Ram och balans": [amounts.frame(*rows)],
    }
    there = {name: forms for name, forms in groups.items() if forms}
    verify, more = (lambda case: study(case, Others(done.effects_of))), {"Ram och balans": way.parts}
    topic = BoardTopic(
        case=done.case,
        groups=there,
        answer=partial(answer, done, way=way),
        verify=verify,
        compare=partial(compare, done),
        more=more,
        result=view.result,
        own=amounts.amount(*rows),
    )
    return Board(topic)


def largest_row(done: Study) -> str:
    """The row with the largest net cost, the first one where none is known."""
    net = done.bas.by_row()["netto_kr"]
    return str(net.idxmax()) if net.notna().any() else str(net.index[0])


@dataclass
class _Way:
    """The dial of the row that gives way, and from which month; a change only when it is laid in as a measure."""

    done: Study

    def __post_init__(self):
        self.row = kit.choice("Rad som ger vika", self.done.outcome.base.rows(), largest_row(self.done))
        self.month = kit.since(self.done.case.ar, tables.first_month(self.done))

    def parts(self, board: Board) -> list[widgets.Widget]:
        """Its controls; each computes the board anew."""
        for control in (self.row, self.month):
            kit.on_change(control, board.anew)
        return [self.row, self.month]

    def sentence(self, outcome: model.Outcome) -> str:
        """What the row has to give for balance; nothing where there is no gap."""
        found, start, row = outcome.amounts(), self.month.value.month, self.row.value
        if not abs(found.kr_ram - found.kr) >= 0.5:
            return "Det är i balans."
        left = outcome.by_row(outcome.base.columns(outcome.base.ar, start))["netto_kr"][row]
        closing = closing_change(found.kr_ram, found.kr, 13 - start, left)
        share = "" if closing.procent is None else f", {format_unit(abs(closing.procent), 'procent')} av raden"
        how = "sänkas" if closing.kr < 0 else "öka"
        monthly = format_unit(abs(closing.kr_per_manad), "kr", 0)
        return f"För balans behöver {row} {how} med {monthly} i månaden {month_span(start)}{share}."


def _upratings(done: Study, side: str) -> list[Form]:
    """A dial per row that has money on the side, and one start month for them all."""
    money = done.bas.by_row()[f"{side}_kr"]
    start = kit.since(done.case.ar)
    return [
        Form(
            {"typ": "upprakning", "budgetrad": row, "sida": side},
            {"procent": size_dial("upprakning", row)},
            {"fran": start},
        )
        for row in money.index[money.notna() & (money != 0)]
    ]


def answer(done: Study, scenario: Scenario, way: _Way) -> Answer:
    """The budget under what stands on the dials.

    Raises
    ------
    InputError
        If a change moves nothing, as in a run.
    """
    outcome = tried(done, scenario)
    before, now = (mnkr(o.by_row()["netto_kr"]).tolist() for o in (done.bas, outcome))
    ar, net = done.case.ar, outcome.amounts().kr
    title = f"Nettokostnad {ar}: {format_unit(mnkr(net), 'mnkr', 2)} med reglagen"
    figure = differences(outcome.base.rows(), before, now, title=title, mattenhet="Nettokostnad, mnkr", decimaler=2)
    table = _table(done, outcome)
    came = {(len(table.frame) - 1, column): key for column, key in CAME.items()}
    if done.case.jamfor_med.id != BAS.id:  # the key figure is then a difference against another scenario
        del came[len(table.frame) - 1, "helar"]
    return Answer(_sentence(done, outcome, way), figure, table, _line(done, outcome), came)


def _line(done: Study, outcome: model.Outcome) -> go.Figure | None:
    """How the difference grows over the year; None while there is none, or the budget does not say."""
    months = [by_month.by_month()["netto_kr"].iloc[: len(MONTHS)].to_numpy() for by_month in (done.bas, outcome)]
    return growing(mnkr(np.cumsum(months[1] - months[0])).tolist(), "budgeten")


def _sentence(done: Study, outcome: model.Outcome, way: _Way) -> str:
    found, moved = outcome.amounts(), outcome.moved
    change = in_both(moved.kr, moved.kr_helar, lambda kr: format_unit(mnkr(kr), "mnkr", 2))
    if np.isnan(found.kr):
        said = "Underlaget anger inte hela nettokostnaden, så den kan inte räknas fram"
        return f"{said}; med reglagen {change}." if outcome.scenario.changes else f"{said}."
    net = format_unit(mnkr(found.kr), "mnkr", 2)
    if not outcome.scenario.changes:
        return f"Nettokostnaden är {net}. Dra i reglagen för att pröva en ändring."
    gap = mnkr(found.kr_ram - found.kr)
    state = f"{format_unit(abs(gap), 'mnkr', 2)} i {'underskott' if gap < 0 else 'överskott'}"
    return (
        f"Nettokostnaden blir {net}: den {change}. "
        f"Mot ramen {format_unit(mnkr(found.kr_ram), 'mnkr', 2)} är det {state}. {way.sentence(outcome)}"
    )


def _table(done: Study, outcome: model.Outcome) -> Table:
    rows, bas = outcome.by_row(), done.bas.by_row()
    frame = pd.DataFrame(
        {
            "budget": mnkr(bas["netto_kr"]),
            "prov": mnkr(rows["netto_kr"]),
            "skillnad": mnkr(outcome.moved_by_row()["netto_kr"]),
            "helar": mnkr(outcome.moved_by_row(outcome.base.full_year)["netto_kr"]),
            "ram": mnkr(rows["ram_kr"]),
        }
    )
    frame.loc[TOTAL_ROW] = frame.sum(skipna=False)
    frame = frame.rename_axis("budgetrad").reset_index()
    periods = {"skillnad": outcome.base.columns(done.case.ar), "helar": outcome.base.full_year}
    frame = amounts.with_own_lines(
        done.case,
        outcome.scenario,
        frame,
        lambda nr: {key: mnkr(outcome.net_of(nr, months)) for key, months in periods.items()},
    )
    columns = (
        Column("budgetrad", "Budgetrad"),
        Column("budget", "Budget", mattenhet="mnkr", decimaler=2),
        Column("prov", "Med reglagen", mattenhet="mnkr", decimaler=2),
        Column("skillnad", "Skillnad i år", mattenhet="mnkr", decimaler=2),
        Column("helar", "Skillnad på helår", mattenhet="mnkr", decimaler=2, signed=True),
        Column("ram", "Ram", mattenhet="mnkr", decimaler=2),
    )
    return Table("prova", f"Budgeten {done.case.ar} och reglagen", frame, columns, total_row=True)


def compare(done: Study, scenarios: Sequence[Scenario]) -> Compared:
    """Saved scenarios side by side: what each differs from the budget, and why.

    Raises
    ------
    InputError
        With what hinders any of them in the unit's budget.
    """
    outcomes = [tried(done, scenario) for scenario in scenarios]
    beside = replace(done, versus=done.bas, others=outcomes, outcome=done.bas)
    table = as_said(done.case, tables.scenarios_table(beside))
    bridges = {}
    for outcome in outcomes:
        if outcome.scenario.id != BAS.id:
            one = replace(beside, outcome=outcome)
            frame = as_said(done.case, tables.bridge_table(one)).frame
            bridges[outcome.scenario.titel] = drawn_bridge(frame, "budgeten")
    return Compared(table, drawn_scenarios(table.frame, alike=True), bridges)


explorer = explorer_of(build)
