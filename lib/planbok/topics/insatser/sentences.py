"""Granted insatser in words, made of the result as its reader may see it; of the study only names and days."""

import numpy as np

from planbok.analysis.warning import FlagLimits
from planbok.base.numbers import KR_PER_MNKR, NO_BREAK, format_number, format_unit
from planbok.base.periods import MONTH_NAMES, long_date
from planbok.base.words import counted
from planbok.case.result import KeyFigure, Result
from planbok.report.text import summing
from planbok.topics.insatser import TOPIC
from planbok.topics.insatser.study import Study
from planbok.topics.insatser.tables import UP

CAUSES = {"volym_kr": "{} personer", "niva_kr": "andra nivåer", "pris_kr": "andra priser"}
MOST_SAID = 2


def sentences(study: Study, shown: Result) -> list[str]:
    """The answer in at most five sentences: what is flagged, how many, what is new, how sure, what it costs."""
    said = [_running(study, shown), _cost(study, shown), _year(study, shown)]
    said.insert(0 if study.flags else len(said), _flags(study, shown))  # what has changed is the answer
    said.append(_past(study, shown))
    return [text for text in said if text]


def _running(study: Study, shown: Result) -> str:
    now, ago, persons = (shown.fakta[key] for key in ("lopande_antal", "i_fjol_antal", "personer_antal"))
    if now.varde is None or ago.varde is None or persons.varde is None:
        why = next(figure.lacking for figure in (now, ago, persons) if figure.varde is None)
        return f"Hur många insatser som löper {why}."
    change = now.varde - ago.varde
    more = f"{format_number(abs(change), 0)}{NO_BREAK}{'fler' if change > 0 else 'färre'} än"
    how = more if change else "lika många som"
    day, other = shown.texter["lopande"], shown.texter["personer"]
    whose = f", för {counted(persons.varde, 'person', 'personer')}" + (f" ({other})" if other != day else "")
    number = counted(now.varde, "insats", "insatser") if now.varde else "inga insatser"
    whose = whose if now.varde else ""
    if day == long_date(study.last_day):
        return f"Den {day} löper {number}, {how} ett år tidigare{whose}."
    said = f"{number}, {how} rapporten för ett år sedan visar{whose}"
    if shown.nyckeltal["beslut_pagaende_antal"].tankta:
        return f"Med scenariot löper {said}. Utan det räknades de senast den {day}: få har ändrats sedan dess."
    return f"Den {day} löpte {said}; så få har ändrats sedan dess att antalet står kvar."


def _year(study: Study, shown: Result) -> str:
    keys = ("beslut_nya_antal", "beslut_avslutade_antal", "beslut_omprovade_antal")
    new, ended, renewed = (shown.nyckeltal[key] for key in keys)
    periods = {kind: shown.texter[kind] for kind in ("new", "ended", "renewed")}
    latest = f"januari–{MONTH_NAMES[study.tom_manad - 1]}" if study.tom_manad > 1 else MONTH_NAMES[0]
    until = {kind: "" if period == latest else f" ({period})" for kind, period in periods.items()}
    said = f"Under {latest} har {_some(new)} tillkommit och {_some(ended)} avslutats{until['new']}"
    if new.varde is None or ended.varde is None:
        what = "tillkommit, avslutats och omprövats" if renewed.varde is None else "tillkommit och avslutats"
        said = f"Hur många som har {what} {latest} {(ended if ended.varde is None else new).lacking}"
    if renewed.varde is not None:
        said += f"; {_some(renewed, 'inget')} beslut har omprövats utan avbrott{until['renewed']}"
    return f"{said}."


def _some(figure: KeyFigure, none: str = "ingen") -> str:
    return format_number(figure.varde, 0) if figure.varde else none


def _flags(study: Study, shown: Result) -> str:
    rows = shown.tabeller["varningar"].frame.to_dict("records")
    if not rows:
        limits = f"minst {format_unit(study.share, 'procent', 0)} och {format_unit(study.limits.least, 'personer', 0)}"
        return f"Ingen insats har ändrats mycket mot snittet de {study.limits.window} månaderna före ({limits})."
    names = study.series.insatser
    share = dict(zip(names, 100 * np.broadcast_to(study.limits.share, len(names)), strict=True))
    listed = [_flag(row, study.limits, share[row["insats"]]) for row in rows[:MOST_SAID]]
    more = f", och {len(rows) - MOST_SAID} till" if len(rows) > MOST_SAID else ""
    year, whole = shown.nyckeltal["flaggade_kr"], shown.nyckeltal["flaggade_helar_kr"]
    worth = ""
    if whole.varde is not None:
        rest = f"{_money(year)} i år och " if study.tom_manad < len(MONTH_NAMES) and year.varde is not None else ""
        worth = f"; om det består betyder det {rest}{_money(whole)} på helår"
    return f"{'; '.join(listed)}{more}{worth}."


def _flag(row: dict, limits: FlagLimits, share: float) -> str:
    way = "ökar" if row["riktning"] == UP else "minskar"
    if row["senaste_antal"] != row["senaste_antal"]:  # withheld
        least = f"minst {format_unit(share, 'procent', 0)} och {format_unit(limits.least, 'personer', 0)}"
        return f"{row['insats_namn']} {way} mycket: {least} mot snittet de {limits.window} månaderna före"
    return (
        f"{row['insats_namn']} {way}: {format_number(row['senaste_antal'], 0)} mot i snitt "
        f"{format_number(row['medel_antal'])} de {limits.window} månaderna före "
        f"({format_unit(row['forandring_procent'], 'procent', signed=True)})"
    )


def _money(figure: KeyFigure) -> str:
    return figure.about + format_unit(figure.number / KR_PER_MNKR, "mnkr", signed=True)


def _past(study: Study, shown: Result) -> str:
    tried, false = study.past_flags
    if not tried or shown.tabeller["varningar"].frame.empty:
        return ""
    was = "har inte varit falsk någon gång" if not false else f"har varit falsk {false} av {tried} gånger"
    months = study.limits.tried
    if not false:
        return f"En sådan flagga {was} av {tried} på enhetens egen historia (prövad efter {months} månader)."
    return f"En sådan flagga {was} på enhetens egen historia (antalet var tillbaka efter {months} månader)."


def _cost(study: Study, shown: Result) -> str:
    total = shown.fakta["skillnad_kr"]
    if total.varde is None:
        return ""
    parts = [(text, shown.fakta[key]) for key, text in CAUSES.items()]
    known = [(text, figure.number / KR_PER_MNKR) for text, figure in parts if figure.varde is not None]
    whole, places = total.varde / KR_PER_MNKR, 1
    if len(known) == len(parts):
        places, whole, shares = summing(whole, [share for _, share in known], finest=1 if total.avrundat_till else None)
        known = list(zip([text for text, _ in known], shares, strict=True))
    listed = ", ".join(
        f"{text.format('färre' if share < 0 else 'fler')} {format_number(share, places, signed=True)}"
        for text, share in known
        if round(share, places)
    )
    how = "mer" if total.varde >= 0 else "mindre"
    size = format_unit(abs(whole), "mnkr", places)
    added = any(TOPIC.touches(numbered.change) for numbered in study.case.scenario)  # whose persons have no cost here
    start = "Utan scenariot kostar insatser med pris" if added else "Insatser med pris kostar"
    if not round(whole, places):
        return f"{start} ungefär lika mycket som samma månader {study.ar - 1}."
    return f"{start} {total.about}{size} {how} än samma månader {study.ar - 1}" + (f": {listed}." if listed else ".")
