"""From the shipped exports to a prognosis, against the same ledger turned by hand; and nobody's number on disk."""

import csv
import io
import os
import re
import stat
import zipfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from test_las_in import EXPORTS, PEOPLE, RAINDANCE, SERVICE, place, profile, run, table  # noqa: F401

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics.answer import answer

ROWS = {"3": "Intäkter", "46": "Köp av verksamhet", "5": "Personal", "60": "Lokaler", "6": "Övriga kostnader"}
ROWS |= {"7": "Övriga kostnader"}
UNITS = {"312100": "lss_boende_norr", "312200": "lss_boende_soder", "312300": "personlig_assistans"}
ASSISTANCE = "personlig_assistans"


def kr(text: str) -> Decimal:
    plain = re.sub(r"\s", "", text).replace(",", ".")
    return -Decimal(plain[:-1]) if plain.endswith("-") else Decimal(plain)


def by_hand() -> dict[tuple[str, str, str], list[Decimal]]:
    """Cost and revenue of each unit, month and row, both positive, by a reader that shares nothing with planbok."""
    found = defaultdict(lambda: [Decimal(0), Decimal(0)])
    lines = RAINDANCE.read_bytes().decode("cp1252").splitlines()
    for cells in csv.reader(lines, delimiter=";"):
        if len(cells) == 7 and cells[4].isdigit():
            row = ROWS.get(cells[0][:2]) or ROWS[cells[0][0]]
            place = (UNITS[cells[1]], f"{cells[4][:4]}-{cells[4][4:]}", row)
            side = int(cells[0].startswith("3"))
            found[place][side] += -kr(cells[6]) if side else kr(cells[6])
    return found


def test_every_cell_of_the_outturn_is_the_ledgers(run, place):  # noqa: F811
    assert run("las-in", RAINDANCE, "--profil", "exempel_raindance")[0] == 0
    found = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in csv.DictReader((place / "data" / "utfall.csv").open(encoding="utf-8")):
        sums = found[row["enhet"], row["manad"], row["budgetrad"]]
        sums[0] += Decimal(row["kostnad_kr"])
        sums[1] += Decimal(row["intakt_kr"])
    wanted = by_hand()
    assert {key: value for key, value in found.items() if any(value)} == {k: v for k, v in wanted.items() if any(v)}
    assert len(wanted) == 11 * 9  # rows of the three units, months


def test_budget_and_hours_are_the_files(run, place):  # noqa: F811
    for name, file in (("budget", "budget_2025_tkr.csv"), ("hr", "hr_2025.csv")):
        assert run("las-in", EXPORTS / file, "--profil", f"exempel_{name}")[0] == 0
    wanted = defaultdict(Decimal)
    for cells in csv.reader(
        (EXPORTS / "budget_2025_tkr.csv").read_bytes().decode("cp1252").splitlines(), delimiter=";"
    ):
        if len(cells) == 6 and cells[0] in UNITS:
            row = ROWS.get(cells[3][:2]) or ROWS[cells[3][0]]
            wanted[UNITS[cells[0]], row] += 1000 * abs(kr(cells[5]))
    budget = defaultdict(Decimal)
    for row in table(place, "budget").to_dict("records"):
        budget[row["enhet"], row["budgetrad"]] += Decimal(row["kostnad_kr"]) + Decimal(row["intakt_kr"])
    assert budget == wanted
    lines = csv.DictReader((EXPORTS / "hr_2025.csv").read_bytes().decode("cp1252").splitlines(), delimiter=";")
    hours = [
        (UNITS[r["Ansvar"]], kr(r["Sjukfrånvaro tim"]), kr(r["Avtalad tid"])) for r in lines if r["Ansvar"] in UNITS
    ]
    found = table(place, "bemanning")
    assert (
        list(zip(found["enhet"], map(Decimal, found["sjuk_h"]), map(Decimal, found["avtalad_tid_h"]), strict=True))
        == hours
    )
    assert "inhyrd_h" not in found or set(found["inhyrd_h"]) == {""}


