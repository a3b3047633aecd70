"""LSS-peng in words, made of the result as its reader may see it; of the study only names and days."""

from datetime import date
from typing import Any

import numpy as np

from planbok.base.numbers import KR_PER_MNKR, few_decimals, format_number, format_unit, in_mnkr, kronor
from planbok.base.periods import long_date, month_span
from planbok.base.words import large, listed
from planbok.case.checks import CLOSES_WITHIN_KR
from planbok.case.result import KeyFigure, Result
from planbok.case.said import said
from planbok.inputs.scenario.load import BASELINE
from planbok.lss.measurement import LAST_ONLY, MEASURE_RULES
from planbok.report.text import meeting, summing
from planbok.topics.lss_peng import TOPIC, tables
from planbok.topics.lss_peng.coverage import no_prices, unpaid_hours, unpriced_days
from planbok.topics.lss_peng.outlook import next_measurement
from planbok.topics.lss_peng.study import Study

EXAMPLE_INSATS, EXAMPLE_REGI = "gruppbostad", "kommunal"


STEP = "Nivå 3 till 4"  # the row of `fore_matdagen`
AGAINST = "mot"
MOVED = {"slutlig": "årets slutliga budget", "dygn": "dygnens värde", "ersattning": "betalningen till utförare"}
GROWS, SHRINKS = "ökar", "minskar"


def sentences(study: Study, shown: Result) -> list[str]:
    """The answer in 3–8 sentences."""
    figures = shown.nyckeltal
    if not any(figures[key].varde or figures[key].skyddas for key in ("slutlig_kr", "peng_dygn_kr")):
        return _without_money(study, shown)
    said = [_scenario(study, shown), _uncovered(study, shown), _measurement(study, shown), _next(study, shown)]
    said += [_step(study, shown), _assumption(study, shown), _moves(study, shown), _price(shown)]
    last = _left_out(study, shown)
    kept = [text for text in said if text]
    return [*kept[: 8 - bool(last)], last] if last else kept[:8]


def _without_money(study: Study, shown: Result) -> list[str]:
    """What to say where no insats with a price has been measured."""
    why = no_prices(study) or f"inga personer med pris har mätts {study.case.ar}"
    said = [
        f"LSS-peng {study.case.ar} kan inte räknas fram: {why}.",
        "Inget är satt till noll eller lånat från ett annat år.",
    ]
    return [*said, _left_out(study, shown) or "Underlaget har inga dygn i insatser med LSS-peng."]


def compared_with(study: Study) -> Any:
    """What a scenario is compared with, in words; the public is not told another scenario's title."""
    versus = study.case.jamfor_med
    return "" if versus.id == BASELINE else said(f"jämfört med ”{versus.titel}” ", "jämfört med ett annat scenario ")


def _scenario(study: Study, shown: Result) -> str:
    touched = any(TOPIC.touches(numbered.change) for numbered in study.case.scenario)
    if study.case.scenario.id == study.case.jamfor_med.id or not touched:
        return ""
    ways: dict[str, list[str]] = {}
    for name, text in MOVED.items():
        figure = shown.fakta[f"andrad_{name}_kr"]
        ways.setdefault(_way(figure), []).append(text + _by(figure))
    moves = [f"{way} {listed(ways.pop(way))}" for way in (GROWS, SHRINKS) if way in ways]
    stays = [f"{listed(parts)} {way}" for way, parts in ways.items()]
    start = f"Med scenariot {shown.texter[AGAINST]}" if moves else ""
    low, high = (shown.fakta[f"spann_{end}_kr"].varde for end in ("lag", "hog"))
    span = ""
    if low is not None and high is not None:
        ends = f"{format_number(low / KR_PER_MNKR)}–{in_mnkr(high)}"
        span = f"; med de angivna osäkerheterna blir den slutliga budgeten {ends}"
    return large(f"{start}{'; '.join([*moves, *stays])}{span}.")


def _way(figure: KeyFigure) -> str:
    """Which way an amount moves as it is shown, or why that is not shown."""
    if figure.varde is None:
        return figure.why
    if abs(figure.varde) < CLOSES_WITHIN_KR:
        return "ändras nästan inte" if figure.avrundat_till else "ändras inte"
    return GROWS if figure.varde > 0 else SHRINKS


def _by(figure: KeyFigure) -> str:
    if figure.varde is None or abs(figure.varde) < CLOSES_WITHIN_KR:
        return ""
    size = abs(figure.varde)
    return f" med {figure.about}{in_mnkr(size) if figure.avrundat_till else kronor(size)}"


