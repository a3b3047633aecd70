"""`params/roller.yaml`: the roles that may adopt a run, listed since no spelling tells a name from a role."""

from planbok.base.errors import Fault, InputError
from planbok.base.workspace import Folders
from planbok.inputs.documents import Entry, Text, read_document, validate

FILE = "roller.yaml"


class RolesForm(Entry):
    """The file's one key."""

    roller: list[Text]


def load_roles(folders: Folders) -> list[str]:
    """The roles, in the file's order.

    Raises
    ------
    InputError
        With every fault of the file; also if there is none.
    """
    path = folders.param_files("", ".yaml").get(FILE)
    if path is None:
        raise InputError(
            [Fault("roller", f"params/{FILE}", 0, "", "filen finns inte. Den ska räkna upp rollerna.", "missing")]
        )
    document = read_document(path, "roller")
    form = validate(RolesForm, document, ()) if document.value else None
    if document.faults or form is None:
        raise InputError(document.faults or [document.fault((), "filen ska ha en lista under roller.", "shape")])
    return form.roller
