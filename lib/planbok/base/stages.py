"""What a report's stages cost: seconds of processor, each counted where it is spent."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

READ, MODEL, NOTEBOOK = "lasning", "modell", "anteckningsbok"  # NOTEBOOK: running it, without what its cells ask for
PAGE, WORKBOOK, GATE = "sida", "arbetsbok", "sparr"
STAGES = (READ, MODEL, NOTEBOOK, PAGE, WORKBOOK, GATE)

_spent = dict.fromkeys(STAGES, 0.0)
_within: list[str] = []
_since = 0.0


def _turn() -> None:
    """Counts what has passed to the stage that runs."""
    global _since
    now = time.process_time()
    if _within:
        _spent[_within[-1]] += now - _since
    _since = now


@contextmanager
def stage(name: str) -> Iterator[None]:
    """What is done inside counts as the stage, and not as the one around it; also a function's decorator."""
    _turn()
    _within.append(name)
    try:
        yield
    finally:
        _turn()
        if _within:  # not begun anew meanwhile
            _within.pop()


def start() -> None:
    """Begins a new report."""
    _spent.update(dict.fromkeys(STAGES, 0.0))
    _within.clear()


def spent() -> dict[str, float]:
    """Seconds of processor by stage since the report began."""
    _turn()
    return {name: round(seconds, 3) for name, seconds in _spent.items()}
