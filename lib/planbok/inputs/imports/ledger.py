"""A ledger's or a budget's postings as planbok's rows: mapped, summed exactly, and every krona accounted for.

sum of the file = sum written + sum left out by name
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.base.errors import Fault, did_you_mean
from planbok.base.numbers import format_unit
from planbok.base.privacy import looks_like_personal_number, personal_number_mask
from planbok.base.words import counted
from planbok.inputs.imports.amounts import SCALE, amounts
from planbok.inputs.imports.codes import Coded, categorical, coded, split_code
from planbok.inputs.imports.export import KIND, NO_NUMBER, Export, OfExport
from planbok.inputs.imports.periods import CLOSING, OPENING, no_month, read_period
from planbok.inputs.imports.profile import ACCOUNT, AMOUNT, MONTH, Profile, begins_as_sum
from planbok.inputs.tables.checks import MOST_SUM_ROWS
from planbok.inputs.tables.columns import ColumnSpec
from planbok.inputs.tables.specs import TABLES
from planbok.inputs.tables.values import shortened, why_no_text

REVENUE_CLASS = "3"  # Kommun-Bas: accounts of class 3 are revenue
COST, REVENUE = "kostnad", "intakt"
HALF_ORE = SCALE // 200
CLOSED = "bokslut_"
MAP_IT = "Säg vad koden blir, eller skriv ja under utelamna."
FILL_IT = "Fyll i koden i exporten"
OR_NO_LIST = ", eller ta bort bladet: då blir koderna namn som de står"
PLACES = ("enhet", "ar", "version", MONTH, "budgetrad", "verksamhet", "kostnadsslag", "finansiering")


@dataclass
class LeftOut:
    """A code that is left out by name: how many rows and what sum, in ten-thousandths of a krona."""

    lista: str
    kod: str
    text: str
    rader: int
    value: int


class Postings(OfExport):
    """What a ledger's export becomes. Sums are in ten-thousandths of a krona, signed as the file has them.

    `rows`: the table's keys with `kostnad` and `intakt` (and `bokslut_…`), costs and revenues both positive. `own` is
    the file's own net by unit and month, summed before anything is mapped to budget rows; `value` its rows' amounts.
    """

    def __init__(self, export: Export, profile: Profile):
        super().__init__(export, profile)
        cells = self.frame.pop(AMOUNT)
        read = amounts(cells, self.profile.belopp_i)
        self.no_numbers(cells, read.bad, AMOUNT, "inget belopp")
        del cells  # as text they take most of the memory
        self.rows_at_fault(read.empty, AMOUNT, f"raden saknar belopp. {NO_NUMBER}", "empty_cell")
        self.value = value = read.exact
        self.check_sums()
        columns = [name for name in self.profile.kolumner if name not in (AMOUNT, MONTH)]
        found = {name: coded(self.frame[name], name, self.profile) for name in columns}
        keys = self.keys(found)
        self.periods(keys)
        kept = self.keep(found, value)
        self.check_closing(keys[kept])
        self.rows = rows = self.summed(keys[kept], value[kept])
        for name in (name for name in PLACES if name in rows):
            text = "något som ser ut som ett personnummer. Det får inte stå i en kod eller ett namn."
            self.rows_at_fault(
                keys[name].isin(rows.loc[personal_number_mask(rows[name], free_text=True), name]),
                name,
                text,
                "personal",
            )
        self.own = self.nets(keys.assign(value=value)[kept])

    @property
    def total(self) -> int:
        """The sum of every row that is used or left out by name."""
        return int(self.value.sum())

    def check_sums(self) -> None:
        """Rows that have the codes of a posting, and a sum's word in a column that is not read: the rows above them."""
        named = self.value.index.isin(self.export.sums_named)
        if not named.any():
            return
        parts, bad = self.value[~named], pd.Series(False, index=self.value.index)
        running = np.concatenate([[0], parts.cumsum().to_numpy()])
        for row, value in self.value[named].head(MOST_SUM_ROWS).items():
            above = running[: parts.index.searchsorted(row) + 1]
            bad[row] = value != 0 and (above[-1] - above[:-1] == value).any()
        text = "raden är summan av rader ovanför, och skulle räknas en gång till. Ta ut exporten utan delsummor."
        self.rows_at_fault(bad, AMOUNT, text, "sum_as_posting")

    def nets(self, own: pd.DataFrame) -> pd.DataFrame:
        """The net by unit and month, without December's closing entries."""
        places = [name for name in ("enhet", MONTH) if name in own]
        if "_bokslut" in own:
            own = own[~own["_bokslut"]]
        if not places:
            return own[["value"]].iloc[:0]
        found = own.groupby(places, sort=True, observed=True)["value"].sum().reset_index()
        return found.astype(dict.fromkeys(places, object))

    def keys(self, found: dict[str, Coded]) -> pd.DataFrame:
        """The table's key columns on every row, from codes, columns and constants."""
        named = {column.name for column in TABLES[self.profile.tabell].columns}
        keys = {name: codes.values("varde") for name, codes in found.items() if name in named}
        if ACCOUNT in found:
            for name in ("budgetrad", "kostnadsslag"):
                values = found[ACCOUNT].values(name)
                if any(getattr(code, name) for code in self.profile.koder.get(ACCOUNT, ())):
                    keys[name] = values
            keys["_sida"] = found[ACCOUNT].spread(_sides(found[ACCOUNT]))
        for name, codes in found.items():
            self.check_texts(name, codes)
        for name, constant in self.profile.konstanter.items():
            keys[name] = categorical(pd.Series(0, index=self.frame.index), [str(constant)])
        frame, left_out = pd.DataFrame(keys, index=self.frame.index), pd.Series(False, index=self.frame.index)
        for codes in found.values():
            left_out |= codes.number.isin([n for n, code in enumerate(codes.codes) if code is None or code.utelamna])
        for column in TABLES[self.profile.tabell].columns:
            needed = column.required and not column.is_money
            if needed and column.name in keys:
                text = f"{column.name} är tom, och posten hör då inte till någon. Rätta exporten."
                self.rows_at_fault(keys[column.name].eq("") & ~left_out, column.name, text, "empty_cell")
            elif needed and column.name != MONTH:
                self.fault(
                    0,
                    "",
                    f"profilen säger inte varifrån {column.name} ska tas. Lägg till den i kolumner eller konstanter.",
                    "missing_key",
                )
        return frame

    def check_texts(self, name: str, codes: Coded) -> None:
        """A sum among the codes, or beside one, and texts that are none as they stand."""
        text = "cellen ser ut som en summa. Skriv hur sådana rader börjar under hoppa_over i profilen."
        if name in self.profile.kod_och_text:
            sums = [cell for cell in self.frame[name].unique() if begins_as_sum(split_code(cell)[1])]
            self.rows_at_fault(self.frame[name].isin(sums), name, text, "sum_as_code")
        if name in self.profile.koder:
            return
        sums = [n for n, code in enumerate(codes.texts) if begins_as_sum(code)]
        self.rows_at_fault(codes.number.isin(sums), name, text, "sum_as_code")
        for n, code in enumerate(codes.texts):
            problem = "" if n in sums else why_no_text(code, ColumnSpec(name))
            if problem:
                self.rows_at_fault(codes.number.eq(n), name, f"'{shortened(code)}' {problem}", "wrong_value")

    def periods(self, keys: pd.DataFrame) -> None:
        """Adds the month, and whether it is December's closing entries."""
        if MONTH not in self.profile.kolumner:
            return
        numbers, uniques = pd.factorize(self.frame[MONTH], use_na_sentinel=False)
        read = [read_period(cell, self.profile.period) for cell in uniques]
        number = pd.Series(numbers, index=self.frame.index)
        unknown, opening, closed = (
            number.isin([place for place, found in enumerate(read) if holds(found)])
            for holds in (lambda f: f is None, lambda f: f and f[1] == OPENING, lambda f: f and f[1] == CLOSING)
        )
        self.rows_at_fault(unknown, MONTH, no_month(self.profile.period), "period")
        text = "period 00 är ingående balans och hör inte till utfallet. Ta ut exporten utan den."
        self.rows_at_fault(opening, MONTH, text, "opening")
        keys[MONTH] = categorical(number, [f"{found[0]}-{min(found[1], 12):02d}" if found else "" for found in read])
        if closed.any():
            if f"{CLOSED}kostnad_kr" not in TABLES[self.profile.tabell].headings():
                text = "period 13 finns inte i den här tabellen. Ta ut exporten utan den."
                self.rows_at_fault(closed, MONTH, text, "closing")
            keys["_bokslut"] = closed

    def keep(self, found: dict[str, Coded], value: pd.Series) -> pd.Series:
        """The rows whose codes are all mapped and not left out; the others named, code by code, with their sum."""
        kept = pd.Series(True, index=value.index)
        for name, codes in found.items():
            for number, (text, code) in enumerate(zip(codes.texts, codes.codes, strict=True)):
                if code is not None and not code.utelamna:
                    continue
                mask = codes.number.eq(number)
                if code is None:
                    self.unmapped(name, text, mask, value)
                else:
                    mask &= kept
                    if mask.any():
                        label = code.text or self.text_of(name, mask)
                        self.left_out.append(LeftOut(name, text, label, int(mask.sum()), int(value[mask].sum())))
                kept &= ~mask
        return kept

    def unmapped(self, name: str, text: str, mask: pd.Series, value: pd.Series) -> None:
        """A fault for each code that the list does not have, with its number of rows and sum."""
        known = [str(code.kod) for code in self.profile.koder[name]]
        hidden = looks_like_personal_number(text)
        shown = f"{name} {'(visas inte)' if hidden else text}" if text else f"{name} saknas"
        label = self.text_of(name, mask)
        more = f" ({label})" if label else ""
        advice = MAP_IT if text else f"{FILL_IT}{'' if name == ACCOUNT else OR_NO_LIST}."
        hint = did_you_mean(text, known) if text and not text.isdigit() else ""
        self.fault(
            mask.idxmax(),
            shown,
            f"{counted(int(mask.sum()), 'rad', 'rader')}, {_kr(int(value[mask].sum()))}{more}, har ingen rad i "
            f"profilens blad {name}.{hint} {advice}",
            "unmapped",
        )

    def text_of(self, name: str, mask: pd.Series) -> str:
        """The text that stands beside a code in its own cell."""
        return split_code(self.frame.loc[mask.idxmax(), name])[1] if name in self.profile.kod_och_text else ""

    def summed(self, keys: pd.DataFrame, value: pd.Series) -> pd.DataFrame:
        """Postings of one key summed, by side and kind; revenue turned so that it is positive."""
        revenue = keys["_sida"].eq(REVENUE) if "_sida" in keys else pd.Series(False, index=keys.index)
        turned = -value if self.profile.intakter == "negativa" else value
        self.check_sign(keys, turned[revenue])
        closed = keys["_bokslut"] if "_bokslut" in keys else pd.Series(False, index=keys.index)
        parts = {}
        for prefix, mask in (("", ~closed), (CLOSED, closed)):
            if prefix and not closed.any():
                continue
            parts[f"{prefix}{COST}"] = value.where(mask & ~revenue, 0)
            parts[f"{prefix}{REVENUE}"] = turned.where(mask & revenue, 0)
        places = [name for name in PLACES if name in keys]
        if not places:
            return pd.DataFrame(columns=[*parts])
        rows = pd.DataFrame(parts).groupby([keys[name] for name in places], sort=True, observed=True).sum()
        return rows.reset_index().astype(dict.fromkeys(places, object))

    def check_closing(self, keys: pd.DataFrame) -> None:
        """Closing entries without their December: what was read in of it would be replaced with nothing."""
        if "_bokslut" not in keys:
            return
        units = keys["enhet"].astype(str) if "enhet" in keys else pd.Series("", index=keys.index)
        places = units + " " + keys[MONTH].astype(str)
        closed = keys["_bokslut"]
        for place in sorted(set(places[closed]) - set(places[~closed])):
            text = f"{place} har poster i period 13 men inga i period 12. Ta ut december och bokslut i samma export."
            self.fault(places.index[closed & places.eq(place)][0], "", text, "closing_alone")

    def check_sign(self, keys: pd.DataFrame, revenue: pd.Series) -> None:
        """A unit whose revenue comes out negative as a whole: the profile has the wrong sign."""
        if "enhet" not in keys:
            return
        for enhet, kr in revenue.groupby(keys.loc[revenue.index, "enhet"], observed=True).sum().items():
            if kr < 0:
                text = (
                    f"intäkterna blir {format_unit(kr / SCALE, 'kr')} för {enhet}. Intäkter är positiva i planbok: "
                    "ändra intakter i profilen till negativa eller positiva så som filen har dem."
                )
                self.fault(0, "", text, "negative_revenue")


