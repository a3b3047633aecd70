"""The figures that the handbook prints of its examples, read from its text, are those that the reports give."""

import re
from pathlib import Path

import pytest
import yaml_files
from ruamel.yaml import YAML

from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics import answer

HANDBOOK = (Path(__file__).resolve().parents[1] / "docs/handbok.md").read_text("utf-8")
FLAT = " ".join(HANDBOOK.split())
PRINTED = {
    block.get("titel"): block for block in map(yaml_files.read, re.findall(r"```yaml\n(.*?)```", HANDBOOK, re.S))
}
NUMBER = r"([+−]?[0-9][0-9 ]*(?:,[0-9]+)?)"


def numbers(sentence: str) -> list[float]:
    """The numbers of a sentence of the handbook, where each is written as `#`."""
    pattern = re.escape(sentence).replace(r"\#", "#").replace("#", NUMBER)
    (found,) = re.findall(pattern, FLAT)
    return [number(text) for text in ([found] if isinstance(found, str) else found)]


def number(text: str) -> float:
    return float(text.strip().replace(" ", "").replace("−", "-").replace(",", "."))


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """What a notebook answers of a unit, under some changes or a shipped scenario."""
    own = tmp_path_factory.mktemp("params")
    (own / "scenarier").mkdir()

    def answer_of(notebook: str, changes: list | None = None, enhet: str = "exempelenheten", ar: int = 2024, **more):
        if changes:
            scenario = {"titel": "Prov", "fraga": "Vad händer?", "forandringar": changes}
            with (own / "scenarier/ur_handboken.yaml").open("w", encoding="utf-8") as file:
                YAML().dump(scenario, file)
            more["scenario"] = "ur_handboken"
        sources = load_sources(Folders((own, PARAMS), SAMPLE))
        case = open_case(notebook, enhet=enhet, ar=ar, sources=sources, spridning="arbetsmaterial", **more)
        return answer.answer(case).result

    return answer_of


def figures(result, *names: str) -> list[float]:
    return [result.nyckeltal[name].varde for name in names]


def test_the_example_of_a_scenario(answered):
    """By hand, mnkr: 144,8 + 113,9 × 1 % × ½ + 4 × 0,25 − 3 × 0,04 + 0,06; a year 1,139 + 12 × (0,25 − 0,04)."""
    uprating = yaml_files.read((PARAMS / "scenarier/vardkostnader_1_procent_1_juli.yaml").read_text("utf-8"))
    changes = [*uprating["forandringar"], *PRINTED["Ny avdelning i september"]["forandringar"]]
    found = answered("budgetscenarier", changes, "ostermalm", 2016)
    net, more, full = figures(found, "nettokostnad_mnkr", "skillnad_mnkr", "helarseffekt_mnkr")
    assert (net, full) == (pytest.approx(144.8 + 1.139 / 2 + 1 - 0.12 + 0.06), pytest.approx(1.139 + 12 * 0.21))
    said = numbers("ger nettokostnaden # mnkr, # mer än budgeten, och på helår #.")
    assert said == [round(value, 1) for value in (net, more, full)]


def test_lss_peng_in_a_year(answered):
    found = answered("lss_peng")
    budget, days = figures(found, "slutlig_kr", "peng_dygn_kr")
    assert numbers("Exempelenheten 2024: # − # = # kr. I arbetsmaterial") == [budget, days, budget - days]
    of_rule = found.tabeller["matregler"].frame.set_index("regel")["kr"] / 1e6
    said = numbers("Exempelenheten 2024 i mnkr: #, # och #.")
    assert said == [round(of_rule[name], 1) for name in ("senaste", "vikter", "halvar")]


def test_what_each_change_of_persons_does(answered):
    """The printed rows: the first three changes of the printed scenario, its last, and one person from October."""
    lines = re.findall(r"^\| (`.+)\|$", HANDBOOK.partition("| förändringen ensam")[2].partition("\n\n")[0], re.M)
    printed = [[number(cell) for cell in line.split("|")[1:]] for line in lines]
    bought, level, uprating, _, rule = PRINTED["Personer, nivåer och priser"]["forandringar"]
    own = {name: value for name, value in bought.items() if not name.startswith("antal_")}
    own |= {"regi": "kommunal", "antal": 1, "fran": "2024-10-01"}
    names = ("slutlig_kr", "peng_dygn_kr", "ersattning_till_utforare_kr")
    before = figures(answered("lss_peng"), *names)
    for row, change in zip(printed, (bought, own, level, uprating, rule), strict=True):
        after = figures(answered("lss_peng", [change]), *names)
        assert row == [round(b - a) for a, b in zip(before, after, strict=True)], change


def test_a_new_home(answered):
    found = answered("gruppbostad_kbh", boende="nya_hemmet")
    low, high, *_ = numbers("Exempelenheten 2024: #–# mnkr, och med en känd på nivå 4 #–#.")
    assert [low, high] == [round(kr / 1e6, 1) for kr in figures(found, "peng_lagst_kr", "peng_hogst_kr")]
    (year,) = numbers("Exempelenheten 2024: # mnkr, utan KBH.")
    assert year == round(figures(found, "resultat_ar_kr")[0] / 1e6, 2)
    names = ("nettokostnad_kr_per_plats_och_dygn", "sjalvkostnad_kr_per_plats_och_dygn")
    said = numbers("i exemplet # kr, som täcks från nivå 4.") + numbers("är samma sak före hyrorna, # kr.")
    assert said == [round(kr) for kr in figures(found, *names)]


def test_half_a_point_less_sick_leave(answered):
    said = numbers("2024 är # timmar: # kr i sjuklön och ersättare men # kr i budgeten, på helår # kr")
    found = answered("bemanning_sjukfranvaro", scenario="lagre_sjukfranvaro_2024", tom_manad=8).tabeller["brygga"].frame
    step = found[found["typ"].eq("sjukfranvaro")].iloc[0]
    assert said == [-round(step["sjuk_h"]), round(step["kr"]), round(step["budget_kr"]), round(step["budget_helar_kr"])]
    money = figures(
        answered("budgetscenarier", scenario="lagre_sjukfranvaro_2024"), "skillnad_mnkr", "helarseffekt_mnkr"
    )
    assert said[2:] == [round(mnkr * 1e6) for mnkr in money]
