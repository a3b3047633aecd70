"""Staffing's tables: indicators, months, targets, what it costs, what has changed; small groups never by themselves."""

import numpy as np
import pandas as pd

from planbok.analysis.targets import LEVELS
from planbok.base.numbers import NO_BREAK, format_number
from planbok.base.periods import month_span
from planbok.case.result import Column, Table
from planbok.disclosure.operations import STAFF, USERS
from planbok.topics.staffing import model, staff
from planbok.topics.staffing.hours import HOURS, Period, month_name, periods
from planbok.topics.staffing.study import Study
from planbok.topics.staffing.year import SICK_PAY, WAGE

UNIT = "Hela enheten"
TOGETHER = "Små grupper tillsammans"
SICK = ["sjuk_h", "sjukfranvaro_procent", "sjukfranvaro_lag_procent", "sjukfranvaro_dag_1_14_procent"]
LONG, LONG_H, SHORT_H = "sjuk_60_dagar_andel_procent", "sjuk_60_dagar_h", "sjuk_dag_1_14_h"
ENDS = [f"{name}_{end}" for name in staff.PEOPLE for end in ("lag", "hog")]
COST_FORMULA = "+".join(f"{{{name}}}" for name in (*SICK_PAY, *model.KINDS))
WITH_LENGTH = ["sjuklon_15_90", "avgifter", "summa_kr"]
BY_WAGE = [*SICK_PAY, "summa_kr", WAGE]
SIGNAL_NAMES = {
    "upprepad_korttid": "Upprepad korttidsfrånvaro: kalla till samtal",
    "langre_an_tva_veckor": "Lång sjukperiod: kalla till samtal",
    "kontakt": "Chefen kontaktar den som är sjuk",
}


def label(study: Study, grupp: pd.Series) -> pd.Series:
    """The name under which a group is shown; NaN for one that is not shown at all."""
    together = TOGETHER if study.merged else np.nan
    return grupp.mask(grupp.isin(study.hidden), together)


