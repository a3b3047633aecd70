"""The year wheel: all that recurs in the unit's year, as days and as a calendar file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from planbok.base.errors import InputError
from planbok.base.periods import MONTH_NAMES, month_end
from planbok.lss.measurement import days_by_rule
from planbok.topics.goals.activities import next_due
from planbok.topics.goals.occasions import STEPS, Occasion
from planbok.topics.goals.study import Study

RECURRING = "arshjul.aterkommande"
FILE = "arshjul.ics"
MONTHLY = "Månadsuppföljning"
CLAIMED = ("assistanstimmar", "personlig_assistans")  # the table, and the insats whose hours the state pays
LONGEST_WAIT = 12  # months that hours may be claimed after, by the rule's own limit
LINE = 73  # bytes of a line of the file before it is folded


@dataclass(frozen=True, order=True)
class Event:
    """A day on which something is to be done or ready."""

    dag: date
    slag: str
    vad: str


def year_wheel(study: Study) -> list[Event]:
    """The year's days in order: follow-ups, tertials, measurements, claims, controls, activities, and what recurs."""
    own = (_measurements, _claims, _controls, _activities, _recurring)
    return sorted({*_reports(study.ar), *(event for found in own for event in found(study))})


def _reports(ar: int) -> Iterator[Event]:
    for month, name in enumerate(MONTH_NAMES, start=1):
        dag = month_end(ar, month)
        yield Event(dag, "uppföljning", f"{MONTHLY} {name}")
    for name, month in (("Tertialrapport 1", 4), ("Tertialrapport 2", 8), ("Verksamhetsberättelse", 12)):
        yield Event(month_end(ar, month), "rapport", name)


def _measurements(study: Study) -> Iterator[Event]:
    try:
        days = days_by_rule(study.case.sources.rules, study.ar)
    except (InputError, KeyError):
        return
    for number, dag in enumerate(days, start=1):
        yield Event(dag, "mätning", f"Prestationsmätning {number}")


def _claims(study: Study) -> Iterator[Event]:
    """The last day on which each month's hours of assistance can be claimed, where the unit performs any."""
    case, (table, insats) = study.case, CLAIMED
    if not case.has_rows(table) or insats not in set(case.unit_rows(table)["insats"]):
        return
    for back in range(LONGEST_WAIT + len(MONTH_NAMES)):
        worked = Occasion(study.ar, len(MONTH_NAMES)).before(back)
        first = date(worked.ar, worked.manad, 1)
        after, day = (case.rule_or_none(f"assistans.{name}", first) for name in ("krav_manader", "krav_dag"))
        due = None if after is None or day is None else worked.before(-int(after))
        if due and due.ar == study.ar:
            vad = f"Sista dag att begära assistansersättning för {MONTH_NAMES[worked.manad - 1]} {worked.ar}"
            yield Event(date(due.ar, due.manad, int(day)), "krav", vad)


def _controls(study: Study) -> Iterator[Event]:
    """Every day in the year on which a control is due."""
    for row in study.controls.to_dict("records"):
        for place in range(12 // STEPS[row["intervall"]]):
            first = date(study.ar, place * STEPS[row["intervall"]] + 1, 1)
            dag = next_due(row["intervall"], date.fromordinal(first.toordinal() - 1), study.ar)
            yield Event(dag, "intern kontroll", row["kontroll"])


def _activities(study: Study) -> Iterator[Event]:
    for row in study.activities.to_dict("records"):
        if row["till"].year == study.ar:
            yield Event(row["till"].date(), "aktivitet", f"Ska vara klart: {row['aktivitet']}")


def _recurring(study: Study) -> Iterator[Event]:
    """What the rule says: surveys, reports to the state and the like, each with its days MM-DD."""
    listed = study.case.rule_or_none(RECURRING) or {}
    for slag, events in listed.items():
        for vad, days in events.items():
            for dag in days:
                yield Event(date.fromisoformat(f"{study.ar}-{dag}"), slag, vad)


def ics(events: list[Event], enhet: str) -> str:
    """The days as a calendar file (RFC 5545), each a whole day.

    >>> text = ics([Event(date(2024, 4, 30), "rapport", "Tertialrapport 1; T1")], "Enheten")
    >>> [line for line in text.split("\\r\\n") if line.startswith(("DTSTART", "SUMMARY"))]
    ['DTSTART;VALUE=DATE:20240430', 'SUMMARY:Tertialrapport 1\\\\; T1']
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//planbok//arshjul//SV", f"X-WR-CALNAME:{_escaped(enhet)}"]
    for place, event in enumerate(events):
        after = date.fromordinal(event.dag.toordinal() + 1)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.dag:%Y%m%d}-{place}@planbok",
            f"DTSTAMP:{event.dag.year}0101T000000Z",
            f"DTSTART;VALUE=DATE:{event.dag:%Y%m%d}",
            f"DTEND;VALUE=DATE:{after:%Y%m%d}",
            f"SUMMARY:{_escaped(event.vad)}",
            f"CATEGORIES:{_escaped(event.slag)}",
            "END:VEVENT",
        ]
    return "\r\n".join(_folded(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _folded(line: str) -> str:
    """A line of at most 75 bytes; what is more goes on after a line break and a blank.

    >>> [[len(part.encode()) for part in _folded(text).split("\\r\\n ")] for text in ("a" * 73, "a" * 74, "å" * 40)]
    [[73], [73, 1], [72, 8]]
    """
    parts, now = [], ""
    for char in line:
        if len((now + char).encode()) > LINE:
            parts.append(now)
            now = ""
        now += char
    return "\r\n ".join([*parts, now])
