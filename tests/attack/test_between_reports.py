"""What one report shows of another's figures: the goals and the prognosis tell no more than the topic's own reports."""

import re
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
import pandas as pd
from attack.test_invoices import MONTHS, unit_with_faults
from attack.units import ENHET

from planbok.base.periods import MONTH_NAMES
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics import TOPICS
from planbok.topics.answer import answer, others

SMALLEST = 5
FIGURES = {
    "Antal ej verkställda beslut": "ej_verkstallda_antal",
    "Andel ärenden beslutade i tid": "arenden_i_tid_procent",
    "Andel genomförandeplaner i tid": "planer_i_tid_procent",
}
INSATSER = ("daglig_verksamhet", "kontaktperson")


def unit_with_goals(folder):
    """A unit of decisions, orders and cases of which a few come each month, and goals of them for every month."""
    rng, count = np.random.default_rng(4), 110
    decided = pd.to_datetime("2023-05-01") + pd.to_timedelta(np.sort(rng.integers(0, 600, count)), unit="D")
    begun = pd.Series(decided + pd.to_timedelta(rng.integers(20, 330, count), unit="D"))
    plan = pd.Series(decided + pd.to_timedelta(rng.integers(5, 24, count), unit="D"))
    rows = pd.DataFrame({"beslutsdatum": decided.strftime("%Y-%m-%d"), "insats": rng.choice(INSATSER, count)})
    rows = rows.assign(fran=rows["beslutsdatum"], till="", enhet=ENHET, regi="kommunal", niva="", lagrum="LSS")
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in range(count)], beslut=[f"b{n:05d}xyz" for n in range(count)])
    rows = rows.assign(verkstalld=begun.dt.strftime("%Y-%m-%d").where(begun < "2024-12-31", ""))
    rows = rows.assign(bestalld=rows["fran"], plan_in=plan.dt.strftime("%Y-%m-%d").where(rng.random(count) < 0.8, ""))
    rows.assign(utforare=rng.choice(["a", "b", "c"], count)).to_csv(folder / "beslut.csv", index=False)
    cases = pd.DataFrame({"enhet": ENHET, "insats": rows["insats"], "beslutsdatum": rows["beslutsdatum"]})
    asked = (decided - pd.to_timedelta(rng.integers(20, 150, count), unit="D")).strftime("%Y-%m-%d")
    cases.assign(ansokan=asked, arende=[f"a{n:05d}xyz" for n in range(count)], handlaggare="").to_csv(
        folder / "arenden.csv", index=False
    )
    goals = [{"enhet": ENHET, "ar": 2024, "indikator": name, "arsmal": "3"} for name in FIGURES]
    empty = {"namndmal": "", "kf_arsmal": "", "periodicitet": "Månad", "kalla": "Prov"}
    pd.DataFrame(goals).assign(**empty).to_csv(folder / "mal.csv", index=False)
    return load_sources(Folders((PARAMS,), folder)), rows


def shown(sources, notebook: str, spridning: str, **given):
    case = open_case(notebook, enhet=ENHET, ar=2024, spridning=spridning, sources=sources, **given)
    return answer(case).result


def number(text: str | float) -> float | None:
    """An outcome as the report writes it, without to when it is counted."""
    found = re.match(r"[\d,]+", text) if isinstance(text, str) else None
    return float(found[0].replace(",", ".")) if found else None


def goals_of(sources, spridning: str, *reports: str) -> dict[tuple[str, int], str]:
    """What reports on goals say of three months each: the month's outcome and the two before it."""
    said = {}
    for per in reports:
        month = {"T1": 4, "T2": 8, "VB": 12}[per]
        rows = shown(sources, "mal_och_aktiviteter", spridning, per=per).tabeller["indikatorer"].frame
        for row in rows.to_dict("records"):
            texts = [row["utfall"], *(str(row[key]).partition(": ")[2] for key in ("fore_1", "fore_2"))]
            said |= {(row["indikator"], month - back): text for back, text in enumerate(texts)}
    return said


