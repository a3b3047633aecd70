"""The tables on granted insatser: by month, over the year, what is flagged, what moved the cost, women and men."""

from dataclasses import replace

import numpy as np
import pandas as pd

from planbok.base.periods import MONTH_NAMES, last_day, long_month
from planbok.case.result import Column, Table, no_number
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.insatser.equality import GROUP_NAMES, GROUPS, SEXES, shares
from planbok.topics.insatser.people import DECIDED, FLAGGED, MOVED, RUNNING, SEX, SEX_HOURS, SEX_LARGE, Persons
from planbok.topics.insatser.study import Flag, Study, days_of_year

WHOLE = "Alla insatser"
COUNTS = {
    "lopande_antal": "Löpande",
    "nya_antal": "Nya",
    "avslutade_antal": "Avslutade",
    "netto_antal": "Netto",
    "omprovade_antal": "Omprövade",
    "beslut_antal": "Beslut",
    "personer_antal": "Personer",
    "timmar_h": "Timmar per månad",
}
CAUSES = {"volym": "Fler eller färre", "niva": "Andra nivåer", "pris": "Andra priser"}
NO_DATES = "inget beslut i underlaget har beslutsdatum"
NO_SEX = "inget beslut i underlaget har kön"
UP, DOWN = "ökar", "minskar"
FEW = ("skyddas", "få personer")
INVENTED = {"running": "lopande_antal_tankta", "new": "nya_antal_tankta", "ended": "avslutade_antal_tankta"}
STANDS = "Ett antal räknas om när minst så många har rört sig som får visas; fram till dess står det kvar."


def insats_name(study: Study, insats: str) -> str:
    """An insats as people write it."""
    if insats == TOTAL_ROW:
        return WHOLE
    return study.case.rule("insatser").varde[insats]["titel"]


def months_table(study: Study, persons: Persons) -> Table:
    """Per insats and month what runs, is new, ends and is renewed; for others what runs, over longer periods."""
    series, title = study.series, "Per insats och månad"
    columns = (Column("insats_namn", "Insats"), Column("manad", "Månad"))
    kept = (*columns, Column("lopande_antal", "Löpande", tells=(RUNNING,), counts=True))
    periods = periods_of(study)
    few = no_number(periods, ["lopande_antal"], FEW[1], FEW[0])
    extra = ("insats", *periods.columns.intersection([*INVENTED.values()]))
    coarse = Table("per_insats_manad", title, periods, kept, note=STANDS, extra=extra, part="insats", celler=few)
    if study.stood:
        return coarse
    parts = [_months_of(study, place, insats) for place, insats in enumerate(series.insatser)]
    frame = pd.concat([*parts, months_of_all(study)], ignore_index=True)
    frame["insats_namn"] = [insats_name(study, insats) for insats in frame["insats"]]
    numbers = tuple(Column(key, label, signed=key == "netto_antal") for key, label in COUNTS.items())
    return Table("per_insats_manad", title, frame, (*columns, *numbers), extra=("insats",), detail=True, coarse=coarse)


def _months_of(study: Study, place: int, insats: str) -> pd.DataFrame:
    series = study.series
    return pd.DataFrame(
        {
            "insats": insats,
            "manad": series.months,
            "lopande_antal": series.running[:, place],
            "nya_antal": series.new[:, place],
            "avslutade_antal": series.ended[:, place],
            "netto_antal": series.new[:, place] - series.ended[:, place],
            "omprovade_antal": series.renewed[:, place],
            "beslut_antal": series.decisions[:, place],
            "personer_antal": series.running[:, place],
            "timmar_h": series.hours[:, place],
        }
    )


def months_of_all(study: Study) -> pd.DataFrame:
    """The unit: sums over insatser, but persons who have several are one."""
    series = study.series
    parts = [_months_of(study, place, TOTAL_ROW) for place in range(len(series.insatser))]
    sums = [name for name in COUNTS if name not in ("personer_antal", "timmar_h")]
    whole = parts[0].assign(**{name: sum(part[name] for part in parts) for name in sums})
    hours = series.hours if np.isfinite(series.hours).any() else np.full(series.hours.shape, np.nan)
    return whole.assign(personer_antal=series.persons, timmar_h=pd.DataFrame(hours).sum(axis=1, min_count=1))


