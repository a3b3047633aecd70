"""What the report reads beside the hours: targets and outcomes, operations, and sick spells as signals to act on.

Signals are counted: never a row per person, a name or a day.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from planbok.analysis.targets import Stated, TargetRow, indicator_id, plain_name, reading_of, stated, target_row
from planbok.base.periods import month_end
from planbok.case.case import Case
from planbok.topics.staffing import hours, model

SPELLINGS = "indikator.stavningar"
OWN_RATIOS = {
    "sjukfranvaro": "sjukfranvaro_procent",
    "sjukfranvaro_dag_1_14": "sjukfranvaro_dag_1_14_procent",
    "timavlonade_timmar": "timavlonad_procent",
}
ONE_DAY = pd.Timedelta(days=1)
PERIODS = {"hittills": -2, "rullande_12": -1}  # place among hours.periods


def target_rows(case: Case, frame: pd.DataFrame, tom: int) -> tuple[TargetRow, ...]:
    """The unit's targets of the year, each with its outcome: from hours where they give it, else as reported."""
    if not case.has_rows("mal"):
        return ()
    rows = case.unit_rows("mal")
    rows = rows[rows["ar"] == case.ar]
    spellings = case.rule_or_none(SPELLINGS) or {}
    names = [indicator_id(name, spellings) for name in rows["indikator"]]
    reported = _reported(case, tom, spellings)
    found = []
    for row, name in zip(rows.to_dict("records"), names, strict=True):
        reading = reading_of(row, case.rule_or_none, name)
        if name in OWN_RATIOS:
            period, utfall = _own_outcome(frame, case.ar, tom, name, reading)
        else:
            period, text = reported.get(name, ("", ""))
            utfall = stated(text, reading) if text else Stated("", hinder="utfall saknas")
        found.append(target_row(row, name, reading, period, utfall, names.count(name) > 1))
    return tuple(found)


def _own_outcome(frame: pd.DataFrame, ar: int, tom: int, name: str, reading) -> tuple[str, Stated]:
    """The outcome of an indicator that hours give, over the period that its rule holds against the target."""
    period, value = own_ratio(frame, ar, tom, name, reading.period)
    return period, Stated("", value) if value == value else Stated("", hinder="utfall saknas")


def own_ratio(frame: pd.DataFrame, ar: int, tom: int, name: str, over: str) -> tuple[str, float]:
    """The period that an indicator's rule holds against the target, and its ratio of hours there.

    NaN where the hours are not known, or a month of the period is missing.
    """
    period = hours.periods(ar, tom)[PERIODS.get(over, PERIODS["hittills"])]
    if not period.whole(frame):
        return period.namn, float("nan")
    sums = period.rows(frame)[hours.HOURS].sum(skipna=False).to_frame().T
    return period.namn, float(model.ratios(sums)[OWN_RATIOS[name]].iloc[0])


def _reported(case: Case, tom: int, spellings: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The year's latest reported outcome of each indicator, not after the month: (period, text)."""
    if not case.has_rows("indikatorutfall"):
        return {}
    rows = case.unit_rows("indikatorutfall")
    rows = rows[rows["period"].str.startswith(str(case.ar))]
    rows = rows.assign(till=rows["period"].map(_last_month))
    rows = rows[(rows["till"] <= tom) | (rows["period"] == str(case.ar))].sort_values("till", kind="stable")
    return {
        indicator_id(plain_name(row["indikator"]), spellings): (row["period"], row["utfall"])
        for row in rows.to_dict("records")
    }


def _last_month(period: str) -> int:
    """The last month of a period: a year's is 12, a tertial's 4 or 8."""
    ending = period[5:]
    if not ending:
        return 12
    return int(ending[1:]) * (12 // hours.TERTIALS) if ending.startswith("T") else int(ending)


def signal_counts(case: Case, tom: int) -> pd.DataFrame | None:
    """Counts of what calls for the manager, January to the month; None where the unit has no sick spells."""
    if not case.has_rows("sjukfall"):
        return None
    day = date(case.ar, 1, 1)
    names = SignalRules.__dataclass_fields__
    rules = SignalRules(**{name: int(case.rule(f"sjuksignal.{name}", day).varde) for name in names})
    rows = case.unit_rows("sjukfall")
    return counts(rows, rules, day, month_end(case.ar, tom), date(case.ar, tom, 1)).assign(
        regel=[
            f"minst {rules.korta_antal} perioder om högst {rules.kort_dagar} dagar på {rules.fonster_manader} månader",
            f"längre än {rules.lang_dagar} dagar",
            f"längre än {rules.kontakt_dagar} dagar",
        ]
    )


def operations(case: Case) -> pd.DataFrame | None:
    """The unit's operations with users and staff; None where the table does not have it."""
    return case.unit_rows("verksamheter") if case.has_rows("verksamheter") else None


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
