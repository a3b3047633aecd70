"""Staffing's tables: indicators, months, targets, what it costs; each says whom its numbers tell of."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from planbok.analysis.targets import LEVELS
from planbok.base.errors import MissingValueError
from planbok.base.numbers import NO_BREAK, few_decimals, format_number
from planbok.base.periods import month_span
from planbok.case.case import Case
from planbok.case.result import Column, Table
from planbok.case.study import mean_of_month
from planbok.disclosure.operations import STAFF as EMPLOYED
from planbok.disclosure.operations import USERS
from planbok.disclosure.protect import SMALL
from planbok.inputs.tables.columns import TOTAL_ROW
from planbok.topics.staffing import model
from planbok.topics.staffing.hours import HOURS, month_of, periods
from planbok.topics.staffing.key_figures import missing_rules
from planbok.topics.staffing.other_tables import signal_counts
from planbok.topics.staffing.people import LONG_SICK, OF_SICK, SICK, STAFF, by_wage
from planbok.topics.staffing.study import Study
from planbok.topics.staffing.year import SICK_PAY, WAGE

UNIT = "Hela enheten"
LONG = "sjuk_60_dagar_andel_procent"
ENDS = [f"{name}_{end}" for name in model.PEOPLE for end in ("lag", "hog")]
COST_FORMULA = "+".join(f"{{{name}}}" for name in (*SICK_PAY, *model.KINDS))
SIGNAL_NAMES = {
    "upprepad_korttid": "Upprepad korttidsfrånvaro: kalla till samtal",
    "langre_an_tva_veckor": "Lång sjukperiod: kalla till samtal",
    "kontakt": "Chefen kontaktar den som är sjuk",
}
MARKED = {
    "negativa_timmar": "ett antal är negativt",
    "sjuk_over_avtalad": "sjuktiden är mer än den avtalade tiden",
    "del_over_helhet": "en del är mer än det som den är en del av",
    "manad_dubbel": "månaden finns både för hela gruppen och per verksamhet",
    "manad_saknas": "en månad saknas",
    "namnbyte": "gruppen kan ha bytt namn",
}
Labels = Mapping[str, str]


def sums(rows: pd.DataFrame, by_month: bool) -> pd.DataFrame:
    """Hours of the unit and of each group of labelled rows, in all or by month; headcounts of the last month."""
    group, names = pd.factorize(rows["grupp"])
    names = pd.Index(names)
    rank = np.argsort(np.argsort(names == SMALL, kind="stable"))  # small groups together come last
    number = rows["nr"].to_numpy()
    cells, cell = np.unique(np.stack([rank[group], number * by_month]), axis=1, return_inverse=True)
    hours, latest = np.zeros((cells.shape[1], len(HOURS))), np.full(len(names), np.nan)
    np.add.at(hours, cell, rows[HOURS].to_numpy(float))
    last = number == number.max()
    latest[rank[group[last]]] = 0.0
    np.add.at(latest, rank[group[last]], np.nan_to_num(rows["anstallda"].to_numpy(float)[last]))
    found = pd.DataFrame(hours, columns=HOURS)
    found = pd.concat([found, model.ratios(found)], axis=1)
    return found.assign(grupp=names[np.argsort(rank)][cells[0]], nr=cells[1], anstallda=latest[cells[0]])


def _labelled(frame: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """The rows as the unit's, then each as its group's as it is labelled."""
    named = frame.assign(grupp=frame["grupp"].replace(dict(labels))) if labels else frame
    return pd.concat([frame.assign(grupp=UNIT), named], ignore_index=True)


def period_names(study: Study) -> tuple[str, str]:
    """What the year so far and rolling twelve months are called."""
    so_far, rolling = periods(study.ar, study.tom_manad)[-2:]
    return so_far.namn.replace(" ", NO_BREAK), rolling.namn.replace(" ", NO_BREAK)


HOURS_TOLD = (
    Column("avtalad_tid_h", "Avtalad tid", tells=(STAFF,)),
    Column("sjuk_h", "Sjuk", tells=(SICK,)),
)
RATIO_COLUMNS = (
    Column("sjukfranvaro_procent", "Stadens mått", formula="100*{sjuk_h}/{avtalad_tid_h}", tells=(SICK,)),
    Column("sjukfranvaro_lag_procent", "Lagens mått", tells=(SICK,)),
    Column("sjukfranvaro_dag_1_14_procent", "Dag 1–14", tells=(SICK,)),
    Column(LONG, "60 dagar eller mer", tells=(SICK, LONG_SICK)),
    Column("timavlonad_procent", "Timavlönade", tells=(STAFF,)),
)
MONTH_COLUMNS = (
    *HOURS_TOLD,
    RATIO_COLUMNS[0],
    Column("rullande_12_procent", "Rullande 12 månader", tells=(SICK,)),
    *RATIO_COLUMNS[1:],
)
HOUR_COLUMNS = (Column("overtid_h", "Övertid", tells=(STAFF,)), Column("inhyrd_h", "Inhyrd", tells=(STAFF,)))
OVERTIME_RULE = "ersattare.kr_per_timme.overtid"
OVERTIME_KR = Column("overtid_kr", "Övertid, kronor", tells=(STAFF,))
MONTH, GROUP = Column("manad", "Månad"), Column("grupp", "Grupp")


def indicators_table(study: Study) -> Table:
    """Every indicator by group and period: tertials that are over, the year so far, twelve months if there are."""

    def frame(labels: Labels) -> pd.DataFrame:
        rows = _labelled(study.frame, labels)
        found = [
            sums(period.rows(rows), by_month=False).assign(period=period.namn.replace(" ", NO_BREAK))
            for period in periods(study.ar, study.tom_manad)
            if period.whole(study.frame)
        ]
        return pd.concat(found, ignore_index=True)[[*(column.key for column in columns), *extra]]

    columns = (Column("period", "Period"), GROUP, *HOURS_TOLD, *RATIO_COLUMNS)
    extra = ("anstallda", "overtid_h", "inhyrd_h")
    return Table(
        "indikatorer",
        f"Nyckeltal per grupp och period till och med {month_of(study.last)}",
        frame({}),
        columns,
        extra=extra,
        part="grupp",
        extra_tells=dict.fromkeys(extra, (STAFF,)),
        together=frame,
    )


def month_tables(study: Study) -> tuple[Table, Table]:
    """The year month by month, of the unit and of each group."""
    found = _months(study, {})
    return _unit_months(study, found[found["grupp"] == UNIT]), _group_months(study, _of_groups(found))


def _of_groups(months: pd.DataFrame) -> pd.DataFrame:
    return months[months["grupp"] != UNIT].reset_index(drop=True)


def _unit_months(study: Study, months: pd.DataFrame) -> Table:
    """A month that is marked says so."""
    found = months.reset_index(drop=True)
    marked = {mark.manad for mark in study.marks}
    found["anmarkning"] = np.where(found["manad"].isin(marked), "märkt, se Kontroller", "")
    found["overtid_kr"] = found["overtid_h"] * [_overtime_price(study.case, month) for month in found["manad"]]
    columns: tuple[Column, ...] = (MONTH, *MONTH_COLUMNS, *HOUR_COLUMNS, OVERTIME_KR)
    columns += (Column("anmarkning", "Anmärkning"),) if marked else ()
    title = f"Månad för månad {study.ar}, hela enheten"
    return Table("per_manad", title, found, columns, extra=("grupp",), part="grupp")


def _overtime_price(case: Case, manad: str) -> float:
    """kr an hour of overtime in a month, by its days as sick pay is; NaN where it is not known."""
    with suppress(KeyError, MissingValueError):
        return mean_of_month(case, OVERTIME_RULE, manad)
    return np.nan


def _group_months(study: Study, months: pd.DataFrame) -> Table:
    return Table(
        "per_manad_grupp",
        f"Månad för månad {study.ar}, per grupp",
        months,
        (MONTH, GROUP, *MONTH_COLUMNS),
        extra=("overtid_h", "inhyrd_h"),
        part="grupp",
        extra_tells=dict.fromkeys(("overtid_h", "inhyrd_h"), (STAFF,)),
        together=lambda labels: _of_groups(_months(study, labels)),
    )


def _months(study: Study, labels: Labels) -> pd.DataFrame:
    """Hours and ratios by month of the year, of the unit and of each group as it is labelled."""
    start, rows = study.ar * 12, _labelled(study.frame, labels)
    found = sums(rows[rows["nr"] >= start], by_month=True)
    rolling = _rolling(rows, range(start, study.last + 1))
    found = found.join(rolling, on=["grupp", "nr"])
    shown = [column.key for column in (MONTH, GROUP, *MONTH_COLUMNS, *HOUR_COLUMNS)]
    return found.assign(manad=[month_of(int(nr)) for nr in found["nr"]])[shown]


def _rolling(rows: pd.DataFrame, months: range) -> pd.Series:
    """The city's indicator over twelve months to each month, by group as labelled; NaN before there are twelve."""
    span, (sick, agreed) = range(months.start - 11, months.stop), model.RATIOS["sjukfranvaro_procent"]
    hours = rows.groupby(["grupp", "nr"])[[sick, agreed]].sum(skipna=False)
    groups = hours.index.unique("grupp")
    every = hours.reindex(pd.MultiIndex.from_product([groups, span]), fill_value=0.0).to_numpy(float)
    sums_of_twelve = sliding_window_view(every.reshape(len(groups), len(span), 2), 12, axis=1).sum(axis=-1)
    part, whole = np.moveaxis(sums_of_twelve, -1, 0)
    twelve = sliding_window_view(np.isin(span, rows["nr"]), 12).all(axis=1)
    found = 100 * part / np.where(twelve & (whole != 0), whole, np.nan)
    at = pd.MultiIndex.from_product([groups, months], names=["grupp", "nr"])
    return pd.Series(found.ravel(), at, name="rullande_12_procent")


