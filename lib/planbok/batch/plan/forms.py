"""The form of a plan's file: its keys, and what is wrong in their values by themselves."""

import shlex
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from planbok.batch.plan.calendar import LONGEST_WAIT, WAIT, Occasion
from planbok.case.case import Audience
from planbok.inputs.documents import Entry, Name, Text, quoted

AtLeastOne = Annotated[int, Field(ge=1)]
Months = dict[Literal["manad"], Annotated[list[Annotated[int, Field(ge=1, le=12)]], Field(min_length=1)]]
# an occasion by its name, or some months of the monthly one, {manad: [1, 2, 3]}; a tag is the key that messages name
Occasions = Annotated[
    Annotated[Occasion, Tag("nar")] | Annotated[Months, Tag("manad")],
    Discriminator(lambda given: "manad" if isinstance(given, dict) else "nar"),
]


class PlanForm(Entry):
    """A plan file's top level; its runs are validated one by one."""

    titel: Text
    spridning: Audience = "ledning"
    data: Text | None = None
    korningar: list
    nar: list[Occasions] = []
    vantar_arbetsdagar: int = WAIT
    mottagare: dict = {}
    tidsgrans_sekunder: AtLeastOne = 600
    minne_mb: AtLeastOne = 2048
    efter: Text | None = None

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterable[tuple[str, str]]:
        if isinstance(given.get("efter"), str) and not command_of(given["efter"]):
            yield "efter", "efter ska vara ett kommando med sina argument; citattecken ska stå parvis."
        occasions, wait = given.get("nar"), given.get("vantar_arbetsdagar")
        if isinstance(occasions, list):
            yield from (("nar", f"{name} står två gånger. Ta bort den ena.") for name in repeated(occasions))
        if isinstance(wait, int) and not 0 <= wait <= LONGEST_WAIT:
            yield "vantar_arbetsdagar", f"vantar_arbetsdagar ska vara 0–{LONGEST_WAIT}, men är {wait}."
        if occasions == [] and wait not in (None, WAIT):
            yield "vantar_arbetsdagar", "vantar_arbetsdagar gäller bara en plan med nar. Ange nar, eller ta bort raden."


def command_of(text: str) -> tuple[str, ...]:
    """The words of a command, as a shell would part them but without one; none where quotation marks don't close.

    >>> command_of("python3 skicka.py 'till chefen'"), command_of("'öppet")
    (('python3', 'skicka.py', 'till chefen'), ())
    """
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return ()


def occasion_names(given: Any) -> list[str]:
    """An entry of `nar` as the calendar knows it.

    >>> occasion_names("tertial"), occasion_names({"manad": [2, 3]})
    (['tertial'], ['manad 2', 'manad 3'])
    """
    return [given] if isinstance(given, str) else [f"{name} {month}" for name in given for month in given[name]]


class RunForm(Entry):
    """One entry under `korningar`."""

    notebook: Text
    parametrar: dict = {}
    for_varje: dict = {}


class RecipientForm(Entry):
    """Who gets the reports of which units, at which level."""

    enheter: list[Name]
    spridning: Audience = "ledning"

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterable[tuple[str, str]]:
        units = given.get("enheter")
        if units == []:
            yield "enheter", "enheter ska vara en lista med minst en enhet."
        if isinstance(units, list):
            yield from (("enheter", f"{quoted(name)} står två gånger. Ta bort den ena.") for name in repeated(units))


def repeated(values: list) -> list:
    """The values that stand more than once."""
    return [value for i, value in enumerate(values) if value in values[:i]]
