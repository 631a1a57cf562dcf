"""Vault: vaults and secrets in OCI's REST API."""

from typing import Final

from sandbox.oci.api import passing
from sandbox.oci.api.endpoints import Endpoint, answers, endpoint, endpoint_of
from sandbox.oci.api.etags import require_match
from sandbox.oci.api.generic import answer, required
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import conflict
from sandbox.oci.model import Entry
from sandbox.oci.rules.pending import deletion_cancelled
from sandbox.oci.services.vault.keys import VAULT
from sandbox.oci.services.vault.secrets import SECRET

_VAULTS: Final = "key_management.KmsVaultClient"
_SECRETS: Final = "vault.VaultsClient"

endpoint(VAULT, _VAULTS, "vault")
endpoint(SECRET, _SECRETS, "secret")


def _schedule(found: Endpoint, request: Request) -> Response:
    entry = required(found, request)
    if not entry.live:
        raise conflict(f"{entry.id} is already scheduled for deletion.", "IncorrectState")
    at = (request.body or {}).get("timeOfDeletion")
    inputs = {**entry.inputs, "timeOfDeletion": at} if at else entry.inputs

    def guard(held: Entry) -> None:
        require_match(request.headers, held)

    request.operations.update(request.account, entry.token, entry.urn, entry.id, inputs, guard=guard)
    request.operations.delete(request.account, entry.token, entry.urn, entry.id)
    passing.end(request.cloud.store, entry.id)
    return answer(found, request, request.cloud.find(entry.id) or entry, "update")


def _cancel(found: Endpoint, request: Request) -> Response:
    entry = required(found, request)
    if entry.live:
        raise conflict(f"{entry.id} is not scheduled for deletion.", "IncorrectState")
    with request.cloud.transaction():
        require_match(request.headers, entry)
        alive = deletion_cancelled(request.cloud, entry)
    return answer(found, request, alive, "update")


@answers(_VAULTS, "schedule_vault_deletion")
def schedule_vault_deletion(request: Request) -> Response:
    """Let a vault wait for its deletion, for 30 days unless another time is given."""
    return _schedule(endpoint_of(VAULT), request)


@answers(_VAULTS, "cancel_vault_deletion")
def cancel_vault_deletion(request: Request) -> Response:
    """Have a vault back that waits for its deletion."""
    return _cancel(endpoint_of(VAULT), request)


@answers(_SECRETS, "schedule_secret_deletion")
def schedule_secret_deletion(request: Request) -> Response:
    """Let a secret wait for its deletion, for 30 days unless another time is given."""
    return _schedule(endpoint_of(SECRET), request)


@answers(_SECRETS, "cancel_secret_deletion")
def cancel_secret_deletion(request: Request) -> Response:
    """Have a secret back that waits for its deletion."""
    return _cancel(endpoint_of(SECRET), request)
