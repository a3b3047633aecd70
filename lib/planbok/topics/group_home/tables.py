"""A new home's tables: flows of rent, KBH by family, the home as a whole, cash until the first peng, and levels."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.periods import spans
from planbok.base.words import large
from planbok.case.result import Column, Table, no_number
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.group_home.dials import by_level, by_month, one_more_known
from planbok.topics.group_home.families import FAMILIES
from planbok.topics.group_home.levels import mixes
from planbok.topics.group_home.livable import one_resident
from planbok.topics.group_home.model import RENT_LEVELS, Year
from planbok.topics.group_home.people import COARSE_KR_PER_DYGN, NOBODY, Persons, Told
from planbok.topics.group_home.simulate import HIGH, LOW
from planbok.topics.group_home.study import EXTERNAL_PRICE, Study

PRIVATE = "privat"
PERCENTILES = (LOW, 25, 50, 75, HIGH)
ANY_LEVEL = "tryckt pris"  # of a bought place, whatever the level
NO_START = "Startkostnaden saknas i tabellen boenden, och det som räknas med den i år."
BOUGHT = "Om priset för en köpt plats täcker hyran framgår inte av källan. Nettokostnaden är efter de boendes hyror."
FLOWS = ("uthyrd_kr", "tomgangshyra_kr", "kbh_lag_kr", "kbh_hog_kr", "peng_kr", "resultat_kr")


def declared(frame: pd.DataFrame, columns: Mapping[str, Sequence[Told]]) -> dict[str, Any]:
    """Whom the rows of some columns tell of, as a table declares it; cells without a number are missing."""
    told = {key: [one.tells for one in rows] for key, rows in columns.items()}
    priced = {
        key: [one.beside(kr) for one, kr in zip(rows, frame[key], strict=True)]
        for key, rows in columns.items()
        if any(one.priced for one in rows)
    }
    return {"told": told, "priced": priced, "celler": missing(frame)}


def missing(frame: pd.DataFrame) -> dict[tuple[int, str], tuple[str, str]]:
    """The number cells that have none."""
    numbers = [key for key in frame if key.endswith(("_kr", "_dygn")) or key.startswith("kr")]
    return no_number(frame, numbers, "underlag saknas")


def no_start(study: Study) -> str:
    """Why the year's result is not known though its other parts are: the start cost is due in it and not stated."""
    return NO_START if np.isnan(study.year.start_cost).any() else ""


def months_table(study: Study, persons: Persons) -> Table:
    """Every flow of the year by month from the first that has any; nothing by flat."""
    whole = by_month(study.year)
    moves = whole.drop(columns="manad").fillna(1.0).ne(0).any(axis=1).to_numpy()
    frame = whole.iloc[int(np.argmax(moves)) if moves.any() else 0 :]
    total = {"manad": TOTAL_ROW, **frame.drop(columns="manad").sum(skipna=False)}
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
    month = Told(tells=(persons.let + persons.peng).tells)
    rows, of_peng = len(frame), persons.let + persons.peng
    told = {key: [persons.let] * rows for key in FLOWS[:2]} | {key: [persons.kbh] * rows for key in FLOWS[2:4]}
    monthly = persons.one if persons.peng.priced else month
    told |= {key: [monthly] * (rows - 1) + [of_peng] for key in FLOWS[4:]}
    extra = ("hyra_lag_kr", "hyra_hog_kr", "kbh_lag_kr")
    title = f"Månad för månad {study.case.ar}: medelhyror, och resultat utan KBH"
    more = declared(frame, told)
    return Table("per_manad", title, frame, columns, total_row=True, note=no_start(study), extra=extra, **more)


