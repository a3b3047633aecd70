"""A wide price table as rows to add to the price list, and beside last year's prices for the eye to check."""

import argparse
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from planbok.base.errors import Fault, InputError, did_you_mean, of_command
from planbok.base.numbers import few_decimals, format_number, whole
from planbok.base.privacy import find_personal_number
from planbok.base.workspace import Folders
from planbok.commands.common import say
from planbok.inputs.imports.wide_prices import COLUMNS, KIND, WideFile, WideTable, long_rows, name_tables, read_wide
from planbok.inputs.rules.rules import INSATSER, Rules, load_rules
from planbok.inputs.tables.specs import LEVELS
from planbok.lss.prices import (
    INDEX,
    INDEX_TOLERANCE,
    KEY,
    REGI_NAMES,
    insats_titles,
    level_name,
    not_rising,
    parts,
    rule_value,
    step_warning,
    with_rise,
)
from planbok.report.text import neutral

FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True)
class NewPrices:
    """Rows for the price list; `csv` is ready to be appended to the year's file, `told` is for the person."""

    rows: pd.DataFrame
    csv: str
    told: str


@dataclass(frozen=True)
class _WithoutEmptyFiles(Folders):
    """The folders without price lists that hold nothing yet: the shell makes one before planbok has written to it."""

    def param_files(self, folder: str, *suffixes: str) -> dict[str, Path]:
        found = super().param_files(folder, *suffixes)
        return {name: path for name, path in found.items() if path.suffix != ".csv" or path.stat().st_size}


def show(arguments: argparse.Namespace, folders: Folders) -> int:
    """Prints the rows, and says beside them what to look at."""
    found = new_prices(Path(arguments.file), folders, arguments.kalla, arguments.ar, arguments.insats)
    say(found.told)
    print(found.csv, end="")
    return 0


def new_prices(path: Path, folders: Folders, kalla: str, ar: int | None = None, insats: str | None = None) -> NewPrices:
    """Reads a wide price table into rows of the price list; nothing is written.

    Parameters
    ----------
    path : csv, tsv, text or xlsx
    kalla : the source, as it will stand in every row
    ar : the year of the prices; without it the one year that the file's text names
    insats : take only this insats

    Raises
    ------
    InputError
        With every fault of the arguments and of the file.
    """
    folders = _WithoutEmptyFiles(folders.params, folders.data)
    rules = load_rules(folders)
    kalla = " ".join(kalla.split())
    faults = list(_argument_faults(rules, kalla, ar, insats))
    try:
        wide = read_wide(path)
    except InputError as error:
        raise InputError([*faults, *error.faults]) from None
    ar, more = _year(wide, ar)
    tables = name_tables(wide, insats_titles(rules), insats)
    faults += [*more, *wide.faults, *_table_faults(wide, tables, rules, ar, insats)]
    if faults or ar is None:
        raise InputError(faults)
    rows = long_rows(tables, ar, kalla)
    header = f"lss_peng_{ar}.csv" not in folders.param_files("regler", ".csv")
    written = rows.assign(kalla=neutral(kalla), kr_per_dygn=rows["kr_per_dygn"].astype(object).map(whole))
    text = written.to_csv(index=False, header=header, lineterminator="\n")
    told = _told(rows, rules, ar) + ([] if insats else _lacking_lines(rows, rules, ar))
    return NewPrices(rows, text, "\n".join(told))


def _argument_faults(rules: Rules, kalla: str, ar: int | None, insats: str | None):
    if not kalla or find_personal_number(kalla):
        text = "ange var priserna står, som sidans namn, år och adress."
        yield of_command("--kalla", text, "source")
    if ar is not None and not FIRST_YEAR <= ar <= LAST_YEAR:
        yield of_command("--ar", f"{ar} är inget år mellan {FIRST_YEAR} och {LAST_YEAR}.", "year")
    titles = insats_titles(rules)
    if insats is not None and insats not in titles:
        text = f"insatsen '{insats}' finns inte i regeln insatser.{did_you_mean(insats, titles)}"
        yield of_command("--insats", text, "unknown_insats")


def _year(wide: WideFile, ar: int | None) -> tuple[int | None, list[Fault]]:
    """The year given, else the only one that the file names."""
    if ar is not None or len(wide.years) == 1:
        return ar or min(wide.years), []
    found = (
        f"filen nämner flera år ({', '.join(map(str, sorted(wide.years)))})" if wide.years else "filen nämner inget år"
    )
    return None, [Fault(KIND, wide.file, 0, "", f"{found}. Ange --ar, som --ar 2025.", "year")]


