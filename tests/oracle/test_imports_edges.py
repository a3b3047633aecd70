"""Exports at the limits of what is read: sums of parts, signs, empty codes, closing entries, texts beside codes."""

import sqlite3
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml

from planbok.base.errors import InputError
from planbok.inputs.imports.account import Account
from planbok.inputs.imports.amounts import _all_plain, amounts
from planbok.inputs.imports.export import read_export
from planbok.inputs.imports.ledger import Postings, held_against_totals
from planbok.inputs.imports.merge import merged, refusals, without_budget
from planbok.inputs.imports.profile import Profile, begins_as_sum, find_profile, load_profile
from planbok.inputs.imports.pseudonyms import Key
from planbok.inputs.imports.reading import net_of, read_files
from planbok.inputs.imports.recognise import look_at
from planbok.inputs.imports.records import Records
from planbok.inputs.imports.sql import _cell, query_export

COLUMNS = {"konto": "Konto", "enhet": "Ansvar", "verksamhet": "Vht", "manad": "Period", "belopp": "Belopp"}
HEADS = "Konto;Ansvar;Vht;Period;Belopp"
ACCOUNTS = [
    {"kod": "3000-3999", "budgetrad": "Intäkter"},
    {"kod": "5000-5999", "budgetrad": "Personal"},
    {"kod": "6999", "utelamna": True, "text": "Fördelat"},
]
UNITS = [{"kod": "1", "varde": "norr"}, {"kod": "2", "varde": "soder"}]
BOOK = {"titel": "Bok", "tabell": "utfall", "bekraftad": ["profil", "konto", "enhet"], "kolumner": COLUMNS}
BOOK["koder"] = {"konto": ACCOUNTS, "enhet": UNITS}


def loaded(folder, **changes):
    (folder / "p.yaml").write_text(yaml.safe_dump(BOOK | changes, allow_unicode=True), "utf-8")
    return load_profile(folder / "p.yaml")


def postings(folder, rows: list[str], heads: str = HEADS, **changes) -> Postings:
    """What a file's rows become, also where something is at fault."""
    (folder / "bok.csv").write_text("\n".join([heads, *rows]), "utf-8")
    profile = loaded(folder, **changes).profile
    return Postings(read_export(folder / "bok.csv", profile), profile)


def said(part: Postings) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.place, fault.code) for fault in part.faults]


@pytest.mark.parametrize(
    ("stated", "off"), [("5,00", 0), ("5,01", 1), ("5,02", 2), ("0", 5), ("10,00", 0), ("9,98", 2)]
)
def test_a_sum_is_of_the_rows_since_some_heading_or_sum_above_it(tmp_path, stated, off):
    """Two rows, their sum, a heading, two rows and a sum, which may be that of all four: half an öre off for each."""
    rows = ["5011;1;V;202501;2,50", "5012;1;V;202501;2,50", "Summa 1;;;;5,00", "Ansvar 2;;;;", "5011;2;V;202501;3,00"]
    part = postings(tmp_path, [*rows, "5012;2;V;202501;2,00", f"Summa 2;;;;{stated}", "Totalt;;;;10,00"])
    faults, notes, whole = held_against_totals(part.export, part.value)
    of = 4 if stated == "9,98" else 2
    assert [(fault.line, fault.code) for fault in faults] == [(8, "control_total")] * (off > of / 2)
    rounding = f"Skillnaden ryms i avrundning till öre på {of} rader."
    held = [(f"{part.export.fil} rad 8", True)] * (0 < off <= of / 2)
    assert [(note.split(":")[0], note.endswith(rounding)) for note in notes] == held
    assert whole == 100_000


def test_a_sum_that_is_no_amount_is_held_against_nothing(tmp_path):
    part = postings(tmp_path, ["5011;1;V;202501;1", "Summa;;;;okänt", "5011;1;V;202502;1"])
    assert held_against_totals(part.export, part.value) == ([], [], None)


