"""What JupyterLab says in the page, and which of it is English."""

import re

from lab_server import choose

SAID = """() => {
  const said = new Set();
  const without = '.jp-OutputArea, .jp-RenderedHTMLCommon, .cm-editor, script, style, .jp-DirListing-item';
  for (const element of document.querySelectorAll('body, body *')) {
    if (element.closest(without) || element.closest('.lm-Menu-itemShortcut, kbd')) continue;
    for (const name of ['title', 'aria-label', 'placeholder']) said.add(element.getAttribute(name) || '');
    if (!element.getClientRects().length) continue;
    for (const node of element.childNodes) if (node.nodeType === 3) said.add(node.data);
  }
  return [...said].map(text => text.trim()).filter(text => text);
}"""
WORDS = """
about above activate active add after and any are area automatically autosave before below browser build
busy button cancel cells change check checkpoint clear click clone close closed code collapse command commands
connect connected content contents context copy create created current cut dead debugger default delete deselect
directory disable discard dismiss document documents download duplicate edit enable error expand extension file files
find folder for go heading headings help hidden hide icon idle insert interrupt jump keyboard language launcher left
line lines loading local main menu mode modified more move name new next no not notebook notifications of off on only
open or other output outputs overwrite page palette panel paste path please preview previous properties read recent
redo reference refresh reload remove rename render replace reset restart restarting restore revert right run running
save saved search section select selected selection session sessions settings show shortcuts shut shutdown side
sidebar skip sort split starting stop table tabs that the theme this to toggle toolbar trash trust trusted type undo
unknown untrusted up upload use value view was widget window with workspace yes you your zoom
"""  # none is a Swedish word, or a name
ENGLISH = frozenset(WORDS.split())
KEYS = re.compile(r"\b(?:Ctrl|Alt|Shift|Cmd|Accel|Enter|Escape|Home|End|Tab|Up|Down|Left|Right|Backspace|Delete|Del)\b")
KERNEL = r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
NAMES = re.compile(
    KERNEL + r"|\S*[/.]\S+|\(\S*\)|ipykernel|JupyterLab|Jupyter|Python 3|Markdown|English - English|default"
)


def in_english(said: list[str]) -> dict[str, list[str]]:
    """Texts with English words, and which.

    >>> in_english(["Restart Kernel…", "Kör cellen (Shift+Enter)", "Kärnans id: 3b2c45fb-25cc-4f27-add0-c6d041ef8ef1"])
    {'Restart Kernel…': ['restart']}
    """
    found = {}
    for text in said:
        words = re.findall(r"[a-zåäö]+", NAMES.sub(" ", KEYS.sub(" ", text)).lower())
        if english := [word for word in words if word in ENGLISH]:
            found[text] = english
    return found


def walk(page) -> dict[str, list[str]]:
    """Opens every menu and the dialogs that one meets; what is said in English on the way."""
    said = list(page.evaluate(SAID))
    for menu in page.locator(".lm-MenuBar-item").all():
        menu.click()
        page.locator(".lm-Menu").first.wait_for()
        said += page.evaluate(SAID)
        page.keyboard.press("Escape")
    for menu, entry in DIALOGS:
        choose(page, menu, entry)
        page.locator(".jp-Dialog").wait_for()
        said += page.evaluate(SAID)
        page.keyboard.press("Escape")
        page.locator(".jp-Dialog").wait_for(state="detached")
    for where in CONTEXTS:
        page.locator(where).first.click(button="right")
        page.locator(".lm-Menu").first.wait_for()
        said += page.evaluate(SAID)
        page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+C")
    page.locator(".lm-CommandPalette-item").first.wait_for()
    said += page.evaluate(SAID)
    page.keyboard.press("Escape")
    return in_english(said)


DIALOGS = (
    ("Kärna", "Starta om kärnan …"),
    ("Kärna", "Byt kärna …"),
    ("Kärna", "Avsluta alla kärnor …"),
    ("Arkiv", "Spara som …"),
    ("Arkiv", "Öppna från plats …"),
    ("Arkiv", "Byt namn"),
    ("Arkiv", "Gå tillbaka till det som sparades senast"),
    ("Arkiv", "Stäng och avsluta anteckningsboken"),
)
CONTEXTS = (".jp-Notebook .jp-Cell", ".lm-TabBar-tab.jp-mod-current")
