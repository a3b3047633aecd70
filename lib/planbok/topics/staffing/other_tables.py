"""What the report reads beside the hours: targets and outcomes, sick spells, operations."""

from datetime import date

import pandas as pd

from planbok.analysis.targets import (
    Stated,
    TargetRow,
    indicator_id,
    plain_name,
    reading_of,
    stated,
    target_row,
)
from planbok.base.periods import month_end
from planbok.case.case import Case
from planbok.topics.staffing import hours, model, signals

SPELLINGS = "indikator.stavningar"
OWN_RATIOS = {
    "sjukfranvaro": "sjukfranvaro_procent",
    "sjukfranvaro_dag_1_14": "sjukfranvaro_dag_1_14_procent",
    "timavlonade_timmar": "timavlonad_procent",
}
PERIODS = {"hittills": -2, "rullande_12": -1}  # place among hours.periods
SIGNAL_RULES = {name: f"sjuksignal.{name}" for name in signals.SignalRules.__dataclass_fields__}


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
    values = {name: int(case.rule(key, day).varde) for name, key in SIGNAL_RULES.items()}
    rules = signals.SignalRules(**values)
    rows = case.unit_rows("sjukfall")
    return signals.counts(rows, rules, day, month_end(case.ar, tom), date(case.ar, tom, 1)).assign(
        regel=[
            f"minst {rules.korta_antal} perioder om högst {rules.kort_dagar} dagar på {rules.fonster_manader} månader",
            f"längre än {rules.lang_dagar} dagar",
            f"längre än {rules.kontakt_dagar} dagar",
        ]
    )


def operations(case: Case) -> pd.DataFrame | None:
    """The unit's operations with users and staff; None where the table does not have it."""
    return case.unit_rows("verksamheter") if case.has_rows("verksamheter") else None
