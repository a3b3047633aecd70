"""Decisions in time: what is not carried out, handling times, follow-ups, plans, and who there is to do it."""

from planbok.case.topic import Notebook, Topic, modules_of

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("beslut_i_tid", {"per_datum": "läget denna dag, ÅÅÅÅ-MM-DD; tomt betyder 31 december"}),),
    needs=("beslut",),
    uses=("arenden", "handlaggare", "bemanning_handlaggare", "indikatorutfall", "enheter"),
    changes=("handlaggare", "arenden"),
    rules=("beslut_i_tid.",),
    effects="others:effects",
    faults="table_check:table_faults",
    outcomes=dict.fromkeys(
        (
            "antal_ej_verkstallda_beslut",
            "antal_forsenade_uppfoljningar",
            "andel_genomforandeplaner_i_tid",
            "andel_arenden_beslutade_i_tid",
        ),
        "others:outcomes",
    ),
)
__getattr__ = modules_of(__name__)
