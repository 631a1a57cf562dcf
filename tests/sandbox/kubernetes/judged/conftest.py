"""The judge, a real API server with the custom kinds; and an empty API server of the sandbox for each test."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.kubernetes.judged.sandbox import Sandbox
from tests.support.api_server import ApiServer, running
from tools.api_server.build import present
from tools.api_server.definitions import definitions


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    programs = present()
    assert programs, "`make prove` builds the API server"
    with running(programs, tmp_path_factory.mktemp("api-server")) as server:
        custom = [*definitions()]
        for definition in custom:
            made = server.create(definition)
            assert made.accepted, made.message
        for definition in custom:
            _wait_for(server, definition)
        yield server


def _wait_for(server: ApiServer, definition: dict[str, object]) -> None:
    spec: dict[str, object] = definition["spec"]  # pyright: ignore
    version = next(each["name"] for each in spec["versions"] if each["served"])  # pyright: ignore
    kind = {"apiVersion": f"{spec['group']}/{version}", "kind": spec["names"]["kind"]}  # pyright: ignore
    for _ in range(300):
        if server.serves(kind):
            return
        time.sleep(0.1)
    raise AssertionError(f"the API server does not serve {kind}")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    found = Sandbox(tmp_path)
    yield found
    found.store.close()
