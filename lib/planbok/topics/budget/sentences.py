"""The budget's first screen: the answer in sentences that change with sign and size."""

import math

import numpy as np
import pandas as pd

from planbok.analysis.uncertainty import combined_interval
from planbok.base.numbers import KR_PER_MNKR, SMALL_KR, amount, few_decimals, format_number, format_unit, kronor
from planbok.base.periods import last_day, month_span
from planbok.base.words import large, listed, small
from planbok.case.checks import CLOSES_WITHIN_KR
from planbok.case.result import Result
from planbok.inputs.scenario.load import BASELINE
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.ledger import compare
from planbok.report.text import in_words, meeting, moved, summing
from planbok.topics.budget import tables
from planbok.topics.budget.study import Study

ADJUSTMENT_RULE = "budget.justeras_efter"
SMALL_MNKR = 0.05  # what one decimal of mnkr shows as 0,0
HIDDEN_MOVE_MNKR = 0.5  # a move of cost and revenue behind a still net that is worth a sentence
SMALL_RANGE_KR = 1000  # what three decimals of mnkr can't tell apart
MOST_SENTENCES = 8
MOST_ROWS_NAMED = 4
MOST_NAMED = 2
MOST_STEPS = 3


def sentences(study: Study, shown: Result) -> list[str]:
    """The answer in 3–8 sentences: what it costs, what it takes, what changed, what it rests on."""
    fault = [*_unknown_sentence(study), *_fault_sentence(study)]
    said = _known_in_part(study, shown) if missing_cells(study) else _answer(study, shown)
    return [*said[: MOST_SENTENCES - len(fault)], *fault]


def _answer(study: Study, shown: Result) -> list[str]:
    budget = shown.tabeller["budget"].frame
    if study.outcome.scenario.id == study.versus.scenario.id:
        said = [_budget_sentence(study, budget), *_balance_sentence(study, shown)]
        if abs(shown.kronor("avvikelse_mnkr")) < CLOSES_WITHIN_KR:
            said.reverse()  # that it is in balance is the answer
        said.append(_year_sentence(study, budget))
        said += _earlier_years_sentence(study, shown.tabeller["ar_jamforelse"].frame)
    else:
        first = [_frame_sentence(study, shown)] if moves_frame(study) else []
        said = [*first, _difference_sentence(shown), _full_year_sentence(study, shown)]
        said += [*_balance_sentence(study, shown), *_steps_sentence(study, shown), *_range_sentence(study)]
        said.append(_year_sentence(study, budget))
        return [*said, *_basis_sentence(study, shown), *_adjustment_sentence(study)]
    return [*said, *_range_sentence(study), *_basis_sentence(study, shown), *_adjustment_sentence(study)]


def moves_frame(study: Study) -> bool:
    """Whether the scenario moves the frame, so that the deviation from it is the answer."""
    moved = study.outcome.moved
    return max(abs(moved.kr_ram), abs(moved.kr_ram_helar)) >= CLOSES_WITHIN_KR


def _frame_sentence(study: Study, shown: Result) -> str:
    """The deviation from the frame in the year and over a full year: the headline where the frame moves."""
    year, full = (shown.kronor(name) for name in ("avvikelse_mnkr", "avvikelse_helar_mnkr"))
    titel = shown.texter["scenario"]
    assumed = f" Antagande: {listed(study.outcome.antaget)}." if study.outcome.antaget else ""
    return f"{titel}: {_state(year)} mot ramen i år, {_state(full)} på helår.{assumed}"


def _state(gap: float) -> str:
    if abs(gap) < CLOSES_WITHIN_KR:
        return "±0"
    return f"{amount(abs(gap))} i {'underskott' if gap < 0 else 'överskott'}"


def _steps_sentence(study: Study, shown: Result) -> list[str]:
    """What a scenario of several changes is, or is not: each with what it does, the largest first."""
    frame = shown.tabeller["brygga"].frame
    steps = frame[~frame["typ"].isin(["start", "slut", "samspel"]) & (frame["kr"].abs() >= CLOSES_WITHIN_KR)]
    if len(steps) < 2 or steps["typ"].eq("flera").any():
        return []
    largest = steps.loc[steps["kr"].abs().sort_values(ascending=False, kind="stable").index][:MOST_STEPS]
    parts = [f"{row['steg']} ({amount(row['kr'], True, 2)})" for row in largest.to_dict("records")]
    kind, whose = ("förändringar", "scenariots ") if study.versus.scenario.id == BASELINE else ("skillnader", "")
    against = "" if whose else f" mot {shown.texter['jamfor']}"
    start = f"{whose}{kind}" if len(steps) == len(largest) else f"störst av {whose}{len(steps)} {kind}"
    return [f"{large(start)}{against}: {'; '.join(parts).replace('Utan: ', 'utan ')}."]