def prognosis(data: Path) -> dict:
    sources = load_sources(Folders((PARAMS,), data))
    case = open_case(
        "manadsprognos", enhet=ASSISTANCE, ar=2025, tom_manad=9, sources=sources, spridning="arbetsmaterial"
    )
    _, result = answer(case)
    return {key: figure.varde for key, figure in result.nyckeltal.items()}


def test_the_prognosis_is_that_of_the_ledger_with_signs_turned_by_hand(run, place):  # noqa: F811
    for file, name in ((RAINDANCE, "raindance"), (EXPORTS / "budget_2025_tkr.csv", "budget")):
        assert run("las-in", file, "--profil", f"exempel_{name}")[0] == 0
    hand = place / "hand"
    hand.mkdir()
    (hand / "budget.csv").write_bytes((place / "data" / "budget.csv").read_bytes())
    rows = [f"{unit},{month},{row},{cost},{income}" for (unit, month, row), (cost, income) in sorted(by_hand().items())]
    (hand / "utfall.csv").write_text("\n".join(["enhet,manad,budgetrad,kostnad_kr,intakt_kr", *rows]), "utf-8")
    read, turned = prognosis(place / "data"), prognosis(hand)
    assert read["prognos_mnkr"] == pytest.approx(turned["prognos_mnkr"], abs=1e-9)
    assert read["avvikelse_mnkr"] == pytest.approx(turned["avvikelse_mnkr"], abs=1e-9)
    net = sum(cost - income for (unit, _, _), (cost, income) in by_hand().items() if unit == ASSISTANCE)
    assert read["prognos_mnkr"] == pytest.approx(float(net) / 9 * 12 / 1e6, abs=1e-6)  # 24 857 445,84 / 9 × 12: 33,1


def test_the_next_month_is_one_command(run, place):  # noqa: F811
    assert run("las-in", "--ny", "bok.yaml", RAINDANCE)[0] == 0
    path = place / "params/inlasning/bok.yaml"
    path.write_text(re.sub("bekraftad: .*", "bekraftad: [profil, konto, enhet, verksamhet]", path.read_text()))
    assert run("las-in", RAINDANCE)[0] == 0
    before = table(place, "utfall")
    text = RAINDANCE.read_bytes().decode("cp1252")
    rows = [line for line in text.splitlines() if ";202509;" in line]
    text = re.sub("(?m)^(Summa|Totalt).*\n?", "", text) + "\n".join(row.replace(";202509;", ";202510;") for row in rows)
    (place / "in" / "oktober.csv").write_bytes(text.encode("cp1252"))
    code, said = run("las-in", "in/oktober.csv")
    assert code == 0 and "flyttat sig" not in said
    after = table(place, "utfall")
    assert after[after["manad"] < "2025-10"].reset_index(drop=True).equals(before)
    october, september = (after[after["manad"].eq(f"2025-{month}")].drop(columns="manad") for month in ("10", "09"))
    assert october.reset_index(drop=True).equals(september.reset_index(drop=True))


def contents(folder: Path):
    """Every file's text below a folder, the parts of a workbook too, and its name."""
    for path in (path for path in folder.rglob("*") if path.is_file() and path.parent.name != "in"):
        raw = path.read_bytes()
        parts = [raw]
        if raw.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(raw)) as book:
                parts += [book.read(name) for name in book.namelist()]
        yield from ((path, f"{path.relative_to(folder)} {part.decode('utf-8', 'replace')}") for part in parts)


DECISIONS = "Beslutsnr;Personnummer;Namn;Enhet;Insats;Nivå;Regi;Fr.o.m.;T.o.m.;Status;Handläggare;Anteckning\n"


def decisions(spell) -> str:
    return DECISIONS + "".join(
        f"B-77{i};{spell(pnr)};Anna Exempelsson;norr;{SERVICE};4;Kommunal regi;2025-01-01;2025-0{i + 1}-28;Verkställt;"
        f"Siv Handläggarsson;Ringde {pnr}\n"
        for i, pnr in enumerate(PEOPLE)
    )


SICK = """
titel: Sjukfall
tabell: sjukfall
bekraftad: [profil]
kolumner: {person: Pnr, enhet: Ansvar, grupp: Grupp, fran: Från, till: Till, omfattning_procent: Procent}
"""


