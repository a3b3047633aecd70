"""The first screen in words, made of the result as its reader may see it; of the study only names and months."""

from typing import Any

import numpy as np
import pandas as pd

from planbok.analysis.targets import LEVELS
from planbok.base.numbers import NO_BREAK, format_number, format_unit, in_mnkr, kronor
from planbok.base.periods import MONTH_NAMES, month_span
from planbok.base.words import counted, large, small
from planbok.case.result import KeyFigure, Result
from planbok.disclosure.protect import SMALL
from planbok.report.text import moved
from planbok.topics.staffing import TOPIC
from planbok.topics.staffing.bridges import TO_SCENARIO
from planbok.topics.staffing.key_figures import SICK_LEAVE, contracted_12, replacement_price, seems_met, target_of
from planbok.topics.staffing.study import Study
from planbok.topics.staffing.tables import UNIT

MOST = 8
SHORT, HOURLY = "sjukfranvaro_dag_1_14", "timavlonade_timmar"
OWNERS = {"arsmal": "Enhetens mål", "namndmal": "Nämndens mål", "kf_arsmal": "Kommunfullmäktiges mål"}


def sentences(study: Study, shown: Result) -> list[str]:
    """The answer in 3-8 plain sentences; what is left out first when there are more stands last here."""
    figures = shown.nyckeltal
    if figures["sjukfranvaro_procent"].skyddas:
        return _withheld(study, shown)
    said = [
        _scenario(study, shown),
        _where(study, shown),
        _why(study, shown),
        _ahead(study, shown),
        " ".join(filter(None, [_action(study, shown), _point(study, figures)])),
        _month(study, shown),
        _others(study, shown),
        _cost(study, shown),
        _signals(shown),
        _measures(figures),
        _groups(shown),
    ]
    return [text for text in said if text][:MOST]


def _withheld(study: Study, shown: Result) -> list[str]:
    hourly = shown.nyckeltal["timavlonad_procent"]
    said = f"Timavlönade står för {_percent(hourly.varde)} av timmarna." if hourly.varde is not None else ""
    texts = [f"Sjukfrånvaron {shown.nyckeltal['sjukfranvaro_procent'].why}.", said, _month(study, shown)]
    return [*(text for text in texts if text), "Det som skyddas finns i arbetsmaterialet för enhetens chef."]


def _target(study: Study, shown: Result, name: str) -> dict[str, Any] | None:
    """The row of an indicator as it is shown, the first where it stands twice; None where there is none."""
    found = zip(study.targets, shown.tabeller["mal"].frame.to_dict("records"), strict=True)
    return next((row for target, row in found if target.id == name), None)


def _percent(value: float | None) -> str:
    return format_unit(value, "procent", 1)


def _scenario(study: Study, shown: Result) -> str:
    """What the scenario does to the year's sick hours, their cost and the budget."""
    table = shown.tabeller["brygga"]
    rows = table.frame[table.frame["brygga"] == TO_SCENARIO]
    if rows.empty or not any(TOPIC.touches(numbered.change) for numbered in study.case.scenario):
        return ""
    ends = rows[["sjuk_h", "kr", "kr_helar"]].astype(float)
    hours, kr, full = ends.iloc[-1] - ends.iloc[0]
    way = f"{'ökar' if hours > 0 else 'minskar'} årets sjuktid med {format_unit(abs(hours), 'timmar', 0)}"
    said = f"Scenariot {way if round(hours) else 'ändrar inte årets sjuktid'}{shown.texter['mot']}"
    if not np.isnan(kr):
        said += f"; sjuklön och ersättare {moved(kr, full, kronor)}"
    known = rows.iloc[1:-1][["budget_kr", "budget_helar_kr"]].astype(float).dropna()
    if known.empty:
        withheld = [why for (row, _), (word, why) in table.celler.items() if row in rows.index and word == "skyddas"]
        if not withheld and not hours and not np.isnan(rows.iloc[-1]["kr"]):
            return "Scenariot ändrar inte sjukfrånvaron; det anger det som saknas för att räkna sjuklönen i kronor."
        return f"{said}; kronorna {f'skyddas ({withheld[0]})' if withheld else 'är inte kända'}."
    budget, budget_full = known.sum()
    money = f"Enhetens nettokostnad {moved(budget, budget_full, kronor)}, lönen inräknad."
    return f"{said}. {money}" if round(hours) else f"{money} {said}."  # what it moves first


