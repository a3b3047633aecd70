"""Where the project's files are, and how a path is shown to people."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PARAMS = ROOT / "params"
SAMPLE = ROOT / "data" / "sample"
NOTEBOOKS = ROOT / "notebooks"

ENV_PARAMS = "PLANBOK_PARAMS"
ENV_DATA = "PLANBOK_DATA"
ENV_OUT = "PLANBOK_OUT"  # the report's own folder
ENV_EARLIER = "PLANBOK_EARLIER"  # the plan's output folder, where earlier runs' results lie


@dataclass(frozen=True)
class Folders:
    """The parameter folders, the overriding one first, and the data collection of a command or a notebook."""

    params: tuple[Path, ...] = (PARAMS,)
    data: Path = SAMPLE

    @classmethod
    def chosen(cls, params: str | Path | None = None, data: str | Path | None = None) -> "Folders":
        """The folders given, else those of the environment (set by the runner), else the project's own."""
        params = params or os.environ.get(ENV_PARAMS)
        data = data or os.environ.get(ENV_DATA)
        own = Path(params).resolve() if params else PARAMS
        chain = (own,) if own == PARAMS else (own, PARAMS)
        return cls(chain, Path(data).resolve() if data else SAMPLE)

    def environment(self) -> dict[str, str]:
        """The variables that tell a notebook's process which folders to use."""
        return {ENV_PARAMS: str(self.params[0]), ENV_DATA: str(self.data)}

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
    return path.stem, "" if folder == "scenarier" else path.suffix.replace(".yml", ".yaml")


def shown(path: Path) -> str:
    """A path as people see it: relative to the project or to where they stand, never a machine's whole path.

    >>> shown(PARAMS / "planer" / "exempel.yaml")
    'params/planer/exempel.yaml'
    """
    path = Path(os.path.abspath(path))
    bases = (base for base in (ROOT, Path.cwd()) if path.is_relative_to(base))
    base = next(bases, None)
    parts = path.parts[-3:] if base is None else path.relative_to(base).parts
    return "/".join(shown_name(part) for part in parts).removeprefix("//")


def shown_name(name: str) -> str:
    """A file's name as people see it: one that may be a person's number is never shown."""
    return name if may_be_shown(name) else "(namnet visas inte)"


def may_be_shown(name: str) -> bool:
    """Whether a file's name can't be taken for a person's number."""
    from planbok.base.privacy import looks_like_personal_number  # brings pandas, which --help need not wait for

    return not looks_like_personal_number(name)
