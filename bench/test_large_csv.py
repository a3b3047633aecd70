"""A csv file of 250 MB whose amounts all differ is read in under 1 GB of memory, as a table and as an export."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROWS = 5_000_000 - 10  # as many as are read at all
MOST = 1000  # MB
READ = """import resource, sys
from pathlib import Path
from planbok.inputs.tables.read import read_table
from planbok.inputs.tables.specs import TABLES
table = read_table(Path(sys.argv[1]), TABLES["utfall"])
print(table.rader, table.frame["kostnad_kr"].nunique(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
LAS_IN = """import resource, sys
from planbok.cli import main
code = main(sys.argv[1:])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
PROFILE = """
titel: Stor huvudbok
tabell: utfall
bekraftad: [profil, konto]
kolumner: {konto: Konto, enhet: Ansvar, verksamhet: Verksamhet, manad: Period, belopp: Belopp}
koder:
  konto: [{kod: 4000–7999, budgetrad: Kostnader}]
"""


def write(path: Path, rows: int) -> int:
    """An outturn of 170 units whose costs all differ; its size in bytes."""
    costs = np.random.default_rng(1).permutation(rows) + 1_000_000
    with path.open("w", encoding="utf-8") as file:
        file.write("enhet;manad;budgetrad;kostnad_kr;intakt_kr\n")
        for i, cost in enumerate(costs.tolist()):
            month = f"{2000 + i // 12 % 100}-{i % 12 + 1:02d}"
            row = f"Verksamhet {i // 1200 % 9999:04d}"
            file.write(f"enhet{i % 170:03d};{month};{row};{cost}.{i % 100:02d};{cost // 7}.{i % 99:02d}\n")
    return path.stat().st_size


def test_250_mb_with_amounts_that_all_differ(tmp_path, record_property):
    size = write(tmp_path / "utfall.csv", ROWS)
    done = subprocess.run([sys.executable, "-c", READ, tmp_path / "utfall.csv"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows, different, peak = done.stdout.split()
    record_property("peak_mb", peak)
    print(f"\n{size / 1e6:.0f} MB, {int(rows)} rows: at most {float(peak):.0f} MB of memory")
    assert size > 250e6
    assert int(rows) == int(different) == ROWS
    assert float(peak) < MOST


def commanded(folder: Path, *arguments: object) -> tuple[str, float]:
    """What las-in says with the folders of a workspace there, and the most memory that it held, in MB."""
    given = ["--params", folder / "params", "--data", folder / "data", "las-in", *arguments]
    done = subprocess.run([sys.executable, "-c", LAS_IN, *map(str, given)], capture_output=True, text=True)
    code, peak = done.stdout.splitlines()[-1].split()
    assert code == "0", done.stdout + done.stderr
    return done.stdout, float(peak)


def write_export(path: Path, rows: int, unread: int) -> int:
    """A ledger with columns that are not read, every cell of which differs; the sum of its amounts in kronor."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f"Konto;Ansvar;Verksamhet;Period;{';'.join(f'Text {n}' for n in range(unread))};Belopp\n")
        for n in range(rows):
            texts = ";".join(f"Faktura {n}y{k}" for k in range(unread))
            file.write(f"{4000 + n % 3000};{312100 + n % 40};5131;2025{n % 12 + 1:02d};{texts};{n + 1_000_000},00\n")
    return rows * 1_000_000 + rows * (rows - 1) // 2


@pytest.mark.parametrize(("rows", "unread"), [(ROWS, 1), (80_000, 200)])
def test_an_export_of_250_mb(tmp_path, record_property, rows, unread):
    for name in ("params/inlasning", "data"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "params/inlasning/stor.yaml").write_text(PROFILE, encoding="utf-8")
    path = tmp_path / "stor.csv"
    kronor, size = write_export(path, rows, unread), path.stat().st_size / 1e6
    said, peak = commanded(tmp_path, path, "--profil", "stor")
    _, proposing = commanded(tmp_path, path, "--ny", "forslag.yaml")
    record_property("peaks_mb", (peak, proposing))
    what = f"{size:.0f} MB, {rows} rows, {unread} columns not read"
    print(f"\n{what}: at most {peak:.0f} MB of memory to read, {proposing:.0f} to propose a profile")
    assert f"Radernablir{kronor},00kr" in "".join(said.split())
    assert size > 250
    assert max(peak, proposing) < MOST
