"""What lies in the parameter folders beside what is read: files that nobody reads, and two files with one id."""

from collections.abc import Iterator
from pathlib import Path

from planbok.errors import Fault
from planbok.paths import Folders, shown

YAML = (".yaml", ".yml")
READ = {"regler": (*YAML, ".csv"), "scenarier": YAML, "planer": YAML}
KINDS = {"regler": "regel", "scenarier": "scenario", "planer": "plan"}
FOR_PEOPLE = "README.md"


def unread_files(folders: Folders) -> list[str]:
    """A note for each file and folder that lies among the parameters and is not read."""
    return [
        f"{shown(path)} läses inte: i params/{folder} läses bara {_listed(READ[folder])}."
        for folder, path in _inside(folders)
        if path.name != FOR_PEOPLE and (path.is_dir() or path.suffix not in READ[folder])
    ]


def file_faults(folders: Folders) -> list[Fault]:
    """A fault for each file that has the same id as another in its folder."""
    return [
        Fault(KINDS[folder], shown(path), 0, "", f"{twin} finns i samma mapp. Behåll en av filerna.", "two_files")
        for folder, path in _inside(folders)
        if path.suffix == ".yml" and path.with_name(twin := f"{path.stem}.yaml").is_file()
    ]


def _inside(folders: Folders) -> Iterator[tuple[str, Path]]:
    """Every file and folder of the parameter folders, without what programs hide there for themselves."""
    for base in folders.params:
        for folder in READ:
            where = base / folder
            for path in sorted(where.iterdir()) if where.is_dir() else ():
                if not path.name.startswith((".", "~$")):
                    yield folder, path


def _listed(suffixes: tuple[str, ...]) -> str:
    return f"{', '.join(suffixes[:-1])} och {suffixes[-1]}"
