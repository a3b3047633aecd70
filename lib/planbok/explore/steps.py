"""Back and forth among what has stood on the dials."""

import time
from typing import TYPE_CHECKING, Any

from planbok.explore import kit
from planbok.inputs.scenario.load import Scenario

if TYPE_CHECKING:
    from planbok.explore.board import Board

ONE_PULL = 0.6  # seconds within which a dial that is drawn through many values takes one step
MOST = 100


class Steps:
    """The scenarios that have stood on the dials, in order, and the one that does now."""

    def __init__(self, board: "Board"):
        self.board = board
        self.past: list[Scenario] = []
        self.place, self.moving, self.at = -1, False, 0.0
        self.back = kit.button("Ångra", lambda: self.go(-1), "Ångra den senaste ändringen av reglagen")
        self.forth = kit.button("Gör om", lambda: self.go(1), "Gör om det som ångrades")
        self._say()

    def taken(self) -> None:
        """Notes what stands on the dials; what was undone before it is gone."""
        now = self.board.scenario
        if self.moving or (self.past and _same(self.past[self.place], now)):
            return
        del self.past[self.place + 1 :]
        moment = time.monotonic()
        if len(self.past) > 1 and moment - self.at < ONE_PULL and _one_pull(self.past[-2], self.past[-1], now):
            self.past[-1] = now
        else:
            self.past = [*self.past, now][-MOST:]
        self.place, self.at = len(self.past) - 1, moment
        self._say()

    def go(self, by: int) -> None:
        """Puts an earlier or a later setting on the dials; what "Återställ" goes back to stays."""
        if not 0 <= self.place + by < len(self.past):
            return
        self.place += by
        opened, self.moving = self.board.opened, True
        try:
            self.board.open(self.past[self.place])
        finally:
            self.board.opened, self.moving = opened, False
        self._say()

    def _say(self) -> None:
        self.back.disabled = self.place <= 0
        self.forth.disabled = self.place >= len(self.past) - 1


def _given(scenario: Scenario) -> list[dict[str, Any]]:
    return [numbered.change.model_dump() for numbered in scenario]


def _same(one: Scenario, other: Scenario) -> bool:
    return _given(one) == _given(other) and one.builds_on == other.builds_on


def _one_pull(before: Scenario, last: Scenario, now: Scenario) -> bool:
    """Whether the last two settings move the same one thing: a dial on its way."""
    first, second, third = map(_given, (before, last, now))
    if len(second) != len(third):
        return False
    moved = [place for place, (a, b) in enumerate(zip(second, third, strict=True)) if a != b]
    begun = [change for change in second if change not in first]
    return len(moved) == 1 and begun == [second[moved[0]]]
