"""LSS-peng in words: the first screen, the key figures and the checks."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.base.periods import long_date
from planbok.case.result import CLOSES_WITHIN_KR, Check, KeyFigure, Result, Table, closes, key_figure
from planbok.inputs.scenario.load import BASELINE
from planbok.ledger.bridge import closing
from planbok.topics.lss_peng import model, tables
from planbok.topics.lss_peng.decisions import OWN_REGI
from planbok.topics.lss_peng.outlook import moved_in_after, outlook, stated_range
from planbok.topics.lss_peng.study import Study

BESIDE = ("slutlig_kr", "peng_dygn_kr", "skillnad_matning_dygn_kr", "personer_matning_2")
EXAMPLE_INSATS, EXAMPLE_REGI = "gruppbostad", "kommunal"


def result(study: Study) -> Result:
    """The study as sentences, key figures, tables and checks."""
    found = [
        tables.insats_table(study),
        tables.months_table(study),
        tables.measurements_table(study),
        tables.bridge_table(study),
        tables.uncovered_table(study),
        tables.above_table(study),
        tables.rules_table(study),
        tables.grid_table(study),
    ]
    by_name = {table.namn: table for table in found if table is not None}
    if no_prices(study):
        by_name = {name: _without_numbers(table) for name, table in by_name.items()}
    figures = key_figures(study)
    state = tables.STATES[state_on(study, study.per_datum)]
    scenario = "" if study.case.is_public else study.case.scenario.titel
    return Result(
        rubrik=f"{study.case.unit_name()} · LSS-peng {study.case.ar}, läge {long_date(study.per_datum)} ({state})",
        underrubrik=f"Scenario: {scenario}" if scenario else "Scenario med förändringar av beslut och priser",
        sammanfattning=sentences(study, figures, by_name["brygga"]),
        nyckeltal=figures,
        tabeller=by_name,
        kontroller=checks(study, by_name),
        framst=BESIDE,
    )


def state_on(study: Study, day: date) -> str:
    """The budget's state on a day: preliminary, after measurement 1, or final from measurement 2 on."""
    if day < study.world.frame.matning_1:
        return "preliminar"
    return "efter_matning_1" if day < study.world.frame.matning_2 else "slutlig"


def key_figures(study: Study) -> dict[str, KeyFigure]:
    """The year's figures under the scenario, kr, of insatser that have a price; null with the reason where none has."""
    world, ar = study.world, study.case.ar
    preliminary, after_first, slutlig = (float(np.nansum(world.state(state))) for state in tables.STATES)
    dygn, paid = float(np.nansum(world.peng)), float(world.paid_by_month().sum())
    above = model.price_above_level(world.by_day, world.prices, world.frame.nightly)
    counted = {name: tables.measured_persons(study, day)["personer"].sum() for name, day in tables.measurements(study)}
    prices = no_prices(study)
    above_few, paid_few = (prices or _few(study, n) for n in (len(above), int(tables.payments_are_few(study))))
    paid_few = paid_few or ("" if paid else "; ".join(unpaid_hours(study)))  # nothing that is bought has a price
    values = {
        "peng_dygn_kr": (dygn, f"LSS-peng för årets dygn {ar}", prices),
        "preliminar_kr": (preliminary, "Preliminär budget", prices),
        "efter_matning_1_kr": (
            float(np.nansum(world.state("efter_matning_1"))),
            "Budget efter mätning 1",
            prices,
        ),
        "slutlig_kr": (slutlig, _final_label(study), prices),
        "skillnad_matning_dygn_kr": (slutlig - dygn, "Slutlig budget minus dygn (minus är inte täckt)", prices),
        "pris_over_peng_kr": (float(above["kr"].sum()), "Pris över nivåns peng", above_few),
        "ersattning_till_utforare_kr": (paid, "Betalt till utförare", paid_few),
        "personer_matning_1": (_whole(counted["efter_matning_1"]), "Personer i mätning 1", prices),
        "personer_matning_2": (_whole(counted["slutlig"]), "Personer i mätning 2", prices),
    }
    return {name: key_figure(name, None if why else value, label, why) for name, (value, label, why) in values.items()}


