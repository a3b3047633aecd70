"""What there is to choose from for a notebook: units, years, months and scenarios, with names that people know."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from planbok.base.errors import InputError
from planbok.base.periods import MONTH_NAMES
from planbok.base.workspace import Folders
from planbok.batch.plan.due import periods
from planbok.case.topic import Topic
from planbok.inputs.scenario.load import BAS, BASELINE, read_scenario, scenario_paths
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.specs import TABLES
from planbok.topics import topic_of

Options = list[tuple[Any, str]]  # a value and what it is called
UNITS = "enheter"
EVERY_MONTH = tuple(range(1, 13))


@dataclass(frozen=True)
class Offers:
    """The choices of one notebook, from the tables and the scenarios as they are now.

    Raises
    ------
    InputError
        From what reads a table, if it can't be read.
    """

    notebook: str
    folders: Folders

    @classmethod
    def of(cls, notebook: str) -> "Offers":
        """Those of the tables in use; of the example's where they have no unit for the notebook."""
        found, example = cls(notebook, Folders.in_use()), Folders.chosen()
        return found if found.units() or example == found.folders else replace(found, folders=example)

    @cached_property
    def collection(self) -> Collection:
        return Collection(self.folders.data)

    @property
    def topic(self) -> Topic | None:
        return topic_of(self.notebook)

    def units(self) -> Options:
        """Every unit that the notebook can show, by its name."""
        needed = [name for name in (self.topic.needs if self.topic else (UNITS,)) if "enhet" in TABLES[name].headings()]
        if not all(map(self.collection.has, needed)):
            return []
        first, *others = (self.collection.units(name) for name in needed)
        names = self._names()
        found = [enhet for enhet in first if all(enhet in units for units in others)]
        return told_apart((enhet, names.get(enhet) or enhet) for enhet in found)

    def _names(self) -> Mapping[str, str]:
        if not self.collection.has(UNITS):
            return {}
        frame = self.collection.read(UNITS).frame
        return dict(zip(frame["enhet"], frame["namn"], strict=True))

    def years(self, enhet: str) -> list[int]:
        """The years that the unit's tables have; and one ahead, where no table says how far the figures reach."""
        reach = self.topic.reach if self.topic else ""
        found = {year for name in self._reaching(reach) for year, _ in periods(name, enhet, self.collection)}
        return sorted(found) if reach or not found else [*range(min(found), max(found) + 2)]

    def months(self, enhet: str, ar: int) -> list[int]:
        """The months that the unit's table has of a year; all of them, where no table has months."""
        reach = self.topic.reach if self.topic else ""
        found = [month for year, month in periods(reach, enhet, self.collection) if year == ar and month]
        return found or [*EVERY_MONTH]

    def _reaching(self, reach: str) -> Iterable[str]:
        return [reach] if reach else [name for name in self.collection.names() if name != UNITS]

    def scenarios(self) -> Options:
        """Every scenario by its title, the baseline first."""
        titles = {name: _title(path) or name for name, path in scenario_paths(self.folders).items()}
        return told_apart({BASELINE: BAS.titel, **titles}.items())


def _title(path: Any) -> str:
    """A scenario's title; "" for a file that can't be read, which is said when it is chosen."""
    try:
        return str((read_scenario(path, []).value or {}).get("titel") or "")
    except (InputError, OSError):
        return ""


def months_named(months: Iterable[int]) -> Options:
    """
    >>> months_named([1, 2])
    [(1, 'januari'), (2, 'februari')]
    """
    return [(month, MONTH_NAMES[month - 1]) for month in months]


def told_apart(options: Iterable[tuple[Any, str]]) -> Options:
    """Options of which no two have the same name: those that would say their id too.

    >>> told_apart([("a", "Lokaler"), ("b", "Lokaler"), ("c", "Löner")])
    [('a', 'Lokaler (a)'), ('b', 'Lokaler (b)'), ('c', 'Löner')]
    """
    found = list(options)
    counted = Counter(name for _, name in found)
    return [(value, f"{name} ({value})" if counted[name] > 1 else name) for value, name in found]
