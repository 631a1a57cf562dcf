"""The steps of the real provider with each type, as its source has them (`facts.provider_lifecycles`), by the SDK.

The provider itself was not run. What it waits for, by which word it finds a resource in a work request, and which
properties it reads back are taken from its source.
"""

import datetime
import importlib
import re
from typing import Any

import oci
import pytest

from facts.oci_api import operations_of
from facts.provider_lifecycles import Lifecycle, lifecycles
from sandbox.oci.api.endpoints import Endpoint, endpoints
from sandbox.oci.api.names import fields_of_type, matched
from sandbox.oci.api.outward import body_of
from sandbox.oci.ids import id_of, is_global, ocid_type
from sandbox.oci.model import Entry
from sandbox.store import Store
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import minimal
from tests.sandbox.wire.conftest import Wire
from tests.sandbox.wire.test_every_type import BODIES, Client, body_model, filled, in_a_vault, path_of

pytestmark = pytest.mark.prove

LOOKS = 6
"""How often a step asks before it gives up."""

GENERAL = ("core.", "database.")
"""The clients whose types wait by the provider's general client for work requests, which ignores the overrides."""

NEEDED = {"oci:Core/image:Image"}
"""Their types that the provider creates only with such a work request: the image's id comes from it."""

SHAPE = "PostgreSQL."
"""What requests of PostgreSQL have before a shape's name, and answers have not (psql_db_system_resource.go)."""


def steps() -> list[Endpoint]:
    """The types that the REST API creates, reads and deletes, and whose steps are known."""
    usual = {"create", "get", "delete"}
    return [
        each for each in endpoints() if each.token in lifecycles() and usual <= set(dict(each.operations()))
    ]


def plain(value: Any) -> Any:
    """An answer of the SDK in the API's words, without what is not set."""
    if hasattr(value, "attribute_map"):
        own = {name: plain(getattr(value, word)) for word, name in value.attribute_map.items()}
        return {name: each for name, each in own.items() if each is not None}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return value.isoformat() if isinstance(value, datetime.datetime) else value


