"""Assistance in words, made of the result as its reader may see it; of the study only names and months."""

import pandas as pd

from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit, kronor
from planbok.base.periods import long_date, long_month
from planbok.case.result import Result
from planbok.topics.assistance.study import Study
from planbok.topics.assistance.tables import insats_name

COUNTED = "begart_raknat"  # the text that says which claims were counted in an earlier month
DEBITED_TO = "debiterat_till"  # and to which month undebited hours were


def sentences(study: Study, shown: Result) -> list[str]:
    """The answer in at most five sentences: hours, what they cost, claims, debiting, overtime."""
    said = (_hours(study, shown), _groups(shown), _claims(study, shown), _debits(shown), _extra(study, shown))
    return [text for text in said if text]


def _hours(study: Study, shown: Result) -> str:
    share = shown.nyckeltal["schema_mot_beviljat_procent"]
    last = long_month(study.manad).partition(" ")[0]
    period = f"januari–{last} {study.ar}" if study.tom_manad > 1 else f"januari {study.ar}"
    if share.varde is None:
        known = shown.nyckeltal["beviljade_h"]
        if known.varde is None:
            return f"Beviljade timmar {period} {known.lacking}."
        return f"{format_number(known.varde, 0)} timmar är beviljade {period}; schemalagda timmar saknas."
    granted, scheduled = (shown.nyckeltal[key].number for key in ("beviljade_h", "schemalagda_h"))
    how = "mer" if share.varde > 0 else "mindre"
    over = study.rows[study.rows["schemalagda_h"].notna()]
    there = over["insats"].unique()
    which = f" för {insats_name(study, there[0]).lower()}" if len(there) < study.rows["insats"].nunique() else ""
    if round(share.varde, 1) == 0:
        return f"Schemat{which} följer de beviljade timmarna {period}."
    hours = abs(float((over["schemalagda_h"] - over["beviljade_h"]).sum()))
    cost = f" Att utföra dem kostar {kronor(study.over_kr)}." if share.varde > 0 else ""
    return (
        f"Schemat{which} är {format_number(hours, 0)} timmar ({format_unit(abs(share.varde), 'procent')}) {how} än de "
        f"beviljade timmarna {period}.{cost}"
    )


def _groups(shown: Result) -> str:
    rows = shown.tabeller["timmar"].frame
    flagged = rows[rows["flagga"] & rows["schema_mot_beviljat_procent"].notna()]
    flagged = flagged.sort_values("schema_mot_beviljat_procent", ascending=False, key=abs)
    if flagged.empty:
        return ""
    names = [
        f"{row.grupp} ({format_unit(row.schema_mot_beviljat_procent, 'procent', signed=True)})"
        for row in flagged.itertuples()
    ]
    return f"Flaggas i den beviljade perioden: {', '.join(names)}."


def _claims(study: Study, shown: Result) -> str:
    lost, left = shown.nyckeltal["forlorat_kr"], shown.nyckeltal["ej_begart_kr"]
    if lost.varde is None or left.varde is None:
        return f"Vad som kan begäras av staten {next(f.lacking for f in (lost, left) if f.varde is None)}."
    due = study.claims.loc[study.claims["ej_begart_kr"] > 0, "sista_dag"].min()
    counted = shown.texter.get(COUNTED, "")
    first = f", det första senast {long_date(due.date())}" if not counted and pd.notna(due) else ""
    still = f"{kronor(left.number)} kan fortfarande begäras{first}" if left.varde else ""
    gone = f"{kronor(lost.number)} är förlorat, eftersom det begärdes för sent" if lost.varde else ""
    if not still and not gone:
        return f"Alla timmar som staten betalar är begärda i tid.{counted}"
    return f"{'; '.join(text for text in (gone, still) if text)}.{counted}"


def _debits(shown: Result) -> str:
    hours, kr = shown.nyckeltal["ej_debiterade_h"], shown.nyckeltal["ej_debiterat_kr"]
    if not hours.varde:
        return f"Vad som inte är debiterat {hours.lacking}." if hours.skyddas else ""
    worth = f", värda {kronor(kr.number)}" if kr.varde is not None else f"; vad de är värda {kr.lacking}"
    to = shown.texter.get(DEBITED_TO, "")
    return f"{format_number(hours.varde, 0)} utförda timmar{to} är inte debiterade{worth}."


def _extra(study: Study, shown: Result) -> str:
    overtime, hired = shown.nyckeltal["overtid_kr"], shown.nyckeltal["inhyrd_kr"]
    if overtime.varde is None or hired.varde is None:
        return f"Vad övertid och inhyrda har kostat {overtime.lacking}." if overtime.skyddas else ""
    both = [format_unit(figure.number / KR_PER_MNKR, "mnkr", 2) for figure in (overtime, hired)]
    if max(overtime.number, hired.number) < KR_PER_MNKR:
        both = [kronor(overtime.number), kronor(hired.number)]
    return f"Sedan januari har övertid kostat {both[0]} och inhyrda {both[1]}."
