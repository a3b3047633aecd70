"""Large workbooks whose number formats and formulas say nothing more than their cells: read by a quicker reader."""

import html
import io
import re
import zipfile
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

LARGE = 2_000_000  # bytes of the sheets' XML: some ten thousand rows, which the careful reader takes seconds for
LARGEST_EXACT = 2**53  # whole numbers above this are no longer exact as the quick reader has them
# Formulas, merged cells, Excel's errors and hidden rows need the careful reader, and so do days counted from 1904.
_CAREFUL = re.compile(
    rb"""<(?:\w+:)?(?:f|mergeCell)[\s/>]|<(?:\w+:)?c\b[^>]*\st=["']e["']|<(?:\w+:)?row\b[^>]*\shidden="""
)
_FORMAT = re.compile(rb"""<(?:\w+:)?numFmt\b[^>]*?\sformatCode=(?:"([^"]*)"|'([^']*)')""")
_CELL_FORMAT = re.compile(rb"""<(?:\w+:)?xf\b[^>]*?\snumFmtId=["']([0-9]+)["']""")
_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # what a number format says in so many words
# Literal text, a currency or language, the usual colour of what is negative, widths
_SAID = re.compile(rb"&quot;.*?&quot;|\[(?:\$[^\]]*|Red)\]|\\.|_.|\*.")
# Money that is no kronor, in the words of a number format
_MONEY = re.compile(r"€|£|EUR|USD|NOK|DKK|(?<![^\W\d_])(?:[tk]kr|mn?kr|[km]sek)(?![^\W\d_])", re.IGNORECASE)
_SCALED = re.compile("[0#?],+(?![0#?,])")
_TELLING = re.compile(rb"[%\[hHsS]")  # per cent, hours and seconds, conditions
# Per cent 9 and 10, clocks 18-22 and 45-47 among Excel's own formats (ECMA-376 part 1, 18.8.30).
_TELLING_BUILT_IN = frozenset({9, 10, *range(18, 23), *range(45, 48)})


def is_plain(archive: zipfile.ZipFile, parts: Collection[bytes]) -> bool:
    """Whether a workbook is large, and has nothing that only the careful reader understands."""
    if sum(map(len, parts)) < LARGE or any(_CAREFUL.search(part) for part in parts):
        return False
    if re.search(rb"""date1904=["'](?:1|true)""", archive.read("xl/workbook.xml")):
        return False
    styles = archive.read("xl/styles.xml") if "xl/styles.xml" in archive.namelist() else b""
    codes = [double or single for double, single in _FORMAT.findall(styles)]
    if any(money_shown(code.decode()) or is_scaled(html.unescape(code.decode())) for code in codes):
        return False
    used = b"".join(_CELL_STYLES.findall(styles))
    built_in = set(map(int, _CELL_FORMAT.findall(used)))
    return not any(_TELLING.search(_SAID.sub(b"", code)) for code in codes) and not built_in & _TELLING_BUILT_IN


@lru_cache(maxsize=4096)
def money_shown(number_format: str) -> str:
    """The unit of money other than kronor that a number format writes beside a number; "" where it writes none.

    >>> [money_shown(text) for text in ('#,##0 "tkr"', r"0\\ \\m\\n\\k\\r", '0 "kr"', "[$€-2] 0")]
    ['tkr', 'mnkr', '', '€']
    """
    found = _MONEY.search(number_format.replace("\\", ""))
    return found[0] if found else ""


@lru_cache(maxsize=4096)
def is_scaled(number_format: str) -> bool:
    """Whether a number format shows a number divided by a thousand, or by more: a comma after its last digit.

    >>> [is_scaled(text) for text in ("#,##0,", '0.0,, "mnkr"', "#,##0", "#,##0.00", '0 "a,"')]
    [True, True, False, False, False]
    """
    return bool(_SCALED.search(LITERAL.sub("", number_format)))


def plain_sheets(raw: bytes) -> list[tuple[str, bool, list[list[Any]]]] | None:
    """Name, whether it is hidden, and rows of each worksheet; None where a number would lose digits."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    found = []
    for about in book.sheets_metadata:
        if about.typ == SheetTypeEnum.WorkSheet:
            rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
            hidden = about.visible != SheetVisibleEnum.Visible
            found.append((about.name, hidden, [[_whole(value) for value in row] for row in rows]))
    numbers = (value for _, _, rows in found for row in rows for value in row if type(value) in (int, float))
    return None if any(abs(value) >= LARGEST_EXACT for value in numbers) else found


def _whole(value: Any) -> Any:
    """A whole number as one: the quick reader has every number with decimals."""
    return int(value) if type(value) is float and value.is_integer() else value
