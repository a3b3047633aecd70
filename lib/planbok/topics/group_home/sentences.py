"""The first screen of a new home: the answer in 3–8 sentences that change with sign and size."""

from collections.abc import Mapping

import numpy as np

from planbok.base.errors import MissingValueError
from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.case.result import KeyFigure
from planbok.topics.group_home import shown
from planbok.topics.group_home.families import FAMILIES
from planbok.topics.group_home.study import EXTERNAL_PRICE, Study

THOUSAND = 1000
MOST_SENTENCES = 8
COST = "sjalvkostnad_kr_per_plats_och_dygn"
Keys = Mapping[str, KeyFigure]


def sentences(study: Study, keys: Keys, facts: Keys) -> list[str]:
    """Rents, KBH, cost and what covers it, peng, result, what comes before, and what is not in it."""
    said = [
        _rents(study, keys),
        _kbh(study, keys),
        _cost(study, keys),
        _peng(study, {**keys, **facts}),
        _result(study, keys),
        _before(study, keys),
        _fee(study),
        _basis(study),
    ]
    return [text for text in said if text][:MOST_SENTENCES]


def span(low: float | None, high: float | None) -> str:
    """Two amounts in kronor, one where they are the same; exact, since rents are agreed to the krona.

    >>> span(165000, 180000).replace("\\u00a0", " "), span(5, 5).replace("\\u00a0", " ")
    ('165 000–180 000 kr', '5 kr')
    """
    if low == high:
        return format_unit(low, "kr")
    return f"{format_number(low, 0)}–{format_unit(high, 'kr')}"


def about(low: float, high: float) -> str:
    """Two amounts to the nearest thousand kronor.

    >>> about(42187.5, 55687.5).replace("\\u00a0", " ")
    '42 000–56 000 kr'
    """
    ends = [round(kr / THOUSAND) * THOUSAND for kr in (low, high)]
    return span(*ends) if min(ends) else span(round(low), round(high))


def mnkr(kr: float, signed: bool = False) -> str:
    return format_unit(kr / KR_PER_MNKR, "mnkr", signed=signed)


def unknown(key: KeyFigure) -> str:
    """What is said of a key figure that is not known, or not shown."""
    if key.skyddas:
        return key.why
    return key.saknas if key.saknas.startswith("visas inte") else f"kan inte räknas fram: {key.saknas}"


def _rents(study: Study, keys: Keys) -> str:
    low, high, full_low, full_high = (
        keys[f"hyra_{name}_kr"].varde for name in ("ar_lag", "ar_hog", "helar_lag", "helar_hog")
    )
    if low is None:
        return f"Hyrorna {unknown(keys['hyra_ar_lag_kr'])}."
    flats, empty = study.year.home.flats, keys["tomgangshyra_ar_kr"].varde
    said = (
        f"Hyrorna blir {span(low, high)} {study.case.ar} och {span(full_low, full_high)} på helår "
        f"({span(flats.lag.min(), flats.hog.max())} per månad och lägenhet)"
    )
    return f"{said}; tomma lägenheter står för {span(empty, empty)} av årets." if empty else f"{said}."


def _kbh(study: Study, keys: Keys) -> str:
    terms = study.year.conditions.terms_full
    names = ("ar_lag", "ar_hog", "helar_lag", "helar_hog")
    in_year, full = ([keys[f"kbh_{name}_kr"] for name in part] for part in (names[:2], names[2:]))
    parts = []
    if all(key.varde is not None for key in in_year):
        parts.append(f"{about(*(key.number for key in in_year))} {study.case.ar}")
    if all(key.varde is not None for key in full):
        parts.append(f"{about(*(key.number for key in full))} på helår")
    if not parts:
        return f"KBH {unknown(full[0])}."
    if terms.familj == "stockholm":
        return (
            f"KBH blir högst {' och '.join(parts)}: inkomst och förmögenhet prövas också, och om boende i LSS-bostad "
            "omfattas är inte bekräftat."
        )
    tail = "följer den boendes inkomst" if FAMILIES[terms.familj].follows_income else "lika för alla boende"
    return f"KBH blir {' och '.join(parts)} med regelfamiljen {terms.familj} ({tail})."


def _cost(study: Study, keys: Keys) -> str:
    home, days = study.year.home, study.year.conditions.days
    if np.isnan(home.personal_kr):
        return f"Egen kostnad per plats och resultat {unknown(keys[COST])}."
    yearly = 12 * home.personal_kr
    workers = format_number(home.arsarbetare, 0 if home.arsarbetare == int(home.arsarbetare) else 1)
    each, a_day = (format_unit(kr, "kr") for kr in (home.kr_per_arsarbetare, yearly / home.platser / days))
    said = f"Personalen kostar {mnkr(yearly)} på helår ({workers} årsarbetare à {each}), {a_day} per plats och dygn"
    cost = study.year.cost_per_place_and_day
    if np.isnan(cost):
        return f"{said}; lokalhyran är inte känd."
    if home.lokalhyra_kr:
        said += f", med lokalhyran {format_unit(cost, 'kr')}"
    return f"{said}. {_covered(study)}".strip() if _covered(study) else f"{said}."


