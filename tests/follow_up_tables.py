"""Small tables of outturn and budget, made for one test each."""

from functools import cache
from pathlib import Path

import yaml_files
from ruamel.yaml import YAML

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Case, Sources, load_sources, open_case
from planbok.disclosure.policy import Policy
from planbok.disclosure.protect import protect
from planbok.inputs.tables.collection import Collection
from planbok.topics import follow_up

UNIT, AR = "prov", 2024


def write_tables(folder: Path, rader: dict, fore: dict | None = None, version: str = "vp") -> Path:
    """Tables budget and utfall of one unit, from rows (or "row / operation") to budget and booked months, mnkr."""
    folder.mkdir(parents=True, exist_ok=True)
    budget = ["enhet,ar,version,budgetrad,kostnad_mnkr,intakt_mnkr,verksamhet,finansiering"]
    outturn = ["enhet,manad,budgetrad,kostnad_kr,intakt_kr,verksamhet"]
    for name, one in rader.items():
        row, _, operation = name.partition(" / ")
        if "budget" in one:
            pays = one.get("finansiering", "")
            budget.append(f"{UNIT},{AR},{version},{row},{one['budget']},{one.get('intakt', 0)},{operation},{pays}")
        outturn += [_booked(AR, month, row, kr, operation) for month, kr in enumerate(one.get("utfall", ()), start=1)]
    for name, months in (fore or {}).items():
        row, _, operation = name.partition(" / ")
        outturn += [_booked(AR - 1, month, row, kr, operation) for month, kr in enumerate(months, start=1)]
    (folder / "budget.csv").write_text("\n".join(budget), "utf-8")
    (folder / "utfall.csv").write_text("\n".join(outturn), "utf-8")
    return folder


def _booked(year: int, month: int, row: str, mnkr: float, operation: str) -> str:
    return f"{UNIT},{year}-{month:02d},{row},{round(mnkr * 1_000_000)},0,{operation}"


def write_rules(params: Path, rules: dict) -> None:
    """The project's own rules of the follow-up with some of their values changed."""
    path = PARAMS / "regler" / "uppfoljning.yaml"
    known = yaml_files.read(path)
    for key, value in rules.items():
        known[key]["varden"] = [{"varde": value, "underlag": "antagande", "kalla": "Prov"}]
    (params / "regler").mkdir(parents=True, exist_ok=True)
    with (params / "regler" / "uppfoljning.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(known, file)


@cache
def published() -> Sources:
    """The project's own rules, read once for all tests."""
    return load_sources(Folders((PARAMS,)))


def open_month(tmp_path: Path, tom_manad: int, changes: list[dict] = (), rules: dict | None = None, **more) -> Case:
    """A case of the notebook manadsprognos on the tables in tmp_path / data."""
    from conftest import write_scenario

    params = tmp_path / "params"
    params.mkdir(exist_ok=True)
    if changes:
        write_scenario(params, "prov", list(changes))
        more = {"scenario": "prov", **more}
    if rules:
        write_rules(params, rules)
    folders = Folders((params, PARAMS), tmp_path / "data")
    own = load_sources(folders) if (params / "regler").is_dir() else published()
    sources = Sources(folders, own.rules, own.placement, Collection(folders.data))
    more = {"enhet": UNIT, "ar": AR, **more}
    return open_case(more.pop("notebook", "manadsprognos"), sources=sources, tom_manad=tom_manad, **more)


def month_result(tmp_path: Path, tom_manad: int, **more):
    """The month's study, alone without what other topics say, and its result in working papers."""
    study = follow_up.study.study(open_month(tmp_path, tom_manad, **more))
    return study, protect(follow_up.view.result(study), Policy("arbetsmaterial"))
