"""The runs of a plan that there are, and what their manifests say."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
RUN_NAME = re.compile(r"\d{8}T\d{6}Z")


def manifests(plan_folder: Path) -> Iterator[dict[str, Any]]:
    """The manifests of a plan's whole runs; one that a broken disk has left unreadable hinders no other."""
    for file in plan_folder.glob(f"[!.]*/{MANIFEST}"):
        with suppress(ValueError):
            yield json.loads(file.read_text(encoding="utf-8"))
