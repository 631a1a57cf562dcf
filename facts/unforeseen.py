"""What a user reads of a mistake that is the program's own: a line, and how to get the rest of it."""

import os
import sys
import traceback
from pathlib import Path

VARIABLE = "PLAYGROUND_TRACEBACK"


def wants_traceback() -> bool:
    """Whether the user asked for Python's own words."""
    return os.environ.get(VARIABLE) == "1"


def unforeseen(error: BaseException) -> str:
    """What went wrong and where in the code, in one line; with PLAYGROUND_TRACEBACK=1 how it came to it as well."""
    if wants_traceback():
        return "".join(traceback.format_exception(error)).rstrip()
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}"
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {_short(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    kind = type(error).__name__
    said = " ".join(str(error).split())
    what = f"{kind}: {said}" if said else kind
    return f"a mistake of the program itself: {what}{where}. {VARIABLE}=1 shows how it came to it"


def _short(filename: str) -> str:
    path = Path(filename)
    nearest = next((Path(folder) for folder in sys.path if folder and path.is_relative_to(folder)), None)
    return str(path.relative_to(nearest)) if nearest else path.name