def targets_table(study: Study) -> Table:
    """Each indicator's outcome against the three levels, with a sign and a word; of sick leave it tells of the sick."""
    rows = []
    for target in study.targets:
        levels = {name: target.levels[name] for name in LEVELS}
        rows.append(
            {
                "indikator": target.reading.kort or target.indikator,
                "period": target.period.replace(" ", NO_BREAK),
                "utfall": target.utfall_text or "–",
                "anmarkning": target.anmarkning,
                "utfall_varde": target.utfall.varde,
                "riktning": target.reading.riktning,
                "galler": target.galler,
                "om": "" if target.id.startswith("sjukfranvaro") else None,
                **{name: level.shown for name, level in levels.items()},
                **{f"{name}_text": level.mal.text for name, level in levels.items()},
                **{f"{name}_varde": level.mal.varde for name, level in levels.items()},
                **{f"{name}_klaras": level.klaras for name, level in levels.items()},
            }
        )
    labels = {"arsmal": "Enhetens mål", "namndmal": "Nämndens mål", "kf_arsmal": "Kommunfullmäktiges mål"}
    columns = (
        Column("indikator", "Indikator"),
        Column("utfall", "Utfall", tells=(SICK,)),
        Column("period", "Period"),
        *(Column(name, label, tells=(SICK,), coarse=f"{name}_text") for name, label in labels.items()),
        Column("anmarkning", "Anmärkning", tells=(SICK,)),
    )
    met = [f"{name}_klaras" for name in LEVELS]
    extra = ("utfall_varde", "riktning", "galler", *(f"{name}_varde" for name in LEVELS), *met)
    keys = [*(column.key for column in columns), *extra, "om", *(f"{name}_text" for name in LEVELS)]
    told = dict.fromkeys(met, (SICK,)) | {f"{name}_varde": () for name in LEVELS}
    frame = pd.DataFrame(rows, columns=keys)
    frame["om"] = pd.Series([row["om"] for row in rows], dtype=object)
    title = f"Utfall mot årsmål {study.ar}"
    return Table("mal", title, frame, columns, extra=extra, part="om", extra_tells=told)


