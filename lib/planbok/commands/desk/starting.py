"""Starts the desk: the server in a process of its own, and here the copies that it shows."""

import signal
import sys
import webbrowser
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from planbok.base.errors import did_you_mean, refused
from planbok.batch.plan.notebooks import START_PAGE
from planbok.commands.desk import copies
from planbok.commands.desk.place import Desk, settle
from planbok.commands.desk.server import opener, running, serve

TO_END = 10  # seconds that the server has to stop its kernels


def start(desk: Desk, wanted: str, port: int, browser: bool) -> int:
    """Serves the desk until it is stopped; shows the one that already runs, if one does."""
    settle(desk)
    notebook = wanted or START_PAGE
    if notebook not in copies.names():
        text = f"anteckningsboken finns inte.{did_you_mean(notebook, copies.names())}"
        raise refused(notebook, text, "unknown_notebook")
    desk.lay_out()
    found = running(desk)
    if found:
        _show(desk, *found, notebook, browser)
        print("Labbet är redan igång för arbetsmappen.", flush=True)
        return 0
    return _Start(desk, notebook, browser).run(port)


class _Start:
    """The server's process, and the line to it."""

    def __init__(self, desk: Desk, notebook: str, browser: bool):
        self.desk, self.notebook, self.browser = desk, notebook, browser

    def run(self, port: int) -> int:
        context = get_context("spawn")
        line, theirs = context.Pipe()
        server = context.Process(target=serve, args=(theirs, self.desk, self.notebook, port), name="planbok-lab")
        server.start()
        theirs.close()
        maker = self._maker()
        try:
            self._attend(server, line, maker)
        except KeyboardInterrupt:
            print("\nLabbet stängs.", flush=True)
            return 0
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)  # told already
            maker.stop()
            server.terminate()
            server.join(TO_END)
            server.kill()
        print("Labbet stannade. Det som hände står i lab/.jupyter/logg.txt.", file=sys.stderr, flush=True)
        return 1

    def _maker(self) -> Any:
        """Loads all that a copy needs, while the server starts."""
        from planbok.batch.make import warm

        warm.prepare()
        from planbok.commands.desk.maker import Maker

        warm.load()
        warm.freeze()
        return Maker(self.desk, [self.notebook])

    def _attend(self, server: Any, line: Connection, maker: Any) -> None:
        """Makes copies, those asked for first, as long as the server lives."""
        while server.is_alive():
            for told in maker.step(line, server.sentinel):
                line.send(told)
            while line.poll():
                try:
                    what, *rest = line.recv()
                except EOFError:
                    return
                if what == "ready":
                    url, token = rest
                    _show(self.desk, url, token, self.notebook, self.browser)
                elif found := maker.ask(*rest):
                    line.send(found)


def _show(desk: Desk, url: str, token: str, notebook: str, browser: bool) -> None:
    page = opener(desk, url, token, notebook)
    print(f"Labbet är igång på {url}lab. Öppna {page} om webbläsaren inte gör det. Avsluta med Ctrl+C.", flush=True)
    if browser:
        with suppress(webbrowser.Error):
            webbrowser.open(page.as_uri())
