"""What stands beside the hours in the report on sick leave: spells, rosters, operations and dials, in plain Python."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from math import floor, inf, isnan, nan
from typing import Any

from oracle import staffing_rows as raw
from oracle.staffing_hours import UNIT, share
from oracle.staffing_report import Report
from oracle.staffing_rows import number
from oracle.staffing_year import KINDS, Book, slug

DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
PRESENCE = ("aktiv", "vaken_natt", "sovande_jour", "jour")
KINDS_OF_SIGNAL = {"upprepad_korttid": "personer", "langre_an_tva_veckor": "sjukperioder", "kontakt": "sjukperioder"}
ENDS = (-100.0, 100.0)
TRIED = {"underlag": "antagande", "motivering": "Prövad i rapporten"}
Spell = tuple[date, date, int]  # first day, last day, days of illness


def spells(of: Report, last: date, relapse: int) -> dict[str, list[Spell]]:
    """Each person's spells: sets of days ill, the next set within so many days being the same spell."""
    ill: dict[str, set[date]] = defaultdict(set)
    for row in raw.rows(of.data, "sjukfall", enhet=of.enhet):
        first, end = (date.fromisoformat(row[name] or last.isoformat()) for name in ("fran", "till"))
        ill[row["person"]] |= {first + timedelta(n) for n in range((min(end, last) - first).days + 1)}
    found: dict[str, list[Spell]] = {}
    for person, days in ill.items():
        runs: list[list[date]] = []
        for day in sorted(days):
            if runs and (day - runs[-1][-1]).days <= max(relapse, 1):
                runs[-1].append(day)
            else:
                runs.append([day])
        found[person] = [(run[0], run[-1], len(run)) for run in runs]
    return found


def months_later(day: date, months: int) -> date:
    number_ = day.year * 12 + day.month - 1 + months
    ar, month = number_ // 12, number_ % 12 + 1
    return date(ar, month, min(day.day, monthrange(ar, month)[1]))


def signals(of: Report) -> list[dict[str, Any]]:
    """The table signaler: on which days somebody calls for the manager, from January and in the last month."""
    rule = {key.removeprefix("sjuksignal."): values[0][2] for key, values in of.rules.items() if "sjuksignal" in key}
    last = date(of.ar, of.tom, monthrange(of.ar, of.tom)[1])
    days: dict[str, list[tuple[str, date]]] = {name: [] for name in KINDS_OF_SIGNAL}
    for person, its in spells(of, last, rule["aterinsjuknande_dagar"]).items():
        short = [first for first, _, ill in its if ill <= rule["kort_dagar"]]
        for at in range(rule["korta_antal"] - 1, len(short)):
            if short[at] < months_later(short[at - rule["korta_antal"] + 1], rule["fonster_manader"]):
                days["upprepad_korttid"].append((person, short[at]))
        for name, limit in (("langre_an_tva_veckor", rule["lang_dagar"]), ("kontakt", rule["kontakt_dagar"])):
            days[name] += [(person, end - timedelta(ill - limit - 1)) for _, end, ill in its if ill > limit]
    found = []
    for signal, what in KINDS_OF_SIGNAL.items():
        row: dict[str, Any] = {"signal": signal, "avser": what}
        for name, first in (("antal", date(of.ar, 1, 1)), ("antal_manaden", date(of.ar, of.tom, 1))):
            persons = [person for person, day in days[signal] if first <= day <= last]
            row[name] = len(set(persons)) if what == "personer" else len(persons)
        found.append(row)
    return found


def ends(text: str) -> tuple[float, float]:
    """A number or a range."""
    parts = [number(part) for part in (text or "").split("–")]
    return parts[0], parts[-1]


