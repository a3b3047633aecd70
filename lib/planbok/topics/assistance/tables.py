"""The tables on assistance: hours against what is granted, claims, what is not debited, overtime, and a take-over."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.periods import last_day, long_date, long_month, month_number, months
from planbok.case.result import Column, Table, no_number
from planbok.case.study import first_of
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.assistance import model
from planbok.topics.assistance.people import DEBITED, MONTHS, OF_STAFF, ON_CONTRACT, PERSONS, UNDEBITED
from planbok.topics.assistance.study import ASSISTANCE, BOUGHT, CONTRACT_RULE, OWN_COST_RULE, Study

FLAGS = {1: "mer än beviljat", -1: "mindre än beviljat", 0: ""}
PRICELESS = "det finns inte ett enda pris"
SUMS = ["beviljade_h", "schemalagda_h", "utforda_h"]
CLAIMED = ["varde_kr", "begart_kr", "ej_begart_kr", "forlorat_kr"]


def insats_name(study: Study, insats: str) -> str:
    """An insats as people write it."""
    return study.case.sources.rules.series["insatser"][-1].varde.get(insats, {}).get("titel", insats)


def hours_table(study: Study) -> Table:
    """Hours of the granted period to the month, by group; for others than working papers by insats."""
    whole = _hours(study, study.groups)
    together = study.groups.groupby("insats", sort=False)[SUMS].sum(min_count=1)
    first = study.groups.groupby("insats", sort=False)["forsta"].min()
    since = month_number(study.rows["manad"]) >= study.rows["insats"].map(first)
    share = model.deviation(study.rows[since], study.rows[["insats"]])
    together = together.assign(forsta=first, schema_mot_beviljat_procent=share).reset_index()
    together["grupp"] = [insats_name(study, insats) for insats in together["insats"]]
    together["flagga"] = together["schema_mot_beviljat_procent"].abs() > study.flag
    coarse = _hours(study, together)
    return Table(whole.namn, whole.titel, whole.frame, whole.columns, note=whole.note, detail=True, coarse=coarse)


def _hours(study: Study, groups: pd.DataFrame) -> Table:
    share = groups["schema_mot_beviljat_procent"]
    over = (share > 0).astype(int) - (share < 0).astype(int)
    frame = groups.assign(
        insats_namn=[insats_name(study, insats) for insats in groups["insats"]],
        flagga_namn=over.where(groups["flagga"], 0).map(FLAGS),
        skillnad_h=(groups["schemalagda_h"] - groups["beviljade_h"]),
        sedan=[long_month(f"{number // 12}-{number % 12 + 1:02d}") for number in groups["forsta"]],
    )
    tells = (PERSONS,)
    columns = (
        Column("grupp", "Grupp"),
        Column("schema_mot_beviljat_procent", "Schema mot beviljat", signed=True, tells=tells),
        Column("beviljade_h", "Beviljat", decimaler=0, tells=tells),
        Column("schemalagda_h", "Schemalagt", decimaler=0, tells=tells),
        Column("utforda_h", "Utfört", decimaler=0, tells=tells),
        Column("flagga_namn", "Flagga", tells=tells),
        Column("insats_namn", "Insats"),
        Column("sedan", "Räknat från"),
    )
    title = f"Timmar i den beviljade perioden, till och med {long_month(study.manad)}"
    note = f"Flaggan gäller mer än {study.flag:g} procents skillnad mellan schemat och de beviljade timmarna."
    cells = no_number(frame, ["schema_mot_beviljat_procent"], "inget schema")
    return Table("timmar", title, frame, columns, note=note, celler=cells, part="insats")


def months_table(study: Study) -> Table:
    """Hours of assistance by month."""
    rows = study.rows[study.rows["insats"] == ASSISTANCE]
    sums = rows.groupby("manad")[SUMS].sum(min_count=1)
    frame = sums.assign(schema_mot_beviljat_procent=model.deviation(rows, rows[["manad"]])).reset_index()
    tells = ((PERSONS, ASSISTANCE), MONTHS)
    columns = (
        Column("manad", "Månad"),
        Column("beviljade_h", "Beviljat", decimaler=0, tells=tells),
        Column("schemalagda_h", "Schemalagt", decimaler=0, tells=tells),
        Column("utforda_h", "Utfört", decimaler=0, tells=tells),
        Column("schema_mot_beviljat_procent", "Schema mot beviljat", signed=True, tells=tells),
    )
    return Table("timmar_per_manad", f"Assistanstimmar {study.ar}, månad för månad", frame, columns, part="manad")


def claims_table(study: Study) -> Table:
    """What the year's hours are worth to claim, and what of it is still to be claimed or lost, by month."""
    claims = study.claims
    sums = (
        claims.groupby("manad")[CLAIMED].sum(min_count=1).assign(sista_dag=claims.groupby("manad")["sista_dag"].max())
    )
    frame = sums.reset_index()
    frame["sista_dag_namn"] = [long_date(day.date()) for day in frame["sista_dag"]]
    frame = _with_total(frame.drop(columns="sista_dag"), "manad", CLAIMED)
    tells = ((PERSONS, ASSISTANCE),)
    columns = (
        Column("manad", "Månad"),
        Column("forlorat_kr", "Förlorat", tells=tells),
        Column("ej_begart_kr", "Kan fortfarande begäras", tells=tells),
        Column("sista_dag_namn", "Senast"),
        Column("varde_kr", "Värde", tells=tells),
        Column("begart_kr", "Begärt i tid", tells=tells),
    )
    lacking = int(study.rows["utforda_h"].isna().sum())
    reports = f" {lacking} rader saknar utförda timmar: tidsrapporter har inte kommit." if lacking else ""
    note = f"Regionens del av kostnader har ingen sista dag och är inte med.{reports}"
    title, why = f"Begärt av staten {study.ar}", worthless(study)
    whole, cells = frame.tail(1).reset_index(drop=True), no_number(frame, CLAIMED, why)
    together = Table("begart", title, whole, columns, note=note, celler=no_number(whole, CLAIMED, why))
    table = Table("begart", title, frame, columns, len(frame) > 1, note, celler=cells)
    return replace(table, detail=True, coarse=together)  # a month may be one person's hours


