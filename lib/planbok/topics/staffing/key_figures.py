"""The key figures: where the unit stands, what it costs, and what the rest of the year must hold."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from planbok.analysis.targets import TargetRow
from planbok.case.result import KeyFigure, key_figure
from planbok.topics.staffing import model
from planbok.topics.staffing.hours import Period
from planbok.topics.staffing.people import OF_SICK, OF_STAFF, by_wage
from planbok.topics.staffing.study import Study, series
from planbok.topics.staffing.year import SICK_PAY, UNKNOWN_PARTS

SICK_LEAVE = "sjukfranvaro"
SICK_PARTS = ("sjuk_dag_1_14_h", "sjuk_60_dagar_h")


def key_figures(study: Study) -> dict[str, KeyFigure]:
    """January to the month, the year ahead, and what it costs; null with the reason where something is missing."""
    sums = study.year_to_date
    ratio = model.ratios(sums.to_frame().T).iloc[0]
    labels = {
        "sjukfranvaro_procent": "Sjukfrånvaro (stadens mått)",
        "sjukfranvaro_lag_procent": "Sjukfrånvaro (lagens mått)",
        "sjukfranvaro_dag_1_14_procent": "Sjukfrånvaro dag 1–14",
        "sjuk_60_dagar_andel_procent": "60 dagar eller mer, andel av sjuktiden",
        "timavlonad_procent": "Timavlönade, andel av arbetad tid",
    }
    values = {
        name: (ratio[name], label, unknown_hours(sums, model.RATIOS[name]) or "inga timmar att räkna på")
        for name, label in labels.items()
    }
    values |= {
        name: (sums[name], label, unknown_hours(sums, [name]))
        for name, label in {"overtid_h": "Övertid", "inhyrd_h": "Inhyrd personal"}.items()
    }
    values |= _costs(study) | _ahead(study)
    told = dict.fromkeys(values, OF_SICK) | dict.fromkeys(("timavlonad_procent", "overtid_h", "inhyrd_h"), OF_STAFF)
    told |= {"kr_per_procentenhet": (), "sjuklonekostnad_kr": by_wage(study.world)}
    return {name: key_figure(name, value, label, why, tells=told[name]) for name, (value, label, why) in values.items()}


def facts(study: Study) -> dict[str, KeyFigure]:
    """What only sentences and figures say: the months beside the year's, and how sure the forecast is."""
    found: dict[str, KeyFigure] = {}
    for when, nr in (("nu", study.last), ("forra", study.last - 1)):
        rows = study.frame[study.frame["nr"] == nr]
        for name in ("overtid_h", "inhyrd_h"):
            hours = rows[name].sum(skipna=False) if len(rows) else None
            found[f"{when}_{name}"] = key_figure(name, hours, when, "underlag saknas", tells=OF_STAFF)
    last_year = range(study.ar * 12 - 12, study.ar * 12)
    ratio = (100 * series(study.outturn, "sjuk_h") / series(study.outturn, "avtalad_tid_h")).reindex(last_year)
    for month, value in enumerate(ratio, start=1):
        name = f"i_fjol_{month}_procent"
        found[name] = key_figure(name, value, "Samma månad i fjol", "månaden saknas", tells=OF_SICK)
    found |= _months_ahead(study)
    ahead = study.outlook
    for name, end in (("lag", ahead.lag), ("hog", ahead.hog)):
        key = f"prognos_{name}_procent"
        shifted = end + _added(study) if ahead.has_range else None
        found[key] = key_figure(key, shifted, "Prognosens spann", "historien är för kort", tells=OF_SICK)
        rest = None if shifted is None else required(study, shifted)[0]
        key = f"resten_{name}_procent"
        found[key] = key_figure(key, rest, "Resten av året i snitt", "historien är för kort", tells=OF_SICK)
    return found


def _months_ahead(study: Study) -> dict[str, KeyFigure]:
    """What each month that is left is expected to be: last year's, as the forecast has it, and the scenario's part."""
    hours = study.world.base.avtalad.sum(axis=0)
    ratio = 100 * study.world.sick.sjuk.sum(axis=0) / np.where(hours, hours, np.nan)
    return {
        f"vantas_{month}_procent": key_figure("procent", ratio[month - 1], "Väntas", "okänt", tells=OF_SICK)
        for month in range(study.tom_manad + 1, 13)
        if study.outlook.varde is not None
    }


def unknown_hours(sums: pd.Series, columns: Iterable[str]) -> str:
    """Which of the columns are unknown in some month, as a reason; "" where all are known.

    >>> unknown_hours(pd.Series({"sjuk_h": 5.0, "inhyrd_h": np.nan}), ["sjuk_h", "inhyrd_h"])
    'inhyrd_h saknas i tabellen bemanning'
    """
    unknown = [name for name in columns if np.isnan(sums[name])]
    return f"{', '.join(unknown)} saknas i tabellen bemanning" if unknown else ""


def missing_rules(study: Study) -> str:
    """Which rules the costs lack, as one reason."""
    return "; ".join(dict.fromkeys(reason for rates in study.world.rates for reason in rates.saknas))


