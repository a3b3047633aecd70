"""Worked examples of LSS-peng: from decisions and prices to kronor, to the öre, all checkable by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml_files
from conftest import examples, replace_in, write_scenario

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Case, load_sources, open_case
from planbok.topics import answer, lss_peng
from planbok.topics.lss_peng import decisions, model, moves

EXAMPLES = examples("lss_peng")
ENHET = "provenheten"
HEAD = "beslut,person,enhet,insats,niva,regi,utforare,fran,till,pris_kr_per_dygn,timmar_per_manad,tidsslag"
KEYS = ("insats", "niva", "regi", "utforare", "fran", "till", "pris", "timmar", "tidsslag")
PRICE_HEAD = "ar,avser,insats,regi,niva,kr_per_dygn,underlag,kalla"
BUDGET = "enhet,ar,version,budgetrad,kostnad_mnkr,intakt_mnkr\n"
WITHIN_KR = 0.005


def write_tables(folder: Path, decisions: list[dict], ar: int) -> None:
    """The unit's decisions and a budget that effects can land on."""
    folder.mkdir()
    lines = [HEAD]
    for number, given in enumerate(decisions, start=1):
        row = {"person": f"someone{number:04d}", "regi": "kommunal", **given}
        lines.append(",".join([f"b{number:03d}", row["person"], ENHET, *(str(row.get(key, "")) for key in KEYS)]))
    (folder / "beslut.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "budget.csv").write_text(f"{BUDGET}{ENHET},{ar},vp,Vårdkostnader,20.0,1.0\n", "utf-8")


def write_params(folder: Path, example: dict) -> None:
    """What the example changes in rules and price lists, and its scenario."""
    rules = folder / "regler"
    rules.mkdir(parents=True)
    if "matregel" in example or "vikter" in example:
        own = rules / "lss_peng.yaml"
        own.write_text((PARAMS / "regler" / "lss_peng.yaml").read_text("utf-8"), "utf-8")
        replace_in(own, "varde: senaste", f"varde: {example.get('matregel', 'senaste')}")
        equal = "{matning_1: 0.5, matning_2: 0.5}"
        replace_in(own, equal, example.get("vikter", equal))
    if "prislista" in example:
        rows = [PRICE_HEAD, *(f"{row},antagande,Prov" for row in example["prislista"])]
        (rules / "lss_peng_prov.csv").write_text("\n".join(rows) + "\n", "utf-8")
    if example.get("forandringar"):
        write_scenario(folder, "prov", example["forandringar"])


def case_of(example: dict, folder: Path) -> Case:
    write_tables(folder / "data", example["beslut"], example["ar"])
    write_params(folder / "params", example)
    sources = load_sources(Folders((folder / "params", PARAMS), folder / "data"))
    scenario = {"scenario": "prov"} if example.get("forandringar") else {}
    return open_case("lss_peng", enhet=ENHET, ar=example["ar"], sources=sources, **scenario)


def figures(world) -> dict[str, float]:
    """Every figure of a world that an example may expect; what has no price is in no sum."""
    states = {name: float(np.nansum(world.state(name))) for name in ("preliminar", "efter_matning_1", "slutlig")}
    rules = {rule: float(np.nansum(world.final_under(rule))) for rule in ("senaste", "vikter", "halvar")}
    above = model.price_above_level(world.by_day, world.prices, world.frame.nightly)
    unpriced = np.isnan(world.prices.tilldelning)
    return {
        "peng_dygn": float(np.nansum(world.peng)),
        "dygn": float(world.days.sum()),
        "saknar_pris_dygn": float(world.days[unpriced].sum()),
        "ersattning": float(world.paid_by_month().sum()),
        "over_peng": float(above["kr"].sum()),
        "helar_ram": world.full_year_frame(),
        "helar_ersattning": world.full_year_paid(),
        "matning_1": float(world.persons(world.frame.matning_1).sum()),
        "matning_2": float(world.persons(world.frame.matning_2).sum()),
        **states,
        **rules,
    }


def landed(case: Case) -> dict[str, float]:
    """What the scenario puts on each side of the budget in the year, and over a full year."""
    rows = answer.others(replace(case, spridning="arbetsmaterial")).effects(case.scenario).rows  # to the krona
    assert set(rows["budgetrad"]) <= {"Vårdkostnader"}
    full = rows["manad"] == "helar"
    by_side = rows.assign(var=rows["sida"] + np.where(full, "_helar", "")).groupby("var")["kr"].sum()
    return by_side[by_side.abs() > WITHIN_KR].to_dict()


def steps(before: list, after: list) -> tuple[dict[str, float], float]:
    """A bridge's bars, and how far they are from the difference between its ends."""
    kr = moves.bridge(before, after, ("före", "efter")).set_index("typ")["kr"]
    return kr.drop(["start", "slut"]).to_dict(), float(kr.drop("slut").sum() - kr["slut"])


def near(expected: dict) -> object:
    return pytest.approx(expected, abs=WITHIN_KR)


def check_world(example: dict, study: lss_peng.study.Study) -> None:
    found = figures(study.world) | {"lanat": study.borrowed}
    assert {name: found[name] for name in example.get("vantat", {})} == near(example.get("vantat", {}))
    bas, now = figures(study.bas), figures(study.world)
    moved = {name: now[name] - bas[name] for name in example.get("skillnad", {})}
    assert moved == near(example.get("skillnad", {}))
    if "manader" in example:
        manad = [span.manad for span in study.world.frame.spans]
        by_month = {key: kr for key, kr in zip(manad, np.nansum(study.world.peng, axis=0), strict=True) if kr}
        assert by_month == near(example["manader"])
    without = study.world.cells[np.isnan(study.world.peng).any(axis=1)]
    if "utan_pris" in example:
        assert [list(cell) for cell in without] == example["utan_pris"]


def check_bridges(example: dict, study: lss_peng.study.Study) -> None:
    final = moves.parts(study.world, "slutlig")
    for name, before in (
        ("brygga", moves.parts(study.bas, "slutlig")),
        ("brygga_lagen", moves.parts(study.world, "efter_matning_1")),
        ("brygga_ar", moves.parts(study.year_before, "slutlig")),
    ):
        found, off = steps(before, final)
        assert abs(off) < WITHIN_KR
        expected = example.get(name, {})
        assert {typ: found[typ] for typ in expected} == near(expected)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["namn"] for example in EXAMPLES])
