"""Try it yourself: persons, levels and prices by hand, and the days that no measurement pays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import ipywidgets as widgets
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from planbok.base.numbers import KR_PER_MNKR, format_unit
from planbok.case.result import Column, Table
from planbok.disclosure.suppress import OPEN_AUDIENCE, note
from planbok.explore import kit
from planbok.explore.board import Answer, Board, Compared, Topic
from planbok.explore.desk import Desk
from planbok.explore.dial import Dial
from planbok.explore.figures import bridge, by_change
from planbok.explore.forms import Form, size_dial
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.lss.measurement import MEASURE_RULES
from planbok.lss.price_book import LIST_RULE
from planbok.report.figure import bars
from planbok.topics.lss_peng import tables
from planbok.topics.lss_peng.outlook import moved_in_after
from planbok.topics.lss_peng.study import Study, levels, study, tried, worlds
from planbok.topics.lss_peng.worlds import World

LARGEST_PERCENT, STEP_PERCENT = 15.0, 0.1
ALL = [("alla", "")]
ROWS = {
    "preliminar": "Preliminär budget",
    "efter_matning_1": "Budget efter mätning 1",
    "slutlig": "Slutlig budget",
    "dygn": "Årets dygn",
    "gap": "Slutlig budget minus dygn",
    "helar": "Budget på helår, läget 31 december",
    "betalt": "Betalt till utförare",
}
DRAWN = ("preliminar", "efter_matning_1", "slutlig", "dygn")


def explorer(done: Study) -> widgets.Widget:
    """LSS-peng on dials, with what saves, opens, compares and runs a scenario."""
    return Desk(build(done)).widget()


def build(done: Study) -> Board:
    """The dials with their parts in reach, for tests and for other notebooks."""
    bas, few = amounts(done.bas), tables.payments_are_few(replace(done, world=done.bas))
    topic = Topic(
        case=done.case,
        groups={
            "Personer in och ut": [_persons(done)],
            "Nivåer": [_levels(done)],
            "Priser": [_list_year(done), _uprating(done)],
            "Mätregel": [_rule(done)],
        },
        answer=lambda scenario: answer(done, scenario, bas, few),
        verify=study,
        compare=lambda scenarios: compare(done, scenarios),
    )
    return Board(topic)


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
        "fran": kit.day("Från", date(done.case.ar, 1, 1)),
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
    start = kit.choice("Gäller från", [(f"1 januari {ar}", date(ar, 1, 1))], date(ar, 1, 1))
    return Form({"typ": "regel", "regel": LIST_RULE}, {"varde": kit.choice("Prislista", options, ""), "fran": start})


def _uprating(done: Study) -> Form:
    controls = {
        "procent": Dial("Uppräkning av priserna", "%", -LARGEST_PERCENT, LARGEST_PERCENT, STEP_PERCENT),
        "fran": kit.day("Från", date(done.case.ar, 1, 1)),
        "insats": kit.choice("Insats", [*ALL, *_insatser(done)], ""),
        "regi": kit.choice("Regi", [*ALL, *((name, name) for name in _regi(done))], ""),
    }
    return Form({"typ": "upprakning", "prislista": "lss_peng"}, controls)


def _rule(done: Study) -> Form:
    published = done.bas.frame.matregel
    others = [("som reglerna säger", ""), *((name, name) for name in MEASURE_RULES if name != published)]
    start = kit.choice(
        "Gäller från", [(f"1 januari {done.case.ar}", date(done.case.ar, 1, 1))], date(done.case.ar, 1, 1)
    )
    controls = {"varde": kit.choice("Mätregel", others, ""), "fran": start}
    return Form({"typ": "regel", "regel": "lss_peng.matregel"}, controls)


def answer(done: Study, scenario: Scenario, bas: dict[str, float], bas_few: bool) -> Answer:
    """The year under what stands on the dials, beside the amounts without them and whether those are paid for few.

    Raises
    ------
    InputError
        If there are too few persons to move, or nothing is moved.
    """
    world = tried(done, scenario)
    now = amounts(world)
    names = [ROWS[key] for key in DRAWN]
    series = {name: [kr[key] / KR_PER_MNKR for key in DRAWN] for name, kr in (("Budget", bas), ("Med reglagen", now))}
    title = f"LSS-peng {done.case.ar}: slutlig budget {_mnkr(now['slutlig'])} med reglagen"
    alt = f"LSS-peng {done.case.ar}: budgetens tre lägen och årets dygn, som de är och med reglagen."
    figure = bars(names, series, title=title, alt=alt, mattenhet="LSS-peng, mnkr", decimaler=2)
    return Answer(_sentence(done, world, scenario, bas, now), figure, _table(done, world, bas, now, bas_few))


def amounts(world: World) -> dict[str, float]:
    """The year's amounts by the keys of `ROWS`, kr; NaN where no insats has a price."""
    dygn, slutlig, betalt, helar, _ = world.money
    states = {key: float(np.nansum(world.state(key))) for key in ("preliminar", "efter_matning_1")}
    found = {**states, "slutlig": slutlig, "dygn": dygn, "gap": slutlig - dygn, "helar": helar, "betalt": betalt}
    unknown = len(world.cells) > 0 and bool(np.isnan(world.prices.tilldelning).all())
    return dict.fromkeys(found, np.nan) if unknown else found


