"""What a result rests on: parameters, rules read, files loaded and the scenario's changes, as tables for people."""

import math
import re
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Any

import pandas as pd

from planbok.numbers import format_number
from planbok.result import Check, Column, Table

_DECIMALS = 6  # a rule's value is shown in full; more than this is only binary noise
_LONGEST = 120
_HASH = 14  # of a file's hash, this much tells files apart

_WORDS = {
    "anstallda": "anställda",
    "ar": "år",
    "arsarbetare": "årsarbetare",
    "atgard": "åtgärd",
    "beraknad": "beräknad",
    "bedomning": "bedömning",
    "forslag": "förslag",
    "h": "timmar",
    "hushall": "hushåll",
    "lagenhet": "lägenhet",
    "lagenheter": "lägenheter",
    "manad": "månad",
    "manader": "månader",
    "niva": "nivå",
    "nivabyte": "nivåbyte",
    "procent": "%",
    "sjukfranvaro": "sjukfrånvaro",
    "upprakning": "uppräkning",
}

_PARAMETERS = {
    "ar": "År",
    "boende": "Boende",
    "enhet": "Enhet",
    "fler_scenarier": "Fler scenarier",
    "jamfor_med": "Jämförs med",
    "per_datum": "Per datum",
    "scenario": "Scenario",
    "till_ar": "Till och med år",
    "tom_manad": "Till och med månad",
    "verksamhet": "Verksamhet",
    "version": "Budgetversion",
}

_AUDIENCES = {
    "arbetsmaterial": "Arbetsmaterial: för controller och enhetens chef, sprids inte vidare",
    "ledning": "Ledning: uppgifter om små grupper visas inte",
    "offentlig": "Offentlig: uppgifter om små grupper visas inte",
}


@dataclass(frozen=True)
class Provenance:
    """Everything a reader needs to trace a result, in the rows of resultat.json.

    `regler` rows hold regel, datum, varde, mattenhet, underlag, kalla; `indata` rows fil, rader, sha256,
    okanda_kolumner; `forandringar` rows nr, typ, beskrivning, fran, underlag, motivering. `syntetisk` says that the
    unit's figures are made up.
    """

    parametrar: dict[str, Any]
    regler: list[dict[str, Any]]
    indata: list[dict[str, Any]]
    forandringar: list[dict[str, Any]]
    spridning: str
    planbok: str
    syntetisk: bool = False


def in_words(code: str) -> str:
    """A code or unit of the files as a person writes it.

    >>> in_words("kr/manad"), in_words("kr_per_dygn"), in_words("procent"), in_words("nytt_boende")
    ('kr/månad', 'kr per dygn', '%', 'nytt boende')
    """
    text = str(code).replace("_", " ")
    return re.sub(r"\w+", lambda word: _WORDS.get(word.group(), word.group()), text)


def parameter_name(name: str) -> str:
    """What a parameter is called in a report.

    >>> parameter_name("jamfor_med"), parameter_name("okand_faktor")
    ('Jämförs med', 'Okand faktor')
    """
    text = in_words(name)
    return _PARAMETERS.get(name, text[:1].upper() + text[1:])


def audience(spridning: str) -> str:
    """Whom a report is for, in words.

    >>> audience("ledning")
    'Ledning: uppgifter om små grupper visas inte'
    """
    return _AUDIENCES.get(spridning, spridning[:1].upper() + spridning[1:])


def date_text(value: Any) -> str:
    """A date as ÅÅÅÅ-MM-DD, whatever kind of date it is; nothing for a missing one.

    >>> date_text(pd.Timestamp("2024-04-01")), date_text("2024-04"), date_text(None)
    ('2024-04-01', '2024-04', '')
    """
    if value is None or value is pd.NaT:
        return ""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)[:10]


def value_text(value: Any) -> str:
    """A parameter's or rule's value, whatever it is, in Swedish and unrounded.

    >>> value_text(0.9), value_text(-0.5), value_text(True), value_text({"a": 1.5})
    ('0,9', '−0,5', 'ja', 'a: 1,5')
    >>> value_text([{"till": 500, "andel": 0.96}, {"andel": 0.5}])
    'till 500, andel 0,96; andel 0,5'
    """
    if value is None or value is pd.NaT:
        return "–"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, Real):
        return format_number(value, number_decimals(value))
    if isinstance(value, dict):
        return "; ".join(f"{in_words(key)}: {value_text(part)}" for key, part in value.items())
    if isinstance(value, (list, tuple)):
        bands = all(isinstance(part, dict) for part in value)
        return ("; " if bands else ", ").join(_band_text(p) if bands else value_text(p) for p in value)
    return str(value)


