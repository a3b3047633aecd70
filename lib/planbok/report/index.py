"""The pages that lead to the reports: one for a run, one for all runs of a plan."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from planbok.base.numbers import amount, format_number, format_unit
from planbok.base.periods import MONTH_NAMES, long_date, long_month
from planbok.base.words import counted, listed
from planbok.report.assets import asset, template
from planbok.report.html import SYNTHETIC
from planbok.report.matrix import matrix
from planbok.report.text import STOCKHOLM, local_time, meeting, unbroken_dates

# status of the manifest: sign, word, word in the plural
STATUS = {
    "ok": ("✓", "Klar", "klara"),
    "unchanged": ("=", "Oförändrad", "oförändrade"),
    "waiting": ("…", "Väntar på underlag", "väntar på underlag"),
    "failed": ("✕", "Misslyckad", "misslyckade"),
}
REPORTS = {"T1": "tertial 1", "T2": "tertial 2", "VB": "hela"}
TWO_DIGITS = 2
PLAN_STATUS = {"faststalld": "Fastställd", "ej_faststalld": "Ej fastställd"}
# why a report may have moved since the last time, by the kinds of the manifest
CAUSES = {
    "period": "perioden",
    "indata": "indata",
    "tidigare": "tidigare rapporter",
    "regler": "regler",
    "scenario": "scenario",
    "anteckningsbok": "anteckningsboken",
    "kod": "planboks kod",
}
MOST_MOVED = 3  # key figures told in the index; the manifest has all
UNKNOWN = "okänt"
FILES = {
    "rapport.html": "Läs rapporten",
    "rapport.pdf": "Pdf",
    "resultat.xlsx": "Excel",
    "arbetslista.xlsx": "Arbetslista",
    "arshjul.ics": "Kalender",
    "anteckningsbok.ipynb": "Anteckningsbok",
}


def render_run_index(manifest: dict[str, Any], reports: list[dict[str, Any]], alone: bool = False) -> str:
    """The index page of one run: its reports by unit, each with its status, its first sentence and its files.

    A report says in `filer` which files its folder holds, or in `lankar` where each is. `alone`: no other run is beside
    it.
    """
    shown = [_report(number, report) for number, report in enumerate(reports, 1)]
    units: dict[str, list[dict[str, Any]]] = {}
    for report in shown:
        units.setdefault(report["enhet"], []).append(report)
    synthetic = [report["syntetisk"] for report in shown]
    for report in shown:
        report["mark"] = SYNTHETIC.capitalize() if report["syntetisk"] and not all(synthetic) else ""
    page = template("run_index.html.j2").render(
        style=_style(),
        plan=manifest.get("titel") or manifest["plan"],
        when=_started(manifest),
        about=_about(manifest),
        state=_plan_status(manifest),
        alone=alone,
        working_paper=alone and manifest.get("spridning") == "arbetsmaterial",
        summary=count_in_words(report["status"] for report in shown),
        units=units,
        matrix=matrix(reports, [report["id"] for report in shown]),
        trouble=[report for report in shown if report["status"] == "failed" or report["checks"]],
        mark=SYNTHETIC.capitalize() if synthetic and all(synthetic) else "",
        version=manifest.get("planbok", ""),
    )
    return unbroken_dates(page)


def render_plan_index(title: str, runs: list[dict[str, Any]], damaged: Sequence[str] = ()) -> str:
    """The index page of a plan: every run by its manifest, the newest first and largest, and files that are damaged."""
    newest_first = sorted(runs, key=lambda manifest: manifest["run_id"], reverse=True)
    shown = [_run(manifest) for manifest in newest_first]
    page = template("plan_index.html.j2").render(
        style=_style(), title=title, newest=shown[0] if shown else None, older=shown[1:], damaged=damaged
    )
    return unbroken_dates(page)


def period_in_words(period: str) -> str:
    """A report's period as people say it.

    >>> period_in_words("2024-04"), period_in_words("2024")
    ('till och med april 2024', '2024')
    >>> period_in_words("2024-T1"), period_in_words("2024-VB"), period_in_words("2024-08-31")
    ('tertial 1 2024', 'hela 2024', 'den 31 augusti 2024')
    """
    year, _, month = str(period).partition("-")
    if len(month) > TWO_DIGITS:
        return f"den {long_date(date.fromisoformat(period))}"
    if month in REPORTS:
        return f"{REPORTS[month]} {year}"
    return f"till och med {MONTH_NAMES[int(month) - 1]} {year}" if month else year


def count_in_words(statuses: Any) -> str:
    """How many reports there are of each status.

    >>> count_in_words(["ok", "ok", "failed"]), count_in_words(["ok"]), count_in_words([])
    ('3 rapporter: 2 klara, 1 misslyckad', '1 rapport: 1 klar', 'Inga rapporter')
    """
    counts = Counter(statuses)
    if not counts:
        return "Inga rapporter"
    parts = [
        f"{counts[status]} {STATUS[status][2] if counts[status] > 1 else STATUS[status][1].lower()}"
        for status in STATUS
        if counts[status]
    ]
    return f"{counted(counts.total(), 'rapport', 'rapporter')}: {', '.join(parts)}"


def _style() -> Markup:
    return Markup(asset("base.css") + asset("index.css"))


def _started(manifest: dict[str, Any]) -> str:
    """When a run began, in local time; its id says so too."""
    return local_time(datetime.fromisoformat(manifest.get("started") or manifest["run_id"]))


def _about(manifest: dict[str, Any]) -> str:
    """The period of a scheduled run, in words."""
    return manifest.get("period", {}).get("i_ord", "")


def _plan_status(manifest: dict[str, Any]) -> str:
    state, adopted = PLAN_STATUS.get(manifest.get("status", ""), ""), manifest.get("faststalld")
    if adopted:
        state += f" av {adopted['av']} {long_date(datetime.fromisoformat(adopted['tid']).astimezone(STOCKHOLM))}"
    return f"{state}, gallrad" if manifest.get("gallrad") else state


def _report(number: int, report: dict[str, Any]) -> dict[str, Any]:
    status, failed = report["status"], report["checks_failed"] or 0
    sign, word, _ = STATUS[status]
    if failed and status != "failed":
        sign, word = "✕", f"{word}, med fel"
    links = report.get("lankar") or {name: f"{report['folder']}/{name}" for name in report["filer"]}
    error = report["error"] or {}
    return {
        "id": f"rapport-{number}",
        "status": status,
        "look": "failed" if failed else status,
        "sign": sign,
        "word": word,
        "titel": report["titel"],
        "enhet": report["enhet_namn"],
        "scenario": report.get("scenario_titel") or "",
        "period": period_in_words(report["period"]),
        "answer": next(iter(report.get("sammanfattning") or []), ""),
        "since": since_in_words(report.get("sedan_sist"), report.get("framst") or []),
        "checks": _checks(failed),
        "error": error.get("message", ""),
        "section": error.get("section") or "",
        "syntetisk": bool(report.get("syntetisk")),
        "links": [(FILES[name], quote(links[name])) for name in FILES if name in links],
    }


def since_in_words(since: dict[str, Any] | None, first: list[str]) -> str:
    """What has moved since the last time and why, the key figures named in `first` before others.

    >>> figure = {"namn": "netto", "etikett": "Netto", "mattenhet": "tkr", "fore": 10, "nu": 12.5}
    >>> cause = {"slag": "indata", "vad": ["budget.csv"]}
    >>> told = since_in_words({"run_id": "20240930T060000Z", "nyckeltal": [figure], "orsaker": [cause]}, [])
    >>> told.replace("\u00a0", " ")
    'Sedan 30 september 2024 kl. 08.00: Netto 10,0 tkr → 12,5 tkr (+2,5 tkr). Orsak: indata (budget.csv).'
    >>> since_in_words({"run_id": "20240930T060000Z", "nyckeltal": [], "orsaker": []}, [])
    'Inget har ändrats sedan 30 september 2024 kl. 08.00.'
    >>> since_in_words({"run_id": "20240930T060000Z", "nyckeltal": [], "orsaker": [cause]}, [])
    'Nyckeltalen är desamma som 30 september 2024 kl. 08.00, trots att indata har ändrats.'
    """
    if not since:
        return ""
    when, causes = local_time(datetime.fromisoformat(since["run_id"])), _causes(since["orsaker"])
    if since.get("jamfors_inte") == "skadad":
        return f"Jämförs inte med {when}: dess resultat.json går inte att läsa."
    if since.get("jamfors_inte"):
        return f"Jämförs inte med {when}: rapporten hade en annan spridning då."
    figures = sorted(since["nyckeltal"], key=lambda figure: figure["namn"] not in first)
    if not figures:
        kinds = listed([*dict.fromkeys(CAUSES[cause["slag"]] for cause in since["orsaker"])])
        same = f"Nyckeltalen är desamma som {when}, trots att {kinds} har ändrats."
        return same if kinds else f"Inget har ändrats sedan {when}."
    told = "; ".join(_moved(figure) for figure in figures[:MOST_MOVED])
    more = f"; och {len(figures) - MOST_MOVED} nyckeltal till" if len(figures) > MOST_MOVED else ""
    cells = f" Bokfört har ändrats: {_cells(since['celler'])}." if since.get("celler") else ""
    return f"Sedan {when}: {told}{more}.{cells} Orsak: {causes or 'inte känd'}."


def _cells(cells: list[dict[str, Any]]) -> str:
    """Booked months that have changed, by row and month.

    >>> _cells([{"budgetrad": "Vård", "manad": "2024-04", "kr": 400000.0}]).replace("\u00a0", " ")
    'Vård april 2024 +0,4 mnkr'
    """
    return ", ".join(
        f"{cell['budgetrad']} {long_month(cell['manad'])} {amount(cell['kr'], signed=True)}" for cell in cells
    )


def _moved(figure: dict[str, Any]) -> str:
    """A key figure before and now, and the difference where both are known; shown so that the three meet.

    >>> _moved({"etikett": "Prognos", "fore": 160.02, "nu": 161.26, "mattenhet": "mnkr"}).replace("\u00a0", " ")
    'Prognos 160,02 mnkr → 161,26 mnkr (+1,24 mnkr)'
    """
    before, now, unit = figure["fore"], figure["nu"], figure["mattenhet"]
    if before is None or now is None:
        shown = [UNKNOWN if value is None else format_unit(value, unit) for value in (before, now)]
        return f"{figure['etikett']} {shown[0]} → {shown[1]}"
    places, change = meeting(now, before) if unit in ("mnkr", "procent") else (None, now - before)
    points = f"{format_number(change, places or 0, signed=True)} procentenheter"
    difference = points if unit == "procent" else format_unit(change, unit, places, signed=True)
    return f"{figure['etikett']} {format_unit(before, unit, places)} → {format_unit(now, unit, places)} ({difference})"


def _causes(causes: list[dict[str, Any]]) -> str:
    named = [CAUSES[c["slag"]] + (f" ({', '.join(c['vad'])})" if c["vad"] else "") for c in causes]
    return ", ".join(named)


def _checks(failed: int) -> str:
    return f"{counted(failed, 'kontroll', 'kontroller')} visar fel som måste rättas" if failed else ""


def _run(manifest: dict[str, Any]) -> dict[str, Any]:
    entries = manifest.get("runs", [])
    failed = sum(entry["status"] == "failed" for entry in entries)
    checks = sum(entry.get("checks_failed") or 0 for entry in entries)
    stopped = f"{counted(failed, 'rapport', 'rapporter')} misslyckades"
    return {
        "link": f"{quote(manifest['run_id'])}/index.html",
        "when": _started(manifest),
        "about": _about(manifest),
        "state": _plan_status(manifest),
        "summary": count_in_words(entry["status"] for entry in entries),
        "wrong": " · ".join(filter(None, (stopped if failed else "", _checks(checks)))),
        "waiting": any(entry["status"] == "waiting" for entry in entries),
    }
