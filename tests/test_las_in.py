"""Exports read in: reconciled to the öre, nothing written where they are not, and nobody's number anywhere."""

import json
import os
import re
import sqlite3
import stat
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

from planbok.base.errors import InputError
from planbok.base.workspace import ROOT, Folders
from planbok.cli import main
from planbok.inputs.imports.account import Account
from planbok.inputs.imports.events import _decision
from planbok.inputs.imports.export import read_export
from planbok.inputs.imports.merge import refusals
from planbok.inputs.imports.profile import find_profile
from planbok.inputs.imports.recognise import CodeSeen, Seen
from planbok.inputs.tables import csv_text

EXPORTS = ROOT / "data" / "exports"
RAINDANCE = EXPORTS / "raindance_2025.csv"
HEADER = "Konto;Ansvar;Period;Belopp\n"
LEDGER = """
titel: Huvudbok
tabell: utfall
bekraftad: [profil, konto]
kolumner: {konto: Konto, enhet: Ansvar, manad: Period, belopp: Belopp}
koder:
  konto:
    - {kod: 3000–3999, budgetrad: Intäkter, sida: intakt}
    - {kod: 5000–5999, budgetrad: Personal}
"""


def luhn(nine: str) -> str:
    """A personal number with its check digit, by the rule in Skatteverket's SKV 704."""
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(nine)]
    return nine + str(-sum(sum(divmod(d, 10)) for d in doubled) % 10)


