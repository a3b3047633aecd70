"""The dials in the page, turned in a browser: the same as the library's arrays at a thousand settings, to the krona."""

import json
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sliders_by_hand import moved

from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import known_names
from planbok.case.sliders import Floor, Grid, Slider
from planbok.inputs.rules.rules import load_rules
from planbok.inputs.scenario.load import load_scenario
from planbok.inputs.tables.collection import Collection

KRONA_IN_MNKR, SETTINGS = 1e-6, 1000
WITH_DIALS = {"bemanning_sjukfranvaro", "budgetscenarier", "gruppbostad_kbh", "lss_peng", "manadsprognos"}


@cache
def pages(run: Path) -> list[Path]:
    found = [
        file.parent for file in sorted(run.glob("*/resultat.json")) if json.loads(file.read_bytes())["skjutreglage"]
    ]
    assert {folder.name.partition("__")[0] for folder in found} >= WITH_DIALS
    return found


def dials_of(result: dict) -> tuple[list[Slider], dict[str, Floor], list[Grid]]:
    """The dials as resultat.json has them."""
    dials = [
        Slider(
            **{key: row[key] for key in ("id", "etikett", "mattenhet", "steg", "start")},
            minst=row["min"],
            mest=row["max"],
            verkar_pa={
                key: {t["term"]: t["punkter"] for t in terms if "term" in t} for key, terms in row["verkar_pa"].items()
            },
        )
        for row in result["skjutreglage"]
    ]
    grids = [
        Grid(
            row["nyckeltal"],
            tuple(row["reglage"]),
            tuple(map(tuple, row["axlar"])),
            np.array(row["varden"], float),
            ritas=row.get("ritas", False),
        )
        for row in result["skjutreglage_rutor"]
    ]
    return dials, {key: Floor(**floor) for key, floor in result["skjutreglage_golv"].items()}, grids


def settings(dials: list[Slider]) -> list[dict[str, float]]:
    rng = np.random.default_rng(7)
    steps = {dial.id: round((dial.mest - dial.minst) / dial.steg) for dial in dials}
    drawn = [{d.id: d.minst + d.steg * int(rng.integers(0, steps[d.id] + 1)) for d in dials} for _ in range(SETTINGS)]
    return [{name: round(value, 6) for name, value in one.items()} for one in drawn]


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    opened.faults = []
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    yield opened
    assert opened.faults == []
    opened.close()


def test_the_page_computes_what_the_library_does(page, example_run):
    for folder in pages(example_run):
        dials, floors, grids = dials_of(json.loads((folder / "resultat.json").read_bytes()))
        drawn = settings(dials)
        page.goto((folder / "rapport.html").as_uri())
        told = page.evaluate(
            "all => JSON.stringify(JSON.parse(all).map(document.querySelector('details.try').moved))", json.dumps(drawn)
        )
        for setting, found in zip(drawn, json.loads(told), strict=True):
            expected = moved(dials, setting, floors, grids)
            assert found.keys() == expected.keys()
            assert max(abs(found[key] - expected[key]) for key in expected) < KRONA_IN_MNKR


def test_a_dial_is_turned_by_keys_reset_and_linked_to(page, example_run):
    """A measure of 10 000 kr a month from June is 70 000 kr less to do: 3.98 becomes 3.91."""
    folder = next(folder for folder in pages(example_run) if "manadsprognos__exempelenheten" in folder.name)
    page.goto((folder / "rapport.html").as_uri())
    assert not page.locator("details.try").evaluate("one => one.open")
    page.locator("details.try > summary").click()
    told = page.locator(".tried")
    assert told.inner_text() == "Reglagen står som i rapporten."
    page.locator("#reglage-atgard_kr").focus()
    page.keyboard.press("ArrowRight")
    assert told.inner_text().replace("\u00a0", " ").startswith("Med det här är 3,91 mnkr kvar att åtgärda")
    page.get_by_role("button", name="Som i rapporten").click()
    assert told.inner_text() == "Reglagen står som i rapporten."
    page.goto((folder / "rapport.html").as_uri() + "#prov?atgard_kr=100000&atgard_manad=12")
    page.reload()
    assert told.inner_text().replace("\u00a0", " ").startswith("Med det här är 3,88 mnkr kvar att åtgärda")


