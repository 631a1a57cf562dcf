"""Vault: vaults and secrets in OCI's REST API."""

from typing import Final

from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.services.vault.keys import VAULT
from sandbox.oci.services.vault.secrets import SECRET

_VAULTS: Final = "key_management.KmsVaultClient"
_SECRETS: Final = "vault.VaultsClient"

endpoint(VAULT, _VAULTS, "vault")
endpoint(SECRET, _SECRETS, "secret", ignores=("vaultId",))
