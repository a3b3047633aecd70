"""What a command does before it does anything: it listens, and waits for nothing that it does not need."""

import subprocess
import sys

import pytest

FROM_THE_START = "from planbok.__main__ import main\nsys.exit(main())"
TOLD_WHEN_LOADING = """import os, signal, sys
class Told:
    def find_spec(self, name, *_):
        if name == {name!r}:
            os.kill(os.getpid(), signal.SIGTERM)
sys.meta_path.insert(0, Told())
"""
NAMES_LOADED = """import atexit, sys
atexit.register(lambda: print(*sys.modules))
"""


def ran(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code + FROM_THE_START, *arguments]
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is told to end so there")
@pytest.mark.parametrize(
    ("loads", "said"),
    [
        ("planbok.cli", "Avbrutet. Inget har körts.\n"),
        ("pandas", "Avbrutet. Inget halvfärdigt har lämnats kvar.\n"),
    ],
)
def test_a_command_that_is_told_to_end_while_it_loads_says_so(loads, said):
    done = ran(TOLD_WHEN_LOADING.format(name=loads), "list")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_little_is_loaded_before_a_command_can_be_told_to_end():
    """Until then the system ends it without a word: what takes time to load comes later."""
    first = "import sys; before = {*sys.modules}; import planbok.commands.ending; print(*{*sys.modules} - before)"
    loaded = subprocess.run([sys.executable, "-c", first], capture_output=True, check=True, encoding="utf-8").stdout
    assert "planbok.commands.ending" in loaded.split()
    assert not {"importlib.metadata", "email", "zipfile", "argparse", "typing"} & {*loaded.split()}


def test_one_that_is_told_to_end_in_code_that_is_made_as_it_loads_ends_with_its_code():
    """Python remembers an interruption there, and ends itself by that signal however it was taken care of."""
    inside = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    code = f"""import sys
from planbok.commands.ending import stoppable
try:
    with stoppable():
        exec({inside!r})
except KeyboardInterrupt:
    sys.exit(1)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is told to end so there")
def test_one_that_is_told_to_end_where_python_lets_nothing_end_it_ends_a_moment_later():
    code = """import gc, os, signal, sys, time
from planbok.commands.ending import stoppable
def looked(phase, info):
    gc.callbacks.remove(looked)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0)
gc.callbacks.append(looked)
try:
    with stoppable():
        gc.collect()
        print("goes on", flush=True)
        time.sleep(20)
except KeyboardInterrupt:
    sys.exit(1)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (1, "goes on\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is told to end so there")
def test_one_that_is_told_to_end_as_it_ends_keeps_its_code():
    """Python throws everything away then, for tenths of a second."""
    last = """import os, signal
class Last:
    def __del__(self, kill=os.kill, me=os.getpid(), number=signal.SIGTERM):
        kill(me, number)
import builtins
builtins.last = Last()
"""
    done = ran("import sys\n" + last, "--version")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["run", "--help"], ["fel", "--help"]])
def test_help_waits_for_nothing_that_reads_or_makes(arguments):
    done = ran(NAMES_LOADED, *arguments)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "planbok.cli" in loaded
    assert loaded & {"numpy", "pandas", "pydantic", "ruamel.yaml", "openpyxl", "IPython", "plotly"} == set()
