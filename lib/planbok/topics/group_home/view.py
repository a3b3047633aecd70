"""A new home in figures and checks, with the sentences of the first screen."""

from collections.abc import Iterable

import numpy as np

from planbok.base.numbers import format_unit
from planbok.base.periods import long_date
from planbok.case.result import Check, KeyFigure, Result, Table, closes, key_figure
from planbok.topics.group_home import declared, shown, steps, tables
from planbok.topics.group_home.dials import figures
from planbok.topics.group_home.families import FAMILIES
from planbok.topics.group_home.sentences import sentences
from planbok.topics.group_home.study import Study

BESIDE = ("hyra_helar_hog_kr", "kbh_helar_hog_kr", "sjalvkostnad_kr_per_plats_och_dygn", "resultat_helar_kr")
LABELS = {
    "hyra_ar_lag_kr": "Hyror {ar}, lägst",
    "hyra_ar_hog_kr": "Hyror {ar}, högst",
    "hyra_helar_lag_kr": "Hyror på helår, lägst",
    "hyra_helar_hog_kr": "Hyror på helår, högst",
    "kbh_ar_lag_kr": "KBH {ar}, vid lägsta hyra",
    "kbh_ar_hog_kr": "KBH {ar}, vid högsta hyra",
    "kbh_helar_lag_kr": "KBH på helår, vid lägsta hyra",
    "kbh_helar_hog_kr": "KBH på helår, vid högsta hyra",
    "tomgangshyra_ar_kr": "Tomgångshyra {ar}, medelhyra",
    "kostnad_fore_oppning_kr": "Kostnad före öppning {ar}",
    "antal_nivafordelningar": "Möjliga nivåfördelningar",
    "peng_lagst_kr": "LSS-peng på helår, lägst",
    "peng_hogst_kr": "LSS-peng på helår, högst",
    "peng_forvantad_kr": "LSS-peng på helår, väntad med enhetens egna nivåer",
    "sjalvkostnad_kr_per_plats_och_dygn": "Egen kostnad per plats och dygn",
    "resultat_helar_kr": "Resultat på helår utan KBH (minus är underskott)",
}
ON_MEAN = ("peng_forvantad_kr", "resultat_helar_kr")
ON_LEVELS = ("peng_lagst_kr", "peng_hogst_kr", *ON_MEAN)


def result(study: Study) -> Result:
    """The study as sentences, key figures, tables and checks."""
    found = [
        tables.calculation_table(study),
        tables.flows_table(study),
        tables.months_table(study),
        tables.families_table(study),
        tables.resident_table(study),
        tables.external_table(study),
        steps.bridge_table(study),
        steps.sensitivity_table(study),
        tables.chances_table(study),
        steps.range_table(study),
        tables.known_table(study),
    ]
    by_name = {table.namn: table for table in found if table is not None}
    home, keys = study.year.home, key_figures(study)
    scenario = "" if study.case.is_public else study.case.scenario.titel
    known = "vilka som flyttar in är inte känt"
    if home.known and not shown.is_small(study):
        known = f"{home.known} av {home.platser} boendes nivå är känd"
    elif home.known:
        known = "några boendes nivå är känd"
    return Result(
        rubrik=(
            f"{study.case.unit_name()} · ny {_insats(study)}, {len(home.flats)} lägenheter, "
            f"öppnar {long_date(home.oppnar)} · {known}"
        ),
        underrubrik=f"Scenario: {scenario}" if scenario else "Scenario med förändringar",
        sammanfattning=[],
        nyckeltal=keys,
        tabeller=by_name,
        kontroller=checks(study, by_name),
        framst=BESIDE,
        people=declared.people(study),
        fakta=declared.facts(study),
        say=lambda result: sentences(study, result.nyckeltal, result.fakta),
    )


def _insats(study: Study) -> str:
    return study.reader.value("insatser", study.last_day)[study.year.home.insats]["titel"].lower()


def key_figures(study: Study) -> dict[str, KeyFigure]:
    """The key figures; null with the reason where one is not known or not shown."""
    found = {}
    for name, value in figures(study.year).items():
        hidden = _hidden(study, name)
        why = hidden or ("" if not np.isnan(value) else _unknown(study, name))
        kept = int(value) if name == "antal_nivafordelningar" and not why else value
        priced = declared.priced(study) if name in ON_MEAN else ()
        label = LABELS[name].format(ar=study.case.ar)
        found[name] = key_figure(name, None if why else kept, label, why, priced=priced)
    return found


