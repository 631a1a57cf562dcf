"""Vault: vaults in OCI's REST API, and the pending deletion of what is in them."""

from functools import partial
from typing import Any, Final

from sandbox.oci.api import passing
from sandbox.oci.api.endpoints import Endpoint, answers, endpoint, endpoint_of
from sandbox.oci.api.etags import require_match
from sandbox.oci.api.generic import answer, required
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import conflict
from sandbox.oci.ids import derived_ocid
from sandbox.oci.model import Entry
from sandbox.oci.rules.pending import deletion_cancelled
from sandbox.oci.services.vault.keys import VAULT

_VAULTS: Final = "key_management.KmsVaultClient"


def _with_addresses(request: Request, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    """A vault is managed and used at one address of the server's own; its wrapping key is one of Oracle's."""
    address = request.address(entry.id) if request.address else ""
    own = {"managementEndpoint": address, "cryptoEndpoint": address} if address else {}
    return {**body, **own, "wrappingkeyId": derived_ocid("key", entry.region, entry.id)}


endpoint(VAULT, _VAULTS, "vault", shows=_with_addresses)


def scheduled(found: Endpoint, request: Request) -> Response:
    """Let the resource in the path wait for its deletion. 409 if it does already."""
    entry = required(found, request)
    at = (request.body or {}).get("timeOfDeletion")
    answers: list[Response] = []

    def then(_: Entry) -> None:
        passing.end(request.cloud.store, entry.id)
        answers.append(answer(found, request, required(found, request), "update"))

    request.operations.delete(
        request.account, entry.token, entry.urn, entry.id,
        inputs={"timeOfDeletion": at} if at else {}, guard=partial(require_match, request.headers), then=then,
    )  # fmt: skip
    if not answers:
        raise conflict(f"{entry.id} is already scheduled for deletion.", "IncorrectState")
    return answers[0]


def cancelled(found: Endpoint, request: Request) -> Response:
    """Cancel the pending deletion of the resource in the path. 409 if it has none."""
    with request.operations.call(request.account, "update", found.token, request.operation.name):
        entry = required(found, request)
        if entry.live:
            raise conflict(f"{entry.id} is not scheduled for deletion.", "IncorrectState")
        require_match(request.headers, entry)
        return answer(found, request, deletion_cancelled(request.cloud, entry), "update")


@answers(_VAULTS, "schedule_vault_deletion")
def schedule_vault_deletion(request: Request) -> Response:
    """Let a vault wait for its deletion, for 30 days unless another time is given."""
    return scheduled(endpoint_of(VAULT), request)


@answers(_VAULTS, "cancel_vault_deletion")
def cancel_vault_deletion(request: Request) -> Response:
    """Have a vault back that waits for its deletion."""
    return cancelled(endpoint_of(VAULT), request)
