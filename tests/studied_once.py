"""Studies and whole results that do not depend on who reads, made once for all the audiences of a case."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import partial
from typing import Any

import pytest

from planbok.case.case import Case
from planbok.case.result import Result
from planbok.case.topic import Others, Topic
from planbok.disclosure import protect
from planbok.disclosure.policy import LIMITS, Policy
from planbok.disclosure.standing import Standing
from planbok.topics.answer import answer


@contextmanager
def studied_once() -> Iterator[None]:
    """Cases that differ by audience only share study and whole result, but of topics that take the others' effects."""
    known: dict[tuple, tuple] = {}
    study_of, shows_of = Topic.study_of, Topic.shows

    def once(key: tuple, kept: object, work: Callable[[], Any]) -> Any:
        if key not in known:
            known[key] = work(), kept  # the number of what is gone may be given anew
        return known[key][0]

    def study(topic: Topic, case: Case, given: Others) -> Any:
        parts = [id(getattr(case, field.name)) for field in fields(case) if field.name != "spridning"]
        made = partial(study_of, topic, case, given)
        return made() if topic.follows else once((topic.id, *parts), case, made)

    def shows(topic: Topic, case: Case) -> Callable[[Any], Result]:
        view = shows_of(topic, case)
        if topic.follows or isinstance(view, Standing):
            return view
        return lambda study: once((view, id(study)), study, partial(view, study))

    with pytest.MonkeyPatch.context() as patch, stands_once():
        patch.setattr(Topic, "study_of", study)
        patch.setattr(Topic, "shows", shows)
        yield


@contextmanager
def stands_once() -> Iterator[None]:
    """What stands of a study is made once for the audiences that the same limits hold for."""
    known: dict[tuple, tuple] = {}

    def stood(found: Any, policy: Policy) -> Any:
        made = getattr(found, "steady", None)
        if policy.shows_all or not isinstance(made, partial) or made.keywords:
            return stood_of(found, policy)
        limits = repr(replace(policy, audience="")), *map(policy.limit, LIMITS)
        key = (made.func, *map(id, made.args), limits)
        if key not in known:
            known[key] = stood_of(found, policy), made
        return known[key][0]

    stood_of = protect.stood
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protect, "stood", stood)
        yield


def shown_to(audiences: Sequence[str], opened: Case) -> Iterator[tuple[str, Case, Result]]:
    """What a case's topic shows each audience."""
    with studied_once():
        for audience in audiences:
            case = replace(opened, spridning=audience)
            yield audience, case, answer(case).result
