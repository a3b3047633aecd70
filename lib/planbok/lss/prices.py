"""Entry checks of the price list: what a person who has typed it in should look at once more.

All of them are warnings. A printed price always stands: nothing here changes a price or makes one out of an index.
`grundpeng` is a row of its own and takes no part in the checks of levels.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from planbok.base.numbers import few_decimals, format_number, format_unit
from planbok.base.words import counted, listed
from planbok.inputs.rules.insatser import known_insatser
from planbok.inputs.rules.rules import Rules

KEY = ["avser", "insats", "regi", "niva"]
INDEX = "upprakning.lss_ersattning_procent"
INDEX_TOLERANCE = "lss_peng.indexavvikelse_procentenheter"
STEP_TOLERANCE = "lss_peng.nivaskillnad_kr"
FINANCED = "lss_peng.insatser"
MISSING = "saknade priser"  # the check that names insatser without a price
REGI_NAMES = {
    "kommunal": "kommunal regi",
    "entreprenad": "entreprenad",
    "privat": "privat regi",
    "andra_kommuner": "andra kommuner",
}
LEVEL_NAMES = {"grundpeng": "grundpeng", "ersattning": "ersättning", "natt_per_person": "natt per person"}


@dataclass(frozen=True, eq=False)
class PriceWarning:
    """What one check found: the offending rows, and one sentence about all of them ("" when there are none)."""

    namn: str
    text: str
    rows: pd.DataFrame


def with_rise(prices: pd.DataFrame) -> pd.DataFrame:
    """The prices with last year's and the rise; both are NaN where the same key has no price the year before.

        hojning_procent = (kr_per_dygn / fore_kr_per_dygn - 1) * 100

    Returns
    -------
    The given rows and columns, and `fore_kr_per_dygn` (kr/dygn) and `hojning_procent`.

    >>> rows = pd.DataFrame({"ar": [2023, 2024], "kr_per_dygn": [1000.0, 1037.0], "niva": ["1", "1"]})
    >>> rows = rows.assign(avser="ersattning", insats="gruppbostad", regi="kommunal")
    >>> with_rise(rows)["hojning_procent"].round(6).tolist()
    [nan, 3.7]
    >>> with_rise(rows.assign(kr_per_dygn=[0.0, 1037.0]))["hojning_procent"].tolist()
    [nan, nan]
    """
    keyed = pd.MultiIndex.from_frame(prices[["ar", *KEY]])
    wanted = pd.MultiIndex.from_frame(prices[["ar", *KEY]].assign(ar=prices["ar"] - 1))
    before = pd.Series(prices["kr_per_dygn"].to_numpy(float), index=keyed).reindex(wanted).to_numpy()
    before = pd.Series(before, index=prices.index).where(lambda kr: kr > 0)
    return prices.assign(fore_kr_per_dygn=before, hojning_procent=(prices["kr_per_dygn"] / before - 1) * 100)


def parts(rise: pd.Series, index: float, tolerance: float) -> pd.Series:
    """Where a rise differs from the stated index by more than the tolerance, all in per cent (units).

    >>> parts(pd.Series([3.7, 3.86, 3.54, float("nan")]), index=3.7, tolerance=0.15).tolist()
    [False, True, True, False]
    """
    return (rise - index).abs().round(9) > tolerance


def against_index(
    prices: pd.DataFrame, ar: int, index: float, tolerance: float, titles: Mapping[str, str] | None = None
) -> PriceWarning:
    """Prices of a year that did not rise as the city states.

        |hojning_procent - index| > tolerance

    Parameters
    ----------
    prices : rows of the price list, every year
    ar : the year; only keys that also have a price the year before are compared
    index : per cent, rule `upprakning.lss_ersattning_procent`
    tolerance : percentage points, rule `lss_peng.indexavvikelse_procentenheter`
    titles : what people call each insats

    Returns
    -------
    The rows that part, with `fore_kr_per_dygn`, `hojning_procent` and `avvikelse_procentenheter`.
    """
    compared = with_rise(prices).loc[lambda rows: rows["ar"].eq(ar) & rows["hojning_procent"].notna()]
    compared = compared.assign(avvikelse_procentenheter=compared["hojning_procent"] - index)
    rows = compared[parts(compared["hojning_procent"], index, tolerance)]
    return _warning(
        "uppräkning",
        rows,
        rows["avvikelse_procentenheter"].abs(),
        lambda most: (
            f"Prislistan {ar}: {len(rows)} av {len(compared)} jämförbara priser skiljer mer än "
            f"{format_number(tolerance, 2)} procentenheter från stadens uppräkning {format_number(index, 1)} %"
            f"{_common(rows, titles)}. Mest skiljer {_place(most, titles)}: {_kr(most['fore_kr_per_dygn'])} → "
            f"{_kr(most['kr_per_dygn'])}, {format_number(most['hojning_procent'], 2, signed=True)} %. Kontrollera mot "
            "källan; det tryckta priset gäller."
        ),
    )


def _warning(namn: str, rows: pd.DataFrame, off: pd.Series, say: Callable[[pd.Series], str]) -> PriceWarning:
    """What a check found; `say` makes the sentence of the row that is most `off`."""
    return PriceWarning(namn, say(rows.loc[off[rows.index].idxmax()]) if len(rows) else "", rows)


def not_rising(prices: pd.DataFrame, titles: Mapping[str, str] | None = None) -> PriceWarning:
    """Levels that cost no more than the numeric level below, within year, avser, insats and regi.

    Returns
    -------
    The upper row of each such pair, with the price below as `under_kr_per_dygn` (kr/dygn).

    >>> rows = pd.DataFrame({"niva": ["2", "1", "3"], "kr_per_dygn": [1000.0, 1000.0, 1200.0]})
    >>> rows = rows.assign(ar=2024, avser="ersattning", insats="gruppbostad", regi="kommunal")
    >>> not_rising(rows).rows["niva"].tolist()
    ['2']
    """
    levels = _numeric_levels(prices).sort_values("_niva", kind="stable")
    below = levels.groupby(["ar", "avser", "insats", "regi"])["kr_per_dygn"].shift()
    found = levels.assign(under_kr_per_dygn=below)[levels["kr_per_dygn"] <= below]
    rows = found.sort_index().drop(columns="_niva")
    return _warning(
        "stigande nivåer",
        rows,
        rows["under_kr_per_dygn"] - rows["kr_per_dygn"],
        lambda most: (
            f"Prislistan {_years(rows['ar'])}: priset stiger inte med nivån på "
            f"{counted(len(rows), 'ställe', 'ställen')}. Mest skiljer {_place(most, titles)} ({most['ar']}): "
            f"{_kr(most['kr_per_dygn'])}, nivån under {_kr(most['under_kr_per_dygn'])}."
        ),
    )


def uneven_step(prices: pd.DataFrame, tolerance: float, titles: Mapping[str, str] | None = None) -> PriceWarning:
    """Levels where gruppbostad n minus servicebostad n+1 is not what it usually is that year, by avser and regi.

        skillnad_kr outside [vanlig_skillnad_kr, vanlig_skillnad_kr + tolerance], the interval with most levels in it

    Parameters
    ----------
    tolerance : kr/dygn, rule `lss_peng.nivaskillnad_kr`

    Returns
    -------
    The gruppbostad rows, with `servicebostad_kr_per_dygn`, `skillnad_kr` and `vanlig_skillnad_kr`.
    """
    levels = _numeric_levels(prices)
    group, service = (levels[levels["insats"].eq(name)] for name in ("gruppbostad", "servicebostad"))
    other = pd.MultiIndex.from_frame(service[["ar", "avser", "regi", "_niva"]])
    beside = pd.Series(service["kr_per_dygn"].to_numpy(float), index=other)
    wanted = pd.MultiIndex.from_frame(group[["ar", "avser", "regi", "_niva"]].assign(_niva=group["_niva"] + 1))
    rows = group.assign(servicebostad_kr_per_dygn=beside.reindex(wanted).to_numpy())
    rows["skillnad_kr"] = rows["kr_per_dygn"] - rows["servicebostad_kr_per_dygn"]
    rows = rows[rows["skillnad_kr"].notna()]
    rows["vanlig_skillnad_kr"] = _usual(rows, ["ar", "avser", "regi"], tolerance)
    off = (rows["skillnad_kr"] - rows["vanlig_skillnad_kr"] - tolerance / 2).abs()
    rows = rows[(off - tolerance / 2).round(9) > 0].drop(columns="_niva")
    return _warning(
        "gruppbostad mot servicebostad",
        rows,
        off,
        lambda most: (
            f"Prislistan {_years(rows['ar'])}: gruppbostad nivå n minus servicebostad nivå n+1 är inte lika på "
            f"{counted(len(rows), 'ställe', 'ställen')}. Mest skiljer {_place(most, titles)} ({most['ar']}): "
            f"{_kr(most['skillnad_kr'])}, annars {_number(most['vanlig_skillnad_kr'])}–"
            f"{_kr(most['vanlig_skillnad_kr'] + tolerance)}. Ett av de två priserna kan vara fel avskrivet."
        ),
    )


def without_price(
    prices: pd.DataFrame, financed: Mapping[str, Mapping[str, str]], titles: Mapping[str, str] | None = None
) -> PriceWarning:
    """Insatser financed by day that have no price at all in a year that has a price list.

    Parameters
    ----------
    financed : insats to `{per: dygn | timme, ...}`, rule `lss_peng.insatser`

    Returns
    -------
    One row per `ar` and `insats` without a price.

    >>> rows = pd.DataFrame({"ar": [2024], "insats": ["gruppbostad"]})
    >>> without_price(rows, {"gruppbostad": {"per": "dygn"}, "korttidsvistelse": {"per": "dygn"}}).text
    'Prislistan har inget pris för korttidsvistelse (2024). Dygnen där ingår inte i några summor.'
    """
    by_day = [name for name, how in financed.items() if isinstance(how, Mapping) and how.get("per") == "dygn"]
    wanted = pd.MultiIndex.from_product([by_day, sorted(prices["ar"].unique())], names=["insats", "ar"])
    rows = wanted.difference(pd.MultiIndex.from_frame(prices[["insats", "ar"]]), sort=False).to_frame(index=False)
    if rows.empty:
        return PriceWarning(MISSING, "", rows)
    missing = [f"{_title(name, titles).lower()} ({_years(r['ar'])})" for name, r in rows.groupby("insats", sort=False)]
    text = f"Prislistan har inget pris för {listed(missing)}. Dygnen där ingår inte i några summor."
    return PriceWarning(MISSING, text, rows)


def entry_warnings(rules: Rules) -> list[PriceWarning]:
    """Every check of the price list that found something, one warning each; against the index one per year.

    A check whose rule has no usable value is a warning of its own: it has not been made.
    """
    prices = rules.prices
    if prices.empty:
        return []
    titles = insats_titles(rules)
    found = [w for ar in sorted(prices["ar"].unique()) for w in index_warnings(rules, prices, int(ar))]
    found.append(not_rising(prices, titles))
    last = int(prices["ar"].max())
    found.append(step_warning(rules, prices, last))
    financed = rule_value(rules, FINANCED, date(last, 12, 31), dict)
    found.append(_unmade(FINANCED) if financed is None else without_price(prices, financed, titles))
    return [warning for warning in found if warning.text]


def index_warnings(rules: Rules, prices: pd.DataFrame, ar: int) -> list[PriceWarning]:
    """A year's prices against the stated index; none for a year whose prices have nothing to be compared with."""
    if with_rise(prices).loc[prices["ar"].eq(ar), "hojning_procent"].isna().all():
        return []
    day = date(ar, 1, 1)
    tolerance, index = rule_value(rules, INDEX_TOLERANCE, day), rule_value(rules, INDEX, day)
    if tolerance is None or index is None:
        return [_unmade(INDEX if index is None else INDEX_TOLERANCE, ar)]
    return [against_index(prices, ar, index, tolerance, insats_titles(rules))]


