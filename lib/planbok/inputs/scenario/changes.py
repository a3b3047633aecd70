"""The kinds of change a scenario may hold, one class each, and nothing about what they do to any figure.

A class has all that is known of its kind: its keys and their words (the columns of the Excel template and the controls
on the dials), what its keys refer to, the dial of its size, and its one line of Swedish. A class without them does not
load. Defining one is all it takes: it is in `CHANGE_TYPES` by its `typ`.

Every figure may have `<figure>_lag` and `<figure>_hog` beside it: the reasonably lowest and highest, read as the 10th
and 90th percentile. A change of size zero is always a fault.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, get_args

from pydantic import BeforeValidator, Field

from planbok.base.errors import Fault
from planbok.base.numbers import format_unit
from planbok.base.periods import long_date
from planbok.inputs.documents import Day, Document, Entry, Name, Text, Underlag, ends_before_start, quoted
from planbok.inputs.rules.limits import limit_faults
from planbok.inputs.rules.placement import Side
from planbok.inputs.rules.secrecy import fixed, is_secrecy
from planbok.inputs.rules.shares import share_faults

MOST = 10_000  # persons, cases or officers in one change: more is a slip, and would fill the memory with persons
LONGEST_PACE = 24  # months between two flats' moves
SIDE_NAMES = {"kostnad": "kostnad", "intakt": "intäkt", "ram": "ram"}
ENDS = ("_lag", "_hog")
CHANGE_TYPES: dict[str, type["Change"]] = {}


def _checked_level(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{quoted(value)} är ingen nivå. Skriv till exempel 4 eller grundpeng.")
    return value


Level = Annotated[str | int, BeforeValidator(_checked_level)]


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
    title: ClassVar[str] = ""  # what it is for, as the Excel template says it
    labels: ClassVar[dict[str, str]] = {  # field to its word for people; those of a class stand beside these
        "enhet": "Enhet",
        "verksamhet": "Verksamhet",
        "kostnadsslag": "Kostnadsslag",
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
        for name in ("labels", "refers"):
            setattr(cls, name, {**getattr(cls.__base__, name), **vars(cls).get(name, {})})
        own = [name for name in cls.model_fields if name not in Change.model_fields and not name.endswith(ENDS)]
        lacking = [f"labels[{name!r}]" for name in own if name not in cls.labels]
        lacking += ["title"] if not cls.title else []
        lacking += ["slider"] if cls.figure and cls.slider is None else []
        lacking += ["says"] if cls.says is Change.says else []
        if lacking:
            raise TypeError(f"{cls.__name__} is no kind of change without {', '.join(lacking)}")
        CHANGE_TYPES.update(dict.fromkeys(get_args(cls.model_fields["typ"].annotation), cls))

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
    def about_persons(self) -> bool:
        """Whether the change is of persons, so that the public is only told that there is one."""
        return False

    @property
    def where(self) -> str:
        """The budget row with its parts and side, as far as the change names them."""
        place = [getattr(self, "budgetrad", None), self.verksamhet, self.kostnadsslag]
        side = SIDE_NAMES.get(getattr(self, "sida", None) or "", "")
        return " ".join(part for part in (*place, side) if part)

    @classmethod
    def faults_of_names(cls, document: Document, location: tuple, given: dict, known: Any) -> Iterator[Fault]:
        """What is wrong in what the change's names stand for, beyond that there is such a name."""
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


class Upprakning(Change):
    """Multiplies a budget row's side, or a price list, by 1 + procent / 100 from a day on, for good."""

    figure = "procent"
    slider = Slider("%", -10.0, 10.0, 0.1)
    title = "En budgetrads sida, eller prislistan, räknas upp för gott"
    labels = {
        "budgetrad": "Budgetrad",
        "sida": "Sida",
        "procent": "Procent",
        "prislista": "Prislista",
        "insats": "Insats",
        "niva": "Nivå",
        "regi": "Regi",
        "fran": "Från",
    }
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

    def says(self, public: bool) -> str:
        """A stated per cent has as many decimals as it has, up to three: an assumption is quoted, not rounded."""
        decimals = next((n for n in (1, 2) if round(self.procent, n) == self.procent), 3)
        return f"{self.where or 'Prislistan'} {format_unit(self.procent, 'procent', decimals, signed=True)}"


