"""Files made to harm: each is refused in words, before it fills the memory, the disk's names or a reader's eyes."""

import json
import os
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from odd_files import HEADINGS

from planbok.analysis.earlier import earlier_results
from planbok.base.errors import Fault, InputError, format_faults
from planbok.base.workspace import Folders
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.past import MANIFEST, read_manifest
from planbok.batch.plan.plan import load_plan
from planbok.batch.run.lock import LOCK_FILE, held
from planbok.cli import main
from planbok.commands.keys import purge
from planbok.inputs import documents
from planbok.inputs.imports.account import ACCOUNT_FILE, read_account
from planbok.inputs.imports.amounts import amounts
from planbok.inputs.imports.codes import _Finder
from planbok.inputs.imports.merge import made_table
from planbok.inputs.imports.profile import Code
from planbok.inputs.imports.wide_prices import read_wide
from planbok.inputs.journal import DATA, Now
from planbok.inputs.scenario.load import load_scenario
from planbok.inputs.tables.collection import Collection

RUN = "titel: {titel}\nkorningar:\n  - {{notebook: budgetscenarier, parametrar: {{enhet: {enhet}, ar: 2016}}}}\n"
XML = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ENTITIES = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
)


def cells(row: int, *values: str) -> str:
    texts = (f'<c r="{chr(65 + i)}{row}" t="inlineStr"><is><t>{text}</t></is></c>' for i, text in enumerate(values))
    return f'<row r="{row}">{"".join(texts)}</row>'


MANY = "".join(cells(row, "a" * 60) for row in range(2, 25_000))  # so large that the quick reader takes it
SHEETS = {
    "en cell längst bort": cells(2, "a") + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "en cell längst bort i ett stort blad": MANY + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "en rad utanför bladet": '<row r="99999999999"><c><v>1</v></c></row>',
    "en cell utanför bladet": '<row r="2"><c r="ZZZZZ99999999999"><v>1</v></c></row>',
    "ett tal med fem tusen siffror": f'<row r="2"><c r="A2"><v>{"9" * 5000}</v></c></row>',
    "en formel i fem tusen nivåer": f'<row r="2"><c r="A2"><f>{"(" * 5000}1{")" * 5000}</f></c></row>',
    "fem tusen nivåer": f'<row r="2">{"<x>" * 5000}{"</x>" * 5000}</row>',
    "en bomb av entiteter": cells(2, "&j;"),
    "en entitet som är en fil": cells(2, "&fil;"),
}


