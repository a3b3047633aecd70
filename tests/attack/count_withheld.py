"""How many cells and key figures of a run say nothing, are withheld or rounded: `python count_withheld.py OUT PLAN`."""

import json
import sys
from collections import Counter
from pathlib import Path


def counted(result: dict) -> Counter:
    """Key figures and number cells of one report: shown, rounded, withheld, and empty for other reasons."""
    found = Counter()
    for figure in result["nyckeltal"].values():
        why = "skyddas" if figure.get("skyddas") or "visas inte" in figure.get("saknas", "") else "saknas"
        found["avrundat" if figure.get("avrundat_till") else "visas" if figure["varde"] is not None else why] += 1
    closed = result.get("tabeller_celler", {})
    for name, rows in result["tabeller"].items():
        units = {key: its["mattenhet"] for key, its in result["tabeller_kolumner"][name]["kolumner"].items()}
        why = {(cell["rad"], cell["kolumn"]) for cell in closed.get(name, ()) if "skyddas" in cell}
        noted = name in result.get("tabeller_not", {}) and name not in closed
        for number, row in enumerate(rows):
            for key in (key for key, unit in units.items() if unit):
                hidden = (number, key) in why or (noted and "visas inte" in result["tabeller_not"][name].lower())
                found["visas" if row[key] is not None else "skyddas" if hidden else "tom"] += 1
    return found


def main(out: Path, plan: str) -> None:
    run = sorted(path for path in (out / plan).iterdir() if path.is_dir() and path.name[0] == "2")[-1]
    total: Counter = Counter()
    for file in sorted(run.glob("*/resultat.json")):
        found = counted(json.loads(file.read_text("utf-8")))
        total += found
        print(f"{file.parent.name}: {dict(sorted(found.items()))}")
    print(f"alla: {dict(sorted(total.items()))}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