def periods_of(study: Study) -> pd.DataFrame:
    """What runs by the months that it was counted in, each until it was counted anew."""
    counts, months = study.counts, np.array(study.series.months)
    found = []
    for place, insats in enumerate([*study.series.insatser, TOTAL_ROW]):
        counted_in = counts.running_in[:, place]
        ends = np.flatnonzero(np.append(counted_in[1:] != counted_in[:-1], True))
        first, last = counted_in[ends], months[ends]
        label = [one if one == other else f"{one}–{other}" for one, other in zip(first, last, strict=True)]
        rows = {"insats": insats, "manad": label, "lopande_antal": counts.running[ends, place]}
        if counts.invented:
            rows[INVENTED["running"]] = counts.invented["running"][ends, place]
        found.append(pd.DataFrame(rows).assign(insats_namn=insats_name(study, insats)))
    return pd.concat(found, ignore_index=True)


def change_table(study: Study) -> Table:
    """Per insats what runs, how that has changed in a year, and what has come and gone since January."""
    counts = study.counts
    frame = pd.DataFrame(
        {
            "insats": [*study.series.insatser, TOTAL_ROW],
            "lopande_antal": counts.running[-1],
            "forandring_antal": counts.running[-1] - counts.ago,
            "nya_antal": counts.sums["new"],
            "avslutade_antal": counts.sums["ended"],
            "raknat": [long_month(month) for month in counts.running_in[-1]],
        }
    )
    invented = {INVENTED[kind]: its if its.ndim == 1 else its[-1] for kind, its in counts.invented.items()}
    frame = frame.assign(**invented)
    frame = pd.concat(
        [frame.iloc[:-1].sort_values("lopande_antal", ascending=False), frame.iloc[-1:]], ignore_index=True
    )
    frame["insats_namn"] = [insats_name(study, insats) for insats in frame["insats"]]
    columns = (
        Column("insats_namn", "Insats"),
        Column("lopande_antal", "Löpande nu" if study.stood is None else "Löpande", tells=(RUNNING,), counts=True),
        Column("forandring_antal", "Mot ett år tidigare", tells=(RUNNING,)),
        Column("nya_antal", f"Nya {study.ar}", tells=(MOVED,), counts=True),
        Column("avslutade_antal", f"Avslutade {study.ar}", tells=(MOVED,), counts=True),
        *(() if study.stood is None else (Column("raknat", "Räknat"),)),
    )
    title = f"Löpande {long_month(study.manad)} och vad som har ändrats"
    few = no_number(frame, frame, FEW[1], FEW[0])
    note = "" if study.stood is None else f"{STANDS} {_until(study)}".strip()
    return Table("forandring", title, frame, columns, True, note, ("insats", *invented), "insats", celler=few)


def _until(study: Study) -> str:
    """Until which month what is new and ended in the whole unit is counted, where it is not the last."""
    month = study.counts.sums_in["new"]
    said = f"Nya och avslutade för alla insatser är räknade till och med {MONTH_NAMES[month - 1]}."
    return said if 0 < month < study.tom_manad else ""


def warnings_table(study: Study, persons: Persons) -> Table:
    """The flagged insatser, with what each means in kronor if it stays."""
    rows = [_warning(study, flag) for flag in study.flags]
    names = ["insats", "insats_namn", "riktning", "senaste_antal", "medel_antal", "forandring_procent"]
    frame = pd.DataFrame(rows, columns=[*names, "forandring_antal", "kr", "helar_kr", "tidigare"])
    left, year = (last_day(study.ar) - study.last_day).days, days_of_year(study.ar)
    money = {
        "kr": [persons.flagged(flag, left) for flag in study.flags],
        "helar_kr": [persons.flagged(flag, year) for flag in study.flags],
    }
    columns = (
        Column("insats_namn", "Insats"),
        Column("senaste_antal", f"Löpande {long_month(study.manad)}", tells=(RUNNING, FLAGGED)),
        Column("medel_antal", f"Snitt {study.limits.window} månader före", decimaler=1, tells=(RUNNING, FLAGGED)),
        Column("forandring_procent", "Ändring", signed=True, tells=(RUNNING, FLAGGED)),
        Column("kr", f"Resten av {study.ar}", signed=True),
        Column("helar_kr", "På helår", signed=True),
        Column("tidigare", "Tidigare flaggor som var falska"),
    )
    cells = {
        (row, key): ("saknas", "insatsen har inget pris")
        for row, flag in enumerate(study.flags)
        for key in ("kr", "helar_kr")
        if np.isnan(flag.helar_kr)
    }
    counts = ("senaste_antal", "medel_antal", "forandring_procent", "forandring_antal", "kr", "helar_kr")
    cells |= {(row, key): FEW for row, flag in enumerate(study.flags) if np.isnan(flag.senaste) for key in counts}
    extra = ("insats", "riktning")
    title = "Insatser som har ändrats mycket"
    return Table("varningar", title, frame, columns, extra=extra, part="insats", priced=money, celler=cells)