def cash_table(study: Study, persons: Persons) -> Table | None:
    """Money in and out by month, until the measurement that first counts somebody; None where that has been."""
    until, year = study.year.first_measured, study.year
    if until is None or until < date(study.case.ar, 1, 31):
        return None
    ahead = replace(year, conditions=replace(year.conditions, ar=study.case.ar + 1, spans=spans(study.case.ar + 1)))
    frame = pd.concat([_cash(year), _cash(ahead)], ignore_index=True)
    frame = frame[frame["manad"] <= f"{until:%Y-%m}"]
    kr = frame.drop(columns="manad")
    frame["netto_kr"] = kr["uthyrd_kr"] - kr.drop(columns="uthyrd_kr").sum(axis=1, skipna=False)
    used = frame["netto_kr"].fillna(1.0).ne(0)
    if not used.any():
        return None
    frame = frame.loc[used.idxmax() :].reset_index(drop=True)
    frame["ackumulerat_kr"] = frame["netto_kr"].cumsum()
    columns: tuple[Column, ...] = (
        Column("manad", "Månad"),
        Column("uthyrd_kr", "Hyror in"),
        Column("personal_kr", "Personal"),
        Column("lokalhyra_kr", "Lokalhyra"),
        Column("tomgangshyra_kr", "Tomgångshyra"),
        Column("startkostnad_kr", "Start"),
        Column("netto_kr", "In minus ut", signed=True),
        Column("ackumulerat_kr", "Sammanlagt", signed=True, running=("netto_kr",)),
    )
    if not frame["tomgangshyra_kr"].any():
        columns = tuple(column for column in columns if column.key != "tomgangshyra_kr")
    let = {key: [persons.let] * len(frame) for key in ("uthyrd_kr", "tomgangshyra_kr", "netto_kr", "ackumulerat_kr")}
    title = "Pengar in och ut till den mätning som först räknar någon, utan KBH"
    return Table("kassa", title, frame, columns, note=no_start(study), **declared(frame, let))


def _cash(year: Year) -> pd.DataFrame:
    vacant = year.empty_rent if year.home.rents_are_paid_by_tenants_only else np.zeros(len(year.conditions.spans))
    flows = {
        "uthyrd_kr": year.let_rent("mid"),
        "personal_kr": year.staff,
        "lokalhyra_kr": year.premises,
        "tomgangshyra_kr": vacant,
        "startkostnad_kr": year.start_cost,
    }
    frame = pd.DataFrame(flows, index=[span.manad for span in year.conditions.spans])
    return frame.groupby(level=0).sum(skipna=False).rename_axis("manad").reset_index()


def flows_table(study: Study, persons: Persons) -> Table:
    """Who pays whom, in the year and over a full year: three flows, none netted against another."""
    year, full = study.year, study.year.full
    premises, vacant = float(year.premises.sum()), float(year.empty_rent.sum())
    let = [float(year.let_rent(which).sum()) for which in RENT_LEVELS]
    kbh = [float(year.kbh(which).sum()) for which in RENT_LEVELS]
    rows = [
        ("Lokalhyra", "Enheten", "Hyresvärden", *[premises] * 3, *[full["lokalhyra"]] * 3),
        ("Hyresintäkt", "Den boende", "Enheten", *let, *(full[f"hyra_{which}"] for which in RENT_LEVELS)),
        ("Tomgångshyra", "Enheten", "–", *[vacant] * 3, *[0.0] * 3),
        ("KBH", "Nämnden", "Den boende", *kbh, *(full[f"kbh_{which}"] for which in RENT_LEVELS)),
    ]
    names = [f"{span}_{which}_kr" for span in ("ar", "helar") for which in RENT_LEVELS]
    frame = pd.DataFrame(rows, columns=["flode", "betalar", "far", *names])
    words = {"lag": "lägst", "mid": "medel", "hog": "högst"}
    columns = [Column("flode", "Flöde"), Column("betalar", "Betalar"), Column("far", "Får")]
    columns += [
        Column(f"{span}_{which}_kr", f"{title}, {words[which]}")
        for span, title in (("ar", str(study.case.ar)), ("helar", "Helår"))
        for which in RENT_LEVELS
    ]
    of_year = [NOBODY, persons.let, persons.let, persons.kbh]
    of_full = [NOBODY, persons.flats, NOBODY, persons.kbh_full]
    told = {name: of_year if name.startswith("ar_") else of_full for name in names}
    return Table("hyresfloden", "Vem betalar vem", frame, tuple(columns), **declared(frame, told))


