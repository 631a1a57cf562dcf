"""Vaults and secrets by the official SDK: their deletion waits, and is cancelled."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.key_management import KmsVaultClient, models

from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire


@pytest.fixture
def vaults(wire: Wire) -> Any:
    return wire.client(KmsVaultClient)


def test_a_vault_waits_for_its_deletion_and_is_had_back(vaults: Any, refused: Callable[[], Refused]) -> None:
    details = models.CreateVaultDetails(compartment_id=COMPARTMENT, display_name="main", vault_type="DEFAULT")
    made = vaults.create_vault(details).data
    nothing = models.ScheduleVaultDeletionDetails()
    waiting = vaults.schedule_vault_deletion(made.id, nothing).data
    assert waiting.lifecycle_state == "PENDING_DELETION"
    assert waiting.time_of_deletion is not None
    assert vaults.get_vault(made.id).data.lifecycle_state == "PENDING_DELETION"
    with refused() as refusal:
        vaults.schedule_vault_deletion(made.id, nothing)
    assert (refusal.status, refusal.code) == (409, "IncorrectState")
    assert vaults.cancel_vault_deletion(made.id).data.lifecycle_state == "ACTIVE"
    with refused() as refusal:
        vaults.cancel_vault_deletion(made.id)
    assert refusal.status == 409
    far = models.ScheduleVaultDeletionDetails(time_of_deletion="2099-01-01T00:00:00Z")
    with refused() as refusal:
        vaults.schedule_vault_deletion(made.id, far)
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")
