"""Identity is written through the home region alone."""

from collections.abc import Callable

from tests.sandbox.oci.conftest import REGION, TENANCY, Service

GROUP = "oci:Identity/group:Group"
OTHER = "eu-frankfurt-1"
GO_HOME = "Please go to your home region IAD to execute CREATE, UPDATE and DELETE operations."
Refused = Callable[..., None]


def test_another_region_is_refused_after_the_first_write(service: Service, refused: Refused) -> None:
    service.create(GROUP, compartmentId=TENANCY, name="one")
    assert service.cloud.home_region() == REGION
    refused(
        403, "NotAllowed", GO_HOME, service.create, GROUP, region=OTHER, compartmentId=TENANCY, name="two"
    )


def test_the_home_region_that_was_set_holds_from_the_first_write(service: Service, refused: Refused) -> None:
    service.cloud.set_home_region(REGION)
    for token in (GROUP, "oci:Identity/policy:Policy", "oci:Identity/tagNamespace:TagNamespace"):
        refused(403, "NotAllowed", GO_HOME, service.create, token, region=OTHER, name="one")


def test_changes_and_deletions_are_writes_too(service: Service, refused: Refused) -> None:
    group = service.create(GROUP, compartmentId=TENANCY, name="one")
    service.cloud.set_home_region(OTHER)
    elsewhere = GO_HOME.replace("IAD", "FRA")
    refused(403, "NotAllowed", elsewhere, service.update, group, description="new")
    refused(403, "NotAllowed", elsewhere, service.delete, group)


def test_what_is_of_a_region_is_made_in_any(service: Service) -> None:
    service.cloud.set_home_region(REGION)
    vcn = service.create("oci:Core/vcn:Vcn", region=OTHER, cidrBlocks=["10.0.0.0/16"])
    assert vcn.region == OTHER
