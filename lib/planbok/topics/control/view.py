"""The whole result on invoices: key figures, tables, whom they tell of, and the checks."""

import math
from functools import partial

import pandas as pd

from planbok.case.checks import Check, closes, warns
from planbok.case.result import KeyFigure, Result, key_figure
from planbok.case.said import said
from planbok.disclosure.standing import Standing
from planbok.topics.control import sentences, tables
from planbok.topics.control.grounds import grounds
from planbok.topics.control.people import ALL, LATE, RETURNED, money, of_figures, people
from planbok.topics.control.steady import steady
from planbok.topics.control.study import Study
from planbok.topics.control.tables import KRONOR, PROVIDERS, providers_people, providers_table, shown_as

SHEETS = {
    "fel_per_slag": "Fel i fakturorna",
}

BESIDE = ("fel_kr", "fel_antal", "atervunnet_kr", "saknade_fakturor_kr")


@partial(Standing, steady=steady)
def result(study: Study) -> Result:
    """The study as key figures and tables, and what they tell of persons."""
    case, name = study.case, shown_as(study)
    kinds, providers = tables.kinds_table(study), providers_table(study, name)
    changed = bool(case.scenario.changes)
    under = "Priser, nivåer, tider och dubbletter, rad för rad mot besluten"
    return Result.of(
        (kinds, tables.missing_table(study), providers),
        rubrik=f"{case.unit_name()} · Fakturor, priser och nivåer {tables.period(study)}",
        underrubrik=said(f"Scenario: {case.scenario.titel}", under) if changed else under,
        nyckeltal=key_figures(study),
        framst=BESIDE,
        grunder=grounds(study),
        people=people(study) | dict.fromkeys((PROVIDERS, KRONOR), providers_people(study, name)),
        fakta=facts(study),
        say=partial(sentences.sentences, study),
        verify=partial(checks, study, kinds.frame["fel_kr"].iloc[:-1], providers.frame["fel_kr"]),
        details=lambda: [providers_table(study, study.wrong["utforare"].fillna(""))],
        arbetslista=partial(tables.work_lists, study),
        blad=SHEETS,
    )


def faults(study: Study) -> Result:
    """Of the whole result what dials move: the key figures, and whom they tell of."""
    return Result.of(
        (),
        nyckeltal=key_figures(study),
        people=of_figures(study),
        steady=lambda limits: faults(steady(study, limits)),
    )


def key_figures(study: Study) -> dict[str, KeyFigure]:
    """What is wrong, what of it has been credited, and what has not come."""
    wrong, returned = study.wrong, study.wrong[study.wrong["status"] == "krediterad"]
    stood, late = (tables.stood(study, month) for month in (study.wrong_to, study.missing_to))
    kr = {
        "fel_kr": (wrong["fel_kr"], f"Fakturerat för mycket, krediterat inräknat{stood}", ALL),
        "saknade_fakturor_kr": (study.missing["kr"], f"Fakturor som inte har kommit{late}", LATE),
        "atervunnet_kr": (returned["fel_kr"], f"Redan krediterat{stood}", RETURNED),
    }
    found = {
        key: key_figure(key, float(amounts.sum()), label, tells=((whom, ""),), priced=money(amounts))
        for key, (amounts, label, whom) in kr.items()
    }
    lines = key_figure("fel_antal", len(wrong), f"Fakturarader med fel{stood}", tells=((ALL, ""),))
    return {"fel_antal": lines} | found


def facts(study: Study) -> dict[str, KeyFigure]:
    """What only the sentences need: how many lines there are, and how many had no price to be held against."""
    rows = study.rows[~study.rows["kredit"]]
    unpriced = int((~rows["provad"] & (rows["slag"] == "")).sum())
    left = study.wrong.loc[study.wrong["status"] != "krediterad", "fel_kr"]
    few = ((ALL, ""), (RETURNED, ""))  # with the sum it would give what is returned
    return {
        "rader_antal": key_figure("rader_antal", len(rows), "Fakturarader"),
        "utan_pris_antal": key_figure("utan_pris_antal", unpriced, "Rader utan pris att hålla mot"),
        "kvar_kr": key_figure("kvar_kr", float(left.sum()), "Kvar att kräva", tells=few, priced=money(left)),
    }


def checks(study: Study, kinds: pd.Series, providers: pd.Series, shown: Result) -> list[Check]:
    """That what is billed is what is right and what is wrong, and that kinds, providers and the list have one sum.

    `kinds` and `providers` are the tables' kronor, as they are before anything is withheld.
    """
    rows = study.rows[~study.rows["kredit"]]
    wrong = study.wrong["fel_kr"]
    whole = float(rows["belopp_kr"].sum() - rows["ratt_kr"].sum() - wrong.sum())
    total = float(wrong.sum()) if len(wrong) else math.nan  # without a fault there is nothing to sum
    loose = study.rows[study.rows["kredit"] & ~study.rows["avraknad"]]
    said_loose = "1 kreditfaktura" if len(loose) == 1 else f"{len(loose)} kreditfakturor"
    said_loose += " tar inte bort någon rad i tabellen och räknas inte av från felen."
    unpriced = shown.fakta["utan_pris_antal"]
    text = "En del rader har inget pris att hålla mot." if unpriced.varde else ""
    return [
        closes("Fakturerat är rätt belopp plus fel", whole),
        closes("Slagen av fel summerar till enheten", float(kinds.sum()) - total),
        closes("Utförarna summerar till enheten", float(providers.sum()) - total),
        warns("Alla kreditfakturor tar bort en rad", loose.empty, "" if loose.empty else said_loose),
        Check("Alla rader har ett pris att hålla mot", "varning", not unpriced.varde, unpriced.varde, 0.0, text),
    ]
