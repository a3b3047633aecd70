"""Tables at the limits of what is read: long files in parts, few headings, names of files, marks of older letters."""

import csv
import random
import re

import openpyxl
import pandas as pd
import pytest

from planbok.base.errors import InputError
from planbok.inputs.tables import csv_text, encoding, xlsx
from planbok.inputs.tables.checks import _is_sum
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.columns import ColumnSpec
from planbok.inputs.tables.commas import Fit, Places
from planbok.inputs.tables.encoding import UnreadableFileError, decode
from planbok.inputs.tables.read import read_table, units_in
from planbok.inputs.tables.specs import TABLES
from planbok.inputs.tables.values import shortened

HEADS = "enhet;manad;budgetrad;kostnad_kr;intakt_kr"


def faults_of(path, table: str = "utfall") -> list[tuple[int, str, str, str]]:
    with pytest.raises(InputError) as stopped:
        read_table(path, TABLES[table])
    return [(fault.line, fault.place, fault.code, fault.text) for fault in stopped.value.faults]


def written(folder, *lines: str, name: str = "utfall.csv"):
    (folder / name).write_text("\n".join(lines), "utf-8")
    return folder / name


@pytest.mark.parametrize("part", [2, 100])
def test_wrong_cells_of_a_long_file_are_said_as_they_stand_whatever_part_they_are_in(tmp_path, monkeypatch, part):
    monkeypatch.setattr(csv_text, "PART", part)
    rng = random.Random(part)
    cells = ["x1", "x2", "5", "x3", *rng.sample(["6", "7", "x4", "8", "x5"], 5)]
    faults = faults_of(written(tmp_path, HEADS, *(f"e;2024-01;Rad {n};{cell};" for n, cell in enumerate(cells))))
    wrong = [(line, f"hittade '{cell}'") for line, cell in enumerate(cells, 2) if cell[0] == "x"]
    assert [(line, text.split(",")[0]) for line, _, _, text in faults] == wrong
    many = [f"x{n}" for n in range(23)]
    faults = faults_of(written(tmp_path, HEADS, *(f"e;2024-01;Rad {n};{cell};" for n, cell in enumerate(many))))
    assert [text.split(",")[0] for _, _, _, text in faults[:20]] == [f"hittade '{cell}'" for cell in many[:20]]
    assert len(faults) == 21


@pytest.mark.parametrize("part", [2, 100])
@pytest.mark.parametrize(("last", "stated"), [("3", (0, 0)), ("3,5", (1, 0)), ("3,25", (2, 0))])
def test_the_most_decimals_of_an_amount_are_those_of_any_part(tmp_path, monkeypatch, part, last, stated):
    monkeypatch.setattr(csv_text, "PART", part)
    rows = [f"e;2024-01;Rad {n};{cell};7" for n, cell in enumerate(["1", last, "2", "4", "5"])]
    table = read_table(written(tmp_path, HEADS, *rows), TABLES["utfall"])
    assert (table.decimaler["kostnad_kr"], table.decimaler["intakt_kr"]) == stated
    kr = read_table(written(tmp_path, HEADS.replace("kostnad_kr", "kostnad_tkr"), *rows), TABLES["utfall"])
    assert kr.decimaler["kostnad_kr"] == 0  # a thousand is whole kronor to three decimals


def test_two_headings_tell_a_table_that_lacks_others_and_one_does_not(tmp_path):
    codes = {code for _, _, code, _ in faults_of(written(tmp_path, "enhet;manad;x", "e;2024-01;1"))}
    assert "missing_column" in codes and "no_headings" not in codes
    ((line, place, code, text),) = faults_of(written(tmp_path, "enhet;x;y", "e;2024-01;1"))
    assert (line, place, code) == (0, "", "no_headings") and "första kolumnen" not in text
    ((_, _, _, text),) = faults_of(written(tmp_path, "titel;x", "enhet;e", "rad;y"))
    assert "första kolumnen" not in text  # one of a column's cells may be any word


def test_a_table_without_rows_and_one_of_totals_only_are_said_for_the_file(tmp_path):
    for rows, text in (([], "inga rader under"), (["e;2024-01;Totalt;1;"], "bara rader Totalt")):
        ((line, place, code, said),) = faults_of(written(tmp_path, HEADS, *rows))
        assert (line, place, code) == (0, "", "no_rows") and text in said


def test_of_two_sheets_with_headings_the_one_with_a_row_is_read(tmp_path):
    book = openpyxl.Workbook()
    for name, rows in (("Ett", [HEADS.split(";")]), ("Två", [HEADS.split(";"), ["e", "2024-01", "Lön", 1, 2]])):
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    book.save(tmp_path / "utfall.xlsx")
    table = read_table(tmp_path / "utfall.xlsx", TABLES["utfall"])
    assert (table.blad, table.rader, table.noter) == ("Två", 1, ())


