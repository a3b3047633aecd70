"""The tables on invoices: faults by kind, and what has not come, and the lists that the administrator works through."""

from datetime import date

import pandas as pd

from planbok.base.periods import MONTH_NAMES, long_month
from planbok.case.result import Column, People, Table
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.control.faults import KINDS
from planbok.topics.control.people import ALL, AMOUNT, BACK, KIND, LATE, MISSING, PART, RETURNED, by_part, least, money
from planbok.topics.control.study import Study

SETTLED = ("krediterad", "bestridd")  # what the administrator has dealt with
COUNTED = "De räknas om när så många personers fakturor har kommit till att det inte säger vems."
WHAT_TO_DO = {
    "utan_beslut": "Fråga utförare och handläggare vilket beslut det gäller; annars bestrid",
    "dubbel": "Begär kreditfaktura",
    "period": "Begär kreditfaktura för dagarna utanför beslutet",
    "dagar": "Begär kreditfaktura för dygnen som inte finns",
    "niva": "Kontrollera nivån med handläggaren; begär rättad faktura",
    "pris": "Begär rättad faktura med rätt pris",
    "belopp": "Begär rättad faktura",
}
OTHERS, EVERYONE = "Övriga utförare", "Alla utförare"
PROVIDERS, KRONOR = "fel per utförare", "kronor per utförare"  # the same people: kronor may be withheld alone
SHARE_RULE, FEWEST_RULE = "kontroll.storsta_andel_procent", "minsta_grupp"
TITLE = "Fel per utförare"


def kinds_table(study: Study) -> Table:
    """Lines with a fault and kronor by kind, and what of it has been credited."""
    wrong = study.wrong
    returned = wrong["fel_kr"].where(wrong["status"] == "krediterad", 0.0)
    kr = wrong[["fel_kr"]].assign(atervunnet_kr=returned).groupby(wrong["slag"])
    sums = kr.sum()
    sums.insert(0, "fel_antal", kr.size())
    frame = sums.reindex([kind for kind in KINDS if kind in sums.index]).reset_index()
    total = pd.DataFrame([{"slag": TOTAL_ROW, **frame.drop(columns="slag").sum()}])
    frame = pd.concat([frame, total], ignore_index=True) if len(frame) else frame
    frame["slag_namn"] = frame["slag"].map(KINDS | {TOTAL_ROW: TOTAL_ROW})
    columns = (
        Column("slag_namn", "Slag av fel"),
        Column("fel_antal", "Rader"),
        Column("fel_kr", "Fakturerat för mycket", signed=True),
        Column("atervunnet_kr", "Varav krediterat"),
    )
    of_all = {"fel_antal": ((ALL, ""),), "fel_kr": ((ALL, ""), (AMOUNT, "")), "atervunnet_kr": ((RETURNED, ""),)}
    kinds = {"fel_antal": KIND, "fel_kr": KIND, "atervunnet_kr": BACK}
    told = {  # the sum is told of as its key figure is
        key: [whole if kind == TOTAL_ROW else ((kinds[key], kind), *whole) for kind in frame["slag"]]
        for key, whole in of_all.items()
    }
    rows = [wrong if kind == TOTAL_ROW else wrong[wrong["slag"] == kind] for kind in frame["slag"]]
    priced = {
        "fel_kr": [money(part["fel_kr"]) for part in rows],
        "atervunnet_kr": [money(part.loc[part["status"] == "krediterad", "fel_kr"]) for part in rows],
    }
    title, note = f"Fel i fakturorna, {period(study, study.wrong_to)}", COUNTED if study.wrong_to else ""
    total, extra = len(frame) > 0, ("slag",)
    return Table("fel_per_slag", title, frame, columns, total, note, extra, "slag", priced=priced, told=told)


def missing_table(study: Study) -> Table:
    """Days that nobody has billed, by month, on the budget row where they will land."""
    rows = study.missing
    frame = rows.groupby("manad").agg(beslut_antal=("row", "nunique"), dygn=("dygn", "sum"), kr=("kr", "sum"))
    frame = frame.reset_index().assign(budgetrad=study.budget_row)
    frame["manad_namn"] = [*map(long_month, frame["manad"])]
    columns = (
        Column("manad_namn", "Månad"),
        Column("kr", "Kommer att faktureras", tells=(MISSING, (LATE, ""))),
        Column("beslut_antal", "Beslut", tells=(MISSING, (LATE, ""))),
        Column("dygn", "Dygn", "dygn", 0, tells=(MISSING, PART, (LATE, ""))),
        Column("budgetrad", "Budgetrad"),
    )
    priced = {"kr": [money(rows.loc[rows["manad"] == manad, "kr"]) for manad in frame["manad"]]}
    note = "Beslut i timmar är inte med: det som inte har fakturerats kan vara det som inte har utförts."
    note += f" {COUNTED}" if study.missing_to else ""
    note += f" {unpriced(study)}" if study.unpriced else ""
    title = "Fakturor som inte har kommit"
    return Table("saknade_fakturor", title, frame, columns, note=note, extra=("manad",), part="manad", priced=priced)


