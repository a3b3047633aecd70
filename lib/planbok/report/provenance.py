"""What a result rests on: parameters, rules read, files loaded and the scenario's changes, as tables for people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from planbok.base.periods import short_period
from planbok.base.words import first_of
from planbok.case.checks import Check
from planbok.case.result import Column, Table
from planbok.inputs.rules.rules import DatedValue
from planbok.report.text import LONGEST, date_text, in_words, number, shortened, value_text

LONGEST_UNCONFIRMED = 15  # months: a year, and a spring to get to it
MOST_NAMED = 6  # rules and assumptions that nobody has confirmed for so long
_HASH = 14  # of a file's hash, this much tells files apart


@dataclass(frozen=True)
class Provenance:
    """Everything a reader needs to trace a result, in the rows of resultat.json.

    `regler` rows hold regel, titel, datum, varde, mattenhet, underlag, kalla; `indata` rows fil, rader, sha256,
    okanda_kolumner; `forandringar` rows nr, typ, beskrivning, fran, underlag, motivering; `anteckningar` is what
    somebody has written beside a row of the answer, by the row. `syntetisk` says that the unit's figures are made up.
    """

    parametrar: dict[str, Any]
    regler: list[dict[str, Any]]
    indata: list[dict[str, Any]]
    forandringar: list[dict[str, Any]]
    spridning: str
    planbok: str
    syntetisk: bool = False
    anteckningar: Mapping[str, str] = field(default_factory=dict)


def brief(table: Table) -> Table:
    """The table as a page has room for it: values in Swedish, long texts and hashes cut."""
    longest = {"sha256": _HASH}
    texts = {
        column.key: [
            shortened(value_text(value), longest.get(column.key, LONGEST)) for value in table.frame[column.key]
        ]
        for column in table.columns
        if not column.mattenhet
    }
    return replace(table, frame=table.frame.assign(**texts))


def rules_table(provenance: Provenance, ids: bool = False) -> Table:
    """The dated values that the run read, with their sources: one row per value, whatever dates it was read at.

    Rules are called by their titles; with `ids`, for who looks in the files, by their ids too.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in provenance.regler:
        rest = {key: value for key, value in row.items() if key != "datum"}
        groups.setdefault(repr(sorted(rest.items(), key=lambda item: item[0])), []).append(row)
    rows = [
        (
            _called(row, ids),
            value_text(row.get("varde")) if number(row.get("varde")) is None else row["varde"],
            in_words(row.get("mattenhet") or ""),
            _dates_text([other.get("datum") for other in same]),
            in_words(row.get("underlag") or "") + _since(row),
            row.get("kalla") or "",
        )
        for same in groups.values()
        for row in same[:1]
    ]
    headings = {
        "regel": "Regel",
        "varde": "Värde",
        "mattenhet": "Enhet",
        "datum": "Läst för datum",
        "underlag": "Underlag",
        "kalla": "Källa",
    }
    return replace(text_table("regler", "Regler och priser", rows, headings), note=unconfirmed_said(provenance.regler))


def _since(row: dict[str, Any]) -> str:
    """That nobody has confirmed a value for long, and since when."""
    since = row.get("obekraftad_sedan")
    return f", inte bekräftad sedan {short_period(date_text(since))}" if since else ""


def _called(row: dict[str, Any], ids: bool) -> str:
    title = row.get("titel") or row["regel"]
    return f"{title} ({row['regel']})" if ids and title != row["regel"] else title


def inputs_table(provenance: Provenance) -> Table:
    """The files that were loaded, how much of them, and what was left out."""
    rows = [
        (
            f"{row['fil']}, blad {row['blad']}" if row.get("blad") else row["fil"],
            row.get("rader"),
            ". ".join([", ".join(map(str, row.get("okanda_kolumner") or [])) or "inga", *(row.get("noter") or [])]),
            row.get("sha256") or "",
        )
        for row in provenance.indata
    ]
    headings = {"fil": "Fil", "rader": "Rader", "okanda_kolumner": "Kolumner som inte lästs", "sha256": "SHA-256"}
    table = text_table("indata", "Inlästa filer", rows, headings, units={"rader": "st"})
    return replace(table, visa=("fil", "rader", "okanda_kolumner"))


