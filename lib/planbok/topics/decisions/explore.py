"""Try it yourself: officers, cases and minutes per case, what they do to the queue, and how cases are split."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import ipywidgets as widgets
import numpy as np

from planbok.base.numbers import format_number
from planbok.base.words import small
from planbok.case.result import Column, Result, Table
from planbok.disclosure.door import seen
from planbok.explore import kit
from planbok.explore.beside import scenarios_bars, scenarios_table
from planbok.explore.board import Answer, Board, BoardTopic, Compared
from planbok.explore.desk import explorer_of
from planbok.explore.dial import Dial
from planbok.explore.forms import Form, of_rule, size_dial
from planbok.explore.origin import WITH
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.report import table as tables
from planbok.report.figure import bars
from planbok.topics.decisions import figures, view
from planbok.topics.decisions.officers import fair_split
from planbok.topics.decisions.study import PREFIX, Study, study, tried

OFFICERS, CASES, TIME = "Handläggare", "Ärenden", "Tid per ärende"
MINUTES = {
    "minuter.utredning": ("Utredning", "minuter", 3000, 30),
    "minuter.uppfoljning": ("Uppföljning", "minuter", 1200, 15),
    "timmar_per_handlaggare": ("Timmar per heltid och månad", "h", 160, 2),
}
TABLE = "fordelning"
MOST_CASES, SHARE_STEP = 1000, 0.05


def build(done: Study) -> Board:
    """The dials with their parts in reach, for tests and for other notebooks."""
    groups = {OFFICERS: [_officers(done)], CASES: [_cases(done)], TIME: _minutes(done)}
    more = {OFFICERS: partial(_split, done)}
    return Board(
        BoardTopic(done.case, groups, partial(answer, done), study, partial(compare, done), more, result=view.result)
    )


def _split(done: Study, board: Board) -> Sequence[widgets.Widget]:
    """The fair split, where the report shows officers one by one."""
    return dials(seen(done.case, view.result(tried(done, done.case.scenario))))


def _officers(done: Study) -> Form:
    controls: dict[str, kit.Control] = {
        "antal": size_dial("handlaggare", "Handläggare, minus är färre"),
        "fran": kit.day("Från", done.tomorrow.date()),
        "till": kit.day("Till (om det tar slut)", None),
    }
    return Form({"typ": "handlaggare"}, controls)


def _cases(done: Study) -> Form:
    asked = done.tables.get("arenden", done.rows)["insats"]
    insatser = [(done.insats_name(name), name) for name in sorted(asked.unique())]
    controls: dict[str, kit.Control] = {
        "insats": kit.choice("Insats", insatser, insatser[0][1]),
        "antal": size_dial("arenden", "Nya ärenden per månad, minus är färre"),
        "fran": kit.day("Från", done.tomorrow.date()),
        "till": kit.day("Till (om det tar slut)", None),
    }
    return Form({"typ": "arenden"}, controls)


def _minutes(done: Study) -> list[Form]:
    return [
        of_rule(PREFIX + name, Dial(label, unit, 0, most, step), done.case)
        for name, (label, unit, most, step) in MINUTES.items()
    ]


def protected(done: Study, scenario: Scenario) -> Result:
    """The queue under a scenario as the case's audience may see it."""
    found = tried(done, scenario)
    return seen(found.case, view.queue(found))


def answer(done: Study, scenario: Scenario) -> Answer:
    """The queue under what stands on the dials, beside what it is without them."""
    shown = protected(done, scenario)
    table = shown.tabeller["kapacitet"]
    return Answer(
        _sentence(shown), _figure(shown), table, came={(len(table.frame) - 1, "ko_antal"): f"{WITH} ko_sist_antal"}
    )


def _sentence(shown: Result) -> str:
    now, last, gone = shown.fakta["ko_antal"], shown.nyckeltal["ko_sist_antal"], shown.fakta["ko_borta"]
    if last.varde is None:
        return f"Kön: {last.why}."
    end = f"Den är borta efter {gone.varde} månader" if gone.varde is not None else "Den finns kvar"
    return f"Kön går från {format_number(now.varde, 0)} till {format_number(last.varde, 0)} utredningar. {end}."


def _figure(shown: Result):
    found = figures.queue_figure(shown, on_dials=True)
    if not isinstance(found, str):
        return found
    return bars(["Kön"], {"Kön": [None]}, title=found, alt=found, mattenhet="utredningar", missing="visas inte")


def compare(done: Study, scenarios: Sequence[Scenario]) -> Compared:
    """Saved scenarios side by side: the queue after the months, and when it is gone."""
    found = []
    for scenario in (BAS, *scenarios):
        shown = protected(done, scenario)
        found.append(
            (scenario.titel, {"ko_antal": shown.nyckeltal["ko_sist_antal"], "borta_manad": shown.fakta["ko_borta"]})
        )
    columns = (
        Column("ko_antal", "Kö sista månaden"),
        Column("borta_manad", "Kön är borta efter", "manader", 0),
    )
    table = scenarios_table("Kön", found, columns)
    left, title = {"Kö": table.frame["ko_antal"].tolist()}, f"Kön i {len(found)} lägen"
    return Compared(table, scenarios_bars(table, left, "", title=title, mattenhet="utredningar", decimaler=0), {})


def split_table(shown: Table, cases: int, shares: Sequence[float]) -> Table:
    """The officers' table with other working shares and the split of some cases that they give."""
    each = np.array(shares, dtype=float)
    return replace(shown, frame=shown.frame.assign(tjanstgoring_andel=each, fordelning=fair_split(cases, each)))


def dials(shown: Result) -> list[widgets.Widget]:
    """The fair split on dials with its table, begun at what the report has; none where the report shows no officer.

    For fair load only: of an officer nothing but open cases and share, in the order of the table and without names.
    """
    table = shown.tabeller.get(TABLE)
    if table is None:
        return []
    frame, below = table.frame, widgets.HTML()
    limited = float(frame["fordelning"].sum())
    cases = Dial("Tidsbegränsade ärenden", "st", 0, max(MOST_CASES, limited), 1, limited)
    each = [
        Dial(f"Tjänstgöring, {small(row)}", "andel", 0, 1, SHARE_STEP, share)
        for row, share in zip(frame["rad"], frame["tjanstgoring_andel"], strict=True)
    ]

    def show() -> None:
        found = split_table(table, round(cases.value), [dial.value for dial in each])
        below.value = tables.render(found)

    for dial in (cases, *each):
        kit.on_change(dial, show)
    show()
    return [kit.heading("Prova en jämn fördelning"), cases, *each, below]


explorer = explorer_of(build)
