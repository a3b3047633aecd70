"""Files as they come: encodings, limits, sheets, formats and what Excel hides, each at and beside its limit."""

import csv
import io
import random
import zipfile
from datetime import date, datetime, time, timedelta
from string import ascii_uppercase

import openpyxl
import pandas as pd
import pytest
from openpyxl.styles import Protection

from planbok.base.errors import InputError
from planbok.inputs.tables import csv_text, encoding, files, xlsx, xlsx_plain
from planbok.inputs.tables.encoding import UnreadableFileError, decode
from planbok.inputs.tables.read import read_table
from planbok.inputs.tables.specs import TABLES
from planbok.inputs.tables.xlsx import Sheet, read_xlsx

HEADS = ["enhet", "manad", "budgetrad", "kostnad_kr", "intakt_kr"]


def utfall(folder, text: str | bytes, suffix: str = "csv"):
    path = folder / f"utfall.{suffix}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults_of(path) -> list[tuple]:
    with pytest.raises(InputError) as stopped:
        read_table(path, TABLES["utfall"])
    return [(fault.line, fault.place, fault.code, fault.text) for fault in stopped.value.faults]


def row(number: int, cell: str = "1") -> str:
    return f"e{number};2024-01;Lön;{cell};"


# Bytes of a text that something is wrong with, and what is said of it; where it stands is said too.
SPOILT = {
    "två kodningar": ("Höj".encode() + b" l\xf6n", "annan kodning"),
    "PC8": ("Höjden".encode("cp437"), "cp437"),
    "PC8 sist": ("Sjö".encode("cp437"), "cp437"),
    "Mac": ("Vänta".encode("mac-roman"), "Mac OS"),
    "Mac först": ("Östra".encode("mac-roman"), "Mac OS"),
    "varken eller": (b"a\x9d\xf6", "ingen text i UTF-8 eller Windows-1252"),
    "styrtecken": (b"Norr\x07", "styrtecken"),
    "HTML": (b"L&ouml;n", "HTML-koder (&ouml; i stället"),
    "dubbelt": ("LÃ¶n".encode(), "lästs som Windows-1252 (Ã¶ i stället"),
    "förlorat": ("L\ufffdn".encode(), "gått förlorade"),
}


@pytest.mark.parametrize("piece", [encoding.PIECE, 1, 40])
@pytest.mark.parametrize("kind", SPOILT)
def test_a_spoilt_letter_is_said_with_its_row_wherever_it_stands(monkeypatch, kind, piece):
    monkeypatch.setattr(encoding, "PIECE", piece)
    spoilt, said = SPOILT[kind]
    for line in (1, 2, 7):
        lines = [f"rad {n};ren text".encode() for n in range(1, 9)]
        lines[0] = b""  # pieces begin with the end of a line too
        lines[line - 1] = b"x;" + spoilt
        with pytest.raises(UnreadableFileError) as stopped:
            decode(b"\n".join(lines))
        assert stopped.value.line == line and said in str(stopped.value)


def test_of_several_rows_at_fault_the_first_is_said_and_a_null_has_no_row():
    with pytest.raises(UnreadableFileError) as stopped:
        decode("a\nL&ouml;n\nÖ&auml;\n".encode())
    assert stopped.value.line == 2
    with pytest.raises(UnreadableFileError) as stopped:
        decode(b"a\nb\x07\0")
    assert stopped.value.line == 0


def test_a_file_may_have_as_many_lines_as_the_limit_and_no_more(monkeypatch):
    monkeypatch.setattr(encoding, "MAX_LINES", 5)
    assert decode(b"a\n" * 5) == "a\n" * 5
    with pytest.raises(UnreadableFileError, match="fler än"):
        decode(b"a\n" * 6)


def test_a_sheet_may_have_as_many_cells_and_columns_as_the_limit_and_no_more(monkeypatch):
    monkeypatch.setattr(encoding, "MAX_CELLS", 12)
    monkeypatch.setattr(encoding, "MAX_COLUMNS", 4)
    encoding.check_size(3, 4)
    for size, said in (((4, 4), "4 rader och 4 kolumner"), ((1, 5), "en rad har 5 celler"), ((13, 1), "13 rader")):
        with pytest.raises(UnreadableFileError, match=said):
            encoding.check_size(*size)


