"""YAML files as people write them: every value with its line, every fault of form at once.

The nodes are of YAML 1.2, so `nej` and `on` stay text; the values are built here so that a repeated key or a date that
does not exist becomes a fault among the others instead of ending the reading. pydantic holds the form of each entry;
its findings are put into Swedish here, once, for scenarios, rules and plans alike.
"""

import math
import pickle
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, cast

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from planbok.base.errors import Fault, did_you_mean
from planbok.base.names import harmless, unseen
from planbok.base.numbers import reads_two_ways
from planbok.base.periods import why_no_day
from planbok.base.privacy import find_personal_number, looks_like_personal_number, personal_number_mask
from planbok.base.workspace import shown
from planbok.inputs.journal import read_bytes
from planbok.inputs.yaml_nodes import TooDeepError, cut_off, nodes

Location = tuple[str | int, ...]
ENTRY_NAMES = {"forandringar": "förändring", "korningar": "körning", "varden": "värde"}
MODEL_FIELDS_HINT = 20
UNREADABLE = object()
LONGEST_SHOWN = 60
MOST_VALUES = 200_000  # in one file; more is aliases that multiply
LARGEST_NUMBER = 1e15  # beyond this, kronor are no longer exact
FREE_TEXT = ("titel", "fraga", "motivering", "namn", "kalla", "anmarkning")  # where a # is hardly ever a comment
ONE_LINE = ("titel", "namn")
_FIGURE = re.compile(r"(?:varde|antal|kr|kr_.*|.*_kr|.*_tkr|.*_mnkr|.*_h|.*kr_per_.*)(?:_lag|_hog)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Entry(BaseModel):
    """Base of every entry's form: no unknown keys, no silent conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterable[tuple[str, str]]:
        """What takes several keys to see, each as (key, text).

        These faults are said beside those of single keys: a value in `given` that is wrong by itself is `UNREADABLE`.
        """
        return ()


def _checked_date(value: Any) -> Any:
    """A date from YAML; the text of one that does not exist is said as that."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not DATE.fullmatch(value) or value.startswith("0000"):
        raise ValueError(f"{quoted(value)} är inget datum. Skriv ÅÅÅÅ-MM-DD, till exempel 2024-03-31.")
    reason = why_no_day(value)
    if reason:
        raise ValueError(f"{value} är inte ett giltigt datum ({reason}).")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_checked_date)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[Text, BeforeValidator(lambda value: str(value) if type(value) is int else value)]  # enhet: 312100
Underlag = Literal["utfall", "beslutad", "beraknad", "forslag", "prognos", "antagande"]


