"""Every number of every file of two reports, held against the working papers; all of them: `every_file.py`."""

from attack.every_file import OPEN, in_file, leaks, publish, telling


def test_no_file_for_the_management_holds_a_number_of_the_working_papers(tmp_path):
    folder = publish(tmp_path, ("gruppbostad_kbh", "insatser_manad"), (8,), ("ledning",))
    assert leaks(folder, ("ledning",)) == []
    for name in ("rapport.html", "resultat.json", "resultat.xlsx", "anteckningsbok.ipynb"):
        files = sorted((folder / "ut" / OPEN).rglob(name))
        assert files and all(len(telling(in_file(path))) for path in files), "the attack reads numbers there"
