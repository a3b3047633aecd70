"""Indicators worked out by hand: outcome, targets, how it stands and what is said, from rows and rules' files."""

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from oracle import raw
from oracle.goal_rows import IDS, UNIT, YEAR, Row

MONTHS = {"T1": 4, "T2": 8, "VB": 12}
STEPS = {"Månad": 1, "Kvartal": 3, "Tertial": 4, "Halvår": 6, "År": 12}
LEVELS = {"arsmal": "enhetens mål", "namndmal": "nämndens mål", "kf_arsmal": "kommunfullmäktiges mål"}
SIGNS = {True: "✓ klaras", False: "✗ klaras inte", None: "inget håll är bra"}
OWNERS = {"": "enheten", "enhet": "enheten", "namnd": "nämnden", "kf": "kommunfullmäktige"}
UNITS = {"procent": ["%", "procent"], "antal": ["st", "personer"], "index": []}
SHOWN = {"": "%", "procent": "%", "antal": "st", "index": ""}
GAPS = {"procent": "procentenheter", "antal": "", "index": "enheter"}
At = tuple[int, int]  # a year and the month that an occasion ends with


def swedish(number: float, decimals: int) -> str:
    """A number as Swedes write it, halves away from zero."""
    exact = Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{exact:,f}".replace(",", " ").replace(".", ",")


@dataclass
class Stated:
    """A target or an outcome as it is shown, its number, what stands in the way, and what is said of it."""

    text: str = ""
    number: float | None = None
    why: str = ""
    note: str = ""


@dataclass
class Outcome:
    """What is known on an occasion."""

    said: Stated
    source: str
    persons: float | None = None
    rule: str = "minsta_grupp"
    forecast: str = ""
    counted: str = ""


def stated(text: str, unit: str, city: bool = False) -> Stated:
    """A printed number with its unit, held against the indicator's unit."""
    found = re.fullmatch(r"(\d+)(?:\.(\d+))?(?: ?([^\d.].*))?", text)
    if not found:
        return Stated(text, None, "text, inget tal" if text else "inget mål")
    number, decimals, said = float(text.split(" ")[0].rstrip("%")), len(found[2] or ""), found[3] or ""
    shown = f"{swedish(number, decimals)} {said}".strip()
    if city:
        return Stated(shown, None, "gäller hela staden")
    if said and unit and said not in UNITS.get(unit, [unit]):
        return Stated(shown, None, f"anges i {said}, inte {unit}")
    bare = unit == "procent" and not said
    return Stated(shown, number, "", f"{shown} saknar enhet i källan och läses som procent" if bare else "")


def of_share(part: float, whole: float, unit: str = "") -> Stated:
    """A share with its parts."""
    parts = " av ".join(swedish(one, 0 if one == int(one) else 1) for one in (part, whole))
    return Stated(f"{swedish(100 * part / whole, 1)} % ({parts}{' ' + unit if unit else ''})", 100 * part / whole)


def occasion(period: str) -> At:
    """The occasion of a period as tables write it."""
    ar, _, part = str(period).partition("-")
    return int(ar), 12 if not part else MONTHS[part] if part in MONTHS else int(part)


def before(at: At, months: int) -> At:
    number = at[0] * 12 + at[1] - 1 - months
    return number // 12, number % 12 + 1


def name_of(at: At, step: int) -> str:
    """What an occasion is called."""
    if at[1] == 12 and step > 1:
        return f"{at[0]}"
    return f"{at[0]} T{at[1] // 4}" if step == 4 else f"{at[0]}-{at[1]:02d}"


def side(value: float, target: float) -> int:
    """Under, at or over."""
    return 0 if abs(value - target) < 1e-9 * max(1, abs(target)) else 1 if value > target else -1


def meets(value: float | None, target: float | None, good: str) -> bool | None:
    """Whether a target is met; None where nothing can be said."""
    if value is None or target is None or good not in ("lagre", "hogre"):
        return None
    return side(value, target) * (1 if good == "hogre" else -1) >= 0


