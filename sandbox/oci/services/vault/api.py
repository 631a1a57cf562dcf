"""Vault: vaults in OCI's REST API."""

from typing import Any, Final

from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.pending import cancelled, scheduled
from sandbox.oci.api.request import Request, Response
from sandbox.oci.ids import derived_ocid
from sandbox.oci.model import Entry
from sandbox.oci.services.vault.keys import VAULT

_VAULTS: Final = "key_management.KmsVaultClient"


def _with_addresses(request: Request, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    """A vault is managed and used at one address of the server's own; its wrapping key is one of Oracle's."""
    address = request.address(entry.id) if request.address else ""
    own = {"managementEndpoint": address, "cryptoEndpoint": address} if address else {}
    return {**body, **own, "wrappingkeyId": derived_ocid("key", entry.region, entry.id)}


endpoint(VAULT, _VAULTS, "vault", shows=_with_addresses)


@answers(_VAULTS, "schedule_vault_deletion")
def schedule_vault_deletion(request: Request) -> Response:
    """Let a vault wait for its deletion, for 30 days unless another time is given."""
    return scheduled(endpoint_of(VAULT), request)


@answers(_VAULTS, "cancel_vault_deletion")
def cancel_vault_deletion(request: Request) -> Response:
    """Have a vault back that waits for its deletion."""
    return cancelled(endpoint_of(VAULT), request)
