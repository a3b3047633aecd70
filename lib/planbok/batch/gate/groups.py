"""Small groups in a finished report: what its audience may not see, held against what its files show.

resultat.json says which cells are withheld and which columns count persons. So this can be known of a report: that no
count of persons is below the limit, that what is withheld can't be worked out from a shown total or from shown days,
and that no other file shows a cell that resultat.json withholds.
"""

import html
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planbok.batch.gate.reading import binary_array
from planbok.disclosure.suppress import OPEN_AUDIENCE

SMALL = "liten grupp"
AUDIENCE = "fel spridning"
PERSONS = re.compile(r"\b(?:personer|brukare)\b", re.IGNORECASE)
PERSON_KEYS = frozenset(["personer", "antal_personer", "brukare"])
DAYS = "dygn"
EMPLOYEES, SICK = "anstallda", "sjuk"

_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_MORE = '<tr class="more"'  # the long texts of the row above
_NUMBER_CELL = re.compile(r"<t[hd]\b[^>]*\bnum\b[^>]*>(.*?)</t[hd]>", re.DOTALL)
_SHEET_CELL = re.compile(r'<c r="([A-Z]+)([0-9]+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FILTER = re.compile(r'<autoFilter ref="A([0-9]+)')
_STRING = re.compile(r"<si>(.*?)</si>", re.DOTALL)

Found = tuple[str, str, str]


@dataclass(frozen=True)
class Shown:
    """A table of resultat.json: its rows, its columns in the order in which people see them, why cells are withheld."""

    name: str
    rows: list[dict[str, Any]]
    titel: str
    units: dict[str, str]
    total_row: bool
    note: str

    @property
    def persons(self) -> list[str]:
        """The columns that count persons."""
        keys = {key for row in self.rows for key in row}
        return sorted(key for key in keys if key in PERSON_KEYS or PERSONS.search(self.units.get(key, "")))

    def withheld(self) -> list[tuple[int, int]]:
        """Row and column of each shown cell that has no value for the reason given."""
        if not self.note:
            return []
        numbers = [(place, key) for place, (key, unit) in enumerate(self.units.items()) if unit]
        return [(row, place) for row, cells in enumerate(self.rows) for place, key in numbers if cells.get(key) is None]


def hits(folder: Path, spridning: str, smallest: int, sick_hidden: int) -> Iterator[Found]:
    """File, place and kind of each cell that the audience may not see; a report without a result has none."""
    file = folder / "resultat.json"
    if spridning == OPEN_AUDIENCE or not file.is_file():
        return
    try:
        result = json.loads(file.read_bytes())
        tables = list(_tables(result))
        figures = list(result.get("nyckeltal", {}).items())
    except (ValueError, AttributeError, TypeError, KeyError):
        yield file.name, "tabeller", "går inte att granska"
        return
    if result.get("spridning") != spridning:
        yield file.name, "spridning", AUDIENCE
    for name, figure in figures:
        if PERSONS.search(str(figure.get("mattenhet"))) and _few(figure.get("varde"), smallest):
            yield file.name, f"nyckeltal.{name}", SMALL
    for table in tables:
        yield from ((file.name, f"tabeller.{table.name}{place}", SMALL) for place in _told(table, smallest))
        yield from ((file.name, f"tabeller.{table.name}{place}", SMALL) for place in _sick(table, sick_hidden))
    closed = {table.titel: table for table in tables if table.withheld()}
    yield from _pages(folder, closed)
    yield from _notebook(folder / "anteckningsbok.ipynb", closed, smallest)
    yield from _workbook(folder / "resultat.xlsx", closed)


def _tables(result: dict[str, Any]) -> Iterator[Shown]:
    known, notes = result.get("tabeller_kolumner", {}), result.get("tabeller_not", {})
    for name, rows in result["tabeller"].items():
        said = known.get(name, {})
        units = {key: column["mattenhet"] for key, column in said.get("kolumner", {}).items()}
        yield Shown(name, rows, said.get("titel", name), units, said.get("summarad", False), notes.get(name, ""))


def _few(value: Any, smallest: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < smallest


def _told(table: Shown, smallest: int) -> Iterator[str]:
    """Where a table of the result shows a small group, or lets it be worked out."""
    for column in table.persons:
        for place, row in enumerate(table.rows, start=1):
            if _few(row.get(column), smallest):
                yield f"[{place}].{column}"
            if row.get(column) is None and table.note and row.get(DAYS) and not _is_total(row):
                yield f"[{place}].{DAYS}"
        for place, parts, total in _sums(table, column):
            hidden = [part for part in parts if part is None]
            rest = total - sum(part for part in parts if part is not None)
            if hidden and table.note and (len(hidden) < 2 or 0 < rest < smallest):
                yield f"[{place}].{column}"


def _sick(table: Shown, sick_hidden: int) -> Iterator[str]:
    """Where a table shows the sick leave of a group with at most so many employees."""
    for place, row in enumerate(table.rows, start=1):
        if _few(row.get(EMPLOYEES), sick_hidden + 1):
            shown = (key for key, value in row.items() if key.startswith(SICK) and value is not None)
            yield from (f"[{place}].{key}" for key in shown)


def _is_total(row: dict[str, Any]) -> bool:
    return any(isinstance(value, str) and value.casefold() == "totalt" for value in row.values())


def _sums(table: Shown, column: str) -> Iterator[tuple[int, list[float | None], float]]:
    """Each total of a column with its place and the parts above it, back to the total before."""
    parts: list[float | None] = []
    for place, row in enumerate(table.rows, start=1):
        value = row.get(column)
        if not (_is_total(row) or (table.total_row and place == len(table.rows))):
            parts.append(value)
            continue
        if value is not None:
            yield place, parts, value
        parts = []


def _pages(folder: Path, closed: dict[str, Shown]) -> Iterator[Found]:
    file = folder / "rapport.html"
    if closed and file.is_file():
        text = file.read_text("utf-8", "replace")
        yield from ((file.name, place, SMALL) for place in _in_markup(text, closed))


def _in_markup(text: str, closed: dict[str, Shown]) -> Iterator[str]:
    """The tables of a page that show what is withheld from them."""
    for found in _TABLE.findall(text):
        caption = _CAPTION.search(found)
        table = closed.get(_words(caption[1])) if caption else None
        if table is None:
            continue
        body = found.partition("<tbody>")[2] or found
        rows = [_NUMBER_CELL.findall(row) for row in _ROW.findall(body) if _MORE not in row]
        numbers = [place for place, unit in enumerate(table.units.values()) if unit]
        cells = ((row, numbers.index(column)) for row, column in table.withheld())
        shown = ((row, rows[row][place]) for row, place in cells if row < len(rows) and place < len(rows[row]))
        yield from (f"{table.titel}, rad {row + 1}" for row, text in shown if re.search(r"\d", _words(text)))


def _words(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).strip()


def _notebook(file: Path, closed: dict[str, Shown], smallest: int) -> Iterator[Found]:
    """The outputs of the executed notebook: tables as markup and as text, and figures that count persons."""
    try:
        cells = json.loads(file.read_bytes())["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    for number, cell in enumerate(cells, start=1):
        for output in cell.get("outputs", ()):
            for kind, data in output.get("data", {}).items():
                if kind == "text/html":
                    places = _in_markup("".join(data), closed)
                elif kind == "text/plain":
                    places = _in_text("".join(data), closed)
                else:
                    places = _in_figure(data, smallest) if "plotly" in kind else ()
                yield from ((file.name, f"cell {number}, {place}", SMALL) for place in places)


def _in_text(text: str, closed: dict[str, Shown]) -> Iterator[str]:
    title, *lines = text.split("\n")
    table = closed.get(title.strip())
    if table is None:
        return
    for place, line in enumerate(lines[1 : len(table.rows) + 1]):
        if line.count("visas inte") < sum(row == place for row, _ in table.withheld()):
            yield f"{table.titel}, rad {place + 1}"


def _in_figure(spec: Any, smallest: int) -> Iterator[str]:
    """The values of a figure along an axis whose title counts persons."""
    layout = spec.get("layout", {})
    for axis, key in (("xaxis", "x"), ("yaxis", "y")):
        title = (layout.get(axis) or {}).get("title") or {}
        words = title.get("text", "") if isinstance(title, dict) else str(title)
        if PERSONS.search(words):
            yield from (
                "figuren" for trace in spec.get("data", ()) if any(_few(v, smallest) for v in _values(trace, key))
            )


def _values(trace: dict[str, Any], key: str) -> Iterable[Any]:
    values = trace.get(key)
    if isinstance(values, dict):
        array = binary_array(values)
        return () if array is None else array.tolist()
    return values if isinstance(values, list) else ()


def _workbook(file: Path, closed: dict[str, Shown]) -> Iterator[Found]:
    """The sheets whose title is that of a table with withheld cells."""
    if not closed or not file.is_file():
        return
    with zipfile.ZipFile(file) as book:
        names = book.namelist()
        strings = _STRING.findall(book.read("xl/sharedStrings.xml").decode()) if "xl/sharedStrings.xml" in names else []
        sheets = [book.read(name).decode() for name in names if name.startswith("xl/worksheets/sheet")]
    for sheet in sheets:
        cells = {(c, int(r)): (kind, inside) for c, r, kind, inside in _SHEET_CELL.findall(sheet)}
        top, table = _FILTER.search(sheet), closed.get(_sheet_title(cells, strings))
        for row, column in table.withheld() if table and top else ():
            kind, inside = cells.get((_letters(column), int(top[1]) + 1 + row), ("", ""))
            if "<v>" in inside and 't="s"' not in kind:
                yield file.name, f"{table.titel}, cell {_letters(column)}{int(top[1]) + 1 + row}", SMALL


def _sheet_title(cells: dict[tuple[str, int], tuple[str, str]], strings: list[str]) -> str:
    kind, inside = cells.get(("A", 1), ("", ""))
    number = re.search(r"<v>([0-9]+)</v>", inside or "")
    return _words(strings[int(number[1])]) if number and 't="s"' in kind and int(number[1]) < len(strings) else ""


def _letters(column: int) -> str:
    """A column's letters in Excel.

    >>> _letters(0), _letters(26)
    ('A', 'AA')
    """
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
