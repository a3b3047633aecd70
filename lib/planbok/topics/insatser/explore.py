"""Try it yourself: persons in and out of an insats, and how large a change is flagged."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import ipywidgets as widgets
import pandas as pd

from planbok.base.numbers import format_number
from planbok.base.words import counted
from planbok.case.result import Column, Result, Table
from planbok.disclosure.door import seen
from planbok.explore import kit
from planbok.explore.beside import scenarios_bars, scenarios_table
from planbok.explore.board import Answer, Board, BoardTopic, Compared
from planbok.explore.desk import explorer_of
from planbok.explore.dial import Dial
from planbok.explore.figures import differences
from planbok.explore.forms import DIALS, TRIED, Form, numbered, of_rule, size_dial
from planbok.explore.kit import Control
from planbok.explore.origin import TOTAL, WITH, WITHOUT
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.topics.insatser import view
from planbok.topics.insatser.study import Flag, Study, study, tried
from planbok.topics.insatser.tables import insats_name

LARGEST_PERCENT, MOST_MONTHS = 50, 12
PERSONS, LIMITS = "Personer in och ut", "När något flaggas"
CAME = {"lopande_antal_bas": f"{WITHOUT} {TOTAL}forandring", "lopande_antal": f"{WITH} {TOTAL}forandring"}


def build(done: Study) -> Board:
    """The dials with their parts in reach, for tests and for other notebooks."""
    bas = protected(tried(done, BAS))
    groups = {PERSONS: [_persons(done)], LIMITS: [_limit(done, "andel_procent"), _limit(done, "fonster_manader")]}
    tried_, more = partial(answer, done, bas=bas), {PERSONS: partial(_buttons, done)}
    topic = BoardTopic(done.case, groups, tried_, study, partial(compare, done), more, result=view.result)
    return Board(topic)


def _persons(done: Study) -> Form:
    insatser = [(insats_name(done, name), name) for name in done.bas.insatser]
    start = done.flags[0].insats if done.flags else insatser[0][1]
    start = start if start in done.bas.insatser else insatser[0][1]
    levels = sorted({int(niva) for niva in done.rows["niva"] if niva.isdigit()})
    regi = sorted({regi for regi in done.rows["regi"] if regi})
    controls: dict[str, Control] = {
        "insats": kit.choice("Insats", insatser, start),
        "niva": kit.choice("Nivå", [("ingen", ""), *((f"nivå {niva}", niva) for niva in levels)], ""),
        "regi": kit.choice("Regi", [("kommunal", ""), *((name, name) for name in regi)], ""),
        "antal": size_dial("volym", "Antal, minus är ut"),
        "fran": kit.since(done.ar),
        "till": kit.day("Till (om det tar slut)", None),
    }
    return Form({"typ": "volym"}, controls)


def _limit(done: Study, name: str) -> Form:
    labels = {
        "andel_procent": ("Flaggas från", "%", LARGEST_PERCENT),
        "fonster_manader": ("Månader i snittet", "mån", MOST_MONTHS),
    }
    label, unit, most = labels[name]
    return of_rule(f"varning.{name}", Dial(label, unit, 0, most, 1), done.case)


def _buttons(done: Study, board: Board) -> Sequence[widgets.Widget]:
    """A button a flag that puts it on the dials, as the persons that it means from the next month on."""
    return [
        kit.button(
            f"Lägg {insats_name(done, flag.insats).lower()} på reglagen",
            partial(lambda flag: board.open(flagged_scenario(done, flag)), flag),
            "Det som flaggas, som fler eller färre personer från nästa månad",
        )
        for flag in done.flags
    ]


def flagged_scenario(done: Study, flag: Flag) -> Scenario:
    """A flag as a scenario: its change in whole persons from the next month on, at the commonest level and regi."""
    running = done.rows[(done.rows["insats"] == flag.insats) & ~(done.rows["till"] < pd.Timestamp(done.last_day))]
    niva, regi = (running[name].mode().iloc[0] if len(running) else "" for name in ("niva", "regi"))
    change = {"typ": "volym", "insats": flag.insats, "antal": round(flag.change), **TRIED}
    change |= {"fran": done.last_day + timedelta(days=1), "motivering": "Det som flaggas, om det består"}
    change |= {"niva": int(niva)} if niva.isdigit() else {}
    change |= {"regi": regi} if regi else {}
    return Scenario(DIALS, "Det som flaggas", changes=numbered([change]))


def protected(done: Study) -> Result:
    """What the dials move, as the case's audience may see it."""
    return seen(done.case, view.running(done))


