"""Assistance worked out anew from the raw rows: the report's tables and key figures, in plain Python."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from oracle import raw
from oracle.assistance_rows import AR, ASSISTED, UNIT
from oracle.raw import total, whole

NUMBERS = ("beviljade_h", "fk_h", "lss_9_2_h", "schemalagda_h", "utforda_h", "vantetid_h", "debiterade_h")
NUMBERS += ("begart_kr", "ersattning_kr", "antal_personer")
CLAIMED = ("varde_kr", "begart_kr", "ej_begart_kr", "forlorat_kr")
WITHOUT_A_PRICE = "det finns inte ett enda pris"


def rule(name: str, day: date | None = None):
    return raw.rule("assistans", f"assistans.{name}", day)


def hour_prices() -> dict[tuple, float]:
    path = raw.PARAMS / "regler" / "lss_timpriser.csv"
    return {
        (row["ar"], row["insats"], row["tidsslag"], row["regi"]): float(row["kr_per_timme"]) for row in raw.read(path)
    }


def deviation(rows: list[dict]) -> float | None:
    """Per cent by which the schedule is above what is granted, over rows that have both."""
    both = [row for row in rows if row["schemalagda_h"] is not None]
    granted, scheduled = (sum(row[name] for row in both) for name in ("beviljade_h", "schemalagda_h"))
    return 100 * (scheduled - granted) / granted if granted > 0 else None


def claim(row: dict, seen: str, rule) -> dict:
    """What a row is worth, and what of it is claimed in time, can be claimed and is lost on a day."""
    price, later, day = (
        rule(f"assistans.{name}", row["manad"]) for name in ("kr_per_timme", "krav_manader", "krav_dag")
    )
    state, own = row["fk_h"], row["lss_9_2_h"]
    if state is None:
        state = row["beviljade_h"] - (own or 0)  # whom the municipality has not granted the hours, the state has
    hours = state + own if own is not None else row["beviljade_h"]
    worth = row["ersattning_kr"]
    if worth is None and row["raknade_h"] is not None:
        worth = row["raknade_h"] * (state / hours if hours > 0 else 0) * price
    last = f"{raw.shift(row['manad'], later)}-{day:02d}"
    in_time = "" < row["begard"] <= last
    claimed = (worth if row["begart_kr"] is None else row["begart_kr"]) if in_time else 0.0
    rest = None if worth is None or claimed is None else max(worth - claimed, 0.0)
    gone = last < seen or row["begard"] > last
    return {
        "varde_kr": worth,
        "begart_kr": claimed,
        "ej_begart_kr": 0.0 if gone else rest,
        "forlorat_kr": rest if gone else 0.0,
        "sista_dag": last,
    }


@dataclass
class Oracle:
    """A unit's report as of a month."""

    folder: Path
    tom: int
    rows: list[dict] = field(default_factory=list)  # of the year, to the month
    every: list[dict] = field(default_factory=list)
    changed: dict[str, tuple] = field(default_factory=dict)  # rules of a scenario: value, first and last day

    def __post_init__(self):
        for row in raw.read(self.folder / "assistanstimmar.csv", NUMBERS):
            done, share = row["utforda_h"], self.rule("assistans.vantetid_andel", row["manad"])
            row["raknade_h"] = None if done is None else done + share * (row["vantetid_h"] or 0)
            self.every += [row] if row["enhet"] == UNIT else []
        self.rows = [row for row in self.every if f"{AR}-01" <= row["manad"] <= self.month]
        self.assisted = [row for row in self.rows if row["insats"] == ASSISTED]
        self.others = [row for row in self.rows if row["insats"] != ASSISTED]

    def rule(self, name: str, month: str, day: str = "01"):
        """A rule as it is on a month's first day, or another day of it."""
        value, first, last = self.changed.get(name, (None, "9999", ""))
        on = f"{month}-{day}"
        file = "assistans" if name.startswith("assistans.") else "loner_och_ersattare"
        return value if first <= on <= last else raw.rule(file, name, date.fromisoformat(on))

    @property
    def month(self) -> str:
        return f"{AR}-{self.tom:02d}"

    def name(self, insats: str) -> str:
        return raw.rule("insatser", "insatser")[insats]["titel"]

    def timmar(self) -> list[dict]:
        """By group and insats, in the granted period of the month: as stated, else the half year."""
        parts = defaultdict(list)
        for row in self.every:
            year, month = int(row["manad"][:4]), int(row["manad"][5:])
            half = f"{year}-{1 if month <= 6 else 7:02d}/{year}-{6 if month <= 6 else 12:02d}"
            first, last = (row["period"] or half).split("/")
            if first <= self.month <= last and row["manad"] <= self.month:
                parts[row["grupp"], row["insats"]].append(row | {"first": first})
        return [self._timmar(*part, rows) for part, rows in parts.items()]

    def _timmar(self, group: str, insats: str, rows: list[dict]) -> dict:
        share, first = deviation(rows), min(row["first"] for row in rows)
        sums = {name: total([row[name] for row in rows]) for name in ("beviljade_h", "schemalagda_h", "utforda_h")}
        flagged = share is not None and abs(round(share, 9)) > self.rule("assistans.avvikelse_procent", self.month)
        told = ("mer än beviljat" if share > 0 else "mindre än beviljat") if flagged else ""
        scheduled = sums["schemalagda_h"]
        return sums | {
            "grupp": group,
            "insats": insats,
            "insats_namn": self.name(insats),
            "schema_mot_beviljat_procent": share,
            "flagga": flagged,
            "flagga_namn": told,
            "skillnad_h": None if scheduled is None else scheduled - sums["beviljade_h"],
            "forsta": int(first[:4]) * 12 + int(first[5:]) - 1,
            "sedan": raw.in_words(first),
        }

    def timmar_per_manad(self) -> list[dict]:
        found = []
        for month in sorted({row["manad"] for row in self.assisted}):
            rows = [row for row in self.assisted if row["manad"] == month]
            sums = {name: total([row[name] for row in rows]) for name in ("beviljade_h", "schemalagda_h", "utforda_h")}
            found.append({"manad": month, **sums, "schema_mot_beviljat_procent": deviation(rows)})
        return found

    def claims(self, seen: int | None = None) -> list[dict]:
        """Each row's claim as a month's report sees it on its last day."""
        month = f"{AR}-{seen or self.tom:02d}"
        return [
            row | claim(row, f"{month}-{raw.length(month)}", self.rule)
            for row in self.assisted
            if row["manad"] <= month
        ]

    def begart(self) -> list[dict]:
        found, claims = [], self.claims()
        for month in sorted({row["manad"] for row in claims}):
            rows = [row for row in claims if row["manad"] == month]
            day = rows[0]["sista_dag"]
            said = {"manad": month, "sista_dag_namn": f"{int(day[8:])} {raw.in_words(day[:7])}"}
            found.append(said | {name: total([row[name] for row in rows]) for name in CLAIMED})
        return with_total(found, "manad", CLAIMED)

    def debited(self) -> list[dict]:
        """The rows of other insatser that say both, with what is not debited and its price."""
        listed, found = hour_prices(), []
        for row in self.others:
            if row["debiterade_h"] is None or row["utforda_h"] is None:
                continue
            hours = max(row["utforda_h"] - row["debiterade_h"], 0)
            kr = listed.get((row["manad"][:4], row["insats"], row["tidsslag"], row["regi"] or "kommunal"))
            worth = 0 if not hours else None if kr is None else hours * kr
            found.append(row | {"ej_debiterade_h": hours, "ej_debiterat_kr": worth})
        return found

    def debitering(self) -> list[dict]:
        names, parts = ("utforda_h", "debiterade_h", "ej_debiterade_h", "ej_debiterat_kr"), defaultdict(list)
        for row in self.debited():
            parts[row["manad"], row["insats"]].append(row)
        found = [
            {"manad": month, "insats": insats, "insats_namn": self.name(insats)}
            | {name: whole([row[name] for row in rows]) for name in names}
            for (month, insats), rows in sorted(parts.items())
        ]
        return with_total(found, "manad", names)

    def staff(self) -> list[dict]:
        path = self.folder / "bemanning.csv"
        every = raw.read(path, ("overtid_h", "inhyrd_h", "anstallda", "sjuk_h")) if path.exists() else []
        return [row for row in every if row["enhet"] == UNIT and f"{AR}-01" <= row["manad"] <= self.month]

    def overtid(self) -> list[dict]:
        found, names = [], ("overtid", "inhyrd")
        for month in sorted({row["manad"] for row in self.staff()}):
            rows = [row for row in self.staff() if row["manad"] == month]
            hours = {name: total([row[f"{name}_h"] for row in rows]) for name in names}
            days = [f"{day:02d}" for day in range(1, raw.length(month) + 1)]
            price = {name: [self.rule(f"ersattare.kr_per_timme.{name}", month, day) for day in days] for name in names}
            kr = {name: sum(of_days) / len(days) for name, of_days in price.items()}
            worth = {f"{name}_kr": None if h is None else h * kr[name] for name, h in hours.items()}
            found.append({"manad": month} | {f"{name}_h": h for name, h in hours.items()} | worth)
        return with_total(found, "manad", ("overtid_kr", "inhyrd_kr", "overtid_h", "inhyrd_h"))

    def betalare(self) -> list[dict]:
        parts = {"Staten": "fk_h", "Kommunen (LSS 9 § 2)": "lss_9_2_h"}
        hours = {who: total([row[name] for row in self.assisted]) for who, name in parts.items()}
        known = {who: h for who, h in hours.items() if h is not None}
        together = sum(known.values())
        return [
            {"betalare": who, "beviljade_h": h, "andel_procent": 100 * h / together if together else 0}
            for who, h in known.items()
        ]

    def egen_regi(self) -> list[dict]:
        bought = [row for row in self.assisted if row["regi"] in ("entreprenad", "privat")]
        hours = (total([row["raknade_h"] for row in bought]) or 0) / self.tom
        names = ("avtalspris_kr_per_timme", "egen_kostnad_kr_per_timme")
        days = [(f"{AR}-{month:02d}", "01") for month in range(1, 13)] + [(f"{AR}-12", "31")]
        contract, own = ([self.rule(f"assistans.{name}", *day) for day in days] for name in names)
        return [
            {
                "fran_manad": f"{name} {AR}",
                "h_per_manad": hours,
                "avtal_kr_per_timme": contract[first],
                "egen_kr_per_timme": own[first],
                "i_ar_kr": sum(hours * (own[month] - contract[month]) for month in range(first, 12)),
                "helar_kr": 12 * hours * (own[12] - contract[12]),
                "jamnt_kr_per_timme": sum(contract[first:12]) / (12 - first),
            }
            for name, first in (("januari", 0), ("april", 3), ("juli", 6), ("oktober", 9))
            if hours
        ]

    def over_kr_per_month(self) -> float:
        both = [row for row in self.rows if row["schemalagda_h"] is not None]
        over = [(row["manad"], row["schemalagda_h"] - row["beviljade_h"]) for row in both]
        kr = sum(hours * self.rule("assistans.egen_kostnad_kr_per_timme", month) for month, hours in over)
        return max(kr, 0) / len({month for month, _ in over}) if sum(hours for _, hours in over) > 0 else 0

    def nyckeltal(self) -> dict:
        hours = {"beviljade_h": "beviljade_h", "schemalagda_h": "schemalagda_h", "utforda_h": "raknade_h"}
        found = {key: total([row[name] for row in self.rows]) for key, name in hours.items()}
        claims, debited = self.claims(), self.debited()
        found |= {name: whole([row[name] for row in claims]) for name in ("ej_begart_kr", "forlorat_kr")}
        found |= {name: whole([row[name] for row in debited]) for name in ("ej_debiterade_h", "ej_debiterat_kr")}
        extra = [row for row in self.overtid() if row["manad"] != "Totalt"]
        found |= {name: whole([row[name] for row in extra]) if extra else None for name in ("overtid_kr", "inhyrd_kr")}
        found["schema_mot_beviljat_procent"] = deviation(self.rows)
        return found | {"over_kr_per_manad": self.over_kr_per_month()}


def with_total(rows: list[dict], label: str, names: tuple[str, ...]) -> list[dict]:
    """A total below more than one row; unknown where a part is."""
    if len(rows) < 2:
        return rows
    blank = {name: "" for name in rows[0] if name not in names}
    return [*rows, blank | {label: "Totalt"} | {name: whole([row[name] for row in rows]) for name in names}]
