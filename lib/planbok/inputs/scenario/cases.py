"""Kinds of change of cases and of those who decide them: how many come, the hours of each, where they are cared for."""

from collections.abc import Iterator
from typing import Any, Literal

from planbok.base.numbers import few_decimals, format_unit
from planbok.inputs.documents import Day, Text
from planbok.inputs.scenario.changes import Change, Slider
from planbok.inputs.tables.specs_volumes import CARE_HOMES

HOME_CARE = "hemtjanst"  # whose areas cases may be of


class Handlaggare(Change):
    """Officers more (plus) or fewer (minus), as full-time posts, from a day."""

    figure = "antal"
    slider = Slider("handläggare", -10, 10, 0.5)
    title = "Fler eller färre handläggare i tjänst"
    labels = {"antal": "Handläggare", "fran": "Från", "till": "Till"}
    typ: Literal["handlaggare"]
    antal: float
    antal_lag: float | None = None
    antal_hog: float | None = None
    fran: Day
    till: Day | None = None

    def says(self, public: bool) -> str:
        return f"Handläggare i tjänst: {_signed(self.antal)}"


class Arenden(Change):
    """Cases more (plus) or fewer (minus) from a day: new ones a month of an insats, or those that run in an area."""

    figure = "antal"
    slider = Slider("ärenden", -100, 100, 1)
    title = "Fler eller färre ärenden: nya per månad av en insats, eller löpande i ett område"
    labels = {"insats": "Insats", "omrade": "Område", "antal": "Ärenden", "fran": "Från", "till": "Till"}
    typ: Literal["arenden"]
    insats: Text | None = None
    omrade: Text | None = None
    antal: float
    antal_lag: float | None = None
    antal_hog: float | None = None
    fran: Day
    till: Day | None = None

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Also: neither an insats nor an area, or an area of another insats than home care."""
        yield from super().problems(given)
        insats, omrade = given.get("insats"), given.get("omrade")
        if (insats is None) == (omrade is None) and insats != HOME_CARE:
            yield "insats", "ange antingen insats eller omrade."

    @property
    def kind(self) -> str:
        return self.typ if self.insats not in (None, HOME_CARE) else f"{self.typ}_hemtjanst"

    def says(self, public: bool) -> str:
        if self.insats == HOME_CARE:
            return f"Ärenden med hemtjänst{f' i {self.omrade}' if self.omrade else ''}: {_signed(self.antal)}"
        if self.insats:
            return f"Nya ärenden per månad, {self.insats.replace('_', ' ')}: {_signed(self.antal)}"
        return f"Ärenden i {self.omrade}: {_signed(self.antal)}"


def _signed(number: float) -> str:
    return format_unit(number, "", few_decimals(number), signed=True)


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
