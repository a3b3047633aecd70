"""A new home's tables: flows of rent, KBH by family, the home as a whole, what explains and what could move it."""

from dataclasses import replace

import numpy as np
import pandas as pd

from planbok.case.result import Column, Table
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.group_home import declared, shown
from planbok.topics.group_home.dials import by_level, by_month, one_more_known
from planbok.topics.group_home.families import FAMILIES
from planbok.topics.group_home.model import Year
from planbok.topics.group_home.residents import one_resident
from planbok.topics.group_home.simulate import HIGH, LOW
from planbok.topics.group_home.study import EXTERNAL_PRICE, Study

PER_FLAT = ["uthyrd_kr", "tomgangshyra_kr", "kbh_lag_kr", "kbh_hog_kr", "resultat_kr"]
PRIVATE = "privat"
ON_LEVELS = ("LSS-peng", "Resultat utan KBH")  # posts that rest on residents' levels, and on which flats are let
ON_LET = ("Hyresintäkt, medelhyra", "Tomgångshyra utöver lokalhyran", "Resultat utan KBH")
PERCENTILES = (LOW, 25, 50, 75, HIGH)
ANY_LEVEL = "tryckt pris"  # of a bought place, whatever the level


def months_table(study: Study) -> Table:
    """Every flow of the year by month; nothing by flat."""
    frame, why = by_month(study.year), shown.why_no_flats(study)
    total = {"manad": TOTAL_ROW, **frame.drop(columns="manad").sum(skipna=False)}
    if why:
        frame[PER_FLAT] = np.nan
        total |= dict.fromkeys(["uthyrd_kr", "tomgangshyra_kr", "resultat_kr"], np.nan)
    if shown.why_no_kbh(study, year_end=False):
        why = why or shown.why_no_kbh(study, year_end=False)
        frame[["kbh_lag_kr", "kbh_hog_kr"]] = np.nan
        total |= dict.fromkeys(["kbh_lag_kr", "kbh_hog_kr"], np.nan)
    if shown.why_no_mean(study) and study.year.peng.any():
        why = why or shown.why_no_mean(study)
        frame[["peng_kr", "resultat_kr"]] = np.nan
        total |= dict.fromkeys(["peng_kr", "resultat_kr"], np.nan)
    frame = pd.concat([frame, pd.DataFrame([total])], ignore_index=True)
    result = "{uthyrd_kr}+{peng_kr}-{personal_kr}-{lokalhyra_kr}-{startkostnad_kr}"
    result += "-{tomgangshyra_kr}" if study.year.home.rents_are_paid_by_tenants_only else ""
    columns = (
        Column("manad", "Månad"),
        Column("uthyrd_kr", "Uthyrt"),
        Column("tomgangshyra_kr", "Tomt"),
        Column("kbh_hog_kr", "KBH, högst"),
        Column("personal_kr", "Personal"),
        Column("lokalhyra_kr", "Lokalhyra"),
        Column("startkostnad_kr", "Start"),
        Column("peng_kr", "Peng"),
        Column("resultat_kr", "Resultat", formula=result),
    )
    why = why or shown.why_no_start(study)
    title = f"Månad för månad {study.case.ar}: medelhyror, och resultat utan KBH"
    extra = ("hyra_lag_kr", "hyra_hog_kr", "kbh_lag_kr")
    money = [declared.priced(study) if study.year.peng.any() else ()] * len(frame)
    priced = {"peng_kr": money, "resultat_kr": money}
    return Table("per_manad", title, frame, columns, total_row=True, note=why, extra=extra, priced=priced)


