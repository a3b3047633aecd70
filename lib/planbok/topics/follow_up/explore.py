"""Try it yourself: another method, a measure or a judgement by hand, with the model that the report uses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from planbok.analysis.forecast import EVERY_METHOD, MONTHS
from planbok.base.numbers import format_unit, mnkr
from planbok.base.periods import month_end
from planbok.case.result import Column, Table
from planbok.case.said import described
from planbok.disclosure.door import as_said
from planbok.explore import amounts, kit
from planbok.explore.beside import scenarios_bars
from planbok.explore.board import Answer, Board, BoardTopic, Compared
from planbok.explore.desk import explorer_of
from planbok.explore.figures import bridge, differences, growing
from planbok.explore.forms import Form
from planbok.explore.origin import LESS, OPENED, WITH
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.ledger.act import FRAME
from planbok.topics.follow_up import view
from planbok.topics.follow_up.choices import METHOD_NAMES, METHOD_RULE
from planbok.topics.follow_up.model import Prognosis
from planbok.topics.follow_up.sentences import state
from planbok.topics.follow_up.sheet_view import sheet_result
from planbok.topics.follow_up.study import Study, study, tried

AS_RULED = ""
ROWS = {
    "prognos": "Prognos",
    "avvikelse": "Avvikelse mot budgeten (− underskott)",
    "atgarder": "Beslutade åtgärder som återstår",
    "planerade": "Planerade åtgärder",
    "kvar": "Kvar att åtgärda",
}


def build(done: Study) -> Board:
    """The dials with their parts in reach, for tests and for other notebooks."""
    rows = done.prognosis.books.budget_rows.index.tolist()
    largest = str(by_row(done.prognosis).fillna(0.0).idxmax())
    ar, first = done.case.ar, min(done.tom + 1, MONTHS)
    made = month_end(ar, done.tom)
    topic = BoardTopic(
        case=done.case,
        groups={
            "Metod": [Methods.of(done, rows)],
            "Åtgärd": [amounts.measure(rows, largest, ar, first)],
            "Bedömning": [amounts.judgement(rows, largest, ar, first, made)],
        },
        answer=partial(answer, done),
        verify=lambda case: study(case, done.others),
        compare=partial(compare, done),
        result=sheet_result if done.case.notebook == "verksamhetsblad" else view.result,
        own=amounts.amount(rows, largest, ar, first),
    )
    return Board(topic)


@dataclass
class Methods(Form):
    """A method per budget row: one change of the rule `uppfoljning.metod`, the published value with some rows' own."""

    published: dict[str, Any] = field(default_factory=dict)
    enhet: str = ""

    @classmethod
    def of(cls, done: Study, rows: Sequence[str]) -> "Methods":
        """A choice of method for each row, with what the rule says now."""
        options = [("som reglerna säger", AS_RULED), *((METHOD_NAMES[name], name) for name in EVERY_METHOD)]
        published = done.case.sources.rules.value(METHOD_RULE, date(done.case.ar, 1, 1)).varde
        fixed = {"typ": "regel", "regel": METHOD_RULE, "fran": date(done.case.ar, 1, 1)}
        controls = {row: kit.choice(row, options, AS_RULED) for row in rows}
        return cls(fixed, controls, published=published, enhet=done.case.enhet)

    @property
    def size(self) -> str:
        return next(iter(self.controls))

    def change(self) -> dict[str, Any] | None:
        chosen = {row: control.value for row, control in self.controls.items() if control.value}
        return {**self.fixed, "varde": self._with(chosen)} if chosen else None

    def _with(self, chosen: dict[str, Any]) -> dict[str, Any]:
        """The published rule with the unit's rows as chosen."""
        own = self.published.get(self.enhet, {})
        return {**self.published, self.enhet: {**own, **chosen}}

    def put(self, change: dict[str, Any], moved: set[int]) -> bool:
        """Shows a change of the rule that differs from the published one in rows of the unit only."""
        value = change.get("varde")
        if any(change.get(key) != found for key, found in self.fixed.items()) or not isinstance(value, dict):
            return False
        own = value.get(self.enhet, {})
        before = self.published.get(self.enhet, {})
        chosen = {row: own[row] for row in own if own[row] != before.get(row)} if isinstance(own, dict) else {}
        fits = all(row in self.controls and name in EVERY_METHOD for row, name in chosen.items())
        if not chosen or not fits or self._with(chosen) != value:
            return False
        for row, name in chosen.items():
            self.controls[row].value = name
        return True


def by_row(found: Prognosis) -> pd.Series:
    """Each budget row's year with changes, judgement and measures, kr."""
    parts = found.parts
    put = parts.groupby("leaf")["kvar"].sum(min_count=1).reindex(range(len(found.books.leaves)), fill_value=0.0)
    net = pd.Series(found.net(found.model) + put.to_numpy(float))
    rows = net.groupby(found.books.leaves["budgetrad"].to_numpy(), sort=False).sum(min_count=1)
    return rows.reindex(found.books.budget_rows.index)


