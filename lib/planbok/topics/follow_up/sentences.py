"""The month's first screen, made of the result as its reader may see it; of the study only names and months."""

import math

import pandas as pd

from planbok.analysis.forecast import LAST_YEAR, MONTHS, PROFILE
from planbok.base.numbers import KR_PER_MNKR, SMALL_KR, amount, format_number, format_unit, kronor, mnkr
from planbok.base.periods import MONTH_NAMES, long_date, month_span
from planbok.base.words import first_of, listed
from planbok.case.checks import CLOSES_WITHIN_KR
from planbok.case.reconciled import agreement
from planbok.case.result import Result
from planbok.ledger.act import JUDGEMENT, PLANNED
from planbok.report.text import meeting, summing
from planbok.topics.follow_up.accuracy import EARLIER, FEWEST_JUDGED, HISTORY, POOLED, Range, of_total
from planbok.topics.follow_up.bridges import CLOSED, REST, ROW
from planbok.topics.follow_up.explain import SINCE_LAST, TO_PROGNOSIS, last_prognosis, mean_error
from planbok.topics.follow_up.measures import DECIDED, first_start, largest_row
from planbok.topics.follow_up.study import Study

LEAST_SHOWN = 0.05  # per cent: less is shown as 0,0
HIDDEN_MOVE_KR = 500_000  # a row's move behind a still year that is worth a sentence
MOST_SENTENCES = 8
MOST_ROWS = 4
TENTHS = {8: "åtta", 9: "nio"}
RESTS = {
    EARLIER: "tidigare prognoser",
    HISTORY: "metoden prövad på tidigare år",
    POOLED: "prognoser i flera enheter",
}


def sentences(study: Study, shown: Result) -> list[str]:
    """The answer in 3–8 sentences: the year and why, what is decided, what to decide, and whether the books agree."""
    books = agreement(study.case, study.prognosis.amounts.utfall, study.tom)
    said = [*_unmoved_sentence(study, shown), *([books.text] if books.place == "first" else [])]
    if shown.nyckeltal["avvikelse_mnkr"].varde is None:
        return [*said, *_known_in_part(study, shown), *([books.text] if books.place != "first" else [])]
    why = [*_rows_sentence(shown), *_holds_sentence(study, shown)]
    said += [_prognosis_sentence(study, shown), *([" ".join(why)] if why else [])]
    said += [books.text] if books.place == "after the answer" else []
    said += [*_measures_sentence(study, shown), *_balance_sentence(study, shown)]
    said.append(" ".join([_certainty_sentence(study, shown), *_since_last_sentence(study, shown)]))
    outturn = _outturn_sentence(study, shown)
    said += [*_closed_sentence(study, shown), outturn]
    unknown = study.prognosis.moves.unknown
    last = [books.text] if books.place == "last" else []
    last += [f"Okänt, och inte med i prognosen: {', '.join(unknown)}."] if unknown else []
    if len(said) + len(last) > MOST_SENTENCES:
        said.remove(outturn)  # what it says stands in the key figures too
    return [*said[: MOST_SENTENCES - len(last)], *last]


def missing(study: Study) -> str:
    """What is unknown that the prognosis needs; "" where all is known."""
    books = study.prognosis.books
    rows = books.budget_rows.index[books.budget_rows.isna().any(axis=1)]
    if len(rows):
        return f"budgeten anger inte alla belopp för {', '.join(rows)}"
    unknown = pd.isna(study.prognosis.model).any(axis=1)
    names = dict.fromkeys(books.leaves.loc[unknown, "budgetrad"])
    return f"underlaget anger inte alla belopp för {', '.join(names)}" if names else ""


def _unmoved_sentence(study: Study, shown: Result) -> list[str]:
    """That the scenario puts nothing to the prognosis that mnkr would show, where all that it does is known."""
    frame = shown.tabeller["forandringar"].frame if "forandringar" in shown.tabeller else pd.DataFrame({"galler": []})
    unsure = "atgarder" in shown.tabeller or frame["galler"].eq("Ram").any() or study.prognosis.moves.unknown
    if not study.case.scenario.changes or unsure:
        return []
    put = max(abs(shown.kronor(name)) for name in ("forandringar_mnkr", "bedomning_mnkr"))
    return ["Scenariot ändrar inte prognosen, eller med mindre än 0,1 mnkr."] if put < SMALL_KR else []


