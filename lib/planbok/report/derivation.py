"""harledning.json: where every key figure and total comes from, as rules, rows and changes.

Nothing stands here that the audience's own result does not say: values are the protected ones, rules and changes those
of resultat.json. Of tables about persons it says file, rows and sum only, the sum being the figure as it is shown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.numbers import unit_of
from planbok.case.case import OPEN_TABLES, Case
from planbok.case.grounds import Ground, Rows, ground_of
from planbok.case.result import WORKING_PAPERS, KeyFigure, Result, Table
from planbok.inputs.rules.secrecy import says_what_is_seen
from planbok.inputs.tables.columns import TOTAL_ROW
from planbok.ledger.budget_rows import KEY, split, without_total
from planbok.report.provenance import Provenance
from planbok.report.text import EXACT

DERIVATION_FILE = "harledning.json"
ADDS_UP = ("kr", "tkr", "mnkr", "h", "dygn", "st", "personer")  # units whose figures are sums
# tables whose rows are about single persons, homes or small groups
ABOUT_PERSONS = frozenset(
    (
        "arenden",
        "assistanstimmar",
        "bemanning",
        "bemanning_handlaggare",
        "beslut",
        "boenden",
        "enkat",
        "fakturor",
        "handlaggare",
        "hemtjanst",
        "kompetens",
        "lagenheter",
        "schema",
        "sjukfall",
        "verksamheter",
        "vobo",
    )
)
UNUSED = ("enheter",)  # says what a unit is called
SAID = ("etikett", "varde", "mattenhet", "saknas", "skyddas", "avrundat_till")
Entry = dict[str, Any]
_MONEY = tuple(f"{side}_{unit}" for side in ("kostnad", "intakt") for unit in ("kr", "mnkr"))


def derivation(case: Case, result: Result, origin: Provenance) -> dict[str, Any]:
    """All that harledning.json holds."""
    made = _Derived(case, result, origin)
    return {
        "notebook": case.notebook,
        "parametrar": origin.parametrar,
        "spridning": case.spridning,
        "rubrik": result.rubrik,
        "nyckeltal": {name: made.figure(name, figure) for name, figure in result.nyckeltal.items()},
        "totaler": dict(made.totals()),
        "planbok": origin.planbok,
    }


class _Derived:
    """The parts of one report's derivation; what many figures share is worked out once."""

    def __init__(self, case: Case, result: Result, origin: Provenance):
        self.case, self.result, self.origin = case, result, origin
        self.rules = [*self._rules(row for row in origin.regler if not says_what_is_seen(row["regel"]))]
        self.changes = _changes(origin, result)
        self._units: dict[str, pd.DataFrame] = {}
        self._found: dict[str, _Found] = {}

    def figure(self, name: str, figure: KeyFigure) -> Entry:
        """A key figure with what it comes of."""
        ground = ground_of(name, self.result.grunder)
        own = figure.as_json()
        said = {key: own[key] for key in SAID if key in own}
        if figure.saknas:
            said["saknas"] = self.case.sources.rules.in_words(figure.saknas)
        return said | self._behind(ground, figure)

    def totals(self) -> Iterator[tuple[str, Entry]]:
        """The total of each table that has one, by the table's name."""
        for name, table in self.result.tabeller.items():
            row = total_of(table)
            if row is None:
                continue
            ground = ground_of(name, self.result.grunder)
            values = _values(table, row, self.case.sources.rules.in_words)
            yield name, {"titel": table.titel, "varden": values} | self._behind(ground, None)

    def _behind(self, ground: Ground | None, figure: KeyFigure | None) -> Entry:
        """Rules, rows and changes; all that was read where the topic says no more."""
        every = ground is None or (ground.others and bool(self.changes))
        kept = [row for row in self.rules if ground is None or every or row["regel"].startswith(ground.rules)]
        if ground and ground.aside:
            kept = [row for row in kept if not row["regel"].startswith(ground.aside)]
        rows = ground.rows if ground else ()
        if every:
            named = {one.table for one in rows} | set(UNUSED) | (set(OPEN_TABLES) if ground else set())
            rows = (*rows, *(Rows(name) for name in sorted(self.case.journal.tables) if name not in named))
        return {
            **({"raknas": ground.how} if ground and ground.how else {}),
            "regler": kept,
            "rader": self._tables(rows, None if ground is None else figure),
            "forandringar": self.changes if ground is None or ground.changed else [],
        }

    def _tables(self, rows: tuple[Rows, ...], figure: KeyFigure | None) -> list[Entry]:
        """The rows of each table that was read; a figure of one table alone is the sum of what its rows give."""
        read = [one for one in rows if one.table in self.case.journal.tables]
        shown = {id(one): figure for one in read if _sums_up(one, figure, len(read) == 1)}
        return [self._of_table(one, figure, shown.get(id(one))) for one in read]

    def _rules(self, rows: Iterable[Entry]) -> Iterator[Entry]:
        """Each value of a rule once, with its title; one that was read for several days from the first to the last."""
        values: dict[str, list[Entry]] = {}
        for row in rows:
            values.setdefault(repr((row["regel"], row["varde"], row["underlag"])), []).append(row)
        for same in values.values():
            first, days = same[0], [row["datum"] for row in same]
            dated = self.case.sources.rules.series.get(first["regel"])  # a price list's cells have no title
            yield {
                "regel": first["regel"],
                **({"titel": dated[0].titel} if dated and dated[0].titel else {}),
                "datum": min(days),
                **({"till_datum": max(days)} if len(days) > 1 else {}),
                **{key: first[key] for key in ("varde", "mattenhet", "underlag")},
            }

    def _of_table(self, rows: Rows, figure: KeyFigure | None, summed: KeyFigure | None) -> Entry:
        """The rows of a table that a figure comes of: of one about persons only file, rows and sum."""
        noted = self.case.journal.tables[rows.table]
        if rows.table not in ABOUT_PERSONS:
            return self._counted(rows)
        if self.case.spridning != WORKING_PAPERS:
            return {"fil": noted["fil"], **_as_shown(noted["rader"], figure, summed)}
        counted = self._counted(rows)
        kept: Entry = {key: counted[key] for key in ("fil", "rader", "summa", "kolumn") if key in counted}
        return kept if rows.column or summed is None else kept | {"summa": summed.varde}

    def _counted(self, rows: Rows) -> Entry:
        """The unit's rows of a table: how many, which, their sum and what it is by budget row."""
        key = repr((rows.table, rows.where))
        if key not in self._found:
            self._found[key] = _Found(rows.of(self._own(rows.table)))
        found, open_table = self._found[key], rows.table in OPEN_TABLES
        noted = self.case.journal.tables[rows.table]
        entry = {"fil": noted["fil"], "rader": len(found.rows), "summa": None}
        if noted.get("blad"):
            entry["blad"] = noted["blad"]
        if "_rad" in found.rows and open_table:
            entry["radnummer"] = found.numbers
        if rows.where:
            entry["dar"] = rows.said()
        if not rows.column or not found.rows[rows.column].notna().any():
            return entry
        parts = (found.by_budget_row if open_table else found.rows)[rows.column]
        entry |= {"summa": _plain(parts.sum()), "kolumn": rows.column}
        if open_table:
            stated = {} if self.case.is_public else found.stated  # a text of the unit's own, and not for the public
            entry["poster"] = [
                {"budgetrad": name, "summa": None if pd.isna(value) else _plain(value)}
                | ({"kalla": stated[name]} if name in stated else {})
                for name, value in parts.items()
            ]
        return entry

    def _own(self, name: str) -> pd.DataFrame:
        """The unit's rows of a table, without the control total: it is compared with the others and never added."""
        if name not in self._units:
            frame = self.case.table(name)
            own = frame[frame["enhet"] == self.case.enhet] if "enhet" in frame else frame
            self._units[name] = without_total(own) if name in OPEN_TABLES else own
        return self._units[name]


