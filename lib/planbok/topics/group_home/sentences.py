"""The first screen of a new home: the answer in 3–8 sentences that change with sign and size."""

from datetime import date

import numpy as np

from planbok.base.errors import MissingValueError
from planbok.base.numbers import KR_PER_MNKR, few_decimals, format_number, format_unit, in_mnkr, kronor
from planbok.base.periods import long_date
from planbok.case.result import KeyFigure, Result
from planbok.topics.group_home.families import FAMILIES
from planbok.topics.group_home.levels import mixes
from planbok.topics.group_home.study import EXTERNAL_PRICE, Study

THOUSAND = 1000
MOST_SENTENCES = 8
COST, NET = "sjalvkostnad_kr_per_plats_och_dygn", "nettokostnad_kr_per_plats_och_dygn"
RULES_OF = {
    "stockholm": "KBH efter Stockholms regler",
    "tak": "KBH över ett hyrestak",
    "minimibelopp": "KBH upp till minimibeloppet",
}


def sentences(study: Study, shown: Result) -> list[str]:
    """The year's result; a full year and what covers it; what to do; peng, how sure; then rents, KBH, the charge.

    Where the result can't be worked out, rents and KBH are the answer.
    """
    known = [_rents(study, shown), _kbh(study, shown)]
    result, rent = shown.nyckeltal["resultat_ar_kr"], shown.nyckeltal["hyra_helar_lag_kr"]
    said = [
        _result(study, shown),
        " ".join(filter(None, [_full_year(shown), _cost(study, shown)])),
        " ".join(filter(None, [_before(study, shown), _to_do(study)])),
        _peng(study, shown),
        _basis(study, shown),
    ]
    said = [*known, *said] if result.saknas and rent.varde is not None else [*said, *known]  # what is known first
    said.append(_fee(study))
    return [text for text in said if text][:MOST_SENTENCES]


def span(low: float | None, high: float | None) -> str:
    """Two amounts in kronor, one where they are the same; exact, since rents are agreed to the krona.

    >>> span(165000, 180000).replace("\\u00a0", " "), span(5, 5).replace("\\u00a0", " ")
    ('165 000–180 000 kr', '5 kr')
    """
    if low is None or high is None or low == high:
        return kronor(low)
    if max(abs(low), abs(high)) >= KR_PER_MNKR > min(abs(low), abs(high)):
        return f"{kronor(low)} till {kronor(high)}"
    if abs(low) >= KR_PER_MNKR:
        return f"{format_number(low / KR_PER_MNKR, 2)}–{kronor(high)}"
    return f"{format_number(low, 0)}–{kronor(high)}"


def about(low: float, high: float) -> str:
    """Two amounts to the nearest thousand kronor.

    >>> about(42187.5, 55687.5).replace("\\u00a0", " ")
    '42 000–56 000 kr'
    """
    ends = [round(kr / THOUSAND) * THOUSAND for kr in (low, high)]
    return span(*ends) if min(ends) else span(round(low), round(high))


def amount(key: KeyFigure, decimaler: int = 1) -> str:
    """The size of an amount: mnkr, or kronor below a tenth; said to be about so much where it is rounded."""
    kr = abs(key.number)
    if key.avrundat_till:
        return f"cirka {in_mnkr(kr)}"
    return in_mnkr(kr, decimaler) if kr >= 100 * THOUSAND else format_unit(kr, "kr")


def unknown(key: KeyFigure) -> str:
    """What is said of a key figure that is not known, or that is protected."""
    return key.why if key.skyddas else f"kan inte räknas fram: {key.saknas}"


def _result(study: Study, shown: Result) -> str:
    year = shown.nyckeltal["resultat_ar_kr"]
    if year.varde is None:
        return f"Årets resultat {unknown(year)}."
    if abs(year.varde) < 1:
        said = "I år går boendet jämnt ut, utan KBH"
    elif year.varde < 0:
        said = f"I år kostar boendet {amount(year, 2)} mer än det får, utan KBH"
        first = study.year.first_measured
        if not study.year.measured_days.any() and first:
            said += f", eftersom LSS-peng kommer först efter mätningen {long_date(first)}"
    else:
        said = f"I år får boendet {amount(year, 2)} mer än det kostar, utan KBH"
    return f"{said}."


