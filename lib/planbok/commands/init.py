"""`planbok init DIR`: a workspace of one's own, where scenarios, plans, tables and reports are kept."""

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from planbok.base.errors import refused
from planbok.base.names import why_no_folder
from planbok.base.workspace import MARK, Folders, shown_name

FOLDERS = ("notebooks", "params/scenarier", "params/planer", "params/regler", "data", "out")
MARKED = "Här börjar en arbetsmapp för planbok. Ta inte bort filen: kommandona hittar mappen genom den.\n"
IGNORED = """# Tabeller och rapporter kan handla om personer och hör inte hemma i versionshanteringen.
/data/
/out/
/lab/
.ipynb_checkpoints/
"""
README = """# Arbetsmapp för planbok

- `params/scenarier/` och `params/planer/`: egna scenarier och körplaner. `planbok scenario ny ID` gör en fil att fylla
  i; handboken (`docs/handbok.md` i planboks projekt) har ett exempel på var och en.
- `params/regler/`: bara de regler ni vill ändra. En fil här ersätter planboks med samma namn, resten följer planbok.
- `data/<namn>/`: tabellerna. `check`, `list` och labbet läser den enda mapp som finns; av flera väljs en med `--data`.
  En plan säger `data: <namn>`; utan det körs den på exemplet.
- `notebooks/`: egna varianter av anteckningsböcker. `out/`: rapporterna. `lab/`: kopiorna som `planbok lab` öppnar.

Kommandona fungerar här och i alla mappar under; hittas inte `planbok`, skriv hela sökvägen (`../.venv/bin/planbok`).
`planbok list` visar vad som finns, `planbok check` kontrollerar det, `planbok run exempel` kör exempelplanen.
`data/`, `out/` och `lab/` kan innehålla personuppgifter: ge bara dem läsrätt som ska ha den.
"""
FILES = {MARK: MARKED, "README.md": README, ".gitignore": IGNORED}


def init(target: Path) -> Path:
    """Lays out a workspace in a folder, which may exist; what is there is left as it is.

    Raises
    ------
    InputError
        If something stands where the workspace would, or it would lie in another: all of it is named, and nothing is
        written.
    OSError
        If the folder can't be written to; what was laid out is taken away again.
    """
    tops = sorted({name.partition("/")[0] for name in FOLDERS} | set(FILES))
    if target.is_dir():
        taken = [name for name in tops if (target / name).exists()]
        text = f"mappen har redan {', '.join(taken)}. Välj en annan mapp, eller flytta undan det." if taken else ""
    elif why_no_folder(str(target)):
        text = why_no_folder(str(target))
    else:
        text = "det finns en fil med det namnet. Välj en annan mapp." if target.exists() else ""
    around = next((folder for folder in Path(os.path.abspath(target)).parents if (folder / MARK).is_file()), None)
    if around and not text:
        text = f"mappen skulle ligga i arbetsmappen {shown_name(around.name)}. Välj en mapp utanför den."
    if text:
        raise refused(f"init {shown_name(target.name)}", text, "taken")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".planbok-") as aside:
        _lay_out(Path(aside))
        made = not target.exists()
        target.mkdir(exist_ok=True)
        _move(Path(aside), target, tops, made)
    return target


def _lay_out(folder: Path) -> None:
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("data", "out"):
        (folder / name).chmod(0o700)


def _move(aside: Path, target: Path, names: list[str], made: bool) -> None:
    """Everything to its place, or nothing of it."""
    moved: list[Path] = []
    try:
        for name in names:
            (aside / name).rename(target / name)
            moved.append(target / name)
    except OSError:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if made:
            target.rmdir()
        raise


def make(arguments: argparse.Namespace, folders: Folders) -> int:
    """Lays out a workspace and says how to go on."""
    if not arguments.dir.strip():
        text = "mappen har inget namn. Ange en mapp, eller . för mappen du står i."
        raise refused("init", text, "no_name")
    folder = init(Path(arguments.dir).absolute())
    print(f"Klart. Gå dit:  cd {arguments.dir}  och prova  planbok run exempel  ({folder.name}/README.md säger mer).")
    return 0
