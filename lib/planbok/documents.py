"""YAML files as people write them: every value with its line, every fault of form at once.

ruamel.yaml composes the nodes (YAML 1.2, so `nej` and `on` stay text); the values are built here so that a repeated
key or a date that does not exist becomes a fault among the others instead of ending the reading. pydantic holds the
form of each entry; its findings are put into Swedish here, once, for scenarios, rules and plans alike.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from planbok.errors import Fault, did_you_mean
from planbok.paths import shown
from planbok.periods import MONTH_NAMES
from planbok.privacy import find_personal_number

Location = tuple[str | int, ...]
ENTRY_NAMES = {"forandringar": "förändring", "korningar": "körning", "varden": "värde"}
MODEL_FIELDS_HINT = 20


class Entry(BaseModel):
    """Base of every entry's form: no unknown keys, no silent conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _checked_date(value: Any) -> Any:
    """A date from YAML; the text of one that does not exist is said as that."""
    if isinstance(value, date):
        return value
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value) if isinstance(value, str) else None
    if not match:
        raise ValueError(f"{quoted(value)} är inget datum. Skriv ÅÅÅÅ-MM-DD, till exempel 2024-03-31.")
    year, month, day = map(int, match.groups())
    if not 1 <= month <= 12:
        raise ValueError(f"{value} är inte ett giltigt datum (månaderna går från 01 till 12).")
    if not 1 <= day <= calendar.monthrange(max(year, 1), month)[1]:
        days = calendar.monthrange(max(year, 1), month)[1]
        raise ValueError(f"{value} är inte ett giltigt datum ({MONTH_NAMES[month - 1]} {year} har {days} dagar).")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_checked_date)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Underlag = Literal["utfall", "beslutad", "beraknad", "forslag", "prognos", "antagande"]


@dataclass
class Document:
    """A YAML file's value, and the line of every key and item by its location in the value."""

    kind: str
    file: str
    value: Any = None
    lines: dict[Location, int] = field(default_factory=dict)

    def line(self, location: Location) -> int:
        """The line of a location, or of the nearest one around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 0)

    def fault(self, location: Location, text: str, code: str) -> Fault:
        return Fault(self.kind, self.file, self.line(location), place_name(location), text, code)


def place_name(location: Location) -> str:
    """What a person calls a location.

    >>> place_name(("forandringar", 1, "procent"))
    'förändring 2'
    """
    pairs = zip(location, location[1:], strict=False)
    return ", ".join(f"{ENTRY_NAMES.get(a, a)} {b + 1}" for a, b in pairs if isinstance(b, int))


def quoted(value: Any) -> str:
    """A found value for a message; anything that may be a person's number is never echoed."""
    text = "tomt" if value is None else f"'{value}'"
    return "ett värde som liknar ett personnummer" if find_personal_number(str(value)) else text