def no_prices(study: Study) -> str:
    """Why nothing can be counted in kronor; "" where some insats has a price."""
    world, ar = study.world, study.case.ar
    if not len(world.cells) or not np.isnan(world.prices.tilldelning).all():
        return ""
    years = study.case.sources.rules.prices.get("ar", pd.Series(dtype=int))
    nearest = min(years.unique(), key=lambda year: abs(year - ar), default=None)
    return f"prislistan har inget pris {ar} för enhetens insatser" + (f"; närmast {nearest}" if nearest else "")


def _whole(persons: float) -> float | int:
    """Persons as a whole number, unless a scenario assumes a part of one."""
    return int(persons) if persons == int(persons) else float(persons)


def _few(study: Study, count: int) -> str:
    smallest = tables.smallest_group(study)
    return f"visas inte: färre än {smallest} personer" if 0 < count < smallest else ""


def _final_label(study: Study) -> str:
    return "Slutlig budget" if study.per_datum >= study.world.frame.matning_2 else "Slutlig budget (prognos)"


def sentences(study: Study, figures: dict[str, KeyFigure], bridge: Table) -> list[str]:
    """The answer in 3–8 sentences; counts of single persons only in working papers."""
    if no_prices(study) or not figures["slutlig_kr"].varde and not figures["peng_dygn_kr"].varde:
        return _without_money(study)
    said = [_scenario_sentence(study), _measurement_sentence(study, figures), _uncovered_sentence(study, figures)]
    said += [_moves_sentence(study, bridge), _price_sentence(study), _step_sentence(study), _next_sentence(study)]
    ends = [_assumption_sentence(study), _left_out_sentence(study)]
    kept = [text for text in said if text][: 8 - sum(bool(text) for text in ends)]
    return kept + [text for text in ends if text]


def _without_money(study: Study) -> list[str]:
    """What to say where no insats with a price has been measured."""
    why = no_prices(study) or f"inga personer med pris har mätts {study.case.ar}"
    said = [
        f"LSS-peng {study.case.ar} kan inte räknas fram: {why}.",
        "Inget är satt till noll eller lånat från ett annat år.",
    ]
    return [*said, _left_out_sentence(study) or "Underlaget har inga dygn i insatser med LSS-peng."]


def _mnkr(kr: float, signed: bool = False) -> str:
    return format_unit(kr / KR_PER_MNKR, "mnkr", signed=signed)


def _scenario_sentence(study: Study) -> str:
    if study.case.scenario.id == study.case.jamfor_med.id:
        return ""
    pairs = [(w.state("slutlig"), w.peng, w.paid_by_month().to_numpy()) for w in (study.world, study.versus)]
    frame, days, paid = (float(np.nansum(a) - np.nansum(b)) for a, b in zip(*pairs, strict=True))
    limits = stated_range(study)
    span = ""
    if limits:
        low, high = format_number(limits[0] / KR_PER_MNKR), _mnkr(limits[2])
        span = f"; med de angivna osäkerheterna blir den slutliga budgeten {low}–{high}"
    versus = study.case.jamfor_med
    against = "" if versus.id == BASELINE else "jämfört med ett annat scenario "
    if against and not study.case.is_public:
        against = f"jämfört med ”{versus.titel}” "
    return (
        f"Scenariot ändrar {against}årets slutliga budget med {format_unit(frame, 'kr', signed=True)}, "
        "dygnens värde med "
        f"{format_unit(days, 'kr', signed=True)} och betalningen till utförare med "
        f"{format_unit(paid, 'kr', signed=True)}{span}."
    )


def _measurement_sentence(study: Study, figures: dict[str, KeyFigure]) -> str:
    state = state_on(study, study.per_datum)
    day = dict(tables.measurements(study))[state]
    number = tables.measured_persons(study, day)["personer"].sum()
    persons = "1 person" if number == 1 else format_unit(number, "personer", 0 if number == int(number) else 1)
    kr = figures[f"{state}_kr"].varde
    rule = "" if study.world.frame.matregel == "senaste" else f", räknat med {study.world.frame.matregel}"
    return (
        f"Mätningen {long_date(day)} gäller {persons} och ger {_mnkr(kr)} för hela {study.case.ar} "
        f"(prislista {study.case.ar}{rule})."
    )


