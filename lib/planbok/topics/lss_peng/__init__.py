"""LSS-peng: from granted insatser and need levels to what the unit is given, and what it pays."""

from planbok.topics.lss_peng.effects import effects
from planbok.topics.lss_peng.study import Study, study
from planbok.topics.lss_peng.worlds import touches

__all__ = ["Study", "effects", "study", "touches"]