def test_goals_show_what_the_report_on_decisions_shows(tmp_path):
    """The goals' outcomes were the month's own, while the report that they come of stood still."""
    sources, rows = unit_with_goals(tmp_path)
    said = goals_of(sources, "ledning", "T2", "VB")
    exact = goals_of(sources, "arbetsmaterial", "T2")
    months, stood, plans = sorted({month for _, month in said}), [], {}
    for month in months:
        day = f"{pd.Period(f'2024-{month:02d}').end_time:%Y-%m-%d}"
        result = shown(sources, "beslut_i_tid", "ledning", per_datum=day)
        label = result.nyckeltal["planer_i_tid_procent"].etikett
        counted = next((number for number in range(1, month) if f" {MONTH_NAMES[number - 1]} " in label), month)
        plans[counted] = result.tabeller["planer"].frame.set_index("utforare")[["bestallda_antal", "i_tid_antal"]]
        for name, key in FIGURES.items():
            value, told = result.nyckeltal[key].varde, number(said[name, month])
            assert told is None or (value is not None and told == round(value, 1)), (name, month, said[name, month])
            assert told is None or ("räknat" in said[name, month]) == result.nyckeltal[key].etikett.endswith("2024")
        stood.append(number(said["Antal ej verkställda beslut", month]))
    assert any(number(said[key]) not in (None, number(exact[key])) for key in exact), "it stands in some month"
    _moves_with_enough(rows, months, stood)
    assert len(plans) < len(months), "they stand in some month"
    _plans_move_with_enough(tmp_path, plans)


def _moves_with_enough(rows: pd.DataFrame, months: list[int], stood: list[float | None]) -> None:
    """How many have begun or ceased to wait between the months in which another number is shown, by hand."""
    over = pd.to_datetime(rows["beslutsdatum"]) + pd.DateOffset(months=3)
    begun = pd.to_datetime(rows["verkstalld"])
    ends = [pd.Period(f"2024-{month:02d}").end_time for month in months]
    waits = [set(np.flatnonzero((over < day.normalize()) & ~(begun <= day))) for day in ends]
    known = [place for place, value in enumerate(stood) if value is not None]
    changed = [known[0], *(now for before, now in pairwise(known) if stood[now] != stood[before])]
    assert len(changed) > 2
    assert all(len(waits[first] ^ waits[last]) >= SMALLEST for first, last in pairwise(changed))


def _plans_move_with_enough(folder, said: dict[int, pd.DataFrame]) -> None:
    """How many orders have come or changed between the months to which a provider's rows are counted, by hand."""
    rows = pd.read_csv(folder / "beslut.csv", dtype=str, keep_default_na=False)
    last, came, states = pd.to_datetime(rows["bestalld"]) + pd.Timedelta(days=14), pd.to_datetime(rows["plan_in"]), {}
    for month in said:
        day = pd.Period(f"2024-{month:02d}").end_time.normalize()
        state = np.where(came <= day, np.where(came <= last, 1, 2), np.where(last < day, 3, 0))
        states[month] = state * (rows["bestalld"] >= "2024").to_numpy()
    for provider in ("Totalt", "a", "b", "c"):
        own = (rows["utforare"] == provider) | (provider == "Totalt")
        known = {month: its.loc[provider].tolist() for month, its in sorted(said.items()) if provider in its.index}
        known = {month: values for month, values in known.items() if not np.isnan(values).any()}
        for first, then in pairwise(known):
            moved = ((states[first] != states[then]) & own).sum()
            assert known[then] == known[first] or moved >= SMALLEST, (provider, first, then)


def test_the_prognosis_is_told_what_the_report_on_invoices_shows(tmp_path):
    """Month by month: the kronor, whether they are withheld, and to when they are counted."""
    sources = unit_with_faults(tmp_path)
    counted = set()
    for month in MONTHS:
        given = {"enhet": "provet", "ar": 2024, "tom_manad": month, "spridning": "ledning", "sources": sources}
        case = open_case("kostnadskontroll", **given)
        own, told = answer(case).result.nyckeltal["saknade_fakturor_kr"], others(case).to_come(month)
        assert (own.varde is None) == any("skyddas" in text for text in told.unknown)
        assert (own.varde or 0.0) == round(told.rows["kr"].sum(), 6)
        names = {"": "", "2024-03": ", januari–mars 2024", "2024-07": ", januari–juli 2024"}
        assert own.varde is None or own.etikett.endswith(f"kommit{names[told.counted]}")
        counted.add(told.counted)
    assert len(counted) == 3


def test_a_topic_whose_report_stands_gives_outcomes_that_stand():
    """Whoever has outcomes for the goals, and counts that stand in its own report, says which outcomes they are."""
    sources, tried = load_sources(Folders((PARAMS,))), set()
    for topic in TOPICS:
        for where in {*topic.outcomes.values()}:
            unit = {"assistance": "exempel_assistans"}.get(topic.id, "exempelenheten")
            case = open_case(topic.notebooks[0].id, enhet=unit, ar=2024, spridning="ledning", sources=sources)
            found = topic.part(where)(case, 2024, 8)
            stands = find_spec(f"{topic.package}.steady") is not None
            assert found.keys() <= topic.outcomes.keys()
            assert {bool(one.steady) for one in found.values()} <= {stands}, topic.id
            tried |= {topic.id} if found and stands else set()
    assert tried == {"assistance", "decisions"}