def families_table(study: Study, persons: Persons) -> Table:
    """The same tenants under each rule family, in the year and over a full year."""
    frame = pd.DataFrame([_family(study, name, terms) for name, terms in study.families.items()])
    keys = ("ar_lag_kr", "ar_hog_kr", "helar_lag_kr", "helar_hog_kr", "lagenhet_lag_kr", "lagenhet_hog_kr")
    of_all = (f"{study.case.ar}, lägst", f"{study.case.ar}, högst", "Helår, lägst", "Helår, högst")
    titles = (*of_all, "Per lägenhet och månad, lägst", "Per lägenhet och månad, högst")
    columns = [Column("titel", "Regelfamilj"), Column("anvands", "Används")]
    columns += [Column(key, title) for key, title in zip(keys, titles, strict=True)]
    columns.append(Column("anmarkning", "Att veta"))
    kbh = [persons.kbh_of(name) for name in frame["familj"]]
    told = {key: [persons.let + its for its in kbh] for key in keys[:2]}
    told |= {key: [persons.flats + its for its in kbh] for key in keys[2:4]}
    title = "KBH för samma boende under olika kommuners regler"
    more = declared(frame, told)
    fewer = tuple(column for column in columns if column.key not in keys[4:])
    coarse = Table("kbh_per_familj", title, frame.drop(columns=[*keys[4:]]), fewer, extra=("familj",), **more)
    return replace(coarse, frame=frame, columns=tuple(columns), detail=True, coarse=coarse)


def _family(study: Study, name: str, terms) -> dict[str, Any]:
    known = [found for found in reversed(terms) if not found.saknas]
    cond = replace(study.year.conditions, terms=terms, terms_full=known[0] if known else terms[-1])
    year = Year(study.year.home, cond)
    in_year = [float(year.kbh(which).sum()) for which in ("lag", "hog")]
    return {
        "titel": FAMILIES[name].titel,
        "anvands": "ja" if name == study.year.conditions.terms_full.familj else "nej",
        "ar_lag_kr": in_year[0],
        "ar_hog_kr": in_year[1],
        "helar_lag_kr": year.full["kbh_lag"],
        "helar_hog_kr": year.full["kbh_hog"],
        "lagenhet_lag_kr": float(year.kbh_per_flat("lag").min()),
        "lagenhet_hog_kr": float(year.kbh_per_flat("hog").max()),
        "anmarkning": _family_note(name, in_year, terms),
        "familj": name,
    }


def _family_note(name: str, in_year: list[float], terms) -> str:
    missing = next((found.saknas for found in terms if found.saknas), "")
    if np.isnan(in_year).any() and missing:
        return large(missing)
    if FAMILIES[name].follows_income:
        return "Följer den boendes inkomst före skatt; räknat lågt, eftersom skatten inte dras"
    return "Ett tak: inkomst och förmögenhet prövas" if name == "stockholm" else "Sänker hyran lika för alla"


def calculation_table(study: Study, persons: Persons) -> Table:
    """The home as a whole: what it gives and costs in the year and over a full year, KBH apart."""
    year, full, before = study.year, study.year.full, study.year.before
    vacant = -float(year.empty_rent.sum()) if year.home.rents_are_paid_by_tenants_only else 0.0
    rows = [
        ("LSS-peng", float(year.peng.sum()), full["peng"], persons.peng, persons.peng_full),
        ("Hyresintäkt, medelhyra", float(year.let_rent("mid").sum()), full["hyra_mid"], persons.let, persons.flats),
        ("Personal", -float(year.staff.sum()), -full["personal"], NOBODY, NOBODY),
        ("Lokalhyra", -float(year.premises.sum()), -full["lokalhyra"], NOBODY, NOBODY),
        ("Tomgångshyra utöver lokalhyran", vacant, 0.0, persons.let if vacant else NOBODY, NOBODY),
        ("Startkostnad", -before["startkostnad"], 0.0, NOBODY, NOBODY),
        (
            "Resultat utan KBH",
            float(year.result.sum()),
            year.result_full_year,
            persons.let + persons.peng,
            persons.flats + persons.peng_full,
        ),
        ("varav personal före öppning", -before["personal"], 0.0, NOBODY, NOBODY),
        ("varav lokal före öppning", -before["lokalhyra"], 0.0, NOBODY, NOBODY),
        ("varav allt före öppning, med startkostnad", -year.before_opening, 0.0, NOBODY, NOBODY),
        ("KBH, medelhyra", -float(year.kbh("mid").sum()), -full["kbh_mid"], persons.kbh, persons.kbh_full),
    ]
    frame = pd.DataFrame([row[:3] for row in rows], columns=["post", "ar_kr", "helar_kr"])
    columns = (
        Column("post", "Post"),
        Column("ar_kr", str(study.case.ar), signed=True),
        Column("helar_kr", "Helår", signed=True),
    )
    more = declared(frame, {"ar_kr": [row[3] for row in rows], "helar_kr": [row[4] for row in rows]})
    title = "Boendet som helhet: plus är det som kommer in"
    sums = {6: range(6), 9: (5, 7, 8)}  # the result, and all that comes before the opening
    return Table("kalkyl", title, frame, columns, note=no_start(study), sums=sums, **more)


