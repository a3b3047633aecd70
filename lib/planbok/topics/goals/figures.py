"""The report's two figures: how far from their targets the indicators are, and the activities over the year."""

from planbok.base.numbers import format_number
from planbok.base.words import counted
from planbok.case.result import Result
from planbok.report.figure import BASELINE, DEFICIT, SURPLUS, Shown, bars
from planbok.topics.goals.activities import DONE, LATE, RUNNING

LONGEST = 48  # characters of a name beside a bar


def gap_figure(result: Result) -> Shown:
    """Each indicator's outcome beside its target, per cent of the target: to the right is better than the target."""
    rows = result.tabeller["indikatorer"].frame
    rows = rows[rows["utfall_mot_mal"].notna()].sort_values("utfall_mot_mal", kind="stable")
    if rows.empty:
        return "Avstånden till målen visas inte som figur: inget utfall står mot ett mål i tal."
    names = _names(rows["namn"].tolist())
    values = rows["utfall_mot_mal"].tolist()
    missed = sum(value < 0 for value in values)
    title = f"{missed} av {len(values)} når inte målet" if missed else f"Alla {len(values)} når målet"
    if missed:
        title += f"; längst ifrån är {names[0]}"
    listed = "; ".join(
        f"{name} {format_number(value, 1, signed=True)} %" for name, value in zip(names, values, strict=True)
    )
    alt = f"Utfall mot mål, procent av målet, minus är sämre än målet: {listed}."
    unit = "bättre (+) eller sämre (−) än målet, % av målet"
    return bars(names, {"Mot målet": values}, title=title, alt=alt, mattenhet=unit, plus="better", signed=True)


def _names(texts: list[str]) -> list[str]:
    """Names short enough to stand beside a bar, no two alike."""
    found: list[str] = []
    for text in texts:
        name = text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
        found.append(name if name not in found else f"{name} ({found.count(name) + 1})")
    return found


def activity_figure(result: Result) -> Shown:
    """Activities that are done, running and late at the year's reports so far."""
    rows = result.tabeller["aktiviteter_over_aret"].frame
    counts = {lage: rows[lage].tolist() for lage in (DONE, RUNNING, LATE)}
    if not sum(map(sum, counts.values())):
        return "Aktiviteterna visas inte som figur: enheten har inga aktiviteter för året."
    done, late = counts[DONE][-1], counts[LATE][-1]
    title = f"{counted(done, 'aktivitet är klar', 'aktiviteter är klara')} och {counted(late, 'försenad', 'försenade')}"
    title += f" den {rows['dag'].iloc[-1]}"
    listed = "; ".join(
        f"{day}: " + ", ".join(f"{k} {counts[k][n]}" for k in counts) for n, day in enumerate(rows["dag"])
    )
    shown = {lage.capitalize(): values for lage, values in counts.items()}
    colors = (SURPLUS, BASELINE, DEFICIT)
    alt, unit = f"Aktiviteter, antal: {listed}.", "aktiviteter, antal"
    days = [day.rpartition(" ")[0] for day in rows["dag"]]  # the title says the year
    return bars(days, shown, title=title, alt=alt, mattenhet=unit, colors=colors, decimaler=0, horizontal=False)
