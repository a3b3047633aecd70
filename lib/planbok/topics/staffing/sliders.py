"""What can be turned in the report's page: points of sick leave for the rest of the year, and who replaces the sick."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from planbok.base.numbers import format_number
from planbok.base.periods import month_span
from planbok.case.case import rules_under
from planbok.case.sliders import TRIED, Grid, Slider
from planbok.case.study import trying
from planbok.topics.staffing.model import KINDS
from planbok.topics.staffing.people import SICK
from planbok.topics.staffing.rates import SHARES_RULE, RuleBook
from planbok.topics.staffing.study import Study
from planbok.topics.staffing.year import EVERYONE

MOST_POINTS, STEP_POINTS, MOST_GROUPS = 5.0, 0.1, 3
ENDS = (-100.0, 100.0)  # a line goes through them, whatever a dial's own ends are
STEP_SHARE = 5
HOURLY, HIRED, PRICES = "timavlonad", "inhyrd", "ersattare.kr_per_timme."
MIX = "inhyrd_andel"
REST, YEAR_END, REPLACED = "prognos_resten_procent", "prognos_ar_procent", "ersattarkostnad_resten_kr"
STILL = "Flyttar vad ersättarna kostar. Figurerna står still: de visar frånvaro, inte kronor."
SENTENCES = (
    "I provet är sjukfrånvaron {prognos_resten_procent} resten av året och {prognos_ar_procent} hela året.",
    "Ersättare för de sjuka kostar {ersattarkostnad_resten_kr} resten av året.",
)


def sliders(study: Study) -> tuple[tuple[Slider, ...], tuple[Grid, ...]]:
    """The dials and what they move; none where the year is over or has no hours ahead."""
    hours = study.world.base.avtalad[:, study.tom_manad :]
    if not hours.sum():
        return (), ()
    points, mix = [*_points(study)], _mix(study)
    dials = [*points, _of_mix(study, mix)] if mix else points
    return tuple(dials), tuple(_costs(study, [one.id for one in points], mix))


def _points(study: Study) -> Iterator[Slider]:
    """A dial for everyone and one for each of the largest groups, from the first month that is not known."""
    base, tom = study.world.base, study.tom_manad
    hours, by_month = base.avtalad[:, tom:].sum(axis=1), base.avtalad[:, tom:]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = 100 * study.world.sick.sjuk[:, tom:] / base.avtalad[:, tom:]
    lowest = np.nanmin(np.where(base.avtalad[:, tom:], ratio, np.inf), axis=1)
    every = _dial(study, EVERYONE, "Sjukfrånvaron i alla grupper", EVERYONE, by_month.sum(axis=0))
    told = tuple((SICK, name) for name in base.groups)
    yield replace(every, minst=_down(lowest.min()), tells=told, annars=replace(every, minst=0))
    for place in np.argsort(-hours, kind="stable")[:MOST_GROUPS]:
        name = base.groups[place]
        if hours[place] and len(base.groups) > 1:
            dial = _dial(study, group_id(place), name, name, by_month[place])
            yield replace(dial, minst=_down(lowest[place]), tells=((SICK, name),))


def _dial(study: Study, name: str, label: str, grupp: str, hours: np.ndarray) -> Slider:
    """Percentage points more in the rest of the year, of everyone or of a group, by its contracted hours a month."""
    start = date(study.ar, study.tom_manad + 1, 1).isoformat()
    change = {"typ": "sjukfranvaro", "enhet": study.case.enhet, "grupp": grupp, "procentenheter": f"{{{name}}}"}
    change |= {"fran": start, **TRIED}
    title = f"{label}, {month_span(study.tom_manad + 1)}"
    avtalad = study.world.base.avtalad
    whole = {YEAR_END: avtalad.sum(), REST: avtalad[:, study.tom_manad :].sum()}
    moves = {key: {name: [(end, float(end * hours.sum() / of)) for end in ENDS]} for key, of in whole.items()}
    by_month = zip(range(study.tom_manad + 1, 13), hours, avtalad[:, study.tom_manad :].sum(axis=0), strict=True)
    drawn = {
        expected(month): {name: [(end, float(end * part / of)) for end in ENDS]} for month, part, of in by_month if of
    }
    return Slider(name, title, "procentenheter", 0, MOST_POINTS, STEP_POINTS, 0, moves, andring=change, ritar=drawn)


def expected(month: int) -> str:
    """What the figure over the months calls what a month ahead is expected to be."""
    return f"vantas.{month}"


def group_id(place: int) -> str:
    """The id of a group's dial, by its place among the groups."""
    return f"grupp_{place + 1}"


