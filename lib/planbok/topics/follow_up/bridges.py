"""From one version of the year to another: row by row, and inside each row what explains it.

The first level is the budget row. Inside a row stands what is known, and the rest of the row as one part of its own.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from planbok.ledger.act import FRAME, JUDGEMENT, MEASURE
from planbok.ledger.bridge import Amounts, Step
from planbok.ledger.bridge import bridge as steps_of
from planbok.topics.follow_up.model import Prognosis

PRICE, VOLUME, LEVEL, MEASURES, JUDGED, OTHER, CLOSED, NEW_MONTHS, REST = CAUSES = (
    *("pris", "volym", "niva", "atgarder", "bedomning", "andra_forandringar", "stangda_manader", "nya_manader"),
    "ovrigt",
)
CAUSE_NAMES = {
    PRICE: "priser",
    VOLUME: "volym",
    LEVEL: "nivåer",
    MEASURES: "åtgärder",
    JUDGED: "bedömning",
    OTHER: "andra förändringar i scenariot",
    CLOSED: "stängda månader",
    NEW_MONTHS: "nya månader mot väntat",
    REST: "övrigt, utfallets takt",
}
CAUSE_OF = {"upprakning": PRICE, "regel": PRICE, "volym": VOLUME, "nivabyte": LEVEL, "nytt_boende": VOLUME}
CAUSE_OF |= {MEASURE: MEASURES, JUDGEMENT: JUDGED}
ROW = "rad"
PARTS = ["budgetrad", "orsak", "manad", "kr"]
SMALLEST_KR = 0.005  # less is how numbers are kept, not money


def bridge(start: tuple[str, pd.Series], slut: tuple[str, pd.Series]) -> pd.DataFrame:
    """The steps between two versions of the year, a row each, in the frame of every bridge.

    `start` and `slut` are words and kronor by budget row; rows that are the same in both get no step.

    >>> one, two = (pd.Series({"Vård": v, "Hyra": 5.0}) for v in (100.0, 110.0))
    >>> bridge(("Budget", one), ("Prognos", two))[["steg", "typ", "kr"]].to_numpy().tolist()
    [['Budget', 'start', 105.0], ['Vård', 'rad', 10.0], ['Prognos', 'slut', 115.0]]
    """
    moved = difference(start[1], slut[1])
    steps = [Step(ROW, 0, str(row), Amounts(kr, 0.0)) for row, kr in moved.items() if not abs(kr) < SMALLEST_KR]
    first, last = ((text, Amounts(float(kr.sum(skipna=False)), 0.0)) for text, kr in (start, slut))
    return steps_of(first, steps, last, rest="")


def difference(start: pd.Series, slut: pd.Series) -> pd.Series:
    """What each row moves by; a row that one of them doesn't have is no money there."""
    rows = slut.index.union(start.index, sort=False)
    return slut.reindex(rows, fill_value=0.0) - start.reindex(rows, fill_value=0.0)


def inside(moved: pd.Series, known: pd.DataFrame) -> pd.DataFrame:
    """What explains each row's step, the rest as `ovrigt`: budgetrad, orsak, manad, kr, andel_procent.

        ovrigt = the row's step - sum of what is known

    Parameters
    ----------
    moved : kronor by budget row
    known : budgetrad, orsak, manad ("" where it is no month), kr

    >>> known = pd.DataFrame([("Vård", "pris", "", 2.0)], columns=PARTS)
    >>> inside(pd.Series({"Vård": 10.0}), known)[["orsak", "kr", "andel_procent"]].to_numpy().tolist()
    [['pris', 2.0, 20.0], ['ovrigt', 8.0, 80.0]]
    """
    there, rest = known[known["budgetrad"].isin(moved.index)], moved.to_numpy(float).copy()
    if len(there):
        there = there.groupby(PARTS[:3], sort=False, as_index=False)["kr"].sum()
        np.subtract.at(rest, moved.index.get_indexer(there["budgetrad"]), there["kr"].to_numpy(float))
    left = pd.DataFrame({"budgetrad": moved.index, "orsak": REST, "manad": "", "kr": rest})
    frame = pd.concat([there, left], ignore_index=True) if len(there) else left
    row, kr = moved.index.get_indexer(frame["budgetrad"]), frame["kr"].to_numpy(float)
    named = zip(row, map(CAUSES.index, frame["orsak"]), range(len(frame)), strict=True)  # months as they are told
    order = [place for *_, place in sorted(named) if not abs(kr[place]) < SMALLEST_KR]
    whole = moved.to_numpy(float)[row[order]]
    share = 100 * kr[order] / np.where(np.abs(whole) >= SMALLEST_KR, whole, np.nan)
    return frame.iloc[order].reset_index(drop=True).assign(andel_procent=share)


def known_in_year(found: Prognosis) -> pd.DataFrame:
    """What the scenario explains of the prognosis: a measure as far as the model has seen it."""
    parts = found.parts
    return _by_row(found, parts["ar"].where(parts["typ"] != MEASURE, parts["sedd"]))


def known_ahead(found: Prognosis) -> pd.DataFrame:
    """What the scenario puts to the model's own year; measures that are still to come are not in it."""
    return _by_row(found, found.parts["kvar"].where(found.parts["typ"] != MEASURE, 0.0))


def known_to_date(found: Prognosis) -> pd.DataFrame:
    """What the scenario explains of what is booked so far."""
    return _by_row(found, found.parts["hittills"])


def _by_row(found: Prognosis, kr: pd.Series) -> pd.DataFrame:
    parts = found.parts.assign(kr=kr)[found.parts["side"] < FRAME]
    if parts.empty:
        return pd.DataFrame(columns=PARTS)
    rows = found.books.leaves["budgetrad"].to_numpy()[parts["leaf"].to_numpy(int)]
    causes = parts["typ"].map(CAUSE_OF).fillna(OTHER)
    return pd.DataFrame({"budgetrad": rows, "orsak": causes.to_numpy(), "manad": "", "kr": parts["kr"].to_numpy(float)})


def more(later: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """What is known of the later version beyond what is known of the earlier."""
    return pd.concat([later, earlier.assign(kr=-earlier["kr"])], ignore_index=True)


def decided(kr: dict[str, float], budgetrad: str) -> pd.DataFrame:
    """What decisions explain, on the row where they land."""
    return pd.DataFrame([(budgetrad, cause, "", amount) for cause, amount in kr.items()], columns=PARTS)


def new_months(now: Prognosis, before: Prognosis, names: Iterable[str]) -> pd.DataFrame:
    """What was booked in the months since, beyond what was expected of them and what measures did there."""
    first, last = before.books.tom, now.books.tom
    booked = now.net(now.books.actual)[:, first:last]
    expected = (before.net(before.months) + before.changes_ahead)[:, first:last]
    frames = [_month(now, booked[:, i] - expected[:, i], name) for i, name in enumerate(names)]
    seen = known_to_date(now).pipe(more, known_to_date(before))
    measures = seen[seen["orsak"] == MEASURES].groupby("budgetrad")["kr"].sum()
    found = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=PARTS)
    kept = found["budgetrad"].map(measures).astype(float).fillna(0.0) / (last - first)
    return found.assign(kr=found["kr"] - kept)


def _month(found: Prognosis, by_leaf: np.ndarray, name: str) -> pd.DataFrame:
    rows = found.rows(by_leaf)
    return pd.DataFrame({"budgetrad": rows.index, "orsak": NEW_MONTHS, "manad": name, "kr": rows.to_numpy(float)})
