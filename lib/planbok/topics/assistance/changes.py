"""The topic's own kind of change: a decision on assistance, for a unit that pays for it."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from planbok.base.numbers import format_number
from planbok.inputs.documents import Day
from planbok.inputs.scenario.changes import Change, Slider


class Assistansbeslut(Change):
    """Persons with so many hours a week, of which basic needs are some; minus is a decision that ends.

    Basic needs above the rule `assistans.grans_h_per_vecka` make it the state's decision: the municipality then pays
    the first hours of the week, otherwise all.
    """

    about_persons = True
    figure = "antal"
    slider = Slider("personer", -10, 10, 1)
    title = "Beslut om assistans som börjar eller slutar"
    labels = {
        "antal": "Personer, minus är färre",
        "h_per_vecka": "Timmar per vecka",
        "grundlaggande_h_per_vecka": "varav grundläggande behov",
    }
    typ: Literal["assistansbeslut"]
    antal: int
    h_per_vecka: float = Field(gt=0, le=336)  # two assistants round the clock
    grundlaggande_h_per_vecka: float = Field(ge=0)
    fran: Day
    till: Day | None = None

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Also: more basic needs than hours."""
        yield from super().problems(given)
        hours, basic = given.get("h_per_vecka"), given.get("grundlaggande_h_per_vecka")
        if isinstance(hours, int | float) and isinstance(basic, int | float) and basic > hours:
            text = f"grundläggande behov är {format_number(basic, 1)} h av {format_number(hours, 1)} h i veckan."
            yield "grundlaggande_h_per_vecka", text

    def says(self, public: bool) -> str:
        hours, basic = format_number(self.h_per_vecka, 1), format_number(self.grundlaggande_h_per_vecka, 1)
        return f"Assistans {hours} h i veckan, varav {basic} grundläggande: {self.antal:+d} personer".replace("-", "−")
