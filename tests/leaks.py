"""Made-up leaks for proving the gate: what tells of a person or a machine, in every spelling and every place.

Numbers are of people born in years yet to come, keys are random, names and folders belong to nobody.
"""

import base64
import gzip
import json
import random
import re
import shutil
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from test_privacy import made_up

from planbok.batch.gate.gate import Knowledge, inspect, said
from planbok.batch.gate.signs import INITIAL, KEY, NUMBER, PLACE, USER, Signs
from planbok.case.result import Column, KeyFigure, People, Result, Table
from planbok.disclosure import policy as policy_rules
from planbok.disclosure.policy import Policy
from planbok.report import figure
from planbok.report.handover import columns_of
from planbok.report.html import ReportMeta, render_report
from planbok.report.provenance import Provenance
from planbok.report.table import as_text, render
from planbok.report.workbook.write import write_workbook

PERSONS = ("pzwpxc18td", "kund-0815-rt", "X9Q4M2LK77", "åsna2024stig")
DECISIONS = ("b3p44pvt2e", "BESLUT-77810")
LIMITS = {rule: Policy("ledning").limit(rule) for rule in policy_rules.LIMITS}
LOGIN, MACHINE = "kajsa.testsson", "pc-sdf-90217"
HOME = f"/srv/hem/{LOGIN}"
SOMEBODYS = "/".join(("", "home", "nagon"))  # a folder of no machine

DASHES = (
    "-",
    "+",
    "",
    " ",
    " - ",
    "\u2010",
    "\u2011",
    "\u2012",
    "\u2013",
    "\u2014",
    "\u2212",
    "\uff0d",
    "\ufe63",
    "_",
)
BLANKS = ("\u00a0", "\u202f", "\u2009", "\u200b", "\u00ad", "\u2003")
ZEROS = "0\u0660\u06f0\u0966\uff10\U0001d7ce\U0001d7f6"


@dataclass(frozen=True)
class Leak:
    """One thing that may not leave, its kind, and whether it is a plain whole number too."""

    kind: str
    text: str
    number: int = 0


def knowledge(spridning: str = "ledning") -> Knowledge:
    """What a run would know when the made-up people and machine were its own."""
    signs = Signs.of([*PERSONS, *DECISIONS], [HOME, "D:\\planbok\\underlag"], [LOGIN, MACHINE])
    return Knowledge(spridning, LIMITS, signs)


PUNCTUATION = (", ", ":", " (", "*", "; ", " / ", "#")


def personal_number(rng: random.Random) -> Leak:
    """A number in one of its spellings: with dashes and blanks, with natural punctuation, digit by digit, mistyped."""
    century, ten = made_up(
        rng.randint(2080, 2099), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 999), rng.random() < 0.3
    )
    number = int(century + ten)
    form = rng.random()
    if form < 0.15:
        between = rng.choice(PUNCTUATION)
        return Leak(NUMBER, f"{ten[:6]}{between}{ten[6:]}{')' * ('(' in between)}", number)
    if form < 0.25:
        return Leak(NUMBER, rng.choice(" .").join(ten), number)
    if form < 0.4:
        wrong = ten[:9] + str((int(ten[9]) + rng.randint(1, 9)) % 10)
        text = rng.choice((f"{wrong[:6]}-{wrong[6:]}", f"{century}{wrong[:6]}-{wrong[6:]}", f"Anna {wrong} ringer"))
        return Leak(NUMBER, text, number)
    start = century * rng.choice((0, 1)) + ten[:2]
    inner = rng.choice(("", "", "", "-", " ", ".", "\u2013"))
    text = start + inner + ten[2:4] + inner + ten[4:6] + rng.choice(DASHES + BLANKS) + ten[6:]
    zero = rng.choice(ZEROS + "0" * 14)
    text = "".join(chr(ord(zero) + int(c)) if c.isascii() and c.isdigit() else c for c in text)
    return Leak(NUMBER, rng.choice(("{}", "{}", "p{}x", "id {}.", "Anna, {}")).format(text), number)


