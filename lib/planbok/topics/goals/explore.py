"""Try it yourself: choose a report and a goal, turn an outcome and see how it stands. No scenario of its own."""

from dataclasses import replace

import ipywidgets as widgets

from planbok.case.case import Journal
from planbok.case.result import Result
from planbok.disclosure.door import seen
from planbok.explore import kit
from planbok.report import table
from planbok.topics.goals import view
from planbok.topics.goals.indicators import turned
from planbok.topics.goals.occasions import REPORTS
from planbok.topics.goals.study import REPORT_NAMES, Study, study

EVERY = "Alla mål"


def explorer(done: Study) -> widgets.Widget:
    """The unit's goals with what chooses report, goal and outcome."""
    return Explorer(done)


class Explorer(widgets.VBox):
    """The controls, and below them the sentences and the list as the case's audience may see them."""

    def __init__(self, done: Study):
        self.studies, self.others = {done.per: done}, done.others
        self.per = kit.choice("Rapport", [(REPORT_NAMES[per].capitalize(), per) for per in REPORTS], done.per)
        goals = dict.fromkeys(it.chain["kf_mal_text"] or EVERY for it in done.indicators)
        self.goal = kit.choice("Mål", list(dict.fromkeys([EVERY, *goals])), EVERY)
        self.indicator = kit.choice(
            "Indikator", [("ingen ändras", -1), *((it.namn, it.key) for it in done.indicators)], -1
        )
        self.value = kit.Field(widgets.FloatText(description="Utfall", style=kit.LABEL, layout=kit.WIDE))
        self.said, self.shown = widgets.HTML(), widgets.HTML()
        controls = (self.per, self.goal, self.indicator, self.value)
        for control in controls:
            kit.on_change(control, self.update)
        super().__init__([*controls, self.said, self.shown])
        self.update()

    def answer(self) -> Result:
        """The result of the report that is chosen, with the outcome that is tried, as the audience may see it."""
        case = next(iter(self.studies.values())).case
        per = self.per.value
        if per not in self.studies:
            asked = replace(case, parametrar={**case.parametrar, "per": per}, journal=Journal())
            self.studies[per] = study(asked, self.others)
        found = self.studies[per]
        if self.indicator.value >= 0:
            tried = (turned(it, self.value.value) if it.key == self.indicator.value else it for it in found.indicators)
            found = replace(found, indicators=tuple(tried))
        return seen(case, view.result(found))

    def update(self) -> None:
        """Computes and shows the answer."""
        result = self.answer()
        shown = result.tabeller["lista"]
        if self.goal.value != EVERY:
            kept = shown.frame["kf_mal_text"] == self.goal.value
            places = {old: new for new, old in enumerate(shown.frame.index[kept])}
            cells = {(places[row], key): why for (row, key), why in shown.celler.items() if row in places}
            shown = replace(shown, frame=shown.frame[kept].reset_index(drop=True), celler=cells)
        self.said.value = "".join(kit.status(text) for text in result.sammanfattning)
        self.shown.value = table.render(shown)
