"""Tables read back: rows made up here and written as systems write them, held cell by cell against what is read.

Every table there is, in every delimiter, encoding and form of cell that docs/tabeller.md says is taken; then the same
rows with a wrong cell in each column, held against where it was put.
"""

import csv
import io
import random
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest

from planbok.base.errors import InputError
from planbok.inputs.tables import csv_text
from planbok.inputs.tables.columns import ColumnSpec
from planbok.inputs.tables.read import read_table, units_in
from planbok.inputs.tables.specs import HOURLY_PRICES, PRICE_LIST, TABLES
from planbok.inputs.tables.values import convert, hours

SPECS = TABLES | {spec.name: spec for spec in (PRICE_LIST, HOURLY_PRICES)}
DAY_0 = date(1899, 12, 30)  # Excel counts days from it
ROWS = 9
PATTERNED = {
    "person": "qrk{}z77w",
    "handlaggare": "hlx{}b41v",
    "hushall": "{}_vuxna_1_barn",
    "period": "2024-01/2024-{:02d}",
}
WRONG = {
    "number": ("12x", "hittade '12x', väntade ett tal"),
    "money": ("okänt", "hittade 'okänt', väntade ett belopp"),
    "int": ("1,5", "hittade '1,5', väntade ett heltal"),
    "year": ("24", "hittade '24', väntade ett år med fyra siffror"),
    "month": ("2024-13", "hittade '2024-13', väntade en månad"),
    "period": ("2024-T3", "hittade '2024-T3', väntade en period"),
    "time": ("25:00", "hittade '25:00', väntade ett klockslag"),
    "date": ("2023-02-29", "hittade '2023-02-29' ("),
    "range": ("9–8", "hittade '9–8', väntade ett tal eller ett intervall"),
    "text": ("#SAKNAS!", "är Excels ord för ett fel"),
    "target": ("#SAKNAS!", "är Excels ord för ett fel"),
    "budget_row": ("Summa", "'Summa' är inget namn på en budgetrad"),
}


def amount(rng: random.Random) -> Decimal:
    return Decimal(rng.choice([0, rng.randint(1, 99), rng.randint(1000, 9_999_999)])).scaleb(-rng.choice([0, 1, 2]))


def made_up(column, number: int, rng: random.Random, full: bool = False):
    """A value of a column: text, Decimal, date, or two ends of a range; None for an empty cell."""
    if column.may_be_empty and not full and rng.random() < 0.3:
        return None
    if column.choices:
        return rng.choice(column.choices)
    if column.pattern:
        return PATTERNED[column.name].format(number % 12 + 1)
    kinds = {
        "number": lambda: amount(rng),
        "money": lambda: amount(rng),
        "int": lambda: Decimal(rng.randint(1, 5)),
        "year": lambda: str([1900, 2199, 2024][number % 3]),
        "month": lambda: f"{[1990, 2024, 2035][number % 3]}-{number % 12 + 1:02d}",
        "date": lambda: date(2024, 2, 28) + timedelta(days=number),
        "time": lambda: f"{(number * 7) % 24:02d}:{(number * 13) % 60:02d}",
        "range": lambda: (amount(rng), amount(rng) + 10_000_000) if number % 2 else (amount(rng),) * 2,
        "period": lambda: ["2024", "2024-T1", "2024-T2", f"2024-{number % 12 + 1:02d}"][number % 4],
    }
    return kinds[column.kind]() if column.kind in kinds else f"{column.name} {number} åäö"


def rows_of(spec, seed: str, full: bool = False, count: int = ROWS) -> list[dict]:
    """Rows of a table that hold together: an end not before its start, one of two columns, at least one amount."""
    rng, found = random.Random(seed), []
    for number in range(count):
        row = {column.name: made_up(column, number, rng, full) for column in spec.columns}
        for start, end in spec.intervals:
            if row[start] and row[end]:
                row[end] = row[start] + timedelta(days=number % 3)
        for name in spec.one_of[1:]:
            row[name] = None
        if spec.one_of:
            row[spec.one_of[0]] = Decimal(7)
        if spec.needs_money:
            row[next(c.name for c in spec.columns if c.is_money)] = amount(rng)
        found.append(row)
    return found


