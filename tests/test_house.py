"""The house: how long a module and a function may be, what lies at the root, and that no import goes in a circle."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import planbok

ROOT = Path(planbok.__file__).parent
LONGEST_MODULE, LONGEST_FUNCTION, MOST_ROOMS = 400, 40, 12
LOADED_LATER = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[Path, ast.Module]:
    """The library's files and what stands in them."""
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(ROOT.rglob("*.py"))}


def name_of(path: Path) -> str:
    """A file as it is imported."""
    return ".".join(("planbok", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring."""
    first = function.body[0]
    docstring = first.end_lineno - first.lineno + 1 if ast.get_docstring(function) is not None else 0
    return function.end_lineno - function.lineno + 1 - docstring


def test_no_module_is_longer_than_a_person_reads_at_once():
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_a_screen():
    functions = ((path, node) for path, tree in modules().items() for node in ast.walk(tree))
    found = [
        (f"{name_of(path)}.{node.name}", length(node)) for path, node in functions if isinstance(node, LOADED_LATER)
    ]
    assert [pair for pair in found if pair[1] > LONGEST_FUNCTION] == []


def test_every_room_says_in_a_sentence_what_is_there():
    rooms = {path: ast.get_docstring(tree) or "" for path, tree in modules().items() if path.name == "__init__.py"}
    bare = {path.parent for path in modules()} - {path.parent for path in rooms}
    assert [name_of(path) for path, said in rooms.items() if not said.rstrip().endswith(".")] == []
    assert bare == set()


def test_nothing_stands_at_the_root_but_rooms():
    assert {path.name for path in ROOT.glob("*.py")} == {"__init__.py", "__main__.py", "cli.py"}
    assert len([folder for folder in ROOT.iterdir() if any(folder.rglob("*.py"))]) <= MOST_ROOMS


def at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: nothing of its functions, and nothing that is there for types."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, LOADED_LATER) and not is_for_types(node):
            yield node
            yield from at_import(node)


def imported(tree: ast.Module, names: set[str]) -> set[str]:
    """The library's modules that a module needs before it is there itself."""
    found = set()
    for node in at_import(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            base = node.module if isinstance(node, ast.ImportFrom) else ""
            parts = [f"{base}.{alias.name}".lstrip(".") for alias in node.names]
            found |= {part if part in names else base for part in parts}
    return found & names


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def test_no_import_goes_in_a_circle():
    names = {name_of(path) for path in modules()}
    needs = {name_of(path): imported(tree, names) - {name_of(path)} for path, tree in modules().items()}
    assert [*TopologicalSorter(needs).static_order()]  # a circle is an error that names its modules


def test_topics_ask_nobody_who_reads():
    """What an audience may see is decided by `disclosure`; a topic's dials ask it through `disclosure.door`."""
    asks = (
        "disclosure.policy import policy",
        "import protect",
        "shows_all",
        "is_public",
        "WORKING_PAPERS",
        ".spridning",
    )
    topics = [path for path in modules() if path.parent.parent.name == "topics"]
    found = [(name_of(path), word) for path in topics for word in asks if word in path.read_text("utf-8")]
    assert found == []