def changes_table(provenance: Provenance) -> Table:
    """The scenario's changes in the order that they act, then what is noted beside rows; for the public no reasons."""
    rows = [
        {
            "forandring": f"{row['nr']}. {row.get('beskrivning') or ''}",
            "typ": in_words(row.get("typ") or ""),
            "fran": date_text(row.get("fran")),
            "underlag": in_words(row.get("underlag") or ""),
            "motivering": row.get("motivering") or "",
        }
        for row in provenance.forandringar
    ]
    headings = {"forandring": "Förändring", "typ": "Typ", "fran": "Från", "underlag": "Underlag"}
    if provenance.spridning != "offentlig":
        headings["motivering"] = "Motivering"
        noted = {"typ": "anteckning", "fran": "", "underlag": ""}
        rows += [{"forandring": row, **noted, "motivering": text} for row, text in provenance.anteckningar.items()]
    return text_table("forandringar", "Scenariots förändringar", rows, headings)


def checks_table(checks: list[Check]) -> Table:
    """Every check with its outcome in words."""
    rows = [(c.namn, c.outcome, c.differens, c.tolerans, c.niva, c.forklaring) for c in checks]
    columns = (
        Column("kontroll", "Kontroll"),
        Column("utfall", "Utfall"),
        Column("differens", "Differens", mattenhet="i tabellens enhet", decimaler=2),
        Column("tolerans", "Tolerans", mattenhet="i tabellens enhet", decimaler=2),
        Column("niva", "Vid avvikelse"),
        Column("forklaring", "Förklaring"),
    )
    shown = ("kontroll", "utfall", "differens", "forklaring")
    return Table.of("kontroller", "Kontroller", rows, columns, visa=shown)


def text_table(
    name: str,
    title: str,
    rows: list[dict[str, Any]] | list[tuple[Any, ...]],
    headings: dict[str, str],
    units: dict[str, str] | None = None,
) -> Table:
    """A table of rows under their headings, all text but the columns that have a unit."""
    units = units or {}
    columns = tuple(Column(key, label, units.get(key, ""), decimaler=0) for key, label in headings.items())
    return Table(name, title, pd.DataFrame(rows, columns=list(headings)), columns)


def _dates_text(dates: list[Any]) -> str:
    days = sorted({date_text(day) for day in dates})
    return days[0] if len(days) == 1 else f"{days[0]} till {days[-1]} ({len(days)} datum)"


def unconfirmed(read: Mapping[tuple[str, date], DatedValue]) -> dict[tuple[str, date | None], str]:
    """The values that nobody has confirmed for 15 months on the last day that they were read for, and since when.

    A value is confirmed on the day `kontrollerad`, else from the day that it holds. What a scenario sets, and what has
    no day, is not asked about.

    >>> value = DatedValue("a", "A", "kr", 1.0, "antagande", "k", fran=date(2022, 10, 1))
    >>> unconfirmed({("a", date(2023, 12, 31)): value}), unconfirmed({("a", date(2024, 1, 1)): value})
    ({}, {('a', datetime.date(2022, 10, 1)): '2022-10-01'})
    """
    last: dict[tuple[str, date | None], tuple[DatedValue, date]] = {}
    for (_, day), value in read.items():
        key = (value.regel, value.fran)
        last[key] = (value, max(day, last[key][1] if key in last else day))
    found = {}
    for key, (value, day) in last.items():
        since = value.kontrollerad or value.fran
        if since is not None and not value.forandring and _months(since, day) >= LONGEST_UNCONFIRMED:
            found[key] = since.isoformat()
    return found


def _months(since: date, day: date) -> int:
    return 12 * (day.year - since.year) + day.month - since.month - (day.day < since.day)


def unconfirmed_said(rules: Iterable[Mapping[str, Any]]) -> str:
    """What is said under the table of rules, as resultat.json has them; "" where all are confirmed."""
    names = {row["regel"]: row.get("titel") or row["regel"] for row in rules if row.get("obekraftad_sedan")}
    listed = [*dict.fromkeys(names.values())]
    if not listed:
        return ""
    number = "1 regel eller antagande" if len(listed) == 1 else f"{len(listed)} regler och antaganden"
    return f"Ingen har bekräftat {number} på {LONGEST_UNCONFIRMED} månader: {first_of(listed, MOST_NAMED, '; ')}."
