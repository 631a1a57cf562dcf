"""Any body that the SDK's models can build is accepted and read back, or refused in OCI's form, by both doors."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from facts.databases import POSTGRESQL_PREFIX
from facts.oci_api import Model, Operation, model
from sandbox.oci.account import Account
from sandbox.oci.api.answering import answer
from sandbox.oci.api.endpoints import Endpoint
from sandbox.oci.api.names import fields_of_type, matched, subtype
from sandbox.oci.api.outward import body_of
from sandbox.oci.api.showing import answer_model
from sandbox.oci.engine_values import opened
from sandbox.oci.errors import OciError
from sandbox.oci.ids import id_of, is_global, ocid_type
from sandbox.oci.model import Entry
from sandbox.oci.services.vault.keys import KEY, VAULT
from sandbox.store import Store, open_store
from tests.sandbox.oci.driver import TENANCY, Driver, Made
from tests.sandbox.oci.minimal import create_minimal, minimal
from tests.sandbox.wire.any_body import bodies
from tests.sandbox.wire.test_every_type import BODIES, CREATED, body_model, filled, path_of

pytestmark = pytest.mark.prove

SNAPSHOTS = Path(__file__).parents[2] / "infra" / "snapshots"
TOKENS = {
    token
    for path in SNAPSHOTS.rglob("*.yaml")
    for token in re.findall(r"\boci:\w+/\w+:\w+", path.read_text(encoding="utf-8"))
}
ENDPOINTS = [each for each in CREATED if set(each.tokens) & TOKENS]
ACCOUNT = Account("us-ashburn-1", TENANCY, retry_seconds=0)

SHOWN_OTHERWISE = {"id", "lifecycleState", "managementEndpoint", "cryptoEndpoint", "approximateCount"}
"""Properties that the API shows in its own way."""
SET_BY_THE_SERVICE = {"lifecycleState"}
"""Properties that a body may have, but that the service sets: a new target of Cloud Guard has a state in its body."""


@dataclass
class Bed:
    """A type of resource with what it depends on, and the least body that creates one."""

    endpoint: Endpoint
    store: Store
    at: str = ""
    body: dict[str, Any] = field(default_factory=dict[str, Any])
    parents: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        driver = Driver(self.store)
        inputs = minimal(driver, self.endpoint.token)
        if "managementEndpoint" in inputs:
            vault = create_minimal(driver, VAULT)
            place = {"managementEndpoint": vault.outputs["managementEndpoint"]}
            inputs, self.at = inputs | place, vault.id
            if "keyId" in inputs:
                inputs["keyId"] = create_minimal(driver, KEY, **place).id
        fields = fields_of_type(self.endpoint.token)
        shape = body_model(self.create)
        self.body = filled(
            shape,
            body_of(shape, inputs, fields, self.endpoint.names),
            is_global(ocid_type(self.endpoint.token)),
        ) | BODIES.get(self.endpoint.token, {})
        names = matched(
            dict.fromkeys(re.findall(r"\{(\w+)\}", self.create.path)), fields, self.endpoint.names
        )
        self.parents = {name: str(inputs[other]) for name, other in names.items()}

    @property
    def create(self) -> Operation:
        return dict(self.endpoint.operations())["create"]

    @property
    def get(self) -> Operation | None:
        return dict(self.endpoint.operations()).get("get")

    def hidden(self) -> set[str]:
        """The properties that are secrets: only a digest of them is kept."""
        fields = fields_of_type(self.endpoint.token)
        names = matched(body_model(self.create).properties, fields, self.endpoint.names)
        return {name for name, other in names.items() if other in fields and fields[other].sensitive}

    def bodies(self) -> st.SearchStrategy[dict[str, Any]]:
        shape = body_model(self.create)
        return bodies(subtype(shape, self.body.get(shape.by)), self.body)


def sent(driver: Driver, operation: Operation, path: Mapping[str, str], body: Any, at: str) -> Any:
    """What the REST API answers. Fails on anything but an answer or a refusal in OCI's form."""
    filled_in = re.sub(r"\{(\w+)\}", lambda found: quote(path[found[1]], safe=""), operation.path)
    content = json.dumps(body).encode() if body is not None else b""
    operations = driver.provider.operations
    found = answer(
        operations, ACCOUNT, f"{operation.method} {filled_in}", query={}, headers={}, content=content, at=at
    )
    assert found.status < 300
    json.dumps(found.body)
    return found.body