@pytest.mark.parametrize(("revenue", "sign"), [("-5;5", 0), ("-5;5,01", 1), ("-5;25", 1), ("-5;4,99", 0)])
@pytest.mark.parametrize("intakter", ["negativa", "positiva"])
def test_revenue_of_the_wrong_sign_as_a_whole_is_said_for_the_unit(tmp_path, revenue, sign, intakter):
    turn = "" if intakter == "negativa" else "-"
    kr = [(turn + number).replace("--", "") for number in revenue.split(";")]
    rows = [f"3010;1;V;20250{n};{number}" for n, number in enumerate(kr, 1)] + [
        "3010;2;V;202501;" + ("-" if not turn else "") + "9"
    ]
    part = postings(tmp_path, [*rows, "5011;1;V;202501;7"], intakter=intakter)
    assert said(part) == [(0, "", "negative_revenue")] * sign
    if sign:
        shown = "0" if revenue.endswith("1") else "\u221220"
        assert f"intäkterna blir {shown}\u00a0kr för norr" in part.faults[0].text
    else:
        sums = part.rows.groupby("enhet")[["kostnad", "intakt"]].sum().to_dict("index")
        norr = {"-5;5": 0, "-5;4,99": 100}[revenue]
        rows = pd.DataFrame({"kostnad_kr": ["7"], "intakt_kr": ["9"]})
        assert net_of(rows, intakter) == (-20_000 if intakter == "negativa" else 160_000)
        assert sums == {"norr": {"kostnad": 70_000, "intakt": norr}, "soder": {"kostnad": 0, "intakt": 90_000}}


def test_an_empty_key_is_a_fault_where_its_row_is_used(tmp_path):
    rows = ["5011;;V;202501;1", "6999;;V;202501;1", "1510;;V;202501;1", "5011;1;;202501;1"]
    part = postings(tmp_path, rows, koder={"konto": ACCOUNTS})
    assert said(part) == [(2, "kolumn Ansvar", "empty_cell")]  # an operation may be empty
    assert [(one.kod, one.text, one.rader, one.value) for one in part.left_out] == [
        ("6999", "Fördelat", 1, 10_000),
        ("1510", "balanskonto eller annat utanför kontoklass 3–8", 1, 10_000),
    ]


def test_keys_that_come_from_nowhere_are_said_and_nothing_is_summed_by_them(tmp_path):
    columns = {"konto": "Konto", "belopp": "Belopp"}
    part = postings(
        tmp_path, ["5011;5", "5012;6"], "Konto;Belopp", tabell="budget", kolumner=columns, koder={"konto": ACCOUNTS}
    )
    assert said(part) == [(0, "", "missing_key")] * 3 and part.own.empty
    assert [fault.text.split(" ska tas")[0].split()[-1] for fault in part.faults] == ["enhet", "ar", "version"]


def test_a_file_whose_accounts_are_all_left_out_and_whose_keys_come_from_nowhere_is_said(tmp_path):
    columns, accounts = {"konto": "Konto", "belopp": "Belopp"}, [{"kod": "*", "utelamna": True}]
    part = postings(tmp_path, ["5011;5"], "Konto;Belopp", tabell="budget", kolumner=columns, koder={"konto": accounts})
    assert said(part) == [(0, "", "missing_key")] * 4 and part.rows.empty


def test_codes_and_texts_in_one_cell(tmp_path):
    rows = ["5011 Lön;1 Norr;V;202501;1", "4711 Resor;1 Norr;V;202501;2", "6999 Fördelning;1 Norr;V;202501;3"]
    rows += ["5012 Summa lön;1 Norr;V;202501;4", "4711 Resor;1 Norr;V;202502;5", "6999 Annat;1 Norr;V;202501;6"]
    accounts = [*ACCOUNTS[:2], {"kod": "6999", "utelamna": True}]
    part = postings(tmp_path, rows, kod_och_text=["konto", "enhet"], koder={"konto": accounts, "enhet": UNITS})
    assert said(part) == [(5, "kolumn Konto", "sum_as_code"), (3, "konto 4711", "unmapped")]
    assert part.faults[1].text.startswith("2 rader, 7,00\u00a0kr (Resor), har ingen rad")
    assert [(one.kod, one.text, one.rader, one.value) for one in part.left_out] == [("6999", "Fördelning", 2, 90_000)]


@pytest.mark.parametrize(("code", "hint"), [("norra", "Menade du 'norr'?"), ("11", ""), ("xyz", "Det finns: 12, norr")])
def test_a_code_that_is_nearly_a_known_one_is_said_with_it_unless_it_is_a_number(tmp_path, code, hint):
    units = [{"kod": "norr", "varde": "norr"}, {"kod": "12", "varde": "b"}]
    part = postings(tmp_path, [f"5011;{code};V;202501;1"], koder={"konto": ACCOUNTS, "enhet": units})
    (fault,) = part.faults
    assert (fault.line, fault.place, fault.code) == (2, f"enhet {code}", "unmapped")
    assert hint in fault.text and ("Menade" in fault.text or "finns:" in fault.text) is bool(hint)


