"""A first preview predicts no refusal, because the same change creates everything that a step needs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.proto import provider_pb2 as messages

from sandbox.oci.engine_values import UNKNOWN, encode
from sandbox.oci.provider import OciProvider
from sandbox.store import Store
from tests.infra.snapshots import EXAMPLES, STACKS, run


class Engine:
    """Records the provider's messages."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def Log(self, request: engine_pb2.LogRequest) -> None:
        self.said.append(f"{request.urn}: {request.message}")


SERVICE = {"serviceId": "ocid1.service.oc1.iad.aaaaaaaaservices"}
"""The id of the region's services. A preview looks it up; offline, a word stands in for it."""


def previewed(value: Any, made: frozenset[str]) -> Any:
    """An input in a first preview: ids of resources that do not exist yet are unknown."""
    if value == {"serviceId": "service"}:
        return SERVICE
    if isinstance(value, Mapping):
        return {name: previewed(each, made) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [previewed(each, made) for each in value]
    return UNKNOWN if isinstance(value, str) and any(each in value for each in made) else value


@pytest.mark.parametrize("stack", [*STACKS, *EXAMPLES])
def test_a_first_preview_foresees_no_refusal(
    stack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider, engine = OciProvider(Store(tmp_path / "cloud.db")), Engine()
    monkeypatch.setattr(provider, "_engine", engine)
    found = [each for each in run(stack).resources if each.type.startswith("oci:")]
    made = frozenset(each.id for each in found if each.id)
    for each in found:
        inputs = encode(previewed(each.inputs, made))
        provider.Create(messages.CreateRequest(urn=each.urn, properties=inputs, preview=True), None)
    assert found
    assert engine.said == []
