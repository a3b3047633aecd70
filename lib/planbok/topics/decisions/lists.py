"""The sheets of the working list: what is to be reported and the spot check, a row per decision by its keyed id."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from planbok.case.result import Column, Table
from planbok.topics.decisions import spot
from planbok.topics.decisions.study import LATE, Study
from planbok.topics.decisions.waiting import KINDS, law_name

STATES = {
    **KINDS,
    LATE: "Verkställt för sent under kvartalet",
    "verkstallt": "Tidigare rapporterat, sedan verkställt",
    "avslutat": "Tidigare rapporterat, avslutat utan att verkställas",
}
REASONS = {
    "bostad_saknas": "Bostad saknas",
    "personal_saknas": "Personal saknas",
    "uppdragstagare_saknas": "Uppdragstagare saknas",
    "tackat_nej": "Tackat nej till erbjudande",
    "annat": "Annat",
}
WITH_LATE = "med"


def working_lists(study: Study) -> Mapping[str, Table]:
    """What is to be reported, and the spot check until its result has come in."""
    found = {"ivo_underlag": report_list(study)}
    if np.isnan(spot.indicator(study, spot.RESULT)[0]):
        found["stickprov"] = spot_list(study)
    return found


def report_list(study: Study) -> Table:
    """What is to be reported: a row per decision by its keyed id, with those reported before that have gone."""
    before = study.open_on(study.quarter_start - pd.Timedelta(days=1))
    also = study.late & (before == "") & (study.rule("sena_i_ivo_underlag") == WITH_LATE)
    state = pd.Series("", study.rows.index, dtype=object).mask(also, LATE)
    gone = (before != "") & (study.open == "")
    ended = gone & (study.rows["till"] < study.day)
    state = state.mask(gone, "verkstallt").mask(ended & ~(study.rows["verkstalld"] <= study.day), "avslutat")
    state = state.mask(study.open != "", study.open)
    rows = study.rows.assign(lage=state)[state != ""]
    return _listed("ivo_underlag", f"Underlag för rapporten om ej verkställda beslut {study.date}", study, rows)


def _listed(name: str, title: str, study: Study, rows: pd.DataFrame) -> Table:
    order = {state: place for place, state in enumerate(STATES)}
    rows = rows.sort_values(["lage", "beslutsdatum", "beslut"], key=lambda c: c.map(order) if c.name == "lage" else c)
    frame = rows[["beslut", "skal"]].assign(
        lage=rows["lage"].map(STATES),
        lagrum=rows["lagrum"].map(law_name),
        insats=[study.insats_name(insats) for insats in rows["insats"]],
        **dates(rows, ("beslutsdatum", "avbrott_fran", "verkstalld", "erbjudande", "till")),
    )
    columns = (
        Column("beslut", "Beslut"),
        Column("lage", "Läge"),
        Column("lagrum", "Lagrum"),
        Column("insats", "Insats"),
        Column("beslutsdatum", "Beslutsdatum"),
        Column("avbrott_fran", "Avbrott från"),
        Column("verkstalld", "Verkställt"),
        Column("skal", "Skäl"),
        Column("erbjudande", "Erbjudande"),
        Column("till", "Till"),
    )
    note = f"Skälen som koder: {', '.join(f'{code} ({text.lower()})' for code, text in REASONS.items())}."
    return Table(name, title, frame.reset_index(drop=True), columns, note=note)


def dates(rows: pd.DataFrame, names: Iterable[str]) -> dict[str, pd.Series]:
    """Columns of days as texts, "" where there is none."""
    return {name: rows[name].dt.strftime("%Y-%m-%d").fillna("") for name in names}


def spot_list(study: Study) -> Table:
    """The drawn decisions by keyed id, for working papers."""
    rows = spot.sample(study)
    frame = rows[["beslut"]].assign(
        insats=[study.insats_name(insats) for insats in rows["insats"]],
        **dates(rows, ("beslutsdatum", "bestalld", "plan_in", "foljd_upp")),
    )
    columns = (
        Column("beslut", "Beslut"),
        Column("insats", "Insats"),
        Column("beslutsdatum", "Beslutsdatum"),
        Column("bestalld", "Beställd"),
        Column("plan_in", "Plan in"),
        Column("foljd_upp", "Uppföljd"),
    )
    note = "Listan görs inte längre när resultatet finns i tabellen indikatorutfall. Ta bort äldre listor då."
    return Table("stickprov", f"Stickprov draget {study.date}", frame.reset_index(drop=True), columns, note=note)
