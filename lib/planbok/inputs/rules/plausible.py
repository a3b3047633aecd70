"""What can't be right in a table, or hardly is: each column's values held against a rule's bounds.

Outside `minst`–`hogst` a value is a fault; outside `rimligt_minst`–`rimligt_hogst` it is said, and read as it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

import pandas as pd

from planbok.base.errors import Fault
from planbok.base.numbers import format_number, parse
from planbok.base.words import counted
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.columns import TOTAL_ROW, ColumnSpec
from planbok.inputs.tables.specs import TABLES
from planbok.inputs.tables.values import shortened

PREFIX = "rimligt."
ROWS_SHOWN = 5
_PERSONS = (
    *("anstallda", "arsarbetare", "brukare", "medarbetare", "chefer", "arenden", "arenden_over_99_h", "tjanster"),
    *("arenden_99_h_eller_mer", "i_tjanst", "svarande", "utskickade", "har", "av"),
)
_RULES = dict.fromkeys(_PERSONS, "personer")
_RULES |= {"andel_procent": "procent", "omfattning_procent": "procent"}
_RULES |= {"helmanader": "dygn", "belopp_kr": "manad.belopp", "kr": "manad.belopp", "netto_kr": "manad.belopp"}
_RULES |= dict.fromkeys(("kostnad_kr", "intakt_kr", "bokslut_kostnad_kr", "bokslut_intakt_kr"), "manad.belopp")
_RULES |= dict.fromkeys(("kostnad_mnkr", "intakt_mnkr", "netto_mnkr", "belopp_mnkr"), "budget.belopp")
# the first can't be more than the second, with what the first is called
_WITHIN = {
    "enkat": [("svarande", "utskickade", "fler har svarat än som fått enkäten")],
    "kompetens": [("har", "av", "fler har kompetensen än som finns i gruppen")],
    "bemanning_handlaggare": [("i_tjanst", "tjanster", "fler är i tjänst än det finns tjänster")],
}


@dataclass(frozen=True)
class _Bounds:
    minst: float = -inf
    hogst: float = inf
    rimligt_minst: float = -inf
    rimligt_hogst: float = inf


class Findings:
    """What the rules `rimligt.*` say of a table's rows: cells that can't be right, as faults, and what should be said.

    `file` is the table's name in them.
    """

    def __init__(self, table: str, frame: pd.DataFrame, rules: Rules, file: str):
        self.table, self.frame, self.file = table, frame, file
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        for column in TABLES[table].columns:
            values, bounds = _values(frame, column), _bounds(_rule_of(table, column), rules)
            if table == "bemanning":
                bounds = replace(bounds, minst=-inf)  # staffing's own rule says what a negative hour does
            if values is not None and len(values):
                self.hold(values, bounds, column)
        for one, other, why in _WITHIN.get(table, ()):
            for row in frame.index[frame[one] > frame[other]][:ROWS_SHOWN]:
                text = f"{why} ({_number(frame.loc[row, one])} mot {_number(frame.loc[row, other])}). Rätta cellerna."
                self.fault(row, one, text)
        if table == "bemanning":
            self.staff(_bounds("timmar_per_arsarbetare", rules))
        if table in ("utfall", "manadsbudget"):
            self.negative()

    def fault(self, row: int, column: str, text: str) -> None:
        line = int(self.frame.loc[row, "_rad"])
        self.faults.append(Fault("tabell", self.file, line, f"kolumn {column}", text, "implausible"))

    def hold(self, values: pd.Series, bounds: _Bounds, column: ColumnSpec) -> None:
        """A column's values against its bounds."""
        low, high = max(bounds.minst, bounds.rimligt_minst), min(bounds.hogst, bounds.rimligt_hogst)
        if values.min() >= low and values.max() <= high:
            return
        wrong = _outside(values, bounds.minst, bounds.hogst)
        odd = _outside(values, bounds.rimligt_minst, bounds.rimligt_hogst) & ~wrong
        dated = column.kind in ("date", "month", "period", "target")
        remedy = ", eller lämna den tom om det inte är slut" if column.name in ("till", "avbrott_till") else ""
        for row, value in values[wrong].groupby(level=0).first().head(ROWS_SHOWN).items():
            shown = _shown(self.frame.loc[row, column.name] if dated else _number(value))
            span = _span(bounds.minst, bounds.hogst)
            self.fault(row, column.name, f"{shown} kan inte stämma: väntade {span}. Rätta cellen{remedy}.")
        if odd.any():
            first, value = next(iter(values[odd].items()))
            self.notes.append(
                f"{self.file}: {column.name} är {_number(value)} på rad {self.frame.loc[first, '_rad']}"
                + (f" och ovanlig på {int(odd.sum()) - 1} rader till" if odd.sum() > 1 else "")
                + f"; vanligt är {_span(bounds.rimligt_minst, bounds.rimligt_hogst)}. Kontrollera enhet och tecken."
            )

    def staff(self, bounds: _Bounds) -> None:
        """Hours per full-time employee, and groups without staff that have hours."""
        frame = self.frame
        nobody = frame["arsarbetare"].eq(0) & frame["anstallda"].eq(0)
        works = frame[["avtalad_tid_h", "arbetad_tid_h", "timavlonad_h", "sjuk_h"]].fillna(0).gt(0).any(axis=1)
        for row in frame.index[nobody & works][:ROWS_SHOWN]:
            text = "gruppen har timmar men varken anställda eller årsarbetare. Fyll i dem, eller ta bort timmarna."
            self.fault(row, "arsarbetare", text)
        rate = (frame["avtalad_tid_h"] / frame["arsarbetare"].where(frame["arsarbetare"] > 0)).dropna()
        wrong = _outside(rate, bounds.minst, bounds.hogst)
        for row, value in rate[wrong].head(ROWS_SHOWN).items():
            text = (
                f"avtalad tid är {_number(round(value, 1))} h per årsarbetare och månad. Kontrollera timmarnas enhet."
            )
            self.fault(row, "avtalad_tid_h", text)
        odd = _outside(rate, bounds.rimligt_minst, bounds.rimligt_hogst) & ~wrong
        if odd.any():
            row = odd.index[odd][0]
            self.notes.append(
                f"{self.file}: avtalad tid är {_number(round(rate[row], 1))} h per årsarbetare på rad "
                f"{frame.loc[row, '_rad']} (ovanligt på {counted(int(odd.sum()), 'rad', 'rader')}). Kontrollera "
                "timmarnas enhet."
            )

    def negative(self) -> None:
        """Negative amounts are read, as corrections, and said."""
        for column in ("kostnad_kr", "intakt_kr"):
            rows = self.frame[(self.frame[column] < 0) & (self.frame["budgetrad"] != TOTAL_ROW)]
            if len(rows):
                self.notes.append(
                    f"{self.table}: {column} är negativ på {counted(len(rows), 'rad', 'rader')}, den första rad "
                    f"{rows['_rad'].iloc[0]}, tillsammans {format_number(rows[column].sum(), 0)} kr. De läses som "
                    "rättelser."
                )


