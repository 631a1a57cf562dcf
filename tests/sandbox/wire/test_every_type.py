"""Every type of resource that the REST API answers, by the official SDK, from the fewest inputs that it takes."""

import importlib
import inspect
import re
from datetime import datetime
from typing import Any

import oci
import pytest
from oci.key_management import KmsVaultClient

from facts.databases import POSTGRESQL_PREFIX
from facts.oci_api import Model, Operation, Value, model
from sandbox.oci.api.endpoints import Endpoint, endpoints
from sandbox.oci.api.names import fields_of_type, matched, subtype
from sandbox.oci.api.outward import body_of
from sandbox.oci.ids import id_of, is_global, ocid_type
from sandbox.oci.model import Entry
from sandbox.oci.services.vault.keys import KEY, VAULT
from sandbox.store import Store
from tests.sandbox.oci.driver import COMPARTMENT, TENANCY, Driver
from tests.sandbox.oci.minimal import create_minimal, minimal, ocid
from tests.sandbox.wire.conftest import Wire

pytestmark = pytest.mark.prove

BODIES: dict[str, dict[str, Any]] = {
    "oci:Core/volumeGroup:VolumeGroup": {
        "sourceDetails": {"type": "volumeIds", "volumeIds": [ocid("volume")]}
    },
    "oci:Core/dhcpOptions:DhcpOptions": {"options": [{"type": "DomainNameServer", "serverType": "VcnLocal"}]},
    "oci:LoadBalancer/ruleSet:RuleSet": {
        "items": [{"action": "ADD_HTTP_REQUEST_HEADER", "header": "x-one", "value": "1"}]
    },
    "oci:LoadBalancer/loadBalancerRoutingPolicy:LoadBalancerRoutingPolicy": {
        "conditionLanguageVersion": "V1"
    },
    "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": {
        "rootSquashConfiguration": {"identitySquash": "NONE"}
    },
}
"""Where one value of a type will not do."""

ELSEWHERE = "ocid1.compartment.oc1..aaaaelsewhere"
CREATED = [each for each in endpoints() if "create" in dict(each.operations())]


class Client:
    """Calls operations of one endpoint by the SDK, with arguments by their names in the API."""

    def __init__(self, wire: Wire, endpoint: Endpoint, address: str) -> None:
        package, _, name = endpoint.client.partition(".")
        kind = getattr(importlib.import_module(f"oci.{package}"), name)
        self._client = wire.client(kind, service_endpoint=address)
        self._operations = dict(endpoint.operations())

    def operation(self, kind: str) -> Operation | None:
        return self._operations.get(kind)

    def call(self, kind: str, known: dict[str, Any], body: Any = None, **options: Any) -> Any:
        operation = self._operations[kind]
        method = getattr(self._client, operation.method_name)
        arguments: dict[str, Any] = {}
        by_word = {re.sub(r"[^a-z]", "", key.lower()): value for key, value in known.items()}
        for parameter in inspect.signature(method).parameters.values():
            if parameter.kind is not parameter.VAR_KEYWORD:
                word = parameter.name.replace("_", "")
                arguments[parameter.name] = by_word.get(word, body)
        return method(**arguments, **options)

    def is_refused(self, kind: str, known: dict[str, Any], body: Any = None, **options: Any) -> int:
        """The status of a call that has to be refused."""
        with pytest.raises(oci.exceptions.ServiceError) as refusal:
            self.call(kind, known, body, **options)
        assert refusal.value.code
        return refusal.value.status


def body_model(operation: Operation) -> Model:
    assert operation.body is not None
    found = model(operation.package, operation.body.name)
    assert found is not None
    return found


def path_of(endpoint: Endpoint, entry: Entry, operation: Operation) -> dict[str, str]:
    """The path's parameters that lead to a resource."""
    names = re.findall(r"\{(\w+)\}", operation.path)
    if endpoint.id:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(endpoint.id))
        found = re.fullmatch(pattern, id_of(entry.id))
        assert found is not None
        return found.groupdict()
    own = matched(dict.fromkeys(names), fields_of_type(endpoint.token), endpoint.names)
    parents = {name: entry.outputs[own[name]] for name in names[:-1] if name in own}
    return {**parents, names[-1]: id_of(entry.id)}


def filled(found: Model, body: dict[str, Any], everywhere: bool) -> dict[str, Any]:
    """The body with what the API requires and the provider does not."""
    found = subtype(found, body.get(found.by))
    for name, value in found.properties.items():
        if value.required and body.get(name) is None:
            known = {"compartmentId": TENANCY if everywhere else COMPARTMENT, "name": "one"}
            body[name] = known.get(name) or some(value, everywhere)
    return body


def some(value: Value, everywhere: bool) -> Any:
    """A value of a type."""
    if value.choices:
        return value.choices[0]
    if value.type.kind == "model":
        inner = model("core", value.type.name)
        return filled(inner, {}, everywhere) if inner else {}
    words: dict[str, Any] = {"list": [], "map": {}, "int": 1, "bool": True, "float": 1.5}
    return words.get(value.type.kind, words.get(value.type.name, "text"))


def in_a_vault(wire: Wire, driver: Driver, inputs: dict[str, Any]) -> str:
    """Put the inputs of a key, or of a key's version, in a new vault. Returns the vault's address."""
    vault = create_minimal(driver, VAULT)
    place = {"managementEndpoint": vault.outputs["managementEndpoint"]}
    inputs |= place
    if "keyId" in inputs:
        inputs["keyId"] = create_minimal(driver, KEY, **place).id
    return wire.client(KmsVaultClient).get_vault(vault.id).data.management_endpoint