def _known_in_part(study: Study, shown: Result) -> list[str]:
    outturn = shown.kronor("utfall_mnkr")
    said = [f"Prognosen kan inte räknas fram: {shown.texter['saknas']}."]
    if not math.isnan(outturn):
        said.insert(0, f"Utfallet {month_span(1, study.tom)} är {amount(outturn)}.")
    return [*said, "Inget är tillagt eller uppskattat utöver det som underlaget anger."]


def state(avvikelse: float, decimals: int = 1) -> str:
    """A deviation in words, with its size.

    >>> state(-5.2e6).replace("\\u00a0", " "), state(0.2)
    ('ett underskott på 5,2 mnkr', 'budget i balans')
    """
    if abs(avvikelse) < CLOSES_WITHIN_KR:
        return "budget i balans"
    return f"ett {'underskott' if avvikelse < 0 else 'överskott'} på {amount(abs(avvikelse), decimals=decimals)}"


def _prognosis_sentence(study: Study, shown: Result) -> str:
    gap, budget = shown.kronor("avvikelse_mnkr"), shown.kronor("budget_mnkr")
    share = ""
    if budget > 0 and abs(gap) >= CLOSES_WITHIN_KR:
        share = f" ({format_unit(100 * abs(gap) / budget, 'procent')})"
    said = "Året slutade på" if study.tom == MONTHS else "Prognosen är"
    places, shown_gap = meeting(mnkr(budget), mnkr(shown.kronor("prognos_mnkr")))
    year, held = (format_unit(mnkr(kr), "mnkr", places) for kr in (shown.kronor("prognos_mnkr"), budget))
    gap = KR_PER_MNKR * shown_gap if abs(gap) >= SMALL_KR else gap
    return f"{said} {year}: {state(gap, places)}{share} mot budgeten {held}."


def _rows_sentence(shown: Result) -> list[str]:
    """Which budget rows the deviation stands on, the largest first; as deviations, minus is a deficit."""
    frame = shown.tabeller["brygga"].frame
    every = frame[(frame["brygga"] == TO_PROGNOSIS) & (frame["typ"] == ROW)]
    rows = _largest_first(every[every["kr"].abs() >= SMALL_KR]).head(MOST_ROWS)
    if rows.empty:
        return []
    kr = [*-rows["kr"], float(rows["kr"].sum() - every["kr"].sum())]
    places, _, shares = summing(mnkr(sum(kr)), [mnkr(part) for part in kr])
    said = [format_number(share, places, signed=True) for share in shares]
    parts = [f"{row} {share}" for row, share in zip(rows["steg"], said, strict=False)]
    others = f" och övriga rader {said[-1]}" if shares[-1] else ""
    return [f"Rad för rad, mnkr: {', '.join(parts)}{others}."]


