"""Try it yourself: persons, levels and prices by hand, and the days that no measurement pays."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import plotly.graph_objects as go

from planbok.base.numbers import KR_PER_MNKR, format_unit, in_mnkr
from planbok.base.words import counted
from planbok.case.result import Column, Result
from planbok.case.study import so_far
from planbok.disclosure.door import seen
from planbok.explore import kit
from planbok.explore.beside import alike, change_bridge, dials_table, number, scenarios_bars, scenarios_table
from planbok.explore.board import Answer, Board, BoardTopic, Compared
from planbok.explore.desk import explorer_of
from planbok.explore.dial import Dial
from planbok.explore.figures import differences
from planbok.explore.forms import Form, of_rule, size_dial
from planbok.explore.kit import Control
from planbok.inputs.rules.rules import LIST_RULE
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.lss.measurement import MEASURE_RULES
from planbok.lss.price_book import levels
from planbok.topics.lss_peng import tables, view
from planbok.topics.lss_peng.study import Study, study, tried, worlds
from planbok.topics.lss_peng.worlds import World

LARGEST_PERCENT, STEP_PERCENT = 15.0, 0.1
ALL = [("alla", "")]
ROWS = {
    "preliminar_kr": "Preliminär budget",
    "efter_matning_1_kr": "Budget efter mätning 1",
    "slutlig_kr": "Slutlig budget",
    "peng_dygn_kr": "Årets dygn",
    "skillnad_matning_dygn_kr": "Slutlig budget minus dygn",
    "helar_kr": "Budget på helår, läget 31 december",
    "ersattning_till_utforare_kr": "Betalt till utförare",
}
DRAWN = ("preliminar_kr", "efter_matning_1_kr", "slutlig_kr", "peng_dygn_kr")


def build(done: Study) -> Board:
    """The dials with their parts in reach, for tests and for other notebooks."""
    bas = amounts(done, BAS, done.bas)
    groups = {
        "Personer in och ut": [_persons(done)],
        "Nivåer": [_levels(done)],
        "Priser": [_list_year(done), _uprating(done)],
        "Mätregel": [_rule(done)],
    }
    return Board(
        BoardTopic(done.case, groups, partial(answer, done, bas=bas), study, partial(compare, done), result=view.result)
    )


def _insatser(done: Study) -> list[tuple[str, str]]:
    """The insatser of the year that have levels, the unit's own most used first."""
    named = levels(done.case.sources.rules)
    used = done.bas.by_day["insats"].value_counts().index
    order = [*(name for name in used if name in named), *(name for name in sorted(named) if name not in set(used))]
    return [(tables.insats_name(done, name), name) for name in order]


def _regi(done: Study) -> list[str]:
    prices = done.case.sources.rules.prices
    listed = prices.loc[prices["ar"] == done.case.ar, "regi"].unique().tolist() if len(prices) else []
    return listed or ["kommunal"]


def _level_choices(done: Study) -> list[tuple[str, int]]:
    found = {int(niva) for its in levels(done.case.sources.rules).values() for niva in its}
    return [(f"nivå {niva}", niva) for niva in sorted(found)]


def _where(done: Study) -> dict[str, kit.Control]:
    insatser, regi = _insatser(done), _regi(done)
    return {"insats": kit.choice("Insats", insatser, insatser[0][1]), "regi": kit.choice("Regi", regi, regi[0])}


