"""A fresh cloud for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.store import Store, open_store
from tests.sandbox.oci.driver import Driver


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "cloud.db") as opened:
        yield opened


@pytest.fixture
def driver(store: Store) -> Driver:
    return Driver(store)
