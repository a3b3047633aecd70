"""What the figures on assistance come of: the groups' hours of the year, and what an hour is worth."""

from planbok.case.grounds import Ground, Rows, months
from planbok.topics.assistance.study import EXTRA, FLAG_RULE, OWN_COST_RULE, PRICE_RULE, Study


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    span = {"manad": months(study.ar, last=study.tom_manad)}

    def hours(*columns: str) -> tuple[Rows, ...]:
        return tuple(Rows("assistanstimmar", column, span) for column in columns)

    def staff(column: str) -> tuple[Rows, ...]:
        return (Rows("bemanning", column, span),)

    prices = (PRICE_RULE, "lss_timpriser", "assistans.krav")
    return {
        "beviljade_h": Ground("gruppernas beviljade timmar", hours("beviljade_h"), changed=False),
        "schemalagda_h": Ground("gruppernas schemalagda timmar", hours("schemalagda_h")),
        "utforda_h": Ground("gruppernas utförda timmar", hours("utforda_h"), ("assistans.",)),
        "schema_mot_beviljat_procent": Ground(
            "schemat minus det beviljade, delat med det beviljade", hours("schemalagda_h", "beviljade_h"), (FLAG_RULE,)
        ),
        "over_kr_per_manad": Ground(
            "schemalagda timmar över de beviljade gånger egen timkostnad",
            hours("schemalagda_h", "beviljade_h"),
            (OWN_COST_RULE,),
        ),
        "ej_begart_kr": Ground(
            "utförda timmars värde som kan fortfarande begäras", hours("utforda_h", "begart_kr"), prices
        ),
        "forlorat_kr": Ground("utförda timmars värde som begärdes för sent", hours("utforda_h", "begart_kr"), prices),
        "ej_debiter*": Ground("utfört minus debiterat", hours("utforda_h", "debiterade_h"), prices),
        "overtid_kr": Ground("övertidens timmar gånger timpriset", staff("overtid_h"), (EXTRA["overtid"], "po_palagg")),
        "inhyrd_kr": Ground("inhyrda timmar gånger timpriset", staff("inhyrd_h"), (EXTRA["inhyrd"],)),
        "*": Ground("summan av raderna ovanför", hours("beviljade_h", "utforda_h"), prices),
    }