def _costs(study: Study) -> dict[str, tuple]:
    months, lines = slice(0, study.tom_manad), study.world.by_month
    sick_pay, replaced = (
        sum(float(lines[name][:, months].sum()) for name in names) for names in (SICK_PAY, model.KINDS)
    )
    point = model.kr_per_percentage_point(contracted_12(study), replacement_price(study))
    why = missing_rules(study)
    parts = why or unknown_hours(study.year_to_date, SICK_PARTS) or UNKNOWN_PARTS
    short = "" if not np.isnan(contracted_12(study)) else "underlaget har inte tolv månaders avtalad tid"
    return {
        "sjuklonekostnad_kr": (sick_pay, "Sjuklön med avgifter, uppskattad ur timmar", parts),
        "ersattarkostnad_kr": (replaced, "Ersättare för sjuka, uppskattat ur timmar", why),
        "kr_per_procentenhet": (point, "En procentenhet sjukfrånvaro ett år, i ersättare", short or why),
    }


def contracted_12(study: Study) -> float:
    """Contracted hours of the last twelve months; NaN where there are fewer."""
    twelve = Period("", study.last - 11, study.last)
    return float(twelve.rows(study.frame)["avtalad_tid_h"].sum()) if twelve.whole(study.frame) else np.nan


def replacement_price(study: Study) -> float:
    """The mean price of replacing a sick hour at the end of the month, kr."""
    at = max(place for place, span in enumerate(study.world.spans) if span.start.month <= study.tom_manad)
    return study.world.rates[at].replacement_price


def _ahead(study: Study) -> dict[str, tuple]:
    needed, why = required(study)
    value, target = forecast(study), target_of(study, SICK_LEAVE)
    strictest = target.strictest if target else None
    goal = strictest[0] if strictest else None
    rest, replaced = rest_of_year(study)
    over_goal = ", strax över målet" if seems_met(value, target) else ""
    over = "året är slut" if study.tom_manad == 12 else "inga timmar att räkna på"
    return {
        "sjukfranvaro_mal_procent": (goal, "Målet för sjukfrånvaron", f"inget mål i tal för {study.ar}"),
        "kravs_resten_av_aret_procent": (needed, "Högst i snitt resten av året för att nå målet", why),
        "prognos_ar_procent": (value, f"Prognos för hela {study.ar}{over_goal}", study.outlook.saknas),
        "prognos_resten_procent": (rest, "Väntad sjukfrånvaro resten av året", study.outlook.saknas or over),
        "ersattarkostnad_resten_kr": (
            replaced,
            "Ersättare för sjuka resten av året, uppskattat ur timmar",
            study.outlook.saknas or missing_rules(study) or over,
        ),
    }


def seems_met(value: float | None, target: TargetRow | None) -> bool:
    """Whether a value over its target reads as one that meets it with one decimal."""
    if value is None or target is None or target.strictest is None:
        return False
    return value > target.strictest[0] >= round(value, 1)


def forecast(study: Study) -> float | None:
    """The year-end under the scenario: the forecast by outturn, and what the scenario adds to the year's hours."""
    return None if study.outlook.varde is None else study.outlook.varde + _added(study)


def _added(study: Study) -> float:
    """Percentage points of the whole year's sick leave that the scenario adds."""
    return float(100 * study.world.added.sum() / study.world.base.avtalad.sum())


def rest_of_year(study: Study) -> tuple[float | None, float | None]:
    """What is expected of the months that are left: sick leave, per cent, and what replacing the sick costs, kr.

    The months of last year, as the forecast has them, and what the scenario adds; None where there are none.
    """
    left = slice(study.tom_manad, 12)
    hours = study.world.base.avtalad[:, left].sum()
    if not hours or study.outlook.varde is None:
        return None, None
    lines = study.world.by_month
    replaced = sum(float(lines[kind][:, left].sum()) for kind in model.KINDS)
    return float(100 * study.world.sick.sjuk[:, left].sum() / hours), replaced


def target_of(study: Study, name: str) -> TargetRow | None:
    """The year's target row of an indicator, the first where it stands twice; None where there is none."""
    return next((target for target in study.targets if target.id == name), None)


def required(study: Study, mal: float | None = None) -> tuple[float | None, str]:
    """What the rest of the year must hold for a target (the strictest number there is), or why there is no figure."""
    target = target_of(study, SICK_LEAVE)
    strictest = target.strictest if target else None
    goal = mal if mal is not None else strictest[0] if strictest else None
    if goal is None:
        return None, f"inget mål i tal för sjukfrånvaron {study.ar}"
    if study.tom_manad == 12:
        return None, "året är slut"
    sums = study.year_to_date
    if not sums["avtalad_tid_h"]:
        return None, "inga timmar att räkna på"
    so_far = 100 * sums["sjuk_h"] / sums["avtalad_tid_h"]
    needed = model.required_average(goal, so_far, month_weights(study), study.tom_manad)
    return (needed, "") if needed >= 0 else (None, "målet kan inte nås i år, inte ens utan sjukfrånvaro resten av året")


def month_weights(study: Study) -> np.ndarray:
    """Twelve months' weights: this year's contracted hours where they are known, then last year's; else equal."""
    by_month = series(study.outturn, "avtalad_tid_h")
    hours = by_month.reindex(range(study.ar * 12 - 12, study.ar * 12)).to_numpy()
    if np.isnan(hours).any() or not hours.all():
        return np.ones(12)
    now = by_month.reindex(range(study.ar * 12, study.ar * 12 + 12)).to_numpy()
    return np.where(np.isnan(now), hours, now)
