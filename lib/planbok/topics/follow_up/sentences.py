"""The month's first screen: the answer in sentences that change with sign and size."""

import math

import pandas as pd

from planbok.analysis.forecast import MONTHS
from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit, mnkr
from planbok.base.periods import MONTH_NAMES, month_span
from planbok.case.reconciled import agreement
from planbok.case.result import CLOSES_WITHIN_KR
from planbok.ledger.act import JUDGEMENT, MEASURE
from planbok.topics.follow_up.bridges import CAUSE_NAMES, CLOSED, UNEXPLAINED
from planbok.topics.follow_up.explain import SINCE_LAST, bridge_table, last_prognosis, mean_error
from planbok.topics.follow_up.measures import is_late, largest_row
from planbok.topics.follow_up.study import Study

SMALL_KR = 50_000  # what one decimal of mnkr shows as 0,0
MOST_SENTENCES = 8


def sentences(study: Study) -> list[str]:
    """The answer in 3–8 sentences: agreement with the books, the year, the outturn, what changed, what is missing."""
    amounts = study.prognosis.amounts
    known, agrees = agreement(study.case, amounts.utfall, study.tom)
    said = [agrees] if known else []
    if math.isnan(amounts.prognos) or math.isnan(amounts.budget):
        return [*said, *_known_in_part(study), *([] if known else [agrees])]
    said += [_prognosis_sentence(study), _outturn_sentence(study)]
    said += _closed_sentence(study) + _since_last_sentence(study) + _judgement_sentence(study)
    said += _balance_sentences(study)
    unknown = study.prognosis.moves.unknown
    last = [] if known else [agrees]
    last += [f"Okänt, och inte med i prognosen: {', '.join(unknown)}."] if unknown else []
    return [*said[: MOST_SENTENCES - 1 - len(last)], _certainty_sentence(study), *last]


def amount(kr: float, signed: bool = False) -> str:
    """An amount in mnkr, or in kronor where mnkr would show nothing."""
    if abs(kr) >= SMALL_KR:
        return format_unit(mnkr(kr), "mnkr", signed=signed)
    return format_unit(kr, "kr", 0, signed)


def missing(study: Study) -> str:
    """What is unknown that the prognosis needs; "" where all is known."""
    books = study.prognosis.books
    rows = books.budget_rows.index[books.budget_rows.isna().any(axis=1)]
    if len(rows):
        return f"budgeten anger inte alla belopp för {', '.join(rows)}"
    unknown = pd.isna(study.prognosis.model).any(axis=1)
    names = dict.fromkeys(books.leaves.loc[unknown, "budgetrad"])
    return f"underlaget anger inte alla belopp för {', '.join(names)}" if names else ""


def _known_in_part(study: Study) -> list[str]:
    outturn = study.prognosis.amounts.utfall
    said = [f"Prognosen kan inte räknas fram: {missing(study)}."]
    if not math.isnan(outturn):
        said.insert(0, f"Utfallet {month_span(1, study.tom)} är {amount(outturn)}.")
    return [*said, "Inget är tillagt eller uppskattat utöver det som underlaget anger."]


def state(avvikelse: float) -> str:
    """A deviation in words, with its size.

    >>> state(-5.2e6).replace("\\u00a0", " "), state(0.2)
    ('ett underskott på 5,2 mnkr', 'budget i balans')
    """
    if abs(avvikelse) < CLOSES_WITHIN_KR:
        return "budget i balans"
    return f"ett {'underskott' if avvikelse < 0 else 'överskott'} på {amount(abs(avvikelse))}"


def _prognosis_sentence(study: Study) -> str:
    found = study.prognosis.amounts
    share = ""
    if found.budget > 0 and abs(found.avvikelse) >= CLOSES_WITHIN_KR:
        share = f" ({format_unit(100 * abs(found.avvikelse) / found.budget, 'procent')})"
    said = "Året slutade på" if study.tom == MONTHS else "Prognosen är"
    against = amount(found.budget)
    return f"{said} {amount(found.prognos)}: {state(found.avvikelse)}{share} mot budgeten {against}."


def _outturn_sentence(study: Study) -> str:
    found = study.prognosis.amounts
    said = f"Utfallet {month_span(1, study.tom)} är {amount(found.utfall)}"
    if found.budget <= 0:
        return said + "."
    used, gone = (format_unit(x, "procent") for x in (100 * found.utfall / found.budget, 100 * study.tom / MONTHS))
    late = study.prognosis.books.leaves.loc[study.prognosis.choices.late > 0, "budgetrad"].unique()
    waits = f"; sena fakturor saknas än för {', '.join(late)}" if len(late) and study.tom < MONTHS else ""
    return f"{said}, {used} av budgeten när {gone} av året har gått{waits}."


def _closed_sentence(study: Study) -> list[str]:
    last = last_prognosis(study)
    if last is None or not last.closed_kr or abs(last.closed_kr) < CLOSES_WITHIN_KR:
        return []
    span = month_span(1, last.tom)
    kr = format_unit(last.closed_kr, "kr", 0, signed=True)
    return [f"Stängda månader har ändrats: utfallet {span} är {kr} jämfört med när förra prognosen gjordes."]


