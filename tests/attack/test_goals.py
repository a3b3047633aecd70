"""Training and surveys in the report on goals: an indicator is the sum of groups of which few are withheld."""

import re
from pathlib import Path

import pytest
from attack.solver import Puzzle
from goals_tables import goals_case

from planbok.topics.answer import answer

GROUPS = {"A": (15, 17), "B": (2, 3), "C": (6, 8)}  # those who have the training, of so many
RULES = """
indikator.andel_med_grundutbildning:
  titel: Andel med grundutbildning
  mattenhet: text
  varden:
    - {varde: {krav: Grundutbildning}, underlag: antagande, kalla: Prov}
"""


def trained(folder: Path, spridning: str) -> dict[str, int]:
    """How many of each group have the training, as far as it can be worked out."""
    (folder / "params" / "regler").mkdir(parents=True)
    (folder / "params" / "regler" / "prov.yaml").write_text(RULES, "utf-8")
    rows = [
        {"krav": "Grundutbildning", "grupp": g, "period": "2024", "har": has, "av": of}
        for g, (has, of) in GROUPS.items()
    ]
    goal = {"indikator": "Andel med grundutbildning", "arsmal": "85 %"}
    result = answer(goals_case(folder, spridning=spridning, mal=[goal], kompetens=rows)).result
    puzzle = Puzzle()
    for group, (_, of) in GROUPS.items():
        puzzle.unknown(group, 0, of)
    said = re.search(r"\((\d+) av (\d+)\)", str(result.tabeller["indikatorer"].frame["utfall"][0]))
    assert said, "the indicator itself is shown: it is of enough persons"
    puzzle.known(dict.fromkeys(GROUPS, 1), float(said[1]))
    for row in result.tabeller["kompetens"].frame.to_dict("records"):
        if row["har_antal"] == row["har_antal"]:
            puzzle.known({row["grupp"]: 1}, row["har_antal"])
    return puzzle.solved()


@pytest.mark.parametrize("spridning", ["ledning", "offentlig"])
def test_a_small_group_is_not_what_is_left_of_the_indicator(tmp_path, spridning):
    assert trained(tmp_path, spridning) == {"A": 15}


def test_the_attack_finds_them_in_working_papers(tmp_path):
    assert trained(tmp_path, "arbetsmaterial") == {group: has for group, (has, _) in GROUPS.items()}


@pytest.mark.parametrize(("answers", "shown"), [(4, False), (5, True)])
@pytest.mark.parametrize("spridning", ["ledning", "offentlig"])
def test_a_survey_is_shown_from_five_answers(tmp_path, spridning, answers, shown):
    asked = {"ar": 2024, "andel_procent": 80, "svarande": answers, "indikator": "Nöjda"}
    goal = {"indikator": "Nöjda", "arsmal": "85 %"}
    result = answer(goals_case(tmp_path, spridning=spridning, mal=[goal], enkat=[asked])).result
    row = result.tabeller["enkat"].frame.iloc[0]
    outcome = result.tabeller["indikatorer"].frame["utfall"][0]
    assert [row[key] == row[key] for key in ("andel_procent", "svarande_antal")] == [shown, shown]
    assert (outcome == outcome and outcome is not None) == shown