def cost_table(study: Study) -> Table:
    """What the sick hours of the year so far cost, by group; the unit last.

    Kronor in which days 15-59 are tell, with those of days 1-14, how much of a group's absence is 60 days or more.
    """
    months = slice(0, study.tom_manad)
    lines = {name: kr[:, months].sum(axis=1) for name, kr in study.world.by_month.items()}
    sick = study.world.sick.sjuk[:, months].sum(axis=1)
    groups = pd.DataFrame({"grupp": study.world.base.groups, "sjuk_h": sick, **lines})

    def frame(labels: Labels) -> pd.DataFrame:
        shown = groups.assign(grupp=groups["grupp"].replace(dict(labels)))
        shown = shown.groupby("grupp", sort=False).sum(skipna=False)
        total = groups.drop(columns="grupp").sum(skipna=False).rename(UNIT).to_frame().T
        small = shown.index == SMALL
        found = pd.concat([shown[~small], shown[small], total]).rename_axis("grupp").reset_index()
        return found.assign(summa_kr=found[[*SICK_PAY, *model.KINDS]].sum(axis=1, skipna=False))

    columns = _cost_columns(study)
    whole, reason = frame({}), missing_rules(study)
    lacks = [(row, c.key) for c in columns if reason for row in np.flatnonzero(whole[c.key].isna())]
    return Table(
        "kostnad",
        f"Vad sjukfrånvaron kostar, {month_span(1, study.tom_manad)} {study.ar}, uppskattat ur timmar",
        whole,
        columns,
        total_row=True,
        note=f"Saknas: {reason}." if lacks else "",
        part="grupp",
        together=frame,
        celler={(int(row), key): ("saknas", reason) for row, key in lacks},
    )