def number_text(value: Decimal, rng: random.Random, column) -> str:
    """A number as people write it."""
    plain = f"{abs(value):,}"
    forms = [plain.replace(",", ""), plain.replace(",", "").replace(".", ",")]
    forms += [plain.replace(",", blank).replace(".", ",") for blank in (" ", "\u00a0", "\u202f")]
    if "." in plain:
        forms += [plain.replace(",", "t").replace(".", ",").replace("t", "."), plain]
    text = rng.choice(forms)
    if value < 0:
        text = rng.choice([f"-{text}", f"\u2212{text}", f"{text}-"])
    return text + rng.choice(["", " h" if column.name.endswith("_h") else ""])


def cell_text(value, column, rng: random.Random) -> str:
    """A value in one of the spellings that are taken."""
    if value is None:
        return rng.choice(["", " ", "\u00a0"])
    if isinstance(value, date):
        return rng.choice([f"{value}", f"{value} 00:00:00", f"{value}T00:00", str((value - DAY_0).days)])
    if isinstance(value, tuple):
        low, high = (number_text(end, rng, column) for end in value)
        return low if value[0] == value[1] else rng.choice([f"{low}–{high}", f"{low} - {high}"])
    if isinstance(value, Decimal):
        if column.name.endswith("_andel"):
            return rng.choice([f"{value}".replace(".", ","), f"{value * 100} %".replace(".", ",")])
        return number_text(value, rng, column)
    if column.kind == "month":
        first = date(int(value[:4]), int(value[5:]), 1)
        return rng.choice([value, value.replace("-", ""), f"{first}", f"{first} 00:00:00", str((first - DAY_0).days)])
    if column.kind == "time":
        return rng.choice([value, value.replace(":", "."), f"{value}:00", value.removeprefix("0")])
    if column.kind == "period":
        return rng.choice([value, value.lower(), value.replace("-0", "0") if "-0" in value else value])
    if column.kind == "year":
        return rng.choice([value, f"{value},0", f"{value}.0"])
    return rng.choice([value.upper().replace("_", " "), value]) if column.choices else f" {value} "


def sheet_of(spec, rows: list[dict], rng: random.Random, above: int, heads: dict) -> tuple[list[list[str]], list]:
    """The lines of a file: `above` before the headings, an empty line after three rows; and the rows' places."""
    columns, blank = [*spec.columns], 3
    rng.shuffle(columns)
    lines = [[f"Uttag {number}", "underlag"] for number in range(above)]
    lines.append([*(heads.get(column.name, column.name).upper() for column in columns), "Notering", ""])
    places = []
    for number, row in enumerate(rows):
        if number == blank:
            lines.append([""] * (len(columns) + 2))
        tail = ["fri", "x" if number == 0 else ""]
        lines.append([*(cell_text(row[column.name], column, rng) for column in columns), *tail])
        places.append(len(lines))
    return lines, places


def csv_file(path, lines: list[list[str]], delimiter: str, encoding: str):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    found = text.getvalue()
    if encoding == "cp1252":  # which has no narrow blank and no minus of its own
        found = found.replace("\u202f", "\u00a0").replace("\u2212", "-")
    path.write_bytes(found.encode(encoding))
    return path


def moved(value, power: int):
    """An amount or its two ends, in the column's own unit."""
    if isinstance(value, tuple):
        return tuple(end.scaleb(power) for end in value)
    return value.scaleb(power) if isinstance(value, Decimal) else value


def expected_of(column, rows: list[dict], power: int = 0) -> dict[str, list]:
    """The column as the table is to hold it."""
    values = [moved(row[column.name], power) for row in rows]
    if column.kind == "range":
        nothing, ends = (float("nan"),) * 2, [value and tuple(map(float, value)) for value in values]
        return {
            column.name: [end[0] if end and end[0] == end[1] else float("nan") for end in ends],
            f"{column.name}_lag": [(end or nothing)[0] for end in ends],
            f"{column.name}_hog": [(end or nothing)[1] for end in ends],
        }
    if column.kind in ("number", "money", "int"):
        return {column.name: [float("nan") if value is None else float(value) for value in values]}
    if column.kind == "year":
        return {column.name: [int(value) for value in values]}
    if column.kind == "date":
        return {column.name: [pd.NaT if value is None else pd.Timestamp(value) for value in values]}
    return {column.name: [value or "" for value in values]}