PEOPLE = [luhn(f"8{i}0{i + 1}1{i}12{i}") for i in range(6)]


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANBOK_NYCKEL_FIL", str(tmp_path / "hemligt" / "nyckel"))
    for folder in ("params/inlasning", "data", "in"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(place, capsys):
    def run(*arguments: object) -> tuple[int, str]:
        code = main(["--params", "params", "--data", "data", *map(str, arguments)])
        said = capsys.readouterr()
        return code, (said.out + said.err).replace("\u00a0", " ")

    return run


def profile(place: Path, text: str, name: str = "bok") -> None:
    (place / "params" / "inlasning" / f"{name}.yaml").write_text(text, encoding="utf-8")


def export(place: Path, text: str, name: str = "bok.csv", encoding: str = "utf-8") -> Path:
    path = place / "in" / name
    path.write_bytes(text.encode(encoding))
    return path


def table(place: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(place / "data" / f"{name}.csv", dtype=str, keep_default_na=False)


def files(place: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (place / "data").rglob("*") if path.is_file()}


def posting_sums(path: Path) -> dict[str, Decimal]:
    """The sum of each unit's postings, by a reader that shares nothing with planbok."""
    sums: dict[str, Decimal] = {}
    for line in path.read_bytes().decode("cp1252").splitlines():
        cells = line.split(";")
        if len(cells) == 7 and cells[4].isdigit():
            text = re.sub(r"\s", "", cells[6]).replace(",", ".")
            kr = -Decimal(text[:-1]) if text.endswith("-") else Decimal(text)
            sums[cells[1]] = sums.get(cells[1], Decimal(0)) + kr
    return sums


NAMES = {"312100": "lss_boende_norr", "312200": "lss_boende_soder", "312300": "personlig_assistans"}


def test_the_ledger_is_written_to_the_ore(run, place):
    code, said = run("las-in", RAINDANCE, "--profil", "exempel_raindance")
    assert code == 0, said
    rows = table(place, "utfall")
    net = {
        unit: sum(map(Decimal, part["kostnad_kr"])) - sum(map(Decimal, part["intakt_kr"]))
        for unit, part in rows.groupby("enhet")
    }
    assert net == {NAMES[unit]: kr for unit, kr in posting_sums(RAINDANCE).items()}
    assert sum(net.values()) == Decimal("71637838.11")
    assert (rows["intakt_kr"].astype(float) >= 0).all() and rows["intakt_kr"].astype(float).sum() > 0
    control = table(place, "kontrollsummor")
    assert sum(map(Decimal, control["netto_kr"])) == Decimal("71637838.11")
    kept = json.loads((place / "data" / "inlasning.json").read_text())["tabeller"]["utfall"][0]
    assert kept["filer"][0]["forbigangna"] == {"summarader": 4, "rubriker i filen": 3}
    assert (kept["filer"][0]["rader"], kept["filer"][0]["anvanda"]) == (302, 295)
    assert kept["kontrollsumma_kr"] == "71637838.07"  # as the file's own last row says
    assert "skillnaden 0,04 kr är öresavrundning i exporten" in said


def test_both_forms_of_the_ledger_give_the_same_table_and_not_both_are_taken(run, place):
    assert run("las-in", EXPORTS / "agresso_2025.xlsx", "--profil", "exempel_agresso")[0] == 0
    from_xlsx = files(place)[str(place / "data" / "utfall.csv")]
    before = files(place)
    code, said = run("las-in", RAINDANCE, "--profil", "exempel_raindance")
    assert code == 2 and "redan inläst med profilen exempel_agresso" in said
    assert files(place) == before
    for path in (place / "data").iterdir():
        path.unlink()
    assert run("las-in", RAINDANCE, "--profil", "exempel_raindance")[0] == 0
    assert files(place)[str(place / "data" / "utfall.csv")] == from_xlsx


def test_budget_and_hours(run, place):
    assert run("las-in", EXPORTS / "budget_2025_tkr.csv", "--profil", "exempel_budget")[0] == 0
    budget = table(place, "budget")
    assert budget["kostnad_kr"].astype(float).sum() - budget["intakt_kr"].astype(float).sum() == 91_703_000


def test_a_total_that_the_rows_do_not_reach_is_refused(run, place):
    profile(place, LEDGER)
    short = export(place, HEADER + "5011;a;202501;100,00\n5011;a;202502;200,00\nTotalt;;;401,00\n")
    code, said = run("las-in", short)
    assert code == 2 and "'Totalt' säger 401,00 kr, men raderna blir 300,00 kr" in said
    assert not list((place / "data").iterdir())


def test_what_is_not_mapped_is_named_with_its_sum(run, place):
    profile(place, LEDGER)
    code, said = run(
        "las-in", export(place, HEADER + "5011;a;202501;100,00\n7411;a;202501;12,50\n7411;a;202502;1,00\n")
    )
    assert code == 2 and "konto 7411: 2 rader, 13,50 kr" in said
    assert not list((place / "data").iterdir())
    profile(place, LEDGER + "    - {kod: 7411, utelamna: true, text: Omföring}\n")
    code, said = run("las-in", "in/bok.csv")
    assert code == 0 and "Utelämnat enligt profilen: konto 7411 Omföring, 2 rader, 13,50 kr" in said


def test_accounts_outside_the_result_are_named_and_left_out(run, place):
    profile(place, LEDGER)
    code, said = run("las-in", export(place, HEADER + "5011;a;202501;100,00\n1930;a;202501;-100,00\n"))
    assert code == 0 and "konto 1930" in said and "-100" in said.replace("\u2212", "-")
    assert table(place, "utfall")["kostnad_kr"].tolist() == ["100"]


def test_period_13_is_a_column_of_its_own_and_00_is_refused(run, place):
    profile(place, LEDGER)
    assert (
        run("las-in", export(place, HEADER + "5011;a;202512;100,00\n5011;a;202513;7,25\n3011;a;202513;-2,00\n"))[0] == 0
    )
    rows = table(place, "utfall").set_index("budgetrad")
    assert rows.loc["Personal", ["manad", "kostnad_kr", "bokslut_kostnad_kr"]].tolist() == ["2025-12", "100", "7.25"]
    assert rows.loc["Intäkter", ["kostnad_kr", "bokslut_intakt_kr"]].tolist() == ["0", "2"]
    assert table(place, "kontrollsummor")["netto_kr"].tolist() == ["100"]
    code, said = run("las-in", export(place, HEADER + "5011;a;202500;100,00\n", "ib.csv"))
    assert code == 2 and "period 00" in said


def test_the_next_month_replaces_and_says_what_moved(run, place):
    profile(place, LEDGER)
    run("las-in", export(place, HEADER + "5011;a;202501;100,00\n5011;a;202502;200,00\n5011;b;202501;5,00\n"))
    later = HEADER + "5011;a;202501;110,50\n5011;a;202502;250,00\n5011;a;202503;300,00\n"
    code, said = run("las-in", export(place, later, "mars.csv"))
    assert code == 0
    assert "Stängd månad har flyttat sig: a 2025-01, 100,00 kr blev 110,50 kr (+10,50 kr)" in said
    assert "2025-02" not in said.partition("Stängd")[2]  # the latest month of before was not closed
    rows = table(place, "utfall")
    assert dict(zip(rows["enhet"] + rows["manad"], rows["kostnad_kr"], strict=True)) == {
        "a2025-01": "110.5",
        "a2025-02": "250",
        "a2025-03": "300",
        "b2025-01": "5",
    }


def test_a_row_without_postings_in_a_month_is_zero_there(run, place):
    profile(place, LEDGER)
    run("las-in", export(place, HEADER + "5011;a;202501;1,00\n5011;a;202502;1,00\n3011;a;202502;-4,00\n"))
    rows = table(place, "utfall")
    assert rows[rows["budgetrad"].eq("Intäkter")]["intakt_kr"].tolist() == ["0", "4"]


def test_several_files_are_one_export_and_none_counts_twice(run, place):
    profile(place, LEDGER)
    one = export(place, HEADER + "5011;a;202501;1,00\n", "a.csv")
    two = export(place, HEADER + "5011;b;202501;2,00\n", "b.csv")
    assert run("las-in", one, two)[0] == 0
    assert table(place, "utfall")["kostnad_kr"].tolist() == ["1", "2"]
    code, said = run("las-in", one, one)
    assert code == 2 and "två gånger" in said
    again = export(place, HEADER + "5011;a;202501;1,00\n5011;a;202502;1,00\n", "c.csv")
    code, said = run("las-in", one, again)
    assert code == 2 and "finns också i a.csv" in said


def test_a_control_sum_from_the_ledger_is_held(run, place):
    profile(place, LEDGER)
    path = export(place, HEADER + "5011;a;202501;1 234,50\n")
    assert run("las-in", path, "--kontrollsumma", "1 234,51")[0] == 2
    code, said = run("las-in", path, "--kontrollsumma", "1 234,50")
    assert code == 0 and "Stämmer på öret" in said


def test_revenue_with_the_wrong_sign_is_a_fault(run, place):
    profile(place, LEDGER.replace("koder:", "intakter: positiva\nkoder:"))
    code, said = run("las-in", export(place, HEADER + "3011;a;202501;-10,00\n"))
    assert code == 2 and "ändra intakter i profilen" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("5000–5999", "5000–5999, budgetrad: Personal}\n    - {kod: 5011"),
            "koden 5011 finns redan i listan konto (5000–5999)",
        ),
        (("kolumner:", "kolumer:"), "Menade du 'kolumner'?"),
        (("tabell: utfall", "tabell: utfal"), "Menade du 'utfall'?"),
        (("belopp: Belopp", "belopp: Summan"), "kolumnen 'Summan' finns inte"),
        (("bekraftad: [profil, konto]", "bekraftad: [profil]"), "ingen har bekräftat konto"),
        (("enhet: Ansvar, ", ""), "varifrån enhet ska tas"),
    ],
)
def test_a_faulty_profile_is_named(run, place, change, words):
    profile(place, LEDGER.replace(*change))
    code, said = run("las-in", export(place, HEADER + "5011;a;202501;1,00\n"), "--profil", "bok")
    assert code == 2 and words in said
    assert not list((place / "data").iterdir())


