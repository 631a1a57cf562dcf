"""Vault: keys and their versions in OCI's REST API, each at its vault's own address."""

from collections.abc import Callable
from typing import Any, Final

from sandbox.oci.api import passing
from sandbox.oci.api.actions import act
from sandbox.oci.api.endpoints import Endpoint, answers, endpoint, endpoint_of
from sandbox.oci.api.generic import body_inputs, created, get, move, update
from sandbox.oci.api.listing import page
from sandbox.oci.api.pending import cancelled, scheduled
from sandbox.oci.api.request import Request, Response
from sandbox.oci.api.showing import row_model, shown
from sandbox.oci.errors import conflict, not_found
from sandbox.oci.ids import derived_ocid
from sandbox.oci.model import Entry
from sandbox.oci.rules.reading import blocks
from sandbox.oci.services.vault.keys import KEY, VAULT, VERSION

_KEYS: Final = "key_management.KmsManagementClient"


def _with_algorithm(_request: Request, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    """A row of the list has the algorithm beside the name; a key has it in its shape."""
    shape = next(iter(blocks(entry.outputs, "keyShape")), {})
    return body if "keyShape" in body else {**body, "algorithm": shape.get("algorithm")}


def _with_own_id(_request: Request, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    """The API's id of a version is its OCID; the provider's is a path below the key."""
    return {**body, "id": entry.id.rsplit("/", 1)[-1], "origin": "INTERNAL"}


endpoint(KEY, _KEYS, "key", methods={"create": "create_key"}, shows=_with_algorithm)
endpoint(
    VERSION,
    _KEYS,
    "key_version",
    methods={"create": "create_key_version"},
    id="keys/{keyId}/keyVersions/{keyVersionId}",
    shows=_with_own_id,
)


def vault_called(request: Request) -> Entry:
    """The vault whose own address the client called. 404 at a region's address, where no keys are."""
    return request.addressed(VAULT, "the managementEndpoint and cryptoEndpoint of a vault")


def key_called(request: Request, key_id: str) -> Entry:
    """A key of the vault that the client called, also one that waits for its deletion."""
    vault, key = vault_called(request), request.cloud.find(key_id)
    if key is None or key.token != KEY or key.outputs.get("vaultId") != vault.id:
        raise not_found(key_id)
    return key


@answers(_KEYS, "create_key")
def create_key(request: Request) -> Response:
    """Create a key in the vault that was called."""
    place = {"managementEndpoint": vault_called(request).outputs["managementEndpoint"]}
    return created(endpoint_of(KEY), request, body_inputs(endpoint_of(KEY), request) | place)


@answers(_KEYS, "list_keys", reads=("length", "curveId"), lists=True)
def list_keys(request: Request) -> Response:
    """The keys of the vault that was called, also those that wait for their deletion."""
    request.meet_faults(KEY)
    vault, row = vault_called(request), row_model(request.operation)
    states = passing.shown_states(request.cloud.store)
    shapes = {name: request.argument(name) for name in ("length", "curveId")}
    rows = [
        shown(request, endpoint_of(KEY), row, key, states.get(key.id))
        for key in request.cloud.entries()
        if key.token == KEY
        and key.outputs.get("vaultId") == vault.id
        and all(
            wanted in (None, str(shape.get(name)))
            for shape in blocks(key.outputs, "keyShape")
            for name, wanted in shapes.items()
        )
    ]
    return page(request, rows, ignored=tuple(shapes))


def _of_its_vault(act_on: Callable[[Endpoint, Request], Response]) -> Callable[[Request], Response]:
    """Answer for a key in the path as for any resource, if the client called the key's own vault."""

    def answer(request: Request) -> Response:
        if act_on is get:
            request.meet_faults(KEY)
        key_called(request, request.path["keyId"])
        return act_on(endpoint_of(KEY), request)

    return answer


for _method, _act in {
    "get_key": get,
    "update_key": update,
    "change_key_compartment": move,
    "schedule_key_deletion": scheduled,
    "cancel_key_deletion": cancelled,
}.items():
    answers(_KEYS, _method)(_of_its_vault(_act))


@answers(_KEYS, "enable_key", "disable_key")
def enable_or_disable_key(request: Request) -> Response:
    """Let a key encrypt and decrypt, or not. A client that waits sees the change pass."""
    key_called(request, request.path["keyId"])
    wanted, between = {"EnableKey": ("ENABLED", "ENABLING"), "DisableKey": ("DISABLED", "DISABLING")}[
        request.operation.name
    ]
    return act(endpoint_of(KEY), request, {"desiredState": wanted}, between=between)


@answers(_KEYS, "create_key_version")
def create_key_version(request: Request) -> Response:
    """Rotate a key: the new version is the current one."""
    key = key_called(request, request.path["keyId"])
    place = {"keyId": key.id, "managementEndpoint": vault_called(request).outputs["managementEndpoint"]}
    return created(endpoint_of(VERSION), request, body_inputs(endpoint_of(VERSION), request) | place)


@answers(_KEYS, "list_key_versions", lists=True)
def list_key_versions(request: Request) -> Response:
    """The versions of a key."""
    request.meet_faults(VERSION)
    key = key_called(request, request.path["keyId"])
    row, states = row_model(request.operation), passing.shown_states(request.cloud.store)
    rows = [
        shown(request, endpoint_of(VERSION), row, each, states.get(each.id))
        for each in key_versions(request, key)
    ]
    return page(request, rows)


@answers(_KEYS, "get_key_version")
def get_key_version(request: Request) -> Response:
    """One version of a key."""
    request.meet_faults(VERSION)
    _recorded_version(request)
    return get(endpoint_of(VERSION), request)


@answers(_KEYS, "schedule_key_version_deletion")
def schedule_key_version_deletion(request: Request) -> Response:
    """Let an older version wait for its deletion, for 30 days unless another time is given."""
    _recorded_version(request)
    return scheduled(endpoint_of(VERSION), request)


@answers(_KEYS, "cancel_key_version_deletion")
def cancel_key_version_deletion(request: Request) -> Response:
    """Have a version back that waits for its deletion."""
    _recorded_version(request)
    return cancelled(endpoint_of(VERSION), request)


def key_versions(request: Request, key: Entry) -> list[Entry]:
    """The versions of a key, oldest first. The first one comes with the key, and is recorded when it is asked for."""
    found = [
        each
        for each in request.cloud.entries()
        if each.token == VERSION and each.outputs.get("keyId") == key.id
    ]
    first = _first_version(key)
    return found if first.id in {each.id for each in found} else [first, *found]


def _recorded_version(request: Request) -> Entry:
    key = key_called(request, request.path["keyId"])
    for each in key_versions(request, key):
        if each.outputs["keyVersionId"] == request.path["keyVersionId"]:
            if request.cloud.find(each.id) is None:
                request.cloud.save(each)
            return each
    raise not_found(request.path["keyVersionId"])


def _first_version(key: Entry) -> Entry:
    version = derived_ocid("keyversion", key.region, key.id)
    shared = {name: key.outputs.get(name) for name in ("compartmentId", "vaultId", "timeCreated")}
    return Entry(
        id=f"keys/{key.id}/keyVersions/{version}",
        token=VERSION,
        urn="",
        region=key.region,
        compartment_id=key.compartment_id,
        state="ENABLED",
        inputs={"keyId": key.id, "managementEndpoint": key.inputs.get("managementEndpoint")},
        outputs={**shared, "keyId": key.id, "keyVersionId": version, "state": "ENABLED", "isPrimary": True},
        created_at=key.created_at,
        owner=key.id,
    )


def enabled_key(request: Request, key_id: str) -> Entry:
    """A key that may encrypt and decrypt. 409 for one that is disabled or waits for its deletion."""
    key = key_called(request, key_id)
    if key.state != "ENABLED":
        raise conflict(f"The key {key.id} is in state {key.state}; it must be ENABLED.", "IncorrectState")
    return key
