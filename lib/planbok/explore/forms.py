"""One change of a scenario on controls: what stands on them is the change, and a change can be put on them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ipywidgets as widgets

from planbok.base.errors import MissingValueError, refuse_any
from planbok.base.privacy import looks_like_personal_number
from planbok.case.case import Case
from planbok.explore.day import Day
from planbok.explore.dial import Dial
from planbok.explore.kit import Control, choice
from planbok.inputs.documents import Document, validate
from planbok.inputs.scenario.changes import CHANGE_TYPES
from planbok.inputs.scenario.load import NumberedChange

DIALS = "reglagen"  # the scenario that stands on the dials, and the file its faults are said of
TRIED: dict[str, Any] = {"underlag": "antagande", "motivering": "Prövat med reglagen"}
NOT_SHOWN = object()
NO_PERSONS = "Texten liknar ett personnummer. Skriv aldrig om en enskild person; ta bort uppgiften."


def size_dial(typ: str, label: str = "") -> Dial:
    """The dial of how large a change of a type is, as its class says; `label` instead of the class's own word."""
    kind = CHANGE_TYPES[typ]
    assert kind.slider is not None, f"{typ} has no dial"
    return Dial(label or kind.labels[kind.figure], *kind.slider)


@dataclass
class Form:
    """The controls of one change. A size of zero, or nothing chosen, is no change.

    Parameters
    ----------
    fixed : keys of the change that no control moves, its `typ` among them
    controls : key of the change to the control that holds it
    shared : the same, for controls that several forms have in common
    missing : key to what a control shows where a change lacks it
    apart : keys whose controls the topic shows under another heading
    """

    fixed: dict[str, Any]
    controls: dict[str, Control]
    shared: dict[str, Control] = field(default_factory=dict)
    missing: dict[str, Any] = field(default_factory=dict)
    apart: tuple[str, ...] = ()

    def __post_init__(self):
        self.start = {key: control.value for key, control in self.controls.items()}
        self.said = False

    @property
    def size(self) -> str:
        """The key that says how large the change is, or what it sets."""
        stated = CHANGE_TYPES[self.fixed["typ"]].figure or "varde"
        return stated if stated in self.all_controls else next(iter(self.controls))

    @property
    def all_controls(self) -> dict[str, Control]:
        """Its own controls and those that it shares, by the key of the change."""
        return {**self.shared, **self.controls}

    def change(self) -> dict[str, Any] | None:
        """The change as it stands on the controls, as a scenario file has it; None while its size is zero."""
        values = {key: _plain(control) for key, control in self.all_controls.items()}
        if not values[self.size]:
            return None
        given = {key: value for key, value in values.items() if value not in (None, "")}
        return self.fixed | given

    def check(self) -> bool:
        """Whether the controls can be used; what is missing or may not stand there is said below each."""
        if self.said:
            self.say("")
        for key, control in self.all_controls.items():
            if not isinstance(control, Dial):
                control.problem = _why_not(key, control.value)
        return not any(control.problem for control in self.all_controls.values())

    def put(self, change: dict[str, Any], moved: set[int]) -> bool:
        """Puts a change on the controls, if they can show all of it; `moved` are shared controls already in use."""
        own = self.all_controls
        if not self.shows(change, {*own, f"{self.size}_lag", f"{self.size}_hog"}):
            return False
        given = {**self.missing, **change}
        wanted = {key: _fitting(control, given.get(key)) for key, control in own.items()}
        taken = any(id(control) in moved and control.value != wanted[key] for key, control in self.shared.items())
        if taken or any(value is NOT_SHOWN for value in wanted.values()):
            return False
        for key, control in own.items():
            control.value = wanted[key]
        moved |= {id(control) for control in self.shared.values()}
        return True

    def shows(self, change: dict[str, Any], keys: Iterable[str]) -> bool:
        """Whether a change is of the form's kind and has no other keys than some, beside its basis and reason."""
        as_fixed = all(change.get(key) == value for key, value in self.fixed.items())
        return as_fixed and set(change) <= {*self.fixed, *keys, *TRIED}

    def clear(self) -> None:
        """Puts every control of its own back where it stood."""
        for key, value in self.start.items():
            self.controls[key].value = value
            self.controls[key].problem = ""

    def say(self, text: str) -> None:
        """A fault of the change as a whole, below the control that says its size."""
        self.said = bool(text)
        self.controls[self.size].problem = text


