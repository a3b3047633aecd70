"""The figures on decisions in time: follow-ups ahead, and the queue under the scenario."""

from planbok.base.numbers import format_number
from planbok.case.result import Result
from planbok.report.figure import BASELINE, SCENARIO, Shown, bars, lines
from planbok.topics.decisions.people import NOW


def follow_up_figure(result: Result) -> Shown:
    """What is to be followed up in each month ahead."""
    frame = result.tabeller["uppfoljningar"].frame
    frame = frame[frame["manad"] != NOW]
    known = frame.dropna(subset="forfaller_antal")
    if known.empty:
        return "Uppföljningarna visas inte som figur: underlag saknas, eller de gäller få personer."
    most = known.loc[known["forfaller_antal"].idxmax()]
    title = f"Flest följs upp i {most['manad_namn']}: {format_number(most['forfaller_antal'], 0)}"
    values = [None if value != value else value for value in frame["forfaller_antal"]]
    names = [str(name) for name in frame["manad_namn"]]
    told = [f"{name} {format_number(value, 0)}" for name, value in zip(names, values, strict=True) if value is not None]
    alt = "Uppföljningar per månad: " + "; ".join(told) + "."
    series = {"Ska följas upp": values}
    return bars(names, series, title=title, alt=alt, mattenhet="st", decimaler=0, missing="skyddas")


def queue_figure(result: Result, on_dials: bool = False) -> Shown:
    """The queue month by month under the scenario, and as it is compared where that differs; on the dials always."""
    frame = result.tabeller["kapacitet"].frame
    if frame.empty or frame["ko_antal"].isna().any():
        return "Kön visas inte som figur: underlag saknas, eller den gäller få personer."
    names = [str(name) for name in frame["manad_namn"]]
    now, bas = frame["ko_antal"].tolist(), frame["ko_jamfor_antal"].tolist()
    alone = now == bas and not on_dials
    before, after = ("Utan reglagen", "Med reglagen") if on_dials else ("Jämförelsen", "Kö")
    series = {after: now} if alone else {before: bas, after: now}
    colors = (SCENARIO,) if alone else (BASELINE, SCENARIO)
    title = f"Kön är {format_number(now[-1], 0)} utredningar i {names[-1]}"
    alt = f"{title}, från {format_number(now[0], 0)} i {names[0]}."
    short = [f"{name[:3]} {name[-2:]}" for name in names]
    return lines(short, series, title=title, alt=alt, mattenhet="utredningar", colors=colors, decimaler=0)
