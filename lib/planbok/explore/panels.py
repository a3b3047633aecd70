"""Saving what stands on the dials, opening what was saved, and what is saved side by side."""

import errno
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import plotly.graph_objects as go

from planbok.base.errors import Fault, InputError, format_faults, gathered
from planbok.base.workspace import Folders, shown
from planbok.explore import kit, saving
from planbok.explore.board import Board, Compared
from planbok.explore.figures import Picture, on_one_axis
from planbok.explore.forms import numbered
from planbok.explore.rows import TableWidget
from planbok.explore.state import load
from planbok.inputs.scenario.load import BAS, BASELINE, read_scenario, scenario_ids, scenario_paths
from planbok.report import table as tables
from planbok.report.text import in_words

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # what a full disk is called, and a spent quota
BASES = ("utfall", "beslutad", "beraknad", "forslag", "prognos", "antagande")
MOST = 4
HALF = widgets.Layout(flex="1 1 26rem", min_width="20rem", max_width="38rem", overflow="visible")
Options = list[tuple[str, str]]  # what is shown, and the id


class Save:
    """Title, question, basis and reason are the person's; the file is checked as a run would check it, then written."""

    def __init__(self, board: Board):
        self.board = board
        self.saved = ""  # the scenario whose file says what stands on the dials
        self.fields = {
            "titel": kit.words("Titel", "Nya lokaler från hösten"),
            "id": kit.words("Filnamn", "nya_lokaler_hosten"),
            "fraga": kit.words("Fråga", "Vad kostar lokalerna i år och på helår?", rows=2),
            "underlag": kit.choice("Vilar på", [("välj …", ""), *((in_words(b), b) for b in BASES)], ""),
            "motivering": kit.words("Varför", "Hyresavtalet från mars", rows=2),
        }
        self.note, self.suggested = widgets.HTML(), ""
        self.reasons = Reasons(board)
        self.yes = kit.button("Ja, skriv över", lambda: self.save(overwrite=True))
        self.yes.layout.display = "none"
        kit.on_change(self.fields["titel"], self._suggest)
        kit.on_change(self.fields["id"], self._ask_again)
        board.told.append(self._moved)

    def draft(self) -> saving.Draft:
        """The scenario as the fields say it."""
        values = {name: field.value.strip() for name, field in self.fields.items()}
        state, notes = self.board.state, dict(self.board.table.notes)
        changes = self.reasons.given(state.changes())
        return saving.Draft(**values, changes=changes, builds_on=state.builds_on, notes=notes)

    def save(self, overwrite: bool = False) -> None:
        """Saves, or says below each field what is missing; asks before a file that exists is written over."""
        draft, folders = self.draft(), self.board.topic.case.sources.folders
        self._ask_again()
        found = saving.problems(draft)
        for name, field in self.fields.items():
            field.problem = found.get(name, "")
        if "id" not in found and (other := saving.other_kind(draft.id, folders)):
            found["id"] = self.fields["id"].problem = f"{other} finns redan. Välj ett annat namn."
        if found or self.board.waiting:
            text = found.get("changes") or "Inget är sparat: rätta först det som är markerat."
            self.note.value = kit.alert(text)
        elif draft.id in scenario_ids(folders) and not overwrite:
            self._ask(draft.id)
        else:
            self._write(draft, overwrite)

    def _write(self, draft: saving.Draft, overwrite: bool) -> None:
        case = self.board.topic.case
        try:
            saving.check(draft, case, self.board.topic.verify)
            path = saving.write(draft, case.sources.folders, overwrite)
        except InputError as error:
            self.note.value = kit.alert("Inget är sparat. " + format_faults(error.faults))
        except FileExistsError:
            self._ask(draft.id)
        except OSError as error:
            why = "Disken är full." if error.errno in FULL else "Har du rätt att skriva där?"
            text = f"Inget är sparat: det går inte att skriva i params/scenarier. {why}"
            self.note.value = kit.alert(text)
        else:
            self.saved = draft.id
            self.board.saved = [draft.id, *(name for name in self.board.saved if name != draft.id)]
            self.board.opened = load(case, draft.id)
            self.note.value = kit.status(f"Sparat som {shown(path)}. Samma siffror kommer ur planbok run.")

    def _ask(self, scenario_id: str) -> None:
        self.note.value = kit.alert(f"Scenariot {scenario_id} finns redan. Ska det skrivas över?")
        self.yes.layout.display = ""

    def _ask_again(self) -> None:
        self.yes.layout.display = "none"
        self.note.value = ""

    def _moved(self) -> None:
        """What was saved is no longer what stands on the dials."""
        self.saved = ""
        self._ask_again()

    def _suggest(self) -> None:
        """A file name out of the title, until the person has written one."""
        if self.fields["id"].value in ("", self.suggested):
            self.suggested = saving.suggested_id(self.fields["titel"].value)
            self.fields["id"].value = self.suggested

    def widget(self) -> widgets.Widget:
        save = kit.button("Spara som scenario", self.save, primary=True)
        self.reasons.renew()
        return widgets.VBox([*self.fields.values(), self.reasons.place, widgets.HBox([save, self.yes]), self.note])


