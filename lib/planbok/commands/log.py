"""`--logg`: what a run says as a log has it, one line for each event, with time and level."""

import re
from datetime import UTC, datetime

from planbok.report.text import STOCKHOLM

ERROR, WARNING, INFO = "FEL", "VARNING", "INFO"
# What the run's own sentences begin with, or what a report's line ends in.
_LEVELS = {
    ERROR: re.compile(r"FEL I |.* · misslyckad\b|.*har misslyckats \d+ gånger|Det gick inte att "),
    WARNING: re.compile(
        r"Varning: |Avbrutet\.|.* · väntar på |.*: väntar fortfarande på |.*kontroll(?:er)? stämmer inte"
        r"|Datorns klocka |.* ändrades under körningen: "
    ),
}


def level(text: str) -> str:
    """How serious what is said is.

    >>> level("2/4 budget · a · bas · 2016 · klar 3,1 s"), level("1/4 budget · a · bas · 2016 · misslyckad 2,0 s")
    ('INFO', 'FEL')
    """
    return next((name for name, said in _LEVELS.items() if said.match(text)), INFO)


def event(text: str, moment: datetime | None = None) -> str:
    r"""One line of the log, in Swedish time with its difference to UTC: the hour that comes twice in October is two.

    >>> event("FEL I PLANEN (1 st): x.yaml\n  fil rad 1: fel.", datetime(2024, 10, 27, 0, 30, tzinfo=UTC))
    '2024-10-27T02:30:00+02:00 FEL FEL I PLANEN (1 st): x.yaml | fil rad 1: fel.'
    """
    when = (moment or datetime.now(UTC)).astimezone(STOCKHOLM).isoformat(timespec="seconds")
    return f"{when} {level(text)} {' | '.join(line.strip() for line in text.splitlines() if line.strip())}"