def operations(of: Report) -> list[dict[str, Any]]:
    """The table personal: each operation, and the unit by its total row, else by their sum."""
    rows, total = [], {}
    for line in raw.rows(of.data, "verksamheter", enhet=of.enhet):
        row: dict[str, Any] = {"verksamhet": line["verksamhet"], "chefer": number(line.get("chefer"))}
        for name in ("brukare", "medarbetare", "arsarbetare"):
            row[f"{name}_lag"], row[f"{name}_hog"] = ends(line.get(name, ""))
        if line["verksamhet"] == "Totalt":
            total = row
        else:
            rows.append(row)
    unit: dict[str, Any] = {"verksamhet": UNIT}
    for name in [key for key in rows[0] if key != "verksamhet"]:
        stated, known = total.get(name, nan), [row[name] for row in rows if not isnan(row[name])]
        whole = known and (len(known) == len(rows) or name.startswith(("brukare", "chefer")))
        unit[name] = sum(known) if whole else nan
        if name != "chefer" and not isnan(stated):
            unit[name] = stated
    found = []
    for row in [*rows, unit]:
        per_head = {}
        for staff in ("medarbetare", "arsarbetare"):
            per_head[f"brukare_per_{staff}_lag"] = row["brukare_lag"] / (row[f"{staff}_hog"] or nan)
            per_head[f"brukare_per_{staff}_hog"] = row["brukare_hog"] / (row[f"{staff}_lag"] or nan)
        per_manager = row["medarbetare_lag"] / (row["chefer"] or nan) if row is unit else nan
        shown = {key: its for key, its in row.items() if key != "chefer"}
        found.append({**shown, **per_head, "medarbetare_per_chef": per_manager})
    return found


def headcounts(of: Report) -> dict[str, float]:
    """The operations' employees together, and those that the total row states."""
    lowest = {line["verksamhet"]: ends(line["medarbetare"])[0] if "–" not in line["medarbetare"] else nan
              for line in raw.rows(of.data, "verksamheter", enhet=of.enhet)}  # fmt: skip
    stated = lowest.pop("Totalt", nan)
    return {"medarbetare_summa": sum(lowest.values()), "medarbetare_angivet": stated}


def rosters(of: Report) -> list[dict[str, Any]]:
    """The table tackning, minute by minute of each weekday."""
    by_group: dict[str, dict[str, list[list[float]]]] = {}
    for row in raw.rows(of.data, "schema", enhet=of.enhet):
        kinds = by_group.setdefault(row["grupp"], {kind: [[0.0] * 1440 for _ in DAYS] for kind in PRESENCE})
        start, end = (int(row[name][:2]) * 60 + int(row[name][3:]) for name in ("fran_kl", "till_kl"))
        for minute in range(1440):
            if start <= minute < end or (end <= start and (minute >= start or minute < end)):
                kinds[row["slag"]][int(row["veckodag"]) - 1][minute] += float(row["antal"])
    rule = raw.value(of.rules, "bemanning.minsta_narvaro", date(of.ar, 12, 31))
    found = []
    for group, kinds in sorted(by_group.items()):
        there = [[sum(kinds[kind][day][minute] for kind in PRESENCE) for minute in range(1440)] for day in range(7)]
        hours = {f"{kind}_h": sum(n > 0 for day in kinds[kind] for n in day) / 60 for kind in PRESENCE}
        covered = sum(n > 0 for day in there for n in day) / 60
        fewest = min((n for day in there for n in day if n > 0), default=0.0)
        needed = next(
            (rule[name] for name in sorted(rule, key=len, reverse=True) if slug(group).startswith(name)), None
        )
        low, high = (needed["lagst"], needed["hogst"]) if needed else (nan, nan)
        asked = "–" if needed is None else f"{low}" if low == high else f"{low}–{high}"
        row = {"grupp": group, "tackning_h": covered, "tackning_procent": share(covered, 168), **hours}
        found.append(
            row | {"obemannad": _empty(there), "minst_antal": fewest, "krav": asked, "lediga_antal": fewest - high}
        )
    used = [f"{kind}_h" for kind in PRESENCE if any(row[f"{kind}_h"] for row in found)]
    return [{key: its for key, its in row.items() if key in used or key[:-2] not in PRESENCE} for row in found]


