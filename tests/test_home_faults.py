"""Homes and flats that can't be right are refused, everything at once, and never by more than their row."""

from pathlib import Path

import pytest
import yaml_files
from home_tables import ENHET, home_case, write_homes

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.cli import main
from planbok.commands.check import check
from planbok.topics import answer, group_home

BROKEN = yaml_files.read(Path(__file__).parent / "broken" / "boenden.yaml")
TWO_FAMILIES = """kbh.familj:
  titel: Regelfamilj för KBH
  mattenhet: text
  varden:
    - {fran: 2024-01-01, varde: stockholm, underlag: antagande, kalla: "Prov, en källa"}
    - {fran: 2024-07-01, varde: tak, underlag: antagande, kalla: "Prov, en källa"}
"""


def folder_of(broken: dict, tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir(parents=True)
    for name in ("boenden", "lagenheter"):
        (data / f"{name}.csv").write_text(broken[name], "utf-8")
    return data


def named(faults) -> list[str]:
    return sorted(f"{Path(fault.file).stem} {fault.line} {fault.code}" for fault in faults)


@pytest.mark.parametrize("broken", BROKEN, ids=[broken["name"] for broken in BROKEN])
def test_tables_that_cannot_be_right_are_refused_with_exactly_their_faults(broken, tmp_path):
    sources = load_sources(Folders((PARAMS,), folder_of(broken, tmp_path)))
    with pytest.raises(InputError) as stopped:
        group_home.study.study(open_case("gruppbostad_kbh", enhet=ENHET, ar=2024, boende="hemmet", sources=sources))
    assert named(stopped.value.faults) == sorted(broken["fel"])
    for word in broken["ord"]:
        assert word in str(stopped.value)


def test_names_of_broken_tables_are_their_own():
    names = [broken["name"] for broken in BROKEN]
    assert len(names) == len(set(names)) >= 5


def test_check_names_faulty_flats_and_two_families_at_once(tmp_path):
    params = tmp_path / "params"
    (params / "regler").mkdir(parents=True)
    (params / "regler" / "kbh.yaml").write_text(TWO_FAMILIES, "utf-8")
    report = check(Folders((params, PARAMS), folder_of(BROKEN[0], tmp_path)))
    found = named(report.faults)
    assert set(BROKEN[0]["fel"]) <= set(found)
    assert "kbh 6 overlap" in found


PLAN = """titel: Prov
korningar:
  - notebook: gruppbostad_kbh
    parametrar: {ar: 2024, enhet: provenheten, boende: hemmet}
"""


def test_a_run_names_faulty_flats_and_two_families_at_once_and_writes_nothing(tmp_path, capsys):
    params, data, out = tmp_path / "params", folder_of(BROKEN[0], tmp_path), tmp_path / "ut"
    for name, text in (("regler/kbh.yaml", TWO_FAMILIES), ("planer/prov.yaml", PLAN)):
        (params / name).parent.mkdir(parents=True)
        (params / name).write_text(text, "utf-8")
    code = main(["run", "prov", "--params", str(params), "--data", str(data), "--out", str(out)])
    said = capsys.readouterr().err
    assert code == 2
    assert not out.exists()
    rows = ("rad 2, kolumn inflyttning", "rad 3, kolumn hyra_kr_per_manad", "rad 4, kolumn hushall")
    for words in (*rows, "rad 5, kolumn lagenhet", "regeln 'kbh.familj' har två värden samtidigt", "Inget har körts"):
        assert words in said
    assert "boenden.csv" not in said


def test_a_run_whose_rules_are_at_fault_names_only_the_tables_that_it_uses(tmp_path, capsys):
    params, data = tmp_path / "params", folder_of(BROKEN[0], tmp_path)
    plan = "titel: Prov\nkorningar:\n  - {notebook: lss_peng, parametrar: {ar: 2024, enhet: provenheten}}\n"
    for name, text in (("regler/kbh.yaml", TWO_FAMILIES), ("planer/prov.yaml", plan)):
        (params / name).parent.mkdir(parents=True)
        (params / name).write_text(text, "utf-8")
    assert main(["run", "prov", "--params", str(params), "--data", str(data), "--out", str(tmp_path / "ut")]) == 2
    said = capsys.readouterr().err
    assert "kbh.familj" in said
    assert "lagenheter" not in said


def test_check_says_the_same_of_homes_as_a_run(tmp_path):
    for broken in BROKEN[:4]:
        data = folder_of(broken, tmp_path / broken["name"].replace(" ", "_"))
        assert set(broken["fel"]) <= set(named(check(Folders((PARAMS,), data)).faults))


def test_an_unknown_family_is_refused_with_the_families_there_are(tmp_path):
    rule = {"typ": "regel", "regel": "kbh.familj", "varde": "stokholm", "fran": "2024-01-01"}
    with pytest.raises(InputError, match="Menade du 'stockholm'"):
        group_home.study.study(home_case(tmp_path, [rule]))


def test_a_home_at_fault_stops_only_what_opens_it(tmp_path):
    write_homes(tmp_path / "data", flats=[{"hyra": -1}])
    sources = load_sources(Folders((PARAMS,), tmp_path / "data"))
    answer.verify(open_case("budgetscenarier", enhet=ENHET, ar=2024, sources=sources))
    with pytest.raises(InputError, match="hyran ska inte vara negativ"):
        answer.verify(open_case("gruppbostad_kbh", enhet=ENHET, ar=2024, boende="hemmet", sources=sources))


def test_own_rules_without_a_family_are_stockholms(tmp_path):
    params = tmp_path / "params"
    (params / "regler").mkdir(parents=True)
    own = (PARAMS / "regler" / "kbh.yaml").read_text("utf-8")
    (params / "regler" / "kbh.yaml").write_text(own[own.index("\nkbh.stockholm.andel:") :], "utf-8")
    write_homes(tmp_path / "data")
    sources = load_sources(Folders((params, PARAMS), tmp_path / "data"))
    study = group_home.study.study(open_case("gruppbostad_kbh", enhet=ENHET, ar=2024, boende="hemmet", sources=sources))
    result = group_home.view.result(study)
    assert result.nyckeltal["kbh_helar_lag_kr"].varde == pytest.approx(60 * 0.9 * (12_000 - 7875))
    assert (
        "regeln kbh.tak.hogsta_hyra finns inte"
        in str(result.tabeller["kbh_per_familj"].frame["anmarkning"].tolist()).lower()
    )