class Belopp(Change):
    """Adds an amount a month to a side of a budget row, between two days or from a day on."""

    figure = "kr_per_manad"
    slider = Slider("kr/månad", -2_000_000, 2_000_000, 5_000)
    title = "Kronor per månad på en budgetrads sida"
    labels = {
        "budgetrad": "Budgetrad",
        "sida": "Sida",
        "kr_per_manad": "Belopp",
        "fran": "Från",
        "till": "Till",
    }
    typ: Literal["belopp"]
    budgetrad: Text
    sida: Side
    fran: Day
    till: Day | None = None
    kr_per_manad: float
    kr_per_manad_lag: float | None = None
    kr_per_manad_hog: float | None = None

    def says(self, public: bool) -> str:
        return f"{self.where} {format_unit(self.kr_per_manad, 'kr', signed=True)} per månad"


class Atgard(Change):
    """A measure: an amount a month with a state and perhaps a probability. A saving is a negative cost."""

    figure = "kr_per_manad"
    slider = Slider("kr/månad", -2_000_000, 2_000_000, 5_000)
    title = "En åtgärd med namn och status; en besparing är en negativ kostnad"
    labels = {
        "namn": "Namn",
        "budgetrad": "Budgetrad",
        "sida": "Sida",
        "kr_per_manad": "Belopp",
        "fran": "Från",
        "till": "Till",
        "status": "Status",
        "sannolikhet_andel": "Sannolikhet",
    }
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

    def says(self, public: bool) -> str:
        name = self.where if public else self.namn
        amount = f"{name}: {format_unit(self.kr_per_manad, 'kr', signed=True)} per månad"
        if self.sannolikhet_andel is None:
            return amount
        return f"{amount}, sannolikhet {format_unit(100 * self.sannolikhet_andel, 'procent', 0)},"


class Bedomning(Change):
    """The manager's judgement of a row: an amount spread evenly from a day to 31 December, with its date."""

    figure = "kr"
    slider = Slider("kr", -10_000_000, 10_000_000, 25_000)
    title = "Chefens bedömning av en budgetrad: en summa som sprids jämnt till den 31 december"
    labels = {
        "budgetrad": "Budgetrad",
        "sida": "Sida",
        "kr": "Bedömning till årets slut",
        "fran": "Från",
        "datum": "Bedömningens dag",
    }
    typ: Literal["bedomning"]
    budgetrad: Text
    sida: Side
    fran: Day
    datum: Day
    kr: float
    kr_lag: float | None = None
    kr_hog: float | None = None

    def says(self, public: bool) -> str:
        return f"{self.where} {format_unit(self.kr, 'kr', signed=True)} till årets slut"


class Volym(Change):
    """Persons in (plus) or out (minus) of an insats, from a day."""

    figure = "antal"
    slider = Slider("personer", -10, 10, 1)
    title = "Fler eller färre personer i en insats"
    labels = {
        "insats": "Insats",
        "niva": "Nivå",
        "regi": "Regi",
        "antal": "Antal",
        "fran": "Från",
        "till": "Till",
    }
    typ: Literal["volym"]
    insats: Text
    niva: Level | None = None
    regi: Text | None = None
    antal: float
    antal_lag: float | None = None
    antal_hog: float | None = None
    fran: Day
    till: Day | None = None

    @property
    def about_persons(self) -> bool:
        return True

    def says(self, public: bool) -> str:
        unit = "person" if abs(self.antal) == 1 else "personer"
        decimals = 0 if self.antal == round(self.antal) else 1
        return f"{_cell(self, self.niva)}: {format_unit(self.antal, unit, decimals, signed=True)}"


class Nivabyte(Change):
    """Persons that move from one level to another on a day."""

    figure = "antal"
    slider = Slider("personer", 0, 10, 1)
    title = "Personer som byter nivå en dag"
    labels = {
        "insats": "Insats",
        "regi": "Regi",
        "fran_niva": "Från nivå",
        "till_niva": "Till nivå",
        "antal": "Antal",
        "fran": "Från",
    }
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

    @property
    def about_persons(self) -> bool:
        return True

    def says(self, public: bool) -> str:
        return f"{_cell(self)}: {self.antal} från nivå {self.fran_niva} till {self.till_niva}"


