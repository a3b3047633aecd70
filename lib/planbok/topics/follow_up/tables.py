"""The month's tables: per row, per month, per operation, what pays, the versions of the year; unrounded."""

import numpy as np
import pandas as pd

from planbok.analysis.forecast import MONTHS, booked, received
from planbok.base.numbers import KR_PER_MNKR, format_unit, mnkr
from planbok.base.periods import MONTH_NAMES, months
from planbok.base.words import large, listed
from planbok.case.result import BY_KEY, Column, Table, not_shown
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.ledger.budget_rows import VERSIONS
from planbok.topics.follow_up.books import SIGN
from planbok.topics.follow_up.choices import METHOD_NAMES, reason
from planbok.topics.follow_up.model import Prognosis, users_effect
from planbok.topics.follow_up.study import Study

NOT_ALLOCATED = "Ej fördelat"
YEARS_SHOWN = 2  # before this one, beside its months
NOT_STATED = "Ej angivet"
BY_USERS = ("intakt",)
PAGE = ("avvikelse_mnkr", "prognos_mnkr", "budget_mnkr", "utfall_mnkr")  # what a page has room for
SIDE_NAMES = ("kostnad", "intäkt")
PAYS = {"anslag": "Anslag", "intakt": "Intäkter"}
COMPUTED, SAID = "omräknad med dagens underlag", "så som den redovisades"
TITLE = "Fakturor som inte har kommit"


def summed(frame: pd.DataFrame, budget: pd.Series) -> pd.DataFrame:
    """Figures in mnkr with deviation and shares; `budget` is the budget of each row of `frame`, kr."""
    names = ["utfall", "modell", "forandringar", "bedomning", "prognos", "atgarder"]
    return mnkr(pd.concat([budget.rename("budget"), frame[names]], axis=1)).add_suffix("_mnkr")


def with_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """The deviation and the shares of the budget; unknown where the budget is, and no share of nothing."""
    budget = frame["budget_mnkr"].where(frame["budget_mnkr"] > 0)
    return frame.assign(
        avvikelse_mnkr=mnkr((frame["budget_mnkr"] - frame["prognos_mnkr"]) * KR_PER_MNKR),
        avvikelse_procent=100 * (frame["budget_mnkr"] - frame["prognos_mnkr"]) / budget,
        forbrukning_procent=100 * frame["utfall_mnkr"] / budget,
        foljsamhet_procent=100 * frame["prognos_mnkr"] / budget,
    )


def prognosis_table(study: Study) -> Table:
    """Each budget row: budget, outturn to date, prognosis, deviation, and by which method and why."""
    leaves = study.prognosis.by_leaf
    numbers = ["utfall", "modell", "forandringar", "bedomning", "prognos", "atgarder", "ram"]
    rows = pd.DataFrame({name: study.prognosis.rows(leaves[name].to_numpy(float)) for name in numbers})
    budget = study.prognosis.books.budget_rows @ SIGN + rows["ram"]
    frame = summed(rows, budget)
    frame.loc[TOTAL_ROW] = frame.sum(skipna=False)
    frame = with_shares(frame)
    shown = [c for c in ("forandringar", "bedomning") if (frame[f"{c}_mnkr"].fillna(1.0) != 0).any()]
    extra = {"forandringar": "Nytt, ej i utfallet än", "bedomning": "Bedömning"}
    between = [Column("modell_mnkr", "Enligt metoden")] if shown else []
    between += [Column(f"{name}_mnkr", extra[name], decimaler=2, signed=True) for name in shown]
    made = "+".join(["{modell_mnkr}", *(f"{{{name}_mnkr}}" for name in shown)]) if shown else ""
    columns = (
        Column("budgetrad", "Budgetrad"),
        Column("budget_mnkr", "Budget"),
        Column("utfall_mnkr", "Utfall hittills"),
        Column("forbrukning_procent", "Förbrukat", formula="100*{utfall_mnkr}/{budget_mnkr}"),
        *between,
        Column("prognos_mnkr", "Prognos", formula=made),
        *_deviation(),
    )
    frame = frame.rename_axis("budgetrad").reset_index()
    title = f"{study.case.unit_name()}: prognos {study.case.ar} efter {MONTH_NAMES[study.tom - 1]}"
    more, page = not_shown(frame, columns), ("budgetrad", *PAGE)
    return Table("prognos", title, frame, columns, note=sentence(study), total_row=True, extra=more, visa=page)