def test_worked_example(example, tmp_path):
    if "fel" in example:
        with pytest.raises(InputError) as stopped:
            lss_peng.study.study(case_of(example, tmp_path))
        assert all(words in str(stopped.value) for words in example["fel"]), str(stopped.value)
        return
    case = case_of(example, tmp_path)
    study = lss_peng.study.study(case)
    check_world(example, study)
    check_bridges(example, study)
    if "effekter" in example:
        assert landed(case) == near(example["effekter"])
    assert {"vantat", "skillnad", "brygga_ar"} & set(example), "an example must expect something"


def test_names_of_examples_are_their_own():
    names = [example["namn"] for example in EXAMPLES]
    assert len(names) == len(set(names))


def test_the_year_of_a_decision_moved_in_is_told_by_its_month(tmp_path):
    """A change of level or management is no new start; a gap of a day is."""
    decisions = [
        {"person": "someone0001", "insats": "gruppbostad", "niva": 3, "fran": "2020-01-01", "till": "2024-02-29"},
        {"person": "someone0001", "insats": "gruppbostad", "niva": 4, "fran": "2024-03-01", "till": "2024-05-30"},
        {"person": "someone0001", "insats": "gruppbostad", "niva": 4, "fran": "2024-06-01"},
        {"person": "someone0002", "insats": "gruppbostad", "niva": 4, "fran": "2024-10-01", "till": "2024-10-31"},
        {"person": "someone0002", "insats": "gruppbostad", "niva": 5, "fran": "2024-11-01"},
        {"person": "someone0002", "insats": "servicebostad", "niva": 5, "fran": "2024-12-01"},
    ]
    world = lss_peng.study.study(case_of({"beslut": decisions, "ar": 2024}, tmp_path)).world
    months = model.move_in_months(world.by_day, 2024).tolist()
    assert months == ["före 2024", "före 2024", "2024-06", "2024-10", "2024-10", "2024-12"]
    ordered = world.by_day.sort_values([*moves.KEY, "fran"])
    counted = moves.counted_moves(ordered, date(2024, 1, 1), date(2024, 12, 31))
    assert counted == {"in": 3, "ut": 1, "niva": 2}


def test_the_history_of_moves_begins_with_the_year_two_years_before(tmp_path):
    """Of 2022–2024: who moved in on the first of January 2022 is counted, the day before is not."""
    days = ("2021-12-31", "2022-01-01", "2022-01-02")
    decisions = [
        {"person": f"someone000{n}", "insats": "gruppbostad", "niva": 4, "fran": day} for n, day in enumerate(days)
    ]
    study = lss_peng.study.study(case_of({"beslut": decisions, "ar": 2024}, tmp_path))
    assert lss_peng.outlook.outlook(study).moves == {"in": 2, "ut": 0, "niva": 0}


