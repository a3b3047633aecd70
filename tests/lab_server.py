"""A JupyterLab of its own for the tests: random port, token, folders that nobody else uses."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from planbok.base.workspace import ENV_DATA, ENV_PARAMS, ROOT
from planbok.commands.desk.server import EXTENSIONS
from planbok.commands.desk.serving import desk_config, lay_settings

START = "import planbok; from jupyterlab.labapp import main; main()"
FOLDERS = {"app_settings": "app", "user_settings": "settings", "workspaces": "workspaces"}
READY = """() => {
  const bar = [...document.querySelectorAll('.jp-StatusBar-Widget')].map(e => e.textContent).join('');
  return bar.includes('| Klar');
}"""
RUN_THROUGH = """() => {
  const cells = [...document.querySelectorAll('.jp-Notebook-cell.jp-CodeCell .jp-InputArea-prompt')];
  const state = document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status;
  return cells.length > 2 && state === 'idle' && /\\[\\d+\\]/.test(cells.at(-1).textContent);
}"""
TO_DIALS = """() => [...document.querySelectorAll('.jp-Notebook h2')].find(h => h.textContent.includes('Prova'))
  .scrollIntoView()"""


@contextmanager
def lab(home: Path, params: Path, data: Path) -> Iterator[str]:
    """Starts JupyterLab on the project with the user's own parameter folder; its address with token."""
    token = secrets.token_hex(16)
    own = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    environment = {**os.environ, **own, ENV_PARAMS: str(params), ENV_DATA: str(data)}
    lay_settings(home)
    config = desk_config("notebooks")
    config["LabApp"]["extra_labextensions_path"] = [str(EXTENSIONS)]
    config["LabApp"] |= {f"{name}_dir": str(home / folder) for name, folder in FOLDERS.items()}
    (home / "config.json").write_text(json.dumps(config), "utf-8")
    command = [sys.executable, "-c", START, f"--config={home / 'config.json'}"]
    command += ["--no-browser", "--ip=127.0.0.1", "--port=0"]
    command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={ROOT}"]
    command += ["--allow-root"] if hasattr(os, "getuid") and os.getuid() == 0 else []
    with (home / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT)
    try:
        address = _address(server, home)
        yield f"{address}lab/tree/notebooks/{{}}.ipynb?reset&token={token}"
    finally:
        server.terminate()
        server.wait(30)


def _address(server: subprocess.Popen, home: Path) -> str:
    """Where the server listens: it takes a port of its own and says which in its runtime folder."""
    said = home / "JUPYTER_RUNTIME_DIR" / f"jpserver-{server.pid}.json"
    for _ in range(240):
        if server.poll() is not None:
            break
        with suppress(OSError, ValueError):  # not there, or not all of it
            return json.loads(said.read_text("utf-8"))["url"]
        time.sleep(0.25)
    raise RuntimeError(f"JupyterLab did not start: {(home / 'lab.log').read_text()[-2000:]}")


def run_all(page, address: str, name: str) -> None:
    """Opens a notebook and runs it as a person does, with the menu."""
    page.goto(address.format(name))
    page.wait_for_function(READY, timeout=120_000)
    page.wait_for_timeout(500)
    page.get_by_role("menuitem", name="Kör", exact=True).click()
    page.get_by_text("Kör alla celler", exact=True).click()
    page.wait_for_function(RUN_THROUGH, timeout=180_000)


def to_dials(page) -> None:
    """Scrolls to the dials and waits until they are drawn."""
    page.evaluate(TO_DIALS)
    page.locator(".planbok-dial, .widget-dropdown").first.wait_for(timeout=60_000)
    page.locator(".planbok-picture svg:visible").first.wait_for(timeout=60_000)
