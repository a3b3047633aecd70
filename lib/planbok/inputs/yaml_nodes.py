"""YAML text as nodes, with an end to how deep it may go."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.scanner import Scanner

DEEPEST = 50  # levels of brackets and of indents: ten times what any file of ours has


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


def nodes(text: str) -> Node | None:
    """The nodes of a YAML document (1.2, so that `nej` and `on` stay text); None of an empty one.

    Raises
    ------
    MarkedYAMLError
        If the text is no YAML; `TooDeepError` where it has too many levels.
    ReaderError
        If it has a character that YAML does not know.
    """
    yaml = YAML(typ="safe", pure=True)  # the round-trip loader would mark folds inside the text
    yaml.Scanner = _Bounded
    return yaml.compose(text)