def _uncovered_sentence(study: Study, figures: dict[str, KeyFigure]) -> str:
    difference = figures["skillnad_matning_dygn_kr"].varde
    if abs(difference) < CLOSES_WITHIN_KR:
        return "Årets dygn är värda lika mycket som den slutliga budgeten."
    days = _mnkr(figures["peng_dygn_kr"].varde)
    budget = "årets budget" if study.per_datum >= study.world.frame.matning_2 else "prognosen för årets slutliga budget"
    how = f"som {budget} inte täcker" if difference < 0 else f"mindre än {budget}"
    said = f"Årets dygn är värda {days}: {_mnkr(abs(difference))} {how}."
    number, counted, kr = moved_in_after(study)
    if number and not tables.smallest_group(study):
        who = "En person" if number == 1 else f"{number} personer"
        said = (
            said[:-1]
            + f"; {who.lower()} som kom efter mätningen står för {format_number(counted, 0)} dygn, {_mnkr(kr)}."
        )
    return said


def _moves_sentence(study: Study, bridge: Table) -> str:
    rows = bridge.frame[bridge.frame["brygga"] == "Efter mätning 1 → slutlig"]
    change = rows.iloc[-1]["kr"] - rows.iloc[0]["kr"]
    if abs(change) < CLOSES_WITHIN_KR:
        return "Mellan årets två mätningar ändrades inget."
    bars = [row for row in rows.iloc[1:-1].to_dict("records") if abs(row["kr"]) >= CLOSES_WITHIN_KR]
    listed = ", ".join(
        f"{row['steg'].lower()} {format_number(row['kr'] / KR_PER_MNKR, 1, signed=True)}" for row in bars
    )
    when = "ändrades" if study.per_datum >= study.world.frame.matning_2 else "väntas budgeten ändras"
    start = f"Mellan årets två mätningar {when}{' budgeten' if when == 'ändrades' else ''}"
    return f"{start} med {_mnkr(change, signed=True)}: {listed}."


def _price_sentence(study: Study) -> str:
    above = model.price_above_level(study.world.by_day, study.world.prices, study.world.frame.nightly)
    if above.empty or tables.smallest_group(study) > len(above):
        return ""
    total = format_unit(above["kr"].sum(), "kr")
    if len(above) > 1:
        return f"Priset översteg nivåns peng i {len(above)} placeringar: {total} på året."
    row = above.iloc[0]
    prices = f"{format_number(row['pris'], 0)} mot {format_unit(row['peng'], 'kr')} per dygn"
    return f"Priset översteg nivåns peng i 1 extern placering: {prices}, {total} på året."


def _step_sentence(study: Study) -> str:
    """What one level step means for group homes in own management, and what would close the gap to the days."""
    day = date(study.case.ar, 12, 31)
    low, high = (study.world.price("tilldelning", (EXAMPLE_INSATS, level, EXAMPLE_REGI), day) for level in ("3", "4"))
    if np.isnan(high - low):
        return ""
    said = f"Ett nivåsteg upp (3 till 4) för en person i gruppbostad betyder {format_unit(high - low, 'kr')} per dygn"
    base, person, step = tables.grid_steps(study)
    gap = float(np.nansum(study.world.peng)) - base
    if gap < CLOSES_WITHIN_KR or not person > 0 or not step > 0:
        return f"{said}."
    persons, steps = (format_number(gap / size) for size in (person, step))
    return f"{said}; det som budgeten inte täcker motsvarar {persons} personer eller {steps} nivåsteg i mätningen."


def _next_sentence(study: Study) -> str:
    ahead = outlook(study)
    known = f"Nästa mätning, {long_date(ahead.day)}, ger med kända beslut {_mnkr(ahead.kant)} för ett år"
    if ahead.spann is None:
        return known + "; historien är för kort för ett spann."
    moves = sum(ahead.moves.values())
    low, high = format_number(ahead.spann.lag / KR_PER_MNKR), _mnkr(ahead.spann.hog)
    return f"{known}; med lika många ändringar som förut ({moves} på tre år) {low}–{high} i åtta fall av tio."


def _assumption_sentence(study: Study) -> str:
    said = []
    if study.matregel_underlag == "antagande":
        three = tables.rules_table(study).frame.set_index("regel")["kr"]
        listed = ", ".join(f"{rule} {format_number(kr / KR_PER_MNKR)}" for rule, kr in three.items())
        said.append(f"mätregeln är {study.world.frame.matregel} (mnkr: {listed})")
    if study.borrowed:
        said.append("tilldelning sker efter samma prislista som ersättningen")
    return f"Antagande: {', och '.join(said)}." if said else ""


