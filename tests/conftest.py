"""The project's commands are on the PATH of the tests, so that messages name them without a folder.

tests/facts/test_own_commands.py tries the other case. The folder has only these commands: the environment has others
too, such as `python3`.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.system_tools import BIN


@pytest.fixture(scope="session", autouse=True)
def own_commands_on_the_path() -> Iterator[None]:
    before = os.environ.get("PATH", os.defpath)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("playground", "sandbox"):
            (Path(folder) / name).symlink_to(BIN / name)
        os.environ["PATH"] = os.pathsep.join([before, folder])
        yield
        os.environ["PATH"] = before
