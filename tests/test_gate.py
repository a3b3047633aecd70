"""The gate: every made-up leak is caught wherever it is planted, ordinary figures and ids pass, and nothing is echoed.

`bench/` runs the same with ten times as many.
"""

import json
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import leaks
import pytest
from innocents import innocents

from planbok.base.privacy import plain_text
from planbok.base.workspace import Folders
from planbok.batch.gate.gate import UNREADABLE, Knowledge, inspect, inspect_files, inspect_values
from planbok.batch.gate.groups import AUDIENCE, SMALL, UNDECLARED
from planbok.batch.gate.signs import INITIAL, Signs, has_initial_and_year
from planbok.inputs.tables.collection import Collection
from planbok.report.index import render_plan_index, render_run_index

LEAKS, INNOCENTS = 100, 1_000


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    return leaks.report(tmp_path_factory.mktemp("gate") / "lss_peng__exempelenheten__bas__2024")


@pytest.fixture
def copy(report, tmp_path) -> Path:
    return Path(shutil.copytree(report, tmp_path / report.name))


def test_a_sound_report_passes(report):
    assert inspect(report, leaks.knowledge()) == []


def test_every_leak_is_caught_and_none_is_repeated(report, tmp_path):
    assert leaks.missed(report, tmp_path, LEAKS) == []


def test_the_leaks_are_of_every_kind_in_every_place():
    made = list(leaks.leaks(LEAKS))
    assert {name for name, _ in made} == set(leaks.planters())
    assert set(Counter(leak.kind for _, leak in made)) == {"personnummer", "initial och år", "en persons nyckel",
                                                           "sökväg på datorn", "användar- eller datornamn"}  # fmt: skip


def test_ordinary_amounts_dates_and_ids_pass():
    texts = innocents(INNOCENTS)
    assert len(texts) == INNOCENTS
    hits = [(texts[place], kind) for place, kind in leaks.knowledge().signs.kinds(texts, [True] * len(texts))]
    assert hits == []


def test_ordinary_figures_pass_in_every_file(copy):
    texts = innocents(INNOCENTS, seed=7)
    book = json.loads((copy / "anteckningsbok.ipynb").read_text("utf-8"))
    book["cells"][1]["outputs"].append({"output_type": "stream", "name": "stdout", "text": "\n".join(texts)})
    leaks._figure_of(book)["data"][0].update(text=texts, customdata=[[text, i] for i, text in enumerate(texts)])
    (copy / "anteckningsbok.ipynb").write_text(json.dumps(book), "utf-8")
    leaks._edit_page(copy, "</main>", "".join(f"<p>{leaks._html(text)}</p>" for text in texts) + "</main>")
    leaks._edit_book(copy, lambda b: [b.worksheets[-1].append(["", *texts[i : i + 10]]) for i in range(0, 1000, 10)])
    assert inspect(copy, leaks.knowledge()) == []


@pytest.mark.parametrize(
    "text",
    ["VP 2016", "KBF 2020", "(T1) 2024", "2024-T1", "OSL 24 kap. 8 §", "Grupp A 24, Grupp B 31", "Grupp A 39,0 mnkr",
     "A 12 345 kr", "#E45", "AB12CD34-EF56-4A78", "F-2024-0013", "SFS 1993:387", "S 2024-05-01"],
)  # fmt: skip
def test_what_only_looks_like_initial_and_year_passes(text):
    assert not has_initial_and_year(text)


def test_a_file_that_cannot_be_read_stops_the_report(copy):
    (copy / "resultat.json").write_text('{"a": ', "utf-8")
    (copy / "bild.bin").write_bytes(bytes(range(256)))
    (copy / "kopia.xlsx").write_bytes(b"PK\x03\x04 inte ett arkiv")
    kinds = {hit.file: hit.kind for hit in inspect(copy, leaks.knowledge())}
    assert kinds == dict.fromkeys(("resultat.json", "bild.bin", "kopia.xlsx"), UNREADABLE)


def test_bytes_beside_a_zips_parts_stop_the_report(copy):
    book = copy / "resultat.xlsx"
    whole = book.read_bytes()
    book.write_bytes(whole + b"Anna Lindqvist")
    assert [hit.kind for hit in inspect(copy, leaks.knowledge())] == [UNREADABLE]


