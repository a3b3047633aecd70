"""Dated rules and price lists: what law, city or agency decided, with unit, basis and source.

A rule is a dated series. A value is asked for at a day; where there is none, `MissingValueError` says so and nothing is
put in its place. Each price of a price list is a rule too: `lss_peng.<avser>.<insats>.<regi>.<niva>`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import field_validator

from planbok.base.errors import Fault, MissingValueError, did_you_mean, gathered, refuse_any
from planbok.base.workspace import Folders, shown
from planbok.inputs.documents import (
    Day,
    Document,
    Entry,
    Text,
    Underlag,
    ends_before_start,
    quoted,
    read_document,
    validate,
)
from planbok.inputs.journal import digest, read_bytes
from planbok.inputs.rules.limits import ValueLimits, limit_faults, not_listed, share_faults
from planbok.inputs.rules.secrecy import secrecy_faults
from planbok.inputs.tables.read import read_table
from planbok.inputs.tables.specs import HOURLY_PRICES, PRICE_LIST


class DatedForm(Entry):
    """One value of a rule as it stands in the file."""

    varde: Any
    underlag: Underlag
    kalla: Text
    fran: Day | None = None
    till: Day | None = None
    kontrollerad: Day | None = None
    anmarkning: str = ""

    @field_validator("varde")
    @classmethod
    def _has_shape(cls, value: Any) -> Any:
        bands = isinstance(value, list) and value and all(isinstance(band, dict) for band in value)
        if isinstance(value, bool) or not (bands or isinstance(value, int | float | str | dict)) or value in ("", {}):
            raise ValueError("ska vara ett tal, en text, en tabell med nycklar eller en lista av band.")
        return value

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """An end before the start."""
        return ends_before_start(given)


class RuleForm(Entry):
    """A rule as it stands in the file; its values are validated one by one."""

    titel: Text
    mattenhet: Text
    varden: list
    anmarkning: str = ""
    minst: float | None = None
    hogst: float | None = None
    tillatna: list[Text] = []
    hogsta_summa: float | None = None

    @property
    def limits(self) -> ValueLimits:
        return ValueLimits(self.minst, self.hogst, tuple(self.tillatna), self.hogsta_summa)


INSATSER = "insatser"
LIST_RULE = "lss_peng.prislista_ar"  # the year whose price list is borrowed


@dataclass(frozen=True)
class DatedValue:
    """A rule's value with all that a report needs to name it."""

    regel: str
    titel: str
    mattenhet: str
    varde: Any
    underlag: str
    kalla: str
    fran: date | None = None
    till: date | None = None
    anmarkning: str = ""
    forandring: int = 0  # number of the scenario's change that set it, 0 for a published value
    limits: ValueLimits = ValueLimits()  # what the rule says of its values
    kontrollerad: date | None = None  # the day somebody last held it to its source

    def holds(self, day: date) -> bool:
        """Whether the value is in force on a day."""
        return (self.fran is None or self.fran <= day) and (self.till is None or day <= self.till)


@dataclass(frozen=True)
class Rules:
    """All rules by key, each value list in date order, and the table of prices by day; `files`: where each rule is."""

    series: dict[str, list[DatedValue]]
    prices: pd.DataFrame
    files: dict[str, str] = field(default_factory=dict)
    hash: str = ""  # of the files as they were read; "" where they are not all that is in force

    def value(self, key: str, day: date) -> DatedValue:
        """The value in force on a day.

        Raises
        ------
        KeyError
            If no rule has that key: a programming error in a model.
        MissingValueError
            If the rule has no value at the day; the message names the nearest one.
        """
        for value in reversed(self.series[key]):
            if value.holds(day):
                return value
        file = self.files.get(key, "params/regler")
        remedy = f" Lägg till ett värde för {day.year} under {key} i {file}."
        raise MissingValueError(self._missing(key, day), file, remedy)

    def value_or_none(self, key: str, day: date) -> Any:
        """What is in force on a day; None where nothing is."""
        try:
            return self.value(key, day).varde
        except (KeyError, MissingValueError):
            return None

    def _missing(self, key: str, day: date) -> str:
        known = self.series[key]
        near = min(known, key=lambda v: min(abs((d - day).days) for d in (v.fran, v.till) if d))
        same_year = any(d.year == day.year for v in known for d in (v.fran, v.till) if d)
        nearest = min((d for d in (near.fran, near.till) if d), key=lambda d: abs((d - day).days))
        when, then = (day, nearest) if same_year else (day.year, nearest.year)
        return f"regel {key} har inget värde {when}; närmast {then}"

    def in_words(self, text: str) -> str:
        """A text for people: each rule by its title and not its id, and of a value that is missing what to do."""
        if "." not in text and "_" not in text:  # no rule's id is without
            return text

        def title(key: str) -> str:
            values = self.series.get(key)
            return values[0].titel if values else ""

        def lacking(found: re.Match) -> str:
            key, when, then = found.groups()
            if not title(key):
                return found[0]
            last = not _LACKING.search(text, found.end())
            remedy = ": controllern kan lägga till det i reglerna, eller anta ett i scenariot" if last else ""
            return f"regeln ”{title(key)}” saknar värde för {when}, närmast finns {then}{remedy}"

        return _RULE.sub(lambda found: title(found[1]) or found[0], _LACKING.sub(lacking, text))

    def with_value(self, value: DatedValue) -> "Rules":
        """The same rules with one value put over the published ones from its date on (a scenario's `regel`)."""
        series = [*self.series.get(value.regel, []), value]
        return replace(self, series={**self.series, value.regel: series}, hash="")


