"""What can't be right in the tables of decisions and officers, beyond their form and bounds: every row, all at once."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from planbok.base.errors import Fault
from planbok.case.study import every_table
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.collection import Collection

ROWS_SHOWN = 5
CHECKED = ("beslut", "arenden", "handlaggare")
# the first day may not be before the second, with what to say
ORDER = {
    ("verkstalld", "beslutsdatum"): "verkställt {} är före beslutet {}",
    ("plan_in", "bestalld"): "planen kom in {} men beställdes {}",
    ("kontaktad", "ansokan"): "kontakt togs {} före ansökan {}",
}
COME = ("verkstalld", "plan_in", "foljd_upp", "kontaktad")  # what has happened, and so can't lie ahead
WORDS = {"verkstalld": "verkställt", "plan_in": "planen in", "foljd_upp": "uppföljningen", "kontaktad": "kontakten"}


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """Every row of every unit that can't be right; faults of form are left to the reader of the table."""
    tables, files = every_table(collection, CHECKED)
    return list(faults_in(tables, files, date.today()))


def faults_in(tables: dict[str, pd.DataFrame], files: dict[str, str], today: date) -> Iterator[Fault]:
    """What can't be right in rows of the tables, of any number of units, as of a day."""
    if "beslut" in tables:
        yield from _decisions(tables["beslut"], files["beslut"], pd.Timestamp(today))
    if "handlaggare" in tables:
        known = set(tables["handlaggare"]["handlaggare"])
        for name in ("beslut", "arenden"):
            if name in tables:
                yield from _unknown(tables[name], files[name], known)


def _decisions(rows: pd.DataFrame, file: str, today: pd.Timestamp) -> Iterator[Fault]:
    for (later, first), text in ORDER.items():
        if first in rows and later in rows:
            for row in _first(rows, rows[later] < rows[first]):
                words = text.format(f"{row[later]:%Y-%m-%d}", f"{row[first]:%Y-%m-%d}")
                yield _fault(file, row, later, f"{words}. Rätta det datum som är fel.")
    for name in COME:
        for row in _first(rows, rows[name] > today):
            text = f"{WORDS[name]} {row[name]:%Y-%m-%d} ligger i framtiden. Lämna cellen tom tills det har hänt."
            yield _fault(file, row, name, text)


def _unknown(rows: pd.DataFrame, file: str, known: set[str]) -> Iterator[Fault]:
    for row in _first(rows, rows["handlaggare"].ne("") & ~rows["handlaggare"].isin(known)):
        text = "handläggaren finns inte i tabellen handlaggare. Lägg till en rad där, eller rätta koden."
        yield _fault(file, row, "handlaggare", text)


def _first(rows: pd.DataFrame, bad: pd.Series) -> list[dict]:
    """The first bad rows, as many as are shown."""
    return rows[bad].head(ROWS_SHOWN).to_dict("records") if bad.any() else []


def _fault(file: str, row: dict, where: str, text: str) -> Fault:
    return Fault("tabell", file, int(row["_rad"]), f"{row['enhet']}, {where}", text, "impossible_decision")
