"""The sample's new homes: what a published plan states of one, and a synthetic one that agrees with its decisions."""

import csv
from pathlib import Path

import pytest

from synthetic import homes
from synthetic.common import generator

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
MEAN_RENT = 11_500


def table(name: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def home() -> dict[str, str]:
    (row,) = [row for row in table("boenden") if row["enhet"] == "exempelenheten"]
    return row


def test_the_new_home_is_as_the_question_has_it(home):
    assert (home["boende"], home["platser"], home["oppnar"]) == ("nya_hemmet", "5", "2024-10-01")
    assert (home["bemanning_arsarbetare"], home["kostnad_kr_per_arsarbetare"]) == ("10", "600000")
    flats = [row for row in table("lagenheter") if row["boende"] == home["boende"]]
    assert [row["hyra_kr_per_manad"] for row in flats] == ["11000–12000"] * int(home["platser"])
    assert int(home["lokalhyra_kr_per_manad"]) == len(flats) * MEAN_RENT


def test_nobody_is_known_in_the_plan(home):
    for row in table("lagenheter"):
        assert (row["niva"], row["inkomst_kr_per_ar"], row["hushall"]) == ("", "", "1_vuxen")


def test_its_residents_in_the_decisions_move_in_when_it_opens(home):
    decisions = [row for row in table("beslut") if row["boende"] == home["boende"]]
    assert len(decisions) == int(home["platser"])
    assert {row["fran"] for row in decisions} == {home["oppnar"]}
    assert {(row["insats"], row["regi"]) for row in decisions} == {(home["insats"], home["regi"])}
    days = {row["inflyttning"] for row in table("lagenheter") if row["boende"] == home["boende"]}
    assert days == {home["oppnar"]}


@pytest.mark.parametrize(("name", "make"), [("boenden", homes.homes), ("lagenheter", homes.flats)])
def test_the_generator_makes_the_rows_that_are_there(name, make):
    of_unit = {"nya_hemmet"}
    assert [row for row in table(name) if row["boende"] in of_unit] == make(generator(name))


def test_every_flat_has_a_home():
    assert {row["boende"] for row in table("lagenheter")} == {row["boende"] for row in table("boenden")}
