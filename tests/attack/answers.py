"""What every topic says of a collection in two runs, to each audience: resultat.json without the files around it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from attack.every_file import MONTHS, OPEN, PROTECTED, runs
from studied_once import stands_once

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Case, Journal, load_sources, open_case
from planbok.case.topic import ALONE
from planbok.disclosure.door import seen
from planbok.report.handover import as_json
from planbok.topics import topic_of
from planbok.topics.answer import answer

AUDIENCES = (OPEN, *PROTECTED)
Said = dict[str, dict]  # resultat.json by audience


def said_in_run(data: Path, month: int, only: Sequence[str] = ()) -> Iterator[tuple[str, Said]]:
    """Each notebook's results of a month by audience, or those named only; a topic that refuses says nothing."""
    sources = load_sources(Folders((PARAMS,), data))
    for run in runs(month, only):
        scenario = run["for_varje"]["scenario"][0]
        given = dict(run["parametrar"], scenario=scenario)
        try:
            cases = {who: open_case(run["notebook"], spridning=who, sources=sources, **given) for who in AUDIENCES}
            yield f"{run['notebook']}|{month}", _said(cases)
        except InputError:
            continue


def _said(cases: dict[str, Case]) -> Said:
    """The results of one case: its topic's whole result is made once where no other topic's money is in it."""
    topic = topic_of(cases[OPEN].notebook)
    if topic.follows:
        return {who: as_json(case, answer(case).result) for who, case in cases.items()}
    case = cases[OPEN]
    whole = topic.shows(case)(topic.study_of(case, ALONE))
    found = {}
    with stands_once():
        for who in AUDIENCES:
            its = replace(case, spridning=who, journal=Journal(tables=case.journal.tables))
            found[who] = as_json(its, seen(its, whole))
    return found


__all__ = ["AUDIENCES", "MONTHS", "OPEN", "PROTECTED", "Said", "said_in_run"]
