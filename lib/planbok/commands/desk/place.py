"""Where the desk is: the folder `lab/` of a workspace, with the copies and all that JupyterLab writes."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planbok.base.errors import refused
from planbok.base.files import json_object, written_whole
from planbok.base.workspace import ENV_DATA, ENV_PARAMS, ENV_WORKSPACE, workspace

FOLDER = "lab"
STATE = ".jupyter"  # JupyterLab's own: settings, runtime files, checkpoints
CHOSEN = "senast_vald.json"
PRIVATE = 0o700
IGNORED = "# Kopior och det som JupyterLab skriver: hör inte hemma i versionshanteringen.\n*\n"


@dataclass(frozen=True)
class Desk:
    """A workspace's desk. `params` and `data` are the folders that were given, "" for those that the workspace has."""

    workspace: Path
    params: str = ""
    data: str = ""

    @classmethod
    def here(cls, params: str = "", data: str = "") -> "Desk":
        """The desk of the workspace where one stands.

        Raises
        ------
        InputError
            If there is no workspace: planbok is installed, and nobody has made one here.
        """
        found = workspace()
        if found is None:
            text = "här finns ingen arbetsmapp. Gör en med  planbok init MAPP  och gå till den."
            raise refused("lab", text, "no_workspace")
        given = [str(Path(folder).resolve()) if folder else "" for folder in (params, data)]
        return cls(found.resolve(), *given)

    @property
    def folder(self) -> Path:
        return self.workspace / FOLDER

    @property
    def state(self) -> Path:
        return self.folder / STATE

    def lay_out(self) -> None:
        """Makes the folder, for its owner alone; git leaves it out wherever it is."""
        for folder in (self.folder, self.state):
            folder.mkdir(exist_ok=True)
            folder.chmod(PRIVATE)
        (self.folder / ".gitignore").write_text(IGNORED, encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """What tells a notebook of the desk where it is, and JupyterLab to write nowhere else."""
        own = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython",
        }
        given = {ENV_PARAMS: self.params, ENV_DATA: self.data}
        return {
            ENV_WORKSPACE: str(self.workspace),
            **{name: value for name, value in given.items() if value},
            **{name: str(self.state / folder) for name, folder in own.items()},
        }

    def chosen(self) -> dict[str, Any]:
        """The notebook, unit, year and month that were last chosen; empty before anybody has."""
        return json_object(self.state / CHOSEN)

    def remember(self, **values: Any) -> None:
        """Notes what was chosen. A disk that takes nothing only forgets it."""
        try:
            with written_whole(self.state / CHOSEN) as beside:
                beside.write_text(json.dumps({**self.chosen(), **values}, ensure_ascii=False), encoding="utf-8")
        except OSError:
            return


def settle(desk: Desk) -> None:
    """Makes this process the desk's: what it reads and starts finds the same workspace and folders."""
    os.environ.update(desk.environment())