def step_warning(rules: Rules, prices: pd.DataFrame, ar: int) -> PriceWarning:
    """Gruppbostad against servicebostad, with the tolerance in force at the end of a year."""
    tolerance = rule_value(rules, STEP_TOLERANCE, date(ar, 12, 31))
    return _unmade(STEP_TOLERANCE) if tolerance is None else uneven_step(prices, tolerance, insats_titles(rules))


def insats_titles(rules: Rules) -> dict[str, str]:
    """What people call each insats, from the rule `insatser`."""
    return {name: str(how.get("titel", name)) for name, how in known_insatser(rules).items() if isinstance(how, dict)}


def rule_value(rules: Rules, key: str, day: date, kind: type | tuple[type, ...] = (int, float)) -> Any:
    """A rule's value at a day, None where there is none of that kind."""
    value = rules.value_or_none(key, day)
    return value if isinstance(value, kind) else None


def _unmade(key: str, ar: int | None = None) -> PriceWarning:
    year = f" {ar}" if ar else ""
    text = f"Prislistan{year} är inte kontrollerad mot regeln {key}, som saknar användbart värde{year}."
    return PriceWarning("inte kontrollerat", text, pd.DataFrame())


def _numeric_levels(prices: pd.DataFrame) -> pd.DataFrame:
    rows = prices[prices["niva"].str.isdigit()]
    return rows.assign(_niva=rows["niva"].astype(int))


