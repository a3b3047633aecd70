"""The one shape of every result: key figures, tables, checks and the sentences that say the answer."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class KeyFigure:
    """A named number, unrounded. `varde` None means unknown, and then `saknas` says why."""

    varde: float | int | None
    mattenhet: str
    etikett: str
    saknas: str = ""

    def __post_init__(self):
        if (self.varde is None) != bool(self.saknas):
            raise ValueError(f"{self.etikett}: a key figure has either a value or a reason why it is missing")

    def as_json(self) -> dict[str, Any]:
        row = {"varde": self.varde, "mattenhet": self.mattenhet, "etikett": self.etikett}
        return row | ({"saknas": self.saknas} if self.saknas else {})


@dataclass(frozen=True)
class Check:
    """A reconciliation: `niva` is "fel" or "varning", `ok` None where there was nothing to check (never true)."""

    namn: str
    niva: str
    ok: bool | None
    differens: float | None = None
    tolerans: float | None = None
    forklaring: str = ""

    @property
    def failed(self) -> bool:
        return self.ok is False and self.niva == "fel"

    @property
    def outcome(self) -> str:
        """How it went, in a word: "Stämmer", "Fel" or "Varning"; "Inget att kontrollera" without figures."""
        if self.ok is None:
            return "Inget att kontrollera"
        return "Stämmer" if self.ok else self.niva.capitalize()

    def as_json(self) -> dict[str, Any]:
        row = {"namn": self.namn, "niva": self.niva, "ok": self.ok, "differens": self.differens}
        row["tolerans"] = self.tolerans
        return row | ({"forklaring": self.forklaring} if self.forklaring else {})


def failed_checks(result: dict[str, Any]) -> list[Check]:
    """The checks of a resultat.json that failed."""
    return [check for row in result["kontroller"] if (check := Check(**row)).failed]


@dataclass(frozen=True)
class Column:
    """How a column of a table is shown. `mattenhet` "" is text; `decimaler` rounds for people only.

    `formula` is an Excel formula over the row, other columns in braces: "{kostnad_mnkr}-{intakt_mnkr}". `signed`
    shows a plus sign too: the column is a change.
    """

    key: str
    etikett: str
    mattenhet: str = ""
    decimaler: int = 1
    formula: str = ""
    signed: bool = False


@dataclass(frozen=True)
class Table:
    """A table for people, Excel and resultat.json alike: unrounded numbers, and how each column is shown.

    `total_row` says that the last row is the total: in Excel its number columns become SUM of the rows above, or the
    column's own `formula` where it has one that holds for the total too. `note` is the reason for withheld cells.
    """

    namn: str
    titel: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    total_row: bool = False
    note: str = ""
    extra: tuple[str, ...] = ()  # columns of the frame that are written to resultat.json but not shown

    def __post_init__(self):
        missing = [c for c in (*(c.key for c in self.columns), *self.extra) if c not in self.frame.columns]
        if missing:
            raise ValueError(f"{self.namn}: the frame lacks {missing}")

    def records(self) -> list[dict[str, Any]]:
        keys = [*(c.key for c in self.columns), *self.extra]
        frame = self.frame[keys].astype(object)
        return frame.where(frame.notna(), None).to_dict("records")


@dataclass(frozen=True)
class Result:
    """What a topic's model and view hand over: the same numbers in the notebook, the HTML, the xlsx and the JSON."""

    rubrik: str  # first line of the first screen: unit, topic, year, state
    underrubrik: str  # the scenario, or the situation, in words
    sammanfattning: list[str]
    nyckeltal: dict[str, KeyFigure]
    tabeller: dict[str, Table]
    kontroller: list[Check] = field(default_factory=list)
    framst: tuple[str, ...] = ()  # the key figures shown beside the first screen
