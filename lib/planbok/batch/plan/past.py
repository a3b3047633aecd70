"""The runs of a plan that there are, and what their manifests say; what is damaged is skipped and named."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from planbok.base.files import json_object

MANIFEST = "manifest.json"
RESULT = "resultat.json"
RUN_NAME = re.compile(r"\d{8}T\d{6}Z")
MOST_NAMED = 12  # runs whose results are read through: a year of months
SKIPPED = "{} går inte att läsa och hoppas över. Hämta den ur en säkerhetskopia, eller flytta bort mappen."
_TEXTS = ("notebook", "status", "folder")


def read_manifest(run: Path) -> dict[str, Any] | None:
    """A run's manifest; None where it can't be read, or doesn't say what a manifest says."""
    found = json_object(run / MANIFEST)
    return found if _is_manifest(found) else None


def read_result(folder: Path) -> dict[str, Any] | None:
    """A report's own result; None where it can't be read, or doesn't say what a result says."""
    found = json_object(folder / RESULT)
    figures = found.get("nyckeltal")
    sound = isinstance(figures, dict) and all(isinstance(one, dict) and "varde" in one for one in figures.values())
    return found if sound else None


def _is_manifest(found: dict[str, Any]) -> bool:
    try:
        datetime.fromisoformat(found.get("started") or found["run_id"])
        entries, period = found["runs"], found.get("period") or {"slut": ""}
        return (
            isinstance(found["run_id"], str)
            and isinstance(entries, list)
            and isinstance(period["slut"], str)
            and isinstance(found.get("faststalld", {}), dict)
            and all(map(_is_entry, entries))
        )
    except (KeyError, TypeError, ValueError):
        return False


def _is_entry(entry: Any) -> bool:
    parameters = entry["parametrar"]
    known = isinstance(parameters["ar"], int | str) and isinstance(entry.get("avtryck", {}), dict)
    return known and "enhet" in parameters and all(isinstance(entry[name], str) for name in _TEXTS)


def runs_of(plan_folder: Path) -> list[Path]:
    """A plan's whole runs, the newest first, damaged ones too."""
    found = plan_folder.iterdir() if plan_folder.is_dir() else ()
    return sorted((p for p in found if RUN_NAME.fullmatch(p.name) and (p / MANIFEST).is_file()), reverse=True)


def manifests(plan_folder: Path) -> Iterator[dict[str, Any]]:
    """The manifests of a plan's whole runs; a damaged one hinders no other."""
    yield from filter(None, map(read_manifest, runs_of(plan_folder)))


def damaged(plan_folder: Path) -> list[str]:
    """The manifests of a plan's runs that can't be read, and the latest runs' results; each as PLAN/RUN/FILE."""
    runs = runs_of(plan_folder)
    found = [run / MANIFEST for run in runs if read_manifest(run) is None]
    results = (file for run in runs[:MOST_NAMED] for file in sorted(run.glob(f"*/{RESULT}")))
    found += [file for file in results if read_result(file.parent) is None]
    return [file.relative_to(plan_folder.parent).as_posix() for file in found]


def skipped(plan_folder: Path) -> list[str]:
    """What people are told of what is damaged."""
    return [SKIPPED.format(name) for name in damaged(plan_folder)]
