"""The tables on older people's care: months, areas, kinds of home, the year by drivers, what it is sensitive to."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from planbok.base.numbers import KR_PER_MNKR
from planbok.base.periods import MONTH_NAMES, last_day, long_month, short_month
from planbok.case.result import BY_KEY, Column, Table, no_number
from planbok.case.said import described
from planbok.inputs.scenario.changes import CHANGE_TYPES
from planbok.inputs.scenario.load import NumberedChange
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.ledger.bridge import COLUMNS, Amounts, Step, bridge
from planbok.topics.home_care.model import CAUSES, DAY, HOME, HOMES, HOURS, break_even_hours, flagged, share_percent
from planbok.topics.home_care.people import (
    ALARMS,
    ALL_PLACES,
    BESIDE,
    CASES,
    MANAGER,
    NIGHTS,
    PERMANENT,
    Persons,
    delegation,
    part_of,
)
from planbok.topics.home_care.study import MONTHS, Study, hour_columns
from planbok.topics.home_care.year import cost, under

SLAG = {
    "dag": "Hemtjänst dag, kväll och helg",
    "natt": "Hemtjänst natt",
    "larm": "Trygghetslarm",
    "somatisk": "Somatiskt boende",
    "demens": "Demensboende",
    "profil": "Profilboende",
    "servicehus": "Servicehus",
    "korttid": "Korttid",
}
EFFECTS = {HOME: "Hemtjänst", HOMES: "Boende"}
CAUSE_NAMES = {
    "volym": "fler eller färre",
    "slag": "andra slag, områden och regi",
    "timmar": "timmar per ärende, dygn per månad",
    "pris": "priser",
}
COUNTED = {
    "arenden_antal": "Ärenden",
    "beviljade_h": "Beviljade",
    "bestallda_h": "Beställda",
    "utforda_h": "Utförda",
    "h_per_arende": "Timmar per ärende",
    "bestallt_av_beviljat_procent": "Beställt av beviljat",
    "utforandegrad_procent": "Utfört av beställt",
}
RATIOS = ("h_per_arende", "bestallt_av_beviljat_procent", "utforandegrad_procent")
NO_HOURS = "tabellen hemtjanst har inte timmarna"
UNDER, OVER = "under", "över"
NEEDS_CARE = "Helmånader är dygn delat med månadens dagar och inte personer; de kan inte läggas ihop med ärenden."


def measured(sums: pd.DataFrame) -> pd.DataFrame:
    """Cases and hours with what they are of each other: the columns of COUNTED."""
    found = sums.rename(columns={"arenden": "arenden_antal"})
    found["h_per_arende"] = found["bestallda_h"].fillna(found["beviljade_h"]) / found["arenden_antal"].where(
        found["arenden_antal"] > 0
    )
    found["bestallt_av_beviljat_procent"] = share_percent(found["bestallda_h"], found["beviljade_h"])
    found["utforandegrad_procent"] = share_percent(found["utforda_h"], found["bestallda_h"])
    return found


def by_month(study: Study) -> pd.DataFrame:
    """Cases and hours of the year's months; hours that a part of the rows lacks are not known."""
    rows = hour_columns(study.hemtjanst)
    groups = rows[rows["manad"] >= f"{study.ar}-01"].groupby("manad")[["arenden", *HOURS]]
    return measured(groups.agg(lambda values: values.sum(skipna=False)))


def _counted(total: tuple[str, str] | str) -> tuple[Column, ...]:
    return tuple(
        Column(key, label, decimaler=1 if key == "h_per_arende" else BY_KEY, tells=(total,))
        for key, label in COUNTED.items()
    )


def months_table(study: Study) -> Table:
    """Home care by month: cases, hours, and what they are of each other."""
    frame = by_month(study).reset_index()
    columns = (Column("manad", "Månad"), *_counted((CASES, "")))
    note = "Ärenden är de med hemtjänst dag, kväll och helg; natt och larm räknas för sig."
    title = f"Hemtjänst per månad {study.ar}"
    cells, shown = no_number(frame, COUNTED, NO_HOURS), ("manad", "arenden_antal", *RATIOS)
    return Table("per_manad", title, frame, columns, note=note, celler=cells, visa=shown)


