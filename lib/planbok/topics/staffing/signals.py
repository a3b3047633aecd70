"""Signals for the manager's duty, counted: never a row per person, a name or a day."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class SignalRules:
    """When a manager is to act, in days, months and spells."""

    korta_antal: int
    kort_dagar: int
    fonster_manader: int
    aterinsjuknande_dagar: int
    lang_dagar: int
    kontakt_dagar: int


def spells(rows: pd.DataFrame, relapse: int, last: date) -> pd.DataFrame:
    """Sick spells: rows of the same person that follow within `relapse` days are one.

    Parameters
    ----------
    rows : person, fran, till (NaT: still running) of one unit
    relapse : days from an end within which a new start continues the spell
    last : the last day that is known; what starts after it is left out

    Returns
    -------
    DataFrame person, fran, till and `dagar`, the days of illness in it, gaps not counted.

    >>> rows = pd.DataFrame({"person": ["p"] * 3, "fran": pd.to_datetime(["2024-01-01", "2024-01-08", "2024-01-20"]),
    ...     "till": pd.to_datetime(["2024-01-03", "2024-01-09", "2024-01-20"])})
    >>> spells(rows, 5, date(2024, 12, 31))["dagar"].tolist()
    [5, 1]
    """
    end = pd.Timestamp(last)
    known = rows[rows["fran"] <= end].sort_values(["person", "fran"], kind="stable")
    till = known["till"].fillna(end).clip(upper=end)
    person = known["person"]
    reached = till.groupby(person).cummax()
    before = reached.groupby(person).shift()
    new = before.isna() | (known["fran"] - before > relapse * ONE_DAY)
    fresh_from = known["fran"].where(before.isna() | (known["fran"] > before), before + ONE_DAY)
    days = ((till - fresh_from).dt.days + 1).clip(lower=0)
    parts = pd.DataFrame({"person": person, "fran": known["fran"], "till": till, "dagar": days, "spell": new.cumsum()})
    merged = parts.groupby("spell", sort=False).agg(
        person=("person", "first"), fran=("fran", "first"), till=("till", "max"), dagar=("dagar", "sum")
    )
    return merged.reset_index(drop=True)


def repeated(found: pd.DataFrame, rules: SignalRules) -> pd.Series:
    """The day on which each spell makes its person's short spells enough: NaT where it does not.

    A spell is the n:th short one where the spell n - 1 before it began less than the window's months earlier: the
    window runs from that first day, and its last day is not inside.

    >>> days = pd.to_datetime(["2016-01-10", "2016-02-10", "2016-03-10", "2016-07-09"])
    >>> four = pd.DataFrame({"person": "p", "fran": days, "till": days, "dagar": 1})
    >>> rules = SignalRules(4, 14, 6, 5, 14, 3)
    >>> repeated(four, rules).notna().tolist()
    [False, False, False, True]
    >>> repeated(four.assign(fran=[*days[:3], pd.Timestamp("2016-07-10")]), rules).notna().any()
    np.False_
    """
    short = found[found["dagar"] <= rules.kort_dagar]
    first = short.groupby("person")["fran"].shift(rules.korta_antal - 1)
    closes = first + pd.DateOffset(months=rules.fonster_manader)
    return short["fran"].where(short["fran"] < closes).reindex(found.index)


def counts(rows: pd.DataFrame, rules: SignalRules, first: date, last: date, month: date) -> pd.DataFrame:
    """How many persons and spells call for the manager, in a period and in its last month.

    Parameters
    ----------
    rows : the unit's rows of the table sjukfall
    first, last : the period's days, both inside; `month` the first day of its last month

    Returns
    -------
    DataFrame signal, avser (personer or sjukperioder), antal, antal_manaden. A spell counts on the day on which it
    passes its limit.
    """
    found = spells(rows, rules.aterinsjuknande_dagar, last)
    days = {
        "upprepad_korttid": (repeated(found, rules), "personer"),
        "langre_an_tva_veckor": (_passed(found, rules.lang_dagar), "sjukperioder"),
        "kontakt": (_passed(found, rules.kontakt_dagar), "sjukperioder"),
    }
    table = []
    for signal, (day, what) in days.items():
        numbers = [
            found.loc[day.between(pd.Timestamp(start), pd.Timestamp(last)), "person"] for start in (first, month)
        ]
        count = [n.nunique() if what == "personer" else len(n) for n in numbers]
        table.append((signal, what, *count))
    return pd.DataFrame(table, columns=["signal", "avser", "antal", "antal_manaden"])


def _passed(found: pd.DataFrame, limit: int) -> pd.Series:
    """The day on which a spell became longer than a limit; NaT for one that did not.

    A spell in parts is dated from its end, its illness taken as running on to it.

    >>> days = [14, 15, 20]
    >>> found = pd.DataFrame({"dagar": days, "till": [pd.Timestamp(2024, 1, day) for day in days]})
    >>> _passed(found, 14).dt.day.tolist()
    [nan, 15.0, 15.0]
    """
    beyond = found["dagar"] - limit
    day = found["till"] - (beyond - 1).clip(lower=0) * ONE_DAY
    return day.where(beyond > 0)
