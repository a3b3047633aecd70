"""A table read from its file, once for as long as the file is the same; or only the units that it names."""

from pathlib import Path
from weakref import WeakValueDictionary

import pandas as pd

from planbok.base.workspace import shown
from planbok.inputs.fingerprint import plain
from planbok.inputs.tables.checks import SPLIT_TOTALS
from planbok.inputs.tables.columns import TableSpec
from planbok.inputs.tables.reading import InputTable, Reading, UnsoundTableError

_KEPT: dict[tuple[str, Path], InputTable] = {}
_ALIKE: WeakValueDictionary[tuple[str, str, str], InputTable] = WeakValueDictionary()  # those kept, by name and content
_UNITS: dict[tuple[str, Path], tuple[str, list[str]]] = {}  # with the hash of the file that names them


def read_table(path: Path, spec: TableSpec) -> InputTable:
    """Read a csv or xlsx file as a table; raises InputError with every fault in it.

    A sound table is kept for as long as its file is the same: the processes that a batch forks need not read it again,
    nor need a copy of the file in another folder be read.
    """
    path = Path(path)
    reading, kept = Reading(spec, shown(path)), (spec.name, path)
    raw = reading.bytes(path)
    found = plain(raw)
    if kept not in _KEPT or _KEPT[kept].sha256 != found:
        alike = _ALIKE.get((spec.name, path.name, found))
        if alike is None:
            sheets = reading.sheets(path, raw)
            del raw  # a long file is let go as soon as its cells are values
            alike = _ALIKE[spec.name, path.name, found] = reading.read(path, sheets, found)
        _KEPT[kept] = alike
    return _KEPT[kept]


def units_in(path: Path, spec: TableSpec) -> list[str]:
    """The units that a table's rows name, from that column alone: a table of another unit need not be read for it.

    A table whose rows of totals are left out is read whole: a unit may have no others.

    Raises
    ------
    InputError
        If the file can't be read as the table. Faults of single rows are for those who read it.
    """
    path = Path(path)
    reading, kept = Reading(spec, shown(path)), (spec.name, path)
    raw = reading.bytes(path)
    found = plain(raw)
    if spec.name in SPLIT_TOTALS or (kept in _KEPT and _KEPT[kept].sha256 == found):
        try:
            return _units_of(read_table(path, spec).frame)
        except UnsoundTableError as error:
            return _units_of(error.frame)
    if kept not in _UNITS or _UNITS[kept][0] != found:
        _UNITS[kept] = found, reading.units(reading.sheets(path, raw))
    return _UNITS[kept][1]


def _units_of(frame: pd.DataFrame) -> list[str]:
    return frame["enhet"].unique().tolist()