@dataclass(frozen=True)
class _Found:
    """Rows of a table behind figures; what many figures ask of them is worked out once."""

    rows: pd.DataFrame

    @cached_property
    def numbers(self) -> str:
        return spans(self.rows["_rad"])

    @cached_property
    def by_budget_row(self) -> pd.DataFrame:
        """What each budget row holds: itself where it is stated, else its parts, which are never added to it."""
        money = [column for column in _MONEY if column in self.rows]
        keyed = self.rows.groupby(KEY, sort=False)[money].sum(min_count=1).reset_index()
        parted = (keyed[KEY[1:]] != "").any(axis=None)
        return (split(keyed) if parted else keyed).groupby("budgetrad", sort=False)[money].sum(min_count=1)

    @cached_property
    def stated(self) -> dict[str, str]:
        """What the lines of each budget row say that they come from."""
        if "kalla" not in self.rows:
            return {}
        said = self.rows[["budgetrad", "kalla"]].dropna().drop_duplicates()
        return said[said["kalla"] != ""].groupby("budgetrad")["kalla"].agg("; ".join).to_dict()


def _sums_up(rows: Rows, figure: KeyFigure | None, alone: bool) -> bool:
    """Whether a figure is a sum over the rows: of their column, or of what each of them gives."""
    if figure is None or figure.mattenhet not in ADDS_UP:
        return False
    return unit_of(rows.column) == figure.mattenhet if rows.column else alone


