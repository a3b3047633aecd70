"""How insatser and hours are spread over women and men, by groups of insatser."""

from datetime import date

import numpy as np
import pandas as pd

from planbok.analysis.chains import day_numbers, month_starts
from planbok.base.periods import days_in_month
from planbok.topics.insatser.study import Study

GROUPS = ("boende", "daglig", "vardag", "assistans", "alla")
SEXES = ("kvinna", "man", "okänt")
GROUP_NAMES = {
    "boende": "Boende",
    "daglig": "Daglig verksamhet",
    "vardag": "Stöd i vardagen",
    "assistans": "Personlig assistans",
    "alla": "Alla insatser",
}


def has_sex(study: Study) -> bool:
    """Whether the decisions say whose they are."""
    return bool(study.rows["kon"].ne("").any())


def shares(study: Study) -> pd.DataFrame:
    """Persons with something granted in the year's months, their hours and kronor, by group and sex.

    Returns
    -------
    DataFrame grupp, kon, antal, timmar_h, kr, prissatta, med_timmar: persons are counted once in each group; hours and
    kronor are those of decisions that have hours, or a price; `prissatta` and `med_timmar` the persons who have such.
    """
    rows = study.rows
    groups, sex = groups_and_sex(study)
    days, hours, kr = _year(study)
    frame = pd.DataFrame({"person": rows["person"], "grupp": groups, "kon": sex})
    priced = rows["person"].where(np.isfinite(kr))
    timed = rows["person"].where(hours > 0)
    frame = frame.assign(timmar_h=hours, kr=kr, priced=priced, timed=timed)[days > 0]
    both = pd.concat([frame.dropna(subset="grupp"), frame.assign(grupp="alla")])
    groups = both.groupby(["grupp", "kon"])
    sums = groups[["timmar_h", "kr"]].sum()
    counted = {"antal": "person", "prissatta": "priced", "med_timmar": "timed"}
    return sums.assign(**{name: groups[of].nunique() for name, of in counted.items()}).reset_index()


def groups_and_sex(study: Study) -> tuple[pd.Series, pd.Series]:
    """The group of each decision's insats, NaN where it is in none, and the sex of its person."""
    rows = study.rows
    group_of = study.case.rule("insatser.grupper", date(study.ar, 1, 1)).varde
    sex = rows.groupby("person")["kon"].transform("max").where(lambda kon: kon.ne(""), "okänt")
    return rows["insats"].map(group_of), sex


def in_month(study: Study, month: str) -> tuple[np.ndarray, np.ndarray]:
    """Days and hours of each decision in a month."""
    first, end = day_numbers(study.rows["fran"]), day_numbers(study.rows["till"]) + 1
    start, after = month_starts(month, 1)
    inside = np.clip(np.minimum(end, after) - np.maximum(first, start), 0, None)
    granted = study.rows["timmar_per_manad"].fillna(0.0).to_numpy()
    return inside, granted * inside / days_in_month(*map(int, month.split("-")))


def _year(study: Study) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days, hours and kronor of each decision in the year's months; NaN kr where there is no price."""
    price = study.prices.on(study.last_day)
    by_month = np.array([in_month(study, month) for month in study.year_months])
    days, hours = by_month.sum(axis=0)
    return days, hours, np.where(study.prices.hourly, hours, days) * price