class Steps:
    """One resource, taken through the provider's steps."""

    def __init__(self, wire: Wire, store: Store, endpoint: Endpoint) -> None:
        self.wire, self.endpoint = wire, endpoint
        self.life: Lifecycle = lifecycles()[endpoint.token]
        self.driver = Driver(store)
        self.driver.provider.operations, self.driver.cloud = wire.operations, wire.operations.cloud
        self.inputs = minimal(self.driver, endpoint.token)
        vault = "managementEndpoint" in self.inputs
        address = in_a_vault(wire, self.driver, self.inputs) if vault else wire.endpoint
        self.client = Client(wire, endpoint, address)
        self.entry: Entry
        self.path: dict[str, str]

    def create(self) -> dict[str, Any]:
        token, endpoint = self.endpoint.token, self.endpoint
        create, get = self.client.operation("create"), self.client.operation("get")
        assert create is not None
        assert get is not None
        inputs, fields = self.inputs, fields_of_type(token)
        body = body_of(body_model(create), inputs, fields, endpoint.names)
        body = filled(body_model(create), body, is_global(ocid_type(token))) | BODIES.get(token, {})
        before = {each.id for each in self.wire.cloud.all(token)}
        parents = matched(dict.fromkeys(re.findall(r"\{(\w+)\}", create.path)), fields, endpoint.names)
        answer = self.client.call("create", {name: inputs[own] for name, own in parents.items()}, body)
        (self.entry,) = [each for each in self.wire.cloud.all(token) if each.id not in before]
        self.path = path_of(endpoint, self.entry, get)
        self.work_request("create", answer, "CREATED")
        self.state("create", answer)
        return body

    def update(self) -> None:
        operation = self.client.operation("update")
        if operation is None or "freeformTags" not in body_model(operation).properties:
            return
        shape, fields = body_model(operation), fields_of_type(self.endpoint.token)
        known = body_of(shape, self.entry.inputs, fields, self.endpoint.names)
        needed = {name: value for name, value in known.items() if shape.properties[name].required}
        body = filled(shape, needed, everywhere=False) | {"freeformTags": {"changed": "yes"}}
        answer = self.client.call("update", self.path, body)
        self.work_request("update", answer, "UPDATED")
        self.state("update", answer)

    def delete(self) -> None:
        answer = self.client.call("delete", {**self.path, "isRemoveExistingAddOn": True})
        self.work_request("delete", answer, "DELETED")
        for _ in range(LOOKS):
            try:
                state = self.read().get("lifecycleState")
            except oci.exceptions.ServiceError as error:
                if error.status != 404:
                    raise
                return
            wait = self.life.waits.get("delete")
            assert wait is None or state is None or wait.accepts(state), state
            if wait is not None and state in wait.target:
                return
        pytest.fail("it is never gone")

    def read(self) -> dict[str, Any]:
        return plain(self.client.call("get", self.path).data)

    def state(self, step: str, answer: Any) -> None:
        """Wait as the provider does after a step. Without a wait, the answer is what a later read finds."""
        wait = self.life.waits.get(step)
        told = plain(answer.data).get("lifecycleState") if answer.data is not None else None
        if wait is None:
            if told is not None and step not in self.life.work_requests:
                assert self.read().get("lifecycleState") == told, "a refresh would find another state"
            return
        for _ in range(LOOKS):
            state = self.read().get("lifecycleState")
            assert state is None or wait.accepts(state), state
            if state is None or state in wait.target:
                return
        pytest.fail(f"never {wait.target}")

    def work_request(self, step: str, answer: Any, action: str) -> None:
        """Find the resource in the work request as the provider does, and wait until it has ended."""
        key = answer.headers.get("opc-work-request-id")
        if step not in self.life.work_requests:
            general = self.endpoint.client.startswith(GENERAL)
            assert key is None or not general or self.endpoint.token in NEEDED
            return
        assert key, "the provider needs opc-work-request-id"
        client = self._work_request_client()
        for _ in range(LOOKS):
            found = plain(client.get_work_request(key).data)
            named = [
                each
                for each in found.get("resources") or ()
                if self.life.entity and self.life.entity in each["entityType"].lower()
            ]
            assert named or not self.life.entity, found
            assert all(each["identifier"] == id_of(self.entry.id) for each in named)
            if found.get("timeFinished"):
                assert (found.get("status") or found.get("lifecycleState")) == "SUCCEEDED"
                assert all(each["actionType"] == action for each in named)
                return
        pytest.fail("the work request never ends")

    def _work_request_client(self) -> Any:
        package = self.endpoint.client.partition(".")[0]
        module = importlib.import_module(f"oci.{package}")
        own = (name for name in dir(module) if name.endswith("Client"))
        name = next(each for each in own if "get_work_request" in operations_of(f"{package}.{each}"))
        return self.wire.client(getattr(module, name))


def within(wanted: Any, found: Any) -> bool:
    """Whether an answer has everything of a request. The service may add to objects and order lists otherwise."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(within(each, found.get(name)) for name, each in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and all(any(within(one, each) for each in found) for one in wanted)
    if not isinstance(wanted, str) or wanted == found:
        return wanted == found
    return wanted.removeprefix(SHAPE) == found or (_moment(wanted) or wanted) == _moment(found)


def _moment(text: Any) -> datetime.datetime | None:
    """The time that a text is, in whichever form it is written."""
    try:
        return datetime.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


@pytest.mark.parametrize("endpoint", steps(), ids=lambda each: each.token.split(":", 1)[1])
def test_the_providers_steps_succeed_and_a_refresh_finds_nothing_new(
    wire: Wire, store: Store, endpoint: Endpoint
) -> None:
    taken = Steps(wire, store, endpoint)
    body = taken.create()
    read = taken.read()
    assert taken.read() == read, "a second read differs"
    shown = {name: value for name, value in body.items() if name in read}
    assert within(shown, read), (shown, read)
    taken.update()
    changed = taken.read()
    assert taken.read() == changed, "a second read differs after an update"
    taken.delete()