def same(given: Any, read: Any) -> bool:
    """Whether a value that was sent is in the value that was read.

    Empty values may be left out. Text may differ in case, times in precision, and a tag's number is its text. A shape
    of PostgreSQL is answered without its prefix.
    """
    if given in (None, "", [], {}):
        return True
    if isinstance(given, dict) and read is None:
        return all(same(each, None) for each in given.values())
    if isinstance(given, dict) and isinstance(read, dict):
        return all(same(each, read.get(name)) for name, each in given.items())
    if isinstance(given, list) and isinstance(read, list):
        return len(given) == len(read) and all(any(same(each, other) for other in read) for each in given)
    if isinstance(given, str) and isinstance(read, str):
        given = given.removeprefix(POSTGRESQL_PREFIX) if not read.startswith(POSTGRESQL_PREFIX) else given
        return given.casefold() == read.casefold() or _moment(given) == _moment(read) is not None
    return given == read or (isinstance(read, str) and str(given).lower() == read)


def _moment(text: str) -> int | None:
    try:
        return math.floor(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError:
        return None


def answered(sent_body: Any, shape: Model | None) -> Any:
    """What of a value that was sent the answer's model has a place for. It has none for a function's own archive."""
    if isinstance(sent_body, list):
        return [answered(each, shape) for each in sent_body]
    if shape is None or not isinstance(sent_body, dict):
        return sent_body
    known = subtype(shape, sent_body.get(shape.by)).properties
    return {
        name: answered(each, model(shape.package, known[name].type.innermost.name))
        for name, each in sent_body.items()
        if name in known
    }


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.token.split(":", 1)[1])
def test_any_body_is_accepted_and_read_back_or_refused(tmp_path: Path, endpoint: Endpoint) -> None:
    with open_store(tmp_path / "cloud.db") as store:
        bed = Bed(endpoint, store)

        @settings(
            max_examples=25, phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )  # fmt: skip
        @given(bed.bodies())
        def check(body: dict[str, Any]) -> None:
            with store.copied() as copy:
                _check(bed, Driver(copy), body)

        check()


def refusal_of(call: Callable[[], object]) -> OciError | None:
    """The refusal of a call; None if it was accepted."""
    try:
        call()
    except OciError as refusal:
        return refusal
    return None


def _check(bed: Bed, driver: Driver, body: dict[str, Any]) -> None:
    before = {each.id for each in driver.cloud.entries()}
    refusal = refusal_of(lambda: sent(driver, bed.create, bed.parents, body, bed.at))
    made = [each for each in driver.cloud.entries() if each.id not in before and not each.assumed]
    if refusal is not None:
        assert 400 <= refusal.status < 500 or refusal.code == "NotImplemented"
        assert refusal.code
        assert refusal.message
        assert made == []
        return
    (entry,) = [each for each in made if each.token == bed.endpoint.token]
    if bed.get is None:
        return
    read = sent(driver, bed.get, path_of(bed.endpoint, entry, bed.get), None, bed.at)
    shape = answer_model(bed.get)
    given = answered(body, shape) if shape else {}
    for name in given.keys() - bed.hidden() - SET_BY_THE_SERVICE:
        assert same(given[name], read.get(name)), f"{name}: sent {body[name]!r}, read {read.get(name)!r}"
    _by_both_doors(bed, driver, entry, bed.get, read)


def _by_both_doors(bed: Bed, driver: Driver, entry: Entry, get: Operation, read: dict[str, Any]) -> None:
    """The provider reads what the API shows, and what one door deletes is gone at the other."""
    made = Made(driver.urn(entry.token, "it"), id_of(entry.id), {}, {})
    found, shape = driver.read(made), answer_model(get)
    assert found is not None
    assert shape is not None
    told = body_of(shape, opened(found.outputs), fields_of_type(entry.token), bed.endpoint.names)
    both = (told.keys() & read.keys()) - SHOWN_OTHERWISE - bed.hidden()
    different = {name for name in both if told[name] != read[name]}
    if str(told.get("shape")) == f"{POSTGRESQL_PREFIX}{read.get('shape')}":
        different -= {"shape"}
    assert {name: told[name] for name in different} == {name: read[name] for name in different}
    refusal_of(lambda: driver.delete(replace(found, urn=made.urn)))
    left = driver.cloud.find(entry.id)
    refused = refusal_of(lambda: sent(driver, get, path_of(bed.endpoint, entry, get), None, bed.at))
    assert (refused is None) == (left is not None)
    assert (driver.read(made) is None) == (left is None or not left.live)