def _left_out_sentence(study: Study) -> str:
    """What has days or bought hours but no price, and so is in no total."""
    listed, hours = unpriced(study), unpaid_hours(study)
    joined = " och ".join(part for part in (", ".join(listed[:-1]), *listed[-1:]) if part)
    paid = study.world.by_day["insats"].isin([*unpriced_days(study)]) & study.world.by_day["pris"].notna()
    where = " i LSS-peng; dygn med eget pris ingår i det som betalas till utförare" if paid.any() else ""
    said = [f"{joined} saknar pris och ingår inte{where}."] if listed else []
    said += [f"Köpta timmar som inte är med i det som betalas: {'; '.join(hours)}."] if hours else []
    return " ".join(said)


def unpriced(study: Study) -> list[str]:
    """Days per insats that have no price; of few persons only that there are some."""
    smallest, rows = tables.smallest_group(study), study.world.by_day
    found = []
    for name, days in unpriced_days(study).items():
        insats = tables.insats_name(study, name).lower()
        persons = rows.loc[(rows["insats"] == name) & (rows["till"] >= f"{study.case.ar}-01-01"), "person"].nunique()
        few = persons < smallest
        found.append(f"Några personers dygn i {insats}" if few else f"{format_number(days, 0)} dygn i {insats}")
    return found


def unpriced_days(study: Study) -> dict[str, float]:
    """Days per insats that have no price."""
    world = study.world
    missing = np.where(np.isnan(world.prices.tilldelning), world.days, 0.0).sum(axis=1)
    by_insats = world.cells.to_frame(index=False).assign(dygn=missing).groupby("insats")["dygn"].sum()
    return by_insats[by_insats > 0].to_dict()


def _without_numbers(table: Table) -> Table:
    """The table where no price is known: what has a price is counted in it, so its numbers are unknown, not zero."""
    return replace(table, frame=table.frame.assign(**{c.key: np.nan for c in table.columns if c.mattenhet}))


def checks(study: Study, found: dict[str, Table]) -> list[Check]:
    """What must agree in the figures."""
    world = study.world
    dygn, slutlig = float(np.nansum(world.peng)), float(np.nansum(world.state("slutlig")))
    months, bridges = found["per_manad"].frame, found["brygga"].frame
    per_insats = found["per_insats_niva"].frame.iloc[-1]["kr"]
    listed = [
        closes("Insatserna summerar till året", per_insats - dygn),
        closes("Månaderna summerar till året", months["peng_kr"].sum(skipna=False) - dygn),
        closes("Månadernas budget summerar till året", months["slutlig_kr"].sum(skipna=False) - slutlig),
    ]
    listed += closing(bridges)
    missing, hours = unpriced(study), unpaid_hours(study)
    listed.append(_complete("Alla dygn har pris", missing, bool(world.days.sum())))
    listed.append(_complete("Alla köpta timmar har timmar och pris", hours, len(_bought_hours(study)) > 0))
    return listed


def _complete(name: str, missing: list[str], anything: bool) -> Check:
    """A warning that lists what is missing; nothing to check where there is nothing at all."""
    if not anything:
        return Check(name, "varning", None, forklaring="Underlaget har inget att kontrollera.")
    return Check(name, "varning", not missing, None, None, ", ".join(missing))


def _bought_hours(study: Study) -> pd.DataFrame:
    """The year's decisions in hours outside the unit's own management."""
    rows, ar = study.case.unit_rows("beslut"), study.case.ar
    insatser = study.case.rule("insatser", date(ar, 1, 1)).varde
    hourly = {name for name, how in insatser.items() if how["mattenhet"] == "timme"}
    runs = (rows["fran"] <= f"{ar}-12-31") & ~(rows["till"] < f"{ar}-01-01")
    return rows[rows["insats"].isin(hourly) & (rows["regi"] != OWN_REGI) & runs]


def unpaid_hours(study: Study) -> list[str]:
    """Insatser whose bought hours are in no payment, because their hours or their price are not known."""
    bought, hours = _bought_hours(study), study.world.hours
    without_hours = set(bought.loc[bought["timmar_per_manad"].isna(), "insats"])
    without_price = set(hours.loc[(hours["regi"] != OWN_REGI) & hours["kr"].isna(), "insats"])
    names = {code: tables.insats_name(study, code).lower() for code in without_hours | without_price}
    found = [f"{names[code]}: beslut utan timmar" for code in sorted(without_hours)]
    return found + [f"{names[code]}: timmar utan pris" for code in sorted(without_price)]