def _empty(there: list[list[float]]) -> str:
    """When nobody is there, weekdays in a row with the same hours together."""
    said = []
    for gaps, days in groupby(range(7), key=lambda day: _gaps(there[day])):
        listed = [*days]
        if gaps:
            name = DAYS[listed[0]] + (f"–{DAYS[listed[-1]]}" if len(listed) > 1 else "")
            said.append(f"{name} {gaps}")
    return "; ".join(said)


def _gaps(day: list[float]) -> str:
    found = []
    for empty, minutes in groupby(range(1440), key=lambda minute: day[minute] == 0):
        listed = [*minutes]
        if empty:
            found.append("–".join(f"{at // 60}.{at % 60:02d}" for at in (listed[0], listed[-1] + 1)))
    return ", ".join(found)


def dials(of: Report) -> dict[str, dict[str, Any]]:
    """The page's dials of points: how far they go, and how far each month and figure moves by a hundred points."""
    if not of.left or not of.base.agreed(of.left) or isnan(of.outlook.varde):
        return {}
    groups = {"alla": of.base.groups}
    largest = sorted(of.base.groups, key=lambda group: -of.base.agreed(of.left, group))[:3]
    if len(of.base.groups) > 1:
        groups |= {f"grupp_{of.base.groups.index(group) + 1}": [group] for group in largest
                   if of.base.agreed(of.left, group)}  # fmt: skip
    found = {}
    for name, its in groups.items():
        hours = [sum(of.base.agreed([m], group) for group in its) for m in of.left]
        whole = {"prognos_ar_procent": of.base.agreed(), "prognos_resten_procent": of.base.agreed(of.left)}
        drawn = {f"vantas.{m + 1}": 100 * hour / of.base.agreed([m])
                 for m, hour in zip(of.left, hours, strict=True) if of.base.agreed([m])}  # fmt: skip
        lowest = min((100 * of.now.sick(group, m)[0] / of.base.hours[group, m][0]
                      for group in its for m in of.left if of.base.hours[group, m][0]), default=inf)  # fmt: skip
        andring = {"typ": "sjukfranvaro", "enhet": of.enhet, "grupp": "alla" if name == "alla" else its[0]}
        andring |= {"procentenheter": f"{{{name}}}", "fran": f"{of.ar}-{of.tom + 1:02d}-01", **TRIED}
        found[name] = {
            "minst": -min(floor(lowest / 2 * 10 + 1e-6) / 10, 5.0),
            "verkar_pa": {key: 100 * sum(hours) / hour for key, hour in whole.items()},
            "ritar": drawn,
            "andring": andring,
        }
    return found


def mixes(of: Report) -> dict[int, dict[str, float]]:
    """Where the dial of hired staff may stand: the shares in steps of five per cent from the rules' own."""
    days = [day for m in of.left for day in of.now.days(m)]
    shares = [of.now.book.value("ersattare.fordelning", day) for day in days]
    if any(one != shares[0] for one in shares) or not shares:
        return {}
    hired, both = 100 * shares[0].get("inhyrd", 0.0), 100 * sum(shares[0].get(k, 0.0) for k in ("inhyrd", "timavlonad"))
    steps = [step for step in range(-20, 21) if 0 <= hired + 5 * step <= both]
    return {step: {"timavlonad": (both - hired - 5 * step) / 100, "overtid": shares[0].get("overtid", 0.0),
                   "inhyrd": (hired + 5 * step) / 100} for step in steps}  # fmt: skip


def rest_cost(of: Report, group: str, points: float, shares: Mapping[str, float] | None) -> float:
    """What replacing the sick costs in the rest of the year with so many points more in a group, by a mix."""
    kr = 0.0
    for m in of.left:
        for day in of.now.days(m):
            price = of.price(day) if shares is None else _price(of.now.book, shares, day)
            for its in of.base.groups:
                agreed, sick = of.base.hours[its, m][:2]
                more = of.now.points(its, day) + (points if group in ("alla", its) else 0.0)
                kr += (sick + agreed * more / 100) / len(of.now.days(m)) * price
    return kr


def _price(book: Book, shares: Mapping[str, float], day: date) -> float:
    return sum(shares[kind] * book.value(f"ersattare.kr_per_timme.{kind}", day) for kind in KINDS if shares[kind])
