"""The budget's tables: unrounded numbers in mnkr, and how each column is shown."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from planbok.analysis.break_even import closing_change
from planbok.base.numbers import few_decimals, format_number, format_unit, mnkr
from planbok.base.periods import month_span
from planbok.case.result import Column, Table, not_shown
from planbok.case.said import changes_counted, described, filled, said
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import BASELINE
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.ledger import act as model
from planbok.ledger import compare
from planbok.ledger.bridge import Step, bridge
from planbok.report.text import in_words
from planbok.topics.budget.study import Study
from planbok.topics.budget.years import YEAR_COLUMNS

FEW_PEOPLE = ("volym", "nivabyte")  # changes that name persons
NOT_ALLOCATED = "Ej fördelat"
SUMS = ("kostnad", "intakt", "netto")
# what a page has room for, the most important first
BUDGET_SHOWN = ("budgetrad", "netto_mnkr", "forandring_mnkr", "fore_mnkr", "kostnad_mnkr", "belopp_mnkr")
YEARS_SHOWN = ("budgetrad", "fran_ar", "netto_forandring_mnkr", "procent", "netto_till_mnkr")
BALANCE_SHOWN = ("budgetrad", "kr_per_manad", "procent", "andring_mnkr", "kvar_mnkr")


def scenario_title(study: Study, outcome: model.Outcome) -> str:
    """A scenario's name: in public its texts are left out."""
    titel, number = outcome.scenario.titel, len(outcome.scenario.changes)
    return said(titel, changes_counted(number, "budgeten") if number else titel)


def budget_table(study: Study) -> Table:
    """The unit's own table under the scenario, with what differs from the comparison and from the year before."""
    before = study.year_sums.get(study.case.ar - 1, pd.DataFrame(columns=["netto"]))["netto"]
    order = list(dict.fromkeys([*study.outcome.base.rows(), *before.index]))  # rows that have ceased stand last, at 0
    rows = study.outcome.by_row().reindex(order, fill_value=0.0)
    moved = _moved_apart(study).reindex(order, fill_value=0.0)
    known, yearly = before.reindex(rows.index), _moved_apart(study, study.outcome.base.full_year)["netto_kr"]
    frame = pd.DataFrame(
        {f"{name}_mnkr": mnkr(rows[f"{name}_kr"]) for name in SUMS}
        | {"fore_mnkr": known.where(rows.index.isin(before.index), 0.0) if len(before) else known}
        | {"ram_mnkr": mnkr(rows["ram_kr"])}
        | {f"{name}_skillnad_mnkr": mnkr(moved[f"{name}_kr"]) for name in SUMS}
        | {"helarseffekt_mnkr": mnkr(yearly.reindex(order, fill_value=0.0))}
    )
    frame.loc[TOTAL_ROW] = frame.sum(skipna=False)
    frame["forandring_mnkr"] = frame["netto_mnkr"] - frame["fore_mnkr"]
    frame["avvikelse_mnkr"] = frame["ram_mnkr"] - frame["netto_mnkr"]
    frame = frame.round(9).reset_index()
    frame["belopp_mnkr"] = frame["budgetrad"].map(stated_sums(study))
    columns = _budget_columns(study, frame)
    extra = not_shown(frame, columns)
    title = f"{study.case.unit_name()}: budget {study.case.ar}{' med scenariot' * bool(study.outcome.scenario.changes)}"
    moved = ("budgetrad", "netto_skillnad_mnkr", "helarseffekt_mnkr", "netto_mnkr", "forandring_mnkr")
    page = moved if "netto_skillnad_mnkr" not in extra else BUDGET_SHOWN
    note = said(_sources(study.rows), "")  # a text of the unit's own
    return Table("budget", title, frame, columns, total_row=True, extra=extra, visa=page, note=note)


