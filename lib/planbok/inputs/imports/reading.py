"""Exports read by one profile: what their rows become, before anything is put among a collection's tables."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from planbok.base.errors import Fault, InputError, gathered, refuse_any
from planbok.inputs.imports.amounts import amounts, kr_text
from planbok.inputs.imports.export import KIND, Export, read_export
from planbok.inputs.imports.ledger import Postings
from planbok.inputs.imports.merge import MONEY_OUT, period_of, unit_of
from planbok.inputs.imports.profile import MONTH, LoadedProfile
from planbok.inputs.imports.pseudonyms import Key
from planbok.inputs.imports.records import Records
from planbok.inputs.imports.sql import query_export
from planbok.inputs.tables.specs import TABLES
from planbok.inputs.tables.values import shortened

CODES_SHOWN = 5
OUT = {"kostnad": "kostnad_kr", "intakt": "intakt_kr"}
OUT |= {f"bokslut_{name}": f"bokslut_{heading}" for name, heading in OUT.items()}


@dataclass
class Reading:
    """One command: files, profile, what they became, and the account of it."""

    loaded: LoadedProfile
    parts: list[Any]  # of one file each: Postings of a ledger, else Records
    rows: pd.DataFrame
    control: int | None = None
    key: Key | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def exports(self) -> list[Export]:
        return [part.export for part in self.parts]

    @property
    def table(self) -> str:
        return self.loaded.profile.tabell

    @property
    def is_ledger(self) -> bool:
        return self.loaded.profile.is_ledger


def read_files(files: list[Path], loaded: LoadedProfile, key: Key | None) -> Reading:
    """Every file read and mapped; all faults of all files at once."""
    profile, faults = loaded.profile, list[Fault]()
    parts: list[Postings | Records] = []
    for path in [None] if profile.kalla else files:
        with gathered(faults):
            export = query_export(profile) if path is None else read_export(path, profile)
            parts.append(Postings(export, profile) if profile.is_ledger else Records(export, profile, key))
            faults += parts[-1].faults
    faults += _same_twice(parts)
    refuse_any(faults)
    if not sum(len(part.rows) for part in parts):
        text = f"filen har inga rader att läsa in{_why(parts)}."
        raise InputError([Fault(KIND, parts[0].export.fil, 0, "", text, "no_rows")])
    notes = [note for part in parts if isinstance(part, Records) for note in part.notes]
    joined = pd.concat([part.rows for part in parts], ignore_index=True)
    rows = _ledger_rows(joined) if profile.is_ledger else joined.fillna("")
    rows = rows[[name for name in TABLES[profile.tabell].headings() if name in rows]]
    rows = rows.reindex(columns=_with_unknown(profile.tabell, list(rows)), fill_value="")
    return Reading(loaded, parts, rows, key=key, notes=notes)


def _why(parts: list[Any]) -> str:
    """Which codes were left out, where all were."""
    left = [(one.kod, one.text) for part in parts if isinstance(part, Postings) for one in part.left_out]
    left += [(one[1], "") for part in parts if isinstance(part, Records) for one in part.left_out]
    named = ", ".join(
        dict.fromkeys(f"{shortened(kod)} ({text})" if text else shortened(kod) for kod, text in left[:CODES_SHOWN])
    )
    return f": alla är utelämnade, {named}" if named else ""


def _ledger_rows(joined: pd.DataFrame) -> pd.DataFrame:
    """The postings of all files summed by key, as text in kronor."""
    money = [name for name in OUT if name in joined]
    keys = [name for name in joined if name not in money]
    whole = joined.fillna(dict.fromkeys(money, 0)).groupby(keys, sort=True, dropna=False)[money].sum().reset_index()
    for name in money:
        whole[name] = whole[name].astype("int64").map(kr_text)
    return whole.rename(columns=OUT).astype(str)


def _with_unknown(table: str, there: list[str]) -> list[str]:
    """The columns there are, and those that the table must have and the export lacks: they stay empty, unknown.

    >>> _with_unknown("utfall", ["enhet", "manad", "budgetrad", "kostnad_kr"])
    ['enhet', 'manad', 'budgetrad', 'kostnad_kr', 'intakt_kr']
    """
    names = {column.name: column.spellings() for column in TABLES[table].columns if column.required}
    return there + [name for name, spellings in names.items() if not set(spellings) & set(there)]


def _same_twice(parts: list[Postings | Records]) -> Iterator[Fault]:
    """The same file twice, or two files that both have a unit's month and account."""
    times = Counter(part.export.sha256 for part in parts)
    for export in {part.export.sha256: part.export for part in parts if times[part.export.sha256] > 1}.values():
        yield Fault(KIND, export.fil, 0, "", "filen är angiven två gånger. Ta bort den ena.", "same_file")
    seen: dict[tuple[Any, ...], str] = {}
    for part in parts:
        export = part.export
        keys = [name for name in part.rows if name in ("enhet", MONTH, "ar", "version", "budgetrad", "verksamhet")]
        here = set(map(tuple, part.rows[keys].drop_duplicates().to_numpy())) if keys else set()
        twice = sorted(place for place in here if place in seen and times[export.sha256] == 1)
        if twice and isinstance(part, Postings):
            text = (
                f"{' '.join(map(str, twice[0]))} finns också i {seen[twice[0]]}. En post får bara stå i en av filerna."
            )
            yield Fault(KIND, export.fil, 0, "", text, "overlap")
        seen |= dict.fromkeys(here, Path(export.fil).name)


def net_of(rows: pd.DataFrame, intakter: str) -> int:
    """The sum of a ledger's rows in the file's own sign, which its revenue has, from the text that is written."""
    found = 0
    for heading in OUT.values():
        if heading in rows:
            kr = int(amounts(rows[heading].astype(object)).exact.sum())
            found += -kr if "intakt" in heading and intakter == "negativa" else kr
    return found


def nets_of(reading: Reading) -> dict[tuple[str, str], int]:
    """The written net by unit and period."""
    cost, revenue = (
        amounts(reading.rows[name].astype(object)).exact if name in reading.rows else pd.Series(0, reading.rows.index)
        for name in MONEY_OUT
    )
    net = (cost - revenue).groupby([unit_of(reading.rows), period_of(reading.rows)]).sum()
    return {place: int(kr) for place, kr in net.items()}