def initial_and_year(rng: random.Random) -> Leak:
    first, second = rng.choice("ABCDEGJKLMÅÄÖ"), rng.choice("ABCDEGJKLMÅÄÖ")
    who = rng.choice((first, f"{first}.", f"{first}.{second}.", f"{first}. {second}.", f"{first}-{second}"))
    year = rng.choice((f"{rng.randint(1925, 2019)}", f"{rng.randint(25, 99)}"))
    between = rng.choice(("", " ", "-", " -", ", ", " född ", " f. ", " '", " (", "/", "_"))
    text = f"{who}{between}{year}{')' * ('(' in between)}"
    if rng.random() < 0.3:
        low, year = first.lower(), f"{rng.randint(60, 99)}"
        text = rng.choice((f"{low}.{second.lower()}. {year}", f"{low}{year}", f"{low}.{second.lower()}. född 19{year}"))
    return Leak(INITIAL, rng.choice(("{}", "ärendet {} omprövas", "({})", "{}: ny nivå", "{}:s beslut")).format(text))


def person_key(rng: random.Random) -> Leak:
    key = rng.choice(PERSONS + DECISIONS)
    wide = "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in key)
    key = rng.choice((key, key, key.upper(), key.lower(), wide, unicodedata.normalize("NFD", key)))
    return Leak(KEY, rng.choice(("{}", "{}", "person={}", "x{}x", "('{}',)", "{}/2024", "rad_{}_1")).format(key))


def machine_place(rng: random.Random) -> Leak:
    places = (
        f"{HOME}/planbok/data/beslut.csv",
        "D:\\planbok\\underlag\\beslut.csv",
        "C:\\Users\\kajsa\\Desktop",
        f"{SOMEBODYS}/planbok",
        "/Users/nagon/Documents/plan.yaml",
        "file:///D:/plan",
        "/tmp/ipykernel_12/3456.py",
        "\\\\server01\\gemensam\\beslut.csv",
    )
    return Leak(PLACE, rng.choice(("{}", 'File "{}", line 3', "läser {}")).format(rng.choice(places)))


def user_name(rng: random.Random) -> Leak:
    return Leak(
        USER, rng.choice(("{}", "av {}", "{}@stad", "USER={}")).format(rng.choice((LOGIN, MACHINE, LOGIN.upper())))
    )


MAKERS = (personal_number, personal_number, initial_and_year, person_key, person_key, machine_place, user_name)


# ---- where a leak is planted; each takes a report's folder and a leak, and says whether it could be planted there


def _edit_json(path: Path, change: Callable[[dict], None]) -> None:
    value = json.loads(path.read_text("utf-8"))
    change(value)
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")


def _in_notebook(change: Callable[[dict, Leak], None]) -> Callable[[Path, Leak], None]:
    return lambda folder, leak: _edit_json(folder / "anteckningsbok.ipynb", lambda book: change(book, leak))


def _output(book: dict, **output: object) -> None:
    cell = next(cell for cell in book["cells"] if cell["cell_type"] == "code")
    cell["outputs"].append(output)


def _figure_of(book: dict) -> dict:
    return next(
        o["data"][figure.MIME] for c in book["cells"] for o in c.get("outputs", ()) if figure.MIME in o.get("data", {})
    )


def _bdata(figures: dict, leak: Leak) -> None:
    kind = "f8" if leak.number % 2 else "i8"
    packed = base64.b64encode(np.array([1, 2, leak.number, 4], dtype=kind).tobytes()).decode()
    figures["data"][0]["customdata"] = {"dtype": kind, "bdata": packed, "shape": "2, 2"}


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _split(text: str) -> str:
    """A text with a tag in the middle of it."""
    return f"{_html(text[:4])}<b>{_html(text[4:6])}</b>{_html(text[6:])}"


def _entities(text: str) -> str:
    return "".join(f"&#{ord(c)};" for c in text)


def _display(**data: object) -> dict:
    return {"output_type": "display_data", "metadata": {}, "data": {k.replace("_", "/"): v for k, v in data.items()}}


def _injected(source: str) -> dict:
    return new_code_cell(source, metadata={"tags": ["injected-parameters"]})


