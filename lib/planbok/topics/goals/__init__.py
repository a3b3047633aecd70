"""Goals, activities, surveys and controls of the unit: how it stands for the tertial reports and the year's report."""

from planbok.case.topic import Notebook, Topic, modules_of

TOPIC = Topic(
    package=__name__,
    notebooks=(Notebook("mal_och_aktiviteter"),),
    needs=("mal",),
    uses=(
        *(
            "aktiviteter",
            "assistanstimmar",
            "bemanning",
            "boenden",
            "budget",
            "enheter",
            "enkat",
            "indikatorutfall",
            "kompetens",
        ),
        *("kontroller", "malbedomning", "utfall"),
    ),
    reach="mal",
    follows=True,
    faults="table_check:table_faults",
)
__getattr__ = modules_of(__name__)
