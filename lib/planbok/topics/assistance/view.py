"""The whole result on assistance: key figures, tables and the checks."""

import math
from dataclasses import replace
from functools import partial

from planbok.base.periods import long_month
from planbok.base.words import listed
from planbok.case.checks import Check, closes
from planbok.case.result import KeyFigure, Result, key_figure
from planbok.case.said import said
from planbok.topics.assistance import model, sentences, tables
from planbok.topics.assistance.grounds import grounds
from planbok.topics.assistance.people import DEBITED, OF_STAFF, PERSONS, of_sum, people
from planbok.topics.assistance.steady import steady
from planbok.topics.assistance.study import ASSISTANCE, Study

SHEETS = {
    "timmar": "Timmar i beviljad period",
    "egen_regi": "Entreprenadens timmar",
    "timmar_per_manad": "Timmar månad för månad",
    "betalare": "Timmar efter betalare",
}

BESIDE = ("schema_mot_beviljat_procent", "forlorat_kr", "ej_begart_kr", "ej_debiterat_kr")
OVER, OVER_LABEL = "over_kr_per_manad", "Timmar över beviljat, i månaden"
SCHEDULED = "schemalagda_h"
HOURS = {"beviljade_h": "beviljade_h", "utforda_h": "raknade_h"}  # key figures that sum hours since January, and which
HOURS |= dict.fromkeys((SCHEDULED, "schema_mot_beviljat_procent", OVER), SCHEDULED)
NO_STAFF = "enheten finns inte i tabellen bemanning"


def result(study: Study) -> Result:
    """The study as key figures and tables; groups stand in working papers only."""
    found = (
        tables.hours_table(study),
        tables.claims_table(study),
        tables.debits_table(study),
        tables.extra_table(study),
        tables.months_table(study),
        tables.payers_table(study),
        tables.own_regi_table(study),
    )
    case = study.case
    under = "Beviljat, schemalagt, utfört, begärt och debiterat"
    month = long_month(study.manad)
    whole = Result.of(
        found,
        rubrik=f"{case.unit_name()} · Assistans, ledsagning och avlösning {month}",
        underrubrik=said(f"Scenario: {case.scenario.titel}", under) if case.scenario.changes else under,
        nyckeltal=key_figures(study),
        framst=BESIDE,
        grunder=grounds(study),
        people=people(study),
        say=partial(sentences.sentences, study),
        verify=lambda shown: checks(study),
        blad=SHEETS,
    )
    return replace(whole, steady=partial(steady, study, whole))


def over_granted(study: Study) -> Result:
    """The hours by group and what those beyond the granted ones cost a month, alone, for the dials."""
    over = {OVER: key_figure(OVER, study.over_kr_per_month, OVER_LABEL, "", tells=of_sum(study, SCHEDULED))}
    return Result.of([tables.hours_table(study)], nyckeltal=over, people=people(study))


def key_figures(study: Study) -> dict[str, KeyFigure]:
    """The year's hours to the month and what they are worth."""
    rows, claims, debits = study.rows, study.claims, study.debits
    extra = study.extra
    there = rows.loc[rows["schemalagda_h"].notna(), "insats"].unique()  # a schedule may be of some insatser alone
    of = f" ({listed([tables.insats_name(study, name).lower() for name in there])})"
    of = of if 0 < len(there) < rows["insats"].nunique() else ""
    figures = {
        "beviljade_h": (rows["beviljade_h"].sum(min_count=1), "Beviljade timmar", "timmarna saknas"),
        "schemalagda_h": (rows["schemalagda_h"].sum(min_count=1), f"Schemalagda timmar{of}", "inget schema"),
        "utforda_h": (rows["raknade_h"].sum(min_count=1), "Utförda timmar", "inga utförda timmar"),
        "schema_mot_beviljat_procent": (float(model.deviation(rows)), "Schema mot beviljat", "inget schema"),
        OVER: (study.over_kr_per_month, OVER_LABEL, ""),
        "ej_begart_kr": (_sum(claims["ej_begart_kr"]), "Kan fortfarande begäras", tables.worthless(study)),
        "forlorat_kr": (_sum(claims["forlorat_kr"]), "Begärt för sent", tables.worthless(study)),
        "ej_debiterade_h": (debits["ej_debiterade_h"].sum(), "Utfört och inte debiterat", ""),
        "ej_debiterat_kr": (_sum(debits["ej_debiterat_kr"]), "Att debitera", tables.PRICELESS),
        "overtid_kr": (_sum(extra["overtid_kr"]) if extra is not None else None, "Övertid", NO_STAFF),
        "inhyrd_kr": (_sum(extra["inhyrd_kr"]) if extra is not None else None, "Inhyrda", NO_STAFF),
    }
    whom: dict[str, tuple[tuple[str, str], ...]]
    whom = dict.fromkeys(("ej_debiterade_h", "ej_debiterat_kr"), ((DEBITED, ""),))
    whom |= dict.fromkeys(("ej_begart_kr", "forlorat_kr"), ((PERSONS, ASSISTANCE),))
    whom |= dict.fromkeys(("overtid_kr", "inhyrd_kr"), OF_STAFF)
    whom |= {key: of_sum(study, hours) for key, hours in HOURS.items()}
    return {
        key: key_figure(key, value, label, why, tells=whom.get(key, ())) for key, (value, label, why) in figures.items()
    }


def _sum(kr) -> float:
    return float(kr.sum(skipna=False)) if len(kr) else 0.0


def checks(study: Study) -> list[Check]:
    """That claims are what is claimed, can be claimed and is lost, and that months sum to the year."""
    claims = study.claims
    parts = claims["begart_kr"] + claims["ej_begart_kr"] + claims["forlorat_kr"] - claims["varde_kr"]
    over = float(parts[parts > 0].sum())  # claimed beyond what the hours are worth is the table's fault
    whole = math.nan if parts.empty or parts.isna().any() else float(parts.sum()) - over
    granted = study.rows.loc[study.rows["insats"] == ASSISTANCE, "beviljade_h"]
    by_month = (
        float(tables.months_table(study).frame["beviljade_h"].sum() - granted.sum()) if len(granted) else math.nan
    )
    missing = int(study.rows["utforda_h"].isna().sum())
    text = "En del rader saknar utförda timmar." if missing else ""
    return [
        closes("Värdet är begärt, kan begäras eller är förlorat", whole),
        closes("Månaderna summerar till årets assistanstimmar", by_month),
        Check("Alla rader har utförda timmar", "varning", not missing, missing, 0.0, text),
    ]
