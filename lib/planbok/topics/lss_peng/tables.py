"""LSS-peng's tables: per insats and level, per month, the measurements, what moved, prices above the level."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from planbok.case.result import Column, Table
from planbok.disclosure.suppress import OPEN_AUDIENCE, note, withheld
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.lss.measurement import MEASURE_RULES
from planbok.topics.lss_peng import model
from planbok.topics.lss_peng.decisions import CELL, OWN_REGI, is_running
from planbok.topics.lss_peng.moves import Part, bridge, parts
from planbok.topics.lss_peng.study import Study
from planbok.topics.lss_peng.worlds import World

ALL_LEVELS = "alla"
STATES = {
    "preliminar": "preliminär",
    "efter_matning_1": "efter mätning 1",
    "slutlig": "slutlig",
}
STEPS = (-2, -1, 0, 1, 2)


def smallest_group(study: Study) -> int:
    """The smallest group that may be shown, 0 where the audience may see all."""
    if study.case.spridning == OPEN_AUDIENCE:
        return 0
    return int(study.case.rule("minsta_grupp", date(study.case.ar, 1, 1)).varde)


def insats_name(study: Study, insats: str) -> str:
    """An insats as people write it."""
    return study.case.rule("insatser", date(study.case.ar, 1, 1)).varde[insats]["titel"]


def level_name(niva: str) -> str:
    return f"nivå {niva}" if niva.isdigit() else niva


def _protected(study: Study, rows: pd.DataFrame, values: list[str]) -> tuple[pd.DataFrame, str]:
    """Rows by cell with `personer`; outside working papers only the persons of each insats and management.

    Kronor and days of a group tell its level mix, since few mixes add up to them: they are shown for the unit only.
    """
    smallest = smallest_group(study)
    if not smallest:
        return rows, ""
    merged = rows.groupby(["insats", "regi"], sort=True)["personer"].sum().reset_index().assign(niva=ALL_LEVELS)
    merged.loc[withheld(merged["personer"], smallest), "personer"] = np.nan
    return merged.reindex(columns=[*CELL, "personer", *values]), note(smallest)


def _with_total(frame: pd.DataFrame, totals: dict[str, float]) -> pd.DataFrame:
    row = {"insats": TOTAL_ROW, "niva": "", "regi": "", **totals}
    return pd.concat([frame, pd.DataFrame([row])], ignore_index=True)


def _named(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    names = {code: insats_name(study, code) for code in frame["insats"].unique() if code != TOTAL_ROW}
    return frame.assign(
        insats_namn=frame["insats"].map({**names, TOTAL_ROW: TOTAL_ROW}), niva_namn=frame["niva"].map(level_name)
    )


def insats_table(study: Study) -> Table:
    """The year's days, price and peng per insats, level and management; what has no price is not here."""
    world = study.world
    priced = ~np.isnan(world.prices.tilldelning).all(axis=1)
    frame = world.cells.to_frame(index=False)
    frame["personer"] = _persons_in_year(world)
    frame["dygn"], frame["kr"] = world.days.sum(axis=1), np.nansum(world.peng, axis=1)
    frame["kr_per_dygn"] = world.prices.tilldelning[:, -1]
    frame = frame[priced & (frame["dygn"] > 0)]
    totals = {key: frame[key].sum() for key in ("personer", "dygn", "kr")}
    shown, why = _protected(study, frame.drop(columns="kr_per_dygn"), ["dygn", "kr"])
    shown = shown.merge(frame[[*CELL, "kr_per_dygn"]], on=CELL, how="left")
    columns = (
        Column("insats_namn", "Insats"),
        Column("niva_namn", "Nivå"),
        Column("regi", "Regi"),
        Column("personer", "Personer under året"),
        Column("dygn", "Dygn"),
        Column("kr_per_dygn", "Peng per dygn"),
        Column("kr", "Peng för dygnen", formula="{dygn}*{kr_per_dygn}"),
    )
    frame = _named(study, _with_total(shown, totals))
    return _people_table("per_insats_niva", f"Dygn och peng {study.case.ar}", frame, columns, why, total_row=True)


def _people_table(
    namn: str, titel: str, frame: pd.DataFrame, columns: tuple[Column, ...], why: str, total_row: bool = False
) -> Table:
    """A table of groups of persons; what is withheld from every group is no column, and stands in resultat.json."""
    groups = frame[frame["insats"] != TOTAL_ROW]
    hides = bool(why) and len(groups) > 0
    empty = {c.key for c in columns if hides and (groups[c.key].isna().all() or c.key == "niva_namn")}
    shown = tuple(column for column in columns if column.key not in empty)
    extra = ("insats", "niva", *sorted(empty - {"niva_namn"}))
    return Table(namn, titel, frame, shown, total_row=total_row, note=why, extra=extra)