def missing_cells(study: Study) -> str:
    """Which amounts the budget does not give; "" where it gives all."""
    lacks = study.bas.by_row()[["kostnad_kr", "intakt_kr"]].isna().to_numpy()
    words = {(True, True): "kostnad och intäkt", (True, False): "kostnad", (False, True): "intäkt"}
    rows = zip(study.bas.by_row().index, map(tuple, lacks.tolist()), strict=True)
    parts = [f"{words[which]} för {row}" for row, which in rows if which in words]
    return f"underlaget anger inte {', '.join(_shortened(parts))}" if parts else ""


def missing_year(study: Study) -> str:
    """Why there is no change on the year before."""
    before = study.case.ar - 1
    if before in study.year_sums:
        return f"{tables.own_name(study)} {before} anger inte alla kostnader och intäkter"
    return f"{tables.own_name(study)} {before} finns inte i underlaget, och förändringen är inte angiven"


def _shortened(parts: list[str]) -> list[str]:
    more = len(parts) - MOST_ROWS_NAMED
    return parts if more <= 0 else [*parts[:MOST_ROWS_NAMED], f"och {more} till"]


def _mnkr(value: float, signed: bool = False, decimals: int = 1) -> str:
    return format_unit(value, "mnkr", decimals, signed=signed)


def _known_in_part(study: Study, shown: Result) -> list[str]:
    """A budget that its source gives in part: what it gives, and that the rest is not known."""
    parts = []
    for row in study.rows.to_dict("records"):
        amounts = {"kostnad_mnkr": "kostnader", "intakt_mnkr": "intäkter", "belopp_mnkr": ""}
        known = [
            f"{words} {format_unit(row[key], 'mnkr', few_decimals(row[key]))}".strip()
            for key, words in amounts.items()
            if not np.isnan(row[key])
        ]
        name = " ".join(row[key] for key in ("budgetrad", "verksamhet", "kostnadsslag") if row[key])
        parts.append(f"{name} {' och '.join(known)}")
    said = [f"Budgeten {study.case.ar} anger: {'; '.join(_shortened(parts))}."]
    said.append(f"Nettokostnad och avvikelse kan inte räknas fram: {missing_cells(study)}.")
    if study.outcome.scenario.id != study.versus.scenario.id:
        said.append(_moved_sentence(study, shown))
    if study.outcome.scenario.changes:
        return said
    return [*said, "Inget är tillagt eller uppskattat utöver det som källan anger."]


def _moved_sentence(study: Study, shown: Result) -> str:
    """What the scenario does, which is known though the whole is not, and what the stated sums become."""
    row = shown.tabeller["budget"].frame.iloc[-1]
    year, full = (amount(row[name] * KR_PER_MNKR, True, 2) for name in ("netto_skillnad_mnkr", "helarseffekt_mnkr"))
    said = f"Scenariot ändrar nettokostnaden med {year} i år och {full} på helår"
    before = study.rows.groupby("budgetrad")["belopp_mnkr"].sum(min_count=1)
    now = tables.stated_sums(study)
    changed = [row for row in before.index if not np.isnan(now[row]) and now[row] != before[row]]
    parts = [f"{row} {format_number(before[row], 2)} blir {format_unit(now[row], 'mnkr', 2)}" for row in changed]
    return f"{said}: {', '.join(_shortened(parts))}." if parts else f"{said}."


def _budget_sentence(study: Study, budget: pd.DataFrame) -> str:
    year = budget.iloc[-1]
    places, net = meeting(year["kostnad_mnkr"], year["intakt_mnkr"])
    cost, revenue = (format_unit(year[f"{side}_mnkr"], "mnkr", places) for side in ("kostnad", "intakt"))
    return (
        f"Nettokostnaden {study.case.ar} är {format_unit(net, 'mnkr', places)}: kostnader på {cost} "
        f"och intäkter på {revenue}."
    )


