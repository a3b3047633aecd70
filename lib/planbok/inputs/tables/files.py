"""Table files as Swedish systems write them: csv of any delimiter and encoding, and xlsx. Cells only, no meaning."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from planbok.base.errors import Fault, InputError
from planbok.inputs.tables.csv_text import csv_sheet
from planbok.inputs.tables.encoding import UnreadableFileError
from planbok.inputs.tables.headings import HEAD_ROWS, heading_text
from planbok.inputs.tables.xlsx import Sheet, read_xlsx

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # how a workbook begins, and one that is encrypted or of the 1990s


@contextmanager
def refusing(kind: str, file: str) -> Iterator[None]:
    """Refuses a file, as a fault of a kind, with what hinders that it is read inside."""
    try:
        yield
    except OSError:
        text, line = "filen finns inte eller går inte att läsa. Kontrollera namnet och rättigheterna.", 0
    except UnreadableFileError as problem:
        text, line = str(problem), problem.line
    else:
        return
    raise InputError([Fault(kind, file, line, "", text, "unreadable")]) from None


def read_sheets(raw: bytes, suffix: str, headings: Collection[str], whole: bool = True) -> list[Sheet]:
    """The sheets of a file; `headings` (lower case) tells which delimiter a csv file has.

    A long csv file that need not be `whole` has its first rows only as `cells`, and all of them as `parts()`.
    """
    if suffix != ".xlsx" and raw.startswith(_ZIP):
        raise UnreadableFileError("filen är en Excel-arbetsbok eller en zip-fil. Döp om en arbetsbok till .xlsx.")
    if suffix == ".xlsx" and raw.startswith(_OLE):
        problem = "filen är skyddad med lösenord, eller av gammalt slag (.xls). Spara den som .xlsx utan lösenord."
        raise UnreadableFileError(problem)
    if suffix == ".xlsx" and not raw.startswith(_ZIP):
        problem = "filen är ingen Excel-arbetsbok (.xlsx) trots namnet. Är den en csv-fil: döp om den till .csv."
        raise UnreadableFileError(problem)
    return read_xlsx(raw) if suffix == ".xlsx" else [csv_sheet(raw, headings, whole)]


def find_headings(sheet: Sheet, headings: Collection[str]) -> tuple[int, int]:
    """The row among the first ones that has the most known headings, and how many they are."""
    head = sheet.cells.iloc[:HEAD_ROWS]
    known = set(headings)
    scores = [len({heading_text(cell) for cell in row} & known) for row in head.to_numpy(dtype=object)]
    return (int(head.index[scores.index(max(scores))]), max(scores)) if scores else (0, 0)


def merged_under(sheet: Sheet, row: int, places: Mapping[str, int]) -> Iterator[tuple[range, str, str]]:
    """Merged cells under the headings in `row`: their rows, their first column's name, and what is wrong."""
    for top, bottom, left, right in sheet.merged:
        under = [name for name, place in places.items() if left <= place <= right]
        if top > row and under and (bottom > top or len(under) > 1):
            area = f"{column_letter(left)}{top}:{column_letter(right)}{bottom}"
            text = "är sammanslagna, och bara den första har värdet. Dela cellerna och skriv värdet i var och en."
            yield range(top, bottom + 1), under[0], f"cellerna {area} {text}"


def column_letter(position: int) -> str:
    """What Excel calls a column.

    >>> column_letter(0), column_letter(25), column_letter(27), column_letter(16383)
    ('A', 'Z', 'AB', 'XFD')
    """
    from openpyxl.utils import get_column_letter  # slow to load, and few messages name a column so

    return get_column_letter(position + 1)
