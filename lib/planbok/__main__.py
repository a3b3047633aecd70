"""`planbok`, also as `python -m planbok`: one that is told to end says so from the first, while it still loads."""

import atexit
import signal
import sys

from planbok.commands.ending import stoppable

ENDED = "Avbrutet. Inget har körts."


def main() -> int:
    """The command line, loaded when whoever ends it is heard; one that is ending anyway ends with its own code."""
    atexit.register(signal.signal, signal.SIGTERM, signal.SIG_IGN)
    try:
        with stoppable():
            from planbok.cli import main as command_line

            return command_line()
    except KeyboardInterrupt:  # before the command line was there to say it
        print(ENDED, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