def _since_last_sentence(study: Study) -> list[str]:
    """How the year has moved since the last prognosis, and what explains it."""
    last = last_prognosis(study)
    if last is None or math.isnan(last.kr):
        return []
    moved = study.prognosis.amounts.prognos - last.kr
    name = f"prognosen efter {MONTH_NAMES[last.tom - 1]}"
    if not last.reported:
        name += ", omräknad med dagens underlag,"
    if abs(moved) < SMALL_KR:
        return [f"Sedan {name} är årets nettokostnad nästan oförändrad."]
    frame = bridge_table(study).frame
    steps = frame[(frame["brygga"] == SINCE_LAST) & ~frame["orsak"].isin(["start", "slut"])]
    steps = steps[steps["kr"].abs() >= SMALL_KR]
    order = steps["kr"].abs().sort_values(ascending=False).index
    names = {**CAUSE_NAMES, UNEXPLAINED: "nytt utfall, ej förklarat närmare", CLOSED: "stängda månader"}
    parts = [
        f"{_small(names[row['orsak']])} {format_number(mnkr(row['kr']), 1, signed=True)}"
        for row in steps.loc[order].to_dict("records")
    ]
    why = f": {', '.join(parts)}" if parts else ""
    return [f"Sedan {name} har nettokostnaden {'ökat' if moved > 0 else 'minskat'} med {amount(abs(moved))}{why}."]


def _small(text: str) -> str:
    return text[0].lower() + text[1:]


def _judgement_sentence(study: Study) -> list[str]:
    judged = [n.change for n in study.case.scenario if n.change.typ == JUDGEMENT]
    kr = study.prognosis.amounts.bedomning
    if not judged or abs(kr) < CLOSES_WITHIN_KR:
        return []
    dated = max(change.datum for change in judged)
    size = format_unit(mnkr(kr), "mnkr", 2, signed=True)
    return [f"Chefens bedömning {dated:%Y-%m-%d} ingår med {size} utöver metoden."]


def _balance_sentences(study: Study) -> list[str]:
    """What measures bring beyond the prognosis, and what is still missing for balance."""
    found, said = study.prognosis.amounts, []
    has = any(n.change.typ == MEASURE for n in study.case.scenario)
    if has and abs(found.atgarder) >= CLOSES_WITHIN_KR:
        less = "lägre" if found.atgarder < 0 else "högre"
        said.append(f"Åtgärderna ger {amount(abs(found.atgarder))} {less} kostnad som ännu inte är med i prognosen.")
    elif has:
        said.append(_seen_sentence(study))
    if found.gap_efter < CLOSES_WITHIN_KR:
        if found.avvikelse < -CLOSES_WITHIN_KR:
            said.append("Med dem går budgeten ihop; inget mer behöver åtgärdas.")
        return said
    if study.tom == MONTHS:
        return said
    row, ahead = largest_row(study)
    start = study.tom + 1
    left = float(ahead[study.tom :].sum())
    share = f", {format_unit(100 * found.gap_efter / left, 'procent')} av {row} den tiden" if left > 0 else ""
    monthly = format_unit(mnkr(found.gap_efter / (MONTHS - study.tom)), "mnkr", 2)
    said.append(f"Kvar att åtgärda för budget i balans: {amount(found.gap_efter)}.")
    said.append(f"Det är {monthly} per månad om det börjar i {MONTH_NAMES[start - 1]}{share}. {_decision(start)}")
    return said


def _decision(start: int) -> str:
    """What to decide: the figures come well into the month `start`, so the next is the first that can be met."""
    if start == MONTHS:
        return "En åtgärd som beslutas nu hinner inte börja före årsskiftet: att besluta nu är vad som gäller nästa år."
    return f"Att besluta nu: vilka ytterligare åtgärder som ska starta senast den 1 {MONTH_NAMES[start]}."


def _seen_sentence(study: Study) -> str:
    """That measures have nothing more to bring; and after December, how many never began."""
    if study.tom < MONTHS:
        return "Det som åtgärderna ger i år finns redan med i prognosen."
    planned = [n.change for n in study.case.scenario if n.change.typ == MEASURE]
    late = sum(is_late(study, change) for change in planned)
    return (
        f"{late} av {len(planned)} åtgärder blev inte av i år." if late else "Det som åtgärderna gav finns i utfallet."
    )


def _certainty_sentence(study: Study) -> str:
    if study.tom == MONTHS:
        return "Hela året är bokfört, så ingen del är en prognos."
    error, where = mean_error(study)
    if study.spann is None:
        if error is None:
            return f"Hur säkert? Det går inte att säga än: {where}."
        size = format_unit(error, "procent")
        return f"Hur säkert? Prognoser så här tidigt har slagit fel med {size} i snitt ({where}); för få för ett spann."
    low, high = (format_number(kr / KR_PER_MNKR, 1) for kr in (study.spann.lag, study.spann.hog))
    rests = f"{study.spann.antal} {'tidigare prognoser' if study.spann.kalla != 'historik' else 'prov på tidigare år'}"
    size = "" if error is None else f"; felet har i snitt varit {format_unit(error, 'procent')}"
    return f"Hur säkert? I åtta fall av tio hamnar året på {low}–{high} mnkr, sett till {rests}{size}."
