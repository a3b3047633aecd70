"""The follow-up's other tables: measures, balance, operations, what a user, an hour and a place cost, who pays."""

from math import ceil, isnan, nan

from oracle.follow_up_changes import Change, Part, Under
from oracle.follow_up_oracle import SIGN, Leaf, Unit, rows
from oracle.raw import NAMES

STATES = {"verkstalld": "verkställd", "beslutad": "beslutad", "planerad": "planerad"}
SUMS = ("hittills", "sedd", "kvar", "ar", "helar")
PAYS = {"anslag": "Anslag", "intakt": "Intäkter", "": "Ej angivet"}
SHOWN = ("utfall", "modell", "forandringar", "bedomning", "prognos", "atgarder")


def in_words(day: str) -> str:
    return f"{int(day[8:])} {NAMES[int(day[5:7]) - 1]} {day[:4]}"


def late(change: Change, under: Under) -> bool:
    """Meant to have begun by now, and not carried out."""
    return change["status"] != "verkstalld" and change["fran"][:7] <= f"{under.unit.ar}-{under.tom:02d}"


def state(change: Change, under: Under) -> str:
    likely = f", {100 * change['sannolikhet_andel']:.0f}\u00a0% sannolik" if "sannolikhet_andel" in change else ""
    name, day = STATES[change["status"]], in_words(change["fran"])
    if not late(change, under):
        return f"{name}, från {day}{likely}"
    how = "blev inte av i år" if under.tom == 12 else f"räknas från {NAMES[under.tom]}"
    return f"{name}, skulle ha börjat {day}: {how}{likely}"


def latest(change: Change, kvar: float, under: Under) -> str:
    """The last month in which the measure can begin and alone close what the others leave."""
    totals = under.totals
    left = totals["prognos"] + totals["atgarder"] - totals["budget"]
    missing = left - (0.0 if change["status"] == "planerad" else kvar)
    monthly = change["kr_per_manad"] * change.get("sannolikhet_andel", 1.0) * (1 if change["sida"] == "intakt" else -1)
    if under.tom == 12 or isnan(missing):
        return ""
    if missing <= 0:
        return "behövs inte för balans"
    needed = ceil(missing / monthly)
    return NAMES[12 - needed] if needed <= 12 - under.tom else "räcker inte ensam i år"


def measures(under: Under) -> list[dict]:
    """Each measure by its state, then what is decided and what is only planned."""
    found = []
    for nr, change in enumerate(under.changes, start=1):
        if change["typ"] == "atgard":
            parts = [part for part in under.parts if part.nr == nr]
            kr = {name: sum(getattr(part, name) for part in parts) for name in SUMS}
            sizes = [change.get(f"kr_per_manad_{end}", change["kr_per_manad"]) for end in ("lag", "hog")]
            ends = sorted(kr["kvar"] * size / change["kr_per_manad"] / 1e6 for size in sizes)
            found.append(
                {
                    **{key: change[key] for key in ("namn", "budgetrad", "status", "fran")},
                    "lage": state(change, under),
                    "sen": "sen" if late(change, under) else "",
                    **{f"{name}_mnkr": value / 1e6 for name, value in kr.items()},
                    "kvar_lag_mnkr": ends[0],
                    "kvar_hog_mnkr": ends[1],
                    "sannolikhet_andel": change.get("sannolikhet_andel", nan),
                    "senast": latest(change, kr["kvar"], under),
                }
            )
    found.sort(key=lambda row: list(STATES).index(row["status"]))
    summed = [key for key in found[0] if key.endswith("_mnkr")]
    text = dict.fromkeys(("budgetrad", "status", "fran", "lage", "sen", "senast"), "")
    for name, planned in (("Beslutat och verkställt", False), ("Planerat, inte beslutat", True)):
        own = [row for row in found if (row["status"] == "planerad") == planned and "lage" in row and row["lage"]]
        sums = {key: sum(row[key] for row in own) for key in summed}
        found.append({"namn": name, **text, **sums, "sannolikhet_andel": nan})
    return found


def other_changes(under: Under) -> list[dict]:
    """Changes that are no measure and no judgement, in the year, over a full year and still to come; the net's sum."""
    found: list[dict] = []
    for nr in range(1, len(under.changes) + 1):
        own = [part for part in under.parts if part.nr == nr and part.typ not in ("atgard", "bedomning")]
        if own:
            kr = {f"{name}_kr": sum(getattr(part, name) for part in own) for name in ("ar", "helar", "kvar")}
            found.append({"galler": "Ram" if own[0].side == 2 else "Nettokostnad", **kr})
    net = [row for row in found if row["galler"] != "Ram"]
    total = {key: sum(row[key] for row in net) for key in ("ar_kr", "helar_kr", "kvar_kr")}
    return [*found, {"galler": "", **total}]


def judgements(under: Under) -> list[dict]:
    own: list[Part] = [part for part in under.parts if part.typ == "bedomning"]
    keys = ("budgetrad", "datum", "motivering")
    return [{**{key: part.change[key] for key in keys}, "kr": part.kvar} for part in own]


def balance(under: Under) -> list[dict]:
    """What one more measure must bring a month, by when it begins: from the month after next."""
    gap, unit = under.totals["gap"], under.unit
    if isnan(gap) or not gap or under.tom > 10:
        return []
    by_row = {row: [leaf for leaf in unit.now if leaf[0] == row] for row in unit.names}
    net = {row: [sum(unit.months(x)[m] + under.ahead(x)[m] for x in by_row[row]) for m in range(12)] for row in by_row}
    largest = max(net.values(), key=sum)
    found = []
    for month in range(under.tom + 2, 13):
        kr, first = gap / (13 - month), gap / (11 - under.tom)
        row = {"manad": NAMES[month - 1], "kr_per_manad": kr, "drojsmal_kr": kr - first}
        found.append({**row, "procent": 100 * gap / sum(largest[month - 1 :])})
    return found