class NyttBoende(Change):
    """A home of the table `boenden` opens on a day; what else is stated of it stands in for what the tables say.

    `manader_mellan_inflyttningar` is how many whole months lie between one flat's move and the next, from the opening
    on; `kanda_nivaer` how many residents are known by level.
    """

    title = "Ett boende öppnar en dag"
    labels = {
        "boende": "Boende",
        "oppnar": "Öppnar",
        "hyra_kr_per_manad": "Hyra",
        "manader_mellan_inflyttningar": "Månader mellan inflyttningarna",
        "kanda_nivaer": "Kända nivåer",
        "arsarbetare": "Årsarbetare",
    }
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

    def says(self, public: bool) -> str:
        """A home that opens and what is stated of it, but for residents: those are few."""
        rent, pace, staff = self.hyra_kr_per_manad, self.manader_mellan_inflyttningar, self.arsarbetare
        parts = [
            f"{self.boende} öppnar",
            rent is not None and f"hyra {format_unit(rent, 'kr')} per månad",
            pace is not None and f"{pace} månader mellan inflyttningarna",
            staff is not None and format_unit(staff, "arsarbetare"),
        ]
        return ", ".join(part for part in parts if part)


class RegelAndring(Change):
    """Another value of a dated rule, from a day on."""

    title = "Ett annat värde på en regel"
    labels = {"regel": "Regel", "varde": "Värde", "fran": "Från", "till": "Till"}
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

    @classmethod
    def faults_of_names(cls, document: Document, location: tuple, given: dict, known: Any) -> Iterator[Fault]:
        """A rule that no scenario changes, another shape than the published value, or a share that can't be."""
        rule, value = given.get("regel"), given.get("varde")
        published = (known.regler or {}).get(rule) if isinstance(rule, str) else None
        if isinstance(rule, str) and is_secrecy(rule):
            yield fixed(document, location, rule)
        elif published and value is not None and _shape(published[-1].varde) != _shape(value):
            text = f"varde ska vara {_shape(published[-1].varde)}, som det publicerade värdet, men är {quoted(value)}."
            yield document.fault((*location, "varde"), text, "wrong_type")
        elif published and isinstance(rule, str):
            for key in ("varde", "varde_lag", "varde_hog"):
                place, part = (*location, key), given.get(key)
                yield from share_faults(document, place, rule, published[-1].mattenhet, part)
                yield from limit_faults(document, place, rule, published[-1].limits, part)

    def says(self, public: bool) -> str:
        return f"{self.regel} blir {_value(self.varde)}"


class Sjukfranvaro(Change):
    """A change of sick leave in percentage points, for a group or for all, from a day."""

    figure = "procentenheter"
    slider = Slider("procentenheter", -5.0, 5.0, 0.1)
    title = "Sjukfrånvaron ändras, i en grupp eller i alla"
    labels = {"grupp": "Grupp", "procentenheter": "Procentenheter", "fran": "Från", "till": "Till"}
    typ: Literal["sjukfranvaro"]
    grupp: Text
    procentenheter: float
    procentenheter_lag: float | None = None
    procentenheter_hog: float | None = None
    fran: Day
    till: Day | None = None

    def says(self, public: bool) -> str:
        who = "i alla grupper" if self.grupp.casefold() == "alla" else f"i {self.grupp}"
        return f"Sjukfrånvaron {who} {format_unit(self.procentenheter, 'procentenheter', signed=True)}"


def _cell(change: Volym | Nivabyte, niva: str | int | None = None) -> str:
    """An insats with its level and management, as far as the change names them."""
    parts = [change.insats.replace("_", " ").capitalize(), niva is not None and f"nivå {niva}", change.regi]
    return ", ".join(part for part in parts if part)


def _value(varde: Any) -> str:
    """A rule's value in a line of text: numbers as people write them, a map as its keys with theirs."""
    if isinstance(varde, dict):
        return ", ".join(f"{key} {_value(part)}" for key, part in varde.items())
    if isinstance(varde, int | float) and not isinstance(varde, bool):
        return format_unit(varde, "", next((n for n in range(6) if round(varde, n) == varde), 6))
    return str(varde)


def _shape(value: Any) -> str:
    """What kind of value it is, for people."""
    names = {dict: "nycklar med värden", list: "en lista av band", str: "en text", bool: "true eller false"}
    return names.get(type(value), "ett tal")
