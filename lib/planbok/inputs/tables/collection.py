"""A collection: a folder of input tables, found by their names."""

import os
from pathlib import Path

import pandas as pd

from planbok.base.errors import Fault, InputError
from planbok.base.stages import READ, stage
from planbok.base.workspace import shown
from planbok.inputs.tables.read import read_table, units_in
from planbok.inputs.tables.reading import SUFFIXES, InputTable, UnsoundTableError
from planbok.inputs.tables.specs import TABLES

# what tables are also saved as, and is not read
UNREAD_SUFFIXES = (".ods", ".fods", ".xls", ".xlsm", ".xlsb", ".xltx", ".txt", ".tsv", ".numbers")


class Collection:
    """A folder of input tables, each read at most once."""

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self._read: dict[str, InputTable] = {}
        self._units: dict[str, list[str]] = {}

    def _files(self, name: str = "") -> list[Path]:
        """The files of tables, by name; with `name` those whose own holds it."""
        there = sorted(os.listdir(self.folder)) if os.path.isdir(self.folder) else []
        forms = (*SUFFIXES, *UNREAD_SUFFIXES)
        inside = [file for file in there if name in file.lower() and not file.startswith(("~$", ".", "#"))]
        return [self.folder / file for file in inside if os.path.splitext(file)[1].lower() in forms]

    def _named(self, name: str) -> list[Path]:
        return [path for path in self._files(name) if path.stem.strip().lower() == name]

    def names(self) -> tuple[str, ...]:
        """The known tables that the folder has."""
        there = {path.stem.strip().lower() for path in self._files()}
        return tuple(name for name in TABLES if name in there)

    def has(self, name: str) -> bool:
        """Whether the folder has the table, in a form that is read or not."""
        return bool(self._named(name))

    def unknown_files(self) -> tuple[str, ...]:
        """Table files whose names are no known table."""
        files = (path for path in self._files() if path.suffix.lower() in SUFFIXES)
        return tuple(path.name for path in files if path.stem.strip().lower() not in TABLES)

    def units(self, name: str) -> list[str]:
        """The units that a table names; none where it isn't there. Faults of single rows are for those who read it."""
        if not self.has(name):
            return []
        if name not in self._units:
            self._units[name] = units_in(self.path(name), TABLES[name])
        return self._units[name]

    def path(self, name: str) -> Path:
        """The table's file; InputError if there is none, or more than one."""
        found = self._named(name)
        if len(found) == 1 and found[0].suffix.lower() in SUFFIXES:
            return found[0]
        file = shown(self.folder)
        if len(found) == 1:
            text = f"filer i formen {found[0].suffix} läses inte. Spara om den som {name}.xlsx eller {name}.csv."
            raise InputError([Fault("tabell", shown(found[0]), 0, "", text, "unread_form")])
        if found:
            files = " och ".join(path.name for path in found)
            text = f"tabellen finns i flera filer: {files}. Behåll en av dem."
            raise InputError([Fault("tabell", file, 0, f"tabell {name}", text, "two_files")])
        if not self.folder.is_dir():
            state = "mappen finns inte"
        else:
            state = f"tabellen finns inte i mappen. Där finns: {', '.join(self.names()) or 'ingen tabell'}"
        text = f"{state}. Lägg dit {name}.csv eller {name}.xlsx, eller välj en annan mapp med --data."
        raise InputError([Fault("tabell", file, 0, f"tabell {name}", text, "missing_table")])

    def read(self, name: str) -> InputTable:
        """The table, read the first time it is asked for; InputError with every fault in it."""
        if name not in self._read:
            with stage(READ):
                self._read[name] = read_table(self.path(name), TABLES[name])
        return self._read[name]

    def readable(self, name: str) -> pd.DataFrame | None:
        """The table's rows as far as they can be read; None where it isn't there or nothing of it can be."""
        try:
            return self.read(name).frame
        except UnsoundTableError as error:
            return error.frame
        except InputError:
            return None
