"""A new home's figures: rents month by month, cost against peng, what each effect is, and how the range narrows."""

from typing import TypeAlias

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.base.periods import MONTH_NAMES
from planbok.case.result import Result
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.report.figure import ASSUMPTION, BASELINE, DEFICIT, SCENARIO, bars, lines, waterfall
from planbok.topics.group_home.steps import NET_LEG
from planbok.topics.group_home.study import Study
from planbok.topics.group_home.tables import ANY_LEVEL

Shown: TypeAlias = go.Figure | str
KR_PER_TKR = 1e3


def month_figure(study: Study, result: Result) -> Shown:
    """Rents of let and empty flats, and KBH, month by month."""
    frame = result.tabeller["per_manad"].frame
    frame = frame[frame["manad"] != TOTAL_ROW]
    keys = {"Uthyrt": "uthyrd_kr", "Tomt": "tomgangshyra_kr", "KBH, vid högsta hyra": "kbh_hog_kr"}
    known = {name: key for name, key in keys.items() if frame[key].notna().all()}
    if "Uthyrt" not in known:
        return "Hyrorna visas inte månad för månad: så få lägenheter är uthyrda att siffrorna gäller enskilda."
    months = [MONTH_NAMES[int(manad[5:]) - 1][:3] for manad in frame["manad"]]
    series = {name: (frame[key] / KR_PER_TKR).tolist() for name, key in known.items()}
    last = frame.iloc[-1]
    let, empty = _kr(last["uthyrd_kr"]), _kr(last["tomgangshyra_kr"])
    title = f"I december är hyran för uthyrda lägenheter {let} och för tomma {empty}"
    alt = "; ".join(f"{name}: {format_unit(frame[key].sum(), 'kr')} på året" for name, key in known.items()) + "."
    colors = (SCENARIO, DEFICIT, ASSUMPTION)
    return lines(months, series, title=title, alt=alt, mattenhet="tkr per månad", colors=colors, decimaler=0)


def _kr(kr: float) -> str:
    return format_unit(kr, "kr")


def level_figure(study: Study, result: Result) -> Shown:
    """Each level's peng a day beside the home's own cost per place and day."""
    frame = result.tabeller["mot_extern_placering"].frame
    frame = frame[frame["peng_kr_per_dygn"].notna()]
    cost = study.year.cost_per_place_and_day
    if frame.empty or np.isnan(cost):
        reason = result.nyckeltal["sjalvkostnad_kr_per_plats_och_dygn"].saknas or study.saknas.get("priser", "")
        return f"Nivåernas peng kan inte ställas mot den egna kostnaden: {reason}."
    names = [f"Nivå {niva}" for niva in frame["niva"]]
    below, above = study.year.levels_around
    where = f"täcks från nivå {above}" if above else "täcks inte på någon nivå"
    title = f"Den egna kostnaden, {format_unit(cost, 'kr')} per plats och dygn, {where}"
    series = {"Egen kostnad": [cost] * len(names), "Peng": frame["peng_kr_per_dygn"].tolist()}
    listed = ", ".join(f"{n.lower()}: {format_number(kr, 0)}" for n, kr in zip(names, series["Peng"], strict=True))
    alt = f"Peng per dygn: {listed} kr. Egen kostnad {format_number(cost, 0)} kr."
    return bars(names, series, title=title, alt=alt, mattenhet="kr per plats och dygn", decimaler=0)


