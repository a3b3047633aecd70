"""One page per operation for the staff meeting: three numbers, one figure, one sentence on what staff can influence."""

import math
from dataclasses import dataclass

import pandas as pd

from planbok.analysis.forecast import MONTHS
from planbok.base.numbers import format_number, format_unit, mnkr
from planbok.case.case import Case
from planbok.case.result import KeyFigure, Result
from planbok.disclosure.operations import STAFF, USERS
from planbok.report.text import meeting
from planbok.topics.follow_up.choices import EVERY
from planbok.topics.follow_up.study import Study, check_operation
from planbok.topics.follow_up.tables import BY_USERS, by_leaf

SMALL_MNKR = 0.05  # what one decimal of mnkr shows as 0,0
FEW_EACH = 10  # below it one decimal tells something
UNKNOWN_PEOPLE = "Hur många vi är: underlag saknas."


@dataclass(frozen=True)
class Sheet:
    """One operation, or the whole unit where its outturn is not divided; mnkr, NaN where the budget doesn't say."""

    namn: str
    anvant: float
    budget: float
    prognos: float
    tom: int
    betalas_av: str  # finansiering; "" where the budget does not say
    storst: str  # the budget row that explains most of how the year ends, "" where none can be named
    storst_mnkr: float
    paverka: str

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
    leaves = by_leaf(study)
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
    )


def _worst(by_row: pd.Series) -> str:
    """The row that moves the year most the way that it ends; "" where there is one row only, or one is unknown.

    >>> _worst(pd.Series({"Personal": 0.5, "Hyror": -0.9, "Mat": -0.1})), _worst(pd.Series({"Personal": 0.5}))
    ('Hyror', '')
    """
    whole = by_row.sum(skipna=False)
    if len(by_row) < 2 or math.isnan(whole):
        return ""
    return str((by_row * math.copysign(1, whole)).idxmax())


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
    if users is None or not users[1]:
        return f"Vi är {_range(staff)} medarbetare."
    each = [format_number(x, int(x < FEW_EACH)) for x in (users[0] / staff[1], users[1] / staff[0])]
    said = each[0] if each[0] == each[1] else "–".join(each)
    about = "omkring " if users[0] == users[1] else ""
    return f"Vi är {_range(staff)} medarbetare för {about}{_range(users)} personer, ungefär {said} per medarbetare."


def _ends(name: str, whom: str, shown: Result) -> tuple[float, float] | None:
    """The lowest and highest stated number; None where they are not there."""
    found = [shown.fakta.get(f"{name}.{whom}_{end}") for end in ("lag", "hog")]
    values = [figure.varde for figure in found if figure and figure.varde is not None]
    return (values[0], values[1]) if len(values) == 2 and (whom == USERS or values[0] > 0) else None


def _range(ends: tuple[float, float]) -> str:
    shown = [format_number(x, 0 if x == round(x) else 1) for x in ends]
    return shown[0] if ends[0] == ends[1] else "–".join(shown)


def whole_unit(study: Study) -> Sheet:
    """The unit as one page."""
    return _sheet(study, study.case.unit_name(), by_leaf(study), pd.DataFrame())


def sentences(sheet: Sheet, shown: Result) -> list[str]:
    """The page in plain words: what is used, how the year ends, what it rests on, what can be done, how many we are."""
    said = [_used(sheet), _end(sheet), *_why(sheet)]
    if sheet.paverka:
        said.append(f"Det här kan vi påverka: {_small(sheet.paverka).rstrip('.')}.")
    else:
        said.append("Vad vi kan påverka: underlag saknas.")
    said.append(_staff(sheet.namn, shown))
    return said + _paid(sheet)


def _small(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _mnkr(value: float) -> str:
    return format_unit(value, "mnkr", 1 if abs(value) >= SMALL_MNKR or not value else 2)


def _used(sheet: Sheet) -> str:
    if math.isnan(sheet.anvant):
        return "Vad vi har använt går inte att räkna ut: underlaget anger inte alla belopp."
    if math.isnan(sheet.budget):
        return f"Vi har använt {_mnkr(sheet.anvant)}. Vad vi har fått i år anges inte i budgeten."
    places = meeting(sheet.budget, sheet.prognos)[0]  # as the year's end is said
    said = f"Vi har använt {format_number(sheet.anvant, places)} av årets {format_unit(sheet.budget, 'mnkr', places)}"
    if sheet.budget <= 0:
        return said + "."
    used, gone = (format_unit(x, "procent", 0) for x in (100 * sheet.anvant / sheet.budget, 100 * sheet.tom / MONTHS))
    return f"{said}: {used} när {gone} av året har gått."


def _end(sheet: Sheet) -> str:
    if math.isnan(sheet.prognos):
        return "Hur året slutar går inte att räkna ut: underlaget anger inte alla belopp."
    begins = "Året slutade på" if sheet.tom == MONTHS else "Fortsätter det så blir det"
    when = "" if sheet.tom == MONTHS else " i december"
    said = f"{begins} {_mnkr(sheet.prognos)}{when}"
    if math.isnan(sheet.avvikelse):
        return said + "."
    if abs(sheet.avvikelse) < SMALL_MNKR:
        return f"{said}, ungefär så mycket som vi har."
    places, left = meeting(sheet.budget, sheet.prognos)
    year, size = (format_unit(x, "mnkr", places) for x in (sheet.prognos, abs(left)))
    return f"{begins} {year}{when}, {size} {'för mycket' if left < 0 else 'mindre än vi har'}."


def _why(sheet: Sheet) -> list[str]:
    small = min(abs(sheet.storst_mnkr), abs(sheet.avvikelse)) < SMALL_MNKR
    if not sheet.storst or math.isnan(sheet.avvikelse) or small:
        return []
    how = "mer" if sheet.storst_mnkr > 0 else "mindre"
    return [f"Det beror mest på {_small(sheet.storst)}: {_mnkr(abs(sheet.storst_mnkr))} {how} än planerat."]


def _paid(sheet: Sheet) -> list[str]:
    if not sheet.betalas_av:
        return []
    if sheet.betalas_av in BY_USERS:
        return ["Vi får pengar för varje person vi stödjer. Blir de färre får vi mindre."]
    return ["Vi har en fast summa för året: den ändras inte av hur många som kommer."]
