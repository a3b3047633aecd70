"""What commands share: how they speak and end, and what they say of what hinders them."""

import argparse
import errno
import os
import sys
import tempfile
from pathlib import Path

from planbok.base.errors import Fault, InputError
from planbok.base.workspace import shown, shown_name


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
        raise InputError([Fault("kommando", "", 0, option, f"{text} Välj en annan mapp.", "no_folder")]) from None


def quoted(value: object) -> str:
    """A value for a message: `documents.quoted`, imported when first needed since it brings pandas."""
    from planbok.inputs.documents import quoted  # brings pandas and pydantic, which --help need not wait for

    return quoted(value)


def refuse_id(name: str, place: str, taken: str) -> None:
    """Refuses a name of a file to be made; `taken` says why it can't be had, "" where it can."""
    from planbok.base.names import why_no_id
    from planbok.base.privacy import looks_like_personal_number  # brings pandas

    if looks_like_personal_number(name):
        taken = "namnet liknar ett personnummer. Välj ett annat."
    elif problem := why_no_id(name):
        taken = f"namnet {problem}"
    if taken:
        raise InputError([Fault("kommando", "", 0, place, taken, "bad_id")])


def data_given(arguments: argparse.Namespace) -> bool:
    """Whether the command names a collection."""
    return bool(getattr(arguments, "data", None))


as_log = False  # whether --logg was given


def say(text: str) -> None:
    """Says a line on stderr; with --logg as a line of a log."""
    if as_log:
        from planbok.commands.log import event

        text = event(text)
    print(text, file=sys.stderr, flush=True)


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
