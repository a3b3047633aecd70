"""What commands share: how they speak and end, and what they say of what hinders them."""

import argparse
import errno
import os
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from planbok.base.errors import refused
from planbok.base.names import why_no_id
from planbok.base.workspace import shown, shown_name

REFUSED = 2  # the exit code where nothing has been done
as_log = False  # whether --logg was given
ERROR, WARNING, INFO = "FEL", "VARNING", "INFO"
# What the run's own sentences begin with, or what a report's line ends in.
_LEVELS = {
    ERROR: re.compile(r"FEL I |.* · misslyckad\b|.*har misslyckats \d+ gånger|Det gick inte att "),
    WARNING: re.compile(
        r"Varning: |Avbrutet\.|.* · väntar på |.*: väntar fortfarande på |.*kontroll(?:er)? stämmer inte"
        r"|Datorns klocka |.* ändrades under körningen: "
    ),
}


def writable(name: str, option: str) -> Path:
    """A folder for reports, made if it isn't there.

    Raises
    ------
    InputError
        If nothing can be written in it; `option` is what the person gave it by.
    """
    try:
        folder = Path(os.path.abspath(name))
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        text = f"det går inte att skriva i mappen {quoted(name)}. Är den en fil, eller saknas rättigheter?"
        raise refused(option, f"{text} Välj en annan mapp.", "no_folder") from None


def quoted(value: object) -> str:
    """A value for a message, as `documents.quoted` has it."""
    from planbok.inputs.documents import quoted  # brings pandas and pydantic, which --help need not wait for

    return quoted(value)


def refuse_id(name: str, place: str, taken: str) -> None:
    """Refuses a name of a file to be made; `taken` says why it can't be had, "" where it can."""
    from planbok.base.privacy import looks_like_personal_number  # brings pandas

    if looks_like_personal_number(name):
        taken = "namnet liknar ett personnummer. Välj ett annat."
    elif problem := why_no_id(name):
        taken = f"namnet {problem}"
    if taken:
        raise refused(place, taken, "bad_id")


def data_given(arguments: argparse.Namespace) -> bool:
    """Whether the command names a collection."""
    return bool(getattr(arguments, "data", None))


def say(text: str) -> None:
    """Says a line on stderr; with --logg as a line of a log."""
    print(event(text) if as_log else text, file=sys.stderr, flush=True)


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
    from planbok.report.text import STOCKHOLM  # brings pandas, which --help need not wait for

    when = (moment or datetime.now(UTC)).astimezone(STOCKHOLM).isoformat(timespec="seconds")
    return f"{when} {level(text)} {' | '.join(line.strip() for line in text.splitlines() if line.strip())}"


# What a person can do about it; anything else is said in the system's own words.
HINDERED = {
    errno.ENOSPC: "Är disken full? Frigör plats, och kör igen.",
    errno.EDQUOT: "Utrymmet som du får använda är slut. Frigör plats, och kör igen.",
    errno.EACCES: "Är filen öppen i ett annat program, eller saknas rättigheter?",
    errno.EPERM: "Rättigheter saknas.",
    errno.EROFS: "Platsen går bara att läsa från.",
    errno.ENOENT: "Den finns inte längre. Har den flyttats under tiden?",
    errno.EIO: "Disken eller nätverksplatsen svarar inte som den ska.",
    errno.ENAMETOOLONG: "Namnet är för långt.",
    errno.EMFILE: "För många filer är öppna.",
}


def what_hindered(error: OSError, folder: str | None = None) -> str:
    """What the system refused, without the machine's folders; `folder` is what was written to, if no file is named."""
    where = f"i {shown(Path(folder))}" if folder else "en fil"
    if isinstance(error.filename, str | bytes):
        where = shown_name(Path(os.fsdecode(error.filename)).name)
    reason = HINDERED.get(error.errno or 0) or f"Systemet säger: {error.strerror or type(error).__name__}."
    return f"Det gick inte att läsa eller skriva {where}. {reason}"
