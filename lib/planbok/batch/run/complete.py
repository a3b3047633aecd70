"""What a report is told of the runs around it: what has moved since last, other files, and its mailable names."""

import re
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from planbok.batch.make.pdf import PDF_FILE
from planbok.batch.plan.job import REPORT_FILE, Job, speaking_name
from planbok.batch.plan.past import read_result
from planbok.batch.run.unchanged import Edition, second_name
from planbok.case.checks import CLOSES_WITHIN_KR
from planbok.case.result import WORKING_PAPERS
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.report.handover import WORKBOOK_FILE
from planbok.report.index import since_in_words

EARLIER_LINK = re.compile(r'<li><a href="\.\./\.\./[^"]*">[^<]*</a></li>\n?')
LINKS, SINCE = "<!--fler-lankar-->", "<!--sedan-sist-->"
BOOKED = "utfall_per_rad"  # the table of booked money by budget row and month
MOST_CELLS = 5
MAILED = (REPORT_FILE, WORKBOOK_FILE, PDF_FILE)


def complete(job: Job, entry: dict[str, Any], edition: Edition | None, pdf: bool) -> str:
    """Writes into a report's page what has moved since its last edition, and links to that and to the pdf.

    Returns what was added.
    """
    file = job.folder / REPORT_FILE
    if not file.is_file():
        return ""
    page = file.read_text(encoding="utf-8")
    result = read_result(job.folder) or {}
    links = [("Pdf", f"{speaking_name(entry, job.spridning)}.pdf")] if pdf else []
    if edition is not None and (edition.folder / REPORT_FILE).is_file():
        links.append(("Förra rapporten", f"../../{edition.run_id}/{edition.folder.name}/{REPORT_FILE}"))
    items = Markup("\n").join(Markup('<li><a href="{}">{}</a></li>').format(quote(to), text) for text, to in links)
    said = "" if result.get("lasare") else since_in_words(entry.get("sedan_sist"), result.get("framst", []))
    since = Markup('<p class="since">{}</p>').format(said) if said else Markup("")
    file.write_text(page.replace(LINKS, str(items), 1).replace(SINCE, str(since), 1), encoding="utf-8")
    return f"{items}\n{since}"


def add_names(job: Job, entry: dict[str, Any]) -> None:
    """Second names, which can be mailed, for a report's page, workbook and pdf; copies where the disk gives none."""
    name = speaking_name(entry, job.spridning)
    for path in (job.folder / file for file in MAILED):
        target = path.with_name(name + path.suffix)
        if path.is_file() and not target.exists():
            second_name(path, target)


def since_last(edition: Edition, result: dict[str, Any], causes: list[dict[str, Any]]) -> dict[str, Any]:
    """What the manifest says of a report beside its earlier edition: which run, what moved, and what may have done it.

    Two audiences are never compared: what one withholds could be read out of the other's figures. Outside working
    papers nothing is said of figures that come of how many persons there are.
    """
    before = edition.result()
    said = {"run_id": edition.run_id, "orsaker": causes}
    if not before:
        return {**said, "nyckeltal": [], "jamfors_inte": "skadad"}
    if before.get("spridning") != result.get("spridning"):
        return {**said, "orsaker": [], "nyckeltal": [], "jamfors_inte": "spridning"}
    found = moved(before.get("nyckeltal", {}), result.get("nyckeltal", {}))
    if result.get("spridning") != WORKING_PAPERS:
        found = [row for row in found if not _tells(row["namn"], before, result)]
    cells = moved_cells(before, result)
    return {**said, "nyckeltal": found, **({"celler": cells} if cells else {})}


def moved_cells(before: dict[str, Any], now: dict[str, Any]) -> list[dict[str, Any]]:
    """The booked months of each budget row that both reports have and that differ, the largest first, kr.

    >>> one, two = ({"tabeller": {BOOKED: [{"budgetrad": "Vård", "2024-04": kr}]}} for kr in (10.0, 12.0))
    >>> moved_cells(one, two)
    [{'budgetrad': 'Vård', 'manad': '2024-04', 'kr': 2.0}]
    """
    then, rows = (
        {row["budgetrad"]: row for row in found.get("tabeller", {}).get(BOOKED, [])} for found in (before, now)
    )
    found = [
        {"budgetrad": name, "manad": month, "kr": row[month] - then[name][month]}
        for name, row in rows.items()
        if name in then and name != TOTAL_ROW
        for month in row.keys() & then[name].keys() - {"budgetrad"}
        if row[month] is not None and then[name][month] is not None
    ]
    moved = [cell for cell in found if abs(cell["kr"]) >= CLOSES_WITHIN_KR]
    return sorted(moved, key=lambda cell: (-abs(cell["kr"]), cell["budgetrad"], cell["manad"]))[:MOST_CELLS]


def _tells(name: str, *results: dict[str, Any]) -> bool:
    """Whether a key figure comes of how many persons there are: what moved between two runs may be one person."""
    return any(result["nyckeltal"].get(name, {}).get("ur_antal") for result in results)


def moved(before: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The key figures that both have and that differ, in the order in which the report has them.

    >>> tkr = {"mattenhet": "tkr", "etikett": "Netto"}
    >>> moved({"netto": {**tkr, "varde": 10}}, {"netto": {**tkr, "varde": 12}})
    [{'namn': 'netto', 'etikett': 'Netto', 'mattenhet': 'tkr', 'fore': 10, 'nu': 12}]
    >>> moved({"netto": {**tkr, "varde": 10}}, {"netto": {**tkr, "varde": 10}, "ny": {**tkr, "varde": 1}})
    []
    """
    return [
        {
            "namn": name,
            "etikett": figure["etikett"],
            "mattenhet": figure["mattenhet"],
            "fore": before[name]["varde"],
            "nu": figure["varde"],
        }
        for name, figure in now.items()
        if name in before and _differ(before[name], figure)
    ]


def _differ(before: dict[str, Any], now: dict[str, Any]) -> bool:
    same_unit = before.get("mattenhet") == now["mattenhet"]  # else they can't be told beside each other
    return same_unit and before["varde"] != now["varde"]
