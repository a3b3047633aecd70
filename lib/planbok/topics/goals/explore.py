"""Try it yourself: choose a report and a goal, turn an outcome and see how it stands. No scenario of its own."""

from dataclasses import replace

import ipywidgets as widgets

from planbok.case.case import Case, Journal
from planbok.case.result import Result
from planbok.disclosure.door import seen
from planbok.explore import kit
from planbok.explore.desk import FROM
from planbok.explore.dial import Keys
from planbok.explore.origin import WITH, From
from planbok.explore.rows import TableWidget
from planbok.report import table
from planbok.topics.goals import view
from planbok.topics.goals.indicators import turned
from planbok.topics.goals.occasions import REPORTS
from planbok.topics.goals.study import REPORT_NAMES, Study, study

EVERY = "Alla mål"


class Explorer(widgets.VBox):
    """What chooses report, goal and outcome, and below it sentences and list as the case's audience may see them."""

    def __init__(self, done: Study):
        self.studies, self.others = {done.per: done}, done.others
        self.per = kit.choice("Rapport", [(REPORT_NAMES[per].capitalize(), per) for per in REPORTS], done.per)
        goals = dict.fromkeys(it.chain["kf_mal_text"] or EVERY for it in done.indicators)
        self.goal = kit.choice("Mål", list(dict.fromkeys([EVERY, *goals])), EVERY)
        self.indicator = kit.choice(
            "Indikator", [("ingen ändras", -1), *((it.namn, it.key) for it in done.indicators)], -1
        )
        self.value = kit.Field(widgets.FloatText(description="Utfall", style=kit.LABEL, layout=kit.WIDE))
        self.said, self.shown = widgets.HTML(), TableWidget()
        self.said.add_class("planbok-answer")
        controls = (self.per, self.goal, self.indicator, self.value)
        self.tried = False  # whether the outcome is the person's own
        kit.on_change(self.per, self._begin)
        kit.on_change(self.indicator, self._begin)
        kit.on_change(self.value, self._try)
        for control in controls:
            kit.on_change(control, self.update)
        self.came = From(self._whole)
        self.panels = kit.Panels("Mer", {FROM: self.came.widget()})
        inside = [Keys(self.where_from), self.said, *controls, self.shown, self.panels]
        super().__init__(inside)
        self.add_class("planbok-board")
        self._begin()
        self.update()

    def _try(self) -> None:
        self.tried = True

    def _begin(self) -> None:
        """Begins at the chosen indicator's outcome, as it is shown: nothing is tried until it is changed."""
        self.tried, key = False, self.indicator.value
        self.value.control.disabled = key < 0
        shown, outcome = self.answer().tabeller["lista"], 0.0
        places = [place for place, part in enumerate(shown.frame["del"]) if part[0] == str(key)]
        if places:
            outcome = float(shown.frame["utfall_varde"].fillna(0.0).iloc[places[0]])
        self.value.value = round(outcome, 1)
        self.tried = False

    def where_from(self, came: str) -> None:
        """Opens the panel of where numbers come from at one of them."""
        self.panels.chosen.value = FROM
        self.came.ask(came)

    def answer(self) -> Result:
        """The result of the report that is chosen, with the outcome that is tried, as the audience may see it."""
        return seen(*self._whole(WITH))

    def _whole(self, which: str) -> tuple[Case, Result]:
        """The whole result, with what is chosen and tried or as the notebook has it."""
        first = next(iter(self.studies.values()))
        if which != WITH:
            return first.case, view.result(first)
        case, per = first.case, self.per.value
        if per not in self.studies:
            asked = replace(case, parametrar={**case.parametrar, "per": per}, journal=Journal())
            self.studies[per] = study(asked, self.others)
        found = self.studies[per]
        if self.tried and self.indicator.value >= 0:
            tried = (turned(it, self.value.value) if it.key == self.indicator.value else it for it in found.indicators)
            found = replace(found, indicators=tuple(tried))
        return found.case, view.result(found)

    def update(self) -> None:
        """Computes and shows the answer."""
        self.came.moved()
        result = self.answer()
        shown = result.tabeller["lista"]
        if self.goal.value != EVERY:
            kept = shown.frame["kf_mal_text"] == self.goal.value
            places = {old: new for new, old in enumerate(shown.frame.index[kept])}
            cells = {(places[row], key): why for (row, key), why in shown.celler.items() if row in places}
            shown = replace(shown, frame=shown.frame[kept].reset_index(drop=True), celler=cells)
        self.said.value = kit.lead(" ".join(result.sammanfattning))
        self.shown.value = table.render(shown)


explorer = Explorer
