"""The first screen: where the unit stands, what it costs, and what would have to be true by December."""

import numpy as np

from planbok.analysis.targets import LEVELS, TargetRow
from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.base.periods import MONTH_NAMES, month_span
from planbok.case.result import KeyFigure
from planbok.inputs.scenario.load import BASELINE
from planbok.topics.staffing.answers import SICK_LEAVE, contracted_12, replacement_price, target_of
from planbok.topics.staffing.bridges import shown_cost, shown_step
from planbok.topics.staffing.study import Study

MOST = 8
SHORT, HOURLY = "sjukfranvaro_dag_1_14", "timavlonade_timmar"
OWNERS = {"arsmal": "Enhetens mål", "namndmal": "Nämndens mål", "kf_arsmal": "Kommunfullmäktiges mål"}


def sentences(study: Study, figures: dict[str, KeyFigure]) -> list[str]:
    """The answer in 3-8 plain sentences; what is left out first when there are more stands last here."""
    if study.is_withheld:
        return _withheld(study, figures)
    said = [
        _scenario(study),
        _where(study, figures),
        _others(study),
        _ahead(study, figures),
        _point(study, figures),
        _cost(study, figures),
        _month(study),
        _signals(study),
        _measures(figures),
        _groups(study),
    ]
    return [text for text in said if text][:MOST]


def _withheld(study: Study, figures: dict[str, KeyFigure]) -> list[str]:
    hourly = figures["timavlonad_procent"]
    said = f"Timavlönade står för {_percent(hourly.varde)} av timmarna." if hourly.varde is not None else ""
    texts = [f"Sjukfrånvaron visas inte: {study.withheld}.", said, _month(study)]
    return [*(text for text in texts if text), "Den finns i arbetsmaterialet för enhetens chef."]


def _percent(value: float | None) -> str:
    return format_unit(value, "procent", 1)


def _kr(kr: float) -> str:
    return format_unit(kr, "kr", signed=True)


def _scenario(study: Study) -> str:
    """What the scenario does to the year's sick hours, their cost and the budget."""
    if study.case.scenario.id == study.case.jamfor_med.id:
        return ""
    versus = study.case.jamfor_med
    against = "" if versus.id == BASELINE or study.case.is_public else f", jämfört med ”{versus.titel}”"
    before, now = study.ends
    hours = now.added.sum() - before.added.sum()
    said = f"Scenariot ändrar årets sjuktid med {format_unit(hours, 'timmar', 0, signed=True)}{against}"
    ends = (shown_cost(study, world) for world in (now, before))
    kr, full = (one - other for one, other in zip(*ends, strict=True))
    if not np.isnan(kr):
        said += f", sjuklön och ersättare med {_kr(kr)} i år ({_kr(full)} på helår)"
    steps = [shown_step(study, numbered.change, before, now) for numbered, _, before, now in study.steps]
    known = [step for step in steps if not np.isnan(step["budget_kr"])]
    if not known:
        fills = not hours and not np.isnan(shown_cost(study, now)[0])
        unknown = "visas inte, eftersom grupperna har olika löner" if study.hides_sick_pay else "är inte kända"
        return "Scenariot anger det som saknas för att räkna i kronor." if fills else f"{said}; kronorna {unknown}."
    budget, budget_full = (sum(step[name] for step in known) for name in ("budget_kr", "budget_helar_kr"))
    return f"{said}. Budgeten ändras med {_kr(budget)} i år och {_kr(budget_full)} på helår, lönen inräknad."


def _where(study: Study, figures: dict[str, KeyFigure]) -> str:
    """Sick leave against each level's target."""
    figure = figures["sjukfranvaro_procent"]
    if figure.varde is None:
        return f"Sjukfrånvaron kan inte räknas fram: {figure.saknas}."
    target = target_of(study, SICK_LEAVE)
    if target is None:
        return f"Sjukfrånvaron är {_percent(figure.varde)} (stadens mått). Inget mål finns för {study.ar}."
    same = target.utfall.varde == figure.varde
    said = f"Sjukfrånvaron är {target.utfall_text if same else _percent(figure.varde)} (stadens mått)."
    if not same and target.utfall.varde is not None:
        said += f" Mot målet räknas {target.period}: {target.utfall_text}."
    numeric = {name: level for name, level in target.levels.items() if level.mal.varde is not None}
    if not numeric:
        return f"{said} Inget mål i tal finns för {study.ar}."
    parts = [f"{OWNERS[name]} {_goal(level.mal.varde)}: {_word(level.klaras)}." for name, level in numeric.items()]
    if target.galler != "arsmal":
        parts.append(f"Enheten har inget eget mål i tal; {LEVELS[target.galler]} gäller i stället.")
    return " ".join([said, *parts])


def _goal(value: float | None) -> str:
    if value is None:
        return "–"
    decimals = next((d for d in (0, 1, 2) if round(value, d) == value), 2)
    return f"{format_number(value, decimals)} %"


def _word(klaras: bool | None) -> str:
    return "kan inte bedömas" if klaras is None else "klaras" if klaras else "klaras inte"


def _others(study: Study) -> str:
    """Days 1-14 and the hourly-paid share against what they are held against."""
    texts = {SHORT: "Dag 1–14 är {}", HOURLY: "Timavlönade står för {} av timmarna"}
    found = [(target_of(study, name), text) for name, text in texts.items()]
    return " ".join(_other(target, text) for target, text in found if target and target.utfall.varde is not None)


def _other(target: TargetRow, text: str) -> str:
    start, level = text.format(target.utfall_text), target.levels.get(target.galler)
    return f"{start} mot målet högst {_goal(level.mal.varde)}: {_word(level.klaras)}." if level else f"{start}."


