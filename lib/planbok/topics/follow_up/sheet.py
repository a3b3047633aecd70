"""One page per operation for the staff meeting: three numbers, one figure, one sentence on what staff can influence."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.analysis.forecast import MONTHS
from planbok.base.numbers import few_decimals, format_number, format_unit, mnkr
from planbok.base.periods import MONTH_NAMES
from planbok.base.words import listed, small
from planbok.case.case import Case
from planbok.case.result import KeyFigure, Result
from planbok.disclosure.operations import STAFF, USERS
from planbok.topics.follow_up.choices import EVERY
from planbok.topics.follow_up.study import Study, check_operation
from planbok.topics.follow_up.tables import BY_USERS, planned_by_leaf

SMALL_MNKR = 0.05  # what one decimal of mnkr shows as 0,0
FEW_EACH = 10  # below it one decimal tells something
ASK = "Frågor? Kontakta enhetschefen."
MOST_MONTHS, LARGE_PART = 2, 0.5  # months that are named: the two largest, where they are this much of all
UNKNOWN_PEOPLE = "Hur många vi är: underlag saknas."


@dataclass(frozen=True)
class Sheet:
    """One operation, or the whole unit where its outturn is not divided; mnkr, NaN where the budget doesn't say.

    `manader` are the months in which the row that explains most has gone that way, where few of them did.
    """

    namn: str
    anvant: float
    budget: float
    prognos: float
    tom: int
    betalas_av: str  # finansiering; "" where the budget does not say
    storst: str  # the budget row that explains most of how the year ends, "" where none can be named
    storst_mnkr: float
    paverka: str
    manader: tuple[str, ...] = ()

    @property
    def avvikelse(self) -> float:
        """What is left in December; minus is too much used."""
        return self.budget - self.prognos


def sheets(study: Study) -> list[Sheet]:
    """The page of each operation, in the outturn's order, or of the one that the parameter `verksamhet` names.

    Raises
    ------
    InputError
        If the unit has no such operation.
    """
    leaves = study.prognosis.by_leaf
    parted = leaves[leaves["verksamhet"] != ""]
    wanted = study.case.parametrar.get("verksamhet", EVERY)
    names = list(dict.fromkeys(parted["verksamhet"]))
    check_operation(study.case, names)
    stated = people(study.case)
    if not names:
        return [_sheet(study, study.case.unit_name(), leaves, stated)]
    chosen = names if wanted == EVERY else [wanted]
    return [_sheet(study, name, parted[parted["verksamhet"] == name], stated) for name in chosen]


def people(case: Case) -> pd.DataFrame:
    """The unit's rows of the optional table `verksamheter`, by operation; empty where there is none."""
    if not case.sources.collection.has("verksamheter"):
        return pd.DataFrame()
    frame = case.table("verksamheter")
    return frame[frame["enhet"] == case.enhet].set_index("verksamhet")


def _sheet(study: Study, name: str, leaves: pd.DataFrame, people: pd.DataFrame) -> Sheet:
    sums = leaves[["utfall", "budget", "prognos", "ram"]].sum(skipna=False)
    over = leaves["prognos"] - leaves["budget"] - leaves["ram"]
    by_row = over.groupby(leaves["budgetrad"]).sum(skipna=False)
    worst = _worst(by_row)
    pays = {*leaves["finansiering"]} - {""}
    own = people.loc[name] if name in people.index else None
    return Sheet(
        namn=name,
        anvant=float(mnkr(sums["utfall"])),
        budget=float(mnkr(sums["budget"] + sums["ram"])),
        prognos=float(mnkr(sums["prognos"])),
        tom=study.tom,
        betalas_av=pays.pop() if len(pays) == 1 else "",
        storst=worst,
        storst_mnkr=float(mnkr(by_row[worst])) if worst else 0.0,
        paverka="" if own is None else own["kan_paverka"],
        manader=_months(study, leaves.index[leaves["budgetrad"] == worst], by_row[worst]) if worst else (),
    )


def _months(study: Study, leaves: pd.Index, over: float) -> tuple[str, ...]:
    """The one or two months in which most of a row's deviation so far has come."""
    found = study.prognosis
    actual = found.net(found.books.actual)[leaves, : study.tom].sum(axis=0)
    gap = np.sign(over) * (actual - planned_by_leaf(found)[leaves, : study.tom].sum(axis=0))
    whole = gap[gap > 0].sum()
    if not np.isfinite(gap).all() or study.tom <= MOST_MONTHS or not whole:
        return ()
    largest = sorted(np.argsort(-gap)[:MOST_MONTHS])
    return tuple(MONTH_NAMES[n] for n in largest) if gap[largest].sum() >= LARGE_PART * whole else ()


def _worst(by_row: pd.Series) -> str:
    """The row that moves the year most the way that it ends; "" where there is one row only, or one is unknown.

    >>> _worst(pd.Series({"Personal": 0.5, "Hyror": -0.9, "Mat": -0.1})), _worst(pd.Series({"Personal": 0.5}))
    ('Hyror', '')
    """
    whole = by_row.sum(skipna=False)
    if len(by_row) < 2 or math.isnan(whole):
        return ""
    return str((np.sign(whole) * by_row).idxmax())


def people_figures(case: Case) -> dict[str, KeyFigure]:
    """How many work in each operation and for how many, as they are stated; each tells of its operation."""
    return {
        f"{name}.{column}": KeyFigure(None, "", "", UNKNOWN_PEOPLE, tells=((whom, name),))
        if math.isnan(row[column])
        else KeyFigure(float(row[column]), whom, "", tells=((whom, name),))
        for name, row in people(case).iterrows()
        for whom in (STAFF, USERS)
        for column in (f"{whom}_lag", f"{whom}_hog")
    }