def _sources(rows: pd.DataFrame) -> str:
    """What the rows of the budget themselves say that they come from: row by row where it is not the same for all.

    >>> _sources(pd.DataFrame({"budgetrad": ["Vård", "Hyra"], "kalla": ["VP 2024 s. 12", "VP 2024 s. 12"]}))
    'Källa: VP 2024 s. 12.'
    >>> _sources(pd.DataFrame({"budgetrad": ["Vård", "Hyra", "Vård"], "kalla": ["VP s. 1", "avtal 7", ""]}))
    'Källor: Vård: VP s. 1; Hyra: avtal 7.'
    """
    stated = rows[rows["kalla"].fillna("") != ""] if "kalla" in rows else rows[:0]
    if stated.empty:
        return ""
    by_row = stated.groupby("budgetrad", sort=False)["kalla"].agg(lambda texts: ", ".join(dict.fromkeys(texts)))
    if len(set(by_row)) == 1 and set(by_row.index) == set(rows["budgetrad"]):
        return f"Källa: {by_row.iloc[0].rstrip('.')}."
    return f"Källor: {'; '.join(f'{row}: {text}' for row, text in by_row.items())}."


def _moved_apart(study: Study, columns: slice | None = None) -> pd.DataFrame:
    """What the scenario adds to each row beyond what the comparison does; known though a side isn't stated."""
    return study.outcome.moved_by_row(columns) - study.versus.moved_by_row(columns)


def stated_sums(study: Study) -> pd.Series:
    """What each row states without its side, with what the scenario adds to its cost, mnkr.

    Unknown where the scenario moves revenue: the source doesn't say whether that is in the sum.
    """
    moved = study.outcome.moved_by_row()
    added = mnkr(moved["kostnad_kr"].where(moved["intakt_kr"] == 0))
    return (study.rows.groupby("budgetrad")["belopp_mnkr"].sum(min_count=1) + added).round(9)


def _budget_columns(study: Study, frame: pd.DataFrame) -> tuple[Column, ...]:
    columns = [
        Column("budgetrad", "Budgetrad"),
        Column("kostnad_mnkr", "Kostnader"),
        Column("intakt_mnkr", "Intäkter"),
        Column("netto_mnkr", "Netto", formula="{kostnad_mnkr}-{intakt_mnkr}"),
    ]
    if frame["belopp_mnkr"].notna().any():
        columns.append(Column("belopp_mnkr", "Belopp, sidan anges inte i källan"))
    if frame["fore_mnkr"].notna().any():
        source = " (beräknat)" if study.derived_year else ""
        with_it = ", scenariot inräknat" if study.outcome.scenario.changes else ""
        columns += [
            Column("fore_mnkr", f"Netto {study.case.ar - 1}{source}"),
            Column(
                "forandring_mnkr", f"Förändring mot {study.case.ar - 1}{with_it}", formula="{netto_mnkr}-{fore_mnkr}"
            ),
        ]
    if study.outcome.scenario.id != study.versus.scenario.id:
        columns += [
            Column("netto_skillnad_mnkr", filled("Skillnad mot {}", versus_name(study))),
            Column("helarseffekt_mnkr", "Skillnad på helår"),
        ]
    return tuple(columns)


def own_name(study: Study) -> str:
    """What the unit's figures of a year are called."""
    return "bokslutet" if study.version == "bokslut" else "budgeten"


def versus_name(study: Study) -> str:
    """What the scenario is compared with, in a sentence."""
    return (
        own_name(study) if study.versus.scenario.id == BASELINE else filled("”{}”", scenario_title(study, study.versus))
    )


def years_table(study: Study) -> Table:
    """Years compared, cost and revenue behind each net; the nearest earlier year first."""
    columns = [
        Column("fran_ar", "Från år"),
        Column("till_ar", "Till år"),
        Column("budgetrad", "Budgetrad"),
        Column("kostnad_forandring_mnkr", "Kostnader"),
        Column("intakt_forandring_mnkr", "Intäkter"),
        Column("netto_fran_mnkr", "Netto före"),
        Column("netto_till_mnkr", "Netto efter"),
        Column("netto_forandring_mnkr", "Netto", formula="{netto_till_mnkr}-{netto_fran_mnkr}"),
        Column("procent", "Netto", formula="100*{netto_forandring_mnkr}/{netto_fran_mnkr}", signed=True),
    ]
    if study.years["pris_mnkr"].notna().any():
        columns += [
            Column("pris_mnkr", "Varav pris", signed=True),
            Column("volym_mnkr", "Varav volym", formula="{netto_forandring_mnkr}-{pris_mnkr}", signed=True),
        ]
    extra = not_shown(YEAR_COLUMNS, columns)
    priced = "Pris är den angivna uppräkningen lagd på hela raden, alltså som mest; volym är det som är kvar."
    note = priced if study.years["pris_mnkr"].notna().any() else ""
    return Table(
        "ar_jamforelse", "Förändring mellan åren", study.years, tuple(columns), note=note, extra=extra, visa=YEARS_SHOWN
    )


