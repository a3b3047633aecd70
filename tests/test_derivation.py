"""harledning.json: every key figure and total leads back to rules, rows and changes, and says no more than is shown."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from planbok.base.workspace import ROOT, Folders
from planbok.batch.gate import derivation as gate
from planbok.case.case import load_sources, open_case
from planbok.report import handover
from planbok.report.derivation_html import panels
from planbok.topics.answer import answer

SAMPLE = ROOT / "data" / "sample"
BUDGET = ("budgetscenarier", {"enhet": "exempelenheten", "ar": 2024, "scenario": "fler_personer_2024"})
PENG = ("lss_peng", {"enhet": "exempelenheten", "ar": 2024})
MONTH = ("manadsprognos", {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 8})
HOME = ("gruppbostad_kbh", {"enhet": "exempelenheten", "ar": 2024, "boende": "nya_hemmet"})
STAFF = ("bemanning_sjukfranvaro", {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 8})

HOURS = ("assistans", {"enhet": "exempel_assistans", "ar": 2024, "tom_manad": 8})
DECIDED = ("beslut_i_tid", {"enhet": "exempelenheten", "ar": 2024})
OLDER = ("aldreomsorg", {"enhet": "exempel_aldre", "ar": 2024, "tom_manad": 8})


@pytest.fixture(scope="module")
def sources():
    return load_sources(Folders.chosen())


_written: dict = {}


def written(question, sources, spridning="ledning"):
    """resultat.json and harledning.json of a question, as they are written; each made once on the same sources."""
    key = repr(question), id(sources), spridning
    if key not in _written:
        _written[key] = sources, _now(question, sources, spridning)  # held: nothing made later gets the same id
    return _written[key][1]


def _now(question, sources, spridning):
    notebook, parameters = question
    case = open_case(notebook, sources=sources, spridning=spridning, **parameters)
    result = answer(case).result
    both = handover.as_json(case, result), handover.came_from(case, result)
    return tuple(json.loads(json.dumps(one, default=handover._plain, allow_nan=False)) for one in both)


def table(name: str, **where) -> list[dict[str, str]]:
    """The rows of a sample table that hold the values, read as plain csv."""
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if all(row[key] == value for key, value in where.items())]


def behind(entry, column):
    return next(rows for rows in entry["rader"] if rows.get("kolumn") == column)


def test_a_budget_figure_is_the_rows_of_its_file(sources):
    _, came = written(("budgetscenarier", {"enhet": "ostermalm", "ar": 2016}), sources)
    rows = [row for row in table("budget", enhet="ostermalm", ar="2016", version="vp") if row["budgetrad"] != "Totalt"]
    cost, income = (sum(float(row[key]) for row in rows) for key in ("kostnad_mnkr", "intakt_mnkr"))
    entry = came["nyckeltal"]["nettokostnad_mnkr"]
    assert behind(entry, "kostnad_mnkr")["rader"] == len(rows)
    assert behind(entry, "kostnad_mnkr")["summa"] == pytest.approx(cost)
    assert behind(entry, "intakt_mnkr")["summa"] == pytest.approx(income)
    assert entry["varde"] == pytest.approx(cost - income)
    posts = {part["budgetrad"]: part["summa"] for part in behind(entry, "kostnad_mnkr")["poster"]}
    assert posts == {row["budgetrad"]: pytest.approx(float(row["kostnad_mnkr"])) for row in rows}
    assert behind(entry, "kostnad_mnkr")["dar"] == {"ar": 2016, "version": "vp"}
    assert entry["forandringar"] == [] and came["totaler"]["budget"]["varden"]["netto_mnkr"]["varde"] == entry["varde"]


def test_parts_of_a_row_are_never_added_to_it(sources):
    """Exempelenheten's budget states rows and, beside them, what operations have of them."""
    _, came = written(BUDGET, sources)
    rows = table("budget", enhet="exempelenheten", ar="2024", version="vp", verksamhet="")
    whole = sum(float(row["kostnad_mnkr"]) for row in rows if row["budgetrad"] != "Totalt")
    assert behind(came["nyckeltal"]["kostnad_mnkr"], "kostnad_mnkr")["summa"] == pytest.approx(whole)


