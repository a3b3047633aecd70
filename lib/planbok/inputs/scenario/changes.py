"""The kinds of change a scenario may hold: the form of each, and nothing about what it does to any figure.

Every figure may have `<figure>_lag` and `<figure>_hog` beside it: the reasonably lowest and highest, read as the 10th
and 90th percentile. A change of size zero is always a fault.
"""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from planbok.inputs.documents import Day, Entry, Name, Text, Underlag, ends_before_start, quoted
from planbok.inputs.rules.placement import Side

LONGEST_PACE = 24  # months between two flats' moves


def _checked_level(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{quoted(value)} är ingen nivå. Skriv till exempel 4 eller grundpeng.")
    return value


Level = Annotated[str | int, BeforeValidator(_checked_level)]


class Change(Entry):
    """What every change has: where it applies, on what it rests and why."""

    figure: ClassVar[str] = ""  # the field that says how large the change is
    typ: str
    underlag: Underlag
    motivering: Text
    enhet: Name | None = None
    verksamhet: Text | None = None
    kostnadsslag: Text | None = None

    @property
    def kind(self) -> str:
        """What the topics that compute it know it by: its type, but for one type that is two kinds of change."""
        return self.typ

    @property
    def starts(self) -> Any:
        """The day from which the change acts."""
        return getattr(self, "fran", None)

    @property
    def ends(self) -> Any:
        """The last day on which the change acts; None while it has no end."""
        return getattr(self, "till", None)

    def limits(self) -> tuple[float, float] | None:
        """The stated lowest and highest of the figure, if any."""
        low, high = (getattr(self, f"{self.figure}_{end}", None) for end in ("lag", "hog"))
        return None if low is None else (low, high)

    def at(self, figure: float) -> "Change":
        """The same change with another size."""
        return self.model_copy(update={self.figure: figure})

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """A size of zero, a figure outside its limits, an end before the start."""
        yield from ends_before_start(given)
        size = given.get(cls.figure)
        if size == 0:
            yield cls.figure, f"{cls.figure} är 0: förändringen flyttar inget. Ta bort den eller ange ett tal."
        yield from _outside_limits(given, cls.figure or "varde")


def _outside_limits(given: dict[str, Any], figure: str) -> Iterator[tuple[str, str]]:
    size, low, high = (given.get(name) for name in (figure, f"{figure}_lag", f"{figure}_hog"))
    if (low is None) != (high is None):
        there = f"{figure}_{'hog' if low is None else 'lag'}"
        yield there, f"ange både {figure}_lag och {figure}_hog, eller ingen av dem."
    elif all(isinstance(x, int | float) for x in (size, low, high)) and not low <= size <= high:
        yield figure, f"{figure} {size} ska ligga mellan {figure}_lag {low} och {figure}_hog {high}."


class Upprakning(Change):
    """Multiplies a budget row's side, or a price list, by 1 + procent / 100 from a day on, for good."""

    figure = "procent"
    typ: Literal["upprakning"]
    fran: Day
    procent: float
    procent_lag: float | None = None
    procent_hog: float | None = None
    budgetrad: Text | None = None
    sida: Side | None = None
    prislista: Literal["lss_peng"] | None = None
    insats: Text | None = None
    niva: Level | None = None
    regi: Text | None = None

    @property
    def kind(self) -> str:
        return "prislista" if self.prislista else self.typ

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Also: neither a budget row nor a price list, both, or keys of the other one."""
        yield from super().problems(given)
        row, prices = given.get("budgetrad"), given.get("prislista")
        if (row is None) == (prices is None):
            yield "prislista", "ange antingen budgetrad och sida eller prislista."
        elif row and not given.get("sida"):
            yield "budgetrad", "nyckeln 'sida' saknas: kostnad, intakt eller ram."
        other, strays = ("budgetrad", ("insats", "niva", "regi")) if row else ("prislista", ("sida",))
        for key in strays if (row is None) != (prices is None) else ():
            if given.get(key) is not None:
                yield key, f"'{key}' hör inte ihop med {other}. Ta bort den."


class Belopp(Change):
    """Adds an amount a month to a side of a budget row, between two days or from a day on."""

    figure = "kr_per_manad"
    typ: Literal["belopp"]
    budgetrad: Text
    sida: Side
    fran: Day
    till: Day | None = None
    kr_per_manad: float
    kr_per_manad_lag: float | None = None
    kr_per_manad_hog: float | None = None


class Atgard(Change):
    """A measure: an amount a month with a state and perhaps a probability. A saving is a negative cost."""

    figure = "kr_per_manad"
    typ: Literal["atgard"]
    namn: Text
    budgetrad: Text
    sida: Side
    fran: Day
    till: Day | None = None
    kr_per_manad: float
    kr_per_manad_lag: float | None = None
    kr_per_manad_hog: float | None = None
    status: Literal["planerad", "beslutad", "verkstalld"]
    sannolikhet_andel: float | None = Field(default=None, gt=0, le=1)


class Bedomning(Change):
    """The manager's judgement of a row: an amount spread evenly from a day to 31 December, with its date."""

    figure = "kr"
    typ: Literal["bedomning"]
    budgetrad: Text
    sida: Side
    fran: Day
    datum: Day
    kr: float
    kr_lag: float | None = None
    kr_hog: float | None = None


class Volym(Change):
    """Persons in (plus) or out (minus) of an insats, from a day."""

    figure = "antal"
    typ: Literal["volym"]
    insats: Text
    niva: Level | None = None
    regi: Text | None = None
    antal: float
    antal_lag: float | None = None
    antal_hog: float | None = None
    fran: Day
    till: Day | None = None


class Nivabyte(Change):
    """Persons that move from one level to another on a day."""

    figure = "antal"
    typ: Literal["nivabyte"]
    insats: Text
    regi: Text | None = None
    fran_niva: Level
    till_niva: Level
    antal: int = Field(ge=0)
    antal_lag: float | None = None
    antal_hog: float | None = None
    fran: Day

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Also: the same level before and after."""
        yield from super().problems(given)
        before, after = given.get("fran_niva"), given.get("till_niva")
        if isinstance(before, str | int) and isinstance(after, str | int) and str(before) == str(after):
            yield "till_niva", f"fran_niva och till_niva är båda {before}: förändringen flyttar inget."


class NyttBoende(Change):
    """A home of the table `boenden` opens on a day; what else is stated of it stands in for what the tables say.

    `manader_mellan_inflyttningar` is how many whole months lie between one flat's move and the next, from the opening
    on; `kanda_nivaer` how many residents are known by level.
    """

    typ: Literal["nytt_boende"]
    boende: Text
    oppnar: Day
    hyra_kr_per_manad: float | None = Field(default=None, ge=0)
    manader_mellan_inflyttningar: int | None = Field(default=None, ge=0, le=LONGEST_PACE)
    kanda_nivaer: dict[str, Annotated[int, Field(ge=0)]] | None = None
    arsarbetare: float | None = Field(default=None, ge=0)

    @property
    def starts(self) -> Any:
        return self.oppnar


class RegelAndring(Change):
    """Another value of a dated rule, from a day on."""

    typ: Literal["regel"]
    regel: Text
    varde: Any
    varde_lag: float | None = None
    varde_hog: float | None = None
    fran: Day
    till: Day | None = None

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Also: no value."""
        yield from super().problems(given)
        if "varde" in given and (given["varde"] in (None, "", {}, []) or isinstance(given["varde"], bool)):
            yield "varde", "varde ska vara ett tal, en text eller en tabell."


class Sjukfranvaro(Change):
    """A change of sick leave in percentage points, for a group or for all, from a day."""

    figure = "procentenheter"
    typ: Literal["sjukfranvaro"]
    grupp: Text
    procentenheter: float
    procentenheter_lag: float | None = None
    procentenheter_hog: float | None = None
    fran: Day
    till: Day | None = None


CHANGE_TYPES: dict[str, type[Change]] = {
    "upprakning": Upprakning,
    "belopp": Belopp,
    "volym": Volym,
    "nivabyte": Nivabyte,
    "nytt_boende": NyttBoende,
    "regel": RegelAndring,
    "sjukfranvaro": Sjukfranvaro,
    "atgard": Atgard,
    "bedomning": Bedomning,
}