def bridge_table(study: Study) -> Table:
    """From the comparison to the scenario: one row per change, their interaction, and both ends; kr."""
    steps = compare.alone(study.outcome, study.versus, study.effects_of, described)
    whole = _bridge(study, steps)
    few = any(step.typ in FEW_PEOPLE for step in steps)
    return replace(whole, public=_bridge(study, [_together(study)])) if few else whole


def _bridge(study: Study, steps: list[Step]) -> Table:
    start = "Budgeten" if study.versus.scenario.id == BASELINE else scenario_title(study, study.versus)
    end = "Budgeten" if study.outcome.scenario.id == BASELINE else scenario_title(study, study.outcome)
    between = study.outcome.moved - study.versus.moved
    frame = bridge((start, study.versus.amounts()), steps, (end, study.outcome.amounts()), between)
    frame["slag"] = frame["typ"].map(in_words).str.capitalize()
    columns = (
        Column("steg", "Steg"),
        Column("slag", "Slag"),
        Column("kr", f"Nettokostnad {study.case.ar}"),
        Column("kr_helar", "Nettokostnad på helår"),
        Column("kr_ram", f"Ram {study.case.ar}"),
        Column("kr_ram_helar", "Ram på helår"),
    )
    title = filled("Steg för steg från {}", versus_name(study))
    shown = ("steg", "kr", "kr_helar", "kr_ram", "kr_ram_helar")
    return Table("brygga", title, frame, columns, extra=("typ", "forandring"), visa=shown)


def _together(study: Study) -> Step:
    """All that differs as one bar, where single changes would show what concerns few people."""
    difference = study.outcome.moved - study.versus.moved
    return Step("flera", 0, "Scenariots förändringar tillsammans", difference)


def scenarios_table(study: Study) -> Table:
    """Scenarios side by side: the baseline first, then those compared with, the report's own last."""
    outcomes = {o.scenario.id: o for o in (study.bas, study.versus, *study.others, study.outcome)}
    rows = []
    for outcome in outcomes.values():
        amounts, moved, year = outcome.amounts(), outcome.moved, outcome.by_row().sum(skipna=False)
        price = outcome.marginal.loc[outcome.marginal["typ"] == "upprakning", "kr"].sum()
        rows.append(
            {
                "scenario": outcome.scenario.id,
                "titel": scenario_title(study, outcome),
                "kostnad_mnkr": mnkr(year["kostnad_kr"]),
                "intakt_mnkr": mnkr(year["intakt_kr"]),
                "netto_mnkr": mnkr(amounts.kr),
                "skillnad_mnkr": mnkr(moved.kr),
                "pris_mnkr": mnkr(price),
                "volym_mnkr": mnkr(moved.kr - price),
                "helarseffekt_mnkr": mnkr(moved.kr_helar),
                "ram_mnkr": mnkr(amounts.kr_ram),
                "avvikelse_mnkr": mnkr(amounts.kr_ram - amounts.kr),
            }
        )
    columns = (
        Column("titel", "Scenario"),
        Column("kostnad_mnkr", "Kostnader"),
        Column("intakt_mnkr", "Intäkter"),
        Column("netto_mnkr", "Netto", formula="{kostnad_mnkr}-{intakt_mnkr}"),
        Column("skillnad_mnkr", "Skillnad mot budgeten"),
        Column("pris_mnkr", "Varav pris", signed=True),
        Column("volym_mnkr", "Varav volym", formula="{skillnad_mnkr}-{pris_mnkr}", signed=True),
        Column("helarseffekt_mnkr", "Skillnad på helår"),
        Column("ram_mnkr", "Ram"),
        Column("avvikelse_mnkr", "Avvikelse (− underskott)", formula="{ram_mnkr}-{netto_mnkr}"),
    )
    shown = ("titel", "avvikelse_mnkr", "skillnad_mnkr", "helarseffekt_mnkr", "netto_mnkr")
    title = "Scenario för scenario"
    return Table("scenarier", title, pd.DataFrame(rows), columns, extra=("scenario",), visa=shown)


