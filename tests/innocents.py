"""Made-up figures, dates and ids as reports have them, none of which tells of a person."""

import base64
import datetime
import hashlib
import random
import uuid
from collections.abc import Callable

from test_privacy import check_digit

NBSP = "\u00a0"


def grouped(value: int, blank: str = NBSP) -> str:
    return f"{value:,}".replace(",", blank)


def _amount(rng: random.Random) -> str:
    value = rng.randint(0, 10 ** rng.randint(1, 9) - 1)
    text = rng.choice((str(value), grouped(value), grouped(value, "\u202f"), grouped(value, " "), f"{value}.0"))
    return text + rng.choice(("", f",{rng.randint(0, 99):02}", " kr", " tkr", "\u00a0mnkr", " kr/dygn", " %"))


def _large_amount(rng: random.Random) -> str:
    return f"{grouped(rng.randint(10**9, 10**12), rng.choice((NBSP, ' ')))} kr"


def _decimal(rng: random.Random) -> str:
    return rng.choice((repr(rng.uniform(-1e9, 1e9)), repr(rng.random()), f"{rng.uniform(0, 1e8):.4f}"))


def _range(rng: random.Random) -> str:
    low = rng.randint(1, 10**6)
    return f"{grouped(low)}–{grouped(low + rng.randint(1, 10**5))} kr"


def _date(rng: random.Random) -> str:
    moment = datetime.datetime(rng.randint(1990, 2050), 1, 1) + datetime.timedelta(seconds=rng.randrange(86400 * 365))
    forms = ("%Y-%m-%d", "%Y-%m", "%Y%m%d", "%Y-%m-%dT%H:%M:%S.316707Z", "%Y%m%dT%H%M%SZ", "%d/%m %Y", "%Y-%m-%d %H.%M")
    return moment.strftime(rng.choice(forms))


def _interval(rng: random.Random) -> str:
    first = datetime.date(rng.randint(2000, 2030), rng.randint(1, 12), rng.randint(1, 28))
    return f"{first} {rng.choice('-–')} {first + datetime.timedelta(days=rng.randint(1, 900))}"


def _hash(rng: random.Random) -> str:
    whole = hashlib.sha256(rng.randbytes(9))
    return rng.choice((whole.hexdigest(), whole.hexdigest()[:12], base64.b64encode(whole.digest()).decode()))


def _id(rng: random.Random) -> str:
    made = (
        str(uuid.UUID(int=rng.getrandbits(128))),
        f"dnr {rng.randint(1, 9)}.{rng.randint(1, 9)}.1-{rng.randint(1, 999)}/{rng.randint(2014, 2026)}",
        f"{rng.randint(2014, 2026)}-T{rng.randint(1, 2)}",
        f"gruppbostad_{rng.randint(1, 99)}",
        f"beslut {rng.randint(1, 99999)}",
        f"faktura {rng.randint(1, 10**8)}",
        f"0x{rng.getrandbits(48):x}",
    )
    return rng.choice(made)


def _organisation(rng: random.Random) -> str:
    """A company's or an authority's number: its third digit is at least 2, so that it is no date."""
    nine = f"{rng.choice((16, 21, 22, 55, 55, 76, 80, 96))}{rng.randint(20, 99)}{rng.randint(0, 99999):05}"
    ten = nine + check_digit(nine)
    return rng.choice((f"{ten[:6]}-{ten[6:]}", ten, f"16{ten}", f"SE{ten}01"))


def _telephone(rng: random.Random) -> str:
    return f"08-508 {rng.randint(10, 99)} {rng.randint(0, 999):03}"


def _account(rng: random.Random) -> str:
    """Ten digits with a date in them but the wrong check digit, as ids have, and the spellings of banks."""
    nine = f"{rng.randint(0, 99):02}{rng.randint(1, 12):02}{rng.randint(1, 28):02}{rng.randint(0, 999):03}"
    ten = nine + str((int(check_digit(nine)) + rng.randint(1, 9)) % 10)
    made = (
        ten,
        f"faktura {ten}",
        f"konto {ten}, 8327-9 {ten[:3]} {ten[3:6]} {ten[6:9]}-{ten[9]}",
        f"bankgiro {ten[:4]}-{ten[4:8]}",
        f"plusgiro {ten[:2]} {ten[2:4]} {ten[4:6]}-{ten[6]}",
        "240101-0630",
        "240101-1231",
    )
    return rng.choice(made)


def _price(rng: random.Random) -> str:
    return f"nivå {rng.randint(1, 8)}: {grouped(rng.randint(100, 9999))} kr per dygn ({rng.randint(2014, 2026)})"


def _sentence(rng: random.Random) -> str:
    if rng.random() < 0.3:
        year = rng.randint(2014, 2026)
        made = ("t.o.m. {}", "fr.o.m. {}", "bl.a. {}", "i {} års priser", "ansvar f21", "v34", "ansvar_f21", "p90 {}")
        return rng.choice(made).format(year)
    kind = rng.choice(("Grupp A", "Utförare G", "VP", "KF", "T1", "tertial 2", "SCB", "Servicebostad", "kap. 8 §"))
    return f"{kind} {rng.randint(2014, 2026) if kind.isupper() or ' ' not in kind else rng.randint(10, 99)}"


MAKERS: tuple[Callable[[random.Random], str], ...] = (
    _amount, _amount, _large_amount, _decimal, _range, _date, _date, _interval, _hash, _id, _organisation,
    _telephone, _account, _price, _sentence,
)  # fmt: skip


def innocents(count: int, seed: int = 6) -> list[str]:
    """So many of them, of every kind in turn."""
    rng = random.Random(seed)
    return [MAKERS[number % len(MAKERS)](rng) for number in range(count)]
