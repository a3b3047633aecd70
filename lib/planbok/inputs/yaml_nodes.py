"""YAML text as nodes, with an end to how deep it may go.

Plain texts are composed by libyaml, a tenth of the time; ruamel.yaml says what each scalar is in both ways (YAML 1.2,
so that `nej` and `on` stay text). Whatever libyaml refuses, and whatever the two could read differently, goes through
ruamel.yaml's own scanner, which also says what is wrong.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scanner import Scanner
from yaml.cyaml import CParser

DEEPEST = 50  # levels of brackets and of indents: ten times what any file of ours has
PLAIN_DEPTH = 10  # deeper than this, ruamel.yaml counts the levels
MOST_BRACKETS, LONGEST_LINE = 500, 500  # libyaml goes down a level on the C stack for each bracket or dash
# Tabs, what is no character, line breaks of YAML 1.1 alone, anchors, aliases and tags (or signs that could be), and
# directives, lines of blanks, texts in blocks and colons where they stand oddly: the two differ there, or might.
_DOUBTFUL = re.compile(
    r"[^\n -~\xa0-\u2027\u202a-\ud7ff]|[&*!]|^(?:%| +$|[|>]|\.\.\.)|[|>][-+\d]*#|:[,\]}]", re.MULTILINE
)
_KINDS = {yaml.ScalarNode: ScalarNode, yaml.MappingNode: MappingNode, yaml.SequenceNode: SequenceNode}


class TooDeepError(MarkedYAMLError):
    """A document with more levels than `DEEPEST`, and the place of the one that is too many."""


class _Bounded(Scanner):
    """Stops at the bracket or the indent that is one too many: what comes after is never looked at.

    Each open bracket is looked over again for each new one, so that thousands of them would take minutes.
    """

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803 - ruamel's own name
        super().fetch_flow_collection_start(TokenClass, to_push)
        self._stop_if_beyond(self.flow_level)

    def add_indent(self, column: int) -> bool:
        added = super().add_indent(column)
        self._stop_if_beyond(len(self.indents))
        return added

    def _stop_if_beyond(self, levels: int) -> None:
        if levels > DEEPEST:
            raise TooDeepError(problem="too deep", problem_mark=self.reader.get_mark())


class _NamedOnce(Composer):
    """Refuses a second anchor of the same name, which ruamel.yaml only warns of: the values after it would change."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if not self.parser.check_event(AliasEvent):
            event = self.parser.peek_event()
            if getattr(event, "anchor", None) in self.anchors:
                raise ComposerError(None, None, "reused anchor", event.start_mark)
        return super().compose_node(parent, index)


def nodes(text: str) -> Node | None:
    """The nodes of a YAML document (1.2, so that `nej` and `on` stay text); None of an empty one.

    Raises
    ------
    MarkedYAMLError
        If the text is no YAML; `TooDeepError` where it has too many levels.
    ReaderError
        If it has a character that YAML does not know.
    """
    if is_plain(text):
        try:
            return _Quick(text).whole()
        except (yaml.YAMLError, TooDeepError):
            pass  # ruamel.yaml says what is wrong, and where
    whole = YAML(typ="safe", pure=True)  # the round-trip loader would mark folds inside the text
    whole.Scanner, whole.Composer = _Bounded, _NamedOnce
    return whole.compose(text)


def cut_off(top: Node, text: str) -> Iterator[tuple[str, int]]:
    """The key and the line of each text without citation marks that a # cuts off: what stands after it is not read."""
    lines, left = text.split("\n"), [top]
    while left:
        node = left.pop()
        if isinstance(node, SequenceNode):
            left += node.value
        for key, child in node.value if isinstance(node, MappingNode) else ():
            left.append(child)
            plain = isinstance(child, ScalarNode) and child.style is None and child.value
            end = child.end_mark
            rest = lines[end.line][end.column :] if plain and end.line < len(lines) else ""
            if rest.lstrip().startswith("#"):
                yield str(key.value), end.line + 1


def is_plain(text: str) -> bool:
    """Whether libyaml may read a text: nothing in it that the two could read differently, and no great depth."""
    few = text.count("[") + text.count("{") <= MOST_BRACKETS
    return few and max(map(len, text.split("\n"))) <= LONGEST_LINE and not _DOUBTFUL.search(text)


_RESOLVER = YAML(typ="safe", pure=True).resolver


@lru_cache(maxsize=10_000)
def _resolved(kind: type, value: str | None, implicit: Any) -> Any:
    return _RESOLVER.resolve(_KINDS[kind], value, implicit)


class _Quick(CParser):
    """A text composed by libyaml, with ruamel.yaml's word for what each scalar is."""

    def resolve(self, kind: type, value: str | None, implicit: Any) -> Any:
        return _resolved(kind, value, implicit)

    def descend_resolver(self, parent: Any, index: Any) -> None:
        """Nothing: no scalar is something else for where it stands."""

    def ascend_resolver(self) -> None:
        """Nothing, as in `descend_resolver`."""

    def whole(self) -> Node | None:
        """The document's nodes; None of an empty one."""
        top = self.get_single_node()
        return None if top is None else _as_ruamels(top, 0)


def _as_ruamels(node: Any, depth: int) -> Node:
    if depth > PLAIN_DEPTH:
        raise TooDeepError(problem="too deep", problem_mark=node.start_mark)
    marks = (node.start_mark, node.end_mark)
    if isinstance(node, yaml.ScalarNode):
        return ScalarNode(node.tag, node.value, *marks, style=node.style or None)
    if isinstance(node, yaml.SequenceNode):
        return SequenceNode(node.tag, [_as_ruamels(value, depth + 1) for value in node.value], *marks)
    pairs = [(_as_ruamels(key, depth + 1), _as_ruamels(value, depth + 1)) for key, value in node.value]
    return MappingNode(node.tag, pairs, *marks)
