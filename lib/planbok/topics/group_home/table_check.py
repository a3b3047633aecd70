"""What can't be right in the tables of homes and flats, beyond their form: every faulty row, all at once."""

import pandas as pd

from planbok.base.errors import Fault, InputError
from planbok.base.workspace import shown
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.reading import UnsoundTableError
from planbok.lss.price_book import levels
from planbok.topics.group_home.homes import flat_faults, home_faults

OWN_CODES = {
    *("no_places", "after_opening", "negative", "unknown_regi", "unknown_insats", "unknown_boende"),
    *("unknown_household", "before_opening", "too_many_flats", "unknown_level"),
}


def read_tables(collection: Collection, rules: Rules | None) -> tuple[pd.DataFrame, pd.DataFrame, list[Fault]]:
    """Homes and flats as far as they can be read, and every fault in them."""
    frames, faults = [], []
    for name in ("boenden", "lagenheter"):
        try:
            frames.append(collection.read(name).frame)
        except UnsoundTableError as error:
            faults += error.faults
            frames.append(error.frame)
    insatser = rules.series["insatser"][-1].varde if rules and "insatser" in rules.series else None
    faults += home_faults(frames[0], insatser, shown(collection.path("boenden")))
    faults += flat_faults(frames[1], frames[0], levels(rules) if rules else {}, shown(collection.path("lagenheter")))
    return frames[0], frames[1], faults


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """What is wrong in the tables of homes beyond their form, which those who read every table say."""
    there = [collection.has(name) for name in ("boenden", "lagenheter")]
    if not all(there):
        return []
    try:
        _, _, faults = read_tables(collection, rules)
    except InputError:  # a table that can't be read at all
        return []
    return [fault for fault in faults if fault.code in OWN_CODES]
