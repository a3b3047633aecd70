"""The fair split of the time-limited cases on dials: other working shares or numbers of cases, and what each has.

For fair load only: of an officer nothing but open cases and share, in the order of the table and without names.
"""

from collections.abc import Sequence
from dataclasses import replace

import ipywidgets as widgets
import numpy as np

from planbok.base.words import small
from planbok.case.result import Result, Table
from planbok.explore import kit
from planbok.explore.dial import Dial
from planbok.report import table as tables
from planbok.topics.decisions.officers import fair_split

TABLE = "fordelning"
MOST_CASES, SHARE_STEP = 1000, 0.05


def split_table(shown: Table, cases: int, shares: Sequence[float]) -> Table:
    """The officers' table with other working shares and the split of some cases that they give."""
    each = np.array(shares, dtype=float)
    return replace(shown, frame=shown.frame.assign(tjanstgoring_andel=each, fordelning=fair_split(cases, each)))


def dials(shown: Result) -> list[widgets.Widget]:
    """The dials with their table below, begun at what the report has; none where the report shows no officer."""
    table = shown.tabeller.get(TABLE)
    if table is None:
        return []
    frame, below = table.frame, widgets.HTML()
    limited = float(frame["fordelning"].sum())
    cases = Dial("Tidsbegränsade ärenden", "st", 0, max(MOST_CASES, limited), 1, limited)
    each = [
        Dial(f"Tjänstgöring, {small(row)}", "andel", 0, 1, SHARE_STEP, share)
        for row, share in zip(frame["rad"], frame["tjanstgoring_andel"], strict=True)
    ]

    def show() -> None:
        found = split_table(table, round(cases.value), [dial.value for dial in each])
        below.value = tables.render(found)

    for dial in (cases, *each):
        kit.on_change(dial, show)
    show()
    return [kit.heading("Prova en jämn fördelning"), cases, *each, below]
