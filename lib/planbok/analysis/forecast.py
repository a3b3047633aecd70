"""A year from its first months: four ways of looking ahead, and how good each would have been in past years.

Everything is an array with a series in each row (a budget row's cost, say) and the twelve months in columns. Each
method is one straight expression in what has been booked to date,

    year = factor * booked to date + added

so that what it does to any part of the booked money, such as a measure at work since March, is known exactly.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

MONTHS = 12
STRAIGHT, PROFILE, LAST_YEAR, BUDGET = METHODS = ("rak", "profil", "forra_aret", "manadsbudget")
DRIVERS = "drivare"  # equal months, and what other topics know of how the rest of the year differs from them
EVERY_METHOD = (*METHODS, DRIVERS)
NAIVE = "sasongsnaiv"  # what every method is held against: the rest of the year as it was last year
NONE = ""


@dataclass(frozen=True)
class Past:
    """What is known before the year: booked money of earlier years, (year, series, 12), and the year's monthly budget.

    The last of `years` is the year before; NaN where a year or a month is unknown. `driven` is what the topics expect
    of the year's months of service, (series, 12); NaN for a series of which they say nothing.
    """

    years: np.ndarray
    budget: np.ndarray
    driven: np.ndarray | None = None


@dataclass(frozen=True)
class Extrapolation:
    """A method for every series: NaN in `factor` where it can't be used. `rest` is how the rest of the year lies."""

    tom: int
    factor: np.ndarray
    added: np.ndarray
    rest: np.ndarray  # (series, 12), any scale; the months to date don't count

    def year(self, to_date: np.ndarray) -> np.ndarray:
        """The year's money from what is booked to date."""
        return self.factor * to_date + self.added

    def months(self, to_date: np.ndarray) -> np.ndarray:
        """The year's remaining money by month, (series, 12); equal months where nothing says how it lies."""
        ahead = (np.arange(MONTHS) >= self.tom).astype(float)
        rest = np.where(ahead, self.rest, 0.0)
        whole = rest.sum(axis=1)
        says_how = np.isfinite(whole) & (whole != 0)
        weights = np.where(says_how[:, None], rest, ahead)
        share = weights / np.where(says_how, whole, max(ahead.sum(), 1))[:, None]
        return share * (self.year(to_date) - to_date)[:, None]


def received(tom: int, late: np.ndarray) -> np.ndarray:
    """How many of the year's months are in the books, where a row's invoices come `late` months after.

    At year-end late invoices are booked on the year they belong to, so that all twelve are there.

    >>> received(4, np.array([0, 1])).tolist(), received(12, np.array([1])).tolist()
    ([4, 3], [12])
    """
    return np.full(len(late), MONTHS) if tom == MONTHS else np.maximum(tom - np.asarray(late), 0)


def booked(money: np.ndarray, late: np.ndarray) -> np.ndarray:
    """Months of service as months of booking: `late` months later, the year's last ones all in December."""
    found = np.zeros_like(money, dtype=float)
    for shift in np.unique(late):
        rows = late == shift
        found[rows, shift:] = money[rows, : MONTHS - shift]
        found[rows, -1] += money[rows, MONTHS - shift :].sum(axis=1)
    return found


def straight_line(tom: int, late: np.ndarray) -> Extrapolation:
    """Equal months: year = booked to date * 12 / months received.

    >>> straight_line(4, np.array([0, 1])).year(np.array([50.0, 36.0])).tolist()
    [150.0, 144.0]
    >>> straight_line(1, np.array([1])).year(np.array([5.0])).tolist()  # nothing received
    [nan]
    """
    months = received(tom, late)
    factor = np.divide(MONTHS, months, out=np.full(len(late), np.nan), where=months > 0)
    return Extrapolation(tom, factor, np.zeros(len(late)), booked(np.ones((len(late), MONTHS)), late))


