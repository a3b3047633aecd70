"""planbok: a planning workbook for the people who steer social services in Stockholm's city districts."""

import gc
import sys
from importlib.metadata import version
from typing import Any

__version__ = version("planbok")

# Modules, rules and tables that are read stay: looking through them again and again for what can be thrown away finds
# nothing, and is a fifth of a notebook's first figure. Figures that are drawn anew at each turn of a dial do go: so few
# are thrown away at a time that no turn waits for it.
gc.set_threshold(10_000, 20, 20)

# jsonschema loads a grammar of internationalised web addresses, a second of compiling in each process, for formats that
# no notebook has. It does without where the grammar can't be imported: None is how the import system is told that.
_modules: dict[str, Any] = sys.modules
_modules.setdefault("rfc3987_syntax", None)
