"""What a result rests on: parameters, rules read, files loaded and the scenario's changes, as tables for people."""

import re
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import pandas as pd

from planbok.result import Column, Table

_DECIMALS = 6  # a rule's value is shown in full; more than this is only binary noise
_LONGEST = 120
_HASH = 12
_NBSP = "\N{NO-BREAK SPACE}"

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
        return _number_text(value)
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


def distinct_rules(provenance: Provenance) -> list[dict[str, Any]]:
    """The rules read, one row per value: a value read at many dates has them all in its `datum`."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in provenance.regler:
        rest = {key: value for key, value in row.items() if key != "datum"}
        groups.setdefault(repr(sorted(rest.items(), key=lambda item: item[0])), []).append(row)
    return [rows[0] | {"datum": _dates_text([row.get("datum") for row in rows])} for rows in groups.values()]


def rules_table(provenance: Provenance) -> Table:
    """The dated values that the run read, with their sources."""
    rows = [
        {
            "regel": row["regel"],
            "varde": shortened(value_text(row.get("varde"))),
            "mattenhet": in_words(row.get("mattenhet") or ""),
            "datum": row["datum"],
            "underlag": in_words(row.get("underlag") or ""),
            "kalla": shortened(row.get("kalla") or ""),
        }
        for row in distinct_rules(provenance)
    ]
    headings = {
        "regel": "Regel",
        "varde": "Värde",
        "mattenhet": "Enhet",
        "datum": "Läst för datum",
        "underlag": "Underlag",
        "kalla": "Källa",
    }
    return _table("regler", "Regler och priser som har använts", rows, headings)


def inputs_table(provenance: Provenance) -> Table:
    """The files that were loaded, how much of them, and what was left out."""
    rows = [
        {
            "fil": row["fil"],
            "rader": row.get("rader"),
            "okanda_kolumner": shortened(", ".join(map(str, row.get("okanda_kolumner") or []))) or "inga",
            "sha256": shortened(row.get("sha256") or "", _HASH + 2),
        }
        for row in provenance.indata
    ]
    headings = {"fil": "Fil", "rader": "Rader", "okanda_kolumner": "Kolumner som inte lästs", "sha256": "SHA-256"}
    return _table("indata", "Underlag som har lästs in", rows, headings, units={"rader": "st"})


def changes_table(provenance: Provenance) -> Table:
    """The scenario's changes in the order that they act; for the public without their motivation."""
    rows = [
        {
            "nr": str(row["nr"]),
            "typ": in_words(row.get("typ") or ""),
            "beskrivning": row.get("beskrivning") or "",
            "fran": date_text(row.get("fran")),
            "underlag": in_words(row.get("underlag") or ""),
            "motivering": row.get("motivering") or "",
        }
        for row in provenance.forandringar
    ]
    headings = {
        "nr": "Nr",
        "typ": "Typ",
        "beskrivning": "Förändring",
        "fran": "Från",
        "underlag": "Underlag",
        "motivering": "Motivering",
    }
    if not shows_motivation(provenance):
        headings.pop("motivering")
    return _table("forandringar", "Scenariots förändringar", rows, headings)


def shows_motivation(provenance: Provenance) -> bool:
    """Whether the scenario's own words may be shown: never to the public."""
    return provenance.spridning != "offentlig"


def number_decimals(value: Real) -> int:
    """How many decimals it takes to show a number in full.

    >>> number_decimals(3402), number_decimals(0.25)
    (0, 2)
    """
    return 0 if isinstance(value, Integral) else len(f"{value:.{_DECIMALS}f}".rstrip("0").partition(".")[2])


def _number_text(value: Real) -> str:
    text = f"{value:,.{number_decimals(value)}f}"
    return text.replace(",", _NBSP).replace(".", ",").replace("-", "\N{MINUS SIGN}")


def _band_text(band: dict[str, Any]) -> str:
    return ", ".join(f"{in_words(key)} {value_text(part)}" for key, part in band.items())


def _dates_text(dates: list[Any]) -> str:
    days = sorted({date_text(day) for day in dates})
    return days[0] if len(days) == 1 else f"{days[0]} till {days[-1]} ({len(days)} datum)"


def _table(
    name: str, title: str, rows: list[dict[str, Any]], headings: dict[str, str], units: dict[str, str] | None = None
) -> Table:
    frame = pd.DataFrame([{key: row[key] for key in headings} for row in rows], columns=list(headings))
    units = units or {}
    columns = tuple(Column(key, label, units.get(key, ""), decimaler=0) for key, label in headings.items())
    return Table(name, title, frame, columns)
