"""The kinds of change a scenario may hold, one class each, and nothing about what they do to any figure."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from planbok.base.errors import Fault
from planbok.base.numbers import few_decimals, format_unit, is_number, kronor
from planbok.base.periods import last_day
from planbok.inputs.documents import Day, Document, Text, quoted
from planbok.inputs.rules.limits import limit_faults, share_faults
from planbok.inputs.rules.placement import Side
from planbok.inputs.rules.secrecy import fixed, is_secrecy
from planbok.inputs.scenario.change import CHANGE_TYPES, ENDS, SIDE_NAMES, Change, Slider

__all__ = ["CHANGE_TYPES", "ENDS", "LONGEST_PACE", "SIDE_NAMES", "Atgard", "Change", "Side", "Slider"]
LONGEST_PACE = 24  # months between two flats' moves


def _checked_level(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{quoted(value)} är ingen nivå. Skriv till exempel 4 eller grundpeng.")
    return value


Level = Annotated[str | int, BeforeValidator(_checked_level)]


class Upprakning(Change):
    """Multiplies a budget row's side, or a price list, by 1 + procent / 100 from a day on, for good."""

    figure = "procent"
    slider = Slider("%", -10.0, 10.0, 0.1)
    title = "En budgetrads sida, eller prislistan, räknas upp för gott"
    labels = {"procent": "Procent", "prislista": "Prislista"}
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


class OnRow(Change):
    """A change in kronor of a side of a budget row, from a day on."""

    budgetrad: Text
    sida: Side
    fran: Day


class Monthly(OnRow):
    """An amount a month, between two days or from a day on."""

    figure = "kr_per_manad"
    slider = Slider("kr/månad", -2_000_000, 2_000_000, 5_000)
    till: Day | None = None
    kr_per_manad: float
    kr_per_manad_lag: float | None = None
    kr_per_manad_hog: float | None = None

    def amount(self, name: str) -> str:
        return f"{name} {kronor(self.kr_per_manad, True, exact=True)} per månad"


class Belopp(Monthly):
    """Adds an amount a month to a side of a budget row, between two days or from a day on."""

    title = "Kronor per månad på en budgetrads sida"
    typ: Literal["belopp"]

    def says(self, public: bool) -> str:
        return self.amount(self.where)


class Atgard(Monthly):
    """A measure: an amount a month with a state and perhaps a probability. A saving is a negative cost."""

    title = "En åtgärd med namn och status; en besparing är en negativ kostnad"
    labels = {"namn": "Namn", "status": "Status", "sannolikhet_andel": "Sannolikhet"}
    typ: Literal["atgard"]
    namn: Text
    status: Literal["planerad", "beslutad", "verkstalld"]
    sannolikhet_andel: float | None = Field(default=None, gt=0, le=1)

    def says(self, public: bool) -> str:
        named = f"{self.namn}: intäkt" if self.sida == "intakt" else f"{self.namn}:"
        amount = self.amount(f"{self.where}:" if public else named)
        if self.sannolikhet_andel is None:
            return amount
        return f"{amount}, sannolikhet {format_unit(100 * self.sannolikhet_andel, 'procent', 0)},"


class Bedomning(OnRow):
    """The manager's judgement of a row: an amount spread evenly from a day to 31 December, with its date."""

    figure = "kr"
    slider = Slider("kr", -10_000_000, 10_000_000, 25_000)
    title = "Chefens bedömning av en budgetrad: en summa som sprids jämnt till den 31 december"
    labels = {"kr": "Bedömning till årets slut", "datum": "Bedömningens dag"}
    typ: Literal["bedomning"]
    datum: Day
    kr: float
    kr_lag: float | None = None
    kr_hog: float | None = None

    @property
    def acts_until(self) -> Any:
        return last_day(self.fran.year)

    def says(self, public: bool) -> str:
        return f"{self.where} {kronor(self.kr, True, exact=True)} till årets slut"


class OfPersons(Change):
    """A change of persons in an insats from a day; of it the public is only told that there is one."""

    about_persons = True
    figure = "antal"
    insats: Text
    regi: Text | None = None
    antal_lag: float | None = None
    antal_hog: float | None = None
    fran: Day

    def cell(self, niva: str | int | None = None) -> str:
        """The insats with a level and its management, as far as the change names them."""
        parts = [self.insats.replace("_", " ").capitalize(), niva is not None and f"nivå {niva}", self.regi]
        return ", ".join(part for part in parts if part)


class Volym(OfPersons):
    """Persons in (plus) or out (minus) of an insats, from a day."""

    slider = Slider("personer", -10, 10, 1)
    title = "Fler eller färre personer i en insats"
    typ: Literal["volym"]
    niva: Level | None = None
    antal: float
    till: Day | None = None

    def says(self, public: bool) -> str:
        unit = "person" if abs(self.antal) == 1 else "personer"
        decimals = few_decimals(self.antal)
        return f"{self.cell(self.niva)}: {format_unit(self.antal, unit, decimals, signed=True)}"


class Nivabyte(OfPersons):
    """Persons that move from one level to another on a day."""

    slider = Slider("personer", 0, 10, 1)
    title = "Personer som byter nivå en dag"
    labels = {"fran_niva": "Från nivå", "till_niva": "Till nivå"}
    typ: Literal["nivabyte"]
    fran_niva: Level
    till_niva: Level
    antal: int = Field(ge=0)

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Also: the same level before and after."""
        yield from super().problems(given)
        before, after = given.get("fran_niva"), given.get("till_niva")
        if isinstance(before, str | int) and isinstance(after, str | int) and str(before) == str(after):
            yield "till_niva", f"fran_niva och till_niva är båda {before}: förändringen flyttar inget."

    def says(self, public: bool) -> str:
        return f"{self.cell()}: {self.antal} från nivå {self.fran_niva} till {self.till_niva}"


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
            f"{self.boende.replace('_', ' ')} öppnar",
            rent is not None and f"hyra {format_unit(rent, 'kr')} per månad",
            pace is not None and f"{pace} månader mellan inflyttningarna",
            staff is not None and format_unit(staff, "arsarbetare"),
        ]
        return ", ".join(part for part in parts if part)

    def describe(self, public: bool = False) -> str:
        """The change in one line: a home opens on a day, not from one."""
        return super().describe(public).replace(" öppnar från ", " öppnar den ", 1)


class RegelAndring(Change):
    """Another value of a dated rule, from a day on."""

    title = "Ett annat värde på en regel"
    labels = {"regel": "Regel", "varde": "Värde"}
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
    labels = {"grupp": "Grupp", "procentenheter": "Procentenheter"}
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


def _value(varde: Any) -> str:
    """A rule's value in a line of text: numbers as people write them, a map as its keys with theirs."""
    if isinstance(varde, dict):
        return ", ".join(f"{key} {_value(part)}" for key, part in varde.items())
    if is_number(varde):
        return format_unit(varde, "", next((n for n in range(6) if round(varde, n) == varde), 6))
    return str(varde)


def _shape(value: Any) -> str:
    """What kind of value it is, for people."""
    names = {dict: "nycklar med värden", list: "en lista av band", str: "en text", bool: "true eller false"}
    return names.get(type(value), "ett tal")