def homes_table(study: Study, persons: Persons, published: str) -> Table:
    """Full months by kind of home, nights and alarms, by month."""
    rows = persons.rows[persons.rows["manad"].between(f"{study.ar}-01", study.manad) & (persons.rows["slag"] != DAY)]
    wide = rows.pivot_table("antal", "manad", "slag", "sum").reset_index()
    keys = [slag for slag in SLAG if slag in wide]
    permanent = [slag for slag in PERMANENT if slag in wide]
    wide["vobo_helmanader"] = wide[permanent].sum(axis=1, min_count=1) if permanent else np.nan
    columns = [Column("manad", "Månad")]
    columns += [
        Column(slag, SLAG[slag], mattenhet="st", decimaler=int(slag not in (NIGHTS, ALARMS)), tells=(part_of(slag),))
        for slag in keys
    ]
    columns.append(Column("vobo_helmanader", "Helmånader", mattenhet="st", decimaler=1, tells=ALL_PLACES))
    cells = no_number(wide, ["vobo_helmanader", *keys], "tabellen vobo saknar det")
    title = f"Boende, natt och larm per månad {study.ar}"
    note, shown = f"{NEEDS_CARE} {published}".strip(), ("manad", *PERMANENT, "vobo_helmanader")
    return Table("boende_per_manad", title, wide, tuple(columns), note=note, celler=cells, visa=shown)


def areas_table(study: Study) -> Table:
    """The last month by area, with what is far from ordered or granted; the year's performance beside it."""
    rows = hour_columns(study.hemtjanst)
    rows = rows[rows["manad"] >= f"{study.ar}-01"]
    now = rows[rows["manad"] == study.manad]
    sums = now.groupby("omrade")[["arenden", *HOURS]].agg(lambda values: values.sum(skipna=False))
    frame = measured(pd.concat([sums, sums.sum(skipna=False).to_frame(TOTAL_ROW).T]).rename_axis("omrade"))
    year = rows.groupby("omrade")[list(HOURS)].agg(lambda values: values.sum(skipna=False))
    year.loc[TOTAL_ROW] = year.sum(skipna=False)
    frame["hittills_procent"] = share_percent(year["utforda_h"], year["bestallda_h"])
    frame["avvikelse"] = deviations(frame, limit(study))
    frame = frame.reset_index()
    frame["part"] = frame["omrade"].where(frame["omrade"] != TOTAL_ROW, "")
    columns = (
        Column("omrade", "Område"),
        *_counted(CASES),
        Column("hittills_procent", f"Utfört hittills {study.ar}", tells=(CASES,)),
        Column("avvikelse", "Avviker", tells=(CASES,)),
    )
    note = f"Flaggas när det skiljer minst {limit(study):g} procent. Aldrig per kund."
    cells = no_number(frame, [*COUNTED, "hittills_procent"], NO_HOURS)
    title = f"Områden i {long_month(study.manad)}"
    shown = ("omrade", "arenden_antal", "h_per_arende", "utforandegrad_procent", "avvikelse")
    return Table("per_omrade", title, frame, columns, True, note, part="part", celler=cells, visa=shown)


def limit(study: Study) -> float:
    """Per cent from the ordered or granted hours at which an area is flagged."""
    return study.case.rule("hemtjanst.avvikelse_procent", date(study.ar, study.tom, 1)).varde


def deviations(frame: pd.DataFrame, most: float) -> list[str]:
    """What of an area is far from what was ordered or granted, in words; "" where nothing is."""
    said = pd.Series("", index=frame.index)
    for key, what in (
        ("bestallt_av_beviljat_procent", "beställt {} beviljat"),
        ("utforandegrad_procent", "utfört {} beställt"),
    ):
        way = np.where(frame[key] < MONTH_SHARE, UNDER, OVER)
        text = pd.Series([what.format(word) for word in way], index=frame.index).where(flagged(frame[key], most), "")
        said = said + np.where((said != "") & (text != ""), "; ", "") + text
    return said.tolist()


MONTH_SHARE = 100


def manager_table(study: Study) -> Table:
    """Cases that a manager decides in the month, by both readings of the plan: one footnote with its counts."""
    found = delegation(study.hemtjanst)
    limit_h = study.case.rule_or_none("hemtjanst.delegation_h", date(study.ar, study.tom, 1))
    values = found.loc[study.manad].tolist() if study.manad in found.index else [np.nan, np.nan]
    readings = [f"över {limit_h:g} timmar", f"{limit_h:g} timmar eller mer"] if limit_h else ["över", "eller mer"]
    frame = pd.DataFrame({"lasning": readings, "antal": values, "part": ["över", ""]})
    columns = (
        Column("lasning", "Planens läsning"),
        Column("antal", f"Ärenden i {long_month(study.manad)}", tells=(MANAGER,)),
    )
    note = "Planen säger båda delarna om vilka beslut som fattas på chefsnivå; därför visas båda."
    cells = no_number(frame, ["antal"], "tabellen hemtjanst säger inte hur många")
    return Table("chefsniva", "Beslut på chefsnivå", frame, columns, note=note, part="part", celler=cells)