def flows_table(study: Study) -> Table:
    """Who pays whom, in the year and over a full year: three flows, none netted against another."""
    year, full = study.year, study.year.full
    let = {which: float(year.let_rent(which).sum()) for which in ("lag", "mid", "hog")}
    kbh = {which: float(year.kbh(which).sum()) for which in ("lag", "mid", "hog")}
    if shown.why_no_flats(study):
        let = dict.fromkeys(let, np.nan)
    if shown.why_no_kbh(study, year_end=False):
        kbh = dict.fromkeys(kbh, np.nan)
    hidden = shown.why_no_kbh(study, year_end=True)
    kbh_full = [np.nan if hidden else full[f"kbh_{which}"] for which in kbh]
    premises, vacant = float(year.premises.sum()), float(year.empty_rent.sum())
    vacant = np.nan if shown.why_no_flats(study) else vacant
    rents_full = [full[f"hyra_{which}"] for which in let]
    rows = [
        ("Lokalhyra", "Enheten", "Hyresvärden", *[premises] * 3, *[full["lokalhyra"]] * 3),
        ("Hyresintäkt", "Den boende", "Enheten", *let.values(), *rents_full),
        ("Tomgångshyra", "Enheten", "–", *[vacant] * 3, *[0.0] * 3),
        ("KBH", "Nämnden", "Den boende", *kbh.values(), *kbh_full),
    ]
    names = [f"{span}_{which}_kr" for span in ("ar", "helar") for which in ("lag", "mid", "hog")]
    frame = pd.DataFrame(rows, columns=["flode", "betalar", "far", *names])
    words = {"lag": "lägst", "mid": "medel", "hog": "högst"}
    columns = [Column("flode", "Flöde"), Column("betalar", "Betalar"), Column("far", "Får")]
    columns += [
        Column(f"{span}_{which}_kr", f"{title}, {words[which]}")
        for span, title in (("ar", str(study.case.ar)), ("helar", "Helår"))
        for which in words
    ]
    why = shown.why_no_flats(study) or shown.why_no_kbh(study, year_end=False) or hidden
    return Table("hyresfloden", "Vem betalar vem", frame, tuple(columns), note=why)


def families_table(study: Study) -> Table:
    """The same tenants under each rule family, in the year and over a full year."""
    rows = []
    for name, terms in study.families.items():
        known = [found for found in reversed(terms) if not found.saknas]
        cond = replace(study.year.conditions, terms=terms, terms_full=known[0] if known else terms[-1])
        year = Year(study.year.home, cond)
        in_year = [float(year.kbh(which).sum()) for which in ("lag", "hog")]
        per_flat = [float(year.kbh_per_flat(which).min()) for which in ("lag",)]
        per_flat += [float(year.kbh_per_flat(which).max()) for which in ("hog",)]
        used = "ja" if name == study.year.conditions.terms_full.familj else "nej"
        reason = _family_note(name, in_year, terms)
        helar = [year.full["kbh_lag"], year.full["kbh_hog"]]
        rows.append((FAMILIES[name].titel, used, *in_year, *helar, *per_flat, reason, name))
    keys = ["ar_lag_kr", "ar_hog_kr", "helar_lag_kr", "helar_hog_kr", "lagenhet_lag_kr", "lagenhet_hog_kr"]
    frame = pd.DataFrame(rows, columns=["titel", "anvands", *keys, "anmarkning", "familj"])
    columns = [Column("titel", "Regelfamilj"), Column("anvands", "Används")]
    titles = (f"{study.case.ar}, lägst", f"{study.case.ar}, högst", "Helår, lägst", "Helår, högst")
    columns += [Column(key, title) for key, title in zip(keys, titles, strict=False)]
    why = shown.why_no_kbh(study, year_end=True)
    hidden = [bool(shown.why_no_income(study, name)) for name in frame["familj"]]
    if any(hidden):
        why = why or next(filter(None, (shown.why_no_income(study, name) for name in frame["familj"])))
        frame.loc[hidden, keys] = np.nan
    if shown.why_no_kbh(study, year_end=True):
        frame[keys] = np.nan
    elif shown.why_no_kbh(study, year_end=False):
        frame[keys[:2]], why = np.nan, shown.why_no_kbh(study, year_end=False)
    if shown.is_small(study):
        frame = frame.drop(columns=keys[4:])
    else:
        labels = ("Per lägenhet och månad, lägst", "Per lägenhet och månad, högst")
        columns += [Column(key, label) for key, label in zip(keys[4:], labels, strict=True)]
    columns.append(Column("anmarkning", "Att veta"))
    title = "KBH för samma boende under olika kommuners regler"
    return Table("kbh_per_familj", title, frame, tuple(columns), note=why, extra=("familj",))


def _family_note(name: str, in_year: list[float], terms) -> str:
    missing = next((found.saknas for found in terms if found.saknas), "")
    if np.isnan(in_year).any() and missing:
        return missing[0].upper() + missing[1:]
    if FAMILIES[name].follows_income:
        return "Följer den boendes inkomst före skatt; räknat lågt, eftersom skatten inte dras"
    return "Ett tak: inkomst och förmögenhet prövas" if name == "stockholm" else "Sänker hyran lika för alla"