def _where(study: Study, shown: Result) -> str:
    """Sick leave against each level's target."""
    figure = shown.nyckeltal["sjukfranvaro_procent"]
    if figure.varde is None:
        return f"Sjukfrånvaron kan inte räknas fram: {figure.why}."
    target = _target(study, shown, SICK_LEAVE)
    if target is None:
        return f"Sjukfrånvaron är {_percent(figure.varde)} (stadens mått). Inget mål finns för {study.ar}."
    same = target["utfall_varde"] == figure.varde
    said = f"Sjukfrånvaron är {target['utfall'] if same else _percent(figure.varde)} (stadens mått)."
    if not same and pd.notna(target["utfall_varde"]):
        said += f" Mot målet räknas {target['period'].replace(NO_BREAK, ' ')}: {target['utfall']}."
    levels = [name for name in LEVELS if pd.notna(target[f"{name}_varde"])]
    if not levels:
        return f"{said} Inget mål i tal finns för {study.ar}."
    parts = [f"{OWNERS[name]} {_goal(target[f'{name}_varde'])}: {_word(target[f'{name}_klaras'])}." for name in levels]
    if target["galler"] != "arsmal":
        parts.append(f"Enheten har inget eget mål i tal; {LEVELS[target['galler']]} gäller i stället.")
    return " ".join([said, *parts])


def _why(study: Study, shown: Result) -> str:
    """How long the absence is, and what has grown or shrunk most since the same months last year."""
    share, frame = shown.nyckeltal["sjuk_60_dagar_andel_procent"].varde, shown.tabeller["brygga"].frame
    said = [] if share is None else [f"{format_unit(share, 'procent', 0)} av sjuktiden är i fall på 60 dagar eller mer"]
    leg = frame[(frame["brygga"] != TO_SCENARIO) & frame["typ"].eq("langd")]
    ends = frame[(frame["brygga"] != TO_SCENARIO) & frame["typ"].isin(["start", "slut"])]["sjuk_h"].astype(float)
    if len(leg) and not leg["sjuk_h"].isna().any() and ends.notna().all():
        hours = ends.iloc[-1] - ends.iloc[0]
        most = leg.loc[leg["sjuk_h"].astype(float).abs().idxmax()]
        how = "fler" if hours > 0 else "färre"
        size, part = format_unit(abs(hours), "timmar", 0), format_number(most["sjuk_h"], 0, signed=True)
        said.append(f"mot samma månader {study.ar - 1} är det {size} {how}, mest {small(most['steg'])} ({part})")
    return large("; ".join(said)) + "." if said else ""


def _goal(value: float | None) -> str:
    if value is None:
        return "–"
    decimals = next((d for d in (0, 1, 2) if round(value, d) == value), 2)
    return f"{format_number(value, decimals)}{NO_BREAK}%"


def _word(klaras: bool | None) -> str:
    return "kan inte bedömas" if klaras is None else "klaras" if klaras else "klaras inte"


def _others(study: Study, shown: Result) -> str:
    """Days 1-14 and the hourly-paid share against what they are held against."""
    texts = {SHORT: "Dag 1–14 är {}", HOURLY: "Timavlönade står för {} av timmarna"}
    found = [(_target(study, shown, name), text) for name, text in texts.items()]
    return " ".join(_other(target, text) for target, text in found if target and pd.notna(target["utfall_varde"]))


def _other(target: dict[str, Any], text: str) -> str:
    start, level = text.format(target["utfall"]), target["galler"]
    if not level:
        return f"{start}."
    return f"{start} mot målet högst {_goal(target[f'{level}_varde'])}: {_word(target[f'{level}_klaras'])}."


