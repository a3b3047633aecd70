"""The kinds of change a scenario may hold: the form of each, and nothing about what it does to any figure.

Every figure may have `<figure>_lag` and `<figure>_hog` beside it: the reasonably lowest and highest, read as the 10th
and 90th percentile. A change of size zero is always a fault.
"""

from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from planbok.documents import Day, Entry, Text, Underlag

Side = Literal["kostnad", "intakt", "ram"]


class Change(Entry):
    """What every change has: where it applies, on what it rests and why."""

    figure: ClassVar[str] = ""  # the field that says how large the change is
    typ: str
    underlag: Underlag
    motivering: Text
    enhet: Text | None = None
    verksamhet: Text | None = None
    kostnadsslag: Text | None = None

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

    @model_validator(mode="after")
    def _has_a_size_within_its_limits(self):
        if not self.figure:
            return self
        size = getattr(self, self.figure)
        if size == 0:
            raise ValueError(f"{self.figure} är 0: förändringen flyttar inget. Ta bort den eller ange ett tal.")
        low, high = (getattr(self, f"{self.figure}_{end}", None) for end in ("lag", "hog"))
        if (low is None) != (high is None):
            raise ValueError(f"ange både {self.figure}_lag och {self.figure}_hog, eller ingen av dem.")
        if isinstance(size, int | float) and low is not None and not low <= size <= high:
            raise ValueError(f"{self.figure} {size} ska ligga mellan {self.figure}_lag {low} och _hog {high}.")
        return self

    @model_validator(mode="after")
    def _ends_after_it_starts(self):
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError(f"till {self.ends} ligger före fran {self.starts}.")
        return self


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
    niva: str | int | None = None
    regi: Text | None = None

    @model_validator(mode="after")
    def _names_a_row_or_a_price_list(self):
        if (self.budgetrad is None) == (self.prislista is None):
            raise ValueError("ange antingen budgetrad och sida eller prislista.")
        if self.budgetrad and not self.sida:
            raise ValueError("nyckeln 'sida' saknas: kostnad, intakt eller ram.")
        stray = [n for n in ("insats", "niva", "regi") if getattr(self, n) is not None] if self.budgetrad else []
        if stray or (self.prislista and self.sida):
            raise ValueError(f"'{(stray or ['sida'])[0]}' hör inte ihop med {'budgetrad' if stray else 'prislista'}.")
        return self


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
    niva: str | int | None = None
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
    fran_niva: str | int
    till_niva: str | int
    antal: int = Field(ge=0)
    antal_lag: float | None = None
    antal_hog: float | None = None
    fran: Day

    @model_validator(mode="after")
    def _changes_level(self):
        if str(self.fran_niva) == str(self.till_niva):
            raise ValueError(f"fran_niva och till_niva är båda {self.fran_niva}: förändringen flyttar inget.")
        return self


class NyttBoende(Change):
    """A home of the table `boenden` opens on a day."""

    typ: Literal["nytt_boende"]
    boende: Text
    oppnar: Day

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

    @model_validator(mode="after")
    def _has_a_value(self):
        if self.varde is None or isinstance(self.varde, bool):
            raise ValueError("varde ska vara ett tal, en text eller en tabell.")
        return self


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