IN_NOTEBOOK: dict[str, Callable[[dict, Leak], None]] = {
    "stream": lambda b, k: _output(b, output_type="stream", name="stdout", text=["rad 1\n", f"rad {k.text}\n"]),
    "stderr": lambda b, k: _output(b, output_type="stream", name="stderr", text=k.text),
    "evalue": lambda b, k: _output(b, output_type="error", ename="KeyError", evalue=k.text, traceback=[]),
    "traceback": lambda b, k: _output(b, output_type="error", ename="E", evalue="e", traceback=["\x1b[0;31mE", k.text]),
    "text_plain": lambda b, k: _output(b, **_display(text_plain=f"kolumn\n{k.text}\n")),
    "text_html": lambda b, k: _output(b, **_display(text_html=f"<table><td>{_html(k.text)}</td></table>")),
    "html_split": lambda b, k: _output(b, **_display(text_html=f"<p>{_split(k.text)}</p>")),
    "html_entities": lambda b, k: _output(b, **_display(text_html=f"<p>{_entities(k.text)}</p>")),
    "html_attribute": lambda b, k: _output(b, **_display(text_html=f'<p title="{_html(k.text)}">x</p>')),
    "html_comment": lambda b, k: _output(b, **_display(text_html=f"<p>x<!-- {k.text} --></p>")),
    "markdown_output": lambda b, k: _output(b, **_display(text_markdown=f"**{k.text}**")),
    "json_output": lambda b, k: _output(b, **_display(application_json={"rader": [{"a": 1, "b": k.text}]})),
    "output_metadata": lambda b, k: _output(b, **{**_display(text_plain="x"), "metadata": {"not": k.text}}),
    "prose": lambda b, k: b["cells"].append({"cell_type": "markdown", "metadata": {}, "source": ["# X\n", k.text]}),
    "code": lambda b, k: b["cells"][1]["source"].append(f"\nx = {json.dumps(k.text, ensure_ascii=False)}"),
    "cell_metadata": lambda b, k: b["cells"][0]["metadata"].update(note=k.text),
    "tag": lambda b, k: b["cells"][0]["metadata"].update(tags=[k.text]),
    "parameters": lambda b, k: b["metadata"].update(papermill={"parameters": {"enhet": k.text}}),
    "injected": lambda b, k: b["cells"].append(_injected(f'enhet = "{k.text}"')),
    "book_metadata": lambda b, k: b["metadata"].update({"authors": [{"name": k.text}]}),
    "widget_state": lambda b, k: b["metadata"].update(
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {"1": {"state": {"value": k.text}}}}}
    ),
    "attachment": lambda b, k: b["cells"][0].update(
        attachments={"a.txt": {"text/plain": base64.b64encode(f"text {k.text} text".encode()).decode()}}
    ),
    "figure_text": lambda b, k: _figure_of(b)["data"][0].update(text=["1", k.text]),
    "figure_hover": lambda b, k: _figure_of(b)["data"][0].update(customdata=[["a", 1], [k.text, 2]]),
    "figure_template": lambda b, k: _figure_of(b)["data"][0].update(hovertemplate=f"<b>{k.text}</b><extra></extra>"),
    "figure_title": lambda b, k: _figure_of(b)["layout"].update(title={"text": f"Figur<br>{k.text}"}),
    "figure_meta": lambda b, k: _figure_of(b)["layout"]["meta"].update(alt=k.text),
    "figure_name": lambda b, k: _figure_of(b)["data"][0].update(name=k.text),
    "field_name": lambda b, k: _figure_of(b)["layout"]["meta"].update({k.text: 1}),
}  # fmt: skip


def _edit_page(folder: Path, old: str, new: str) -> None:
    page = (folder / "rapport.html").read_text("utf-8")
    assert old in page
    (folder / "rapport.html").write_text(page.replace(old, new, 1), "utf-8")


def _page_figure(folder: Path, leak: Leak) -> None:
    def planted(found: re.Match) -> str:
        data = json.loads(found[2])
        data["rader"].append([leak.text, 1])
        return found[1] + json.dumps(data).replace("<", "\\u003c") + found[3]

    page = (folder / "rapport.html").read_text("utf-8")
    new = re.sub(r'(class="figure-data">)(.*?)(</script>)', planted, page, count=1, flags=re.DOTALL)
    assert new != page
    (folder / "rapport.html").write_text(new, "utf-8")


def _payload(text: str) -> str:
    return base64.b64encode(gzip.compress(json.dumps({"rader": [text]}).encode())).decode()


