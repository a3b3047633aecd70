"""Where an indicator's outcome comes from: the workbook's own figures first, then what is reported, then surveys."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pandas as pd

from planbok.analysis.targets import Reading, Stated, indicator_id, share, stated
from planbok.base.numbers import few_decimals, format_number, format_unit
from planbok.case.case import Case
from planbok.case.topic import Others
from planbok.topics.goals.occasions import Occasion, occasion_of

SPELLINGS = "indikator.stavningar"
ANSWERS = "enkat.minsta_svarande"
KR_PER_TKR = 1000
KEPT = ("indikator", "period", "ar", "utfall", "prognos_helar", "andel_procent", "svarande")  # of outcomes and surveys


@dataclass(frozen=True)
class Found:
    """An outcome, where it is from, and the persons that it may tell of: at least `antal`, held against `regel`.

    `counted` says to when it is counted, where that is not the occasion's last day.
    """

    utfall: Stated
    kalla: str
    antal: float | None = None
    regel: str = "minsta_grupp"
    prognos: str = ""
    counted: str = ""


def share_stated(part: float, whole: float, unit: str = "") -> Stated:
    """A share as an outcome, with its arithmetic.

    >>> share_stated(17, 20).varde, share_stated(17, 20).text.replace("\\u00a0", " ")
    (85.0, '85,0 % (17 av 20)')
    """
    value = 100 * part / whole
    return Stated(_with_parts(value, part, whole, unit), value)


def _with_parts(value: float, part: float, whole: float, unit: str) -> str:
    numbers = " av ".join(format_number(x, few_decimals(x)) for x in (part, whole))
    return f"{format_unit(value, 'procent')} ({f'{numbers} {unit}'.strip()})"


class Outcomes:
    """The outcomes of a unit's indicators, each table read once."""

    def __init__(self, case: Case, others: Others, tables: dict[str, pd.DataFrame]):
        self.case, self.others, self.tables = case, others, tables
        spellings = case.rule_or_none(SPELLINGS) or {}
        self.id_of = cache(lambda name: indicator_id(name, spellings))
        self.reported = self._by_occasion("indikatorutfall", "period")
        self.surveys = self._by_occasion("enkat", "ar")
        self.training: dict[tuple[str, Occasion], tuple[float, float]] = {}
        for row in tables["kompetens"].to_dict("records"):
            key = (row["krav"].casefold(), occasion_of(row["period"]))
            part, whole = self.training.get(key, (0.0, 0.0))
            self.training[key] = (part + row["har"], whole + row["av"])

    def _by_occasion(self, table: str, period: str) -> dict[tuple[str, Occasion], dict[str, Any]]:
        rows, when = self.tables[table], cache(lambda text: occasion_of(str(text)))
        columns = [name for name in KEPT if name in rows]
        values = zip(*(rows[name].tolist() for name in columns), strict=True)
        kept = [dict(zip(columns, cells, strict=True)) for cells in values]
        return {(self.id_of(row["indikator"]), when(row[period])): row for row in kept if row["indikator"]}

    def at(self, name: str, rule: dict[str, Any], reading: Reading, occasion: Occasion) -> Found | None:
        """What is known of an indicator on an occasion; None where nobody has it."""
        return (
            self._of_topics(name, occasion)
            or self._of_ledger(rule, occasion)
            or self._as_reported(name, rule, reading, occasion)
            or self._of_survey(name, occasion)
            or self._of_training(rule, occasion)
        )

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """The unit's outturn; without rows where there is none."""
        empty = pd.DataFrame(columns=["manad", "kostnadsslag", "kostnad_kr"], dtype=object)
        return self.case.unit_rows("utfall") if self.case.has_rows("utfall") else empty

    def is_reported(self, name: str, occasion: Occasion) -> bool:
        """Whether somebody has stated the outcome: in the table of outcomes, or by a survey."""
        return (name, occasion) in self.reported or (name, occasion) in self.surveys

    def _of_topics(self, name: str, occasion: Occasion) -> Found | None:
        made = self.others.outcome(name, occasion.ar, occasion.manad)
        if made is None:
            return None
        text = _with_parts(made.varde, *made.delar) if made.delar else ""
        return Found(Stated(text, made.varde), made.kalla, made.antal, made.regel, counted=made.counted)

    def _of_ledger(self, rule: dict[str, Any], occasion: Occasion) -> Found | None:
        """A share of kinds of cost, or kronor per month of some, from January to the occasion."""
        of_kinds = {key: rule[key] for key in ("del", "av", "kr_per_manad") if key in rule}
        if not of_kinds:
            return None
        rows = self.ledger
        inside = (rows["manad"] >= f"{occasion.ar}-01") & (rows["manad"] <= f"{occasion.ar}-{occasion.manad:02d}")
        own = rows[inside]
        last = (own["manad"] == f"{occasion.ar}-{occasion.manad:02d}").any()
        kr = {key: own.loc[own["kostnadsslag"].isin(kinds), "kostnad_kr"] for key, kinds in of_kinds.items()}
        if not last or any(amounts.empty for key, amounts in kr.items() if key != "del"):
            return None
        sums = {key: float(amounts.sum(skipna=False)) for key, amounts in kr.items()}
        if "kr_per_manad" in sums:
            value = sums["kr_per_manad"] / occasion.manad
            return Found(Stated(format_unit(value, "kr/manad"), value), "redovisningen")
        return Found(share_stated(sums["del"] / KR_PER_TKR, sums["av"] / KR_PER_TKR, "tkr"), "redovisningen")

    def _as_reported(self, name: str, rule: dict[str, Any], reading: Reading, occasion: Occasion) -> Found | None:
        row = self.reported.get((name, occasion))
        if row is None:
            return None
        of = share(row["utfall"])
        if of and reading.mattenhet in ("procent", ""):
            return Found(share_stated(*of), "rapporterat", None if of[2] else of[1], prognos=row["prognos_helar"])
        utfall = stated(row["utfall"], reading)
        persons = utfall.varde if rule.get("personer") else None
        return Found(utfall, "rapporterat", persons, prognos=row["prognos_helar"])

    def _of_survey(self, name: str, occasion: Occasion) -> Found | None:
        row = self.surveys.get((name, occasion))
        if row is None:
            return None
        return Found(Stated("", float(row["andel_procent"])), f"enkäten {row['ar']}", float(row["svarande"]), ANSWERS)

    def _of_training(self, rule: dict[str, Any], occasion: Occasion) -> Found | None:
        """The share of staff that meets the requirement that the indicator's rule names (`krav`)."""
        part, whole = self.training.get((str(rule.get("krav", "")).casefold(), occasion), (0.0, 0.0))
        if not whole:
            return None
        return Found(share_stated(part, whole), "tabellen kompetens", whole)
