"""Words that sentences are put together of: lists, counted things, a first letter that is large or small."""

from collections.abc import Sequence

from planbok.base.numbers import format_number


def listed(parts: Sequence[str]) -> str:
    """Several things in a sentence; "" for none.

    >>> listed(["hyra", "mat", "el"]), listed(["hyra"]), listed([])
    ('hyra, mat och el', 'hyra', '')
    """
    return " och ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def first_of(parts: Sequence[str], most: int, between: str = ", ") -> str:
    """The first of several things, and how many more there are.

    >>> first_of(["hyra", "mat", "el"], 2), first_of(["hyra"], 2)
    ('hyra, mat och 1 till', 'hyra')
    """
    return between.join(parts[:most]) + (f" och {len(parts) - most} till" if len(parts) > most else "")


def counted(number: float, one: str, many: str) -> str:
    """So many of something, in whole numbers.

    >>> counted(1, "person", "personer"), counted(5, "person", "personer")
    ('1 person', '5 personer')
    """
    return f"{format_number(number, 0)} {one if number == 1 else many}"


def large(text: str) -> str:
    """The text with its first letter large, the others as they are.

    >>> large("köpt plats"), large("KBH på helår")
    ('Köpt plats', 'KBH på helår')
    """
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The text with its first letter small, unless it begins with an abbreviation.

    >>> small("Köpt plats"), small("LASS, netto")
    ('köpt plats', 'LASS, netto')
    """
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