def _full_year(shown: Result) -> str:
    key, (low, high) = shown.nyckeltal["resultat_helar_kr"], (shown.fakta[f"resultat_helar_{e}_kr"] for e in LIMITS)
    if key.varde is None:
        return "" if shown.nyckeltal["resultat_ar_kr"].varde is None else f"Resultatet på helår {unknown(key)}."
    if abs(key.number) < 1:
        said = "Ett helt år med alla platser belagda går boendet jämnt ut"
    else:
        how = "underskott" if key.number < 0 else "överskott"
        said = f"Ett helt år med alla platser belagda blir det {amount(key)} i {how}"
    often = ", i åtta fall av tio mellan {} och {} mnkr"
    if low.varde is None or high.varde is None:
        low, high = (shown.fakta[f"helar_{end}_kr"] for end in ("lagst", "hogst"))
        often = ", beroende på nivåer mellan {} och {} mnkr"
    if low.varde is None or high.varde is None or low.varde == high.varde:
        return f"{said}."
    return said + often.format(*(format_number(key.number / KR_PER_MNKR, 1, signed=True) for key in (low, high))) + "."


LIMITS = ("lag", "hog")


def _rents(study: Study, shown: Result) -> str:
    keys = shown.nyckeltal
    in_year, full = ([keys[f"hyra_{name}_{end}_kr"] for end in LIMITS] for name in ("ar", "helar"))
    if full[0].varde is None:
        return f"Hyrorna {unknown(full[0])}."
    year, whole = (span(*(key.varde for key in its)) for its in (in_year, full))
    said = f"Hyrorna blir {year} {study.case.ar} och {whole} på helår"
    low, high = (shown.fakta[f"hyra_{end}_kr"].varde for end in ("lagst", "hogst"))
    if None not in (low, high):
        said += f" ({span(low, high)} per månad och lägenhet)"
    empty = keys["tomgangshyra_ar_kr"].varde
    return f"{said}; tomma lägenheter står för {span(empty, empty)} av årets." if empty else f"{said}."


def _kbh(study: Study, shown: Result) -> str:
    terms = study.year.conditions.terms_full
    in_year, full = ([shown.nyckeltal[f"kbh_{name}_{end}_kr"] for end in LIMITS] for name in ("ar", "helar"))
    known = [(its, when) for its, when in ((in_year, str(study.case.ar)), (full, "på helår")) if _all(its)]
    parts = [f"{about(*(key.number for key in its))} {when}" for its, when in known]
    if not parts:
        return f"KBH {unknown(full[0])}."
    if terms.familj == "stockholm":
        return (
            f"KBH blir högst {' och '.join(parts)}: inkomst och förmögenhet prövas också. "
            "Om den som bor i LSS-bostad kan få KBH är inte bekräftat."
        )
    tail = "följer den boendes inkomst" if FAMILIES[terms.familj].follows_income else "lika för alla boende"
    return f"KBH blir {' och '.join(parts)} med {RULES_OF[terms.familj]} ({tail})."


def _all(keys: list[KeyFigure]) -> bool:
    return all(key.varde is not None for key in keys)


def _cost(study: Study, shown: Result) -> str:
    home, net = study.year.home, shown.nyckeltal[NET]
    if np.isnan(home.personal_kr):
        return f"Kostnaden per plats {unknown(shown.nyckeltal[COST])}."
    workers = format_number(home.arsarbetare, few_decimals(home.arsarbetare))
    each = kronor(home.kr_per_arsarbetare)
    said = f"Personalen kostar {in_mnkr(12 * home.personal_kr)} på helår ({workers} årsarbetare à {each})"
    if net.varde is None:
        return f"{said}; kostnaden per plats efter hyror {unknown(net)}."
    said += f". Efter de boendes hyror kostar boendet {net.about}{format_unit(net.varde, 'kr')} per plats och dygn"
    external = study.reader.number(EXTERNAL_PRICE, study.last_day)
    if not np.isnan(external):
        said += f", mot {format_unit(external, 'kr')} för en köpt plats (om hyran ingår i det priset är inte känt)"
    return f"{said}. {_covered(study)}".strip() if _covered(study) else f"{said}."


def _covered(study: Study) -> str:
    """Between which levels the net cost falls."""
    below, above = study.year.levels_around
    price = dict(zip(study.year.conditions.levels, study.year.conditions.peng_full, strict=True))
    if not price:
        return ""
    if not above:
        return f"Ingen nivås peng täcker det: nivå {below} ger {format_unit(price[below], 'kr')}."
    first = f"nivå {above} ({format_unit(price[above], 'kr')})"
    if not below:
        return f"Det täcks redan på {first}."
    return f"Det täcks om snittet ligger på {first} men inte på nivå {below} ({format_unit(price[below], 'kr')})."


