"""A new home's figures: cash until the first peng, levels against the net cost, what each effect is, a bought place."""

import numpy as np
import pandas as pd

from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.base.periods import short_month
from planbok.case.result import KeyFigure, Result
from planbok.report.bridge import drawn
from planbok.report.charts import course
from planbok.report.figure import BASELINE, DEFICIT, SCENARIO, Shown, bars, lines
from planbok.report.marks import moving, moving_level
from planbok.topics.group_home.sliders import cash_until
from planbok.topics.group_home.steps import NET_LEG
from planbok.topics.group_home.tables import ANY_LEVEL

NET = "nettokostnad_kr_per_plats_och_dygn"


def cash_figure(result: Result) -> Shown:
    """Money in minus money out, month by month and together, until the first peng."""
    if "kassa" not in result.tabeller:
        return "Boendet är redan räknat i en mätning, eller har inga kostnader än."
    frame = result.tabeller["kassa"].frame
    if frame["ackumulerat_kr"].isna().any():
        return "Pengarna månad för månad visas inte som figur: hyrorna gäller få personer, eller så saknas underlag."
    months = [f"{short_month(manad)} {manad[2:4]}" for manad in frame["manad"]]
    total = (frame["ackumulerat_kr"] / KR_PER_MNKR).tolist()
    more, less = ("kostat", "fått") if total[-1] < 0 else ("fått", "kostat")
    size = format_unit(abs(total[-1]), "mnkr")
    title = f"Innan den första LSS-pengen har boendet {more} {size} mer än det har {less}"
    alt = f"Pengar in minus pengar ut, lagt ihop, mnkr: {course(months, total, 2)}."
    colors, unit = (DEFICIT if total[-1] < 0 else SCENARIO,), "Pengar in minus ut, lagt ihop, mnkr"
    figure = lines(months, {"Lagt ihop": total}, title=title, alt=alt, mattenhet=unit, colors=colors, decimaler=2)
    return moving(figure, "Lagt ihop", [cash_until(manad) for manad in frame["manad"]], KR_PER_MNKR)


def level_figure(result: Result) -> Shown:
    """Each level's peng a day beside the home's net cost per place and day."""
    net, frame = result.nyckeltal[NET], _levels(result, "peng_kr_per_dygn")
    if frame.empty or net.varde is None:
        why = net.why or "priser saknas"
        return f"Nivåernas peng kan inte ställas mot nettokostnaden: {why}."
    names, cost = [f"Nivå {niva}" for niva in frame["niva"]], _cost(net)
    covers = frame.loc[frame["skillnad_kr_per_dygn"] > 0, "niva"]
    where = f"täcks från nivå {covers.iloc[0]}" if len(covers) else "täcks inte på någon nivå"
    title = f"Nettokostnaden, {cost} per plats och dygn, {where}"
    series = {"Peng": frame["peng_kr_per_dygn"].tolist()}
    listed = ", ".join(f"{n.lower()}: {format_number(kr, 0)}" for n, kr in zip(names, series["Peng"], strict=True))
    alt = f"Peng per dygn: {listed} kr. Nettokostnad {cost}."
    levels, unit = {f"Nettokostnad {cost}": net.number}, "kr per plats och dygn"
    figure = bars(names, series, title=title, alt=alt, mattenhet=unit, decimaler=0, colors=(SCENARIO,), levels=levels)
    return moving_level(figure, next(iter(levels)), NET)


def _cost(net: KeyFigure) -> str:
    return net.about + format_unit(net.varde, "kr")


def _levels(result: Result, key: str) -> pd.DataFrame:
    """The rows of the comparison with levels that have a number in a column."""
    table = result.tabeller.get("mot_extern_placering")
    return table.frame[table.frame[key].notna()] if table else pd.DataFrame(columns=["niva", key])


def bridge_figure(result: Result) -> Shown:
    """What each effect of the home does to the unit's result over a full year: cost, KBH and rents, and then peng."""
    frame = result.tabeller["brygga"].frame
    rows = frame[(frame["brygga"] == NET_LEG) & ~frame["typ"].isin(["start", "slut"])]
    kr = rows["kr_ram_helar"] - rows["kr_helar"]
    lacking = [text.lower() for text, value in zip(rows["steg"], kr, strict=True) if np.isnan(value)]
    if lacking:
        return f"Resultatet på helår visas inte som figur: {', '.join(lacking)} saknas eller skyddas (få personer)."
    total = float(kr.sum())
    how = "mer än det kostar" if total >= 0 else "mindre än det kostar"
    title = f"På helår får boendet {format_unit(abs(total) / KR_PER_MNKR, 'mnkr')} {how}, KBH inräknat"
    steps = ["Utan boendet", *rows["steg"], "Med boendet"]
    whole = pd.DataFrame({"steg": steps, "kr": [0.0, *kr, total]})
    return drawn(whole, title=title, mattenhet="mnkr på helår", plus="better") or f"{title}."


def external_figure(result: Result) -> Shown:
    """Net cost beside what a private provider is paid, level by level."""
    net, frame = result.nyckeltal[NET], _levels(result, "mot_extern_kr_per_dygn")
    if frame.empty:
        return "Nettokostnaden kan inte ställas mot en köpt plats: underlag saknas."
    names = [f"Nivå {niva}" if niva.isdigit() else niva.capitalize() for niva in frame["niva"]]
    series = {
        "Köpt plats": frame["extern_kr_per_dygn"].tolist(),
    }
    levels = {f"Eget boende {_cost(net)}": net.number} if net.varde is not None else {}
    alt = f"Nettokostnad {_cost(net)} per plats och dygn. Köpt plats: " + ", ".join(
        f"{n.lower()}: {format_number(kr, 0)}" for n, kr in zip(names, frame["extern_kr_per_dygn"], strict=True)
    )
    colors, title, unit = (BASELINE,), _cheapest(frame), "Köpt plats, kr per dygn"
    return bars(names, series, title=title, alt=f"{alt} kr.", mattenhet=unit, colors=colors, decimaler=0, levels=levels)


def _cheapest(frame: pd.DataFrame) -> str:
    """Where the home itself is cheaper: by level, or where no level has a price, against the one that is stated."""
    levels, cheaper = frame[frame["niva"] != ANY_LEVEL], frame[frame["mot_extern_kr_per_dygn"] > 0]
    if levels.empty:
        return f"Eget boende är {'billigare' if len(cheaper) else 'inte billigare'} än en köpt plats till tryckt pris"
    cheaper = cheaper[cheaper["niva"] != ANY_LEVEL]
    if cheaper.empty:
        return "En köpt plats är billigare på alla nivåer"
    return f"Eget boende är billigare än en köpt plats från nivå {cheaper['niva'].iloc[0]}"
