"""The workspace a person stands in, what planbok ships with, and how a path is shown to people."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from planbok.base.errors import refused

PACKAGE = Path(__file__).resolve().parents[1]
INSTALLED = (PACKAGE / "shipped").is_dir()  # a wheel has the top-level folders there; a checkout has them at its top
ROOT = PACKAGE / "shipped" if INSTALLED else PACKAGE.parents[1]
PARAMS = ROOT / "params"
SAMPLE = ROOT / "data" / "sample"
NOTEBOOKS = ROOT / "notebooks"
MARK = ".planbok"  # the file that says where a workspace begins

ENV_WORKSPACE = "PLANBOK_ARBETSMAPP"
ENV_PARAMS = "PLANBOK_PARAMS"
ENV_DATA = "PLANBOK_DATA"
ENV_OUT = "PLANBOK_OUT"  # the report's own folder
_typed: dict[Path, str] = {}  # what the person wrote on the command line, by the path that it means
_typed_in = 0  # the process that was told: what it starts writes reports, where no machine's path may stand
ENV_EARLIER = "PLANBOK_EARLIER"  # the plan's output folder, where earlier runs' results lie


def workspace() -> Path | None:
    """The workspace: the folder that the runner names, else the nearest one upwards with the file `.planbok`.

    Without such a folder it is the checkout that planbok runs from; None where planbok is installed.
    """
    named = os.environ.get(ENV_WORKSPACE)
    if named:
        return Path(named)
    here = Path.cwd()
    marked = (folder for folder in (here, *here.parents) if (folder / MARK).is_file())
    return next(marked, None if INSTALLED else ROOT)


def default_out() -> Path:
    """Where reports are laid when nothing else is said: `out` in the workspace.

    Outside every workspace, and for a checkout in which nobody stands, it is `out` in the current folder.
    """
    found, here = workspace(), Path.cwd()
    if found is None or (found == ROOT and not here.is_relative_to(ROOT)):
        found = here
    return found / "out"


def collection(name: str) -> Path:
    """A collection of tables by its name: the workspace's own, else the one that planbok ships with."""
    found = workspace()
    own = (found or ROOT) / "data" / name
    return own if own.is_dir() else ROOT / "data" / name


def own_collections() -> list[Path]:
    """The workspace's own folders of tables, by name; none in the project itself or outside every workspace."""
    found = workspace()
    inside = sorted((found / "data").glob("*/")) if found and found != ROOT else []
    return [folder for folder in inside if any(folder.glob("*.csv")) or any(folder.glob("*.xlsx"))]


def notebook_files(*folders: Path) -> dict[str, Path]:
    """Every notebook of the folders by its id; without folders the workspace's own over those planbok ships with."""
    found = workspace()
    folders = folders or ((NOTEBOOKS, found / "notebooks") if found else (NOTEBOOKS,))
    paths = [path for folder in folders for path in folder.glob("*.ipynb") if not path.name.startswith(".")]
    return dict(sorted({path.stem: path for path in paths}.items()))


