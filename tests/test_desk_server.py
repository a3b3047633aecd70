"""What JupyterLab is given when planbok starts it: Swedish, settings, and a kernel that is ready."""

import asyncio
import json
import re
from importlib.metadata import entry_points

from jupyterlab_server.translation_utils import get_language_pack
from lab_server import beside

from planbok.commands.desk import swedish
from planbok.commands.desk.kernels import DeskKernels
from planbok.commands.desk.server import WORKSPACE, desk_config, lay_settings


def marks(text: str) -> set[str]:
    """What is put into a message."""
    return set(re.findall("%[0-9]", text))


def test_the_pack_is_found_by_jupyterlab_and_whole():
    (found,) = entry_points(group="jupyterlab.languagepack", name=swedish.LOCALE)
    assert found.value == swedish.__name__
    pack, message = get_language_pack(swedish.LOCALE)
    assert message == "" and pack["jupyterlab"][""]["language"] == "sv-SE"
    assert set(pack) >= {"jupyterlab", "jupyterlab_widgets"}
    messages = swedish.messages()
    assert len(messages) > 1000 and all(len(said) in (1, 2) and all(said) for said in messages.values())
    unknown = [english for english, said in messages.items() if not marks(said[0]) <= marks(english)]
    assert unknown == []


def test_the_server_translates_menus_by_the_same_messages():
    said = swedish.Swedish()
    assert said.pgettext("menu", "File") == "Arkiv" and said.pgettext("menu", "Kernel") == "Kärna"
    assert said.gettext("Cancel") == "Avbryt" and said.pgettext("schema", "not there") == "not there"


def test_the_page_is_laid_once_and_the_settings_each_time(tmp_path):
    lay_settings(tmp_path)
    overrides, own = tmp_path / "app" / "overrides.json", tmp_path / "workspaces" / WORKSPACE
    language = json.loads(overrides.read_text("utf-8"))["@jupyterlab/translation-extension:plugin"]
    assert language == {"locale": "sv_SE"}
    for path in (overrides, own):
        path.write_text("{}", "utf-8")
    lay_settings(tmp_path)
    assert overrides.read_text("utf-8") != "{}" and own.read_text("utf-8") == "{}"


def test_a_kernel_is_ready_unseen_and_is_whose_notebook_opens_first(tmp_path, monkeypatch):
    (tmp_path / "lab").mkdir()
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))

    async def opened() -> None:
        settings = desk_config("lab")["DeskKernels"]
        kernels = DeskKernels(root_dir=str(tmp_path), connection_dir=str(tmp_path / "run"), rest=3600.0, **settings)
        await kernels._keep_warm()
        while not len(kernels):  # it is there before it has started
            await asyncio.sleep(0)
        assert kernels.list_kernels() == []
        warm = await kernels._warm
        try:
            assert warm in kernels and kernels.list_kernels() == []
            manager = kernels.get_kernel(warm)
            assert manager.transport == "ipc" and manager._launch_args["cwd"] == str(tmp_path / "lab")
            client = manager.client()
            client.start_channels()
            code = "import sys; assert 'planbok.topics.answer' in sys.modules and 'plotly' in sys.modules"
            reply = await client.execute(code, reply=True, timeout=60)
            client.stop_channels()
            assert reply["content"]["status"] == "ok", reply["content"]
            assert await kernels.start_kernel(path="lab/a.ipynb", kernel_name="python3") == warm
            assert [model["id"] for model in kernels.list_kernels()] == [warm]
            assert await kernels._take() is None
        finally:
            await kernels.shutdown_all(now=True)

    beside(opened())