def _peng(study: Study, shown: Result) -> str:
    low, high, mean = (shown.nyckeltal[f"peng_{name}_kr"] for name in ("lagst", "hogst", "forvantad"))
    if low.varde is None and not low.skyddas:
        return f"LSS-peng på helår {unknown(low)}."
    free = int(study.year.known_levels()[-1])
    if low.varde is None:
        said = f"LSS-peng på helår {unknown(low)}"
    elif not free:
        said = f"LSS-peng på helår blir {amount(low)}"
    else:
        said = (
            f"LSS-peng på helår blir {format_number(low.varde / KR_PER_MNKR)}–{in_mnkr(high.number)} beroende på nivåer"
        )
    said += _mixes(study, free)
    least, most = (shown.fakta[f"peng_{end}_kr"].varde for end in LIMITS)
    if mean.varde is not None and free:
        said += f"; med enhetens egna nivåer väntas {amount(mean)}"
        if least is not None and most is not None:
            said += f", i åtta fall av tio {format_number(least / KR_PER_MNKR)}–{in_mnkr(most)}"
    least, most = (shown.fakta[f"dygn_{end}_kr"].varde for end in ("lagst", "hogst"))
    if not study.year.measured_days.any() and least is not None and most:
        worth = ("" if least == most else f"{format_number(least / KR_PER_MNKR, 2)}–") + in_mnkr(most, 2)
        said += f". Dygnen i år är värda {worth} men betalas inte"
    return f"{said}."


def _mixes(study: Study, free: int) -> str:
    """How many mixes of levels are possible, and how many were or will be."""
    levels, known = len(study.year.conditions.levels), study.year.home.known
    if not free or not levels:
        return ""
    now = format_number(mixes(free, levels), 0)
    if known:
        return f" ({now} möjliga fördelningar av {format_number(mixes(free + known, levels), 0)})"
    return f" ({now} möjliga fördelningar, {format_number(mixes(free - 1, levels), 0)} när en boendes nivå är känd)"


def _before(study: Study, shown: Result) -> str:
    home, key = study.year.home, shown.nyckeltal["kostnad_fore_oppning_kr"]
    if home.oppnar.year < study.case.ar:
        return ""
    parts = {"personal": study.year.before["personal"], "lokal": study.year.before["lokalhyra"]}
    known = [f"{name} {kronor(kr)}" for name, kr in parts.items() if kr > 0]
    said = f"Inskolning och kostnader före öppning ingår inte än: {key.saknas}"
    said += f" (känt är {' och '.join(known)})" if known else ""
    if key.varde is not None:
        said = f"Före öppningen kostar boendet {kronor(key.varde)} {study.case.ar}"
    monthly = home.personal_kr
    if np.isnan(monthly):
        return f"{said}."
    return f"{said}; varje månad med personal men utan boende kostar omkring {in_mnkr(monthly)}."


def _to_do(study: Study) -> str:
    """What the head of the unit can decide while the home is not open, and before which day levels must be there."""
    home, first = study.year.home, study.year.first_measured
    if home.oppnar.year < study.case.ar:
        return ""
    hire = "" if np.isnan(home.personal_kr) else "anställ i takt med inflyttningen, och "
    due = f"före mätningen {long_date(first)}" if first and first > date(study.case.ar, 1, 1) else "före nästa mätning"
    return f"Att göra: {hire}registrera de boendes beslut och nivåer {due}."


def _fee(study: Study) -> str:
    try:
        ends = [study.reader.value(f"sarskild_avgift.{end}_kr", study.last_day) for end in ("lagst", "hogst")]
    except MissingValueError:
        return ""
    return (
        f"Verkställs ett beslut för sent kan domstol besluta om särskild avgift, {span(*ends)} per beslut "
        "(28 b § LSS); den ingår inte."
    )


def _basis(study: Study, shown: Result) -> str:
    """What it rests on: the rules of KBH, borrowed prices, and the unit's own levels."""
    terms, ar = study.year.conditions.terms_full, study.case.ar
    said = [RULES_OF[terms.familj]]
    if study.borrowed:
        said.append("tilldelning efter samma prislista som ersättningen")
    group, free = shown.fakta["grupp_antal"].varde, study.year.known_levels()[-1]
    if group and free:
        day = long_date(study.year.conditions.matdagar[1])
        said.append(f"de boende antas ha samma nivåer som enhetens {format_number(group, 0)} i mätningen {day}")
    if any(n.change.typ == "regel" and n.change.regel.startswith("kbh.") for n in study.case.scenario):
        said.append("KBH med scenariots egna regelvärden")
    return f"Antaganden {ar}: {', '.join(said)}. Säkrare siffror finns när de boendes nivåer är beslutade."
