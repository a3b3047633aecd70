"""What is a person's name where a unit, a home or a provider should stand: never written, whoever asks for it."""

import re

from planbok.inputs.tables.columns import COMMON_NAME

_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ORGANISATION = re.compile(
    r"\b(?:ab|hb|kb|ek\.? för|kommun|region|stad|stiftelsen?|förening(?:en)?|\w*omsorg(?:en)?|\w*assistans|"
    r"\w*boende(?:t)?|\w*hem(?:met)?|\w*gård(?:en)?|\w*bostad(?:en)?|\w*enhet(?:en)?|\w*verksamhet(?:en)?|\w*vård|lss|sol|hvb|vobo)\b",
    re.IGNORECASE,
)
MOST_WORDS = 4


def is_name(text: str) -> bool:
    """Whether a text is two to four words of which one is a common first name or a surname's ending, and no company.

    It finds many names and far from all: what a column holds is for the profile's code list to say.

    >>> is_name("Anna Andersson"), is_name("Ek, Anna"), is_name("Annas Omsorg AB"), is_name("Solberg")
    (True, True, False, False)
    """
    words = _WORDS.findall(text)
    few = 2 <= len(words) <= MOST_WORDS and all(word[0].isupper() for word in words)
    return few and bool(COMMON_NAME.search(text)) and not _ORGANISATION.search(text)