def _as_shown(rader: int, figure: KeyFigure | None, summed: KeyFigure | None) -> Entry:
    """Rows of the whole file, and the figure where it is a sum of theirs: withheld with it, and rounded with it."""
    if figure is not None and figure.skyddas:
        return {"rader": None, "summa": None, "skyddas": figure.skyddas}
    rounded = {"avrundat_till": summed.avrundat_till} if summed and summed.avrundat_till else {}
    return {"rader": rader, "summa": summed.varde if summed else None, **rounded}


def total_of(table: Table) -> int | None:
    """The row of a table that is the total of the others; None where it has none.

    >>> from planbok.case.result import Column
    >>> frame = pd.DataFrame({"rad": ["A", "Totalt"], "kr": [1.0, 1.0]})
    >>> total_of(Table("t", "T", frame, (Column("rad", "Rad"), Column("kr", "Kronor"))))
    1
    """
    if table.frame.empty:
        return None
    if table.total_row:
        return len(table.frame) - 1
    texts = [column.key for column in table.columns if not column.mattenhet]
    last = table.frame.iloc[-1]
    said = any(isinstance(last[key], str) and last[key].casefold() == TOTAL_ROW.casefold() for key in texts)
    return len(table.frame) - 1 if said else None


def _values(table: Table, row: int, words: Callable[[str], str]) -> dict[str, Entry]:
    """The numbers of a row, each with its unit, and why one is missing: rules by their titles."""
    found = {}
    record = replace(table, frame=table.frame.iloc[[row]]).records()[0]
    for column in table.columns:
        value = record[column.key]
        if not column.mattenhet or isinstance(value, str):
            continue
        word, why = table.celler.get((row, column.key), ("", ""))
        found[column.key] = {
            "etikett": column.etikett,
            "varde": value,
            "mattenhet": column.mattenhet,
            **({word: words(why)} if word else {}),
        }
    return found


def _changes(origin: Provenance, result: Result) -> list[Entry]:
    """The scenario's changes, each with what it does alone where the result's bridge says so, kr."""
    alone = _alone(result.tabeller) if origin.forandringar else {}
    keys = ("nr", "typ", "beskrivning", "fran", "underlag", "motivering")
    return [{key: row[key] for key in keys if row.get(key)} | alone.get(row["nr"], {}) for row in origin.forandringar]


def _alone(tables: Mapping[str, Table]) -> dict[int, Entry]:
    """What each change does alone by the first bridge that has it, year and full year."""
    found: dict[int, Entry] = {}
    for table in (table for table in tables.values() if "forandring" in table.frame):
        for place, row in enumerate(table.records()):
            number = row.get("forandring")
            if isinstance(number, int | float) and not isinstance(number, bool) and number > 0 and "kr" in row:
                word, why = table.celler.get((place, "kr"), ("", ""))
                hidden = {word: why} if word == "skyddas" else {}
                full = {"kr_helar": row["kr_helar"]} if "kr_helar" in row else {}
                found.setdefault(int(number), {"kr": row["kr"], **full, **hidden})
    return found


def spans(numbers: pd.Series) -> str:
    """Row numbers as people read them.

    >>> spans(pd.Series([2, 3, 4, 9]))
    '2–4, 9'
    """
    order = np.unique(numbers.dropna().to_numpy(dtype=int))
    runs = np.split(order, np.flatnonzero(np.diff(order) > 1) + 1) if len(order) else []
    return ", ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _plain(value: Any) -> float:
    return round(float(value), EXACT)
