"""A topic on dials: any change of a control gives a new sentence, figure and table, in place, beside the baseline."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

import ipywidgets as widgets
import plotly.graph_objects as go

from planbok.base.errors import InputError, MissingValueError
from planbok.base.privacy import looks_like_personal_number
from planbok.base.words import large
from planbok.case.case import Case
from planbok.case.result import Result, Table
from planbok.explore import kit
from planbok.explore.figures import Picture
from planbok.explore.forms import DIALS, NO_PERSONS, Form, controls_of, numbered
from planbok.explore.origin import came_of
from planbok.explore.rows import TableWidget
from planbok.explore.state import Entry, State
from planbok.inputs.scenario.load import Scenario
from planbok.report import table as tables

ONCE = ("regel", "nytt_boende")  # types of which a second one would undo the first
WAIT = "Svaret, figuren och tabellen gäller läget före: rätta först det som är markerat."
ONE_PULL = 0.6  # seconds within which a dial that is drawn through many values takes one step
MOST_STEPS = 100
MOST_ANSWERS = 50  # that are kept: steps back are there at once


@dataclass(frozen=True)
class Answer:
    """What a topic says of a scenario: the sentence, the figure of what it moves, the table, and the year's line.

    `came` says of the table's cells, by row and column, which key figure they are (`explore/origin.py`); where it is
    None, the column `nyckel` of the table's frame says it of each row.
    """

    sentence: str
    figure: go.Figure
    table: Table
    line: go.Figure | None = None
    came: Mapping[tuple[int, str], str] | None = None


@dataclass(frozen=True)
class Compared:
    """What several saved scenarios give: a table, a figure, and a bridge of each by its title."""

    table: Table
    figure: go.Figure | str
    bridges: Mapping[str, go.Figure | str]


@dataclass(frozen=True)
class BoardTopic:
    """What a topic puts on the board.

    Parameters
    ----------
    groups : heading to the forms below it
    answer : a scenario to what is said of it; raises InputError for what a run would refuse
    verify : raises InputError where a run with the case would be refused
    compare : scenarios to what they give side by side
    more : heading to what makes widgets of the topic's own, shown below its forms; those that move the answer call
        `board.anew`
    result : what `verify` gives to the whole result of a report on it
    own : the form of a line of one's own in the table, where there are budget rows
    """

    case: Case
    groups: Mapping[str, Sequence[Form]]
    answer: Callable[[Scenario], Answer]
    verify: Callable[[Case], object]
    compare: Callable[[Sequence[Scenario]], Compared]
    more: Mapping[str, Callable[["Board"], Sequence[widgets.Widget]]] = field(default_factory=dict)
    result: Callable[[Any], Result] | None = None
    own: Form | None = None

    @property
    def forms(self) -> list[Form]:
        return [form for forms in self.groups.values() for form in forms]


class Board:
    """The dials of a topic, and what they give."""

    def __init__(self, topic: BoardTopic):
        self.topic = topic
        self.state = State(topic.forms)
        self.scenario = topic.case.scenario  # what stands on the dials, as last computed
        self.opened = topic.case.scenario  # what "Återställ" goes back to
        self.quiet = self.waiting = False
        self.saved: list[str] = []  # the scenarios saved here, the newest first
        self.told: list[Callable[[], None]] = []  # whom to tell when the dials have moved
        self.answer, self.table, self.kept = widgets.HTML(), TableWidget(noted=True), widgets.VBox()
        self.answer.add_class("planbok-answer")
        self.figure, self.line, self.steps = Picture(), Picture(), Steps(self)
        self.line.add_class("planbok-line")
        self.state.open(self.opened)
        self.table.notes = dict(self.opened.notes)
        self.table.observe(lambda _: self._noted(), names="notes")
        self._answer = lru_cache(maxsize=MOST_ANSWERS)(topic.answer)
        self._show(self._answer(self.opened))
        self.steps.taken()
        self._list_kept()
        for control in controls_of(topic.forms):
            kit.on_change(control, self.refresh)

    def refresh(self) -> None:
        """Computes what the dials say; a fault is said below the dial that has it, and the rest stays as it was."""
        if self.quiet:
            return
        try:
            if self.state.check():
                self.scenario = self.state.scenario()
                self._show(self._answer(self.scenario))
                self.steps.taken()
            else:
                self._wait(WAIT)
        except MissingValueError as error:
            reason = self.topic.case.sources.rules.in_words(error.reason)
            self._wait(f"Svaret kan inte räknas fram: {reason}.")
        except InputError as error:
            self._say(error)
        for listener in self.told:
            listener()

    def anew(self) -> None:
        """Computes what the dials say when a control of the topic's own, which is in no scenario, has moved."""
        self._answer.cache_clear()
        self.refresh()

    def open(self, scenario: Scenario) -> None:
        """Puts a scenario on the dials."""
        self.opened = scenario
        with self.still():
            self.state.open(scenario)
            if scenario.id != DIALS:  # a step back or forth leaves what is noted
                self.table.notes = dict(scenario.notes)
        self._list_kept()

    def reset(self) -> None:
        """Back to the scenario that was opened last."""
        self.open(self.opened)

    @contextmanager
    def still(self) -> Iterator[None]:
        """Moves many controls and computes once."""
        self.quiet = True
        try:
            yield
        finally:
            self.quiet = False
        self.refresh()

    def add(self, change: dict[str, Any]) -> None:
        """Lays a change beside the dials."""
        with self.still():
            self.state.lay(change)
        self._list_kept()

    def _noted(self) -> None:
        """What is written beside rows is the scenario's own, and never of one person."""
        wrong = [text for text in self.table.notes.values() if looks_like_personal_number(text)]
        self.table.problem = NO_PERSONS if wrong else ""
        for listener in self.told:
            listener()

    def lay_aside(self, form: Form) -> None:
        """Keeps the change on some dials as it is, and frees the dials for another."""
        with self.still():
            self.state.lay_aside(form)
        self._list_kept()

    def drop(self, entry: Entry) -> None:
        """Takes a kept change away."""
        with self.still():
            self.state.drop(entry)
        self._list_kept()

    def _show(self, answer: Answer) -> None:
        self.waiting = False
        words = self.topic.case.sources.rules.in_words
        self.answer.value = kit.lead(words(answer.sentence))
        self.figure.show(answer.figure)
        self.line.layout.display = None if answer.line is not None else "none"
        self.line.show(answer.line)
        came = came_of(answer.table) if answer.came is None else answer.came
        table = replace(answer.table, note=words(answer.table.note))
        self.table.value = tables.render(table, came if self.topic.result else {})

    def _wait(self, text: str) -> None:
        self.waiting = True
        self.answer.value = kit.alert(text)

    def _say(self, error: InputError) -> None:
        """Each fault where it belongs: below its dials, or in the answer's place."""
        others = []
        for fault in error.faults:
            form = self.state.form_of(fault.line) if fault.file == DIALS and fault.line else None
            text = large(fault.said)
            if form:
                form.say(text)
            else:
                others.append(text)
        self._wait(" ".join([*others, WAIT]))

    def _list_kept(self) -> None:
        """The changes that no dial shows, each with a button that takes it away."""
        lines = [kit.line(n.change.describe(), f"ur {n.scenario}") for n in self.state.beneath]
        for entry in self.state.kept:
            (found,) = numbered([entry.given])
            button = kit.button("Ta bort", partial(self.drop, entry), f"Ta bort: {found.change.describe()}")
            lines.append(widgets.HBox([kit.line(found.change.describe()), button]))
        heading = kit.heading("Ligger kvar vid sidan av reglagen")
        self.kept.children = [heading, *lines] if lines else []

    def widget(self) -> widgets.Widget:
        """The answer above, the dials' headings in a row, the dials beside the figures, the table and what is kept."""
        groups = {name: self._group(name) for name in self.topic.groups}
        dials = kit.Panels("Reglage", groups, next(iter(groups)))
        reset = kit.button("Återställ", self.reset, "Tillbaka till scenariot som är öppet")
        row = widgets.HBox([self.steps.back, self.steps.forth, reset], layout=kit.WRAP)
        left = widgets.VBox([dials.place, row, self.kept], layout=kit.COLUMN)
        right = widgets.VBox([self.figure, self.line], layout=kit.WIDE_COLUMN)
        beside = widgets.HBox([left, right], layout=kit.WRAP)
        beside.add_class("planbok-beside")
        own = [OwnLine(self, self.topic.own).widget()] if self.topic.own else []
        whole = widgets.VBox([self.answer, dials.chosen, beside, self.table, *own])
        whole.add_class("planbok-board")
        return whole

    def _group(self, name: str) -> widgets.Widget:
        """A heading's controls; where they are one change, a button that keeps it and frees them for another."""
        forms = list(self.topic.groups[name])
        apart = {id(form.controls[key]) for form in forms for key in form.apart}
        parts: list[widgets.Widget] = [control for control in controls_of(forms) if id(control) not in apart]
        if len(forms) == 1 and forms[0].fixed["typ"] not in ONCE:
            (form,) = forms
            parts.append(widgets.HBox([kit.button("Behåll och börja på en till", lambda: self.lay_aside(form))]))
        if name in self.topic.more:
            parts += self.topic.more[name](self)
        return widgets.VBox(parts)