def test_closing_entries_stand_beside_their_december_in_a_table_that_has_them(tmp_path):
    rows = ["5011;2;V;202512;1", "5011;2;V;202513;2", "5011;1;V;202511;9", "5011;1;V;202513;3", "5012;1;V;202513;4"]
    part = postings(tmp_path, rows)
    assert said(part) == [(5, "", "closing_alone")] and part.faults[0].text.startswith("norr 2025-12 har poster")
    assert said(postings(tmp_path, [*rows[:3], "6999;1;V;202513;3"])) == []  # left out with its account
    columns = {**COLUMNS}
    part = postings(tmp_path, rows[:2], tabell="manadsbudget", kolumner=columns)
    assert said(part) == [(3, "kolumn Period", "closing")]


def test_the_sum_of_several_files_and_what_was_left_out_where_all_was(tmp_path):
    book = loaded(tmp_path)
    for name, row in (("a", "5011;1;V;202501;1"), ("b", "5011;1;V;202502;2")):
        (tmp_path / f"{name}.csv").write_text(f"{HEADS}\n{row}", "utf-8")
    rows = read_files([tmp_path / "a.csv", tmp_path / "b.csv"], book, None).rows
    assert rows[["manad", "kostnad_kr"]].to_numpy().tolist() == [["2025-01", "1"], ["2025-02", "2"]]
    for files, code, text in (
        (["a", "a"], "same_file", "filen är angiven två gånger"),
        (["a", "c"], "overlap", "norr 2025-01 Personal V finns också i a.csv"),
    ):
        (tmp_path / "c.csv").write_text(f"{HEADS}\n5012;1;V;202501;7", "utf-8")
        with pytest.raises(InputError) as stopped:
            read_files([tmp_path / f"{name}.csv" for name in files], book, None)
        (fault,) = stopped.value.faults
        assert (fault.line, fault.place, fault.code, fault.text.split(".")[0]) == (0, "", code, text.split(".")[0])
    (tmp_path / "c.csv").write_text(f"{HEADS}\n5011;1;V;202412;3\n5011;1;V;202413;4", "utf-8")
    rows = read_files([tmp_path / "a.csv", tmp_path / "c.csv"], book, None).rows
    assert rows[["manad", "kostnad_kr", "bokslut_kostnad_kr"]].to_numpy().tolist() == [
        ["2024-12", "3", "4"],
        ["2025-01", "1", "0"],
    ]
    (tmp_path / "a.csv").write_text(f"{HEADS}\n6999;1;V;202501;1\n1510;1;V;202501;1", "utf-8")
    with pytest.raises(InputError) as stopped:
        read_files([tmp_path / "a.csv"], book, None)
    (fault,) = stopped.value.faults
    assert (fault.line, fault.place, fault.code) == (0, "", "no_rows")
    codes = "6999 (Fördelat), 1510 (balanskonto eller annat utanför kontoklass 3–8)"
    assert fault.text == f"filen har inga rader att läsa in: alla är utelämnade, {codes}."


def test_where_new_rows_may_not_be_put(tmp_path):
    """Each place that stops it is the command's: no row of a file."""
    account = Account(
        {"utfall": [{"profil": "annan", "manader": [{"enhet": "n", "manad": f"2024-0{n}"} for n in range(1, 9)]}]}
    )
    rows = pd.DataFrame([{"enhet": "n", "manad": f"2024-0{n}"} for n in range(2, 10)])

    def stops(account: Account, profil: str) -> list[tuple[int, str, str, str]]:
        faults = refusals(tmp_path, "utfall", account, profil, rows)
        return [(fault.line, fault.place, fault.code, fault.text.split(".")[0]) for fault in faults]

    (second,) = stops(account, "egen")
    six = ", ".join(f"n 2024-0{n}" for n in range(2, 8))
    assert second == (0, "tabell utfall", "second_source", f"{six} och 1 till är redan inläst med profilen annan")
    assert stops(account, "annan") == []
    for name, code, made in (("utfall.csv", "own_table", Account()), ("utfall.xlsx", "two_files", account)):
        (tmp_path / name).write_text("x")
        (fault,) = stops(made, "annan")
        assert (fault[:3], name.split(".")[0] in fault[3]) == ((0, "--till", code), True)
    (tmp_path / "utfall.csv").write_text("enhet;x\n1;2;3")
    with pytest.raises(InputError) as stopped:
        merged(tmp_path, "utfall", account, rows)
    assert [(fault.line, fault.place, fault.code) for fault in stopped.value.faults] == [(0, "", "changed_table")]


