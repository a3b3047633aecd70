"""Every shipped scenario on every notebook for every audience, kept in a folder; and two such folders compared.

Before a redesign that must move no figure, and after it:

    python tests/compare_results.py make /tmp/before
    python tests/compare_results.py make /tmp/after
    python tests/compare_results.py compare /tmp/before /tmp/after

Each case is run by the notebook's own cells in this process. What is kept is resultat.json with every column as it is
shown, and what the figures say; of a case that is refused, the reasons. The example plan's run folders, or any other
two folders with files resultat.json in the same places, are compared the same way.
"""

import json
import os
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from planbok.base.errors import InputError
from planbok.case.case import ENV_AUDIENCE
from planbok.report import handover, show

ROOT = Path(__file__).resolve().parents[1]
AUDIENCES = ("arbetsmaterial", "ledning", "offentlig")
UNITS = {
    "budgetscenarier": [
        {"enhet": "ostermalm", "ar": 2016},
        {"enhet": "exempelenheten", "ar": 2024, "till_ar": 2025},
        {"enhet": "exempel_assistans", "ar": 2024},
        {"enhet": "personligt_stod", "ar": 2024},
    ],
    "lss_peng": [
        {"enhet": "exempelenheten", "ar": 2024},
        {"enhet": "exempel_assistans", "ar": 2024},
        {"enhet": "exempel_stod", "ar": 2024, "per_datum": "2024-06-30"},
    ],
    "manadsprognos": [
        {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 4},
        {"enhet": "exempel_assistans", "ar": 2024, "tom_manad": 8},
        {"enhet": "exempel_stod", "ar": 2024, "tom_manad": 12},
    ],
    "verksamhetsblad": [
        {"enhet": "exempel_stod", "ar": 2024, "tom_manad": 8},
        {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 4},
    ],
    "gruppbostad_kbh": [
        {"enhet": "exempelenheten", "ar": 2024, "boende": "nya_hemmet"},
        {"enhet": "ostermalm", "ar": 2016, "boende": "ny_gruppbostad_2016"},
    ],
    "bemanning_sjukfranvaro": [
        {"enhet": "exempel_assistans", "ar": 2024, "tom_manad": 8},
        {"enhet": "exempel_stod", "ar": 2024, "tom_manad": 8},
        {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 4},
    ],
    "insatser_manad": [
        {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 8},
        {"enhet": "exempel_stod", "ar": 2024, "tom_manad": 12},
    ],
    "mal_och_aktiviteter": [
        {"enhet": "exempelenheten", "ar": 2024, "per": "T2"},
        {"enhet": "exempel_stod", "ar": 2024, "per": "VB"},
    ],
    "beslut_i_tid": [
        {"enhet": "exempelenheten", "ar": 2024},
        {"enhet": "exempel_stod", "ar": 2024, "per_datum": "2024-06-30"},
    ],
    "aldreomsorg": [{"enhet": "exempel_aldre", "ar": 2024, "tom_manad": 8}],
    "assistans": [{"enhet": "exempel_assistans", "ar": 2024, "tom_manad": 12}],
    "kostnadskontroll": [{"enhet": "exempelenheten", "ar": 2024, "tom_manad": 10}],
}
MINOR = {"regler", "indata", "planbok", "harledning"}  # where figures come from, with hashes and times
ROUNDED = 9  # decimals that are compared, beyond which sums only differ in the order of addition


def scenarios() -> list[str]:
    """The baseline and every shipped scenario."""
    return ["bas", *sorted(path.stem for path in (ROOT / "params" / "scenarier").glob("*.yaml"))]


def run(notebook: str, spridning: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """What the notebook's cells make of the parameters, or why they refuse."""
    os.environ[ENV_AUDIENCE] = spridning
    said: list[Any] = []
    names: dict[str, Any] = {}
    cells = json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    with_figures(said)
    try:
        for cell in cells:
            tags = cell.get("metadata", {}).get("tags", [])
            if cell["cell_type"] != "code" or {"lab-only", "nbval-check-output"} & {*tags}:
                continue
            exec("".join(cell["source"]), names)
            names |= parameters if "parameters" in tags else {}
    except InputError as error:
        return {"nekad": sorted(str(fault) for fault in error.faults)}
    made = handover.as_json(names["case"], names["result"])
    shown = {
        name: [[c.key, c.etikett, c.mattenhet, c.decimaler, c.signed, c.formula] for c in table.columns]
        for name, table in names["result"].tabeller.items()
    }
    return json.loads(json.dumps(made | {"visade_kolumner": shown, "figurer": said}, default=handover._plain))


def with_figures(said: list[Any]) -> None:
    """Lets every show.* of a notebook be silent, but for the figures, whose words are kept."""

    def figure(shown: go.Figure | str) -> None:
        if isinstance(shown, str):
            said.append(shown)
            return
        texts = [[str(text) for text in trace.text] if trace.text is not None else [] for trace in shown.data]
        said.append([shown.layout.title.text, *texts])

    show.figure = figure
    for name in ("summary", "table", "checks", "changes", "sources", "inputs", "key_figures", "finish"):
        setattr(show, name, lambda *_: "")
    show.pages = lambda found: [figure(page.shown) for page in found]


def make(folder: Path, notebooks: Sequence[str] = ()) -> None:
    """Every case, or those of some notebooks, into a file of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in notebooks or UNITS:
        for case, scenario, spridning in product(UNITS[notebook], scenarios(), AUDIENCES):
            kept = run(notebook, spridning, case | {"scenario": scenario})
            name = f"{notebook}-{case['enhet']}-{scenario}-{spridning}.json"
            (folder / name).write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")


def differences(one: Any, other: Any, at: str = "") -> list[str]:
    """Where two results differ, as "place: before → after".

    >>> differences({"a": [1.0, None]}, {"a": [1.0 + 1e-12, 2]})
    ['/a/1: None → 2']
    """
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [*one, *(key for key in other if key not in one)]
        pairs = [(key, one.get(key, "–"), other.get(key, "–")) for key in keys if key not in MINOR]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(str(place), *pair) for place, pair in enumerate(zip(one, other, strict=True))]
    else:
        numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (one, other))
        alike = round(one - other, ROUNDED) == 0 if numbers else one == other
        return [] if alike else [f"{at}: {str(one)[:80]} → {str(other)[:80]}"]
    return [text for key, mine, its in pairs for text in differences(mine, its, f"{at}/{key}")]


def compare(before: Path, after: Path) -> int:
    """Prints what differs between two folders, a file at a time; how many files do."""
    kept = [{path.relative_to(root): path for path in root.rglob("*.json")} for root in (before, after)]
    whole = [{place: path for place, path in files.items() if is_result(path)} for files in kept]
    wrong = 0
    for place in sorted({*whole[0], *whole[1]}):
        one, other = (
            json.loads(files[place].read_text("utf-8")) if place in files else "finns inte" for files in whole
        )
        found = differences(one, other)
        wrong += bool(found)
        print(*(f"{place}{text}" for text in found), sep="\n", end="\n" if found else "")
    print(f"{len(whole[0])} före, {len(whole[1])} efter, {wrong} skiljer")
    return wrong


def is_result(path: Path) -> bool:
    """Whether a file is a case's result: of `make`, or of a run's folder."""
    return path.name == "resultat.json" or path.name.rpartition("-")[2].removesuffix(".json") in AUDIENCES


if __name__ == "__main__":
    command, *folders = sys.argv[1:]
    if command == "make":
        make(Path(folders[0]), folders[1:])
    else:
        sys.exit(min(compare(*map(Path, folders)), 1))
