"""Staffing and sick leave in words: the key figures, the checks, the report's parts put together."""

import numpy as np
import pandas as pd

from planbok.base.periods import month_span
from planbok.case.result import Check, Result, Table, closes
from planbok.disclosure.operations import people_of
from planbok.inputs.scenario.load import BASELINE
from planbok.ledger.bridge import closing
from planbok.topics.staffing import bridges, staff, tables
from planbok.topics.staffing.answers import key_figures
from planbok.topics.staffing.hours import Finding, month_name
from planbok.topics.staffing.sentences import sentences
from planbok.topics.staffing.study import Study

BESIDE = ("sjukfranvaro_procent", "kravs_resten_av_aret_procent", "prognos_ar_procent", "kr_per_procentenhet")
MARKED = {
    "negativa_timmar": "ett antal är negativt",
    "sjuk_over_avtalad": "sjuktiden är mer än den avtalade tiden",
    "del_over_helhet": "en del är mer än det som den är en del av",
    "manad_dubbel": "månaden finns både för hela gruppen och per verksamhet",
    "manad_saknas": "en månad saknas",
    "namnbyte": "gruppen kan ha bytt namn",
}


def result(study: Study) -> Result:
    """The study as sentences, key figures, tables and checks."""
    found = [
        tables.indicators_table(study),
        tables.months_table(study),
        tables.group_months_table(study),
        tables.targets_table(study),
        tables.cost_table(study),
        tables.signals_table(study),
        bridges.bridge_table(study),
        tables.methods_table(study),
        tables.operations_table(study),
    ]
    by_name = {table.namn: table for table in found if table is not None}
    figures = key_figures(study)
    return Result(
        rubrik=f"{study.case.unit_name()} · bemanning och sjukfrånvaro {month_span(1, study.tom_manad)} {study.ar}",
        underrubrik=_subtitle(study),
        sammanfattning=sentences(study, figures),
        nyckeltal=figures,
        tabeller=by_name,
        kontroller=checks(study, by_name),
        framst=BESIDE,
        people={} if study.operations is None else people_of(study.operations),
    )


def _subtitle(study: Study) -> str:
    if study.case.scenario.id == BASELINE:
        return "Utfallet som det är, och priser och mål som de är beslutade eller antagna"
    if study.case.is_public:
        return "Scenario med förändrad sjukfrånvaro, löner eller ersättare"
    return f"Scenario: {study.case.scenario.titel}"


def checks(study: Study, found: dict[str, Table]) -> list[Check]:
    """What must agree in the figures, and what a reader should know of the tables behind them."""
    indicators, months = found["indikatorer"].frame, found["per_manad"].frame
    complete = study.merged or not study.hidden
    so_far, rolling = tables.period_names(study)
    unit = {}
    listed = []
    for period in (so_far, rolling):
        rows = indicators[indicators["period"] == period]
        of_unit = rows["grupp"] == tables.UNIT
        unit[period] = rows.loc[of_unit, "avtalad_tid_h"].sum()
        parts = rows.loc[~of_unit, "avtalad_tid_h"].sum() if complete else np.nan
        listed.append(closes(f"Grupperna summerar till enheten, {period}", parts - unit[period]))
    in_months = months.loc[months["grupp"] == tables.UNIT, "avtalad_tid_h"].sum()
    listed.append(closes("Månaderna summerar till året hittills", in_months - unit[so_far]))
    costs = found["kostnad"].frame
    listed.append(closes("Gruppernas kostnad summerar till enhetens", _cost_gap(costs)))
    legs = found["brygga"].frame
    hours = {leg: "sjuk_h" for leg in legs["brygga"] if leg != bridges.TO_SCENARIO}
    listed += closing(legs, hours)
    return [*listed, *_warnings(study)]


def _cost_gap(costs: pd.DataFrame) -> float:
    """By how much the groups' kronor miss the unit's in what all of them show; NaN where that is nothing."""
    if len(costs) < 2:
        return np.nan
    shown = costs.drop(columns=["grupp", "sjuk_h"]).dropna(axis=1)
    gaps = shown.iloc[:-1].sum() - shown.iloc[-1]
    return float(gaps[gaps.abs().idxmax()]) if len(gaps) else np.nan


def _warnings(study: Study) -> list[Check]:
    marked = list(dict.fromkeys(_marked(study, mark) for mark in study.marks))
    ends = study.outturn.groupby("grupp")["nr"].max()
    stopped = [f"{name} slutar {month_name(int(nr))}" for name, nr in ends.items() if study.ar * 12 <= nr < study.last]
    frame = study.outturn
    over = frame[frame["sjuk_dag_1_14_h"] + frame["sjuk_60_dagar_h"] > frame["sjuk_h"]]
    both = [f"{row['manad']}" for row in over.drop_duplicates("manad").to_dict("records")]
    found = [
        _listed("Månaderna i bemanning kan stämma", marked),
        _listed("Alla grupper har rader till och med månaden", stopped),
        _listed("Dag 1–14 och 60 dagar ryms tillsammans i sjuktiden", both),
    ]
    return [*found, *_headcount(study)]


def _marked(study: Study, mark: Finding) -> str:
    """A month that can't be right; its hours, and a hidden group's name, in working papers only."""
    if study.is_open:
        return f"{mark.grupp} {mark.manad}: {mark.text}"
    name = tables.TOGETHER if mark.grupp in study.hidden else mark.grupp
    return f"{name} {mark.manad}: {MARKED[mark.slag]}"


def _headcount(study: Study) -> list[Check]:
    """A stated headcount that the operations do not add up to is a finding."""
    name = "Verksamheternas medarbetare summerar till den angivna totalen"
    rows = study.operations
    if rows is None:
        return []
    is_total = rows["verksamhet"] == staff.TOTAL_ROW
    parts, stated = rows.loc[~is_total, "medarbetare"], rows.loc[is_total, "medarbetare"]
    if stated.isna().all() or parts.isna().any():
        return [Check(name, "varning", None, forklaring="Underlaget anger inte båda talen.")]
    difference = staff.headcount_finding(parts.tolist(), float(stated.iloc[0]))
    text = f"Verksamheterna har {parts.sum():g} medarbetare tillsammans, men {stated.iloc[0]:g} anges."
    return [Check(name, "varning", difference == 0, difference, 0.0, text if difference else "")]


def _listed(name: str, found: list[str]) -> Check:
    return Check(name, "varning", not found, None, None, "; ".join(found))
