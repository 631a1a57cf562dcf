"""Starts a tool, and ends it with an exit status, never with a traceback."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

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


def stack_named(*options: str) -> str:
    """The stack of the command line; `staging` if it names none.

    Ends with a sentence for an option that is not one of these, because the caller would ignore it and go on.
    """
    words = sys.argv[1:]
    for word in words:
        if word.startswith("-") and word not in options:
            sys.exit(
                f"{word} is not an option of `{Path(sys.argv[0]).stem}`. There are: {', '.join(options)}"
            )
    return next((word for word in words if not word.startswith("-")), "staging")