def shortened(text: str, longest: int = _LONGEST) -> str:
    """A long text cut at a word, with an ellipsis.

    >>> shortened("Stockholms stad, KBF 2024", 20)
    'Stockholms stad …'
    """
    if len(text) <= longest:
        return text
    head = text[: longest - 2]
    return f"{(head.rsplit(' ', 1)[0] if ' ' in head else head).rstrip(' ,;:')} …"


def brief(table: Table) -> Table:
    """The table as a page has room for it: values in Swedish, long texts and hashes cut."""
    longest = {"sha256": _HASH}
    texts = {
        column.key: [
            shortened(value_text(value), longest.get(column.key, _LONGEST)) for value in table.frame[column.key]
        ]
        for column in table.columns
        if not column.mattenhet
    }
    return replace(table, frame=table.frame.assign(**texts))


def rules_table(provenance: Provenance) -> Table:
    """The dated values that the run read, with their sources: one row per value, whatever dates it was read at."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in provenance.regler:
        rest = {key: value for key, value in row.items() if key != "datum"}
        groups.setdefault(repr(sorted(rest.items(), key=lambda item: item[0])), []).append(row)
    rows = [
        (
            row["regel"],
            value_text(row.get("varde")) if number(row.get("varde")) is None else row["varde"],
            in_words(row.get("mattenhet") or ""),
            _dates_text([other.get("datum") for other in same]),
            in_words(row.get("underlag") or ""),
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
    return text_table("regler", "Regler och priser", rows, headings)


def inputs_table(provenance: Provenance) -> Table:
    """The files that were loaded, how much of them, and what was left out."""
    rows = [
        (
            row["fil"],
            row.get("rader"),
            ", ".join(map(str, row.get("okanda_kolumner") or [])) or "inga",
            row.get("sha256") or "",
        )
        for row in provenance.indata
    ]
    headings = {"fil": "Fil", "rader": "Rader", "okanda_kolumner": "Kolumner som inte lästs", "sha256": "SHA-256"}
    return text_table("indata", "Inlästa filer", rows, headings, units={"rader": "st"})


def changes_table(provenance: Provenance) -> Table:
    """The scenario's changes in the order that they act; for the public without their motivation."""
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
    return text_table("forandringar", "Scenariots förändringar", rows, headings)


def checks_table(checks: list[Check]) -> Table:
    """Every check with its outcome in words."""
    rows = [(c.namn, c.outcome, c.differens, c.tolerans, c.niva, c.forklaring) for c in checks]
    columns = (
        Column("kontroll", "Kontroll"),
        Column("utfall", "Utfall"),
        Column("differens", "Differens", "i tabellens enhet", 2),
        Column("tolerans", "Tolerans", "i tabellens enhet", 2),
        Column("niva", "Vid avvikelse"),
        Column("forklaring", "Förklaring"),
    )
    return Table("kontroller", "Kontroller", pd.DataFrame(rows, columns=[c.key for c in columns]), columns)


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


def number(value: Any) -> float | int | None:
    """The number in a cell of a frame: None for a missing value, a text, a truth value or something infinite.

    >>> number(1.5), number(float("nan")), number("11000–12000"), number(True)
    (1.5, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    if isinstance(value, Integral):
        return int(value)
    return float(value) if math.isfinite(value) else None


def number_decimals(value: Real) -> int:
    """How many decimals it takes to show a number in full.

    >>> number_decimals(3402), number_decimals(0.25)
    (0, 2)
    """
    return 0 if isinstance(value, Integral) else len(f"{value:.{_DECIMALS}f}".rstrip("0").partition(".")[2])


def _band_text(band: dict[str, Any]) -> str:
    return ", ".join(f"{in_words(key)} {value_text(part)}" for key, part in band.items())


def _dates_text(dates: list[Any]) -> str:
    days = sorted({date_text(day) for day in dates})
    return days[0] if len(days) == 1 else f"{days[0]} till {days[-1]} ({len(days)} datum)"
