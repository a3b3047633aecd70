"""The staffing table: what can't be right in it, and a unit's hours by group and month."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from planbok.base.errors import Fault
from planbok.base.numbers import few_decimals, format_number
from planbok.base.periods import MONTH_NAMES, month_number
from planbok.base.words import first_of

HOURS = [
    *("ordinarie_tid_h", "avtalad_tid_h", "arbetad_tid_h", "timavlonad_h", "inhyrd_h", "overtid_h"),
    *("sjuk_h", "sjuk_dag_1_14_h", "sjuk_60_dagar_h"),
]
COUNTS = ["anstallda", "arsarbetare"]
KEY = ["grupp", "manad"]
TERTIALS = 3
STOP, MARK = "stopp", "markera"
MOST_SHOWN = 20
PARTS = {
    "sjuk_dag_1_14_h": ("sjuk_h", "sjuk_dag_1_14_h"),
    "sjuk_60_dagar_h": ("sjuk_h", "sjuk_60_dagar_h"),
    "timavlonad_h + overtid_h": ("arbetad_tid_h", "timavlonad_h", "overtid_h"),
}


@dataclass(frozen=True)
class Finding:
    """What can't be right in one row: the kind that the rule on faults knows, and the row's place."""

    slag: str
    enhet: str
    grupp: str
    manad: str
    rad: int
    text: str

    def fault(self, file: str) -> Fault:
        return Fault("tabell", file, self.rad, f"{self.enhet}, {self.grupp}, {self.manad}", self.text, self.slag)


def month_of(number: int) -> str:
    """A month of consecutive numbers (`periods.month_number`) as ÅÅÅÅ-MM.

    >>> month_of(2024 * 12)
    '2024-01'
    """
    return f"{number // 12}-{number % 12 + 1:02d}"


def findings(rows: pd.DataFrame, alike: float) -> list[Finding]:
    """Everything that can't be right in rows of the table bemanning, of any number of units.

    Parameters
    ----------
    rows : as the reader hands them on, with `_rad`
    alike : how far the hours of two groups may differ for one to be taken for the other under a new name
    """
    found = [*_negative(rows), *_too_large(rows), *_double(rows)]
    months = rows.assign(nr=month_number(rows["manad"])).sort_values("nr", kind="stable")
    by_month = months.groupby(["enhet", "grupp", "nr"], sort=True).agg(
        rad=("_rad", "first"), h=("avtalad_tid_h", "sum")
    )
    by_month = by_month.reset_index()
    return [*found, *_gaps(by_month), *_renamed(by_month, alike)]


def _negative(rows: pd.DataFrame) -> Iterator[Finding]:
    for column in [*COUNTS, *HOURS]:
        for row in _bad(rows, rows[column] < 0):
            text = f"{column} är {_h(row[column])}: det kan inte vara negativt."
            yield _finding("negativa_timmar", row, text)


def _too_large(rows: pd.DataFrame) -> Iterator[Finding]:
    for row in _bad(rows, rows["sjuk_h"] > rows["avtalad_tid_h"]):
        text = f"sjuk_h är {_h(row['sjuk_h'])}, mer än avtalad_tid_h {_h(row['avtalad_tid_h'])}."
        yield _finding("sjuk_over_avtalad", row, text)
    for name, (whole, *parts) in PARTS.items():
        total = rows[parts].sum(axis=1)
        for row in _bad(rows.assign(_del=total), total > rows[whole]):
            text = f"{name} är {_h(row['_del'])}, mer än {whole} {_h(row[whole])} som det är en del av."
            yield _finding("del_over_helhet", row, text)


def _double(rows: pd.DataFrame) -> Iterator[Finding]:
    """A group's month both as a whole and in parts; the same row twice is found by the reader."""
    whole = rows["verksamhet"] == ""
    keys = ["enhet", *KEY]
    in_parts = pd.MultiIndex.from_frame(rows.loc[~whole, keys])
    twice = whole & pd.MultiIndex.from_frame(rows[keys]).isin(in_parts)
    for row in _bad(rows, twice):
        yield _finding(
            "manad_dubbel", row, "månaden finns både för hela gruppen och per verksamhet. Behåll ett av dem."
        )