def ends_before_start(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """An interval whose `till` lies before its `fran`, as a problem of an entry."""
    start, end = given.get("fran"), given.get("till")
    if isinstance(start, date) and isinstance(end, date) and end < start:
        yield "till", f"till {end} ligger före fran {start}."


@dataclass
class Document:
    """A YAML file's value, the line of every key and item by its location in the value, and the faults found in it."""

    kind: str
    file: str
    value: Any = None
    lines: dict[Location, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, location: Location) -> int:
        """The line of a location, or of the nearest one around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 0)

    def spot(self, location: Location) -> tuple[int, str]:
        """The line of a location, and what a person calls it."""
        return self.line(location), place_name(location)

    def fault(self, location: Location, text: str, code: str, hint: Callable[[], str] | None = None) -> Fault:
        return Fault(self.kind, self.file, *self.spot(location), text, code, hint)

    def refuse(self, location: Location, text: str, code: str, hint: Callable[[], str] | None = None) -> None:
        """Adds a fault at a location to those found."""
        self.faults.append(self.fault(location, text, code, hint))


def place_name(location: Location) -> str:
    """What a person calls a location.

    >>> place_name(("forandringar", 1, "procent"))
    'förändring 2'
    """
    pairs = zip(location, location[1:], strict=False)
    return ", ".join(f"{ENTRY_NAMES.get(str(a), a)} {b + 1}" for a, b in pairs if isinstance(b, int))


def quoted(value: Any) -> str:
    """A found value for a message; anything that may be a person's number is never echoed."""
    text = str(value).lower() if isinstance(value, bool) else harmless(str(value))
    if find_personal_number(text) or looks_like_personal_number(text):
        return "ett värde som liknar ett personnummer"
    return "tomt" if value is None else f"'{text[:LONGEST_SHOWN]}{'…' * (len(text) > LONGEST_SHOWN)}'"


def read_document(path: Path, kind: str, faults: list[Fault] | None = None) -> Document:
    """Reads a YAML file whose top is a map; the value is what could be read.

    Its faults of form, and all that are found in it later, are added to `faults`, where several files share them.
    """
    document = Document(kind, shown(path), faults=[] if faults is None else faults)
    text = _text(path, document)
    if text is None:
        return document
    read = pickle.loads(_composed(kind, text))
    document.faults += [replace(fault, file=document.file) for fault in read.faults]
    return replace(read, file=document.file, faults=document.faults)


@lru_cache(maxsize=256)
def _composed(kind: str, text: str) -> bytes:
    """A text's document, of no file yet, packed so that each who asks gets its own.

    Kept for as long as the text is the same: the processes that a batch forks need not read it again.
    """
    document = Document(kind, "")
    _compose(text, document)
    return pickle.dumps(document)


def _compose(text: str, document: Document) -> None:
    try:
        node = nodes(text)
        if isinstance(node, MappingNode):
            document.value = _value(node, (), document)
            document.faults += bad_texts(document)
            document.faults += _cut_texts(node, text, document)
        else:
            found = "är tom" if node is None else "börjar med något annat"
            document.refuse((), f"filen ska innehålla nycklar med värden, men {found}.", "shape")
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.lines[()] = mark.line + 1 if mark else 0
        document.refuse((), f"filen går inte att läsa som YAML: {_yaml_problem(error)}", "yaml")
    except ReaderError as error:
        document.lines[()] = text.count("\n", 0, error.position) + 1
        document.refuse((), "raden har ett tecken som inte får stå i filen. Ta bort det.", "encoding")
    except RecursionError:
        document.value = None
        document.lines.clear()
        text = "filen är för djupt nästlad, eller hänvisar till sig själv med & och *. Skriv ut värdena."
        document.refuse((), text, "yaml")


def _cut_texts(top: Node, text: str, document: Document) -> Iterator[Fault]:
    """A fault for each free text that a # cuts off."""
    problem = "texten slutar vid #: resten av raden är en kommentar och läses inte. Sätt hela texten inom citattecken."
    for key, line in cut_off(top, text):
        if key in FREE_TEXT:
            yield Fault(document.kind, document.file, line, key, problem, "cut_text")


def inline_value(text: str, location: Location, document: Document) -> Any:
    """A map or a list written as in YAML on one line, such as `{a: 1, b: 0.5}`; any other text is itself."""
    if not text.startswith(("{", "[")):
        return text
    try:
        node = nodes(text)
        return text if node is None else _value(node, location, document)
    except (MarkedYAMLError, ReaderError, RecursionError):
        return text


def _text(path: Path, document: Document) -> str | None:
    """A file's text, or None with the fault that hinders."""
    try:
        raw = read_bytes(path)
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        document.lines[()] = raw.count(b"\n", 0, error.start) + 1
        document.refuse((), "filen är inte UTF-8-text. Spara den som UTF-8.", "encoding")
    except FileNotFoundError:
        document.refuse((), "filen finns inte. Är det en länk pekar den på något borttaget.", "unreadable")
    except OSError:
        document.refuse((), "filen går inte att läsa. Kontrollera rättigheterna.", "unreadable")
    return None


# What ruamel.yaml says, and what to do about it; the first that is part of its words.
_YAML_PROBLEMS = {
    "\\t": "raden börjar med ett tabbtecken. Använd blanksteg.",
    "mapping values": "ett kolon står där det inte får stå. Sätt texten inom citattecken.",
    "end of stream": "ett citattecken eller en parentes är inte avslutad.",
    "another document": "filen har mer än ett dokument. Ta bort raden '---' och låt filen vara ett enda.",
    "alias": "filen hänvisar med * till ett namn som inte finns. Skriv ut värdet.",
    "reused anchor": "namnet efter & är redan givet ett annat värde. Skriv ut värdena.",
    "<stream end>": "filen tar slut mitt i ett värde. Stäng parentesen eller citattecknet, eller skriv klart raden.",
    "": "strukturen går inte ihop. Kontrollera indrag, parenteser och citattecken på raden och på den före.",
}


def _yaml_problem(error: MarkedYAMLError) -> str:
    if isinstance(error, TooDeepError):
        return "den är för djupt nästlad. Skriv den i färre nivåer."
    return next(text for words, text in _YAML_PROBLEMS.items() if words in repr(error.problem))


def _value(node: Node, location: Location, document: Document) -> Any:
    document.lines.setdefault(location, node.start_mark.line + 1)
    if len(document.lines) > MOST_VALUES:
        raise RecursionError
    if isinstance(node, MappingNode):
        return _map(node, location, document)
    if isinstance(node, SequenceNode):
        return [_value(child, (*location, i), document) for i, child in enumerate(node.value)]
    value = _scalar(cast(ScalarNode, node))
    key = str(location[-1]) if location else ""
    if isinstance(value, float) and reads_two_ways(node.value) and _FIGURE.fullmatch(key):
        text = f"{key} {node.value} kan läsas på två sätt. Skriv {node.value.replace('.', '')} eller {node.value}0."
        document.refuse(location, text, "two_ways")
    if isinstance(value, int | float) and not abs(value) < LARGEST_NUMBER:
        document.refuse(location, "talet är inget tal, eller orimligt stort. Rätta det.", "not_finite")
    return value


def _map(node: MappingNode, location: Location, document: Document) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key_node, child in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode) or str(key_node.tag).endswith(":merge"):
            text = "nyckeln är inget enkelt namn (<<, lista eller tabell). Skriv ut nycklar och värden."
            document.faults.append(Fault(document.kind, document.file, line, place_name(location), text, "bad_key"))
            continue
        key = str(key_node.value)
        if key in value:
            first = document.line((*location, key))
            text = f"nyckeln {quoted(key)} står två gånger, första gången på rad {first}. Ta bort den ena."
            document.faults.append(
                Fault(document.kind, document.file, line, place_name(location), text, "repeated_key")
            )
            continue
        document.lines[(*location, key)] = line
        value[key] = _value(child, (*location, key), document)
    return value