def same(found: list, wanted: list) -> bool:
    return len(found) == len(wanted) and all(
        (a == b) or (pd.isna(a) and pd.isna(b)) for a, b in zip(found, wanted, strict=True)
    )


def held(table, spec, rows: list[dict], places: list[int], powers: dict[str, int] | None = None) -> None:
    """Every cell of what was read, in the order in which it was written."""
    columns = [expected_of(column, rows, (powers or {}).get(column.name, 0)) for column in spec.columns]
    wanted = {name: cells for column in columns for name, cells in column.items()}
    assert list(table.frame) == [*wanted, "_rad"]
    for name, cells in wanted.items():
        assert same(table.frame[name].tolist(), cells), name
    assert table.frame["_rad"].tolist() == places
    assert table.rader == len(rows) and table.kolumner == {column.name for column in spec.columns}


def other_units(spec, rng: random.Random) -> tuple[dict[str, str], dict[str, int]]:
    """Money columns in any of kr, tkr and mnkr: their headings, and the powers of ten to their own unit."""
    heads, powers, thousands = {}, {}, {"kr": 0, "tkr": 3, "mnkr": 6}
    for column in (column for column in spec.columns if column.is_money and "kr" in column.name):
        own = next(word for word in column.name.split("_") if word in thousands)
        unit = rng.choice(list(thousands))
        heads[column.name] = "_".join(unit if word == own else word for word in column.name.split("_"))
        powers[column.name] = thousands[unit] - thousands[own]
    return heads, powers


def stated_decimals(spec, rows: list[dict], powers: dict[str, int]) -> dict[str, int]:
    """The most decimals that each money column states, in its own unit."""
    stated = {}
    for column in (column for column in spec.columns if column.is_money):
        cells = [row[column.name] for row in rows if row[column.name] is not None]
        ends = [end for cell in cells for end in (cell if isinstance(cell, tuple) else (cell,))]
        most = max((-end.as_tuple().exponent for end in ends), default=0)
        stated[column.name] = max(0, most - powers.get(column.name, 0))
    return stated


MARKS = ";\t,"
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16")


@pytest.mark.parametrize(("place", "name"), list(enumerate(SPECS)), ids=list(SPECS))
def test_every_table_comes_back_cell_by_cell(tmp_path, monkeypatch, place, name):
    spec, rows, rng = SPECS[name], rows_of(SPECS[name], name), random.Random(name)
    heads, powers = other_units(spec, rng)
    lines, places = sheet_of(spec, rows, rng, place % 20, heads)
    stated = stated_decimals(spec, rows, powers)
    letter = openpyxl.utils.get_column_letter(len(spec.columns) + 2)
    path = csv_file(tmp_path / f"{name}.csv", lines, MARKS[place % 3], ENCODINGS[place % 4])
    # the first part has the headings; every other table is read whole as well
    for part in (4 + place % 20, csv_text.PART)[: 1 + place % 2]:
        monkeypatch.setattr(csv_text, "PART", part)
        monkeypatch.setattr("planbok.inputs.tables.read._KEPT", {})
        monkeypatch.setattr("planbok.inputs.tables.read._ALIKE", {})
        table = read_table(path, spec)
        held(table, spec, rows, places, powers)
        assert table.okanda_kolumner == ("Notering", f"kolumn {letter} utan rubrik") and table.decimaler == stated
    if "enhet" in spec.headings():
        monkeypatch.setattr("planbok.inputs.tables.read._KEPT", {})
        assert units_in(path, spec) == list(dict.fromkeys(row["enhet"] for row in rows))


def xlsx_value(value):
    if isinstance(value, tuple):
        return float(value[0]) if value[0] == value[1] else f"{value[0]}-{value[1]}".replace(".", ",")
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("name", SPECS)
def test_a_workbook_comes_back_cell_by_cell(tmp_path, name):
    """Days are days and numbers are numbers in a workbook; the first sheet says something else."""
    spec, rows = SPECS[name], rows_of(SPECS[name], f"x{name}")
    book = openpyxl.Workbook()
    book.active.append(["Försättsblad"])
    sheet = book.create_sheet("Tabell")
    for lines in (
        [["Rubrik"], []],
        [[c.name for c in spec.columns]],
        [[*map(xlsx_value, row.values())] for row in rows],
    ):
        for line in lines:
            sheet.append(line)
    book.save(tmp_path / f"{name}.xlsx")
    table = read_table(tmp_path / f"{name}.xlsx", spec)
    held(table, spec, rows, [4 + number for number in range(ROWS)])
    assert table.blad == "Tabell" and table.noter == ()


