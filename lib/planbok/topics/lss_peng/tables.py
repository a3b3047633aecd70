"""LSS-peng's tables: per insats and level, per month, the measurements, what moved, prices above the level."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planbok.case.result import Column, Priced, Table
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.lss.measurement import MEASURE_RULES
from planbok.topics.lss_peng import model
from planbok.topics.lss_peng.counts import (
    as_stand,
    counted_on,
    counted_to,
    days_by_month,
    days_stand,
    measured_persons,
    persons_in_year,
    stands,
    to_come_stand,
)
from planbok.topics.lss_peng.decisions import CELL
from planbok.topics.lss_peng.moves import Part, bridge, parts
from planbok.topics.lss_peng.people import DIFFER, MEASURED, MOVED, PAID, YEAR, Persons, between
from planbok.topics.lss_peng.study import Study

ALL_LEVELS = "alla"
TO_SCENARIO = "Jämförelsen → scenariot"
STATES = {
    "preliminar": "preliminär",
    "efter_matning_1": "efter mätning 1",
    "slutlig": "slutlig",
}
STEPS = (-2, -1, 0, 1, 2)
DAYS = ((MOVED, ""), (MEASURED, (YEAR, "")))  # days of a month in which nobody moves are persons times its days


def insats_name(study: Study, insats: str) -> str:
    """An insats as people write it."""
    return study.case.rule("insatser").varde[insats]["titel"]


def level_name(niva: str) -> str:
    """A level as people write it."""
    return f"nivå {niva}" if niva.isdigit() else niva


def _by_group(rows: pd.DataFrame, occasion: str) -> pd.DataFrame:
    """Persons of each insats and management, all levels together, with the part of the measured that a row is of.

    Kronor and days of a group tell its level mix, since few mixes add up to them: they are given for the unit only.
    """
    merged = rows.groupby(["insats", "regi"], sort=True)["personer"].sum().reset_index().assign(niva=ALL_LEVELS)
    return merged.assign(part=[(occasion, key) for key in zip(merged["insats"], merged["regi"], strict=True)])


def _with_total(frame: pd.DataFrame, totals: dict[str, Any]) -> pd.DataFrame:
    row = {"insats": TOTAL_ROW, "niva": "", "regi": "", **totals}
    return pd.concat([frame, pd.DataFrame([row])], ignore_index=True)


def _named(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    names = {code: insats_name(study, code) for code in frame["insats"].unique() if code != TOTAL_ROW}
    return frame.assign(
        insats_namn=frame["insats"].map({**names, TOTAL_ROW: TOTAL_ROW}), niva_namn=frame["niva"].map(level_name)
    )


def insats_table(study: Study, persons: Persons) -> Table:
    """The year's days, price and peng per insats, level and management; what has no price is not here."""
    world = study.world
    frame = world.cells.to_frame(index=False)
    frame["personer"] = persons_in_year(world)
    frame["dygn"], frame["kr"] = world.priced_days.sum(axis=1), np.nansum(world.peng, axis=1)
    frame["kr_per_dygn"] = world.prices.tilldelning[:, -1]
    frame = frame[frame["dygn"] > 0]
    totals = {key: frame[key].sum() for key in ("personer", "dygn", "kr")}
    columns = (
        Column("insats_namn", "Insats"),
        Column("niva_namn", "Nivå"),
        Column("regi", "Regi"),
        Column("personer", "Personer under året", tells=(MEASURED,)),
        Column("dygn", "Dygn", tells=(MOVED,)),
        Column("kr_per_dygn", "Peng per dygn"),
        Column("kr", "Peng för dygnen", formula="{dygn}*{kr_per_dygn}"),
    )
    title, whole = f"Dygn och peng {study.case.ar}", _named(study, _with_total(frame, totals))
    kept = tuple(column for column in columns if column.key in ("insats_namn", "regi", "personer"))
    coarse = _groups_of_year(study, persons, frame, totals, kept)
    extra = ("insats", "niva")
    return Table("per_insats_niva", title, whole, columns, total_row=True, extra=extra, detail=True, coarse=coarse)