def workbook(path: Path, rows: str) -> Path:
    head = ENTITIES + '<!ENTITY fil SYSTEM "file:///etc/hostname">]>' if "&" in rows else ""
    sheet = (
        f"{head}<worksheet {XML}><sheetData>{cells(1, *HEADINGS['utfall'].split(';'))}{rows}</sheetData></worksheet>"
    )
    names = {
        "xl/workbook.xml": f'<workbook {XML} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="U" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        'PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in names.items():
            archive.writestr(name, text)
    return path


def test_the_workbook_of_these_tests_is_read_when_it_is_sound(tmp_path):
    workbook(tmp_path / "utfall.xlsx", cells(2, "a", "2024-01", "Lön", "5", "0"))
    assert Collection(tmp_path).read("utfall").frame["kostnad_kr"].tolist() == [5]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("to", ["/dev/zero", "pipe"])
def test_a_plan_or_scenario_that_is_a_device_or_a_pipe_is_refused_at_once(tmp_path, to):
    os.mkfifo(tmp_path / "pipe")
    for folder, read in (
        ("planer", lambda path, folders: load_plan(path, read_notebooks(), ["bas"])),
        ("scenarier", lambda path, folders: load_scenario("prov", folders)),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "prov.yaml").symlink_to(tmp_path / to)
        with pytest.raises(InputError):
            read(tmp_path / folder / "prov.yaml", Folders(params=(tmp_path,)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("to", ["/dev/zero", "pipe"])
def test_a_table_notebook_or_price_list_that_has_become_a_device_or_a_pipe_is_never_read(tmp_path, to):
    os.mkfifo(tmp_path / "pipe")
    for name in ("budget.csv", "bok.ipynb"):
        (tmp_path / name).symlink_to(tmp_path / to)
    assert Now(Folders(data=tmp_path), tmp_path).hash_of(f"{DATA}budget.csv", "") == ""
    assert "går inte att läsa" in str(read_notebooks(tmp_path)["bok"].faults[0])
    with pytest.raises(InputError, match="går inte att läsa"):
        read_wide(tmp_path / "budget.csv")


@pytest.mark.parametrize("name", SHEETS)
def test_a_workbook_made_to_harm_is_refused(tmp_path, name):
    workbook(tmp_path / "utfall.xlsx", SHEETS[name])
    with pytest.raises(InputError) as refused:
        Collection(tmp_path).read("utfall")
    assert "Traceback" not in str(refused.value)
    assert len(str(refused.value)) < 20_000


def load(tmp_path: Path, text: str, name: str = "x.yaml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return load_plan(path, read_notebooks(), ["bas"])


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "\n".join(f"k{i}: &k{i} [{','.join([f'*k{i - 1}' if i else '*a'] * 9)}]" for i in range(9)),
        "titel: x\na: " + "[" * 1500 + "]" * 1500,
        "titel: x\n" + "".join(" " * i + "a:\n" for i in range(1500)),
        "titel: x\na:\n" + "- " * 5000,
        "titel: &a [*a]\n",
        "titel: " + "[" * 5000,
        "titel: " + '{"a": ' * 5000,
        "{" + "a: {" * 5000,
    ],
    ids=["bomb", "klamrar", "indrag", "streck", "sig själv", "öppna", "nycklar", "i varandra"],
)
def test_a_document_that_never_ends_is_refused_at_once(tmp_path, text):
    start = time.process_time()
    with pytest.raises(InputError, match="för djupt nästlad"):
        load(tmp_path, text)
    assert time.process_time() - start < 5  # the bomb takes one, where nothing else runs; what is deep a hundredth


DEEP = "[" * 100_000


def test_json_of_a_hundred_thousand_levels_is_what_cannot_be_read(tmp_path):
    (tmp_path / "djup.ipynb").write_text(DEEP)
    (notebook,) = read_notebooks(tmp_path).values()
    assert "går inte att läsa som anteckningsbok" in str(notebook.faults[0])
    for file in (ACCOUNT_FILE, LOCK_FILE, MANIFEST):
        (tmp_path / file).write_text(DEEP)
    assert read_account(tmp_path).tables == {}
    assert read_manifest(tmp_path) is None
    with held(tmp_path):
        pass
    report = tmp_path / "2024" / "lss_peng__a__bas"
    report.mkdir(parents=True)
    (report / "resultat.json").write_text(DEEP)
    assert earlier_results(tmp_path, "lss_peng", "a") == []


@pytest.mark.parametrize(
    "text", ["a\\u0007b", "\\u001b[31mrött", "abc\\u202Efdp", "a\\u200Bb", "två\\nrader", "\\u2028"]
)
def test_a_title_with_what_nobody_sees_is_refused_and_not_repeated(tmp_path, text):
    with pytest.raises(InputError, match="tecken som inte syns") as refused:
        load(tmp_path, RUN.format(titel=f'"{text}"', enhet="ostermalm"))
    assert str(refused.value).isprintable() or str(refused.value).replace("\n", "").isprintable()


UNITS = {
    "uppåt": ("../../../tmp/x", "filnamn"),
    "långt": ("o" * 300, "längre än 100 tecken"),
    "kyrilliskt o": ("\u043estermalm", "annat alfabet"),
    "från höger": ('"ost\\u202Eermalm"', "tecken som inte syns"),
    "skrivaren": ("LPT1", "Windows"),
    "filändelse": ("aux.txt", "Windows"),
}


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_that_no_folder_can_be_named_by_is_refused(tmp_path, name):
    unit, said = UNITS[name]
    with pytest.raises(InputError, match=said) as refused:
        load(tmp_path, RUN.format(titel="x", enhet=unit))
    assert "\u202e" not in str(refused.value)


@pytest.mark.parametrize("name", ["con", "m\u0430nad", "a\u202eb", "a" * 101, "a b ", "v:1"])
def test_a_plan_whose_own_name_would_harm_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="planens namn"):
        load(tmp_path, RUN.format(titel="x", enhet="ostermalm"), f"{name}.yaml")


@pytest.mark.parametrize("name", ["aux", "a" * 101, "\u0430"])
def test_a_scenario_whose_own_name_would_harm_is_refused(tmp_path, name):
    (tmp_path / "scenarier").mkdir()
    (tmp_path / "scenarier" / f"{name}.yaml").write_text("titel: x\n", "utf-8")
    with pytest.raises(InputError, match="filnamnet"):
        load_scenario(name, Folders.chosen(params=tmp_path))


def test_a_recipient_named_as_a_device_is_refused(tmp_path):
    with pytest.raises(InputError, match="mottagaren 'nul'"):
        load(tmp_path, RUN.format(titel="x", enhet="ostermalm") + "mottagare: {nul: {enheter: [ostermalm]}}\n")


@pytest.mark.parametrize("command", [["run", "exempel", "--out", ""], ["status", "--out", " "], ["list", "--data", ""]])
def test_a_folder_without_a_name_is_refused(command, capsys):
    assert main(command) == 2
    assert "mappen har inget namn" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["run", "exempel", "--out", "con"], "--out: 'con' är ett namn som Windows har för sig självt"),
        (["status", "--out", "rapporter/NUL.txt"], "--out: 'rapporter/NUL.txt' är ett namn som Windows"),
        (["run", "exempel", "--publish", "utskick\\lpt1\\maj"], "--publish: "),
        (["las-in", "x.csv", "--till", "com1 /tabeller"], "--till: 'com1 /tabeller' är ett namn som Windows"),
        (["fel", "--ut", "aux.csv"], "--ut: 'aux.csv' är ett namn som Windows"),
        (["run", "exempel", "--out", "ut\u202etxt"], "har ett tecken som inte syns"),
        (["init", "prn"], "init prn: är ett namn som Windows"),
    ],
)
def test_a_folder_that_some_system_cannot_have_is_refused(command, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(command) == 2
    assert said in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []


def test_of_thousands_of_faults_the_first_are_said_and_how_many_more():
    unknown = [Fault("plan", "a.yaml", n, "", f"okänd nyckel 'n{n}'.", "unknown_key") for n in range(1, 5_001)]
    other = Fault("plan", "a.yaml", 5_005, "körning 1", "okänt fält.", "other")
    said = format_faults([*unknown, other]).splitlines()
    assert said[0] == "FEL I PLANEN (5001 st): a.yaml"
    assert said[1:3] == ["  fil rad 1: okänd nyckel 'n1'.", "  fil rad 2: okänd nyckel 'n2'."]
    assert said[-2:] == [
        "  fil rad 5005, körning 1: okänt fält.",
        "  samma slags fel på 4979 ställen till, det sista på rad 5000.",
    ]
    assert len(said) == 1 + 21 + 2


SCENARIO_OF_KEYS = "titel: x\nfraga: x\nforandringar: []\n"
PLAN_OF_KEYS = RUN.format(titel="x", enhet="ostermalm")
RULE_OF_KEYS = "egen.regel:\n  titel: x\n  mattenhet: kr\n  varden: []\n"


@pytest.mark.parametrize(
    ("folder", "text"), [("scenarier", SCENARIO_OF_KEYS), ("planer", PLAN_OF_KEYS), ("regler", RULE_OF_KEYS)]
)
def test_what_is_meant_is_looked_for_only_of_the_keys_that_are_shown(tmp_path, monkeypatch, capsys, folder, text):
    """Looked for of each of 100,000 it took most of the time of a file's reading, and 25 lines are shown."""
    asked: list[str] = []
    monkeypatch.setattr(documents, "did_you_mean", lambda found, *of: asked.append(found) or " Menade du 'titel'?")
    path = tmp_path / "params" / folder / "stor.yaml"
    path.parent.mkdir(parents=True)
    indent = "  " if folder == "regler" else ""
    path.write_text(text + "".join(f"{indent}tietl{n:04d}: 1\n" for n in range(3_000)), "utf-8")
    assert main(["--params", str(tmp_path / "params"), "check"]) == 2
    shown = [line for line in capsys.readouterr().err.splitlines() if "okänd nyckel 'tietl" in line]
    assert len(shown) == 21
    assert all(line.endswith("'. Menade du 'titel'?") for line in shown)
    assert set(asked) == {f"tietl{n:04d}" for n in range(21)}


def test_of_many_faults_that_stand_on_no_row_none_is_said_to_be_the_last_ones():
    lines = format_faults(Fault("tabell", "a.csv", 0, "", f"enheten e{n:02d} finns inte.", "x") for n in range(25))
    assert lines.splitlines()[-1] == "  samma slags fel på 4 ställen till."


def test_faults_in_very_many_places_and_files_are_counted():
    everywhere = [Fault("plan", f"{n:03d}.yaml", 1, f"körning {k}", "fel.", "x") for n in range(52) for k in range(300)]
    said = format_faults(everywhere).splitlines()
    assert len(said) == 50 * (1 + 200 + 1) + 1
    assert said[201] == "  och 100 rader till med fel."
    assert said[-1] == "Fel finns också i 2 filer till. Rätta de här först."


def test_a_choice_left_empty_is_not_as_if_it_were_not_made(capsys):
    assert main(["run", "exempel", "--only", "", "--due", ""]) == 2
    assert capsys.readouterr().err.count("värdet är tomt") == 2


MADE = "enhet,manad,budgetrad,kostnad_kr,intakt_kr\n"
CHANGED = {
    "tom": b"",
    "sparad i Excel": MADE.replace(",", ";").encode(),
    "annan kodning": (MADE + "å,2025-01,Lön,1,0\n").encode("cp1252"),
    "annan kodning utan å": MADE.encode("utf-16"),
    "öppet citattecken": (MADE + 'a,"2025').encode(),
    "en cell för mycket": (MADE + "a,2025-01,Lön,1,0,7\n").encode(),
    "utan budgetrad": b"enhet,manad,kostnad_kr\na,2025-01,1\n",
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_table_of_las_in_whose_form_is_another_since_is_not_added_to(tmp_path, name):
    (tmp_path / "utfall.csv").write_bytes(CHANGED[name])
    with pytest.raises(InputError, match="inte längre som las-in skrev den"):
        made_table(tmp_path / "utfall.csv")


READING = {"profil": "bok", "filer": [{"fil": "a.csv"}], "manader": [{"enhet": "a", "manad": "2025-01"}]}


@pytest.mark.parametrize(
    "change",
    [{"profil": 5}, {"filer": 5}, {"manader": [{}]}, {"manader": [READING["manader"][0] | {"netto_kr": "NaN"}]}],
)
def test_an_account_that_somebody_has_changed_is_none(tmp_path, change):
    for reading, known in ((READING, ["utfall"]), (READING | change, [])):
        (tmp_path / ACCOUNT_FILE).write_text(json.dumps({"tabeller": {"utfall": [reading]}}))
        assert list(read_account(tmp_path).tables) == known


@pytest.mark.filterwarnings("error")
def test_more_digits_than_a_number_has_are_no_amount_and_no_interval():
    assert amounts(pd.Series(["9" * 5000, "1" + "0" * 305, "1"])).bad.tolist() == [True, True, False]
    for last in ("9" * 5000, "9\xb2"):
        assert Code(kod=f"0\u2013{last}", varde="a").ends is None
        assert not list(Code.problems({"kod": f"0\u2013{last}", "varde": "a"}))
    assert _Finder([Code(kod="0\u20139", varde="a")]).find("9" * 5000) is None


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b'person;till\n"a;2020-01\nb;2025-01\n', b'person;till\n"a;2020-01\nb";2021-01\n', b"\x00"]
)
def test_rows_are_not_removed_from_a_table_that_is_none(tmp_path, raw):
    path = tmp_path / "beslut.csv"
    path.write_bytes(raw)
    with pytest.raises(InputError, match="beslut.csv"):
        purge("2024-01", Folders(data=tmp_path))
    assert path.read_bytes() == raw


def test_what_is_typed_is_not_repeated_unseen(tmp_path, capsys):
    (tmp_path / "inlasning").mkdir()
    profile = "titel: x\ntabell: utfall\nkolumner: {manad: Period, belopp: Belopp, enhet: Enhet, konto: Konto}\n"
    (tmp_path / "inlasning" / "bok.yaml").write_text(profile)
    for arguments, said in (
        (["a\u202eb.csv", "--profil", "\x1b[31mröd"], "[31mröd"),
        (["--profil", "bok"], "FIL"),
        (["x.csv", "--ny", ""], "värdet är tomt"),
        (["x.csv", "--ny", "aux"], "Windows"),
    ):
        assert main(["--params", str(tmp_path), "las-in", *arguments]) == 2
        shown = capsys.readouterr().err
        assert said in shown and "\x1b" not in shown and "\u202e" not in shown
