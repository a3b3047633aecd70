"""What there is in a collection: tables, units, periods and columns, and what goals and budgets leave unsaid."""

from collections.abc import Iterator

import pandas as pd

from planbok.base.numbers import parse
from planbok.base.words import first_of
from planbok.case.study import every_row
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.columns import TOTAL_ROW, TableSpec
from planbok.inputs.tables.specs import TABLES

_NAMES_SHOWN = 8
_SYNTHETIC = ("ja", "true", "1")
_AMOUNTS = ["kostnad_mnkr", "intakt_mnkr", "netto_mnkr", "belopp_mnkr"]


def inventory(collection: Collection) -> list[str]:
    """A line for each table that can be read, then what its goals and budgets lack."""
    frames = {name: read[0] for name in collection.names() if (read := every_row(collection, name))}
    published = _published(frames.get("enheter"))
    lines = [_line(TABLES[name], frame) for name, frame in frames.items()]
    for name, say in (("mal", _of_goals), ("budget", _of_budgets)):
        rows = frames.get(name)
        if rows is not None:
            own = rows[~rows["enhet"].isin(published)] if published else rows
            left_out = "" if len(own) == len(rows) else " (exempelenheterna oräknade)"
            lines += [f"{name}{left_out}: {text}." for text in say(own)]
    return lines


def _published(units: pd.DataFrame | None) -> set[str]:
    """The units that are made up, to be left out of the counts where others are there too."""
    if units is None:
        return set()
    made_up = units["syntetisk"].str.lower().isin(_SYNTHETIC)
    return set(units.loc[made_up, "enhet"]) if not made_up.all() else set()


def _line(spec: TableSpec, frame: pd.DataFrame) -> str:
    parts = [f"{len(frame)} {'rad' if len(frame) == 1 else 'rader'}"]
    if "enhet" in frame:
        parts.append(f"enheter {first_of(sorted(frame['enhet'].unique()), _NAMES_SHOWN)}")
    parts += _periods(spec, frame)
    ends = {column.name: f"{column.name}_hog" if column.kind == "range" else column.name for column in spec.columns}
    filled = [name for name, place in ends.items() if _has_values(frame[place])]
    empty = [column.name for column in spec.columns if column.name not in filled]
    parts.append(f"kolumner {', '.join(filled)}")
    parts += [f"utan värden {', '.join(empty)}"] if empty else []
    return f"{spec.name}: {'; '.join(parts)}."


def _has_values(cells: pd.Series) -> bool:
    return bool(cells.notna().any() if cells.dtype.kind in "fiM" else cells.ne("").any())


def _periods(spec: TableSpec, frame: pd.DataFrame) -> Iterator[str]:
    """The first and the last of what places a row in time."""
    for column in spec.columns:
        cells = frame[column.name]
        if column.kind in ("month", "period", "year") and len(cells):
            yield f"{cells.min()}–{cells.max()}" if cells.min() != cells.max() else str(cells.min())
            return


def _of_goals(rows: pd.DataFrame) -> Iterator[str]:
    """Targets without a number, and indicators that stand more than once in a plan."""
    for column, name in (("arsmal", "årsmål"), ("kf_arsmal", "KF-mål")):
        empty = int(rows[column].eq("").sum())
        words = sum(parse(text).varde is None for text in rows[column] if text)
        if empty or words:
            yield f"{empty} {name} är tomma och {words} är en text utan tal, av {len(rows)} rader"
    alike = rows[rows.duplicated(["enhet", "ar", "indikator"], keep=False)]
    for (enhet, ar, indikator), same in alike.groupby(["enhet", "ar", "indikator"], sort=False):
        stated = " och ".join(text or "inget mål" for text in same["arsmal"])
        yield f"{indikator} står {len(same)} gånger för {enhet} {ar}: {stated}"


def _of_budgets(rows: pd.DataFrame) -> Iterator[str]:
    """Budgets of one sum, and sides that are not stated: what needs them can't be computed."""
    budgets = list(rows[rows["budgetrad"] != TOTAL_ROW].groupby(["enhet", "ar", "version"], sort=False))
    single = [key for key, budget in budgets if len(budget) == 1 and budget[_AMOUNTS].notna().to_numpy().sum() == 1]
    unknown = "netto, ram och avvikelse går inte att räkna, och en nolla i en figur betyder då ingenting"
    if single:
        listed = ", ".join(f"{enhet} {ar} ({version})" for enhet, ar, version in single)
        yield f"{len(single)} budgetar är en enda summa ({listed}): {unknown}"
    for (enhet, ar, version), budget in budgets:
        for column, name in (("kostnad_mnkr", "kostnad"), ("intakt_mnkr", "intäkt")):
            if (enhet, ar, version) not in single and budget[column].isna().all():
                yield f"{enhet} {ar} ({version}) har ingen {name}: {unknown}"