def worthless(study: Study) -> str:
    """Why it is not known what hours of assistance are worth: the time reports have not come, or there is no price."""
    hours = study.rows.loc[study.claims.index, "utforda_h"]
    return "utförda timmar saknas" if hours[study.claims["varde_kr"].isna()].isna().any() else PRICELESS


def _with_total(frame: pd.DataFrame, label: str, keys: list[str]) -> pd.DataFrame:
    """A total below more than one row; unknown where a part is."""
    if len(frame) < 2:
        return frame
    total = {label: TOTAL_ROW, **frame[keys].sum(skipna=False)}
    texts = {name: "" for name in frame if name not in total}
    return pd.concat([frame, pd.DataFrame([total | texts])], ignore_index=True)


def debits_table(study: Study, spans: Sequence[str] = ()) -> Table:
    """Performed hours that are not debited, by month and insats; or by the spans that stand in place of the months."""
    keys = ["utforda_h", "debiterade_h", "ej_debiterade_h"]
    by = study.debits.groupby(["manad", "insats"])
    frame = by[keys].sum().assign(ej_debiterat_kr=by["ej_debiterat_kr"].agg(partial(pd.Series.sum, skipna=False)))
    frame = frame.reset_index()
    frame["insats_namn"] = [insats_name(study, insats) for insats in frame["insats"]]
    frame = _with_total(frame, "manad", [*keys, "ej_debiterat_kr"])
    columns = (
        Column("manad", "Månad"),
        Column("ej_debiterat_kr", "Att debitera"),
        Column("ej_debiterade_h", "Ej debiterat", decimaler=0),
        Column("utforda_h", "Utfört", decimaler=0),
        Column("debiterade_h", "Debiterat", decimaler=0),
        Column("insats_namn", "Insats"),
    )
    cells = no_number(frame, ["ej_debiterat_kr"], PRICELESS)
    of_rows = [
        _undebited_of(manad, insats, spans) for manad, insats in zip(frame["manad"], frame["insats"], strict=True)
    ]
    told = dict.fromkeys(("ej_debiterade_h", "ej_debiterat_kr"), of_rows)
    whole = ((PERSONS, ASSISTANCE), (DEBITED, ""))  # the others' sum leaves assistance's hours
    done = [
        (*of, *(whole if manad == TOTAL_ROW else ((PERSONS, insats),)))
        for of, manad, insats in zip(of_rows, frame["manad"], frame["insats"], strict=True)
    ]
    told |= dict.fromkeys(("utforda_h", "debiterade_h"), done)
    title = f"Utfört och debiterat {study.ar}"
    return Table("debitering", title, frame, columns, len(frame) > 1, celler=cells, told=told)


