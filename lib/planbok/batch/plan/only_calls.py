"""Whether a notebook's code does nothing but call planbok, so that what it can leave behind is known."""

import ast
from collections.abc import Iterable

SIMPLE = (
    *(ast.Module, ast.Expr, ast.Assign, ast.AnnAssign, ast.Call, ast.keyword, ast.Constant, ast.alias),
    *(ast.List, ast.Tuple, ast.Dict, ast.Load, ast.Store, ast.UnaryOp, ast.USub),
)


def only_calls(sources: Iterable[str]) -> bool:
    """Whether cells only set names of their own and call what they import from planbok.

    >>> only_calls(["ar: int = 2024", "from planbok.report import show", "svar = show.table(ar)", "print(svar)"])
    True
    >>> [only_calls([code]) for code in ("import os", "open('x')", "x = 1\\nx.y = 2", "!ls", "x = [1 for _ in 'a']")]
    [False, False, False, False, False]
    """
    try:
        nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    except SyntaxError:  # a magic, or a command of the system's
        return False
    known = {"print", "int", "str", "float", "bool"}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            known |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            known.add(node.id)
    return all(_is_simple(node, known) for node in nodes)


def _is_simple(node: ast.AST, known: set[str]) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and (node.module or "").startswith("planbok.")
    if isinstance(node, ast.Name):
        return node.id in known
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name) and not node.attr.startswith("_")
    return isinstance(node, SIMPLE)
