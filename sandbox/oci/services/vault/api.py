"""Vault: vaults and secrets in OCI's REST API."""

from functools import partial
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


def _cancel(found: Endpoint, request: Request) -> Response:
    with request.operations.call(request.account, "update", found.token, request.operation.name):
        entry = required(found, request)
        if entry.live:
            raise conflict(f"{entry.id} is not scheduled for deletion.", "IncorrectState")
        require_match(request.headers, entry)
        return answer(found, request, deletion_cancelled(request.cloud, entry), "update")


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
