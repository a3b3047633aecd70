"""Do the tests notice? Faults put into the code one at a time, drawn from a seed, and the tests run on each.

    python tests/mutants.py [--drawn 200] [--seed 1] [--only lib/planbok/ledger] [--workers 2] [--lines FILE]
                            [--tests FILE …] [--within SECONDS]

A mutant is one operator, comparison, boundary or number changed in one place. First all tests of the models (or those
of `--tests`) run once, and it is written down which lines each of them runs and how long it takes (`--lines`: kept in
a file and read from it the next time; those of `--tests` are then run and added). A mutant then meets the tests that
run its line, the quickest first, and is killed by the first that fails; with `--within` only as many as take that long
together, for a first look. The tests of a file under tests/oracle share what they have made, so there one that runs
the line brings the others. What survives is printed with its place, to be looked at: it is a missing test, or a change
that means nothing. The work tree is not touched: each worker has a copy of it.
"""

import argparse
import ast
import compileall
import itertools
import json
import math
import multiprocessing
import os
import py_compile
import random
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
NOTICED = 77  # what a mutant's process ends with where a test fails; a fault of this script ends it with 1
FAILS = (1, 2)  # pytest's codes for a test that fails and for one that cannot even be collected
LIMIT = 600  # seconds for the tests of one mutant; one that hangs is killed too
CHANGED = ("ledger", "disclosure", "analysis", "lss", "inputs/tables", "inputs/imports", "topics/*")
NOT_MODELS = {"explore.py", "figures.py", "sentences.py", "view.py", "tables.py", "__init__.py"}
NOT_TESTS = {"batch", "browser", "wheel", "cli", "start", "docs", "house", "keeping", "recipes", "status", "shipped"}
FORKED = ["pandas", "plotly.graph_objects", "openpyxl", "pytest", "hypothesis", "ruamel.yaml", "scipy.optimize"]
SWAPS: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.USub: ast.UAdd,
}
OPTIONS = ["-p", "no:cacheprovider", "-p", "no:nbval", "-q", "--hypothesis-profile=mutants"]
OPTIONS += ["-o", "addopts=--doctest-modules --import-mode=importlib --strict-markers"]
NUMBERS = {0: 1, 1: 2, 12: 11, 100: 99}
Place = tuple[ast.AST, str, int]
Seconds = dict[str, float]  # a test → how long it takes


@dataclass(frozen=True)
class Mutant:
    """A file with one place changed; `place` counts the places of the file that can be."""

    path: Path  # from the root of the work tree
    place: int


def places(tree: ast.Module) -> list[Place]:
    """Every place that can be changed: the node, its field and the position in it."""
    found: list[Place] = []
    for node in _code(tree):
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.BoolOp) and type(node.op) in SWAPS:
            found.append((node, "op", 0))
        elif isinstance(node, ast.Compare):
            found += [(node, "ops", i) for i, op in enumerate(node.ops) if type(op) in SWAPS]
        elif isinstance(node, ast.Constant) and type(node.value) is int and node.value in NUMBERS:
            found.append((node, "value", 0))
    return found