def bridge_figure(study: Study, result: Result) -> Shown:
    """What each effect of the home does to the unit's net cost over a full year."""
    table = result.tabeller["brygga"]
    rows = table.frame[(table.frame["brygga"] == NET_LEG) & (table.frame["typ"] != "lss_peng")]
    steps = rows[~rows["typ"].isin(["start", "slut"])]
    if steps["kr_helar"].isna().any():
        known = steps[steps["kr_helar"].notna()]
        if known.empty:
            return "Boendets kostnader är inte kända, så de visas inte som figur."
        missing = ", ".join(steps.loc[steps["kr_helar"].isna(), "steg"].str.lower())
        return f"Nettokostnaden på helår kan inte visas som figur: {missing} är inte känd."
    named = {row["steg"]: row["kr_helar"] / KR_PER_MNKR for row in steps.to_dict("records") if row["kr_helar"]}
    total = sum(named.values())
    title = f"På helår ökar boendet enhetens nettokostnad med {format_unit(total, 'mnkr')}, KBH inräknat"
    alt = "; ".join(f"{text} {format_number(kr, 2, signed=True)} mnkr" for text, kr in named.items()) + "."
    return waterfall(
        ("Utan boendet", 0.0),
        named,
        ("Med boendet", total),
        title=title,
        alt=alt,
        mattenhet="mnkr på helår",
        decimaler=2,
    )


def range_figure(study: Study, result: Result) -> Shown:
    """How the range of peng narrows as residents become known, whatever their levels are."""
    year, low = study.year, result.nyckeltal["peng_lagst_kr"]
    if low.varde is None:
        return f"Spannet för LSS-peng visas inte: {low.saknas}."
    prices, days = year.conditions.peng_full, year.conditions.days
    free = int(year.known_levels()[-1])
    width = float(prices.max() - prices.min()) * days / KR_PER_MNKR
    names = [f"{number} okända" if number != 1 else "1 okänd" for number in range(free, -1, -1)]
    values = [width * number for number in range(free, -1, -1)]
    title = f"Varje boende som blir känd minskar spannet med {format_unit(width, 'mnkr')} per år"
    alt = ", ".join(f"{n} {format_number(v, 1)} mnkr" for n, v in zip(names, values, strict=True)) + "."
    unit = "Avstånd mellan lägst och högst, mnkr"
    return bars(names, {"Spannets bredd": values}, title=title, alt=alt, mattenhet=unit, colors=(SCENARIO,))


def external_figure(study: Study, result: Result) -> Shown:
    """Own cost beside what a private provider is paid, level by level."""
    frame = result.tabeller["mot_extern_placering"].frame
    frame = frame[frame["mot_extern_kr_per_dygn"].notna()]
    if frame.empty:
        return "Den egna kostnaden kan inte ställas mot externa priser: underlag saknas."
    names = [f"Nivå {niva}" if niva.isdigit() else niva.capitalize() for niva in frame["niva"]]
    own = format_unit(study.year.cost_per_place_and_day, "kr")
    series = {
        "Eget boende": frame["sjalvkostnad_kr_per_dygn"].tolist(),
        "Extern plats": frame["extern_kr_per_dygn"].tolist(),
    }
    alt = f"Egen kostnad {own} per plats och dygn. Extern: " + ", ".join(
        f"{n.lower()}: {format_number(kr, 0)}" for n, kr in zip(names, frame["extern_kr_per_dygn"], strict=True)
    )
    colors, title = (SCENARIO, BASELINE), _cheapest(frame)
    return bars(names, series, title=title, alt=f"{alt} kr.", mattenhet="kr per dygn", colors=colors, decimaler=0)


def _cheapest(frame: pd.DataFrame) -> str:
    """Where the home itself is cheaper: by level, or where no level has a price, against the one that is stated."""
    levels, cheaper = frame[frame["niva"] != ANY_LEVEL], frame[frame["mot_extern_kr_per_dygn"] > 0]
    if levels.empty:
        return f"Eget boende är {'billigare' if len(cheaper) else 'inte billigare'} än en extern plats till tryckt pris"
    cheaper = cheaper[cheaper["niva"] != ANY_LEVEL]
    if cheaper.empty:
        return "Privat regi är billigare på alla nivåer"
    return f"Eget boende är billigare än privat regi från nivå {cheaper['niva'].iloc[0]}"