def seasonal_profile(past: np.ndarray, tom: int) -> Extrapolation:
    """The row's own year: year = booked to date / the mean share of earlier years that was booked by then.

    A late invoice was late in earlier years too, so that the share already allows for it. A year counts where all its
    months are known and its sum is above 0.
    """
    whole = past.sum(axis=2, keepdims=True)
    shares = np.divide(past, whole, out=np.full(past.shape, np.nan), where=whole > 0)
    there = np.isfinite(shares).all(axis=2)
    return _from_shares(np.where(there[:, :, None], shares, 0.0).sum(axis=0), tom)  # the sum lies as the mean does


def last_years_path(past: np.ndarray, tom: int) -> Extrapolation:
    """Last year's path: year = booked to date * last year's sum / last year to the same month."""
    last = past[-1] if len(past) else np.full(past.shape[1:], np.nan)
    return _from_shares(last, tom)


def _from_shares(shares: np.ndarray, tom: int) -> Extrapolation:
    to_date, whole = shares[:, :tom].sum(axis=1), shares.sum(axis=1)
    factor = np.divide(whole, to_date, out=np.full(len(shares), np.nan), where=(to_date > 0) & (whole > 0))
    return Extrapolation(tom, factor, np.zeros(len(shares)), shares)


def monthly_budget(budget: np.ndarray, tom: int, late: np.ndarray) -> Extrapolation:
    """The rest as budgeted: year = booked to date + the stated budget of the months not received."""
    service = np.arange(MONTHS) >= received(tom, late)[:, None]
    added = np.where(service, budget, 0.0).sum(axis=1)
    factor = np.where(np.isnan(added), np.nan, 1.0)
    return Extrapolation(tom, factor, added, booked(budget, late))


def drivers_path(driven: np.ndarray, tom: int, late: np.ndarray) -> Extrapolation:
    """Equal months, and how what drives the row differs between the months received and the rest.

        year = booked to date * 12 / months received + driven whole year - driven months received * 12 / months received

    What drives only a part of the row is so taken in kronor, and the rest of the row goes on evenly.

    >>> path = np.array([[100.0] * 6 + [130.0] * 6])
    >>> drivers_path(path, 6, np.array([0])).year(np.array([1000.0])).tolist()  # 2000, and 6 * 30 more
    [2180.0]
    """
    straight, months = straight_line(tom, late), received(tom, late)
    seen = np.where(np.arange(MONTHS) < months[:, None], driven, 0.0).sum(axis=1)
    added = driven.sum(axis=1) - seen * straight.factor
    return Extrapolation(tom, np.where(np.isnan(added), np.nan, straight.factor), added, booked(driven, late))


def seasonal_naive(past: np.ndarray, tom: int) -> Extrapolation:
    """What methods are held against: year = booked to date + last year's remaining months as they were."""
    last = past[-1] if len(past) else np.full(past.shape[1:], np.nan)
    added = last[:, tom:].sum(axis=1)
    return Extrapolation(tom, np.where(np.isnan(added), np.nan, 1.0), added, last)


def every_method(past: Past, tom: int, late: np.ndarray) -> dict[str, Extrapolation]:
    """Each method for every series."""
    driven = np.full(past.budget.shape, np.nan) if past.driven is None else past.driven
    return {
        STRAIGHT: straight_line(tom, late),
        PROFILE: seasonal_profile(past.years, tom),
        LAST_YEAR: last_years_path(past.years, tom),
        BUDGET: monthly_budget(past.budget, tom, late),
        DRIVERS: drivers_path(driven, tom, late),
    }