def _persons(done: Study) -> Form:
    choices = _level_choices(done)
    controls = {
        **_where(done),
        "niva": kit.choice("Nivå", choices, choices[len(choices) // 2][1]),
        "antal": size_dial("volym", "Antal, minus är ut"),
        "fran": kit.since(done.case.ar),
        "till": kit.day("Till (om det tar slut)", None),
    }
    return Form({"typ": "volym"}, controls)


def _levels(done: Study) -> Form:
    choices = _level_choices(done)
    low = choices[max(0, len(choices) // 2 - 1)][1]
    controls = {
        **_where(done),
        "fran_niva": kit.choice("Från nivå", choices, low),
        "till_niva": kit.choice("Till nivå", choices, low + 1),
        "antal": size_dial("nivabyte"),
        "fran": kit.day("Från", done.bas.frame.matning_2),
    }
    return Form({"typ": "nivabyte"}, controls)


def _list_year(done: Study) -> Form:
    prices, ar = done.case.sources.rules.prices, done.case.ar
    years = sorted(set(prices["ar"])) if len(prices) else []
    options = [("årets egen", ""), *((str(year), int(year)) for year in years if year != ar)]
    return of_rule(LIST_RULE, kit.choice("Prislista", options, ""), done.case)


def _uprating(done: Study) -> Form:
    controls: dict[str, Control] = {
        "procent": Dial("Uppräkning av priserna", "%", -LARGEST_PERCENT, LARGEST_PERCENT, STEP_PERCENT),
        "fran": kit.since(done.case.ar),
        "insats": kit.choice("Insats", [*ALL, *_insatser(done)], ""),
        "regi": kit.choice("Regi", [*ALL, *((name, name) for name in _regi(done))], ""),
    }
    return Form({"typ": "upprakning", "prislista": "lss_peng"}, controls)


def _rule(done: Study) -> Form:
    published = done.bas.frame.matregel
    others = [("som reglerna säger", ""), *((name, name) for name in MEASURE_RULES if name != published)]
    return of_rule("lss_peng.matregel", kit.choice("Mätregel", others, ""), done.case)


def amounts(done: Study, scenario: Scenario, world: World) -> Result:
    """The year's amounts in a world, by the keys of `ROWS`, as the case's audience may see them."""
    case = replace(done.case, scenario=scenario)
    return seen(case, view.amounts(replace(done, case=case, world=world)))


def answer(done: Study, scenario: Scenario, bas: Result) -> Answer:
    """The year under what stands on the dials, beside the amounts without them.

    Raises
    ------
    InputError
        If there are too few persons to move, or nothing is moved.
    """
    now = amounts(done, scenario, tried(done, scenario))
    before, after = alike(bas.nyckeltal, now.nyckeltal)
    bas, now = replace(bas, nyckeltal=before), replace(now, nyckeltal=after)
    table = dials_table(f"LSS-peng {done.case.ar} och reglagen", "LSS-peng", ROWS, before, after)
    return Answer(_sentence(done, scenario, bas, now), _figure(done, bas, now), table)


def _figure(done: Study, bas: Result, now: Result) -> go.Figure:
    """What the dials move of the amounts."""
    before, after = ([number(its.nyckeltal[key], KR_PER_MNKR) for key in DRAWN] for its in (bas, now))
    final = now.nyckeltal["slutlig_kr"]
    told = final.why if final.varde is None else f"{in_mnkr(final.varde, 2)} med reglagen"
    title = f"LSS-peng {done.case.ar}: slutlig budget {told}"
    names, why = (
        [ROWS[key] for key in DRAWN],
        "skyddas" if any(now.nyckeltal[key].skyddas for key in DRAWN) else "okänt",
    )
    return differences(
        names, before, after, title=title, mattenhet="LSS-peng, mnkr", decimaler=2, plus="better", missing=why
    )


def _sentence(done: Study, scenario: Scenario, bas: Result, now: Result) -> str:
    figures, before = now.nyckeltal, bas.nyckeltal
    if figures["slutlig_kr"].saknas:
        return f"Prislistan har inget pris {done.case.ar} för enhetens insatser. Låna ett annat års lista under Priser."
    said = []
    for key in ("slutlig_kr", "peng_dygn_kr"):
        kr, start = figures[key].varde, before[key].varde
        known, places = kr is not None and start is not None, 1 if figures[key].avrundat_till else 2
        by = (
            f" ({in_mnkr(figures[key].number - before[key].number, places, signed=True)})"
            if scenario.changes and known
            else ""
        )
        said.append(figures[key].why if kr is None else figures[key].about + in_mnkr(kr, places) + by)
    gap = figures["skillnad_matning_dygn_kr"].varde
    if gap is None:
        return f"Slutlig budget: {said[0]}. Årets dygn: {said[1]}."
    rest = figures["skillnad_matning_dygn_kr"].about + format_unit(abs(gap), "kr", 0)
    how = f"Budgeten täcker inte {rest} av dygnen" if gap < 0 else f"Budgeten är {rest} mer än dygnen"
    return f"Slutlig budget blir {said[0]}, och årets dygn är värda {said[1]}. {how}{_who_came_after(now)}."


def _who_came_after(now: Result) -> str:
    """The days of those who came after the last measurement, where they are enough to be told of."""
    persons, days, kr = (now.fakta[key].varde for key in ("personer_efter", "dygn_efter", "efter_kr"))
    if not persons or days is None or kr is None:
        return ""
    who = counted(persons, "person", "personer")
    return f"; {who} som kom efter mätningen har {format_unit(days, 'dygn', 0)}, {in_mnkr(kr, 2)}"


def compare(done: Study, scenarios: Sequence[Scenario]) -> Compared:
    """Saved scenarios side by side: the year's amounts of each, and what each change does to the final budget.

    Raises
    ------
    InputError
        With what hinders any of them in the unit's decisions.
    """
    worlds_ = [(BAS, done.bas), *((s, tried(done, s)) for s in scenarios)]
    found = [(s.titel, amounts(done, s, world).nyckeltal) for s, world in worlds_]
    columns = [Column(key, text, "kr", signed=key == "skillnad_matning_dygn_kr") for key, text in ROWS.items()]
    table = scenarios_table(f"LSS-peng {done.case.ar}", found, columns)
    kr = table.frame[["slutlig_kr", "peng_dygn_kr"]]
    bridges = {s.titel: _bridge(done, s) for s in scenarios}
    if kr.isna().any(axis=None):
        return Compared(table, "Beloppen visas inte som figur: några av dem saknas eller skyddas.", bridges)
    series = {ROWS[str(key)]: (kr[key] / KR_PER_MNKR).tolist() for key in kr}
    low, high = kr["slutlig_kr"].min(), kr["slutlig_kr"].max()
    title = f"Slutlig budget {done.case.ar}: {in_mnkr(low, 2)} till {in_mnkr(high, 2)}"
    figure = scenarios_bars(table, series, "mnkr", title=title, mattenhet="LSS-peng, mnkr", decimaler=2)
    return Compared(table, figure, bridges)


def _bridge(done: Study, scenario: Scenario) -> go.Figure | str:
    """From the final budget as it is to the scenario's, change by change in the order in which they act."""
    chain = worlds(done.case, scenario, done.case.unit_rows("beslut"))
    both = zip(so_far(scenario), chain, strict=True)
    shown = [amounts(done, taken, world).nyckeltal["slutlig_kr"] for taken, world in both]
    return change_bridge(
        scenario,
        [number(figure) for figure in shown],
        ("Slutlig budget", "Med scenariot"),
        case=done.case,
        title=scenario.titel,
        amount="LSS-peng",
        unit="mnkr",
        decimaler=2,
        lacking=f"Stegen visas inte som figur: {next((f.why for f in shown if f.varde is None), '')}.",
        nothing="Scenariot ändrar inte den slutliga budgeten.",
        plus="better",
    )


explorer = explorer_of(build)
