"""A plugin of pytest: a worker gets all tests of a file, and all of a folder whose tests share a long preparation."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

FOLDERS = ("tests/sandbox/kubernetes/judged/",)
"""The API server starts once, and the program runs once for each stack."""


def unit(test: str) -> str:
    """What a test is distributed with: its folder or its file."""
    file = test.partition("::")[0]
    return next((folder for folder in FOLDERS if file.startswith(folder)), file)


class Together(LoadFileScheduling):
    """Distributes these units to the workers."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Take the place of xdist's own distribution by files."""
    return Together(config, log)
