"""The statistics for management on decisions that wait, per lagrum, insats and waiting time."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from planbok.base.periods import long_date
from planbok.base.words import large
from planbok.case.result import Column, Limits, People, Table
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.decisions import people
from planbok.topics.decisions.people import CLASS, QUARTER, SEPARATOR, Persons, persons
from planbok.topics.decisions.study import INTERRUPTED, LATE, WAITING, Study

KINDS = {WAITING: "Ej verkställt", INTERRUPTED: "Avbrott"}
STANDS = "Räknat: {}; räknas om först när så många har börjat eller slutat vänta att det inte säger vem."
OTHERS, NO_LAW, FEW = "övriga", "ej angivet", "få personer"


def class_names(study: Study) -> list[str]:
    """The classes of waiting time, in months.

    >>> from types import SimpleNamespace
    >>> class_names(SimpleNamespace(term=3, limits=[6, 9, 12]))
    ['3–6', '6–9', '9–12', '12+']
    """
    edges = [study.term, *study.limits]
    return [f"{low}–{high}" for low, high in zip(edges, edges[1:], strict=False)] + [f"{edges[-1]}+"]


def _class_keys(study: Study) -> list[str]:
    return [f"manader_{name.replace('–', '_').rstrip('+')}_antal" for name in class_names(study)]


def statistics(study: Study, who: Persons) -> Table:
    """Decisions that wait by lagrum, insats and how long, interruptions apart; small insatser together for others."""
    whole, extra = _frame(study, who.open, who.open["del"]), ("insats", "slag")
    table = Table("statistik", _title(study), whole, _columns(study), False, _note(study), extra)
    return replace(table, celler=_lacking(study, whole), detail=True, coarse=partial(_others, study, who, table))


def _others(study: Study, who: Persons, table: Table, limits: Limits) -> Table:
    """The statistics with small insatser together, and classes of waiting time only of all together."""
    small = {kind: _small(who, kind, limits) for kind in KINDS}
    hides = [part in small[kind] for kind, part in zip(who.open["slag"], who.open["del"], strict=True)]
    frame = _frame(study, who.open, who.open["del"].mask(np.array(hides, bool), OTHERS))
    keys, alone = _class_keys(study), frame.groupby("slag")["del"].transform("size") == 2  # one row and the total
    totals = (frame["del"] == TOTAL_ROW) | alone
    frame[keys] = frame[keys].where(totals, axis=0)
    kinds = frame["slag"]
    told = {"antal": [((kind, part),) for kind, part in zip(kinds, frame["del"], strict=True)]} | {
        key: [((CLASS, (kind, place)), (kind, "")) if total else () for kind, total in zip(kinds, totals, strict=True)]
        for place, key in enumerate(keys)
    }
    cells = {(int(row), key): ("skyddas", FEW) for row in np.flatnonzero(~totals) for key in keys}
    celler = cells | _lacking(study, frame)
    return replace(table, frame=frame, told=told, celler=celler, detail=False, coarse=None)


def _title(study: Study) -> str:
    return f"Beslut som väntar {long_date(study.date)}"


def _lacking(study: Study, frame: pd.DataFrame) -> dict[tuple[int, str], tuple[str, str]]:
    """Why the cells of a kind have no number."""
    why = _unknown(study)
    keys = ("antal", *_class_keys(study))
    return {(row, key): ("saknas", why[kind]) for row, kind in enumerate(frame["slag"]) if why[kind] for key in keys}


def quarter_table(study: Study) -> Table:
    """What waited at each quarter's end, and what was carried out too late in it."""
    counts = study.quarters
    labels = {WAITING: "Ej verkställda", INTERRUPTED: "Avbrott", LATE: "Verkställda för sent under kvartalet"}
    frame = counts.rename(columns=lambda kind: f"{kind}_antal").rename_axis("kvartal").reset_index()
    now = counts.index[-1]
    whole = {WAITING: WAITING, INTERRUPTED: INTERRUPTED, LATE: people.LATE}
    told = {
        f"{kind}_antal": [
            ((QUARTER.format(kind), (quarter, "")), *([(whole[kind], "")] if quarter == now else []))
            for quarter in counts.index
        ]
        for kind in labels
    }
    why = {**_unknown(study), LATE: _unknown(study)[WAITING]}
    cells = {(row, f"{kind}_antal"): ("saknas", why[kind]) for kind in labels if why[kind] for row in range(len(frame))}
    columns = (Column("kvartal", "Kvartal"), *(Column(f"{kind}_antal", label) for kind, label in labels.items()))
    title = "Beslut som väntar, kvartal för kvartal"
    return Table("kvartal", title, frame, columns, note=_note(study), told=told, celler=cells)


