"""LibreOffice works out every formula of Excel files anew, so that their values can be compared."""

import os
import re
import shutil
import subprocess
import zipfile
from html import unescape
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

WAIT = 180  # seconds; the program's first start makes its profile
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


def office() -> str:
    """LibreOffice's command; without it the test is left out, but never in continuous integration."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        reason = "LibreOffice Calc (soffice) is not installed: the workbook's formulas have not been recalculated"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return found


def recalculated(folder: Path, *paths: Path) -> list[Path]:
    """The files recalculated, in the same order, by a program with a throw-away profile in `folder`."""
    profile, given, out = folder / "profil", folder / "givna", folder / "omraknade"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")
    given.mkdir()
    copies = [shutil.copy(path, given / f"{number}.xlsx") for number, path in enumerate(paths)]
    command = [office(), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    convert = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, copies)]
    done = subprocess.run([*command, *convert], capture_output=True, text=True, timeout=WAIT, check=False)
    made = [out / copy.name for copy in copies]
    assert all(path.exists() for path in made), done.stdout + done.stderr
    return made


def values(path: Path) -> dict[tuple[str, str], object]:
    """Every cell that holds something, as the file carries it; an error is none of the values and stops here."""
    assert not re.findall(r'<c [^>]*t="e"[^>]*>', "".join(_sheets(path)))
    with CalamineWorkbook.from_path(path) as book:
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    return {
        (title, f"{get_column_letter(column)}{row}"): value
        for title, rows in sheets.items()
        for row, cells in enumerate(rows, start=1)
        for column, value in enumerate(cells, start=1)
        if value != ""
    }


def numbers(path: Path) -> set[float]:
    """Every number that a cell of any sheet holds, hidden ones too."""
    with CalamineWorkbook.from_path(path) as book:
        rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    return {float(cell) for row in rows for cell in row if isinstance(cell, int | float)}


def formulas(path: Path) -> list[str]:
    """The formulas of a file."""
    return [unescape(found) for sheet in _sheets(path) for found in re.findall(r"<f(?: [^>]*)?>([^<]*)</f>", sheet)]


def _sheets(path: Path) -> list[str]:
    """The text of each sheet of a file."""
    with zipfile.ZipFile(path) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        return [parts.read(name).decode("utf-8") for name in sorted(names)]


def differing(before, after):
    """The cells that are not what they were, numbers to within what binary arithmetic leaves."""
    same = {
        where: after.get(where) == (pytest.approx(value, rel=1e-6, abs=1e-6) if is_number(value) else value)
        for where, value in before.items()
    }
    return {where: (before[where], after.get(where)) for where, is_same in same.items() if not is_same}


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
