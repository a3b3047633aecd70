"""Do the tests notice? Faults put into the code one at a time, drawn from a seed, and the tests run on each.

    python tests/mutants.py [--drawn 200] [--seed 1] [--only lib/planbok/ledger] [--workers 2]

A mutant is one operator, comparison, boundary or number changed in one place. It is killed when a test of its room
fails. What survives is printed with its place, to be looked at: it is a missing test, or a change that means nothing.
The work tree is not touched: each worker has a copy of it.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 600  # seconds for the tests of one mutant; one that hangs is killed too
TESTS = {  # a room of the library, and the tests that should notice a fault in it
    "ledger": ["test_budget*.py", "test_ledger*.py", "test_follow_up*.py"],
    "disclosure": ["test_disclosure*.py", "attack"],
    "analysis": [
        *("test_chains.py", "test_deadlines.py", "test_ranges.py", "test_insatser.py"),
        *("test_follow_up*.py", "test_staffing*.py", "test_goals*.py"),
    ],
    "lss": ["test_lss*.py", "test_insatser.py", "test_home*.py"],
    "inputs/tables": ["test_tables.py", "test_broken_files.py", "test_odd*.py"],
    "inputs/imports": ["test_las_in*.py", "test_lss_prices.py"],
    "topics/budget": ["test_budget*.py"],
    "topics/lss_peng": ["test_lss*.py"],
    "topics/group_home": ["test_home*.py"],
    "topics/staffing": ["test_staffing*.py"],
    "topics/follow_up": ["test_follow_up*.py"],
    "topics/goals": ["test_goals*.py"],
    "topics/insatser": ["test_insatser.py"],
    "topics/control": ["test_control*.py"],
    "topics/decisions": ["test_decisions*.py", "test_working_lists*.py"],
}
NOT_MODELS = {"explore.py", "figures.py", "sentences.py", "view.py", "tables.py", "__init__.py"}
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
NUMBERS = {0: 1, 1: 2, 12: 11, 100: 99}


@dataclass(frozen=True)
class Mutant:
    """A file with one place changed; `place` counts the places of the file that can be."""

    path: Path
    place: int

    @property
    def room(self) -> str:
        inside = self.path.relative_to(ROOT / "lib" / "planbok").as_posix()
        return next(room for room in sorted(TESTS, key=len, reverse=True) if inside.startswith(f"{room}/"))


def places(tree: ast.Module) -> list[tuple[ast.AST, str, int]]:
    """Every place that can be changed: the node, its field and the position in it."""
    found: list[tuple[ast.AST, str, int]] = []
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
    paths = sorted(path for room in TESTS for path in (library / room).glob("*.py") if path.name not in NOT_MODELS)
    paths = [path for path in dict.fromkeys(paths) if path.relative_to(ROOT).as_posix().startswith(only)]
    all_places = [Mutant(path, i) for path in paths for i in range(len(places(ast.parse(path.read_text("utf-8")))))]
    if not all_places:
        raise SystemExit(f"nothing to change under {only}")
    return random.Random(seed).sample(all_places, min(number, len(all_places)))


def tests_of(room: str, copy: Path) -> list[str]:
    """The room's tests; its own doctests among them."""
    found = [path for pattern in TESTS[room] for path in sorted((copy / "tests").glob(pattern))]
    return [str(path) for path in (*found, copy / "lib" / "planbok" / room) if path.exists()]


def survives(mutant: Mutant, copy: Path) -> str:
    """Where a mutant that no test noticed stands; "" for one that was killed."""
    path = copy / mutant.path.relative_to(ROOT)
    original = path.read_text("utf-8")
    tree = ast.parse(original)
    what = change(tree, mutant.place)
    path.write_text(ast.unparse(tree), "utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += ["--hypothesis-profile=mutants", "--tb=no"]  # that it fails is enough: no smallest example, no trace
    environment = {**os.environ, "PYTHONPATH": str(copy / "lib"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ran = subprocess.run(
            [*command, *tests_of(mutant.room, copy)], cwd=copy, env=environment, capture_output=True, timeout=LIMIT
        )
        killed = ran.returncode == 1 or ran.returncode == 2  # a test failed, or could not even be collected
    except subprocess.TimeoutExpired:
        killed = True
    finally:
        path.write_text(original, "utf-8")
    return "" if killed else f"{mutant.path.relative_to(ROOT)}:{what}"


def main() -> int:
    """Draws, runs and counts; 1 where fewer than 92 of 100 are killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drawn", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="lib/planbok/")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    mutants, copies, survivors = drawn(given.drawn, given.seed, given.only), SimpleQueue(), []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(given.workers) as pool:
        for worker in range(given.workers):
            copy = Path(folder) / str(worker)
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "out", "__pycache__"))
            copies.put(copy)

        def one(mutant: Mutant) -> str:
            copy = copies.get()
            try:
                return survives(mutant, copy)
            finally:
                copies.put(copy)

        for number, survivor in enumerate(pool.map(one, mutants), start=1):
            if survivor:
                survivors.append(survivor)
                print(f"{number}/{len(mutants)} lives: {survivor}", flush=True)
    killed = len(mutants) - len(survivors)
    print(f"{killed} of {len(mutants)} killed ({100 * killed / len(mutants):.0f} %)")
    return 0 if killed >= 0.92 * len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