def _columns(study: Study) -> tuple[Column, ...]:
    classes = zip(_class_keys(study), class_names(study), strict=True)
    return (
        Column("slag_namn", "Slag"),
        Column("lagrum", "Lagrum"),
        Column("insats_namn", "Insats"),
        Column("antal", "Antal"),
        *(Column(key, f"{name} månader") for key, name in classes),
    )


def _note(study: Study) -> str:
    why = dict.fromkeys(filter(None, (study.why_not("beslutsdatum", "verkstalld"), study.why_not("avbrott_fran"))))
    counted = [f"{KINDS[kind].lower()} {long_date(day.date())}" for kind, day in _counted(study).items()]
    stands = [STANDS.format(" och ".join(counted))] if counted else []
    return " ".join([*(f"{large(text)}." for text in why), *stands])


def _counted(study: Study) -> dict[str, pd.Timestamp]:
    return study.waits.days if study.waits else {}


def _small(who: Persons, kind: str, limits: Limits) -> frozenset:
    """The parts of a kind that are shown together: the sum of what may not be shown one by one."""
    rows = who.open[who.open["slag"] == kind]
    return limits.hidden(People(pd.DataFrame([persons(rows, "del").to_dict()]))) if len(rows) else frozenset()


def _frame(study: Study, rows: pd.DataFrame, part: pd.Series) -> pd.DataFrame:
    """Counts by kind and part with a total of each kind, and by class of waiting time."""
    keys = _class_keys(study)
    classes = pd.DataFrame(np.eye(len(keys), dtype=int)[rows["klass"].to_numpy(int)])
    counts = classes.groupby([rows["slag"].to_numpy(), part.to_numpy()]).sum()
    frames = []
    for kind in KINDS:
        mine = counts.loc[kind] if kind in counts.index.get_level_values(0) else counts.droplevel(0).iloc[:0]
        mine = mine.iloc[np.argsort(mine.index == OTHERS, kind="stable")]
        mine.loc[TOTAL_ROW] = mine.sum()
        frames.append(mine.set_axis(keys, axis=1).assign(slag=kind).rename_axis("del").reset_index())
    whole = pd.concat(frames, ignore_index=True)
    whole["slag_namn"] = whole["slag"].map(KINDS)
    split = whole["del"].str.split(SEPARATOR)
    whole["lagrum"] = [law_name(parts[0]) for parts in split]
    whole["insats"] = [parts[-1] for parts in split]
    whole["insats_namn"] = [study.insats_name(insats) for insats in whole["insats"]]
    known = whole["slag"].map({kind: not why for kind, why in _unknown(study).items()}).astype(bool)
    whole["antal"] = whole[keys].sum(axis=1)
    whole[["antal", *keys]] = whole[["antal", *keys]].where(known, axis=0)
    return whole


def law_name(lagrum: str) -> str:
    """A lagrum as people write it."""
    return {"": NO_LAW, TOTAL_ROW: "alla", OTHERS: "alla"}.get(lagrum, lagrum)


def _unknown(study: Study) -> dict[str, str]:
    return {WAITING: study.why_not("beslutsdatum", "verkstalld"), INTERRUPTED: study.why_not("avbrott_fran")}