def read_document(path: Path, kind: str, faults: list[Fault]) -> Document:
    """Reads a YAML file whose top is a map; faults of form are added to `faults`, the value is what could be read."""
    document = Document(kind, shown(path))
    try:
        node = YAML().compose(path.read_text(encoding="utf-8-sig"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.lines[()] = mark.line + 1 if mark else 0
        faults.append(document.fault((), f"filen går inte att läsa som YAML: {_yaml_problem(error)}", "yaml"))
        return document
    except (UnicodeDecodeError, ReaderError):
        text = "filen är inte UTF-8-text. Spara den som UTF-8."
        faults.append(document.fault((), text, "encoding"))
        return document
    except OSError as error:
        faults.append(document.fault((), f"filen går inte att läsa ({error.strerror}).", "unreadable"))
        return document
    if not isinstance(node, MappingNode):
        faults.append(document.fault((), "filen ska innehålla nycklar med värden, men är tom eller en lista.", "shape"))
        return document
    document.value = _value(node, (), document, faults)
    faults += _personal_numbers(document)
    return document


def _yaml_problem(error: MarkedYAMLError) -> str:
    problem = str(error.problem)
    if "\\t" in problem or "'\t'" in problem:
        return "raden börjar med ett tabbtecken. Använd blanksteg."
    if "mapping values" in problem:
        return "ett kolon står där det inte får stå. Sätt texten inom citattecken."
    if "end of stream" in problem:
        return "ett citattecken eller en parentes är inte avslutad."
    return f"strukturen går inte ihop ({problem}). Kontrollera indrag, parenteser och citattecken."


def _value(node: Node, location: Location, document: Document, faults: list[Fault]) -> Any:
    document.lines.setdefault(location, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        value: dict[str, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in value:
                first = document.line((*location, key))
                spot = place_name(location)
                text = f"nyckeln '{key}' står två gånger, första gången på rad {first}. Ta bort den ena."
                faults.append(Fault(document.kind, document.file, line, spot, text, "repeated_key"))
                continue
            document.lines[(*location, key)] = line
            value[key] = _value(child, (*location, key), document, faults)
        return value
    if isinstance(node, SequenceNode):
        return [_value(child, (*location, i), document, faults) for i, child in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: ScalarNode) -> Any:
    tag, text = node.tag.rsplit(":", 1)[-1], node.value
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int" and re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    if tag == "float":
        return float(text.replace("_", ""))
    if tag == "timestamp":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _personal_numbers(document: Document) -> Iterator[Fault]:
    def walk(value: Any, location: Location) -> Iterator[Location]:
        if isinstance(value, dict):
            for key, child in value.items():
                yield from walk(key, (*location, key))
                yield from walk(child, (*location, key))
        elif isinstance(value, list):
            for i, child in enumerate(value):
                yield from walk(child, (*location, i))
        elif isinstance(value, str | int) and find_personal_number(str(value)):
            yield location

    for location in walk(document.value, ()):
        text = "texten liknar ett personnummer. Skriv aldrig om en enskild person; ta bort uppgiften."
        yield document.fault(location, text, "personal_number")


Form = TypeVar("Form", bound=Entry)


def validate(form: type[Form], document: Document, location: Location, faults: list[Fault]) -> Form | None:
    """The value at a location as a `form`, or None with every fault of it added to `faults`."""
    value = document.value
    for part in location:
        value = value[part]
    if not isinstance(value, dict):
        text = f"här ska stå nycklar med värden, men står {quoted(value)}."
        faults.append(document.fault(location, text, "shape"))
        return None
    try:
        return form.model_validate(value)
    except ValidationError as error:
        for found in error.errors():
            where = (*location, *found["loc"])
            text, code = _explain(form, found)
            faults.append(document.fault(where, text, code))
        return None


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
}


def _explain(form: type[Entry], found: dict[str, Any]) -> tuple[str, str]:
    """A pydantic finding in Swedish, and its code."""
    key, kind = ".".join(str(part) for part in found["loc"]), found["type"]
    if kind == "missing":
        return f"nyckeln '{key}' saknas.", "missing_key"
    if kind == "extra_forbidden":
        return f"okänd nyckel {quoted(key)}.{did_you_mean(key, form.model_fields, MODEL_FIELDS_HINT)}", "unknown_key"
    if kind == "literal_error":
        options = [option.strip("' ") for option in found["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        text = f"{key} är {quoted(found['input'])}, som inte är tillåtet."
        return text + did_you_mean(str(found["input"]), options), "not_allowed"
    if kind == "value_error":
        text = str(found["ctx"]["error"])
        return (f"{key}: {text}" if key else text), "value"
    expected = KINDS.get(kind)
    if expected is None:
        return f"{key}: {quoted(found['input'])} går inte att använda här.", "value"
    hint = ""
    if "tal" in expected and isinstance(found["input"], str) and re.fullmatch(r"-?\d+,\d+", found["input"]):
        hint = f" Skriv med punkt: {found['input'].replace(',', '.')}."
    return f"{key} ska vara {expected}, men är {quoted(found['input'])}.{hint}", "wrong_type"
