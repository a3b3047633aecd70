"""`planbok las-in`: an export becomes planbok's table, reconciled, or nothing is written."""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from planbok.base.errors import Fault, InputError, of_command, refuse_any, refused
from planbok.base.files import aside
from planbok.base.names import harmless
from planbok.base.numbers import format_number, format_unit
from planbok.base.workspace import SAMPLE, Folders, shown, workspace
from planbok.commands.new_profile import propose
from planbok.inputs.imports.account import ACCOUNT_FILE, Account, read_account
from planbok.inputs.imports.amounts import SCALE, amounts, kr_text
from planbok.inputs.imports.export import KIND, read_export
from planbok.inputs.imports.ledger import held_against_totals
from planbok.inputs.imports.merge import made_table, merged, places_of, refusals, without_budget
from planbok.inputs.imports.profile import MONTH, LoadedProfile, about_persons, find_profile, profile_paths
from planbok.inputs.imports.pseudonyms import OWNER_ONLY, Key, forbidden_places, key_path, new_key, read_key
from planbok.inputs.imports.reading import Reading, net_of, nets_of, read_files
from planbok.inputs.rules.plausible import Findings
from planbok.inputs.rules.rules import load_rules
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.read import read_table
from planbok.inputs.tables.specs import TABLES

CONTROL = "kontrollsummor"
UNITS = "enheter"
MOST_LINES = 60
NO_FILE = "filen finns inte. Kontrollera namnet och mappen."


def read_or_propose(arguments: argparse.Namespace, folders: Folders) -> int:
    """Reads exports, or proposes a profile of them, and says how it went."""
    files = [Path(file) for file in arguments.files]
    till = Path(arguments.till) if arguments.till else None
    if arguments.ny and (arguments.profil or arguments.kontrollsumma):
        text = "--ny föreslår en profil och läser inte in. Ta bort --profil och --kontrollsumma."
        raise refused("--ny", text, "arguments")
    if not files and not (arguments.profil and not arguments.ny):
        raise refused("", "det saknas: FIL. Se planbok las-in --help.", "arguments")
    if arguments.ny:
        print(harmless(propose(arguments.ny, files, folders, till)))
    else:
        print(harmless(read_in(files, folders, arguments.profil, till, arguments.kontrollsumma)))
    return 0


def read_in(
    files: list[Path], folders: Folders, profil: str | None = None, till: Path | None = None, control: str | None = None
) -> str:
    """Reads exports into a folder's table and returns the account as text.

    Raises
    ------
    InputError
        With every fault; then nothing has been written.
    """
    loaded = find_profile(profil, folders) if profil else _only_profile(files, folders)
    if not files and not loaded.profile.kalla:
        text = "det saknas: FIL. Profilen läser filer, ingen databas. Se planbok las-in --help."
        raise refused("", text, "arguments")
    target = _target(till, folders, loaded.id)
    _confirmed(loaded)
    account = read_account(target)
    key = _key(loaded, folders, target, account)
    reading = read_files(files, loaded, key)
    _reconcile(reading, control)
    faults = list(refusals(target, reading.table, account, loaded.id, reading.rows))
    refuse_any(faults)
    moved = _moved(reading, account)
    whole = merged(target, reading.table, account, reading.rows)
    entry = _entry(reading)
    account.add(reading.table, entry)
    written = _write(reading, target, whole, account)
    reading.notes += _unlikely(reading, target, folders)
    return "\n".join([*_told(reading, target, written), *moved])


def _target(till: Path | None, folders: Folders, profil: str) -> Path:
    """The folder given, else the collection that the profile has been read into before."""
    if till or folders.data != SAMPLE:
        target = Path(os.path.abspath(till or folders.data))
        file = next((one for one in (target, *target.parents) if one.is_file()), None)
        if file:
            text = f"{shown(file)} är en fil, ingen mapp. Säg vilken mapp tabellen ska till."
            raise refused("--till", text, "no_target")
        return target
    there = (workspace() or Path.cwd()) / "data"
    accounts = [path.parent for path in sorted(there.glob(f"*/{ACCOUNT_FILE}"))]
    readings = {folder: read_account(folder).tables.values() for folder in accounts}
    used = [
        folder for folder, tables in readings.items() if any(one["profil"] == profil for all_ in tables for one in all_)
    ]
    if len(used) == 1:
        return used[0]
    why = (
        f"profilen används i flera mappar: {', '.join(map(shown, used))}" if used else "profilen har inte använts förut"
    )
    text = f"{why}. Säg vart tabellen ska, till exempel --till data/min_enhet."
    raise refused("--till", text, "no_target")


