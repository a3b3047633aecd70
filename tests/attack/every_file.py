"""Every number of every file that two runs publish, held against what is protected.

`python every_file.py [FOLDER [NOTEBOOK…]]`: each topic reports on the sample in two months, for all three audiences;
between the runs one person moves in, and the reports are handed out. A number that only the working papers have may
stand in no file for the others: page, notebook, workbook, json, index, copy or zip. Small whole numbers, which stand
everywhere, are left to the gate and the solvers.
"""

import base64
import json
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from attack.published import FILES, PLACES, numbers_of
from recalculation import numbers
from ruamel.yaml import YAML

from planbok.base.periods import days_in_month
from planbok.base.workspace import SAMPLE
from planbok.batch.gate.reading import read_file
from planbok.cli import main

OPEN, PROTECTED = "arbetsmaterial", ("ledning", "offentlig")
MONTHS = (8, 9)
BY_UNIT = {"ar": 2024, "enhet": "exempelenheten"}
TELLING = 10_000  # a number as large, or with three decimals, stands somewhere else by chance only
FRACTIONS = np.arange(1, 1_001)  # and a share of fewer hours than this stands for many others
SURE = 1e-6
_DTYPE, _DATA = r'"dtype": ?"(\w+)"', r'"bdata": ?"([A-Za-z0-9+/=]+)"'
_BINARY = re.compile(f"{_DTYPE}, ?{_DATA}|{_DATA}, ?{_DTYPE}")
_NO_NUMBER = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?|(?<![.\d])[0-9a-f]{12,}")  # dates and hashes, no decimals


def runs(month: int, only: Sequence[str] = ()) -> list[dict]:
    """A run of every notebook (or of those named only), by the month that it is of."""
    of_month = BY_UNIT | {"tom_manad": month}
    found = [("lss_peng", BY_UNIT, ["bas", "nivaskifte"]), ("insatser_manad", of_month, ["bas", "fler_personer_2024"])]
    found += [("budgetscenarier", BY_UNIT, ["fler_personer_2024", "nivaskifte", "nya_hemmet_oppnar"])]
    found += [("gruppbostad_kbh", BY_UNIT | {"boende": "nya_hemmet"}, ["bas"]), ("manadsprognos", of_month, ["bas"])]
    found += [("mal_och_aktiviteter", BY_UNIT | {"per": "T2"}, ["bas"])]
    found += [("beslut_i_tid", BY_UNIT | {"per_datum": f"2024-{month:02d}-{days_in_month(2024, month)}"}, ["bas"])]
    found += [("kostnadskontroll", of_month, ["bas"])]
    found += [("aldreomsorg", of_month | {"enhet": "exempel_aldre"}, ["bas"])]
    found += [("assistans", of_month | {"enhet": "exempel_assistans"}, ["bas", "assistans_i_balans_2024"])]
    stod = {"ar": 2024, "enhet": "exempel_stod", "tom_manad": month}
    found += [("verksamhetsblad", stod, ["bas"]), ("bemanning_sjukfranvaro", stod, ["bas", "lagre_sjukfranvaro_2024"])]
    return [
        {"notebook": name, "parametrar": given, "for_varje": {"scenario": scenarios}}
        for name, given, scenarios in found
        if not only or name in only
    ]


def publish(
    folder: Path, only: Sequence[str] = (), months: Sequence[int] = MONTHS, audiences: Sequence[str] = PROTECTED
) -> Path:
    """Two runs of a plan for each audience, each also handed out."""
    data, params, out = folder / "data", folder / "params", folder / "ut"
    shutil.copytree(SAMPLE, data)
    (params / "planer").mkdir(parents=True)
    for month in months:
        for spridning in (OPEN, *audiences):
            made = runs(month, only)
            units = sorted({run["parametrar"]["enhet"] for run in made})
            to = {"gruppen": {"enheter": units, "spridning": spridning}}
            plan = {"titel": "Prov", "spridning": spridning, "mottagare": to, "korningar": made}
            with (params / "planer" / f"prov_{spridning}.yaml").open("w", encoding="utf-8") as file:
                YAML().dump(plan, file)
            given = ["--params", str(params), "--data", str(data), "--out", str(out / spridning)]
            if main(["run", f"prov_{spridning}", *given, "--publish", str(folder / "kopior" / spridning)]) not in (
                0,
                1,
            ):
                raise RuntimeError(f"the plan for {spridning} was not made")
        _move_in(data / "beslut.csv")
    return folder