def test_what_a_collection_says_of_its_files(tmp_path):
    def said(name: str = "utfall", folder=tmp_path) -> tuple[int, str, str, str]:
        with pytest.raises(InputError) as stopped:
            Collection(folder).path(name)
        (fault,) = stopped.value.faults
        return fault.line, fault.place, fault.code, fault.text

    missing = (0, "tabell utfall", "missing_table")
    assert said()[:3] == missing and "Där finns: ingen tabell" in said()[3]
    assert said(folder=tmp_path / "borta")[3].startswith("mappen finns inte")
    for name in ("~$utfall.xlsx", ".utfall.csv", "#utfall.csv", "utfall.pdf", "utfallet.csv"):
        (tmp_path / name).write_text("x")
    assert said()[:3] == missing and not Collection(tmp_path).has("utfall")
    assert Collection(tmp_path).unknown_files() == ("utfallet.csv",)
    (tmp_path / "Boenden.CSV").write_text("x")
    assert "Där finns: boenden." in said()[3]
    (tmp_path / " Utfall.ods").write_text("x")
    assert said()[:3] == (0, "", "unread_form") and "filer i formen .ods" in said()[3]
    (tmp_path / "utfall.csv").write_text("x")
    assert said()[:3] == (0, "tabell utfall", "two_files") and " Utfall.ods och utfall.csv" in said()[3]
    (tmp_path / " Utfall.ods").unlink()
    assert Collection(tmp_path).path("utfall") == tmp_path / "utfall.csv"


@pytest.mark.parametrize("name", ["utfall", "enheter"])
def test_units_are_those_of_the_file_as_it_is_now(tmp_path, name):
    spec = TABLES[name]
    for units in (["a", "b"], ["c"], ["a"]):
        for _ in range(2):
            lines = [";".join(column.name for column in spec.columns)]
            lines += [";".join("e" if column.name != "enhet" else unit for column in spec.columns) for unit in units]
            assert units_in(written(tmp_path, *lines, name=f"{name}.csv"), spec) == units


MARKS = {  # bytes of Windows-1252 that begin a letter of another encoding, where none of those follows
    "Ã": "Ãa ö",
    "â": "âb ö",
    "Â": "Âb ö",
    "„": "„hej” ö",
    "†": "† ö",
    "Š": "Š ö",
    "Œ": "Œ ö",
    "™": "™ ö",
}


@pytest.mark.parametrize("mark", MARKS)
def test_marks_that_only_look_like_the_beginning_of_another_encoding_are_read(mark):
    assert decode(MARKS[mark].encode("cp1252")) == MARKS[mark]


def test_the_mark_of_a_files_end_is_none_of_its_text_and_a_control_mark_elsewhere(monkeypatch):
    for piece in (encoding.PIECE, 1):
        monkeypatch.setattr(encoding, "PIECE", piece)
        assert decode(b"a\nb\n\x1a") == "a\nb\n" and decode(b"a\x1a\x1a") == "a"
        with pytest.raises(UnreadableFileError) as stopped:
            decode(b"a\n\x1a\nb")
        assert stopped.value.line == 2


def test_a_sheets_last_row_and_column_and_the_cells_up_to_them(monkeypatch):
    assert xlsx._is_near(b'<row r="1048576">') and xlsx._is_near(b'<c r="XFD999">')
    assert not xlsx._is_near(b'<c r="XFD9999">')  # 164 million cells up to there
    for far in (b'<row r="1048577">', b'<c r="AAAA1">'):
        with pytest.raises(UnreadableFileError):
            xlsx._is_near(far)
    for most, near in ((26 * 2000, True), (26 * 2000 - 1, False)):
        monkeypatch.setattr(xlsx, "MAX_CELLS", most)
        assert xlsx._is_near(b'<row r="2000">') is near


def test_where_no_section_of_a_format_applies_it_is_the_first():
    assert [xlsx.is_per_cent(form, 50) for form in ("[>100]0%;[<5]0", "[>100]0;[<5]0%")] == [True, False]
    assert [xlsx.is_per_cent("0%;-0;0", value) for value in (0.5, -0.5, 0, 1)] == [True, False, False, True]
    assert [xlsx.is_per_cent("0;-0%;0", value) for value in (0.5, -0.5, 0, -1)] == [False, True, False, True]


def test_free_text_is_what_people_write_as_they_like():
    """No number, no choice, nothing with a form of its own and no id."""
    free = [ColumnSpec("namn"), ColumnSpec("budgetrad", "budget_row"), ColumnSpec("kalla", empty=True)]
    bound = [
        ColumnSpec("a", "number"),
        ColumnSpec("a", choices=("x",)),
        ColumnSpec("a", pattern="x+"),
        ColumnSpec("beslut"),
    ]
    assert [column.is_free_text for column in (*free, *bound)] == [True] * 3 + [False] * 4


def test_a_text_of_forty_letters_is_shown_whole():
    assert [shortened("x" * n) for n in (40, 41)] == ["x" * 40, "x" * 40 + "…"]


