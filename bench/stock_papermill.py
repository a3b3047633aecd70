"""What a report costs without the batch: run by the benchmark in processes of its own.

`python stock_papermill.py HOW JOBS`, where HOW is loop, pool, ploomber, millrun or floor, and JOBS a json file with
what to make.
"""

import ast
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import SimpleNamespace


def stock(job: dict) -> None:
    """One notebook by papermill, its page by nbconvert, both as they are."""
    import papermill
    from nbconvert import HTMLExporter

    target = Path(job["folder"])
    target.mkdir(parents=True)
    os.environ["PLANBOK_OUT"] = job["folder"]
    papermill.execute_notebook(
        job["notebook"], str(target / "anteckningsbok.ipynb"), parameters=job["parameters"], progress_bar=False
    )
    page, _ = HTMLExporter().from_filename(str(target / "anteckningsbok.ipynb"))
    (target / "rapport.html").write_text(page, encoding="utf-8")


def ploomber(job: dict) -> None:
    """One notebook by ploomber-engine in this process, its page by nbconvert."""
    from nbconvert import HTMLExporter
    from ploomber_engine import execute_notebook

    target = Path(job["folder"])
    target.mkdir(parents=True)
    os.environ["PLANBOK_OUT"] = job["folder"]
    made = str(target / "anteckningsbok.ipynb")
    execute_notebook(job["notebook"], made, parameters=job["parameters"], progress_bar=False)
    page, _ = HTMLExporter().from_filename(made)
    (target / "rapport.html").write_text(page, encoding="utf-8")


def millrun(jobs: list[dict]) -> None:
    """The notebooks by millrun in its processes, their pages by nbconvert here; no result or workbook is written."""
    from millrun.millrun import execute_run
    from nbconvert import HTMLExporter

    out = Path(jobs[0]["folder"]).parent / "millrun"
    out.mkdir(parents=True)
    for notebook in dict.fromkeys(job["notebook"] for job in jobs):
        mine = [job["parameters"] for job in jobs if job["notebook"] == notebook]
        execute_run(notebook, mine, out, use_multiprocessing=True)
    made = sorted(out.rglob("*.ipynb"))
    assert len(made) == len(jobs), made
    for path in made:
        page, _ = HTMLExporter().from_filename(str(path))
        path.with_suffix(".html").write_text(page, encoding="utf-8")


def bare(job: dict) -> None:
    """The notebook's own code called in this process, its values shown, its workbook written, and nothing else."""
    target = Path(job["folder"])
    target.mkdir(parents=True)
    os.environ["PLANBOK_OUT"] = job["folder"]
    names: dict = {}
    for cell in json.loads(Path(job["notebook"]).read_text(encoding="utf-8"))["cells"]:
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] != "code" or "lab-only" in tags:
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        if "parameters" in tags:
            names.update(job["parameters"])
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            getattr(shown, "_repr_html_", lambda: None)()


def floor(jobs: list[dict]) -> tuple[float, float]:
    """Seconds for the jobs in this process, warm: their code, their pages from notebooks run before, and the gate.

    On the clock and of the processor.
    """
    from planbok.batch.gate import gate
    from planbok.batch.make import passing, report, warm  # noqa: F401 - papermill and the pages come with it

    warm.prepare()
    warm.load()
    import nbformat
    from IPython import display

    from planbok.base.workspace import Folders
    from planbok.batch.make.report import _meta
    from planbok.report.html import render_report

    display.display = lambda *shown, **options: None
    run = SimpleNamespace(parameters={"ar": 2024})
    knowledge = passing.knowledge_of(SimpleNamespace(run=run, folders=Folders(), spridning="ledning"))
    seconds = spent = 0.0
    for number, job in enumerate([jobs[0], *jobs]):  # the first is not counted: it warms
        job = {**job, "folder": f"{job['folder']}-{number}"}
        start, before = time.perf_counter(), time.process_time()
        bare(job)
        made = Path(job["made"])
        result = json.loads((made / "resultat.json").read_text(encoding="utf-8"))
        page = render_report(nbformat.read(made / "anteckningsbok.ipynb", as_version=4), _meta(result, []))
        Path(job["folder"], "rapport.html").write_text(page, encoding="utf-8")
        gate.inspect(made, knowledge)
        if number:
            seconds, spent = seconds + time.perf_counter() - start, spent + time.process_time() - before
    return seconds, spent


if __name__ == "__main__":
    how, jobs = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    if how == "loop":
        for job in jobs:
            stock(job)
    elif how == "ploomber":
        for job in jobs:
            ploomber(job)
    elif how == "millrun":
        millrun(jobs)
    elif how == "pool":
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(stock, jobs))
    else:
        print(*floor(jobs))
