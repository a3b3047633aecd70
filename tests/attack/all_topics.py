"""Made-up collections of all topics, attacked by one solver: `python all_topics.py FOLDER SEED…`, a seed or `0-199`.

Each seed is a collection (`worlds.world`): all tables of every topic, two runs with one to three persons moved between
them, three audiences. What ties cells is learnt from some of them (`TAUGHT`, of all sizes), and each is attacked by
what it shows in both runs. FOLDER keeps what the reports said, so that an interrupted run goes on.
"""

import pickle
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import process_time

from attack.answers import MONTHS, Said, said_in_run
from attack.joint import FEW, Attack, Attacker
from attack.reading import Key, World, world_of
from attack.worlds import SIZES, assisted, move, world

TAUGHT = range(0, 60, 5)
ASSISTED = {"begart": "begart", "debitering": "ledsagning_avlosning"}  # whose hours the tables are of


def said_of(seed: int, kept: Path | None = None, only: Sequence[str] = ()) -> dict[str, Said]:
    """What the reports of a collection (or those of some notebooks only) say in both runs; a folder may keep it."""
    file = kept / f"{seed}.pkl" if kept else None
    if file and file.is_file():
        return pickle.loads(file.read_bytes())
    said: dict[str, Said] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = world(Path(folder) / "data", seed)
        for month in MONTHS:
            said |= dict(said_in_run(data, month, only))
            move(data, seed)
    if file:
        made = file.with_suffix(".new")
        made.write_bytes(pickle.dumps(said))
        made.replace(file)
    return said


def told(attacker: Attacker, collection: World) -> tuple[Attack, dict[Key, float], set[Key]]:
    """What is known, the cells that are told by it and matter, and those of them that one run tells."""
    attack = attacker.attack(collection)
    found = attack.leaks(attack.told())
    alone = attack.of_one_run().told() if found else {}
    return attack, found, found.keys() & alone.keys()


def persons(seed: int) -> dict[tuple[str, str], int]:
    """Those with assistance hours by month and what is said of them, which no report says."""
    with tempfile.TemporaryDirectory() as folder:
        return assisted(world(Path(folder) / "data", seed))


def behind(attack: Attack, key: Key, helped: Mapping[tuple[str, str], int]) -> dict[str, float]:
    """The counts on a cell's row, or how many persons have the hours that it is of."""
    run, table, texts, _, _ = key
    month, notebook = dict(texts).get("manad", ""), run.partition("|")[0]
    of = ASSISTED.get(table) if notebook == "assistans" else None
    found = [number for (at, what), number in helped.items() if what == of and month in (at, "Totalt")]
    return {"personer": max(found)} if found else attack.behind(key)


def lines(
    attack: Attack, found: Mapping[Key, float], alone: set[Key], helped: Mapping[tuple[str, str], int]
) -> Iterator[tuple[bool, str]]:
    """Each told cell: whether it is withheld or of few, and a line of what it is and how many are behind it."""
    for key, value in sorted(found.items(), key=str):
        run, table, texts, number, column = key
        row = ", ".join(text for _, text in texts) + (f" ({number})" if number else "")
        counts, withheld = behind(attack, key, helped), key in attack.world.closed
        few = not counts or min(counts.values()) < FEW
        size = "?" if not counts else f"fewer than {FEW}" if few else f"{FEW} or more"
        why, how = "withheld" if withheld else "not shown", "a run" if key in alone else "two runs"
        yield few or withheld, f"    {run} {table} [{row}] {column} = {value:g}: {why}, {how}, of {size} {counts}"


def main(kept: Path, seeds: Iterable[int]) -> int:
    """What each collection tells; 1 where it is withheld or of few."""
    kept.mkdir(parents=True, exist_ok=True)
    attacker = Attacker([world_of(said_of(seed, kept)) for seed in TAUGHT])
    leaks = 0
    for seed in seeds:
        start = process_time()
        attack, found, alone = told(attacker, world_of(said_of(seed, kept)))
        said = [*lines(attack, found, alone, persons(seed) if found else {})]
        leaks += sum(matters for matters, _ in said)
        print(
            f"{seed}: size {SIZES[seed % len(SIZES)]}, {len(attack.secret)} hidden, {attack.few()} counts under {FEW}, "
            f"{len(attack.ties)} ties, told {sum(matters for matters, _ in said)} withheld or of few and "
            f"{sum(not matters for matters, _ in said)} of {FEW} or more, undecided {len(attack.undecided)}, "
            f"{process_time() - start:.0f} s",
            *(line for _, line in said),
            sep="\n",
            flush=True,
        )
    return 1 if leaks else 0


def numbers(text: str) -> range:
    """A seed, or the first and the last.

    >>> [*numbers("7")], [*numbers("7-9")]
    ([7], [7, 8, 9])
    """
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [seed for text in sys.argv[2:] for seed in numbers(text)]))