IN_PAGE: dict[str, Callable[[Path, Leak], None]] = {
    "text": lambda f, k: _edit_page(f, "</main>", f"<p>{_html(k.text)}</p></main>"),
    "split": lambda f, k: _edit_page(f, "</main>", f"<p>{_split(k.text)}</p></main>"),
    "picture": lambda f, k: _edit_page(f, "</svg>", f'<text x="1" y="2">{_html(k.text)}</text></svg>'),
    "picture_tip": lambda f, k: _edit_page(f, "</svg>", f"<rect><title>{_html(k.text)}</title></rect></svg>"),
    "entities": lambda f, k: _edit_page(f, "</main>", f"<p>{_entities(k.text)}</p></main>"),
    "title": lambda f, k: _edit_page(f, "<title>", f"<title>{_html(k.text)} "),
    "attribute": lambda f, k: _edit_page(f, "<main ", f'<main aria-label="{_html(k.text)}" '),
    "comment": lambda f, k: _edit_page(f, "</main>", f"</main><!-- {k.text} -->"),
    "meta": lambda f, k: _edit_page(f, "<title>", f'<meta name="author" content="{_html(k.text)}"><title>'),
    "script": lambda f, k: _edit_page(
        f, "</body>", f"<script type='application/json'>{json.dumps([k.text])}</script></body>"
    ),
    "packed": lambda f, k: _edit_page(f, "</body>", f"<script type='text/plain'>{_payload(k.text)}</script></body>"),
    "data_address": lambda f, k: _edit_page(
        f,
        "</main>",
        f'<img src="data:text/plain;base64,{base64.b64encode(k.text.encode() + b" bild").decode()}"></main>',
    ),
    "figure": _page_figure,
}


def _edit_book(folder: Path, change: Callable[[object], None]) -> None:
    path = folder / "resultat.xlsx"
    book = load_workbook(path)
    change(book)
    book.save(path)


def _hidden(book, leak: Leak, state: str) -> None:
    sheet = book.create_sheet("Stöd")
    sheet["C7"] = leak.text
    sheet.sheet_state = state


def _comment(book, leak: Leak) -> None:
    book.worksheets[0]["A1"].comment = Comment(leak.text, "gransk")


def _property(name: str) -> Callable:
    return lambda book, leak: setattr(book.properties, name, leak.text)


def _defined(book, leak: Leak) -> None:
    book.defined_names["urval"] = DefinedName("urval", attr_text=f'"{leak.text}"', comment=leak.text)


def _footer(book, leak: Leak) -> None:
    book.worksheets[0].oddFooter.left.text = leak.text


def _rich(book, leak: Leak) -> None:
    bold = InlineFont(b=True)
    book.worksheets[0]["Z93"] = CellRichText(leak.text[:5], TextBlock(bold, leak.text[5:8]), leak.text[8:])


def _link(book, leak: Leak) -> None:
    book.worksheets[0]["Z93"] = "länk"
    book.worksheets[0]["Z93"].hyperlink = "https://exempel.invalid/?q=" + leak.text.replace(" ", "%20")


def _cell(book, leak: Leak) -> None:
    book.worksheets[-1]["Z90"] = leak.text


def _formula(book, leak: Leak) -> None:
    book.worksheets[-1]["Z90"] = f'=IF(TRUE,"{leak.text}","")'


IN_WORKBOOK: dict[str, Callable] = {
    "cell": _cell,
    "formula": _formula,
    "hidden_sheet": lambda b, k: _hidden(b, k, "hidden"),
    "very_hidden_sheet": lambda b, k: _hidden(b, k, "veryHidden"),
    "comment": _comment,
    "creator": _property("creator"),
    "description": _property("description"),
    "keywords": _property("keywords"),
    "last_modified_by": _property("lastModifiedBy"),
    "defined_name": _defined,
    "footer": _footer,
    "rich_text": _rich,
    "link": _link,
}


def _first_table(result: dict) -> list[dict]:
    return next(iter(result["tabeller"].values()))


def _part(folder: Path, leak: Leak) -> None:
    with zipfile.ZipFile(folder / "resultat.xlsx", "a") as book:
        book.writestr("customXml/item1.xml", f"<rader><r>{_html(leak.text)}</r></rader>")


