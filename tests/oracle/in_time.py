"""How a unit's decisions stand on a day, worked out again from the rows of its tables in plain Python."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date
from math import floor, inf, isnan, nan
from pathlib import Path
from statistics import median
from typing import Any

from oracle.decided import (
    DAY,
    OPEN,
    Decision,
    as_day,
    chains,
    decisions,
    in_words,
    month_end,
    months,
    read,
    rules,
)

Row = dict[str, Any]
ALL, NOW, WAITING, INTERRUPTED = "Totalt", "nu", "ej_verkstallt", "avbrott"
KINDS = {WAITING: "Ej verkställt", INTERRUPTED: "Avbrott"}


def after(day: date, months_: int) -> date:
    """The same day some months later, or the month's last where it has no such day."""
    number = day.year * 12 + day.month - 1 + months_
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def rule(name: str) -> Any:
    return rules("beslut_i_tid")[f"beslut_i_tid.{name}"]


def title(insats: str) -> str:
    return "Alla insatser" if insats == ALL else rules("insatser")["insatser"][insats]["titel"]


def split(count: int, shares: list[float]) -> list[int]:
    """Whole numbers in proportion, what is left to the largest remainders, the first of those that are alike."""
    whole = sum(shares)
    if whole <= 0:
        return [0] * len(shares)
    exact = [count * share / whole for share in shares]
    found = [floor(round(number, 9)) for number in exact]
    for place in sorted(range(len(shares)), key=lambda at: found[at] - exact[at])[: count - sum(found)]:
        found[place] += 1
    return found