_KEY = r"([a-z0-9]+(?:[._][a-z0-9_]+)+)"
_RULE = re.compile(rf"(?<![\w/.])(?:[Rr]egel )?{_KEY}")
_LACKING = re.compile(rf"(?<![\w/.])regel {_KEY} har inget värde ([\d-]+); närmast ([\d-]+)")
_KEPT: dict[tuple[tuple[Path, str], ...], Rules] = {}  # by their files and what these hold
MOST_KEPT = 20


def load_rules(folders: Folders) -> Rules:
    """Every rule file and price list of `params/regler/`.

    Sound rules are kept by their files and what these hold: the processes that a batch forks need not read them again,
    nor whoever has the same rules with other tables or scenarios.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    paths = folders.param_files("regler", ".yaml", ".yml", ".csv").values()
    found = {path: digest(read_bytes(path)) if path.is_file() else "" for path in paths}
    key = tuple(found.items())
    if key not in _KEPT:
        rules = replace(_load(folders), hash=digest(repr(found).encode()))
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = rules
    return _KEPT[key]


def _load(folders: Folders) -> Rules:
    faults: list[Fault] = []
    values: dict[str, list[DatedValue]] = {}
    origin: dict[str, str] = {}
    files: dict[str, str] = {}  # by role: reports name them, and what was typed may be a machine's path
    for path in folders.param_files("regler", ".yaml", ".yml").values():
        document = read_document(path, "regel", faults)
        for key in document.value or {}:
            if key in origin:
                text = f"regeln {quoted(key)} finns redan i {origin[key]}. Låt den stå i en fil."
                document.refuse((key,), text, "repeated_key")
                continue
            origin[key], files[key] = document.file, f"params/regler/{path.name}"
            values[key] = _read_rule(document, key)
    prices = _read_price_lists(folders, values, faults)
    if LIST_RULE in values and len(prices):
        faults += _hold_to_lists(values, tuple(sorted(set(prices["ar"].astype(int)))), origin[LIST_RULE])
    refuse_any(faults)
    return Rules(values, prices, files)


def _hold_to_lists(values: dict[str, list[DatedValue]], listed: tuple[int, ...], file: str) -> Iterator[Fault]:
    """Tells the rule that borrows another year's price list which years there are; a fault for each that isn't one."""
    for value in values[LIST_RULE]:
        if value.varde not in (0, *listed):
            yield Fault("regel", file, 0, LIST_RULE, not_listed(LIST_RULE, value.varde, listed), "unknown_list")
    values[LIST_RULE] = [replace(one, limits=replace(one.limits, listade=listed)) for one in values[LIST_RULE]]


def _read_rule(document: Document, key: str) -> list[DatedValue]:
    form = validate(RuleForm, document, (key,))
    entries = document.value[key].get("varden") if isinstance(document.value[key], dict) else None
    if form is not None and not entries:
        document.refuse((key, "varden"), f"regeln {quoted(key)} har inga värden.", "empty")
    found = []
    for i in range(len(entries)) if isinstance(entries, list) else ():
        dated = validate(DatedForm, document, (key, "varden", i))
        if dated and form:
            document.faults += share_faults(document, (key, "varden", i, "varde"), key, form.mattenhet, dated.varde)
            document.faults += limit_faults(document, (key, "varden", i, "varde"), key, form.limits, dated.varde)
            fields = {name: getattr(dated, name) for name in DatedForm.model_fields} | {"limits": form.limits}
            found.append((i, DatedValue(regel=key, titel=form.titel, mattenhet=form.mattenhet, **fields)))
    found.sort(key=lambda pair: pair[1].fran or date.min)
    document.faults += _overlaps(document, key, found)
    document.faults += secrecy_faults(document, key, found)
    if key == INSATSER:
        document.faults += _not_named(document, found)
    return [value for _, value in found]


def _overlaps(document: Document, key: str, found: list[tuple[int, DatedValue]]) -> Iterator[Fault]:
    """A fault for each value that begins before an earlier one has ended."""
    latest: DatedValue | None = None
    for i, value in found:
        if latest and (latest.till is None or value.fran is None or value.fran <= latest.till):
            text = f"regeln {quoted(key)} har två värden samtidigt: {_span(latest)} och {_span(value)}."
            yield document.fault((key, "varden", i), text, "overlap")
        if latest is None or (latest.till and (value.till is None or value.till > latest.till)):
            latest = value


def _not_named(document: Document, found: list[tuple[int, DatedValue]]) -> Iterator[Fault]:
    for i, value in found:
        if not isinstance(value.varde, dict):
            text = "varde ska vara insatser med titel och mattenhet."
            yield document.fault((INSATSER, "varden", i, "varde"), text, "wrong_type")


def _span(value: DatedValue) -> str:
    return f"{value.fran or '…'}–{value.till or '…'}"


def _read_price_lists(folders: Folders, values: dict, faults: list[Fault]) -> pd.DataFrame:
    """The list of prices by day; each price of every list goes into `values` under its own key."""
    frames: dict[str, list[pd.DataFrame]] = {"lss_peng": [], "lss_timpriser": []}
    for name, path in folders.param_files("regler", ".csv").items():
        prefix = next((p for p in frames if name.startswith(p)), None)
        if prefix is None:
            text = "okänd prislista. Namnet ska börja med lss_peng eller lss_timpriser."
            faults.append(Fault("prislista", shown(path), 0, "", text, "unknown_file"))
            continue
        with gathered(faults):
            table = read_table(path, PRICE_LIST if prefix == "lss_peng" else HOURLY_PRICES)
            frames[prefix].append(table.frame.assign(_fil=shown(path)))
    prices, hourly = (pd.concat(f, ignore_index=True) if f else pd.DataFrame() for f in frames.values())
    if len(prices):
        keys = "lss_peng." + prices["avser"] + "." + prices["insats"] + "." + prices["regi"] + "." + prices["niva"]
        _add_prices(prices, keys, "kr_per_dygn", "kr/dygn", values, faults)
    if len(hourly):
        keys = "lss_timpriser." + hourly["insats"] + "." + hourly["tidsslag"] + "." + hourly["regi"]
        _add_prices(hourly, keys, "kr_per_timme", "kr/h", values, faults)
    return prices


def _price_title(key: str) -> str:
    """What a price of a list is called.

    >>> _price_title("lss_peng.ersattning.barnboende_over_12.privat.6")
    'Pris, LSS-peng: ersättning, barnboende över 12, privat, nivå 6'
    """
    _, *parts = key.split(".")
    words = {"ersattning": "ersättning", "barnboende_over_12": "barnboende över 12", "andra_kommuner": "andra kommuner"}
    named = [f"nivå {part}" if part.isdigit() else words.get(part, part.replace("_", " ")) for part in parts]
    return f"Pris, LSS-peng: {', '.join(named)}" if key.startswith("lss_peng.") else f"Pris: {', '.join(named)}"


def _add_prices(
    frame: pd.DataFrame, keys: pd.Series, column: str, mattenhet: str, values: dict, faults: list[Fault]
) -> None:
    latest = values[INSATSER][-1].varde if values.get(INSATSER) else {}
    known = latest if isinstance(latest, dict) else dict.fromkeys(frame["insats"])
    unknown = ~frame["insats"].isin(known)
    for row in frame[unknown].to_dict("records"):
        text = f"insatsen {quoted(row['insats'])} finns inte i regeln insatser.{insats_hint(row['insats'], known)}"
        faults.append(Fault("prislista", row["_fil"], row["_rad"], "kolumn insats", text, "unknown_insats"))
    for row in frame.assign(_nyckel=keys)[pd.concat([keys, frame["ar"]], axis=1).duplicated()].to_dict("records"):
        text = f"priset för {row['_nyckel']} {row['ar']} finns redan. Låt varje pris stå en gång."
        faults.append(Fault("prislista", row["_fil"], row["_rad"], "", text, "repeated_price"))
    columns = ["ar", column, "underlag", "kalla"]
    for key, row in sorted(
        zip(keys, frame[columns].itertuples(index=False), strict=True), key=lambda pair: (pair[0], pair[1].ar)
    ):
        first, last = date(int(row.ar), 1, 1), date(int(row.ar), 12, 31)
        price = DatedValue(
            key, _price_title(key), mattenhet, float(row[1]), row.underlag, row.kalla, fran=first, till=last
        )
        values.setdefault(key, []).append(price)


def insats_hint(found: str, known: Mapping[str, Any]) -> str:
    """Which insats is meant by a name that the rule does not have, by what else it is called or by its spelling.

    Else which there are.
    """
    plain = found.casefold().replace(" ", "_").translate(str.maketrans("åäö", "aao"))
    for name, about in known.items():
        if isinstance(about, dict) and any(plain.startswith(other) for other in about.get("kallas", ())):
            return f" Menade du '{name}'?"
    return did_you_mean(plain, known)
