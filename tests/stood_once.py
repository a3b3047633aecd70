"""What `check` finds sound is found sound once: nearly every test of it goes through the project's own plans.

The first of each process is tried in earnest, as is all that differs in any way that the answer can rest on.
"""

from collections.abc import Hashable

import pytest

from planbok.base.errors import InputError
from planbok.base.workspace import Folders
from planbok.case.case import Case, Sources
from planbok.commands import check
from planbok.inputs.rules.rules import Rules
from planbok.inputs.scenario.load import Scenario
from planbok.inputs.tables.collection import Collection
from planbok.topics import answer

_SOUND: set[Hashable] = set()


def rests_on(sources: Sources) -> Hashable:
    """The contents of rules, placement and every table; nothing where one of them can't be read."""
    read = sources.collection
    try:
        tables = tuple((name, read.path(name).name, read.read(name).sha256) for name in read.names())
    except InputError:
        return None
    return (sources.rules.hash, repr(sources.placement), tables) if sources.rules.hash else None


def lay(patch: pytest.MonkeyPatch) -> None:
    """Patches what `check` asks of the topics; a run's own look before it starts is left as it is."""
    tried, asked, held, warned = answer._unmoved_in_all, check.preflight, answer.table_faults, check.entry_warnings
    warnings: dict[str, list] = {}

    def unmoved(scenario: Scenario, sources: Sources) -> list:
        files = rests_on(sources)
        key = ("unmoved", repr(scenario), files)
        if files is None or key not in _SOUND:
            if found := tried(scenario, sources):
                return found
            _SOUND.add(key)
        return []

    def preflight(plan, folders, verify, *more) -> None:
        def verified(case: Case) -> None:
            files = rests_on(case.sources)
            said = (case.scenario, case.jamfor_med, sorted(case.parametrar.items()))
            key = (case.notebook, case.spridning, repr(said), files)
            if files is None or key not in _SOUND:
                verify(case)
                _SOUND.add(key)

        asked(plan, folders, verified, *more)

    def table_faults(collection: Collection, rules: Rules | None) -> list:
        files = rules and rests_on(Sources(Folders((), collection.folder), rules, None, collection))
        key = ("tables", str(collection.folder), files)
        if not files or key not in _SOUND:
            if (found := held(collection, rules)) or not files:
                return found
            _SOUND.add(key)
        return []

    def entry_warnings(rules: Rules) -> list:
        if not rules.hash:
            return warned(rules)
        if rules.hash not in warnings:
            warnings[rules.hash] = warned(rules)
        return [*warnings[rules.hash]]

    patch.setattr(answer, "table_faults", table_faults)
    patch.setattr(check, "entry_warnings", entry_warnings)
    patch.setattr(answer, "_unmoved_in_all", unmoved)
    patch.setattr(check, "preflight", preflight)
