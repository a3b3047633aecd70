"""Values that are worked out once, for as long as what they were made of is the same."""

import pickle
from collections.abc import Callable, Hashable
from hashlib import sha256
from typing import Any

MOST = 2000  # values by content


class Kept:
    """Values by key, each with the objects that it was made of: it stands while those are the same objects.

    >>> kept, table = Kept(), [1, 2]
    >>> kept.of("sum", (table,), lambda: sum(table)), kept.of("sum", (table,), lambda: 0), kept.of("sum", ([],), int)
    (3, 3, 0)
    """

    def __init__(self) -> None:
        self._found: dict[Hashable, tuple[tuple[object, ...], Any]] = {}

    def of(self, key: Hashable, made_of: tuple[object, ...], work: Callable[[], Any]) -> Any:
        """The value of the key, worked out where it is new or rests on other objects than before."""
        before = self._found.get(key)
        if before is None or not all(one is other for one, other in zip(before[0], made_of, strict=True)):
            before = self._found[key] = made_of, work()
        return before[1]


class Contents:
    """Values of pure functions by what they were given, byte for byte."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, bytes], Any] = {}

    def of(self, function: Callable[..., Any], *given: Any) -> Any:
        """The function's value; worked out where it has not been given the same before.

        >>> Contents().of(max, 1, 2)
        2
        """
        key = f"{function.__module__}.{function.__qualname__}", sha256(pickle.dumps(given)).digest()
        if key not in self._found:
            if len(self._found) >= MOST:
                self._found.clear()
            self._found[key] = function(*given)
        return self._found[key]


CONTENTS = Contents()