def budget_of(under: Under, leaf: Leaf) -> float:
    return under.by_leaf[leaf]["budget"] + under.by_leaf[leaf]["ram"]


def operations(unit: Unit) -> list[str]:
    return list(dict.fromkeys(operation for _, operation in unit.now if operation))


def of_operation(under: Under, name: str) -> dict[str, float]:
    """The figures of an operation's leaves; its budget is unknown where one of them has none of its own."""
    leaves = [leaf for leaf in under.unit.now if leaf[1] == name]
    money = {key: sum(under.by_leaf[leaf][key] for leaf in leaves) for key in SHOWN}
    return {**money, "budget": sum(budget_of(under, leaf) for leaf in leaves)}


def pays(unit: Unit, operation: str) -> str:
    """What pays for an operation, as its rows of the budget say."""
    stated = rows(unit.folder, "budget", enhet=unit.enhet, ar=str(unit.ar), version=unit.version, verksamhet=operation)
    booked = {row for row, part in unit.now if part == operation}
    names = {row["finansiering"] for row in stated if row["budgetrad"] in booked} - {""}
    return "/".join(PAYS[name] if len(names) == 1 else name for name in sorted(names))


def per_user(under: Under) -> list[dict]:
    """An operation's prognosis and budget over its users, the middle of what is stated."""
    found = []
    for name in operations(under.unit):
        stated = rows(under.unit.folder, "verksamheter", enhet=under.unit.enhet, verksamhet=name)
        if stated and stated[0]["brukare"]:
            ends = [float(text) for text in stated[0]["brukare"].split("–")]
            users, kr = sum(ends) / len(ends), of_operation(under, name)
            money = {"kr_per_brukare": kr["prognos"] / users, "budget_kr_per_brukare": kr["budget"] / users}
            found.append({"verksamhet": name, "brukare_antal": users, "prognos_mnkr": kr["prognos"] / 1e6, **money})
    return found


def per_hour(under: Under) -> list[dict]:
    """Booked so far over hours worked in the same months, this year and the year before; all months must be there."""
    unit, found = under.unit, []
    for name in operations(unit):
        row: dict = {"verksamhet": name}
        for ar, suffix in ((unit.ar, ""), (unit.ar - 1, "_fore")):
            staffed = rows(unit.folder, "bemanning", enhet=unit.enhet, verksamhet=name)
            own = [r for r in staffed if f"{ar}-01" <= r["manad"] <= f"{ar}-{unit.tom:02d}"]
            hours = sum(float(r["arbetad_tid_h"]) for r in own)
            hours = hours if len({r["manad"] for r in own}) == unit.tom else nan
            money = unit.now if ar == unit.ar else dict(unit.past)[ar]
            leaves = [kr for leaf, kr in money.items() if leaf[1] == name]
            row[f"kr_per_timme{suffix}"] = (
                sum(SIGN[i] * sum(kr[i][: unit.tom]) for kr in leaves for i in (0, 1)) / hours
            )
            row |= {"arbetad_tid_h": hours} if ar == unit.ar else {}
        found.append(row)
    return found


def per_place(under: Under) -> list[dict]:
    """A home's prognosis and budget over its places, where an operation or a row has its name."""
    unit, found = under.unit, []
    for name in dict.fromkeys(operation or row for row, operation in unit.now):
        leaves = [leaf for leaf in unit.now if (leaf[1] or leaf[0]) == name]
        home = rows(unit.folder, "boenden", enhet=unit.enhet, boende=name.lower().replace("ö", "o").replace("å", "a"))
        if home:
            places = float(home[0]["platser"])
            money = [sum(under.by_leaf[x]["prognos"] for x in leaves), sum(budget_of(under, x) for x in leaves)]
            kr = {"kr_per_plats": money[0] / places, "budget_kr_per_plats": money[1] / places}
            found.append({"boende": name, "platser_antal": places, **kr})
    return found


def financing(unit: Unit) -> list[dict]:
    """The budget by what pays for it, the rest unstated, and what five per cent fewer users take from it, mnkr."""
    stated = rows(unit.folder, "budget", enhet=unit.enhet, ar=str(unit.ar), version=unit.version)
    parted = {row["budgetrad"] for row in stated if row["verksamhet"]}
    found: dict[str, float] = {}
    for row in stated:
        if row["finansiering"] and (row["verksamhet"] or row["budgetrad"] not in parted):
            net = float(row["kostnad_mnkr"]) - float(row["intakt_mnkr"])
            found[row["finansiering"]] = found.get(row["finansiering"], 0.0) + net
    whole = sum(kr[0] - kr[1] for kr in unit.parts.values()) / 1e6
    found[""] = whole - sum(found.values())
    change = {name: -0.05 * kr if name == "intakt" else 0.0 for name, kr in found.items()}
    keys = ("finansiering", "budget_mnkr", "andring_mnkr", "namn")
    table = [(name, kr, change[name], PAYS[name]) for name, kr in found.items()]
    total = ("Totalt", whole, sum(change.values()), "Totalt")
    return [dict(zip(keys, row, strict=True)) for row in [*table, total]]
