"""What every kind of change has, and what a class must say of its kind before it is one.

A class has all that is known of its kind: its keys and their words (the columns of the Excel template and the controls
on the dials), what its keys refer to, the dial of its size, and its one line of Swedish. A class without them does not
load. Defining one is all it takes: it is in `CHANGE_TYPES` by its `typ`. A class without a `typ` is what some have in
common.

Every figure may have `<figure>_lag` and `<figure>_hog` beside it: the reasonably lowest and highest, read as the 10th
and 90th percentile. A change of size zero is always a fault.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, get_args

from planbok.base.errors import Fault
from planbok.base.periods import long_date
from planbok.inputs.documents import Document, Entry, Name, Text, Underlag, ends_before_start, quoted

MOST = 10_000  # persons, cases or officers in one change: more is a slip, and would fill the memory with persons
SIDE_NAMES = {"kostnad": "kostnad", "intakt": "intäkt", "ram": "ram"}
ENDS = ("_lag", "_hog")
CHANGE_TYPES: dict[str, type["Change"]] = {}


class Slider(NamedTuple):
    """The dial of a change's size: its unit, how far it goes, and in which steps."""

    unit: str
    low: float
    high: float
    step: float


class Change(Entry):
    """What every change has: where it applies, on what it rests and why. Its further fields are those of its class."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    figure: ClassVar[str] = ""  # the field that says how large the change is
    slider: ClassVar[Slider | None] = None  # of the figure
    about_persons: ClassVar[bool] = False  # then the public is only told that there is one
    title: ClassVar[str] = ""  # what it is for, as the Excel template says it
    labels: ClassVar[dict[str, str]] = {  # field to its word for people; those of a class stand before these
        "enhet": "Enhet",
        "verksamhet": "Verksamhet",
        "kostnadsslag": "Kostnadsslag",
        "budgetrad": "Budgetrad",
        "sida": "Sida",
        "insats": "Insats",
        "niva": "Nivå",
        "regi": "Regi",
        "antal": "Antal",
        "kr_per_manad": "Belopp",
        "fran": "Från",
        "till": "Till",
    }
    refers: ClassVar[dict[str, str]] = {  # field to what its value is the name of, in `load.Known`
        "enhet": "enheter",
        "budgetrad": "budgetrader",
        "insats": "insatser",
        "boende": "boenden",
        "regel": "regler",
        "regi": "regi",
    }
    typ: str
    underlag: Underlag
    motivering: Text
    enhet: Name | None = None
    verksamhet: Text | None = None
    kostnadsslag: Text | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Takes the class up among the types of change, if it has what each must have."""
        super().__pydantic_init_subclass__(**kwargs)
        types = get_args(cls.model_fields["typ"].annotation)
        if not types:
            return
        stated = [vars(one) for one in cls.__mro__]
        cls.refers = {key: name for its in stated for key, name in its.get("refers", {}).items()}
        words = {key: word for its in stated for key, word in its.get("labels", {}).items()}
        cls.labels = {key: word for key, word in words.items() if key in cls.model_fields}
        own = [name for name in cls.model_fields if name not in Change.model_fields and not name.endswith(ENDS)]
        lacking = [f"labels[{name!r}]" for name in own if name not in cls.labels]
        lacking += ["title"] if not cls.title else []
        lacking += ["slider"] if cls.figure and cls.slider is None else []
        lacking += ["says"] if cls.says is Change.says else []
        if lacking:
            raise TypeError(f"{cls.__name__} is no kind of change without {', '.join(lacking)}")
        CHANGE_TYPES.update(dict.fromkeys(types, cls))

    def says(self, public: bool) -> str:
        """What it does to what, without from when. In public a name that somebody gave it is left out."""
        raise NotImplementedError

    def describe(self, public: bool = False) -> str:
        """The change in one line of Swedish without its reason: what it does to what, from when."""
        if public and self.about_persons:
            return "Förändring av beslut"
        end = f" till {long_date(self.ends)}" if self.ends else ""
        return f"{self.says(public)} från {long_date(self.starts)}{end}"

    @property
    def where(self) -> str:
        """The budget row with its parts and side, as far as the change names them; a cost needs no word."""
        place = [getattr(self, "budgetrad", None), self.verksamhet, self.kostnadsslag]
        side = getattr(self, "sida", None) or "kostnad"
        return " ".join(part for part in (*place, "" if side == "kostnad" else SIDE_NAMES[side]) if part)

    @classmethod
    def faults_of_names(cls, document: Document, location: tuple, given: dict, known: Any) -> Iterator[Fault]:
        """Faults in what the change names, beyond that each name exists: a value of the wrong shape, say."""
        yield from ()

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

    @property
    def acts_until(self) -> Any:
        """As `ends`, also for a kind of change whose end goes without saying."""
        return self.ends

    def limits(self) -> tuple[float, float] | None:
        """The stated lowest and highest of the figure, if any."""
        low, high = (getattr(self, f"{self.figure}_{end}", None) for end in ("lag", "hog"))
        return None if low is None or high is None else (low, high)

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
        for key in ("antal", "antal_lag", "antal_hog"):
            if isinstance(given.get(key), _NUMBER) and abs(given[key]) > MOST:
                yield key, f"{key} är {quoted(given[key])}, mer än {MOST}. Rätta talet."


_NUMBER = int | float


def _outside_limits(given: dict[str, Any], figure: str) -> Iterator[tuple[str, str]]:
    size, low, high = (given.get(name) for name in (figure, f"{figure}_lag", f"{figure}_hog"))
    if (low is None) != (high is None):
        there = f"{figure}_{'hog' if low is None else 'lag'}"
        yield there, f"ange både {figure}_lag och {figure}_hog, eller ingen av dem."
    elif (
        isinstance(size, _NUMBER) and isinstance(low, _NUMBER) and isinstance(high, _NUMBER) and not low <= size <= high
    ):
        yield figure, f"{figure} {size} ska ligga mellan {figure}_lag {low} och {figure}_hog {high}."