class Steps:
    """The scenarios that have stood on the dials, in order, and the one that does now."""

    def __init__(self, board: Board):
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
            self.past = [*self.past, now][-MOST_STEPS:]
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


class OwnLine:
    """Asks what a line of one's own is called and how large it is; it is then one of the scenario's changes."""

    def __init__(self, board: Board, form: Form):
        self.board, self.form = board, form
        self.name = kit.words("Rubrik", "Flytt till nya lokaler")
        self.note = widgets.HTML()

    def add(self) -> None:
        """Lays the line in; says what is missing."""
        name, change = " ".join(self.name.value.split()), self.form.change()
        wrong = NO_PERSONS if looks_like_personal_number(name) else "" if name else "Skriv vad raden heter."
        self.name.problem = wrong
        if wrong or not self.form.check():
            return
        if change is None:
            self.note.value = kit.alert("Ange ett belopp som inte är noll.")
            return
        self.board.add({**change, "underlag": "antagande", "motivering": name})
        self.form.clear()
        self.name.value, self.note.value = "", kit.status(f"{name} ligger som egen rad i tabellen.")

    def widget(self) -> widgets.Widget:
        add = kit.button("Lägg till raden", self.add, primary=True)
        inside = widgets.VBox([self.name, *self.form.all_controls.values(), widgets.HBox([add]), self.note])
        inside.add_class("planbok-own")
        return kit.Panels("Rad", {"Egen rad i tabellen": inside})