def _ahead(study: Study, shown: Result) -> str:
    """What the rest of the year must hold, and what is expected."""
    needed, forecast = shown.nyckeltal["kravs_resten_av_aret_procent"], shown.nyckeltal["prognos_ar_procent"]
    target, said = target_of(study, SICK_LEAVE), ""
    if needed.varde is not None and target is not None and target.strictest is not None:
        rest, (value, _) = month_span(study.tom_manad + 1), target.strictest
        said = f"För att sluta på {_goal(value)} får snittet {rest} vara högst {_percent(needed.varde)}. "
    elif needed.saknas.startswith("målet"):
        said = f"{large(needed.saknas)}. "
    if study.tom_manad == 12:
        return said.strip()
    if forecast.varde is None:
        return f"{said}Ingen prognos för året: {forecast.why}."
    near = seems_met(forecast.varde, target)
    return f"{said}Prognosen för året är {format_unit(forecast.varde, 'procent', 1 + near)}{_span(study, shown)}."


def _action(study: Study, shown: Result) -> str:
    """What is put in against sick leave, or that nothing is; what it takes from the first month to decide for."""
    forecast, needed = (shown.nyckeltal[f"{key}_procent"].varde for key in ("prognos_ar", "kravs_resten_av_aret"))
    target = target_of(study, SICK_LEAVE)
    if forecast is None or target is None or target.strictest is None or study.tom_manad == 12:
        return ""
    put = any(numbered.change.typ == "sjukfranvaro" for numbered in study.case.scenario)
    said = "Scenariots sänkning är inräknad" if put else "Ingen åtgärd mot sjukfrånvaron är inlagd"
    if forecast <= target.strictest[0]:
        return f"{said}, och målet klaras enligt prognosen."
    first = study.tom_manad + 2  # the first month that can still be decided for
    if first > 12:
        return f"{said}; det som beslutas nu hinner inte börja före årsskiftet."
    start = f"{said}. Att besluta: åtgärder som börjar senast den 1 {MONTH_NAMES[first - 1]}"
    ahead = np.array([shown.fakta[f"vantas_{month}_procent"].varde for month in range(first - 1, 13)], dtype=float)
    if needed is None or np.isnan(ahead).any():
        return f"{start}."
    hours = study.world.base.avtalad[:, first - 2 :].sum(axis=0)
    held = (needed * hours.sum() - ahead[0] * hours[0]) / hours[1:].sum()
    expected = float(ahead[1:] @ hours[1:] / hours[1:].sum())
    if held <= 0:
        return f"{start}; målet nås ändå inte i år."
    span = month_span(first)
    return f"{start} och sänker snittet {span} från väntade {_percent(expected)} till {_percent(held)}."


def _span(study: Study, shown: Result) -> str:
    """The range of the forecast by its method's own past errors."""
    low, high = (shown.fakta[f"prognos_{end}_procent"].varde for end in ("lag", "hog"))
    if low is None or high is None:
        return "; historien är för kort för ett spann"
    span = f"{format_number(low, 1)}–{format_number(high, 1)} %"
    tries = next(len(trial.en_per_ar) for trial in study.outlook.trials if trial.metod == study.outlook.metod)
    if tries == 1:
        return f"; hur säkert är svårt att säga: ett enda prövat år ({study.outlook.metod}) ger {span}"
    return f"; i åtta fall av tio {span}, sett till felen när metoden ({study.outlook.metod}) prövats på {tries} år"


def _point(study: Study, figures: dict[str, KeyFigure]) -> str:
    """What a percentage point is in hours and kronor."""
    figure, hours = figures["kr_per_procentenhet"], contracted_12(study) / 100
    if np.isnan(hours):
        return ""
    said = f"En procentenhet är ungefär {_round_h(hours)} om året"
    if figure.varde is None:
        return f"{said}. Den kan inte räknas i kronor: {figure.why}."
    price, kr = format_unit(replacement_price(study), "kr"), in_mnkr(figure.varde, 2)
    return (
        f"{said}, cirka {kr} i ersättare (antagande: {price} per timme); lägre sjukfrånvaro sparar mindre än så, "
        "för den som är tillbaka får lön i stället för sjuklön."
    )