def confirm(path: Path, **cells: str) -> None:
    """What a person does in Excel: ja on every sheet."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        if sheet["A1"].value == "bekraftad":
            sheet["B1"] = "ja"
    for row in book["profil"].iter_rows():
        if row[0].value in cells:
            row[1].value = cells[row[0].value]
    book.save(path)


def test_a_proposed_profile_is_used_only_when_confirmed_and_then_gives_the_ledger(run, place):
    assert run("las-in", "--ny", "bok", RAINDANCE)[0] == 0
    code, said = run("las-in", RAINDANCE)
    assert code == 2 and "ingen har bekräftat profil, konto, enhet, verksamhet" in said
    book = openpyxl.load_workbook(place / "params/inlasning/bok.xlsx")
    konto = {row[0].value: [cell.value for cell in row] for row in book["konto"].iter_rows(min_row=3) if row[0].value}
    assert konto["3411"][1] == "Hyresintäkter" and round(konto["3411"][2], 2) == sum_of_account("3411")
    confirm(place / "params/inlasning/bok.xlsx")
    assert run("las-in", RAINDANCE)[0] == 0
    assert sum(table(place, "utfall")["kostnad_kr"].map(Decimal)) - sum(
        table(place, "utfall")["intakt_kr"].map(Decimal)
    ) == Decimal("71637838.11")
    assert table(place, "enheter").to_dict("records")[0] == {"enhet": "312100", "namn": "LSS boende Norr"}


def sum_of_account(account: str) -> float:
    lines = [
        line.split(";") for line in RAINDANCE.read_bytes().decode("cp1252").splitlines() if line.startswith(account)
    ]
    texts = [re.sub(r"\s", "", cells[6]).replace(",", ".") for cells in lines]
    return round(float(sum(-Decimal(t[:-1]) if t.endswith("-") else Decimal(t) for t in texts)), 2)


def test_the_workbook_and_the_yaml_say_the_same(run, place):
    assert run("las-in", "--ny", "a", RAINDANCE)[0] == 0
    assert run("las-in", "--ny", "b.yaml", RAINDANCE)[0] == 0
    confirm(place / "params/inlasning/a.xlsx")
    path = place / "params/inlasning/b.yaml"
    path.write_text(re.sub("bekraftad: .*", "bekraftad: [profil, konto, enhet, verksamhet]", path.read_text()))
    assert run("las-in", RAINDANCE, "--profil", "a", "--till", "x")[0] == 0
    assert run("las-in", RAINDANCE, "--profil", "b", "--till", "y")[0] == 0
    assert (place / "x/utfall.csv").read_bytes() == (place / "y/utfall.csv").read_bytes()


def test_a_fault_in_the_workbook_is_named_by_sheet_and_cell(run, place):
    run("las-in", "--ny", "bok", RAINDANCE)
    path = place / "params/inlasning/bok.xlsx"
    book = openpyxl.load_workbook(path)
    book["konto"]["G3"] = "kanske"
    book["konto"]["E4"] = "intäkt"
    book.save(path)
    code, said = run("las-in", RAINDANCE, "--profil", "bok")
    assert code == 2 and "blad konto, cell G3: skriv ja eller nej" in said
    assert "blad konto, rad 4" in said and "sida" in said


DECISIONS = "Beslutsnr;Personnummer;Namn;Adress;Enhet;Insats;Nivå;Regi;Fr.o.m.;T.o.m.;Status;Handläggare;Anteckning\n"
SERVICE = "Bostad med särskild service - gruppbostad"


def decisions(month: int, dash: str = "-") -> str:
    return DECISIONS + "".join(
        f"B-{7700 + i};19{pnr[:6]}{dash}{pnr[6:]};Anna Exempelsson {i};Provgatan {i};norr;{SERVICE};4;Kommunal regi;"
        f"2025-0{month}-01;;{'Verkställt' if i else 'Avslutat'};Siv Handläggarsson;Ringde {pnr}\n"
        for i, pnr in enumerate(PEOPLE)
    )


def test_persons_become_the_same_codes_in_two_months_and_two_exports(run, place):
    code, said = run("las-in", export(place, decisions(1), "jan.csv"), "--profil", "exempel_beslut")
    assert code == 0, said
    assert "annat i Status än Verkställt" in said and "liknar personnummer" in said
    first = table(place, "beslut")
    assert len(first) == 5 and first["person"].str.fullmatch("(?=.*[a-z])(?=.*[0-9])[a-z0-9]{16}").all()
    run("las-in", export(place, decisions(2, dash=""), "feb.csv"), "--profil", "exempel_beslut")
    again = table(place, "beslut")
    assert again["person"].tolist() == first["person"].tolist() and again["beslut"].tolist() == first["beslut"].tolist()
    assert set(again["person"]).isdisjoint(again["beslut"])
    assert run("nyckel", "--byt")[0] == 0
    run("las-in", "in/feb.csv", "--profil", "exempel_beslut")
    assert set(table(place, "beslut")["person"]).isdisjoint(first["person"])


def test_a_decision_until_the_year_9999_has_no_last_day(run, place):
    text = decisions(1).replace("-01;;Verkställt", "-01;9999-12-31;Verkställt", 4)
    text = text.replace("-01;;Verkställt", "-01;2025-06-30;Verkställt")
    code, said = run("las-in", export(place, text, "jan.csv"), "--profil", "exempel_beslut")
    assert code == 0, said
    assert table(place, "beslut")["till"].fillna("").tolist() == [""] * 4 + ["2025-06-30"]


def test_nothing_of_the_original_is_anywhere(run, place):
    path = export(place, decisions(1), "jan.csv")
    code, said = run("las-in", path, "--profil", "exempel_beslut")
    _, proposed = run("las-in", "--ny", "egen.yaml", path)
    _, refused = run("las-in", path, "--profil", "exempel_raindance")
    assert code == 0
    written = [p for p in place.rglob("*") if p.is_file() and p != path]
    texts = [said, proposed, refused, *(p.read_bytes().decode("utf-8", "replace") for p in written)]
    for secret in [
        *PEOPLE,
        *(f"{p[:6]}-{p[6:]}" for p in PEOPLE),
        "Exempelsson",
        "Provgatan",
        "Handläggarsson",
        "Ringde",
        "B-77",
    ]:
        assert not any(secret in text for text in texts), secret


def test_the_key_is_the_owners_and_lies_elsewhere(run, place, monkeypatch):
    path = export(place, decisions(1), "jan.csv")
    run("las-in", path, "--profil", "exempel_beslut")
    key = Path(os.environ["PLANBOK_NYCKEL_FIL"])
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 and str(key) in run("nyckel")[1]
    assert key.read_text().strip() not in run("nyckel")[1]
    key.chmod(0o644)
    code, said = run("las-in", path, "--profil", "exempel_beslut")
    assert code == 2 and "chmod 600" in said
    monkeypatch.setenv("PLANBOK_NYCKEL_FIL", str(place / "data" / "nyckel"))
    code, said = run("las-in", path, "--profil", "exempel_beslut")
    assert code == 2 and "får inte ligga i arbetsmappen" in said and not (place / "data" / "nyckel").exists()


EVENTS = """
titel: Händelser
tabell: beslut
bekraftad: [profil]
kolumner: {beslut: Beslut, person: Person, enhet: Enhet, insats: Insats, niva: Nivå, regi: Regi,
  handelse: Händelse, handelsedatum: Datum}
