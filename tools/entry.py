"""Starts a tool, and ends it with an exit status, never with a traceback."""

import subprocess
import sys
from collections.abc import Callable

from facts.problem import InvalidInput
from facts.projects import NoProjectError
from facts.unforeseen import unforeseen

INTERRUPTED = 130


def start(main: Callable[[], int | None]) -> None:
    """Run a tool's `main` and exit with its status."""
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failure:
        # The command has already printed the reason.
        sys.exit(failure.returncode)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except (InvalidInput, NoProjectError) as refusal:
        sys.exit(str(refusal))
    except Exception as error:
        sys.exit(unforeseen(error))
