"""What stands on the dials is a list of scenario changes, so that what is seen, saved and run is the same."""

from dataclasses import dataclass
from typing import Any

from planbok.case.case import Case, known_names, load_scenarios
from planbok.explore.forms import DIALS, TRIED, Form, numbered
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import NumberedChange, Scenario


@dataclass
class Entry:
    """A change in its place in the order. Without dials that can show it, it is kept as it is."""

    given: dict[str, Any]
    form: Form | None = None
    shown: dict[str, Any] | None = None  # what its dials showed when it was put on them

    def now(self) -> dict[str, Any] | None:
        """The change as it stands: untouched dials give it back whole, with its basis, reason and stated ends."""
        if self.form is None:
            return self.given
        stands = self.form.change()
        if stands is None or stands == self.shown:
            return self.given if stands else None
        return stands


class State:
    """The changes on the dials, those kept beside them, and the scenarios beneath, in the order in which they act."""

    def __init__(self, forms: list[Form]):
        self.forms = forms
        self.entries: list[Entry] = []
        self.beneath: tuple[NumberedChange, ...] = ()
        self.builds_on: tuple[str, ...] = ()

    def open(self, scenario: Scenario) -> None:
        """Puts a scenario's own changes on the dials; what they can't show is kept, and what it builds on stays."""
        for form in self.forms:
            form.clear()
        own = [n for n in scenario if n.scenario == scenario.id]
        self.builds_on = scenario.builds_on
        self.beneath = tuple(n for n in scenario if n.scenario != scenario.id)
        self.entries = []
        moved: set[int] = set()
        for change in (_given(n.change, scenario.id) for n in own):
            self.entries.append(self._entry(change, moved))

    def _entry(self, change: dict[str, Any], moved: set[int]) -> Entry:
        taken = {id(entry.form) for entry in self.entries}
        for form in self.forms:
            if id(form) not in taken and form.put(change, moved):
                return Entry(change, form, form.change())
        return Entry(change)

    def lay(self, change: dict[str, Any]) -> None:
        """Lays a change after what the dials show: what comes later does not move it."""
        placed = {id(entry.form) for entry in self.entries}
        self.entries += [
            Entry(stands, form, stands)
            for form, stands in self._placed()
            if form is not None and id(form) not in placed
        ]
        self.entries.append(Entry(change))

    def lay_aside(self, form: Form) -> None:
        """Keeps the change on some dials as it is, and clears the dials for another."""
        change = form.change()
        if change is None:
            return
        entry = next((entry for entry in self.entries if entry.form is form), None)
        if entry is None:
            self.entries.append(Entry(change))
        else:
            entry.given, entry.form = entry.now() or change, None
        form.clear()

    def drop(self, entry: Entry) -> None:
        """Takes a kept change away."""
        self.entries.remove(entry)

    @property
    def kept(self) -> list[Entry]:
        """What no dial shows."""
        return [entry for entry in self.entries if entry.form is None]

    def changes(self) -> list[dict[str, Any]]:
        """Every change of one's own, in order; a new one comes last."""
        return [change for _, change in self._placed()]

    def form_of(self, position: int) -> Form | None:
        """The dials of the change with a number among one's own."""
        return self._placed()[position - 1][0]

    def _placed(self) -> list[tuple[Form | None, dict[str, Any]]]:
        bound = {id(entry.form) for entry in self.entries}
        placed = [(entry.form, entry.now()) for entry in self.entries]
        placed += [(form, form.change()) for form in self.forms if id(form) not in bound]
        return [(form, change) for form, change in placed if change is not None]

    def check(self) -> bool:
        """Whether every control holds something that can be used."""
        return not [form for form in self.forms if not form.check()]

    def scenario(self) -> Scenario:
        """What stands on the dials, as a scenario.

        Raises
        ------
        InputError
            With every fault of form; a fault's line is the change's number among one's own.
        """
        changes = (*self.beneath, *numbered(self.changes(), after=len(self.beneath)))
        return Scenario(DIALS, "Det som reglagen visar", changes=changes, builds_on=self.builds_on)


def _given(change: Change, scenario_id: str) -> dict[str, Any]:
    """A change as it was given: one of the dials' own has no basis and no reason until it is saved."""
    given = change.model_dump(exclude_none=True)
    untold = scenario_id == DIALS and given.get("motivering") == TRIED["motivering"]
    return {key: value for key, value in given.items() if key not in TRIED} if untold else given


def load(case: Case, scenario_id: str) -> Scenario:
    """A saved scenario as the case's unit has it, read anew from its file.

    Raises
    ------
    InputError
        With every fault of the file and of those it builds on.
    """
    sources = case.sources
    known = known_names(sources.collection, sources.rules, case.enhet)
    return load_scenarios([scenario_id], sources.folders, known, sources.rules)[scenario_id]