def unpriced(study: Study) -> str:
    """Which decisions are left out since nobody knows what their days cost."""
    titles = study.case.sources.rules.series["insatser"][-1].varde
    names = [titles.get(insats, {}).get("titel", insats).lower() for insats in study.unpriced]
    return f"Beslut utan pris är inte med: {', '.join(names)}."


def period(study: Study, month: int | None = None) -> str:
    """January to a month, the report's last if none is given."""
    number = month or study.tom_manad
    last = MONTH_NAMES[number - 1]
    return f"{last} {study.ar}" if number == 1 else f"januari–{last} {study.ar}"


def stood(study: Study, month: int | None) -> str:
    """To which month a figure is counted where that is not the report's own; "" where it is."""
    return "" if month in (None, study.tom_manad) else f", {period(study, month)}"


def work_lists(study: Study) -> dict[str, Table]:
    """A row a line to look at, and a decision without an invoice; a line leaves when its status comes back."""
    left = study.wrong[~study.wrong["status"].isin(SETTLED)]
    frame = left.sort_values("fel_kr", ascending=False, ignore_index=True)
    frame = frame.assign(slag_namn=frame["slag"].map(KINDS), gor=frame["slag"].map(WHAT_TO_DO))
    for key in ("fran", "till"):
        frame[key] = frame[key].dt.strftime("%Y-%m-%d")
    columns = (
        Column("faktura", "Faktura"),
        Column("beslut", "Beslut"),
        Column("utforare", "Utförare"),
        Column("fran", "Från"),
        Column("till", "Till"),
        Column("slag_namn", "Fel"),
        Column("belopp_kr", "Fakturerat"),
        Column("ratt_kr", "Rätt"),
        Column("fel_kr", "Fakturerat för mycket", signed=True, formula="{belopp_kr}-{ratt_kr}"),
        Column("gor", "Gör så här"),
    )
    return {
        "Fel i fakturor": Table("fel_i_fakturor", "Fel i fakturor", frame, columns),
        "Saknade fakturor": _missing_list(study),
    }


def _missing_list(study: Study) -> Table:
    of_row = study.decisions.iloc[study.missing["row"]].reset_index(drop=True)
    frame = study.missing.reset_index(drop=True).assign(beslut=of_row["beslut"], utforare=of_row["utforare"].fillna(""))
    columns = (
        Column("beslut", "Beslut"),
        Column("utforare", "Utförare"),
        Column("manad", "Månad"),
        Column("dygn", "Dygn", "dygn", 0),
        Column("kr", "Kommer att faktureras"),
    )
    return Table("saknade", "Beslut utan faktura", frame.sort_values("kr", ascending=False, ignore_index=True), columns)


def providers_people(study: Study, name: pd.Series) -> People:
    """Persons behind the lines of each provider, or of those that are shown together."""
    return by_part(study.wrong.assign(namn=name), "namn")


def shown_as(study: Study) -> pd.Series:
    """What each line's provider is called outside working papers.

    A provider stands by itself with at least `minsta_grupp` persons, and only where none has more than the share
    `kontroll.storsta_andel_procent` of the sum: the sum would else say what that one has. The rest are together, and
    take the smallest of those with a name along until they too are enough persons.
    """
    wrong, first = study.wrong, date(study.ar, study.tom_manad, 1)
    name = wrong["utforare"].fillna("")
    fewest, largest = (study.case.rule(rule, first).varde for rule in (FEWEST_RULE, SHARE_RULE))
    persons = wrong.groupby(name)[["steg", "person"]].apply(least).sort_values() if len(wrong) else pd.Series(dtype=int)
    sums = wrong["fel_kr"].abs().groupby(name).sum()
    if len(sums) and sums.max() > largest / 100 * sums.sum():
        return pd.Series(EVERYONE, wrong.index)
    together = persons.index[persons < fewest].tolist()
    named = persons.index[persons >= fewest].tolist()
    while named and together and least(wrong[name.isin(together)]) < fewest:
        together.append(named.pop(0))
    return name.where(~name.isin(together), OTHERS if named else EVERYONE)


def providers_table(study: Study, name: pd.Series) -> Table:
    """Lines with a fault and kronor by provider, as each line's is called, the largest sum first."""
    kr = study.wrong["fel_kr"].groupby(name.rename("namn"))
    frame = pd.DataFrame({"fel_antal": kr.size(), "fel_kr": kr.sum()}).reset_index()
    frame = frame.sort_values("fel_kr", ascending=False, key=abs, ignore_index=True)
    frame["utforare"] = frame["namn"].replace("", "utan utförare")
    columns = (
        Column("utforare", "Utförare"),
        Column("fel_antal", "Rader med fel", tells=(PROVIDERS,)),
        Column("fel_kr", "Fakturerat för mycket", signed=True, tells=(KRONOR,)),
    )
    priced = [money(study.wrong.loc[name == one, "fel_kr"]) for one in frame["namn"]]
    return Table("fel_per_utforare", TITLE, frame, columns, part="namn", priced={"fel_kr": priced})