def faults_of(path, spec) -> list:
    with pytest.raises(InputError) as stopped:
        read_table(path, spec)
    return stopped.value.faults


@pytest.mark.parametrize("name", SPECS)
def test_a_wrong_cell_is_found_where_it_was_put_whatever_its_column(tmp_path, name):
    """A row for each column, with that cell alone wrong; and one for each column with the cell empty."""
    spec = SPECS[name]
    count = len(spec.columns)
    rows = rows_of(spec, f"w{name}", full=True, count=2 * count)
    lines = [[column.name for column in spec.columns]]
    wanted = {}
    for number, row in enumerate(rows):
        cells = [cell_text(row[column.name], column, random.Random(1)) for column in spec.columns]
        column = spec.columns[number % count]
        plain = column.kind if not (column.choices or column.pattern) else ""
        wrong, said = WRONG.get(plain, ("fel!", "'fel!'"))
        place = f"kolumn {column.name}"
        if number < count:
            cells[number] = wrong
            wanted[number + 2, place] = ("wrong_value", "(visas inte)" if column.hidden else said)
        else:
            cells[number - count] = ""
            if not column.may_be_empty:
                wanted[number + 2, place] = ("empty_cell", "cellen är tom men måste ha ett värde")
            elif spec.one_of[:1] == (column.name,):
                wanted[number + 2, ""] = ("one_of", "i precis en av kolumnerna dygn och helmanader")
        lines.append(cells)
    faults = faults_of(csv_file(tmp_path / f"{name}.csv", lines, ";", "utf-8"), spec)
    assert {(fault.line, fault.place): fault.code for fault in faults} == {at: code for at, (code, _) in wanted.items()}
    assert len(faults) == len(wanted)
    for fault in faults:
        assert wanted[fault.line, fault.place][1] in fault.text
        assert fault.kind == spec.kind and fault.file.endswith(f"{name}.csv")


def test_clock_times_per_cent_and_days_in_every_form():
    assert [hours(f"{h}:{m:02d}:{s:02d}") for h, m, s in ((0, 0, 36), (1, 30, 0), (12, 59, 59))] == [
        36 / 3600,
        1.5,
        12 + 59 / 60 + 59 / 3600,
    ]
    share = convert(pd.Series(["75 %", "0,75", "7,5%", "1"]), ColumnSpec("tjanst_andel", "number"), "tjanst_andel")
    assert share.frame.iloc[:, 0].tolist() == [0.75, 0.75, 0.075, 1]
    clock = convert(pd.Series(["24:00", "00:00", "24:01", "7.5", "07:05:01"]), ColumnSpec("till_kl", "time"), "till_kl")
    assert clock.frame.iloc[:, 0].tolist()[:2] == ["00:00"] * 2 and clock.bad.tolist() == [False] * 2 + [True] * 3
    clock = convert(pd.Series(["24:00", "23:59"]), ColumnSpec("fran_kl", "time"), "fran_kl")
    assert clock.bad.tolist() == [True, False]
    years = convert(pd.Series(["1899", "1900", "2199", "2200", 2024.0, "2024,5"]), ColumnSpec("ar", "year"), "ar")
    assert years.bad.tolist() == [True, False, False, True, False, True]
    days = pd.Series(["29999", "30000", "79999", "80000", "2024-02-29", "2023-02-29", "2024-03-01 12:00"])
    read = convert(days, ColumnSpec("fran", "date"), "fran")
    assert read.bad.tolist() == [True, False, False, True, False, True, True]
    assert read.frame["fran"].iloc[1:3].tolist() == [
        pd.Timestamp(1899, 12, 30) + timedelta(days=n) for n in (30000, 79999)
    ]
    cells = pd.Series(["", "x", "5", "x"], index=[7, 8, 9, 12])
    whole = convert(cells, ColumnSpec("antal", "int"), "antal")
    assert whole.empty.tolist() == [True, False, False, False] and whole.wrong.index.tolist() == [8, 12]
