"""How insatser and hours are spread over women and men, by groups of insatser."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pandas as pd

from planbok.analysis.chains import day_numbers, month_starts
from planbok.base.periods import days_in_month, month_end
from planbok.topics.insatser.cost import nightly
from planbok.topics.insatser.study import Study

T = TypeVar("T")
GROUPS = ("boende", "daglig", "vardag", "assistans", "alla")
SEXES = ("kvinna", "man", "okänt")
GROUP_NAMES = {
    "boende": "Boende",
    "daglig": "Daglig verksamhet",
    "vardag": "Stöd i vardagen",
    "assistans": "Personlig assistans",
    "alla": "Alla insatser",
}


def shares(study: Study) -> pd.DataFrame:
    """Persons with something granted from January to each month, their hours and kronor, by group and sex.

    Returns
    -------
    DataFrame manad, grupp, kon, antal, timmar_h, kr, prissatta, med_timmar: persons are counted once in each group;
    hours and kronor are those of decisions that have hours, or a price; `prissatta` and `med_timmar` the persons who
    have such.
    """
    return _once(study, "shares", _shares)


def _once(study: Study, name: str, work: Callable[[Study], T]) -> T:
    """What is worked out of the decisions alone, the first time that it is asked for."""
    if name not in study.kept:
        study.kept[name] = work(study)
    return study.kept[name]


def _shares(study: Study) -> pd.DataFrame:
    groups, sex = groups_and_sex(study)
    days, hours, kr = _so_far(study)
    month, at = np.nonzero(days > 0)
    person = study.rows["person"].take(at).reset_index(drop=True)
    hours, kr = hours[month, at], kr[month, at]
    frame = pd.DataFrame({"manad": month + 1, "grupp": groups.to_numpy()[at], "kon": sex.to_numpy()[at]})
    frame = frame.assign(person=person, priced=person.where(np.isfinite(kr)), timed=person.where(hours > 0))
    frame = frame.assign(timmar_h=hours, kr=kr)
    both = pd.concat([frame.dropna(subset="grupp"), frame.assign(grupp=GROUPS[-1])])
    parts = both.groupby(["manad", "grupp", "kon"])
    sums = parts[["timmar_h", "kr"]].sum()
    counted = {"antal": "person", "prissatta": "priced", "med_timmar": "timed"}
    return sums.assign(**{name: parts[of].nunique() for name, of in counted.items()}).reset_index()


def groups_and_sex(study: Study) -> tuple[pd.Series, pd.Series]:
    """The group of each decision's insats, NaN where it is in none, and the sex of its person."""
    return _once(study, "groups_and_sex", _groups_and_sex)


def _groups_and_sex(study: Study) -> tuple[pd.Series, pd.Series]:
    rows = study.rows
    group_of = study.case.rule("insatser.grupper").varde
    sex = rows.groupby("person")["kon"].transform("max").where(lambda kon: kon.ne(""), "okänt")
    return rows["insats"].map(group_of), sex


def in_month(study: Study, month: str) -> tuple[np.ndarray, np.ndarray]:
    """Days and hours of each decision in a month."""
    first, end = day_numbers(study.rows["fran"]), day_numbers(study.rows["till"]) + 1
    start, after = month_starts(month, 1)
    inside = np.clip(np.minimum(end, after) - np.maximum(first, start), 0, None)
    granted = study.rows["timmar_per_manad"].fillna(0.0).to_numpy()
    return inside, granted * inside / days_in_month(*map(int, month.split("-")))


def _so_far(study: Study) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days, hours and kronor of each decision from January to each month, (month, decision); NaN without a price.

    The last day of a stay that is paid by the night is a day with the insats, but no night.
    """
    ends = [month_end(study.ar, month) for month in range(1, study.tom_manad + 1)]
    price = np.array([study.prices.on(day) for day in ends])
    by_month = np.array([in_month(study, month) for month in study.year_months])
    days, hours = by_month.cumsum(axis=0).transpose(1, 0, 2)
    nights = study.rows["insats"].isin(nightly(study.case)).to_numpy()
    left = day_numbers(study.rows["till"]) < month_starts(study.manad, study.tom_manad)[1:, None]
    paid = days - (nights & left)  # of those that have days
    return days, hours, np.where(study.prices.hourly, hours, paid) * price
