"""The dials in a real JupyterLab: moved by keyboard, read in the page, the same as in the library and the batch."""

import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from html import unescape
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from drawn_whole import WRONG
from explorers import ALL
from lab_server import LIVE, POLLING, lab, open_copy, still_page, to_dials, turn_to
from lab_words import walk

from planbok.base.workspace import NOTEBOOKS, PARAMS, ROOT, SAMPLE, Folders
from planbok.case.case import load_sources, open_case
from planbok.commands.desk.place import Desk
from planbok.commands.desk.server import settings
from planbok.explore.dial import Dial
from planbok.report.handover import RESULT_FILE
from planbok.topics.answer import answer

SHOTS = os.environ.get("PLANBOK_SHOTS")  # a folder to keep screenshots in
OWN = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
OURS = [{"include": [[place]]} for place in (".planbok-bar", ".planbok-dials ~ .jp-CodeCell .jp-OutputArea")]
ANSWER = ".jp-OutputArea [role=status]:not(.planbok-bar-status)"


@pytest.fixture(scope="module")
def params(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("mina")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """The sample's tables, to be replaced while they are open."""
    return Path(shutil.copytree(SAMPLE, tmp_path_factory.mktemp("tabeller") / "data"))


@pytest.fixture(scope="module")
def address(home, params, data) -> Iterator[str]:
    with lab(home, params, data) as found:
        yield found


@pytest.fixture(scope="module")
def page(browser, address) -> Iterator:
    """One page for all; requests to anyone but the server are remembered."""
    page = still_page(browser, viewport={"width": 1280, "height": 1000})
    page.outside = []
    page.on(
        "request",
        lambda r: None if r.url.startswith(("http://127.0.0.1", "data:", "blob:")) else page.outside.append(r.url),
    )
    yield page
    assert page.outside == []
    page.close()


def words(page) -> str:
    return page.locator(ANSWER).first.inner_text().replace("\u00a0", " ")


def figure_title(page) -> str:
    return page.locator(".planbok-picture h3").last.inner_text().replace("\u00a0", " ")


def shot(page, name: str) -> None:
    if SHOTS:
        for width in (1280, 1920):
            page.set_viewport_size({"width": width, "height": 1080})
            page.wait_for_timeout(600)
            page.screenshot(path=f"{SHOTS}/{name}_{width}.png")
        page.set_viewport_size({"width": 1280, "height": 1000})


def press(page, label: str, key: str, times: int):
    slider = page.get_by_label(label, exact=True)
    slider.focus()
    for _ in range(times):
        page.keyboard.press(key)
    return slider


FOCUSED = """wanted => {
  const on = document.activeElement;
  const own = ['BUTTON', 'A'].includes(on.tagName) && on.textContent;
  const said = [on.labels?.[0]?.textContent, on.getAttribute('aria-label'), own];
  return said.some(text => text && text.trim() === wanted);
}"""


def go_to(page, name: str, key: str = "Tab") -> None:
    """Presses a key until what is named so has the focus."""
    for _ in range(90):
        if page.evaluate(FOCUSED, name):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} can't be reached by {key}")


def press_on(page, name: str, key: str = "Tab") -> None:
    go_to(page, name, key)
    page.keyboard.press("Enter")


def saved(page, words: dict[str, str]) -> None:
    """Fills in what a scenario needs and saves it."""
    press_on(page, "Spara")
    for label, text in words.items():
        go_to(page, label)
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
    press_on(page, "Spara som scenario")
    page.get_by_text("Sparat som").wait_for(timeout=60_000)


