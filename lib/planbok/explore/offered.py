"""Saved scenarios as people choose among them: by title, with the day and what they build on."""

from datetime import date
from pathlib import Path

from planbok.base.errors import InputError
from planbok.base.workspace import Folders
from planbok.inputs.scenario.load import BAS, BASELINE, read_scenario, scenario_paths

Options = list[tuple[str, str]]  # what is shown, and the id
_said: dict[tuple[Path, int], str] = {}


def offered(folders: Folders, with_baseline: bool = True) -> Options:
    """Every scenario that there is now, the baseline first, then by title."""
    found = [(_label(name, path), name) for name, path in scenario_paths(folders).items()]
    first = [(BAS.titel, BASELINE)] if with_baseline else []
    return [*first, *sorted(found, key=lambda option: option[0].casefold())]


def _label(name: str, path: Path) -> str:
    """Title, file name, day of the file, and what it builds on; a file that can't be read is told when it is chosen."""
    try:
        stamp = path.stat().st_mtime
        key = (path, int(stamp * 1000))
        if key not in _said:
            value = read_scenario(path, []).value or {}
            beneath = value.get("bygger_pa") or []
            on = [str(one) for one in beneath if one != BASELINE] if isinstance(beneath, list) else []
            parts = [str(value.get("titel") or name), date.fromtimestamp(stamp).isoformat()]
            _said[key] = " · ".join([*parts, *([f"bygger på {', '.join(on)}"] if on else []), name])
        return _said[key]
    except (InputError, OSError, AttributeError):
        return name