def calculation_table(study: Study) -> Table:
    """The home as a whole: what it gives and costs in the year and over a full year, KBH apart."""
    year, full, home = study.year, study.year.full, study.year.home
    before = year.before
    vacant = -float(year.empty_rent.sum()) if home.rents_are_paid_by_tenants_only else 0.0
    rows = [
        ("LSS-peng", float(year.peng.sum()), full["peng"]),
        ("Hyresintäkt, medelhyra", float(year.let_rent("mid").sum()), full["hyra_mid"]),
        ("Personal", -float(year.staff.sum()), -full["personal"]),
        ("Lokalhyra", -float(year.premises.sum()), -full["lokalhyra"]),
        ("Tomgångshyra utöver lokalhyran", vacant, 0.0),
        ("Startkostnad", -before["startkostnad"], 0.0),
        ("Resultat utan KBH", float(year.result.sum()), year.result_full_year),
        ("Därav personal före öppning", -before["personal"], 0.0),
        ("Därav lokal före öppning", -before["lokalhyra"], 0.0),
        ("Därav allt före öppning, med startkostnad", -year.before_opening, 0.0),
        ("KBH, medelhyra", -float(year.kbh("mid").sum()), -full["kbh_mid"]),
    ]
    frame = pd.DataFrame(rows, columns=["post", "ar_kr", "helar_kr"])
    why = _hide_mean(study, frame) or shown.why_no_start(study)
    columns = (
        Column("post", "Post"),
        Column("ar_kr", str(study.case.ar), signed=True),
        Column("helar_kr", "Helår", signed=True),
    )
    money = [declared.priced(study) if post in ON_LEVELS else () for post in frame["post"]]
    priced = {"helar_kr": money} | ({"ar_kr": money} if year.peng.any() else {})
    return Table("kalkyl", "Boendet som helhet: plus är det som kommer in", frame, columns, note=why, priced=priced)


def _hide_mean(study: Study, frame: pd.DataFrame) -> str:
    """Takes away, in place, what would tell of levels, let flats or KBH; returns why."""
    reasons = []
    mean, let = shown.why_no_mean(study), shown.why_no_flats(study)
    if mean:
        frame.loc[frame["post"].isin(ON_LEVELS), "helar_kr"] = np.nan
        if study.year.peng.any():
            frame.loc[frame["post"].isin(ON_LEVELS), "ar_kr"] = np.nan
        reasons.append(mean)
    if let:
        frame.loc[frame["post"].isin(ON_LET), "ar_kr"] = np.nan
        reasons.append(let)
    for key, year_end in (("ar_kr", False), ("helar_kr", True)):
        why = shown.why_no_kbh(study, year_end)
        if why:
            frame.loc[frame["post"] == "KBH, medelhyra", key] = np.nan
            reasons.append(why)
    return reasons[0][0].upper() + reasons[0][1:].rstrip(".") + "." if reasons else ""


def external_table(study: Study) -> Table:
    """The home's own cost per place and day beside each level's peng and what a private provider is paid."""
    home, frame = study.year.home, by_level(study.year)
    cells = [(home.insats, niva, PRIVATE) for niva in frame["niva"]]
    frame["extern_kr_per_dygn"] = [study.book.day_price("ersattning", cell, study.last_day) for cell in cells]
    stated = study.reader.number(EXTERNAL_PRICE, study.last_day)
    if not np.isnan(stated):
        own = study.year.cost_per_place_and_day
        row = {"niva": ANY_LEVEL, "sjalvkostnad_kr_per_dygn": own, "extern_kr_per_dygn": stated}
        frame = pd.concat([frame, pd.DataFrame([row])], ignore_index=True)
    difference = frame["extern_kr_per_dygn"] - frame["sjalvkostnad_kr_per_dygn"]
    frame["mot_extern_kr_per_dygn"] = difference
    frame["mot_extern_helar_kr"] = difference * home.platser * study.year.conditions.days
    frame["billigast"] = np.where(difference > 0, "eget boende", "extern placering")
    frame.loc[difference.isna(), "billigast"] = "okänt"
    columns = _external_columns(home.platser * study.year.conditions.days)
    title = "Egen kostnad mot nivåernas peng och mot extern placering"
    return Table("mot_extern_placering", title, frame, columns, extra=("skillnad_helar_kr",))