def _move_in(path: Path) -> None:
    rows = pd.read_csv(path, dtype=str).fillna("")
    new = rows[(rows["insats"] == "gruppbostad") & (rows["enhet"] == BY_UNIT["enhet"])].iloc[[0]]
    new = new.assign(beslut="bny00001x", person="pny00001x", niva="4", regi="kommunal", fran="2024-09-03", till="")
    pd.concat([rows, new]).to_csv(path, index=False)


def results(folder: Path, unit: str = "") -> Iterator[dict]:
    """What the reports' resultat.json say, of one unit where it is named, without what is said of them."""
    for path in sorted(folder.rglob(FILES["json"])):
        said = json.loads(path.read_text("utf-8"))
        if unit in ("", said["parametrar"]["enhet"]):
            yield {name: said[name] for name in ("nyckeltal", "tabeller")}


def units() -> set[str]:
    """The units that the runs are of."""
    return {run["parametrar"]["enhet"] for run in runs(MONTHS[0])}


def telling(values: np.ndarray) -> np.ndarray:
    """Those that stand nowhere by chance."""
    parts = np.abs(values[:, None] / 100) * FRACTIONS
    common = (np.abs(parts - np.rint(parts)) < SURE / FRACTIONS[-1]).any(axis=1)
    decimals = (np.abs(values * 100 - np.rint(values * 100)) > SURE) & ~common
    return np.unique(np.round(np.abs(values[(np.abs(values) >= TELLING) | decimals]), 6))


def in_file(path: Path) -> np.ndarray:
    """Every number of a file, whatever it is packed in."""
    found = set()
    for piece in read_file(path):
        found |= set(numbers_of(_NO_NUMBER.sub("|", PLACES.sub("", piece.text))))
        for dtype, data, other, kind in _BINARY.findall(piece.text):
            found |= set(np.frombuffer(base64.b64decode(data or other), np.dtype(dtype or kind)).astype(float).tolist())
    if path.suffix == ".json" or path.suffix == ".ipynb":
        found |= set(numbers_of(json.loads(path.read_text("utf-8")), texts=False))
    if path.suffix == ".xlsx":
        found |= numbers(path)
    return np.array(sorted(found))


def files(folder: Path, spridning: str, aside: Path) -> Iterator[tuple[str, Path]]:
    """Every file for an audience with its name; those in a zip one by one, unpacked aside."""
    for top in ("ut", "kopior"):
        for path in sorted((folder / top / spridning).rglob("*")):
            name = str(path.relative_to(folder))
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as packed:
                    unpacked = aside / name
                    packed.extractall(unpacked)
                yield from ((f"{name}!{one.name}", one) for one in sorted(unpacked.rglob("*")) if one.is_file())
            elif path.is_file() and path.suffix != ".lock":
                yield name, path


def leaks(folder: Path, audiences: Sequence[str] = PROTECTED) -> list[str]:
    """The files for the management and the public that hold a number which only the working papers have.

    A report counts its own unit's rows alone: a file that names a unit is held against what that unit's working papers
    say, since a number of another unit's can stand there by chance only. A file that names none is held against all.
    """
    whole = {unit: telling(np.array(list(numbers_of(list(results(folder / "ut" / OPEN, unit)))))) for unit in units()}
    found = []
    with tempfile.TemporaryDirectory() as aside:
        for spridning in audiences:
            shown = telling(np.array(list(numbers_of(list(results(folder / "ut" / spridning))))))
            secret = {unit: np.setdiff1d(numbers, shown) for unit, numbers in whole.items()}
            count = 0
            for name, path in files(folder, spridning, Path(aside)):
                named = [unit for unit in secret if unit in name.rpartition("!")[2]] or list(secret)
                told = np.intersect1d(telling(in_file(path)), np.concatenate([secret[unit] for unit in named]))
                found += [f"{name}: {value}" for value in told]
                count += 1
            hidden = sum(map(len, secret.values()))
            print(f"{spridning}: {hidden} numbers in working papers only, {count} files, told {len(found)}")
    return found


if __name__ == "__main__":
    if len(sys.argv) > 1:
        given, only = Path(sys.argv[1]), sys.argv[2:]
        said = leaks(given if (given / "ut").is_dir() else publish(given, only))
    else:
        with tempfile.TemporaryDirectory() as made:
            said = leaks(publish(Path(made)))
    print("\n".join(said))
    sys.exit(1 if said else 0)