def test_what_has_outturn_and_no_budget_by_the_columns_that_both_have():
    """An operation is none of a budget without operations, and empty in one of whose outturn it is not."""
    outturn = pd.DataFrame([("n", "2025-01", "Lön", "V")], columns=["enhet", "manad", "budgetrad", "verksamhet"])
    heads = ["enhet", "ar", "version", "budgetrad", "kostnadsslag", "kostnad_kr", "intakt_kr"]
    budget = pd.DataFrame([("n", "2025", "vp", "Hyra", "", "5", "0")], columns=heads)
    assert without_budget(budget, outturn).to_numpy().tolist() == [["n", "2025", "vp", "Lön", "", "0", "0"]]
    assert without_budget(budget.assign(budgetrad="Lön"), outturn).empty


def test_hoppa_over_and_headings_are_looked_for_in_the_first_column_too(tmp_path):
    """It need be none of the profile's."""
    heads = "Text;" + HEADS
    rows = ["Lön;5011;1;V;202501;1", "Internt;5011;1;V;202501;2", "Text;;;;;", "Lön;5012;1;V;202501;3"]
    part = postings(tmp_path, rows, heads, hoppa_over=["Internt"])
    assert part.export.passed == {"rader som profilen hoppar över": 1, "upprepade rubriker": 1}
    assert part.frame.index.tolist() == [2, 5]


def test_kronor_of_each_spelling_beside_an_amount_are_kronor(tmp_path):
    rows = [f"5011;1;V;202501;1;{unit}" for unit in ("SEK", "kr", "Kronor", "")]
    assert len(postings(tmp_path, rows, f"{HEADS};Valuta").frame) == 4


def test_amounts_in_pieces_and_none_at_all(monkeypatch):
    monkeypatch.setattr("planbok.inputs.imports.amounts.PIECE", 2)
    cells = pd.Series(["1", "2,5", "-3", "4-", "5 000,25"])
    assert _all_plain(cells).tolist() == [1, 2.5, -3, -4, 5000.25]
    assert _all_plain(pd.Series(["-1-"])) is None
    assert amounts(cells.iloc[:0]).exact.tolist() == []


def test_a_number_that_is_no_result_account_is_left_out_whatever_follows_it(tmp_path):
    part = postings(tmp_path, ["1A;1;V;202501;1", "2;1;V;202501;2", "5A;1;V;202501;3", "5011;1;V;202501;4"])
    assert [(one.kod, one.rader) for one in part.left_out] == [("1A", 1), ("2", 1)]
    assert said(part) == [(4, "konto 5A", "unmapped")]


@pytest.mark.parametrize(
    ("text", "is_sum"),
    [("Summa", True), ("SUMMA 5", True), ("Summa:", True), ("Summab5", False), ("Summa5a", True), ("Delsummab", False)],
)
def test_a_sums_word_is_one_that_no_letter_follows(text, is_sum):
    assert begins_as_sum(text) is is_sum


EVENTS = {
    "titel": "Beslut",
    "tabell": "beslut",
    "bekraftad": ["profil", "insats"],
    "kolumner": {
        "beslut": "Nr",
        "person": "Pnr",
        "enhet": "Enhet",
        "insats": "Insats",
        "handelse": "Vad",
        "handelsedatum": "När",
    },
    "handelser": {"beslutsdatum": ["Beslutad"], "verkstalld": ["Verkställd"], "till": ["Slut"]},
    "koder": {"insats": [{"kod": "G", "insats": "gruppbostad"}, {"kod": "Avslag", "utelamna": True}]},
}


