"""LSS-peng's figures: the budget beside the days month by month, and what moved; unit totals only."""

from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.base.periods import short_month
from planbok.case.result import Result
from planbok.report.bridge import drawn
from planbok.report.charts import MONTHS, course, ranges
from planbok.report.figure import DEFICIT, SCENARIO, SURPLUS, Shown, lines
from planbok.report.marks import moving, moving_level
from planbok.topics.lss_peng.tables import STATES, TO_SCENARIO

HALF_MONTH = 15  # a measurement before it rules its own month, one after it the next
KEYS = (*(f"{state}_kr" for state in STATES), "peng_dygn_kr")


def state_figure(result: Result) -> Shown:
    """The budget in force month by month, which steps with each measurement, against what the year's days are worth."""
    missing = next((f for key in KEYS if (f := result.nyckeltal[key]).varde is None), None)
    if missing:
        return f"Budgeten och dygnen visas inte som figur: {missing.why}."
    *states, days = (result.nyckeltal[key].number / KR_PER_MNKR for key in KEYS)
    begins = [0, *(_month_after(day) for day in sorted(result.texter["matningar"].split())[1:])]
    force = [states[sum(month >= begin for begin in begins) - 1] for month in range(12)]
    of_days, about = f"Årets dygn {format_number(days)}", result.nyckeltal["peng_dygn_kr"].about
    title = f"Den slutliga budgeten är {format_unit(states[-1], 'mnkr')}, årets dygn {about}{format_unit(days, 'mnkr')}"
    alt = f"Årets budget, mnkr: {course(MONTHS, force)}. Årets dygn är värda {format_unit(days, 'mnkr')}."
    figure = lines(
        MONTHS,
        {"Årets budget": force},
        title=title,
        alt=alt,
        mattenhet="LSS-peng för hela året, mnkr",
        colors=(SCENARIO,),
        from_zero=False,
        steps=("Årets budget",),
        levels={of_days: days},
    )
    moving_level(figure, of_days, "peng_dygn_kr", KR_PER_MNKR)
    in_force = [KEYS[sum(month >= begin for begin in begins) - 1] for month in range(12)]
    return moving(figure, "Årets budget", in_force, KR_PER_MNKR)


def _month_after(day: str) -> int:
    """The month, from 0, from which a measurement's budget is in force."""
    return int(day[5:7]) - (int(day[8:]) < HALF_MONTH)


def next_figure(result: Result) -> Shown:
    """What the next measurement gives with known decisions, beside this year's final budget, and its range."""
    state = result.texter["lage"]
    final, known = result.nyckeltal[f"{state}_kr"], result.fakta["nasta_kr"]
    if final.varde is None or known.varde is None:
        return f"Nästa mätning visas inte som figur: {final.why or known.why}."
    low, high = (result.fakta[f"nasta_{end}_kr"].varde for end in ("lag", "hog"))
    now, ahead = final.number / KR_PER_MNKR, known.number / KR_PER_MNKR
    ends = (None, None) if low is None or high is None else (low / KR_PER_MNKR, high / KR_PER_MNKR)
    name = "Årets slutliga budget" if state == "slutlig" else final.etikett
    rows = {name: (now, None, None), "Nästa mätning": (ahead, *ends)}
    how = "mer" if ahead >= now else "mindre"
    title = f"Nästa mätning ger {format_unit(ahead, 'mnkr')}, {format_number(abs(ahead - now))} {how} än den senaste"
    alt = f"{name} {format_unit(now, 'mnkr')}, nästa mätning {format_unit(ahead, 'mnkr')}"
    if ends != (None, None):
        alt += f", mellan {format_number(ends[0])} och {format_number(ends[1])}"
    return ranges(rows, title=title, alt=f"{alt}.", mattenhet="LSS-peng för ett år, mnkr")


def month_figure(result: Result) -> Shown:
    """What the final budget lacks or leaves of the days' worth, added up month by month."""
    frame = result.tabeller["per_manad"].frame
    if frame[["peng_kr", "slutlig_kr", "skillnad_kr"]].isna().any(axis=None):
        return f"Månaderna visas inte som figur: {result.nyckeltal['peng_dygn_kr'].why or 'de gäller få personer'}."
    gap = (frame["skillnad_kr"].cumsum() / KR_PER_MNKR).tolist()
    names = [short_month(str(manad)[-7:]) for manad in frame["manad"]]
    whole = result.nyckeltal["skillnad_matning_dygn_kr"]
    gap[-1] = whole.number / KR_PER_MNKR  # which is rounded by itself
    how = "mindre" if gap[-1] < 0 else "mer"
    places = 1 if whole.avrundat_till else 2
    size = whole.about + format_unit(abs(gap[-1]), "mnkr", places)
    title = f"Till årets slut ger budgeten {size} {how} än dygnen är värda"
    alt = f"Budget minus dygn, lagt ihop, mnkr: {course(names, gap, places)}."
    colors = (DEFICIT if gap[-1] < 0 else SURPLUS,)
    unit = "Budget minus dygn, mnkr (− räcker inte)"
    return lines(names, {"Lagt ihop": gap}, title=title, alt=alt, mattenhet=unit, colors=colors, decimaler=places)


def bridge_figure(result: Result) -> Shown:
    """What moved: from the comparison to the scenario where there is one, else from last year's final budget."""
    frame = result.tabeller["brygga"].frame
    legs = frame["brygga"].tolist()
    leg = legs[-1] if TO_SCENARIO in legs else legs[0]
    rows = frame[frame["brygga"] == leg]
    start, end = rows.iloc[0], rows.iloc[-1]
    if rows["kr"].isna().any():
        return f"{leg} visas inte som figur: {result.nyckeltal['slutlig_kr'].why or 'stegen gäller få personer'}."
    moved = rows["kr"].iloc[1:-1].sum() if leg == TO_SCENARIO else end["kr"] - start["kr"]  # as the first screen says
    difference = moved / KR_PER_MNKR
    how = "mer" if difference >= 0 else "mindre"
    title = f"{end['steg']} är {format_unit(abs(difference), 'mnkr')} {how} än {start['steg'].lower()}"
    found = drawn(rows, title=title, mattenhet="LSS-peng, mnkr", plus="better", decimaler=1)
    return found or f"{leg}: inget har ändrats."
