"""Input tables: what Swedish systems export is read alike, what is wrong is said all at once and without the person."""

from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
import yaml_files
from hypothesis import given, settings
from hypothesis import strategies as st

from planbok.base.errors import InputError
from planbok.base.workspace import SAMPLE
from planbok.inputs.tables import csv_text
from planbok.inputs.tables import encoding as encoding_of_files
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.control_totals import compare
from planbok.inputs.tables.read import read_table, units_in
from planbok.inputs.tables.specs import HOURLY_PRICES, PRICE_LIST, TABLES
from planbok.inputs.tables.values import unsafe
from planbok.inputs.tables.xlsx import _is_near, is_per_cent

SPECS = TABLES | {spec.name: spec for spec in (PRICE_LIST, HOURLY_PRICES)}
BROKEN = yaml_files.read(Path(__file__).parent.joinpath("broken", "tabeller.yaml"))
BUDGET_HEADINGS = ["enhet", "ar", "version", "budgetrad", "kostnad_mnkr", "intakt_mnkr", "netto_mnkr"]
BUDGET_ROWS = [
    ["ostermalm", 2016, "vp", "Administration", 9.0, 0.1, 8.9],
    ["ostermalm", 2016, "vp", "Vårdkostnader", 1113.9, 1.4, 1112.5],
    ["ostermalm", 2016, "vp", "Åtgärder", -0.3, None, None],
]
SPELLINGS = ["{0}-{1}", "{0}+{1}", "{0}{1}", "20{0} {1}", "20{0}\u2013{1}", "ring {0}\u00a0\u2212\u00a0{1}, Anna"]