def _mnkr(kr: float, signed: bool = False) -> str:
    return format_unit(kr / KR_PER_MNKR, "mnkr", 2, signed)


def _sentence(done: Study, world: World, scenario: Scenario, bas: dict[str, float], now: dict[str, float]) -> str:
    if np.isnan(now["slutlig"]):
        return f"Prislistan har inget pris {done.case.ar} för enhetens insatser. Låna ett annat års lista under Priser."
    moved = {key: now[key] - bas[key] for key in ("slutlig", "dygn")}
    tells = scenario.changes and not np.isnan(bas["slutlig"])
    by = {key: f" ({_mnkr(kr, signed=True)})" if tells else "" for key, kr in moved.items()}
    budget, days = (_mnkr(now[key]) + by[key] for key in ("slutlig", "dygn"))
    gap = format_unit(abs(now["gap"]), "kr", 0)
    rest = f"Ingen mätning betalar {gap} av dygnen" if now["gap"] < 0 else f"Budgeten är {gap} mer än dygnen"
    return f"Slutlig budget blir {budget}, och årets dygn är värda {days}. {rest}{_who_came_after(done, world)}."


def _who_came_after(done: Study, world: World) -> str:
    """In working papers: the days of those who came after the last measurement."""
    if done.case.spridning != OPEN_AUDIENCE:
        return ""
    persons, days, kr = moved_in_after(replace(done, world=world))
    who = "1 person" if persons == 1 else f"{persons} personer"
    return f"; {who} som kom efter mätningen har {format_unit(days, 'dygn', 0)}, {_mnkr(kr)}" if persons else ""


def _table(done: Study, world: World, bas: dict[str, float], now: dict[str, float], bas_few: bool) -> Table:
    """The amounts beside the baseline; payments are withheld where they are for few."""
    frame = pd.DataFrame({"rad": ROWS, "bas": bas, "prov": now}).rename_axis("nyckel").reset_index()
    few = bas_few or tables.payments_are_few(replace(done, world=world))
    if few:
        frame.loc[frame["nyckel"] == "betalt", ["bas", "prov"]] = np.nan
    frame["skillnad"] = frame["prov"] - frame["bas"]
    columns = (
        Column("rad", "LSS-peng"),
        Column("bas", "Utan reglagen", mattenhet="kr"),
        Column("prov", "Med reglagen", mattenhet="kr"),
        Column("skillnad", "Skillnad", mattenhet="kr", formula="{prov}-{bas}"),
    )
    why = note(tables.smallest_group(done)) if few else ""
    return Table("prova", f"LSS-peng {done.case.ar} och reglagen", frame, columns, note=why)


def compare(done: Study, scenarios: Sequence[Scenario]) -> Compared:
    """Saved scenarios side by side: the year's amounts of each, and what each change does to the final budget.

    Raises
    ------
    InputError
        With what hinders any of them in the unit's decisions.
    """
    rows = [(BAS.titel, amounts(done.bas)), *((s.titel, amounts(tried(done, s))) for s in scenarios)]
    frame = pd.DataFrame([{"titel": titel, **kr} for titel, kr in rows])
    few = tables.payments_are_few(replace(done, world=done.bas))
    shown = [key for key in ROWS if not (few and key == "betalt")]
    columns = (Column("titel", "Scenario"), *(Column(key, ROWS[key], "kr", signed=key == "gap") for key in shown))
    table = Table("jamfor", f"LSS-peng {done.case.ar}", frame, columns)
    series = {"Slutlig budget": frame["slutlig"] / KR_PER_MNKR, "Årets dygn": frame["dygn"] / KR_PER_MNKR}
    title = f"Slutlig budget {done.case.ar}: {_mnkr(frame['slutlig'].min())} till {_mnkr(frame['slutlig'].max())}"
    figure = bars(
        [f"{i}. {titel}" for i, titel in enumerate(frame["titel"])],
        {name: values.tolist() for name, values in series.items()},
        title=title,
        alt="; ".join(f"{t} {_mnkr(kr)}" for t, kr in zip(frame["titel"], frame["slutlig"], strict=True)) + ".",
        mattenhet="LSS-peng, mnkr",
        decimaler=2,
    )
    return Compared(table, figure, {s.titel: _bridge(done, s) for s in scenarios})


def _bridge(done: Study, scenario: Scenario) -> go.Figure | str:
    """From the final budget as it is to the scenario's, change by change in the order in which they act."""
    chain = worlds(done.case, scenario, done.case.unit_rows("beslut"))
    reached = [float(np.nansum(world.state("slutlig"))) / KR_PER_MNKR for world in chain]
    steps = by_change(scenario, reached, done.case.is_public)
    if not any(abs(step) * KR_PER_MNKR >= 1 for step in steps.values()):
        return "Scenariot ändrar inte den slutliga budgeten."
    start, end = ("Slutlig budget", reached[0]), ("Med scenariot", reached[-1])
    return bridge(scenario.titel, start, steps, end, amount="LSS-peng", unit="mnkr", decimaler=2, plus="better")
