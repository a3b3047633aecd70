"""Activities, controls, surveys, training, goals and the year's days worked out by hand."""

from calendar import monthrange
from datetime import date, timedelta
from math import sqrt

from oracle import raw
from oracle.goal_rows import YEAR, Row
from oracle.goals import MONTHS, OWNERS, Indicator, Unit, occasion, path

CAUSES = {"": "", "resurs": "resurser", "tid": "tid"}
INTERVALS = {"manad": 1, "kvartal": 3, "tertial": 4, "halvar": 6, "ar": 12}
OFTEN = dict(zip(INTERVALS, ("månad", "kvartal", "tertial", "halvår", "år"), strict=True))
RESULTS = {"": "", "utan_anmarkning": "utan anmärkning", "anmarkning": "anmärkning", "ej_utford": "inte utförd"}
ASSESSED = {"helt": "uppfylls helt", "delvis": "uppfylls delvis", "inte": "uppfylls inte"}
Z = 1.959963984540054  # of a normal distribution, 95 per cent in the middle


def last_day(month: int, ar: int = YEAR) -> date:
    return date(ar, month, monthrange(ar, month)[1])


def state(row: Row, day: date) -> str:
    """How an activity stands on a day."""
    if row["status"] == "klar" and row["klar_datum"] <= day:
        return "klar"
    if row["status"] == "avbruten":
        return "avbruten"
    if row["till"] < day:
        return "försenad"
    return "pågår" if row["fran"] <= day and row["status"] != "ej_paborjad" else "inte börjad"


def activities(unit: Unit, day: date) -> list[Row]:
    """The year's activities, the latest first."""
    found = []
    for row in unit.rows("aktiviteter", ar=YEAR):
        lage = state(row, day)
        late = (day - row["till"]).days if lage == "försenad" else 0
        odd = row["till"].year == YEAR and row["till"].month == 1 and row["fran"].year < YEAR
        asked = "kontrollera slutdatum" if odd and lage not in ("klar", "avbruten") else ""
        shown = {"aktivitet": row["aktivitet"], "lage": lage, "dagar": f"{late} dagar" if late else ""}
        shown |= {"till": str(row["till"]), "fran": str(row["fran"]), "mal": path(row)[-1], "kalla": row["kalla"]}
        shown |= {"agare": OWNERS[row["agare"]], "avvikelse": CAUSES[row["avvikelse"]], "anmarkning": asked}
        found.append(shown | {"forsenad_dagar": late})
    return sorted(found, key=lambda row: (-row["forsenad_dagar"], row["till"]))


def over_the_year(unit: Unit, per: str) -> list[Row]:
    """How many are done, running and late on each report's day so far."""
    found = []
    for month in (month for month in MONTHS.values() if month <= MONTHS[per]):
        day = last_day(month)
        stands = [state(row, day) for row in unit.rows("aktiviteter", ar=YEAR)]
        counts = {lage: stands.count(lage) for lage in ("klar", "pågår", "försenad")}
        found.append({"dag": f"{day.day} {raw.NAMES[month - 1]} {YEAR}"} | counts)
    return found