handelser: {beslutsdatum: [Beslutad], bestalld: [Beställd], verkstalld: [Verkställd, Ny nivå], till: [Avslutad]}
"""


def test_a_row_per_event_becomes_a_row_per_decision_and_level(run, place):
    profile(place, EVENTS)
    rows = [("Beslutad", "3", "2025-01-10"), ("Beställd", "3", "2025-01-12"), ("Verkställd", "3", "2025-02-01")]
    rows += [("Ny nivå", "4", "2025-04-01"), ("Avslutad", "4", "2025-06-30")]
    text = "Beslut;Person;Enhet;Insats;Nivå;Regi;Händelse;Datum\n"
    text += "".join(f"B1;{PEOPLE[0]};norr;gruppbostad;{level};kommunal;{event};{day}\n" for event, level, day in rows)
    code, said = run("las-in", export(place, text))
    assert code == 0, said
    found = (
        table(place, "beslut")[["niva", "fran", "till", "beslutsdatum", "bestalld", "verkstalld"]].to_numpy().tolist()
    )
    dates = ["2025-01-10", "2025-01-12", "2025-02-01"]
    assert found == [["3", "2025-02-01", "2025-03-31", *dates], ["4", "2025-04-01", "2025-06-30", *dates]]


def test_each_later_level_of_a_decision_has_a_number_of_its_own():
    day = pd.Series([date(2025, month, 1) for month in (1, 4, 9)])
    rows = pd.DataFrame({"beslut": "B1", "niva": ["3", "4", "6"]})
    found = _decision(rows, pd.Series(["verkstalld", "", ""]), day)
    assert [(row["beslut"], row["niva"], row["fran"], row.get("till")) for row in found] == [
        ("B1", "3", "2025-01-01", "2025-03-31"),
        ("B1n2", "4", "2025-04-01", "2025-08-31"),
        ("B1n3", "6", "2025-09-01", None),
    ]


@pytest.mark.parametrize(
    ("code", "text", "row"),
    [("5011", "Månadslön", "Personalkostnader"), ("5011", "Lönr", "Löner"), ("9999", "", None)],
)
def test_an_account_becomes_a_budget_row_near_its_group_or_its_own_text(code, text, row):
    looking = SimpleNamespace(known_rows={"Löner", "Personalkostnader"})
    found = Seen.guess(looking, "konto", CodeSeen(code, text, 1, 1))
    assert found == ({"utelamna": "ja"} if row is None else {"budgetrad": row, "sida": "kostnad"})


def test_old_rows_about_persons_are_removed(run, place):
    text = "person;enhet;grupp;fran;till;omfattning_procent\n"
    text += (
        "abcd1234;n;g;2023-01-01;2023-02-01;100\nabcd1235;n;g;2023-01-01;2024-01-01;100\nabcd1236;n;g;2023-01-01;;100\n"
    )
    (place / "data" / "sjukfall.csv").write_text(text)
    code, said = run("gallra", "--fore", "2024-01")
    assert code == 0 and "sjukfall.csv: 1 rader borttagna, 2 kvar" in said
    assert (place / "data" / "sjukfall.csv").read_text() == text.replace("abcd1234;n;g;2023-01-01;2023-02-01;100\n", "")
    assert run("gallra", "--fore", "januari")[0] == 2


SIE = """#FLAGGA 0
#FORMAT PC8
#SIETYP 4
#DIM 1 "Ansvar"
#DIM 6 "Verksamhet"
#KONTO 3411 "Hyresintäkter"
#KONTO 5011 "Löner"
#OBJEKT 1 "312100" "LSS boende Norr"
#VER A 1 20250131 "Löner januari"
{
#TRANS 5011 {1 "312100" 6 "5131"} 1000.50 20250131 "text"
#TRANS 1930 {} -1000.50
}
#VER A 2 20250228 "Hyror"
{
#TRANS 3411 {1 "312100" 6 "5131"} -200.25
}
"""


def test_sie_4(run, place):
    profile(place, LEDGER)
    code, said = run("las-in", export(place, SIE.replace("#TRANS 1930 {} -1000.50\n", ""), "bok.se", "cp437"))
    assert code == 0, said
    rows = table(place, "utfall")
    assert sum(rows["kostnad_kr"].map(Decimal)) == Decimal("1000.50")
    assert rows.loc[rows["budgetrad"].eq("Intäkter"), "intakt_kr"].tolist() == ["0", "200.25"]
    code, said = run("las-in", "--ny", "sie", "in/bok.se")
    assert code == 0 and "2 koder i konto" in said


QUERY = (
    LEDGER
    + "kalla: {sql: 'select konto Konto, ansvar Ansvar, period Period, belopp Belopp from bok', anslutning: BOKEN}\n"
)


def test_a_query_only_reads(run, place, monkeypatch):
    pytest.importorskip("sqlalchemy")
    base = sqlite3.connect(place / "in" / "bok.db")
    base.execute("create table bok (konto integer, ansvar text, period integer, belopp real)")
    base.executemany("insert into bok values (?, ?, ?, ?)", [(5011, "a", 202501, 10.5), (3011, "a", 202501, -2.25)])
    base.commit()
    profile(place, QUERY)
    monkeypatch.setenv("BOKEN", f"sqlite:///{place / 'in' / 'bok.db'}")
    code, said = run("las-in", "--profil", "bok")
    assert code == 0, said
    assert table(place, "utfall")["kostnad_kr"].map(Decimal).sum() == Decimal("10.5")
    profile(place, QUERY.replace("select konto", "with x as (select 1) delete from bok; select konto"), "bok")
    assert run("las-in", "--profil", "bok")[0] == 2
    assert base.execute("select count(*) from bok").fetchone() == (2,)
    monkeypatch.delenv("BOKEN")
    code, said = run("las-in", "--profil", "bok")
    assert code == 2 and "miljövariabeln BOKEN är inte satt" in said


def test_the_examples_are_the_ones_that_are_shipped(run):
    code, said = run("check")
    assert "inläsningsprofiler" in said or code == 2


def test_the_projects_own_sample_is_never_written_to(place, capsys):
    assert main(["las-in", str(RAINDANCE), "--profil", "exempel_raindance"]) == 2
    assert "--till" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("5011;;202501;1\n", "enhet är tom"),
        ("5011;a;202501;1;50\n", "fler celler än rubrikraden"),
        ("", "inga rader att läsa in"),
        ("Totalt;;;5\n", "inga rader att läsa in"),
        ("5011;a;202501;695.779\n5011;a;202502;812.345\n", "inget belopp"),
        ("5011;a;202501;1,23456\n", "inget belopp"),
        ("5011;a;2025;1\n", "ingen månad"),
        ("5011;a;2025-02-30;1\n", "ingen månad"),
        ("Totalt;;;5\n5011;a;202501;5\n", "'Totalt' säger 5,00 kr, men raderna blir 0,00 kr"),
        ("5011;a;202501;1\n5011;a;202502;2\n;;;4\n", "'4' säger 4,00 kr, men raderna blir 3,00 kr"),
        ("5011;a;202501;1\nGrand Total;;;9\n", "'Grand Total' säger 9,00 kr, men raderna blir 1,00 kr"),
        ("5011;a;202501;1\n5012;Summa a;202501;1\n", "ser ut som en summa"),
        ("5011;a;202513;1\n", "period 13 men inga i period 12"),
        ("5011;a;202512;1\n5011;b;202513;1\n", "b 2025-12 har poster i period 13"),
        ("5011;a;202514;1\n", "ingen månad"),
        ("5011;a;2025K1;1\n", "ingen månad"),
        ("5011;a;192501;1\n", "ingen månad"),
        ("5011;a;01-2025;1\n", "ingen månad"),
        ("5011;a;202501;(100,00)\n", "inget belopp"),
        ("5011;a;202501;100,00 CR\n", "inget belopp"),
        ("5011;a;202501;100,00 EUR\n", "inget belopp"),
        ("5011;a;202501;-\n", "inget belopp"),
        ("5011;a;202501;5 %\n", "inget belopp"),
        ("5011;a;202501;1E5\n", "inget belopp"),
        ("5011;a;202501;NaN\n", "inget belopp"),
        ("5011;a;202501;99999999999999999\n", "inget belopp"),
        ("5011;a;202501;-5-\n", "inget belopp"),
        ("5011;a;202501;\n5011;a;202501;1\n", "raden saknar belopp"),
        (";a;202501;7\n5011;a;202501;1\n", "blad konto. Fyll i koden i exporten."),
        ("5011;a;;7\n5011;a;202501;1\n", "ingen månad"),
        ("5011;a;202501;1\n5011;A;202501;2\n", "bara i stora och små bokstäver"),
        ("5011;=cmd|x;202501;1\n", "formel"),
        ('5011;a;202501;"1\n', "citattecken"),
        ("5011;a;202501;1\n5011;a;2025", "raden saknar belopp"),
        ("5011.0;a;202501;1\n", "konto 5011.0: 1 rad,"),
        ("Löner;a;202501;7\n", "konto Löner: 1 rad,"),
        ("5011;NULL;202501;1\n", "fil rad 2, kolumn Ansvar: 'NULL' är ett systems ord"),
        ("5011;\uff41;202501;1\n", "fil rad 2, kolumn Ansvar: '\uff41' har bokstäver ur ett annat alfabet"),
        ("5011;Hos 850101-0005;202501;1\n", "fil rad 2, kolumn Ansvar: något som ser ut som ett personnummer"),
        ("05011;a;202501;1\n", "alla är utelämnade, 05011"),
    ],
)
def test_an_odd_export_is_refused_with_its_place(run, place, rows, words):
    profile(place, LEDGER)
    code, said = run("las-in", export(place, HEADER + rows), "--profil", "bok")
    assert code == 2 and words in said
    assert not list((place / "data").iterdir())


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("5011,a,202501,3.1,\n5011,a,202502,24,7,\n", "fil rad 3, 1 rad: raden har fler celler"),
        ("5011,a,202501,3.1,Hyra\n5011,a,202502,24,7\n", "fil rad 3, 1 rad: ett tal där text väntades"),
    ],
)
def test_a_decimal_comma_in_an_export_with_commas_between_cells_is_refused(run, place, rows, words):
    profile(place, LEDGER)
    code, said = run("las-in", export(place, "Konto,Ansvar,Period,Belopp,Text\n" + rows), "--profil", "bok")
    assert code == 2 and words in said and not list((place / "data").iterdir())


ODD = (
    "Konto;Ansvar;Period;Text;Sida;;Belopp\nAnsvar a;;;;;;\n5011;a;202501;x;;;1\n\n5011;a;202501;"
    f"{PEOPLE[0]};;9;1,5\nSumma;;;;;;2,5\nKonto;Ansvar;;;;;\n"
)
CREDIT, OTHER, LONG = (f"5011;b;202501;;{end}\n" for end in ("k;;2", "x;;2", ";;2;8"))
PASSED = {"tomma rader": 1, "upprepade rubriker": 1, "summarader": 1, "rubriker i filen": 1}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("", 2),
        (CREDIT, "debet från kredit"),
        (CREDIT + 4 * OTHER, 7),
        (3 * OTHER + CREDIT + LONG * 2, "2 rader: raden"),
    ],
)
def test_a_long_export_is_read_in_parts_as_any_other(place, monkeypatch, rows, expected):
    profile(place, LEDGER)
    loaded, path = find_profile("bok", Folders((place / "params",))), export(place, ODD + rows)
    found = []
    for part in (csv_text.PART, 3):
        monkeypatch.setattr(csv_text, "PART", part)
        try:
            read = read_export(path, loaded.profile)
            found.append(vars(read) | {"frame": read.frame.to_dict("split")})
            assert (len(read.frame), read.personal, read.passed) == (expected, 1, PASSED)
            assert (read.boundaries, [total.value for total in read.totals]) == ([2, 6], [25_000])
            assert read.dropped == ["Text", "kolumn F"] if rows == "" else ["Text", "Sida", "kolumn F"]
        except InputError as error:
            found.append([str(fault) for fault in error.faults])
            assert expected in found[-1][0]
    assert found[0] == found[1]


def test_a_long_export_is_proposed_a_profile_as_any_other(run, place, monkeypatch):
    said = []
    for name, part in (("hel", csv_text.PART), ("delar", 200)):
        monkeypatch.setattr(csv_text, "PART", part)
        assert run("las-in", "--ny", f"{name}.yaml", RAINDANCE)[0] == 0
        said.append((place / f"params/inlasning/{name}.yaml").read_text("utf-8"))
    assert said[0] == said[1]
    assert "Hyresintäkter" in said[0]  # beside the codes, and LSS boende Norr above them


def test_a_heading_twice_and_an_interval_backwards_are_faults(run, place):
    profile(place, LEDGER)
    code, said = run(
        "las-in", export(place, "Konto;Ansvar;Period;Belopp;Belopp\n5011;a;202501;1;2\n"), "--profil", "bok"
    )
    assert code == 2 and "kolumn D eller kolumn E" in said
    profile(place, LEDGER.replace("5000–5999", "5999–5000"))
    code, said = run("las-in", "in/bok.csv", "--profil", "bok")
    assert code == 2 and "slutar före det börjar" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEADER.replace("Belopp", "Belopp (tkr)") + "5011;a;202501;5\n", "filen säger tkr"),
        ("Alla belopp i mnkr;;;\n" + HEADER + "5011;a;202501;5\n", "filen säger mnkr"),
        ("Konto;Ansvar;Period;Belopp;D/K\n5011;a;202501;5;D\n5011;a;202501;2;K\n", "skiljer debet från kredit"),
        ("Konto;Ansvar;Period;Belopp;Typ\n5011;a;202501;5;D\n5011;a;202501;2;K\n", "skiljer debet från kredit"),
        ("Konto;Ansvar;Period;Belopp;Kredit\n5011;a;202501;5;\n5011;a;202501;;2\n", "skiljer debet från kredit"),
        (HEADER.replace("Belopp", "Utfall ack.") + "5011;a;202501;5\n5011;a;202502;9\n", "beloppen är ackumulerade"),
        ("Konto;Ansvar;Period;Belopp;Valuta\n5011;a;202501;5;EUR\n", "annat än SEK"),
    ],
)
def test_amounts_that_mean_something_else_than_the_profile_says_are_refused(run, place, text, words):
    profile(place, LEDGER.replace("belopp: Belopp", "belopp: kolumn D"))
    code, said = run("las-in", export(place, text), "--profil", "bok")
    assert code == 2 and words in said
    assert not list((place / "data").iterdir())


def test_a_sum_beside_an_account_is_no_posting(run, place):
    profile(place, LEDGER + "kod_och_text: [konto]\n")
    rows = "5011 Löner;a;202501;100\n5011 Summa;a;202501;100\n"
    code, said = run("las-in", export(place, HEADER + rows), "--profil", "bok")
    assert code == 2 and "fil rad 3, kolumn Konto: cellen ser ut som en summa" in said


def test_the_folder_is_no_file(run, place):
    profile(place, LEDGER)
    path = export(place, HEADER + "5011;a;202501;1\n")
    code, said = run("las-in", path, "--profil", "bok", "--till", "in/bok.csv/x")
    assert code == 2 and "in/bok.csv är en fil, ingen mapp" in said


def test_of_two_sheets_with_the_headings_the_one_with_rows_is_read(run, place):
    profile(place, LEDGER)
    book = openpyxl.Workbook()
    book.active.append(HEADER.strip().split(";"))
    for row in (HEADER.strip().split(";"), [5011, "a", 202501, 45]):
        book.create_sheet("Rader").append(row) if row[0] == "Konto" else book["Rader"].append(row)
    book.save(place / "in" / "bok.xlsx")
    code, said = run("las-in", "in/bok.xlsx", "--profil", "bok")
    assert code == 0 and table(place, "utfall")["kostnad_kr"].astype(float).tolist() == [45], said


def test_amounts_in_another_currency_by_their_format_only_are_refused(run, place):
    profile(place, LEDGER)
    book = openpyxl.Workbook()
    for row in (HEADER.strip().split(";"), [5011, "a", 202501, 45]):
        book.active.append(row)
    book.active["D2"].number_format = '#,##0.00 "€"'
    book.save(place / "in" / "bok.xlsx")
    code, said = run("las-in", "in/bok.xlsx", "--profil", "bok")
    assert code == 2 and "fil rad 2, kolumn Belopp: cellen är inget belopp" in said


HOURS = """
titel: Personal
tabell: bemanning
bekraftad: [profil]
kolumner: {enhet: Ansvar, manad: Månad, anstallda: Anst, arsarbetare: Åa, ordinarie_tid_h: Ord, avtalad_tid_h: Avt,
  arbetad_tid_h: Arb, sjuk_h: Sjuk, sjuk_procent: Procent}