def _groups_of_year(
    study: Study, persons: Persons, frame: pd.DataFrame, totals: dict[str, Any], columns: tuple[Column, ...]
) -> Table:
    """The year's persons per insats and management; no days of a group: less full years they are single moves'."""
    counts, totals = as_stand(study, frame.groupby(["insats", "regi"])["personer"].sum(), totals)
    grouped = _named(study, _with_total(_by_group(counts.reset_index(), YEAR), {**totals, "part": (YEAR, "")}))
    grouped = grouped.assign(kr_per_dygn=np.nan, raknat=[counted_to(study, part) for part in grouped["part"]])
    total = [()] * (len(grouped) - 1) + [persons.priced(study.world.frame.matning_2)]
    return Table(
        "per_insats_niva",
        f"Personer per insats {study.case.ar}",
        grouped,
        columns if study.stood is None else (*columns, Column("raknat", "Räknat")),
        total_row=study.stood is None,  # each is counted in a month of its own, and they do not sum to the total
        note=stands(study),
        extra=("insats", "niva", "dygn", "kr", "kr_per_dygn"),
        extra_tells={"dygn": DAYS},
        part="part",
        priced={"kr": total},
    )


def months_table(study: Study, persons: Persons) -> Table:
    """The unit's days, their peng, the final budget and payments, month by month; priced insatser only."""
    world, months = study.world, [span.manad for span in study.world.frame.spans]
    by_month = pd.DataFrame(
        {
            "peng_kr": np.nansum(world.peng, axis=0),
            "slutlig_kr": np.nansum(world.state("slutlig"), axis=0),
        },
        index=months,
    )
    by_month = by_month.groupby(level=0).sum()
    by_month.insert(0, "dygn", study.stands(days_by_month))
    by_month["ersattning_kr"] = world.paid_by_month()
    columns = (
        Column("manad", "Månad"),
        Column("dygn", "Dygn", tells=DAYS),
        Column("peng_kr", "Peng för dygnen"),
        Column("slutlig_kr", "Slutlig budget"),
        Column("skillnad_kr", "Budget minus dygn", formula="{slutlig_kr}-{peng_kr}", tells=(MOVED,)),
        Column("ersattning_kr", "Betalt till utförare", tells=(PAID,)),
    )
    day = world.frame.matning_2
    shares = {"peng_kr": persons.priced(day), "slutlig_kr": persons.final()}
    shares |= {"skillnad_kr": persons.priced(day), "ersattning_kr": persons.paid(day)}
    return Table(
        "per_manad",
        "Månad för månad",
        _months(by_month, dict(enumerate(by_month.index))),
        columns,
        note=days_stand(study),
        moved=persons.moves(),
        together=lambda labels: _months(by_month, labels),
        priced={key: [priced] * len(by_month) for key, priced in shares.items()},
    )


def _months(by_month: pd.DataFrame, labels: Mapping[int, str]) -> pd.DataFrame:
    """The months' sums, those of one label together under the first and the last of them."""
    period = [labels[place] for place in range(len(by_month))]
    names = by_month.index.to_series().groupby(period, sort=False).agg(["first", "last"])
    frame = (
        by_month.groupby(period, sort=False)
        .sum(min_count=1)
        .assign(manad=names["first"].where(names["first"] == names["last"], names["first"] + "–" + names["last"]))
    )
    return frame.assign(skillnad_kr=frame["slutlig_kr"] - frame["peng_kr"]).reset_index(drop=True)


def state_on(study: Study, day: date) -> str:
    """The budget's state on a day: preliminary, after measurement 1, or final from measurement 2 on."""
    if day < study.world.frame.matning_1:
        return "preliminar"
    return "efter_matning_1" if day < study.world.frame.matning_2 else "slutlig"


def measurements(study: Study) -> list[tuple[str, date]]:
    """The measurements that the year's budget rests on, by budget state."""
    frame = study.world.frame
    return list(zip(STATES, (frame.matning_fore, frame.matning_1, frame.matning_2), strict=True))