def months_table(study: Study) -> Table:
    """Net cost and frame by month of the plan years, beside the comparison; kr."""
    frame = study.outcome.by_month().reset_index()
    frame["netto_jamfor_kr"] = study.versus.by_month()["netto_kr"].to_numpy()
    columns = (
        Column("manad", "Månad"),
        Column("kostnad_kr", "Kostnader"),
        Column("intakt_kr", "Intäkter"),
        Column("netto_kr", "Netto", formula="{kostnad_kr}-{intakt_kr}"),
        Column("netto_jamfor_kr", filled("Netto, {}", versus_name(study))),
        Column("ram_kr", "Ram"),
    )
    return Table("per_manad", f"Månad för månad, fördelat efter {study.profile}", frame, columns)


def basis_table(study: Study) -> Table:
    """The year's net cost by what it rests on."""
    frame = compare.by_basis(study.outcome, study.basis)
    frame = pd.DataFrame({"underlag": frame["underlag"], "netto_mnkr": mnkr(frame["kr"])})
    total = frame["netto_mnkr"].sum(skipna=False)
    frame["andel_procent"] = 100 * frame["netto_mnkr"] / total if total else np.nan
    frame.loc[len(frame)] = [TOTAL_ROW, total, frame["andel_procent"].sum(skipna=False)]
    frame["vilar_pa"] = frame["underlag"].map(in_words)
    columns = (
        Column("vilar_pa", "Vilar på"),
        Column("netto_mnkr", "Nettokostnad"),
        Column("andel_procent", "Andel"),
    )
    title = "Vad nettokostnaden vilar på"
    return Table("underlag", title, frame, columns, total_row=True, extra=("underlag",))


def first_month(study: Study) -> int:
    """The month from which a balancing measure acts: that of the scenario's first start, January if it runs already."""
    starts = [n.change.starts for n in study.outcome.scenario if n.change.starts.year <= study.case.ar]
    first = min(starts, default=date(study.case.ar, 1, 1))
    return first.month if first.year == study.case.ar else 1


def balance_table(study: Study) -> Table | None:
    """For each row, the change that alone would bring the year into balance; None where nothing is to be closed."""
    amounts, start = study.outcome.amounts(), first_month(study)
    gap = amounts.kr_ram - amounts.kr
    if not abs(gap) >= 0.5:
        return None
    kvar = study.outcome.by_row(study.outcome.base.columns(study.case.ar, start))["netto_kr"]
    rows = []
    for budgetrad, netto in study.outcome.by_row()["netto_kr"].items():
        closing = closing_change(amounts.kr_ram, amounts.kr, 13 - start, kvar[budgetrad])
        of_year = 100 * closing.kr / netto if netto > 0 else np.nan
        told = (mnkr(closing.kr), closing.kr_per_manad, closing.procent, of_year)
        rows.append((budgetrad, mnkr(kvar[budgetrad]), *told, mnkr(netto)))
    alone, does, what = "minskas", "Behöver ändras med", "Vad som krävs för budget i balans"
    if gap > 0:
        alone, does, what = "ökas", "Kan ändras med", "Vad överskottet räcker till"
    columns = (
        Column("budgetrad", f"Om bara den här raden {alone}"),
        Column("kvar_mnkr", f"Netto {month_span(start)}"),
        Column("andring_mnkr", does),
        Column("kr_per_manad", "Per månad", mattenhet="kr", signed=True),
        Column("procent", "Andel av raden den tiden", formula="100*{andring_mnkr}/{kvar_mnkr}", signed=True),
        Column("procent_ar", "Andel av årets rad", formula="100*{andring_mnkr}/{netto_mnkr}", signed=True),
        Column("netto_mnkr", "Raden hela året"),
    )
    return Table.of("balans", f"{what}, {month_span(start)}", rows, columns, visa=BALANCE_SHOWN)


