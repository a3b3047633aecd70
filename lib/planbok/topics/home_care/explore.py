"""Try it yourself: cases, hours per case, moves to care homes and prices on dials."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import plotly.graph_objects as go

from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.case.result import Column, KeyFigure, Result
from planbok.disclosure.door import seen
from planbok.explore import kit
from planbok.explore.beside import change_bridge, number, scenarios_bars, scenarios_table
from planbok.explore.board import Answer, Board, BoardTopic, Compared
from planbok.explore.desk import explorer_of
from planbok.explore.dial import Dial
from planbok.explore.figures import differences
from planbok.explore.forms import Form, of_rule, size_dial
from planbok.explore.origin import WITH, WITHOUT
from planbok.inputs.scenario.cases import HOME_CARE
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.report.text import moved
from planbok.topics.home_care import view
from planbok.topics.home_care.model import DAY, HOME, HOMES
from planbok.topics.home_care.people import Persons
from planbok.topics.home_care.study import MONTHS, Study, study, tried
from planbok.topics.home_care.tables import PERMANENT, SLAG
from planbok.topics.home_care.year import LISTED

CASES, HOURS, PRICES = "Ärenden och flyttar", "Timmar per ärende", "Priser"
KEYS = {
    "prognos_utan_scenario_mnkr": "Utan reglagen",
    "prognos_mnkr": "Prognos",
    "skillnad_mnkr": "Skillnad i år",
    "skillnad_helar_mnkr": "Skillnad på helår",
}
CAME = {(0, "prognos_utan_scenario_mnkr"): f"{WITHOUT} prognos_mnkr"} | {
    (0, key): f"{WITH} {key}" for key in list(KEYS)[1:]
}


def build(done: Study) -> Board:
    """The dials with their parts in reach, for tests and for other notebooks."""
    groups = {CASES: [_cases(done), *_moves(done)], HOURS: [_hours(done)], PRICES: _prices(done)}
    persons = Persons(done)  # the same whatever stands on the dials
    said, compared = partial(answer, done, persons), partial(compare, done, persons)
    return Board(BoardTopic(done.case, groups, said, study, compared, result=view.result))


def _cases(done: Study) -> Form:
    areas = done.volumes.cells.loc[done.volumes.of(HOME, DAY), "omrade"].unique()
    controls: dict[str, kit.Control] = {
        "omrade": kit.choice("Område", [("alla", ""), *((name, name) for name in areas)], ""),
        "antal": size_dial("arenden"),
        "fran": kit.since(done.ar),
    }
    return Form({"typ": "arenden", "insats": HOME_CARE}, controls)


def _moves(done: Study) -> list[Form]:
    kinds = [(SLAG[slag], slag) for slag in PERMANENT if done.volumes.of(HOMES, slag).any()]
    if not kinds:
        return []
    controls: dict[str, kit.Control] = {
        "till_slag": kit.choice("Till", kinds, kinds[0][1]),
        "antal": size_dial("flytt", "Flyttar från hemtjänst"),
        "fran": kit.since(done.ar),
    }
    return [Form({"typ": "flytt", "fran_insats": HOME_CARE}, controls)]


def _hours(done: Study) -> Form:
    controls: dict[str, kit.Control] = {
        "h_per_arende_procent": size_dial("timmar"),
        "fran": kit.since(done.ar),
    }
    return Form({"typ": "timmar", "insats": HOME_CARE}, controls)


def _prices(done: Study) -> list[Form]:
    """A dial for the price of an hour of each management that the unit has."""
    regi = dict.fromkeys(LISTED.get(name, name) for name in done.volumes.cells.loc[done.volumes.of(HOME, DAY), "regi"])
    found = []
    for name in filter(None, regi):
        price = done.case.rule_or_none(f"{HOME}.{DAY}.{name}")
        if price is not None:
            dial = Dial(f"Kronor per timme, {name}", "kr/h", 0, 2 * price, 1)
            found.append(of_rule(f"{HOME}.{DAY}.{name}", dial, done.case))
    return found


def figures(done: Study, persons: Persons, scenario: Scenario) -> dict[str, KeyFigure]:
    """The year's key figures under a scenario, as the case's audience may see them."""
    shown: Result = seen(done.case, view.year_in_kronor(tried(done, scenario), persons))
    without = shown.nyckeltal["prognos_mnkr"]
    still = KeyFigure(0.0, "mnkr", "")
    return {"prognos_utan_scenario_mnkr": without, "skillnad_mnkr": still, "skillnad_helar_mnkr": still} | dict(
        shown.nyckeltal
    )


def answer(done: Study, persons: Persons, scenario: Scenario) -> Answer:
    """The year under what stands on the dials, beside what it is without it."""
    now = figures(done, persons, scenario)
    columns = [Column(key, label) for key, label in (KEYS | {"prognos_mnkr": "Med reglagen"}).items()]
    table = scenarios_table("Året med reglagen", [("Reglagen", now)], columns)
    return Answer(_sentence(now, bool(scenario.changes)), _figure(now), table, came=CAME)


def _sentence(now: dict[str, KeyFigure], is_tried: bool) -> str:
    total, change, full = (now[key] for key in ("prognos_mnkr", "skillnad_mnkr", "skillnad_helar_mnkr"))
    if total.varde is None or change.varde is None or full.varde is None:
        return f"Prognosen kan inte visas: {total.why or change.why or full.why}."
    year = format_unit(total.varde, "mnkr")
    if not is_tried:
        return f"Prognosen är {year}. Dra i reglagen för att pröva en ändring."
    both = moved(change.varde * KR_PER_MNKR, full.varde * KR_PER_MNKR, lambda kr: format_unit(kr / KR_PER_MNKR, "mnkr"))
    return f"Prognosen blir {year}: den {both}."


def _figure(now: dict[str, KeyFigure]) -> go.Figure:
    before, after = (number(now[key]) for key in ("prognos_utan_scenario_mnkr", "prognos_mnkr"))
    title = f"Årets kostnad: med reglagen {format_number(after, 1)} mnkr"
    return differences(
        ["Kostnad"], [before], [after], title=title, mattenhet="Årets kostnad, mnkr", decimaler=1, missing="okänt"
    )


def compare(done: Study, persons: Persons, scenarios: Sequence[Scenario]) -> Compared:
    """The year under several saved scenarios."""
    found = [(scenario.titel, figures(done, persons, scenario)) for scenario in (BAS, *scenarios)]
    table = scenarios_table("Sparade scenarier", found, [Column(key, label) for key, label in list(KEYS.items())[1:]])
    series = {"Prognos": table.frame["prognos_mnkr"].tolist()}
    figure = scenarios_bars(table, series, "mnkr", title="Årets kostnad per scenario", mattenhet="mnkr", decimaler=1)
    return Compared(table, figure, {scenario.titel: _bridge(done, persons, scenario) for scenario in scenarios})


def _bridge(done: Study, persons: Persons, scenario: Scenario) -> go.Figure | str:
    """The way from the year without a scenario to the year with it; none where its end is rounded or withheld."""
    end = figures(done, persons, scenario)["prognos_mnkr"]
    added = tried(done, scenario).added.groupby("nr")["ar"].sum()
    steps = [float(added.get(numbered.nr, 0.0)) for numbered in scenario]
    start = float(np.nansum(done.kr[:MONTHS])) if end.varde is not None and not end.avrundat_till else np.nan
    return change_bridge(
        scenario,
        list(start + np.cumsum([0.0, *steps])),
        ("Utan", "Med"),
        case=done.case,
        title=f"Kostnaden {done.ar} med {scenario.titel}",
        amount="kostnaden",
        unit="mnkr",
        decimaler=1,
        lacking="Bryggan visas inte: kostnaden är inte känd, eller gäller få personer.",
        nothing="Scenariot ändrar inte årets kostnad.",
    )


explorer = explorer_of(build)