def measurements_table(study: Study, persons: Persons) -> Table:
    """Persons per insats, level and management on each measurement date, and what they give the year."""
    whole, coarse, money = [], [], []
    for state, day in measurements(study):
        rows, said = measured_persons(study, day), {"matning": day.isoformat(), "budget": STATES[state]}
        totals = {key: rows[key].sum() for key in ("personer", "kr")}
        whole.append(_with_total(rows, totals).assign(**said))
        if study.is_to_come(day):
            rows, totals = rows.iloc[:0], {**totals, "personer": counted_on(study, day)}
        grouped = _by_group(rows, day.isoformat())
        coarse.append(_with_total(grouped, {**totals, "part": (day.isoformat(), "")}).assign(**said))
        money += [()] * len(grouped) + [persons.priced(day, decided=True)]
    columns = (
        Column("matning", "Mätdag"),
        Column("budget", "Budget"),
        Column("insats_namn", "Insats"),
        Column("niva_namn", "Nivå"),
        Column("regi", "Regi"),
        Column("personer", "Personer", tells=(MEASURED,)),
        Column("kr", f"Peng för hela {study.case.ar}"),
    )
    title = f"Prestationsmätningarna och vad de ger {study.case.ar}"
    frames = [_named(study, pd.concat(found, ignore_index=True)) for found in (whole, coarse)]
    kept = tuple(column for column in columns if column.key != "niva_namn")
    extra = ("insats", "niva")
    grouped = Table("prestationsmatningar", title, frames[1], kept, extra=extra, part="part", priced={"kr": money})
    grouped = replace(grouped, note=to_come_stand(study))
    return Table("prestationsmatningar", title, frames[0], columns, extra=extra, detail=True, coarse=grouped)


def bridge_table(study: Study, persons: Persons) -> Table:
    """What moved: between the budget states, from last year, and from the comparison to the scenario."""
    ar, world = study.case.ar, study.world
    one, two, three = (parts(world, state) for state in STATES)
    legs = [
        (
            f"Slutlig {ar - 1} → slutlig {ar}",
            parts(study.year_before, "slutlig"),
            three,
            (f"Slutlig {ar - 1}", f"Slutlig {ar}"),
        ),
        ("Preliminär → efter mätning 1", one, two, ("Preliminär", "Efter mätning 1")),
        ("Efter mätning 1 → slutlig", two, three, ("Efter mätning 1", "Slutlig")),
    ]
    if study.case.scenario.id != study.case.jamfor_med.id:
        legs.append((TO_SCENARIO, _under_same_rule(study), three, ("Jämförelsen", "Scenariot")))
    tables = [bridge(before, after, names).assign(brygga=leg) for leg, before, after, names in legs]
    columns = (
        Column("brygga", "Från → till"),
        Column("steg", "Steg"),
        Column("personer", "Personer"),
        Column("kr", "Kronor för året"),
    )
    title, extra = "Vad som har ändrats", ("typ",)
    frame = _with_rule_step(study, pd.concat(tables, ignore_index=True))
    joined = pd.concat([_joined(its) for _, its in frame.groupby("brygga", sort=False)], ignore_index=True)
    listed = joined.to_dict("records")
    money = [_bridge_price(study, persons, row) for row in listed]
    told = {"kr": [_moved_in(study, row) for row in listed]}
    coarse = Table("brygga", title, joined, columns, extra=extra, priced={"kr": money}, told=told)
    return Table("brygga", title, frame, columns, extra=extra, detail=True, coarse=coarse)


def _under_same_rule(study: Study) -> list[Part]:
    """The comparison's measurements, ruling the year as the scenario's measurement rule has it."""
    frame = replace(study.versus.frame, matregel=study.world.frame.matregel, vikter=study.world.frame.vikter)
    return parts(replace(study.versus, frame=frame), "slutlig")


