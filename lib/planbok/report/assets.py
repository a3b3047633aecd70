"""The package's templates, style sheets and scripts, and how a page's policy names a script."""

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

# the templates of the report and the index pages; everything they show is escaped
_TEMPLATES = Environment(
    loader=PackageLoader("planbok.report", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def template(name: str) -> Any:
    """One template of the package by its file name."""
    return _TEMPLATES.get_template(name)


@cache
def asset(name: str) -> str:
    """A style sheet or a script of the package."""
    return (resources.files("planbok.report") / "templates" / name).read_text(encoding="utf-8")


def script_hash(text: str) -> str:
    """How a content security policy names a script.

    >>> script_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def css_string(text: str) -> str:
    """A text as a CSS string that can end neither the string nor the style sheet.

    >>> css_string('Enhet "A" </style>')
    '"Enhet \\\\22 A\\\\22  \\\\3c \\\\2f style\\\\3e "'
    """
    return '"' + "".join(char if char.isalnum() or char in " ,.·–-" else f"\\{ord(char):x} " for char in text) + '"'
