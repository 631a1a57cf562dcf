"""Programs of the machine that some tests run."""

import os
import shutil

import pytest

from tools.system_tools import CHROMIUM, WATCHING, find


def tool(name: str) -> str:
    """The path of a system tool. If it is not installed, the test is skipped, or fails under CI."""
    whole = {each.name: each for each in (*WATCHING, CHROMIUM)}.get(name)
    found = find(whole) if whole else shutil.which(name)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed, and CI skips no test")
        pytest.skip(f"{name} is not installed")
    return found