def _gaps(by_month: pd.DataFrame) -> Iterator[Finding]:
    """Months that a group lacks between its first and its last."""
    before = by_month.groupby(["enhet", "grupp"])["nr"].shift()
    jump = by_month["nr"] - before
    for row in by_month.assign(fore=before)[jump > 1].to_dict("records"):
        missing = [month_of(nr) for nr in range(int(row["fore"]) + 1, int(row["nr"]))]
        text = f"gruppen saknar {first_of(missing, MOST_SHOWN)}, men har månaderna före och efter. Lägg till dem."
        yield Finding("manad_saknas", row["enhet"], row["grupp"], missing[0], int(row["rad"]), text)


def _renamed(by_month: pd.DataFrame, alike: float) -> Iterator[Finding]:
    """Groups that end inside a year where another of about the same hours begins the month after."""
    groups = by_month.groupby(["enhet", "grupp"], sort=True)
    ends, starts = by_month.loc[groups["nr"].idxmax()], by_month.loc[groups["nr"].idxmin()]
    starts = starts.assign(nr=starts["nr"] - 1)
    pairs = ends.merge(starts, on=["enhet", "nr"], suffixes=("", "_ny"))
    pairs = pairs[(pairs["nr"] % 12 != 11) & (abs(pairs["h_ny"] - pairs["h"]) <= alike * pairs["h"])]
    for row in pairs.to_dict("records"):
        text = (
            f"gruppen {row['grupp']} slutar {month_of(row['nr'])} och {row['grupp_ny']} börjar månaden efter med "
            "ungefär lika många timmar: har den bytt namn? Använd ett namn för hela året."
        )
        yield Finding("namnbyte", row["enhet"], row["grupp_ny"], month_of(row["nr"] + 1), int(row["rad_ny"]), text)


def _bad(rows: pd.DataFrame, bad: pd.Series) -> Iterable[dict]:
    return rows[bad].to_dict("records") if bad.any() else []


def _finding(slag: str, row: dict, text: str) -> Finding:
    return Finding(slag, row["enhet"], row["grupp"], row["manad"], int(row["_rad"]), text)


def _h(hours: float) -> str:
    return format_number(hours, few_decimals(hours))


def split(found: list[Finding], handling: dict[str, str]) -> tuple[list[Finding], list[Finding]]:
    """Findings that stop a run, and those that only mark the month; a kind that the rule does not name stops.

    >>> one = Finding("namnbyte", "e", "g", "2024-05", 7, "...")
    >>> split([one], {"namnbyte": "markera"}) == ([], [one]), split([one], {}) == ([one], [])
    (True, True)
    """
    stops = [f for f in found if handling.get(f.slag, STOP) != MARK]
    return stops, [f for f in found if f not in stops]


def by_group_and_month(rows: pd.DataFrame) -> pd.DataFrame:
    """A unit's hours and headcounts by group and month, operations within a group added, in the table's order.

    A sum of hours of which some are unknown is unknown.
    """
    frame = rows.groupby(KEY, sort=False)[[*COUNTS, *HOURS]].sum(skipna=False).reset_index()
    return frame.assign(nr=month_number(frame["manad"]))


@dataclass(frozen=True)
class Period:
    """Months, both ends inside, with the name that people and files use."""

    namn: str
    forsta: int
    sista: int

    def rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["nr"].between(self.forsta, self.sista)]

    def whole(self, frame: pd.DataFrame) -> bool:
        """Whether each of its months has a row."""
        return self.rows(frame)["nr"].nunique() == self.sista - self.forsta + 1


def periods(ar: int, tom_manad: int) -> list[Period]:
    """The periods of a report: tertials that are over, January to the month, and twelve months to it.

    >>> [period.namn for period in periods(2024, 8)]
    ['2024-T1', '2024-T2', 'jan–aug 2024', 'rullande 12 månader']
    """
    start, last = ar * 12, ar * 12 + tom_manad - 1
    third, names = 12 // TERTIALS, dict.fromkeys(name[:3] for name in (MONTH_NAMES[0], MONTH_NAMES[tom_manad - 1]))
    tertials = [
        Period(f"{ar}-T{n + 1}", start + n * third, start + (n + 1) * third - 1) for n in range(tom_manad // third)
    ]
    return [
        *tertials,
        Period(f"{'–'.join(names)} {ar}", start, last),
        Period("rullande 12 månader", last - 11, last),
    ]