def test_the_months_behind_the_outturn(sources):
    _, came = written(MONTH, sources)
    rows = [row for row in table("utfall", enhet="exempelenheten") if "2024-01" <= row["manad"] <= "2024-08"]
    rows = [row for row in rows if row["budgetrad"] != "Totalt"]
    entry = came["nyckeltal"]["utfall_mnkr"]
    net = sum(float(row["kostnad_kr"]) - float(row["intakt_kr"]) for row in rows)
    assert behind(entry, "kostnad_kr")["rader"] == len(rows)
    assert behind(entry, "kostnad_kr")["summa"] - behind(entry, "intakt_kr")["summa"] == pytest.approx(net)
    assert entry["varde"] == pytest.approx(net / 1e6) and entry["regler"] == []


def test_hours_of_staff_only_in_working_papers(sources):
    rows = [row for row in table("bemanning", enhet="exempelenheten") if "2024-01" <= row["manad"] <= "2024-08"]
    _, came = written(STAFF, sources, "arbetsmaterial")
    entry = came["nyckeltal"]["sjukfranvaro_procent"]
    sick, hours = (sum(float(row[key]) for row in rows) for key in ("sjuk_h", "avtalad_tid_h"))
    assert [found["summa"] for found in entry["rader"]] == [pytest.approx(sick), pytest.approx(hours)]
    assert entry["varde"] == pytest.approx(100 * sick / hours)
    _, came = written(STAFF, sources)
    every = len(table("bemanning"))
    for found in came["nyckeltal"]["sjukfranvaro_procent"]["rader"]:
        assert found == {"fil": "bemanning.csv", "rader": every, "summa": None}


@pytest.mark.parametrize(
    ("question", "spridning"), [(BUDGET, "ledning"), (PENG, "ledning"), (STAFF, "offentlig")], ids=lambda one: one[0]
)
def test_no_more_than_the_result_shows(question, spridning, sources):
    result, came = written(question, sources, spridning)
    assert came["nyckeltal"].keys() == result["nyckeltal"].keys()
    assert list(gate._more(came, result)) == []
    withheld = [name for name, figure in result["nyckeltal"].items() if figure.get("skyddas")]
    for name in withheld:
        rows = [row for row in came["nyckeltal"][name]["rader"] if row["fil"] in ("beslut.csv", "bemanning.csv")]
        assert all(row == {"fil": row["fil"], "rader": None, "summa": None, "skyddas": "få personer"} for row in rows)
    if spridning == "offentlig":
        assert "motivering" not in json.dumps(came)


# a rule, and a table's column, and what by hand is known to come of it
RULES = [
    (HOME, "kbh.stockholm.andel", {"kbh_ar_lag_kr", "kbh_ar_hog_kr", "kbh_helar_lag_kr", "kbh_helar_hog_kr"}),
    (MONTH, "uppfoljning.slap_manader", {"prognos_mnkr", "avvikelse_mnkr"}),
    (HOURS, "assistans.vantetid_andel", {"utforda_h"}),
    (HOURS, "ersattare.kr_per_timme.overtid", {"overtid_kr"}),
    (DECIDED, "beslut_i_tid.verkstallighet_manader", {"ej_verkstallda_antal", "start_i_tid_procent"}),
    (DECIDED, "beslut_i_tid.timmar_per_handlaggare", {"ko_sist_antal"}),
    (OLDER, "hemtjanst.natt_insatser_per_dygn", {"prognos_mnkr"}),
]
# by hand: all the rules that a figure is made of
PLANS = {"insatser.utan_beslut", "insatser.lucka_dagar"}
NAMED = [
    (HOURS, "utforda_h", {"assistans.vantetid_andel"}),
    (HOURS, "schema_mot_beviljat_procent", set()),
    (HOURS, "over_kr_per_manad", {"assistans.egen_kostnad_kr_per_timme"}),
    (
        HOURS,
        "forlorat_kr",
        {f"assistans.{name}" for name in ("kr_per_timme", "krav_manader", "krav_dag", "vantetid_andel")},
    ),
    (HOURS, "ej_debiterade_h", set()),
    (HOURS, "overtid_kr", {"ersattare.kr_per_timme.overtid"}),
    (HOURS, "overtid", {"ersattare.kr_per_timme.overtid", "ersattare.kr_per_timme.inhyrd"}),
    (DECIDED, "handlaggningstid_median_dagar", set()),
    (DECIDED, "arenden_i_tid_procent", {"beslut_i_tid.handlaggning_dagar"}),
    (DECIDED, "kontakt_i_tid_procent", {"beslut_i_tid.kontakt_dagar", *PLANS}),
    (DECIDED, "utgar_inom_3_manader_antal", {"beslut_i_tid.utgar_manader", *PLANS}),
    (OLDER, "vobo_helmanader", set()),
    (HOME, "kbh_ar_hog_kr", {"kbh.familj", "kbh.stockholm.andel", "kbh.stockholm.genomsnittshyra.vuxna_1_2"}),
    (STAFF, "sjukfranvaro_mal_procent", set()),
    (MONTH, "budget_mnkr", {"uppfoljning.budgetversion_fran_manad"}),
    (MONTH, "utfall_mnkr", set()),
    (MONTH, "prognosavvikelse_procent", {"uppfoljning.metod", "uppfoljning.slap_manader"}),
]