def _only_profile(files: list[Path], folders: Folders) -> LoadedProfile:
    """The one profile whose columns the first file has."""
    refuse_any([Fault("kommando", shown(file), 0, "", NO_FILE, "no_file") for file in files if not file.exists()])
    found, faults = [], []
    for name in profile_paths(replace(folders, params=folders.params[:1])):  # the examples only by their names
        try:
            loaded = find_profile(name, folders)
            read_export(files[0], loaded.profile)
            found.append(loaded)
        except InputError as error:
            faults += [fault for fault in error.faults if fault.code == "unreadable"]
    if len(found) == 1:
        return found[0]
    refuse_any(faults)
    which = (
        f"flera profiler passar filen: {', '.join(one.id for one in found)}" if found else "ingen profil passar filen"
    )
    text = f"{which}. Välj med --profil ID, eller gör en ny med --ny ID."
    raise InputError([Fault("kommando", shown(files[0]), 0, "--profil", text, "which_profile")])


def _confirmed(loaded: LoadedProfile) -> None:
    unconfirmed = loaded.profile.unconfirmed()
    if unconfirmed:
        sheets = ", ".join(unconfirmed)
        how = (
            "skriv ja vid bekraftad överst på varje blad"
            if loaded.document.file.endswith(".xlsx")
            else f"skriv bekraftad: [{sheets}]"
        )
        text = f"ingen har bekräftat {sheets}. Se igenom förslagen, rätta dem, och {how}."
        raise InputError([Fault(loaded.document.kind, loaded.document.file, 0, "", text, "unconfirmed")])


def _key(loaded: LoadedProfile, folders: Folders, target: Path, account: Account) -> Key | None:
    """The key for pseudonyms where the export needs one, made at first use."""
    if not about_persons(loaded.profile):
        return None
    path = key_path()
    forbidden = forbidden_places(folders, target)
    key = read_key(path, forbidden)
    others = sorted(table for table, mark in account.key_marks().items() if key is None or mark != key.mark)
    others = [table for table in others if table != loaded.profile.tabell]
    if others:
        text = (
            f"{', '.join(others)} har pseudonymer gjorda med en annan nyckel. Hämta den nyckeln (planbok nyckel), "
            "eller läs in de tabellerna på nytt i en tom mapp."
        )
        raise refused("nyckeln", text, "other_key")
    return key or new_key(path)


def _reconcile(reading: Reading, control: str | None) -> None:
    """The ledger's total against the sum of what is written and what is left out by name, to the öre."""
    if control is not None and not reading.is_ledger:
        text = "en kontrollsumma hör till en export med belopp. Ta bort den."
        raise refused("--kontrollsumma", text, "arguments")
    if not reading.is_ledger:
        return
    profile, faults, stated = reading.loaded.profile, [], []
    for export, part in zip(reading.exports, reading.parts, strict=True):
        found, notes, whole = held_against_totals(export, part.value)
        faults += found
        reading.notes += notes
        stated.append(whole)
    total = sum(part.total for part in reading.parts)
    left = sum(one.value for part in reading.parts for one in part.left_out)
    written = net_of(reading.rows, profile.intakter)
    if written + left != total:
        text = f"filen har {_kr(total)}, men det som skulle skrivas är {_kr(written)} och utelämnat {_kr(left)}."
        faults.append(Fault(KIND, reading.exports[0].fil, 0, "", text, "not_reconciled"))
    if control is not None:
        given = amounts(pd.Series([control], dtype=object))
        if given.bad.any() or given.empty.any():
            faults.append(of_command("--kontrollsumma", "skriv ett belopp i kronor.", "arguments"))
        elif int(given.exact.iloc[0]) != total:
            text = f"kontrollsumman är {_kr(int(given.exact.iloc[0]))}, men filens rader blir {_kr(total)}."
            faults.append(Fault(KIND, reading.exports[0].fil, 0, "", f"{text} Inget har skrivits.", "control_total"))
    refuse_any(faults)
    sums = [one for one in stated if one is not None]
    reading.control = total if control is not None else sum(sums) if len(sums) == len(stated) else None


def _moved(reading: Reading, account: Account) -> list[str]:
    """What the new export says otherwise of months that had been read in before, but for the latest one."""
    if not reading.is_ledger or MONTH not in reading.rows:
        return []
    before, now = account.nets(reading.table), nets_of(reading)
    latest = {enhet: max(month for unit, month in before if unit == enhet) for enhet, _ in before}
    lines = []
    for (enhet, month), kr in sorted(now.items()):
        old = before.get((enhet, month))
        was = None if old is None else round(float(old) * SCALE)
        if was is not None and month < latest[enhet] and was != kr:
            change = (kr - was) / SCALE
            lines.append(
                f"Stängd månad har flyttat sig: {enhet} {month}, {_kr(was)} blev {_kr(kr)} "
                f"({format_number(change, 2, signed=True)} kr)."
            )
    return lines