def _code(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes within functions, each once, but for annotations, which nothing reads."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    told = [node.annotation for node in ast.walk(tree) if isinstance(node, ast.AnnAssign)]
    left_out = {id(node) for annotation in told for node in ast.walk(annotation)}
    seen = (node for function in functions for statement in function.body for node in ast.walk(statement))
    yield from {id(node): node for node in seen if id(node) not in left_out}.values()  # a function in another once


def statement_lines(tree: ast.Module, node: ast.AST) -> range:
    """The lines of the innermost statement that holds the node: of an `if` or a loop only its head."""
    line = getattr(node, "lineno", 0)
    around = [s for s in ast.walk(tree) if isinstance(s, ast.stmt) and s.lineno <= line <= (s.end_lineno or s.lineno)]
    inner = max(around, key=lambda s: (s.lineno, -(s.end_lineno or s.lineno)))
    body = getattr(inner, "body", [])
    return range(inner.lineno, max(inner.lineno + 1, body[0].lineno if body else (inner.end_lineno or line) + 1))


def change(tree: ast.Module, place: int) -> str:
    """Changes the tree in one place; where and what, in words."""
    node, field, position = places(tree)[place]
    before = ast.unparse(node)
    if field == "value":
        node.value = NUMBERS[node.value]  # type: ignore[attr-defined]
    elif field == "op":
        node.op = SWAPS[type(node.op)]()  # type: ignore[attr-defined]
    else:
        node.ops[position] = SWAPS[type(node.ops[position])]()  # type: ignore[attr-defined]
    return f"{getattr(node, 'lineno', 0)}: {before}  ->  {ast.unparse(node)}"


def drawn(number: int, seed: int, only: str) -> list[Mutant]:
    """Mutants drawn with the same chance for each place of the rooms that hold models, engine, control and readers."""
    library = ROOT / "lib" / "planbok"
    paths = sorted(path for room in CHANGED for path in library.glob(f"{room}/*.py") if path.name not in NOT_MODELS)
    inside = [path.relative_to(ROOT) for path in paths]
    trees = {path: ast.parse((ROOT / path).read_text("utf-8")) for path in inside if path.as_posix().startswith(only)}
    all_places = [Mutant(path, i) for path, tree in trees.items() for i in range(len(places(tree)))]
    if not all_places:
        raise SystemExit(f"nothing to change under {only}")
    return random.Random(seed).sample(all_places, min(number, len(all_places)))


def written_down(copy: Path, workers: int, only: list[str]) -> dict:
    """Runs the models' tests once: {"seconds": {test: s}, "lines": {file: {line: [number of a test in it, …]}}}."""
    import coverage

    all_tests = sorted((copy / "tests").glob("test_*.py")) + sorted((copy / "tests" / "oracle").glob("test_*.py"))
    tests = [path for path in all_tests if not NOT_TESTS & set(path.stem.split("_"))] + [copy / "lib"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        *OPTIONS,
        "-p",
        "mutants_lines",
        "-n",
        str(workers),
        "--dist",
        "loadfile",
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{copy / 'lib'}{os.pathsep}{copy / 'tests'}",
        "LINES_KEPT_IN": str(copy),
    }
    ran = subprocess.run([*command, *(only or map(str, tests))], cwd=copy, env=environment)
    if ran.returncode > 1:
        raise SystemExit("the tests can't be run")
    seconds: Seconds = {}
    for file in copy.glob("seconds.*.json"):
        seconds |= json.loads(file.read_text("utf-8"))
    data = coverage.CoverageData(str(copy / ".lines"))
    for file in sorted(copy.glob(".lines.*")):
        part = coverage.CoverageData(str(file))
        part.read()
        data.update(part)
    numbers = {test: number for number, test in enumerate(seconds)}
    lines = {
        Path(file).relative_to(copy).as_posix(): {
            str(line): [numbers[test] for test in told if test in numbers] for line, told in by_line.items()
        }
        for file, by_line in ((file, data.contexts_by_lineno(file)) for file in data.measured_files())
    }
    return {"seconds": seconds, "lines": lines}


def meeting(mutant: Mutant, tree: ast.Module, known: dict, within: float) -> list[str]:
    """The tests that run the mutant's line, the quickest first, as many as take `within` seconds together."""
    by_line, seconds = known["lines"].get(mutant.path.as_posix(), {}), known["seconds"]
    wanted = statement_lines(tree, places(tree)[mutant.place][0])
    names = list(seconds)
    tests = {names[number] for line in wanted for number in by_line.get(str(line), [])}
    sharing = {file for test in tests if (file := test.partition("::")[0]).startswith("tests/oracle/")}
    beside = {test for test in names if test.partition("::")[0] in sharing} - tests
    ordered = sorted(tests | beside, key=lambda test: (test in beside, seconds[test], test))
    spent = itertools.accumulate(seconds[test] for test in ordered)
    return [test for test, total in zip(ordered, spent, strict=True) if total <= within] or ordered[:1]


def _run(copy: str, tests: list[str]) -> None:
    """In a child of its own, forked where the heavy libraries are loaded: exits with `NOTICED` where a test fails."""
    import pytest

    with open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
    os.chdir(copy)
    sys.path[:0] = [f"{copy}/lib", f"{copy}/tests"]
    os.environ["PYTHONPATH"] = f"{copy}/lib"
    code = int(pytest.main([*OPTIONS, "-x", "-p", "no:xdist", "--tb=no", f"--rootdir={copy}", *tests]))
    sys.exit(NOTICED if code in FAILS else code)


def survives(mutant: Mutant, copy: Path, known: dict, within: float) -> str:
    """Where a mutant that no test noticed stands; "" for one that was killed."""
    path = copy / mutant.path
    original = path.read_text("utf-8")
    tree = ast.parse(original)
    tests = meeting(mutant, tree, known, within)
    what = f"{mutant.path}:{change(tree, mutant.place)}"
    if not tests:
        return f"{what}  (no test runs it)"
    path.write_text(ast.unparse(tree), "utf-8")
    child = multiprocessing.get_context("forkserver").Process(target=_run, args=(str(copy), tests))
    try:
        child.start()
        child.join(LIMIT)
        code = child.exitcode
        child.kill()
    finally:
        path.write_text(original, "utf-8")
    if code and code > 0 and code != NOTICED:
        raise SystemExit(f"the tests of {what} can't be run ({code})")
    return f"{what}  ({len(tests)} tests run it)" if code == 0 else ""  # hangs, dies or is noticed


def copies_of_the_tree(folder: Path, workers: int) -> list[Path]:
    """A work tree for each worker, compiled so that a changed file is known by what it holds and not by its time."""
    found = [folder / str(worker) for worker in range(workers)]
    for copy in found:
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "out", "__pycache__"))
        compileall.compile_dir(copy / "lib", quiet=1, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    return found


def lines_known(file: Path | None, folder: Path, workers: int, only: list[str]) -> dict:
    """What each test runs: from the file where it is there, else by running them, and then kept in it."""
    known: dict = {"lines": {}, "seconds": {}}
    if file and file.exists():
        known = json.loads(file.read_text("utf-8"))
        if not only:
            return known
    new = written_down(copies_of_the_tree(folder / "lines", 1)[0], workers, only)
    known["seconds"] |= new["seconds"]
    numbers = {test: number for number, test in enumerate(known["seconds"])}
    again = [numbers[test] for test in new["seconds"]]
    for path, by_line in new["lines"].items():
        kept = known["lines"].setdefault(path, {})
        for line, tests in by_line.items():
            kept[line] = sorted({*kept.get(line, []), *(again[number] for number in tests)})
    if file:
        file.write_text(json.dumps(known), "utf-8")
    return known


def main() -> int:
    """Draws, runs and counts; 1 where fewer than 92 of 100 are killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drawn", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="lib/planbok/")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--lines", type=Path)
    parser.add_argument("--tests", nargs="*", default=[])
    parser.add_argument("--within", type=float, default=math.inf)
    given = parser.parse_args()
    multiprocessing.get_context("forkserver").set_forkserver_preload(FORKED)
    mutants, by_room = drawn(given.drawn, given.seed, given.only), defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(given.workers) as pool:
        known = lines_known(given.lines, Path(folder), given.workers, given.tests)
        copies: SimpleQueue[Path] = SimpleQueue()
        for copy in copies_of_the_tree(Path(folder), given.workers):
            copies.put(copy)

        def one(mutant: Mutant) -> str:
            copy = copies.get()
            try:
                return survives(mutant, copy, known, given.within)
            finally:
                copies.put(copy)

        for number, (mutant, survivor) in enumerate(zip(mutants, pool.map(one, mutants), strict=True), start=1):
            by_room[mutant.path.parts[2]].append(not survivor)
            if survivor:
                print(f"{number}/{len(mutants)} lives: {survivor}", flush=True)
    for room, killed in sorted(by_room.items()):
        print(f"{room}: {sum(killed)} of {len(killed)}")
    all_killed = sum(map(sum, by_room.values()))
    print(f"{all_killed} of {len(mutants)} killed ({100 * all_killed / len(mutants):.0f} %)")
    return 0 if all_killed >= 0.92 * len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