def text_of(value: Any) -> str:
    """What the SDK made of an answer, with what it did not know of choices."""
    return str(oci.util.to_dict(value))


@pytest.mark.parametrize("endpoint", CREATED, ids=lambda each: each.token.split(":", 1)[1])
def test_a_type_is_created_read_listed_updated_and_deleted(
    wire: Wire, store: Store, endpoint: Endpoint
) -> None:
    driver = Driver(store)
    driver.provider.operations, driver.cloud = wire.operations, wire.operations.cloud
    inputs = minimal(driver, endpoint.token)
    address = in_a_vault(wire, driver, inputs) if "managementEndpoint" in inputs else wire.endpoint
    client = Client(wire, endpoint, address)
    create, get = client.operation("create"), client.operation("get")
    assert create is not None
    fields = fields_of_type(endpoint.token)
    body = body_of(body_model(create), inputs, fields, endpoint.names)
    body = filled(body_model(create), body, is_global(ocid_type(endpoint.token))) | BODIES.get(
        endpoint.token, {}
    )
    before, everything = {each.id for each in wire.cloud.all(endpoint.token)}, _existing(wire)
    parents = matched(dict.fromkeys(re.findall(r"\{(\w+)\}", create.path)), fields, endpoint.names)
    answer = client.call("create", {name: inputs[other] for name, other in parents.items()}, body)
    (entry,) = [each for each in wire.cloud.all(endpoint.token) if each.id not in before]
    assert "UNKNOWN_ENUM_VALUE" not in text_of(answer.data)
    if get is None:
        return
    path = path_of(endpoint, entry, get)
    got = client.call("get", path)
    assert answer.headers["etag"] == got.headers["etag"]
    read = got.data
    text = text_of(read)
    assert "UNKNOWN_ENUM_VALUE" not in text
    _shows(read, body)
    _listed(client, endpoint, entry, path)
    _updated(client, endpoint, entry, path, wire)
    _moved(client, endpoint, entry, wire)
    _deleted(client, entry, path, wire)
    if client.operation("delete") is not None:
        assert _existing(wire) == everything, "something is left"


def _existing(wire: Wire) -> set[str]:
    """The ids of everything that exists, except what is only assumed to."""
    return {each.id for each in wire.cloud.entries() if each.live and not each.assumed}


def _deleted(client: Client, entry: Entry, path: dict[str, str], wire: Wire) -> None:
    nobodys = {**path, list(path)[-1]: f"{path[list(path)[-1]]}x"}
    assert client.is_refused("get", nobodys) in (400, 404)
    delete = client.operation("delete")
    if delete is not None:
        if "if-match" in delete.headers:
            known = {**path, "isRemoveExistingAddOn": True}
            assert client.is_refused("delete", known, if_match="stale") == 412
        client.call("delete", {**path, "isRemoveExistingAddOn": True})
        left = wire.cloud.find(entry.id)
        assert left is None or not left.live


def _shows(read: Any, body: dict[str, Any]) -> None:
    """The texts and the times of a body are read back."""
    for name, value in body.items():
        word = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        shown = getattr(read, word, None)
        if isinstance(shown, datetime):
            assert shown == datetime.fromisoformat(value), name
        elif isinstance(value, str) and hasattr(read, word):
            # A shape of PostgreSQL is answered without its prefix.
            assert shown in (value, str(value).removeprefix(POSTGRESQL_PREFIX)), name


def _listed(client: Client, endpoint: Endpoint, entry: Entry, path: dict[str, str]) -> None:
    operation = client.operation("list")
    if operation is None:
        return
    known = {"compartmentId": entry.outputs.get("compartmentId"), **entry.outputs, **path}
    if "compartmentId" in operation.query and not operation.query["compartmentId"].required:
        known.pop("compartmentId")
    found = client.call("list", known).data
    rows = getattr(found, "items", found)
    assert "UNKNOWN_ENUM_VALUE" not in text_of(found)
    assert len([row for row in rows if _is(row, entry)]) == 1, endpoint.token


def _is(row: Any, entry: Entry) -> bool:
    told = (getattr(row, word, None) for word in ("id", "topic_id", "name"))
    return any(isinstance(own, str) and id_of(entry.id).endswith(own) for own in told)


def _moved(client: Client, endpoint: Endpoint, entry: Entry, wire: Wire) -> None:
    operation = client.operation("move")
    if operation is None:
        return
    client.call("move", path_of(endpoint, entry, operation), {"compartmentId": ELSEWHERE})
    now = wire.cloud.find(entry.id)
    assert now is not None
    assert (now.compartment_id, now.outputs["compartmentId"]) == (ELSEWHERE, ELSEWHERE)


def _updated(client: Client, endpoint: Endpoint, entry: Entry, path: dict[str, str], wire: Wire) -> None:
    operation = client.operation("update")
    if operation is None or operation.body is None:
        return
    shape = body_model(operation)
    fields = fields_of_type(endpoint.token)
    body = body_of(shape, entry.inputs, fields, endpoint.names)
    needed = {name: value for name, value in body.items() if shape.properties[name].required}
    if "freeformTags" not in shape.properties:
        return
    sent = filled(shape, needed, everywhere=False) | {"freeformTags": {"changed": "yes"}}
    if "if-match" in operation.headers:
        assert client.is_refused("update", path, sent, if_match="stale") == 412
    changed = client.call("update", path, sent)
    assert changed.headers["etag"] == client.call("get", path).headers["etag"]
    now = wire.cloud.find(entry.id)
    assert now is not None
    assert now.outputs["freeformTags"] == {"changed": "yes"}
    unchanged = {name: value for name, value in entry.inputs.items() if name not in sent}
    assert {name: now.inputs.get(name) for name in unchanged} == unchanged