def test_what_a_decisions_first_event_says_is_its_own_and_whether_it_is_left_out(tmp_path):
    """The unit and the insats may change on the way; the days are those of each event."""
    rows = ["1;p1;norr;G;Beslutad;2025-01-01", "1;p1;soder;Avslag;Verkställd;2025-02-01", "1;p1;syd;G;Slut;2025-03-01"]
    rows += ["2;p2;norr;Avslag;Beslutad;2025-01-02", "2;p2;soder;G;Verkställd;2025-02-02"]
    (tmp_path / "p.yaml").write_text(yaml.safe_dump(EVENTS, allow_unicode=True), "utf-8")
    (tmp_path / "b.csv").write_text("\n".join(["Nr;Pnr;Enhet;Insats;Vad;När", *rows]), "utf-8")
    reading = read_files([tmp_path / "b.csv"], load_profile(tmp_path / "p.yaml"), Key(bytes(32)))
    found = reading.rows[["enhet", "insats", "beslutsdatum", "verkstalld", "fran", "till"]].to_numpy().tolist()
    assert found == [["norr", "gruppbostad", "2025-01-01", "2025-02-01", "2025-02-01", "2025-03-01"]]


def test_a_person_who_is_a_code_is_left_out_or_said_without_the_name(tmp_path):
    columns = {"beslut": "Nr", "person": "Pnr", "enhet": "Enhet", "insats": "Insats", "fran": "Från", "utforare": "Utf"}
    providers = [{"kod": "Anna Ek", "utelamna": True}, {"kod": "Omsorg AB", "varde": "omsorg"}]
    changes = {
        "kolumner": columns,
        "handelser": {},
        "koder": {"utforare": providers, "insats": EVENTS["koder"]["insats"]},
    }
    (tmp_path / "p.yaml").write_text(yaml.safe_dump(EVENTS | changes, allow_unicode=True), "utf-8")
    profile = load_profile(tmp_path / "p.yaml").profile
    names = ["Anna Ek", "Omsorg AB", "Eva Bo", "Vård AB"]
    rows = [f"{n};p{n};norr;G;2025-01-01;{name}" for n, name in enumerate(names)]
    (tmp_path / "b.csv").write_text("\n".join(["Nr;Pnr;Enhet;Insats;Från;Utf", *rows]), "utf-8")
    part = Records(read_export(tmp_path / "b.csv", profile), profile, Key(bytes(32)))
    assert part.left_out == [("utforare", "(visas inte)", 1)]
    assert [fault.text.split(",")[0] for fault in part.faults[:2]] == [
        "1 rader har utforare '(visas inte)'",
        "1 rader har utforare 'Vård AB'",
    ]


def test_a_databases_values_as_cells_and_forms_of_file_that_are_not_read(tmp_path):
    values = [None, "a", 5, 2.5, True, Decimal("1.10"), date(2025, 1, 2)]
    assert [_cell(value) for value in values] == ["", "a", 5, 2.5, "True", "1.10", "2025-01-02"]
    for name, said_of in (("bok.PDF", "slutar på .pdf läses inte"), ("bok", "slutar på inget läses inte")):
        (tmp_path / name).write_text(HEADS)
        with pytest.raises(InputError) as stopped:
            read_export(tmp_path / name, loaded(tmp_path).profile)
        (fault,) = stopped.value.faults
        assert (fault.line, fault.code) == (0, "unreadable") and said_of in fault.text


def test_a_querys_answer_has_its_headings_in_the_first_row(tmp_path, monkeypatch):
    pytest.importorskip("sqlalchemy")
    base = sqlite3.connect(tmp_path / "b.db")
    base.execute("create table b (Konto, Ansvar, Vht, Period, Belopp)")
    base.executemany("insert into b values (?, ?, ?, ?, ?)", [(5011, 1, "V", 202501, 10.5), (4711, 1, None, 202501, 2)])
    base.commit()
    monkeypatch.setenv("BOKEN", f"sqlite:///{tmp_path / 'b.db'}")
    profile = loaded(tmp_path, kalla={"sql": " Select * from b; ", "anslutning": "BOKEN"}).profile
    export = query_export(profile)
    assert (export.rubrikrad, export.frame.index.tolist(), export.frame["verksamhet"].tolist()) == (
        1,
        [2, 3],
        ["V", ""],
    )
    for sql in ("delete from b", "select 1; select 2"):
        with pytest.raises(InputError) as stopped:
            query_export(loaded(tmp_path, kalla={"sql": sql, "anslutning": "BOKEN"}).profile)
        assert [(fault.line, fault.code) for fault in stopped.value.faults] == [(0, "not_a_question")]