def pdf(*texts: str) -> bytes:
    """A page as browsers print one: glyphs in the order in which they are needed, and a table of what they are.

    A tab parts what stands in cells beside each other.
    """
    glyphs = {char: number for number, char in enumerate(dict.fromkeys("".join(texts)), start=3)}
    cells = [(row, place, cell) for row, text in enumerate(texts) for place, cell in enumerate(text.split("\t"))]
    table = "\n".join(f"<{number:04X}> <{char.encode('utf-16-be').hex()}>" for char, number in glyphs.items())
    lines = (
        f"1 0 0 1 {90 * place} 0 cm BT /F4 11 Tf 1 0 0 -1 64 {100 + 20 * row} Tm "
        f"{' '.join(f'<{glyphs[char]:04X}> Tj' for char in cell)} ET"
        for row, place, cell in cells
    )
    streams = [zlib.compress(part.encode()) for part in ("\n".join(lines), f"1 beginbfchar\n{table}\nendbfchar")]
    page, said = (b"<</Filter /FlateDecode /Length %d>> stream\n%b\nendstream" % (len(s), s) for s in streams)
    objects = (
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources <</Font <</F4 4 0 R>>>>>>",
        b"<</Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [7 0 R]>>",
        page,
        said,
        b"<</Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 500>>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"xref\n0 8\n0000000000 65535 f \n" + b"".join(places)
    return made + table + b"trailer <</Size 8 /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)


def _rewritten(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """The workbook with one of its parts changed."""
    path = folder / "resultat.xlsx"
    with zipfile.ZipFile(path) as book:
        parts = {part: book.read(part) for part in book.namelist()}
    found = next(part for part in parts if re.fullmatch(name, part))
    parts[found] = change(parts[found])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, data in parts.items():
            book.writestr(part, data)


def _attribute(folder: Path, leak: Leak) -> None:
    """In an attribute of a formula, a rule's formula or a name: what no cell shows."""
    tag = ('<f ca="{}">1</f>', '<formula1 note="{}">1</formula1>', '<definedName name="x" comment="{}">1</definedName>')
    tag = tag[leak.number % 3].format(_html(leak.text)).encode()
    _rewritten(folder, "xl/worksheets/sheet1.xml", lambda data: data.replace(b"</worksheet>", tag + b"</worksheet>"))


def _wide_part(folder: Path, leak: Leak) -> None:
    wide = f'<?xml version="1.0" encoding="UTF-16"?><r>{_html(leak.text)}</r>'.encode("utf-16")
    with zipfile.ZipFile(folder / "resultat.xlsx", "a") as book:
        book.writestr("customXml/item2.xml", wide)


def _printed(folder: Path, leak: Leak) -> None:
    (folder / "rapport.pdf").write_bytes(pdf("Exempelenheten 2024", leak.text))


def _cell_number(folder: Path, leak: Leak) -> None:
    _edit_book(folder, lambda book: book.worksheets[-1].__setitem__("Z90", leak.number))


IN_RESULT: dict[str, Callable[[dict, Leak], None]] = {
    "sentence": lambda r, k: r["sammanfattning"].append(k.text),
    "cell": lambda r, k: _first_table(r)[0].update(namn=k.text),
    "field_name": lambda r, k: _first_table(r)[0].update({k.text: 1}),
    "source": lambda r, k: r["regler"].append({"regel": "x", "kalla": k.text}),
    "parameter": lambda r, k: r["parametrar"].update(enhet=k.text),
    "escaped": lambda r, k: r.update(extra=json.dumps({"a": k.text})),
}


def _file_name(folder: Path, leak: Leak) -> None:
    (folder / f"{_speakable(leak)}.csv").write_text("a,b\n1,2\n", "utf-8")


def _folder_name(folder: Path, leak: Leak) -> None:
    (folder / _speakable(leak)).mkdir()


def _speakable(leak: Leak) -> str:
    return re.sub(r"[/\\:]", "_" if leak.kind != PLACE else "\u2215", leak.text)


def _other_file(folder: Path, leak: Leak) -> None:
    (folder / "rader.csv").write_text(f"a;b\n1;{leak.text}\n", "utf-16" if len(leak.text) % 2 else "utf-8")


def _packed_file(folder: Path, leak: Leak) -> None:
    (folder / "kopia.json.gz").write_bytes(gzip.compress(json.dumps([leak.text]).encode()))


def planters() -> dict[str, tuple[Callable[[Path, Leak], None], Callable[[Leak], bool]]]:
    """Every place by name: how a leak is planted there, and which leaks can stand there."""

    def every(leak: Leak) -> bool:
        return True

    def counted(leak: Leak) -> bool:
        return leak.number > 0

    found = {f"ipynb {name}": (_in_notebook(change), every) for name, change in IN_NOTEBOOK.items()}
    found["ipynb number"] = (_in_notebook(lambda b, k: _figure_of(b)["data"][0].update(x=[1.5, k.number])), counted)
    found["ipynb bdata"] = (_in_notebook(lambda b, k: _bdata(_figure_of(b), k)), counted)
    found |= {f"html {name}": (change, every) for name, change in IN_PAGE.items()}
    found |= {
        f"json {name}": (lambda f, k, c=change: _edit_json(f / "resultat.json", lambda r: c(r, k)), every)
        for name, change in IN_RESULT.items()
    }
    found["json number"] = (
        lambda f, k: _edit_json(f / "resultat.json", lambda r: _first_table(r).append({"kr": float(k.number)})),
        counted,
    )
    found |= {
        f"xlsx {name}": (lambda f, k, c=change: _edit_book(f, lambda b: c(b, k)), _writable)
        for name, change in IN_WORKBOOK.items()
    }
    found["pdf"] = (_printed, lambda k: all(ord(char) < 0x10000 for char in k.text))
    found["xlsx attribute"], found["xlsx wide part"] = (_attribute, _writable), (_wide_part, _writable)
    found["xlsx part"], found["xlsx number"] = (_part, every), (_cell_number, counted)
    named = {"name of a file": _file_name, "name of a folder": _folder_name}
    found |= {name: (plant, lambda k: k.kind != PLACE) for name, plant in named.items()}
    found["another file"], found["a packed file"] = (_other_file, every), (_packed_file, every)
    return found


def _writable(leak: Leak) -> bool:
    return leak.text.isprintable() or not re.search(r"[\x00-\x1f]", leak.text)


def leaks(count: int, seed: int = 6) -> Iterator[tuple[str, Leak]]:
    """So many leaks, each with the place to plant it in; every place and every kind again and again."""
    rng, places = random.Random(seed), planters()
    names = list(places)
    for number in range(count):
        name = names[number % len(names)]
        leak = rng.choice(MAKERS)(rng)
        while not places[name][1](leak):
            leak = rng.choice(MAKERS)(rng)
        yield name, leak


def missed(report: Path, base: Path, count: int) -> list[tuple[str, Leak]]:
    """The leaks that the gate let through or repeated, of so many planted one at a time in a copy of a report."""
    places, known, found = planters(), knowledge(), []
    for name, leak in leaks(count):
        folder = Path(shutil.copytree(report, base / report.name))
        places[name][0](folder, leak)
        hits = inspect(folder, known)
        if leak.kind not in {hit.kind for hit in hits} or leak.text in said(hits):
            found.append((name, leak))
        shutil.rmtree(folder)
    return found


# ---- the report that they are planted in


def report(folder: Path) -> Path:
    """A small report of all four files, with a table, a figure and nothing that may not leave."""
    frame = pd.DataFrame(
        {"namn": ["Gruppbostad", "Servicebostad"], "personer": [19.0, 9.0], "kr": [9_876_543.0, 1_234_567.5]}
    )
    told = ("personer",)
    columns = (
        Column("namn", "Insats"),
        Column("personer", "Personer", "personer", 0, tells=told),
        Column("kr", "Kronor", "kr", 0, tells=told),
    )
    table = Table("rader", "Insatser 2024", frame, columns, part="namn")
    counts = pd.DataFrame([frame.set_index("namn")["personer"]]).reset_index(drop=True)
    result = Result(
        "Exempelenheten · LSS-peng 2024", "Scenario: bas", ["Enheten får 44,8 mnkr."],
        {"a_kr": KeyFigure(1.5, "kr", "A")}, {"rader": table}, people={"personer": People(counts)},
    )  # fmt: skip
    shown = figure.bars(
        ["2015", "2016"], {"Budget": [141.5, 144.8]}, title="Upp 3,3 mnkr", alt="Upp.", mattenhet="mnkr"
    )
    book = new_notebook(
        cells=[
            new_markdown_cell("# LSS-peng\n\nVad blir det?\n\n## Tabeller och figurer"),
            new_code_cell(
                "visa()\n",
                outputs=[
                    new_output("display_data", data={"text/html": render(table), "text/plain": as_text(table)}),
                    new_output("display_data", data=figure.mimebundle(shown)),
                ],
            ),
        ]
    )
    folder.mkdir()
    nbformat.write(book, folder / "anteckningsbok.ipynb")
    meta = ReportMeta(result.rubrik, spridning="ledning", sammanfattning=result.sammanfattning)
    (folder / "rapport.html").write_text(render_report(book, meta), "utf-8")
    written = {
        "notebook": "lss_peng", "parametrar": {"ar": 2024}, "spridning": "ledning", "sammanfattning": ["Ett."],
        "nyckeltal": {}, "tabeller": {"rader": table.records()}, "tabeller_not": {}, "regler": [], "indata": [],
        "tabeller_kolumner": {"rader": columns_of(table, result)},
    }  # fmt: skip
    (folder / "resultat.json").write_text(json.dumps(written, ensure_ascii=False), "utf-8")
    write_workbook(folder / "resultat.xlsx", result, Provenance({"ar": 2024}, [], [], [], "ledning", "0.1.0", False))
    return folder
