"""Rows of homes and flats at their limits, and changes that move a home or not, held against a plain reading."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from conftest import write_scenario
from oracle.home_cases import CASES, ENHET, write_files
from oracle.home_money import Money, key_figures
from oracle.home_plan import Plan, World, plan_of, prices
from oracle.home_sheets import kbh_per_familj, mot_extern_placering, per_manad
from oracle.raw import read

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics import group_home

GIVEN = replace(CASES[0], changes=())
HOMES = (
    "a;provenheten;gruppbostad;kommunal;1;2024-10-01;2024-10-01;2024-10-01;0;0;0;0",
    "b;provenheten;gruppbostad;privat;2;2024-10-01;2024-10-02;2024-09-30;-1;-0.5;-1;-1",
    "c;provenheten;servicebostad;entreprenad;0;2024-10-01;2024-09-30;2024-10-02;1;1;1;1",
    "d;provenheten;grupbostad;andra_kommuner;3;2024-12-31;;;;;;",
    "e;provenheten;gruppbostad;kommunalt;1;2024-01-01;;;;;;",
)
FLATS = (
    "a;1;0;2024-10-01;1;1_vuxen;0",
    "a;2;100–200;2024-09-30;7;2_vuxna;1",
    "b;1;-1;2024-10-02;8;2_vuxna_12_barn;-1",
    "b;2;5;2024-10-01;0;0_vuxna;",
    "c;1;;2024-10-01;2;3_vuxna_1_barn;",
    "c;2;9;2024-10-01;99;1_vuxen_1_barn;",
    "d;1;9;2024-12-31;99;1_vuxen;",
    "f;1;9;2024-01-01;99;1_vuxen;-5",
)
AMOUNTS = ("startkostnad_kr", "bemanning_arsarbetare", "kostnad_kr_per_arsarbetare", "lokalhyra_kr_per_manad")
MANAGED = ("kommunal", "entreprenad", "privat", "andra_kommuner")


def faults_of_homes(rows: list[dict[str, str]]) -> set[tuple[int, str, str]]:
    found = set()
    for line, row in enumerate(rows, 2):
        if int(row["platser"]) < 1:
            found.add((line, "platser", "no_places"))
        for name in ("tilltrade", "personal_fran"):
            if row[name] and row[name] > row["oppnar"]:
                found.add((line, name, "after_opening"))
        found |= {(line, name, "negative") for name in AMOUNTS if row[name] and float(row[name]) < 0}
        if row["regi"] not in MANAGED:
            found.add((line, "regi", "unknown_regi"))
        if row["insats"] not in ("gruppbostad", "servicebostad"):
            found.add((line, "insats", "unknown_insats"))
    return found


def faults_of_flats(rows: list[dict[str, str]], homes: dict[str, dict[str, str]]) -> set[tuple[int, str, str]]:
    found, before = set(), dict.fromkeys(homes, 0)
    for line, row in enumerate(rows, 2):
        if row["hyra_kr_per_manad"].startswith("-"):
            found.add((line, "hyra_kr_per_manad", "negative"))
        if row["inkomst_kr_per_ar"].startswith("-"):
            found.add((line, "inkomst_kr_per_ar", "negative"))
        if row["hushall"][0] not in "12":
            found.add((line, "hushall", "unknown_household"))
        home = homes.get(row["boende"])
        if home is None:
            found.add((line, "boende", "unknown_boende"))
            continue
        if row["inflyttning"] < home["oppnar"]:
            found.add((line, "inflyttning", "before_opening"))
        before[row["boende"]] += 1
        if before[row["boende"]] > int(home["platser"]) > 0:
            found.add((line, "lagenhet", "too_many_flats"))
        listed = {key[4] for key in prices() if key[2] == home["insats"] and key[4].isdigit()}
        if listed and row["niva"] and row["niva"] not in listed:
            found.add((line, "niva", "unknown_level"))
    return found


def test_rows_at_their_limits_are_right_and_those_past_them_are_not(tmp_path):
    write_files(tmp_path / "data", GIVEN)
    for name, rows in (("boenden", HOMES), ("lagenheter", FLATS)):
        path = tmp_path / "data" / f"{name}.csv"
        head = path.read_text("utf-8").splitlines()[0]
        path.write_text("\n".join([head, *(text.replace(";", ",") for text in rows)]) + "\n", "utf-8")
    homes, flats = (read(tmp_path / "data" / f"{name}.csv") for name in ("boenden", "lagenheter"))
    sources = load_sources(Folders((PARAMS,), tmp_path / "data"))
    found = group_home.table_check.table_faults(sources.collection, sources.rules)
    told = [(Path(one.file).stem, one.line, one.place.removeprefix("kolumn "), one.code) for one in found]
    expected = {("boenden", *one) for one in faults_of_homes(homes)}
    expected |= {("lagenheter", *one) for one in faults_of_flats(flats, {row["boende"]: row for row in homes})}
    assert sorted(told) == sorted(expected)
    without = group_home.table_check.table_faults(sources.collection, None)  # nothing of what rules list
    assert without == [one for one in found if one.code not in ("unknown_insats", "unknown_level")]


def regel(name: str, varde: Any, fran: str = "2024-01-01", **more: Any) -> dict[str, Any]:
    return {"typ": "regel", "regel": name, "varde": varde, "fran": fran, **more}


UP = {"typ": "upprakning", "prislista": "lss_peng", "procent": 1.0, "fran": "2024-01-01"}
CHANGES = (
    regel("kbh.stockholm.andel", 0.8, "2024-12-31"),
    regel("kbh.stockholm.andel", 0.8, "2024-01-01", till="2024-02-29"),
    regel("kbh.stockholm.andel", 0.8, "2025-01-01"),
    regel("kbh.stockholm.andel", 0.8, enhet="grannen"),
    regel("kbh.stockholm.genomsnittshyra.plus_1_barn", 12000),
    regel("kbh.stockholm.genomsnittshyra.varje_barn_utover_2", 2851, "2024-08-01", till="2024-08-31"),
    regel("kbh.tak.hogsta_hyra", 5645, "2024-01-01"),
    regel("kbh.tak.hogsta_hyra", 5644, "2024-12-31"),
    regel("gruppbostad.forsening_manader", {"lag": 0, "hog": 4}),
    regel("gruppbostad.inflyttning_drojer_manader", {"lag": -1, "hog": 2}),
    regel("gruppbostad.forsening_manader", {"lag": 0, "hog": 3}),
    regel("extern_placering.institutionsvard.ovriga_landet", 4000),
    regel("extern_placering.gymnasieinternat.ovriga_landet", 4000),
    regel("lss_peng.ersattning.gruppbostad.kommunal.3", 2738),
    regel("lss_peng.ersattning.gruppbostad.entreprenad.3", 9),
    regel("lss_peng.ersattning.servicebostad.kommunal.3", 9),
    UP | {"niva": "6"},
    UP | {"fran": "2024-12-31"},
    {"typ": "nytt_boende", "boende": "hemmet", "oppnar": "2024-03-31"},
    {"typ": "nytt_boende", "boende": "annat", "oppnar": "2024-03-31"},
    {"typ": "nytt_boende", "boende": "hemmet", "oppnar": "2024-05-01", "enhet": "grannen"},
)


def figures(world: World, start: Plan) -> list[Any]:
    """Every figure of the report, and how late the home may be."""
    money = Money(world, world.under(start))
    tables = [one(money) for one in (kbh_per_familj, mot_extern_placering, per_manad)]
    risks = [world.rule(f"gruppbostad.{name}_manader", world.days[-1]) for name in ("forsening", "inflyttning_drojer")]
    return [key_figures(money), tables, risks]


def test_a_change_moves_a_home_where_a_figure_of_it_is_another(tmp_path):
    write_files(tmp_path / "data", GIVEN)
    start, world = plan_of(tmp_path / "data", "hemmet"), World(tmp_path / "data", ENHET, GIVEN.ar)
    for number, change in enumerate(CHANGES):
        write_scenario(tmp_path, f"prov{number}", [change])
    sources = load_sources(Folders((tmp_path, PARAMS), tmp_path / "data"))
    base = repr(figures(world, start))
    for number, change in enumerate(CHANGES):
        opens = change["typ"] == "nytt_boende"
        mine = change.get("enhet", ENHET) == ENHET
        changed = replace(world, changes=(change,), seen={})
        moves = mine and change["boende"] == "hemmet" if opens else repr(figures(changed, start)) != base
        told = {"ar": GIVEN.ar, "sources": sources, "boende": "hemmet", "scenario": f"prov{number}"}
        case = open_case("gruppbostad_kbh", enhet=ENHET, **told)
        numbered = next(iter(case.scenario))
        assert group_home.study.moves(case, numbered, group_home.study.home_of(case, "hemmet")) == moves, change
