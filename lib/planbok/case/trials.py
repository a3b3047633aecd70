"""How a scenario's changes fare when they are tried on every unit and year that could have them."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field

from planbok.base.errors import Fault, InputError
from planbok.inputs.scenario.load import NumberedChange


@dataclass
class Trials:
    """What the trials of a topic came to: the changes that moved something, and the faults of those refused.

    A trial that tables or rules stop, such as a year without rows, is none: that is said by those who read them.
    """

    moved: set[str] = field(default_factory=set)
    sound: set[tuple[str, int]] = field(default_factory=set)  # unit and year of each trial that went through
    refused: dict[tuple[str, int], list[Fault]] = field(default_factory=dict)

    def run(self, enhet: str, ar: int, moves: Callable[[], Set[str]]) -> None:
        """One trial: `moves` gives the ids of the changes that moved something."""
        try:
            self.moved |= moves()
        except InputError as error:
            of_changes = [fault for fault in error.faults if fault.kind == "scenario"]
            if of_changes:
                self.refused[enhet, ar] = of_changes
        else:
            self.sound.add((enhet, ar))

    def reasons(self, numbered: NumberedChange) -> list[Fault] | None:
        """Why a change was refused, or why no trial that it had a part in went through; None where one did."""
        tried_on = [spot for spot in (*self.sound, *self.refused) if _concerns(numbered, *spot)]
        here = numbered.fault("", "")
        own = {
            f for spot in tried_on for f in self.refused.get(spot, ()) if (f.line, f.place) == (here.line, here.place)
        }
        if own:
            return sorted(own)
        if not tried_on or any(spot in self.sound for spot in tried_on):
            return None
        return sorted({fault for spot in tried_on for fault in self.refused[spot]})


def _concerns(numbered: NumberedChange, enhet: str, ar: int) -> bool:
    change = numbered.change
    ends = change.ends
    in_time = change.starts.year <= ar and (ends is None or ar <= ends.year)
    return in_time and change.enhet in (None, enhet)