def _usual(rows: pd.DataFrame, group: list[str], width: float) -> pd.Series:
    """The low end of the interval of a width that holds most of a group's differences, for each row."""
    pairs = rows.reset_index().merge(rows[[*group, "skillnad_kr"]], on=group, suffixes=("", "_annan"))
    above = pairs["skillnad_kr_annan"] - pairs["skillnad_kr"]
    inside = pairs.assign(_antal=above.round(9).between(0, width)).groupby("index")["_antal"].sum()
    best = rows.assign(_antal=inside).sort_values("_antal", ascending=False, kind="stable")
    return best.groupby(group)["skillnad_kr"].transform("first").reindex(rows.index)


def _title(insats: str, titles: Mapping[str, str] | None) -> str:
    return (titles or {}).get(insats, insats)


def level_name(niva: str) -> str:
    """What people call a level.

    >>> level_name("3"), level_name("grundpeng")
    ('nivå 3', 'grundpeng')
    """
    return LEVEL_NAMES.get(niva, f"nivå {niva}")


def _place(row: pd.Series, titles: Mapping[str, str] | None) -> str:
    """A price's place in words: gruppbostad, kommunal regi, nivå 3."""
    insats = _title(row["insats"], titles).lower()
    return f"{insats}, {REGI_NAMES.get(row['regi'], row['regi'])}, {level_name(row['niva'])}"


def _common(rows: pd.DataFrame, titles: Mapping[str, str] | None) -> str:
    """The insats and regi that all rows share, if they do."""
    pairs = rows[["insats", "regi"]].drop_duplicates()
    if len(pairs) > 1 or len(rows) == 1:
        return ""
    insats, regi = pairs.iloc[0]
    return f", alla i {_title(insats, titles).lower()}, {REGI_NAMES.get(regi, regi)}"


def _number(kr: float) -> str:
    return format_number(kr, few_decimals(kr, 2))


def _kr(kr: float) -> str:
    return format_unit(kr, "kr", few_decimals(kr, 2))


def _years(years: pd.Series) -> str:
    """Years in words, whole spans as spans.

    >>> _years(pd.Series([2021, 2022, 2024, 2022])), _years(pd.Series([2021, 2022, 2023]))
    ('2021, 2022 och 2024', '2021–2023')
    """
    found = sorted({int(year) for year in years})
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"{found[0]}–{found[-1]}"
    return listed([str(year) for year in found])