def _largest_first(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.loc[rows["kr"].abs().sort_values(ascending=False, kind="stable").index]


def _mnkr(kr: float, decimals: int = 1) -> str:
    return format_number(mnkr(kr), decimals, signed=True)


def _holds_sentence(study: Study, shown: Result) -> list[str]:
    """How much of the deviation is the outturn's pace, and how much the scenario and the judgement put to it."""
    put, judged, gap = (shown.kronor(name) for name in ("forandringar_mnkr", "bedomning_mnkr", "avvikelse_mnkr"))
    if (abs(put) < SMALL_KR and abs(judged) < CLOSES_WITHIN_KR) or study.tom == MONTHS:
        return []
    put = put if abs(put) >= SMALL_KR else 0.0
    places, whole_gap, shares = summing(mnkr(-gap), [mnkr(kr) for kr in (-gap - put - judged, put, judged)], 2)
    mixed = min(shares) < 0 < max(shares)
    sign = -1 if mixed or gap > 0 else 1  # with signs minus is a deficit, as everywhere
    pace, expected, judgement = (format_number(sign * share, places, signed=mixed) for share in shares)
    parts = [f"{pace} utfallets takt"]
    if put:
        word = "väntade höjningar" if put > 0 else "väntade sänkningar"
        parts.append(f"{expected} {word} som inte syns i utfallet än ({_rows_of_changes(study)})")
    if judged:
        dated = max(n.change.datum for n in study.case.scenario if n.change.typ == JUDGEMENT)
        parts.append(f"{judgement} chefens bedömning den {long_date(dated)}")
    whole = f"{'underskottet' if gap < 0 else 'överskottet'} på {format_number(abs(whole_gap), places)} mnkr"
    start = f"I {whole} ingår" if mixed else f"Av {whole} är"
    return [f"{start} {listed(parts)}."]


def _rows_of_changes(study: Study) -> str:
    """The budget rows of the changes that are still ahead, in order of size."""
    found = study.prognosis
    parts = found.parts[~found.parts["typ"].isin([JUDGEMENT, "atgard"]) & (found.parts["kvar"] != 0)]
    rows = found.books.leaves["budgetrad"].to_numpy()[parts["leaf"].to_numpy(int)]
    size = parts["kvar"].groupby(rows).sum().abs().sort_values(ascending=False, kind="stable")
    return ", ".join(map(str, size.index[:MOST_ROWS]))


def _outturn_sentence(study: Study, shown: Result) -> str:
    outturn, budget = shown.kronor("utfall_mnkr"), shown.kronor("budget_mnkr")
    said = f"Utfallet {month_span(1, study.tom)} är {amount(outturn)}"
    if budget <= 0:
        return said + "."
    used, gone = 100 * outturn / budget, 100 * study.tom / MONTHS
    said += f", {format_unit(used, 'procent')} av budgeten när {format_unit(gone, 'procent')} av året har gått"
    late = study.prognosis.books.leaves.loc[study.prognosis.choices.late > 0, "budgetrad"].unique()
    if study.tom == MONTHS:
        return said + "."
    if used < gone and shown.kronor("avvikelse_mnkr") <= -SMALL_KR:
        return f"{said}; det blir ändå underskott: {'; '.join(_why_later(study, late))}."
    waits = f"; {_waited_for(study, late)}" if len(late) else ""
    return f"{said}{waits}."


def _waited_for(study: Study, late: list[str]) -> str:
    """Whose invoices have not come: the last month's where all are a month late."""
    months = study.prognosis.choices.late
    one = set(months[months > 0]) == {1}
    which = f"{MONTH_NAMES[study.tom - 1]}fakturorna" if one else "de senaste fakturorna"
    return f"{which} för {', '.join(late)} har inte kommit än"


def _why_later(study: Study, late: list[str]) -> list[str]:
    """Why the rest of the year costs more than its share: late invoices, rows with their own season, what is new."""
    found = study.prognosis
    said = [_waited_for(study, late)] if len(late) else []
    ahead = pd.DataFrame(found.net(found.months)).iloc[:, study.tom :].sum(axis=1)
    seasonal = ((found.used == PROFILE) | (found.used == LAST_YEAR)).any(axis=1)
    to_date = found.net(found.books.to_date)
    heavier = seasonal & (ahead * study.tom > to_date * (MONTHS - study.tom)) & (found.choices.late == 0)
    rows = found.books.leaves.loc[heavier, "budgetrad"].unique()
    if len(rows):
        said.append(f"{', '.join(rows)} brukar kosta mer senare på året")
    if found.amounts.forandringar >= SMALL_KR:
        said.append("det som väntas i scenariot syns inte i utfallet än")
    return said or ["månaderna som är kvar väntas kosta mer än budgeten för dem"]


def _closed_sentence(study: Study, shown: Result) -> list[str]:
    """A closed month that has changed since it was reported, with the row and the month."""
    parts = shown.tabeller["brygga_orsaker"].frame
    closed = _largest_first(parts[(parts["brygga"] == SINCE_LAST) & (parts["orsak"] == CLOSED)])
    last = last_prognosis(study)
    if not len(closed) and (last is None or abs(last.closed_kr or 0.0) < CLOSES_WITHIN_KR):
        return []
    if last is not None and not len(closed):
        size = kronor(last.closed_kr, signed=True)
        return [f"Stängda månader har ändrats sedan förra prognosen: utfallet {month_span(1, last.tom)} är {size}."]
    moved = [f"{row['budgetrad']} {row['manad']} {kronor(row['kr'], signed=True)}" for row in closed.to_dict("records")]
    return [f"Stängda månader har ändrats sedan förra prognosen: {first_of(moved, MOST_ROWS)}."]


def _since_last_sentence(study: Study, shown: Result) -> list[str]:
    """How the year has moved since the last prognosis: row by row, and in which month."""
    last, frame = last_prognosis(study), shown.tabeller["brygga"].frame
    rows = frame[frame["brygga"] == SINCE_LAST]
    if last is None or rows["kr"].isna().any():
        return []
    month = MONTH_NAMES[last.tom - 1]
    name = f"{month}rapporten" if last.reported else f"prognosen efter {month}, omräknad med dagens underlag,"
    moved = rows["kr"].iloc[-1] - rows["kr"].iloc[0]
    every = rows[rows["typ"] == ROW]
    steps = _largest_first(every[every["kr"].abs() >= SMALL_KR]).head(MOST_ROWS)
    others = float(every["kr"].sum() - steps["kr"].sum())
    places, whole, shares = summing(mnkr(moved), [*mnkr(steps["kr"]), mnkr(others)])
    said = [format_number(share, places, signed=True) for share in shares]
    parts = [f"{row} {share}{_inside(shown, row, places)}" for row, share in zip(steps["steg"], said, strict=False)]
    parts += [f"övriga rader {said[-1]}"] if parts and shares[-1] else []
    why = f": {', '.join(parts)}" if parts else ""
    if abs(moved) < SMALL_KR:
        why = why if steps["kr"].abs().max() >= HIDDEN_MOVE_KR else ""
        return [f"Sedan {name} är årets nettokostnad nästan oförändrad{why}."]
    size = format_unit(abs(whole), "mnkr", places)
    return [f"Sedan {name} har nettokostnaden {'ökat' if moved > 0 else 'minskat'} med {size}{why}."]


def _inside(shown: Result, row: str, places: int) -> str:
    """What of a row's change is known, the month first."""
    parts = shown.tabeller["brygga_orsaker"].frame
    parts = parts[(parts["brygga"] == SINCE_LAST) & (parts["budgetrad"] == row) & (parts["kr"].abs() >= SMALL_KR)]
    known = _largest_first(parts[parts["orsak"] != REST])
    named = [f"{p['manad'] or p['forklaring']} {_mnkr(p['kr'], places)}" for p in known.to_dict("records")]
    return f" ({', '.join(named)})" if named else ""


def _measures_sentence(study: Study, shown: Result) -> list[str]:
    """What is decided, apart from what is only planned, and what is overdue."""
    table = shown.tabeller.get("atgarder")
    if table is None:
        return []
    if study.tom == MONTHS:
        return [_after_december(table.frame)]
    frame, said = table.frame.set_index("namn"), []
    if DECIDED in frame.index:
        kr, most, least = (frame.loc[DECIDED, f"kvar{end}_mnkr"] for end in ("", "_lag", "_hog"))
        said.append(f"Beslutat men inte i prognosen än: {_saved(kr)}{_between(kr, least, most)}")
    planned = shown.kronor("atgarder_planerade_mnkr")
    if (frame["status"] == PLANNED).any():
        said.append(f"{'planerat' if said else 'Planerat'}: {_saved(mnkr(planned))}, inte beslutat")
    late = [
        f"{row['namn']} skulle ha börjat i {MONTH_NAMES[int(row['fran'][5:7]) - 1]}"
        for row in table.frame[table.frame["sen"] != ""].to_dict("records")
    ]
    text = "; ".join(said) + "."
    return [f"{text} Försenat: {', '.join(late)}." if late else text]


def _saved(value: float) -> str:
    """What measures lower the net cost by, mnkr; in words where they raise it."""
    if math.isnan(value):
        return "okänt"
    return f"{format_number(abs(value), 2)} mnkr {'lägre' if value <= 0 else 'högre'} kostnad"


def _between(value: float, least: float, most: float) -> str:
    if least == most or min(abs(least), abs(most)) == abs(value):
        return ""
    ends = sorted((abs(least), abs(most)))
    return f" (minst {format_number(ends[0], 2)}, som mest {format_number(ends[1], 2)})"


def _after_december(frame: pd.DataFrame) -> str:
    measures = frame[frame["status"] != ""]
    late = int((measures["sen"] != "").sum())
    return (
        f"{late} av {len(measures)} åtgärder blev inte av i år." if late else "Det som åtgärderna gav finns i utfallet."
    )


def _balance_sentence(study: Study, shown: Result) -> list[str]:
    """What is still missing, and what it takes from the first day that can still be decided for."""
    gap, first = shown.kronor("kvar_att_atgarda_mnkr"), first_start(study.tom)
    if study.tom == MONTHS:
        return []
    if gap < CLOSES_WITHIN_KR:
        deficit = shown.kronor("avvikelse_mnkr") < -CLOSES_WITHIN_KR
        return ["Med det beslutade går budgeten ihop; inget mer behöver åtgärdas."] if deficit else []
    said = f"Kvar att åtgärda för budget i balans: {amount(gap, decimals=2)}."
    table = shown.tabeller.get("balans")
    if table is None:
        return [
            f"{said} En åtgärd som beslutas nu hinner inte börja före årsskiftet: "
            "att besluta nu är vad som gäller nästa år."
        ]
    row, _ = largest_row(study)
    start = table.frame.iloc[0]
    monthly = format_unit(mnkr(start["kr_per_manad"]), "mnkr", 2)
    share = (
        ""
        if math.isnan(start["procent"])
        else f" ({format_unit(start['procent'], 'procent')} av {row} {month_span(first)})"
    )
    measures = shown.tabeller.get("atgarder")
    more = "åtgärder" if measures is None or DECIDED not in set(measures.frame["namn"]) else "ytterligare åtgärder"
    said += f" Att besluta nu: {more} som ger {monthly} i månaden från den 1 {MONTH_NAMES[first - 1]}{share}"
    if len(table.frame) > 1:
        said += f"; en månad senare krävs {format_number(mnkr(table.frame['drojsmal_kr'].iloc[1]), 2)} mer i månaden"
    return [said + "."]


def _certainty_sentence(study: Study, shown: Result) -> str:
    if study.tom == MONTHS:
        return "Hela året är bokfört, så ingen del är en prognos."
    error, where = mean_error(study)
    if study.spann is None:
        return f"Hur säkert? {_tried_sentence(study, error, where)}"
    spann = study.spann
    low, high = (format_number(kr / KR_PER_MNKR, 1) for kr in (spann.lag, spann.hog))
    if spann.antal == 1:
        said = f"Hur säkert? Svårt att säga, kanske {low}–{high} mnkr: metoden har kunnat prövas en enda gång"
    else:
        said = f"Hur säkert? I {often(spann.level)} hamnar året på {low}–{high} mnkr, sett till {_rests_on(spann)}"
    if error is not None:
        size = error_said(error)
        tried = f"årsprognoser efter {MONTH_NAMES[study.tom - 1]} har i snitt slagit fel med"
        once = f" och slog då fel med {size}; spannet når minst tre gånger så långt, eftersom ett fel säger lite"
        said += once if spann.antal == 1 else f"; {tried} {size}"
    if spann.provade:
        said += f"; våra spann har hållit {spann.hallit} gånger av {spann.provade}"
        said += ", så spannet är vidgat" if spann.level > study.limits.level else ""
    return f"{said}.{_judged(shown)}"


def error_said(percent: float) -> str:
    """How large an error has been, where the smallest would be shown as none.

    >>> [error_said(error).replace("\\u00a0", " ") for error in (0.04, 0.2)]
    ['mindre än 0,1 %', '0,2 %']
    """
    return "mindre än 0,1 %" if percent < LEAST_SHOWN else format_unit(percent, "procent")


def _judged(shown: Result) -> str:
    """Whether the manager's judgement has been better than the model alone, of rows tried often enough."""
    table = shown.tabeller.get("bedomningsfacit")
    if table is None:
        return ""
    rows = table.frame[table.frame["antal"] >= FEWEST_JUDGED]
    said = [f"{row['battre']} gånger av {row['antal']} för {row['budgetrad']}" for row in rows.to_dict("records")]
    return f" Chefens bedömning har varit bättre än metoden ensam {', '.join(said)}." if said else ""


def often(level: float) -> str:
    """How often a range is to hold, in words.

    >>> often(0.8), often(0.9)
    ('åtta fall av tio', 'nio fall av tio')
    """
    return f"{TENTHS.get(round(10 * level), format_number(10 * level, 1))} fall av tio"


def _rests_on(spann: Range) -> str:
    """What a range rests on, with how many errors: one a year, or one a unit and year."""
    number = {2: "två gånger", 3: "tre gånger"}.get(spann.antal, f"{spann.antal} gånger")
    return f"{RESTS.get(spann.kalla, spann.kalla)}, {number}"


def _tried_sentence(study: Study, error: float | None, where: str) -> str:
    """What can be said without a range: which way the prognosis was wrong when it could be tried."""
    if error is None:
        return f"Det går inte att säga än: {where}."
    found, size = of_total(study.errors, HISTORY, study.tom), format_unit(error, "procent")
    if len(found) == 1:
        way = "dyrare" if found[0] > 0 else "billigare"
        return f"Den gång det prövats blev det {size} {way} än prognosen; för lite för ett spann."
    return f"Prognoser så här tidigt har slagit fel med {size} i snitt ({where}); för få för ett spann."
