"""Made-up collections of all topics, attacked by one solver: `python all_topics.py FIRST LAST [FOLDER]`.

Each seed is a collection (`worlds.world`): all tables of every topic, two runs with one to three persons moved between
them, three audiences. What ties cells is learnt from all of them (at least eight are needed), and each is attacked by
what it shows. FOLDER keeps what the reports said, so that an interrupted run goes on.
"""

import pickle
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

from attack.answers import MONTHS, Said, said_in_run
from attack.joint import attacks, world_of
from attack.worlds import move, world


def said_of(seed: int, kept: Path) -> dict[str, Said]:
    """What the reports of a collection say in both runs."""
    file = kept / f"{seed}.pkl"
    if not file.is_file():
        said: dict[str, Said] = {}
        with tempfile.TemporaryDirectory() as folder:
            data = world(Path(folder) / "data", seed)
            for month in MONTHS:
                said |= dict(said_in_run(data, month))
                move(data, seed)
        file.write_bytes(pickle.dumps(said))
    return pickle.loads(file.read_bytes())


def main(first: int, last: int, kept: Path) -> int:
    """The cells that each collection tells, within a run and between two; 1 where any is told within a run."""
    kept.mkdir(parents=True, exist_ok=True)
    worlds = [world_of(said_of(seed, kept)) for seed in range(first, last + 1)]
    leaks = 0
    for between_runs in (False, True):
        start = perf_counter()
        for seed, (attack, found) in enumerate(attacks(worlds, range(len(worlds)), between_runs), start=first):
            kinds = Counter((key[0].partition("|")[0], key[1], key[4]) for key in found)
            how = "two runs" if between_runs else "a run"
            print(
                f"{seed}: {how}: {len(attack.secret)} hidden, {len(attack.ties)} ties, told {dict(kinds)}", flush=True
            )
            leaks += 0 if between_runs else len(found)
        print(f"{perf_counter() - start:.0f} s")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp())))
