"""Older people's care in words, made of the result as its reader may see it; of the study only names and days."""

from planbok.base.numbers import format_number, format_unit
from planbok.base.periods import long_month
from planbok.case.result import KeyFigure, Result
from planbok.report.text import summing
from planbok.topics.home_care.model import flagged, remainder
from planbok.topics.home_care.outside import DRIVERS, Held
from planbok.topics.home_care.study import MONTHS, Study
from planbok.topics.home_care.sure import Sure
from planbok.topics.home_care.tables import limit

CAUSES = {
    "volym": "{} ärenden och dygn",
    "slag": "andra slag",
    "timmar": "timmar per ärende och dygn",
    "pris": "priser",
}
PUBLISHED = "hemtjanst.publicerad_enhet"
FAR = 0.5  # of the budget


def sentences(study: Study, held: Held | None, how_sure: Sure, shown: Result) -> list[str]:
    """The answer in at most eight sentences: the year's cost, why, what is not performed, cases, how sure."""
    said = [
        _year(study, shown),
        _scenario(shown),
        _causes(study, shown),
        _performed(study, shown),
        _cases(study, shown),
        " ".join(filter(None, [_held(held), _range(study, how_sure, shown)])),
        _homes(study, shown),
        _fees(shown),
    ]
    return [text for text in said if text]


def _year(study: Study, shown: Result) -> str:
    total, gap = shown.nyckeltal["prognos_mnkr"], shown.fakta["avvikelse_mnkr"]
    if total.varde is None:
        return f"Prognosen för kostnaden {study.ar} kan inte räknas: {total.why}."
    if gap.varde is not None and _beside(total.varde, gap.varde, shown):
        budget = format_unit(total.varde + gap.varde, "mnkr", total.decimals)
        return (
            f"Timmarna och dygnen i tabellerna kostar {_money(total)} brutto {study.ar}, mot {budget} i budgeten: stäm "
            "av att alla områden och boenden finns i tabellerna, och en gång var, innan något jämförs."
        )
    verb = "väntas kosta" if study.tom < MONTHS else "kostar"
    text = f"Hemtjänst och boende för äldre {verb} {_money(total)} brutto {study.ar}"
    if gap.varde is not None:
        word = "överskott" if gap.varde >= 0 else "underskott"
        text += f", {format_unit(abs(gap.varde), 'mnkr', gap.decimals)} i {word} mot budgeterad kostnad"
    return f"{text}."


def _beside(total: float, gap: float, shown: Result) -> bool:
    """Whether the year is so far from its budget, scenario apart, that the tables must be of other areas."""
    change = shown.nyckeltal["skillnad_mnkr"].varde if "skillnad_mnkr" in shown.nyckeltal else 0.0
    return abs(gap + (change or 0.0)) > FAR * (total + gap)


def _fees(shown: Result) -> str:
    fees, plan = shown.fakta["avgifter_mnkr"], shown.fakta["avgifter_budget_mnkr"]
    if fees.varde is None:
        return "Avgifterna är inte avdragna."
    against = f" (budget {format_unit(plan.varde, 'mnkr')})" if plan.varde is not None else ""
    return f"Avgifterna räknas för sig: {format_unit(fees.varde, 'mnkr')}{against}."


def _scenario(shown: Result) -> str:
    if "skillnad_mnkr" not in shown.nyckeltal:
        return ""
    year, full = (shown.nyckeltal[key] for key in ("skillnad_mnkr", "skillnad_helar_mnkr"))
    if year.varde is None or full.varde is None:
        return ""
    return f"Scenariot betyder {_money(year, True)} i år och {_money(full, True)} på helår."


def _causes(study: Study, shown: Result) -> str:
    parts = {text: shown.fakta[f"orsak_{name}_mnkr"] for name, text in CAUSES.items()}
    if any(figure.varde is None for figure in parts.values()):
        return ""
    numbers = [figure.number for figure in parts.values()]
    places, total, shares = summing(sum(numbers), numbers, min(figure.decimals for figure in parts.values()))
    listed = ", ".join(
        f"{text.format('färre' if share < 0 else 'fler')} {format_number(share, places, signed=True)}"
        for text, share in zip(parts, shares, strict=True)
        if round(share, places)
    )
    how = "mer" if total >= 0 else "mindre"
    which = "Utan scenariot är det" if "skillnad_mnkr" in shown.nyckeltal else "Det är"
    if not listed:
        return f"{which} ungefär lika mycket som {study.ar - 1}."
    return f"{which} {format_unit(abs(total), 'mnkr', places)} {how} än {study.ar - 1}: {listed}."


