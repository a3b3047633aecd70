"""The unit's alarms up to a month, under the case's scenario."""

from dataclasses import dataclass

import pandas as pd
from planbok.topics.nytt_amne import TOPIC

from planbok.case.case import Case
from planbok.inputs.scenario.load import Scenario


@dataclass(frozen=True)
class Study:
    case: Case
    per_manad: pd.DataFrame  # manad, antal


def study(case: Case) -> Study:
    return Study(case, months(case, case.scenario, int(case.parametrar["tom_manad"])))


def months(case: Case, scenario: Scenario, tom: int) -> pd.DataFrame:
    rows = case.unit_rows("larmsvar")
    rows = rows[rows["manad"].between(f"{case.ar}-01", f"{case.ar}-{tom:02d}")][["manad", "antal"]]
    added = [n.change for n in scenario if TOPIC.touches(n.change)]
    more = [sum(c.antal for c in added if c.fran.isoformat()[:7] <= month) for month in rows["manad"]]
    return rows.assign(antal=rows["antal"] + more).reset_index(drop=True)