def prognosis_table(study: Study, persons: Persons) -> Table:
    """The year's cost by kind: what the months to date cost, what is left, last year; cost and nothing else."""
    kr, kinds = study.kr, [slag for slag in SLAG if (study.volumes.cells["slag"] == slag).any()]
    rows: list[tuple] = []
    told: list[tuple] = []
    for slag in kinds:
        mine = (study.volumes.cells["slag"] == slag).to_numpy()
        before = np.nan if study.earlier_kr is None else _year(study.earlier_kr[:, mine])
        rows.append((SLAG[slag], _year(kr[: study.tom, mine]), _year(kr[study.tom : MONTHS, mine]), before))
        told.append(persons.priced(slag))
    if len(study.added):
        rows.append(("Scenariots förändringar", 0.0, study.added["ar"].sum(), 0.0))
        told.append(())
    frame = pd.DataFrame(rows, columns=["slag", "hittills_mnkr", "resten_mnkr", "forra_aret_mnkr"])
    frame.loc[len(frame)] = [TOTAL_ROW, *frame.iloc[:, 1:].sum(min_count=1)]
    frame.iloc[:, 1:] /= KR_PER_MNKR
    frame["prognos_mnkr"] = frame["hittills_mnkr"] + frame["resten_mnkr"]
    frame["skillnad_mnkr"] = frame["prognos_mnkr"] - frame["forra_aret_mnkr"]
    columns = (
        Column("slag", "Slag"),
        Column("hittills_mnkr", f"Till och med {MONTH_NAMES[study.tom - 1]}"),
        Column("resten_mnkr", "Resten av året"),
        Column("prognos_mnkr", f"Prognos {study.ar}", formula="{hittills_mnkr}+{resten_mnkr}"),
        Column("forra_aret_mnkr", f"{study.ar - 1}"),
        Column("skillnad_mnkr", "Skillnad", formula="{prognos_mnkr}-{forra_aret_mnkr}"),
    )
    why = study.lacks or "året före är inte helt i underlaget"
    numbers = [column.key for column in columns[1:]]
    told.append(persons.everybody)
    note = f"Inte med: {why}." if study.lacks else ""
    return Table(
        "prognos",
        f"Kostnaden {study.ar} av volymer och priser",
        frame,
        columns,
        True,
        note,
        celler=no_number(frame, numbers, why),
        told=dict.fromkeys(numbers, told),
        visa=("slag", "hittills_mnkr", "prognos_mnkr", "forra_aret_mnkr", "skillnad_mnkr"),
    )


def _year(kr: np.ndarray) -> float:
    """Kronor of some months and cells: those that have a price, NaN where none has."""
    months = kr[:MONTHS]
    return float(np.nansum(months)) if np.isfinite(months).any() or not months.size else np.nan


def bridge_table(study: Study, persons: Persons) -> Table:
    """Two bridges: from last year to the year by what moved it, and from there to the year with the scenario."""
    legs = []
    if study.causes is not None and study.earlier_kr is not None:
        start, end = _year(study.earlier_kr), _year(study.kr)
        steps = [
            Step(
                "orsak", 0, f"{EFFECTS[name]}: {CAUSE_NAMES[cause]}", Amounts(float(study.causes.loc[name, cause]), 0.0)
            )
            for name in study.causes.index
            for cause in CAUSES
        ]
        ends = ((f"{study.ar - 1}", Amounts(start, 0.0)), (f"Prognos {study.ar}", Amounts(end, 0.0)))
        legs.append(bridge(ends[0], steps, ends[1], rest="").assign(brygga=f"Från {study.ar - 1}", kr_helar=np.nan))
    if len(study.added):
        legs.append(_scenario_leg(study))
    frame = pd.concat(legs, ignore_index=True) if legs else pd.DataFrame(columns=[*COLUMNS, "brygga"])
    columns = (
        Column("brygga", "Brygga"),
        Column("steg", "Steg"),
        Column("kr", "Kronor"),
        Column("kr_helar", "På helår"),
    )
    told = {key: [persons.everybody] * len(frame) for key in ("kr", "kr_helar")}
    rounds = dict.fromkeys(told, (KR_PER_MNKR, ""))
    title = "Vad som har ändrat kostnaden"
    return Table("brygga", title, frame, columns, extra=("typ",), told=told, rounds=rounds)


def _scenario_leg(study: Study) -> pd.DataFrame:
    """From the year without the scenario to the year with it, a step per change."""
    sums = study.added.groupby("nr")[["ar", "helar"]].sum()
    by_nr = {n.nr: n.change for n in study.case.scenario}
    steps = [
        Step(by_nr[nr].typ, nr, described(by_nr[nr]), Amounts(row["ar"], row["helar"])) for nr, row in sums.iterrows()
    ]
    start = Amounts(_year(study.kr), float(np.nansum(study.kr[MONTHS])))
    end = Amounts(start.kr + sums["ar"].sum(), start.kr_helar + sums["helar"].sum())
    leg = bridge(("Utan scenariot", start), steps, ("Med scenariot", end), rest="")
    return leg.assign(brygga="Scenariot")