def test_the_whole_way_by_keyboard_only(page, address, home, params):
    """In a desk where nobody has chosen or saved anything (so this comes first): from the answer on screen to two saved
    scenarios, the report of one and both beside each other.
    """
    page.goto(address.format("start"))
    page.locator(".planbok-first .lead").wait_for(timeout=120_000)
    press_on(page, "Budgetscenarier")
    page.locator(".planbok-dial:visible").first.wait_for(timeout=120_000)
    box = "Vårdkostnader, skriv ett tal i %"
    go_to(page, box)
    page.keyboard.press("Control+a")
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    page.get_by_text("Vårdkostnader ska ligga mellan −10,0 och 10,0 %, men är 25,0.").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type("1,5")
    page.keyboard.press("Enter")
    page.get_by_text("Nettokostnaden blir 146,51").wait_for(timeout=20_000)
    press_on(page, "Spara")
    press_on(page, "Spara som scenario")
    page.get_by_text("Skriv en titel.").wait_for()
    assert not list(params.rglob("fran_*.yaml"))
    go_to(page, "Spara", "Shift+Tab")
    words_ = {"Titel": "Från sidan", "Fråga": "Vad kostar det?", "Vilar på": "antagande", "Varför": "Prov"}
    saved(page, words_)
    shot(page, "spara")
    go_to(page, "Spara", "Shift+Tab")
    press_on(page, "Kör")
    press_on(page, "Kör rapporten")
    page.get_by_text("Rapporten är klar").wait_for(timeout=240_000)
    with page.context.expect_page() as opened:
        press_on(page, "Öppna rapporten")
    opened.value.locator("h1", has_text="budget 2016").wait_for()
    opened.value.close()
    (result,) = (home / "arbetsmapp" / "out").rglob(RESULT_FILE)
    assert json.loads(result.read_text("utf-8"))["nyckeltal"]["nettokostnad_mnkr"]["varde"] == pytest.approx(146.5085)
    go_to(page, box, "Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.get_by_text("Nettokostnaden blir 148,22").wait_for(timeout=20_000)
    saved(page, {"Titel": "Från sidan igen"})
    go_to(page, "Spara", "Shift+Tab")
    press_on(page, "Jämför")
    page.locator("select[multiple]").wait_for()
    page.keyboard.press("Tab")
    press_on(page, "Jämför")
    table = page.locator(".planbok-rows table", has_text="Från sidan igen")
    table.wait_for(timeout=30_000)
    assert table.locator("tbody tr").count() == 3
    shot(page, "jamfor")
    page.evaluate("document.querySelector('.planbok-first .planbok-number').focus()")
    page.keyboard.press("Enter")
    page.locator(".planbok-from details[open] summary", has_text="144,8").wait_for(timeout=30_000)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('dd').className") == "tal-nettokostnad_mnkr"


HOW = {  # the heading whose dial is moved, the dial's label, the key and how often
    "lss_peng": ("Nivåer", "Antal (personer)", "ArrowRight", 1),
    "manadsprognos": ("Åtgärd", "Belopp (kr/månad)", "ArrowLeft", 12),
    "gruppbostad_kbh": ("Boendet", "Hyra per lägenhet (kr/månad)", "ArrowRight", 4),
    "bemanning_sjukfranvaro": ("Sjukfrånvaro", "Alla (procentenheter)", "ArrowLeft", 3),
    "budgetscenarier": ("Kostnader", "Vårdkostnader (%)", "ArrowRight", 10),
}


@pytest.mark.parametrize("name", HOW)
def test_a_dial_moved_by_keyboard_gives_the_librarys_number(page, address, params, name):
    heading, label, key, times = HOW[name]
    turn_to(page, address, name)
    to_dials(page)
    assert page.get_by_text("Traceback (most recent call last)").count() == 0
    before, title = words(page), figure_title(page)
    page.get_by_role("button", name=heading, exact=True).click()
    press(page, label, key, times)
    explored = ALL[name]
    defaults = {**explored.parameters, **({"enhet": "exempel_assistans"} if name == "bemanning_sjukfranvaro" else {})}
    sources = load_sources(Folders((params, PARAMS), SAMPLE))
    board = explored.build(open_case(name, sources=sources, **defaults))
    dial = next(
        control
        for form in board.topic.groups[heading]
        for control in form.all_controls.values()
        if isinstance(control, Dial) and f"{control.label} ({control.unit})" == label
    )
    step = dial.step if key == "ArrowRight" else -dial.step
    dial.value = round(dial.value + times * step, 6)
    wanted = _text(board.answer.value)
    page.wait_for_function(
        "wanted => [...document.querySelectorAll('.jp-OutputArea [role=status]')]"
        ".some(e => e.textContent.replaceAll('\\u00a0', ' ') === wanted)",
        arg=wanted,
        timeout=20_000,
        polling=POLLING,
    )
    assert words(page) != before or figure_title(page) != title
    assert page.evaluate(WRONG) == [], "drawn, and nothing cut"
    if name == "budgetscenarier":
        assert [fault["id"] for place in OURS for fault in Axe().run(page, place).response["violations"]] == []
    shot(page, name)


def _text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).replace("\u00a0", " ").strip()


