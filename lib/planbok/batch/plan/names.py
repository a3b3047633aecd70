"""What a report's files are called where they stand alone: beside the report, in a mail, in a folder share."""

from typing import Any

from planbok.batch.plan.plan import period_said
from planbok.case.result import WORKING_PAPERS
from planbok.inputs.scenario.load import BASELINE


def speaking_name(notebook: str, parameters: dict[str, Any], folder: str, spridning: str) -> str:
    """The notebook, the unit, the scenario where there is one, the period, and parameters that differ from the usual.

    >>> parameters = {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 4, "scenario": "bas"}
    >>> speaking_name("manadsprognos", parameters, "manadsprognos__x__bas__2024-04", "ledning")
    'manadsprognos_exempelenheten_2024-04'
    >>> speaking_name("manadsprognos", {**parameters, "scenario": "dyrare"}, "m__x__dyrare__2024-04", "arbetsmaterial")
    'arbetsmaterial_manadsprognos_exempelenheten_dyrare_2024-04'
    """
    scenario = parameters["scenario"]
    parts = [WORKING_PAPERS] if spridning == WORKING_PAPERS else []
    parts += [notebook, parameters["enhet"], *([] if scenario == BASELINE else [scenario]), period_said(parameters)]
    parts += [part for part in folder.split("__")[4:] if not part.startswith(("per-", "per_datum-"))]
    return "_".join(part.replace("/", "-") for part in parts)
