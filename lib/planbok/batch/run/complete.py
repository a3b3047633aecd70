"""What a report's page says of the run that it is part of: what has moved, other files, and its mailable names."""

import re
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from planbok.batch.make.pdf import PDF_FILE
from planbok.batch.plan.job import REPORT_FILE, Job
from planbok.batch.plan.names import speaking_name
from planbok.batch.plan.past import read_result
from planbok.batch.run.unchanged import Edition, second_name
from planbok.report.handover import WORKBOOK_FILE
from planbok.report.index import since_in_words

EARLIER_LINK = re.compile(r'<li><a href="\.\./\.\./[^"]*">[^<]*</a></li>\n?')
LINKS, SINCE = "<!--fler-lankar-->", "<!--sedan-sist-->"
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
    links = [("Pdf", f"{name_of(job, entry)}.pdf")] if pdf else []
    if edition is not None and (edition.folder / REPORT_FILE).is_file():
        links.append(("Förra rapporten", f"../../{edition.run_id}/{edition.folder.name}/{REPORT_FILE}"))
    items = Markup("\n").join(Markup('<li><a href="{}">{}</a></li>').format(quote(to), text) for text, to in links)
    said = "" if result.get("lasare") else since_in_words(entry.get("sedan_sist"), result.get("framst", []))
    since = Markup('<p class="since">{}</p>').format(said) if said else Markup("")
    file.write_text(page.replace(LINKS, str(items), 1).replace(SINCE, str(since), 1), encoding="utf-8")
    return f"{items}\n{since}"


def name_of(job: Job, entry: dict[str, Any]) -> str:
    """What a report's files are called where they stand alone."""
    return speaking_name(entry["notebook"], entry["parametrar"], entry["folder"], job.spridning)


def add_names(job: Job, entry: dict[str, Any]) -> None:
    """Second names, which can be mailed, for a report's page, workbook and pdf; copies where the disk gives none."""
    name = name_of(job, entry)
    for path in (job.folder / file for file in MAILED):
        target = path.with_name(name + path.suffix)
        if path.is_file() and not target.exists():
            second_name(path, target)
