"""A new home's whole result: key figures, what only sentences say, tables, and the checks of what is shown."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from planbok.base.numbers import format_unit
from planbok.base.periods import long_date
from planbok.base.words import listed
from planbok.case.checks import Check, closes, warns
from planbok.case.result import KeyFigure, Result, Table, key_figure, on_page
from planbok.case.said import scenario_line
from planbok.ledger.bridge import closing
from planbok.topics.group_home import sentences, sliders, steps, tables
from planbok.topics.group_home.dials import figures
from planbok.topics.group_home.families import FAMILIES
from planbok.topics.group_home.grounds import grounds
from planbok.topics.group_home.people import (
    COARSE_KR,
    COARSE_KR_PER_DYGN,
    NOBODY,
    Persons,
    Told,
)
from planbok.topics.group_home.simulate import HIGH, LOW
from planbok.topics.group_home.study import Study

SHEETS = {
    "kalkyl": "Boendet som helhet",
    "kassa": "Pengar in och ut",
    "per_manad": "Månad för månad",
    "kbh_per_familj": "KBH i olika kommuner",
    "kvar_efter_hyra": "Vad en ensamstående har kvar",
    "mot_extern_placering": "Nettokostnad mot nivåerna",
    "brygga": "Så påverkas enhetens budget",
    "kanslighet": "Ett steg i varje antagande",
    "peng_fordelning": "LSS-peng efter enhetens nivåer",
    "spann": "Osäkerhet år för år",
    "en_kand_till": "En känd boende till",
}

NET = "nettokostnad_kr_per_plats_och_dygn"
# what a page has room for, the most important first
SHOWN = {
    "kassa": ("manad", "ackumulerat_kr", "netto_kr", "uthyrd_kr", "personal_kr"),
    "per_manad": ("manad", "resultat_kr", "uthyrd_kr", "personal_kr", "peng_kr"),
    "hyresfloden": ("flode", "ar_mid_kr", "helar_mid_kr", "betalar", "far"),
    "kbh_per_familj": ("titel", "ar_lag_kr", "ar_hog_kr", "helar_hog_kr", "anmarkning"),
    "mot_extern_placering": (
        "niva", "skillnad_kr_per_dygn", "mot_extern_kr_per_dygn", "peng_kr_per_dygn", "billigast",
    ),
    "kanslighet": ("antagande", "steg", "resultat_ar_kr", "resultat_helar_kr"),
    "spann": ("namn", "ar", "plan_kr", "lag_kr", "hog_kr"),
}  # fmt: skip
BESIDE = ("resultat_ar_kr", "resultat_helar_kr", NET, "kbh_helar_hog_kr")
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
    NET: "Nettokostnad per plats och dygn, efter hyror",
    "resultat_ar_kr": "Resultat {ar} utan KBH (minus är underskott)",
    "resultat_helar_kr": "Resultat på helår utan KBH (minus är underskott)",
}
ROUNDS = {"resultat_ar_kr": COARSE_KR, "resultat_helar_kr": COARSE_KR, NET: COARSE_KR_PER_DYGN}


def result(study: Study) -> Result:
    """The study as key figures and tables, and whom they tell of; words and checks come of what is shown."""
    persons = Persons(study)
    found = [
        tables.calculation_table(study, persons),
        tables.cash_table(study, persons),
        tables.flows_table(study, persons),
        tables.months_table(study, persons),
        tables.families_table(study, persons),
        tables.resident_table(study, persons),
        tables.external_table(study, persons),
        steps.bridge_table(study, persons),
        steps.sensitivity_table(study, persons),
        tables.levels_table(study, persons),
        tables.chances_table(study),
        steps.range_table(study, persons),
        tables.known_table(study, persons),
    ]
    by_name = {table.namn: on_page(table, SHOWN) for table in found if table is not None}
    dials, grids = sliders.sliders(study)
    home = study.year.home
    known = "några boendes nivåer är kända" if home.known else "de boende är inte kända"
    return replace(
        amounts(study, persons),
        rubrik=(
            f"{study.case.unit_name()} · ny {_insats(study)}, {len(home.flats)} lägenheter, "
            f"öppnar {long_date(home.oppnar)} · {known}"
        ),
        underrubrik=scenario_line(study.case.scenario),
        tabeller=by_name,
        framst=BESIDE,
        blad=SHEETS,
        grunder=grounds(study),
        say=partial(sentences.sentences, study),
        verify=partial(checks, study),
        skjutreglage=dials,
        rutor=grids,
        prov=sliders.SENTENCES,
    )


def amounts(study: Study, persons: Persons | None = None) -> Result:
    """The key figures and what only sentences say, with whom they tell of: what the dials answer with."""
    persons = persons or Persons(study)
    keys = key_figures(study, persons)
    return Result.of(nyckeltal=keys, people=persons.people(), fakta=facts(study, persons))


def _insats(study: Study) -> str:
    return study.reader.value("insatser", study.last_day)[study.year.home.insats]["titel"].lower()


def _told(persons: Persons) -> dict[str, Told]:
    """Whom each key figure tells of."""
    rents = {f"hyra_{span}_{end}_kr": persons.flats for span in ("ar", "helar") for end in ("lag", "hog")}
    kbh = {f"kbh_ar_{end}_kr": persons.kbh for end in ("lag", "hog")}
    kbh |= {f"kbh_helar_{end}_kr": persons.kbh_full for end in ("lag", "hog")}
    peng = {"peng_lagst_kr": persons.ends, "peng_hogst_kr": persons.ends, "peng_forvantad_kr": persons.peng_full}
    return (
        rents
        | kbh
        | peng
        | {
            "tomgangshyra_ar_kr": persons.let,
            NET: persons.flats,
            "resultat_ar_kr": persons.let + persons.peng,
            "resultat_helar_kr": persons.flats + persons.peng_full,
        }
    )


def key_figures(study: Study, persons: Persons) -> dict[str, KeyFigure]:
    """The key figures; null with the reason where one is not known."""
    told, found = _told(persons), {}
    for name, value in figures(study.year).items():
        why = "" if not np.isnan(value) else _unknown(study, name)
        kept = int(value) if name == "antal_nivafordelningar" and not why else value
        label = LABELS[name].format(ar=study.case.ar)
        found[name] = told.get(name, NOBODY).figure(name, kept, label, why, rounds=ROUNDS.get(name))
    return found


def facts(study: Study, persons: Persons) -> dict[str, KeyFigure]:
    """What only sentences and figures say, protected like the key figures."""
    year, flats = study.year, study.year.home.flats
    days, own = year.conditions.days, year.full["hyra_mid"] - year.full["personal"] - year.full["lokalhyra"]
    let = persons.let + persons.ends
    found = {
        "hyra_lagst_kr": persons.lowest.figure("kr", float(flats.lag.min())),
        "hyra_hogst_kr": persons.highest.figure("kr", float(flats.hog.max())),
        "hyror_ar_kr": persons.flats.figure("kr", float(year.rent("mid").sum())),
        "grupp_antal": persons.group.figure("antal", float(study.group or np.nan)),
        "helar_lagst_kr": (persons.flats + persons.ends).figure("kr", year.spread.lagst * days + own),
        "helar_hogst_kr": (persons.flats + persons.ends).figure("kr", year.spread.hogst * days + own),
        **{f"dygn_{end}_kr": let.figure("kr", kr) for end, kr in zip(("lagst", "hogst"), year.year_worth, strict=True)},
    }
    for name, percent in (("lag", LOW), ("hog", HIGH)):
        peng, told = year.spread.percentile(percent / 100) * days, persons.peng_full + persons.spread
        for key, beside in ((f"peng_{name}_kr", 0.0), (f"resultat_helar_{name}_kr", own)):
            tells = told.tells if key.startswith("peng") else (persons.flats + told).tells
            rounds = None if key.startswith("peng") else COARSE_KR
            kr = peng + beside
            priced = told.apart(0.0 if np.isnan(beside) else beside)
            found[key] = key_figure("kr", kr, "", "okänt", tells=tells, priced=priced, rounds=rounds)
    return found


def _unknown(study: Study, name: str) -> str:
    """Why a figure is not known."""
    home, cond = study.year.home, study.year.conditions
    rent = "" if not np.isnan(home.flats.mid).any() else "hyran saknas för någon lägenhet"
    amounts = {
        "bemanningen": home.arsarbetare,
        "kostnaden per årsarbetare": home.kr_per_arsarbetare,
        "lokalhyran": home.lokalhyra_kr,
    }
    lacking = [words for words, kr in amounts.items() if np.isnan(kr)]
    start = ["startkostnaden"] if np.isnan(study.year.before["startkostnad"]) else []
    cost = _empty(lacking)
    parts = {"startkostnad": ("startkostnaden",), "personal": [*amounts][:2], "lokalhyra": [*amounts][2:]}
    needed = [words for part, its in parts.items() if np.isnan(study.year.before[part]) for words in its]
    before = _empty(words for words in needed if np.isnan(amounts.get(words, np.nan)))
    terms = next((found.saknas for found in (cond.terms_full, *cond.terms) if found.saknas), "")
    prices = study.saknas.get("priser", "")
    levels = prices or study.saknas.get("nivaer", "")
    in_year = levels if np.isnan(study.year.peng).any() else ""
    reasons = {
        "kbh": rent or terms,
        "hyra": rent,
        "tomgangshyra": rent,
        "kostnad": before,
        "antal": prices,
        "peng": levels,
        "sjalvkostnad": cost,
        "nettokostnad": "; ".join(filter(None, (cost, rent))),
        "resultat": "; ".join(filter(None, (cost, rent, levels))),
        "resultat_ar": "; ".join(filter(None, (_empty([*start, *lacking]), rent, in_year))),
    }
    return reasons["resultat_ar" if name == "resultat_ar_kr" else name.partition("_")[0]] or "underlag saknas"


def _empty(amounts: Iterable[str]) -> str:
    """Says which amounts of the home the table leaves empty; "" for none."""
    lacking = listed([*amounts])
    return f"{lacking} saknas i tabellen boenden" if lacking else ""


def checks(study: Study, shown: Result) -> list[Check]:
    """What must agree in the figures, and what the plan has to answer for."""
    year = study.year
    gross, let = float(year.rent("mid").sum()), float(year.let_rent("mid").sum())
    net, parts = steps.net_cost(year), steps.amounts_by_effect(year)
    calculated = float(year.result.sum())
    from_budget = net.kr_ram - net.kr + float(year.kbh("mid").sum())
    full = net.kr_ram_helar - net.kr_helar + year.full["kbh_mid"]
    spread = year.spread
    chances = float(spread.sannolikhet @ spread.summor) if len(spread.summor) else np.nan
    bridge = shown.tabeller["brygga"]
    listed = [
        closes("Uthyrt och tomt är alla hyror", let + float(year.empty_rent.sum()) - gross),
        closes("Månadernas resultat summerar till året", _months(shown)),
        closes("Effekterna på budgeten är årets resultat och KBH", from_budget - calculated),
        closes(
            "Effekterna på budgeten är helårets resultat och KBH",
            full - year.result_full_year if "lss_peng" in parts and year.in_force(None) else np.nan,
        ),
        closes("Nivåfördelningens medel är väntad LSS-peng", (chances - spread.forvantad) * year.conditions.days),
        *closing(bridge.frame, rounded_to=bridge.avrundat_till),
    ]
    return [*listed, _income_check(study), _livable(shown.tabeller.get("kvar_efter_hyra"))]


def _months(shown: Result) -> float:
    """How far the months' results are from the year's, as they are shown."""
    year, months = shown.nyckeltal["resultat_ar_kr"], shown.tabeller["per_manad"].frame["resultat_kr"]
    exact = year.varde is not None and not year.avrundat_till
    return months.iloc[:-1].sum(skipna=False) - year.varde if exact else np.nan


def _income_check(study: Study) -> Check:
    """A rent set by the tenant's income gives no state bostadstillägg."""
    name = "Hyran bestäms inte efter den boendes inkomst"
    family = FAMILIES[study.year.conditions.terms_full.familj]
    if not family.follows_income:
        return warns(name, True)
    text = (
        "Regelfamiljen följer inkomsten. Ges den som en lägre hyra, och inte som ett bidrag, ger den hyran inte rätt "
        "till statligt bostadstillägg (101 kap. 8 § socialförsäkringsbalken)."
    )
    return warns(name, False, text)


def _livable(table: Table | None) -> Check:
    """What is left after rent, against minimibelopp, at the rents that are shown."""
    name = "Kvar efter hyran räcker till minimibeloppet, före skatt"
    left = table.frame["skillnad_kr"].dropna() if table else pd.Series(dtype=float)
    if left.empty:
        return warns(name, None, "Underlaget anger inte allt som behövs, eller så skyddas det.")
    least = float(left.min())
    text = "" if least >= 0 else f"Vid den högsta hyran saknas {format_unit(-least, 'kr')} i månaden."
    return warns(name, least >= 0, text)
