"""All that a plan publishes, as an attacker reads it: every number of every file, and the public price list."""

import html
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
from recalculation import numbers

from planbok.base.workspace import PARAMS

FILES = {"json": "resultat.json", "xlsx": "resultat.xlsx", "html": "rapport.html", "ipynb": "anteckningsbok.ipynb"}
PLACES = re.compile(r' (?:d|x|y|cx|cy|r|width|height|viewBox)="[^"]*"')  # where marks of a picture stand


@dataclass(frozen=True)
class Report:
    """One report's folder."""

    folder: Path

    @property
    def result(self) -> dict[str, Any]:
        return json.loads((self.folder / FILES["json"]).read_text("utf-8"))

    def figure(self, name: str) -> tuple[float, float] | None:
        """A key figure and how far from the truth its rounding may be; None where it isn't shown."""
        found = self.result["nyckeltal"].get(name)
        if found is None or found["varde"] is None:
            return None
        return found["varde"], found.get("avrundat_till", 0) / 2

    def table(self, name: str) -> pd.DataFrame:
        return pd.DataFrame(self.result["tabeller"].get(name, []))

    def numbers(self) -> np.ndarray:
        """Every number in every file, sorted: figures' arrays, hidden sheets, formulas' values, the page's words."""
        found = set(numbers_of(self.result))
        found |= numbers(self.folder / FILES["xlsx"])
        for cell in nbformat.read(self.folder / FILES["ipynb"], as_version=4).cells:
            for output in cell.get("outputs", []):
                found |= set(numbers_of(json.loads(json.dumps(output.get("data", {})))))
        found |= set(_in_text(PLACES.sub("", (self.folder / FILES["html"]).read_text("utf-8"))))
        return np.array(sorted(found))

    def holds(self, value: float, within: float = 1e-6) -> bool:
        """Whether some file has a number so near another."""
        return bool((np.abs(self.numbers() - value) <= within).any())


def reports(out: Path, plan: str) -> dict[str, Report]:
    """The reports of a plan's newest run, by the name of their folder."""
    run = sorted(path for path in (out / plan).iterdir() if path.is_dir() and path.name.startswith("2"))[-1]
    return {path.name: Report(path) for path in sorted(run.iterdir()) if (path / FILES["json"]).is_file()}


def prices(ar: int, insats: str, regi: str) -> pd.Series:
    """Kronor per day by level of the public price list."""
    return _prices(ar, insats, regi).copy()


@cache
def _prices(ar: int, insats: str, regi: str) -> pd.Series:
    frame = _price_list()
    rows = frame[(frame["ar"] == str(ar)) & (frame["insats"] == insats) & (frame["regi"] == regi)]
    rows = rows[rows["avser"].eq("ersattning") & rows["niva"].str.fullmatch(r"\d+")]
    return rows.set_index("niva")["kr_per_dygn"].astype(float)


@cache
def _price_list() -> pd.DataFrame:
    return pd.read_csv(PARAMS / "regler" / "lss_peng.csv", dtype=str)


def numbers_of(value: Any, texts: bool = True):
    """Every number of a value of json, those in its texts too."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, str):
        yield from _in_text(value) if texts else ()
    else:
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers_of(part, texts)


def _in_text(text: str):
    plain = html.unescape(text).replace("\u00a0", " ").replace("\u2212", "-")
    for found in re.findall(r"-?\d+(?:[ .]\d{3})*(?:[.,]\d+)?(?![\d:])", plain):
        digits = re.sub(r"[ ](?=\d{3})", "", found).replace(",", ".")
        try:
            yield float(digits)
        except ValueError:
            continue