def test_a_printed_page_is_read_and_one_that_cannot_be_is_stopped(copy):
    (copy / "rapport.pdf").write_bytes(leaks.pdf("Exempelenheten får 44,8 mnkr", "2024-01-01 – 2024-12-31"))
    assert inspect(copy, leaks.knowledge()) == []
    (copy / "rapport.pdf").write_bytes(b"%PDF-1.4\n")
    assert [hit.kind for hit in inspect(copy, leaks.knowledge())] == [UNREADABLE]


@pytest.mark.parametrize(
    "row", ["168\t750 222\t750 2\t813", "168 750\t222 750\t2 813", "0\t0 0 0 0 0\t2024-04", "LO\t85"]
)
def test_the_cells_of_a_printed_table_are_not_read_together(copy, row):
    (copy / "rapport.pdf").write_bytes(leaks.pdf("Exempelenheten", row))
    assert inspect(copy, leaks.knowledge()) == []


def test_a_number_within_a_cell_of_a_printed_table_is_caught(copy):
    _, ten = leaks.made_up(2091, 4, 12, 77, False)
    for number in (ten, f"{ten[:6]}-{ten[6:]}", f"{ten[:6]} {ten[6:]}"):
        (copy / "rapport.pdf").write_bytes(leaks.pdf(f"12 345\t{number}\t1"))
        assert [(hit.file, hit.kind) for hit in inspect(copy, leaks.knowledge())] == [("rapport.pdf", "personnummer")]


@pytest.mark.parametrize("title", ["XL", "LO"])
def test_a_title_is_not_read_together_with_the_date_beside_it(tmp_path, title):
    run = {"plan": "p", "titel": title, "run_id": "20261122T170000Z", "spridning": "ledning", "runs": []}
    (tmp_path / "index.html").write_text(render_run_index(run, []), "utf-8")
    (tmp_path / "plan.html").write_text(render_plan_index(title, [run]), "utf-8")
    beside = f"<p>{title} <span>85</span></p><p>{title} 22 november 2026</p>"
    (tmp_path / "beside.html").write_text(beside, "utf-8")
    assert inspect_files(tmp_path.iterdir(), leaks.knowledge()) == []


@pytest.mark.parametrize("text", ["A.S. 85", "AS 1985", "<b>A.S.</b> 85", "A.S. 22", "A.S. 85 maj", "AS 1985 maj"])
def test_a_label_within_one_text_of_a_page_is_caught(tmp_path, text):
    (tmp_path / "index.html").write_text(f"<h1>Ärendet <span>{text}</span></h1>", "utf-8")
    assert {hit.kind for hit in inspect_files(tmp_path.iterdir(), leaks.knowledge())} == {"initial och år"}


@pytest.mark.parametrize(
    "text",
    [
        f"<svg><text>{''.join(f'<tspan>{sign}</tspan>' for sign in '850314-1239')}</text></svg>",  # letter by letter
        "<svg><text><tspan>850314</tspan><tspan>-1239</tspan></text></svg>",
    ],
)
def test_a_text_that_a_picture_sets_in_pieces_is_read_as_one(tmp_path, text):
    (tmp_path / "sida.html").write_text(text, "utf-8")
    assert [hit.kind for hit in inspect(tmp_path, leaks.knowledge())] == ["personnummer"]


def test_a_large_number_that_a_workbook_writes_as_a_power_of_ten_is_read(copy):
    with zipfile.ZipFile(copy / "resultat.xlsx", "a") as book:
        book.writestr("xl/worksheets/sheet99.xml", '<c r="A1"><v>2.08503141239E+11</v></c>')
    assert {hit.kind for hit in inspect(copy, leaks.knowledge())} == {"personnummer"}


def test_a_link_out_of_the_folder_stops_the_report(copy, tmp_path):
    (tmp_path / "utanför.txt").write_text("x", "utf-8")
    (copy / "länk.txt").symlink_to(tmp_path / "utanför.txt")
    assert UNREADABLE in {hit.kind for hit in inspect(copy, leaks.knowledge())}


def test_parameters_and_messages_are_searched_too():
    known = leaks.knowledge()
    found = inspect_values("parametrar", {"enhet": leaks.PERSONS[0], "ar": 2024}, known)
    assert [(hit.file, hit.place, hit.kind) for hit in found] == [("parametrar", "enhet", "en persons nyckel")]
    assert inspect_values("parametrar", {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 8}, known) == []
    assert [hit.kind for hit in inspect_values("parametrar", {"parametrar": {"boende": "a85"}}, known)] == [
        "initial och år"
    ]


