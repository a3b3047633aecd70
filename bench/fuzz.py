"""Coverage-guided fuzzing of what reads other people's files: `python bench/fuzz.py lasare|grind FOLDER [SECONDS]`.

Needs atheris, which is installed nowhere else: `python -m pip install atheris` in a virtual environment of its own that
sees planbok's. Each kind of unexpected exception is written once to FOLDER; the run goes on. A crash that is found
becomes a case of `tests/test_hostile_files.py`.
"""

import hashlib
import io
import os
import sys
import time
import traceback
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["planbok", "ruamel.yaml"]):
    from planbok.base.errors import InputError
    from planbok.batch.gate import reading
    from planbok.batch.gate.signs import Signs
    from planbok.inputs.documents import read_document
    from planbok.inputs.tables.reading import Reading
    from planbok.inputs.tables.specs import TABLES

SIGNS = Signs.of(("p-4711abcd",), (), ())
SLOW = 20  # seconds for so few bytes are a fault too


def table(data: bytes, suffix: str) -> None:
    reading_one = Reading(TABLES["utfall"], "utfall")
    path = Path("utfall" + suffix)
    reading_one.read(path, reading_one.sheets(path, data), "0")


def workbook(sheet: bytes) -> bytes:
    """A workbook whose one sheet's cells are the bytes."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="U" sheetId="1" r:id="r"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="r" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        archive.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>'.encode() + sheet)
    return packed.getvalue()


def readers(data: bytes) -> None:
    kind, data = data[:1], data[1:]
    if kind < b"\x60":
        table(data, ".csv")
    elif kind < b"\xa0":
        table(workbook(data), ".xlsx")
    else:
        path = Path(sys.argv[2]) / "fuzz.yaml"
        path.write_bytes(data)
        read_document(path, "plan", [])


def gate(data: bytes) -> None:
    kinds = {0: ".json", 1: ".ipynb", 2: ".html"}
    path = Path(sys.argv[2]) / f"fuzz{kinds.get(data[0] % 4 if data else 3, '.xlsx')}"
    path.write_bytes(data[1:])
    pieces = list(reading.read_file(path))
    SIGNS.kinds([piece.text for piece in pieces], [piece.prose for piece in pieces])


def guarded(target, folder: Path, until: float):
    """The target, whose unexpected exceptions are kept: one of each place."""
    seen: set[str] = set()

    def one(data: bytes) -> None:
        start, said = time.monotonic(), ""
        try:
            target(data)
        except InputError:
            pass
        except Exception as problem:
            frames = traceback.extract_tb(problem.__traceback__)
            said = f"{type(problem).__name__} {Path(frames[-1].filename).name}:{frames[-1].lineno}"
            said = f"{said}\n{traceback.format_exc()}"
        if time.monotonic() - start > SLOW:
            said = "slow"
        place = said.partition("\n")[0]
        if said and place not in seen:
            seen.add(place)
            name = hashlib.sha256(data).hexdigest()[:12]
            (folder / f"{name}.bin").write_bytes(data)
            (folder / f"{name}.txt").write_text(said, "utf-8")
        if time.monotonic() > until:
            print(f"{len(seen)} kinds of crash", flush=True)
            os._exit(0)  # sys.exit would count as one

    return one


if __name__ == "__main__":
    what, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 600
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    target = guarded(readers if what == "lasare" else gate, folder, time.monotonic() + seconds)
    atheris.Setup([sys.argv[0], str(corpus), "-max_len=4096", "-timeout=120", "-rss_limit_mb=4096"], target)
    atheris.Fuzz()
