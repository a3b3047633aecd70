"""Try it yourself: a schedule that follows granted hours, and when hours are flagged."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import ipywidgets as widgets

from planbok.base.numbers import format_unit
from planbok.case.result import Column, Result, key_figure
from planbok.disclosure.door import seen
from planbok.explore import kit
from planbok.explore.beside import scenarios_bars, scenarios_table
from planbok.explore.board import Answer, Board, BoardTopic, Compared
from planbok.explore.desk import explorer_of
from planbok.explore.dial import Dial
from planbok.explore.figures import differences
from planbok.explore.forms import DIALS, TRIED, numbered, of_rule
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.topics.assistance import view
from planbok.topics.assistance.others import EFFECT
from planbok.topics.assistance.study import FLAG_RULE, OWN_COST_RULE, Study, study, tried

LARGEST_PERCENT, LARGEST_COST = 30, 1000
GROUP = "Schema och timkostnad"


def build(done: Study) -> Board:
    """The dials with their parts in reach, for tests and for other notebooks."""
    forms = [
        of_rule(FLAG_RULE, Dial("Flaggas från", "%", 0, LARGEST_PERCENT, 1), done.case),
        of_rule(OWN_COST_RULE, Dial("En timme kostar", "kr", 0, LARGEST_COST, 5), done.case),
    ]
    topic = BoardTopic(
        case=done.case,
        groups={GROUP: forms},
        answer=partial(answer, done, before=saving(tried(done, BAS))),
        verify=study,
        compare=partial(compare, done),
        result=view.result,
        more={GROUP: partial(_buttons, done)},
    )
    return Board(topic)


explorer = explorer_of(build)


def saving(done: Study) -> float | None:
    """kr a month that a schedule after granted hours saves, as the case's audience sees it; None where it may not."""
    return protected(done).nyckeltal["over_kr_per_manad"].varde


def schedule(done: Study) -> Scenario:
    """A measure that lets the schedule follow granted hours from the next month on, on the row of assistance."""
    place = done.case.sources.placement.place(done.case.enhet, EFFECT)
    change: dict[str, Any] = {"typ": "atgard", "namn": "Scheman efter beviljade timmar", "budgetrad": place.budgetrad}
    change |= {"sida": place.sida, "kr_per_manad": -round(saving(done) or 0), "status": "planerad", **TRIED}
    change |= {"fran": done.last_day + timedelta(days=1), "motivering": "Schemat följer de beviljade timmarna"}
    return Scenario(DIALS, "Scheman efter beviljade timmar", changes=numbered([change]))


def _buttons(done: Study, board: Board) -> Sequence[widgets.Widget]:
    """A button that lays a schedule after granted hours on the dials, as a measure of the budget and prognosis."""
    saved = saving(done)
    if not saved:
        return []
    kr = format_unit(saved, "kr")
    about = f"Ett schema efter de beviljade timmarna, {kr} i månaden: det följer med när du sparar scenariot"
    return [kit.button("Lägg schemat som åtgärd", lambda: board.open(schedule(done)), about)]


def protected(done: Study) -> Result:
    """What the dials move of the study's result, as the case's audience may see it."""
    return seen(done.case, view.over_granted(done))


def answer(done: Study, scenario: Scenario, before: float | None) -> Answer:
    """What is flagged under what stands on the dials, and what the hours beyond the granted ones cost a month.

    `before` is what they cost without the dials, where that may be seen.
    """
    shown = protected(tried(done, scenario))
    table, costs = shown.tabeller["timmar"], shown.nyckeltal["over_kr_per_manad"]
    which = ", ".join(table.frame.loc[table.frame["flagga"], "grupp"]) or "ingen grupp"
    title, names = "Vad timmar utöver de beviljade kostar i månaden", ["Timmar över beviljat"]
    figure = differences(names, [before], [costs.varde], title=title, mattenhet="I månaden, kr", decimaler=0)
    if costs.varde is None:
        return Answer(f"Vad timmar över beviljat kostar {costs.lacking}. Flaggas: {which}.", figure, table)
    kr = format_unit(costs.varde, "kr")
    return Answer(f"Timmar över beviljat kostar {kr} i månaden. Flaggas: {which}.", figure, table)


def compare(done: Study, scenarios: Sequence[Scenario]) -> Compared:
    """Saved scenarios side by side: groups that are flagged, and what the hours beyond the granted ones cost."""
    found = []
    for scenario in (BAS, *scenarios):
        shown = protected(tried(done, scenario))
        flagged = key_figure("flaggade_antal", shown.tabeller["timmar"].frame["flagga"].sum(), "Flaggas")
        found.append((scenario.titel, {view.OVER: shown.nyckeltal[view.OVER], "flaggade_antal": flagged}))
    columns = (Column(view.OVER, "Timmar över beviljat", decimaler=0), Column("flaggade_antal", "Flaggas"))
    table, title = scenarios_table("Assistans", found, columns), f"Timmar över beviljat i {len(found)} lägen"
    values = {"Timmar över beviljat": table.frame[view.OVER].tolist()}
    return Compared(table, scenarios_bars(table, values, "kr", title=title, mattenhet="kr", decimaler=0), {})