def _difference_sentence(shown: Result) -> str:
    kr, net, versus = (shown.kronor(n) for n in ("skillnad_mnkr", "nettokostnad_mnkr", "nettokostnad_jamfor_mnkr"))
    how = "lika mycket som"
    places, difference = meeting(tables.mnkr(net), tables.mnkr(versus))
    if abs(kr) >= CLOSES_WITHIN_KR:
        size = format_unit(abs(difference), "mnkr", places) if abs(kr) >= SMALL_KR else amount(abs(kr))
        how = f"{size} {'mer' if kr > 0 else 'mindre'} än"
    now, before = (format_unit(tables.mnkr(kr), "mnkr", places) for kr in (net, versus))
    return f"Nettokostnaden blir {now}, {how} {shown.texter['jamfor']} på {before}."


def _full_year_sentence(study: Study, shown: Result) -> str:
    """What the scenario means over twelve months, and what of it is left for next year where it lasts."""
    year, full = shown.kronor("skillnad_mnkr"), shown.kronor("helarseffekt_mnkr")
    places, rest = meeting(tables.mnkr(full), tables.mnkr(year))
    rest = rest * KR_PER_MNKR if abs(full - year) >= SMALL_KR else full - year
    ram, ram_full = shown.kronor("ram_skillnad_mnkr"), shown.kronor("ram_helar_skillnad_mnkr")
    frame_moves = max(abs(ram), abs(ram_full)) >= CLOSES_WITHIN_KR
    if frame_moves and max(abs(year), abs(full)) >= CLOSES_WITHIN_KR:
        yearly = f"på helår {_way(full)} kostnaden{_by(full)} och {_way(ram_full)} ramen{_by(ram_full)}"
        if full * ram_full > 0:
            yearly = f"på helår {_way(full)} kostnaden{_by(full)} och ramen{_by(ram_full)}"
        if full * ram_full > 0 and amount(full) == amount(ram_full):
            yearly = f"på helår {_way(full)} både kostnad och ram med {amount(abs(full))}"
        return f"Ramen {_way(ram)}{_by(ram)} i år; {yearly}."
    if frame_moves:
        return f"Kostnaden ändras inte; ramen {moved(ram, ram_full, amount)}."
    by_december = f"På helår, i den takt som gäller den 31 december, är skillnaden {amount(full, signed=True)}"
    if not _lasts(study):
        later = any(numbered.change.starts > last_day(study.case.ar) for numbered in study.outcome.scenario)
        return f"{by_december}; det som börjar efter årsskiftet är inte med." if later else f"{by_december}."
    if max(abs(year), abs(full)) < CLOSES_WITHIN_KR:
        return "Budgeten ändras inte, varken i år eller på helår."
    if abs(full - year) < CLOSES_WITHIN_KR:
        return f"Effekten är densamma på helår, {amount(full, signed=True)}."
    alike = abs(full - 2 * year) < CLOSES_WITHIN_KR
    more = "lika mycket till som i år" if alike else f"{amount(abs(rest), decimals=places)} till"
    whole = amount(full, signed=True, decimals=1 if alike else places)
    known = "" if alike or abs(year) < CLOSES_WITHIN_KR else f" utöver årets {amount(abs(year), decimals=places)}"
    if year >= 0 and rest > 0:
        return f"Helårseffekten är {whole}: {more}{known} måste finansieras nästa år."
    if year <= 0 and rest < 0:
        return f"Helårseffekten är {whole}: nästa år sänks kostnaden med {more}{known}."
    return f"{by_december}."


def _way(kr: float) -> str:
    return "ändras inte" if abs(kr) < CLOSES_WITHIN_KR else "ökar" if kr > 0 else "minskar"


def _by(kr: float) -> str:
    return "" if abs(kr) < CLOSES_WITHIN_KR else f" med {amount(abs(kr))}"


def _lasts(study: Study) -> bool:
    """Whether all that differs goes on through next year, so that next year is its full year."""
    end = last_day(study.case.ar)
    changes = [n.change for o in (study.outcome, study.versus) for n in o.scenario]
    stops = [c.ends for c in changes if c.ends and end <= c.ends < last_day(study.case.ar + 1)]
    begins_later = any(change.starts > end for change in changes)
    return not stops and not begins_later and not any(change.typ == "bedomning" for change in changes)