class OfRule(Form):
    """The controls of a rule's value: at the value in force they are no change."""

    def change(self) -> dict[str, Any] | None:
        """The change of the rule; None at the value in force."""
        value = _plain(self.controls["varde"])
        if value == self.start["varde"]:
            return None
        return {**self.fixed, "varde": value, "fran": self.controls["fran"].value}


def of_rule(regel: str, control: Control, case: Case) -> Form:
    """The controls that try another value of a rule, from the first day of the case's year.

    A dial starts at the value in force; where the rule has none that it can show it starts at 0, which is no change.
    """
    first = date(case.ar, 1, 1)
    start = choice("Gäller från", [(f"1 januari {case.ar}", first)], first)
    if isinstance(control, Dial):
        control.start(_in_force(case, regel, first))
    return OfRule({"typ": "regel", "regel": regel}, {"varde": control, "fran": start})


def _in_force(case: Case, regel: str, day: date) -> float:
    """A rule's number on a day; 0 where it has none. It is not noted as read: no figure comes of it."""
    try:
        value = case.sources.rules.value(regel, day).varde
    except MissingValueError:
        return 0.0
    return float(value) if isinstance(value, int | float) else 0.0


def _why_not(key: str, value: Any) -> str:
    if isinstance(value, str) and looks_like_personal_number(value):
        return NO_PERSONS
    if value is None and key in ("fran", "oppnar", "datum"):
        return "Välj ett datum som finns, till exempel 2024-03-31."
    return "Skriv vad det heter." if value == "" and key == "namn" else ""


def _plain(control: Control) -> Any:
    """A control's value as a file has it: whole numbers without decimals."""
    value = control.value
    return int(value) if isinstance(control, Dial) and not control.decimals and value == int(value) else value


def _fitting(control: Control, value: Any) -> Any:
    """What a control must be set to in order to show a value; NOT_SHOWN where it can't."""
    if isinstance(control, Dial):
        fits = isinstance(value, int | float) and control.low <= value <= control.high
        return float(value) if fits else NOT_SHOWN
    if isinstance(control.control, widgets.Dropdown):
        offered = [option for _, option in control.control._options_full]
        wanted = "" if value is None else str(value)
        return next((option for option in offered if str(option) == wanted), NOT_SHOWN)
    if isinstance(control.control, Day):
        return value
    return "" if value is None else str(value)


def numbered(given: list[dict[str, Any]], after: int = 0) -> tuple[NumberedChange, ...]:
    """Changes as a scenario on the dials has them, held as those of a file are; a fault's line is their number.

    Raises
    ------
    InputError
        With every fault of form.
    """
    filled = [{**TRIED, **change} for change in given]
    document = Document("scenario", DIALS, {"forandringar": filled})
    document.lines = {("forandringar", i): i + 1 for i in range(len(filled))}
    found = [validate(CHANGE_TYPES[change["typ"]], document, ("forandringar", i)) for i, change in enumerate(filled)]
    refuse_any(document.faults)
    return tuple(
        NumberedChange(after + i, DIALS, change, DIALS, i, i) for i, change in enumerate(found, start=1) if change
    )


def controls_of(forms: list[Form]) -> Iterator[Control]:
    """Every control of some forms, each once."""
    seen: set[int] = set()
    for form in forms:
        for control in form.all_controls.values():
            if id(control) not in seen:
                seen.add(id(control))
                yield control
