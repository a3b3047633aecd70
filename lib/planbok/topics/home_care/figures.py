"""The figures on older people's care: what is performed by area, and what has moved the cost."""

from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.base.periods import short_month
from planbok.case.result import Result
from planbok.report import bridge
from planbok.report.figure import BASELINE, SCENARIO, Shown, lines


def hours_figure(result: Result) -> Shown:
    """Ordered and performed hours month by month."""
    frame = result.tabeller["per_manad"].frame
    if len(frame) < 2 or frame[["bestallda_h", "utforda_h"]].isna().any(axis=None):
        return "Beställda och utförda timmar visas inte som figur: de saknas, eller gäller få personer."
    degree = format_unit(frame["utforandegrad_procent"].iloc[-1], "procent")
    title = f"Utförd tid är {degree} av den beställda"
    series = {"Beställda": frame["bestallda_h"].tolist(), "Utförda": frame["utforda_h"].tolist()}
    labels = [short_month(manad) for manad in frame["manad"]]
    alt = "; ".join(
        f"{month} {format_number(one, 0)} beställda och {format_number(two, 0)} utförda"
        for month, one, two in zip(labels, *series.values(), strict=True)
    )
    return lines(
        labels, series, title=title, alt=f"Timmar: {alt}.", mattenhet="timmar", colors=(BASELINE, SCENARIO), decimaler=0
    )


def bridge_figure(result: Result) -> Shown:
    """What has moved the cost since last year."""
    frame = result.tabeller["brygga"].frame
    rows = frame[frame["brygga"] != "Scenariot"]
    if rows.empty:
        return "Vad som har ändrat kostnaden kan inte visas: året före saknas eller saknar priser."
    kr = rows["kr"].iloc[-1] - rows["kr"].iloc[0]
    way = "ökar" if kr > 0 else "minskar"
    title = f"Kostnaden {way} med {format_unit(abs(kr) / KR_PER_MNKR, 'mnkr')} mot året före"
    found = bridge.drawn(rows, title=title, mattenhet="mnkr", decimaler=1)
    return found or "Vad som har ändrat kostnaden visas inte som figur."