def _sides(accounts: Coded) -> list[str]:
    """Cost or revenue of each account: as its code says, else by its class."""
    usual = [REVENUE if text[:1] == REVENUE_CLASS else COST for text in accounts.texts]
    stated = [code.sida if code else None for code in accounts.codes]
    return [own or other for own, other in zip(stated, usual, strict=True)]


def held_against_totals(export: Export, value: pd.Series) -> tuple[list[Fault], list[str], int | None]:
    """Each sum row of the file against the rows above it: faults, notes, and what the file says that all rows are.

    Postings are printed in whole öre, so a sum row may differ by half an öre a row, and never by more than a krona:
    that is said. More is a fault, since a row is then missing or counted twice.
    """
    faults, notes, whole = [], [], None
    running = value.cumsum()
    before = running.index.searchsorted
    for total in export.totals:
        stated = total.value
        if stated is None:
            continue
        upto = _sum_before(running, total.rad)
        starts = [export.rubrikrad, *(edge for edge in export.boundaries if edge < total.rad)]
        sums = {edge: upto - _sum_before(running, edge) for edge in starts}
        nearest = min(reversed(starts), key=lambda edge: abs(sums[edge] - stated))
        off = sums[nearest] - stated
        rows = int(before(total.rad) - before(nearest))
        said = f"'{total.text}' säger {_kr(stated)}, men raderna blir {_kr(sums[nearest])}"
        if abs(off) > min(rows * HALF_ORE, SCALE):
            text = f"{said}. En rad saknas eller räknas två gånger: ta ut filen på nytt. Inget har skrivits."
            faults.append(Fault(KIND, export.fil, total.rad, "", text, "control_total"))
            continue
        if off:
            notes.append(
                f"{export.fil} rad {total.rad}: {said}. Skillnaden ryms i avrundning till öre på {rows} rader."
            )
        if upto == sums[nearest] == int(value.sum()):
            whole = stated
    return faults, notes, whole


def _sum_before(running: pd.Series, row: int) -> int:
    place = running.index.searchsorted(row)
    return int(running.iloc[place - 1]) if place else 0


def _kr(value: int) -> str:
    return format_unit(value / SCALE, "kr", 2)