def _warning(study: Study, flag: Flag) -> tuple:
    before = f"{flag.false} av {flag.tried}" if flag.tried else "inga att pröva"
    name, way = insats_name(study, flag.insats), UP if flag.rises else DOWN
    share = 100 * flag.change / flag.medel if flag.medel else np.nan
    return (flag.insats, name, way, flag.senaste, flag.medel, share, flag.change, flag.kr, flag.helar_kr, before)


def decisions_table(study: Study) -> Table:
    """The year's decisions by the month in which they were taken and insats; for others the year's sums."""
    title, known = f"Beslut fattade {study.ar}", study.rows["beslutsdatum"].notna().any()
    days = study.rows["beslutsdatum"].dt.strftime("%Y-%m")
    frame = pd.DataFrame({"insats": [*study.bas.insatser, TOTAL_ROW]})
    names = [f"{MONTH_NAMES[int(month[5:]) - 1]}_antal" for month in study.year_months]
    for name, month in zip(names, study.year_months, strict=True):
        found = study.rows.loc[days == month, "insats"].value_counts()
        counts = [int(found.get(insats, 0)) for insats in study.bas.insatser]
        frame[name] = [*counts, sum(counts)] if known else np.nan
    frame["summa_antal"] = frame[names].sum(axis=1, skipna=False)
    frame["insats_namn"] = [insats_name(study, insats) for insats in frame["insats"]]
    lacking = [] if known else [*names, "summa_antal"]
    cells = {(row, key): ("saknas", NO_DATES) for row in range(len(frame)) for key in lacking}
    first, total = (
        Column("insats_namn", "Insats"),
        Column("summa_antal", f"Summa {study.ar}", tells=(DECIDED,), counts=True),
    )
    months = tuple(Column(name, name.partition("_")[0][:3]) for name in names)
    table = Table("beslut_per_manad", title, frame, (first, total), True, _undated(study), ("insats",), "insats")
    sums = study.counts.sums["decided"]
    stood = frame.assign(summa_antal=[*sums[: len(study.bas.insatser)], sums[-1]] if known else np.nan)
    word, why = FEW if known else ("saknas", NO_DATES)
    few = no_number(stood, ["summa_antal"], why, word)
    coarse = replace(table, frame=stood, celler=few, note=f"{table.note} {STANDS}".strip())
    return replace(table, columns=(first, *months, total), celler=cells, detail=True, coarse=coarse)


def _undated(study: Study) -> str:
    """What is said where some of the year's decisions have no date of decision."""
    lacks = study.rows["beslutsdatum"].isna()
    if not lacks.any() or lacks.all():
        return ""
    return "En del beslut har inget beslutsdatum och är inte med."


def drivers_table(study: Study, persons: Persons) -> Table:
    """What moved the cost of insatser with a price: volume, levels and prices, since last year and since the budget."""
    rows = [
        (since, moved.before, *(moved.causes[key] for key in CAUSES), moved.after, moved.after - moved.before)
        for since, moved in study.drivers.items()
    ]
    names = ["jamforelse", "fore_kr", *(f"{key}_kr" for key in CAUSES), "nu_kr", "skillnad_kr"]
    frame = pd.DataFrame(rows, columns=names)
    last = long_month(study.manad)
    columns = (
        Column("jamforelse", "Jämfört med"),
        Column("fore_kr", "Då"),
        *(Column(f"{key}_kr", label, signed=True) for key, label in CAUSES.items()),
        Column("nu_kr", f"Januari–{last}" if study.tom_manad > 1 else last.capitalize()),
        Column("skillnad_kr", "Skillnad", formula="{nu_kr}-{fore_kr}"),
    )
    left_out = dict.fromkeys(name for moved in study.drivers.values() for name in moved.left_out)
    listed = ", ".join(insats_name(study, name).lower() for name in left_out)
    note = f"Utan pris och därför inte med: {listed}." if listed else ""
    money = {key: [persons.cost()] * len(frame) for key in names[1:]} | {"pris_kr": [persons.repriced()] * len(frame)}
    moved = [persons.differ(since) for since in study.drivers]
    told = dict.fromkeys((*(f"{key}_kr" for key in CAUSES), "skillnad_kr"), moved)
    return Table("drivare", "Vad som har ändrat kostnaden", frame, columns, note=note, priced=money, told=told)