def _external_columns(days_of_places: int) -> tuple[Column, ...]:
    own, whole = "{sjalvkostnad_kr_per_dygn}", f"*{days_of_places}"
    return (
        Column("niva", "Nivå"),
        Column("peng_kr_per_dygn", "Peng per dygn"),
        Column("sjalvkostnad_kr_per_dygn", "Egen kostnad per plats och dygn"),
        Column("skillnad_kr_per_dygn", "Peng minus egen kostnad", formula="{peng_kr_per_dygn}-" + own),
        Column("extern_kr_per_dygn", "Extern plats, privat regi"),
        Column("mot_extern_kr_per_dygn", "Extern minus egen", formula="{extern_kr_per_dygn}-" + own, signed=True),
        Column(
            "mot_extern_helar_kr",
            "Extern minus egen, alla platser, helår",
            formula="{mot_extern_kr_per_dygn}" + whole,
            signed=True,
        ),
        Column("billigast", "Billigast"),
    )


def resident_table(study: Study) -> Table:
    """What a single resident has left after rent at the home's lowest, mean and highest rent, before tax."""
    with_kbh = not shown.is_small(study)
    rows, missing = one_resident(study, with_kbh)
    keys = ["hyra_kr", "inkomst_kr", "bostadstillagg_kr", "kbh_kr", "kvar_kr", "minimibelopp_kr", "skillnad_kr"]
    frame = pd.DataFrame(rows, columns=["hyra", *keys])
    titles = ("Hyra", "Garantinivå", "Bostadstillägg", "KBH", "Kvar efter hyra", "Minimibelopp", "Över minimibeloppet")
    columns = [Column("hyra", "Vid")]
    left = "{inkomst_kr}+{bostadstillagg_kr}-{hyra_kr}" + ("+{kbh_kr}" if with_kbh else "")
    formulas = {"kvar_kr": left, "skillnad_kr": "{kvar_kr}-{minimibelopp_kr}"}
    columns += [Column(key, title, formula=formulas.get(key, "")) for key, title in zip(keys, titles, strict=True)]
    title = "Vad en ensamstående har kvar per månad, före skatt"
    if not with_kbh:
        frame, columns = frame.drop(columns="kbh_kr"), [column for column in columns if column.key != "kbh_kr"]
        title += " och utan KBH"
    return Table("kvar_efter_hyra", title, frame, tuple(columns), note=missing)


def chances_table(study: Study) -> Table | None:
    """Peng of a full year by the exact distribution over the unit's own levels; None where it isn't known or shown."""
    spread, days = study.year.spread, study.year.conditions.days
    if shown.why_no_mean(study) or not len(spread.summor):
        return None
    rows = [(f"{percent} %", spread.percentile(percent / 100) * days) for percent in PERCENTILES]
    frame = pd.DataFrame(rows, columns=["sannolikhet", "kr"])
    columns = (
        Column("sannolikhet", "Sannolikheten är minst"),
        Column("kr", "att LSS-peng på helår är högst", tells=(declared.OWN_LEVELS,)),
    )
    title = f"Nivåernas exakta fördelning med enhetens egna nivåer: {len(spread.summor)} möjliga summor"
    return Table("peng_fordelning", title, frame.assign(del_=[(declared.DRAWN, "")] * len(frame)), columns, part="del_")


def known_table(study: Study) -> Table | None:
    """What one newly known resident does to the range of peng; None where that would tell of those known."""
    if shown.why_no_levels(study) or not study.year.known_levels()[-1]:
        return None
    frame = one_more_known(study.year)
    if shown.why_no_mean(study):
        frame["forvantad_kr"] = np.nan
    columns = (
        Column("niva", "Den som blir känd har nivå"),
        Column("lagst_kr", "Lägst på helår"),
        Column("hogst_kr", "Högst på helår"),
        Column("forvantad_kr", "Väntat"),
        Column("bredd_kr", "Spannets bredd", formula="{hogst_kr}-{lagst_kr}"),
    )
    why = shown.why_no_mean(study)
    money = {"forvantad_kr": [declared.priced(study)] * len(frame)}
    title = "Vad en känd boende till gör med spannet"
    return Table("en_kand_till", title, frame, columns, note=why, priced=money)
