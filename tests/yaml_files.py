"""The tests' own YAML files, read by libyaml with ruamel.yaml's word for what each scalar is (YAML 1.2)."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from yaml.constructor import SafeConstructor
from yaml.cyaml import CParser

_KINDS = {yaml.ScalarNode: ScalarNode, yaml.MappingNode: MappingNode, yaml.SequenceNode: SequenceNode}
_RESOLVER = YAML(typ="safe", pure=True).resolver


class _Loader(CParser, SafeConstructor):
    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        SafeConstructor.__init__(self)

    @staticmethod
    @lru_cache(maxsize=20_000)
    def resolve(kind: type, value: str | None, implicit: Any) -> str:
        return str(_RESOLVER.resolve(_KINDS[kind], value, implicit))

    def descend_resolver(self, parent: Any, index: Any) -> None: ...

    def ascend_resolver(self) -> None: ...

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        made = super().construct_mapping(node, deep)
        assert len(made) == len(node.value), f"the same key twice in the map at {node.start_mark}"
        return made


def read(text: str | Path) -> Any:
    """What a YAML text, or the file of this path, says."""
    return _Loader(text.read_text("utf-8") if isinstance(text, Path) else text).get_single_data()