def _cost_columns(study: Study) -> tuple[Column, ...]:
    wage = tuple(of for of in by_wage(study.world) if of not in OF_SICK)
    paid: tuple[str | tuple[str, Any], ...] = (SICK, *wage)
    long = (*paid, LONG_SICK)
    kronor = {
        "sjuklon_1_14": ("Sjuklön dag 1–14", paid),
        "sjuklon_15_90": ("Avtalets tillägg, dag 15–59", long),
        "avgifter": ("Avgifter", long),
        "timavlonad": ("Timavlönade ersättare", (SICK,)),
        "overtid": ("Övertid", (SICK,)),
        "inhyrd": ("Inhyrda", (SICK,)),
    }
    return (
        GROUP,
        Column("sjuk_h", "Sjuk", tells=(SICK,)),
        *(Column(key, label, "kr", tells=of) for key, (label, of) in kronor.items()),
        Column("summa_kr", "Sjuklön och ersättare", formula=COST_FORMULA, tells=long),
        Column(WAGE, "Lön som inte betalas ut", "kr", tells=paid),
    )


def detail_tables(study: Study) -> list[Table]:
    """Counts of what calls for the manager, of so few that they are for working papers; none without spells."""
    counts = signal_counts(study.case, study.tom_manad)
    if counts is None:
        return []
    columns = (
        Column("namn", "Signal"),
        Column("regel", "När"),
        Column("avser", "Räknas i"),
        Column("antal", f"Hittills {study.ar}"),
        Column("antal_manaden", f"Varav {month_of(study.last)}"),
    )
    frame = counts.assign(namn=counts["signal"].map(SIGNAL_NAMES))
    return [Table("signaler", "Signaler för chefens ansvar", frame, columns, extra=("signal",))]


def marks_table(study: Study) -> Table | None:
    """Months that can't be right; their hours in working papers only."""
    if not study.marks:
        return None
    rows = [{"grupp": mark.grupp, "manad": mark.manad, "text": mark.text} for mark in study.marks]
    plain = pd.DataFrame(rows).assign(text=[MARKED[mark.slag] for mark in study.marks])

    def frame(labels: Labels) -> pd.DataFrame:
        return plain.assign(grupp=plain["grupp"].replace(dict(labels))).drop_duplicates(ignore_index=True)

    title, columns = "Månader som inte kan stämma", (GROUP, MONTH, Column("text", "Vad", tells=(SICK,)))
    coarse = Table("markta_manader", title, frame({}), columns, part="grupp", together=frame)
    return Table("markta_manader", title, pd.DataFrame(rows), columns, detail=True, coarse=coarse)


