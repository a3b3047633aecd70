"""What earlier runs said: the `resultat.json` files that the runner keeps, read again."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planbok.base.files import json_object
from planbok.inputs.journal import earlier_files

MANIFEST = "manifest.json"
NOT_IN_NAMES = r"[^\w.\-]+"  # what becomes a hyphen in the name of a report's folder


@dataclass(frozen=True)
class Earlier:
    """One earlier report: when its run began (UTC, as its folder says), what it was asked and what it said."""

    run_id: str
    parametrar: dict[str, Any]
    nyckeltal: dict[str, Any]
    tabeller: dict[str, list[dict[str, Any]]]
    adopted: bool = False  # whether its run is marked as the decided one

    def figure(self, name: str) -> float | None:
        """A key figure; None where it was unknown or did not exist."""
        return self.nyckeltal.get(name, {}).get("varde")


def earlier_results(folder: Path, notebook: str, enhet: str) -> list[Earlier]:
    """Every earlier report of a notebook on a unit, the oldest run first.

    A run is a folder without a leading dot under the plan's. The report's own earlier editions are none of them. A file
    that can't be read says nothing, and is left out: what was said before never stops a new report.
    """
    found = []
    for path in earlier_files(folder, f"{notebook}__{re.sub(NOT_IN_NAMES, '-', enhet)}__*"):
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            run = path.parent.parent
            adopted = bool(json_object(run / MANIFEST).get("faststalld"))
            report = Earlier(run.name, said["parametrar"], said["nyckeltal"], said["tabeller"], adopted)
            sound = all(isinstance(part, dict) for part in (report.parametrar, report.tabeller, report.nyckeltal))
            sound = sound and all(isinstance(figure, dict) for figure in report.nyckeltal.values())
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        if sound and said.get("notebook") == notebook and report.parametrar.get("enhet") == enhet:
            found.append(report)
    return found