def methods_table(study: Study) -> Table:
    """By which method each row is looked ahead, and why."""
    said = [(row, *_method(study, row)) for row in study.prognosis.books.budget_rows.index]
    columns = (Column("budgetrad", "Budgetrad"), Column("metod", "Räknas"), Column("varfor", "Varför"))
    return Table.of("metoder", "Så är varje rad beräknad", said, columns)


def _deviation(decimaler: int = BY_KEY) -> tuple[Column, Column]:
    formula = "{budget_mnkr}-{prognos_mnkr}"
    return (
        Column("avvikelse_mnkr", "Avvikelse (− underskott)", decimaler=decimaler, formula=formula),
        Column("avvikelse_procent", "Avvikelse", formula="100*{avvikelse_mnkr}/{budget_mnkr}"),
    )


def _method(study: Study, row: str) -> tuple[str, str]:
    """The methods of a row's leaves and why, by side where the sides differ; a side without money says nothing."""
    found, why = study.prognosis, []
    used_on: dict[str, dict[str, None]] = {}
    for leaf, side in with_money(found, row):
        used, wanted = found.used[leaf, side], found.choices.metod[leaf]
        used_on.setdefault(SIDE_NAMES[side], {})[METHOD_NAMES[used]] = None
        why.append(
            reason(wanted, used, found.choices.varfor[leaf], len(found.books.years)) + _months(study, leaf, used)
        )
    said = [", ".join(methods) for methods in used_on.values()]
    if len({*said}) > 1:
        said = [f"{name}: {methods}" for name, methods in zip(used_on, said, strict=True)]
    return "; ".join(dict.fromkeys(said)), "; ".join(dict.fromkeys(why))


def with_money(found: Prognosis, row: str) -> list[tuple[int, int]]:
    """The leaves and sides of a row that something is booked on, or may be; the cost of its own leaf where none is."""
    leaves = np.flatnonzero((found.books.leaves["budgetrad"] == row).to_numpy())
    telling = (np.nan_to_num(found.books.to_date, nan=1.0) != 0)[leaves]
    telling[0, 0] |= not telling.any()
    return [(int(leaves[place]), int(side)) for place, side in np.argwhere(telling)]


def _months(study: Study, leaf: int, used: str) -> str:
    late = int(study.prognosis.choices.late[leaf])
    there = int(received(study.tom, np.array([late]))[0])
    if used == "rak":
        waits = f", som fakturorna kommer {late} mån sent" if late and study.tom < MONTHS else ""
        return f"; utfallet delat med {there} {'månad' if there == 1 else 'månader'}{waits}"
    return f"; {late} mån sena fakturor finns också i jämförelseåren" if late else ""


def months_table(study: Study) -> Table:
    """Booked, ahead and budgeted net cost by month, and cumulated, kr.

    The budget of a row whose invoices come late lies in the months in which they are booked, so that what is compared
    is the same thing.
    """
    found, tom = study.prognosis, study.tom
    actual = found.net(found.books.actual).sum(axis=0)
    ahead = found.net(found.months).sum(axis=0) + found.changes_ahead.sum(axis=0)
    planned = planned_by_leaf(found).sum(axis=0)
    if np.isnan(found.amounts.budget):
        planned = np.full(MONTHS, np.nan)
    done = np.arange(MONTHS) < tom
    frame = pd.DataFrame(
        {
            "manad": months(study.case.ar, study.case.ar),
            "utfall_kr": np.where(done, actual, np.nan),
            "prognos_kr": np.where(done, np.nan, ahead),
            "budget_kr": planned,
        }
    )
    frame["budget_ack_kr"] = frame["budget_kr"].cumsum()
    frame["prognos_ack_kr"] = frame["utfall_kr"].fillna(frame["prognos_kr"]).cumsum()
    columns = (
        Column("manad", "Månad"),
        Column("utfall_kr", "Utfall"),
        Column("prognos_kr", "Prognos"),
        Column("budget_kr", "Budget"),
        Column("prognos_ack_kr", "Utfall och prognos, ackumulerat", running=("utfall_kr", "prognos_kr")),
        Column("budget_ack_kr", "Budget, ackumulerat", running=("budget_kr",)),
    )
    return Table("per_manad", f"Nettokostnad månad för månad; budgeten efter {study.shares}", frame, columns)


def planned_by_leaf(found: Prognosis) -> np.ndarray:
    """The net budget of each leaf in the months in which it is booked, (leaf, 12), kr; 0 where it isn't parted off."""
    service = np.nan_to_num(found.books.budget).reshape(-1, MONTHS)
    late = np.repeat(found.choices.late, 2)
    return found.net(booked(service, late).reshape(found.books.budget.shape))


