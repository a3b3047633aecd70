"""A new group home: rents, KBH and peng before anyone has moved in."""

from planbok.case.topic import Notebook, Topic, modules_of
from planbok.lss.price_book import PRICE_RULES

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("gruppbostad_kbh"),),
    needs=("boenden", "lagenheter"),
    uses=("beslut", "enheter"),
    changes=("nytt_boende", "prislista"),
    rules=(
        *("kbh.", "minimibelopp.", "bostadstillagg.", "garantiniva.", "prisbasbelopp", "gruppbostad.", "extern_"),
        *PRICE_RULES,
    ),
    effects="others:effects",
    outcomes=dict.fromkeys(
        (
            "antal_fardigstallda_bostader_med_sarskild_service",
            "antal_paborjade_bostader_med_sarskild_service",
        ),
        "others:outcomes",
    ),
    faults="table_check:table_faults",
)
__getattr__ = modules_of(__name__)
