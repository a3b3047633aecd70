"""Whom the figures on invoices tell of: the persons behind the lines with a fault, by kind, provider and month."""

import numpy as np
import pandas as pd

from planbok.case.result import People, Priced
from planbok.topics.control.study import Study

KIND, ALL, MISSING, LATE = "fel per slag", "fel", "saknade per månad", "saknade"
PART = "del av månaden"
BACK, RETURNED = "krediterade per slag", "krediterade"
AMOUNT = "kronor för fel"  # those of ALL: what they cost may be withheld where how many they are is not


def people(study: Study) -> dict[str, People]:
    """The people of the result, by name."""
    wrong, missing = study.wrong, study.missing
    returned = wrong[wrong["status"] == "krediterad"]
    figures = of_figures(study)
    return {
        **figures,
        AMOUNT: figures[ALL],
        KIND: by_part(wrong, "slag"),
        BACK: by_part(returned, "slag"),
        MISSING: by_part(missing, "manad"),
        PART: of_part(missing),
    }


def of_figures(study: Study) -> dict[str, People]:
    """The people of the key figures, by name."""
    returned = study.wrong[study.wrong["status"] == "krediterad"]
    rows = {ALL: study.wrong, RETURNED: returned, LATE: study.missing}
    found = {name: by_part(its.assign(alla=""), "alla") for name, its in rows.items()}
    if study.wrong["slag"].is_unique and len(study.wrong):  # as many lines as kinds: one of each
        found[ALL] = People.one(1)
    return found


def by_part(rows: pd.DataFrame, part: str) -> People:
    """Persons of each part: those that came with each count of the sum since January, and all of them."""
    if rows.empty:
        return People.one(0)
    (step, steps), (named, parts) = (pd.factorize(rows[name], sort=True) for name in ("steg", part))
    each = np.unique([step, named, pd.factorize(rows["person"])[0]], axis=1)
    counts = np.zeros((len(steps) + 1, len(parts)), int)
    np.add.at(counts, tuple(each[:2]), 1)
    np.add.at(counts[-1], np.unique(each[1:], axis=1)[0], 1)
    return People(pd.DataFrame(counts, columns=parts))


def least(rows: pd.DataFrame) -> int:
    """The fewest persons that came with one count of some lines."""
    return int(rows.groupby("steg")["person"].nunique().min()) if len(rows) else 0


def of_part(missing: pd.DataFrame) -> People:
    """Persons of each month whose missing days are a part of it: the days of so few would say when one came or left."""
    days = pd.PeriodIndex(missing["manad"], freq="M").days_in_month
    few = missing[missing["dygn"].to_numpy() < days].groupby("manad")["person"].nunique()
    counts = few.reindex(missing["manad"].unique(), fill_value=0)
    return People(pd.DataFrame([counts.to_dict() or {"": 0}]))


def money(kr: pd.Series) -> tuple[Priced, ...]:
    """Kronor of some lines as persons times prices: a line is a person's days at a price that all can look up."""
    amounts = kr[kr != 0].to_numpy(float)
    return (Priced(np.ones(len(amounts)), amounts, np.full(len(amounts), "rader")),)
