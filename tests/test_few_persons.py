"""Units of nobody, one person or three: reports say what is the case in plain Swedish, and nothing of the persons."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from attack.every_file import runs
from studied_once import shown_to

from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import load_sources, open_case

PROTECTED = ("ledning", "offentlig")
BY_PERSON = ("insatser_manad", "lss_peng", "beslut_i_tid", "kostnadskontroll")
SPECIAL = r"nan|None|inf|null"
PLURAL = r"person|insats|mål|uppföljning|utredning|timm|dyg|rad|ärende|aktivitet|tjänst|lägenhet"
ONE = re.compile(rf"(?<![\d,.  −–])(?:1|en|ett) (?:{PLURAL})(?:er|ar|or|en|na)\b")
NOTHING = re.compile(r"(?<![\d,])0(?:,0)? (?:mnkr|personer|insatser|beslut|utredningar|ärenden|har|och|färre|fler)\b")
BROKEN = re.compile(rf"\b(?:{SPECIAL})\b|  | [.,;:]|\(\)|\.\.|var skyddas|\(skyddas \(")


def _rows(folder: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    path = folder / f"{name}.csv"
    rows = change(pd.read_csv(path, dtype=str, keep_default_na=False))
    rows.to_csv(path, index=False) if len(rows) else path.unlink()


def _unit(folder: Path, number: int) -> Path:
    """The sample with so many of its persons, staff and answers; with none, all that runs has ended by last year."""
    shutil.copytree(SAMPLE, folder)
    decisions = pd.read_csv(SAMPLE / "beslut.csv", dtype=str, keep_default_na=False)
    homes = decisions.query("insats == 'gruppbostad' and regi == 'privat' and till == ''")
    others = decisions.query("insats == 'kontaktperson' and till == ''")
    kept = [
        *homes["person"].drop_duplicates()[: max(number - 1, 1)],
        *others["person"].drop_duplicates()[: int(number > 1)],
    ]
    mine = decisions[decisions["person"].isin(kept)]
    if not number:
        ended = decisions["till"].where(decisions["till"].between("1", "2023-06-30"), "2023-06-30")
        mine = decisions.assign(till=ended)
        mine = mine[mine["fran"] < "2023-01-01"].assign(foljd_upp="", bevakning="", plan_in="")
    _rows(folder, "beslut", lambda rows: mine)
    _rows(folder, "fakturor", lambda rows: rows[rows["beslut"].isin(mine["beslut"])])
    _rows(folder, "arenden", lambda rows: rows[rows["ansokan"].str.startswith("2024")][:number])
    for name in ("mal", "indikatorutfall", "aktiviteter", "malbedomning", "kontroller"):
        when = "period" if name in ("indikatorutfall", "malbedomning") else "ar"
        _rows(
            folder,
            name,
            lambda rows, when=when: rows[rows["enhet"].eq("exempelenheten") & rows[when].str.startswith("2024")][
                : max(number, 1)
            ],
        )
    if number:
        _rows(folder, "bemanning", lambda rows: _staff(rows, number))
        _rows(folder, "assistanstimmar", lambda rows: rows[rows["grupp"] == rows["grupp"].iloc[0]])
        _rows(folder, "assistanstimmar", lambda rows: rows.assign(antal_personer=str(number)))
    return folder


def _staff(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """One group a unit, of so many."""
    rows = rows[rows["grupp"] == rows.groupby("enhet")["grupp"].transform("first")]
    hours = [name for name in rows if name.endswith("_h")]
    share = number / rows["anstallda"].astype(float)
    scaled = rows[hours].apply(lambda column: pd.to_numeric(column).mul(share).round().map("{:g}".format))
    return rows.assign(**scaled.replace("nan", ""), anstallda=str(number), arsarbetare=str(number))


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[tuple[int, str, str], list[str]]:
    """The first screens by how many there are, the audience and the notebook."""
    found = {}
    for number in (0, 1, 3):
        data = _unit(tmp_path_factory.mktemp(f"antal{number}") / "data", number)
        sources = load_sources(Folders((PARAMS,), data))
        for run in runs(9):
            if number == 0 and run["notebook"] not in ("insatser_manad", "lss_peng", "beslut_i_tid"):
                continue
            case = open_case(run["notebook"], sources=sources, scenario="bas", **run["parametrar"])
            for who, _, shown in shown_to(PROTECTED, case):
                texts = [text.replace("\N{NO-BREAK SPACE}", " ") for text in shown.sammanfattning]
                found[number, who, run["notebook"]] = texts
    return found


def test_no_sentence_counts_one_as_many_or_prints_a_zero_as_an_amount(said):
    odd = {
        (*key, text): found
        for key, texts in said.items()
        for text in texts
        if (found := [m.group() for rule in (ONE, NOTHING, BROKEN) for m in rule.finditer(text)])
    }
    assert not odd


@pytest.mark.parametrize("who", PROTECTED)
@pytest.mark.parametrize("notebook", ["insatser_manad", "lss_peng", "kostnadskontroll"])
def test_one_person_is_said_to_be_withheld_once_and_nothing_is_asserted(said, who, notebook):
    first = said[1, who, notebook][0]
    assert first.count("skyddas (få personer)") == 1
    assert not re.search(r"\d+ (?:personer|person|insatser|mnkr|kr)\b", first)


def test_a_small_staff_is_pointed_to_the_working_papers(said):
    for number in (1, 3):
        texts = said[number, "ledning", "bemanning_sjukfranvaro"]
        assert texts[0] == "Sjukfrånvaron skyddas (få personer)."
        assert texts[-1] == "Det som skyddas finns i arbetsmaterialet för enhetens chef."
        assert "Övertid och inhyrd personal i september skyddas (få personer)." in texts


@pytest.mark.parametrize("who", PROTECTED)
@pytest.mark.parametrize("number", [1, 3])
def test_overtime_of_a_small_staff_is_withheld_in_the_report_on_assistance_too(said, number, who):
    texts = said[number, who, "assistans"]
    assert "Vad övertid och inhyrda har kostat skyddas (få personer)." in texts
    assert not any(re.search(r"\d+ (?:kr|mnkr)\b", text) for text in texts if "vertid" in text)


def test_the_answer_is_three_to_eight_sentences(said):
    assert not {key: texts for key, texts in said.items() if not 3 <= len(texts) <= 8}


def test_nobody_left_is_said_in_words(said):
    stood = "Den 31 juli 2023 löpte inga insatser, lika många som rapporten för ett år sedan visar"
    assert said[0, "ledning", "insatser_manad"][0] == f"{stood}; så få har ändrats sedan dess att antalet står kvar."
    assert said[0, "ledning", "lss_peng"][0].startswith("LSS-peng 2024 kan inte räknas fram")
    assert said[0, "ledning", "beslut_i_tid"][0] == "Inget beslut väntar på att verkställas sedan mer än 3 månader."
