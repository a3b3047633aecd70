"""What of a unit's LSS-peng has no price, and so is in no total."""

import numpy as np
import pandas as pd

from planbok.topics.lss_peng.decisions import OWN_REGI
from planbok.topics.lss_peng.study import Study
from planbok.topics.lss_peng.tables import insats_name
from planbok.topics.lss_peng.worlds import World


def no_prices(study: Study) -> str:
    """Why nothing can be counted in kronor; "" where some insats has a price."""
    world, ar = study.world, study.case.ar
    if not len(world.cells) or not np.isnan(world.prices.tilldelning).all():
        return ""
    years = study.case.sources.rules.prices.get("ar", pd.Series(dtype=int))
    nearest = min(years.unique(), key=lambda year: abs(year - ar), default=None)
    return f"prislistan har inget pris {ar} för enhetens insatser" + (f"; närmast {nearest}" if nearest else "")


def unpriced_days(study: Study) -> dict[str, float]:
    """Days per insats that have no price."""
    return study.world.once("unpriced_days", _unpriced_days)


def _unpriced_days(world: World) -> dict[str, float]:
    missing = np.where(np.isnan(world.prices.tilldelning), world.days, 0.0).sum(axis=1)
    by_insats = pd.Series(missing).groupby(world.cells.get_level_values("insats")).sum()
    return by_insats[by_insats > 0].to_dict()


def bought_hours(study: Study) -> pd.DataFrame:
    """The year's decisions in hours outside the unit's own management."""
    return study.world.once("bought_hours", lambda _: _bought_hours(study))


def _bought_hours(study: Study) -> pd.DataFrame:
    rows, ar = study.case.unit_rows("beslut"), study.case.ar
    insatser = study.case.rule("insatser").varde
    hourly = {name for name, how in insatser.items() if how["mattenhet"] == "timme"}
    runs = (rows["fran"] <= f"{ar}-12-31") & ~(rows["till"] < f"{ar}-01-01")
    return rows[rows["insats"].isin(hourly) & (rows["regi"] != OWN_REGI) & runs]


def unpaid_hours(study: Study) -> list[str]:
    """Insatser whose bought hours are in no payment, because their hours or their price are not known."""
    bought, hours = bought_hours(study), study.world.hours
    without_hours = set(bought.loc[bought["timmar_per_manad"].isna(), "insats"])
    without_price = set(hours.loc[(hours["regi"] != OWN_REGI) & hours["kr"].isna(), "insats"])
    names = {code: insats_name(study, code).lower() for code in without_hours | without_price}
    found = [f"{names[code]}: beslut utan timmar" for code in sorted(without_hours)]
    return found + [f"{names[code]}: timmar utan pris" for code in sorted(without_price)]