@dataclass(frozen=True)
class Folders:
    """The parameter folders, the overriding one first, and the data collection of a command or a notebook."""

    params: tuple[Path, ...] = (PARAMS,)
    data: Path = SAMPLE

    @classmethod
    def chosen(cls, params: str | Path | None = None, data: str | Path | None = None) -> "Folders":
        """The folders given, else those of the environment (set by the runner), else the workspace's.

        Parameters given win over the workspace's, and those over what planbok ships with.
        """
        params = params or os.environ.get(ENV_PARAMS)
        data, found = data or os.environ.get(ENV_DATA), workspace()
        chain = [Path(params).resolve()] if params else []
        chain += [found / "params", PARAMS] if found else [PARAMS]
        return cls(tuple(dict.fromkeys(chain)), Path(data).resolve() if data else collection(SAMPLE.name))

    @classmethod
    def in_use(cls, params: str | Path | None = None, data: str | Path | None = None) -> "Folders":
        """The folders that a command looks in: as `chosen`, but the only collection of a workspace before the example.

        Plans do not use it: one that names no collection runs on the example.
        """
        found, own = cls.chosen(params, data), own_collections()
        return replace(found, data=own[0]) if len(own) == 1 and not (data or os.environ.get(ENV_DATA)) else found

    @property
    def own_params(self) -> Path:
        """Where the user's own parameters are written.

        Raises
        ------
        InputError
            If there is no such place: planbok is installed, and nobody has made a workspace here.
        """
        own = self.params[0]
        if INSTALLED and own == PARAMS:
            text = "här finns ingen arbetsmapp att spara i. Gör en med  planbok init MAPP  och gå till den."
            raise refused("", text, "no_workspace")
        return own

    def environment(self) -> dict[str, str]:
        """The variables that tell a notebook's process which folders to use."""
        found = workspace()
        named = {ENV_WORKSPACE: str(found)} if found else {}
        return {ENV_PARAMS: str(self.params[0]), ENV_DATA: str(self.data), **named}

    def param_files(self, folder: str, *suffixes: str) -> dict[str, Path]:
        """Every parameter file of a folder by its name; a file of the overriding folder wins over its namesake.

        `folder` is "regler", "scenarier" or "planer"; "" means the top of `params/`. x.yml is a namesake of x.yaml,
        and a scenario's x.xlsx of both.
        A file whose name may be a person's number is left out, so that no list or message shows it.
        """
        found: dict[str, Path] = {}
        taken: set[tuple[str, str]] = set()
        for base in self.params:
            where = base / folder
            here = [
                path
                for path in (sorted(where.iterdir()) if where.is_dir() else ())
                if path.suffix in suffixes
                and not path.name.startswith((".", "~$"))
                and _namesake(folder, path) not in taken
                and may_be_shown(path.name)
            ]
            found |= {path.name: path for path in here}
            taken |= {_namesake(folder, path) for path in here}
        return dict(sorted(found.items()))


def _namesake(folder: str, path: Path) -> tuple[str, str]:
    """What makes two files the same parameter: a scenario is one whatever kind of file it is in."""
    return path.stem, "" if folder in ("scenarier", "inlasning") else path.suffix.replace(".yml", ".yaml")


def remember_typed(arguments: Iterable[str]) -> None:
    """Notes the paths among a command's arguments: messages name them as they were written."""
    global _typed_in
    _typed_in = os.getpid()
    given = (text.partition("=")[2] if text.startswith("--") else text for text in arguments)
    _typed.clear()
    _typed.update({Path(os.path.abspath(text)): text for text in given if text and os.path.exists(text)})


def shown(path: Path) -> str:
    """A path as people see it: never a machine's whole path, but where they wrote it themselves.

    It is as they wrote it on the command line; else relative to the workspace, to where they stand, or to what planbok
    ships with.

    >>> shown(PARAMS / "planer" / "exempel.yaml")
    'params/planer/exempel.yaml'
    """
    path = Path(os.path.abspath(path))
    bases = (workspace(), Path.cwd(), ROOT)
    base = next((base for base in bases if base and path.is_relative_to(base)), None)
    parts = path.parts[-3:] if base is None else path.relative_to(base).parts
    written = next((part for part in (path, *path.parents) if part in _typed), None) if base is None else None
    if written is not None and _typed_in == os.getpid():
        parts = (*Path(_typed[written]).parts, *path.relative_to(written).parts)
    return "/".join(shown_name(part) for part in parts).replace("//", "/", 1)


def shown_name(name: str) -> str:
    """A file's name as people see it: one that may be a person's number is never shown."""
    return name if may_be_shown(name) else "(namnet visas inte)"


def may_be_shown(name: str) -> bool:
    """Whether a file's name can't be taken for a person's number."""
    from planbok.base.privacy import looks_like_personal_number  # brings pandas, which --help need not wait for

    return not looks_like_personal_number(name)
