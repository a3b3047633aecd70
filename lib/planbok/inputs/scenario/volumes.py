"""Kinds of change of what is ordered: hours per case, and moves from home care to a care home."""

from typing import Literal

from planbok.base.numbers import format_unit
from planbok.inputs.documents import Day, Text
from planbok.inputs.scenario.cases import HOME_CARE
from planbok.inputs.scenario.changes import Change, Slider
from planbok.inputs.tables.specs_volumes import CARE_HOMES


class Timmar(Change):
    """More or fewer hours per case of an insats, in per cent, from a day."""

    figure = "h_per_arende_procent"
    slider = Slider("%", -20.0, 20.0, 0.5)
    title = "Fler eller färre timmar per ärende i en insats"
    labels = {"insats": "Insats", "h_per_arende_procent": "Timmar per ärende", "fran": "Från", "till": "Till"}
    typ: Literal["timmar"]
    insats: Text
    h_per_arende_procent: float
    h_per_arende_procent_lag: float | None = None
    h_per_arende_procent_hog: float | None = None
    fran: Day
    till: Day | None = None

    @property
    def kind(self) -> str:
        return f"{self.typ}_{HOME_CARE}" if self.insats == HOME_CARE else self.typ

    def says(self, public: bool) -> str:
        return (
            f"{_named(self.insats)}: {format_unit(self.h_per_arende_procent, 'procent', signed=True)} timmar per ärende"
        )


class Flytt(Change):
    """Cases of home care that become places in a care home, from a day."""

    about_persons = True
    figure = "antal"
    slider = Slider("personer", -50, 50, 1)
    title = "Personer som flyttar från hemtjänst till vård- och omsorgsboende"
    labels = {"fran_insats": "Från insats", "till_slag": "Till slag", "antal": "Antal", "fran": "Från", "till": "Till"}
    typ: Literal["flytt"]
    fran_insats: Literal["hemtjanst"]
    till_slag: Literal[CARE_HOMES]  # type: ignore[valid-type]
    antal: float
    antal_lag: float | None = None
    antal_hog: float | None = None
    fran: Day
    till: Day | None = None

    def says(self, public: bool) -> str:
        unit = "person" if abs(self.antal) == 1 else "personer"
        return f"Från hemtjänst till {self.till_slag}: {format_unit(self.antal, unit, 0, signed=True)}"


def _named(insats: str) -> str:
    return {HOME_CARE: "Hemtjänst"}.get(insats, insats.replace("_", " ").capitalize())
