"""Texts that the public reads in another form than everybody else: a scenario's own words, or what tells of persons."""

from dataclasses import dataclass
from typing import Any

from planbok.base.words import counted
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import Scenario


@dataclass(frozen=True)
class Said:
    """A text with another form for the public: without a scenario's own words, or what it says of persons.

    It stands in headings, labels, cells and `Result.texter`; `protect` replaces it by a plain text. It is no `str`, so
    that it can only be put into another text by `filled`, which keeps both forms.

    >>> filled("Utan: {}", Said("Färre inhyrda", "Åtgärd 1"))
    Said(whole='Utan: Färre inhyrda', public='Utan: Åtgärd 1')
    """

    whole: str
    public: str

    def __str__(self) -> str:
        raise TypeError("a text with a public form is put into another by `filled`")

    def read(self, public: bool) -> str:
        """As a plain text."""
        return self.public if public else self.whole


def said(whole: str, public: str) -> Any:
    """A `Said`, typed as Any for fields that are text once `protect` has been there."""
    return Said(whole, public)


def described(change: Change) -> Any:
    """A change in one line, with its form for the public."""
    return said(change.describe(), change.describe(True))


def scenario_line(scenario: Scenario, of: str = "") -> Any:
    """Under which scenario a report stands; the public is told of how many changes (`of` what), not its own words.

    >>> from planbok.inputs.scenario.load import BAS
    >>> scenario_line(BAS)
    'Scenario: Budgeten som den är beslutad'
    """
    line, number = f"Scenario: {scenario.titel}", len(scenario.changes)
    return said(line, changes_counted(number, of)) if number else line


def changes_counted(number: int, of: str = "") -> str:
    """What the public is told of a scenario in place of its title.

    >>> changes_counted(1), changes_counted(2, "budgeten")
    ('Scenario med 1 förändring', 'Scenario med 2 förändringar av budgeten')
    """
    return f"Scenario med {counted(number, 'förändring', 'förändringar')}{f' av {of}' if of else ''}"


def filled(template: str, *texts: Any) -> Any:
    """A template with texts put in its places; a `Said` where any of them is one."""
    if not any(isinstance(text, Said) for text in texts):
        return template.format(*texts)
    forms = [[text.read(public) if isinstance(text, Said) else text for text in texts] for public in (False, True)]
    return Said(*(template.format(*form) for form in forms))