def _persons_in_year(world: World) -> np.ndarray:
    """Persons with at least one day in each cell during the year."""
    rows = world.by_day
    inside = np.zeros(len(rows))
    nights = rows["insats"].isin(world.frame.nightly).to_numpy()
    for span in world.frame.spans:
        inside += model.overlap_days(rows, span, nights)
    there = rows.assign(cell=model.codes(rows, world.cells))[inside > 0].drop_duplicates(["cell", "person"])
    return np.bincount(there["cell"], there["antal"], minlength=len(world.cells))


def months_table(study: Study) -> Table:
    """The unit's days, their peng, the final budget and payments, month by month; priced insatser only."""
    world, months = study.world, [span.manad for span in study.world.frame.spans]
    priced = ~np.isnan(world.prices.tilldelning)
    by_month = pd.DataFrame(
        {
            "dygn": np.where(priced, world.days, 0.0).sum(axis=0),
            "peng_kr": np.nansum(world.peng, axis=0),
            "slutlig_kr": np.nansum(world.state("slutlig"), axis=0),
        },
        index=months,
    )
    frame = by_month.groupby(level=0).sum()
    frame["ersattning_kr"] = np.nan if payments_are_few(study) else world.paid_by_month()
    columns = (
        Column("manad", "Månad"),
        Column("dygn", "Dygn"),
        Column("peng_kr", "Peng för dygnen"),
        Column("slutlig_kr", "Slutlig budget"),
        Column("skillnad_kr", "Budget minus dygn", formula="{slutlig_kr}-{peng_kr}"),
        Column("ersattning_kr", "Betalt till utförare"),
    )
    frame = frame.assign(skillnad_kr=frame["slutlig_kr"] - frame["peng_kr"]).rename_axis("manad").reset_index()
    why = note(smallest_group(study)) if payments_are_few(study) else ""
    return Table("per_manad", "Månad för månad", frame, columns, note=why)


def payments_are_few(study: Study) -> bool:
    """Whether so few persons are paid for during the year that the sum would tell of them."""
    world, first, last = study.world, f"{study.case.ar}-01-01", f"{study.case.ar}-12-31"
    own = world.by_day["pris"].notna()
    paid = pd.concat([world.by_day[own | (world.by_day["regi"] != OWN_REGI)], world.by_hour.query("regi != @OWN_REGI")])
    count = paid.loc[(paid["fran"] <= last) & (paid["till"] >= first), "person"].nunique()
    return 0 < count < smallest_group(study)


def measurements(study: Study) -> list[tuple[str, date]]:
    """The measurements that the year's budget rests on, by budget state."""
    frame = study.world.frame
    return list(zip(STATES, (frame.matning_fore, frame.matning_1, frame.matning_2), strict=True))


def measured_persons(study: Study, day: date) -> pd.DataFrame:
    """Persons by cell on a day, priced insatser only, with what they give the year."""
    world = study.world
    frame = world.cells.to_frame(index=False).assign(personer=world.persons(day))
    money = model.measured(world.persons(day), world.prices)
    priced = ~np.isnan(world.prices.tilldelning).all(axis=1)
    return frame.assign(kr=np.nansum(money, axis=1))[priced & (frame["personer"] > 0)]


def measurements_table(study: Study) -> Table:
    """Persons per insats, level and management on each measurement date, and what they give the year."""
    tables, reasons = [], []
    for state, day in measurements(study):
        rows = measured_persons(study, day)
        totals = {key: rows[key].sum() for key in ("personer", "kr")}
        shown, why = _protected(study, rows, ["kr"])
        tables.append(_with_total(shown, totals).assign(matning=day.isoformat(), budget=STATES[state]))
        reasons.append(why)
    columns = (
        Column("matning", "Mätdag"),
        Column("budget", "Budget"),
        Column("insats_namn", "Insats"),
        Column("niva_namn", "Nivå"),
        Column("regi", "Regi"),
        Column("personer", "Personer"),
        Column("kr", f"Peng för hela {study.case.ar}"),
    )
    frame = _named(study, pd.concat(tables, ignore_index=True))
    title = f"Prestationsmätningarna och vad de ger {study.case.ar}"
    return _people_table("prestationsmatningar", title, frame, columns, max(reasons))


def bridge_table(study: Study) -> Table:
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
        legs.append(("Jämförelsen → scenariot", _under_same_rule(study), three, ("Jämförelsen", "Scenariot")))
    tables = [_guarded(study, bridge(before, after, names)).assign(brygga=leg) for leg, before, after, names in legs]
    columns = (
        Column("brygga", "Från → till"),
        Column("steg", "Steg"),
        Column("personer", "Personer"),
        Column("kr", "Kronor för året"),
    )
    frame = _with_rule_step(study, pd.concat(tables, ignore_index=True))
    return Table("brygga", "Vad som har ändrats", frame, columns, extra=("typ",))