def test_a_run_knows_its_own_people_and_machine(sample_copy):
    known = Knowledge.of(Folders(data=sample_copy), Collection(sample_copy), "ledning", leaks.LIMITS)
    key = next(line.split(",")[1] for line in (sample_copy / "beslut.csv").read_text("utf-8").splitlines()[1:])
    assert [kind for _, kind in known.signs.kinds([f"person {key} saknas"], [True])] == ["en persons nyckel"]
    assert [kind for _, kind in known.signs.kinds([f"läser {sample_copy}/beslut.csv"], [True])] == ["sökväg på datorn"]
    assert "beslut" not in repr(known) and key not in repr(known)


def test_a_files_hash_is_no_persons_number():
    digest = "71cbb5801097931e5a54f5a57da44e1cda72aeb9c9d3e739f87f5b39b0bb51f0"  # holds a date and its check digit
    signs = Signs.of()
    assert list(signs.kinds([digest, f"sha256: {digest}, 14 rader"], [False, True])) == []
    cut, beside = digest[:32], f"{digest} 580109-7931"
    assert [place for place, _ in signs.kinds([cut, beside], [False, False])] == [0, 1]


def test_names_that_are_everybodys_tell_nothing():
    signs = Signs.of([], [], ["root", "user", "localhost", "bo"])
    assert list(signs.kinds(["root", "user på localhost", "bo"], [True] * 3)) == []


# ---- small groups


def change(folder: Path, **parts) -> None:
    file = folder / "resultat.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | parts), "utf-8")


SICK_RULE = "sjukfranvaro.storsta_dolda_grupp"
UNITS = {"namn": "", "personer": "personer", "dygn": "dygn", "anstallda": "anställda", "sjuk_h": "h", "svar": "svar"}
RULES = {"sjuk_h": SICK_RULE, "svar": "enkat.minsta_svarande"}  # and minsta_grupp for the others


def table(rows: list[dict], cells: tuple[tuple[int, str], ...] = (), counts: tuple[str, ...] = ()) -> dict:
    """A table in resultat.json: each of its number columns tells of the row's people, by its rule."""
    columns = {key: {"etikett": key, "mattenhet": UNITS[key]} for key in rows[0]}
    for key in columns.keys() - {"namn"}:
        columns[key]["galler"] = {f"{key[:4]}-folk": RULES.get(key, "minsta_grupp")}
    for key in counts:
        columns[key] |= {"raknar": True}
    return {
        "tabeller": {"rader": rows},
        "tabeller_kolumner": {"rader": {"titel": "Tabell", "kolumner": columns, "summarad": False}},
        "tabeller_celler": {"rader": [{"rad": row, "kolumn": key, "skyddas": "få personer"} for row, key in cells]},
    }


def rows(*persons: float | None, **more) -> dict:
    """Persons by insats, the last in total; those without a number are withheld."""
    found = [{"namn": f"Insats {i}", "personer": count, **more} for i, count in enumerate(persons[:-1])]
    closed = tuple((place, "personer") for place, row in enumerate(found) if row["personer"] is None)
    return table([*found, {"namn": "Totalt", "personer": persons[-1]}], closed)


@pytest.mark.parametrize(
    "result",
    [
        rows(12, 3, 15),
        rows(12, 4.5, 16.5),
        rows(12, None, 19, 38),
        rows(12, None, None, 16),
        table([{"namn": "Natt", "anstallda": 10, "sjuk_h": 40.0}]),
        table([{"namn": "Fråga", "svar": 4}]),
        table([{"namn": "Löpande", "dygn": 3}], counts=("dygn",)),
    ],
    ids=[
        "a small count",
        "a small mean",
        "one hidden part",
        "too few hidden together",
        "sick leave of ten",
        "four answers",
        "a count that says so itself",
    ],
)
def test_a_small_group_stops_the_report(copy, result):
    change(copy, **result)
    assert {hit.kind for hit in inspect(copy, leaks.knowledge())} == {SMALL}
    change(copy, spridning="arbetsmaterial")
    assert inspect(copy, leaks.knowledge("arbetsmaterial")) == []


@pytest.mark.parametrize(
    "result",
    [
        rows(12, 7, 19),
        rows(12, None, None, 25),
        rows(12, 0, 12),
        rows(12, None, None),
        table([{"namn": "Dag", "anstallda": 11, "sjuk_h": 40.0}, {"namn": "Natt", "anstallda": 9, "sjuk_h": None}]),
        table([{"namn": "Fråga", "svar": 5}]),
        table([{"namn": "Löpande", "dygn": 3}]),
    ],
    ids=["large groups", "enough hidden", "nobody", "no total", "sick leave of eleven", "five answers", "no count"],
)
def test_what_the_audience_may_see_passes(copy, result):
    change(copy, **result)
    assert [hit for hit in inspect(copy, leaks.knowledge()) if hit.file == "resultat.json"] == []


