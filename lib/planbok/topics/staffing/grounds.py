"""What the figures on staffing come of: the groups' hours, wages and agreements, and who stands in for the sick."""

from planbok.case.grounds import Ground, Rows, months
from planbok.topics.staffing.study import Study

WAGES = ("lon.", "po_palagg", "sjuklon.")
STAND_INS = ("ersattare.", "po_palagg")


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    span = {"manad": months(study.ar, 1, study.tom_manad)}

    def hours(*columns: str) -> tuple[Rows, ...]:
        return tuple(Rows("bemanning", column, span) for column in columns)

    target = (Rows("mal", where={"ar": study.ar}), Rows("indikatorutfall"))
    ahead = (*hours("sjuk_h", "avtalad_tid_h"), Rows("bemanning"))
    return {
        "sjukfranvaro_procent": Ground("sjuktid delad med avtalad tid", hours("sjuk_h", "avtalad_tid_h")),
        "sjukfranvaro_lag_procent": Ground("sjuktid delad med ordinarie tid", hours("sjuk_h", "ordinarie_tid_h")),
        "sjukfranvaro_dag_1_14_procent": Ground(
            "sjuktid dag 1–14 delad med avtalad tid", hours("sjuk_dag_1_14_h", "avtalad_tid_h")
        ),
        "sjuk_60_dagar_andel_procent": Ground(
            "sjuktid i fall på 60 dagar eller mer delad med all sjuktid", hours("sjuk_60_dagar_h", "sjuk_h")
        ),
        "timavlonad_procent": Ground("timavlönades tid delad med arbetad tid", hours("timavlonad_h", "arbetad_tid_h")),
        "overtid_h": Ground("gruppernas övertid", hours("overtid_h"), changed=False),
        "inhyrd_h": Ground("gruppernas inhyrda timmar", hours("inhyrd_h"), changed=False),
        "sjuklonekostnad_kr": Ground("sjuktimmar gånger sjuklön med avgifter", hours("sjuk_h"), WAGES),
        "ersattarkostnad_kr": Ground("sjuktimmar som ersätts gånger ersättarens timpris", hours("sjuk_h"), STAND_INS),
        "kr_per_procentenhet": Ground(
            "en hundradel av tolv månaders avtalad tid gånger ersättarens timpris", (Rows("bemanning"),), STAND_INS
        ),
        "kravs_resten_av_aret_procent": Ground(
            "det som årets mål lämnar kvar åt resten av året", (*ahead, *target), ("indikator.sjukfranvaro",)
        ),
        "prognos_ar_procent": Ground("månaderna hittills, och resten som tidigare år", ahead, ("bemanning.prognos",)),
        "prognos_resten_procent": Ground("månaderna som är kvar, som tidigare år", ahead, ("bemanning.prognos",)),
        "ersattarkostnad_resten_kr": Ground(
            "sjuktimmar som väntas resten av året gånger ersättarens timpris", ahead, STAND_INS
        ),
        "kostnad": Ground("gruppernas kostnad", hours("sjuk_h"), (*WAGES, *STAND_INS)),
        "sjukfranvaro_mal_procent": Ground("målet i planen", target[:1], changed=False),
        "*": Ground("summan av raderna ovanför", hours("sjuk_h", "avtalad_tid_h")),
    }
