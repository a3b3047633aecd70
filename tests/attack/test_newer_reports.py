"""Older people's care, invoices and officers: what the price list, a sum or a month's days would say of few persons."""

import numpy as np
import pandas as pd
import pytest
import test_control as control
import test_decisions as decisions
import test_home_care as care

from planbok.topics import answer

PROTECTED = ("ledning", "offentlig")
PRIVATE = 2  # of 42 full months in somatic homes


def homes() -> tuple[list[dict], list[dict]]:
    rows = [care.home(month, 40, (900, 880, 860)) for month in care.months(3)]
    public, private = (
        [care.place(month, helmanader=count, regi=regi) for month in care.months(3)]
        for regi, count in (("kommunal", 42 - PRIVATE), ("privat", PRIVATE))
    )
    return rows, public + private


def in_private(kr_per_month: float, one: float, other: float) -> float:
    """How many of 42 have the second price of a full month, solved out of the mean."""
    return 42 * (kr_per_month - one) / (other - one)


@pytest.mark.parametrize("spridning", PROTECTED)
def test_a_mean_price_does_not_say_how_many_have_which_management(tmp_path, spridning):
    found = {}
    for who in ("arbetsmaterial", spridning):
        for name, (rows, places) in (("mix", homes()), ("one", (homes()[0], homes()[1][:3]))):
            (tmp_path / who / name).mkdir(parents=True)
            found[who, name] = care.report(tmp_path / who / name, rows, places, spridning=who).result.tabeller
    price = lambda who, name: found[who, name]["brytpunkt"].frame["kr_per_manad"].iloc[0]  # noqa: E731
    other = care.report(tmp_path, homes()[0], homes()[1][3:]).result.tabeller["brytpunkt"].frame["kr_per_manad"].iloc[0]
    solved = in_private(price("arbetsmaterial", "mix"), price("arbetsmaterial", "one"), other)
    assert solved == pytest.approx(PRIVATE)  # the working papers, where all stands
    assert price(spridning, "one") > 0 and np.isnan(price(spridning, "mix"))
    tables = found[spridning, "mix"]
    money = tables["prognos"].frame.set_index("slag")
    assert money.loc["Somatiskt boende", ["hittills_mnkr", "resten_mnkr", "prognos_mnkr"]].isna().all()
    assert money.loc["Hemtjänst dag, kväll och helg", "hittills_mnkr"] > 0
    assert tables["kanslighet"].frame[["kr", "helar_kr"]].isna().all(axis=None)  # a hundredth of the sum gives the sum
    assert tables["boende_per_manad"].frame["somatisk"].tolist() == [42, 42, 42]


@pytest.mark.parametrize("spridning", ("arbetsmaterial", *PROTECTED))
def test_a_changed_price_does_not_say_in_the_budget_how_many_have_it(sample_copy, make_case, spridning):
    rows, places = homes()
    for name, table in (("hemtjanst", rows), ("vobo", places)):
        pd.DataFrame(table).assign(enhet="exempel_aldre").to_csv(sample_copy / f"{name}.csv", index=False)
    change = {"typ": "regel", "regel": "vobo.somatisk.privat", "fran": "2024-01-01", "varde": 3000}
    hours = {"typ": "timmar", "insats": "hemtjanst", "h_per_arende_procent": 10, "fran": "2024-01-01"}
    case = make_case([change, hours], enhet="exempel_aldre", ar=2024, spridning=spridning, data=sample_copy)
    moved = answer.others(case).effects(case.scenario)
    shown = set(moved.rows["effekt"])
    assert shown == ({"hemtjanst", "vobo"} if spridning == "arbetsmaterial" else {"hemtjanst"})
    assert any("få personer" in text for text in moved.unknown) == (spridning != "arbetsmaterial")


def missing_days(tmp_path, audience: str, moved_in: tuple[str, ...]) -> dict:
    """Unbilled days of March, of five persons or more who have not been billed, some of whom came during the month."""
    rows = [control.decision(n, fran=day) for n, day in enumerate(moved_in)]
    rows += [control.decision(20 + n, fran="2020-01-01") for n in range(6)]
    lines = [control.line(20 + n, month) for n in range(6) for month in (1, 2, 3)]
    (tmp_path / audience).mkdir()
    found = control.report(tmp_path / audience, lines, rows, audience=audience, tom_manad=3).result
    return found.tabeller["saknade_fakturor"].frame.set_index("manad").loc["2024-03"].to_dict()


@pytest.mark.parametrize("spridning", PROTECTED)
def test_days_without_an_invoice_do_not_say_when_one_came(tmp_path, spridning):
    came = ("2024-03-13", *["2024-03-01"] * 5)
    whole = missing_days(tmp_path, "arbetsmaterial", came)
    assert whole["dygn"] == 6 * 31 - 12  # who reads it knows that one came on the thirteenth
    shown = missing_days(tmp_path, spridning, came)
    assert np.isnan(shown["dygn"]) and shown["beslut_antal"] == 6
    (tmp_path / "quiet").mkdir()
    assert missing_days(tmp_path / "quiet", spridning, ("2024-03-01",) * 6)["dygn"] == 6 * 31
    (tmp_path / "many").mkdir()
    assert missing_days(tmp_path / "many", spridning, ("2024-03-13",) * 6)["dygn"] == 6 * 19


@pytest.mark.parametrize("spridning", PROTECTED)
@pytest.mark.parametrize("shares", [(0.75,), (1.0, 1.0, 0.5)])
def test_no_officer_of_few_has_a_working_share_or_a_load(tmp_path, spridning, shares):
    month = [{"enhet": "provet", "manad": "2016-12", "tjanster": len(shares), "i_tjanst": len(shares)}]
    tables = {"arenden": decisions.cases(60, 20), "handlaggare": decisions.officers(*shares)}
    tables |= {"bemanning_handlaggare": month}
    shown = decisions.report(tmp_path, decisions.beslut(*[{}] * 40), spridning=spridning, **tables).result
    queue, load = (shown.tabeller[name].frame for name in ("kapacitet", "belastning"))
    assert queue[["i_tjanst", "hinner_antal", "nya_antal", "vantan_dagar"]].isna().all(axis=None)
    assert load[["i_tjanst", "tjanster", "per_i_tjanst", "per_tjanst"]].isna().all(axis=None)
    assert shown.nyckeltal["personer_per_handlaggare"].varde is None and queue["ko_antal"].notna().all()