@pytest.mark.parametrize(("month", "stops"), [("augusti 2024", True), ("maj 2023", False)])
def test_a_sum_tells_nothing_of_parts_that_were_counted_in_another_month(copy, month, stops):
    """36 less 14, 9 and 9 are 4 only if all are of the same month."""
    made = rows(14, 9, 9, None, None, 36)
    for row in made["tabeller"]["rader"]:
        row["raknat"] = month if row["personer"] == 14 else "augusti 2024"
    change(copy, **made)
    found = [hit.place for hit in inspect(copy, leaks.knowledge()) if hit.file == "resultat.json"]
    assert found == (["tabeller.rader[6].personer"] if stops else [])


@pytest.mark.parametrize("invented", ["2", None, [], {"varde": 2}])
def test_what_is_no_number_of_invented_persons_lets_no_few_pass(copy, invented):
    made = table([{"namn": "Dag", "personer": 4}])
    made["tabeller"]["rader"][0]["personer_tankta"] = invented
    figure = {"varde": 4, "mattenhet": "personer", "etikett": "x", "galler": {"a": "minsta_grupp"}, "tankta": invented}
    change(copy, **made, nyckeltal={"a": figure})
    found = {hit.place for hit in inspect(copy, leaks.knowledge()) if hit.file == "resultat.json"}
    assert {"nyckeltal.a", "tabeller.rader[1].personer"} <= found


def test_a_count_that_does_not_say_of_whom_stops_the_report(copy):
    """What it should withhold nobody can know: whatever number it is."""
    made = rows(12, 7, 19)
    del made["tabeller_kolumner"]["rader"]["kolumner"]["personer"]["galler"]
    change(copy, **made)
    assert {(hit.place, hit.kind) for hit in inspect(copy, leaks.knowledge())} == {
        ("tabeller.rader.personer", UNDECLARED)
    }
    nobody = {"galler": {"ingen": "ingen"}, "etikett": "Tänkta personer", "mattenhet": "personer", "varde": 2}
    change(copy, **rows(12, 7, 19), nyckeltal={"a": nobody, "b": {**nobody, "galler": {}}})
    assert [(hit.place, hit.kind) for hit in inspect(copy, leaks.knowledge())] == [("nyckeltal.b", UNDECLARED)]


FEW = {"varde": 3, "etikett": "Personer", "galler": {"mätta": "minsta_grupp"}}


def test_a_count_below_the_limit_is_caught_among_the_key_figures(copy):
    change(copy, nyckeltal={"personer_matning": {**FEW, "mattenhet": "personer"}})
    assert [hit.place for hit in inspect(copy, leaks.knowledge())] == ["nyckeltal.personer_matning"]


def declared(rows: list[dict], cells: list[tuple[int, str]] = (), regel: str = "minsta_grupp") -> dict:
    """A table of staff by operation, with what it declares: both number columns tell of the same people."""
    units = {"namn": "", "antal": "medarbetare", "kostnad": "kr"}
    tells = {"galler": {"medarbetare": regel}}
    columns = {key: {"etikett": key, "mattenhet": unit, **(tells if unit else {})} for key, unit in units.items()}
    closed = [{"rad": row, "kolumn": key, "skyddas": "få personer"} for row, key in cells]
    return {
        "tabeller": {"rader": rows},
        "tabeller_kolumner": {"rader": {"titel": "Medarbetare", "kolumner": columns, "summarad": False}},
        "tabeller_celler": {"rader": closed},
    }


def staff(*counts: float | None, kr: float | None = None) -> list[dict]:
    return [{"namn": f"V{i}", "antal": count, "kostnad": kr} for i, count in enumerate(counts[:-1])] + [
        {"namn": "Totalt", "antal": counts[-1], "kostnad": 5.0}
    ]


BOTH = [(1, "antal"), (1, "kostnad"), (2, "antal"), (2, "kostnad")]


