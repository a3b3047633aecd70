"""What a budget table says twice must agree: each row's net, and each column's total."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.base.kept import Kept
from planbok.base.numbers import format_unit
from planbok.inputs.tables.checks import is_part
from planbok.inputs.tables.columns import TOTAL_ROW
from planbok.inputs.tables.reading import InputTable

FINEST_MNKR = 6  # decimals of a krona in mnkr: nothing is compared more finely
COLUMNS = {"kostnad_mnkr": "kostnad", "intakt_mnkr": "intäkt", "netto_mnkr": "netto", "forandring_mnkr": "förändring"}
_KEPT = Kept()  # comparisons by rows, of the same table
BUDGET_KEY = ["enhet", "ar", "version"]


@dataclass(frozen=True)
class Comparison:
    """A stated figure beside the one computed, in mnkr."""

    enhet: str
    ar: int
    version: str
    namn: str
    angivet: float
    beraknat: float
    tolerans: float
    rad: int  # row in the file
    kolumn: str

    @property
    def differens(self) -> float:
        """Computed less stated, mnkr."""
        return float(self.beraknat - self.angivet)

    @property
    def ok(self) -> bool:
        """Whether the two differ by no more than the tolerance."""
        return bool(abs(self.differens) <= self.tolerans)

    def text(self) -> str:
        """What is stated, what is computed, and what to do."""
        computed, stated = (format_unit(x, "mnkr", decimals(self.tolerans)) for x in (self.beraknat, self.angivet))
        how = "kostnad minus intäkt är" if self.kolumn == "netto_mnkr" and self.namn != TOTAL_ROW else "raderna blir"
        return (
            f"{self.enhet} {self.ar} ({self.version}), {self.namn}: {COLUMNS[self.kolumn]} anges till {stated}, "
            f"men {how} {computed}. Rätta tabellen, eller kontrollera mot källan."
        )


def tolerance(table: InputTable) -> float:
    """Half a unit in the last decimal that the table states, mnkr, and never finer than half a krona."""
    stated = [table.decimaler[column] for column in COLUMNS if column in table.decimaler]
    return 0.5 * 10.0 ** -min(max(stated, default=FINEST_MNKR), FINEST_MNKR)


def decimals(tolerans: float) -> int:
    """Decimals that show a difference just above a tolerance."""
    return int(round(-np.log10(2 * tolerans)))


def compare(table: InputTable, rows: pd.Index | None = None) -> list[Comparison]:
    """Every comparison that the budget table allows; what is left out in the table is left out here.

    Rows: kostnad - intakt = netto. Columns: the rows that are no parts of another sum to the row Totalt. `rows` are
    the rows to compare, all of one unit, year and version or more of them; every row where they aren't given.
    """
    return _KEPT.of(None if rows is None else tuple(rows), (table,), lambda: _compared(table, rows))


def _compared(table: InputTable, rows: pd.Index | None) -> list[Comparison]:
    frame, tolerans = table.frame if rows is None else table.frame.loc[rows], tolerance(table)
    is_total = frame["budgetrad"] == TOTAL_ROW
    netto = (frame["kostnad_mnkr"] - frame["intakt_mnkr"]).rename("_beraknat")
    stated = frame.join(netto)[~is_total & netto.notna() & frame["netto_mnkr"].notna()]
    found = [
        _comparison(row, "netto_mnkr", row["_beraknat"], _row_name(row), tolerans) for row in stated.to_dict("records")
    ]
    details = frame[~is_total]
    sums = details[~is_part(details, BUDGET_KEY)].groupby(BUDGET_KEY)[list(COLUMNS)].sum(skipna=False)
    totals = frame[is_total].groupby(BUDGET_KEY, sort=False).agg({**dict.fromkeys(COLUMNS, _sum_all), "_rad": "first"})
    both = totals.join(sums.add_suffix("_summa"), how="inner").reset_index()
    for row in both.to_dict("records"):
        found += [
            _comparison(row, column, row[f"{column}_summa"], TOTAL_ROW, tolerans)
            for column in COLUMNS
            if pd.notna(row[column]) and pd.notna(row[f"{column}_summa"])
        ]
    return found


def _sum_all(amounts: pd.Series) -> float:
    """The sum of a total that is stated in several rows; unknown where one of them is."""
    return amounts.sum(skipna=False)


def _row_name(row: dict) -> str:
    return " ".join(row[key] for key in ("budgetrad", "verksamhet", "kostnadsslag") if row[key])


def _comparison(row: dict, column: str, computed: float, name: str, tolerans: float) -> Comparison:
    return Comparison(
        row["enhet"], int(row["ar"]), row["version"], name, row[column], computed, tolerans, int(row["_rad"]), column
    )
