"""The gate held against a thousand made-up leaks and ten thousand ordinary figures, and what it costs.

`make test` holds it against a tenth of them, in a smaller report.
"""

import html
import json
import re
import shutil
import time
from pathlib import Path
from statistics import median

import leaks
import pytest
from innocents import innocents
from openpyxl import load_workbook

from planbok.batch.gate.gate import inspect
from planbok.cli import main

LEAKS, INNOCENTS = 1_000, 10_000


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """A report of the example plan."""
    out = tmp_path_factory.mktemp("ut")
    assert main(["run", "exempel", "--only", "lss_peng", "--out", str(out)]) == 0
    return next((out / "exempel").glob("*/lss_peng__*fler_personer*"))


def test_every_leak_is_caught_wherever_it_is_planted(report, tmp_path):
    missed = leaks.missed(report, tmp_path, LEAKS)
    print(f"\nleaks planted {LEAKS}, in {len(leaks.planters())} kinds of places; missed {len(missed)}")
    assert missed == []


def test_ordinary_amounts_dates_and_ids_pass():
    texts = innocents(INNOCENTS)
    stopped = {place for place, _ in leaks.knowledge().signs.kinds(texts, [True] * INNOCENTS)}
    print(f"\nordinary texts {INNOCENTS}; stopped {len(stopped)}")
    assert [texts[place] for place in stopped] == []


def in_notebook(folder: Path, texts: list[str]) -> None:
    book = json.loads((folder / "anteckningsbok.ipynb").read_text("utf-8"))
    cell = next(cell for cell in book["cells"] if cell["cell_type"] == "code")
    cell["outputs"].append({"output_type": "stream", "name": "stdout", "text": [f"{text}\n" for text in texts]})
    (folder / "anteckningsbok.ipynb").write_text(json.dumps(book), "utf-8")


def in_page(folder: Path, texts: list[str]) -> None:
    page = (folder / "rapport.html").read_text("utf-8")
    said = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    (folder / "rapport.html").write_text(page.replace("</main>", f"{said}</main>", 1), "utf-8")


def in_json(folder: Path, texts: list[str]) -> None:
    result = json.loads((folder / "resultat.json").read_text("utf-8"))
    result["sammanfattning"] += texts
    (folder / "resultat.json").write_text(json.dumps(result), "utf-8")


def in_workbook(folder: Path, texts: list[str]) -> None:
    book = load_workbook(folder / "resultat.xlsx")
    sheet = book.create_sheet("Prov")
    for text in texts:
        sheet.append([text])
    book.save(folder / "resultat.xlsx")


def in_pdf(folder: Path, texts: list[str]) -> None:
    for start in range(0, len(texts), 1000):
        (folder / f"sida_{start}.pdf").write_bytes(leaks.pdf(*texts[start : start + 1000]))


def in_names(folder: Path, texts: list[str]) -> None:
    """As files: dates, ids, numbers and hashes, which names are made of."""
    for name in {text for text in texts if re.fullmatch(r"[\w.,-]+", text)}:
        (folder / f"{name}.txt").write_text("", "utf-8")


@pytest.mark.parametrize("plant", [in_notebook, in_page, in_json, in_workbook, in_pdf, in_names])
def test_ordinary_texts_pass_in_every_kind_of_file(report, tmp_path, plant):
    folder = Path(shutil.copytree(report, tmp_path / report.name))
    plant(folder, innocents(INNOCENTS))
    hits = inspect(folder, leaks.knowledge())
    print(f"\n{plant.__name__}: {INNOCENTS} ordinary texts; hits {len(hits)}")
    assert hits == []


def test_a_report_is_searched_in_tens_of_milliseconds(report):
    known, times = leaks.knowledge(), []
    for _ in range(11):
        start = time.process_time()
        assert inspect(report, known) == []
        times.append(time.process_time() - start)
    size = sum(path.stat().st_size for path in report.iterdir())
    print(f"\nsearching a report of {size / 1e6:.1f} MB: {median(times) * 1000:.0f} ms")
    assert median(times) < 0.2
