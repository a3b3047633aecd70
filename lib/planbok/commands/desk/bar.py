"""The bar at the top of a copy: unit, year, month and scenarios by their names; a choice runs the cells below anew."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from planbok.base.errors import PlanbokError, format_faults
from planbok.base.words import large
from planbok.batch.plan.notebooks import NotebookFile, Parameter, read_notebooks
from planbok.commands.desk.copies import REMEMBERED, fitted, parameters_cell
from planbok.commands.desk.layout import with_values
from planbok.commands.desk.offers import Offers, Options, months_named, told_apart
from planbok.commands.desk.place import Desk
from planbok.explore.desk import Page, turn_to

STATIC = Path(__file__).parent / "static"
LABELS = {
    "enhet": "Enhet",
    "ar": "År",
    "tom_manad": "Till och med",
    "scenario": "Scenario",
    "jamfor_med": "Jämfört med",
}


class Bar(anywidget.AnyWidget):
    """The choices of a notebook.

    `fields` are the controls in order, each with the values that there are and what they are called; `source` is the
    parameters cell that a choice gives, and `turn` counts the choices.
    """

    _esm = (STATIC / "bar.js").read_text("utf-8")
    _css = (STATIC / "bar.css").read_text("utf-8")
    fields: Any = traitlets.List().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    source = traitlets.Unicode().tag(sync=True)
    turn = traitlets.Int().tag(sync=True)

    def __init__(self, notebook: NotebookFile, namespace: MutableMapping[str, Any]):
        super().__init__()
        self.notebook, self.namespace = notebook, namespace
        self.values = {name: namespace.get(name, p.default) for name, p in notebook.parameters.items()}
        self.renew()
        self.page: Page = {}
        turn_to(self.page)
        self.on_msg(lambda _widget, content, _buffers: self.choose(dict(content.get("chosen") or {})))

    def choose(self, chosen: dict[str, Any]) -> None:
        """Takes what was chosen in the page, fits year and month to it, and has the cells below run."""
        turn_to(self.page)
        known = self.notebook.parameters
        taken = {name: _as(known[name], value) for name, value in chosen.items() if name in known}
        self.values |= {name: value for name, value in taken.items() if value is not None}
        self.renew(fit="enhet" in taken or "ar" in taken)
        self.namespace.update(self.values)
        kept = {name: self.values[name] for name in REMEMBERED if name in self.values}
        Desk.here().remember(notebook=self.notebook.id, **kept)
        self.source = with_values(parameters_cell(self.notebook), self.values)
        self.turn += 1

    def renew(self, fit: bool = False) -> None:
        """The choices as the files are now; what can't be read is said, and the values stand as they are."""
        try:
            offers = Offers.of(self.notebook.id)
            if fit:
                self.values = fitted(self.values, self.values, offers)
            options = _options(offers, self.values)
            self.problem = ""
        except PlanbokError as error:
            options, self.problem = {}, format_faults(error.faults)
        self.fields = [self._field(parameter, options) for parameter in _in_order(self.notebook)]

    def _field(self, parameter: Parameter, options: dict[str, Options]) -> dict[str, Any]:
        """A control: a list where there is one to choose from, else a box with what the parameter means."""
        name, value = parameter.name, self.values[parameter.name]
        choices = options.get(name, [])
        if choices and value not in [choice for choice, _ in choices]:
            choices = [(value, f"{value} (finns inte)"), *choices]
        label = LABELS.get(name) or parameter.comment.partition(",")[0].partition(";")[0] or name
        return {
            "name": name,
            "label": large(label),
            "value": value,
            "options": [list(choice) for choice in choices],
            "number": parameter.type in (int, float),
            "hint": "" if choices else parameter.comment,
            "more": name not in LABELS,
        }


def _in_order(notebook: NotebookFile) -> list[Parameter]:
    """The parameters of every notebook first, as the bar has them; then the notebook's own."""
    known = notebook.parameters
    return [known[name] for name in [*(n for n in LABELS if n in known), *(n for n in known if n not in LABELS)]]


def _options(offers: Offers, values: dict[str, Any]) -> dict[str, Options]:
    enhet, ar, scenarios = values["enhet"], values["ar"], offers.scenarios()
    years = sorted({*offers.years(enhet), ar})
    found: dict[str, Options] = {
        "enhet": offers.units(),
        "ar": told_apart((year, str(year)) for year in years),
        "scenario": scenarios,
        "jamfor_med": scenarios,
    }
    return found | ({"tom_manad": months_named(offers.months(enhet, ar))} if "tom_manad" in values else {})


def _as(parameter: Parameter, value: Any) -> Any:
    """A value from the page as the parameter has it; None for one that can't be."""
    try:
        found = parameter.type(value)
    except (TypeError, ValueError):
        return None
    return found if parameter.fits(found) else None


def bar(name: str, namespace: MutableMapping[str, Any]) -> Bar:
    """The bar of a notebook, with the values that its parameters cell has set in the namespace."""
    return Bar(read_notebooks()[name], namespace)
