"""The wide price table: prices made up here, laid out as people copy them, and wrong cells at every place."""

import random

import openpyxl
import pytest

from planbok.base.errors import InputError
from planbok.inputs.imports.wide_prices import COLUMNS, long_rows, name_tables, read_wide

TITLES = {"gruppbostad": "Gruppbostad", "servicebostad": "Servicebostad", "korttidsvistelse": "Korttidsvistelse"}
REGI = {"kommunal": "Kommunal regi", "entreprenad": "Entreprenad (kr)", "privat": "Övrig privat regi"}
LABELS = {
    "grundpeng": "Grundpeng",
    **{str(level): f"Nivå {level}" for level in range(1, 9)},
    "natt_per_person": "Natt, per person (max 4)",
}


def made_up(seed: int) -> dict[str, dict[tuple[str, str], float]]:
    """Kr a day by level and regi, of each insats."""
    rng = random.Random(seed)
    return {
        insats: {(level, regi): float(rng.randint(100, 99_999)) for level in LABELS for regi in REGI}
        for insats in TITLES
    }


def price(kr: float, rng: random.Random, exact: bool) -> str:
    spaced = f"{kr:,.0f}".replace(",", " ")
    return rng.choice(
        [f"{kr:.0f}", spaced] + ([spaced.replace(" ", "\u00a0"), f"{spaced} kr", f"{spaced}:-"] if exact else [])
    )


def lines_of(prices: dict, rng: random.Random, exact: bool = True) -> list[list[str]]:
    """Each table under its name, with a line of prose above and a line of units below the headings."""
    lines = [["Ersättning per dygn 2024, uppräknad jämfört med 2023"], [""]]
    for insats, cells in prices.items():
        lines += [[f"{TITLES[insats]} 2024"], ["", *REGI.values()]]
        if exact:
            lines.append(["", "kr", "kr/dygn", "kr"])
        for level, label in LABELS.items():
            lines.append([label, *(price(cells[level, regi], rng, exact) for regi in REGI)])
        lines.append([""])
    return lines


def rows_by_hand(prices: dict) -> list[list]:
    """The price list's rows in the order of the file; what the source calls a row or column is noted."""
    rows = []
    for insats, cells in prices.items():
        for level, label in LABELS.items():
            for regi, heading in REGI.items():
                notes = [f"Radrubrik i källan: {label}"] if level == "natt_per_person" else []
                notes += [f"Kolumnrubrik i källan: {heading}"] if regi == "privat" else []
                said = "; ".join([*notes[:1], *(note[0].lower() + note[1:] for note in notes[1:])])
                row = [2024, "ersattning", insats, regi, level, cells[level, regi], "beslutad", "källan", said]
                rows.append(row)
    return rows


def written(folder, lines: list[list[str]], form: str, left: int = 0):
    """A file of the lines: by a mark, by wide or single blanks, or a workbook with empty columns to the left."""
    if form == "xlsx":
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append([None] * left + [int(cell) if cell.isdigit() else cell or None for cell in line])
        book.save(folder / "priser.xlsx")
        return folder / "priser.xlsx"
    joined = {"tab": "\t", "semikolon": ";", "komma": ",", "breda": "   ", "enkla": " "}[form]
    cells = [[f'"{cell}"' if form == "komma" and "," in cell else cell for cell in line] for line in lines]
    (folder / "priser.txt").write_text("\n".join(joined.join(line) for line in cells), "utf-8")
    return folder / "priser.txt"