def sex_table(study: Study) -> Table:
    """Persons and hours of women and men by group of insatser; kronor only as an index, the unit is 100."""
    title, frame = "Kvinnor och män", _by_sex(study)
    columns = (
        Column("grupp_namn", "Insatser"),
        Column("kon_namn", "Kön"),
        Column("antal", "Personer", tells=(SEX,), counts=True),
        Column("timmar_h", "Timmar", tells=(SEX, SEX_HOURS)),
        Column("kr_index", "Kronor per person, enheten 100", "index", 0, tells=(SEX_LARGE,)),
        *(() if study.stood is None else (Column("raknat", "Till och med"),)),
    )
    note = (STANDS if study.stood else "") if study.rows["kon"].ne("").any() else f"Underlag saknas: {NO_SEX}."
    cells = no_number(frame, ["kr_index"], "insatserna har inget pris")
    cells |= no_number(frame, ["timmar_h"], "inga beslut i timmar")
    told = {"timmar_h": _of_one_group(study, frame)}
    return Table(
        "fordelning_kon", title, frame, columns, False, note, ("grupp", "kon"), "part", told=told, celler=cells
    )


def _of_one_group(study: Study, frame: pd.DataFrame) -> list[tuple[tuple[str, tuple[str, str]], ...]]:
    """Whom each row's hours tell of beside its own: those of all insatser of the only group that has any."""
    every = shares(study)
    timed = every[(every["med_timmar"] > 0) & (every["grupp"] != GROUPS[-1])]
    groups = timed.groupby(["manad", "kon"])["grupp"].agg(list)
    there = [groups.get(at, []) for at in zip(frame["manad"], frame["kon"], strict=True)]
    rows = zip(frame["grupp"], frame["kon"], there, strict=True)
    return [((SEX, (its[0], kon)),) if grupp == GROUPS[-1] and len(its) == 1 else () for grupp, kon, its in rows]


def _by_sex(study: Study) -> pd.DataFrame:
    every = _indexed(study)
    last = every[every["manad"] == study.tom_manad]
    of = [study.sexes.get(pair, study.tom_manad) for pair in zip(last["grupp"], last["kon"], strict=True)]
    keys = ["manad", "grupp", "kon"]
    frame = last[["grupp", "kon"]].assign(manad=of).merge(every, on=keys, how="left")
    frame["timmar_h"] = frame["timmar_h"].where(frame["timmar_h"] > 0)
    frame = frame[frame["kon"].isin(SEXES[:2])].copy()
    frame["order"] = frame["grupp"].map(GROUPS.index)
    frame = frame.sort_values(["order", "kon"], ignore_index=True)
    frame["part"] = list(zip(frame["grupp"], frame["kon"], strict=True))
    frame["raknat"] = [MONTH_NAMES[month - 1] for month in frame["manad"]]
    return frame.assign(grupp_namn=frame["grupp"].map(GROUP_NAMES), kon_namn=frame["kon"].str.capitalize())


def _indexed(study: Study) -> pd.DataFrame:
    """The shares with kronor a person as an index: the unit's are 100."""
    frame = shares(study)
    whole = frame[frame["grupp"] == GROUPS[-1]].groupby("manad")[["kr", "prissatta"]].sum()
    unit = frame["manad"].map(whole["kr"] / whole["prissatta"].where(whole["prissatta"] > 0))
    index = np.round(100 * frame["kr"] / frame["prissatta"] / unit)  # exact it could be solved for the levels behind it
    return frame.assign(kr_index=index)