def methods_table(study: Study) -> Table:
    """Each forecasting method's own past errors."""
    rows = [
        (
            trial.metod,
            len(trial.fel),
            trial.medelfel,
            trial.medelfel_gemensamma,
            *((trial.fel.min(), trial.fel.max()) if len(trial.fel) else (np.nan, np.nan)),
            "ja" if trial.metod == study.outlook.metod else "nej",
        )
        for trial in study.outlook.trials
    ]
    points: dict[str, Any] = {"mattenhet": "procentenheter", "decimaler": 2, "tells": OF_SICK}
    common = max((trial.gemensamma for trial in study.outlook.trials), default=0)
    columns = (
        Column("metod", "Metod"),
        Column("forsok", "Prövad", mattenhet="ggr", decimaler=0),
        Column("medelfel", "Medelfel", **points),
        Column("medelfel_gemensamma", f"Medelfel, de {common} som båda prövats på", **points),
        Column("storst_for_lag", "Mest för lågt", signed=True, **points),
        Column("storst_for_hog", "Mest för högt", signed=True, **points),
        Column("anvands", "Används"),
    )
    return Table.of("prognosmetoder", "Hur fel metoderna har haft när de prövats på tidigare månader", rows, columns)


def operations_table(study: Study) -> Table | None:
    """Users and staff by operation and of the unit, and employees per manager."""
    if study.operations is None:
        return None
    rows = _with_unit(study.operations)
    found = rows.join(model.per_head(rows))
    found["medarbetare_per_chef"] = [
        model.employees_per_manager(staffed, heads) if name == UNIT else np.nan
        for name, staffed, heads in zip(found["verksamhet"], found["medarbetare_lag"], found["chefer"], strict=True)
    ]
    for name in (*model.PEOPLE, *model.PER_HEAD):
        found[name] = [span(*both) for both in zip(found[f"{name}_lag"], found[f"{name}_hog"], strict=True)]
    columns = (
        Column("verksamhet", "Verksamhet"),
        Column("brukare", "Brukare", tells=(USERS,)),
        Column("medarbetare", "Medarbetare", tells=(EMPLOYED,)),
        Column("arsarbetare", "Årsarbetare", tells=(EMPLOYED,)),
        Column("brukare_per_medarbetare", "Brukare per medarbetare", tells=(USERS, EMPLOYED)),
        Column("brukare_per_arsarbetare", "Brukare per årsarbetare", tells=(USERS, EMPLOYED)),
        Column("medarbetare_per_chef", "Medarbetare per chef", mattenhet="medarbetare", tells=(EMPLOYED,)),
    )
    extra = tuple(f"{name}_{end}" for name in (*model.PEOPLE, *model.PER_HEAD) for end in ("lag", "hog"))
    frame = found[[*(column.key for column in columns), *extra]]
    return Table("personal", "Brukare och personal per verksamhet", frame, columns, extra=extra, part="verksamhet")


def span(low: float, high: float) -> str:
    """A number, or a range where the source gives one, with a decimal where it isn't whole.

    >>> span(18, 24), span(7.5, 7.5), span(float("nan"), 3)
    ('18–24', '7,5', '–')
    """
    if low != low or high != high:
        return "–"
    ends = [format_number(x, few_decimals(x)) for x in (low, high)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def _with_unit(listed: pd.DataFrame) -> pd.DataFrame:
    """The operations and, last, the unit: as its total row states, else their sum where each states its own."""
    is_total = listed["verksamhet"] == TOTAL_ROW
    parts, stated = listed[~is_total].reset_index(drop=True), listed[is_total]
    whole = parts[[*ENDS, "chefer"]].sum(min_count=1).to_frame().T.assign(verksamhet=UNIT)
    for name in ENDS:
        known, complete = stated[name].dropna(), parts[name].notna().all() or name.startswith("brukare")
        whole[name] = known.iloc[0] if len(known) else whole[name].iloc[0] if complete else np.nan
    return pd.concat([parts, whole], ignore_index=True)