def _covered(study: Study) -> str:
    """Between which levels the cost falls."""
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


def _peng(study: Study, keys: Keys) -> str:
    low, high, mean = (keys[f"peng_{name}_kr"] for name in ("lagst", "hogst", "forvantad"))
    if low.varde is None:
        return f"LSS-peng på helår {unknown(low)}."
    mixes = format_number(keys["antal_nivafordelningar"].varde, 0)
    said = f"LSS-peng på helår blir {format_number(low.varde / KR_PER_MNKR)}–{mnkr(high.number)} beroende på nivåer"
    said += f" ({mixes} möjliga fördelningar)" if study.year.known_levels()[-1] else ""
    if mean.varde is not None and study.year.known_levels()[-1]:
        said += f"; med enhetens egna nivåer väntas {mnkr(mean.varde)}"
        least, most = (keys[f"peng_{end}_kr"].varde for end in ("lag", "hog"))
        if least is not None and most is not None:
            said += f", i åtta fall av tio {format_number(least / KR_PER_MNKR)}–{mnkr(most)}"
    if not study.year.peng.any():
        return f"{said}. I årets budget ger mätningarna inget: ingen har flyttat in när de görs."
    return f"{said}."


def _result(study: Study, keys: Keys) -> str:
    key = keys["resultat_helar_kr"]
    if key.varde is None:
        rest = key.why
        for name in ("peng_lagst_kr", "peng_forvantad_kr", COST):
            rest = rest.replace(keys[name].saknas, "")
        return f"Resultatet på helår {unknown(key)}." if rest.strip("; ") else ""
    if abs(key.varde) < 1:
        return "På helår går boendet jämnt ut, KBH oräknat."
    how = "underskott" if key.varde < 0 else "överskott"
    kr = abs(key.varde)
    amount = mnkr(kr) if kr >= 100 * THOUSAND else format_unit(kr, "kr")
    external = study.reader.number(EXTERNAL_PRICE, study.last_day)
    own = format_unit(study.year.cost_per_place_and_day, "kr")
    against = f"; det är billigare än en extern plats som kostar mer än {own} per dygn"
    if not np.isnan(external):
        against = f"; en extern plats kostar {format_unit(external, 'kr')} mot egna {own} per dygn"
    return f"På helår ger boendet {amount} i {how} med fulla hus, KBH oräknat{against}."


def _before(study: Study, keys: Keys) -> str:
    home, key = study.year.home, keys["kostnad_fore_oppning_kr"]
    if home.oppnar.year < study.case.ar:
        return ""
    parts = {"personal": study.year.before["personal"], "lokal": study.year.before["lokalhyra"]}
    known = [f"{name} {format_unit(kr, 'kr')}" for name, kr in parts.items() if kr > 0]
    said = f"Inskolning och kostnader före öppning ingår inte än: {key.saknas}"
    said += f" (känt är {' och '.join(known)})" if known else ""
    if key.varde is not None:
        said = f"Före öppningen kostar boendet {format_unit(key.varde, 'kr')} {study.case.ar}"
    monthly = home.personal_kr
    if np.isnan(monthly):
        return f"{said}."
    return f"{said}; varje månad med personal men utan boende kostar omkring {mnkr(monthly)}."


def _fee(study: Study) -> str:
    try:
        ends = [study.reader.value(f"sarskild_avgift.{end}_kr", study.last_day) for end in ("lagst", "hogst")]
    except MissingValueError:
        return ""
    return (
        f"Verkställs ett beslut för sent kan domstol besluta om särskild avgift, {span(*ends)} per beslut "
        "(28 b § LSS); den ingår inte."
    )


def _basis(study: Study) -> str:
    """What it rests on: the rule family, borrowed prices, and the unit's own levels."""
    terms, ar = study.year.conditions.terms_full, study.case.ar
    said = [f"regelfamiljen {terms.familj}"]
    if study.borrowed:
        said.append("tilldelning efter samma prislista som ersättningen")
    if study.group and not shown.why_no_mean(study):
        said.append(f"de okända som enhetens {study.group} i mätningen {study.year.conditions.matdagar[1]}")
    if any(n.change.typ == "regel" and n.change.regel.startswith("kbh.") for n in study.case.scenario):
        said.append("KBH med scenariots egna regelvärden")
    return f"Antaganden {ar}: {', '.join(said)}. Säkrare siffror finns när de boendes nivåer är beslutade."