def _measurement(study: Study, shown: Result) -> str:
    state = tables.state_on(study, study.per_datum)
    keys = {"efter_matning_1": "personer_matning_1", "slutlig": "personer_matning_2"}
    counted = shown.nyckeltal[keys[state]] if state in keys else shown.fakta["personer_preliminar"]
    number, day, kr = counted.varde, dict(tables.measurements(study))[state], shown.nyckeltal[f"{state}_kr"]
    if number is None and kr.varde is None:
        return f"Vad mätningen {long_date(day)} ger för {study.case.ar} {kr.lacking}."
    if number == 0:
        return f"Ingen person med pris i prislistan mättes {long_date(day)}: mätningen ger inget för {study.case.ar}."
    if number is None:
        persons = "några personer"
    else:
        persons = "1 person" if number == 1 else format_unit(number, "personer", few_decimals(number))
    gives = in_mnkr(kr.varde) if kr.varde is not None else f"ett belopp som {kr.why}"
    rule = "" if study.world.frame.matregel == LAST_ONLY else f"; {MEASURE_RULES[study.world.frame.matregel]}"
    return (
        f"Mätningen {long_date(day)} gäller {persons} och ger {gives} för hela {study.case.ar} "
        f"(prislista {study.case.ar}{rule})."
    )


def _uncovered(study: Study, shown: Result) -> str:
    """What the year's budget does not cover of the year's days, and when that arises: the answer."""
    gap, days = shown.nyckeltal["skillnad_matning_dygn_kr"], shown.nyckeltal["peng_dygn_kr"]
    if gap.varde is None:
        return f"Årets dygn är värda {_about(days)}." if days.varde is not None else ""
    settled = study.per_datum >= study.world.frame.matning_2
    budget = "Årets budget" if settled else "Den budget som väntas för året"
    if abs(gap.varde) < CLOSES_WITHIN_KR:
        return f"{budget} täcker årets dygn precis."
    amount = gap.about + in_mnkr(abs(gap.varde), _decimals(gap))
    if gap.varde > 0:
        return f"{budget} täcker årets dygn, med {amount} över."
    said = f"{budget} täcker inte {amount} av årets dygn{_when(shown, gap.varde)}"
    number, counted, kr = (shown.fakta[key] for key in ("personer_efter", "dygn_efter", "efter_kr"))
    if not number.varde or kr.varde is None:
        return f"{said}."
    who = "En person" if number.varde == 1 else f"{number.varde} personer"
    late = f"{format_number(counted.varde, 0)} dygn, {in_mnkr(kr.varde)}"
    return f"{said}. {who} som kom efter mätningen står för {late}."


def _when(shown: Result, gap: float) -> str:
    """The months to the year's end that lack at least all of the gap, where there are such."""
    rows = shown.tabeller["per_manad"].frame
    lacking = (rows["skillnad_kr"] < 0)[::-1].cummin()[::-1]
    if not lacking.any() or lacking.all() or rows.loc[lacking, "skillnad_kr"].sum() > gap:
        return ""
    first = int(str(rows.loc[lacking, "manad"].iloc[0])[5:7])
    return f"; det uppstår {month_span(first)}"


def _decimals(figure: KeyFigure) -> int:
    """Two decimals of mnkr, or one where the figure is rounded on purpose."""
    return 1 if figure.avrundat_till else 2


def _about(figure: KeyFigure) -> str:
    return figure.about + in_mnkr(figure.number, _decimals(figure))


def _moves(study: Study, shown: Result) -> str:
    rows = shown.tabeller["brygga"].frame
    rows = rows[rows["brygga"] == "Efter mätning 1 → slutlig"]
    change = rows.iloc[-1]["kr"] - rows.iloc[0]["kr"]
    if np.isnan(change):
        return ""
    if abs(change) < CLOSES_WITHIN_KR:
        return "Mellan årets två mätningar ändrades inget."
    bars = [row for row in rows.iloc[1:-1].to_dict("records") if abs(row["kr"]) >= CLOSES_WITHIN_KR]
    kr, finest = (
        [row["kr"] / KR_PER_MNKR for row in bars] or [0.0],
        1 if shown.tabeller["brygga"].avrundat_till else None,
    )
    places, whole, shares = summing(change / KR_PER_MNKR, kr, finest=finest)
    steps = ", ".join(
        f"{row['steg'].lower()} {format_number(share, places, signed=True)}"
        for row, share in zip(bars, shares, strict=False)
    )
    over = study.per_datum >= study.world.frame.matning_2
    way = ("ökade" if change > 0 else "minskade") if over else f"väntas budgeten {'öka' if change > 0 else 'minska'}"
    size, places = (whole, places) if len(bars) > 1 else (change / KR_PER_MNKR, 1)
    amount = format_unit(abs(size), "mnkr", places)
    why = f" ({steps})" if len(bars) > 1 else ""
    return f"Mellan årets två mätningar {way}{' budgeten' * over} med {amount}{why}."


