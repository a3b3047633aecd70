"""The pages that lead to the reports."""

import re

import pytest

from planbok.report.index import render_plan_index, render_run_index
from planbok.report.matrix import matrix

HOSTILE = '</style><script>alert(1)</script>" onclick="x'
MANIFEST = {"plan": "exempel", "run_id": "20240930T060000Z", "started": "2024-09-30T06:00:00Z", "planbok": "0.1.0"}
MANIFEST |= {"status": "ej_faststalld", "runs": [{"status": "ok", "checks_failed": 0}]}
ERROR = {"section": "Kontroller", "type": "InputError", "message": "FEL I PLANEN\n  rad 3"}


def report(**changes):
    entry = {
        "folder": "budgetscenarier__ostermalm__bas__2016",
        "titel": "Budgetscenarier",
        "enhet_namn": "Östermalm",
        "scenario_titel": "Utgångsläget",
        "period": "2016",
        "status": "ok",
        "sammanfattning": ["Nettokostnaden blir 145,4 mnkr.", "Mer."],
        "checks_failed": 0,
        "error": None,
        "syntetisk": False,
        "filer": ["rapport.html", "resultat.xlsx", "anteckningsbok.ipynb"],
    }
    return entry | changes


def links(html: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', html)


def test_run_shows_time_unit_answer_and_files():
    html = render_run_index(MANIFEST, [report(), report(enhet_namn="Norrmalm", period="2024-04")])
    assert "30\u00a0september\u00a02024 kl. 08.00" in html  # a date breaks over no line
    assert html.index('id="enhet-1">Östermalm') < html.index('id="enhet-2">Norrmalm')
    assert "Nettokostnaden blir 145,4 mnkr." in html
    assert "Mer." not in html
    assert "till och med april 2024" in html
    for name in ("rapport.html", "resultat.xlsx", "anteckningsbok.ipynb"):
        assert f"budgetscenarier__ostermalm__bas__2016/{name}" in links(html)


@pytest.mark.parametrize(
    ("status", "sign", "word"),
    [("ok", "✓", "Klar"), ("unchanged", "=", "Oförändrad"), ("waiting", "…", "Väntar på underlag")]
    + [("failed", "✕", "Misslyckad")],
)
def test_every_status_has_a_sign_a_word_and_a_colour(status, sign, word):
    html = render_run_index(MANIFEST, [report(status=status)])
    assert f'class="report {status}"' in html
    assert re.search(rf">{re.escape(sign)}</span> {word}</p>", html)


def test_failures_are_said_and_link_only_to_what_there_is():
    failed = report(status="failed", error=ERROR, filer=["rapport.html", "anteckningsbok.ipynb"])
    reports = [failed, report(checks_failed=2), report(status="waiting", filer=[])]
    html = render_run_index(MANIFEST, reports)
    assert "FEL I PLANEN\n  rad 3" in html
    assert "2 kontroller visar fel som måste rättas" in html
    assert "Klar, med fel" in html
    assert links(html).count("budgetscenarier__ostermalm__bas__2016/anteckningsbok.ipynb") == 2
    assert links(html).count("budgetscenarier__ostermalm__bas__2016/resultat.xlsx") == 1
    assert "3 rapporter: 1 klar, 1 väntar på underlag, 1 misslyckad" in html


def test_what_has_moved_is_said_in_percentage_points_and_what_was_unknown_as_that():
    figures = [
        {"namn": "andel", "etikett": "Andel", "mattenhet": "procent", "fore": 33.7, "nu": 42.4},
        {"namn": "peng", "etikett": "Peng", "mattenhet": "kr", "fore": None, "nu": 10},
    ]
    causes = [{"slag": "period", "vad": ["förut 2024-04"]}, {"slag": "tidigare", "vad": []}]
    since = {"run_id": "20240930T060000Z", "nyckeltal": figures, "orsaker": causes}
    html = render_run_index(MANIFEST, [report(sedan_sist=since, framst=["peng"])]).replace("\u00a0", " ")
    told = "Sedan 30 september 2024 kl. 08.00: Peng okänt → 10 kr; Andel 33,7 % → 42,4 % (+8,7 procentenheter)."
    assert f"{told} Orsak: perioden (förut 2024-04), tidigare rapporter." in html


def test_the_period_of_a_scheduled_run_is_said():
    period = {"slut": "2016-04-30", "avser": ["manad"], "i_ord": "april 2016 (månad)"}
    assert "Avser april 2016 (månad)" in render_run_index(MANIFEST | {"period": period}, [report()])
    assert "Avser april 2016 (månad)" in render_plan_index("Exempel", [MANIFEST | {"period": period}])
    assert "Avser" not in render_run_index(MANIFEST, [report()])


def test_synthetic_reports_are_marked():
    assert "Syntetiska uppgifter</li>" in render_run_index(MANIFEST, [report(syntetisk=True)])
    mixed = render_run_index(MANIFEST, [report(), report(syntetisk=True)])
    assert "Syntetiska uppgifter</li>" not in mixed
    assert mixed.count("syntetiska uppgifter</span>") == 1


def test_plan_lists_the_newest_first_and_largest():
    runs = [MANIFEST | {"run_id": f"2024{month:02}01T060000Z", "started": None} for month in (1, 7, 3)]
    runs[0] = runs[0] | {"runs": [{"status": "failed", "checks_failed": 0}]}
    html = render_plan_index("Exempel", runs).replace("\u00a0", " ")
    times = re.findall(r"\d+ \w+ 2024 kl\. \d\d\.\d\d", html)
    assert times == ["1 juli 2024 kl. 08.00", "1 mars 2024 kl. 07.00", "1 januari 2024 kl. 07.00"]
    assert html.index("Senaste körningen") < html.index(times[0]) < html.index("Tidigare körningar")
    assert "20240701T060000Z/index.html" in links(html)
    assert "1 rapport misslyckades" in html
    assert "Planen har inte körts än." in render_plan_index("Exempel", [])


def test_hostile_text_stays_text_and_nothing_is_asked_for():
    bad = report(titel=HOSTILE, enhet_namn=HOSTILE, scenario_titel=HOSTILE, sammanfattning=[HOSTILE], folder=HOSTILE)
    pages = [
        render_run_index(
            MANIFEST | {"plan": HOSTILE}, [bad, bad | {"status": "failed", "error": {"message": HOSTILE}}]
        ),
        render_plan_index(HOSTILE, [MANIFEST]),
    ]
    for html in pages:
        assert "<script" not in html
        assert 'onclick="' not in html
        assert not [link for link in links(html) if re.match(r"(https?:)?//|javascript:", link)]
        assert "default-src 'none'" in html
        assert 'lang="sv"' in html


def unit(name: str, gap: float | None, low: float | None = None, sick: float | None = None, **more) -> dict:
    """A report of a unit's prognosis, or of its sick leave."""
    figures = {"avvikelse_mnkr": gap, "prognos_lag_mnkr": low, "prognos_hog_mnkr": None if low is None else low + 2}
    figures |= {"atgarder_kvar_mnkr": -0.8, "kvar_att_atgarda_mnkr": 4.0}
    figures = (
        figures
        if sick is None
        else {"sjukfranvaro_procent": sick, "kravs_resten_av_aret_procent": 8.1, "sjukfranvaro_mal_procent": 8.5}
    )
    months = [{"budget_ack_kr": 1e6 * n, "prognos_ack_kr": 1.1e6 * n} for n in range(1, 13)]
    shown = {key: {"varde": value} for key, value in figures.items()}
    return {"enhet_namn": name, "status": "ok", "titel": "T", "nyckeltal": shown, "manader": months, **more}


def test_the_units_stand_by_deficit_with_what_is_decided_left_and_sure():
    moved = {"namn": "avvikelse_mnkr", "fore": -4.5, "nu": -4.8}
    reports = [
        unit("Bra", 0.2),
        unit("Okänd", None),
        unit("Sämst", -4.8, 158.3, sedan_sist={"nyckeltal": [moved]}),
        unit("Sämst", None, sick=8.7),
        {"enhet_namn": "Sämst", "status": "failed", "titel": "LSS-peng"},
        {
            "enhet_namn": "Bara budget",
            "status": "ok",
            "titel": "Budget",
            "nyckeltal": {"avvikelse_mnkr": {"varde": -9}},
        },
    ]
    rows = matrix(reports, [f"r{n}" for n in range(len(reports))])
    assert [row["enhet"] for row in rows] == ["Sämst", "Bra", "Okänd"]
    worst = rows[0]
    said = {
        key: str(worst[key]).replace("\u00a0", " ")
        for key in ("avvikelse", "sedan", "beslutat", "kvar", "spann", "sjuk", "mal")
    }
    assert said == {
        "avvikelse": "−4,8 underskott",
        "sedan": "−0,3",
        "beslutat": "+0,8",
        "kvar": "4,0",
        "spann": "158,3–160,3",
        "sjuk": "8,7 %",
        "mal": "8,5 %",
    }
    assert worst["flaggor"] == ["LSS-peng: misslyckad"]
    assert "i december −1,2 mnkr" in worst["spark"]
    assert rows[2]["avvikelse"] == "–"


def test_a_unit_with_several_prognoses_stands_with_the_latest_months():
    """April's with a scenario, October's, and October's with another scenario; sick leave as well."""
    reports = [
        unit("En", gap, 150.0, period=period)
        for gap, period in ((-3.1, "2024-04"), (0.6, "2024-10"), (-9.0, "2024-10"))
    ]
    reports += [unit("En", None, sick=sick, period=period) for sick, period in ((8.7, "2024-08"), (6.5, "2023-12"))]
    (row,) = matrix(reports, ["april", "oktober", "annat", "augusti", "december"])
    assert (row["id"], row["avvikelse"], row["sjuk"]) == ("oktober", "+0,6 överskott", "8,7\u00a0%")
