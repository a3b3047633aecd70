"""Exports in the forms in which systems and Excel write them: each value is the true one, or the file is refused."""

import openpyxl
import pandas as pd
import pytest

from planbok.cli import main
from planbok.inputs.imports.pseudonyms import same_person

LEDGER = """
titel: Huvudbok
tabell: utfall
bekraftad: [profil, konto]
kolumner: {konto: Konto, enhet: Ansvar, manad: Period, belopp: kolumn D}
koder:
  konto: [{kod: 3000–3999, budgetrad: Intäkter}, {kod: 5000–5999, budgetrad: Personal}]
"""
HEADS = ["Konto", "Ansvar", "Period", "Belopp"]
OFFICERS = """
titel: Handläggare
tabell: handlaggare
bekraftad: [profil]
kolumner: {handlaggare: Id, enhet: Enhet, tjanstgoring_andel: Tjänst, fran: Från}
"""
INVOICES = """
titel: Fakturor
tabell: fakturor
bekraftad: [profil]
konstanter: {utforare: bolaget, antal: 1, mattenhet: styck, kr_per_enhet: 7}
kolumner: {faktura: Nr, enhet: Enhet, fran: Från, till: Till, belopp_kr: kolumn E, manad: Månad}
"""
INVOICE_HEADS = ["Nr", "Enhet", "Från", "Till", "Belopp", "Månad"]
STAFF = """
titel: Timmar
tabell: bemanning
bekraftad: [profil]
konstanter: {grupp: alla, anstallda: 1, arsarbetare: 1}
kolumner: {enhet: Ansvar, manad: Månad, avtalad_tid_h: Avtalad, sjuk_h: kolumn D}
"""


