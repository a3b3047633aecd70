"""What the figures on assistance come of: the groups' hours of the year, and what an hour is worth."""

from planbok.case.grounds import Ground, Rows, months
from planbok.topics.assistance.study import EXTRA, OWN_COST_RULE, PRICE_RULE, WAITING_RULE, Study


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    span = {"manad": months(study.ar, last=study.tom_manad)}

    def hours(*columns: str) -> tuple[Rows, ...]:
        return tuple(Rows("assistanstimmar", column, span) for column in columns)

    def staff(column: str) -> tuple[Rows, ...]:
        return (Rows("bemanning", column, span),)

    claim, waiting, listed = (PRICE_RULE, "assistans.krav", WAITING_RULE), (WAITING_RULE,), ("lss_timpriser",)
    claimed, debited = hours("utforda_h", "begart_kr"), hours("utforda_h", "debiterade_h")
    return {
        "beviljade_h": Ground("gruppernas beviljade timmar", hours("beviljade_h"), changed=False),
        "schemalagda_h": Ground("gruppernas schemalagda timmar", hours("schemalagda_h")),
        "utforda_h": Ground("gruppernas utförda timmar", hours("utforda_h"), waiting),
        "schema_mot_beviljat_procent": Ground(
            "schemat minus det beviljade, delat med det beviljade", hours("schemalagda_h", "beviljade_h")
        ),
        "over_kr_per_manad": Ground(
            "schemalagda timmar över de beviljade gånger egen timkostnad",
            hours("schemalagda_h", "beviljade_h"),
            (OWN_COST_RULE,),
        ),
        "ej_begart_kr": Ground("utförda timmars värde som kan fortfarande begäras", claimed, claim),
        "forlorat_kr": Ground("utförda timmars värde som begärdes för sent", claimed, claim),
        "begart": Ground("summan av raderna ovanför", claimed, claim),
        "ej_debiterade_h": Ground("utfört minus debiterat", debited),
        "ej_debiterat_kr": Ground("utfört minus debiterat, gånger timpriset", debited, listed),
        "debitering": Ground("summan av raderna ovanför", debited, listed),
        "overtid_kr": Ground("övertidens timmar gånger timpriset", staff("overtid_h"), (EXTRA["overtid"],)),
        "inhyrd_kr": Ground("inhyrda timmar gånger timpriset", staff("inhyrd_h"), (EXTRA["inhyrd"],)),
        "overtid": Ground(
            "summan av raderna ovanför", (*staff("overtid_h"), *staff("inhyrd_h")), tuple(EXTRA.values())
        ),
        "*": Ground("summan av raderna ovanför", hours("beviljade_h", "utforda_h"), waiting),
    }