def _rule_of(table: str, column: ColumnSpec) -> str:
    """The rule that bounds a column: the table's own, the column's, else that of its kind."""
    own = {"antal": f"{table}.antal", "fel_procent": "prognosfel.fel_procent"}.get(column.name)
    if own or column.name in _RULES:
        return own or _RULES[column.name]
    if column.kind in ("year", "month", "date", "period"):
        return "ar"
    if column.kind == "target":
        return "mal_procent"
    return {"h": "timmar", "andel": "andel"}.get(column.name.rpartition("_")[2], column.name)


def _bounds(rule: str, rules: Rules) -> _Bounds:
    series = rules.series.get(PREFIX + rule)
    stated = series[-1].varde if series else None
    known = {key: end for key, end in (stated or {}).items() if key in _Bounds.__dataclass_fields__ and end is not None}
    return _Bounds(**known)


def _values(frame: pd.DataFrame, column: ColumnSpec) -> pd.Series | None:
    """A column's numbers by row, of days their years; None where it is not there, or has none that could be held."""
    if column.kind == "range":
        return pd.concat([frame[f"{column.name}_lag"], frame[f"{column.name}_hog"]]).dropna()
    if column.name not in frame:
        return None
    cells = frame[column.name]
    if column.kind == "date":
        return cells.dropna().dt.year
    if column.kind in ("month", "period"):
        return cells[cells.ne("")].str[:4].astype(int)
    if column.kind == "target":
        read = {text: parse(text) for text in cells.unique()}
        shares = {text: found.varde for text, found in read.items() if found.varde is not None and found.enhet == "%"}
        return cells.map(shares).dropna()
    return cells.dropna() if pd.api.types.is_numeric_dtype(cells) else None


def _outside(values: pd.Series, low: float, high: float) -> pd.Series:
    return (values < low) | (values > high)


def _span(low: float, high: float) -> str:
    if low == -inf or high == inf:
        return f"minst {_number(low)}" if high == inf else f"högst {_number(high)}"
    return f"{_number(low)} till {_number(high)}"


def _number(value: float) -> str:
    if 1900 <= value <= 2100 and value == int(value):
        return str(int(value))
    return format_number(value, next((n for n in range(3) if round(value, n) == value), 3))


def _shown(value: object) -> str:
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else shortened(str(value))


def unlike_budget(outturn: pd.DataFrame, budget: pd.DataFrame, rules: Rules) -> Iterator[str]:
    """Months of a unit whose booked cost is far from a twelfth of the year's latest budget: most often a wrong unit."""
    bounds = _bounds("utfall_mot_budget", rules)
    plan = budget[(budget["budgetrad"] != TOTAL_ROW) & budget["verksamhet"].eq("") & budget["version"].ne("bokslut")]
    stated = plan.groupby(["enhet", "ar", "version"], sort=False)["kostnad_mnkr"].sum().groupby(["enhet", "ar"]).last()
    booked = outturn.groupby(["enhet", "manad"], sort=False)["kostnad_kr"].sum()
    rows = booked.rename("kr").reset_index().assign(ar=lambda frame: frame["manad"].str[:4].astype(int))
    rows = rows.merge(stated.rename("mnkr").reset_index(), on=["enhet", "ar"])
    rows = rows[rows["mnkr"] > 0]
    ratio = rows.set_index(["enhet", "manad"])["kr"] / (rows["mnkr"].to_numpy() * 1e6 / 12)
    odd = ratio[_outside(ratio, bounds.rimligt_minst, bounds.rimligt_hogst)]
    for enhet in odd.index.get_level_values("enhet").unique():
        months = odd[enhet]
        times = _number(float(f"{months.iloc[0]:.2g}"))
        yield (
            f"{shortened(enhet)}: bokförd kostnad {months.index[0]} är {times} gånger en tolftedel "
            f"av årets budget ({counted(len(months), 'månad är', 'månader är')} så). "
            "Kontrollera enheten (kr, tkr) i båda tabellerna."
        )