def test_the_setting_can_be_fetched_as_a_scenario_that_planbok_reads(page, example_run, tmp_path):
    """What is not in the file, a share of a decided measure, is no change of a scenario of its own."""
    folders = Folders((tmp_path, PARAMS), SAMPLE)
    known = known_names(Collection(SAMPLE), load_rules(folders))
    settings = {
        "manadsprognos__exempelenheten": ("atgard_kr=150000&atgard_manad=9", [("atgard", -150_000, date(2024, 9, 1))]),
        "budgetscenarier__exempelenheten__atgarder": (
            "rad_procent=-1.5&rad_manad=7&belopp_kr=20000&belopp_manad=3",
            [("upprakning", -1.5, date(2024, 7, 1)), ("belopp", 20_000, date(2024, 3, 1))],
        ),
    }
    settings |= {
        "lss_peng__exempelenheten__bas": ("nya=3&nya_niva=4&nya_manad=5", [("volym", 3, date(2024, 5, 1))]),
        "gruppbostad_kbh__exempelenheten": (
            "oppnar=-2&arsarbetare=8.5&hyra=1",
            [("nytt_boende", 8.5, date(2024, 8, 1))],
        ),
        "bemanning_sjukfranvaro__exempel_assistans__bas": (
            "grupp_1=-1.5&inhyrd_andel=2",
            [
                ("sjukfranvaro", -1.5, date(2024, 9, 1)),
                ("regel", {"timavlonad": 0.82, "overtid": 0.06, "inhyrd": 0.12}, date(2024, 9, 1)),
            ],
        ),
    }
    (tmp_path / "scenarier").mkdir()
    for name, (setting, expected) in settings.items():
        folder = next(folder for folder in pages(example_run) if folder.name.startswith(name))
        page.goto((folder / "rapport.html").as_uri() + f"#prov?{setting}")
        page.reload()
        with page.expect_download() as fetched:
            page.get_by_role("button", name="Hämta som scenario").click()
        fetched.value.save_as(tmp_path / "scenarier" / "prov.yaml")
        changes = [numbered.change for numbered in load_scenario("prov", folders, known)]
        sizes = {"nytt_boende": "arsarbetare", "regel": "varde"}
        found = [(one.typ, getattr(one, sizes.get(one.typ) or one.figure), one.starts) for one in changes]
        assert found == expected
        rows = {(change.enhet, change.budgetrad) for change in changes if hasattr(change, "budgetrad")}
        assert rows <= {("exempelenheten", "Vårdkostnader")}


def test_without_a_script_nothing_is_said_of_turning(browser, example_run):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((pages(example_run)[0] / "rapport.html").as_uri())
    assert not page.locator("details.try").is_visible() and not page.locator(".try-link").is_visible()
    context.close()


def test_what_is_tried_is_drawn_in_the_pages_figure_and_gone_when_reset(page, example_run):
    """Of each kind of report with dials some line or bar moves; a home of which no cost is known has no such figure."""
    drawn = set()
    for folder in pages(example_run):
        page.goto((folder / "rapport.html").as_uri())
        page.locator("details.try > summary").click()
        if not page.locator("g.moves").count():
            assert not page.locator(".in-figure").is_visible()
            continue
        drawn.add(folder.name.partition("__")[0])
        assert page.locator("g.moves path").count() == 0
        first = page.locator(".try input[type=range]").first
        first.focus()
        page.keyboard.press("ArrowRight")
        assert page.locator("g.moves path").count() > 0, folder.name
        assert page.locator("g.moves text").first.inner_html().startswith("Provet ")
        page.get_by_role("button", name="Som i rapporten").click()
        assert page.locator("g.moves path").count() == 0
    assert drawn == WITH_DIALS
