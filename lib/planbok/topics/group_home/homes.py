"""A home and its flats: read from the tables, held against what can be right, and moved to another opening day."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.errors import Fault, did_you_mean
from planbok.inputs.tables.columns import REGI

HOUSEHOLD = re.compile(r"([0-9]+)_(?:vuxen|vuxna)(?:_([0-9]+)_barn)?")
MOST_ADULTS = 2  # the rules know households of one or two adults


@dataclass(frozen=True, eq=False)
class Flats:
    """The flats of a home, one place in each array per flat."""

    lag: np.ndarray  # rent, kr/månad
    hog: np.ndarray
    inflyttning: np.ndarray  # datetime64[D]
    niva: tuple[str, ...]  # "" where the resident's level is not known
    vuxna: np.ndarray
    barn: np.ndarray
    inkomst: np.ndarray  # kr/år, NaN where it is not known

    def __len__(self) -> int:
        return len(self.lag)

    @property
    def mid(self) -> np.ndarray:
        """The rents at their means."""
        return (self.lag + self.hog) / 2


@dataclass(frozen=True, eq=False)
class Home:
    """A home as the table `boenden` has it. An amount that the table leaves empty is NaN, a day None."""

    boende: str
    enhet: str
    insats: str
    regi: str
    platser: int
    oppnar: date
    tilltrade: date | None
    personal_fran: date | None
    startkostnad_kr: float
    arsarbetare: float
    kr_per_arsarbetare: float
    lokalhyra_kr: float
    flats: Flats

    @property
    def first_day(self) -> date:
        """The earliest stated day of the plan, on which the start cost lands: access, staff or the opening."""
        return min(day for day in (self.tilltrade, self.personal_fran, self.oppnar) if day)

    @property
    def personal_kr(self) -> float:
        """Staff, kr/månad."""
        return self.arsarbetare * self.kr_per_arsarbetare / 12

    @property
    def rents_are_paid_by_tenants_only(self) -> bool:
        """Whether the unit pays no rent of its own, so that an empty flat costs it that flat's rent."""
        return not self.lokalhyra_kr > 0

    @property
    def known(self) -> int:
        """Residents whose level is known."""
        return sum(bool(niva) for niva in self.flats.niva)


def household(text: str) -> tuple[int, int] | None:
    """Adults and children of a household; None for one that no rule knows.

    >>> household("1_vuxen"), household("2_vuxna_1_barn"), household("3_vuxna")
    ((1, 0), (2, 1), None)
    """
    found = HOUSEHOLD.fullmatch(str(text))
    if not found:
        return None
    adults, children = (int(part or 0) for part in found.groups())
    return (adults, children) if 1 <= adults <= MOST_ADULTS else None


def read_home(row: pd.Series, rows: pd.DataFrame) -> Home:
    """A home from its row of `boenden` and its flats' rows of `lagenheter`, both sound."""
    people = [*filter(None, map(household, rows["hushall"]))]  # sound rows: each is a household
    flats = Flats(
        lag=rows["hyra_kr_per_manad_lag"].to_numpy(float),
        hog=rows["hyra_kr_per_manad_hog"].to_numpy(float),
        inflyttning=rows["inflyttning"].to_numpy().astype("datetime64[D]"),
        niva=tuple(rows["niva"]),
        vuxna=np.array([adults for adults, _ in people], dtype=int),
        barn=np.array([children for _, children in people], dtype=int),
        inkomst=rows["inkomst_kr_per_ar"].to_numpy(float),
    )
    days = {name: None if pd.isna(row[name]) else row[name].date() for name in ("tilltrade", "personal_fran")}
    return Home(
        boende=row["boende"],
        enhet=row["enhet"],
        insats=row["insats"],
        regi=row["regi"],
        platser=int(row["platser"]),
        oppnar=row["oppnar"].date(),
        **days,
        startkostnad_kr=float(row["startkostnad_kr"]),
        arsarbetare=float(row["bemanning_arsarbetare"]),
        kr_per_arsarbetare=float(row["kostnad_kr_per_arsarbetare"]),
        lokalhyra_kr=float(row["lokalhyra_kr_per_manad"]),
        flats=flats,
    )


def opened(home: Home, day: date) -> Home:
    """The home with another opening day: every other day of it moves as far.

    As many months where the two opening days have the same place in their months, else as many days.

    >>> moved_day(date(2024, 12, 1), date(2024, 10, 1), date(2024, 11, 1))
    datetime.date(2025, 1, 1)
    >>> moved_day(date(2024, 12, 1), date(2024, 10, 1), date(2024, 10, 15))
    datetime.date(2024, 12, 15)
    """
    if day == home.oppnar:
        return home
    before = {name: getattr(home, name) for name in ("tilltrade", "personal_fran")}
    shifted: dict[str, Any] = {name: old and moved_day(old, home.oppnar, day) for name, old in before.items()}
    moves = [moved_day(old.item(), home.oppnar, day) for old in home.flats.inflyttning]
    flats = replace(home.flats, inflyttning=np.array(moves, dtype="datetime64[D]"))
    return replace(home, oppnar=day, flats=flats, **shifted)