def sensitivity_table(study: Study, persons: Persons) -> Table:
    """What the year is sensitive to, from the month after the last one: the rest of the year, and over a full year.

    It tells of everybody: a share of the cost gives the cost, and a mean price the mix behind it.
    """
    size = study.case.rule("hemtjanst.kanslighet").varde
    fran = min(date(study.ar, study.tom, 1) + timedelta(days=31), last_day(study.ar)).replace(day=1)
    tried = {
        f"{size['arenden']} fler ärenden med hemtjänst": {"typ": "arenden", "insats": HOME, "antal": size["arenden"]},
        f"{size['procent']} procent fler timmar per ärende": {
            "typ": "timmar",
            "insats": HOME,
            "h_per_arende_procent": size["procent"],
        },
    }
    tried |= {
        f"{size['flytt']} flyttar från hemtjänst till {SLAG[slag].lower()}": {
            "typ": "flytt",
            "fran_insats": HOME,
            "till_slag": slag,
            "antal": size["flytt"],
        }
        for slag in PERMANENT
        if study.volumes.of(HOMES, slag).any()
    }
    rows = [(name, *_effect(study, change | {"fran": fran})) for name, change in tried.items()]
    share = size["procent"] / MONTH_SHARE
    rows.append(
        (
            f"{size['procent']} procent högre priser",
            *(share * np.nansum(part) for part in (study.kr[study.tom : MONTHS], study.kr[MONTHS])),
        )
    )
    frame = pd.DataFrame(rows, columns=["andring", "kr", "helar_kr"])
    if study.tom == MONTHS:
        frame["kr"] = 0.0
    columns = (
        Column("andring", f"Från {MONTH_NAMES[fran.month - 1]}" if study.tom < MONTHS else "Ändring"),
        Column("kr", f"Resten av {study.ar}", signed=True),
        Column("helar_kr", "På helår", signed=True),
    )
    note = "De som flyttar antas ha lika många timmar hemtjänst som andra; har de fler kostar flytten mindre."
    told = dict.fromkeys(("kr", "helar_kr"), [persons.everybody] * len(frame))
    return Table("kanslighet", "Vad kostnaden är känslig för", frame, columns, note=note, told=told)


def _effect(study: Study, given: dict) -> tuple[float, float]:
    """What a change adds to the rest of the year and over a full year, kr."""
    change = CHANGE_TYPES[given["typ"]].model_validate({"underlag": "antagande", "motivering": "känslighet"} | given)
    moved = under(study.volumes, [NumberedChange(1, "", change, "", 0, 1)])
    kr = cost(moved, study.prices) - study.kr
    return float(np.nansum(kr[:MONTHS])), float(np.nansum(kr[MONTHS]))


def break_even_table(study: Study, persons: Persons) -> Table:
    """A full month in each kind of home in kronor, and the hours of home care that cost as much."""
    hour = mean_price(study, HOME, DAY)
    kinds = [slag for slag in (*PERMANENT, *BESIDE) if study.volumes.of(HOMES, slag).any()]
    frame = pd.DataFrame({"slag": [SLAG[slag] for slag in kinds], "part": kinds})
    per_month = study.volumes.per[study.tom - 1]
    days = [float(per_month[study.volumes.of(HOMES, slag)].mean()) for slag in kinds]
    frame["kr_per_manad"] = [mean_price(study, HOMES, slag) * day for slag, day in zip(kinds, days, strict=True)]
    frame["timmar_h"] = break_even_hours(frame["kr_per_manad"], hour)
    told = [persons.priced(slag) for slag in kinds]
    columns = (
        Column("slag", "Slag"),
        Column("kr_per_manad", "En helmånad"),
        Column("timmar_h", "Lika mycket hemtjänst per månad"),
    )
    cells = no_number(frame, ["kr_per_manad", "timmar_h"], "priset saknas")
    title = f"När kostar hemtjänst lika mycket som boende? {short_month(study.manad).capitalize()} {study.ar}"
    return Table("brytpunkt", title, frame, columns, celler=cells, told={"kr_per_manad": told, "timmar_h": told})


def mean_price(study: Study, effekt: str, slag: str) -> float:
    """What an hour or a day costs in the last month, over managements as they are; NaN without a price."""
    mine = study.volumes.of(effekt, slag)
    count, price = (values[study.tom - 1, mine] for values in (study.volumes.antal, study.prices.of(study.volumes)))
    per = study.volumes.per[study.tom - 1, mine]
    weight = count * np.nan_to_num(per)
    there = weight > 0
    return float((weight[there] * price[there]).sum() / weight[there].sum()) if there.any() else np.nan