def _cases(study: Study, shown: Result) -> str:
    cases, each, ago = (
        shown.nyckeltal["arenden_antal"],
        shown.nyckeltal["h_per_arende"],
        shown.fakta["arenden_i_fjol_antal"],
    )
    if cases.varde is None:
        return f"Antalet som har hemtjänst {cases.lacking}."
    text = f"I {long_month(study.manad)} har {format_number(cases.varde, 0)} ärenden hemtjänst"
    text += f", {_more(cases.varde - ago.varde)} än ett år tidigare" if ago.varde is not None else ""
    return text + (f"; i snitt {format_number(each.varde, 1)} timmar per ärende." if each.varde is not None else ".")


def _more(change: float) -> str:
    return f"{format_number(abs(change), 0)} {'fler' if change >= 0 else 'färre'}"


def _performed(study: Study, shown: Result) -> str:
    degree = shown.nyckeltal["utforandegrad_procent"]
    if degree.varde is None:
        return ""
    frame = shown.tabeller["per_omrade"].frame.iloc[:-1]
    there = frame[flagged(frame["utforandegrad_procent"], limit(study))]
    listed = ", ".join(
        f"{area} {format_unit(percent, 'procent')}"
        for area, percent in zip(there["omrade"], there["utforandegrad_procent"], strict=True)
    )
    text = f"Av den tid som var beställd i {long_month(study.manad)} utfördes {format_unit(degree.varde, 'procent')}"
    if not listed:
        return f"{text}; inget område avviker mer än {limit(study):g} procent."
    return f"{text}; flaggat: {listed}. Lägre utförd tid är lägre kostnad och en fråga om kvalitet."


def _homes(study: Study, shown: Result) -> str:
    now, ago = shown.nyckeltal["vobo_helmanader"], shown.fakta["helmanader_i_fjol_antal"]
    if now.varde is None:
        return ""
    number = format_number(now.varde, 0)
    month = long_month(study.manad)
    text = f"Vård- och omsorgsboende motsvarade {number} helmånader i {month} (dygn delat med månadens dagar)"
    text += f", {_more(round(now.varde) - round(ago.varde))} än ett år tidigare" if ago.varde is not None else ""
    rows = shown.tabeller["brytpunkt"].frame
    first = rows[rows["part"] == "somatisk"]
    if len(first) and first["timmar_h"].notna().all():
        hours = format_number(first["timmar_h"].iloc[0], 0)
        text += f"; en månad i somatiskt boende kostar lika mycket som {hours} timmar hemtjänst"
    return text + "."


def _held(held: Held | None) -> str:
    if held is None:
        return ""
    mine = held.errors[DRIVERS]
    others = [error for name, error in held.errors.items() if name != DRIVERS]
    how = "bättre" if held.best else "inte bättre"
    return (
        f"Prövad på {held.antal} tidigare månader missar prognosen året med {format_number(mine, 2)} % i snitt, {how} "
        f"än den bästa av utfallets egna metoder ({format_number(min(others), 2)} %)."
    )


def _range(study: Study, how_sure: Sure, shown: Result) -> str:
    """The range in words, or why there is none; nothing where the year is over or there is no prognosis."""
    low, high = (shown.nyckeltal[f"prognos_{end}_mnkr"] for end in ("lag", "hog"))
    if study.tom == MONTHS or shown.nyckeltal["prognos_mnkr"].varde is None:
        return ""
    if low.varde is None or high.varde is None:
        return f"Inget spann anges: {low.why or high.why}."
    decimals = 0 if low.avrundat_till else 1
    ends = f"{format_number(low.varde, decimals)}–{format_unit(high.varde, 'mnkr', decimals)}"
    return f"Åtta gånger av tio hamnar året på {ends}, sett till {how_sure.antal} hela år."


def published(study: Study) -> str:
    """What the one published unit of the kind says of its size, and what that does not say."""
    value = study.case.rule_or_none(PUBLISHED)
    if value is None:
        return ""
    left = remainder(value["personer"], value["hemtjanst"], value["servicehus"], value["helmanader"])
    return (
        f"Den publicerade enheten hade {format_number(value['personer'], 0)} äldre med insatser i december 2020: "
        f"{format_number(value['hemtjanst'], 0)} med hemtjänst, {value['servicehus']} i servicehus och "
        f"{value['helmanader']} helmånader i boende. {left} är resten bara om grupperna inte överlappar, och "
        f"{value['helmanader']} är helmånader och inte personer."
    )


def _money(figure: KeyFigure, signed: bool = False) -> str:
    return figure.about + format_unit(figure.number, "mnkr", figure.decimals, signed)
