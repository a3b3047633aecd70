"""Measures and other changes: effect to date, in the prognosis, still to come; and what is missing for balance."""

import math

import pandas as pd

from planbok.analysis.forecast import MONTHS
from planbok.base.numbers import format_unit, mnkr
from planbok.base.periods import MONTH_NAMES, long_date
from planbok.case.result import Column, Table, not_shown
from planbok.case.said import described, said
from planbok.ledger.act import AT_WORK, FRAME, JUDGEMENT, MEASURE, NET_SIGN, PLANNED, SIDES, kr_per_month
from planbok.topics.follow_up.model import Amounts
from planbok.topics.follow_up.study import Study

STATUS = {AT_WORK: "verkställd", "beslutad": "beslutad", PLANNED: "planerad"}
DECIDED, ONLY_PLANNED = "Beslutat och verkställt", "Planerat, inte beslutat"
MONEY = ["hittills", "sedd", "kvar", "ar", "helar"]
SUMMED = [f"{name}_mnkr" for name in MONEY]
ENDS = ["kvar_lag_mnkr", "kvar_hog_mnkr"]


def measures_table(study: Study) -> Table | None:
    """Each measure, those in effect first, then the decided and the planned: what it has done and is still to bring.

    Two last rows sum what is decided or in effect, and what is only planned. None where the scenario has no measure.
    """
    parts = study.prognosis.parts
    changes = {n.nr: n.change for n in study.case.scenario}
    rows = [
        _measure(study, changes[nr], found[MONEY].sum(skipna=False), number)
        for number, (nr, found) in enumerate(parts[parts["typ"] == MEASURE].groupby("nr", sort=False), start=1)
    ]
    if not rows:
        return None
    frame = pd.DataFrame(rows)
    frame = frame.sort_values("status", key=lambda s: s.map(list(STATUS).index), kind="stable", ignore_index=True)
    ranged = frame["kvar_lag_mnkr"].ne(frame["kvar_hog_mnkr"]).any()
    planned = frame["status"] == PLANNED
    sums = [_together(frame[mask], name) for name, mask in ((DECIDED, ~planned), (ONLY_PLANNED, planned)) if mask.any()]
    frame = pd.concat([frame, pd.DataFrame(sums)], ignore_index=True)
    text = [c for c in frame if c not in SUMMED and not c.endswith(("_mnkr", "_andel", "_kr"))]
    frame[text] = frame[text].fillna("")
    ends = {"kvar_hog_mnkr": "minst", "kvar_lag_mnkr": "som mest"} if ranged else {}
    columns = (
        Column("namn", "Åtgärd"),
        Column("lage", "Läge"),
        Column("hittills_mnkr", "Effekt i bokförda månader", decimaler=2, signed=True),
        Column("sedd_mnkr", "Redan i prognosen", decimaler=2, signed=True),
        Column("kvar_mnkr", "Ännu inte i prognosen", decimaler=2, signed=True),
        *(Column(key, text, decimaler=2, signed=True) for key, text in ends.items()),
        Column("ar_mnkr", f"Effekt {study.case.ar}", decimaler=2, formula="{sedd_mnkr}+{kvar_mnkr}", signed=True),
        Column("helar_mnkr", "Effekt på helår", decimaler=2, signed=True),
        Column("senast", "Räcker ensam från"),
    )
    title = "Åtgärderna (minus är lägre kostnad)"
    extra, shown = not_shown(frame, columns), ("namn", "lage", "kvar_mnkr", "ar_mnkr", "helar_mnkr")
    return Table("atgarder", title, frame, columns, extra=extra, visa=shown)


def _together(rows: pd.DataFrame, name: str) -> dict:
    return {"namn": name, **rows[[*SUMMED, *ENDS]].sum(skipna=False)}


def _measure(study: Study, change, kr: pd.Series, number: int) -> dict:
    limits = change.limits() or (change.kr_per_manad, change.kr_per_manad)
    low, high = sorted(mnkr(kr["kvar"] * end / change.kr_per_manad) for end in limits)
    return {
        "namn": said(change.namn, f"Åtgärd {number}"),
        "budgetrad": change.budgetrad,
        "status": change.status,
        "fran": change.fran.isoformat(),
        "lage": _state(study, change),
        "sen": "sen" if is_late(study, change) else "",
        **{f"{key}_mnkr": mnkr(kr[key]) for key in MONEY},
        "kvar_lag_mnkr": low,
        "kvar_hog_mnkr": high,
        "sannolikhet_andel": change.sannolikhet_andel,
        "senast": latest_start(
            study.prognosis.amounts, 0.0 if change.status == PLANNED else kr["kvar"], _monthly(change), study.tom
        ),
    }


def is_late(study: Study, change) -> bool:
    """Whether a measure was meant to have begun but isn't carried out."""
    begun = (change.fran.year, change.fran.month) <= (study.case.ar, study.tom)
    return change.typ == MEASURE and change.status != AT_WORK and begun


def _state(study: Study, change) -> str:
    likely = ""
    if change.sannolikhet_andel is not None:
        likely = f", {format_unit(100 * change.sannolikhet_andel, 'procent', 0)} sannolik"
    if not is_late(study, change):
        return f"{STATUS[change.status]}, från {long_date(change.fran)}{likely}"
    if study.tom == MONTHS:
        return f"{STATUS[change.status]}, skulle ha börjat {long_date(change.fran)}: blev inte av i år{likely}"
    counted = MONTH_NAMES[study.tom]
    return f"{STATUS[change.status]}, skulle ha börjat {long_date(change.fran)}: räknas från {counted}{likely}"


