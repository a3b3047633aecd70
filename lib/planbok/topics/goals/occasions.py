"""When goals are reported and indicators measured: tertials, and the occasions of an indicator's periodicity."""

import re
from dataclasses import dataclass
from datetime import date

from planbok.base.periods import month_end

# The months that end a report's period, and how many months lie between the occasions of a periodicity or an interval.
REPORTS = {"T1": 4, "T2": 8, "VB": 12}
STEPS = {"manad": 1, "kvartal": 3, "tertial": 4, "halvar": 6, "ar": 12}
PERIODICITIES = {"månad": "manad", "kvartal": "kvartal", "tertial": "tertial", "halvår": "halvar", "år": "ar"}
LATER = {"ar": "mäts vid årets slut", "halvar": "mäts vid halvårsskiftet"}
_PERIOD = re.compile(r"(\d{4})(?:-(T[12]|\d{2}))?")


@dataclass(frozen=True, order=True)
class Occasion:
    """An occasion of measurement: the year, and the month that it ends with."""

    ar: int
    manad: int

    def before(self, months: int) -> "Occasion":
        """The occasion so many months earlier.

        >>> Occasion(2024, 4).before(4), Occasion(2024, 8).before(4)
        (Occasion(ar=2023, manad=12), Occasion(ar=2024, manad=4))
        """
        number = self.ar * 12 + self.manad - 1 - months
        return Occasion(number // 12, number % 12 + 1)

    @property
    def dag(self) -> date:
        """Its last day."""
        return month_end(self.ar, self.manad)

    def name(self, step: int) -> str:
        """What the occasion is called under a periodicity.

        >>> [Occasion(2024, month).name(4) for month in (4, 8, 12)], Occasion(2024, 6).name(6)
        (['2024 T1', '2024 T2', '2024'], '2024-06')
        """
        if self.manad == 12 and step > 1:
            return str(self.ar)
        tertial = next((name for name, month in REPORTS.items() if month == self.manad), "")
        return f"{self.ar} {tertial}" if step == STEPS["tertial"] and tertial else f"{self.ar}-{self.manad:02d}"


def occasion_of(period: str) -> Occasion:
    """The occasion of a period as the tables write it.

    >>> occasion_of("2024"), occasion_of("2024-T2"), occasion_of("2024-03")
    (Occasion(ar=2024, manad=12), Occasion(ar=2024, manad=8), Occasion(ar=2024, manad=3))
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(f"{period!r} is no period")
    part = found[2] or "VB"
    return Occasion(int(found[1]), REPORTS[part] if part in REPORTS else int(part))


def step_of(periodicitet: str) -> int | None:
    """Months between the occasions of a periodicity as plans write it; None for one that is not known.

    >>> step_of("Tertial"), step_of("År"), step_of("Årligen")
    (4, 12, None)
    """
    name = PERIODICITIES.get(periodicitet.strip().casefold())
    return STEPS[name] if name else None


def latest(ar: int, tom_manad: int, step: int) -> Occasion | None:
    """The year's latest occasion up to a month; None where there has been none yet.

    >>> latest(2024, 8, 4), latest(2024, 8, 6), latest(2024, 8, 12)
    (Occasion(ar=2024, manad=8), Occasion(ar=2024, manad=6), None)
    """
    month = tom_manad - tom_manad % step
    return Occasion(ar, month) if month else None


def later(step: int) -> str:
    """What is said of an indicator that has had no occasion yet this year."""
    name = next(name for name, months in STEPS.items() if months == step)
    return LATER.get(name, LATER["ar"])