def chosen(
    wanted: np.ndarray, found: dict[str, Extrapolation], instead: tuple[str, ...] = (STRAIGHT, BUDGET)
) -> tuple[np.ndarray, Extrapolation]:
    """The wanted method of each series, or where it can't be used the first of `instead` that can.

    Returns
    -------
    The method used by each series, "" where none can be used, and what they give together.
    """
    order = [wanted, *(np.full(len(wanted), name) for name in instead)]
    if instead:  # what drives a row is known to the budget too, as it was then
        order.insert(1, np.where(wanted == DRIVERS, BUDGET, NONE))
    used = np.full(len(wanted), NONE, dtype=object)
    for candidates in order:
        for name, method in found.items():
            used[(used == NONE) & (candidates == name) & np.isfinite(method.factor)] = name
    conditions = [used == name for name in found]
    methods = list(found.values())
    factor = np.select(conditions, [m.factor for m in methods], np.nan)
    added = np.select(conditions, [m.added for m in methods], np.nan)
    rest = np.select([c[:, None] for c in conditions], [m.rest for m in methods], np.nan)
    return used, Extrapolation(methods[0].tom, factor, added, rest)


def backtest(
    years: np.ndarray, budgets: np.ndarray, late: np.ndarray, wanted: np.ndarray, driven: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """What each method would have said after each month of each year, from what was known then.

    Parameters
    ----------
    years : booked money, (year, series, 12), in order; NaN where unknown
    budgets : the years' stated monthly budgets, the same shape
    wanted : the method used for each series, reported as "vald"; NaN where just that one could not be used then
    driven : what the topics expected after each month of each year, (year, month - 1, series, 12); NaN for nothing

    Returns
    -------
    Method ("vald", the five, the seasonal naive) to the year's forecast, (year, month - 1, series), months 1-11; NaN
    where the method could not be used. A year's own later months are never looked at. Where nothing has ever been
    booked, as on a row that stands only as operations, every method says nothing.
    """
    shape = (len(years), MONTHS - 1, years.shape[1])
    found = {name: np.full(shape, np.nan) for name in ("vald", *EVERY_METHOD, NAIVE)}
    for place in range(len(years)):
        past = Past(years[:place], budgets[place])
        never = place > 0 and (past.years == 0).all(axis=(0, 2))
        for tom in range(1, MONTHS):
            to_date = years[place, :, :tom].sum(axis=1)
            expected = None if driven is None else driven[place, tom - 1]
            methods = every_method(replace(past, driven=expected), tom, late)
            tried = {name: methods[name] for name in EVERY_METHOD}
            tried |= {"vald": chosen(wanted, methods, ())[1], NAIVE: seasonal_naive(past.years, tom)}
            for name, method in tried.items():
                found[name][place, tom - 1] = np.where(never & (to_date == 0), 0.0, method.year(to_date))
    return found


def errors(
    said: dict[str, np.ndarray], years: np.ndarray, sign: np.ndarray, groups: np.ndarray, names: list[str]
) -> pd.DataFrame:
    """Forecasts beside what the years became, summed by group, and of all groups together.

    Parameters
    ----------
    said : method to (year, month - 1, series), from `backtest`
    sign : +1 for a series of cost, -1 for one of revenue
    groups : the number of each series' group; `names` are the groups, and what all of them together are called

    Returns
    -------
    DataFrame metod, ar (place among the years), tom_manad, grupp, prognos_kr, utfall_kr; without what could not be
    said.
    """
    became = np.broadcast_to((years.sum(axis=2) * sign)[:, None, :], (len(years), MONTHS - 1, len(sign)))
    money = np.stack([*(one * sign for one in said.values()), became])
    order = np.argsort(groups, kind="stable")
    first = np.searchsorted(groups[order], np.arange(len(names) - 1))
    parts = (np.add.reduceat(money[..., order], first, axis=-1), np.add.reduceat(money, [0], axis=-1))
    *forecasts, outcome = np.concatenate(parts, axis=-1)
    forecast, outcome = np.stack(forecasts), np.broadcast_to(outcome, (len(said), *outcome.shape))
    known = ~np.isnan(forecast) & ~np.isnan(outcome)
    method, year, month, group = np.nonzero(known)
    return pd.DataFrame(
        {
            "metod": pd.Index([*said]).take(method),
            "ar": year,
            "tom_manad": month + 1,
            "grupp": pd.Index(names).take(group),
            "prognos_kr": forecast[known],
            "utfall_kr": outcome[known],
        }
    )
