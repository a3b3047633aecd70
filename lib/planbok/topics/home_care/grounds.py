"""What the figures on older people's care come of: cases, hours and days by month, prices, and what grows."""

from planbok.case.grounds import Ground, Rows, Span
from planbok.topics.home_care.study import Study


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    month = {"manad": study.manad}

    def hours(*columns: str) -> tuple[Rows, ...]:
        return tuple(Rows("hemtjanst", column, month) for column in columns)

    known = {"manad": Span(last=study.manad)}
    year = (Rows("hemtjanst", where=known), Rows("vobo", where=known), Rows("befolkning"))
    hour = tuple(f"hemtjanst.{name}" for name in ("betald_tid", "natt", "dag.", "larm."))  # paid time and prices
    rules = (*hour, "vobo.", "volymprognos.")
    ahead = "timmar och dygn gånger priserna, med säsong och trend för månaderna framåt"
    ranged = "prognosen och felen i tidigare års prognoser"
    return {
        "arenden_antal": Ground("områdenas ärenden", hours("arenden")),
        "beviljade_h": Ground("områdenas beviljade timmar", hours("beviljade_h")),
        "bestallda_h": Ground("områdenas beställda timmar", hours("bestallda_h")),
        "utforda_h": Ground("områdenas utförda timmar", hours("utforda_h")),
        "utforandegrad_procent": Ground("utfört delat med beställt", hours("utforda_h", "bestallda_h")),
        "bestallt_av_beviljat_procent": Ground("beställt delat med beviljat", hours("bestallda_h", "beviljade_h")),
        "h_per_arende": Ground("beställda timmar delade med ärenden", hours("bestallda_h", "arenden")),
        "vobo_helmanader": Ground("månadens dygn delade med dess dagar", (Rows("vobo", "dygn", month),)),
        "per_omrade": Ground(
            "summan av raderna ovanför", hours("arenden", "bestallda_h", "utforda_h"), ("hemtjanst.avvikelse_procent",)
        ),
        "prognos_lag_mnkr": Ground(ranged, year, (*rules, "uppfoljning.minst_hela_ar")),
        "prognos_hog_mnkr": Ground(ranged, year, (*rules, "uppfoljning.minst_hela_ar")),
        "*": Ground(ahead, year, rules),
    }