@pytest.mark.parametrize(
    ("question", "rule", "known"), RULES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_a_rule_moves_says_that_it_comes_of_it(question, rule, known, sources):
    """The rule is changed, and every key figure that moves must name it."""
    before, came = written(question, sources, "arbetsmaterial")
    changed = {
        **sources.rules.series,
        rule: [replace(one, varde=_moved(one.varde)) for one in sources.rules.series[rule]],
    }
    after, _ = written(question, replace(sources, rules=replace(sources.rules, series=changed)), "arbetsmaterial")
    moved = {name for name, it in before["nyckeltal"].items() if it["varde"] != after["nyckeltal"][name]["varde"]}
    assert moved >= known
    naming = {name for name, it in came["nyckeltal"].items() if rule in {row["regel"] for row in it["regler"]}}
    assert moved <= naming < set(before["nyckeltal"])


@pytest.mark.parametrize(
    ("question", "figure", "rules"), NAMED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_figure_names_the_rules_that_it_is_made_of_and_no_others(question, figure, rules, sources):
    _, came = written(question, sources, "arbetsmaterial")
    entry = {**came["totaler"], **came["nyckeltal"]}[figure]
    assert {row["regel"] for row in entry["regler"]} == rules


def _moved(value):
    if isinstance(value, dict):
        return {key: _moved(part) for key, part in value.items()}
    return value + 1 if isinstance(value, int) else value * 0.9 if isinstance(value, float) else value


def test_a_change_says_what_it_does_alone(sources):
    result, came = written(BUDGET, sources)
    (change,) = came["nyckeltal"]["skillnad_mnkr"]["forandringar"]
    assert change["nr"] == 1 and change["kr"] / 1e6 == pytest.approx(result["nyckeltal"]["skillnad_mnkr"]["varde"])
    assert change["kr_helar"] / 1e6 == pytest.approx(result["nyckeltal"]["helarseffekt_mnkr"]["varde"])
    assert came["nyckeltal"]["nettokostnad_jamfor_mnkr"]["forandringar"] == []


def told(folder: Path, result, came) -> set[str]:
    (folder / "resultat.json").write_text(json.dumps(result), "utf-8")
    (folder / "harledning.json").write_text(json.dumps(came), "utf-8")
    return {place for _, place, _ in gate.hits(folder, "ledning")}


def test_the_gate_finds_what_a_derivation_says_too_much(tmp_path, sources):
    result, came = written(PENG, sources)
    assert told(tmp_path, result, came) == set()

    def spoilt(act):
        copy = json.loads(json.dumps(came))
        act(copy["nyckeltal"]["slutlig_kr"])
        return told(tmp_path, result, copy)

    assert spoilt(lambda it: it.update(varde=1.0)) == {"nyckeltal.slutlig_kr"}
    assert spoilt(lambda it: it["rader"][0].update(rader=7)) == {"nyckeltal.slutlig_kr.rader"}
    assert spoilt(lambda it: it["rader"][0].update(dar={"niva": 4})) == {"nyckeltal.slutlig_kr.rader"}
    assert spoilt(lambda it: it["rader"][0].update(summa=12.0)) == {"nyckeltal.slutlig_kr.rader"}
    assert spoilt(lambda it: it["regler"][0].update(varde=3)) == {"nyckeltal.slutlig_kr.regler"}
    assert spoilt(lambda it: it["forandringar"].append({"nr": 4, "beskrivning": "x"})) == {
        "nyckeltal.slutlig_kr.forandringar"
    }
    assert {kind for _, _, kind in gate.hits(tmp_path, "offentlig")} and not list(gate.hits(tmp_path, "arbetsmaterial"))


def test_a_panel_reads_as_swedish(sources):
    _, came = written(MONTH, sources)
    panel = next(str(one) for one in panels(came) if 'id="varifran-utfall_mnkr"' in str(one))
    assert "Så räknas det: utfallets kostnader minus intäkter till och med månaden." in panel
    assert "utfall.csv: 32 rader (enhet exempelenheten, månad jan–aug 2024), rad 98–105, " in panel
    assert "Summa kostnad 110" in panel and "Vårdkostnader" in panel


def test_a_panel_names_the_rules_that_count_and_says_that_rows_are_of_the_whole_file(sources):
    """Persons move the budget: their rules stand behind it, but none of surveys or of how years are compared."""
    parameters = {"enhet": "exempelenheten", "ar": 2024, "scenario": "fler_personer_2024"}
    _, came = written(("budgetscenarier", parameters), sources)
    named = {row["regel"] for row in came["nyckeltal"]["kostnad_mnkr"]["regler"]}
    assert "lss_peng.matregel" in named and not named & {"enkat.minsta_svarande", "budget.upprakning_procent"}
    assert [row["regel"] for row in came["totaler"]["ar_jamforelse"]["regler"]] == ["budget.upprakning_procent"]
    panel = next(str(one) for one in panels(came) if 'id="varifran-kostnad_mnkr"' in str(one))
    assert f"beslut.csv: {len(table('beslut'))} rader i hela filen; vilka av dem som räknas sägs inte" in panel
    assert "korttidsvistelse: per dygn, räknas i nätter; korttidstillsyn: per timme" in panel
    _, came = written(("budgetscenarier", parameters), sources, "arbetsmaterial")
    panel = next(str(one) for one in panels(came) if 'id="varifran-kostnad_mnkr"' in str(one))
    assert f"beslut.csv: {len(table('beslut', enhet='exempelenheten'))} rader<" in panel.replace(
        " (enhet exempelenheten)", ""
    )


def test_a_rule_that_lacks_a_value_is_called_by_its_title(sources):
    """The social charges have no value for 2024 in the sample; resultat.json names the rule by its key."""
    question = "bemanning_sjukfranvaro", {"enhet": "exempel_stod", "ar": 2024, "tom_manad": 8}
    result, came = written(question, sources)
    assert "po_palagg" in result["nyckeltal"]["sjuklonekostnad_kr"]["saknas"]
    assert "po_palagg" not in json.dumps(came)
    assert came["nyckeltal"]["sjuklonekostnad_kr"]["saknas"].startswith("regeln ”Personalomkostnadspålägg")


def test_a_budget_rows_own_source_stands_at_its_figure_but_not_for_the_public(sources):
    """The rows' own column kalla, under the table and behind the figure, row by row."""
    question = ("budgetscenarier", {"enhet": "ostermalm", "ar": 2016})
    stated = {row["kalla"] for row in table("budget", enhet="ostermalm", ar="2016")}
    for audience in ("ledning", "offentlig"):
        result, came = written(question, sources, audience)
        rows = behind(came["nyckeltal"]["kostnad_mnkr"], "kostnad_mnkr")["poster"]
        told = {row["kalla"] for row in rows if "kalla" in row}
        assert told == (stated if audience == "ledning" else set())
        assert ("Verksamhetsplan 2016" in result["tabeller_not"].get("budget", "")) is (audience == "ledning")