def test_texts_beside_codes_and_the_fewest_headings_that_tell_an_export(tmp_path):
    rows = ["5011;1;Norr;5131;Hem;5", "5011;2;;5132;;5", "Summa;;;;;10"]
    (tmp_path / "a.csv").write_text("\n".join(["Konto;Ansvar;Ansvartext;Vht;Vhttext;Belopp", *rows]), "utf-8")
    seen = look_at([tmp_path / "a.csv"], set())
    guesses = {name: {one.kod: (one.text, one.guess) for one in codes} for name, codes in seen.codes.items()}
    assert guesses["enhet"] == {"1": ("Norr", {"varde": "1", "namn": "Norr"}), "2": ("", {"varde": "2"})}
    assert guesses["verksamhet"] == {"5131": ("Hem", {"varde": "Hem"}), "5132": ("", {"varde": "5132"})}
    assert seen.period == "auto" and seen.revenue == "negativa"
    for heads, known in (("Konto;Ansvar;Belopp", True), ("Konto;Ansvar;Annat", False)):
        (tmp_path / "b.csv").write_text(f"{heads}\n5011;1;5", "utf-8")
        if known:
            assert look_at([tmp_path / "b.csv"], set()).row == 1
        else:
            with pytest.raises(InputError):
                look_at([tmp_path / "b.csv"], set())
    (tmp_path / "b.csv").write_text("Insats;Beslutsnr;Enhet\nHem;B1;1", "utf-8")
    assert [(one.kod, one.rader, one.value) for one in look_at([tmp_path / "b.csv"], set()).codes["enhet"]] == [
        ("1", 1, 0)
    ]


@pytest.mark.parametrize(
    ("kr", "sign"),
    [
        ("3010;-5\n3020;4", "negativa"),
        ("3010;5\n5010;-9", "positiva"),
        ("3010;0", "negativa"),
        ("3010;0,0001", "positiva"),
    ],
)
def test_the_sign_of_revenue_is_that_of_its_accounts_together(tmp_path, kr, sign):
    rows = "\n".join(line.replace(";", ";1;") for line in kr.split("\n"))
    (tmp_path / "a.csv").write_text(f"Konto;Ansvar;Belopp\n{rows}", "utf-8")
    assert look_at([tmp_path / "a.csv"], set()).revenue == sign


@pytest.mark.parametrize("number", [2999, 3000, 3500, 3999, 4000, 4999, 5000, 5999, 6000])
def test_an_interval_of_accounts_has_both_its_ends(tmp_path, number):
    part = postings(tmp_path, [f"{number};1;V;202501;1"])
    row = {3: "Intäkter", 5: "Personal"}.get(number // 1000)
    assert part.rows["budgetrad"].tolist() == [row] * bool(row)
    assert [fault.code for fault in part.faults] == ["negative_revenue"] * (row == "Intäkter") + ["unmapped"] * (
        number // 1000 in (4, 6)
    )


def test_the_first_of_rows_with_as_many_headings_and_the_year_that_is_stated(tmp_path):
    for words, heading, year in (
        ("", "Årsbudget 2025", "2025"),
        ("Budget 2026", "Årsbudget 2025", "2026"),
        ("", "Budget", ""),
    ):
        head = f"Konto;Ansvar;{heading}"
        (tmp_path / "a.csv").write_text("\n".join([words, head, "5011;1;5", head, "5012;1;6"]), "utf-8")
        seen = look_at([tmp_path / "a.csv"], set())
        assert (seen.table, seen.row, seen.constants) == ("budget", 2, {"ar": year, "version": "vp"})


def test_a_profile_that_is_not_there_and_those_that_are_of_a_ledger(tmp_path):
    folders = SimpleNamespace(param_files=lambda *names: {"bok.yaml": tmp_path / "bok.yaml"})
    with pytest.raises(InputError) as stopped:
        find_profile("boken", folders)
    (fault,) = stopped.value.faults
    assert (fault.line, fault.place, fault.code) == (0, "--profil", "unknown_profile") and "'bok'" in fault.text
    rows = [("utfall", "belopp", True), ("utfall", "konto", False), ("bemanning", "belopp", False)]
    for table, column, is_ledger in rows:
        assert Profile(titel="T", tabell=table, kolumner={column: "X"}).is_ledger is is_ledger