def test_after_a_restart_in_the_middle_everything_can_be_run_again(page, address):
    page.evaluate("() => document.querySelector('.jp-Notebook').scrollTo(0, 0)")
    page.get_by_role("menuitem", name="Kärna", exact=True).click()
    page.get_by_text(re.compile("^Starta om kärnan, sedan Kör alla celler")).click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    page.wait_for_timeout(1500)
    page.wait_for_function(
        "() => document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'",
        timeout=120_000,
        polling=POLLING,
    )
    to_dials(page)
    press(page, "Vårdkostnader (%)", "ArrowRight", 3)
    page.get_by_text("Nettokostnaden blir 145,14").wait_for(timeout=20_000)
    two_browsers_on_one_copy_do_not_meet(page, address)


def two_browsers_on_one_copy_do_not_meet(page, address):
    """What another turns moves nothing here, and nobody is asked whose file it is."""
    two = still_page(page.context.browser)
    open_copy(two, address, "budgetscenarier")
    to_dials(two)
    press(two, "Vårdkostnader (%)", "ArrowRight", 5)
    two.get_by_text("Nettokostnaden blir 145,37").wait_for(timeout=20_000)
    assert "145,14" in words(page) and page.locator(".jp-Dialog").count() + two.locator(".jp-Dialog").count() == 0
    press(page, "Vårdkostnader (%)", "ArrowRight", 1)
    page.get_by_text("Nettokostnaden blir 145,26").wait_for(timeout=20_000)
    assert "145,37" in words(two)
    two.close()


def test_menus_dialogs_and_names_for_screen_readers_are_swedish(page, address):
    if "budgetscenarier" not in page.url:
        turn_to(page, address, "budgetscenarier")
    assert page.evaluate("document.documentElement.lang") == "sv-SE"
    assert walk(page) == {}


def test_the_start_page_says_what_there_is_in_the_page(page, address):
    page.goto(address.format("start"))
    page.get_by_role("link", name="Budgetscenarier").wait_for(timeout=120_000)
    assert page.locator(".planbok-first .lead").inner_text(), "the answer that was chosen last"
    page.get_by_text("Östermalm, stöd och service").first.wait_for()
    assert page.locator(".jp-toast, .Toastify__toast").count() == 0, "no news, no pop-up"
    shot(page, "start")
    page.evaluate("() => [...document.querySelectorAll('.jp-Notebook h2')].at(-1).scrollIntoView()")
    page.locator(".jp-OutputArea h3", has_text="Inga fel").wait_for(timeout=60_000)
    shot(page, "start_kontroll")


SAID = "() => document.querySelector('.planbok-bar-fault').innerText.includes('FEL I')"
QUIET = "() => document.querySelector('.planbok-bar-status')?.textContent === ''"


def test_a_choice_in_the_bar_by_keyboard_runs_what_stands_below_and_a_fault_is_said_there(page, address, params, home):
    """The unit below the one shown is the library's answer; with a broken scenario no answer is left standing."""
    before = {path.name: path.read_bytes() for path in NOTEBOOKS.glob("*.ipynb")}
    broken = params / "scenarier" / "trasig.yaml"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("titel: Trasig\nforandringar:\n  - typ: procnt\n", "utf-8")
    turn_to(page, address, "manadsprognos")
    assert page.get_by_text("Traceback (most recent call last)").count() == 0
    units = page.locator(".planbok-bar select[name=enhet] option").all_inner_texts()
    assert "Exempelenheten" in units and "exempelenheten" not in units
    page.locator(".planbok-bar select[name=enhet]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    case = open_case(
        "manadsprognos",
        enhet="exempel_assistans",
        ar=2024,
        tom_manad=4,
        sources=load_sources(Folders((PARAMS,), SAMPLE)),
    )
    page.locator(".planbok-first .lead", has_text=answer(case).result.sammanfattning[0]).wait_for(timeout=60_000)
    assert page.evaluate("() => document.activeElement.name") == "enhet"
    page.wait_for_function(QUIET, timeout=120_000, polling=POLLING)
    page.locator(".planbok-bar select[name=scenario]").select_option(label="Trasig")
    page.wait_for_function(SAID, timeout=60_000, polling=POLLING)
    assert page.locator(".jp-Notebook .planbok-first").count() == 0
    shot(page, "fel_i_raden")
    page.locator(".planbok-bar select[name=scenario]").select_option('"bas"')
    page.locator(".planbok-first .lead").wait_for(timeout=60_000)
    page.wait_for_function(QUIET, timeout=120_000, polling=POLLING)
    copy = home / "arbetsmapp" / "lab" / "manadsprognos.ipynb"
    for _ in range(200):  # saved soon after
        if 'enhet: str = \\"exempel_assistans\\"' in (said := copy.read_text("utf-8")):
            break
        page.wait_for_timeout(100)
    assert 'enhet: str = \\"exempel_assistans\\"' in said
    assert "widget-view" not in said
    assert "prognos_mnkr:" not in said
    assert {path.name: path.read_bytes() for path in NOTEBOOKS.glob("*.ipynb")} == before