def row_months_table(study: Study) -> Table:
    """The booked net cost of each row and month: what a later prognosis compares closed months with."""
    books = study.prognosis.books
    net = study.prognosis.net(books.actual)[:, : study.tom]
    names = months(study.case.ar, study.case.ar)[: study.tom]
    frame = pd.DataFrame(net, columns=names).groupby(books.leaves["budgetrad"].to_numpy(), sort=False)
    frame = frame.sum(skipna=False).rename_axis("budgetrad")
    frame.loc[TOTAL_ROW] = frame.sum(skipna=False)
    short = [Column(name, MONTH_NAMES[int(name[5:]) - 1][:3].capitalize(), "kr") for name in names]
    columns = (Column("budgetrad", "Budgetrad"), *short)
    return Table("utfall_per_rad", "Bokfört netto per rad och månad", frame.reset_index(), columns, total_row=True)


def row_by_month_table(study: Study) -> Table:
    """Each budget row by month: booked, budgeted, and booked in the years before that are known; kr net."""
    books, net = study.prognosis.books, study.prognosis.net
    of_row = books.leaves["budgetrad"].to_numpy()
    kept = range(max(0, len(books.years) - YEARS_SHOWN), len(books.years))
    money = {
        "utfall_kr": net(books.actual),
        "budget_kr": planned_by_leaf(study.prognosis),
        **{f"ar_{books.years[place]}_kr": net(books.past[place]) for place in kept},
    }
    by_row = {name: pd.DataFrame(kr).groupby(of_row, sort=False).sum(skipna=False) for name, kr in money.items()}
    names, year = by_row["utfall_kr"].index, months(study.case.ar, study.case.ar)
    frame = pd.DataFrame({"budgetrad": np.repeat(names, MONTHS), "manad": np.tile(year, len(names))})
    frame = frame.assign(**{name: rows.to_numpy().ravel() for name, rows in by_row.items()})
    columns = (
        Column("budgetrad", "Budgetrad"),
        Column("manad", "Månad"),
        Column("utfall_kr", "Bokfört"),
        Column("budget_kr", "Budget"),
        *(Column(name, f"Bokfört {name[3:7]}") for name in money if name.startswith("ar_")),
    )
    return Table("rad_per_manad", "Rad för rad och månad för månad", frame, columns)


def operations_table(study: Study) -> Table | None:
    """The unit's operations, what is not allocated, and the whole; None where the outturn is not divided."""
    leaves = study.prognosis.by_leaf
    if (leaves["verksamhet"] == "").all():
        return None
    numbers = ["utfall", "modell", "forandringar", "bedomning", "prognos", "atgarder"]
    parted = leaves[leaves["verksamhet"] != ""]
    rows = parted.groupby("verksamhet", sort=False)[numbers].sum(min_count=1, skipna=False)
    rows.loc[NOT_ALLOCATED] = leaves.loc[leaves["verksamhet"] == "", numbers].sum(skipna=False)
    budget = (parted["budget"] + parted["ram"]).groupby(parted["verksamhet"], sort=False).sum(skipna=False)
    whole = study.prognosis.amounts.budget
    budget[NOT_ALLOCATED] = whole - budget.sum()
    frame = summed(rows, budget.reindex(rows.index))
    frame.loc[TOTAL_ROW] = frame.sum(skipna=False)
    frame.loc[TOTAL_ROW, "budget_mnkr"] = mnkr(whole)
    frame = with_shares(frame)
    paid = parted.groupby("verksamhet", sort=False)["finansiering"].agg(lambda by: "/".join(sorted({*by} - {""})))
    frame["finansiering"] = [PAYS.get(paid.get(name, ""), paid.get(name, "")) for name in frame.index]
    columns = (
        Column("verksamhet", "Verksamhet"),
        *([Column("finansiering", "Betalas av")] if frame["finansiering"].any() else []),
        Column("budget_mnkr", "Budget", decimaler=2),
        Column("utfall_mnkr", "Utfall hittills", decimaler=2),
        Column("forbrukning_procent", "Förbrukat", formula="100*{utfall_mnkr}/{budget_mnkr}"),
        Column("prognos_mnkr", "Prognos", decimaler=2),
        *_deviation(2),
    )
    frame = frame.rename_axis("verksamhet").reset_index()
    extra = not_shown(frame, columns)
    shown, title = ("verksamhet", *PAGE), "Verksamheterna och hela enheten"
    return Table("verksamheter", title, frame, columns, total_row=True, extra=extra, visa=shown)


