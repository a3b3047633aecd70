"""Checks of a result: sums that must be the same, and what a reader should be warned of."""

import math
from dataclasses import dataclass
from typing import Any

CLOSES_WITHIN_KR = 0.5  # kr (or h): less is only rounding


@dataclass(frozen=True)
class Check:
    """A reconciliation: `niva` is "fel" or "varning", `ok` None where there was nothing to check (never true)."""

    namn: str
    niva: str
    ok: bool | None
    differens: float | None = None
    tolerans: float | None = None
    forklaring: str = ""

    @property
    def failed(self) -> bool:
        """Whether a check of level fel failed."""
        return self.ok is False and self.niva == "fel"

    @property
    def outcome(self) -> str:
        """How it went, in a word: "Stämmer", "Fel" or "Varning"; "Inget att kontrollera" without figures."""
        if self.ok is None:
            return "Inget att kontrollera"
        return "Stämmer" if self.ok else self.niva.capitalize()

    def as_json(self) -> dict[str, Any]:
        row = {name: getattr(self, name) for name in ("namn", "niva", "ok", "differens", "tolerans")}
        return row | ({"forklaring": self.forklaring} if self.forklaring else {})


def closes(namn: str, differens: float | None, within: float = CLOSES_WITHIN_KR) -> Check:
    """A check of level fel that two sums are the same; nothing to check where one is unknown.

    `within` is half a krona (or an hour): 0 for counts, more where what is summed is rounded on purpose.

    >>> closes("a", 0.4).ok, closes("a", -0.6).ok, closes("a", float("nan")).ok
    (True, False, None)
    >>> closes("a", -1e-9).differens  # the sign of what is nothing would tell one order of summing from another
    0.0
    """
    if differens is None or math.isnan(differens):
        return Check(namn, "fel", None, None, within, "Talen saknas eller skyddas.")
    return Check(namn, "fel", bool(abs(differens) <= within), round(float(differens), 6) + 0.0, within)


def failed_checks(result: dict[str, Any]) -> list[Check]:
    """The checks of a resultat.json that failed."""
    return [check for row in result["kontroller"] if (check := Check(**row)).failed]


def warns(namn: str, ok: bool | None, forklaring: str = "") -> Check:
    """A check of level varning without a number; `ok` is None where there was nothing to check.

    >>> warns("a", False, "b är tom").outcome
    'Varning'
    """
    return Check(namn, "varning", ok, None, None, forklaring)
