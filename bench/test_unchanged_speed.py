"""How fast a run is in which nothing has changed, start-up included."""

import resource
import subprocess
import sys
import time
from pathlib import Path

REPORTS = 50
LIMIT = 2.0  # seconds
PLAN = """titel: Femtio
korningar:
  - notebook: budgetscenarier
    parametrar: {ar: 2024, enhet: exempelenheten}
    for_varje:
      scenario: [bas, atgarder_2024, dyrare_var_2024, fler_personer_2024, nivaskifte]
      jamfor_med: [bas, atgarder_2024, dyrare_var_2024, fler_personer_2024, nivaskifte]
      till_ar: [0, 2025]
"""


def run(plan: Path, out: Path) -> tuple[float, float, str]:
    """Seconds on the clock and of processors that the command takes, and what it says."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "planbok", "run", plan, "--out", out]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr[-2000:]
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, spent, done.stderr


def test_fifty_unchanged_reports(tmp_path, record_property):
    plan = tmp_path / "femtio.yaml"
    plan.write_text(PLAN, "utf-8")
    first, *_ = run(plan, tmp_path / "ut")
    seconds, spent, said = min(run(plan, tmp_path / "ut") for _ in range(5))
    assert f"{REPORTS} rapporter: {REPORTS} oförändrade" in said
    text = f"{REPORTS} unchanged reports: {seconds:.2f} s on the clock, {spent:.2f} s of processor; first {first:.0f} s"
    record_property("unchanged", text)
    print(text)
    assert spent < LIMIT