def _undebited_of(manad: str, insats: str, spans: Sequence[str]) -> tuple[tuple[str, Any], ...]:
    """Whom a row's undebited hours tell of; they are parts of no other sum, as performed hours are of the unit's."""
    if manad == TOTAL_ROW:
        return tuple((UNDEBITED, (span, "")) for span in spans)
    return ((UNDEBITED, (manad, insats)) if spans else (MONTHS, manad),)


def extra_table(study: Study) -> Table:
    """Overtime and hired staff by month, hours and kronor."""
    keys = ["overtid_kr", "inhyrd_kr", "overtid_h", "inhyrd_h"]
    frame = pd.DataFrame(columns=["manad", *keys]) if study.extra is None else study.extra
    frame = _with_total(frame, "manad", keys)
    columns = (
        Column("manad", "Månad"),
        Column("overtid_kr", "Övertid", tells=OF_STAFF),
        Column("inhyrd_kr", "Inhyrda", tells=OF_STAFF),
        Column("overtid_h", "Övertid", decimaler=0, tells=OF_STAFF),
        Column("inhyrd_h", "Inhyrda", decimaler=0, tells=OF_STAFF),
    )
    cells = no_number(frame, keys, "timmarna finns inte i tabellen")
    return Table("overtid", f"Övertid och inhyrda {study.ar}", frame, columns, len(frame) > 1, celler=cells)


def payers_table(study: Study) -> Table:
    """Revenue by who decided the hours: the state's at its amount, and the municipality's at the same."""
    mine = study.rows[study.rows["insats"] == ASSISTANCE]
    hours = {"Staten": mine["fk_h"].sum(min_count=1), "Kommunen (LSS 9 § 2)": mine["lss_9_2_h"].sum(min_count=1)}
    known = {name: float(value) for name, value in hours.items() if pd.notna(value)}
    frame = pd.DataFrame({"betalare": list(known), "beviljade_h": list(known.values())})
    total = frame["beviljade_h"].sum()
    frame["andel_procent"] = 100 * frame["beviljade_h"] / total if total else 0.0
    columns = (
        Column("betalare", "Vem som har beviljat"),
        Column("beviljade_h", "Timmar", decimaler=0),
        Column("andel_procent", "Del"),
    )
    title = f"Beviljade assistanstimmar {study.ar} efter vem som betalar"
    return Table("betalare", title, frame, columns, detail=True)  # the state may pay for a single person


def own_regi_table(study: Study) -> Table:
    """What it gives to take over the contracted hours, from four days of the year; without any, no row."""
    bought = study.rows[study.rows["regi"].isin(BOUGHT) & (study.rows["insats"] == ASSISTANCE)]
    h_per_month = float(bought["raknade_h"].sum()) / study.tom_manad
    rows = []
    if h_per_month:
        days = [*map(first_of, months(study.ar, study.ar)), last_day(study.ar)]
        read = [[study.case.rule(rule, day).varde for day in days] for rule in (CONTRACT_RULE, OWN_COST_RULE)]
        contract, own = np.array(read, float)
        for month in range(0, 12, 3):
            found = model.own_regi(h_per_month, contract[month:], own[month:])
            start = f"{study.ar}-{month + 1:02d}"
            rows.append((long_month(start), h_per_month, contract[month], own[month], *found))
    names = ["fran_manad", "h_per_manad", "avtal_kr_per_timme", "egen_kr_per_timme", *model.OwnRegi._fields]
    frame = pd.DataFrame(rows, columns=names)
    tells = ((ON_CONTRACT, ""),)
    columns = (
        Column("fran_manad", "Tas över från"),
        Column("i_ar_kr", "I år", signed=True, tells=tells),
        Column("helar_kr", "På helår", signed=True, tells=tells),
        Column("jamnt_kr_per_timme", "Går jämnt ut vid"),
        Column("avtal_kr_per_timme", "Avtalets pris"),
        Column("egen_kr_per_timme", "Egen kostnad"),
        Column("h_per_manad", "Timmar i månaden", "h", 0, tells=tells),
    )
    return Table("egen_regi", "Om timmarna på entreprenad tas över", frame, columns)
