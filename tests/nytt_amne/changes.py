"""The topic's own kind of change."""

from typing import Literal

from planbok.inputs.documents import Day
from planbok.inputs.scenario.changes import Change, Slider


class Larm(Change):
    """More or fewer alarms a month, from a day."""

    figure = "antal"
    slider = Slider("larm", -100, 100, 1)
    title = "Fler eller färre larm i månaden"
    labels = {"antal": "Larm i månaden", "fran": "Från"}
    typ: Literal["larm"]
    antal: int
    fran: Day

    def says(self, public: bool) -> str:
        return f"Larm i månaden {self.antal:+d}"