def external_table(study: Study, persons: Persons) -> Table | None:
    """Each level's peng and the price of a bought place beside the home's net cost; None where there is neither."""
    home, frame = study.year.home, by_level(study.year)
    cells = [(home.insats, niva, PRIVATE) for niva in frame["niva"]]
    frame["extern_kr_per_dygn"] = [study.book.day_price("ersattning", cell, study.last_day) for cell in cells]
    stated, net = study.reader.number(EXTERNAL_PRICE, study.last_day), study.year.net_per_place_and_day
    if not np.isnan(stated):
        own = {"sjalvkostnad_kr_per_dygn": study.year.cost_per_place_and_day, "nettokostnad_kr_per_dygn": net}
        frame = pd.concat([frame, pd.DataFrame([{"niva": ANY_LEVEL, "extern_kr_per_dygn": stated, **own}])])
        frame = frame.reset_index(drop=True)
    if frame.empty:
        return None
    difference = frame["extern_kr_per_dygn"] - frame["nettokostnad_kr_per_dygn"]
    frame["mot_extern_kr_per_dygn"] = difference
    frame["mot_extern_helar_kr"] = difference * home.platser * study.year.conditions.days
    frame["billigast"] = np.where(difference > 0, "eget boende", "köpt plats")
    frame.loc[difference.isna(), "billigast"] = "okänt"
    year = home.platser * study.year.conditions.days
    frame["peng_helar_kr"], frame["extern_helar_kr"] = (
        frame["peng_kr_per_dygn"] * year,
        frame["extern_kr_per_dygn"] * year,
    )
    rounds = {  # of a difference only the net cost is rounded
        "nettokostnad_kr_per_dygn": (COARSE_KR_PER_DYGN, ""),
        "skillnad_kr_per_dygn": (COARSE_KR_PER_DYGN, "peng_kr_per_dygn"),
        "mot_extern_kr_per_dygn": (COARSE_KR_PER_DYGN, "extern_kr_per_dygn"),
        "skillnad_helar_kr": (COARSE_KR_PER_DYGN * year, "peng_helar_kr"),
        "mot_extern_helar_kr": (COARSE_KR_PER_DYGN * year, "extern_helar_kr"),
    }
    more = declared(frame, {key: [persons.flats] * len(frame) for key in rounds})
    columns = _external_columns(year)
    title = "Nettokostnad mot nivåernas peng och mot en köpt plats"
    extra = ("skillnad_helar_kr",)
    return Table("mot_extern_placering", title, frame, columns, note=BOUGHT, extra=extra, rounds=rounds, **more)


def _external_columns(days_of_places: int) -> tuple[Column, ...]:
    net, whole = "{nettokostnad_kr_per_dygn}", f"*{days_of_places}"
    bought = "Köpt plats minus egen"
    against = Column("mot_extern_kr_per_dygn", bought, formula="{extern_kr_per_dygn}-" + net, signed=True)
    yearly = "{mot_extern_kr_per_dygn}" + whole
    return (
        Column("niva", "Nivå"),
        Column("peng_kr_per_dygn", "Peng per dygn"),
        Column("sjalvkostnad_kr_per_dygn", "Egen kostnad per plats och dygn"),
        Column("nettokostnad_kr_per_dygn", "Efter hyror"),
        Column("skillnad_kr_per_dygn", "Peng minus nettokostnad", formula="{peng_kr_per_dygn}-" + net),
        Column("extern_kr_per_dygn", "Köpt plats, privat regi"),
        against,
        Column("mot_extern_helar_kr", f"{bought}, alla platser, helår", formula=yearly, signed=True),
        Column("billigast", "Billigast"),
    )


def resident_table(study: Study, persons: Persons) -> Table | None:
    """What a single resident has left after rent at the home's lowest, mean and highest rent, before tax.

    KBH of a single resident is for working papers only.
    """
    title = "Vad en ensamstående har kvar per månad, före skatt"
    whole = _resident(study, persons, title, with_kbh=True)
    coarse = _resident(study, persons, f"{title} och utan KBH", with_kbh=False)
    return replace(whole, detail=True, coarse=coarse) if len(whole.frame) else None