def without_unit(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("exempel_assistans,"))


REPLACED = {  # a file, what it becomes while it is open (None: gone), and what the bar says then
    "data/utfall.csv": (lambda _: None, ("utfall.csv", "finns inte")),
    "data/utfall.csv utan enheten": (without_unit, ("exempel_assistans", "utfall.csv")),
    "params/regler/trasig.yaml": (lambda _: "regel: [\n", ("trasig.yaml", "rad 2")),
}


@contextmanager
def replaced(path: Path, become: Callable[[str], str | None]) -> Iterator[None]:
    """A file that is another, gone or new for a while."""
    before = path.read_text("utf-8") if path.exists() else None
    for text in (become(before or ""), before):
        path.parent.mkdir(exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text, "utf-8")
        if text is not before:
            yield


def again(page) -> None:
    page.get_by_role("button", name="Räkna om", exact=True).click()


def test_what_is_wrong_with_files_is_said_in_the_bar_until_it_is_put_right(page, address, params, data):
    """A table that is gone, one without the unit in the place of the one that was read, a broken file of parameters."""
    if "manadsprognos" not in page.url:
        turn_to(page, address, "manadsprognos")
    fault, lead = page.locator(".planbok-bar-fault"), page.locator(".planbok-first .lead")
    page.locator(".planbok-bar select[name=enhet]").select_option('"exempel_assistans"')
    lead.wait_for(timeout=60_000)
    for name, (become, said) in REPLACED.items():
        folder, _, file = name.partition(" ")[0].partition("/")
        with replaced({"data": data, "params": params}[folder] / file, become):
            again(page)
            page.wait_for_function(SAID, timeout=60_000, polling=POLLING)
            text = fault.inner_text()
            assert all(word in text for word in said) and "Traceback" not in text, f"{name}: {text}"
            assert lead.count() == 0, "no answer that belongs to something else"
        again(page)
        lead.wait_for(timeout=60_000)
        page.wait_for_function(QUIET, timeout=120_000, polling=POLLING)
        assert fault.inner_text() == ""


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="finds the kernel's process in /proc")
def test_a_kernel_killed_in_the_middle_starts_anew_with_the_choices_that_stood(page, address):
    if "manadsprognos" not in page.url:
        turn_to(page, address, "manadsprognos")
    token = address.partition("token=")[2]
    sessions = page.request.get(f"{address.partition('/lab/')[0]}/api/sessions?token={token}").json()
    (kernel,) = [found["kernel"]["id"] for found in sessions if "manadsprognos" in found["path"]]
    chosen = page.locator(".planbok-bar select[name=enhet]").input_value()
    lead = page.locator(".planbok-first .lead").inner_text()
    again(page)
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if kernel in (place / "cmdline").read_text("utf-8"):
                os.kill(int(place.name), signal.SIGKILL)
    page.get_by_text("avslutades oväntat. Den startar om av sig själv").wait_for(timeout=30_000)
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => ({LIVE})() && ({QUIET})()", timeout=120_000, polling=POLLING)
    assert page.locator(".planbok-first .lead").inner_text() == lead and page.locator(".jp-Dialog").count() == 0
    assert page.locator(".planbok-bar select[name=enhet]").input_value() == chosen


def test_the_desks_server_is_bound_to_this_machine_and_asks_nothing_of_the_network(tmp_path):
    found = settings(Desk(tmp_path), "start", 8888)
    assert found["ServerApp"]["ip"] == "127.0.0.1" and len(found["IdentityProvider"]["token"]) > 40
    assert found["LabApp"]["news_url"] is None and "NeverCheckForUpdate" in found["LabApp"]["check_for_updates_class"]
    assert "planbok lab" in (ROOT / "Makefile").read_text("utf-8")
