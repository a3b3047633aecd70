"""The register of what is modelled: for the start page and the docs."""

from dataclasses import dataclass

from ruamel.yaml import YAML

from planbok.base.workspace import ROOT

REGISTER = ROOT / "docs" / "register.yaml"


@dataclass(frozen=True)
class Entry:
    """What a notebook models, against what its figures have been held, and what is left out."""

    id: str
    modellerar: str
    verifierat: str
    utelamnat: tuple[str, ...]


def register() -> list[Entry]:
    """The register's entries in their order; an entry with another form than this one's is a TypeError."""
    read = YAML(typ="safe").load(REGISTER.read_text("utf-8"))
    return [Entry(name, **{**given, "utelamnat": tuple(given["utelamnat"])}) for name, given in read.items()]


def as_markdown() -> str:
    """The register as a table in Markdown."""
    lines = ["| Del | Modellerar | Verifierat | Inte med |", "|---|---|---|---|"]
    for entry in register():
        out = "<br>".join(f"{text}." for text in entry.utelamnat)
        lines.append(f"| `{entry.id}` | {entry.modellerar} | {entry.verifierat} | {out} |")
    return "\n".join(lines)
