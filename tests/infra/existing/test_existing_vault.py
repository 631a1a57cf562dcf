"""What a preview says about an existing vault, read from the sandbox's cloud."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.store import open_store
from tests.infra.existing.theirs import ACCOUNT, Theirs

VAULT = "oci:Kms/vault:Vault"
PATH = "vault.existing.vaultId"


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Theirs]:
    """An account with a network."""
    with open_store(tmp_path / "cloud.db") as store:
        yield Theirs(store)


def vault(theirs: Theirs, kind: str = "DEFAULT") -> str:
    return theirs.make(VAULT, displayName="theirs", vaultType=kind)


def said(theirs: Theirs, vault_id: str, **settings: Any) -> list[str]:
    return [*map(str, theirs.problems(("vault", {"existing": {"vaultId": vault_id}, **settings})))]


def test_a_vault_that_fits_has_no_problem(theirs: Theirs) -> None:
    assert said(theirs, vault(theirs)) == []
    assert said(theirs, vault(theirs, "VIRTUAL_PRIVATE"), rotationDays=90) == []


def test_a_vault_that_waits_for_its_deletion_is_refused_with_the_command_that_recovers_it(
    theirs: Theirs,
) -> None:
    found = vault(theirs)
    theirs.operations.delete(ACCOUNT, VAULT, "", found)
    (problem,) = said(theirs, found)
    assert problem.startswith(f"{PATH}: '{found}'; must be ACTIVE, not PENDING_DELETION")
    assert f"vault cancel-deletion --vault-id {found}" in problem


def test_a_schedule_in_a_shared_vault_is_refused(theirs: Theirs) -> None:
    (problem,) = said(theirs, vault(theirs), rotationDays=90)
    assert problem.startswith("vault.rotationDays: 90; must not be set: the existing vault is shared")


def test_a_vault_that_does_not_exist_is_refused(theirs: Theirs) -> None:
    (problem,) = said(theirs, "ocid1.vault.oc1.iad.aaaa.aaaaaaaaexample")
    assert problem.startswith(f"{PATH}: 'ocid1.vault.oc1.iad.aaaa.aaaaaaaaexample'; cannot be read")
