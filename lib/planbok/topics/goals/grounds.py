"""What the report on goals comes of: the plan's goals, their outcomes, activities and controls of the year."""

from planbok.case.grounds import Ground, Rows
from planbok.topics.goals.study import Study


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    year = {"ar": study.ar}
    plan = Rows("mal", where=year)
    outcomes = tuple(map(Rows, ("indikatorutfall", "enkat", "kompetens", "utfall", "budget", "bemanning", "beslut")))
    acts = (Rows("aktiviteter", where=year),)
    ledger = tuple(f"uppfoljning.{name}" for name in ("metod", "slap_manader", "budgetversion_fran_manad"))
    held = "indikatorerna i planen vars utfall hålls mot målet"
    return {
        "mal_utan_tal_antal": Ground("indikatorer i planen vars mål inte är ett tal", (plan,), changed=False),
        "mal_*": Ground(held, (plan, *outcomes), ("indikator.", *ledger), changed=False),
        "aktiviteter_*": Ground("årets aktiviteter, efter status och slutdatum", acts, changed=False),
        "kontroller_*": Ground(
            "årets kontroller som inte är gjorda i tid", (Rows("kontroller", where=year),), changed=False
        ),
    }
