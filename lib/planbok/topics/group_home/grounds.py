"""What a new home's figures come of: the home, its flats' rents, the rules on KBH, and the levels that may move in."""

from planbok.case.grounds import Ground, Rows
from planbok.topics.group_home.study import Study
from planbok.topics.group_home.terms import FAMILY

PRICES = tuple(f"lss_peng.{name}" for name in ("ersattning", "tilldelning", "prislista_ar"))
LISTS = ("lss_peng.ersattning",)  # which levels there are
MEASURED = ("lss_peng.mat",)
FAMILY_RULES = {
    "stockholm": ("kbh.stockholm.",),
    "tak": ("kbh.tak.",),
    "minimibelopp": ("kbh.minimibelopp.", "minimibelopp.", "bostadstillagg.", "garantiniva.", "prisbasbelopp"),
}


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    which = {"boende": study.case.parametrar.get("boende", study.year.home.boende)}
    home, rents = Rows("boenden", where=which), Rows("lagenheter", "hyra_kr_per_manad", which)
    whole, own = (home, rents), Rows("beslut")
    year = study.year.conditions
    families = {terms.familj for terms in (*year.terms, year.terms_full)}
    kbh = (FAMILY, *(rule for family in families for rule in FAMILY_RULES[family]))
    peng = "alla nivåfördelningar som går att få, gånger pengen för nivån"
    result = "peng och hyror minus personal, lokalhyra och startkostnad"
    return {
        "hyra_*": Ground("lägenheternas hyror, månad för månad", (rents,)),
        "kbh_*": Ground("andelen av hyran över genomsnittshyran, inom reglernas gränser", (rents,), kbh),
        "tomgangshyra_ar_kr": Ground("hyran för lägenheter som ingen har flyttat in i", whole),
        "kostnad_fore_oppning_kr": Ground("startkostnad, personal och lokalhyra före öppningen", (home,)),
        "antal_nivafordelningar": Ground("så många sätt som platserna kan fördelas på nivåer", (home,), LISTS),
        "peng_forvantad_kr": Ground("enhetens egna nivåer gånger pengen för nivån", (home, own), PRICES),
        "peng_*": Ground(peng, (home,), PRICES),
        "sjalvkostnad_kr_per_plats_och_dygn": Ground("personal och lokalhyra delade på platser och dygn", (home,)),
        "nettokostnad_kr_per_plats_och_dygn": Ground("personal och lokalhyra minus hyror, per plats och dygn", whole),
        "resultat_ar_kr": Ground(result, (*whole, own), (*PRICES, *MEASURED)),
        "resultat_*": Ground(result, (*whole, own), PRICES),
        "*": Ground("summan av raderna ovanför", (*whole, own), (*PRICES, *MEASURED, *kbh)),
    }