def _balance_sentence(study: Study, shown: Result) -> list[str]:
    """How the year stands against the frame; a closed year's own books say nothing of that."""
    gap, frame = shown.kronor("avvikelse_mnkr"), shown.kronor("ram_mnkr")
    places, size = meeting(tables.mnkr(frame), tables.mnkr(shown.kronor("nettokostnad_mnkr")))
    ram = _mnkr(tables.mnkr(frame), decimals=places)
    size = abs(size) * KR_PER_MNKR if abs(gap) >= SMALL_KR else abs(gap)
    if study.version == "bokslut" and not study.outcome.scenario.changes:
        return []
    if abs(gap) < CLOSES_WITHIN_KR:
        if study.outcome.scenario.changes:
            return [f"Budgeten är i balans: nettokostnaden ryms precis i ramen på {ram}."]
        return [f"Budgeten är lagd i balans: ramen är dess nettokostnad, {ram}. Hur året går säger prognosen."]
    if gap > 0:
        return (
            [] if moves_frame(study) else [f"Det ger {amount(size, decimals=places)} i överskott mot ramen på {ram}."]
        )
    start = tables.first_month(study)
    monthly = kronor(_rounded_up(-gap / (13 - start)))
    needs = f"andra kostnader sänkas med {monthly} per månad {month_span(start)}"
    if moves_frame(study):
        return [f"För budget i balans i år behöver {needs}."]
    short = f"{amount(size, decimals=places)} i underskott mot ramen på {ram}"
    return [f"Det ger {short}: för budget i balans i år behöver {needs}."]


def _rounded_up(kr: float) -> int:
    """A monthly amount that is easy to say and still enough.

    >>> _rounded_up(94_917), _rounded_up(2_500), _rounded_up(12.5), _rounded_up(1_000_001)
    (95000, 2500, 13, 1010000)
    """
    step = 10_000 if kr >= KR_PER_MNKR else 1000 if kr >= 10_000 else 100 if kr >= 1000 else 1
    return step * math.ceil(round(kr / step, 6))


def _year_sentence(study: Study, frame: pd.DataFrame) -> str:
    """The change on the year before, the same as the key figure: with the scenario where there is one."""
    before = study.case.ar - 1
    pair = frame.set_index("budgetrad")["forandring_mnkr"]
    if np.isnan(pair[TOTAL_ROW]):
        return f"Förändringen mot {before} saknas: {missing_year(study)}."
    total, rows = pair[TOTAL_ROW], pair.drop(TOTAL_ROW)
    rows = rows[rows.abs() >= SMALL_MNKR]
    largest = rows[rows.abs().sort_values(ascending=False, kind="stable").index][:MOST_NAMED]
    others = float(total - largest.sum()) if abs(total) >= SMALL_MNKR else 0.0
    places, whole, shares = summing(float(largest.sum()) + others, [*largest, others])
    own = tables.own_name(study)
    still = "oförändrat" if own == "bokslutet" else "oförändrad"
    own += ", scenariot inräknat," if study.outcome.scenario.changes else ""
    how = f"är {own} {still}"
    if abs(total) >= SMALL_MNKR:
        how = f"{'ökar' if total > 0 else 'minskar'} {own} med {_mnkr(abs(whole), decimals=places)}"
    parts = [
        f"{small(str(row))}{' står' * (not i)} för {format_number(x, places)}"
        for i, (row, x) in enumerate(zip(largest.index, shares, strict=False))
    ]
    rest = f", övriga rader för {format_number(shares[-1], places)}" if parts and shares[-1] else ""
    return f"Mot {before} {how}{'; ' * bool(parts)}{' och '.join(parts)}{rest}."


