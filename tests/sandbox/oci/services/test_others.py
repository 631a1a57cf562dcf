"""Services of which only the OCID types are known."""

import pytest

from facts.ocids import parse_ocid
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import minimal


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("oci:Artifacts/containerRepository:ContainerRepository", "containerrepo"),
        ("oci:CloudGuard/target:Target", "cloudguardtarget"),
    ],
)
def test_an_ocid_has_the_type_of_its_service(driver: Driver, token: str, kind: str) -> None:
    found = parse_ocid(driver.create(token, **minimal(driver, token)).id)
    assert found is not None
    assert found.resource_type == kind