class Reasons:
    """A reason of its own for each change, where the common one will not do."""

    def __init__(self, board: Board):
        self.board = board
        self.fields: dict[str, kit.Field] = {}
        self.place = widgets.VBox()
        self.place.add_class("planbok-reasons")
        board.told.append(self.renew)

    def renew(self) -> None:
        """A field for each change that has no reason yet, with what is written in it kept."""
        try:
            changes = self.board.state.changes()
            named = {saving.key_of(c): n.change.describe() for c, n in zip(changes, numbered(changes), strict=True)}
        except InputError:  # said at the dial that has it
            return
        kept = {saving.key_of(change) for change in changes if "motivering" not in change}
        found = {key: self.fields.get(key) or kit.words(text) for key, text in named.items() if key in kept}
        for key, field in found.items():
            field.control.description = named[key]
        if [*found] == [*self.fields]:
            return
        self.fields = found
        shown = [kit.heading("Eget skäl per förändring, om de skiljer sig"), *self.fields.values()]
        self.place.children = shown if len(self.fields) > 1 else []

    def given(self, changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The changes with the reasons that are written for them alone."""
        own = {key: " ".join(field.value.split()) for key, field in self.fields.items()}
        return [
            {**change, "motivering": reason} if (reason := own.get(saving.key_of(change), "")) else change
            for change in changes
        ]


@dataclass
class Open:
    """Puts a saved scenario on the dials; what they can't show is kept and listed."""

    board: Board
    save: Save

    def __post_init__(self):
        self.choice = kit.choice("Scenario", self._ids(), self.board.opened.id)
        self.note = widgets.HTML()

    def _ids(self) -> Options:
        return saved_first(offered(self.board.topic.case.sources.folders), self.board.saved)

    def renew(self) -> None:
        """Offers the scenarios that there are now."""
        chosen, options = self.choice.value, self._ids()
        self.choice.control.options = options
        ids = [name for _, name in options]
        self.choice.value = chosen if chosen in ids else ids[0]

    def open(self) -> None:
        """Opens the chosen scenario, and lists the changes that no dial can show."""
        name, board = self.choice.value, self.board
        try:
            scenario = load(board.topic.case, name)
        except InputError as error:
            self.note.value = kit.alert("Inget är öppnat. " + format_faults(error.faults))
            return
        board.open(scenario)
        self.save.saved = name if not board.waiting else ""
        for key, value in {"titel": scenario.titel, "fraga": scenario.fraga, "id": name}.items():
            self.save.fields[key].value = "" if name == "bas" else value
        kept = len(board.state.kept) + len(board.state.beneath)
        beside = f" {kept} förändringar ligger kvar vid sidan av reglagen." if kept else ""
        self.note.value = kit.status(f"{scenario.titel} ligger på reglagen.{beside}")

    def widget(self) -> widgets.Widget:
        row = widgets.HBox([kit.button("Öppna", self.open, primary=True), kit.button("Uppdatera listan", self.renew)])
        return widgets.VBox([self.choice, row, self.note])


class Compare:
    """Several scenarios picked from those that are saved; those saved here come first."""

    def __init__(self, board: Board):
        self.board, self.topic, self.saved = board, board.topic, board.saved
        self.choice = kit.several("Scenarier", self._ids())
        self.note, self.result = widgets.HTML(), widgets.VBox()

    def _ids(self) -> Options:
        return saved_first(offered(self.topic.case.sources.folders, with_baseline=False), self.board.saved)

    def renew(self) -> None:
        """Offers the scenarios that there are now; picks those saved here where there is one more."""
        chosen, options = self.choice.value, self._ids()
        if self.saved != self.board.saved:
            self.saved = self.board.saved
            chosen = tuple(self.saved[:MOST])
        self.choice.control.options = options
        ids = [name for _, name in options]
        self.choice.value = tuple(name for name in chosen if name in ids)

    def compare(self) -> None:
        """Shows those picked; one that can't be used here is named with its faults, and the others are shown."""
        names = self.choice.value
        if not 1 <= len(names) <= MOST:
            self.note.value = kit.alert(f"Välj ett till {MOST} scenarier i listan.")
            return
        sound, faults = [], list[Fault]()
        for name in names:
            with gathered(faults):
                scenario = load(self.topic.case, name)
                self.topic.compare([scenario])
                sound.append(scenario)
        self.note.value = kit.alert(format_faults(faults)) if faults else ""
        self.result.children = self._shown(self.topic.compare(sound)) if sound else []

    def _shown(self, compared: Compared) -> list[widgets.Widget]:
        on_one_axis(compared.bridges.values())
        bridges = [
            widgets.VBox([*([kit.heading(title)] if isinstance(bridge, str) else []), _drawn(bridge)], layout=HALF)
            for title, bridge in compared.bridges.items()
        ]
        table = TableWidget(value=tables.render(compared.table))
        return [table, _drawn(compared.figure), widgets.HBox(bridges, layout=kit.WRAP)]

    def widget(self) -> widgets.Widget:
        row = [kit.button("Jämför", self.compare, primary=True), kit.button("Uppdatera listan", self.renew)]
        return widgets.VBox([self.choice, widgets.HBox(row), self.note, self.result])


def saved_first(options: Options, saved: list[str]) -> Options:
    """The baseline, what has been saved here with the newest first, and the others as they were.

    >>> saved_first([("Budget", "bas"), ("A", "a"), ("B", "b")], ["b"])
    [('Budget', 'bas'), ('B', 'b'), ('A', 'a')]
    """
    places = {BAS.id: -1} | {name: place for place, name in enumerate(saved)}
    return sorted(options, key=lambda option: places.get(option[1], len(saved)))


def _drawn(shown: go.Figure | str) -> widgets.Widget:
    return kit.line(shown) if isinstance(shown, str) else Picture(shown)


_said: dict[tuple[Path, int], str] = {}


def offered(folders: Folders, with_baseline: bool = True) -> Options:
    """Every scenario that there is now, the baseline first, then by title."""
    found = [(_label(name, path), name) for name, path in scenario_paths(folders).items()]
    first = [(BAS.titel, BASELINE)] if with_baseline else []
    return [*first, *sorted(found, key=lambda option: option[0].casefold())]


def _label(name: str, path: Path) -> str:
    """Title, file name, day of the file, and what it builds on; a file that can't be read is told when it is chosen."""
    try:
        stamp = path.stat().st_mtime
        key = (path, int(stamp * 1000))
        if key not in _said:
            value = read_scenario(path, []).value or {}
            beneath = value.get("bygger_pa") or []
            on = [str(one) for one in beneath if one != BASELINE] if isinstance(beneath, list) else []
            parts = [str(value.get("titel") or name), date.fromtimestamp(stamp).isoformat()]
            _said[key] = " · ".join([*parts, *([f"bygger på {', '.join(on)}"] if on else []), name])
        return _said[key]
    except (InputError, OSError, AttributeError):
        return name