def _price(shown: Result) -> str:
    number, total = shown.fakta["placeringar_antal"].varde, shown.nyckeltal["pris_over_peng_kr"].varde
    if not number or total is None:
        return ""
    kr = kronor(total)
    if number > 1:
        return f"Priset översteg nivåns peng i {number} placeringar: {kr} på året."
    price, peng = (shown.fakta[key].varde for key in ("placering_kr", "placering_peng_kr"))
    prices = f"{format_number(price, 0)} mot {format_unit(peng, 'kr')} per dygn"
    return f"Priset översteg nivåns peng i 1 extern placering: {prices}, {kr} på året."


def _step(study: Study, shown: Result) -> str:
    """What one level step means for group homes in own management, by whether it is decided by the measuring day."""
    price, day = study.world.book.day_price, date(study.case.ar, 12, 31)
    low, high = (price("tilldelning", (EXAMPLE_INSATS, level, EXAMPLE_REGI), day) for level in ("3", "4"))
    if np.isnan(high - low):
        return ""
    size = format_unit(high - low, "kr")
    said = f"Att göra: registrera fattade beslut före nästa mätning, {long_date(next_measurement(study))}. "
    said += f"Exempel: nivå 4 i stället för 3 i gruppbostad är {size} per dygn"
    rows = shown.tabeller["fore_matdagen"].frame.set_index("beslut")
    last = study.world.frame.matning_2
    if STEP not in rows.index or not rows.loc[STEP, "mellan_kr"]:
        return f"{said}."
    kr = kronor(rows.loc[STEP, "mellan_kr"])
    when = "om beslutet gäller på mätdagen {}, inget om det kommer senare"
    if study.per_datum >= last:
        when = "om beslutet gällde på mätdagen {}, inget om det kom senare"
    return f"{said}: {kr} i budgeten {study.case.ar} {when.format(long_date(last))}."


def _next(study: Study, shown: Result) -> str:
    kant, low, high = (shown.fakta[key] for key in ("nasta_kr", "nasta_lag_kr", "nasta_hog_kr"))
    if kant.varde is None:
        return ""
    today = shown.nyckeltal[f"{tables.state_on(study, study.per_datum)}_kr"].varde
    places, change = meeting(kant.varde / KR_PER_MNKR, (today or 0.0) / KR_PER_MNKR)
    year = in_mnkr(kant.varde, places)
    known = f"Nästa mätning, {long_date(next_measurement(study))}, ger med kända beslut {year} för ett år"
    if today is not None:
        before = format_number(today / KR_PER_MNKR, places)
        size, how = format_unit(abs(change), "mnkr", places), "mer" if change > 0 else "mindre"
        known += f", {f'{size} {how} än' if change else 'lika mycket som'} den senaste ({before})"
    if low.varde is None or high.varde is None:
        return known + ("; historien är för kort för ett spann." if low.saknas else ".")
    moves = shown.fakta["andringar_antal"].varde
    often = f" ({moves} på tre år)" if moves is not None else ""
    span = f"{format_number(low.varde / KR_PER_MNKR)}–{in_mnkr(high.varde)}"
    return f"{known}. Kommer lika många ändringar som förut{often} blir det i åtta fall av tio {span}."


def _assumption(study: Study, shown: Result) -> str:
    said = []
    if study.matregel_underlag == "antagande":
        used = study.world.frame.matregel
        by_rule = shown.tabeller["matregler"].frame.set_index("regel")["kr"].dropna()
        others = sorted({format_number(kr / KR_PER_MNKR) for rule, kr in by_rule.items() if rule != used})
        number = {1: "ett annat sätt", 2: "två andra sätt"}.get(len(by_rule) - 1)
        ways = f" ({number} att räkna ger {'–'.join(others)} mnkr)" if used in by_rule and number else ""
        said.append(f"{MEASURE_RULES[used]}{ways}")
    if study.borrowed:
        said.append("tilldelning sker efter samma prislista som ersättningen")
    return f"Antagande: {', och '.join(said)}." if said else ""


def _left_out(study: Study, shown: Result) -> str:
    """What has days or bought hours but no price, and so is in no total."""
    names, hours = unpriced(study, shown), unpaid_hours(study)
    paid = study.world.by_day["insats"].isin([*unpriced_days(study)]) & study.world.by_day["pris"].notna()
    where = " i LSS-peng; dygn med eget pris ingår i det som betalas till utförare" if paid.any() else ""
    said = [f"{large(listed(names))} saknar pris och ingår inte{where}."] if names else []
    said += [f"Köpta timmar som inte är med i det som betalas: {'; '.join(hours)}."] if hours else []
    return " ".join(said)


def unpriced(study: Study, shown: Result) -> list[str]:
    """Days per insats that have no price; for others than the unit the insats alone: two runs tell a mover's days."""
    found = []
    for name in unpriced_days(study):
        insats, days = tables.insats_name(study, name).lower(), shown.fakta[f"{name}_dygn"].varde
        found.append(insats if days is None else f"{format_number(days, 0)} dygn i {insats}")
    return found
