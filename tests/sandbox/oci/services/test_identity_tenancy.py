"""A compartment is deleted with its stack only if `enableDelete` is set."""

from pathlib import Path

import pytest

from sandbox.oci.account import Account
from sandbox.oci.compartments import COMPARTMENT
from sandbox.oci.errors import OciError
from sandbox.oci.operations import Operations
from sandbox.store import Store
from tests.sandbox.oci.conftest import TENANCY

HOME = Account("us-ashburn-1", TENANCY)
WANTED = {"compartmentId": TENANCY, "name": "prod", "description": "ours"}


@pytest.fixture
def service(tmp_path: Path) -> Operations:
    return Operations(Store(tmp_path / "cloud.db"))


def names(service: Operations) -> list[str]:
    return [str(each.inputs["name"]) for each in service.cloud.all(COMPARTMENT)]


@pytest.mark.parametrize("kept", [{}, {"enableDelete": False}], ids=["by default", "said so"])
def test_a_compartment_stays_and_the_next_create_of_its_name_takes_it_over(
    service: Operations, kept: dict[str, bool]
) -> None:
    first = service.create(HOME, COMPARTMENT, "urn:one", {**WANTED, **kept})
    service.delete(HOME, COMPARTMENT, "urn:one", first.id)
    assert names(service) == ["prod"]
    again = service.create(HOME, COMPARTMENT, "urn:two", {**WANTED, **kept, "description": "again"})
    assert again.id == first.id
    assert again.outputs["description"] == "again"


def test_a_compartment_with_enable_delete_is_deleted(service: Operations) -> None:
    made = service.create(HOME, COMPARTMENT, "urn:one", {**WANTED, "enableDelete": True})
    with pytest.raises(OciError, match="already exists"):
        service.create(HOME, COMPARTMENT, "urn:two", {**WANTED, "enableDelete": True})
    service.delete(HOME, COMPARTMENT, "urn:one", made.id)
    assert names(service) == []
