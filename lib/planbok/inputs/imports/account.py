"""What was read in, kept beside the tables as inlasning.json: files, profile, rows, sums, when."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Any

from planbok.base.words import listed
from planbok.inputs.journal import read_bytes

ACCOUNT_FILE = "inlasning.json"


@dataclass
class Account:
    """The readings behind a collection's tables, the oldest first.

    A reading: `profil`, `nar`, `filer` (fil, sha256, blad, rubrikrad, rader, anvanda, forbigangna), `rader`, `summor`,
    `utelamnat`, `kontrollsumma_kr` (None where nothing states one), `nyckel` (the key's mark), and `manader`: enhet,
    manad and netto_kr of what it still stands behind.
    """

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def _months(self, table: str) -> Iterator[tuple[tuple[str, str], dict[str, Any], dict[str, Any]]]:
        """Each unit and month of a table, with what is said of it and its reading."""
        for reading in self.tables.get(table, ()):
            yield from (((row["enhet"], row["manad"]), row, reading) for row in reading["manader"])

    def owners(self, table: str) -> dict[tuple[str, str], dict[str, Any]]:
        """Which reading each unit and month of a table is from."""
        return {place: reading for place, _, reading in self._months(table)}

    def nets(self, table: str) -> dict[tuple[str, str], str]:
        """The net of each unit and month as it was read, kr as text; units without one are left out."""
        return {place: row["netto_kr"] for place, row, _ in self._months(table) if "netto_kr" in row}

    def add(self, table: str, reading: dict[str, Any]) -> None:
        """A new reading; the months that it has are no longer any earlier one's."""
        taken = {(row["enhet"], row["manad"]) for row in reading["manader"]}
        before = self.tables.get(table, [])
        for earlier in before:
            earlier["manader"] = [row for row in earlier["manader"] if (row["enhet"], row["manad"]) not in taken]
        self.tables[table] = [earlier for earlier in before if earlier["manader"]] + [reading]

    def key_marks(self) -> dict[str, str]:
        """The tables that hold pseudonyms, with the mark of the key that they were made with."""
        return {
            table: reading["nyckel"]
            for table, readings in self.tables.items()
            for reading in readings
            if reading.get("nyckel")
        }

    def text(self) -> str:
        return json.dumps({"tabeller": self.tables}, ensure_ascii=False, indent=1) + "\n"


def read_account(folder: Path) -> Account:
    """The account of a folder; an empty one where there is none, or none that can be read."""
    try:
        found = json.loads(read_bytes(folder / ACCOUNT_FILE))
        tables = {table: list(readings) for table, readings in found["tabeller"].items()}
        return Account(tables) if all(map(_is_sound, chain.from_iterable(tables.values()))) else Account()
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return Account()


def _is_sound(reading: Any) -> bool:
    """Whether a reading has what is asked of it; raises what `read_account` catches where it has no such form."""
    months, files = reading["manader"], reading["filer"]
    texts = [
        reading["profil"],
        *(row[key] for row in months for key in ("enhet", "manad")),
        *(one["fil"] for one in files),
    ]
    return all(isinstance(text, str) for text in texts) and all(
        isfinite(float(row["netto_kr"])) for row in months if "netto_kr" in row
    )


def said_of(account: Account, table: str, enhet: str) -> str:
    """Where a unit's rows come from, as the beginning of a sentence; "" where las-in did not read the table.

    >>> months = [{"enhet": "norr", "manad": "2025-01"}]
    >>> said_of(Account({"utfall": [{"filer": [{"fil": "jan.csv"}], "manader": months}]}), "utfall", "norr")
    'Utfall inläst ur jan.csv'
    """
    readings = [r for r in account.tables.get(table, ()) if any(row["enhet"] == enhet for row in r["manader"])]
    files = list(dict.fromkeys(Path(file["fil"]).name for reading in readings for file in reading["filer"]))
    return f"{table.capitalize()} inläst ur {listed(files)}" if files else ""
