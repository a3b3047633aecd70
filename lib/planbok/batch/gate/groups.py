"""Small groups in a finished report: its declarations, verified on the files as written.

resultat.json says which people each column and key figure tells of, by which rule, and which cells are withheld. So
this can be known of a report, whatever made it: that no count of people is below its rule, that with a cell all that
tells of the same people is withheld, that it can't be worked out from a shown total, and that no other file shows it.
"""

import html
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planbok.batch.gate.reading import binary_array, parsed
from planbok.case.result import WORKING_PAPERS
from planbok.disclosure.policy import SMALLEST

SMALL = "liten grupp"
AUDIENCE = "fel spridning"
UNDECLARED = "antal utan uppgift om vilka det gäller"
_WHO = r"(?:personer|brukare|medarbetare|handl[aä]ggare|anst[aä]llda|[aå]rsarbetare|svar(?:ande)?)"
COUNTED = re.compile(_WHO, re.IGNORECASE)  # units in which people are counted
_IN_TITLE = re.compile(rf"\b{_WHO}\b", re.IGNORECASE)  # and titles of axes
INVENTED = "tankta"  # of a number, and of a column `a` in `a_tankta`: how many of those counted a scenario adds
COUNTED_IN = ("raknat", "manad")  # columns that say when a row was counted
LARGEST = 1_000  # more people than any rule asks for
_CLOSED = re.compile("visas inte|skyddas")
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_NUMBER_CELL = re.compile(r"<t[hd]\b[^>]*\bnum\b[^>]*>(.*?)</t[hd]>", re.DOTALL)
_SHEET_CELL = re.compile(r'<c r="([A-Z]+)([0-9]+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FIRST_CELL = re.compile(r'<c r="A1"(?=[^>]* t="s")[^>]*><v>([0-9]+)</v>')
_FILTER = re.compile(r'<autoFilter ref="A([0-9]+)')
_STRING = re.compile(r"<si>(.*?)</si>", re.DOTALL)

Found = tuple[str, str, str]


@dataclass(frozen=True)
class Shown:
    """A table of resultat.json: its rows, its columns in the order in which people see them, and what it declares.

    `tells`: for each column the people that it tells of, each with its rule. `counts`: the columns that count people,
    and `declared` those that say of whom they tell, on every row or row by row. `cells`: withheld ones, by row and
    column. `page`: the columns that a page shows, in order, where it hasn't all.
    """

    name: str
    rows: list[dict[str, Any]]
    titel: str
    units: dict[str, str]
    total_row: bool
    tells: dict[str, dict[str, str]]
    counts: frozenset[str]
    declared: frozenset[str]
    cells: frozenset[tuple[int, str]]
    page: tuple[str, ...] = ()

    def on_page(self) -> list[tuple[int, int]]:
        """Row and place among a page's columns of numbers of each cell that has no value for few people's sake.

        A withheld count may stand as a text (18–24): it has no place there, and is held in resultat.json.
        """
        shown = self.page or tuple(self.units)
        places = {key: place for place, key in enumerate(key for key in shown if self.units.get(key))}
        return sorted((row, places[key]) for row, key in self.cells if key in places)

    def withheld(self) -> list[tuple[int, int]]:
        """Row and column of each shown cell that has no value for few people's sake."""
        places = {key: place for place, key in enumerate(self.units)}
        return sorted((row, places[key]) for row, key in self.cells if key in places)

    def limit(self, column: str, limits: Mapping[str, int]) -> int:
        """The smallest number of people that a column may tell of: the strictest of its rules."""
        return max((limits[regel] for regel in self.tells.get(column, {}).values()), default=0)


def hits(folder: Path, spridning: str, limits: Mapping[str, int]) -> Iterator[Found]:
    """File, place and kind of each cell that the audience may not see; a report without a result has none."""
    file = folder / "resultat.json"
    if spridning == WORKING_PAPERS or not file.is_file():
        return
    try:
        result = parsed(file.read_bytes())
        tables = list(_tables(result))
        figures = list(result.get("nyckeltal", {}).items())
    except (ValueError, AttributeError, TypeError, KeyError):
        yield file.name, "tabeller", "går inte att granska"
        return
    if result.get("spridning") != spridning:
        yield file.name, "spridning", AUDIENCE
    for name, figure in figures:
        yield from ((file.name, f"nyckeltal.{name}", kind) for kind in _figure(figure, limits))
    for table in tables:
        where = f"tabeller.{table.name}"
        yield from ((file.name, f"{where}.{column}", UNDECLARED) for column in _undeclared(table))
        for find in (_told, _beside, _stricter):
            yield from ((file.name, f"{where}{place}", SMALL) for place in find(table, limits))
    closed = {table.titel: table for table in tables if table.withheld()}
    yield from _pages(folder, closed)
    yield from _notebook(folder / "anteckningsbok.ipynb", closed, limits[SMALLEST])
    yield from _workbook(folder / "resultat.xlsx", closed)


def _tables(result: dict[str, Any]) -> Iterator[Shown]:
    known, cells = (result.get(f"tabeller_{part}", {}) for part in ("kolumner", "celler"))
    for name, rows in result["tabeller"].items():
        said = known.get(name, {})
        columns = said.get("kolumner", {})
        yield Shown(
            name=name,
            rows=rows,
            titel=said.get("titel", name),
            units={key: column["mattenhet"] for key, column in columns.items()},
            total_row=said.get("summarad", False),
            tells={key: column["galler"] for key, column in columns.items() if column.get("galler")},
            counts=frozenset(key for key, column in columns.items() if _counts(column)),
            declared=frozenset(key for key, its in columns.items() if its.get("galler") or its.get("galler_per_rad")),
            cells=frozenset((cell["rad"], cell["kolumn"]) for cell in cells.get(name, ()) if "skyddas" in cell),
            page=tuple(said.get("pa_sidan", ())),
        )


def _counts(said: Mapping[str, Any]) -> bool:
    """Whether a column or a key figure counts people: it says so, or its unit does."""
    return bool(said.get("raknar") or COUNTED.fullmatch(str(said.get("mattenhet")).strip()))


def _figure(figure: dict[str, Any], limits: Mapping[str, int]) -> Iterator[str]:
    """What is wrong with a key figure that counts people."""
    if _counts(figure) and figure.get("varde"):
        told = [limits[regel] for regel in figure.get("galler", {}).values()]
        if not told:
            yield UNDECLARED
        elif _few(_without(figure["varde"], figure.get(INVENTED)), max(told)):
            yield SMALL


def _undeclared(table: Shown) -> list[str]:
    """The columns that count people and do not say whom: what they should withhold nobody can know."""
    open_ = sorted(table.counts - table.declared)
    return [column for column in open_ if any(row.get(column) for row in table.rows)]


def _few(value: Any, smallest: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < smallest


def _without(value: Any, invented: Any) -> Any:
    """A number without those whom a scenario adds; the number itself where how many they are is no number."""
    return value - invented if all(isinstance(one, int | float) for one in (value, invented)) else value


def _real(row: dict[str, Any], column: str) -> Any:
    """A row's number of a column without those whom a scenario adds."""
    return _without(row.get(column), row.get(f"{column}_{INVENTED}"))


def _told(table: Shown, limits: Mapping[str, int]) -> Iterator[str]:
    """Where a table of the result shows a small group, or lets it be worked out."""
    for column in sorted(table.counts & table.tells.keys()):
        smallest = table.limit(column, limits)
        for place, row in enumerate(table.rows, start=1):
            if _few(_real(row, column), smallest):
                yield f"[{place}].{column}"
        for place, parts, total in _sums(table, column):
            shown = [part for part in parts if part[column] is not None]
            rest = _real(total, column) - sum(_real(part, column) for part in shown)
            alike = all(_counted_in(part) == _counted_in(total) for part in shown) or not _counted_in(total)
            hidden = len(parts) - len(shown)
            if hidden and table.cells and alike and ((hidden < 2 and rest) or 0 < rest < smallest):
                yield f"[{place}].{column}"


def _beside(table: Shown, limits: Mapping[str, int]) -> Iterator[str]:
    """Where a withheld cell has a value, or another column of its row tells of the same people."""
    for row, column in sorted(table.cells or ()):
        same = table.tells.get(column, {}).keys()
        for key in [column, *(key for key, of in table.tells.items() if same and same <= of.keys() and key != column)]:
            if row >= len(table.rows) or table.rows[row].get(key) is not None:
                yield f"[{row + 1}].{key}"


def _stricter(table: Shown, limits: Mapping[str, int]) -> Iterator[str]:
    """Where a row counts enough people to be shown, and too few for what another of its columns tells of them."""
    for place, row in enumerate(table.rows, start=1):
        numbers = [_real(row, key) for key in table.counts & table.tells.keys() if _few(_real(row, key), LARGEST)]
        fewest = min(numbers, default=LARGEST)
        for key in table.tells:
            if row.get(key) is not None and fewest < table.limit(key, limits):
                yield f"[{place}].{key}"


def _is_total(row: dict[str, Any]) -> bool:
    return any(isinstance(value, str) and value.casefold() == "totalt" for value in row.values())


def _counted_in(row: dict[str, Any]) -> tuple[str, ...]:
    """The month in which a row was counted, the first of several: a sum tells nothing of parts of another month."""
    said = (row.get(key) for key in COUNTED_IN)
    return tuple(
        text.partition("\N{EN DASH}")[0] for text in said if isinstance(text, str) and text.lower() != "totalt"
    )


def _sums(table: Shown, column: str) -> Iterator[tuple[int, list[dict[str, Any]], dict[str, Any]]]:
    """Each total of a column with its place and the rows above it, back to the total before."""
    parts: list[dict[str, Any]] = []
    for place, row in enumerate(table.rows, start=1):
        if not (_is_total(row) or (table.total_row and place == len(table.rows))):
            parts.append({column: None, **row})
            continue
        if row.get(column) is not None:
            yield place, parts, row
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
        rows = [_NUMBER_CELL.findall(row) for row in _ROW.findall(body)]
        shown = (
            (row, rows[row][place]) for row, place in table.on_page() if row < len(rows) and place < len(rows[row])
        )
        yield from (f"{table.titel}, rad {row + 1}" for row, text in shown if re.search(r"\d", _words(text)))


def _words(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).strip()


def _notebook(file: Path, closed: dict[str, Shown], smallest: int) -> Iterator[Found]:
    """The outputs of the executed notebook: tables as markup and as text, and figures that count persons."""
    try:
        cells = parsed(file.read_bytes())["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    for number, cell in enumerate(cells, start=1):
        for output in cell.get("outputs", ()):
            for kind, data in output.get("data", {}).items():
                places: Iterable[str]
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
        if len(_CLOSED.findall(line)) < sum(row == place for row, _ in table.withheld()):
            yield f"{table.titel}, rad {place + 1}"


def _in_figure(spec: Any, smallest: int) -> Iterator[str]:
    """The values of a figure along an axis whose title counts persons."""
    layout = spec.get("layout", {})
    for axis, key in (("xaxis", "x"), ("yaxis", "y")):
        title = (layout.get(axis) or {}).get("title") or {}
        words = title.get("text", "") if isinstance(title, dict) else str(title)
        if _IN_TITLE.search(words):
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
        top, table = _FILTER.search(sheet), closed.get(_sheet_title(sheet, strings))
        if not table or not top:
            continue
        cells = {(c, int(r)): (kind, inside) for c, r, kind, inside in _SHEET_CELL.findall(sheet)}
        for row, column in table.withheld():
            kind, inside = cells.get((_letters(column), int(top[1]) + 1 + row), ("", ""))
            if "<v>" in inside and 't="s"' not in kind:
                yield file.name, f"{table.titel}, cell {_letters(column)}{int(top[1]) + 1 + row}", SMALL


def _sheet_title(sheet: str, strings: list[str]) -> str:
    """What stands in a sheet's first cell, where that is a text."""
    first = _FIRST_CELL.search(sheet)
    return _words(strings[int(first[1])]) if first and int(first[1]) < len(strings) else ""


def _letters(column: int) -> str:
    """A column's letters in Excel.

    >>> _letters(0), _letters(26)
    ('A', 'AA')
    """
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