def due(row: Row, done: date | None) -> date:
    """The last day of the interval after the one in which it was done; of the year's first where it has not been."""
    months = INTERVALS[row["intervall"]]
    number = YEAR * 12 if done is None else ((done.year * 12 + done.month - 1) // months + 1) * months
    ends = number + months - 1
    return last_day(ends % 12 + 1, ends // 12)


def controls(unit: Unit, per: str) -> list[Row]:
    """The year's controls, the largest risk first."""
    day, month, found = last_day(MONTHS[per]), MONTHS[per], []
    first = date(YEAR, month - 3, 1)  # of the tertial
    for row in unit.rows("kontroller", ar=YEAR):
        when = date.fromisoformat(row["senast"]) if row["senast"] else None
        later = when is not None and when > day
        done = None if later or row["resultat"] == "ej_utford" else when
        ends = due(row, done)
        state = (
            "gjord senare" if later else "förfallen" if ends < day else "utförd" if done and done >= first else "väntar"
        )
        shown = {name: row[name] for name in ("process", "risk", "kontroll")}
        shown |= {
            "riskvarde": row["sannolikhet"] * row["konsekvens"],
            "nasta": "" if later else str(ends),
            "lage": state,
        }
        shown |= {"senast_utford": str(done) if done else "", "intervall": f"varje {OFTEN[row['intervall']]}"}
        found.append(shown | {"resultat": RESULTS[row["resultat"]]})
    return sorted(found, key=lambda row: -row["riskvarde"])


def matrix(unit: Unit) -> list[Row]:
    """How many risks there are of each consequence and likelihood."""
    rows = [(row["konsekvens"], row["sannolikhet"]) for row in unit.rows("kontroller", ar=YEAR)]
    return [{"konsekvens": f"{k}"} | {f"s{s}": rows.count((k, s)) for s in range(1, 6)} for k in (5, 4, 3, 2, 1)]


def verdict(now: Row, then: Row) -> str:
    """Agresti and Caffo: two are added to the answers of each, one of them positive."""
    shares, wide = [], 0.0
    for row in (now, then):
        answers = row["svarande"] + 2
        shares.append((row["svarande"] * row["andel_procent"] / 100 + 1) / answers)
        wide += shares[-1] * (1 - shares[-1]) / answers
    between = shares[0] - shares[1]
    if abs(between) <= Z * sqrt(wide):
        return "ingen säker skillnad"
    return f"säker skillnad: {'högre' if between > 0 else 'lägre'}"


def surveys(unit: Unit) -> list[Row]:
    """The answers of three years."""
    rows = [row for row in unit.rows("enkat") if YEAR - 2 <= row["ar"] <= YEAR]
    rows, found, then = sorted(rows, key=lambda row: (row["fraga"], row["ar"])), [], None
    for row in rows:
        then = then if then and then["fraga"] == row["fraga"] else None
        rate = 100 * row["svarande"] / row["utskickade"] if row["utskickade"] else None
        said = {"fraga": row["fraga"], "ar": f"{row['ar']}", "andel_procent": row["andel_procent"]}
        said |= {"svarande_antal": row["svarande"], "svarsfrekvens_procent": rate, "del": (f"{len(found)}", "")}
        said |= {"skillnad_procent": row["andel_procent"] - then["andel_procent"] if then else None}
        found.append(said | {"omdome": verdict(row, then) if then else "inget tidigare år"})
        then = row
    return found


def training(unit: Unit, per: str) -> list[Row]:
    """The latest period of each group and requirement up to the report, in order of time."""
    rows = [row for row in unit.rows("kompetens") if occasion(row["period"]) <= (YEAR, MONTHS[per])]
    rows, last = sorted(rows, key=lambda row: occasion(row["period"])), {}
    for row in rows:
        last[row["grupp"], row["krav"]] = row
    found = []
    for row in (row for row in rows if last[row["grupp"], row["krav"]] is row):
        share = 100 * row["har"] / row["av"] if row["av"] else None
        said = {"krav": row["krav"], "grupp": row["grupp"], "period": row["period"], "andel_procent": share}
        said |= {"har_antal": row["har"], "av_antal": row["av"]}
        found.append(
            said | {"del": (f"{row['krav'].casefold()} {'-'.join(map(str, occasion(row['period'])))}", row["grupp"])}
        )
    return found


def trained(unit: Unit) -> dict[tuple[str, str], int]:
    """The staff that each requirement and period is counted of, by group."""
    found = {}
    for row in unit.rows("kompetens"):
        of = f"{row['krav'].casefold()} {'-'.join(map(str, occasion(row['period'])))}"
        found[of, row["grupp"]] = row["av"]
    return found


def goals(unit: Unit, per: str, its: list[Indicator]) -> list[tuple[tuple[str, ...], list[Indicator], list[Row]]]:
    """Every goal with all under it, KF's first and what is under it inside, in the plan's order."""
    acts = [(row, next(r for r in unit.rows("aktiviteter") if r["aktivitet"] == row["aktivitet"])) for row in
            activities(unit, last_day(MONTHS[per]))]  # fmt: skip
    every = [*(levels(it.row) for it in its), *(levels(row) for _, row in acts)]
    seen = list(dict.fromkeys(way[:depth] for way in every for depth in range(1, len(way) + 1)))

    def under(above: tuple) -> list:
        return [w for way in seen if way[:-1] == above for w in (way, *under(way))]

    found = []
    for way in under(()):
        own = [it for it in its if levels(it.row)[: len(way)] == way]
        found.append((way, own, [shown for shown, row in acts if levels(row)[: len(way)] == way]))
    return found


def levels(row: Row) -> tuple[tuple[str, str], ...]:
    """The goals that a row stands under, from the top, with their level."""
    names = {"kf_mal_text": "KF:s mål", "namndmal_text": "Nämndmål", "enhetsmal_text": "Enhetsmål"}
    return tuple((said, row[name]) for name, said in names.items() if row[name]) or (("", "Utan angivet mål"),)


def goal_rows(unit: Unit, per: str, its: list[Indicator]) -> list[Row]:
    """The table of goals."""
    found = []
    said = {
        r["mal_text"].casefold(): r for r in unit.rows("malbedomning") if occasion(r["period"]) == (YEAR, MONTHS[per])
    }
    for way, own, acts in goals(unit, per, its):
        level, text = way[-1]
        states, judged = [it.state for it in own if it.counts], said.get(text.casefold())
        met, missed = states.count("klaras"), states.count("klaras inte")
        row = {"del": (f"m{len(found)}", ""), "niva": level, "mal": "– " * (len(way) - 1) + text}
        row |= {"klaras_antal": met, "klaras_inte_antal": missed, "ovriga_antal": len(states) - met - missed}
        row["bedomning"] = f"{ASSESSED[judged['bedomning']]} ({judged['av_roll']})" if judged else "inte bedömt"
        row |= {"aktiviteter_antal": len(acts), "forsenade_antal": [act["lage"] for act in acts].count("försenad")}
        row["kf_inriktning"] = next(filter(None, (it.row["kf_inriktning"] for it in own)), "")
        found.append(row)
    return found


def year_wheel(unit: Unit, per: str) -> list[Row]:
    """The year's days in order."""
    days = {(last_day(m), "uppföljning", f"Månadsuppföljning {name}") for m, name in enumerate(raw.NAMES, 1)}
    names = {4: "Tertialrapport 1", 8: "Tertialrapport 2", 12: "Verksamhetsberättelse"}
    days |= {(last_day(month), "rapport", name) for month, name in names.items()}
    measured = raw.rule("lss_peng", "lss_peng.matdatum", date(YEAR, 1, 1))
    for number, day in enumerate(measured.values(), 1):
        days.add((date.fromisoformat(f"{YEAR}-{day}"), "mätning", f"Prestationsmätning {number}"))
    if unit.rows("assistanstimmar", insats="personlig_assistans"):
        for month in range(1, 13):
            worked = date(YEAR, month, 1) - timedelta(32)  # two months earlier: a hit on it, whatever their lengths
            said = f"{raw.NAMES[worked.month - 1]} {worked.year}"
            days.add((date(YEAR, month, 5), "krav", f"Sista dag att begära assistansersättning för {said}"))
    for row in unit.rows("kontroller", ar=YEAR):
        months = INTERVALS[row["intervall"]]
        days |= {(last_day(month), "intern kontroll", row["kontroll"]) for month in range(months, 13, months)}
    for row in unit.rows("aktiviteter", ar=YEAR):
        days |= (
            {(row["till"], "aktivitet", f"Ska vara klart: {row['aktivitet']}")} if row["till"].year == YEAR else set()
        )
    for kind, events in raw.rule("mal", "arshjul.aterkommande").items():
        days |= {(date.fromisoformat(f"{YEAR}-{day}"), kind, said) for said, its in events.items() for day in its}
    return [
        {"manad": raw.NAMES[day.month - 1], "dag": str(day), "vad": said, "slag": kind}
        for day, kind, said in sorted(days)
    ]