def _entry(reading: Reading) -> dict[str, Any]:
    """This reading as the account keeps it."""
    months = [{"enhet": enhet, "manad": period} for enhet, period in places_of(reading.rows)]
    if reading.is_ledger:
        nets = nets_of(reading)
        months = [row | {"netto_kr": kr_text(nets[row["enhet"], row["manad"]])} for row in months]
        sums = {"netto_kr": kr_text(sum(nets.values()))}
        left = [
            {"lista": one.lista, "kod": one.kod, "text": one.text, "rader": one.rader, "kr": kr_text(one.value)}
            for part in reading.parts
            for one in part.left_out
        ]
    else:
        sums = {name: round(part.sums[name], 6) for part in reading.parts for name in part.sums}
        left = [
            {"lista": lista, "kod": kod, "rader": rows} for part in reading.parts for lista, kod, rows in part.left_out
        ]
    files = [
        {
            "fil": f"export{Path(export.fil).suffix}" if reading.key else Path(export.fil).name,
            "sha256": export.sha256,
            "blad": export.blad,
            "rubrikrad": export.rubrikrad,
            "rader": export.rows,
            "anvanda": len(export.frame),
            "forbigangna": export.passed,
            "kolumner_som_inte_lases": export.dropped,
        }
        for export in reading.exports
    ]
    return {
        "profil": reading.loaded.id,
        "nar": datetime.now(UTC).isoformat(timespec="seconds"),
        "filer": files,
        "rader": len(reading.rows),
        "summor": sums,
        "utelamnat": left,
        "kontrollsumma_kr": None if reading.control is None else kr_text(reading.control),
        "nyckel": reading.key.mark if reading.key else None,
        "manader": months,
    }


def _write(reading: Reading, target: Path, whole: pd.DataFrame, account: Account) -> pd.DataFrame:
    """Writes the table, the control sums and the account; each is tried by the reader of tables before any is moved.

    Returns the table.
    """
    target.mkdir(parents=True, exist_ok=True, mode=0o700 if reading.key else 0o777)
    tables = {reading.table: whole} | _control_sums(reading, target) | _unit_names(reading, target, account)
    tables |= _unbudgeted(reading, target, account, whole)
    with aside(target, ".inlasning-") as made:
        faults = []
        for name, frame in tables.items():
            frame.to_csv(made / f"{name}.csv", index=False, lineterminator="\n")
            try:
                read_table(made / f"{name}.csv", TABLES[name])
            except InputError as error:
                faults += [replace(fault, file=f"{name}.csv") for fault in error.faults]
        faults = [fault for fault in faults if fault.file == f"{reading.table}.csv"] or faults
        refuse_any(faults)
        (made / ACCOUNT_FILE).write_text(account.text(), encoding="utf-8")
        for name in [*(f"{name}.csv" for name in tables), ACCOUNT_FILE]:
            if reading.key:  # pseudonyms are personal data
                (made / name).chmod(OWNER_ONLY)
            (made / name).replace(target / name)
    return tables[reading.table]


def _unlikely(reading: Reading, target: Path, folders: Folders) -> list[str]:
    """What `check` will say of rows that are no ledger's: hours that can't be right, levels that there are none of."""
    if reading.is_ledger:
        return []
    from planbok.topics.answer import table_faults  # brings every topic, which a ledger need not wait for

    path, rules = target / f"{reading.table}.csv", load_rules(folders)
    found = Findings(reading.table, read_table(path, TABLES[reading.table]).frame, rules, shown(path))
    faults = found.faults + [fault for fault in table_faults(Collection(target), rules) if fault.file == shown(path)]
    lines = [f"{path.name} {fault}" for fault in dict.fromkeys(faults)]
    lines = lines[:MOST_LINES] + ([f"och {len(lines) - MOST_LINES} till"] if len(lines) > MOST_LINES else [])
    return [f"Kontrollera: {one}" for one in (*lines, *found.notes)]


def _control_sums(reading: Reading, target: Path) -> dict[str, pd.DataFrame]:
    """The table of the ledger's own sums by unit and month, beside the outturn."""
    if reading.table != "utfall" or not reading.is_ledger:
        return {}
    own = pd.concat([part.own for part in reading.parts])
    if not {"enhet", MONTH} <= set(own.columns):
        return {}
    sums = own.groupby(["enhet", MONTH])["value"].sum()
    path = target / f"{CONTROL}.csv"
    known = made_table(path) if path.exists() else pd.DataFrame()
    rows = {(row["enhet"], row["manad"]): row["netto_kr"] for row in known.to_dict("records")}
    rows |= {place: kr_text(kr) for place, kr in sums.items()}
    return {
        CONTROL: pd.DataFrame(
            [(*place, kr) for place, kr in sorted(rows.items())], columns=["enhet", MONTH, "netto_kr"]
        )
    }