def _with_rule_step(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """The bridge to the scenario from the comparison's own budget: what another measurement rule does is a step."""
    leg = frame["brygga"] == TO_SCENARIO
    own = float(np.nansum(study.versus.state("slutlig")))
    if not leg.any() or study.versus.frame.matregel == study.world.frame.matregel:
        return frame
    at = frame.index[leg][0]
    step = {
        "brygga": frame.loc[at, "brygga"],
        "steg": "Ändrad mätregel",
        "typ": "matregel",
        "kr": frame.loc[at, "kr"] - own,
    }
    start = frame.loc[[at]].assign(kr=own)
    return pd.concat([frame.loc[: at - 1], start, pd.DataFrame([step]), frame.loc[at + 1 :]], ignore_index=True)


def _joined(leg: pd.DataFrame) -> pd.DataFrame:
    """A bridge with all that persons and their levels do in one bar: its parts could be solved against the prices."""
    people = leg["typ"].isin(["in", "ut", "niva", "regi"])
    bar = {**leg.iloc[0], "steg": "Personer och nivåer", "typ": "personer", "personer": np.nan}
    bar["kr"] = leg.loc[people, "kr"].sum(skipna=False)
    rest = leg[~people].assign(personer=np.nan)
    return pd.concat([rest.iloc[:1], pd.DataFrame([bar]), rest.iloc[1:]], ignore_index=True)


def _bridge_price(study: Study, persons: Persons, row: Mapping) -> tuple[Priced, ...]:
    """What a bar is persons times prices of: an end is a budget, a step the rest of its leg."""
    frame, before = study.world.frame, study.year_before
    days = {"Preliminär": frame.matning_fore, "Efter mätning 1": frame.matning_1}
    of_last_year = row["brygga"].startswith(f"Slutlig {study.case.ar - 1}")
    if row["typ"] == "start" and of_last_year:
        return persons.priced(before.frame.matning_2, decided=True, world=before)
    if row["typ"] in ("start", "slut"):
        return persons.priced(days[row["steg"]], decided=True) if row["steg"] in days else persons.final()
    return persons.priced(frame.matning_2) + (persons.changed(frame.matning_2, before) if of_last_year else ())


def _moved_in(study: Study, row: Mapping) -> tuple[tuple[str, Any], ...]:
    """Whom a bar of persons and levels tells of: who came, left or changed cell between its leg's measurements."""
    frame = study.world.frame
    first = frame.matning_1 if row["brygga"].startswith("Efter mätning 1") else frame.matning_fore
    last = frame.matning_1 if row["brygga"].startswith("Preliminär") else frame.matning_2
    mine = row["typ"] == "personer" and row["brygga"] != TO_SCENARIO
    return ((DIFFER, (between(first, last), "")),) if mine else ()


def above_table(study: Study) -> Table:
    """Own prices above the level's peng per provider and insats, the largest first; rows only in working papers."""
    world = study.world
    found = world.own_prices.assign(personer=1.0)
    frame = found.groupby(["utforare", "insats"], sort=False)[["personer", "dygn", "kr"]].sum().reset_index()
    frame = frame.sort_values("kr", ascending=False, ignore_index=True)
    frame["kr_per_dygn"] = frame["kr"] / frame["dygn"]
    columns = (
        Column("utforare", "Utförare"),
        Column("insats_namn", "Insats"),
        Column("personer", "Placeringar", mattenhet="st"),
        Column("dygn", "Dygn"),
        Column("kr_per_dygn", "Över pengen", formula="{kr}/{dygn}"),
        Column("kr", "Över pengen på året"),
    )
    frame, title = _named(study, frame.assign(niva="")), "Priser över nivåns peng"
    return Table("pris_over_peng", title, frame, columns, extra=("insats",), detail=True)


def uncovered_table(study: Study) -> Table:
    """The final budget minus the days' peng by month of moving in; of single persons, so in working papers only."""
    world, days = study.world, np.zeros(len(study.world.by_day))
    rows, code = world.by_day, world.cell
    nights = model.is_by_night(rows, world.frame.nightly)
    for number, in_span in enumerate(model.days_by_span(rows, world.frame.spans, nights)):
        in_span = in_span * rows["antal"].to_numpy()
        days += np.nan_to_num(in_span * world.prices.tilldelning[code, number])
    measured = np.zeros(len(rows))
    for part in parts(world, "slutlig"):
        price = np.nan_to_num(part.year_price(list(world.cells)))
        measured += world.runs(part.day, part.day) * rows["antal"].to_numpy() * price[code]
    month = model.move_in_months(rows, study.case.ar)
    frame = pd.DataFrame({"inflyttning": month, "slutlig_kr": measured, "dygn_kr": days})
    frame = frame.groupby("inflyttning").sum().query("slutlig_kr != 0 or dygn_kr != 0").reset_index()
    frame = frame.sort_values("inflyttning", key=lambda s: s.where(~s.str.startswith("före"), ""))
    frame = pd.concat([frame, pd.DataFrame([{"inflyttning": TOTAL_ROW, **frame.sum(numeric_only=True)}])])
    frame["skillnad_kr"] = frame["slutlig_kr"] - frame["dygn_kr"]
    columns = (
        Column("inflyttning", "Flyttade in"),
        Column("slutlig_kr", "Slutlig budget"),
        Column("dygn_kr", "Årets dygn"),
        Column("skillnad_kr", "Budget minus dygn", formula="{slutlig_kr}-{dygn_kr}"),
    )
    title = "Dygn som ingen mätning betalar, efter månaden för inflyttning"
    return Table("dygn_utan_matning", title, frame.reset_index(drop=True), columns, total_row=True, detail=True)


def rules_table(study: Study, persons: Persons) -> Table:
    """The final budget under each way that a measurement may become the year's money."""
    world = study.world
    rows = [(rule, float(np.nansum(world.final_under(rule))), rule == world.frame.matregel) for rule in MEASURE_RULES]
    frame = pd.DataFrame(rows, columns=["regel", "kr", "used"])
    frame["anvands"] = np.where(frame["used"], "ja", "nej")
    columns = (Column("regel", "Mätregel"), Column("kr", "Slutlig budget"), Column("anvands", "Används"))
    money = [persons.final(decided=used) for used in frame["used"]]
    return Table("matregler", "Året under tre sätt att räkna", frame, columns, priced={"kr": money})


def grid_table(study: Study, persons: Persons) -> Table:
    """The year's final budget for some more or fewer persons and some level moves, from the unit's own means."""
    base, person, step = grid_steps(study)
    frame = pd.DataFrame(
        [
            {"nivabyten": f"Nivåsteg {moves:+d}".replace("-", "−")}
            | {f"personer_{n:+d}": base + n * person + moves * step for n in STEPS}
            for moves in STEPS
        ]
    )
    columns = [Column("nivabyten", "Nivåsteg i mätningen")]
    columns += [Column(f"personer_{n:+d}", f"Personer {n:+d}".replace("-", "−"), "kr") for n in STEPS]
    title = "Slutlig budget vid fler eller färre personer och nivåsteg, efter enhetens medelvärden"
    money = {f"personer_{n:+d}": [persons.priced(study.world.frame.matning_2)] * len(STEPS) for n in STEPS}
    return Table("kanslighet", title, frame, tuple(columns), priced=money)


def grid_steps(study: Study) -> tuple[float, float, float]:
    """The final budget, what the mean person gives the year, and what one level up means on average; kr."""
    world = study.world
    rows = measured_persons(study, world.frame.matning_2)
    base = float(np.nansum(world.state("slutlig")))
    persons = rows["personer"].sum()
    person = float(rows["kr"].sum() / persons) if persons else np.nan
    price = pd.Series(np.nansum(model.measured(np.ones(len(world.cells)), world.prices), axis=1), index=world.cells)
    steps = []
    for insats, niva, regi in rows[CELL].itertuples(index=False, name=None):
        above = (insats, str(int(niva) + 1), regi) if niva.isdigit() else None
        steps.append(world.year_price(above) - price[insats, niva, regi] if above else np.nan)
    weighted = pd.Series(steps, index=rows.index, dtype=float)
    known = weighted.notna()
    step = float((weighted * rows["personer"])[known].sum() / rows["personer"][known].sum()) if known.any() else np.nan
    return base, person, step