@pytest.mark.parametrize(("parts", "stated"), [([(0, 0), (0, 0)], (None, None)), ([(0, 0), (0, 0)], (0, 0))])
def test_a_row_of_nothing_is_no_sum(parts, stated):
    rows = pd.DataFrame(parts, columns=["a", "b"], index=[2, 3], dtype=float)
    assert not _is_sum(pd.Series(stated, ["a", "b"], dtype=float), rows, 4)


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_how_many_cells_each_row_has_is_known_of_commas_alone(mark):
    """Also where cells are in citation marks; the form of a row's end and the last row's lack of one change nothing."""
    rows = [["enhet", "b"], ["1", "2", "3"], ["4"], [""], ["5", "6"]]
    for end, quoting in (
        ("\n", csv.QUOTE_NONE),
        ("\r\n", csv.QUOTE_NONE),
        ("\r", csv.QUOTE_NONE),
        ("\n", csv.QUOTE_ALL),
    ):
        cells = [[f'"{cell}"' for cell in row] for row in rows] if quoting == csv.QUOTE_ALL else rows
        text = end.join(mark.join(row) for row in cells)
        for last in ("", end):
            found = csv_text.CsvText((text + last).encode(), {"enhet", "b"})
            assert (found.delimiter, found.width) == (mark, 3)
            assert (None if found.counts is None else found.counts.tolist()) == (
                [2, 3, 1, 1, 2] if mark == "," else None
            )


PLACES = Places.of(
    {0: "kostnad_kr", 1: "andel", 2: "enhet", 3: "kommentar"},
    {0: ColumnSpec("kostnad_kr", "money"), 1: ColumnSpec("andel", "number"), 2: ColumnSpec("enhet")},
)


def moved(rows: list[list[str]], commas: bool, width: int = 4) -> tuple[set, set, set]:
    """The rows at fault for cells beyond, for too few, and for a number where a text is, by their place in the file."""

    def two_ways(cells: list[str], digits: str, last: int) -> bool:
        whole = [bool(re.fullmatch(r"-?[0-9][0-9 ]*", cell)) for cell in cells]
        return any(whole[p] and re.fullmatch(digits, cells[p + 1]) for p in (0, 1) if p < min(last, len(cells) - 1))

    few, any_digits = "0[1-9]|[1-9][0-9]?", "[0-9]+"
    filled = {line: cells for line, cells in enumerate(rows, 3) if any(cells)}
    beyond = {line for line, cells in filled.items() if any(cells[width:])}
    more = {line for line, cells in filled.items() if len(cells) > width}
    split = any(two_ways(filled[line], any_digits, width) for line in more)
    fewer = {line for line, cells in filled.items() if len(cells) < width and two_ways(cells, few, width)}
    texts = set()
    for line, cells in filled.items():
        padded = [*cells, "", "", "", ""]
        texts |= (
            {line} if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", padded[3]) and two_ways(padded, any_digits, 3) else set()
        )
        texts |= {line} if re.fullmatch(r"-?[0-9]+\.[0-9]+", padded[2]) and two_ways(padded, few, 2) else set()
    if not commas:
        return beyond, set(), set()
    widths = {len(cells) for cells in filled.values()} | ({width} & {len(cells) for cells in rows})
    beyond |= more if beyond or split or len(widths) > 1 else set()
    return beyond, fewer - beyond, texts - beyond - fewer


@pytest.mark.parametrize("mark", [",", ";"])
def test_rows_that_a_decimal_comma_may_have_moved(mark):
    pools = (
        ["5", "24", "-3 000", "x", ""],
        ["7", "05", "123", "2.5", ""],
        ["norr", "4.5", "9", "12"],
        ["ord", "12", "3.5", ""],
    )
    seen = [0, 0, 0]
    for seed in range(50):
        draw = random.Random(seed)
        sizes = draw.choice([[4], [4, 5], [5], [3, 4, 4], [4, 4, 4, 5, 3]])
        rows = [
            [draw.choice(pools[n]) if n < 4 else draw.choice(["", "", "1"]) for n in range(draw.choice(sizes))]
            for _ in range(4)
        ]
        rows = [[""] * len(cells) if draw.random() < 0.1 else cells for cells in rows]
        lines = [["titel", "x"], ["kostnad_kr", "andel", "enhet", "kommentar"], *rows]
        raw = "\n".join(mark.join(cells) for cells in lines).encode()
        sheet = csv_text.csv_sheet(raw, {"kostnad_kr", "andel", "enhet"}, True)
        fit = Fit(sheet, 2, PLACES)
        for start in (0, 3) if fit.needed else ():  # in two parts
            fit.take(sheet.cells.iloc[start : start + 3] if start == 0 else sheet.cells.iloc[3:])
        found = [{*one.bad.index} for one in fit.faults()]
        wanted = moved(rows, mark == ",")
        assert [found[0], found[1], set().union(*found[2:])] == [*wanted], (seed, rows)
        seen = [count + bool(its) for count, its in zip(seen, wanted, strict=True)]
    assert min(seen if mark == "," else seen[:1]) > 4


def test_a_file_that_the_reader_gives_up_without_saying_where_has_no_row(monkeypatch):
    text = csv_text.CsvText(b"a;b\n1;2", {"a", "b"})

    def stops(*given, **how):
        raise pd.errors.ParserError("Buffer overflow caught")

    monkeypatch.setattr(csv_text.pd, "read_csv", stops)
    with pytest.raises(UnreadableFileError) as stopped:
        text.cells()
    assert stopped.value.line == 0
