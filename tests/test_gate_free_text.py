"""What people write freely in the tables: a number is refused where it is read, initials and a year at the gate."""

import shutil

import pandas as pd
import pytest
from ruamel.yaml import YAML

from planbok.base.errors import InputError
from planbok.base.privacy import find_personal_number
from planbok.base.workspace import SAMPLE
from planbok.cli import main
from planbok.inputs.tables.read import read_table
from planbok.inputs.tables.specs import TABLES

MISTYPED, WHO = "850131-2390", "A.L. född 1952"
FREE = [
    (table, column.name)
    for table, spec in TABLES.items()
    for column in spec.columns
    if column.is_free_text and (SAMPLE / f"{table}.csv").exists()
]
PLANTS = {  # the table and column, the unit, what stands there (all if ""), and the report that shows it to anybody
    "enheter.namn": ("exempel_assistans", "", "assistans", {"tom_manad": 8}),
    "verksamheter.kan_paverka": ("exempel_stod", "", "verksamhetsblad", {"tom_manad": 8}),
    "budget.budgetrad": ("exempelenheten", "Administration", "budgetscenarier", {}),
    "bemanning.grupp": ("exempelenheten", "Myndighet", "bemanning_sjukfranvaro", {"tom_manad": 8}),
    "hemtjanst.omrade": ("exempel_aldre", "Norra", "aldreomsorg", {"tom_manad": 8}),
}


def test_the_columns_of_free_text_are_those_that_reach_a_report():
    named = {"enheter.namn", "budget.budgetrad", "budget.kalla", "verksamheter.verksamhet", "verksamheter.kan_paverka"}
    named |= {"verksamheter.kalla", "bemanning.grupp", "beslut.utforare", "fakturor.utforare", "hemtjanst.omrade"}
    assert named <= {f"{table}.{column}" for table, column in FREE}


@pytest.mark.parametrize(("table", "column"), FREE)
def test_a_number_in_free_text_is_refused_and_not_repeated(tmp_path, table, column):
    rows = pd.read_csv(SAMPLE / f"{table}.csv", dtype=str, keep_default_na=False, nrows=1)
    path = tmp_path / f"{table}.csv"
    rows.assign(**{column: f"hos Anna {MISTYPED}"}).to_csv(path, index=False)
    with pytest.raises(InputError) as refused:
        read_table(path, TABLES[table])
    found = refused.value.faults
    assert any(f.code == "personal_number" and column in f.place for f in found)
    assert not any("850131" in f"{fault.place} {fault.text}" for fault in found)


@pytest.mark.parametrize(
    "text",
    ["född 850314, de fyra sista är 1239", "850314 och 1239", "pnr 19850314 (sista fyra: 1234)",
     "Född 1985-03-14. Sista fyra siffrorna 0001", "de sista fyra är 1239 och hon är född 850314",
     "personnummer 850314 slutar på 1239", "de fyra sista i 850314 är 1239"],
)  # fmt: skip
def test_a_number_that_words_tell_of_is_found(text):
    assert find_personal_number(text)


@pytest.mark.parametrize(
    "text",
    ["beslut 2024-03-14, 1239 kr", "2024-03-14 och 1239 timmar", "född 1985-03-14, inflyttad 2010",
     "de fyra sista månaderna, 240314 och 2024", "sista fyra fakturorna kom 2024-03-14: 1239 kr och 1240 kr",
     "personnummer saknas på rad 1204 i filen från 2024-03-14", "född före 19500101 får 1000 kr i månaden"],
)  # fmt: skip
def test_a_date_and_an_amount_in_a_sentence_pass(text):
    assert not find_personal_number(text)


def test_initials_and_a_year_in_free_text_stop_the_public_report(tmp_path, capsys):
    data, params = tmp_path / "data", tmp_path / "params"
    shutil.copytree(SAMPLE, data)
    runs = []
    for place, (unit, text, notebook, given) in PLANTS.items():
        table, column = place.split(".")
        also = {"budgetrad": ("manadsbudget", "utfall"), "grupp": ("sjukfall", "schema")}
        same = (table, *also.get(column, ()))
        for name in same:
            rows = pd.read_csv(data / f"{name}.csv", dtype=str, keep_default_na=False)
            here = (rows["enhet"] == unit) & (rows[column].eq(text) if text else rows[column].ne(""))
            assert here.any() or name != table, place
            rows.assign(**{column: rows[column].mask(here, WHO)}).to_csv(data / f"{name}.csv", index=False)
        runs.append({"notebook": notebook, "parametrar": {"ar": 2024, "enhet": unit} | given})
    (params / "planer").mkdir(parents=True)
    plan = {"titel": "Prov", "spridning": "offentlig", "korningar": runs}
    with (params / "planer" / "prov.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(plan, file)
    out = tmp_path / "ut"
    assert main(["run", "prov", "--params", str(params), "--data", str(data), "--out", str(out)]) == 1
    said = capsys.readouterr()
    stopped = [line for line in (said.out + said.err).splitlines() if "Spärren" in line]
    assert len(stopped) == len(PLANTS) and all("initial och år" in line for line in stopped)
    assert WHO not in said.out + said.err
    left = [path for path in out.rglob("*") if path.is_file() and WHO in path.read_text("utf-8", "replace")]
    assert not left and not list(out.rglob("resultat.json"))
