"""What a process has read, each file with the hash of what was read: what its report is made of.

Every file that can move a figure is read through here. A forked process begins with nothing noted, and so does each
report. What is noted is named by role (`data/budget.csv`, `params/scenarier/nivaskifte.yaml`), so that it says nothing
of the machine.
"""

import errno
import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from planbok.base.workspace import ENV_EARLIER, ENV_OUT, Folders
from planbok.inputs.fingerprint import keyed

READ_FILE = ".laste.json"  # beside the result until the runner has taken it; never published
CHANGED = ""  # read twice with different content: a hash that nothing has
DATA, PARAMS, RULES, EARLIER = "data/", "params/", "params/regler/", "tidigare/"
NOWHERE = ""  # a search for earlier results without a folder to search
_PLACEMENT = "budgetplacering.yaml"
_YAML, _TABLE = (".yaml", ".yml"), (".csv", ".xlsx")

_noted: dict[int, tuple[dict[Path, str], set[str]]] = {}


def _of_this_process() -> tuple[dict[Path, str], set[str]]:
    if os.getpid() not in _noted:
        _noted.clear()
        _noted[os.getpid()] = {}, set()
    return _noted[os.getpid()]


def begin() -> None:
    """Forgets what this process has noted: what is read from now on is another report's."""
    _noted.clear()


def digest(raw: bytes) -> str:
    """The keyed hash that files are compared by: it is published, and some of them are about persons."""
    return keyed(raw)


def bytes_of(path: Path) -> bytes:
    """A file's content, not noted; OSError for a device or a pipe, which may never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return path.read_bytes()


def read_bytes(path: Path) -> bytes:
    """A file's content, noted; OSError for a device or a pipe."""
    raw, (files, _) = bytes_of(path), _of_this_process()
    name, found = Path(os.path.abspath(path)), digest(raw)
    files[name] = found if files.get(name, found) == found else CHANGED
    return raw


@contextmanager
def noting() -> Iterator[tuple[dict[Path, str], set[str]]]:
    """The files that are read inside, with their hashes, and the searches: noted of the process as well."""
    before = _of_this_process()
    within: tuple[dict[Path, str], set[str]] = {}, set()
    _noted[os.getpid()] = within
    try:
        yield within
    finally:
        for name, found in within[0].items():
            before[0][name] = found if before[0].get(name, found) == found else CHANGED
        before[1].update(within[1])
        _noted[os.getpid()] = before


def unchanged(files: dict[Path, str]) -> bool:
    """Whether files say what they said; each is read, and noted as read."""
    try:
        return all(digest(read_bytes(path)) == found for path, found in files.items())
    except OSError:
        return False


def told_folder() -> Path | None:
    """The plan's output folder as the runner tells it; None when a notebook is run by itself, which is noted too."""
    told = os.environ.get(ENV_EARLIER)
    if not told:
        _of_this_process()[1].add(NOWHERE)
    return Path(told) if told else None


def earlier_files(plan_folder: Path, pattern: str) -> list[Path]:
    """The earlier runs' result files of reports whose folders match, the oldest run first; the search is noted.

    A report's own earlier editions are none of them: it would change for no other reason than that it had been made.
    """
    _of_this_process()[1].add(pattern)
    return _matching(plan_folder, pattern, Path(os.environ.get(ENV_OUT, "")).name)


def _matching(plan_folder: Path, pattern: str, own: str) -> list[Path]:
    found = sorted(plan_folder.glob(f"[!.]*/{pattern}/resultat.json"))
    return [path for path in found if path.parent.name != own]


def write_noted(target: Path, folders: Folders) -> None:
    """What this process has read so far, beside the report that was made of it."""
    files, searches = _of_this_process()
    noted = {role: found for path, found in files.items() if (role := _role(path, folders))}
    noted |= listings(folders)
    earlier = os.environ.get(ENV_EARLIER)
    for pattern in searches - {NOWHERE} if earlier else ():
        noted[f"{EARLIER}{pattern}"] = contents(_matching(Path(earlier or ""), pattern, target.name))
    (target / READ_FILE).write_text(json.dumps(dict(sorted(noted.items()))), encoding="utf-8")


def take_noted(folder: Path) -> dict[str, str] | None:
    """What a report's process noted that it read, taken out of its folder; None where it got to no result."""
    file = folder / READ_FILE
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    finally:
        file.unlink(missing_ok=True)


def _role(path: Path, folders: Folders) -> str:
    """What a file is to the reports; "" for an earlier result, which its search stands for."""
    if path.is_relative_to(folders.data):
        return DATA + path.relative_to(folders.data).as_posix()
    base = next((base for base in folders.params if path.is_relative_to(base)), None)
    if base is not None:
        return PARAMS + path.relative_to(base).as_posix()
    return "" if path.name == "resultat.json" else f"annat/{path.name}"


class Now:
    """The files as they are now, each hashed at most once."""

    def __init__(self, folders: Folders, plan_folder: Path):
        self.folders, self.plan_folder = folders, plan_folder
        self._listings = listings(folders)
        self._hashes: dict[str, str] = {}

    def hash_of(self, role: str, own: str) -> str:
        """The hash of what stands in a role, for the report in the folder `own`; CHANGED where nothing does."""
        if role in self._listings:
            return self._listings[role]
        key = role + (f" {own}" if role.startswith(EARLIER) else "")
        if key not in self._hashes:
            self._hashes[key] = self._hash(role, own)
        return self._hashes[key]

    def _hash(self, role: str, own: str) -> str:
        if role.startswith(EARLIER):
            return contents(_matching(self.plan_folder, role.removeprefix(EARLIER), own))
        path = self._path(role)
        try:
            return digest(bytes_of(path)) if path else CHANGED
        except OSError:
            return CHANGED

    def _path(self, role: str) -> Path | None:
        if role.startswith(DATA):
            return self.folders.data / role.removeprefix(DATA)
        if not role.startswith(PARAMS):
            return None
        name = Path(role.removeprefix(PARAMS))
        suffixes = (*_YAML, ".xlsx") if name.suffix != ".csv" else (name.suffix,)  # a scenario may be a workbook
        paths = (base / name.with_suffix(suffix) for base in self.folders.params for suffix in suffixes)
        return next((path for path in paths if path.is_file()), None)


def contents(paths: Iterable[Path]) -> str:
    """One hash of what the files say, however often the same is said."""
    return digest("".join(sorted({digest(path.read_bytes()) for path in paths})).encode())


def listings(folders: Folders) -> dict[str, str]:
    """Which tables and rule files there are: a report may rest on there being none."""
    tables = _names(folders.data, _TABLE)
    rules = {name for base in folders.params for name in _names(base / "regler", (*_YAML, *_TABLE))}
    rules |= {_PLACEMENT for base in folders.params if (base / _PLACEMENT).is_file()}
    return {DATA: _of_names(tables), RULES: _of_names(rules)}


def _names(folder: Path, suffixes: tuple[str, ...]) -> set[str]:
    found = os.scandir(folder) if folder.is_dir() else ()
    return {entry.name for entry in found if entry.name.lower().endswith(suffixes) and entry.name[0] not in ".~"}


def _of_names(names: set[str]) -> str:
    return digest("\n".join(sorted(names)).encode())
