"""Reads and checks an existing vault."""

from collections.abc import Iterator

from facts.problem import Problem
from infra.settings import Settings
from infra.settings.vault import ExistingVault

from .found import FoundVault
from .reader import Reader, read

_PATH = "vault.existing.vaultId"
FIX = "Check the OCID, and that the caller may use it: `use vaults` in its compartment"


def read_existing_vault(reader: Reader, wanted: ExistingVault, problems: list[Problem]) -> FoundVault | None:
    """The vault, or None if only its OCID is known. Adds a problem if it cannot be read."""
    row = read(reader, "Kms/getVault", _PATH, FIX, problems, vaultId=wanted.vault_id)
    if row is None or not row.get("managementEndpoint"):
        return None
    return FoundVault(
        vault_id=wanted.vault_id,
        known=True,
        management_endpoint=str(row.get("managementEndpoint")),
        state=str(row.get("state")),
        private=row.get("vaultType") == "VIRTUAL_PRIVATE",
    )


def existing_vault_findings(settings: Settings, found: FoundVault) -> Iterator[Problem]:
    """A vault that is being deleted, and a schedule that it does not support."""
    if found.state != "ACTIVE":
        pending = found.state == "PENDING_DELETION"
        fix = f"oci kms management vault cancel-deletion --vault-id {found.vault_id}" if pending else ""
        yield Problem(_PATH, found.vault_id, f"must be ACTIVE, not {found.state}", fix)
    if settings.vault.rotation_days and not found.private:
        fix = "Use manual rotations, or a virtual private vault"
        allowed = "must not be set: the existing vault is shared, and does not rotate keys"
        yield Problem("vault.rotationDays", settings.vault.rotation_days, allowed, fix)