def answer(done: Study, scenario: Scenario) -> Answer:
    """The year under what stands on the dials.

    Raises
    ------
    InputError
        If a change moves nothing, as in a run.
    """
    found = tried(done, scenario)
    frame = _rows(done, found)
    rows = frame[frame["budgetrad"] != TOTAL_ROW]
    title = f"Prognos {done.case.ar}: {format_unit(frame['prov'].iloc[-1], 'mnkr', 2)}, åtgärderna inräknade"
    names, before, now = (rows[key].tolist() for key in ("budgetrad", "rapport", "prov"))
    figure = differences(names, before, now, title=title, mattenhet="Nettokostnad, mnkr", decimaler=2)
    put = found.parts.groupby("nr")["kvar"].sum()
    table = _table(
        done,
        amounts.with_own_lines(done.case, scenario, frame, lambda nr: {"skillnad": mnkr(float(put.get(nr, np.nan)))}),
    )
    total = len(table.frame) - 1
    came = {(total, key): f"{which} prognos_mnkr" for key, which in (("rapport", OPENED), ("prov", WITH))}
    came |= {(total, "budget"): f"{OPENED} budget_mnkr", (total, "skillnad"): f"{WITH}{LESS}{OPENED} prognos_mnkr"}
    return Answer(_sentence(found), figure, table, _line(done, found), came)


def _line(done: Study, found: Prognosis) -> go.Figure | None:
    """How the difference against the report's prognosis grows over the year, measures included."""
    months = [(its.net(its.months) + its.spread(measures=True)).sum(axis=0) for its in (done.prognosis, found)]
    return growing(mnkr(np.cumsum(months[1] - months[0])).tolist(), "prognosen i rapporten")


def _rows(done: Study, found: Prognosis) -> pd.DataFrame:
    """Budget, the report's prognosis and that of the dials by row, mnkr."""
    books = found.books
    frame = pd.DataFrame(
        {
            "budget": mnkr(books.budget_rows @ np.array([1.0, -1.0])),
            "rapport": mnkr(by_row(done.prognosis)),
            "prov": mnkr(by_row(found)),
        }
    )
    frame.loc[TOTAL_ROW] = frame.sum(skipna=False)
    frame["skillnad"] = (frame["prov"] - frame["rapport"]).round(9)  # without the noise of binary fractions
    return frame.rename_axis("budgetrad").reset_index()


def _table(done: Study, frame: pd.DataFrame) -> Table:
    columns = (
        Column("budgetrad", "Budgetrad"),
        Column("budget", "Budget", mattenhet="mnkr", decimaler=2),
        Column("rapport", "Prognos i rapporten", mattenhet="mnkr", decimaler=2),
        Column("prov", "Med reglagen", mattenhet="mnkr", decimaler=2),
        Column("skillnad", "Skillnad", mattenhet="mnkr", decimaler=2, formula="{prov}-{rapport}"),
    )
    return Table("prova", f"Prognosen {done.case.ar}, åtgärderna inräknade", frame, columns, total_row=True)


def _sentence(found: Prognosis) -> str:
    money = found.amounts
    if np.isnan(money.prognos):
        return "Underlaget anger inte alla belopp, så prognosen kan inte räknas fram."
    year = format_unit(mnkr(money.prognos), "mnkr", 2)
    after = state(money.avvikelse - money.atgarder - money.planerade)
    before = f"Prognosen är {year}: {state(money.avvikelse)}"
    if not money.atgarder and not money.planerade:
        return f"{before}."
    return f"{before}. När alla åtgärder har gjort sitt, också planerade, blir det {after}."


def compare(done: Study, scenarios: Sequence[Scenario]) -> Compared:
    """Saved scenarios side by side, and what each change does to the year when the measures have done theirs.

    Raises
    ------
    InputError
        With what hinders any of them here.
    """
    bas = tried(done, BAS)
    found = [(BAS.titel, bas), *((scenario.titel, tried(done, scenario)) for scenario in scenarios)]
    rows: list[dict[str, Any]] = []
    for titel, one in found:
        money = one.amounts
        values = (money.prognos, money.avvikelse, money.atgarder, money.planerade, money.gap_efter)
        rows.append({"titel": titel, **{key: float(mnkr(kr)) for key, kr in zip(ROWS, values, strict=True)}})
    frame = pd.DataFrame(rows)
    signed = ("avvikelse", "atgarder", "planerade")
    columns = (
        Column("titel", "Scenario"),
        *(Column(k, text, mattenhet="mnkr", decimaler=2, signed=k in signed) for k, text in ROWS.items()),
    )
    table = Table("jamfor", f"Prognosen {done.case.ar}", frame, columns)
    title = f"Prognosen {done.case.ar} i {len(scenarios)} scenarier och budgeten"
    year = {"Prognos": frame["prognos"].tolist()}
    figure = scenarios_bars(table, year, "mnkr", title=title, mattenhet="Prognos, mnkr", decimaler=2)
    bridges = {s.titel: _bridge(done, bas, s, one) for s, (_, one) in zip(scenarios, found[1:], strict=True)}
    return Compared(table, figure, bridges)


def _bridge(done: Study, bas: Prognosis, scenario: Scenario, found: Prognosis) -> go.Figure | str:
    """From the prognosis without changes to that with the scenario's, measures included; one bar a change."""
    start = bas.amounts.prognos
    steps = {"Andra metoder": found.amounts.modell - bas.amounts.modell}
    parts = found.parts[found.parts["side"] < FRAME].groupby("nr")["kvar"].sum()
    for i, numbered in enumerate(scenario, start=1):
        if numbered.nr in parts.index:
            text = as_said(done.case, described(numbered.change))
            steps[f"{i}. {text}"] = float(parts[numbered.nr])
    steps = {text: float(mnkr(kr)) for text, kr in steps.items() if abs(kr) >= 1}
    if not steps or np.isnan(start):
        return "Scenariot ändrar inte prognosen."
    before = float(mnkr(start))
    first, last = ("Prognos utan förändringar", before), ("Prognos efter åtgärder", before + sum(steps.values()))
    return bridge(scenario.titel, first, steps, last, amount="Nettokostnad", unit="mnkr", decimaler=2)


explorer = explorer_of(build)