class InTime:
    """What a unit's tables say of a day, under changes of officers and cases."""

    def __init__(self, folder: Path, day: date, changes: tuple[dict, ...] = ()):
        self.day, self.changes, self.rows = day, changes, decisions(folder)
        self.chain_of = {id(one): chain for chain in chains(self.rows) for one in chain.decisions}
        names = ("arenden", "handlaggare", "bemanning_handlaggare", "indikatorutfall")
        self.tables = {name: read(folder / f"{name}.csv") for name in names}
        self.jan, self.term = date(day.year, 1, 1), rule("verkstallighet_manader")
        self.quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)

    # ---- what waits

    def begins(self, one: Decision) -> bool:
        return self.chain_of[id(one)].decisions[0] is one

    def done(self, one: Decision) -> date | None:
        """When a decision ceased to wait: carried out (a renewal on its `fran`), or else interrupted."""
        done = one.day("verkstalld") or (None if self.begins(one) else one.first)
        stopped = one.day("avbrott_fran")
        return done or (stopped if stopped and stopped <= self.day else None)

    def open(self, one: Decision, day: date) -> str:
        """How a decision waits on a day: not carried out, interrupted, or "" for not at all."""
        stopped, resumed = one.day("avbrott_fran"), one.day("avbrott_till")
        if stopped and after(stopped, self.term) < day < (resumed or OPEN) and day < one.end:
            return INTERRUPTED
        return WAITING if self._waits(one, day) else ""

    def since(self, one: Decision, day: date) -> date:
        return one.day("avbrott_fran" if self.open(one, day) == INTERRUPTED else "beslutsdatum")

    def late(self, one: Decision, first: date, last: date) -> bool:
        """Whether a decision was carried out in a period, after its months were over."""
        decided, done = one.day("beslutsdatum"), self.done(one)
        return bool(
            self.begins(one) and decided and done and first <= done <= last and done > after(decided, self.term)
        )

    def statistik(self, days: dict[str, date] | None = None) -> list[Row]:
        limits, found = sorted(rule("vantan_klasser_manader").values()), []
        edges = [self.term, *limits]
        keys = [f"manader_{low}_{high}_antal" for low, high in zip(edges, edges[1:], strict=False)]
        keys += [f"manader_{edges[-1]}_antal"]
        for kind, name in KINDS.items():
            day, parts = (days or {}).get(kind, self.day), {}
            for one in (one for one in self.rows if self.open(one, day) == kind):
                since = one.day("avbrott_fran" if kind == INTERRUPTED else "beslutsdatum")
                counts = parts.setdefault(f"{one.row['lagrum']}|{one.insats}", [0] * len(keys))
                counts[sum(after(since, limit) < day for limit in limits)] += 1
            rows = sorted(parts.items())
            for part, counts in [
                *rows,
                (ALL, [sum(its) for its in zip(*parts.values(), strict=True)] or [0] * len(keys)),
            ]:
                law, _, insats = part.rpartition("|")
                row = {"slag": kind, "slag_namn": name, "insats": insats, "insats_namn": title(insats)}
                row["lagrum"] = "alla" if part == ALL else law or "ej angivet"
                found.append(row | {"antal": sum(counts)} | dict(zip(keys, counts, strict=True)))
        return found

    def quarters(self) -> list[tuple[str, date, date]]:
        """The name, first and last day of each quarter that is shown, the last to the day."""
        first = [after(self.quarter, -3 * back) for back in reversed(range(rule("kvartal_antal")))]
        names = [f"{day.year}-K{day.month // 3 + 1}" for day in first]
        return [(name, day, min(after(day, 3) - DAY, self.day)) for name, day in zip(names, first, strict=True)]

    def kvartal(self) -> list[Row]:
        return [
            {
                "kvartal": name,
                "ej_verkstallt_antal": sum(self.open(one, last) == WAITING for one in self.rows),
                "avbrott_antal": sum(self.open(one, last) == INTERRUPTED for one in self.rows),
                "verkstallt_for_sent_antal": sum(self.late(one, first, last) for one in self.rows),
            }
            for name, first, last in self.quarters()
        ]

    def _waits(self, one: Decision, day: date) -> bool:
        """Not carried out on a day, whether or not it is interrupted too."""
        decided, done = one.day("beslutsdatum"), self.done(one) or OPEN
        return bool(decided and after(decided, self.term) < day < done and day < one.end and self.begins(one))

    # ---- what is to be done

    def follow_up(self) -> list[tuple[Decision, date]]:
        """Running decisions and the last day on which each is to be followed up."""
        there = [one for one in self.rows if one.runs(self.day) and not (one.day("foljd_upp") or self.day) > self.day]
        return [(one, after(one.day("foljd_upp") or one.first, self.often(one))) for one in there]

    @staticmethod
    def often(one: Decision) -> int:
        return rule("uppfoljning_manader").get(one.insats, rule("uppfoljning_manader")["alla"])

    def due_month(self, due: date) -> str:
        return NOW if due < self.day else f"{max(due, self.day + DAY):%Y-%m}"

    def ahead(self, count: int) -> list[str]:
        first = self.day + DAY
        return months(f"{after(first, count - 1):%Y-%m}", count)

    def uppfoljningar(self) -> list[Row]:
        due, found, so_far = [self.due_month(day) for _, day in self.follow_up()], [], 0
        for month in (NOW, *self.ahead(rule("uppfoljning_framat_manader"))):
            so_far += due.count(month)
            name = f"Redan försenade {self.day}" if month == NOW else in_words(month)
            row = {"manad": month, "manad_namn": name, "forfaller_antal": due.count(month)}
            found.append(row | {"forfallna_antal": so_far})
        return found

    def states(self, what: str, day: date) -> dict[int, str]:
        """Of each decision of the year that should have its plan, contact or start: i_tid, sen or utan, by place."""
        found = {}
        for place, one in enumerate(self.rows):
            start = one.day("beslutsdatum" if what == "verkstalld" else "bestalld")
            if not start or not self.jan <= start <= day or (what == "verkstalld" and not self.begins(one)):
                continue
            done = self.done(one) if what == "verkstalld" else one.day(what)
            days = {"plan_in": "plan_dagar", "kontaktad": "kontakt_dagar"}
            last = after(start, self.term) if what == "verkstalld" else start + DAY * rule(days[what])
            if done and done <= day:
                found[place] = "i_tid" if done <= last else "sen"
            elif last < day and not (what == "verkstalld" and one.end <= day):
                found[place] = "utan"
        return found

    def share(self, what: str, day: date | None = None) -> float:
        states = [*self.states(what, day or self.day).values()]
        return 100 * states.count("i_tid") / len(states) if states else nan

    def planer(self, day: date | None = None, pooled: Collection[str] = ()) -> list[Row]:
        """By provider; some are shown together, after the others."""
        none, small = "ingen utförare angiven", "Små grupper tillsammans"
        states = self.states("plan_in", day or self.day)
        provider = {at: self.rows[at].row["utforare"] or none for at in states}
        provider = {at: small if name in pooled else name for at, name in provider.items()}
        names, found = {ALL: "Alla", small: "Övriga utförare"}, []
        for name in (*sorted(set(provider.values()), key=lambda name: (name == small, name)), ALL):
            own = [how for at, how in states.items() if name in (ALL, provider[at])]
            plans, in_time = len(own) - own.count("utan"), own.count("i_tid")
            row = {"utforare": name, "utforare_namn": names.get(name, name.replace("_", " ").capitalize())}
            row |= {"bestallda_antal": len(own), "planer_antal": plans, "i_tid_antal": in_time}
            row["i_tid_procent"] = 100 * in_time / len(own) if own else nan
            found.append(row | {"av_bestallda_procent": 100 * plans / len(own) if own else nan})
        return found

    def utgar(self) -> list[Row]:
        found = []
        for number in range(1, rule("utgar_manader") + 1):
            last = after(self.day, number)
            inside = [o for o in self.rows if o.runs(self.day) and o.end - DAY <= last and o.end < OPEN]
            without = [one for one in inside if self.chain_of[id(one)].end == one.end]
            name = "Inom 1 månad" if number == 1 else f"Inom {number} månader"
            found.append({"inom": name, "manader": number, "antal": len(without)})
        return found

    # ---- cases and officers

    def cases(self, day: date | None = None) -> list[tuple[str, bool, int, bool]]:
        """The insats of each case of the year, whether it is decided, its days, and whether they are few enough."""
        found, most, day = [], rule("handlaggning_dagar"), day or self.day
        for row in self.tables["arenden"]:
            asked, decided = as_day(row["ansokan"]), as_day(row["beslutsdatum"])
            done = bool(decided and self.jan <= decided <= day)
            if done or (asked <= day and not (decided and decided <= day)):
                days = ((decided if done else day) - asked).days
                found.append((row["insats"], done, days, days <= most.get(row["insats"], most["alla"])))
        return found

    def handlaggningstid(self) -> list[Row]:
        most, found = rule("handlaggning_dagar"), []
        for insats in (*sorted({case[0] for case in self.cases()}), ALL):
            own = [case for case in self.cases() if insats in (ALL, case[0])]
            row = {"insats": insats, "insats_namn": title(insats), "grans_dagar": most.get(insats, most["alla"])}
            found.append(row | summed(own))
        return found

    def heads(self, day: date) -> int:
        return len({one.person for one in self.rows if one.runs(day)})

    def belastning(self) -> list[Row]:
        rows = sorted(
            (r for r in self.tables["bemanning_handlaggare"] if r["manad"] <= f"{self.day:%Y-%m}"), key=_month
        )
        rows, found = rows[-rules("insatser_manad")["insatser.manader_flest"] :], []
        for row in rows:
            persons, there, posts = self.heads(min(month_end(row["manad"]), self.day)), *_posts(row)
            found.append(load(row["manad"], persons, there, posts, found))
        return found

    def working(self) -> list[Row]:
        """Officers in service on the day in the table's order, with their shares, open cases and a fair split."""
        shares: dict[str, float] = {}
        for row in self.tables["handlaggare"]:
            if as_day(row["fran"]) <= self.day <= (as_day(row["till"]) or OPEN):
                shares[row["handlaggare"]] = shares.get(row["handlaggare"], 0) + float(row["tjanstgoring_andel"])
        runs = [one for one in self.rows if one.runs(self.day)]
        held = [one.row["handlaggare"] for one in runs] + [r["handlaggare"] for r in self.waiting(self.day)]
        each = split(sum(one.end < OPEN for one in runs), [*shares.values()])
        return [
            {"rad": f"Handläggare {n}", "tjanstgoring_andel": share, "oppna": held.count(name), "fordelning": part}
            for n, ((name, share), part) in enumerate(zip(shares.items(), each, strict=True), 1)
        ]

    def waiting(self, day: date) -> list[Row]:
        """Cases that have come and are not decided on a day."""
        asked = [row for row in self.tables["arenden"] if as_day(row["ansokan"]) <= day]
        return [row for row in asked if not row["beslutsdatum"] or as_day(row["beslutsdatum"]) > day]

    # ---- the queue

    def asked(self) -> int:
        """Investigations that wait."""
        return len(self.waiting(self.day))

    def came(self, day: date) -> float:
        """Cases a month, the mean of twelve months to a day."""
        asked = [as_day(row["ansokan"]) for row in self.tables["arenden"]]
        return sum(after(day, -12) < one <= day for one in asked) / 12

    def follow(self) -> float:
        """Follow-ups a month, spread evenly."""
        return sum(1 / self.often(one) for one, _ in self.follow_up())

    def queue(self, changes: tuple[dict, ...] | None = None, more: float = 0.0) -> list[Row]:
        """The queue month by month; `more` full-time posts beside those in service."""
        waiting, found, came, follow = float(self.asked()), [], self.came(self.day), self.follow()
        posts = sum(row["tjanstgoring_andel"] for row in self.working()) or float(_last(self)["i_tjanst"])
        for month in self.ahead(rule("kapacitet_manader")):
            days, new, there = month_end(month).day, came, posts + more
            for change in self.changes if changes is None else changes:
                first, last = as_day(change["fran"]), as_day(change.get("till", "")) or OPEN
                inside = sum(first <= date.fromisoformat(f"{month}-{n:02d}") <= last for n in range(1, days + 1))
                new += change["antal"] * inside / days if change["typ"] == "arenden" else 0
                there += change["antal"] * inside / days if change["typ"] == "handlaggare" else 0
            minutes = there * rule("timmar_per_handlaggare") * 60 - follow * rule("minuter.uppfoljning")
            able = max(0, minutes) / rule("minuter.utredning")
            waiting = max(0.0, waiting + new - able)
            row = {"manad": month, "manad_namn": in_words(month), "nya_antal": new, "i_tjanst": there}
            wait = (waiting / able if able else inf) * days if waiting else 0.0
            found.append(row | {"hinner_antal": able, "ko_antal": waiting, "vantan_dagar": wait})
        return found

    def kapacitet(self) -> list[Row]:
        bas = [row["ko_antal"] for row in self.queue(())]
        rows = [row | {"ko_jamfor_antal": its} for row, its in zip(self.queue(), bas, strict=True)]
        return [row | {"vantan_dagar": nan if row["vantan_dagar"] == inf else row["vantan_dagar"]} for row in rows]

    def kapacitet_lagen(self) -> list[Row]:
        tried, found = rule("prova_handlaggare"), []
        steps = {"Som det är": 0, f"{tried['fler']} fler": tried["fler"], f"{tried['farre']} färre": -tried["farre"]}
        for name, more in steps.items():
            rows = self.queue(more=more)
            if min(row["i_tjanst"] for row in rows) < 0:
                continue
            gone = next((place for place, row in enumerate(rows, 1) if row["ko_antal"] <= 0), nan)
            in_time = rows[-1]["vantan_dagar"] <= rule("handlaggning_dagar")["alla"]
            row = {"handlaggare": name, "ko_antal": rows[-1]["ko_antal"], "borta_manad": gone}
            row |= {"i_tid": "ja" if in_time else "nej", "kr_per_ar": more * 12 * rule("handlaggare_kr_per_manad")}
            found.append(row)
        return found

    # ---- the figures

    def figures(self) -> dict[str, float]:
        how = [(one, self.open(one, self.day)) for one in self.rows]
        waits = [(self.day - self.since(one, self.day)).days for one, kind in how if kind]
        cases, plans, queue = summed(self.cases()), self.planer()[-1], self.queue()
        heads = float(_last(self)["i_tjanst"]) if self.tables["bemanning_handlaggare"] else len(self.working())
        return {
            "ej_verkstallda_antal": sum(kind == WAITING for _, kind in how),
            "avbrott_antal": sum(kind == INTERRUPTED for _, kind in how),
            "verkstallda_for_sent_antal": sum(self.late(one, self.quarter, self.day) for one in self.rows),
            "langsta_vantan_dagar": max(waits, default=nan),
            "uppfoljningar_forfallna_antal": sum(due < self.day for _, due in self.follow_up()),
            "utgar_inom_3_manader_antal": self.utgar()[-1]["antal"],
            "stickprov_antal": min(rule("stickprov_antal"), len(self.eligible())),
            "planer_i_tid_procent": plans["i_tid_procent"],
            "planer_av_bestallda_procent": plans["av_bestallda_procent"],
            "kontakt_i_tid_procent": self.share("kontaktad"),
            "start_i_tid_procent": self.share("verkstalld"),
            "ko_sist_antal": queue[-1]["ko_antal"],
            "handlaggningstid_median_dagar": cases["median_dagar"],
            "arenden_i_tid_procent": cases["i_tid_procent"],
            "personer_per_handlaggare": self.heads(self.day) / heads if heads else nan,
        } | {f"{name}_procent": self.indicator(name) for name in ("individuell_plan", "dur", "stickprov")}

    def facts(self) -> dict[str, float]:
        due, queue = [self.due_month(day) for _, day in self.follow_up()], self.queue()
        held = [row["oppna"] for row in self.working()]
        return {
            "uppfoljningar_framat_antal": sum(month in self.ahead(rule("uppfoljning_framat_manader")) for month in due),
            "ko_antal": len(self.waiting(self.day)),
            "ko_borta": next((place for place, row in enumerate(queue, 1) if row["ko_antal"] <= 0), nan),
            "snitt": sum(held) / len(held) if held else nan,
            "lagst": min(held, default=nan),
            "hogst": max(held, default=nan),
        }

    def indicator(self, name: str) -> float:
        """Per cent of the last period to the day's month that has one; `12/15` is so many of so many."""
        ends = {f"{self.day.year}-T1": 4, f"{self.day.year}-T2": 8, str(self.day.year): 12}
        ends |= {f"{self.day.year}-{number:02d}": number for number in range(1, 13)}
        own = [row for row in self.tables["indikatorutfall"] if row["indikator"] == rule("indikatorer")[name]]
        come = sorted(
            (row for row in own if ends.get(row["period"], 13) <= self.day.month), key=lambda r: ends[r["period"]]
        )
        if not come:
            return nan
        part, _, whole = come[-1]["utfall"].partition(" av ")
        return 100 * float(part) / float(whole) if whole else float(part.removesuffix(" %").replace(",", "."))

    def eligible(self) -> list[Decision]:
        """Decisions that may be drawn: those that run with an order or a plan, where there are any such."""
        ordered = [one for one in self.rows if one.row["bestalld"] or one.row["plan_in"]]
        return [one for one in (ordered or self.rows) if one.runs(self.day)]

    def ivo_underlag(self) -> dict[str, str]:
        """How each decision that is to be reported, or was in the quarter before, stands."""
        found, before_it = {}, self.quarter - DAY
        for one in self.rows:
            now, before = self.open(one, self.day), self.open(one, before_it)
            if now:
                found[one.row["beslut"]] = KINDS[now]
            elif before:
                ended = one.end - DAY < self.day and not (one.row["verkstalld"] and one.day("verkstalld") <= self.day)
                how = "avslutat utan att verkställas" if ended else "sedan verkställt"
                found[one.row["beslut"]] = f"Tidigare rapporterat, {how}"
        return found