def sums(study: Study, frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Hours of the unit, then of each group as it is shown, by further keys; headcounts of the last month."""
    named = frame.assign(grupp=label(study, frame["grupp"])).dropna(subset=["grupp"])
    names = [name for name in dict.fromkeys(named["grupp"]) if name != TOGETHER]
    order = [UNIT, *names, TOGETHER]
    rows = pd.concat([frame.assign(grupp=UNIT), named], ignore_index=True)
    found = rows.groupby([*keys, "grupp"], sort=False)[HOURS].sum(skipna=False)
    latest = rows[rows["nr"] == rows["nr"].max()].groupby("grupp")["anstallda"].sum()
    found["anstallda"] = found.index.get_level_values("grupp").map(latest)
    found = found.join(model.ratios(found)).reset_index()
    rank = found["grupp"].map({name: place for place, name in enumerate(order)})
    return found.assign(_rank=rank).sort_values(["_rank", *keys], kind="stable", ignore_index=True)


def guarded(study: Study, found: pd.DataFrame) -> pd.DataFrame:
    """Without what the audience may not see: long absence of a group, and all sick leave of a small unit."""
    if study.is_open:
        return found
    found = found.assign(**{name: found[name].where(found["grupp"] == UNIT) for name in (LONG, LONG_H)})
    return found.assign(**dict.fromkeys([*SICK, SHORT_H, LONG, LONG_H], np.nan)) if study.is_withheld else found


def note(study: Study) -> str:
    """Why cells are withheld, for tables that have such."""
    if study.is_open:
        return ""
    if study.withheld:
        return f"Sjukfrånvaron visas inte: {study.withheld}."
    said = "Andelen 60 dagar eller mer visas bara för hela enheten."
    if not study.hidden:
        return said
    how = f"visas tillsammans ({len(study.hidden)} grupper)" if study.merged else "visas inte"
    return f"{said} Grupper med högst tio anställda, och så många till att de inte kan räknas fram, {how}."


def hidden_rows(study: Study, found: pd.DataFrame) -> pd.DataFrame:
    """Rows for the groups that are listed without numbers, where the rule does not show them together."""
    if study.merged or not study.hidden:
        return found
    last = study.outturn[study.outturn["nr"] == study.last].set_index("grupp")["anstallda"]
    names = [name for name in dict.fromkeys(study.outturn["grupp"]) if name in study.hidden]
    empty = pd.DataFrame({"grupp": names, "anstallda": [last.get(name, np.nan) for name in names]})
    return pd.concat([found, empty], ignore_index=True)


def period_names(study: Study) -> tuple[str, str]:
    """What the year so far and rolling twelve months are called."""
    so_far, rolling = periods(study.ar, study.tom_manad)[-2:]
    return so_far.namn.replace(" ", NO_BREAK), rolling.namn.replace(" ", NO_BREAK)


RATIO_COLUMNS = (
    Column("sjukfranvaro_procent", "Stadens mått", formula="100*{sjuk_h}/{avtalad_tid_h}"),
    Column("sjukfranvaro_lag_procent", "Lagens mått"),
    Column("sjukfranvaro_dag_1_14_procent", "Dag 1–14"),
    Column(LONG, "60 dagar eller mer"),
    Column("timavlonad_procent", "Timavlönade"),
)
MONTH_COLUMNS = (
    Column("grupp", "Grupp"),
    Column("avtalad_tid_h", "Avtalad tid"),
    Column("sjuk_h", "Sjuk"),
    RATIO_COLUMNS[0],
    Column("rullande_12_procent", "Rullande 12 månader"),
    *RATIO_COLUMNS[1:],
)
HOUR_COLUMNS = (Column("overtid_h", "Övertid"), Column("inhyrd_h", "Inhyrd"))


def indicators_table(study: Study) -> Table:
    """Every indicator by group and period: tertials that are over, the year so far, rolling twelve months."""
    found = []
    for period in periods(study.ar, study.tom_manad):
        rows = period.rows(study.frame)
        found.append(sums(study, rows, []).assign(period=period.namn.replace(" ", NO_BREAK)))
    frame = guarded(study, hidden_rows(study, pd.concat(found, ignore_index=True)))
    columns = (
        Column("period", "Period"),
        Column("grupp", "Grupp"),
        Column("avtalad_tid_h", "Avtalad tid"),
        Column("sjuk_h", "Sjuk"),
        *RATIO_COLUMNS,
    )
    title = f"Nyckeltal per grupp och period till och med {month_name(study.last)}"
    frame["period"] = frame["period"].fillna("")
    return Table("indikatorer", title, frame, columns, note=note(study), extra=("anstallda", "overtid_h", "inhyrd_h"))


def months_table(study: Study) -> Table:
    """The unit's year month by month; a month that is marked says so."""
    found = _months(study)
    found = found[found["grupp"] == UNIT].reset_index(drop=True)
    marked = {mark.manad for mark in study.marks}
    found["anmarkning"] = np.where(found["manad"].isin(marked), "märkt, se Kontroller", "")
    remark = (Column("anmarkning", "Anmärkning"),) if marked else ()
    columns = (Column("manad", "Månad"), *MONTH_COLUMNS[1:], *HOUR_COLUMNS, *remark)
    why = note(study) if study.is_withheld else ""
    return Table("per_manad", f"Månad för månad {study.ar}, hela enheten", found, columns, note=why, extra=("grupp",))


def group_months_table(study: Study) -> Table:
    """The year month by month for each group as it is shown."""
    found = _months(study)
    found = hidden_rows(study, found[found["grupp"] != UNIT])
    found["manad"] = found["manad"].fillna("")
    columns = (Column("manad", "Månad"), *MONTH_COLUMNS)
    title = f"Månad för månad {study.ar}, per grupp"
    return Table("per_manad_grupp", title, found, columns, note=note(study), extra=("overtid_h", "inhyrd_h"))


def _months(study: Study) -> pd.DataFrame:
    """Hours and ratios by month of the year, of the unit and of each group as it is shown."""
    start = study.ar * 12
    rows = study.frame[study.frame["nr"] >= start]
    found = guarded(study, sums(study, rows, ["nr"]))
    rolling = pd.concat([_rolling(study, nr) for nr in range(start, study.last + 1)])
    found = found.join(rolling, on=["grupp", "nr"])
    return found.assign(manad=[month_name(int(nr)) for nr in found["nr"]])


def _rolling(study: Study, nr: int) -> pd.Series:
    """The city's indicator over twelve months to a month, by group as shown; NaN before there are twelve."""
    rows = Period("", nr - 11, nr).rows(study.frame)
    found = guarded(study, sums(study, rows, [])).set_index("grupp")["sjukfranvaro_procent"]
    found = found if rows["nr"].nunique() == 12 else found * np.nan
    return found.rename("rullande_12_procent").to_frame().assign(nr=nr).set_index("nr", append=True).iloc[:, 0]


def targets_table(study: Study) -> Table:
    """Each indicator's outcome against the three levels, with a sign and a word."""
    rows = []
    for target in study.targets:
        levels = {name: target.levels[name] for name in LEVELS}
        hidden = study.is_withheld and target.id.startswith("sjukfranvaro")
        numbers = {f"{name}_varde": level.mal.varde for name, level in levels.items()}
        met = {f"{name}_klaras": None if hidden else level.klaras for name, level in levels.items()}
        shown = {name: level.mal.text if hidden else level.shown for name, level in levels.items()}
        rows.append(
            {
                "indikator": target.indikator,
                "period": target.period.replace(" ", NO_BREAK),
                "utfall": "" if hidden else target.utfall_text or "–",
                **shown,
                "anmarkning": study.withheld if hidden else target.anmarkning,
                "utfall_varde": None if hidden else target.utfall.varde,
                "riktning": target.reading.riktning,
                "galler": target.galler,
                **numbers,
                **met,
            }
        )
    columns = (
        Column("indikator", "Indikator"),
        Column("utfall", "Utfall"),
        Column("period", "Period"),
        Column("arsmal", "Enhetens mål"),
        Column("namndmal", "Nämndens mål"),
        Column("kf_arsmal", "Kommunfullmäktiges mål"),
        Column("anmarkning", "Anmärkning"),
    )
    extra = ("utfall_varde", "riktning", "galler", *(f"{n}_varde" for n in LEVELS), *(f"{n}_klaras" for n in LEVELS))
    keys = [*(column.key for column in columns), *extra]
    return Table("mal", f"Utfall mot årsmål {study.ar}", pd.DataFrame(rows, columns=keys), columns, extra=extra)


def cost_table(study: Study) -> Table:
    """What the sick hours of the year so far cost, by group as shown; the unit last."""
    months = slice(0, study.tom_manad)
    lines = {name: kr[:, months].sum(axis=1) for name, kr in study.world.by_month.items()}
    sick = study.world.sick.sjuk[:, months].sum(axis=1)
    frame = pd.DataFrame({"grupp": study.world.base.groups, "sjuk_h": sick, **lines})
    total = frame.drop(columns="grupp").sum(skipna=False).rename(UNIT).to_frame().T
    complete = study.merged or not study.hidden
    named = frame.assign(grupp=label(study, frame["grupp"])) if complete else frame.iloc[:0]
    shown = named.groupby("grupp", sort=False).sum(skipna=False)
    together = shown.index == TOGETHER
    found = pd.concat([shown[~together], shown[together], total]).rename_axis("grupp").reset_index()
    found["summa_kr"] = found[[*SICK_PAY, *model.KINDS]].sum(axis=1, skipna=False)
    found = _guarded_costs(study, found)
    columns = (
        Column("grupp", "Grupp"),
        Column("sjuk_h", "Sjuk"),
        Column("sjuklon_1_14", "Sjuklön dag 1–14", mattenhet="kr"),
        Column("sjuklon_15_90", "Avtalets tillägg, dag 15–59", mattenhet="kr"),
        Column("avgifter", "Avgifter", mattenhet="kr"),
        Column("timavlonad", "Timavlönade ersättare", mattenhet="kr"),
        Column("overtid", "Övertid", mattenhet="kr"),
        Column("inhyrd", "Inhyrda", mattenhet="kr"),
        Column("summa_kr", "Sjuklön och ersättare", formula=COST_FORMULA),
        Column(WAGE, "Lön som inte betalas ut", "kr"),
    )
    title = f"Vad sjukfrånvaron kostar, {month_span(1, study.tom_manad)} {study.ar}, uppskattat ur timmar"
    return Table("kostnad", title, found, columns, total_row=complete, note=_cost_note(study))


def _guarded_costs(study: Study, found: pd.DataFrame) -> pd.DataFrame:
    """Without kronor that say more of a group than its hours in the other tables do.

    Those are what days 15-59 are in, since they with days 1-14 are all but 60 days or more, and with different wages
    everything that is paid by wage, the unit's too.
    """
    if study.is_open:
        return found
    if study.is_withheld:
        return found.assign(**dict.fromkeys(found.columns[1:], np.nan))
    if study.hides_sick_pay:
        return found.assign(**dict.fromkeys(BY_WAGE, np.nan))
    return found.assign(**{name: found[name].where(found["grupp"] == UNIT) for name in WITH_LENGTH})


def _cost_note(study: Study) -> str:
    """Why kronor are withheld; what the rules lack is said too, since it looks the same in the table."""
    if study.is_open or study.is_withheld:
        return note(study)
    said = "Dag 15–59, avgifter och summa visas bara för hela enheten: de skulle säga hur lång gruppernas sjuktid är."
    if study.hides_sick_pay:
        said = "Grupperna har olika löner. Kronor efter lön visas inte: de skulle säga hur gruppernas sjuktid ligger."
    lacking = "; ".join(dict.fromkeys(reason for rates in study.world.rates for reason in rates.saknas))
    return f"{said} Kan inte räknas, inte heller för hela enheten: {lacking}." if lacking else said


def signals_table(study: Study) -> Table | None:
    """Counts of what calls for the manager; only in working papers, and only where the table of spells has the unit."""
    if study.signals is None:
        return None
    frame = study.signals.assign(namn=study.signals["signal"].map(SIGNAL_NAMES))
    columns = (
        Column("namn", "Signal"),
        Column("regel", "När"),
        Column("avser", "Räknas i"),
        Column("antal", f"Hittills {study.ar}"),
        Column("antal_manaden", f"Varav {month_name(study.last)}"),
    )
    return Table("signaler", "Signaler för chefens ansvar", frame, columns, extra=("signal",))


def methods_table(study: Study) -> Table:
    """Each forecasting method's own past errors."""
    rows = [
        {
            "metod": trial.metod,
            "forsok": len(trial.fel),
            "medelfel": trial.medelfel,
            "medelfel_gemensamma": trial.medelfel_gemensamma,
            "storst_for_lag": float(trial.fel.min()) if len(trial.fel) else np.nan,
            "storst_for_hog": float(trial.fel.max()) if len(trial.fel) else np.nan,
            "anvands": "ja" if trial.metod == study.outlook.metod else "nej",
        }
        for trial in study.outlook.trials
    ]
    common = max((trial.gemensamma for trial in study.outlook.trials), default=0)
    columns = (
        Column("metod", "Metod"),
        Column("forsok", "Prövad", mattenhet="ggr", decimaler=0),
        Column("medelfel", "Medelfel", mattenhet="procentenheter", decimaler=2),
        Column(
            "medelfel_gemensamma", f"Medelfel, de {common} som båda prövats på", mattenhet="procentenheter", decimaler=2
        ),
        Column("storst_for_lag", "Mest för lågt", mattenhet="procentenheter", decimaler=2, signed=True),
        Column("storst_for_hog", "Mest för högt", mattenhet="procentenheter", decimaler=2, signed=True),
        Column("anvands", "Används"),
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    if study.is_withheld:
        frame = frame.iloc[:0]
    return Table("prognosmetoder", "Hur fel metoderna har haft när de prövats på tidigare månader", frame, columns)


def operations_table(study: Study) -> Table | None:
    """Users and staff by operation, and employees per manager; the unit last."""
    if study.operations is None:
        return None
    rows = _with_unit(study.operations)
    found = rows.join(staff.per_head(rows))
    found["medarbetare_per_chef"] = [
        staff.employees_per_manager(staffed, heads) if name == UNIT else np.nan
        for name, staffed, heads in zip(found["verksamhet"], found["medarbetare_lag"], found["chefer"], strict=True)
    ]
    text = {name: _ranges(found, name) for name in (*staff.PEOPLE, *staff.PER_HEAD)}
    columns = (
        Column("verksamhet", "Verksamhet"),
        Column("brukare", "Brukare", tells=(USERS,)),
        Column("medarbetare", "Medarbetare", tells=(STAFF,)),
        Column("arsarbetare", "Årsarbetare", tells=(STAFF,)),
        Column("brukare_per_medarbetare", "Brukare per medarbetare", tells=(USERS, STAFF)),
        Column("brukare_per_arsarbetare", "Brukare per årsarbetare", tells=(USERS, STAFF)),
        Column("medarbetare_per_chef", "Medarbetare per chef", mattenhet="medarbetare"),
    )
    ends = [f"{name}_{end}" for name in text for end in ("lag", "hog")]
    frame, title = found[["verksamhet", "medarbetare_per_chef", *ends]].assign(**text), "Brukare och personal"
    return Table("personal", f"{title} per verksamhet", frame, columns, extra=tuple(ends), part="verksamhet")


def _with_unit(operations: pd.DataFrame) -> pd.DataFrame:
    """The operations and, last, the unit: as its total row states, else their sum where each states its own."""
    is_total = operations["verksamhet"] == staff.TOTAL_ROW
    parts, stated = operations[~is_total].reset_index(drop=True), operations[is_total]
    whole = parts[[*ENDS, "chefer"]].sum(min_count=1).to_frame().T.assign(verksamhet=UNIT)
    for name in ENDS:
        known, complete = stated[name].dropna(), parts[name].notna().all() or name.startswith("brukare")
        whole[name] = known.iloc[0] if len(known) else whole[name].iloc[0] if complete else np.nan
    return pd.concat([parts, whole], ignore_index=True)


def _ranges(found: pd.DataFrame, name: str) -> list[str]:
    ends = zip(found[f"{name}_lag"], found[f"{name}_hog"], strict=True)
    return [_range(low, high, 1) for low, high in ends]


def _range(low: float, high: float, decimals: int) -> str:
    """A number, or a range where the source gives one.

    >>> _range(18, 24, 1), _range(7.5, 7.5, 1), _range(float("nan"), 3, 1)
    ('18–24', '7,5', '–')
    """
    if low != low or high != high:
        return "–"
    ends = [format_number(x, 0 if x == round(x) else decimals) for x in (low, high)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)