def _resident(study: Study, persons: Persons, title: str, with_kbh: bool) -> Table:
    rows = one_resident(study, with_kbh)
    keys = ["hyra_kr", "inkomst_kr", "bostadstillagg_kr", "kbh_kr", "kvar_kr", "minimibelopp_kr", "skillnad_kr"]
    frame = pd.DataFrame(rows, columns=["hyra", *keys])
    titles = ("Hyra", "Garantinivå", "Bostadstillägg", "KBH", "Kvar efter hyra", "Minimibelopp", "Över minimibeloppet")
    left = "{inkomst_kr}+{bostadstillagg_kr}-{hyra_kr}" + ("+{kbh_kr}" if with_kbh else "")
    formulas = {"kvar_kr": left, "skillnad_kr": "{kvar_kr}-{minimibelopp_kr}"}
    columns = [Column(key, title, formula=formulas.get(key, "")) for key, title in zip(keys, titles, strict=True)]
    if not with_kbh:
        frame, columns = frame.drop(columns="kbh_kr"), [column for column in columns if column.key != "kbh_kr"]
    of_rows = [persons.lowest, persons.flats, persons.highest][: len(frame)]
    told = dict.fromkeys(("hyra_kr", "bostadstillagg_kr", "kvar_kr", "skillnad_kr"), of_rows)
    return Table("kvar_efter_hyra", title, frame, (Column("hyra", "Vid"), *columns), **declared(frame, told))


def levels_table(study: Study, persons: Persons) -> Table | None:
    """What levels may mean: how many mixes there are, and what a full year and the days of this year are worth."""
    year, ar = study.year, study.case.ar
    if not len(year.conditions.levels):
        return None
    free, count, days = int(year.known_levels()[-1]), len(year.conditions.levels), year.conditions.days
    ends, let = persons.ends, persons.let + persons.ends
    rows = [("LSS-peng på helår", mixes(free, count), year.spread.lagst * days, year.spread.hogst * days)]
    told = [ends, let]
    rows.append((f"Värdet av de boendes dygn {ar}, mätta eller inte", mixes(free, count), *year.year_worth))
    frame = pd.DataFrame(rows, columns=["rad", "antal_nivafordelningar", "lagst_kr", "hogst_kr"])
    columns = (
        Column("rad", "Vad"),
        Column("antal_nivafordelningar", "Möjliga fördelningar"),
        Column("lagst_kr", "Lägst"),
        Column("hogst_kr", "Högst"),
    )
    more = declared(frame, {"lagst_kr": told, "hogst_kr": told})
    return Table("nivaspann", "Vad nivåerna kan betyda", frame, columns, **more)


def chances_table(study: Study) -> Table | None:
    """Peng of a full year by the exact distribution over the unit's own levels; for working papers only.

    Its percentiles are so many equations about the few persons whose levels it rests on.
    """
    spread, days = study.year.spread, study.year.conditions.days
    if not len(spread.summor):
        return None
    rows = [(f"{percent} %", spread.percentile(percent / 100) * days) for percent in PERCENTILES]
    columns = (Column("sannolikhet", "Chans"), Column("kr", "att LSS-pengen blir högst"))
    title = "LSS-peng på helår med enhetens egna nivåer"
    return Table.of("peng_fordelning", title, rows, columns, detail=True)


def known_table(study: Study, persons: Persons) -> Table | None:
    """What one newly known resident does to the range of peng; the expected one is for working papers only."""
    if not study.year.known_levels()[-1] or not len(study.year.conditions.levels):
        return None
    frame = one_more_known(study.year)
    free, levels = int(study.year.known_levels()[-1]), len(study.year.conditions.levels)
    frame["antal_nivafordelningar"] = mixes(free - 1, levels)
    expected = Column("forvantad_kr", "Väntat")
    columns = (
        Column("niva", "Den som blir känd har nivå"),
        Column("lagst_kr", "Lägst på helår"),
        Column("hogst_kr", "Högst på helår"),
        expected,
        Column("bredd_kr", "Spannets bredd", formula="{hogst_kr}-{lagst_kr}"),
        Column("antal_nivafordelningar", "Möjliga fördelningar"),
    )
    told = {key: [Told(persons.ends.tells)] * len(frame) for key in ("lagst_kr", "hogst_kr")}
    fewer = tuple(column for column in columns if column is not expected)
    title, more = "Vad en känd boende till gör med spannet", declared(frame, told)
    coarse = Table("en_kand_till", title, frame.drop(columns="forvantad_kr"), fewer, **more)
    return replace(coarse, frame=frame, columns=columns, detail=True, coarse=coarse)
