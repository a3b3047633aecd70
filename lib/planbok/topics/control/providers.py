"""Kronor by provider: each by name in working papers, and for others only where no one of them is told of alone."""

from datetime import date

import pandas as pd

from planbok.case.result import Column, People, Table
from planbok.topics.control.people import by_part, least, money
from planbok.topics.control.study import Study

OTHERS, EVERYONE = "Övriga utförare", "Alla utförare"
PROVIDERS, KRONOR = "fel per utförare", "kronor per utförare"  # the same people: kronor may be withheld alone
SHARE_RULE, FEWEST_RULE = "kontroll.storsta_andel_procent", "minsta_grupp"
TITLE = "Fel per utförare"


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
    return name.where(~name.isin(together), OTHERS)


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
