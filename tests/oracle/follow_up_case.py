"""A made-up unit after a month: what the library says of it, and the oracle beside."""

from functools import cached_property

from follow_up_tables import AR, UNIT
from oracle import follow_up_world
from oracle.follow_up_bridges import bridges
from oracle.follow_up_changes import Under
from oracle.follow_up_history import Errors, tried
from oracle.follow_up_oracle import Unit

from planbok.case.case import open_case
from planbok.disclosure.policy import Policy
from planbok.disclosure.protect import protect
from planbok.topics import follow_up

VERSIONS = {"vp": "Preliminär budget (VP)", "justerad_t1": "Justerad budget efter tertial 1"}
VERSIONS["justerad_t2"] = "Justerad budget efter tertial 2"
MAT = ("Mat / Norr", "Mat / Söder", "Mat")  # what the budget does not part as the outturn does
WORLDS = {1: (1, ()), 2: (2, MAT), 5: (3, ()), 8: (4, ()), 11: (5, MAT), 12: (6, ())}  # by month: seed, left out


def version_after(tom: int) -> str:
    return "vp" if tom < 5 else "justerad_t1" if tom < 9 else "justerad_t2"


class World:
    """A unit after a month: what the library says, and what the oracle does."""

    def __init__(self, folder, tom: int) -> None:
        seed, left_out = WORLDS[tom]
        self.tom, self.changes = tom, follow_up_world.changes(left_out)
        sources = follow_up_world.sources(folder, tom, seed, left_out)
        asked = {"sources": sources, "enhet": UNIT, "ar": AR, "tom_manad": tom}
        case = open_case("manadsprognos", scenario="prov", jamfor_med="annan", **asked)
        self.study = follow_up.study.study(case)
        self.result = protect(follow_up.view.result(self.study), Policy("arbetsmaterial"))
        page = follow_up.study.study(open_case("verksamhetsblad", **asked))
        self.page = protect(follow_up.sheet_view.sheet_result(page), Policy("arbetsmaterial"))
        methods, late = follow_up_world.METHODS, follow_up_world.LATE
        self.unit = Unit(folder / "data", UNIT, AR, tom, version_after(tom), methods, late)
        self.under = Under(self.unit, self.changes)
        self.versus = Under(self.unit, follow_up_world.OTHERS)
        self.before = Under(self.unit.after(tom - 1), self.changes) if tom > 1 else None

    @cached_property
    def errors(self) -> Errors:
        return tried(self.unit)

    @cached_property
    def bridges(self) -> list[tuple]:
        return bridges(self.under, self.before, self.versus, VERSIONS[self.unit.version])

    def used(self, row: str) -> set[str]:
        """The methods of a row's leaves and sides that have money, or of its own cost where none has."""
        ahead = self.unit.year_ahead
        told = {ahead[key].name for key in ahead if key[0][0] == row and any(self.unit.now[key[0]][key[1]])}
        return told or {ahead[(row, ""), 0].name}