@pytest.mark.parametrize(
    ("result", "places"),
    [
        (declared(staff(17, 3, 14, 34)), ["[2].antal"]),
        (declared(staff(17, 8, 25), regel=SICK_RULE), ["[2].antal"]),
        (declared(staff(17, None, 14, 34), [(1, "antal"), (1, "kostnad")]), ["[4].antal"]),
        (declared(staff(17, None, None, 20), BOTH), ["[4].antal"]),
        (declared(staff(17, None, None, 34, kr=9.0), BOTH[::2]), ["[2].kostnad", "[3].kostnad"]),
        (declared(staff(17, None, 6, 34), BOTH), ["[3].antal"]),
    ],
    ids=[
        "a small count",
        "another rule",
        "one hidden part",
        "too few together",
        "kronor of hidden",
        "hidden but shown",
    ],
)
def test_what_a_table_declares_is_verified_on_the_file(copy, result, places):
    change(copy, **result)
    found = [hit.place for hit in inspect(copy, leaks.knowledge()) if hit.file == "resultat.json"]
    assert set(found) >= {f"tabeller.rader{place}" for place in places}
    change(copy, **declared(staff(17, None, None, 34), BOTH))
    assert [hit for hit in inspect(copy, leaks.knowledge()) if hit.file == "resultat.json"] == []


def test_a_declared_key_figure_is_held_against_its_rule(copy):
    figure = {"varde": 8, "mattenhet": "anställda", "etikett": "Anställda", "galler": {"anstallda": SICK_RULE}}
    change(copy, nyckeltal={"anstallda": figure})
    assert [hit.place for hit in inspect(copy, leaks.knowledge())] == ["nyckeltal.anstallda"]
    change(copy, nyckeltal={"anstallda": {**figure, "varde": 11}})
    assert inspect(copy, leaks.knowledge()) == []


def test_a_report_for_another_audience_is_stopped(copy):
    change(copy, spridning="arbetsmaterial")
    assert [hit.kind for hit in inspect(copy, leaks.knowledge())] == [AUDIENCE]


def test_a_withheld_cell_may_not_stand_in_another_file(copy):
    """The small report shows 19 and 9 persons on its page, in its workbook and in its notebook."""
    told = {"galler": {"personer": "minsta_grupp"}}
    columns = {
        "namn": {"mattenhet": ""},
        "personer": {"mattenhet": "personer", **told},
        "kr": {"mattenhet": "kr", **told},
    }
    closed = [{"rad": row, "kolumn": key, "skyddas": "få personer"} for row in (0, 1) for key in ("personer", "kr")]
    change(
        copy,
        tabeller={"rader": [{"namn": "G", "personer": None, "kr": None}, {"namn": "S", "personer": None, "kr": None}]},
        tabeller_kolumner={"rader": {"titel": "Insatser 2024", "kolumner": columns, "summarad": False}},
        tabeller_celler={"rader": closed},
    )
    found = inspect(copy, leaks.knowledge())
    assert {hit.kind for hit in found} == {SMALL}
    assert {hit.file for hit in found} == {"anteckningsbok.ipynb", "rapport.html", "resultat.xlsx"}


@pytest.mark.parametrize(
    "values", [[12, 3], {"dtype": "f8", "bdata": "AAAAAAAAKEAAAAAAAAAIQA=="}], ids=["list", "packed"]
)
def test_a_figure_that_counts_few_persons_is_caught(copy, values):
    def few(book):
        spec = leaks._figure_of(book)
        spec["layout"]["xaxis"] = {"title": {"text": "personer"}}
        spec["data"][0]["x"] = values

    leaks._edit_json(copy / "anteckningsbok.ipynb", few)
    assert [hit.kind for hit in inspect(copy, leaks.knowledge())] == [SMALL]


def test_a_line_that_was_clean_is_looked_at_again_only_where_more_is_asked_of_it():
    signs = Signs.of()
    assert list(signs.kinds(["en rad", "ärendet A 85"], [True, False])) == []
    assert list(signs.kinds(["en rad\n|\nen till", "ärendet A 85"], [True, True])) == [(1, INITIAL)]
    again = [list(signs.kinds(["en rad", "ny rad\n|\närendet A 85"], [True, True])) for _ in range(2)]
    assert again == [[(1, INITIAL)]] * 2


def test_the_quick_look_at_all_texts_at_once_stops_what_each_by_itself_would():
    signs = leaks.knowledge().signs
    for text in [leak.text for _, leak in leaks.leaks(400)] + innocents(400):
        for said, code in ((text, ""), ("", text)):
            by_itself = any(signs._kinds([text], [said != ""]))
            assert signs._is_within(plain_text(said), plain_text(code)) is by_itself
