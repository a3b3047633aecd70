"""What JupyterLab is told when planbok starts it: in Swedish, by itself, and with a kernel ready."""

import json
import shutil
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KERNELS = "planbok.commands.desk.kernels.DeskKernels"
SWEDISH = "planbok.commands.desk.swedish"
UNUSED = ("jupyter_lsp", "jupyter_server_terminals", "notebook_shim", "voila.server_extension")
WORKSPACE = "default-37a8.jupyterlab-workspace"  # JupyterLab's name for the one that opens by itself


def desk_config(notebooks: str) -> dict[str, dict[str, Any]]:
    """The configuration of a server, by class; `notebooks` is their folder, from the server's own."""
    return {
        "ServerApp": {
            "kernel_manager_class": KERNELS,
            "jpserver_extensions": {"jupyterlab": True, SWEDISH: True, **dict.fromkeys(UNUSED, False)},
            "terminals_enabled": False,
        },
        "DeskKernels": {"warm_path": notebooks},
        "LabApp": {"news_url": None, "check_for_updates_class": "jupyterlab.NeverCheckForUpdate"},
    }


def lay_settings(state: Path) -> None:
    """Lays settings (the language, what is left out) and how the page is arranged into `app`, `settings`, `workspaces`.

    How a person has arranged the page since is left as it is. The language stands in a person's own settings too: the
    server looks for it only there.
    """
    app, language = state / "app", state / "settings" / "@jupyterlab" / "translation-extension"
    for folder in (app, language, state / "workspaces"):
        folder.mkdir(parents=True, exist_ok=True)
    for name in ("overrides.json", "page_config.json"):
        shutil.copyfile(HERE / name, app / name)
    workspace, own = state / "workspaces" / WORKSPACE, language / "plugin.jupyterlab-settings"
    if not workspace.exists():
        shutil.copyfile(HERE / "workspace.json", workspace)
    if not own.exists():
        own.write_text(json.dumps({"locale": "sv_SE"}) + "\n", encoding="utf-8")