def test_a_column_has_the_letters_that_excel_gives_it():
    letters = [*ascii_uppercase] + [a + b for a in ascii_uppercase for b in ascii_uppercase]
    assert [files.column_letter(n) for n in range(len(letters))] == letters


def csv_of(rows: list[list[str]], mark: str, quoting: int, end: str = "\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=mark, quoting=quoting, lineterminator=end).writerows(rows)
    return text.getvalue().encode()


@pytest.mark.parametrize("piece", [1 << 23, 3, 11])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize(("mark", "end"), [(";", "\n"), ("\t", "\r\n"), (",", "\r"), (";", "\r\n")])
def test_rows_of_any_width_keep_every_cell(monkeypatch, mark, end, quoting, piece):
    """The widest row may stand anywhere, also last and in any piece of the bytes that are looked through."""
    monkeypatch.setattr(csv_text, "PIECE", piece)
    rng = random.Random(f"{mark}{end}{quoting}")
    for widest in range(6):
        rows = [[f"c{rng.randint(1, 999)}" for _ in range(rng.randint(2, 5))] for _ in range(6)]
        rows[widest] = [f"w{n}" for n in range(7)]
        text = csv_text.CsvText(csv_of(rows, mark, quoting, end), {"c1"})
        cells = text.cells()
        assert (text.delimiter, text.width, text.most_rows >= 6) == (mark, 7, True)
        assert cells.to_numpy().tolist() == [row + [""] * (7 - len(row)) for row in rows]
        assert list(cells.index) == [1, 2, 3, 4, 5, 6] and text.widths == tuple(map(len, rows))
        assert text.most_rows == 7


def test_a_part_has_no_more_cells_than_the_limit(monkeypatch):
    monkeypatch.setattr(csv_text, "PART", 10)
    monkeypatch.setattr(csv_text, "PART_CELLS", 12)
    sizes = {}
    for width in (1, 2, 3, 13):
        text = csv_text.CsvText(csv_of([["x"] * width] * 30, ";", csv.QUOTE_MINIMAL), {"x"})
        sizes[width] = [len(part) for part in text.parts()]
    assert sizes == {1: [10] * 3, 2: [6] * 5, 3: [4] * 7 + [2], 13: [1] * 30}


def test_a_file_as_long_as_a_part_is_whole_and_a_longer_one_is_read_in_parts(monkeypatch):
    monkeypatch.setattr(csv_text, "PART", 30)
    for rows, in_parts in ((30, False), (31, True)):
        sheet = csv_text.csv_sheet(b"x;y\n" * rows, {"x"}, False)
        assert (sheet.in_parts is not None) is in_parts and len(sheet.cells) == (20 if in_parts else rows)
        assert sum(map(len, sheet.parts())) == rows
        assert csv_text.csv_sheet(b"x;y\n" * rows, {"x"}, True).in_parts is None


@pytest.mark.parametrize("line", range(2, 6))
def test_a_citation_mark_left_open_is_said_with_its_row(tmp_path, line):
    rows = [row(n) for n in range(2, 8)]
    rows[line - 2] = f'e;2024-01;"Lön;{line};'
    closed = [*rows[: line - 1], 'e;2024-01;Lön";1;', *rows[line:]]
    for lines in (rows, closed):
        faults = faults_of(utfall(tmp_path, "\n".join([";".join(HEADS), *lines])))
        assert [(at, code) for at, _, code, _ in faults] == [(line, "unreadable")]
        assert "citattecken öppnas men stängs inte" in faults[0][3]


@pytest.mark.parametrize("above", [0, 3, 19, 20])
def test_the_headings_are_found_in_the_first_twenty_rows(tmp_path, above):
    lines = [
        *(f"Titel {n}" for n in range(above)),
        ";".join(HEADS),
        row(1),
        ";".join(HEADS),
        row(2, "x"),
        ";;;;",
        row(3),
    ]
    faults = faults_of(utfall(tmp_path, "\n".join(lines)))
    if above == 20:
        assert [(line, code) for line, _, code, _ in faults] == [(0, "no_headings")] and "de 20 första" in faults[0][3]
    else:
        assert [(line, code) for line, _, code, _ in faults] == [
            (above + 3, "repeated_headings"),
            (above + 4, "wrong_value"),
        ]


@pytest.mark.parametrize("above", [0, 2])
def test_a_row_with_more_cells_than_headings_and_a_column_without_heading(tmp_path, above):
    head = [*(";;;;" for _ in range(above)), ";".join(HEADS)]
    rows = [row(1) + ";6", row(2) + ";7", row(3), row(4) + ";;8", row(5) + ";"]
    titles = [f"{line};;Titel" for line in head[:-1]]  # what stands above may be wider
    faults = faults_of(utfall(tmp_path, "\n".join([*titles, head[-1], *rows])))
    assert [(line, code) for line, _, code, _ in faults] == [(above + n, "too_many_cells") for n in (2, 3, 5)]
    assert "(5 st)" in faults[0][3]
    for filled in range(3):  # a column without a heading is named if any of its cells holds something
        cells = ["x" if n == filled else "" for n in range(3)]
        lines = [f"{line};" for line in head] + [f"{row(n)};{cell}" for n, cell in enumerate(cells)]
        table = read_table(utfall(tmp_path, "\n".join(lines)), TABLES["utfall"])
        assert table.okanda_kolumner == ("kolumn F utan rubrik",)
    lines = [f"{line};" for line in head] + [f"{row(n)};" for n in range(3)]
    assert read_table(utfall(tmp_path, "\n".join(lines)), TABLES["utfall"]).okanda_kolumner == ()


def test_columns_that_a_file_lacks_are_empty_or_named(tmp_path):
    table = read_table(utfall(tmp_path, ";".join(HEADS) + f"\n{row(1)}\n{row(2)}"), TABLES["utfall"])
    assert table.kolumner == set(HEADS) and table.frame[["verksamhet", "kostnadsslag"]].eq("").all(axis=None)
    assert table.frame[["bokslut_kostnad_kr", "bokslut_intakt_kr", "intakt_kr"]].isna().all(axis=None)
    faults = faults_of(utfall(tmp_path, "t\nenhet;kostnad_kr;Månader;enhet\ne;1;2024-01;e"))
    assert [(line, place, code) for line, place, code, _ in faults] == [
        (2, "kolumn budgetrad", "missing_column"),
        (2, "kolumn enhet", "duplicate_column"),
        (2, "kolumn intakt_kr", "missing_column"),
        (2, "kolumn manad", "missing_column"),
    ]
    assert "enhet (A) och enhet (D)" in faults[1][3] and "'intakt_kr' eller 'intakt_tkr' eller" in faults[2][3]


def book_of(*sheets: tuple[str, list[list]], epoch_1904: bool = False) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    if epoch_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    return book


def raw_of(book: openpyxl.Workbook) -> bytes:
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def test_the_row_that_comes_nearest_to_headings_is_named(tmp_path):
    """With its sheet where there are several; a heading that is nearly one is said with what to call it."""
    near = [["Uttag"], ["Enheter", "Månad", "Budgetrad", "Kostnad kr", "Intäkter", "Prognos", "Diff", "Not"]]
    for sheets, where in (([("T", near)], "rad 2"), ([("T", [["a", "b"]]), ("U", near)], "blad 'U', rad 2")):
        text = faults_of(utfall(tmp_path, raw_of(book_of(*sheets)), "xlsx"))[0][3]
        assert f"Närmast är {where}: Enheter, Månad, Budgetrad, Kostnad kr, Intäkter, Prognos, …. Döp om" in text
        assert "'Enheter' till 'enhet'" in text and "'Kostnad kr' till 'kostnad_kr'" in text
    text = faults_of(utfall(tmp_path, raw_of(book_of(("T", [near[1][:6]]))), "xlsx"))[0][3]
    assert "Intäkter, Prognos. Döp om" in text  # six are all said
    turned = [["enhet", "e"], ["manad", "2024-01"]]
    text = faults_of(utfall(tmp_path, raw_of(book_of(("T", turned))), "xlsx"))[0][3]
    assert text.startswith("rubrikerna står i första kolumnen")


BODY = [["e", "2024-01", "Lön", 1, 2], ["f", "2024-01", "Lön", 3, None]]


def test_the_sheet_that_is_read_and_what_is_said_of_the_others(tmp_path):
    book = book_of(("Ett", [HEADS]), ("Två", [HEADS, *BODY]), ("Dolt", [["t"], HEADS, *BODY]))
    book["Dolt"].sheet_state = "hidden"
    book["Två"].row_dimensions[1].hidden = book["Två"].row_dimensions[3].hidden = True
    table = read_table(utfall(tmp_path, raw_of(book), "xlsx"), TABLES["utfall"])
    assert table.blad == "Två" and len(table.frame) == 2
    first, second = table.noter
    assert (
        "'Dolt', som är dolt i Excel, har också" in first
        and "har 1 dolda eller bortfiltrerade rader (den första rad 3)" in second
    )
    book["Två"].sheet_state = "hidden"
    assert "flera blad" in faults_of(utfall(tmp_path, raw_of(book), "xlsx"))[0][3]
    del book["Två"]
    table = read_table(utfall(tmp_path, raw_of(book), "xlsx"), TABLES["utfall"])
    assert table.blad == "Dolt" and len(table.noter) == 1 and "fast det är dolt" in table.noter[0]


@pytest.mark.parametrize(
    ("area", "place", "line"),
    [
        ("A2:A3", "enhet", 2),
        ("D3:E3", "kostnad_kr", 3),
        ("C2:C4", "budgetrad", 2),
        ("E2:G2", "", 0),  # one column of the table only, in one row
        ("E2:G3", "intakt_kr", 2),
        ("F2:G3", "", 0),
        ("A1:A2", "", 0),
    ],
)
def test_merged_cells_under_the_headings(tmp_path, area, place, line):
    book = book_of(("T", [HEADS, *BODY, ["g", "2024-02", "Lön", 1, 2]]))
    book["T"].merge_cells(area)
    path = utfall(tmp_path, raw_of(book), "xlsx")
    if area == "A1:A2" or not place:
        found = []
        try:
            read_table(path, TABLES["utfall"])
        except InputError as error:
            found = [fault.code for fault in error.faults]
        assert "merged_cells" not in found
        return
    said = [(at, where, text) for at, where, code, text in faults_of(path) if code == "merged_cells"]
    assert [(at, where) for at, where, _ in said] == [(line, f"blad T, kolumn {place}")]
    assert f"cellerna {area} är sammanslagna" in said[0][2]


FORMS = [
    # value, number format, what a person sees
    (0.075, "0.0 %", "7.5 %"),
    (0.5, '0 "% av"', 0.5),
    (-0.05, "0;-0 %", "-5 %"),
    (12, "0 [$€-1]", "12 €"),
    (12, '#,##0 "NOK"', "12 NOK"),
    (7, "0", 7),
    (2.5, "General", 2.5),
    (True, "General", "SANT"),
    (False, "General", "FALSKT"),
    (timedelta(hours=1732, minutes=30), "[h]:mm", "1732:30"),
    (timedelta(hours=25, minutes=1, seconds=5), "[h]:mm:ss", "25:01:05"),
    (datetime(2024, 3, 1), "yyyy-mm-dd", "2024-03-01"),
    (datetime(2024, 3, 1, 12, 30), "yyyy-mm-dd", "2024-03-01 12:30:00"),
    (date(2024, 3, 1), "yyyy-mm-dd", "2024-03-01"),
    (time(7, 5), "hh:mm", "07:05:00"),
    (None, "0", ""),
    ("=1+1", "0", xlsx.FORMULA),
    ("text", "0 %", "text"),
]


def test_cells_are_read_as_a_person_sees_them():
    book = book_of(("Blad", [["a"]]), ("Tomt", []))
    sheet = book["Blad"]
    for place, (value, form, _) in enumerate(FORMS, 2):
        sheet.cell(3, place, value).number_format = form
    sheet.cell(6, 2).protection = Protection(locked=False)  # kept for its format only
    blad, tomt = read_xlsx(raw_of(book))
    assert blad.cells.index.tolist() == [1, 2, 3] and tomt.cells.size == 0
    assert blad.cells.loc[3].tolist() == ["", *(seen for _, _, seen in FORMS)]
    assert blad.cells.loc[1].tolist() == ["a"] + [""] * len(FORMS) and not blad.cells.loc[2].any()


def test_a_format_of_sections_with_conditions_and_one_without():
    assert [xlsx.is_per_cent("[>100]0;[<5]0;0%", value) for value in (101, 50, 4)] == [False, True, False]
    assert [xlsx.is_per_cent("[>100]0%;0", value) for value in (101, 100)] == [True, False]
    assert [xlsx.is_per_cent("0;0%;0", value) for value in (1, -1, 0)] == [False, True, False]


def test_days_of_a_workbook_that_counts_from_1904(tmp_path):
    """Its numbers are 1 462 days less; what is text and what is a date is itself."""
    serial = (date(2024, 3, 1) - date(1904, 1, 1)).days
    rows = [["e", serial, "Lön", serial, 2], ["f", "2024-03", "Lön", 1, 2], ["g", date(2024, 3, 1), "Lön", 1, 2]]
    path = utfall(tmp_path, raw_of(book_of(("T", [HEADS, *rows]), epoch_1904=True)), "xlsx")
    table = read_table(path, TABLES["utfall"])
    assert table.frame["manad"].tolist() == ["2024-03"] * 3 and table.frame["kostnad_kr"].tolist() == [serial, 1, 1]


def test_the_quick_reader_reads_as_the_careful_one(monkeypatch):
    rows = [["e", "2024-01", n, n / 4, date(2024, 1, 1 + n), n % 2 == 0] for n in range(5)]
    book = book_of(("T", [["a"], [], *rows]), ("Dolt", [["x", 2**53 - 1]]))
    book["Dolt"].sheet_state = "hidden"
    raw = raw_of(book)
    careful = read_xlsx(raw)
    asked = []
    monkeypatch.setattr(xlsx_plain, "LARGE", sum(len(part) for part in sheets_of(raw)))
    monkeypatch.setattr(xlsx, "plain_sheets", lambda raw: asked.append(found := xlsx_plain.plain_sheets(raw)) or found)
    quick = read_xlsx(raw)
    assert asked and asked[0] is not None
    for one, other in zip(quick, careful, strict=True):
        assert (one.name, one.hidden) == (other.name, other.hidden)
        assert one.cells.to_numpy().tolist() == other.cells.to_numpy().tolist()
        assert one.cells.index.tolist() == other.cells.index.tolist()
    monkeypatch.setattr(xlsx_plain, "LARGE", sum(len(part) for part in sheets_of(raw)) + 1)
    read_xlsx(raw)
    assert len(asked) == 1  # a smaller one is for the careful reader
    assert xlsx_plain.plain_sheets(raw_of(book_of(("T", [[2**53]])))) is None


def sheets_of(raw: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]


@pytest.mark.parametrize("form", ["0 %", "0.00%", "h:mm", "[h]:mm:ss", '0 "€"', "[>5]0"])
def test_a_large_workbook_with_a_telling_format_is_for_the_careful_reader(monkeypatch, form):
    monkeypatch.setattr(xlsx_plain, "LARGE", 0)
    monkeypatch.setattr(xlsx, "plain_sheets", lambda raw: pytest.fail("the quick reader was asked"))
    book = book_of(("T", [["a", 0.5]]))
    book["T"]["B1"].number_format = form
    read_xlsx(raw_of(book))


def test_a_workbook_as_large_as_the_limit_unpacks_and_a_larger_one_is_refused(monkeypatch):
    raw = raw_of(book_of(("T", [["a"]])))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        size = sum(part.file_size for part in archive.infolist())
    monkeypatch.setattr(xlsx, "MAX_UNPACKED", size)
    assert len(read_xlsx(raw)) == 1
    monkeypatch.setattr(xlsx, "MAX_UNPACKED", size - 1)
    with pytest.raises(UnreadableFileError, match="uppackad"):
        read_xlsx(raw)


def test_the_headings_row_is_the_first_of_those_that_have_most():
    cells = pd.DataFrame([["a", "x"], ["a", "b"], ["b", "a"]], index=[1, 2, 3])
    assert files.find_headings(Sheet("", cells), {"a", "b"}) == (2, 2)
    assert files.find_headings(Sheet("", cells.iloc[:0]), {"a"}) == (0, 0)
