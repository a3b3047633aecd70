"""A figure as inline SVG, drawn of what the notebook stores of it: there without scripts, on paper and in a mail.

Each figure is drawn twice, for a column of a desk's page or of paper and for a phone; the style sheet shows one.
"""

import html
import json
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

INK, MUTED, RULE = "#1b2430", "#525d6a", "#d8dde3"
WIDTHS = {"wide": 540, "narrow": 340}
SIZE, SMALL = 13, 12  # pixels of the letters
LINE = 15  # pixels from one line of text to the next
LETTER = 0.6  # of the size: how wide a letter is on average
DASH = {"dash": "6 4", "dot": "2 4", "dashdot": "8 4 2 4", "longdash": "10 4"}


@dataclass
class Canvas:
    """Marks in the order drawn, as SVG elements; texts and colours are escaped, wherever they come from."""

    width: float
    height: float = 0.0
    parts: list[str] = field(default_factory=list)

    def line(self, ends: tuple[float, float, float, float], color: str, width: float = 1, dash: str = "") -> None:
        """A straight line from x, y to x, y."""
        x, y, to_x, to_y = map(number, ends)
        look = f' stroke="{escape(color)}" stroke-width="{number(width)}"{_dashes(dash)}'
        self.parts.append(f'<path d="M{x} {y}L{to_x} {to_y}" fill="none"{look}/>')

    def path(self, points: Sequence[tuple[float, float]], color: str, width: float, dash: str = "") -> None:
        """A line through points."""
        look = f' stroke="{escape(color)}" stroke-width="{number(width)}" stroke-linejoin="round"'
        self.parts.append(f'<path d="{_through(points)}" fill="none"{look} stroke-linecap="round"{_dashes(dash)}/>')

    def area(self, points: Sequence[tuple[float, float]], color: str, opacity: float) -> None:
        """A filled shape."""
        self.parts.append(f'<path d="{_through(points)}Z" fill="{escape(color)}" fill-opacity="{number(opacity)}"/>')

    def rect(self, box: tuple[float, float, float, float], color: str, said: str = "", opacity: float = 1) -> None:
        """A bar of x, y, width and height, which says `said` to who points at it."""
        x, y, width, height = map(number, box)
        look = f' fill="{escape(color)}"' + (f' fill-opacity="{number(opacity)}"' if opacity < 1 else "")
        self.parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}"{look}>{_title(said)}</rect>')

    def dot(self, x: float, y: float, color: str, said: str = "", radius: float = 3) -> None:
        """A point, which says `said` to who points at it."""
        place = f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
        self.parts.append(f'<circle {place} fill="{escape(color)}">{_title(said)}</circle>')

    def text(
        self,
        x: float,
        y: float,
        text: str,
        anchor: str = "start",
        size: int = SIZE,
        color: str = INK,
        bold: bool = False,
    ) -> None:
        """A text on one line, its baseline at y."""
        look = "" if anchor == "start" else f' text-anchor="{anchor}"'
        look += ' font-weight="600"' if bold else ""
        place = f'x="{number(x)}" y="{number(y)}" font-size="{size}" fill="{escape(color)}"'
        self.parts.append(f"<text {place}{look}>{escape(text)}</text>")

    def moving(self, points: Sequence[tuple[str, float, float]], how: dict[str, Any]) -> None:
        """Where the page's dials draw what they make of a line or a bar.

        Of each point what moves it, by name, its pixel along the other axis, and its number; `how` has the axis of the
        numbers, the scale along it, by what the moves are divided and whether it is stairs.
        """
        mark = {**how, "moves": [key for key, _, _ in points], "at": [round(at, 1) for _, at, _ in points]}
        mark["values"] = [value for _, _, value in points]
        self.parts.append(f'<g class="moves" data-mark="{escape(json.dumps(mark, ensure_ascii=False))}"></g>')

    def drawn(self, name: str) -> Markup:
        """The picture; what it shows is said in words beside it."""
        width, height = self.width, number(self.height)
        size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        return Markup(f'<svg class="{name}" {size} aria-hidden="true" focusable="false">{"".join(self.parts)}</svg>')


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel.

    >>> number(12.0), number(3.14159)
    ('12', '3.1')
    """
    return f"{value:.1f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def wide(text: str, size: int = SIZE) -> float:
    """About how many pixels a text takes."""
    return len(text) * size * LETTER


def rows(text: str, pixels: float, size: int = SIZE) -> list[str]:
    """A text as lines that fit a width, words kept whole where they do."""
    return textwrap.wrap(text, max(8, int(pixels / (size * LETTER)))) or [text]


def plain(text: Any) -> str:
    """A text as plotly stores it, without its small HTML.

    >>> plain("Vård &amp; LASS<br>netto")
    'Vård & LASS netto'
    """
    return html.unescape(str(text if text is not None else "").replace("<br>", " "))


def apart(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Where labels stand so that none lies over another: as near to where they are wanted as there is room for.

    >>> apart([30, 32, 80], [15, 15, 15], 0, 100)
    [23.5, 38.5, 80]
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    found = list(wanted)
    for _ in range(len(order) * 4):
        for one, other in pairwise(order):
            short = (heights[one] + heights[other]) / 2 - (found[other] - found[one])
            if short > 0:
                found[one] -= short / 2
                found[other] += short / 2
        for place in order:
            half = heights[place] / 2
            found[place] = min(max(found[place], low + half), high - half) if high - low > heights[place] else low
    return found


def values(raw: Any) -> list[Any]:
    """A trace's array, also as plotly packs it."""
    if isinstance(raw, dict):
        import base64

        import numpy as np

        return np.frombuffer(base64.b64decode(raw["bdata"]), dtype=raw["dtype"]).tolist()
    return [raw] if isinstance(raw, str | int | float) else list(raw or [])


def _through(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _dashes(dash: str) -> str:
    return f' stroke-dasharray="{DASH[dash]}"' if dash in DASH else ""


def _title(said: str) -> str:
    return f"<title>{escape(said)}</title>" if said else ""