def _monthly(change) -> float:
    """What a measure lowers the net cost by in a whole month, expected, kr; below 0 where it raises it."""
    return -NET_SIGN[SIDES.index(change.sida)] * kr_per_month(change)


def latest_start(amounts: Amounts, kvar: float, monthly: float, tom: int) -> str:
    """The latest month in which a measure can start and alone close what the others leave; words where there is none.

    missing = gap after what is decided - what this one still brings
    months needed = missing / its monthly effect, rounded up
    """
    missing = -(amounts.avvikelse - amounts.atgarder) - kvar
    if tom == MONTHS or math.isnan(missing):
        return ""
    if missing <= 0:
        return "behövs inte för balans"
    if monthly <= 0:
        return "sänker inte kostnaden"
    needed = math.ceil(round(missing / monthly, 9))
    return MONTH_NAMES[MONTHS - needed] if needed <= MONTHS - tom else "räcker inte ensam i år"


def changes_table(study: Study) -> Table | None:
    """Each other change of the scenario: in the year, over a full year, and what the model hasn't seen; kr net."""
    parts = study.prognosis.parts
    parts = parts[~parts["typ"].isin([MEASURE, JUDGEMENT])]
    if parts.empty:
        return None
    sums = parts.assign(ram=parts["side"] == FRAME).groupby(["nr", "ram"], sort=False)[["ar", "helar", "kvar"]]
    frame = sums.sum(min_count=1).reset_index()
    changes = {n.nr: n.change for n in study.case.scenario}
    frame["namn"] = [described(changes[nr]) for nr in frame["nr"]]
    frame["galler"] = frame["ram"].map({True: "Ram", False: "Nettokostnad"})
    money = frame.loc[~frame["ram"], ["ar", "helar", "kvar"]].sum(skipna=False)
    total = {"namn": "Nettokostnad tillsammans", "galler": "", **money}
    frame = pd.concat([frame.drop(columns=["nr", "ram"]), pd.DataFrame([total])], ignore_index=True)
    frame = frame.rename(columns={name: f"{name}_kr" for name in ("ar", "helar", "kvar")})
    columns = (
        Column("namn", "Förändring"),
        Column("galler", "Gäller"),
        Column("ar_kr", f"Effekt {study.case.ar}", signed=True),
        Column("helar_kr", "Effekt på helår", signed=True),
        Column("kvar_kr", "Ännu inte i utfallet", signed=True),
    )
    return Table("forandringar", "Scenariots förändringar, i år och på helår", frame, columns)


def judgements_table(study: Study) -> Table | None:
    """The manager's judgements, with date and reason: beside the model, never in place of it."""
    parts = study.prognosis.parts
    changes = {n.nr: n.change for n in study.case.scenario}
    rows = []
    for nr, found in parts[parts["typ"] == JUDGEMENT].groupby("nr", sort=False):
        change = changes[nr]
        why = said(change.motivering, "")
        rows.append((change.budgetrad, change.datum.isoformat(), why, float(found["kvar"].sum(skipna=False))))
    if not rows:
        return None
    columns = (
        Column("budgetrad", "Budgetrad"),
        Column("datum", "Bedömd den"),
        Column("motivering", "Skäl"),
        Column("kr", "Läggs till prognosen", signed=True),
    )
    return Table.of("bedomningar", "Chefens bedömning, utöver metoden", rows, columns)


def first_start(tom: int) -> int:
    """The first month that can still be decided for: the one after next, since the figures come well into the next.

    >>> first_start(4), first_start(11)
    (6, 13)
    """
    return tom + 2


def balance_table(study: Study) -> Table | None:
    """What one more measure must bring a month, by when it starts; None where nothing is missing or no month is left.

    kr_per_manad = what is missing when what is decided has done its part / months left
    drojsmal_kr  = what each later start adds to the first
    """
    gap, first = study.prognosis.amounts.gap_efter, first_start(study.tom)
    if not gap > 0 or first > MONTHS:
        return None
    row, ahead = largest_row(study)
    starts = range(first, MONTHS + 1)
    frame = pd.DataFrame({"manad": [MONTH_NAMES[m - 1] for m in starts]})
    frame["kr_per_manad"] = [gap / (MONTHS + 1 - m) for m in starts]
    frame["drojsmal_kr"] = frame["kr_per_manad"] - frame["kr_per_manad"].iloc[0]
    frame["procent"] = [100 * gap / kr if kr > 0 else math.nan for kr in (ahead[m - 1 :].sum() for m in starts)]
    columns = (
        Column("manad", "Om den börjar i"),
        Column("kr_per_manad", "Krävs per månad", mattenhet="kr"),
        Column("drojsmal_kr", "Dröjsmålet lägger till per månad", mattenhet="kr", signed=True),
        Column("procent", f"Andel av {row} den tiden"),
    )
    return Table("balans", "Så mycket måste ytterligare åtgärder ge för budget i balans", frame, columns)


def largest_row(study: Study) -> tuple[str, pd.Series]:
    """The budget row that costs most, and its net by month as the prognosis has it."""
    found = study.prognosis
    net = pd.DataFrame(found.net(found.months) + found.changes_ahead)
    by_row = net.groupby(found.books.leaves["budgetrad"].to_numpy(), sort=False).sum(skipna=False)
    row = by_row.sum(axis=1).idxmax()
    return str(row), by_row.loc[row].to_numpy()
