"""The management's page: a row per unit with its deviation, what is decided, what is left and how sure it is."""

from typing import Any

from markupsafe import Markup

from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.report.picture.svg import number

DEVIATION, SICK = "avvikelse_mnkr", "sjukfranvaro_procent"
OF_PROGNOSIS = "prognos_lag_mnkr"  # a key that only a prognosis has
TARGET = "sjukfranvaro_mal_procent"
NEEDED = "kravs_resten_av_aret_procent"
WIDE, HIGH = 96, 26  # pixels of a spark line
NONE = "–"
FLAGS = {"failed": "misslyckad", "waiting": "väntar på underlag"}


def matrix(reports: list[dict[str, Any]], ids: list[str]) -> list[dict[str, Any]]:
    """A row for each unit that has a prognosis or its sick leave in the run, the largest deficit first.

    Where a unit has several, the one of the latest month is shown, and of those of the same month the plan's first.

    Parameters
    ----------
    reports : as the run's index has them, with the key figures and months of their results
    ids : what each report is called in the page
    """
    units: dict[str, dict[str, Any]] = {}
    for report, id_ in zip(reports, ids, strict=True):
        row = units.setdefault(report["enhet_namn"], {"enhet": report["enhet_namn"], "id": id_, "flaggor": []})
        figures = {name: figure.get("varde") for name, figure in (report.get("nyckeltal") or {}).items()}
        period = report.get("period", "")
        if OF_PROGNOSIS in figures and ("prognos" not in row or period > row["prognos_period"]):
            row |= {"prognos": figures, "id": id_, "sedan": report.get("sedan_sist"), "manader": report.get("manader")}
            row["prognos_period"] = period
        if SICK in figures and ("sjuk" not in row or period > row["sjuk_period"]):
            row |= {"sjuk": figures, "sjuk_period": period}
        if report["status"] in FLAGS:
            row["flaggor"].append(f"{report['titel']}: {FLAGS[report['status']]}")
    found = [_row(row) for row in units.values() if {"prognos", "sjuk"} & row.keys()]
    return sorted(found, key=lambda row: (row["order"] is None, row["order"] or 0.0))


def _row(row: dict[str, Any]) -> dict[str, Any]:
    figures, sick = row.get("prognos", {}), row.get("sjuk", {})
    gap, low, high = (figures.get(name) for name in (DEVIATION, OF_PROGNOSIS, "prognos_hog_mnkr"))
    moved = next((m for m in (row.get("sedan") or {}).get("nyckeltal", []) if m["namn"] == DEVIATION), None)
    change = moved["nu"] - moved["fore"] if moved and None not in (moved["nu"], moved["fore"]) else None
    needed, decided = sick.get(NEEDED), figures.get("atgarder_kvar_mnkr")
    return {
        "enhet": row["enhet"],
        "id": row["id"],
        "order": gap,
        "avvikelse": NONE if gap is None else f"{format_number(gap, signed=True)} {_word(gap)}".strip(),
        "underskott": gap is not None and format_number(gap).startswith("−"),
        "sedan": _shown(change),
        "beslutat": _shown(None if decided is None else -decided),
        "kvar": _shown(figures.get("kvar_att_atgarda_mnkr"), signed=False),
        "spann": NONE if None in (low, high) else f"{format_number(low)}–{format_number(high)}",
        "sjuk": NONE if sick.get(SICK) is None else format_unit(sick[SICK], "procent"),
        "mal": NONE if sick.get(TARGET) is None else format_unit(sick[TARGET], "procent"),
        "krav": "" if needed is None else f"krävs högst {format_unit(needed, 'procent')} resten av året",
        "spark": spark(row.get("manader") or []),
        "flaggor": row["flaggor"],
    }


def _word(gap: float) -> str:
    shown = format_number(gap)
    return "underskott" if shown.startswith("−") else "överskott" if shown != format_number(0.0) else ""


def _shown(value: float | None, signed: bool = True) -> str:
    return NONE if value is None else format_number(value, signed=signed)


def spark(months: list[dict[str, Any]]) -> Markup:
    """The year's deviation month by month as a small line, its budget as a level one; nothing where it isn't known."""
    known = [(row.get("budget_ack_kr"), row.get("prognos_ack_kr")) for row in months]
    gaps = [(one - other) / KR_PER_MNKR for one, other in known if one is not None and other is not None]
    if len(gaps) < 2 or len(gaps) < len(known):
        return Markup("")
    low, high = min(0.0, *gaps), max(0.0, *gaps)
    scale = (HIGH - 6) / ((high - low) or 1.0)
    points = [(3 + n * (WIDE - 6) / (len(gaps) - 1), 3 + (high - gap) * scale) for n, gap in enumerate(gaps)]
    zero = 3 + high * scale
    line = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    color = "#b3211c" if gaps[-1] < 0 else "#005c47"
    said = f"Avvikelsen månad för månad, i december {format_number(gaps[-1], signed=True)} mnkr"
    return Markup(
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<path d="M3 {}L{} {}" stroke="#848d98" fill="none"/>'
        '<path d="M{}" stroke="{}" stroke-width="2" fill="none"/></svg>'
    ).format(WIDE, HIGH, WIDE, HIGH, said, number(zero), WIDE - 3, number(zero), line, color)