def summed(cases: list[tuple[str, bool, int, bool]]) -> Row:
    """Counts, median, the 90th percentile and the share in time of decided cases, and how old the open ones are."""
    days, waits = sorted(c[2] for c in cases if c[1]), [c[2] for c in cases if not c[1]]
    place = 0.9 * (len(days) - 1)
    low = days[floor(place)] if days else nan
    high = days[min(floor(place) + 1, len(days) - 1)] if days else nan
    return {
        "klara_antal": len(days),
        "median_dagar": median(days) if days else nan,
        "p90_dagar": low + (high - low) * (place - floor(place)),
        "i_tid_procent": 100 * sum(c[3] for c in cases if c[1]) / len(days) if days else nan,
        "oppna_antal": len(waits),
        "oppna_median_dagar": median(waits) if waits else nan,
        "aldst_dagar": max(waits, default=nan),
    }


def load(month: str, persons: int, there: float, posts: float, before: list[Row]) -> Row:
    """Persons per officer in a month, and against the first that is shown."""
    each = persons / there if there else nan
    first = before[0]["per_i_tjanst"] if before else each
    row = {"manad": month, "manad_namn": in_words(month), "personer": persons, "i_tjanst": there, "tjanster": posts}
    row |= {"per_i_tjanst": each, "per_tjanst": persons / posts if posts else nan}
    return row | {"forandring_procent": 100 * (each / first - 1) if first and not isnan(first) else nan}


def _month(row: Row) -> str:
    return row["manad"]


def _posts(row: Row) -> tuple[float, float]:
    return float(row["i_tjanst"]), float(row["tjanster"])


def _last(unit: InTime) -> Row:
    return max((r for r in unit.tables["bemanning_handlaggare"] if r["manad"] <= f"{unit.day:%Y-%m}"), key=_month)
