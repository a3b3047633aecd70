"""A database query against a real PostgreSQL, started by the test where it is installed: it reads, and can't write."""

import os
import pwd
import shutil
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from planbok.cli import main

sqlalchemy = pytest.importorskip("sqlalchemy")
PROFILE = """
titel: Datalagret
tabell: utfall
bekraftad: [profil, konto]
kalla: {sql: "%s", anslutning: DATALAGRET}
kolumner: {konto: konto, enhet: ansvar, manad: period, belopp: belopp}
koder:
  konto:
    - {kod: 3000–3999, budgetrad: Intäkter, sida: intakt}
    - {kod: 5000–5999, budgetrad: Personal}
"""
ROWS = [(5011, "a", "202501", Decimal("1000.25")), (5011, "a", "202501", Decimal("0.50")), (3011, "a", "202501", -2)]


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture
def warehouse():
    """The address of a database of its own, in a folder and on a socket of its own."""
    programs, user = _programs(), "postgres" if os.name == "posix" and os.getuid() == 0 else None
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pb", dir="/tmp"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

    def run(*arguments: object) -> None:
        subprocess.run(list(map(str, arguments)), check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    data = folder / "data"
    run(programs / "initdb", "-D", data, "-U", "prov", "--auth=trust", "-E", "UTF8", "--no-sync")
    run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", f"-c listen_addresses= -k {folder}", "start")
    try:
        yield f"postgresql+psycopg://prov@/postgres?host={folder}"
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def test_a_query_reads_and_can_not_write(warehouse, tmp_path, monkeypatch, capsys):
    engine = sqlalchemy.create_engine(warehouse)
    with engine.begin() as connection:
        connection.execute(
            sqlalchemy.text("create table bok (konto int, ansvar text, period text, belopp numeric(12,2))")
        )
        for row in ROWS:
            values = dict(zip(("k", "a", "p", "b"), row, strict=True))
            connection.execute(sqlalchemy.text("insert into bok values (:k, :a, :p, :b)"), values)
    monkeypatch.setenv("DATALAGRET", warehouse)
    params, data = tmp_path / "params", tmp_path / "data"
    (params / "inlasning").mkdir(parents=True)
    data.mkdir()
    profile = params / "inlasning" / "lager.yaml"
    arguments = ["--params", str(params), "--data", str(data), "las-in", "--profil", "lager"]
    profile.write_text(PROFILE % "select konto, ansvar, period, belopp from bok", encoding="utf-8")
    assert main(arguments) == 0, capsys.readouterr().err
    rows = pd.read_csv(data / "utfall.csv", dtype=str).set_index("budgetrad")
    assert (rows.loc["Personal", "kostnad_kr"], rows.loc["Intäkter", "intakt_kr"]) == ("1000.75", "2")
    sly = "with gone as (delete from bok returning *) select konto, ansvar, period, belopp from gone"
    profile.write_text(PROFILE % sly, encoding="utf-8")
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert "databasen svarade inte" in said.err and "prov@" not in said.err + said.out
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("select count(*) from bok")).scalar() == len(ROWS)
    engine.dispose()
