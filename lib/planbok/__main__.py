"""`python -m planbok` is the same as `planbok`."""

import sys

from planbok.cli import main

sys.exit(main())
