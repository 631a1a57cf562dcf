"""The message for a bug in the program itself: one line, and how to see the traceback."""

import errno
import os
import sys
import traceback
from pathlib import Path

VARIABLE = "PLAYGROUND_TRACEBACK"


def wants_traceback() -> bool:
    """Whether the user asked for the traceback."""
    return os.environ.get(VARIABLE) == "1"


def unforeseen(error: BaseException) -> str:
    """The error and its place in the code, in one line. With PLAYGROUND_TRACEBACK=1, the whole traceback."""
    if wants_traceback():
        return "".join(traceback.format_exception(error)).rstrip()
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}"
    if full := _no_space(error):
        return full
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    where = f" at {_short(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    kind = type(error).__name__
    said = " ".join(str(error).split())
    what = f"{kind}: {said}" if said else kind
    return f"a bug in the program itself: {what}{where}. Set {VARIABLE}=1 to see the traceback"


def _no_space(error: BaseException) -> str:
    """What to say of a full disk: neither a write nor the database names the file. Empty for other errors."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{error.strerror}: free some, then run the command again"
    if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
        return "no space left for the sandbox's data (SANDBOX_HOME): free some, then run the command again"
    return ""


def _short(filename: str) -> str:
    path = Path(filename)
    nearest = next((Path(folder) for folder in sys.path if folder and path.is_relative_to(folder)), None)
    return str(path.relative_to(nearest)) if nearest else path.name
