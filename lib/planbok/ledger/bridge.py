"""The bridge from one state to another: each change alone, and what they do together as a bar of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import pandas as pd

from planbok.case.checks import CLOSES_WITHIN_KR, Check, closes

COLUMNS = ["steg", "typ", "forandring", "kr", "kr_helar", "kr_ram", "kr_ram_helar"]


@dataclass(frozen=True)
class Amounts:
    """Kronor of one state or step: net cost and the frame that the unit is given, in the year and over a full year."""

    kr: float
    kr_helar: float
    kr_ram: float = 0.0
    kr_ram_helar: float = 0.0

    def __sub__(self, other: "Amounts") -> "Amounts":
        return Amounts(*(mine - its for mine, its in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Step:
    """A change alone on the start: its type, its number in the scenario and what it does."""

    typ: str
    forandring: int
    text: str
    amounts: Amounts


def bridge(
    start: tuple[str, Amounts],
    steps: Sequence[Step],
    slut: tuple[str, Amounts],
    between: Amounts | None = None,
    rest: str = "Samspel mellan förändringarna",
) -> pd.DataFrame:
    """One row per step from start to slut.

        samspel = slut - start - sum of the steps

    Parameters
    ----------
    between : slut - start, where that is known though the ends are not; None: by the ends
    rest : what the row samspel is called; "" leaves it out, where the steps are known to be all

    Returns
    -------
    DataFrame with `steg` (text), `typ` ("start", the change's own type, "samspel", "slut"), `forandring` (its number,
    0 for the others), `kr`, `kr_helar` (net cost, plus is higher), `kr_ram` and `kr_ram_helar`.

    >>> steps = [Step("belopp", 1, "hyra", Amounts(10.0, 20.0))]
    >>> bridge(("bas", Amounts(100, 100)), steps, ("nytt", Amounts(111, 120)))["kr"].tolist()
    [100.0, 10.0, 1.0, 111.0]
    """
    total = slut[1] - start[1] if between is None else between
    for step in steps:
        total = total - step.amounts
    rows = [(start[0], "start", 0, start[1])]
    rows += [(step.text, step.typ, step.forandring, step.amounts) for step in steps]
    rows += [(rest, "samspel", 0, total)] if rest else []
    rows.append((slut[0], "slut", 0, slut[1]))
    data = [(text, typ, nr, *astuple(a)) for text, typ, nr, a in rows]
    return pd.DataFrame(data, columns=COLUMNS)


def closing(
    frame: pd.DataFrame, columns: Mapping[str, str] | None = None, rounded_to: float | None = None
) -> list[Check]:
    """For each bridge of a frame, whether its steps lead from the first row to the last.

    `columns` names the bridges that are counted in another column than `kr`; each row may be off by half of
    `rounded_to`.

    >>> legs = pd.DataFrame({"brygga": ["a"] * 3, "kr": [100.0, 11.0, 111.0]})
    >>> [(check.namn, check.ok) for check in closing(legs)]
    [('Bryggan går ihop: a', True)]
    """
    found = []
    for leg, rows in frame.groupby("brygga", sort=False):
        kr = rows[(columns or {}).get(str(leg), "kr")]
        within = CLOSES_WITHIN_KR + len(kr) * (rounded_to or 0.0) / 2
        found.append(closes(f"Bryggan går ihop: {leg}", kr.iloc[:-1].sum(skipna=False) - kr.iloc[-1], within))
    return found