@pytest.mark.parametrize("form", ["tab", "semikolon", "komma", "breda", "enkla", "xlsx"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_wide_table_comes_back_price_by_price(tmp_path, form, seed):
    rng, prices = random.Random(seed), made_up(seed)
    lines = lines_of(prices, rng, form not in ("breda", "enkla"))
    if form == "enkla":  # where single blanks part the cells, words in brackets are none of a heading
        lines = [[cell.removesuffix(" (kr)").removesuffix(" (max 4)") for cell in line] for line in lines]
    path = written(tmp_path, lines, form, seed - 1)
    wide = read_wide(path)
    tables = name_tables(wide, TITLES, None)
    assert [table.faults for table in tables] == [[], [], []] and not wide.faults and wide.years == {2024}
    found = long_rows(tables, 2024, "källan")
    wanted = rows_by_hand(prices)
    if form == "enkla":
        wanted = [[*row[:-1], row[-1].replace(" (max 4)", "")] for row in wanted]
    assert list(found) == COLUMNS and found.to_numpy().tolist() == wanted
    only = name_tables(read_wide(path), TITLES, "servicebostad")
    assert [table.insats for table in only] == ["servicebostad"]


WRONG = {
    "": "priset saknas",
    "0": "är inget pris: det ska vara större än 0",
    "-5": "är inget pris: det ska vara större än 0",
    "1.493": "både tusental och decimaler",
    "okänt": "är inget pris. Skriv ett tal",
    "5 mnkr": "är inget pris. Skriv ett tal",
    "=1+1": "formel som inte är beräknad",
}


@pytest.mark.parametrize("place", [(4, 1), (4, 3), (7, 2), (13, 1), (13, 3)])
@pytest.mark.parametrize("cell", WRONG)
def test_a_cell_that_is_no_price_is_said_with_its_row_and_heading(tmp_path, cell, place):
    """Rows are of the file, from 1; the first table's headings are in row 4."""
    row, column = place
    prices = {"gruppbostad": made_up(3)["gruppbostad"]}
    lines = lines_of(prices, random.Random(3), exact=False)
    lines[row][column] = cell
    (table,) = name_tables(read_wide(written(tmp_path, lines, "semikolon")), TITLES, None)
    (fault,) = table.faults
    assert (fault.line, fault.place, fault.code) == (row + 1, [*REGI.values()][column - 1], "wrong_value")
    assert WRONG[cell] in fault.text and table.line == 4


def test_two_headings_and_prices_parted_by_single_blanks(tmp_path):
    lines = [
        ["Gruppbostad"],
        ["Kommunal regi Privat regi"],
        ["Nivå 1 982 1 040"],
        ["Nivå 2 1100 12 345"],
        ["Nivå 3 5 6"],
    ]
    (table,) = read_wide(written(tmp_path, lines, "semikolon")).tables
    assert {level: prices for level, prices in table.rows.items() if level != "3"} == {
        "1": {1: 982, 2: 1040},
        "2": {1: 1100, 2: 12_345},
    }
    assert {fault.line for fault in table.faults} == {5}


def test_prices_of_decimals_and_the_smallest_are_prices(tmp_path):
    lines = [["Gruppbostad"], ["", "Kommunal regi", "Privat regi"], ["Nivå 1", "0,01", "1493,50"], ["Nivå 2", "1", "2"]]
    (table,) = read_wide(written(tmp_path, lines, "semikolon")).tables
    assert table.faults == [] and table.rows == {"1": {1: 0.01, 2: 1493.5}, "2": {1: 1, 2: 2}}


@pytest.mark.parametrize("left", [0, 1, 2])
def test_rows_and_columns_that_are_not_understood(tmp_path, left):
    """The label may have several columns; what stands where no heading is, is said by its column."""
    pad = ["" for _ in range(left)]
    lines = [
        ["Gruppbostad"],
        ["", *pad, "Kommunal regi", "Egen regi", "Kommunal"],
        ["Nivå 1", *pad, "100", "5", "300"],
        ["Nivå 9", *pad, "100", "5", "300"],
        ["Nivå 2", *pad, "100", "5", "300", "7"],
        ["Nivå 1", *pad, "100", "5", "300"],
        ["Nivå 3", *pad, "100", "5"],
    ]
    (table,) = read_wide(written(tmp_path, lines, "semikolon")).tables
    letter = "ABCDEFG"[4 + left]
    assert sorted((fault.line, fault.place, fault.code) for fault in table.faults) == [
        (2, "Egen regi", "unknown_heading"),
        (2, "Kommunal", "duplicate_column"),
        (4, "", "unknown_level"),
        (5, f"kolumn {letter}", "beyond_headings"),
        (6, "", "duplicate_row"),
    ]
    assert table.start == 1 + left and table.lines == {"1": 3, "2": 5, "3": 7}
    assert "finns redan på rad 3" in next(fault.text for fault in table.faults if fault.code == "duplicate_row")
    assert {level: prices[1 + left] for level, prices in table.rows.items()} == {"1": 100, "2": 100, "3": 100}


def test_a_corner_that_was_lost_and_prices_under_no_headings(tmp_path):
    lines = [
        ["Nivå 3", "1 493", "1 400"],
        ["Gruppbostad 2024"],
        ["Kommunal regi", "Privat regi"],
        ["Nivå 1", "100", "200"],
    ]
    wide = read_wide(written(tmp_path, lines, "tab"))
    assert [(fault.line, fault.code) for fault in wide.faults] == [(1, "no_headings")]
    (table,) = wide.tables
    assert (table.rows, table.line, table.names) == ({"1": {1: 100, 2: 200}}, 3, ["Gruppbostad 2024"])


@pytest.mark.parametrize(
    ("names", "insats"),
    [
        (["Gruppbostad"], "gruppbostad"),
        (["Gruppbostad", "Servicebostad 2024"], "servicebostad"),
        (["Gruppbostad", "kr per dygn"], "gruppbostad"),
        (["Gruppbostad och servicebostad"], None),
        (["gruppbostad"], "gruppbostad"),
        (["Gruppbostad", "x" * 60], None),
        (["Gruppbostad", "x" * 61], "gruppbostad"),
        (["Gruppbostad", "En mening om året."], "gruppbostad"),
        (["Boende"], None),
        ([], None),
    ],
)
def test_a_table_is_named_by_the_nearest_line_that_says_something(tmp_path, names, insats):
    lines = [*([name] for name in names), ["", "Kommunal regi", "Privat regi"], ["Nivå 1", "100", "200"]]
    wide = read_wide(written(tmp_path, lines, "semikolon"))
    (table,) = name_tables(wide, TITLES, None)
    assert table.insats == insats
    heads = len(names) + 1
    assert [(fault.line, fault.code) for fault in table.faults] == ([] if insats else [(heads, "unknown_insats")])
    if not insats:
        said = f"okänd rubrik '{names[-1]}' över tabellen" if names and len(names[-1]) < 40 else "okänd rubrik"
        assert (said if names else "tabellen har ingen rubrik.") in table.faults[0].text
        (given,) = name_tables(read_wide(tmp_path / "priser.txt"), TITLES, "gruppbostad")
        assert given.insats == "gruppbostad"


def test_a_persons_number_and_a_file_without_anything(tmp_path):
    nine = "850603239"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    number = f"{nine[:6]}-{nine[6:]}{-sum(product // 10 + product % 10 for product in doubled) % 10}"
    path = written(tmp_path, [["Gruppbostad"], ["", "Kommunal regi", "Privat regi"], [number, "1", "2"]], "semikolon")
    with pytest.raises(InputError) as stopped:
        read_wide(path)
    assert [(fault.line, fault.code) for fault in stopped.value.faults] == [(3, "personal_number")]
    path.write_text(" \n")
    with pytest.raises(InputError) as stopped:
        read_wide(path)
    assert [(fault.line, fault.code) for fault in stopped.value.faults] == [(0, "unreadable")]
    with pytest.raises(InputError) as stopped:
        read_wide(tmp_path / "finns_inte.txt")
    assert [(fault.line, fault.code) for fault in stopped.value.faults] == [(0, "unreadable")]


@pytest.mark.parametrize(
    ("line", "is_price"),
    [
        ("Nivå 3 1493", True),
        ("Nivå 3 1 493 1 400", True),
        ("3 1493 1400", True),
        ("3 1493", False),  # two numbers may be anything
        ("Nivå 3 2024", False),
        ("Nivå 3 2024 2025", True),
        ("Nivå 3 12", False),
        ("Grundpeng 982", True),
        ("Grundpeng 982 kr", False),
        ("Avdelning 982", False),
        ("Nivå 3\t1 493", True),
        ("Nivå 3\tsaknas", True),
    ],
)
def test_prices_under_no_headings_are_said_and_other_lines_are_text(tmp_path, line, is_price):
    (tmp_path / "p.txt").write_text(f"Gruppbostad\n{line}\n", "utf-8")
    wide = read_wide(tmp_path / "p.txt")
    assert [(fault.line, fault.code) for fault in wide.faults] == [(2, "no_headings")] * is_price


@pytest.mark.parametrize(
    ("heading", "tables"), [("\tKommunal regi", 1), ("Kommunal regi", 0), ("Gruppbostad\tKommunal regi", 1)]
)
def test_one_heading_by_itself_is_a_heading_where_it_stands_over_prices(tmp_path, heading, tables):
    (tmp_path / "p.txt").write_text(f"{heading}\nNivå 1\t100\n", "utf-8")
    wide = read_wide(tmp_path / "p.txt")
    assert [table.rows for table in wide.tables] == [{"1": {1: 100.0}}] * tables
    assert len(wide.faults) == 1 - tables


def test_words_between_two_headings_make_them_no_headings(tmp_path):
    """What stands there would else be lost."""
    (tmp_path / "p.txt").write_text("Gruppbostad\nKommunal regi annat Privat regi\nNivå 1 100 200\n", "utf-8")
    wide = read_wide(tmp_path / "p.txt")
    assert wide.tables == [] and [fault.code for fault in wide.faults] == ["no_headings"]
