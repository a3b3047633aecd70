"""JupyterLab in Swedish: `locale/` has what it finds through the entry point `jupyterlab.languagepack`.

A message is a row of the JSON file: the English text, after the part of the menus that it stands in and \\u0004 where
it stands in one, and the Swedish one; singular and plural where it has both. JupyterLab takes every .json below this
folder for a language file, and translates most of itself in the page. The rest, menus in settings, it translates in the
server, by files of another kind: as an extension of the server this module gives it the same messages.
"""

import gettext
import json
from pathlib import Path
from typing import Any

LOCALE = "sv_SE"
MESSAGES = Path(__file__).parent / "locale" / LOCALE / "LC_MESSAGES"


def messages() -> dict[str, list[str]]:
    """The Swedish of each English message of JupyterLab."""
    read = json.loads((MESSAGES / "jupyterlab.json").read_text(encoding="utf-8"))
    return {english: swedish for english, swedish in read.items() if english}


class Swedish(gettext.NullTranslations):
    """The messages as Python's gettext asks for them."""

    def __init__(self) -> None:
        super().__init__()
        self._messages = messages()

    def gettext(self, message: str) -> str:
        return self._messages.get(message, [message])[0]

    def pgettext(self, context: str, message: str) -> str:
        return self._messages.get(f"{context}\x04{message}", [self.gettext(message)])[0]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """What the server translates, menus in settings files, it translates by the same messages."""
    from jupyterlab_server.translation_utils import TranslationBundle, translator

    class Bundle(TranslationBundle):
        def update_locale(self, locale_: str) -> None:
            super().update_locale(locale_)
            if locale_ == LOCALE:
                self._translator = Swedish()

    translator._TRANSLATORS["jupyterlab"] = Bundle("jupyterlab", translator._LOCALE)