def financing(study: Study) -> pd.Series:
    """The budget by what pays for it, kr: anslag, intakt, and what no row states."""
    rows = study.budget
    parted = rows.groupby("budgetrad")["verksamhet"].transform(lambda names: (names != "").any())
    stated = rows[(rows["finansiering"] != "") & ((rows["verksamhet"] != "") | ~parted)]
    net = (stated["kostnad_mnkr"] - stated["intakt_mnkr"]) * KR_PER_MNKR
    found = net.groupby(stated["finansiering"], sort=False).sum(skipna=False)
    whole = float(study.prognosis.books.budget_rows.sum(skipna=False) @ SIGN)
    return pd.concat([found, pd.Series({"": whole - found.sum(skipna=False)})])


def financing_table(study: Study, procent: float) -> Table | None:
    """What pays for the budget, and what fewer or more users move of it; None where the budget does not say."""
    found = financing(study)
    if len(found) == 1:
        return None
    change = users_effect(found, procent, BY_USERS)
    frame = pd.DataFrame({"finansiering": found.index, "budget_mnkr": mnkr(found), "andring_mnkr": mnkr(change)})
    frame = frame[(frame["finansiering"] != "") | (frame["budget_mnkr"] != 0)].reset_index(drop=True)
    frame.loc[len(frame)] = [TOTAL_ROW, *frame[["budget_mnkr", "andring_mnkr"]].sum(skipna=False)]
    frame["namn"] = [PAYS.get(name, name or NOT_STATED) for name in frame["finansiering"]]
    how = f"{abs(procent):g} % {'färre' if procent < 0 else 'fler'} brukare".replace(".", ",")
    columns = (
        Column("namn", "Betalas av"),
        Column("budget_mnkr", "Budget", decimaler=2),
        Column("andring_mnkr", f"Vid {how}", decimaler=3),
    )
    title = f"Vad som betalar, och vad {how} ändrar"
    return Table("finansiering", title, frame, columns, total_row=True, extra=("finansiering",))


def versions_table(study: Study) -> Table:
    """Every version of the year side by side: budgets, the prognosis after each month, and the outturn; mnkr."""
    rows = [(large(VERSIONS[name][0]), "beslutad", mnkr(kr)) for name, kr in study.versions.items()]
    for tom in range(1, study.tom + 1):
        said, kind = prognosis_after(study, tom)
        rows.append((f"Prognos efter {MONTH_NAMES[tom - 1]}", kind, mnkr(said)))
    rows.append((f"Utfall till och med {MONTH_NAMES[study.tom - 1]}", "utfall", mnkr(study.prognosis.amounts.utfall)))
    columns = (Column("namn", "Version"), Column("lage", "Läge"), Column("netto_mnkr", "Netto", decimaler=2))
    return Table.of("versioner", f"Årets versioner {study.case.ar}", rows, columns)


def prognosis_after(study: Study, tom: int) -> tuple[float, str]:
    """The prognosis after a month, kr: as it was reported, where a run is kept, else computed from today's books."""
    if tom == study.tom:
        return study.prognosis.amounts.prognos, "den här rapporten"
    report = said_before(study, tom)
    if report is not None and report.figure("prognos_mnkr") is not None:
        return report.figure("prognos_mnkr") * KR_PER_MNKR, SAID
    return study.prognosis.after(tom).amounts.prognos, COMPUTED


def said_before(study: Study, tom: int):
    """The report of the year after a month, under the same scenario: the adopted one, else the last; None without."""
    wanted = {"ar": study.case.ar, "tom_manad": tom, "scenario": study.case.scenario.id}
    kept = [r for r in study.reports if all(r.parametrar.get(key) == value for key, value in wanted.items())]
    adopted = [report for report in kept if report.adopted]
    return next(reversed(adopted or kept), None)


def by_row(study: Study) -> str:
    """How much is to come on which budget row, in words; "" where nothing is known to be."""
    sums = study.to_come.rows.groupby("budgetrad", sort=False)["kr"].sum()
    return listed([f"{format_unit(kr, 'kr')} på {row}" for row, kr in sums[sums != 0].items()])


def sentence(study: Study) -> str:
    """What is to come and that it is not in the prognosis, or why it can't be said; "" where there is nothing."""
    told = by_row(study)
    if told:
        last = int(study.to_come.counted[5:] or study.tom)
        days = f"dygn till och med {MONTH_NAMES[last - 1]} som ingen har fakturerat, se kostnadskontroll"
        return f"{TITLE}: {told} ({days}). De är inte med i prognosen: lägg till dem om de inte redan är bokförda."
    unknown = listed(study.to_come.unknown)
    return f"Inte sagt: {unknown}." if unknown else ""
