"""A csv file of 250 MB whose amounts all differ is read in under 1 GB of memory."""

import subprocess
import sys
from pathlib import Path

import numpy as np

ROWS = 5_000_000 - 10  # as many as are read at all
MOST = 1000  # MB
READ = """import resource, sys
from pathlib import Path
from planbok.inputs.tables.read import read_table
from planbok.inputs.tables.specs import TABLES
table = read_table(Path(sys.argv[1]), TABLES["utfall"])
print(table.rader, table.frame["kostnad_kr"].nunique(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
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