def _under_same_rule(study: Study) -> list[Part]:
    """The comparison's measurements, ruling the year as the scenario's measurement rule has it."""
    frame = replace(study.versus.frame, matregel=study.world.frame.matregel, vikter=study.world.frame.vikter)
    return parts(replace(study.versus, frame=frame), "slutlig")


def _with_rule_step(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """The bridge to the scenario from the comparison's own budget: what another measurement rule does is a step."""
    leg = frame["brygga"] == "Jämförelsen → scenariot"
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


def _guarded(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """The bridge with the moves of persons in one bar where any of them is of a small group."""
    smallest = smallest_group(study)
    if smallest:
        frame = frame.assign(personer=frame["personer"].where(frame["typ"] != "pris"))
    people = frame["typ"].isin(["in", "ut", "niva", "regi"])
    counts = frame.loc[people, "personer"]
    if not smallest or not ((counts > 0) & (counts < smallest)).any():
        return frame
    together = {
        "steg": "Personer och nivåer",
        "typ": "personer",
        "personer": np.nan,
        "kr": frame.loc[people, "kr"].sum(),
    }
    start, rest = frame.iloc[:1], frame[~people].iloc[1:].assign(personer=np.nan)
    return pd.concat([start, pd.DataFrame([together]), rest], ignore_index=True)


def above_table(study: Study) -> Table:
    """Own prices above the level's peng per provider and insats, the largest first; rows only in working papers."""
    world, smallest = study.world, smallest_group(study)
    found = model.price_above_level(world.by_day, world.prices, world.frame.nightly).assign(personer=1.0)
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
    frame = _named(study, (frame.iloc[:0] if smallest else frame).assign(niva=""))
    why = note(smallest) if smallest and len(found) else ""
    return Table("pris_over_peng", "Priser över nivåns peng", frame, columns, note=why, extra=("insats",))


def uncovered_table(study: Study) -> Table | None:
    """The final budget minus the days' peng by month of moving in; of single persons, so in working papers only."""
    if smallest_group(study):
        return None
    world, days = study.world, np.zeros(len(study.world.by_day))
    rows, code = world.by_day, model.codes(world.by_day, world.cells)
    nights = rows["insats"].isin(world.frame.nightly).to_numpy()
    for number, span in enumerate(world.frame.spans):
        in_span = model.overlap_days(rows, span, nights) * rows["antal"].to_numpy()
        days += np.nan_to_num(in_span * world.prices.tilldelning[code, number])
    measured = np.zeros(len(rows))
    for part in parts(world, "slutlig"):
        price = part.year_price(list(world.cells)).fillna(0.0).to_numpy()
        running = is_running(rows, pd.Timestamp(part.day)).to_numpy()
        measured += running * rows["antal"].to_numpy() * price[code]
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
    return Table("dygn_utan_matning", title, frame.reset_index(drop=True), columns, total_row=True)


def rules_table(study: Study) -> Table:
    """The final budget under each way that a measurement may become the year's money."""
    world = study.world
    rows = [(rule, float(np.nansum(world.final_under(rule))), rule == world.frame.matregel) for rule in MEASURE_RULES]
    frame = pd.DataFrame(rows, columns=["regel", "kr", "used"])
    frame["anvands"] = np.where(frame["used"], "ja", "nej")
    columns = (Column("regel", "Mätregel"), Column("kr", "Slutlig budget"), Column("anvands", "Används"))
    return Table("matregler", "Året under tre sätt att räkna", frame, columns)


def grid_table(study: Study) -> Table:
    """The year's final budget for some more or fewer persons and some level moves, from the unit's own means."""
    base, person, step = grid_steps(study)
    frame = pd.DataFrame(
        [
            {"nivabyten": f"Nivåsteg {moves:+d}".replace("-", "−"), **_grid_row(base, person, step, moves)}
            for moves in STEPS
        ]
    )
    columns = [Column("nivabyten", "Nivåsteg i mätningen")]
    columns += [Column(f"personer_{n:+d}", f"Personer {n:+d}".replace("-", "−"), "kr") for n in STEPS]
    title = "Slutlig budget vid fler eller färre personer och nivåsteg, efter enhetens medelvärden"
    return Table("kanslighet", title, frame, tuple(columns))


def _grid_row(base: float, person: float, step: float, moves: int) -> dict[str, float]:
    return {f"personer_{n:+d}": base + n * person + moves * step for n in STEPS}


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
        steps.append(_next_price(world, above) - price[insats, niva, regi] if above else np.nan)
    weighted = pd.Series(steps, index=rows.index, dtype=float)
    known = weighted.notna()
    step = float((weighted * rows["personer"])[known].sum() / rows["personer"][known].sum()) if known.any() else np.nan
    return base, person, step


def _next_price(world: World, cell: tuple) -> float:
    spans = world.frame.spans
    return sum(world.price("tilldelning", cell, span.start) * span.days for span in spans)
