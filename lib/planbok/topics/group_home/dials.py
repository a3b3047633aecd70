"""One home with some of its assumptions turned, and its figures: what a dial or a table of steps asks of the model."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planbok.topics.group_home import levels as mixes
from planbok.topics.group_home.homes import Home, later, opened
from planbok.topics.group_home.model import Year


def turned(year: Year, **stated: Any) -> Year:
    """A home's year under what `home_under` takes, computed as in the report."""
    return Year(home_under(year.home, year.conditions.levels, **stated), year.conditions)


def home_under(
    home: Home,
    levels: tuple[str, ...],
    *,
    hyra_kr: float | None = None,
    oppnar: date | None = None,
    manader_mellan: int | None = None,
    kanda: Mapping[str, int] | None = None,
    arsarbetare: float | None = None,
) -> Home:
    """The home with another rent, opening day, pace, residents or staff; None keeps what it has.

    Parameters
    ----------
    hyra_kr : rent of every flat, kr/månad
    oppnar : opening day; all other days of the plan move with it
    manader_mellan : whole months between one flat's move and the next, from the opening on; 0: all at once
    kanda : residents whose level is known, by level; the other places are free

    Raises
    ------
    ValueError
        If more residents are known than there are places, or a level does not exist.
    """
    home = opened(home, oppnar) if oppnar else home
    flats = home.flats
    if hyra_kr is not None:
        rent = np.full(len(flats), float(hyra_kr))
        flats = replace(flats, lag=rent, hog=rent)
    if manader_mellan is not None:
        moves = [later(home.oppnar, manader_mellan * number) for number in range(len(flats))]
        flats = replace(flats, inflyttning=np.array(moves, dtype="datetime64[D]"))
    if kanda is not None:
        known = [niva for niva, number in kanda.items() for _ in range(number)]
        if len(known) > len(flats) or set(known) - set(levels):
            raise ValueError(f"known residents {dict(kanda)} do not fit {len(flats)} flats, levels {levels}")
        flats = replace(flats, niva=(*known, *[""] * (len(flats) - len(known))))
    staff = home.arsarbetare if arsarbetare is None else float(arsarbetare)
    return replace(home, flats=flats, arsarbetare=staff)


def figures(year: Year) -> dict[str, float]:
    """The key figures of a home's year, by name; NaN where one is not known."""
    full, spread, days = year.full, year.spread, year.conditions.days
    return {
        "hyra_ar_lag_kr": float(year.rent("lag").sum()),
        "hyra_ar_hog_kr": float(year.rent("hog").sum()),
        "hyra_helar_lag_kr": full["hyra_lag"],
        "hyra_helar_hog_kr": full["hyra_hog"],
        "kbh_ar_lag_kr": float(year.kbh("lag").sum()),
        "kbh_ar_hog_kr": float(year.kbh("hog").sum()),
        "kbh_helar_lag_kr": full["kbh_lag"],
        "kbh_helar_hog_kr": full["kbh_hog"],
        "tomgangshyra_ar_kr": float(year.empty_rent.sum()),
        "kostnad_fore_oppning_kr": year.before_opening,
        "antal_nivafordelningar": float(spread.antal),
        "peng_lagst_kr": spread.lagst * days,
        "peng_hogst_kr": spread.hogst * days,
        "peng_forvantad_kr": spread.forvantad * days,
        "sjalvkostnad_kr_per_plats_och_dygn": year.cost_per_place_and_day,
        "nettokostnad_kr_per_plats_och_dygn": year.net_per_place_and_day,
        "resultat_ar_kr": float(year.result.sum()),
        "resultat_helar_kr": year.result_full_year,
    }


def by_month(year: Year) -> pd.DataFrame:
    """Every flow of the year by month, kr; rents of let and empty flats, staff, premises and peng at their means."""
    flows = {
        "hyra_lag_kr": year.rent("lag"),
        "hyra_hog_kr": year.rent("hog"),
        "uthyrd_kr": year.let_rent("mid"),
        "tomgangshyra_kr": year.empty_rent,
        "kbh_lag_kr": year.kbh("lag"),
        "kbh_hog_kr": year.kbh("hog"),
        "personal_kr": year.staff,
        "lokalhyra_kr": year.premises,
        "startkostnad_kr": year.start_cost,
        "peng_kr": year.peng,
        "resultat_kr": year.result,
    }
    frame = pd.DataFrame(flows, index=[span.manad for span in year.conditions.spans])
    return frame.groupby(level=0).sum(skipna=False).rename_axis("manad").reset_index()


def by_level(year: Year) -> pd.DataFrame:
    """Each level's peng a day beside the home's own and net cost per place and day, and what is left of the net."""
    cond = year.conditions
    frame = pd.DataFrame({"niva": list(cond.levels), "peng_kr_per_dygn": cond.peng_full})
    frame["sjalvkostnad_kr_per_dygn"] = year.cost_per_place_and_day
    frame["nettokostnad_kr_per_dygn"] = year.net_per_place_and_day
    frame["skillnad_kr_per_dygn"] = frame["peng_kr_per_dygn"] - frame["nettokostnad_kr_per_dygn"]
    frame["skillnad_helar_kr"] = frame["skillnad_kr_per_dygn"] * year.home.platser * cond.days
    return frame


def one_more_known(year: Year) -> pd.DataFrame:
    """What one newly known resident, by level, does to a full year's peng: lowest, highest, expected, width; kr."""
    cond, known = year.conditions, year.known_levels()
    columns = ["niva", "lagst_kr", "hogst_kr", "forvantad_kr", "bredd_kr"]
    rows = []
    for place, niva in enumerate(cond.levels if known[-1] else ()):
        number = known.copy()
        number[place], number[-1] = number[place] + 1, number[-1] - 1
        spread = mixes.spread(cond.peng_full, cond.shares, number)
        low, high, mean = (kr * cond.days for kr in (spread.lagst, spread.hogst, spread.forvantad))
        rows.append((niva, low, high, mean, high - low))
    return pd.DataFrame(rows, columns=columns)
