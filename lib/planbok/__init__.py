"""planbok: a planning workbook for the people who steer social services in Stockholm's city districts."""

import gc
import sys

__version__: str


def __getattr__(name: str) -> str:
    """The version, looked up when it is asked for: that takes longer than all a command does before it can be ended."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("planbok")


# Modules, rules and tables that are read stay: looking through them again and again for what can be thrown away finds
# nothing, and is a fifth of a notebook's first figure. The first look waits until more than that has come; from then on
# figures that are drawn anew at each turn of a dial do go, so few at a time that no turn waits for it.
_FIRST, _LATER = (250_000, 20, 20), (10_000, 20, 20)  # new objects, of which the first figure has 170 000


def _looked(phase: str, info: dict[str, int]) -> None:
    """Looks as often as it should once the first look is over, unless somebody has said otherwise since."""
    if phase == "stop":
        gc.callbacks.remove(_looked)
        if gc.get_threshold() == _FIRST:
            gc.set_threshold(*_LATER)


gc.set_threshold(*_FIRST)
gc.callbacks.append(_looked)

# jsonschema loads a grammar of internationalised web addresses, a second of compiling in each process, for formats that
# no notebook has. It does without where the grammar can't be imported: None is how the import system is told that.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
