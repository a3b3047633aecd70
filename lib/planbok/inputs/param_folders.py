"""What lies in the parameter folders beside what is read: files that nobody reads, and two files with one id."""

from collections.abc import Iterator
from pathlib import Path

from planbok.base.errors import Fault
from planbok.base.words import listed
from planbok.base.workspace import Folders, may_be_shown, shown

YAML = (".yaml", ".yml")
READ = {"regler": (*YAML, ".csv"), "scenarier": (*YAML, ".xlsx"), "planer": YAML, "inlasning": (*YAML, ".xlsx")}
KINDS = {"regler": "regel", "scenarier": "scenario", "planer": "plan", "inlasning": "inlasning"}
FOR_PEOPLE = "README.md"


def unread_files(folders: Folders) -> list[str]:
    """A note for each file and folder that lies among the parameters and is not read."""
    return [
        f"{shown(path)} läses inte: i params/{folder} läses bara {listed(READ[folder])}."
        for folder, path in _inside(folders)
        if path.name != FOR_PEOPLE and (path.is_dir() or path.suffix not in READ[folder])
    ]


def file_faults(folders: Folders) -> list[Fault]:
    """A fault for each file that has the same id as another in its folder, or a name that may be a person's number."""
    faults = []
    for folder, path in _inside(folders):
        twin = _twin(folder, path)
        if not may_be_shown(path.name):
            text = "filens namn liknar ett personnummer, och filen läses inte. Byt namn på den."
            faults.append(Fault(KINDS[folder], shown(path), 0, "", text, "personal_number"))
        elif twin:
            text = f"{twin.name} finns i samma mapp. Behåll en av filerna."
            faults.append(Fault(KINDS[folder], shown(path), 0, "", text, "two_files"))
    return faults


def _twin(folder: str, path: Path) -> Path | None:
    """The .yaml beside a .yml with the same id. A scenario says so itself when it is read, in a run as well."""
    twin = path.with_suffix(YAML[0])
    return twin if folder != "scenarier" and path.suffix == YAML[1] and twin.is_file() else None


def _inside(folders: Folders) -> Iterator[tuple[str, Path]]:
    """Every file and folder of the parameter folders, without what programs hide there for themselves."""
    for base in folders.params:
        for folder in READ:
            where = base / folder
            for path in sorted(where.iterdir()) if where.is_dir() else ():
                if not path.name.startswith((".", "~$")):
                    yield folder, path
