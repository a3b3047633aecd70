"""The figures on assistance: hours month by month, and what is still to be claimed or lost."""

from planbok.base.numbers import format_number, format_unit
from planbok.base.periods import long_month, short_month
from planbok.case.result import Result
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.report.figure import BASELINE, DEFICIT, SCENARIO, SURPLUS, Shown, bars, lines


def hours_figure(result: Result) -> Shown:
    """Granted and scheduled hours of the unit by month."""
    frame = result.tabeller["timmar_per_manad"].frame
    if len(frame) and any("skyddas" in why for why in result.tabeller["timmar_per_manad"].celler.values()):
        return "Timmarna visas inte som figur: månaderna skyddas (få personer)."
    if len(frame) < 2 or frame["schemalagda_h"].isna().all():
        return "Timmarna visas inte som figur: det finns inget schema för mer än en månad."
    last = frame.iloc[-1]
    share = format_unit(abs(last["schema_mot_beviljat_procent"]), "procent")
    how = "över" if last["schema_mot_beviljat_procent"] > 0 else "under"
    month = long_month(last["manad"]).partition(" ")[0]
    title = f"Schemat ligger {share} {how} de beviljade timmarna i {month}"
    series = {name: frame[key].tolist() for name, key in (("Beviljat", "beviljade_h"), ("Schemalagt", "schemalagda_h"))}
    listed = "; ".join(f"{name} {format_number(values[-1], 0)} i {month}" for name, values in series.items())
    labels, colors = [short_month(manad) for manad in frame["manad"]], (BASELINE, SCENARIO)
    return lines(labels, series, title=title, alt=f"{listed}.", mattenhet="timmar", colors=colors, decimaler=0)


def claims_figure(result: Result) -> Shown:
    """Lost and still to be claimed, by month."""
    frame, known = result.tabeller["begart"].frame, result.nyckeltal["forlorat_kr"]
    if known.skyddas:
        return f"Vad som är begärt visas inte som figur: det {known.why}."
    rows = frame[(frame["manad"] != TOTAL_ROW) & ((frame["forlorat_kr"] > 0) | (frame["ej_begart_kr"] > 0))]
    if rows.empty:
        return "Inget är förlorat eller kvar att begära."
    lost, left = rows["forlorat_kr"].sum(), rows["ej_begart_kr"].sum()
    title = f"{format_unit(lost, 'kr')} är förlorat och {format_unit(left, 'kr')} kan fortfarande begäras"
    names = [short_month(manad) for manad in rows["manad"]]
    series = {"Förlorat": rows["forlorat_kr"].tolist(), "Kan fortfarande begäras": rows["ej_begart_kr"].tolist()}
    alt = "; ".join(
        f"{name} {format_number(a, 0)} kr förlorat, {format_number(b, 0)} kr kan fortfarande begäras"
        for name, a, b in zip(names, *series.values(), strict=True)
    )
    return bars(names, series, title=title, alt=f"{alt}.", mattenhet="kr", colors=(DEFICIT, SURPLUS), decimaler=0)