def test_the_largest_price_above_the_level_comes_first(tmp_path):
    decisions = [
        {"insats": "gruppbostad", "niva": 3, "fran": "2024-12-01", "pris": 2837, "utforare": "liten"},
        {"insats": "gruppbostad", "niva": 3, "fran": "2024-12-01", "pris": 9000, "utforare": "stor"},
        {"insats": "gruppbostad", "niva": 3, "fran": "2024-12-31", "pris": 9000, "utforare": "mellan"},
    ]
    world = lss_peng.study.study(case_of({"beslut": decisions, "ar": 2024}, tmp_path)).world
    found = model.price_above_level(world.by_day, world.prices, world.frame.nightly)
    assert found[["utforare", "dygn", "kr"]].to_numpy().tolist() == [
        ["stor", 31, 31 * 6263],
        ["mellan", 1, 6263],
        ["liten", 31, 3100],
    ]


@pytest.mark.parametrize("text", ["2023-12-31", "31 mars", "2024-02-30"])
def test_a_day_outside_the_year_is_refused(tmp_path, text):
    case = case_of({"beslut": [{"insats": "gruppbostad", "niva": 3, "fran": "2020-01-01"}], "ar": 2024}, tmp_path)
    case.parametrar["per_datum"] = text
    with pytest.raises(InputError, match="per_datum"):
        lss_peng.study.study(case)


BROKEN = yaml_files.read(Path(__file__).parent / "broken" / "beslut.yaml")


def broken_case(rows: list[list], folder: Path) -> Case:
    names = ("person", "insats", "niva", "regi", "fran", "till")
    return case_of({"beslut": [dict(zip(names, row, strict=True)) for row in rows], "ar": 2024}, folder)


@pytest.mark.parametrize("broken", BROKEN, ids=[broken["name"] for broken in BROKEN])
def test_decisions_that_cannot_be_right_are_refused_with_exactly_their_faults(broken, tmp_path):
    with pytest.raises(InputError) as stopped:
        lss_peng.study.study(broken_case(broken["rader"], tmp_path))
    assert sorted(f"{f.line} {f.code}" for f in stopped.value.faults) == sorted(broken["fel"])
    assert all(words in str(stopped.value) for words in broken["ord"]), str(stopped.value)
    assert "hemlig" not in str(stopped.value)


def test_many_faults_of_a_kind_end_with_their_number(tmp_path):
    rows = [[f"hemlig{i:04d}", "gruppbostad", 9, "kommunal", "2020-01-01", ""] for i in range(30)]
    with pytest.raises(InputError) as stopped:
        lss_peng.study.study(broken_case(rows, tmp_path))
    assert len(stopped.value.faults) == 21
    (rest,) = (fault for fault in stopped.value.faults if "samma fel på 10 rader till" in fault.text)
    assert str(rest) == "fil rad 22, kolumn niva: samma fel på 10 rader till, den sista rad 31."
    assert {fault.code for fault in stopped.value.faults} == {"unknown_level"}
    twenty = pd.DataFrame(rows[:20], columns=["person", "insats", "niva", "regi", "fran", "till"])
    shown = decisions._named(twenty.assign(_rad=range(2, 22)), lambda row: "fel.", "beslut.csv", ("", "code"))
    assert [fault.line for fault in shown] == list(range(2, 22))


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["hemlig0001", "gruppbostad", 4, "kommunal", "2020-01-01", "2024-06-29"],
            ["hemlig0001", "gruppbostad", 5, "kommunal", "2024-06-30", ""],
        ],
        [
            ["hemlig0001", "gruppbostad", 4, "kommunal", "2020-01-01", ""],
            ["hemlig0001", "daglig_verksamhet", 4, "kommunal", "2020-01-01", ""],
        ],
        [
            ["hemlig0001", "gruppbostad", 4, "kommunal", "2020-01-01", ""],
            ["hemlig0002", "gruppbostad", 4, "kommunal", "2020-01-01", ""],
        ],
    ],
    ids=["dagen efter", "en annan insats", "en annan person"],
)
def test_decisions_beside_each_other_are_no_overlap(rows, tmp_path):
    assert len(lss_peng.study.study(broken_case(rows, tmp_path)).world.by_day) == 2