def _round_h(hours: float) -> str:
    """Hours in whole hundreds where they are many.

    >>> _round_h(3570.2).replace("\\u00a0", " "), _round_h(37.8).replace("\\u00a0", " ")
    ('3 600 timmar', '38 timmar')
    """
    rounded = round(hours / 100) * 100 if hours >= 1000 else hours
    return f"{format_number(rounded, 0)} timmar"


def _cost(study: Study, shown: Result) -> str:
    """What the sick hours have cost, as far as the rules say: days 1-14 without fees where only these are unknown."""
    both = {"sjuklönen": "sjuklonekostnad_kr", "ersättarna": "ersattarkostnad_kr"}
    figures = {name: shown.nyckeltal[key] for name, key in both.items()}
    amounts = [f"{name} {in_mnkr(figure.varde, 2)}" for name, figure in figures.items() if figure.varde is not None]
    span = month_span(1, study.tom_manad)
    said = [f"Uppskattat ur timmar kostar {' och '.join(amounts)} i {span}."] if amounts else []
    costs = shown.tabeller["kostnad"].frame.set_index("grupp")
    first = float(costs.loc[UNIT, "sjuklon_1_14"])
    for name, figure in figures.items():
        if figure.varde is not None:
            continue
        if name == "sjuklönen" and not np.isnan(first):
            said.append(f"Sjuklönen dag 1–14 är {in_mnkr(first, 2)} före arbetsgivaravgift ({figure.why}).")
        else:
            how = figure.why if figure.skyddas else f"kan inte räknas i kronor: {figure.why}"
            said.append(f"{large(name)} {how}.")
    return " ".join(said)


def _month(study: Study, shown: Result) -> str:
    """The month's overtime and hired staff, and last month's."""
    now, before = (shown.fakta[f"{when}_overtid_h"] for when in ("nu", "forra"))
    hired = shown.fakta["nu_inhyrd_h"]
    if now.skyddas and hired.skyddas:
        return f"Övertid och inhyrd personal i {MONTH_NAMES[study.tom_manad - 1]} {now.why}."
    if now.skyddas:
        return f"Övertiden i {MONTH_NAMES[study.tom_manad - 1]} {now.why}; inhyrd personal {_hours(hired)}."
    said = f"Övertiden var {_hours(now)} i {MONTH_NAMES[study.tom_manad - 1]}"
    if now.varde is not None and before.varde is not None:
        change, earlier = now.varde - before.varde, MONTH_NAMES[study.tom_manad - 2]
        how = "fler" if change > 0 else "färre"
        more = f"{format_number(abs(change), 0)} {how} än i" if round(change) else "lika många som i"
        said += f", {more} {earlier}"
    return f"{said}; inhyrd personal {_hours(hired)}."


def _hours(figure: KeyFigure) -> str:
    if figure.varde is None:
        return f"okänd ({figure.saknas})" if figure.saknas else figure.why
    return f"{format_number(figure.varde, 0)} timmar"


def _measures(figures: dict[str, KeyFigure]) -> str:
    law, city = figures["sjukfranvaro_lag_procent"].varde, figures["sjukfranvaro_procent"].varde
    if law is None or city is None:
        return ""
    how = "högre" if law > city else "lägre" if law < city else "lika högt"
    return f"Lagens mått (mot ordinarie arbetstid) är {how}: {_percent(law)}. Måtten ska inte jämföras med varandra."


def _signals(shown: Result) -> str:
    table = shown.tabeller.get("signaler")
    if table is None:
        return ""
    rows = table.frame.set_index("signal")["antal"]
    repeated, long = rows["upprepad_korttid"], rows["langre_an_tva_veckor"]
    persons, spells = counted(repeated, "person", "personer"), counted(long, "sjukperiod", "sjukperioder")
    said = f"{persons} med upprepad korttidsfrånvaro och {spells} längre än två veckor"
    return f"Signaler för chefens ansvar hittills i år: {said}."


def _groups(shown: Result) -> str:
    table = shown.tabeller["indikatorer"]
    alone = {table.frame["grupp"].iloc[row] for row, key in table.celler if key == "sjukfranvaro_procent"}
    if SMALL in set(table.frame["grupp"]):
        return "Grupper med få anställda visas bara tillsammans."
    return "Sjukfrånvaron i grupper med få anställda skyddas." if alone else ""