def _staff(name: str, shown: Result) -> str:
    """How many work there for how many, as far as the reader may know."""
    staff, users = (_ends(name, whom, shown) for whom in (STAFF, USERS))
    if staff is None:
        figure = shown.fakta.get(f"{name}.{STAFF}_lag")
        return f"Hur många vi är {figure.why}." if figure and figure.skyddas else UNKNOWN_PEOPLE
    if users is None or not any(users):
        return f"Vi är {_range(staff)} medarbetare."
    (few, many), (low, high) = users, staff
    each = "–".join(dict.fromkeys(format_number(x, int(x < FEW_EACH)) for x in (few / high, many / low)))
    about = "omkring " if few == many else ""
    return f"Vi är {_range(staff)} medarbetare för {about}{_range(users)} personer, ungefär {each} per medarbetare."


def _ends(name: str, whom: str, shown: Result) -> tuple[float, ...] | None:
    """The lowest and highest stated number; None where they are not there."""
    found = [shown.fakta.get(f"{name}.{whom}_{end}") for end in ("lag", "hog")]
    values = tuple(figure.varde for figure in found if figure and figure.varde is not None)
    return values if len(values) == 2 and (whom == USERS or all(values)) else None


def _range(ends: tuple[float, ...]) -> str:
    return "–".join(dict.fromkeys(format_number(x, few_decimals(x)) for x in ends))


def whole_unit(study: Study) -> Sheet:
    """The unit as one page; what the budget does not part off is in its row's own budget, where that is known."""
    leaves, stated = study.prognosis.by_leaf, study.prognosis.books.budget_rows.notna().all(axis=1)
    budget = leaves["budget"].where(~leaves["budgetrad"].map(stated), leaves["budget"].fillna(0.0))
    return _sheet(study, study.case.unit_name(), leaves.assign(budget=budget), pd.DataFrame())


def sentences(sheet: Sheet, shown: Result) -> list[str]:
    """The page in plain words and kronor: how the year ends, what is used, why, what we can do, how many we are."""
    said = [_end(sheet), _used(sheet), *_why(sheet)]
    if sheet.paverka:
        said.append(f"Det här kan vi påverka: {small(sheet.paverka).rstrip('.')}.")
    else:
        said.append("Vad vi kan påverka: underlag saknas.")
    return [*said, " ".join([_staff(sheet.namn, shown), *_paid(sheet)]), ASK]


def is_more(mnkr_: float) -> bool:
    """Whether an amount is above 0 with one decimal of mnkr; one that isn't known is not."""
    return mnkr_ >= SMALL_MNKR


def kr(value: float) -> str:
    """Millions of kronor as kronor, in whole thousands.

    >>> kr(7.5304).replace(chr(160), " ")
    '7 530 000 kr'
    """
    return format_unit(thousands(value), "kr", 0)


def thousands(value: float) -> float:
    """Millions of kronor as kronor, to the thousand: what two amounts differ by is what is shown."""
    return round(value * 1000) * 1000.0


def _used(sheet: Sheet) -> str:
    if math.isnan(sheet.anvant):
        return "Vad vi har använt går inte att räkna ut: underlaget anger inte alla belopp."
    if math.isnan(sheet.budget):
        return f"Vi har använt {kr(sheet.anvant)}. Vad vi har fått i år anges inte i budgeten."
    said = f"Vi har använt {format_number(thousands(sheet.anvant), 0)} av årets {kr(sheet.budget)}"
    if sheet.budget <= 0:
        return said + "."
    used, gone = (format_unit(x, "procent", 0) for x in (100 * sheet.anvant / sheet.budget, 100 * sheet.tom / MONTHS))
    return f"{said}: {used} när {gone} av året har gått."


def _end(sheet: Sheet) -> str:
    if math.isnan(sheet.prognos):
        return "Hur året slutar går inte att räkna ut: underlaget anger inte alla belopp."
    over = sheet.tom == MONTHS
    if math.isnan(sheet.avvikelse):
        return f"{'Året slutade på' if over else 'Enligt prognosen kostar året'} {kr(sheet.prognos)}."
    begins = "Året slutade med" if over else "Enligt prognosen blir det"
    budget, year = thousands(sheet.budget), thousands(sheet.prognos)
    if not is_more(abs(sheet.avvikelse)):
        begins = "Året gick ihop" if over else "Enligt prognosen går året ihop"
        return f"{begins}: {kr(sheet.prognos)}, ungefär så mycket som vi har."
    how = "kvar" if is_more(sheet.avvikelse) else "för mycket"
    size, whole = format_unit(abs(budget - year), "kr", 0), format_unit(year, "kr", 0)
    cost = "kostade" if over else "kostar"
    when, had = ("", "hade") if over else (" i år", "har")
    return f"{begins} {size} {how}{when}: året {cost} {whole} och vi {had} {format_unit(budget, 'kr', 0)}."


def _why(sheet: Sheet) -> list[str]:
    if not sheet.storst or not (is_more(abs(sheet.storst_mnkr)) and is_more(abs(sheet.avvikelse))):
        return []
    how = "mer" if is_more(sheet.storst_mnkr) else "mindre"
    when = f", mest i {listed(list(sheet.manader))}" if sheet.manader else ""
    return [f"Det beror mest på {small(sheet.storst)}: {kr(abs(sheet.storst_mnkr))} {how} än planerat{when}."]


def _paid(sheet: Sheet) -> list[str]:
    if not sheet.betalas_av:
        return []
    if sheet.betalas_av in BY_USERS:
        return ["Vi får pengar för varje person vi stödjer. Blir de färre får vi mindre."]
    return ["Vi har en fast summa för året: den ändras inte av hur många som kommer."]
