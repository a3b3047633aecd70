"""Try it yourself: another method, a measure or a judgement by hand, with the model that the report uses."""

from datetime import date

import ipywidgets as widgets
import numpy as np
import pandas as pd

from planbok.analysis.budget_rows import mnkr
from planbok.analysis.forecast import METHODS, MONTHS
from planbok.changes import Atgard, Bedomning
from planbok.explore import kit
from planbok.numbers import format_number, format_unit
from planbok.periods import MONTH_NAMES
from planbok.report.figure import bars
from planbok.scenario import NumberedChange, Scenario
from planbok.topics.follow_up.changes import moves
from planbok.topics.follow_up.choices import METHOD_NAMES
from planbok.topics.follow_up.model import Choices, Moves, Prognosis, prognosis
from planbok.topics.follow_up.sentences import state
from planbok.topics.follow_up.study import Study, no_effects

UNCHANGED = ""
LARGEST_TKR = 500.0
STEP_TKR = 10.0
KR_PER_TKR = 1000


def tried(
    study: Study,
    metod: dict[str, str] | None = None,
    atgarder: list[dict] | None = None,
    bedomningar: list[dict] | None = None,
) -> Prognosis:
    """The prognosis with other methods, and with measures and judgements on top of the report's scenario.

    This is the one function behind every dial: pure, and fast enough for a slider.

    Parameters
    ----------
    metod : budget row to method (`rak`, `profil`, `forra_aret`, `manadsbudget`); other rows keep theirs
    atgarder : each with budgetrad, kr_per_manad, manad (its start) and, if wanted, sida, verksamhet, status and
        sannolikhet_andel
    bedomningar : each with budgetrad, kr, manad (start) and, if wanted, sida, verksamhet

    Returns
    -------
    Prognosis; its `amounts` are the unit's figures, `parts` what each change does, `model` and `months` the leaves'.
    """
    found = study.prognosis
    rows = found.books.leaves["budgetrad"].to_numpy()
    wanted = np.array([(metod or {}).get(row) or own for row, own in zip(rows, found.choices.metod, strict=True)])
    choices = Choices(wanted.astype(object), found.choices.varfor, found.choices.late)
    changes = [_measure(study, dial) for dial in atgarder or ()] + [_judgement(study, d) for d in bedomningar or ()]
    if not changes:
        return prognosis(found.books, choices, found.moves)
    last = len(study.case.scenario.changes)
    numbered = tuple(NumberedChange(last + i, "", change, "", 0, i) for i, change in enumerate(changes, start=1))
    scenario = Scenario("", "", changes=numbered)
    added = moves(found.books, scenario, no_effects(scenario), study.case.enhet, study.case.ar)
    both = Moves(
        pd.concat([frame for frame in (found.moves.rows, added.rows) if len(frame)], ignore_index=True),
        np.concatenate([found.moves.months, added.months]),
    )
    return prognosis(found.books, choices, both)


COMMON = {"underlag": "antagande", "motivering": "Prövat med reglagen"}


def _measure(study: Study, dial: dict) -> Atgard:
    start = date(study.case.ar, dial["manad"], 1)
    stated = {key: value for key, value in dial.items() if key != "manad"}
    defaults = {"namn": "Prövad åtgärd", "sida": "kostnad", "status": "planerad"}
    return Atgard(typ="atgard", fran=start, **{**COMMON, **defaults, **stated})


def _judgement(study: Study, dial: dict) -> Bedomning:
    start = date(study.case.ar, dial["manad"], 1)
    stated = {key: value for key, value in dial.items() if key != "manad"}
    return Bedomning(typ="bedomning", fran=start, datum=start, **{**COMMON, "sida": "kostnad", **stated})


def explorer(study: Study) -> widgets.Widget:
    """Row, its method, a measure's size and start, a judgement; the answer and the figure follow."""
    return build(study).widget()


def build(study: Study) -> kit.Explorer:
    """The explorer with its parts in reach, for tests and for other notebooks."""
    rows = study.prognosis.books.budget_rows.index.tolist()
    first = min(study.tom + 1, MONTHS)
    starts = [(MONTH_NAMES[month - 1], month) for month in range(first, MONTHS + 1)]
    largest = by_row(study, study.prognosis).fillna(0.0).idxmax()
    controls = {
        "budgetrad": kit.choice("Budgetrad", rows, str(largest)),
        "metod": kit.choice(
            "Metod för raden", [("som i rapporten", UNCHANGED), *((METHOD_NAMES[m], m) for m in METHODS)], UNCHANGED
        ),
        "atgard_tkr": kit.number_slider("Åtgärd", "tkr per månad", -LARGEST_TKR, LARGEST_TKR, STEP_TKR, 0.0),
        "manad": kit.choice("Åtgärden börjar i", starts, first),
        "bedomning_tkr": kit.number_slider("Bedömning", "tkr i år", -LARGEST_TKR, LARGEST_TKR, STEP_TKR, 0.0),
    }
    budget = mnkr(study.prognosis.books.budget_rows @ np.array([1.0, -1.0])).tolist()
    figure = bars(
        rows,
        {"Budget": budget, "Prognos efter åtgärder": mnkr(by_row(study, study.prognosis)).tolist()},
        title=f"Prognos {study.case.ar} per budgetrad, åtgärderna inräknade",
        alt="Budget per budgetrad bredvid prognosen som reglagen ger.",
        mattenhet="Nettokostnad, mnkr",
    )
    return kit.Explorer(controls, figure, lambda **values: _answer(study, budget, **values))


def by_row(study: Study, found: Prognosis) -> pd.Series:
    """Each budget row's year with changes, judgement and measures, kr."""
    parts = found.parts
    put = parts.groupby("leaf")["kvar"].sum(min_count=1).reindex(range(len(found.books.leaves)), fill_value=0.0)
    net = pd.Series(found.net(found.model) + put.to_numpy(float))
    rows = net.groupby(found.books.leaves["budgetrad"].to_numpy(), sort=False).sum(min_count=1)
    return rows.reindex(study.prognosis.books.budget_rows.index)


def _answer(
    study: Study, budget: list[float], budgetrad: str, metod: str, atgard_tkr: float, manad: int, bedomning_tkr: float
):
    measure = {"budgetrad": budgetrad, "kr_per_manad": atgard_tkr * KR_PER_TKR, "manad": manad}
    judged = {"budgetrad": budgetrad, "kr": bedomning_tkr * KR_PER_TKR, "manad": manad}
    found = tried(
        study,
        {budgetrad: metod} if metod else None,
        [measure] if atgard_tkr else None,
        [judged] if bedomning_tkr else None,
    )
    values = [budget, mnkr(by_row(study, found)).tolist()]
    labels = [[format_number(value, 1) for value in row] for row in values]
    return _sentence(found), values, labels


def _sentence(found: Prognosis) -> str:
    amounts = found.amounts
    if np.isnan(amounts.prognos):
        return "Underlaget anger inte alla belopp, så prognosen kan inte räknas fram."
    year = format_unit(mnkr(amounts.prognos), "mnkr")
    after = state(amounts.avvikelse - amounts.atgarder)
    return f"Prognosen är {year}: {state(amounts.avvikelse)}. När åtgärderna har gjort sitt blir det {after}."