def _table_faults(
    wide: WideFile, tables: list[WideTable], rules: Rules, ar: int | None, insats: str | None
) -> list[Fault]:
    """What is wrong with the tables as a whole, and the faults of their cells."""
    faults = []
    if not wide.tables:
        text = "filen har ingen rad med rubriker som Kommunal regi, Entreprenad och Privat regi."
        faults.append(Fault(KIND, wide.file, 0, "", text, "no_headings"))
    elif not tables:
        found = ", ".join(sorted({table.insats for table in wide.tables if table.insats}))
        faults.append(Fault(KIND, wide.file, 0, "", f"filen har ingen tabell för {insats}, bara {found}.", "no_table"))
    times = Counter(table.insats for table in tables if table.insats)
    for table in tables:
        if table.insats and _by_hour(rules, table.insats):
            text = f"{table.insats} har timpriser, som hör hemma i lss_timpriser.csv. Ta bort tabellen ur filen."
            faults.append(_fault(wide, table, text, "by_hour"))
            continue
        faults += table.faults
        if table.insats and times[table.insats] > 1:
            text = f"{table.insats} har {times[table.insats]} tabeller i filen. Behåll en av dem."
            faults.append(_fault(wide, table, text, "duplicate_table"))
        missing = _missing_levels(table, rules, ar)
        if not table.rows:
            faults.append(_fault(wide, table, "tabellen har inga priser under rubrikerna.", "no_rows"))
        elif missing:
            names = ", ".join(level_name(level) for level in missing)
            text = f"{table.insats or 'tabellen'} saknar {names}. Lägg till raden, eller skriv av prislistan för hand."
            faults.append(_fault(wide, table, text, "missing_level"))
    return faults


def _fault(wide: WideFile, table: WideTable, text: str, code: str) -> Fault:
    return Fault(KIND, wide.file, table.line, table.place, text, code)


def _by_hour(rules: Rules, insats: str) -> bool:
    return rules.series[INSATSER][-1].varde.get(insats, {}).get("mattenhet") == "timme"


def _missing_levels(table: WideTable, rules: Rules, ar: int | None) -> list[str]:
    """Levels of the price list's latest earlier year that the table lacks; without one, gaps from level 1 up."""
    expected: set[str] = set()
    if len(rules.prices) and ar:
        own = rules.prices["insats"].eq(table.insats) & rules.prices["avser"].eq("ersattning")
        before = rules.prices[own & (rules.prices["ar"] < ar)]
        expected = set(before.loc[before["ar"].eq(before["ar"].max()), "niva"])
    if not expected:
        top = max((int(level) for level in table.rows if level.isdigit()), default=0)
        expected = {str(n) for n in range(1, top + 1)}
    return sorted(expected - set(table.rows), key=LEVELS.index)


def _told(rows: pd.DataFrame, rules: Rules, ar: int) -> list[str]:
    """The new prices beside last year's, and what to look at."""
    old = rules.prices if len(rules.prices) else pd.DataFrame(columns=[*COLUMNS])
    replaced = pd.MultiIndex.from_frame(old[["ar", *KEY]]).isin(pd.MultiIndex.from_frame(rows[["ar", *KEY]]))
    every = pd.concat([old.loc[~replaced, COLUMNS], rows], ignore_index=True)
    risen = with_rise(every.astype({"ar": int, "kr_per_dygn": float})).tail(len(rows))
    index, tolerance = (rule_value(rules, key, date(ar, 1, 1)) for key in (INDEX, INDEX_TOLERANCE))
    known = index is not None and tolerance is not None
    risen["skiljer"] = parts(risen["hojning_procent"], index, tolerance) if known else False
    titles = insats_titles(rules)
    lines = [line for name, part in risen.groupby("insats", sort=False) for line in _table(titles[name], part, ar)]
    lines += _index_lines(risen, ar, index, tolerance)
    this_year = every[every["ar"].eq(ar)]
    checks = [not_rising(this_year, titles), step_warning(rules, this_year, ar)]
    lines += [f"Att veta: {warning.text}" for warning in checks if warning.text]
    return [*lines, *_dropped_lines(rows, old, ar), *_known_lines(rows, old)]