def _hidden(study: Study, name: str) -> str:
    if name in ON_MEAN and shown.why_no_mean(study):
        return shown.why_no_mean(study)
    if name in ON_LEVELS and shown.why_no_levels(study):
        return shown.why_no_levels(study)
    if name == "tomgangshyra_ar_kr" and shown.why_no_flats(study):
        why = shown.why_no_flats(study).rstrip(".")  # all rents minus those of empty flats are the let ones'
        return why[:1].lower() + why[1:]
    if name.startswith("kbh_"):
        return shown.why_no_kbh(study, year_end="helar" in name)
    return ""


def _unknown(study: Study, name: str) -> str:
    """Why a figure is not known."""
    home, cond = study.year.home, study.year.conditions
    rent = "" if not np.isnan(home.flats.mid).any() else "hyran saknas för någon lägenhet"
    amounts = {
        "bemanningen": home.arsarbetare,
        "kostnaden per årsarbetare": home.kr_per_arsarbetare,
        "lokalhyran": home.lokalhyra_kr,
    }
    cost = _empty(words for words, kr in amounts.items() if np.isnan(kr))
    parts = {"startkostnad": ("startkostnaden",), "personal": [*amounts][:2], "lokalhyra": [*amounts][2:]}
    needed = [words for part, its in parts.items() if np.isnan(study.year.before[part]) for words in its]
    before = _empty(words for words in needed if np.isnan(amounts.get(words, np.nan)))
    terms = next((found.saknas for found in (cond.terms_full, *cond.terms) if found.saknas), "")
    prices = study.saknas.get("priser", "")
    reasons = {
        "kbh": rent or terms,
        "hyra": rent,
        "tomgangshyra": rent,
        "kostnad": before,
        "antal": prices,
        "peng": prices or study.saknas.get("nivaer", ""),
        "sjalvkostnad": cost,
        "resultat": "; ".join(part for part in (cost, rent, prices or study.saknas.get("nivaer", "")) if part),
    }
    return reasons[name.partition("_")[0]] or "underlag saknas"


def _empty(amounts: Iterable[str]) -> str:
    """Says which amounts of the home the table leaves empty; "" for none."""
    listed = " och ".join(amounts)
    return f"{listed} saknas i tabellen boenden" if listed else ""


def checks(study: Study, found: dict[str, Table]) -> list[Check]:
    """What must agree in the figures, and what the plan has to answer for."""
    year = study.year
    gross, let = float(year.rent("mid").sum()), float(year.let_rent("mid").sum())
    months = tables.by_month(year)["resultat_kr"].sum(skipna=False)
    net, parts = steps.net_cost(year), steps.amounts_by_effect(year)
    calculated = float(year.result.sum())
    from_budget = net.kr_ram - net.kr + float(year.kbh("mid").sum())
    full = net.kr_ram_helar - net.kr_helar + year.full["kbh_mid"]
    spread = year.spread
    chances = float(spread.sannolikhet @ spread.summor) if len(spread.summor) else np.nan
    listed = [
        closes("Uthyrt och tomt är alla hyror", let + float(year.empty_rent.sum()) - gross),
        closes("Månadernas resultat summerar till året", months - calculated),
        closes("Effekterna på budgeten är årets resultat och KBH", from_budget - calculated),
        closes(
            "Effekterna på budgeten är helårets resultat och KBH",
            full - year.result_full_year if "lss_peng" in parts and year.in_force(None) else np.nan,
        ),
        closes("Nivåfördelningens medel är väntad LSS-peng", (chances - spread.forvantad) * year.conditions.days),
    ]
    return [*listed, _income_check(study), _livable(found["kvar_efter_hyra"])]


def _income_check(study: Study) -> Check:
    """A rent set by the tenant's income gives no state bostadstillägg."""
    name = "Hyran bestäms inte efter den boendes inkomst"
    family = FAMILIES[study.year.conditions.terms_full.familj]
    if not family.follows_income:
        return Check(name, "varning", True)
    text = (
        "Regelfamiljen följer inkomsten. Ges den som en lägre hyra, och inte som ett bidrag, ger den hyran inte rätt "
        "till statligt bostadstillägg (101 kap. 8 § socialförsäkringsbalken)."
    )
    return Check(name, "varning", False, forklaring=text)


def _livable(table: Table) -> Check:
    """What is left after rent, against minimibelopp, at every rent of the plan."""
    name = "Kvar efter hyran räcker till minimibeloppet, före skatt"
    left = table.frame["skillnad_kr"].dropna()
    if left.empty:
        return Check(name, "varning", None, forklaring=table.note or "Underlaget anger inte allt som behövs.")
    least = float(left.min())
    text = "" if least >= 0 else f"Vid den högsta hyran saknas {format_unit(-least, 'kr')} i månaden."
    return Check(name, "varning", least >= 0, round(least, 2), 0.0, text)