konstanter: {grupp: alla}
sjukbas: avtalad_tid_h
"""
HOURS_ROW = "a;jan 2025;43;38,6;5556;5974:30;4899;475;8,0 %\n"  # 475 / 5 974,5 = 7,95 %; 475 / 5 556 = 8,55 %


@pytest.mark.parametrize(
    ("change", "row", "words"),
    [
        (("", ""), HOURS_ROW, ""),
        (("sjukbas: avtalad", "sjukbas: ordinarie"), HOURS_ROW, "Den stämmer med avtalad_tid_h: rätta sjukbas"),
        (("", ""), HOURS_ROW + HOURS_ROW.replace("475", "477"), "fil rad 3, kolumn Ansvar: samma enhet, grupp, manad"),
        (("", ""), HOURS_ROW.replace("475", ""), "fil rad 2, kolumn Sjuk: cellen är tom"),
        (("konstanter: {grupp: alla}", ""), HOURS_ROW, "profilen säger inte varifrån grupp ska tas"),
    ],
)
def test_hours_are_held_against_their_own_per_cent_and_keys(run, place, change, row, words):
    profile(place, HOURS.replace(*change) if change[0] else HOURS)
    export(place, "Ansvar;Månad;Anst;Åa;Ord;Avt;Arb;Sjuk;Procent\n" + row)
    code, said = run("las-in", "in/bok.csv", "--profil", "bok")
    assert (code, words in said) == (2 if words else 0, True), said
    if not words:
        assert table(place, "bemanning")["avtalad_tid_h"].tolist() == ["5974.5"] and "stämmer med sjuk_h delat" in said


def test_hours_that_can_not_be_right_are_said_at_once(run, place):
    profile(place, HOURS)
    export(place, "Ansvar;Månad;Anst;Åa;Ord;Avt;Arb;Sjuk;Procent\na;jan 2025;43;38,6;5556;5974;4899;6200;103,8 %\n")
    code, said = run("las-in", "in/bok.csv", "--profil", "bok")
    assert code == 0 and "Kontrollera: bemanning.csv fil rad 2" in said and "mer än avtalad_tid_h" in said


@pytest.mark.parametrize("encoding", ["cp437", "utf-8", "utf-8-sig", "cp1252"])
def test_sie_in_the_encodings_that_systems_write(run, place, encoding):
    profile(place, LEDGER)
    text = '#FLAGGA 0\n#DIM 1 "Ansvar"\n#VER A 1 20250131\n{\n\t#trans\t5011\t{1 "Östra \\"A\\""}\t100.50\n}\n'
    assert run("las-in", export(place, text, "bok.se", encoding))[0] == 0
    assert table(place, "utfall")["enhet"].tolist() == ['Östra "A"']


def test_sie_accounts_and_dimensions_without_a_name_are_passed_by(run, place):
    profile(place, LEDGER)
    text = '#FLAGGA 0\n#KONTO 5011\n#KONTO 5012 "Lön"\n#DIM 2\n#DIM 1 "Ansvar"\n#VER A 1 20250131\n{\n'
    text += '#TRANS 5011 {1 "a"} 5\n}\n'
    assert run("las-in", export(place, text, "bok.se"))[0] == 0
    assert table(place, "utfall")["kostnad_kr"].tolist() == ["5"]


def test_a_sie_posting_without_its_parts_is_refused(run, place):
    profile(place, LEDGER)
    text = '#FLAGGA 0\n#DIM 1 "Ansvar"\n#VER A 1 20250131\n{\n#TRANS 5011 {1 "a"} 5\n#TRANS 5012 7\n}\n'
    code, said = run("las-in", export(place, text, "bok.se"))
    assert code == 2 and "raden #TRANS 5012" in said


BALANCES = """#FLAGGA 0
#DIM 1 "Ansvar"
#PSALDO 0 202501 5011 {} 150.25
#PSALDO 0 202501 5011 {1 "a"} 100.25
#PSALDO 0 202501 5011 {1 "b"} 50
#PSALDO -1 202401 5011 {1 "a"} 999
"""


def test_sie_balances_by_object_stand_for_the_accounts_own_and_another_year_is_passed_by(run, place):
    profile(place, LEDGER)
    assert run("las-in", export(place, BALANCES, "bok.se"))[0] == 0
    rows = table(place, "utfall")
    assert rows[["enhet", "manad", "kostnad_kr"]].to_numpy().tolist() == [
        ["a", "2025-01", "100.25"],
        ["b", "2025-01", "50"],
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('#PSALDO 0 202502 5011 {1 "a"}', "raden #PSALDO 0 202502 5011 … saknar objekt eller belopp"),
        ('#PSALDO 0 202502 5011 {1 "a" 6 "5131"} 7', "#PSALDO delar upp saldona på flera sätt"),
    ],
)
def test_sie_balances_that_say_too_little_or_several_things_are_refused(run, place, line, words):
    profile(place, LEDGER)
    code, said = run("las-in", export(place, f"{BALANCES}{line}\n", "bok.se"))
    assert code == 2 and words in said


def test_a_row_without_codes_that_the_profile_passes_by_is_no_sum(run, place):
    profile(place, LEDGER + "hoppa_over: [IB]\n")
    assert run("las-in", export(place, HEADER + "IB;;;5\n5011;a;202501;1\n"), "--profil", "bok")[0] == 0
    assert table(place, "utfall")["kostnad_kr"].tolist() == ["1"]


def test_a_budget_row_that_would_be_read_as_a_sum_is_a_fault(run, place):
    profile(place, LEDGER.replace("budgetrad: Personal", "budgetrad: Totalt"))
    code, said = run("las-in", export(place, HEADER + "5011;a;202501;1\n"), "--profil", "bok")
    assert code == 2 and "läses som en summa" in said


def test_what_can_not_be_seen_makes_no_unit_of_its_own(run, place):
    profile(place, LEDGER)
    rows = HEADER + "5011;a\u200b;202501;1\n5011;a ;202501;2\n5011;a;202501;4\n"
    assert run("las-in", export(place, rows), "--profil", "bok")[0] == 0
    assert table(place, "utfall")[["enhet", "kostnad_kr"]].to_numpy().tolist() == [["a", "7"]]


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (1, "norra 2024-01 är redan"),
        (6, "norra 2024-05, norra 2024-06 är redan"),
        (7, "norra 2024-05, norra 2024-06 och 1 till är redan"),
        (9, "norra 2024-05, norra 2024-06 och 3 till är redan"),
    ],
)
def test_at_most_six_months_of_another_source_are_named_and_the_rest_counted(tmp_path, months, said):
    manader = [{"enhet": "norra", "manad": f"2024-{month:02}"} for month in range(1, months + 1)]
    account = Account({"utfall": [{"profil": "agresso", "manader": manader}]})
    rows = pd.DataFrame(manader)
    (fault,) = refusals(tmp_path, "utfall", account, "raindance", rows)
    assert said in fault.text and "profilen agresso" in fault.text
    assert not [*refusals(tmp_path, "utfall", account, "agresso", rows)]


def _sheet(name: str, *rows: list[str]):
    from planbok.inputs.tables.xlsx import Sheet

    cells = pd.DataFrame(rows, dtype=object)
    return Sheet(name, cells.set_axis(cells.index + 1))


def _reading():
    from planbok.inputs.imports import profile_sheets
    from planbok.inputs.scenario.sheets import Workbook

    book = Workbook("profil", "bok.xlsx")
    return profile_sheets._Reading(book), book, book.faults


def test_rows_of_a_name_and_a_text_in_a_profiles_workbook():
    reading, book, faults = _reading()
    rows = [["kolumn", "text"], ["Status", "klar"], ["", "x"], ["Status", "pågår"], ["Typ", ""], ["Slag", "B"]]
    assert reading.pairs("behall", _sheet("behall", *rows)) == {"Status": ["klar", "pågår"], "Slag": ["B"]}
    assert (book.cells["behall", "Status"], book.cells["behall", "Slag"]) == (
        "blad behall, cell A2", "blad behall, cell A6",
    )  # fmt: skip
    assert not faults


def test_columns_and_constants_in_a_profiles_workbook():
    reading, book, faults = _reading()
    rows = [["kolumn", "rubrik", "konstant"], ["enhet", "", "provet"], ["manad", "Period", ""], ["grupp", "", ""]]
    rows += [["enhet", "Enhet", ""], ["slag", "Slag", "x"]]
    columns, constants = reading.columns(_sheet("kolumner", *rows))
    assert columns == {"manad": "Period", "enhet": "Enhet", "slag": "Slag"}
    assert constants == {"enhet": "provet", "slag": "x"}
    assert book.cells["kolumner", "manad"] == "blad kolumner, cell B3"
    assert book.cells["konstanter", "enhet"] == "blad kolumner, cell C2"
    assert [(fault.code, fault.line, fault.place) for fault in faults] == [
        ("repeated_key", 0, "blad kolumner, cell A5"), ("both", 0, "blad kolumner, rad 6"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "found", "faults"),
    [
        ([["bekraftad", "ja"]], [], ["no_code_list"]),  # no headings
        ([["kod", "varde"], ["1", "a"]], [], ["no_code_list"]),  # does not begin with bekraftad
        ([["bekraftad", "ja"], ["kod", "varde"]], [], []),
        ([["bekraftad", "ja"], ["kod", "varde"], ["1", "a"]], [{"kod": "1", "varde": "a"}], []),
        ([["bekraftad", "ja"], ["kod", "okand"], ["1", "a"]], [], ["unknown_key"]),
    ],
)
def test_a_code_list_begins_with_whether_it_is_confirmed_and_its_headings(rows, found, faults):
    reading, _, told = _reading()
    confirmed: list[str] = []
    assert reading.codes("koder", _sheet("koder", *rows), confirmed) == found
    assert [fault.code for fault in told] == faults
    assert confirmed == ([] if faults == ["no_code_list"] else ["koder"])


def test_numbers_and_codes_are_not_looked_at_as_texts_for_a_persons_number():
    """A number of ten digits is an amount, and what is keyed is written as codes."""
    from planbok.inputs.imports import records

    told = []
    kinds = {"namn": next(iter(records.TEXTS)), "belopp": "money"}
    given = SimpleNamespace(
        kind=kinds.get, profile=SimpleNamespace(tabell="beslut"),
        rows_at_fault=lambda mask, name, text, code: told.append((name, code, mask.tolist())),
    )  # fmt: skip
    rows = pd.DataFrame({"namn": ["850314" + "-1239", "a"], "belopp": ["85031" + "41239", "1"]})
    records.Records.personal_numbers(given, rows)
    assert told == [("namn", "personal_number", [True, False])]


@pytest.mark.parametrize(("name", "raw"), [("bok.pdf", b"%PDF"), ("bok", b"a;b"), ("bok.xlsx", b"PK trasig")])
def test_a_file_that_can_not_be_read_is_at_fault_as_a_whole(name, raw):
    from planbok.inputs.imports.export import sheets_of

    with pytest.raises(InputError) as told:
        sheets_of(raw, Path(name), [])
    assert [(fault.line, fault.place, fault.code) for fault in told.value.faults] == [(0, "", "unreadable")]


def test_a_proposed_workbook_has_its_guesses_codes_and_choices_where_the_reader_looks(tmp_path):
    from planbok.inputs.imports import propose, recognise

    account = [recognise.CodeSeen("5011", "Lön", 3, 1_234_500, {"budgetrad": "Personal", "sida": "kostnad"})]
    seen = SimpleNamespace(
        table="utfall", sheet="", row=1, columns={"manad": "Period"}, constants={"enhet": "provet"}, both=[],
        revenue="negativa", unit="kr", period="auto", unread=["Verifikat", "Namn"], private=["Namn"],
        codes={"konto": [*account, recognise.CodeSeen("9999", "", 1, 0)]},
    )  # fmt: skip
    propose.write_workbook(tmp_path / "bok.xlsx", seen, {"budgetrad": ["Personal", "Hyror"]})
    book = openpyxl.load_workbook(tmp_path / "bok.xlsx")
    told = [[cell.value for cell in row] for row in book["kolumner"].iter_rows()]
    assert told[:3] == [
        ["kolumn", "rubrik", "konstant", "anmarkning"], ["manad", "Period", None, "gissning"],
        ["enhet", None, "provet", "gissning: finns inte i exporten"],
    ]  # fmt: skip
    assert told[3] == [None] * 4 and told[4][3] == "Läses inte: Verifikat" and told[5][3].endswith("aldrig: Namn")
    konto = book["konto"]
    assert [cell.value for cell in konto[1]][:2] == ["bekraftad", "nej"] and konto.freeze_panes == "B3"
    assert [cell.value for cell in konto[2]] == list(propose.ACCOUNT_HEADINGS)
    assert [cell.value for cell in konto[3]] == ["5011", "Lön", 123.45, "Personal", "kostnad", None, None, "ja"]
    assert [cell.value for cell in konto[4]] == ["9999", None, 0, None, None, None, None, None]
    rules = {str(rule.sqref): rule.formula1 for rule in konto.data_validations.dataValidation}
    last = 4 + propose.SPARE
    assert rules == {
        "B1": "listor!$A$2:$A$3", f"D3:D{last}": "listor!$C$2:$C$3", f"E3:E{last}": "listor!$B$2:$B$3",
        f"G3:G{last}": "listor!$A$2:$A$3", f"H3:H{last}": "listor!$A$2:$A$3",
    }  # fmt: skip
    filled = [cell.fill.fgColor.rgb == "FFFFF7D6" for cell in konto[3]]
    assert filled == [False] * 3 + [True] * 5
    (of_profile,) = book["profil"].data_validations.dataValidation
    assert (str(of_profile.sqref), of_profile.formula1) == ("B1", "listor!$A$2:$A$3")
    assert [book["listor"].cell(row, 3).value for row in (1, 2, 3)] == ["budgetrad", "Personal", "Hyror"]


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path, capsys):
    assert main(["las-in", str(tmp_path / "saknas.csv"), "--till", str(tmp_path)]) == 2
    message = capsys.readouterr().err
    assert "saknas.csv" in message and "filen finns inte" in message


def test_a_code_that_may_be_a_persons_number_is_not_among_the_codes():
    number = "850314" + "-1239"
    codes = ["4010", number, "", "4020"]
    looking = SimpleNamespace(
        frame=pd.DataFrame({"konto": codes}), both=[], texts={"konto": {"4010": "Hyra", "4020": number}},
        private_providers=lambda *given: [], guess=lambda *given: {},
    )  # fmt: skip
    found = Seen.codes_of(looking, "konto", pd.Series([100, 200, 300, 400]))
    assert [(one.kod, one.text, one.rader, one.value) for one in found] == [("4010", "Hyra", 1, 100)]