@pytest.fixture
def read_in(tmp_path, monkeypatch, capsys):
    """Reads rows of cells (a csv file's where all are texts) by a profile: the table, or None, and what is said."""
    monkeypatch.setenv("PLANBOK_NYCKEL_FIL", str(tmp_path / "hemligt" / "nyckel"))
    monkeypatch.chdir(tmp_path)

    def read_in(profile: str, rows: list[list], form: str = "", from_1904: bool = False, merged: str = ""):
        (tmp_path / "params" / "inlasning").mkdir(parents=True)
        (tmp_path / "data").mkdir()
        (tmp_path / "params" / "inlasning" / "bok.yaml").write_text(profile, encoding="utf-8")
        path = tmp_path / "bok.csv"
        path.write_text("".join(";".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
        if form or from_1904 or merged:
            path = _workbook(tmp_path / "bok.xlsx", rows, form, from_1904, merged)
        code = main(["--params", "params", "--data", "data", "las-in", str(path), "--profil", "bok"])
        said = capsys.readouterr()
        table = next(line.split(":")[1].strip() for line in profile.splitlines() if line.startswith("tabell"))
        made = tmp_path / "data" / f"{table}.csv"
        assert (code == 0) == made.exists()
        read = pd.read_csv(made, dtype=str, keep_default_na=False) if made.exists() else None
        return read, (said.out + said.err).replace("\u00a0", " ")

    return read_in


def _workbook(path, rows, form, from_1904, merged):
    book = openpyxl.Workbook()
    if from_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in rows:
        book.active.append(row)
    for cells in book.active.iter_rows(min_row=2):
        for cell in cells:
            if form and isinstance(cell.value, float):
                cell.number_format = form
    if merged:
        book.active.merge_cells(merged)
    book.save(path)
    return path


@pytest.mark.parametrize("period", [202404, 43921])
def test_days_of_an_export_that_counts_from_1904(read_in, period):
    """43 921 days after 1 January 1904 is 1 April 2024; 202404 is a month and no day."""
    read, _ = read_in(LEDGER, [HEADS, [5011, 312, period, 1000.0]], from_1904=True)
    assert read["manad"].tolist() == ["2024-04"]


def test_dates_of_rows_about_something_else_that_count_from_1904(read_in):
    rows = [INVOICE_HEADS, ["F1", "a", 43830, 43860, 7.0, "202401"]]
    read, _ = read_in(INVOICES, rows, from_1904=True)
    assert read[["fran", "till"]].to_numpy().tolist() == [["2024-01-01", "2024-01-31"]]


def test_a_month_that_may_have_lost_its_last_digit_is_none(read_in):
    """2024.10 as a number is 2024.1."""
    read, said = read_in(LEDGER, [HEADS, ["5011", "312", "2024.1", "1000"], ["5011", "312", "2024.09", "1"]])
    assert read is None and "fil rad 2, kolumn Period: cellen är ingen månad" in said and "rad 3" not in said


@pytest.mark.parametrize(
    "rows",
    [
        [HEADS, ["", "", "", "(tkr)"], ["5011", "312", "202404", "1000"]],
        [HEADS, ["5011", "312", "202404", "1000"], ["Alla belopp i tusental kronor", "", "", ""]],
        [["Utfall i kkr", "", "", ""], HEADS, ["5011", "312", "202404", "1000"]],
        [[*HEADS[:3], "Belopp (1000-tal kr)"], ["5011", "312", "202404", "1000"]],
        [["KSEK", "", "", ""], HEADS, ["5011", "312", "202404", "1000"]],
    ],
)
def test_a_unit_that_the_file_names_anywhere_is_held_against_the_profile(read_in, rows):
    read, said = read_in(LEDGER, rows)
    assert read is None and "filen säger tkr, men profilen läser beloppen som kr" in said


def test_a_profile_in_the_unit_below_the_headings_reads_it(read_in):
    rows = [HEADS, ["", "", "", "tkr"], ["5011", "312", "202404", "1000"]]
    read, _ = read_in(LEDGER + "belopp_i: tkr\n", rows)
    assert read["kostnad_kr"].tolist() == ["1000000"]


def test_a_proposed_profile_has_the_unit_below_the_headings(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params").mkdir()
    (tmp_path / "bok.csv").write_text("Konto;Ansvar;Period;Belopp\n;;;tkr\n5011;312;202404;1000\n", encoding="utf-8")
    assert main(["--params", "params", "las-in", "bok.csv", "--ny", "bok.yaml"]) == 0
    assert 'belopp_i: "tkr"' in (tmp_path / "params" / "inlasning" / "bok.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ('#,##0 "tkr"', "inget belopp (talet står i tkr)"),
        ("#,##0,", "talformatet visar talet delat med tusen"),
        ("0.0 %", "cellen är inget belopp"),
    ],
)
def test_an_amount_that_its_number_format_shows_otherwise_is_refused(read_in, form, words):
    read, said = read_in(LEDGER, [HEADS, [5011, 312, 202404, 1000.5]], form)
    assert read is None and "fil rad 2, kolumn kolumn D" in said and words in said


@pytest.mark.parametrize("heading", ["Kreditbelopp", "Kredit (kr)", "Credit", "Belopp kredit", "Debet SEK", "D/K"])
def test_a_column_of_the_other_side_is_never_left_out(read_in, heading):
    if heading == "Debet SEK":
        heading = "Debet kr"
    rows = [[*HEADS, heading], ["5011", "312", "202404", "1000", "0"], ["5011", "312", "202404", "0", "300"]]
    read, said = read_in(LEDGER, rows)
    assert read is None and "skiljer debet från kredit" in said


@pytest.mark.parametrize("heading", ["Kreditor", "Debetkonto"])
def test_a_column_that_only_begins_like_a_side_is_none(read_in, heading):
    read, _ = read_in(LEDGER, [[*HEADS, heading], ["5011", "312", "202404", "1000", "x"]])
    assert read["kostnad_kr"].tolist() == ["1000"]


def test_a_sum_in_a_column_that_is_not_read_is_no_posting(read_in):
    """Lön and pension are 1 500, and the year's total of everything 1 800."""
    rows = [
        [*HEADS, "Text"],
        *(["5011", "312", "202404", kr, text] for kr, text in [("1000", "Lön"), ("500", "Pension")]),
        ["5011", "312", "202404", "1500", "Summa personal"],
        ["5012", "312", "202404", "300", "Summa faktura 17"],
        ["5012", "312", "202404", "1800", "Totalt"],
    ]
    read, said = read_in(LEDGER, rows)
    assert read is None and "fil rad 4, kolumn kolumn D: raden är summan av rader ovanför" in said
    assert "rad 5" not in said


def test_a_posting_whose_text_begins_as_a_sum_is_one(read_in):
    rows = [
        [*HEADS, "Text"],
        ["5011", "312", "202404", "1000", "Lön"],
        ["5011", "312", "202404", "300", "Summa faktura"],
    ]
    read, _ = read_in(LEDGER, rows)
    assert read["kostnad_kr"].tolist() == ["1300"]


@pytest.mark.parametrize("share", ["80 %", "80 procent", "0,8", "0.80"])
def test_a_share_may_be_written_as_per_cent(read_in, share):
    read, _ = read_in(OFFICERS, [["Id", "Enhet", "Tjänst", "Från"], ["id1", "a", share, "2024-01-01"]])
    assert read["tjanstgoring_andel"].tolist() == ["0.8"]


def test_a_share_formatted_as_per_cent(read_in):
    read, _ = read_in(OFFICERS, [["Id", "Enhet", "Tjänst", "Från"], ["id1", "a", 0.8, "2024-01-01"]], "0%")
    assert read["tjanstgoring_andel"].tolist() == ["0.8"]


def test_money_of_rows_that_are_no_ledgers_is_in_the_unit_of_its_heading(read_in):
    rows = [[*INVOICE_HEADS[:4], "Belopp tkr", "Månad"], ["F1", "a", "2024-01-01", "2024-01-31", "7", "202401"]]
    read, said = read_in(INVOICES, rows)
    assert read is None and "filen säger tkr, men profilen läser kolumnen som belopp_kr" in said


@pytest.mark.parametrize("heading", ["Sjuk ack", "Sjuktid YTD", "Sjuk hittills"])
def test_hours_of_the_year_so_far_are_refused(read_in, heading):
    read, said = read_in(STAFF, [["Ansvar", "Månad", "Avtalad", heading], ["a", "jan 2024", "160", "8"]])
    assert read is None and "talen är ackumulerade" in said


def test_a_persons_name_as_a_heading_is_never_said(read_in):
    rows = [["Id", "Enhet", "Tjänst", "Från", "Anna Andersson"], ["id1", "a", "0,8", "2024-01-01", "x"]]
    read, said = read_in(OFFICERS, rows)
    assert len(read) == 1 and "Kolumner som inte läses: (visas inte)" in said and "Anna" not in said


def test_a_personal_number_without_its_first_zeros_is_the_same_person():
    """0501011233 and 0001011238 have the right check digit by SKV 704; 501011230 has not."""
    assert same_person("501011233", True) == same_person("20050101-1233", True) == "0501011233"
    assert same_person("1011238", True) == same_person("000101-1238", True)
    assert same_person("501011230", True) == "501011230"
    assert same_person("501011233") == "501011233"


def test_merged_codes_of_postings_are_refused(read_in):
    rows = [[*HEADS, "Verksamhet"], [5011, 312, 202404, 1000.5, "Natt"], [5012, 312, 202404, 7.5, "Natt"]]
    by_operation = LEDGER.replace("konto: Konto", "konto: Konto, verksamhet: Verksamhet")
    read, said = read_in(by_operation, rows, merged="E2:E3")
    assert read is None and "fil rad 2, kolumn Verksamhet: cellerna E2:E3 är sammanslagna" in said


def test_a_merged_heading_inside_a_report_hinders_nothing(read_in):
    rows = [HEADS, ["Ansvar 312 Norr", None, None, None], [5011, 312, 202404, 1000.5]]
    read, _ = read_in(LEDGER, rows, merged="A2:D2")
    assert read["kostnad_kr"].tolist() == ["1000.5"]


@pytest.mark.parametrize("account", ["#N/A", "#SAKNAS!", "5,01E+05", "=A1"])
def test_what_is_no_account_is_not_every_other(read_in, account):
    others = LEDGER.replace("koder:\n  konto: [", "koder:\n  konto: [{kod: '*', budgetrad: Övrigt}, ")
    read, said = read_in(others, [HEADS, [account, "312", "202404", "1000"]])
    assert read is None and "har ingen rad i profilens blad konto" in said


def test_an_amount_that_was_never_worked_out_is_said_so(read_in):
    read, said = read_in(LEDGER, [HEADS, [5011, 312, 202404, "=1+1"], [5011, 312, 202404, 7.5]], merged="F1:G1")
    assert read is None and "fil rad 2, kolumn kolumn D: cellen är inget belopp (en formel som inte är beräknad" in said


def test_a_posting_without_a_code_that_has_a_list_is_told_what_helps(read_in):
    by_operation = LEDGER.replace("konto: Konto", "konto: Konto, verksamhet: Verksamhet")
    by_operation = by_operation.replace("[profil, konto]", "[profil, konto, verksamhet]")
    rows = [[*HEADS, "Verksamhet"], ["5011", "312", "202404", "1000", ""], ["5011", "312", "202404", "7", "51"]]
    read, said = read_in(by_operation + "  verksamhet: [{kod: 51, varde: Natt}]\n", rows)
    assert read is None and "verksamhet saknas: 1 rad, 1 000,00 kr" in said and "eller ta bort bladet" in said


def test_marks_that_cannot_be_seen_and_other_dashes_hinder_no_month_or_amount(read_in):
    read, _ = read_in(LEDGER, [HEADS, ["50\u200b11", "312", "2024\u201104", "\u20115\u200b0"]])
    assert read[["manad", "kostnad_kr"]].to_numpy().tolist() == [["2024-04", "-50"]]


def test_headings_again_with_a_byte_order_mark_are_passed_by(read_in):
    row = ["5011", "312", "202404", "7"]
    read, said = read_in(LEDGER, [HEADS, row, ["\ufeffKonto", *HEADS[1:]], row])
    assert read["kostnad_kr"].tolist() == ["14"] and "1 förbigångna: upprepade rubriker" in said


def test_an_account_in_other_digits_is_no_balance_account(read_in):
    read, said = read_in(LEDGER, [HEADS, ["５０１１", "312", "202404", "7"], ["5011", "312", "202404", "1"]])
    assert read is None and "konto ５０１１: 1 rad, 7,00 kr, har ingen rad" in said


@pytest.mark.parametrize(("currency", "expected"), [("EUR", None), ("SEK", ["1000.5"])])
def test_a_sie_file_in_another_currency_is_refused(read_in, currency, expected):
    profile = LEDGER.replace("enhet: Ansvar, ", "").replace("kolumn D", "Belopp") + "konstanter: {enhet: norr}\n"
    lines = ["#FLAGGA 0", f"#VALUTA {currency}", '#VER A 1 20240415 "x"', "{", "#TRANS 5011 {} 1000.50", "}"]
    read, said = read_in(profile, [[line] for line in lines])
    assert (None if read is None else read["kostnad_kr"].tolist()) == expected
    assert ("i en annan valuta (#VALUTA)" in said) == (expected is None)


def test_a_cover_that_says_accumulated_is_told_of_hours_as_of_amounts(read_in):
    heads = ["Ansvar", "Månad", "Avtalad", "Sjuk"]
    read, said = read_in(STAFF, [["Ackumulerat jan–mar", "", "", ""], heads, ["a", "jan 2024", "160", "8"]])
    assert read["sjuk_h"].tolist() == ["8"] and "raderna ovanför rubrikerna säger ackumulerat" in said
