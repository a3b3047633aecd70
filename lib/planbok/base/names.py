"""What a name may not have: characters that nobody sees, letters that only look like ours, what a disk can't hold."""

import re
import unicodedata

LONGEST = 100  # characters; a folder's name holds several names, and a disk 255 bytes of it
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # Unicode's own classes: control, format, parts of letters, lines
_MAY_BE_HIDDEN = "\u00ad\u200d"  # where a word may be parted, and what joins pictures: pasted with texts, harmless
OTHER_SCRIPT = re.compile("[\u0370-\u052f\uff00-\uff5e]")  # Greek, Cyrillic and the wide letters of East Asia
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)  # Windows' devices
_DEVICE = "är ett namn som Windows har för sig självt. Byt namn."
_ID = re.compile(r"[a-z0-9_]+")
_PATH = re.compile(r'[/\\:*?"<>|]')


def unseen(text: str, lines: bool = True) -> str:
    """The first character of a text that people don't see, or that turns its direction, by its number; "" without one.

    Parameters
    ----------
    lines : whether the text may have several lines

    >>> unseen("Läge 2024"), unseen("a\\u202eb"), unseen("två\\nrader"), unseen("två\\nrader", lines=False)
    ('', 'U+202E', '', 'U+000A')
    """
    if text.isprintable():
        return ""
    allowed = _MAY_BE_HIDDEN + ("\n\t" if lines else "")
    hidden = (c for c in text if not c.isprintable() and c not in allowed)
    found = next((c for c in hidden if unicodedata.category(c) in _UNSEEN), "")
    return f"U+{ord(found):04X}" if found else ""


def harmless(text: str) -> str:
    """The text with each character that nobody sees, or that turns its direction, replaced by �: safe to show.

    >>> harmless("a\\u202eb"), harmless("Läge")
    ('a\ufffdb', 'Läge')
    """
    return "".join("\ufffd" if unseen(c) else c for c in text) if unseen(text) else text


def why_no_name(text: str) -> str:
    """Why a text can't name a plan, a unit or a file everywhere, and what to do; "" where it can.

    >>> [why_no_name(name) for name in ("manad", "Östermalm 2", "312100", "v.2")]
    ['', '', '', '']
    >>> why_no_name("nul")
    'är ett namn som Windows har för sig självt. Byt namn.'
    """
    if unseen(text, lines=False):
        return f"har ett tecken som inte syns ({unseen(text, lines=False)}). Skriv namnet på nytt."
    if OTHER_SCRIPT.search(text):
        return "har bokstäver ur ett annat alfabet som ser ut som våra. Skriv namnet på nytt."
    if len(text) > LONGEST:
        return f"är längre än {LONGEST} tecken. Korta det."
    if _PATH.search(text) or text.startswith(".") or text.endswith((".", " ")) or not text.strip():
        return "kan inte vara ett filnamn. Byt namn."
    if _RESERVED.fullmatch(text):
        return _DEVICE
    return ""


def why_no_id(text: str) -> str:
    """Why a text can't be the id of a scenario or a profile, which also names its file; "" where it can.

    >>> why_no_id("hyra_2025"), why_no_id("Hyra")
    ('', 'ska bara ha a–z, 0–9 och understreck, eftersom det är både id och filnamn.')
    """
    if not _ID.fullmatch(text):
        return "ska bara ha a–z, 0–9 och understreck, eftersom det är både id och filnamn."
    return why_no_name(text)


def why_no_folder(text: str) -> str:
    """Why nothing can be written in a folder so called everywhere, whatever it lies in; "" where it can.

    >>> [why_no_folder(path) for path in ("out", "../rapporter 2024", "/srv/planbok/ut", "D:/ut", ".dold/ut")]
    ['', '', '', '', '']
    >>> why_no_folder("rapporter/con")
    'är ett namn som Windows har för sig självt. Byt namn.'
    """
    parts = re.split(r"[/\\]", text)
    if any(unseen(part, lines=False) for part in parts):
        return "har ett tecken som inte syns. Skriv namnet på nytt."
    return _DEVICE if any(_RESERVED.fullmatch(part.strip()) for part in parts) else ""