def answer(done: Study, scenario: Scenario, bas: Result) -> Answer:
    """The insatser under what stands on the dials, beside what they are without it."""
    shown = protected(tried(done, scenario))
    table = _table(bas, shown)
    total = {(len(table.frame) - 1, column): key for column, key in CAME.items()}
    return Answer(_sentence(bas, shown), _figure(table), table, came=total)


def _sentence(bas: Result, shown: Result) -> str:
    flagged, which = shown.nyckeltal["insatser_flaggade_antal"].number, shown.texter["flaggade"]
    told = f"{counted(flagged, 'flaggas', 'flaggas') if flagged else 'Ingen flaggas'}{f' ({which})' if which else ''}"
    now, before = shown.fakta["lopande_antal"], bas.fakta["lopande_antal"]
    if now.varde is None:
        return f"Hur många insatser som löper {now.lacking}. {told}."
    change = 0 if before.varde is None else now.varde - before.varde
    size = f", {format_number(abs(change), 0)} {'fler' if change > 0 else 'färre'} än utan reglagen" if change else ""
    return f"{counted(now.varde, 'insats löper', 'insatser löper')}{size}. {told}."


def _table(bas: Result, now: Result) -> Table:
    keys = ["insats", "insats_namn", "lopande_antal"]
    before, after = (result.tabeller["forandring"].frame[keys] for result in (bas, now))
    frame = after.merge(before, on=["insats", "insats_namn"], how="left", suffixes=("", "_bas"))
    frame["skillnad_antal"] = frame["lopande_antal"] - frame["lopande_antal_bas"]
    columns = (
        Column("insats_namn", "Insats"),
        Column("lopande_antal_bas", "Utan reglagen"),
        Column("lopande_antal", "Med reglagen"),
        Column("skillnad_antal", "Skillnad", formula="{lopande_antal}-{lopande_antal_bas}"),
    )
    cells = {
        (row, key): ("skyddas", "få personer")
        for key in ("lopande_antal_bas", "lopande_antal", "skillnad_antal")
        for row in range(len(frame))
        if pd.isna(frame[key].iloc[row])
    }
    return Table("prova", "Löpande insatser och reglagen", frame, columns, extra=("insats",), celler=cells)


def _figure(table: Table):
    rows = table.frame.dropna(subset=["lopande_antal", "lopande_antal_bas"])
    names = rows["insats_namn"].tolist() or ["Insatser"]
    before, now = (rows[key].tolist() or [None] for key in ("lopande_antal_bas", "lopande_antal"))
    return differences(names, before, now, title="Löpande insatser", mattenhet="Löpande, antal", decimaler=0, plus=None)


def compare(done: Study, scenarios: Sequence[Scenario]) -> Compared:
    """Saved scenarios side by side: what runs in each, and how many insatser are flagged."""
    found = []
    for scenario in (BAS, *scenarios):
        shown = protected(tried(done, scenario))
        flagged = shown.nyckeltal["insatser_flaggade_antal"]
        found.append((scenario.titel, {"lopande_antal": shown.fakta["lopande_antal"], "flaggade_antal": flagged}))
    columns = (Column("lopande_antal", "Löpande"), Column("flaggade_antal", "Flaggade"))
    table = scenarios_table("Löpande insatser", found, columns)
    running, title = {"Löpande": table.frame["lopande_antal"].tolist()}, f"Löpande insatser i {len(found)} lägen"
    return Compared(table, scenarios_bars(table, running, "", title=title, mattenhet="löpande", decimaler=0), {})


explorer = explorer_of(build)
