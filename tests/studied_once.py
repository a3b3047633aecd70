"""Studies and whole results that do not depend on who reads, made once for all the audiences of a case."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace

import pytest

from planbok.case.case import Case
from planbok.case.result import Result
from planbok.case.topic import Topic
from planbok.topics.answer import answer


@contextmanager
def studied_once() -> Iterator[None]:
    """Cases that differ by audience only share study and whole result, but of topics that take the others' effects."""
    known: dict[tuple, tuple] = {}

    def once(of: Callable):
        def found(topic: Topic, case: Case, given):
            if topic.follows:
                return of(topic, case, given)
            parts = [id(getattr(case, field.name)) for field in fields(case) if field.name != "spridning"]
            key = (of.__name__, topic.id, *parts)
            if key not in known:
                known[key] = of(topic, case, given), case  # kept: the number of what is gone may be given anew
            return known[key][0]

        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Topic, "study_of", once(Topic.study_of))
        patch.setattr(Topic, "result_of", once(Topic.result_of))
        yield


def shown_to(audiences: Sequence[str], opened: Case) -> Iterator[tuple[str, Case, Result]]:
    """What a case's topic shows each audience."""
    with studied_once():
        for audience in audiences:
            case = replace(opened, spridning=audience)
            yield audience, case, answer(case).result
