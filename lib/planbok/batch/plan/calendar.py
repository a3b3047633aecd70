"""When a plan's reports are due: which periods a day ends, and when their figures are there.

A period is known by its last day. Month, quarter and tertial ends are those of the calendar (tertials: April and
August; December's is the verksamhetsberättelse); the days of measurement are those of the rules. The figures of a
period are there some Swedish working days after its end, which the plan says.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from planbok.base.periods import MONTH_NAMES, days_in_month, long_date
from planbok.base.words import listed

MEASUREMENT = "prestationsmatning"
# what a plan may say in `nar`, and what people call it
OCCASIONS = {
    "manad": "månad",
    "kvartal": "kvartal",
    "tertial": "tertial",
    "verksamhetsberattelse": "verksamhetsberättelse",
    MEASUREMENT: "prestationsmätning",
}
Occasion = Literal["manad", "kvartal", "tertial", "verksamhetsberattelse", "prestationsmatning"]  # its keys
REPORTS = {"T1": 4, "T2": 8, "VB": 12}  # what the reports of a year are called, and the month that each ends with
MONTHS_ENDING = {"kvartal": (3, 6, 9, 12), "tertial": (4, 8), "verksamhetsberattelse": (12,)}
WAIT = 8  # working days until the figures are there, unless the plan says otherwise
LONGEST_WAIT = 60
CATCH_UP = timedelta(days=366)  # a period that ended longer ago is no longer made by the calendar
# Days that the law on holidays does not name but the Annual Leave Act (1977:480, 3 a §) puts on a level with Sundays.
EVES = ("Midsommarafton", "Julafton", "Nyårsafton")


MeasurementDays = Callable[[int], Sequence[date]]  # the days of measurement of a year


@dataclass(frozen=True)
class Period:
    """What a scheduled run is about: the period's last day, and what it ends for the plan (keys of `OCCASIONS`)."""

    slut: date
    avser: tuple[str, ...]

    @property
    def ar(self) -> int:
        return self.slut.year

    @property
    def tom_manad(self) -> int:
        """The last whole month.

        >>> [Period(day, ("manad",)).tom_manad for day in (date(2016, 4, 30), date(2016, 8, 27))]
        [4, 7]
        """
        whole = self.slut.day == days_in_month(self.slut.year, self.slut.month)
        return self.slut.month if whole else self.slut.month - 1

    def as_json(self) -> dict[str, Any]:
        """The period as a run's manifest has it."""
        return {"slut": self.slut.isoformat(), "avser": list(self.avser), "i_ord": self.in_words()}

    def in_words(self) -> str:
        """The period as people say it.

        >>> Period(date(2016, 4, 30), ("manad", "tertial")).in_words()
        'april 2016 (månad och tertial)'
        >>> Period(date(2016, 8, 27), ("prestationsmatning",)).in_words()
        '27 augusti 2016 (prestationsmätning)'
        """
        whole = self.tom_manad == self.slut.month
        when = f"{MONTH_NAMES[self.slut.month - 1]} {self.ar}" if whole else long_date(self.slut)
        return f"{when} ({listed([OCCASIONS[name] for name in self.avser])})"


def ends(day: date, measured: MeasurementDays) -> tuple[str, ...]:
    """The periods that a day is the last of.

    >>> measured = lambda year: (date(year, 3, 31), date(year, 8, 27))
    >>> ends(date(2016, 8, 27), measured), ends(date(2016, 4, 30), measured)
    (('prestationsmatning',), ('manad', 'tertial'))
    >>> ends(date(2016, 3, 31), measured), ends(date(2016, 3, 30), measured)
    (('manad', 'kvartal', 'prestationsmatning'), ())
    >>> [ends(day, measured) for day in (date(2016, 12, 31), date(2016, 2, 28), date(2016, 2, 29))]
    [('manad', 'kvartal', 'verksamhetsberattelse'), (), ('manad',)]
    """
    found = ["manad"] if day.day == days_in_month(day.year, day.month) else []
    found += [name for name, months in MONTHS_ENDING.items() if found and day.month in months]
    found += [MEASUREMENT] if day in measured(day.year) else []
    return tuple(found)


def is_working_day(day: date) -> bool:
    """Whether people work in Sweden: Monday to Friday, neither a holiday nor Midsummer, Christmas or New Year's Eve.

    >>> is_working_day(date(2016, 5, 4)), is_working_day(date(2016, 5, 5)), is_working_day(date(2016, 6, 24))
    (True, False, False)
    """
    return day.weekday() < 5 and day not in _holidays(day.year)


@lru_cache
def _holidays(year: int) -> frozenset[date]:
    from holidays.constants import BANK, PUBLIC  # a large library that most commands need not wait for
    from holidays.countries.sweden import Sweden

    public = Sweden(years=year, language="sv", include_sundays=False, categories=(PUBLIC,))
    banks = Sweden(years=year, language="sv", categories=(BANK,))
    return frozenset(public) | {day for day, name in banks.items() if name in EVES}


def figures_there(end: date, wait: int = WAIT) -> date:
    """The day on which a period's figures are there: so many working days after its last day.

    Ascension Day, 5 May, is none of the eight.

    >>> figures_there(date(2016, 4, 30)).isoformat(), figures_there(date(2016, 4, 30), 0).isoformat()
    ('2016-05-12', '2016-04-30')
    """
    day = end
    while wait > 0:
        day += timedelta(days=1)
        wait -= is_working_day(day)
    return day


def due_periods(nar: tuple[str, ...], wait: int, today: date, measured: MeasurementDays) -> list[Period]:
    """The periods of a plan whose figures are there, the oldest first, as far back as the calendar reaches.

    >>> found = due_periods(("manad", "tertial"), 8, date(2016, 5, 12), lambda year: ())
    >>> [period.in_words() for period in found[-2:]], len(found)
    (['mars 2016 (månad)', 'april 2016 (månad och tertial)'], 12)
    >>> due_periods(("tertial",), 8, date(2016, 5, 11), lambda year: ())[-1].slut.isoformat()
    '2015-08-31'
    >>> due_periods(("manad 2", "manad 3"), 8, date(2016, 5, 11), lambda year: ())[-1].slut.isoformat()
    '2016-03-31'
    """
    past = _periods(nar, today - CATCH_UP, today, measured)
    return [period for period in past if figures_there(period.slut, wait) <= today]


def next_period(nar: tuple[str, ...], wait: int, today: date, measured: MeasurementDays) -> tuple[Period, date]:
    """The first period whose figures are not there yet, and the day on which they will be.

    >>> period, day = next_period(("tertial",), 8, date(2016, 5, 12), lambda year: ())
    >>> period.in_words(), day.isoformat()
    ('augusti 2016 (tertial)', '2016-09-12')
    """
    around = timedelta(days=2 * LONGEST_WAIT)  # more calendar days than the longest wait has
    for period in _periods(nar, today - around, today + CATCH_UP, measured):
        day = figures_there(period.slut, wait)
        if day > today:
            return period, day
    raise ValueError("a plan of the calendar has at least one period a year")


def _periods(nar: tuple[str, ...], first: date, last: date, measured: MeasurementDays) -> list[Period]:
    """The plan's periods that end in the closed interval; the rules are asked only by plans of measurements."""
    measured = measured if MEASUREMENT in nar else lambda _: ()
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    asked = set(nar)
    found = (
        (day, tuple(name for name in ends(day, measured) if asked & {name, f"{name} {day.month}"})) for day in days
    )
    return [Period(day, names) for day, names in found if names]