def made_up_number() -> str:
    """The ten digits of someone born in a year yet to come, with the right check digit."""
    nine = "850603" + "239"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return nine + str(-sum(product // 10 + product % 10 for product in doubled) % 10)


def write_csv(path, headings, rows, delimiter=";", encoding="utf-8", comma=True, thousands="", minus="-"):
    def cell(value):
        if not isinstance(value, float):
            return "" if value is None else str(value)
        text = f"{abs(value):,.1f}".replace(",", "T").replace(".", "," if comma else ".").replace("T", thousands)
        text = text + "-" if minus == "after" and value < 0 else ("-" if value < 0 else "") + text
        return f'"{text}"' if delimiter in text else text

    lines = [delimiter.join(map(cell, row)) for row in [headings, *rows]]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def write_xlsx(path, rows, sheets_before=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content in [*sheets_before, ("Tabell", rows)]:
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(row)
    book.save(path)
    return path


def faults_of(path, table):
    with pytest.raises(InputError) as stopped:
        read_table(path, SPECS[table])
    return stopped.value


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    return read_table(
        write_csv(tmp_path_factory.mktemp("a") / "budget.csv", BUDGET_HEADINGS, BUDGET_ROWS), TABLES["budget"]
    )


def test_a_table_has_every_declared_column_and_the_row_in_the_file(expected):
    frame = expected.frame
    assert list(frame) == [column.name for column in TABLES["budget"].columns] + ["_rad"]
    assert frame["_rad"].tolist() == [2, 3, 4]
    assert frame["kostnad_mnkr"].tolist() == [9.0, 1113.9, -0.3]
    assert frame["intakt_mnkr"].isna().tolist() == [False, False, True]
    assert (frame["verksamhet"] == "").all()
    assert frame["belopp_mnkr"].isna().all()
    assert (expected.namn, expected.fil, expected.rader, len(expected.sha256)) == ("budget", "budget.csv", 3, 64)
    assert expected.decimaler == {"kostnad_mnkr": 1, "intakt_mnkr": 1, "netto_mnkr": 1}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("comma", [True, False])
@pytest.mark.parametrize("minus", ["before", "after"])
@pytest.mark.parametrize("thousands", ["", " ", "\u00a0"])
def test_a_table_reads_alike_however_it_is_exported(tmp_path, expected, delimiter, encoding, comma, minus, thousands):
    path = tmp_path / "budget.csv"
    write_csv(path, BUDGET_HEADINGS, BUDGET_ROWS, delimiter, encoding, comma, thousands, minus)
    pd.testing.assert_frame_equal(read_table(path, TABLES["budget"]).frame, expected.frame)


def test_a_workbook_reads_as_a_csv_file(tmp_path, expected):
    other = [("Om", [["Hämtad", "2016-01-10"]]), ("Annat", [["enhet", "namn"], ["a", "b"]])]
    path = write_xlsx(tmp_path / "budget.xlsx", [["Budget 2016"], [], BUDGET_HEADINGS, *BUDGET_ROWS], other)
    table = read_table(path, TABLES["budget"])
    assert table.frame["_rad"].tolist() == [4, 5, 6]
    assert table.decimaler == expected.decimaler
    pd.testing.assert_frame_equal(table.frame.drop(columns="_rad"), expected.frame.drop(columns="_rad"))


@pytest.mark.parametrize(("unit", "factor"), [("kr", 10**6), ("tkr", 10**3)])
def test_money_is_converted_exactly_to_the_tables_own_unit(tmp_path, expected, unit, factor):
    headings = [heading.replace("mnkr", unit) for heading in BUDGET_HEADINGS]
    rows = [[*row[:4], *(None if x is None else round(x * factor, 1) for x in row[4:])] for row in BUDGET_ROWS]
    table = read_table(write_csv(tmp_path / "budget.csv", headings, rows, thousands=" "), TABLES["budget"])
    pd.testing.assert_frame_equal(table.frame, expected.frame)
    assert table.decimaler["kostnad_mnkr"] == 1 + len(str(factor)) - 1


@settings(deadline=None)
@given(rows=st.permutations(BUDGET_ROWS))
def test_the_order_of_rows_changes_nothing(tmp_path_factory, expected, rows):
    path = write_csv(tmp_path_factory.mktemp("t") / "budget.csv", BUDGET_HEADINGS, rows)
    frame = read_table(path, TABLES["budget"]).frame.sort_values("budgetrad", ignore_index=True)
    pd.testing.assert_frame_equal(
        frame.drop(columns="_rad"),
        expected.frame.sort_values("budgetrad", ignore_index=True).drop(columns="_rad"),
    )


def test_columns_in_any_order_and_case_and_unknown_ones_are_dropped_and_named(tmp_path, expected):
    headings = ["Konto", *[f" {heading.upper()} " for heading in reversed(BUDGET_HEADINGS)], "Ansvarig", ""]
    rows = [["4010", *reversed(row), "x", "y"] for row in BUDGET_ROWS]
    table = read_table(write_csv(tmp_path / "budget.csv", headings, rows), TABLES["budget"])
    assert table.okanda_kolumner == ("Konto", "Ansvarig", "kolumn J utan rubrik")
    pd.testing.assert_frame_equal(table.frame, expected.frame)


def test_titles_empty_rows_and_line_breaks_in_cells_keep_the_row_of_the_file(tmp_path):
    text = 'Enheter;"två\nrader"\n;\nenhet;namn\na;"Enheten\nA"\n\n ; \nb;Enheten B\n'
    tmp_path.joinpath("enheter.csv").write_text(text, "utf-8")
    frame = Collection(tmp_path).read("enheter").frame
    assert frame["_rad"].tolist() == [4, 7]
    assert frame["namn"].tolist() == ["Enheten A", "Enheten B"]


@pytest.mark.parametrize("spelling", ["totalt", "TOTALT ", " Totalt", "\u00a0totalt:", "Totalt"])
def test_a_control_total_has_one_name_however_it_is_spelt(tmp_path, spelling):
    budget = write_csv(tmp_path / "budget.csv", BUDGET_HEADINGS, [["a", 2016, "vp", spelling, 9.0, 0.1, 8.9]])
    assert read_table(budget, TABLES["budget"]).frame["budgetrad"].tolist() == ["Totalt"]


def test_a_net_is_compared_where_it_is_stated_and_a_total_by_its_columns(tmp_path):
    rows = [["Lön", 9.0, 0.1, 8.9], ["Hyra", 2.0, 0.0, ""], ["Totalt", 11.0, 0.1, 8.9]]
    path = write_csv(tmp_path / "budget.csv", BUDGET_HEADINGS, [["a", 2016, "vp", *row] for row in rows])
    found = compare(read_table(path, TABLES["budget"]))
    assert [(one.namn, one.kolumn, one.angivet) for one in found] == [
        ("Lön", "netto_mnkr", 8.9), ("Totalt", "kostnad_mnkr", 11.0), ("Totalt", "intakt_mnkr", 0.1),
    ]  # fmt: skip


@pytest.mark.parametrize("piece", [1, 8, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_cells_of_each_row_are_counted_whatever_ends_it_and_wherever_the_file_is_cut(monkeypatch, piece, end):
    monkeypatch.setattr(csv_text, "PIECE", piece)
    rows = [",a,b", "x,y", "", "1,2,3,4,", ",,"]
    for last in ("", end):
        text = SimpleNamespace(quotes=False, delimiter=",", raw=(end.join(rows) + last).encode())
        assert csv_text.CsvText._counts(text).tolist() == [3, 2, 1, 5, 3]


@pytest.mark.parametrize(
    "rows",
    [
        ["a,2024-01,Lön,12000.5,7,,", "a,2024-02,Lön,12000,500.25,,"],  # every row ends with a comma too many
        ["a,2024-01,Lön,12000,7,4100", "a,2024-02,Lön,12000,500,4.1", "a,2024-03,Lön,12000,500,"],  # codes
        ["a,2024-01,Lön,12000,0", "a,2024-02,Lön,12000,500", "a,2024-03,Lön,12000.5,7"],  # whole kronor, short rows
        ["a,2024-01,Lön,12000,7,", ",,,,,,,,", ""],  # empty rows
    ],
)
def test_rows_with_commas_between_cells_that_can_be_read_one_way_are_read(tmp_path, rows):
    path = tmp_path / "utfall.csv"
    path.write_text("\n".join(["enhet,manad,budgetrad,kostnad_kr,intakt_kr,verksamhet", *rows]), "utf-8")
    filled = [row.split(",") for row in rows if row.strip(",")]
    frame = read_table(path, TABLES["utfall"]).frame
    assert frame["kostnad_kr"].tolist() == [float(row[3]) for row in filled]
    assert frame["intakt_kr"].tolist() == [float(row[4]) for row in filled]


@pytest.mark.parametrize("at", [1, 4, 8])
def test_a_split_number_far_down_a_file_that_is_read_in_parts_is_found(tmp_path, monkeypatch, at):
    rows = [f"a,2024-{month:02d},Lön,1.5,0," for month in range(1, 10)]
    rows[at - 1] = "a,2023-12,Hyra,24,7,,"
    path = tmp_path / "utfall.csv"
    path.write_text("\n".join(["enhet,manad,budgetrad,kostnad_kr,intakt_kr,verksamhet", *rows]), "utf-8")
    for part in (csv_text.PART, 3):
        monkeypatch.setattr(csv_text, "PART", part)
        (fault,) = faults_of(path, "utfall").faults
        assert (fault.line, fault.code) == (at + 1, "too_many_cells")


@pytest.mark.parametrize("table", ["utfall", "manadsbudget"])
def test_a_months_control_total_is_compared_and_never_a_row(tmp_path, table):
    months = ["enhet", "manad", "budgetrad", "kostnad_kr", "intakt_kr"]
    rows = [["a", "2016-01", "Lön", 9.0, 0.1], ["a", "2016-01", "Hyra", 2.0, 0.0]]
    path = write_csv(tmp_path / f"{table}.csv", months, [*rows, ["a", "2016-01", "TOTALT:", 11.0, 0.1]])
    assert read_table(path, TABLES[table]).frame["budgetrad"].tolist() == ["Lön", "Hyra"]
    wrong = write_csv(tmp_path / f"{table}.csv", months, [*rows, ["a", "2016-01", "Totalt", 12.0, 0.1]])
    error = faults_of(wrong, table)
    assert [(fault.line, fault.place, fault.code) for fault in error.faults] == [
        (4, "kolumn kostnad_kr", "control_total")
    ]
    assert "Totalt är 12,00 kr, men raderna blir 11,00 kr" in str(error)


def test_each_kind_of_column_from_a_workbook(tmp_path):
    day = pd.Timestamp("2016-10-01").to_pydatetime()
    book = openpyxl.Workbook()
    book.active.append(["boende", "lagenhet", "hyra_tkr_per_manad", "inflyttning", "niva", "hushall"])
    book.active.append(["nya_hemmet", 1, "11–12,5", day, 4, "1_vuxen_1_barn"])
    book.active.append(["nya_hemmet", 2.0, 8.2, "2016-10-01", None, "2_vuxna"])
    book.save(tmp_path / "lagenheter.xlsx")
    table = Collection(tmp_path).read("lagenheter")
    frame = table.frame
    assert frame["lagenhet"].tolist() == ["1", "2"]
    assert frame["inflyttning"].tolist() == [pd.Timestamp(day)] * 2
    assert frame["niva"].tolist() == ["4", ""]
    assert frame["hyra_kr_per_manad"].isna().tolist() == [True, False]
    assert frame[["hyra_kr_per_manad_lag", "hyra_kr_per_manad_hog"]].to_numpy().tolist() == [[11e3, 12.5e3], [8200] * 2]
    assert table.decimaler == {"hyra_kr_per_manad": 0}


def test_months_per_cent_and_targets_that_excel_has_made_its_own(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["enhet", "period", "indikator", "utfall", "kalla"])
    sheet.append(["a", pd.Timestamp("2016-03-01").to_pydatetime(), "Sjukfrånvaro", 0.075, "x"])
    sheet.append(["a", 2016, "Nöjda brukare", "tas fram av nämnden", "x"])
    sheet["D2"].number_format = "0.0 %"
    book.save(tmp_path / "indikatorutfall.xlsx")
    frame = Collection(tmp_path).read("indikatorutfall").frame
    assert frame["period"].tolist() == ["2016-03", "2016"]
    assert frame["utfall"].tolist() == ["7.5 %", "tas fram av nämnden"]


def test_a_formula_that_was_never_computed_is_not_an_empty_cell(tmp_path):
    rows = [["enhet", "manad", "budgetrad", "kostnad_kr", "intakt_kr"], ["a", "2016-01", "Administration", "=1+1", 5]]
    error = faults_of(write_xlsx(tmp_path / "utfall.xlsx", rows), "utfall")
    assert [(fault.line, fault.place) for fault in error.faults] == [(2, "blad Tabell, kolumn kostnad_kr")]
    assert "formel" in str(error)


def test_a_file_that_is_no_workbook_is_said_so(tmp_path):
    tmp_path.joinpath("budget.xlsx").write_bytes(b"enhet;ar")
    assert "ingen Excel-arbetsbok" in str(faults_of(tmp_path / "budget.xlsx", "budget"))
    assert "finns inte" in str(faults_of(tmp_path / "utfall.csv", "utfall"))


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case["name"])
def test_a_broken_table_is_refused_with_the_words_that_help(tmp_path, case):
    path = tmp_path / f"{case['table']}.csv"
    number = made_up_number()
    path.write_text(case["content"].replace("PERSONNUMMER", number), "utf-8")
    message = str(faults_of(path, case["table"]))
    for word in case["words"]:
        assert word in message
    for word in [number, str(tmp_path), *case.get("without", [])]:
        assert word not in message


@settings(deadline=None)
@given(
    column=st.sampled_from(["enhet", "namn", "syntetisk", "fritext"]),
    inner=st.sampled_from(SPELLINGS),
    xlsx=st.booleans(),
)
def test_a_personal_number_in_any_column_is_refused_and_never_echoed(tmp_path_factory, column, inner, xlsx):
    number = made_up_number()
    text = inner.format(number[:6], number[6:])
    headings = ["enhet", "namn", "syntetisk", "fritext"]
    rows = [["a", "Enheten A", "", ""], [text if heading == column else "b" for heading in headings]]
    folder = tmp_path_factory.mktemp("p")
    if xlsx:
        path = write_xlsx(folder / "enheter.xlsx", [headings, *rows])
    else:
        path = write_csv(folder / "enheter.csv", headings, rows)
    error = faults_of(path, "enheter")
    assert [(fault.line, fault.code) for fault in error.faults] == [(3, "personal_number")]
    assert not any(part in str(error) for part in (text, number[:6], number[6:], "Anna"))


def test_a_personal_number_on_another_sheet_or_as_a_number_is_refused(tmp_path):
    rows = [["enhet", "namn"], ["a", "Enheten A"]]
    hidden = [("Blad1", [["x"], [int(made_up_number())]])]
    error = faults_of(write_xlsx(tmp_path / "enheter.xlsx", rows, hidden), "enheter")
    assert "blad Blad1, kolumn A" in str(error)
    assert made_up_number() not in str(error)


@settings(deadline=None)
@given(amounts=st.lists(st.integers(-999_999_999, 999_999_999), min_size=1, max_size=30))
def test_innocent_amounts_pass(tmp_path_factory, amounts):
    rows = [["a", "2016-01", f"Rad {place}", str(kr), "0"] for place, kr in enumerate(amounts)]
    headings = ["enhet", "manad", "budgetrad", "kostnad_kr", "intakt_kr"]
    path = write_csv(tmp_path_factory.mktemp("i") / "utfall.csv", headings, rows)
    assert read_table(path, TABLES["utfall"]).frame["kostnad_kr"].tolist() == amounts


def test_the_same_fault_on_many_rows_is_counted(tmp_path):
    rows = [["a", "2016-01", f"Rad {place}", "x", "0"] for place in range(100)]
    path = write_csv(tmp_path / "utfall.csv", ["enhet", "manad", "budgetrad", "kostnad_kr", "intakt_kr"], rows)
    error = faults_of(path, "utfall")
    assert len(error.faults) == 21
    assert "samma fel på 80 rader till, den sista rad 101" in str(error)


def test_a_collection_knows_its_tables(tmp_path):
    for name in ("enheter.csv", "~$budget.xlsx", ".utfall.csv", "Budgett.csv", "anteckningar.txt"):
        tmp_path.joinpath(name).write_text("enhet;namn\na;Enheten A\n", "utf-8")
    collection = Collection(tmp_path)
    assert collection.names() == ("enheter",)
    assert collection.has("enheter")
    assert not collection.has("budget")
    assert collection.unknown_files() == ("Budgett.csv",)
    assert collection.path("enheter") == tmp_path / "enheter.csv"
    assert collection.read("enheter") is collection.read("enheter")


def test_the_units_of_a_table_are_told_without_reading_the_rest_of_it(tmp_path):
    heading, row = "Enhet;budgetrad;ar;manad;utfall_kr", "{};Administration;2024;2024-01;10"
    lines = ["Ekonomi", heading, row.format("norra"), ";;;;", row.format(" södra "), heading, row.format("norra")]
    (tmp_path / "utfall.csv").write_text("\n".join(lines), "utf-8")
    boenden = ["enhet;boende;platser", "norra;hemmet;många", ";;", "östra;huset;4"]  # what is no number is said later
    (tmp_path / "boenden.csv").write_text("\n".join(boenden), "utf-8")
    collection = Collection(tmp_path)
    assert collection.units("boenden") == ["norra", "östra"]
    with pytest.raises(InputError):
        collection.read("boenden")
    assert collection.units("utfall") == ["norra", "södra"]
    assert collection.units("beslut") == []


@pytest.mark.parametrize("table", ["beslut", "bemanning", "fakturor", "hemtjanst"])
def test_units_told_alone_are_those_of_the_whole_table(table):
    path = SAMPLE / f"{table}.csv"
    assert units_in(path, TABLES[table]) == read_table(path, TABLES[table]).frame["enhet"].unique().tolist()


def test_a_missing_table_says_what_there_is_and_what_to_do(tmp_path):
    tmp_path.joinpath("enheter.csv").write_text("enhet;namn\na;b\n", "utf-8")
    with pytest.raises(InputError) as stopped:
        Collection(tmp_path).read("budget")
    for word in (tmp_path.name, "budget", "Där finns: enheter", "budget.csv eller budget.xlsx", "--data"):
        assert word in str(stopped.value)
    with pytest.raises(InputError, match="mappen finns inte"):
        Collection(tmp_path / "borta").read("budget")


def test_two_files_for_one_table_are_refused(tmp_path):
    for name in ("enheter.csv", "enheter.xlsx"):
        tmp_path.joinpath(name).write_text("enhet;namn\na;b\n", "utf-8")
    with pytest.raises(InputError, match=r"enheter.csv och enheter.xlsx"):
        Collection(tmp_path).path("enheter")


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_a_declared_table_has_names_that_fit_together(spec):
    names = [column.name for column in spec.columns]
    assert len(set(names)) == len(names)
    assert len(spec.headings()) == sum(len(column.spellings()) for column in spec.columns)
    assert set(spec.unique_key) <= set(names)


def test_clock_times_and_codes_as_people_write_them(tmp_path):
    path = write_csv(
        tmp_path / "schema.csv",
        ["enhet", "grupp", "slag", "veckodag", "fran_kl", "till_kl", "antal"],
        [["a", "Natt", "Sovande jour", 7, "21.30", "24:00", 1], ["a", "Dag", "aktiv", 1, "7:00", "16:00:00", 2]],
    )
    frame = read_table(path, TABLES["schema"]).frame
    assert frame["slag"].tolist() == ["sovande_jour", "aktiv"]
    assert frame[["fran_kl", "till_kl"]].to_numpy().tolist() == [["21:30", "00:00"], ["07:00", "16:00"]]


def test_a_row_of_care_homes_counts_days_or_full_months_and_not_both(tmp_path):
    headings = ["enhet", "manad", "slag", "dygn", "helmanader"]
    rows = [["a", f"2024-0{n + 1}", "demens", *cells] for n, cells in enumerate([(31, ""), ("", 1), (29, 1), ("", "")])]
    error = faults_of(write_csv(tmp_path / "vobo.csv", headings, rows), "vobo")
    assert [(fault.line, fault.code) for fault in error.faults] == [(4, "one_of"), (5, "one_of")]
    assert "precis en av kolumnerna dygn och helmanader" in str(error)


def test_zero_is_shown_by_the_first_section_of_a_format_of_two():
    assert is_per_cent("0%;-0", 0) and not is_per_cent("0;-0%", 0)
    assert is_per_cent("0;-0;0%", 0)


HEADS = "enhet;manad;budgetrad;kostnad_kr;intakt_kr;verksamhet"
ROWS = [f"{'ab'[n % 2]};2024-{n:02d};{'Lön' if n % 2 else 'Hyra'};{n} 000,5{n};;Vård" for n in range(1, 13)]
AT_ONCE_OR_IN_PARTS = {
    "sound, with empty rows": [*ROWS[:4], "", ";;;;;", *ROWS[4:], "a;2023-12;Lön;7"],
    "a cell of two lines": [*ROWS[:5], 'a;2023-12;"Lön\noch mer";7', *ROWS[5:]],
    "a control total": [*ROWS, "a;2024-02;Totalt;2 000,52;"],
    "a mark that the last cell settles": [
        "a;2023-01;Lön;1.945;",
        *(f"a;2023-0{n};Lön;1.945;" for n in range(2, 8)),
        "a;2023-09;Lön;2.5;",
    ],
    "a mark that nothing settles": [f"a;2023-{n:02d};Lön;{n}.945;" for n in range(1, 12)],
    "a mark that the last cell makes doubtful": ["a;2023-01;Lön;1,945;", *ROWS[:6], "a;2023-12;Lön;1,945,000;"],
    "wrong cells and doublets": [ROWS[0], "a;2024;Lön;x;", *ROWS, "A;2023-01;Lön;#N/A;", "a;;;5;"],
    "headings once more": [*ROWS[:6], HEADS, *ROWS[6:]],
    "headings once more, and nothing else": [HEADS] * 7,
    **{f"a cell too many, {n} rows down": [*ROWS[:n], "a;2023-01;Lön;5;;;;7", *ROWS[n:]] for n in range(4)},
    "a person": [*ROWS[:7], f"a;2023-01;Lön;7;;{made_up_number()[:6]}-{made_up_number()[6:]}", *ROWS[7:]],
    "a citation mark": [*ROWS[:7], 'a;2023-01;"Lön;7;', *ROWS[7:]],
    "a wrong letter": [*ROWS[:7], "a;2023-01;L\x01n;7;", *ROWS[7:]],
}


@pytest.mark.parametrize("case", AT_ONCE_OR_IN_PARTS)
def test_a_long_csv_is_read_in_parts_as_any_other(tmp_path, monkeypatch, case):
    path, encodings = tmp_path / "utfall.csv", ("utf-8-sig", "cp1252", "utf-16")
    text = "\n".join([HEADS, *AT_ONCE_OR_IN_PARTS[case]])
    path.write_bytes(text.encode(encodings[list(AT_ONCE_OR_IN_PARTS).index(case) % 3]))
    found = []
    for part, piece in ((csv_text.PART, encoding_of_files.PIECE), (3, 1)):
        monkeypatch.setattr(csv_text, "PART", part)
        monkeypatch.setattr(encoding_of_files, "PIECE", piece)
        monkeypatch.setattr("planbok.inputs.tables.read._KEPT", {})
        monkeypatch.setattr("planbok.inputs.tables.read._ALIKE", {})
        try:
            table = read_table(path, TABLES["utfall"])
            found.append((table.frame, [table.decimaler, table.okanda_kolumner, table.noter]))
        except InputError as error:
            found.append((getattr(error, "frame", pd.DataFrame()), error.faults))
    (whole, said), (frame, faults) = found
    pd.testing.assert_frame_equal(frame, whole)
    assert faults == said


@pytest.mark.parametrize("after", ["a;b\n" * 40_000, "x" * 140_000 + '"\n'])
def test_a_cell_longer_than_any_is_a_citation_mark_left_open_on_its_own_row(tmp_path, after):
    (tmp_path / "enheter.csv").write_text('enhet;namn\nn;Norra\ns;"' + after)
    with pytest.raises(InputError) as stopped:
        read_table(tmp_path / "enheter.csv", TABLES["enheter"])
    (fault,) = stopped.value.faults
    assert (fault.line, fault.code) == (3, "unreadable") and "citattecken öppnas" in str(fault)


@pytest.mark.parametrize(
    ("parts", "stated", "line", "is_sum"),
    [
        ([(10, None), (20, None)], (30, None), 4, True),  # both rows above
        ([(10, None), (20, None)], (30, None), 1, True),  # all of the unit's others, wherever it stands
        ([(10, None), (20, None)], (31, None), 4, False),
        ([(5, None), (10, None), (20, None)], (30, None), 5, True),  # the two right above
        ([(5, None), (10, None), (20, None)], (15, None), 5, False),  # not those right above
        ([(30, None)], (30, None), 3, False),  # one row is no sum
        ([(30, 4), (20, None)], (50, 4), 4, True),
        ([(30, 4), (20, None)], (46, None), 4, True),  # a net on the side of costs
        ([(30, 4), (20, None)], (46, 4), 4, False),
        ([(30, 4), (20, None)], (50, None), 4, False),
        ([(0, 0), (0, 0)], (0, 0), 4, False),
        ([(10, None), (20, None)], (None, None), 4, False),
    ],
)
def test_what_is_the_sum_of_other_rows(parts, stated, line, is_sum):
    from planbok.inputs.tables.checks import _is_sum

    frame = pd.DataFrame(parts, columns=["kostnad", "intakt"], index=range(2, 2 + len(parts)), dtype=float)
    assert _is_sum(pd.Series(stated, frame.columns, dtype=float), frame, line) is is_sum


def test_a_control_total_of_one_row_is_compared_too(tmp_path):
    """Of whole kronor the row and the total may each be half a krona off: 1 is rounding, 2 is a fault."""
    path = tmp_path / "utfall.csv"
    rows = ["enhet,manad,budgetrad,kostnad_kr,intakt_kr", "e,2024-01,Lön,10,", "e,2024-01,Totalt,10,"]
    path.write_text("\n".join([*rows, "e,2024-02,Lön,10,", "e,2024-02,Totalt,12,"]), "utf-8")
    path.write_text(path.read_text("utf-8") + "\ne,2024-03,Lön,10,\ne,2024-03,Totalt,11,", "utf-8")
    with pytest.raises(InputError) as told:
        read_table(path, TABLES["utfall"])
    assert [(fault.line, fault.code) for fault in told.value.faults] == [(5, "control_total")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_long_text_is_decoded_in_pieces_and_loses_nothing(monkeypatch, encoding):
    text = "Vårdkostnader;1\r\nLön;2\r\n"
    monkeypatch.setattr(encoding_of_files, "PIECE", 4)
    found = [*encoding_of_files.pieces(text.encode(encoding), encoding.removesuffix("-sig"))]
    assert "".join(found) == text
    assert len(found) == (1 if encoding == "utf-16" else 2)  # a line end of two bytes is not looked for


@pytest.mark.parametrize("text", ["850314-1239", "8 5 0 3 1 4 1 2 3 9", "8503141230"])
def test_no_message_repeats_what_may_be_a_persons_number(text):
    """Sound, written apart, and with a last digit that is wrong."""
    assert unsafe(text) and not unsafe("85 031 412 kr")


def test_a_sheet_may_be_used_to_its_last_row_and_no_further():
    """ECMA-376 has 1 048 576 rows."""
    assert not _is_near(b'<row r="1048576"><c r="AAA1048576"/></row>')
    with pytest.raises(encoding_of_files.UnreadableFileError, match="utanför bladet"):
        _is_near(b'<row r="1048577"><c r="A1048577"/></row>')


@pytest.mark.parametrize(
    ("suffix", "raw", "words"),
    [
        (".csv", b"PK\x03\x04 zip", "Döp om en arbetsbok till .xlsx"),
        (".xlsx", b"\xd0\xcf\x11\xe0 gammal", "skyddad med lösenord"),
        (".xlsx", b"a;b\n1;2\n", "döp om den till .csv"),
        (".csv", b"\xd0\xcf\x11\xe0;b\n1;2\n", "styrtecken"),  # not a workbook's name: read as the text that it is not
        (".csv", b"a;b\n1;2\n", ""),
    ],
)
def test_a_file_is_what_its_name_says_or_is_refused_with_what_to_do(suffix, raw, words):
    from planbok.inputs.tables.encoding import UnreadableFileError
    from planbok.inputs.tables.files import read_sheets

    if not words:
        (sheet,) = read_sheets(raw, suffix, {"b"})
        assert sheet.cells.iloc[1].tolist() == ["1", "2"]
        return
    with pytest.raises(UnreadableFileError, match=words):
        read_sheets(raw, suffix, {"b"})
