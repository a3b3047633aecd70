"""A stored figure's series, shapes and scales, as its picture reads them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planbok.report.picture.svg import INK, plain, values


@dataclass
class Trace:
    """One series as plotly stores it."""

    raw: dict[str, Any]
    name: str = ""
    x: list[Any] = field(default_factory=list)
    y: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name = plain(self.raw.get("name"))
        self.x, self.y = values(self.raw.get("x")), values(self.raw.get("y"))

    @property
    def is_bar(self) -> bool:
        """Whether the series is bars."""
        return self.raw.get("type") == "bar"

    @property
    def lies(self) -> bool:
        """Whether it is bars that lie."""
        return self.is_bar and self.raw.get("orientation") == "h"

    @property
    def panel(self) -> str:
        """The axis pair on which the series is drawn, in a figure of several panels."""
        return str(self.raw.get("yaxis") or "y")

    @property
    def texts(self) -> list[str]:
        """The text at each point."""
        return [plain(text) for text in values(self.raw.get("text"))]

    @property
    def said(self) -> list[str]:
        """What is said of each point to who points at it."""
        return [plain(text) for text in values(self.raw.get("hovertext"))] or [""] * len(self.x)

    def color(self, place: int = 0) -> str:
        """The colour of a bar, a point or the line."""
        marker, line = self.raw.get("marker") or {}, self.raw.get("line") or {}
        found = (marker if self.is_bar else line).get("color") or marker.get("color") or INK
        return str(found if isinstance(found, str) else values(found)[place])

    @property
    def moves(self) -> list[str]:
        """What the page's dials move each point with, by name; "" for a point that stands still."""
        found = (self.raw.get("meta") or {}).get("moves") or []
        return [str(name or "") for name in found] or [""] * max(len(self.x), len(self.y))

    @property
    def per(self) -> float:
        """How much of what moves a point is one on the axis."""
        return float((self.raw.get("meta") or {}).get("per") or 1.0)

    def base(self, place: int) -> float:
        """Where a bar begins."""
        found = values(self.raw.get("base"))
        return float(found[place if len(found) > 1 else 0] or 0.0) if found else 0.0


def traces_of(spec: Mapping[str, Any]) -> list[Trace]:
    """The series of a stored figure that a picture can show."""
    return [Trace(raw) for raw in spec.get("data") or [] if raw.get("type") in ("bar", "scatter")]


@dataclass(frozen=True)
class Scale:
    """From numbers to pixels along one axis."""

    low: float
    high: float
    begins: float
    ends: float

    def __call__(self, value: float) -> float:
        return self.begins + (value - self.low) / ((self.high - self.low) or 1.0) * (self.ends - self.begins)

    def how(self, axis: str, per: float, stairs: bool = False) -> dict[str, Any]:
        """The scale as the page's dials read it."""
        scale = [self.low, self.high, round(self.begins, 1), round(self.ends, 1)]
        return {"axis": axis, "scale": scale, "per": per} | ({"stairs": True} if stairs else {})

    def ticks(self, most: int) -> tuple[list[float], int]:
        """Round numbers within the axis, and their decimals."""
        span = (self.high - self.low) or 1.0
        power = math.floor(math.log10(span / most))
        step = next(base * 10.0**power for base in (1, 2, 5, 10) if span / (base * 10.0**power) <= most)
        first = math.ceil(self.low / step - 1e-9)
        found = [round(step * place, 12) for place in range(first, math.floor(self.high / step + 1e-9) + 1)]
        return found, max(0, -math.floor(math.log10(step) + 1e-9))


def upright(layout: dict[str, Any]) -> list[dict[str, Any]]:
    """Shapes that are upright lines at a number."""
    shapes = layout.get("shapes") or []
    return [s for s in shapes if s.get("type") == "line" and s.get("x0") == s.get("x1") and s.get("xref", "x") == "x"]


def level_moves(shape: dict[str, Any]) -> tuple[str, float]:
    """What the page's dials move a line with, and how much of that is one on the axis; "" for one that stands still."""
    name, _, per = str(shape.get("name") or "").partition(" ")
    return name, float(per or 1.0)


def label(shape: dict[str, Any]) -> str:
    """What a line across a figure is called."""
    return plain((shape.get("label") or {}).get("text"))
