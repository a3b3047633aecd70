"""harledning.json held against resultat.json: it says where numbers come from, and no number of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from planbok.batch.gate.reading import parsed
from planbok.case.result import WORKING_PAPERS
from planbok.report.derivation import ABOUT_PERSONS, DERIVATION_FILE
from planbok.report.handover import RESULT_FILE

MORE = "mer än resultatet visar"
ALLOWED = {"fil", "rader", "summa", "skyddas", "avrundat_till"}  # what is said of a table about persons

Found = tuple[str, str, str]


def hits(folder: Path, spridning: str) -> Iterator[Found]:
    """File, place and kind of what a derivation says that its report does not; nothing in working papers."""
    file, beside = folder / DERIVATION_FILE, folder / RESULT_FILE
    if spridning == WORKING_PAPERS or not file.is_file():
        return
    try:
        said, result = parsed(file.read_bytes()), parsed(beside.read_bytes())
        found = list(_more(said, result))
        if said["spridning"] != result["spridning"]:
            found.append("spridning")
    except (OSError, ValueError, AttributeError, TypeError, KeyError, IndexError):
        yield file.name, "", "går inte att granska"
        return
    yield from ((file.name, place, MORE) for place in found)


def _more(said: dict[str, Any], result: dict[str, Any]) -> Iterator[str]:
    """The places where a derivation says more than its result."""
    rules = {(row["regel"], row["datum"]): row["varde"] for row in result["regler"]}
    changes = {row["nr"]: row for row in result["forandringar"]}
    files = {row["fil"]: row["rader"] for row in result["indata"]}
    for name, entry in said["nyckeltal"].items():
        place, shown = f"nyckeltal.{name}", result["nyckeltal"][name]["varde"]
        if entry["varde"] != shown:
            yield place
        yield from _of_rows(place, entry["rader"], files, shown)
    for name, entry in said["totaler"].items():
        place, row = f"totaler.{name}", result["tabeller"][name][-1]
        yield from (f"{place}.{key}" for key, value in entry["varden"].items() if value["varde"] != row[key])
        yield from _of_rows(place, entry["rader"], files, None)
    for kind in ("nyckeltal", "totaler"):
        for name, entry in said[kind].items():
            unknown = [row for row in entry["regler"] if rules.get((row["regel"], row["datum"])) != row["varde"]]
            unlike = [row for row in entry["forandringar"] if not _is_said(row, changes)]
            yield from [f"{kind}.{name}.regler"] * bool(unknown) + [f"{kind}.{name}.forandringar"] * bool(unlike)


def _of_rows(place: str, rows: list[dict[str, Any]], files: dict[str, int], shown: Any) -> Iterator[str]:
    """Rows of tables about persons that say more than file, rows and the figure as it is shown."""
    for row in rows:
        if Path(row["fil"]).stem.lower() not in ABOUT_PERSONS:
            continue
        if row.keys() - ALLOWED or row["rader"] not in (None, files[row["fil"]]) or row["summa"] not in (None, shown):
            yield f"{place}.rader"


def _is_said(change: dict[str, Any], changes: dict[int, dict[str, Any]]) -> bool:
    own = changes.get(change["nr"], {})
    return all(own.get(key) == change[key] for key in ("beskrivning", "motivering") if key in change)