def _earlier_years_sentence(study: Study, frame: pd.DataFrame) -> list[str]:
    """The longest comparison, and a row whose still net hides a move of both cost and revenue."""
    older = frame[frame["fran_ar"] < study.case.ar - 1]
    totals = older[(older["budgetrad"] == TOTAL_ROW) & older["netto_forandring_mnkr"].notna()]
    if totals.empty:
        return []
    total = totals.iloc[-1]
    change, first = total["netto_forandring_mnkr"], int(total["fran_ar"])
    said = f"Nettot är oförändrat sedan {first}"
    if abs(change) >= SMALL_MNKR:
        percent = "" if np.isnan(total["procent"]) else f" ({format_unit(abs(total['procent']), 'procent')})"
        said = f"Sedan {first} har nettot {'ökat' if change > 0 else 'minskat'} med {_mnkr(abs(change))}{percent}"
    rows = older[(older["fran_ar"] == first) & (older["budgetrad"] != TOTAL_ROW)]
    moved = rows["kostnad_forandring_mnkr"].abs() >= HIDDEN_MOVE_MNKR
    for row in rows[(rows["netto_forandring_mnkr"].abs() < SMALL_MNKR) & moved].head(1).to_dict("records"):
        cost, revenue = (format_number(row[f"{m}_forandring_mnkr"], signed=True) for m in ("kostnad", "intakt"))
        way = "ökat" if row["kostnad_forandring_mnkr"] > 0 else "minskat"
        both = f"kostnaderna har ändrats med {cost} och intäkterna med {revenue}"
        if cost == revenue:
            both = f"både kostnader och intäkter har {way} med {cost[1:]}"
        said += f"; nettot för {small(row['budgetrad'])} är oförändrat, men {both}"
    return [said + "."]


def _range_sentence(study: Study) -> list[str]:
    ends = compare.stated_ends(study.outcome, study.effects_of)
    pairs = list(ends[["kr_lag", "kr_hog"]].itertuples(index=False, name=None))
    low, high = combined_interval(study.outcome.amounts().kr, pairs)
    if high - low < SMALL_RANGE_KR:
        return []
    decimals = 1 if high - low >= 2 * SMALL_KR else 3
    span = f"{format_number(tables.mnkr(low), decimals)}–{format_unit(tables.mnkr(high), 'mnkr', decimals)}"
    return [f"Med de osäkerheter som scenariot anger blir nettokostnaden i åtta fall av tio {span}."]


def _basis_sentence(study: Study, shown: Result) -> list[str]:
    """What the net cost rests on: the budget itself, and what the scenario puts to it."""
    frame = shown.tabeller["underlag"].frame
    frame = frame[frame["underlag"] != TOTAL_ROW]
    parts = frame[(frame["netto_mnkr"] * KR_PER_MNKR).abs() >= CLOSES_WITHIN_KR]
    also_changes = study.basis in {n.change.underlag for n in study.outcome.scenario}
    own = in_words(study.basis) if study.basis != "beslutad" else "beslutad budget"
    own += " och beslutade åtgärder" if also_changes and study.basis == "beslutad" else ""
    named = {row["underlag"]: float(row["netto_mnkr"]) * KR_PER_MNKR for row in parts.to_dict("records")}
    if len(named) <= 1:
        return [f"Hela nettokostnaden är {own if study.basis in named or not named else in_words(next(iter(named)))}."]
    first = named.pop(study.basis, 0.0)
    parts_mnkr = [tables.mnkr(kr) for kr in (first, *named.values())]
    places, _, shares = summing(sum(parts_mnkr), parts_mnkr)
    rest = [
        f"{amount(share * KR_PER_MNKR or kr, True, places)} {in_words(underlag)}"
        for share, (underlag, kr) in zip(shares[1:], named.items(), strict=True)
    ]
    return [f"Av nettokostnaden är {_mnkr(shares[0], decimals=places)} {own}; scenariot ändrar den med {listed(rest)}."]


def _adjustment_sentence(study: Study) -> list[str]:
    """When the unit's preliminary budget is adjusted, where a rule says so."""
    stated = (study.case.rule_or_none(ADJUSTMENT_RULE) if study.version == "vp" else None) or {}
    return [f"Budgeten justeras efter {stated[study.case.enhet]}."] if study.case.enhet in stated else []


def _unknown_sentence(study: Study) -> list[str]:
    """What the scenario's other topics can't say, and so is in no sum."""
    if not study.outcome.okant:
        return []
    named = ", ".join(_shortened(list(study.outcome.okant)))
    return [f"Okänt, och inte medräknat annat än genom scenariots egna belopp: {named}."]


def _fault_sentence(study: Study) -> list[str]:
    wrong = [c for c in study.comparisons if not c.ok]
    if not wrong:
        return []
    places = "ett ställe" if len(wrong) == 1 else f"{len(wrong)} ställen"
    return [f"Obs! Underlaget går inte ihop på {places}; se Kontroller innan siffrorna används."]