def _table(title: str, rows: pd.DataFrame, ar: int) -> list[str]:
    """One insats as text: levels down, regi across, each cell as price (last year's) rise."""
    cells = pd.Series([_cell(row) for row in rows.itertuples()], pd.MultiIndex.from_frame(rows[["niva", "regi"]]))
    grid = cells.unstack().reindex(columns=rows["regi"].unique())  # noqa: PD010 (one cell each, nothing to aggregate)
    grid = grid.loc[sorted(grid.index, key=LEVELS.index)]
    heads = ["", *(REGI_NAMES[regi].capitalize() for regi in grid.columns)]
    body = [[level_name(level).capitalize(), *cells] for level, cells in zip(grid.index, grid.to_numpy(), strict=True)]
    widths = [max(map(len, column)) for column in zip(heads, *body, strict=True)]
    texts = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in [heads, *body]]
    return [f"{title} {ar}, kr per dygn ({ar - 1} inom parentes) och höjning", *texts, ""]


def _cell(row) -> str:
    if pd.isna(row.hojning_procent):
        return f"{_kr(row.kr_per_dygn)} (–)"
    rise = f"{format_number(row.hojning_procent, 1, signed=True)} %{' *' if row.skiljer else ''}"
    return f"{_kr(row.kr_per_dygn)} ({_kr(row.fore_kr_per_dygn)}) {rise}"


def _index_lines(risen: pd.DataFrame, ar: int, index: float | None, tolerance: float | None) -> list[str]:
    compared = int(risen["hojning_procent"].notna().sum())
    if not compared:
        return [f"Inget pris har ett motsvarande pris {ar - 1} att jämföra med."]
    if index is None or tolerance is None:
        key = INDEX if index is None else INDEX_TOLERANCE
        return [f"Regeln {key} har inget värde {ar}: höjningen är inte jämförd med stadens uppräkning."]
    off = int(risen["skiljer"].sum())
    limit = f"mer än {format_number(tolerance, 2)} procentenheter från stadens uppräkning {format_number(index, 1)} %"
    return [f"* {off} av {compared} priser skiljer {limit}." if off else f"Inget av {compared} priser skiljer {limit}."]


def _dropped_lines(rows: pd.DataFrame, old: pd.DataFrame, ar: int) -> list[str]:
    """Each regi that last year's price list has for an insats of the file, and the file has not."""
    before = old[old["ar"].eq(ar - 1) & old["insats"].isin(rows["insats"]) & old["avser"].eq("ersattning")]
    gone = set(zip(before["insats"], before["regi"], strict=True)) - set(zip(rows["insats"], rows["regi"], strict=True))
    return [
        f"Att veta: {insats} har priser för {REGI_NAMES[regi]} {ar - 1} men inte i filen."
        for insats, regi in sorted(gone)
    ]


def _lacking_lines(rows: pd.DataFrame, rules: Rules, ar: int) -> list[str]:
    """The insatser of last year's price list that the file has no table for."""
    old = rules.prices if len(rules.prices) else pd.DataFrame(columns=COLUMNS)
    before = old.loc[old["ar"].eq(ar - 1) & old["avser"].eq("ersattning"), "insats"]
    gone = sorted(set(before) - set(rows["insats"]))
    return [f"Att veta: {insats} har priser {ar - 1} men ingen tabell i filen." for insats in gone]


def _known_lines(rows: pd.DataFrame, old: pd.DataFrame) -> list[str]:
    """Prices of the file that the price list already has, and those that differ there."""
    same = rows.merge(old[["ar", *KEY, "kr_per_dygn"]], on=["ar", *KEY], suffixes=("", "_list"))
    other = same[same["kr_per_dygn"] != same["kr_per_dygn_list"]]
    if same.empty:
        return []
    state = f"{len(other)} av dem är andra i filen" if len(other) else "alla är lika"
    known = f"Att veta: prislistan har redan {len(same)} av filens {len(rows)} priser, {state}."
    return [f"{known} Lägg inte till dem en gång till."] + [
        f"  {row.insats}, {REGI_NAMES[row.regi]}, {level_name(row.niva)}: {_kr(row.kr_per_dygn_list)} i prislistan, "
        f"{_kr(row.kr_per_dygn)} i filen"
        for row in other.itertuples()
    ]


def _kr(kr: float) -> str:
    return format_number(kr, few_decimals(kr, 2))