class Unit:
    """A unit's rows, and what the other topics know of its indicators."""

    def __init__(self, tables: dict[str, list[Row]], known: dict[tuple[str, int, int], Row]):
        self.tables, self.known = tables, known

    def rows(self, table: str, **where: Any) -> list[Row]:
        """The unit's rows that have these values."""
        own = [row for row in self.tables.get(table, []) if row["enhet"] == UNIT]
        return [row for row in own if all(row[name] == value for name, value in where.items())]

    def stated(self, name: str, at: At) -> tuple[Row | None, Row | None]:
        """What is reported of an indicator and what its survey says."""
        told = [r for r in self.rows("indikatorutfall") if IDS[r["indikator"]] == name and occasion(r["period"]) == at]
        asked = [r for r in self.rows("enkat") if r["indikator"] and IDS[r["indikator"]] == name]
        asked = [r for r in asked if (r["ar"], 12) == at]
        return next(iter(told), None), next(iter(asked), None)

    def outcome(self, name: str, rule: dict, unit: str, at: At) -> Outcome | None:
        """The other topics' figure, else the ledger's, else what is reported, the survey's, the training's."""
        own, (told, asked) = self.known.get((name, *at)), self.stated(name, at)
        if own:
            said = of_share(*own["delar"]) if own["delar"] else Stated("", own["varde"])
            return Outcome(said, own["kalla"], own["antal"], own["regel"], "", own["counted"])
        return self.booked(rule, at) or self.told(told, rule, unit) or self.asked(asked) or self.trained(rule, at)

    def booked(self, rule: dict, at: At) -> Outcome | None:
        """A share of kinds of cost, or kronor a month, from January; None before the month is booked."""
        if "av" not in rule and "kr_per_manad" not in rule:
            return None
        months = [f"{at[0]}-{month:02d}" for month in range(1, at[1] + 1)]
        rows = [row for row in self.rows("utfall") if row["manad"] in months]
        if not any(row["manad"] == months[-1] for row in rows):
            return None

        def kr(kinds: list[str]) -> float | None:
            its = [row["kostnad_kr"] for row in rows if row["kostnadsslag"] in kinds]
            return sum(its) if its else None

        if "kr_per_manad" in rule:
            whole = kr(rule["kr_per_manad"])
            value = None if whole is None else whole / at[1]
            return value and Outcome(Stated(f"{swedish(value, 0)} kr/månad", value), "redovisningen")
        whole = kr(rule["av"])
        return whole and Outcome(of_share((kr(rule["del"]) or 0) / 1000, whole / 1000, "tkr"), "redovisningen")

    def told(self, row: Row | None, rule: dict, unit: str) -> Outcome | None:
        if row is None:
            return None
        parts = re.fullmatch(r"(\d+) av (\d+)(?: (\w+))?", row["utfall"])
        if parts and unit in ("procent", ""):
            said, persons = of_share(float(parts[1]), float(parts[2]), parts[3] or ""), float(parts[2])
            return Outcome(said, "rapporterat", None if parts[3] else persons, forecast=row["prognos_helar"])
        said = stated(row["utfall"], unit)
        return Outcome(
            said, "rapporterat", said.number if rule.get("personer") else None, forecast=row["prognos_helar"]
        )

    def asked(self, row: Row | None) -> Outcome | None:
        said = row and Stated("", float(row["andel_procent"]))
        return row and Outcome(said, f"enkäten {row['ar']}", float(row["svarande"]), "enkat.minsta_svarande")

    def trained(self, rule: dict, at: At) -> Outcome | None:
        rows = [r for r in self.rows("kompetens", krav=rule.get("krav")) if occasion(r["period"]) == at]
        whole = sum(row["av"] for row in rows)
        return Outcome(of_share(sum(r["har"] for r in rows), whole), "tabellen kompetens", whole) if whole else None