def parts_table(study: Study) -> Table | None:
    """The budget's operations, and what is not allocated to any; None where the budget has no operations.

    A part that states nothing is unknown, and so is what is left of its row.
    """
    split = study.rows.groupby("budgetrad")["verksamhet"].transform(lambda names: (names != "").any())
    rows = study.rows[split]
    if rows.empty:
        return None
    money = ["kostnad_mnkr", "intakt_mnkr"]
    sums = rows.groupby(["budgetrad", "verksamhet"], sort=False)[money].sum(skipna=False).reset_index()
    parts, whole = sums[sums["verksamhet"] != ""], sums[sums["verksamhet"] == ""].set_index("budgetrad")[money]
    allocated = parts.groupby("budgetrad", sort=False)[money].sum(skipna=False)
    rest = (whole - allocated.reindex(whole.index)).round(9).reset_index().assign(verksamhet=NOT_ALLOCATED)
    table = pd.concat([parts, rest], ignore_index=True)
    order = {row: i for i, row in enumerate(dict.fromkeys(rows["budgetrad"]))}
    table = table.sort_values("budgetrad", key=lambda s: s.map(order), kind="stable", ignore_index=True)
    table["netto_mnkr"] = table["kostnad_mnkr"] - table["intakt_mnkr"]
    columns = (
        Column("budgetrad", "Budgetrad"),
        Column("verksamhet", "Verksamhet"),
        Column("kostnad_mnkr", "Kostnader"),
        Column("intakt_mnkr", "Intäkter"),
        Column("netto_mnkr", "Netto", formula="{kostnad_mnkr}-{intakt_mnkr}"),
    )
    return Table("verksamheter", "Budgeten per verksamhet, före scenariot", table, columns)


def sensitivity_table(study: Study) -> Table | None:
    """What each stated lowest and highest means for the year's net cost; None where no change states any.

    The public is not told of those in numbers of persons.
    """
    ends = compare.stated_ends(study.outcome, study.effects_of)
    if ends.empty:
        return None
    changes = {n.nr: n.change for n in study.outcome.scenario}
    frame = pd.DataFrame(
        {
            "steg": [described(changes[nr]) for nr in ends["forandring"]],
            "spann": [_limits(changes[nr]) for nr in ends["forandring"]],
            "lag": ends["lag"],
            "hog": ends["hog"],
            "netto_lag_mnkr": mnkr(ends["kr_lag"]),
            "netto_hog_mnkr": mnkr(ends["kr_hog"]),
        }
    )
    frame["skillnad_mnkr"] = frame["netto_hog_mnkr"] - frame["netto_lag_mnkr"]
    columns = (
        Column("steg", "Antagande"),
        Column("spann", "Rimligt lägst och högst"),
        Column("netto_lag_mnkr", "Nettokostnad som lägst"),
        Column("netto_hog_mnkr", "Nettokostnad som högst"),
        Column("skillnad_mnkr", "Skillnad", formula="{netto_hog_mnkr}-{netto_lag_mnkr}", signed=False),
    )
    whole = Table("kanslighet", "Vad varje osäkert antagande betyder", frame, columns, extra=("lag", "hog"))
    of_persons = np.array([changes[nr].about_persons for nr in ends["forandring"]], bool)
    return replace(whole, public=replace(whole, frame=frame[~of_persons])) if of_persons.any() else whole


def _limits(change: Change) -> str:
    """The stated lowest and highest of a change, with its unit."""
    stated = change.limits()
    assert stated is not None and change.slider is not None  # only such changes are listed
    low, high = stated
    shown = format_number(low, few_decimals(low, 2))
    return f"{shown} till {format_unit(high, change.slider.unit, few_decimals(high, 2))}"


def plan_years_table(study: Study) -> Table | None:
    """Net cost in each plan year, beside the comparison; None where there is only one."""
    base = study.outcome.base
    if base.till_ar == base.ar:
        return None
    rows = []
    for year in range(base.ar, base.till_ar + 1):
        mine, other = (o.by_row(base.columns(year)).sum(skipna=False) for o in (study.outcome, study.versus))
        rows.append((year, mnkr(mine["netto_kr"]), mnkr(other["netto_kr"]), mnkr(mine["netto_kr"] - other["netto_kr"])))
    columns = (
        Column("ar", "År"),
        Column("netto_mnkr", "Nettokostnad"),
        Column("netto_jamfor_mnkr", filled("Nettokostnad, {}", versus_name(study))),
        Column("skillnad_mnkr", "Skillnad", formula="{netto_mnkr}-{netto_jamfor_mnkr}"),
    )
    return Table.of("per_ar", f"Planåren, om budgeten {base.ar} upprepas", rows, columns)
