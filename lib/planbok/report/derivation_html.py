"""What harledning.json says as people read it: a folded panel for every key figure and total."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from planbok.base.numbers import format_unit, unit_of
from planbok.base.periods import short_period
from planbok.base.words import counted, listed
from planbok.case.result import WORKING_PAPERS, KeyFigure
from planbok.report.derivation import ABOUT_PERSONS
from planbok.report.text import date_text, in_words, number, value_text

FEWEST_ALIKE = 4  # rules of one list that are said together
MOST_PARTS = 12  # parts of a sum that are listed
Entry = Mapping[str, Any]
_COLUMNS = {  # columns as people say them
    "intakt": "intäkt",
    "sjuk_dag_1_14": "sjuk dag 1–14",
    "timavlonad": "timavlönad",
    "overtid": "övertid",
    "beviljade": "beviljat",
    "schemalagda": "schemalagt",
    "utforda": "utfört",
    "bestallda": "beställt",
    "debiterade": "debiterat",
    "arenden": "ärenden",
    "begart": "begärt",
}


def anchor(name: str) -> str:
    """The address of a figure's panel in its page.

    >>> anchor("nettokostnad_mnkr")
    'varifran-nettokostnad_mnkr'
    """
    return "varifran-" + re.sub(r"[^a-z0-9_-]", "-", name.lower())


def panels(derivation: Mapping[str, Any]) -> list[Markup]:
    """A panel for each key figure, then for each total."""
    enhet, working = derivation["parametrar"]["enhet"], derivation["spridning"] == WORKING_PAPERS
    whole = frozenset() if working else ABOUT_PERSONS
    figures = [panel(name, entry, enhet, whole) for name, entry in derivation["nyckeltal"].items()]
    return figures + [panel(f"tabell-{name}", entry, enhet, whole) for name, entry in derivation["totaler"].items()]


def panel(name: str, entry: Entry, enhet: str, whole: Collection[str]) -> Markup:
    """A figure, its value, and below it what it comes of."""
    is_total = "varden" in entry
    title, value = (f"Totalt: {entry['titel']}", "") if is_total else (entry["etikett"], said(entry))
    body = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines(entry, enhet, whole))
    return Markup(
        '<details class="origin" id="{}"><summary>{} <span class="num">{}</span></summary><ul>{}</ul></details>'
    ).format(anchor(name), title, value, body)


def said(entry: Entry) -> str:
    """A value with its unit, or why there is none.

    >>> said({"varde": None, "mattenhet": "kr", "skyddas": "få personer"})
    'skyddas (få personer)'
    """
    if entry.get("varde") is None:
        return f"skyddas ({entry['skyddas']})" if entry.get("skyddas") else entry.get("saknas") or "–"
    return KeyFigure.of_json({"etikett": "", **entry}).shown


def lines(entry: Entry, enhet: str, whole: Collection[str]) -> Iterator[str]:
    """What a figure comes of, a line each: how it is counted, its rows, rules and changes.

    Of the tables `whole` only how many rows the file has is said, not which of them count.
    """
    if entry.get("raknas"):
        yield f"Så räknas det: {entry['raknas']}."
    for value in entry.get("varden", {}).values():
        yield f"{value['etikett']}: {said(value)}"
    together: dict[str, list[Entry]] = {}
    for rows in entry["rader"]:
        together.setdefault(repr((rows["fil"], rows.get("dar"))), []).append(rows)
    yield from (row_line(same, enhet, whole) for same in together.values())
    yield from rule_lines(entry["regler"])
    yield from map(change_line, entry["forandringar"])


def row_line(same: list[Entry], enhet: str, whole: Collection[str]) -> str:
    """Rows of a file behind a figure, with the sums of some of their columns."""
    rows = same[0]
    if rows.get("skyddas"):
        return f"{rows['fil']}: rader och summa skyddas ({rows['skyddas']})"
    where = [f"{in_words(key)} {_condition(value)}" for key, value in rows.get("dar", {}).items()]
    where = [f"enhet {enhet}", *where] if "radnummer" in rows or where else where
    text = f"{rows['fil']}: {counted(rows['rader'], 'rad', 'rader')}" + (f" ({', '.join(where)})" if where else "")
    if Path(rows["fil"]).stem in whole:
        text += " i hela filen; vilka av dem som räknas sägs inte, eftersom de är om personer"
    if rows.get("radnummer"):
        text += f", rad {rows['radnummer']} i filen"
    return ". ".join([text, *(_summed(one) for one in same if one.get("kolumn"))])


def _condition(value: Any) -> str:
    return listed([short_period(str(one)) for one in value]) if isinstance(value, list) else short_period(str(value))


def _summed(rows: Entry) -> str:
    """The sum of a column, and what it is by budget row where they are not too many."""
    column = rows.get("kolumn", "")
    unit, name = unit_of(column), column.rpartition("_")[0] or column
    parts = [f"{part['budgetrad']} {format_unit(part['summa'], unit)}" for part in rows.get("poster", ())]
    shown = f" ({', '.join(parts)})" if 1 < len(parts) <= MOST_PARTS else ""
    stated = dict.fromkeys(part["kalla"] for part in rows.get("poster", ()) if part.get("kalla"))
    source = f"; källa: {'; '.join(stated)}" if stated else ""
    return f"Summa {_COLUMNS.get(name, name.replace('_', ' '))} {format_unit(rows['summa'], unit)}{shown}{source}"


def rule_lines(rules: Iterable[Entry]) -> Iterator[str]:
    """Each rule with its value; many of one list together."""
    groups: dict[str, list[Entry]] = {}
    for rule in rules:
        groups.setdefault(".".join(rule["regel"].split(".")[:2]), []).append(rule)
    for name, same in groups.items():
        values = [value for rule in same if (value := number(rule["varde"])) is not None]
        if len({rule["regel"] for rule in same}) >= FEWEST_ALIKE and len(values) == len(same):
            unit = same[0]["mattenhet"]
            ends = f"{value_text(min(values))}–{value_text(max(values))} {in_words(unit)}"
            yield f"Regler {name}: {len(same)} värden, {ends}, {_days(same)}"
        else:
            yield from _one_by_one(same)


def _one_by_one(rules: list[Entry]) -> Iterator[str]:
    by_value: dict[str, list[Entry]] = {}
    for rule in rules:
        by_value.setdefault(repr((rule["regel"], rule["varde"])), []).append(rule)
    for same in by_value.values():
        rule = same[0]
        basis = f", {in_words(rule['underlag'])}" if rule.get("underlag") else ""
        unit = in_words(rule["mattenhet"] or "") if number(rule["varde"]) is not None else ""
        value = f"{value_text(rule['varde'])} {unit}".strip()
        yield f"Regel: {rule.get('titel') or rule['regel']}: {value}, {_days(same)}{basis}"


def _days(rules: list[Entry]) -> str:
    """The days that values were read for."""
    days = sorted({str(day) for rule in rules for day in (rule["datum"], rule.get("till_datum")) if day})
    first, last = (short_period(date_text(day)) for day in (days[0], days[-1]))
    return first if first == last else f"{first} till {last}"


def change_line(change: Entry) -> str:
    """A change, and what it does alone."""
    text = f"Förändring {change['nr']}: {change.get('beskrivning') or in_words(change['typ'])}"
    if change.get("skyddas"):
        return f"{text} (kronorna skyddas: {change['skyddas']})"
    if change.get("kr") is None:
        return text
    full = f", på helår {format_unit(change['kr_helar'], 'kr', 0, True)}" if change.get("kr_helar") is not None else ""
    return f"{text}: {format_unit(change['kr'], 'kr', 0, True)} för sig{full}"
