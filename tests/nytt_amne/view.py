"""The alarms as a result."""

from planbok.topics.nytt_amne.study import Study

from planbok.case.result import Column, Result, Table, key_figure


def result(study: Study) -> Result:
    total = int(study.per_manad["antal"].sum())
    columns = (Column("manad", "Månad"), Column("antal", "Larm", "st", 0))
    return Result(
        f"{study.case.unit_name()} · larm · {study.case.ar}",
        study.case.scenario.titel,
        [f"Larmen är {total} st."],
        {"larm": key_figure("larm", total, "Larm")},
        {"per_manad": Table("per_manad", "Larm per månad", study.per_manad, columns)},
    )
