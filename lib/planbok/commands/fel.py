"""`planbok fel`: past prognosis errors in per cent, without kronor, for units to share as the table `prognosfel`."""

import argparse
import os
import sys
from pathlib import Path

import pandas as pd

from planbok.analysis.forecast import METHODS
from planbok.base.errors import Fault, InputError
from planbok.base.files import written_whole
from planbok.base.workspace import Folders, shown
from planbok.case.case import load_sources, open_case
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics import follow_up

DECIMALS = 2


def past_errors(folders: Folders) -> tuple[pd.DataFrame, list[str]]:
    """Each unit's methods tried on its own whole years: the table `prognosfel`, and which units have none and why.

    An error is what the year became less what was said, per cent of what it became; of the unit's total only. `vald`
    is the mix of methods that the unit's prognosis uses.
    """
    sources = load_sources(folders)
    if not sources.collection.has("utfall"):
        text = "tabellen utfall saknas; felen räknas ur den."
        raise InputError([Fault("tabell", shown(folders.data), 0, "", text, "no_outturn")])
    last = sources.collection.read("utfall").frame.groupby("enhet", sort=True)["manad"].max()
    found, without = [], []
    for enhet, month in last.items():
        try:
            case = open_case("manadsprognos", enhet=enhet, ar=int(month[:4]), tom_manad=int(month[5:]), sources=sources)
            errors = follow_up.study.study(case).errors
        except InputError as error:
            without += [f"{enhet}: {fault.said}" for fault in error.faults]
            continue
        own = errors["kalla"] == follow_up.accuracy.HISTORY
        shared = errors["metod"].isin([follow_up.accuracy.CHOSEN, *METHODS]) & (errors["budgetrad"] == TOTAL_ROW)
        rows = errors.loc[own & shared, ["ar", "tom_manad", "metod", "fel_procent"]].dropna()
        found.append(rows)
        without += [] if len(rows) else [f"{enhet}: inget helt år att pröva metoderna på"]
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["ar", "tom_manad", "metod"])
    return table.sort_values(["ar", "tom_manad", "metod"], kind="stable", ignore_index=True), without


def show(arguments: argparse.Namespace, folders: Folders) -> int:
    """Says the errors, or writes them to a file."""
    table, without = past_errors(folders)
    for line in without:
        print(f"Utan fel: {line}", file=sys.stderr)
    if table.empty:
        text = "ingen enhet har ett helt år att pröva metoderna på; inget har skrivits."
        raise InputError([Fault("tabell", shown(folders.data), 0, "", text, "no_errors")])
    text = table.to_csv(index=False, float_format=f"%.{DECIMALS}f")
    if not arguments.ut:
        print(text, end="")
        return 0
    path = Path(os.path.abspath(arguments.ut))
    with written_whole(path) as beside:
        beside.write_text(text, encoding="utf-8")
    print(f"{len(table)} prognosfel i procent, utan kronor: {arguments.ut}")
    return 0