@dataclass
class Indicator:
    """A row of the plan with what it comes to in a report."""

    unit: Unit
    row: Row
    place: int
    per: str
    name: str = ""
    rule: dict = field(default_factory=dict)

    def __post_init__(self):
        self.name = IDS[self.row["indikator"]]
        self.rule = raw.rule("indikatorer", f"indikator.{self.name}") or {}
        levels = [self.row[level] for level in LEVELS]
        percent = "procent" if any(text.endswith("%") for text in levels) else ""
        self.of = self.row["mattenhet"] or self.rule.get("mattenhet", percent)
        self.good = self.row["riktning"] or self.rule.get("riktning", "")
        city = self.rule.get("kf") == "staden"
        self.targets = {level: stated(self.row[level], self.of, city and level == "kf_arsmal") for level in LEVELS}
        self.level = next((level for level, its in self.targets.items() if its.number is not None), "")
        self.target = self.targets[self.level].number if self.level else None
        self.step = STEPS[self.row["periodicitet"]]
        month = MONTHS[self.per] // self.step * self.step
        self.now: At | None = (YEAR, month) if month else None
        if not month and any(self.unit.stated(self.name, (YEAR, 12))):
            self.now = (YEAR, 12)
        self.found = self.at(self.now) if self.now else None
        self.counts = self.row["agare"] in ("", "enhet")

    def at(self, at: At) -> Outcome | None:
        return self.unit.outcome(self.name, self.rule, self.of, at)

    @property
    def value(self) -> float | None:
        return self.found.said.number if self.found else None

    @property
    def past(self) -> list[tuple[At, Outcome | None]]:
        last = self.now or (YEAR, 12)
        return [(at, self.at(at)) for at in (before(last, self.step), before(last, 2 * self.step))]

    def text(self, found: Outcome | None) -> str:
        """An outcome as it is shown, with the fewest decimals that show on which side of the targets it is."""
        if found is None:
            return ""
        said, text = found.said, found.said.text
        if not text and said.number is not None:
            targets = [its.number for its in self.targets.values() if its.number is not None]
            sides = [side(said.number, target) for target in targets]
            right = [d for d in (1, 2, 3, 4) if [side(round(said.number, d), target) for target in targets] == sides]
            whole = self.of == "antal" and said.number == int(said.number)
            text = f"{swedish(said.number, 0 if whole else [*right, 1][0])} {SHOWN.get(self.of, self.of)}".strip()
        return f"{text} (räknat {found.counted})" if found.counted else text

    def stands(self, found: Outcome | None, waits: str = "") -> str:
        """How an outcome stands, in a word."""
        if found is None or found.said.number is None:
            return waits or (found.said.why if found else "") or "utfall saknas"
        if not self.level:
            return "inget mål i tal"
        met = meets(found.said.number, self.target, self.good)
        return "bedöms inte" if met is None else SIGNS[met][2:]

    @property
    def state(self) -> str:
        waits = "" if self.now else "mäts vid halvårsskiftet" if self.step == 6 else "mäts vid årets slut"
        return self.stands(self.found, waits)

    @property
    def judged(self) -> bool:
        return self.state in ("klaras", "klaras inte")

    @property
    def gap(self) -> float | None:
        if None in (self.value, self.target) or self.good not in ("lagre", "hogre"):
            return None
        return (self.value - self.target) * (1 if self.good == "hogre" else -1)

    def gap_text(self) -> str:
        """How far over or under the target the outcome is, as both are shown."""
        if self.gap is None:
            return ""
        shown = re.match(r"[\d ]*\d(?:,\d+)?", self.text(self.found))[0].replace(" ", "").replace(",", ".")
        gap = round(float(shown) - self.target, 4)
        if not gap:
            return "på målet"
        number = f"{abs(gap):.4f}".rstrip("0").rstrip(".")
        unit = GAPS.get(self.of, self.of)
        unit = unit[:-2] if number == "1" and unit.endswith("enheter") else unit
        shown = swedish(float(number), len(number.partition(".")[2]))
        return " ".join(filter(None, [shown, unit, "över" if gap > 0 else "under"]))

    def level_text(self, level: str) -> str:
        its = self.targets[level]
        if not its.text or its.why:
            return f"{its.text} ({its.why})" if its.text else its.why
        if self.value is None:
            return f"{its.text}: {(self.found.said.why if self.found else '') or 'utfall saknas'}"
        return f"{its.text}: {SIGNS[meets(self.value, its.number, self.good)]}"

    @property
    def in_text(self) -> tuple[str, str]:
        """The goal that stands in the plan's text only, and how the outcome stands against it."""
        if not self.row["arsmal_text"]:
            return "", ""
        goal = stated(self.row["arsmal_text"], self.of)
        met = None if None in (self.value, goal.number) else meets(self.value, goal.number, self.good)
        return goal.text, "" if met is None else SIGNS[met]

    def note(self) -> str:
        """All that is said of it."""
        said = [its.note for its in self.targets.values()]
        if self.level not in ("", "arsmal"):
            said.append(f"enheten har inget eget mål i tal: {LEVELS[self.level]} gäller i stället")
        said.append("" if self.good else "ingen regel säger vilket håll som är bra")
        alike = [row for row in self.unit.rows("mal", ar=YEAR) if IDS[row["indikator"]] == self.name]
        targets = " och ".join(row["arsmal"] or "inget mål" for row in alike)
        said.append(f"indikatorn står {len(alike)} gånger i planen, med målen {targets}" if len(alike) > 1 else "")
        said.append(self.found.said.note if self.found else "")
        return "; ".join(filter(None, said))

    def state_text(self, verdict: str) -> str:
        """How it stands with its sign; of one whose only number is in the plan's text, that one's."""
        if self.state == "inget mål i tal" and verdict:
            return f"{verdict} målet i planens text, årsmål saknas"
        return {"klaras": SIGNS[True], "klaras inte": SIGNS[False]}.get(self.state, self.state)

    def shown(self) -> Row:
        """Its row of the table."""
        goal, verdict = self.in_text
        back = [f"{name_of(at, self.step)}: {'–' if its is None else self.text(its)}" for at, its in self.past]
        gap = None if self.gap is None or not self.target else 100 * self.gap / abs(self.target)
        chain = {name: self.row[name] for name in ("kf_inriktning", "kf_mal_text", "namndmal_text", "enhetsmal_text")}
        return chain | {
            "del": (f"{self.place}", ""),
            "indikator": self.row["indikator"],
            "namn": self.rule.get("kort") or self.row["indikator"].rstrip("."),
            "utfall": self.text(self.found) or None,
            "utfall_varde": self.value,
            "utfall_skillnad": self.gap,
            "utfall_mot_mal": gap,
            "mal": self.targets[self.level].text if self.level else goal or "inget mål i tal",
            "lage": self.state_text(verdict),
            "skillnad": self.gap_text(),
            **{level: self.level_text(level) for level in LEVELS},
            "textmal": f"{goal}: {verdict}" if verdict else goal,
            "agare": OWNERS[self.row["agare"]],
            "period": name_of(self.now, self.step) if self.now else "",
            "fore_1": back[0],
            "fore_2": back[1],
            "prognos": self.found.forecast if self.found else "",
            "fran": self.found.source if self.found else "",
            "anmarkning": self.note(),
            "kalla": self.row["kalla"],
            "raknas": self.counts,
            "mal_narmast": path(self.row)[-1],
        }


def path(row: Row) -> tuple[str, ...]:
    """The goals that a row stands under, from the top."""
    return tuple(t for t in (row["kf_mal_text"], row["namndmal_text"], row["enhetsmal_text"]) if t) or (
        "Utan angivet mål",
    )