def sick_leave(place) -> Path:  # noqa: F811
    rows = "".join(f"{pnr};Anna Exempelsson;norr;Stöd;2025-01-01;2025-02-01;100\n" for pnr in PEOPLE)
    path = place / "in" / "sjuk.csv"
    path.write_text("Pnr;Namn;Ansvar;Grupp;Från;Till;Procent\n" + rows, encoding="utf-8")
    return path


def test_nothing_of_anybody_is_on_disk_after_all_the_commands(run, place, monkeypatch):  # noqa: F811
    monkeypatch.setenv("HOME", str(place / "hem"))
    spellings = {"jan": lambda p: f"19{p[:6]}-{p[6:]}", "feb": lambda p: f"{p[:6]}-{p[6:]} Exempelsson, Anna"}
    profile(place, SICK, "sjuk")
    said, persons = [], {}
    for month, spell in spellings.items():
        path = place / "in" / f"{month}.csv"
        path.write_text(decisions(spell), encoding="utf-8")
        code, text = run("las-in", path, "--profil", "exempel_beslut")
        assert code == 0, text
        said.append(text)
        persons[month] = table(place, "beslut")["person"].tolist()
    assert persons["jan"] == persons["feb"] and len(set(persons["jan"])) == len(PEOPLE)
    commands = [("las-in", sick_leave(place), "--profil", "sjuk"), ("las-in", "--ny", "egen", "in/jan.csv")]
    commands += [("las-in", "--ny", "egen2.yaml", "in/sjuk.csv"), ("las-in", "in/jan.csv", "--profil", "sjuk")]
    commands += [("check",), ("gallra", "--fore", "2025-03"), ("nyckel",), ("nyckel", "--byt")]
    said += [run(*command)[1] for command in commands]
    assert set(table(place, "sjukfall")["person"]).isdisjoint(persons["jan"])  # the same people, another domain
    last_four = {p[6:]: re.compile(rf"(?<![0-9A-Za-z]){p[6:]}(?![0-9A-Za-z])") for p in PEOPLE}  # not inside a hash
    for secret in [*PEOPLE, *(f"{p[:6]}-{p[6:]}" for p in PEOPLE), *last_four]:
        pattern = last_four.get(secret) or re.compile(re.escape(secret))
        assert not any(pattern.search(text) for text in said), secret
        assert not [path for path, text in contents(place) if pattern.search(text)], secret
    for secret in ("Exempelsson", "Handläggarsson", "Ringde", "B-77"):
        assert not [path for path, text in contents(place) if secret in text], secret
    for name in ("beslut.csv", "sjukfall.csv"):
        assert stat.S_IMODE((place / "data" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(os.environ["PLANBOK_NYCKEL_FIL"]).parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("heading", ["Namn", "Adress", "Anteckning", "Kontaktperson"])
def test_a_profile_can_not_ask_for_names_or_free_text(run, place, heading):  # noqa: F811
    profile(place, SICK.replace("grupp: Grupp", f"grupp: {heading}"), "sjuk")
    code, said = run("las-in", sick_leave(place), "--profil", "sjuk")
    assert code == 2 and "som aldrig läses" in said
    assert not list((place / "data").iterdir())


DECIDED = "Beslutsnr;Personnummer;Enhet;Insats;Nivå;Regi;Fr.o.m.;T.o.m.;Status\n"


@pytest.mark.parametrize("person", ["########", "#SAKNAS!", "1,98507E+11", "Okänd", "Uppgift saknas", "-"])
def test_an_id_that_is_lost_makes_no_person(run, place, person):  # noqa: F811
    rows = "".join(f"B{n};{person};norr;{SERVICE};4;Kommunal regi;2025-01-01;;Verkställt\n" for n in (1, 2))
    (place / "in" / "b.csv").write_text(DECIDED + rows, encoding="utf-8")
    profile(place, DECISION)
    code, said = run("las-in", "in/b.csv", "--profil", "bok")
    assert code == 2 and "fil rad 2, kolumn Personnummer: cellen är inget id" in said
    assert not list((place / "data").iterdir())


DECISION = """
titel: Beslut
tabell: beslut
bekraftad: [profil, insats, regi]
kolumner: {beslut: Beslutsnr, person: Personnummer, enhet: Enhet, insats: Insats, niva: Nivå, regi: Regi, fran: Fr.o.m.,
  till: T.o.m.}
koder:
  insats: [{kod: Bostad med särskild service - gruppbostad, varde: gruppbostad}]
  regi: [{kod: Kommunal regi, varde: kommunal}]
"""


NAMED = DECIDED.replace("Regi;", "Regi;Utförare;Namn;")
NAMED_ROW = "B1;{};norr;{};Nivå 4;Kommunal regi;{};Anna Exempelsson;2025-01-01;;Verkställt\n"


@pytest.mark.parametrize(
    ("asked", "provider", "words"),
    [
        ("", "Omsorg AB", ""),
        (", utforare: Utförare", "Exempelsson, Anna", "fil rad 2, kolumn Utförare: cellen ser ut som ett personnamn"),
        (", utforare: kolumn G", "Anna Exempelsson", "cellen ser ut som ett personnamn"),
        (", boende: kolumn H", "Omsorg AB", "fil rad 1, kolumn H: kolumnen ser ut att hålla namn"),
        (", utforare: Utförare", "Annas Omsorg AB", ""),
    ],
)
def test_names_are_not_written_whatever_column_they_stand_in(run, place, asked, provider, words):  # noqa: F811
    path = place / "in" / "Anna Exempelsson.csv"
    path.write_text(NAMED + NAMED_ROW.format(PEOPLE[0], SERVICE, provider), encoding="utf-8")
    profile(place, DECISION.replace("till: T.o.m.", f"till: T.o.m.{asked}"))
    code, said = run("las-in", path, "--profil", "bok")
    assert (code, words in said) == (2 if words else 0, True), said
    assert not [one for one, text in contents(place) if "Exempelsson" in text]
    if not words:
        assert table(place, "beslut")["niva"].tolist() == ["4"]


def test_private_providers_are_proposed_as_one_code_without_their_names(run, place):  # noqa: F811
    rows = [NAMED_ROW.format(pnr, SERVICE, who) for pnr, who in zip(PEOPLE, ["Omsorg AB", "Anna Ek"], strict=False)]
    (place / "in" / "b.csv").write_text(NAMED + "".join(rows), encoding="utf-8")
    assert run("las-in", "--ny", "egen.yaml", "in/b.csv")[0] == 0
    text = (place / "params" / "inlasning" / "egen.yaml").read_text("utf-8")
    assert "Omsorg AB" in text and "Anna" not in text and "enskild" in text


def test_the_last_day_of_all_is_no_last_day(run, place):  # noqa: F811
    row = f"B1;{PEOPLE[0]};norr;{SERVICE};4;Kommunal regi;2025-01-01;9999-12-31;Verkställt\n"
    (place / "in" / "b.csv").write_text(DECIDED + row, encoding="utf-8")
    profile(place, DECISION)
    assert run("las-in", "in/b.csv", "--profil", "bok")[0] == 0
    assert table(place, "beslut")["till"].tolist() == [""]


def test_a_sum_among_the_groups_is_no_group(run, place):  # noqa: F811
    text = (EXPORTS / "hr_2025.csv").read_bytes().decode("cp1252").splitlines()
    rows = [text[0] + ";Grupp", *(f"{line};{group}" for line in text[1:3] for group in ("Stöd", "Totalt"))]
    (place / "in" / "hr.csv").write_text("\n".join(rows), encoding="utf-8")
    shipped = (PARAMS / "inlasning" / "exempel_hr.yaml").read_text("utf-8")
    profile(place, shipped.replace("konstanter: {grupp: alla}", "").replace("kolumner:", "kolumner:\n  grupp: Grupp"))
    code, said = run("las-in", "in/hr.csv", "--profil", "bok")
    assert code == 2 and "kolumn Grupp: cellen ser ut som en summa" in said