def _ahead(study: Study, figures: dict[str, KeyFigure]) -> str:
    """What the rest of the year must hold, and what is expected."""
    needed, forecast = figures["kravs_resten_av_aret_procent"], figures["prognos_ar_procent"]
    target, said = target_of(study, SICK_LEAVE), ""
    if needed.varde is not None and target is not None and target.strictest is not None:
        rest, (value, _) = month_span(study.tom_manad + 1), target.strictest
        said = f"För att sluta på {_goal(value)} får snittet {rest} vara högst {_percent(needed.varde)}. "
    elif needed.saknas.startswith("målet"):
        said = f"{needed.saknas[:1].upper()}{needed.saknas[1:]}. "
    if study.tom_manad == 12:
        return said.strip()
    if forecast.varde is None:
        return f"{said}Ingen prognos för året: {forecast.saknas}."
    return f"{said}Prognosen för året är {_percent(forecast.varde)}{_span(study, forecast.varde)}."


def _span(study: Study, forecast: float) -> str:
    """The range of the forecast by its method's own past errors."""
    if not study.outlook.has_range or study.outlook.varde is None:
        return "; historien är för kort för ett spann"
    shift = forecast - study.outlook.varde
    low, high = (format_number(end + shift, 1) for end in (study.outlook.lag, study.outlook.hog))
    tries = next(len(trial.fel) for trial in study.outlook.trials if trial.metod == study.outlook.metod)
    return f"; {low}–{high} % med de fel som metoden ({study.outlook.metod}) har haft när den prövats {tries} gånger"


def _point(study: Study, figures: dict[str, KeyFigure]) -> str:
    """What a percentage point is in hours and kronor."""
    figure, hours = figures["kr_per_procentenhet"], contracted_12(study) / 100
    if np.isnan(hours):
        return ""
    said = f"En procentenhet är ungefär {_round_h(hours)} om året"
    if figure.varde is None:
        return f"{said}. Den kan inte räknas i kronor: {figure.saknas}."
    price, kr = format_unit(replacement_price(study), "kr"), format_unit(figure.varde / KR_PER_MNKR, "mnkr", 2)
    return f"{said}, cirka {kr} i ersättare (antagande: {price} per timme)."


def _round_h(hours: float) -> str:
    """Hours in whole hundreds where they are many.

    >>> _round_h(3570.2).replace("\\u00a0", " "), _round_h(37.8).replace("\\u00a0", " ")
    ('3 600 timmar', '38 timmar')
    """
    rounded = round(hours / 100) * 100 if hours >= 1000 else hours
    return f"{format_number(rounded, 0)} timmar"


def _cost(study: Study, figures: dict[str, KeyFigure]) -> str:
    """What the sick hours have cost, as far as the rules say."""
    both = {"sjuklönen": figures["sjuklonekostnad_kr"], "ersättarna": figures["ersattarkostnad_kr"]}
    amounts = [
        f"{name} {format_unit(figure.varde / KR_PER_MNKR, 'mnkr', 2)}"
        for name, figure in both.items()
        if figure.varde is not None
    ]
    missing = [name for name, figure in both.items() if figure.varde is None]
    span = month_span(1, study.tom_manad)
    said = f"Uppskattat ur timmar kostar {' och '.join(amounts)} i {span}. " if amounts else ""
    if missing:
        names = " och ".join(missing)
        why = both[missing[0]].saknas
        how = why if why.startswith("visas inte") else f"kan inte räknas i kronor: {why}"
        said += f"{names[:1].upper()}{names[1:]} {how}."
    return said.strip()


def _month(study: Study) -> str:
    """The month's overtime and hired staff, and last month's."""
    frame = study.frame
    now, before = (
        frame[frame["nr"] == nr][["overtid_h", "inhyrd_h"]].sum(skipna=False) for nr in (study.last, study.last - 1)
    )
    said = f"Övertiden var {_hours(now['overtid_h'])} i {MONTH_NAMES[study.tom_manad - 1]}"
    if (frame["nr"] == study.last - 1).any() and not np.isnan(now["overtid_h"] - before["overtid_h"]):
        change, earlier = now["overtid_h"] - before["overtid_h"], MONTH_NAMES[study.tom_manad - 2]
        how = "fler" if change > 0 else "färre"
        more = f"{format_number(abs(change), 0)} {how} än i" if round(change) else "lika många som i"
        said += f", {more} {earlier}"
    return f"{said}; inhyrd personal {_hours(now['inhyrd_h'])}."


def _hours(hours: float) -> str:
    return "okänd (underlag saknas)" if np.isnan(hours) else f"{format_number(hours, 0)} timmar"


def _measures(figures: dict[str, KeyFigure]) -> str:
    law, city = figures["sjukfranvaro_lag_procent"].varde, figures["sjukfranvaro_procent"].varde
    if law is None or city is None:
        return ""
    how = "högre" if law > city else "lägre" if law < city else "lika högt"
    return f"Lagens mått (mot ordinarie arbetstid) är {how}: {_percent(law)}. Måtten ska inte jämföras med varandra."


def _signals(study: Study) -> str:
    if study.signals is None:
        return ""
    rows = study.signals.set_index("signal")["antal"]
    repeated, long = rows["upprepad_korttid"], rows["langre_an_tva_veckor"]
    persons = "1 person" if repeated == 1 else f"{repeated} personer"
    spells = "1 sjukperiod" if long == 1 else f"{long} sjukperioder"
    said = f"{persons} med upprepad korttidsfrånvaro och {spells} längre än två veckor"
    return f"Signaler för chefens ansvar hittills i år: {said}."


def _groups(study: Study) -> str:
    return "Grupper med högst tio anställda visas inte var för sig." if study.hidden else ""
