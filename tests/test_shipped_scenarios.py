"""Every shipped scenario on every notebook and unit that it can concern: made, or refused with a reason."""

from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics import answer


def test_a_change_whose_value_is_a_map_can_be_held_against_its_topics():
    sources = load_sources(Folders((PARAMS,), SAMPLE))
    about = {"enhet": "exempel_assistans", "ar": 2024, "tom_manad": 8, "scenario": "farre_inhyrda_2024"}
    answer.verify(open_case("bemanning_sjukfranvaro", **about, sources=sources))
