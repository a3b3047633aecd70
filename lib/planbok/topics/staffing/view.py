"""Staffing and sick leave in words: the key figures, the checks, the report's parts put together."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from planbok.base.periods import month_span
from planbok.case.checks import Check, closes, warns
from planbok.case.result import KeyFigure, Result, key_figure
from planbok.case.said import said
from planbok.disclosure.operations import STAFF
from planbok.inputs.scenario.load import BASELINE
from planbok.inputs.tables.columns import TOTAL_ROW
from planbok.ledger.bridge import closing
from planbok.topics.staffing import bridges, model, rosters, sliders, tables
from planbok.topics.staffing.grounds import grounds
from planbok.topics.staffing.hours import month_of
from planbok.topics.staffing.key_figures import facts, key_figures
from planbok.topics.staffing.people import people
from planbok.topics.staffing.sentences import sentences
from planbok.topics.staffing.study import Study

SHEETS = {
    "personal": "Brukare och personal",
    "indikatorer": "Nyckeltal per grupp",
    "per_manad": "Månad för månad",
    "kostnad": "Vad sjukfrånvaron kostar",
    "prognosmetoder": "Metodernas fel",
}

# what a page has room for, the most important first
SHOWN = {
    "mal": ("indikator", "utfall", "arsmal", "namndmal", "kf_arsmal"),
    "indikatorer": ("grupp", "period", "sjukfranvaro_procent", "sjukfranvaro_dag_1_14_procent", "timavlonad_procent"),
    "per_manad": ("manad", "sjukfranvaro_procent", "sjukfranvaro_dag_1_14_procent", "overtid_h", "inhyrd_h"),
    "per_manad_grupp": ("grupp", "manad", "sjukfranvaro_procent", "rullande_12_procent", "timavlonad_procent"),
    "kostnad": ("grupp", "summa_kr", "sjuklon_1_14", "timavlonad", "overtid"),
    "brygga": ("steg", "sjuk_h", "kr", "budget_kr", "budget_helar_kr"),
    "personal": ("verksamhet", "brukare", "medarbetare", "arsarbetare", "brukare_per_medarbetare"),
}
BESIDE = ("sjukfranvaro_procent", "kravs_resten_av_aret_procent", "prognos_ar_procent", "kr_per_procentenhet")


def result(study: Study) -> Result:
    """The study as key figures and tables, and how its sentences and checks are made of what its reader may see."""
    found = [
        tables.indicators_table(study),
        *tables.month_tables(study),
        tables.targets_table(study),
        tables.cost_table(study),
        bridges.bridge_table(study),
        tables.methods_table(study),
        tables.operations_table(study),
        tables.marks_table(study),
        rosters.roster_table(study.case),
    ]
    dials, grids = sliders.sliders(study)
    return Result.of(
        found,
        visa=SHOWN,
        rubrik=f"{study.case.unit_name()} · bemanning och sjukfrånvaro {month_span(1, study.tom_manad)} {study.ar}",
        underrubrik=_subtitle(study),
        nyckeltal=key_figures(study),
        framst=BESIDE,
        grunder=grounds(study),
        people=people(study),
        texter={"mot": _against(study)},
        fakta=facts(study) | _headcounts(study),
        say=partial(sentences, study),
        verify=partial(checks, study),
        details=partial(tables.detail_tables, study),
        blad=SHEETS,
        skjutreglage=dials,
        rutor=grids,
        prov=sliders.SENTENCES,
    )


def _subtitle(study: Study) -> str:
    if study.case.scenario.id == BASELINE:
        return "Utfallet som det är, och priser och mål som de är beslutade eller antagna"
    return said(f"Scenario: {study.case.scenario.titel}", "Scenario med förändrad sjukfrånvaro, löner eller ersättare")


def _against(study: Study) -> str:
    """What the scenario is held against, where it isn't the outturn as it is."""
    versus = study.case.jamfor_med
    return "" if versus.id == BASELINE else said(f", jämfört med ”{versus.titel}”", "")