def _scalar(node: ScalarNode) -> Any:
    tag, text = str(node.tag).rsplit(":", 1)[-1], node.value
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int" and re.fullmatch(r"[+-]?\d+", text):
        return int(text) if len(text) < 100 else math.inf
    try:
        if tag == "float":
            return float(text.lower().replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
        if tag == "timestamp":
            return date.fromisoformat(text)
    except ValueError:
        return text
    return text


def _leaves(value: Any, location: Location) -> Iterator[tuple[Location, str | int]]:
    """Every text, whole number and key, with where it stands."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _leaves(key, (*location, key))
            yield from _leaves(child, (*location, key))
    elif isinstance(value, list):
        for i, child in enumerate(value):
            yield from _leaves(child, (*location, i))
    elif isinstance(value, str | int):
        yield location, value


def bad_texts(document: Document) -> Iterator[Fault]:
    """A fault for each text and key that holds a person's number, or a character that nobody sees."""
    leaves = list(_leaves(document.value, ()))
    persons = personal_number_mask(pd.Series([str(value) for _, value in leaves], dtype=object), free_text=True)
    for (location, value), person in zip(leaves, persons, strict=True):
        if person:
            text = "texten liknar ett personnummer. Skriv aldrig om en enskild person; ta bort uppgiften."
            yield document.fault(location, text, "personal_number")
        if isinstance(value, str) and (found := unseen(value.strip("\n"), not {*location[-1:]} & {*ONE_LINE})):
            text = f"texten har ett tecken som inte syns ({found}). Skriv den på nytt, utan att klistra in."
            yield document.fault(location, text, "unseen")


Form = TypeVar("Form", bound=Entry)


def validate(form: type[Form], document: Document, location: Location) -> Form | None:
    """The value at a location as a `form`, or None with every fault of it added to the document's."""
    value = document.value
    for part in location:
        value = value[part]
    if not isinstance(value, dict):
        text = f"här ska stå nycklar med värden, men står {quoted(value)}."
        document.refuse(location, text, "shape")
        return None
    found: Form | None = None
    try:
        found = form.model_validate(value)
        given = dict(found)
    except ValidationError as error:
        failed: set[str | int] = set()
        for one in error.errors():
            failed |= set(one["loc"][:1])
            document.refuse((*location, *one["loc"]), *_explain(form, dict(one)))
        known = [key for key in value if key in form.model_fields]
        given = {key: UNREADABLE if key in failed else _dated(value[key]) for key in known}
    problems = list(form.problems(given))
    document.faults += [document.fault((*location, key), text, "value") for key, text in problems]
    return None if problems else found


def _dated(value: Any) -> Any:
    """A value as the form would have it: a date in citation marks is a date."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and DATE.fullmatch(value) else value
    except ValueError:
        return value


KINDS = {
    "float_type": "ett tal, till exempel 2.5",
    "int_type": "ett heltal",
    "int_from_float": "ett heltal",
    "string_type": "text",
    "list_type": "en lista",
    "dict_type": "nycklar med värden",
    "string_too_short": "ifylld",
    "finite_number": "ett tal",
    "bool_type": "true eller false",
    "greater_than": "större än {gt}",
    "greater_than_equal": "minst {ge}",
    "less_than_equal": "högst {le}",
}
UNION_PARTS = ("constrained-str", "str", "int", "float")  # what pydantic calls the kinds that a value may be of


def _explain(form: type[Entry], found: dict[str, Any]) -> tuple[str, str] | tuple[str, str, Callable[[], str]]:
    """A pydantic finding in Swedish, its code, and for a name that may be misspelt its hint."""
    names = (part for part in reversed(found["loc"]) if isinstance(part, str) and part not in UNION_PARTS)
    key, kind = next(names, ""), found["type"]
    if kind == "missing":
        return f"nyckeln '{key}' saknas.", "missing_key"
    if kind == "extra_forbidden" and key.isdigit() and found["input"] is None:
        return f"okänd nyckel {quoted(key)}. Är det ett decimalkomma? Skriv med punkt, till exempel 1.5.", "unknown_key"
    if kind == "extra_forbidden":
        hint = partial(did_you_mean, key, tuple(form.model_fields), MODEL_FIELDS_HINT)
        return f"okänd nyckel {quoted(key)}.", "unknown_key", hint
    if kind == "literal_error":
        options = [option.strip("' ") for option in found["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        text = f"{key} är {quoted(found['input'])}, som inte är tillåtet."
        return text, "not_allowed", partial(did_you_mean, str(found["input"]), options)
    if kind == "value_error":
        text = str(found["ctx"]["error"])
        return (f"{key}: {text}" if key else text), "value"
    expected = KINDS[kind].format(**found.get("ctx", {})) if kind in KINDS else None
    if expected is None:
        return f"{key}: {quoted(found['input'])} går inte att använda här.", "value"
    point = ""
    if "tal" in expected and isinstance(found["input"], str) and re.fullmatch(r"[+-]?\d+,\d+", found["input"]):
        point = f" Skriv med punkt: {found['input'].replace(',', '.')}."
    return f"{key} ska vara {expected}, men är {quoted(found['input'])}.{point}", "wrong_type"
