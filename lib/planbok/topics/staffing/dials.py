"""What if: other sick leave in a group, another mix of replacements, another target; the report's own model answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planbok.base.periods import months
from planbok.case.result import Column, KeyFigure, Result, Table, key_figure
from planbok.disclosure.door import seen
from planbok.inputs.scenario.load import NumberedChange
from planbok.topics.staffing.bridges import STEP, step_kr, told_by
from planbok.topics.staffing.key_figures import key_figures, required
from planbok.topics.staffing.people import OF_SICK, people
from planbok.topics.staffing.study import Study, with_added, world_of
from planbok.topics.staffing.year import World

EMPTY = Result.of(nyckeltal={})
MONTHS = tuple(Column(key, key, tells=OF_SICK) for key in ("rapporten_procent", "provat_procent", "kravs_procent"))


@dataclass(frozen=True)
class Answer:
    """What the dials give: the report's key figures, what they change, and the year month by month.

    `andring` is the change against the report's own scenario: sjuk_h, kr, kr_helar (sick pay and replacements),
    budget_kr and budget_helar_kr (with the wage that is paid or not). `per_manad` has a row per month of the year for
    the unit: manad, rapporten_procent, provat_procent, kravs_procent (NaN in months that are over). All of it is as the
    report's audience may see it; what it may not is NaN, or None with the reason.
    """

    nyckeltal: dict[str, KeyFigure]
    andring: dict[str, float]
    per_manad: pd.DataFrame
    kravs: float | None
    saknas: str  # why there is no `kravs`


def under(study: Study, added: Sequence[NumberedChange], mal: float | None = None) -> Answer:
    """The report with more changes on top of its own scenario, in the order in which they act."""
    state, steps, tells = list(study.case.scenario), [], {*OF_SICK}
    before = world_of(study.case, study.whole, state)
    for numbered in added:
        state.append(numbered)
        now = world_of(study.case, study.whole, state)
        steps.append(step_kr(numbered.change, before, now))
        tells |= {*told_by(numbered.change, before, now)}
        before = now
    world = world_of(study.case, study.world.base, state)
    turned = replace(study, world=world, frame=with_added(study.outturn, world))
    needed, why = required(turned, mal)
    moved = {name: sum(step[name] for step in steps) for name in STEP}
    facts = {name: key_figure(name, value, name, "okänt", tells=tuple(tells)) for name, value in moved.items()}
    facts["sjuk_h"] = key_figure("sjuk_h", moved["sjuk_h"], "sjuk_h", tells=OF_SICK)
    facts["kravs"] = key_figure("kravs_procent", needed, "kravs", why, tells=OF_SICK)
    months_ = Table("manader", "", _months(study, world, needed), MONTHS)
    shown = protected(study, replace(EMPTY, nyckeltal=key_figures(turned), tabeller={"manader": months_}, fakta=facts))
    kravs = shown.fakta["kravs"]
    return Answer(
        shown.nyckeltal,
        {name: shown.fakta[name].number if shown.fakta[name].varde is not None else np.nan for name in STEP},
        shown.tabeller["manader"].frame,
        kravs.varde,
        kravs.why,
    )


def protected(study: Study, result: Result) -> Result:
    """A result about the study's people as the case's audience may see it."""
    return seen(study.case, replace(result, people=people(study)))


def shown_figures(study: Study) -> dict[str, KeyFigure]:
    """The study's key figures as the case's audience may see them."""
    return protected(study, replace(EMPTY, nyckeltal=key_figures(study))).nyckeltal


def _months(study: Study, world: World, needed: float | None) -> pd.DataFrame:
    """The unit's sick leave by month of the year, in the report and with the dials, and what the target asks."""
    hours = world.base.avtalad.sum(axis=0)
    whole = np.where(hours, hours, np.nan)
    left = np.arange(12) >= study.tom_manad
    return pd.DataFrame(
        {
            "manad": months(study.ar, study.ar),
            "rapporten_procent": 100 * study.world.sick.sjuk.sum(axis=0) / whole,
            "provat_procent": 100 * world.sick.sjuk.sum(axis=0) / whole,
            "kravs_procent": np.where(left, np.nan if needed is None else needed, np.nan),
        }
    )