def checks(study: Study, shown: Result) -> list[Check]:
    """What must agree in the figures that are shown, and what a reader should know of the tables behind them."""
    indicators, months = shown.tabeller["indikatorer"].frame, shown.tabeller["per_manad"].frame
    so_far, rolling = tables.period_names(study)
    unit, listed = {}, []
    for period in (so_far, rolling):
        rows = indicators[indicators["period"] == period]
        if rows.empty:
            continue
        of_unit = rows["grupp"] == tables.UNIT
        unit[period] = rows.loc[of_unit, "avtalad_tid_h"].sum(skipna=False)
        parts = rows.loc[~of_unit, "avtalad_tid_h"].sum(skipna=False)
        listed.append(closes(f"Grupperna summerar till enheten, {period}", parts - unit[period]))
    in_months = months["avtalad_tid_h"].sum(skipna=False)
    listed.append(closes("Månaderna summerar till året hittills", in_months - unit[so_far]))
    listed.append(closes("Gruppernas kostnad summerar till enhetens", _cost_gap(shown.tabeller["kostnad"].frame)))
    legs = shown.tabeller["brygga"].frame
    listed += closing(legs, {leg: "sjuk_h" for leg in legs["brygga"] if leg != bridges.TO_SCENARIO})
    return [*listed, *_warnings(study, shown)]


def _cost_gap(costs: pd.DataFrame) -> float:
    """By how much the groups' kronor miss the unit's in what all of them show; NaN where that is nothing."""
    if len(costs) < 2:
        return np.nan
    shown = costs.drop(columns=["grupp", "sjuk_h"]).dropna(axis=1)
    gaps = shown.iloc[:-1].sum() - shown.iloc[-1]
    return float(gaps[gaps.abs().idxmax()]) if len(gaps) else np.nan


def _warnings(study: Study, shown: Result) -> list[Check]:
    table = shown.tabeller.get("markta_manader")
    rows = [] if table is None else table.frame.fillna({"text": "skyddas"}).to_dict("records")
    marked = list(dict.fromkeys(f"{row['grupp']} {row['manad']}: {row['text']}" for row in rows))
    ends = study.outturn.groupby("grupp")["nr"].max()
    stopped = [f"{name} slutar {month_of(int(nr))}" for name, nr in ends.items() if study.ar * 12 <= nr < study.last]
    frame = study.outturn
    over = frame[frame["sjuk_dag_1_14_h"] + frame["sjuk_60_dagar_h"] > frame["sjuk_h"]]
    both = [f"{row['manad']}" for row in over.drop_duplicates("manad").to_dict("records")]
    found = [
        _listed("Månaderna i bemanning kan stämma", marked),
        _listed("Alla grupper har rader till och med månaden", stopped),
        _listed("Dag 1–14 och 60 dagar ryms tillsammans i sjuktiden", both),
    ]
    return [*found, *_headcount(study, shown.fakta)]


def _headcounts(study: Study) -> dict[str, KeyFigure]:
    """How many employees the operations have together, and how many are stated."""
    rows = study.operations
    if rows is None:
        return {}
    is_total = rows["verksamhet"] == TOTAL_ROW
    stated = rows.loc[is_total, "medarbetare"]
    both = {
        "medarbetare_summa": rows.loc[~is_total, "medarbetare"].sum(skipna=False),
        "medarbetare_angivet": stated.iloc[0] if len(stated) else None,
    }
    return {key: key_figure(key, n, "Medarbetare", "inte angivet", tells=((STAFF, ""),)) for key, n in both.items()}


def _headcount(study: Study, facts: Mapping[str, KeyFigure]) -> list[Check]:
    """A stated headcount that the operations do not add up to is a finding."""
    name = "Verksamheternas medarbetare summerar till den angivna totalen"
    if study.operations is None:
        return []
    parts, stated = facts["medarbetare_summa"].varde, facts["medarbetare_angivet"].varde
    if parts is None or stated is None:
        return [warns(name, None, "Underlaget anger inte båda talen.")]
    difference = model.headcount_finding([parts], stated)
    text = f"Verksamheterna har {parts:g} medarbetare tillsammans, men {stated:g} anges."
    return [Check(name, "varning", difference == 0, difference, 0.0, text if difference else "")]


def _listed(name: str, found: list[str]) -> Check:
    return warns(name, not found, "; ".join(found))