def moved_day(old: date, oppnade: date, oppnar: date) -> date:
    """A day of the plan after the opening has moved from one day to another."""
    if oppnade.day != oppnar.day:
        return old + (oppnar - oppnade)
    return later(old, 12 * (oppnar.year - oppnade.year) + oppnar.month - oppnade.month)


def later(day: date, months: int) -> date:
    """The same day of the month some months later, or that month's last.

    >>> later(date(2024, 11, 30), 3), later(date(2024, 3, 1), -4)
    (datetime.date(2025, 2, 28), datetime.date(2023, 11, 1))
    """
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def home_faults(homes: pd.DataFrame, insatser: Iterable[str] | None, file: str) -> list[Fault]:
    """Homes that can't be right. Cells that the reader has found at fault are passed by."""
    found = _named(homes[homes["platser"] < 1], "platser", "ett boende ska ha minst en plats.", "no_places", file)
    for name in ("tilltrade", "personal_fran"):
        text = f"{name} ligger efter oppnar. Rätta datumen, eller lämna cellen tom."
        found += _named(homes[homes[name] > homes["oppnar"]], name, text, "after_opening", file)
    for name in ("startkostnad_kr", "bemanning_arsarbetare", "kostnad_kr_per_arsarbetare", "lokalhyra_kr_per_manad"):
        found += _named(homes[homes[name] < 0], name, "talet ska inte vara negativt.", "negative", file)
    for row in homes[~homes["regi"].isin(REGI) & (homes["regi"] != "")].to_dict("records"):
        text = f"regi '{row['regi']}' finns inte.{did_you_mean(row['regi'], REGI)}"
        found.append(Fault("tabell", file, int(row["_rad"]), "kolumn regi", text, "unknown_regi"))
    known = set(homes["insats"] if insatser is None else insatser)
    for row in homes[(homes["insats"] != "") & ~homes["insats"].isin(known)].to_dict("records"):
        text = f"insatsen '{row['insats']}' finns inte i regeln insatser.{did_you_mean(row['insats'], known)}"
        found.append(Fault("tabell", file, int(row["_rad"]), "kolumn insats", text, "unknown_insats"))
    return found


def flat_faults(flats: pd.DataFrame, homes: pd.DataFrame, levels: dict[str, set[str]], file: str) -> list[Fault]:
    """Flats that can't be right, by themselves and by their homes; no row is named by more than its number.

    Parameters
    ----------
    levels : the levels of each insats that has a price list
    """
    known = set(homes["boende"])
    found = []
    for row in flats[~flats["boende"].isin(known) & (flats["boende"] != "")].to_dict("records"):
        text = f"boendet '{row['boende']}' finns inte i boenden.{did_you_mean(row['boende'], known)}"
        found.append(Fault("tabell", file, int(row["_rad"]), "kolumn boende", text, "unknown_boende"))
    text = "hyran ska inte vara negativ. Lämna cellen tom om den är okänd."
    found += _named(flats[flats["hyra_kr_per_manad_lag"] < 0], "hyra_kr_per_manad", text, "negative", file)
    text = "inkomsten ska inte vara negativ. Lämna cellen tom om den är okänd."
    found += _named(flats[flats["inkomst_kr_per_ar"] < 0], "inkomst_kr_per_ar", text, "negative", file)
    strange = [bool(HOUSEHOLD.fullmatch(text)) and household(text) is None for text in flats["hushall"]]
    text = "hushållet finns inte i reglerna, som har en eller två vuxna, med eller utan barn: till exempel 1_vuxen."
    found += _named(flats[np.array(strange, dtype=bool)], "hushall", text, "unknown_household", file)
    beside = flats.merge(homes.drop_duplicates("boende"), on="boende", how="inner", suffixes=("", "_hem"))
    early = beside[beside["inflyttning"] < beside["oppnar"]]
    text = "inflyttning ligger före den dag då boendet öppnar. Rätta datumet, eller oppnar i boenden."
    found += _named(early, "inflyttning", text, "before_opening", file)
    too_many = beside[beside.groupby("boende").cumcount() >= beside["platser"].where(beside["platser"] > 0, np.inf)]
    text = "boendet har fler lägenheter än platser. Ta bort raden, eller rätta platser i boenden."
    found += _named(too_many, "lagenhet", text, "too_many_flats", file)
    for insats, its in levels.items():
        wrong = beside[(beside["insats"] == insats) & (beside["niva"] != "") & ~beside["niva"].isin(its)]
        text = f"nivån finns inte i prislistan för {insats}. Det finns: {', '.join(sorted(its))}."
        found += _named(wrong, "niva", text, "unknown_level", file)
    return found


def _named(rows: pd.DataFrame, column: str, text: str, code: str, file: str) -> list[Fault]:
    return [Fault("tabell", file, int(line), f"kolumn {column}", text, code) for line in rows["_rad"]]