def _down(lowest: float) -> float:
    """How far a dial goes: down to half of the lowest month, since two dials may lower it together."""
    half = min(np.floor(lowest / 2 / STEP_POINTS + 1e-9) * STEP_POINTS, MOST_POINTS)
    return round(0.0 - float(half), 1)


Mix = dict[int, dict[str, float]]  # shares of each kind of replacement by the dial's position, of which it has several


def _mix(study: Study) -> Mix:
    """What the dial can be: hired instead of hourly staff, in steps from what the rules have; {} where those change."""
    rules = rules_under(study.case.sources.rules, study.case.scenario, study.case.enhet)
    if SHARES_RULE not in rules.series:  # without it nothing of the costs is known
        return {}
    days = [span.start for span in study.world.spans if span.start.month > study.tom_manad]
    first, *rest = (rules.value(SHARES_RULE, day).varde for day in days)
    if any(other != first for other in rest):
        return {}
    shares = {kind: float(first.get(kind, 0.0)) for kind in KINDS}
    both, now = 100 * (shares[HOURLY] + shares[HIRED]), 100 * shares[HIRED]
    steps = range(-int(now // STEP_SHARE), int((both - now) // STEP_SHARE) + 1)
    hired = {step: now + STEP_SHARE * step for step in steps}
    found = {step: shares | {HIRED: share / 100, HOURLY: (both - share) / 100} for step, share in hired.items()}
    return found if len(found) > 1 else {}


def _of_mix(study: Study, mix: Mix) -> Slider:
    """The dial that moves replacements from hourly staff to hired."""
    listed = {at: ", ".join(f"{kind}: {share:.10g}" for kind, share in shares.items()) for at, shares in mix.items()}
    start = date(study.ar, study.tom_manad + 1, 1).isoformat()
    change = {"typ": "regel", "regel": SHARES_RULE, "varde": f"{{{MIX}}}", "fran": start}
    return Slider(
        MIX, "Sjuka timmar som inhyrda ersätter, i stället för timavlönade", "% av timmarna", min(mix), max(mix), 1, 0,
        {}, namn={at: format_number(100 * shares[HIRED], 0) for at, shares in mix.items()},
        skrivs={at: f"{{{text}}}" for at, text in listed.items()},
        andring=change | TRIED, star_still=STILL,
    )  # fmt: skip


def _costs(study: Study, names: list[str], mix: Mix) -> Iterator[Grid]:
    """What replacements cost in the rest of the year: the hours ahead, and those that each dial adds, by the mix."""
    world = study.world
    ahead = world.month >= study.tom_manad
    sick, hours = (part[:, world.month[ahead]] * world.share[ahead] for part in (world.sick.sjuk, world.base.avtalad))
    groups = {EVERYONE: hours.sum(axis=0)} | {group_id(place): its for place, its in enumerate(hours)}
    if not mix:
        price = np.array([rates.replacement_price for rates in world.rates])[ahead]
        for name in names:
            yield Grid(REPLACED, (name,), (ENDS,), np.array(ENDS) * float(groups[name] @ price) / 100)
        return
    ends = (min(mix), max(mix))
    price = np.array([_prices(study, mix[end])[ahead] for end in ends])
    axis = tuple(map(float, ends))
    yield Grid(REPLACED, (MIX,), (axis,), price @ sick.sum(axis=0))
    for name in names:
        yield Grid(REPLACED, (name, MIX), (ENDS, axis), np.outer(ENDS, price @ groups[name] / 100))


def _prices(study: Study, shares: dict[str, float]) -> np.ndarray:
    """The mean price of replacing a sick hour in each span of the year, kr; NaN where a price is missing."""
    case = trying(study.case, study.case.scenario)  # what is read here is no part of the report
    rules = rules_under(case.sources.rules, case.scenario, case.enhet)
    books = [RuleBook(case, rules, span.start) for span in study.world.spans]
    return np.array(
        [sum(share * book.number(f"{PRICES}{kind}") for kind, share in shares.items() if share) for book in books]
    )
