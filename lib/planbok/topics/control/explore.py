"""Try it yourself: how much a price or an amount may differ before a line is a fault."""

from collections.abc import Sequence
from functools import partial

from planbok.base.numbers import format_unit
from planbok.base.words import counted
from planbok.case.result import Column, KeyFigure, Result
from planbok.disclosure.door import seen
from planbok.explore.beside import alike, dials_table, number, scenarios_bars, scenarios_table
from planbok.explore.board import Answer, Board, BoardTopic, Compared
from planbok.explore.desk import explorer_of
from planbok.explore.dial import Dial
from planbok.explore.figures import differences
from planbok.explore.forms import of_rule
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.topics.control import view
from planbok.topics.control.study import ROUNDING_RULE, WITHIN_RULE, Study, study, tried

DIALS = {
    WITHIN_RULE: ("Så mycket får priset skilja", "kr", 100),
    ROUNDING_RULE: ("Så mycket får beloppet skilja", "kr", 1000),
}
LABELS = {"fel_kr": "Fakturerat för mycket", "atervunnet_kr": "Redan krediterat"}
GROUP = "När något är ett fel"


def build(done: Study) -> Board:
    """The dials with their parts in reach, for tests and for other notebooks."""
    bas = protected(tried(done, BAS))
    forms = [of_rule(rule, Dial(label, unit, 0, most, 1), done.case) for rule, (label, unit, most) in DIALS.items()]
    return Board(
        BoardTopic(
            done.case,
            {GROUP: forms},
            partial(answer, done, bas=bas),
            study,
            partial(compare, done),
            result=view.result,
        )
    )


def protected(done: Study) -> Result:
    """What the dials move, as the case's audience may see it."""
    return seen(done.case, view.faults(done))


def answer(done: Study, scenario: Scenario, bas: Result) -> Answer:
    """What is wrong under what stands on the dials, beside what is without it."""
    shown = protected(tried(done, scenario))
    before, now = alike(bas.nyckeltal, shown.nyckeltal)
    was, becomes = ([number(figures["fel_antal"])] for figures in (before, now))
    title = "Fel i fakturorna, utan och med reglagen"
    figure = differences(
        ["Rader med fel"], was, becomes, title=title, mattenhet="Fel, rader", decimaler=0, missing="skyddas"
    )
    return Answer(_sentence(now["fel_antal"], now["fel_kr"]), figure, dials_table(title, "Kronor", LABELS, before, now))


def _sentence(count: KeyFigure, kr: KeyFigure) -> str:
    lines = counted(count.varde, "fakturarad", "fakturarader") if count.varde is not None else ""
    told = f"{lines} är fel" if lines else f"Hur många fakturarader som är fel {count.why}"
    if kr.varde is None:
        return f"{told}. Hur mycket de gäller {kr.why}."
    how = "mycket" if kr.varde >= 0 else "litet"
    return f"{told}: {kr.about}{format_unit(abs(kr.varde), 'kr')} för {how}."


def compare(done: Study, scenarios: Sequence[Scenario]) -> Compared:
    """Saved scenarios side by side: how many lines are wrong in each, and by how much."""
    found = [(one.titel, protected(tried(done, one)).nyckeltal) for one in (BAS, *scenarios)]
    columns = (Column("fel_antal", "Rader med fel"), Column("fel_kr", "Fakturerat för mycket"))
    table = scenarios_table("Fel i fakturorna", found, columns)
    values = {"Fakturerat för mycket": table.frame["fel_kr"].tolist()}
    title = f"Fel i fakturorna i {len(found)} lägen"
    return Compared(table, scenarios_bars(table, values, "kr", title=title, mattenhet="kr", decimaler=0), {})


explorer = explorer_of(build)