def _unbudgeted(reading: Reading, target: Path, account: Account, whole: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The budget with a row of 0 kr for each row that has outturn only, where both tables are read in; said."""
    pair = {"budget", "utfall"}
    if reading.table not in pair or not reading.is_ledger or not pair <= set(account.tables):
        return {}
    other = (pair - {reading.table}).pop()
    read = made_table(target / f"{other}.csv")
    budget, outturn = (whole, read) if reading.table == "budget" else (read, whole)
    added = without_budget(budget, outturn)
    for row in added.to_dict("records"):
        place = " ".join(row[name] for name in ("enhet", "ar", "budgetrad", "verksamhet") if row.get(name))
        reading.notes.append(f"{place} har utfall men ingen budget: raden finns nu i budget.csv med 0 kr.")
    return {"budget": pd.concat([budget, added], ignore_index=True)} if len(added) else {}


def _unit_names(reading: Reading, target: Path, account: Account) -> dict[str, pd.DataFrame]:
    """The table of units' names, where the profile gives them; a table of somebody else's making is left alone."""
    codes = reading.loaded.profile.koder.get("enhet", [])
    names = {str(code.varde): code.namn for code in codes if code.namn and code.varde is not None}
    path = target / f"{UNITS}.csv"
    if not names or (path.exists() and not account.tables.get(UNITS)) or (target / f"{UNITS}.xlsx").exists():
        return {}
    known = made_table(path).to_dict("records") if path.exists() else []
    rows = {row["enhet"]: row["namn"] for row in known} | names
    account.tables[UNITS] = [{"profil": reading.loaded.id, "filer": [], "manader": [{"enhet": "", "manad": ""}]}]
    return {UNITS: pd.DataFrame(sorted(rows.items()), columns=["enhet", "namn"])}


def _told(reading: Reading, target: Path, whole: pd.DataFrame) -> Iterator[str]:
    """The account as text."""
    for export in reading.exports:
        where = f", blad '{export.blad}'" if export.blad else ""
        yield f"{export.fil}{where}: {export.rows} rader under rubrikerna på rad {export.rubrikrad}."
        for why, count in export.passed.items():
            yield f"  {count} förbigångna: {why}"
        yield f"  {len(export.frame)} använda"
        yield from (f"  {note}" for note in export.notes)
        if export.dropped:
            yield f"  Kolumner som inte läses: {', '.join(export.dropped)}"
        if export.personal:
            yield f"  {export.personal} celler i dem liknar personnummer; inget av det skrivs."
    yield from _told_sums(reading) if reading.is_ledger else _told_records(reading)
    yield from reading.notes
    yield f"Skrivet: {shown(target / f'{reading.table}.csv')}, {len(whole)} rader. Kvitto: {ACCOUNT_FILE}."


def _told_sums(reading: Reading) -> Iterator[str]:
    for part in reading.parts:
        for one in part.left_out:
            yield f"Utelämnat enligt profilen: {one.lista} {one.kod} {one.text}".rstrip() + (
                f", {one.rader} rader, {_kr(one.value)}"
            )
    nets = nets_of(reading)
    lines = [f"  {enhet} {month}: {_kr(kr)}" for (enhet, month), kr in sorted(nets.items())]
    if len(lines) > MOST_LINES:
        units: Counter[str] = Counter()
        for (enhet, _), kr in nets.items():
            units[enhet] += kr
        lines = [f"  {enhet}: {_kr(kr)}" for enhet, kr in sorted(units.items())]
    yield "Nettokostnad per enhet och månad:"
    yield from lines
    total = sum(part.total for part in reading.parts)
    if reading.control is None:
        yield f"Exporten har ingen totalsumma som går att läsa. Raderna blir {_kr(total)}."
        yield "Jämför med redovisningen, eller ange summan med --kontrollsumma."
    elif reading.control == total:
        yield f"Stämmer på öret: {_kr(total)} i exporten."
    else:
        yield (
            f"Stämmer: raderna blir {_kr(total)}. Exportens egen summa är {_kr(reading.control)}; skillnaden "
            f"{_kr(abs(total - reading.control))} är öresavrundning i exporten."
        )
    yield f"Summa i tabellen: {_kr(sum(nets.values()))} netto."


def _told_records(reading: Reading) -> Iterator[str]:
    for part in reading.parts:
        for lista, kod, rows in part.left_out:
            yield f"Utelämnat enligt profilen: {lista} {kod}, {rows} rader"
        for name, total in part.sums.items():
            yield f"  Summa {name}: {format_number(total, 2)}"


def _kr(value: int) -> str:
    return format_unit(value / SCALE, "kr", 2)
