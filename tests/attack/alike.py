"""Whether what is withheld in one place of the reports is shown in another: `python alike.py FIRST LAST [FOLDER]`.

Each seed is a collection (`worlds.world`) of which granted insatser are reported in two months, with and without a
scenario, to three audiences. Two cells name the same thing where they have the same table, texts and column, and the
same month where they say one; or where they are the same number in the working papers of every collection.
"""

import json
import pickle
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from pathlib import Path

from attack.answers import MONTHS, OPEN, PROTECTED, Said
from attack.reading import FIGURES, SENTENCES, Key, World, cells, texts_of, world_of
from attack.ties import Ties
from attack.worlds import move, world
from leaks import LIMITS
from studied_once import shown_to

from planbok.base.workspace import PARAMS, Folders
from planbok.batch.gate.groups import hits
from planbok.case.case import load_sources, open_case
from planbok.report.handover import as_json

SCENARIOS = ("bas", "fler_personer_2024")
IN_YEAR = ("nya_antal", "avslutade_antal")  # until the report's month, beside what runs as it was counted
Find = tuple[str, Key, Key]  # the audience, what is withheld, and where it is shown


def said_of(seed: int, audiences: Sequence[str] = PROTECTED, scenarios: Sequence[str] = SCENARIOS) -> dict[str, Said]:
    """What a collection's reports on granted insatser say, by scenario and month; in working papers too."""
    found: dict[str, Said] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = world(Path(folder) / "data", seed)
        for month in MONTHS:
            given = {"ar": 2024, "enhet": "exempelenheten", "tom_manad": month}
            given["sources"] = load_sources(Folders((PARAMS,), data))
            for scenario in scenarios:
                opened = open_case("insatser_manad", scenario=scenario, **given)
                reports = {who: as_json(*shown) for who, *shown in shown_to((OPEN, *audiences), opened)}
                found[f"insatser_manad {scenario}|{month}"] = dict.fromkeys(PROTECTED, reports[audiences[0]]) | reports
            move(data, seed)
    return found


def finds(collections: Sequence[Mapping[str, Said]], which: Sequence[int] | None = None) -> Iterator[list[Find]]:
    """What is withheld of each collection in one place and shown in another; what ties cells is learnt from all."""
    worlds = [world_of(runs) for runs in collections]
    ties = Ties(worlds)
    for number in range(len(worlds)) if which is None else which:
        same = list(_equal(ties, worlds[number]))
        yield [find for who in PROTECTED for find in _of_audience(collections[number], who, same)]


def _equal(ties: Ties, world: World) -> Iterator[tuple[Key, Key]]:
    """Cells of a report that are the same number wherever both are; of two reports only months that have passed."""
    for (one, _), (other, _) in ties._equal(world):
        if SENTENCES not in (one[1], other[1]):
            yield one, other


def _of_audience(runs: Mapping[str, Said], who: str, same: Sequence[tuple[Key, Key]]) -> Iterator[Find]:
    shown, closed = {}, {}
    named: dict[tuple, list[Key]] = defaultdict(list)
    for run, said in runs.items():
        for key, name, hidden in _named(run, said[who]):
            (closed if hidden else shown)[key] = name
            named[name].append(key)
    pairs = {pair for keys in named.values() for pair in permutations(keys, 2)}
    pairs |= {pair for one, other in same for pair in ((one, other), (other, one))}
    for one, other in sorted(pairs, key=str):
        if one in closed and other in shown:
            yield who, one, other


def _named(run: str, report: dict) -> Iterator[tuple[Key, tuple, bool]]:
    """Each cell, what it says it is, and whether it is withheld: of its report's own month where it says no other."""
    month = run.partition("|")[2]
    stood = {
        (name, texts): as_of
        for name, rows in report["tabeller"].items()
        for texts, as_of in ((texts_of(row), (row.get("raknat"), row.get("manad", "")[:7])) for row in rows)
    }
    for cell in cells(run, report):
        key, hidden = cell.key, cell.closed
        _, table, texts, number, column = key
        if table == FIGURES:
            yield key, (table, column, report[FIGURES][column]["etikett"]), hidden
        elif table in report["tabeller"]:
            as_of = stood[table, texts] if column not in IN_YEAR else month
            yield key, (table, texts, number, column, month if as_of == (None, "") else as_of), hidden


def main(first: int, last: int, kept: Path) -> int:
    """Prints what each collection withholds in one place and shows in another, and what the gate says; 1 for any."""
    kept.mkdir(parents=True, exist_ok=True)
    collections = [_kept(seed, kept / f"{seed}.pkl") for seed in range(first, last + 1)]
    count = 0
    for seed, found in zip(range(first, last + 1), finds(collections), strict=True):
        stopped = list(_stopped(collections[seed - first]))
        count += len(found) + len(stopped)
        print(f"{seed}: {len(found)} finds, {len(stopped)} stopped", *found, *stopped, sep="\n    ", flush=True)
    return 1 if count else 0


def _kept(seed: int, file: Path) -> dict[str, Said]:
    if not file.is_file():
        file.write_bytes(pickle.dumps(said_of(seed)))
    return pickle.loads(file.read_bytes())


def _stopped(runs: Mapping[str, Said]) -> Iterator[tuple]:
    """What the gate would stop."""
    for run, said in runs.items():
        for who in PROTECTED:
            with tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "resultat.json").write_text(json.dumps(said[who]), "utf-8")
                yield from ((run, who, *hit) for hit in hits(Path(folder), who, LIMITS))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp())))
