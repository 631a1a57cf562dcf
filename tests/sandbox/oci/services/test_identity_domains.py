"""Regions, availability domains and fault domains."""

import pytest

from sandbox.oci.errors import OciError
from tests.sandbox.oci.driver import COMPARTMENT, TENANCY, Driver
from tests.sandbox.oci.minimal import domains


@pytest.mark.parametrize(
    ("region", "count"),
    [("us-ashburn-1", 3), ("us-phoenix-1", 3), ("eu-frankfurt-1", 3), ("uk-london-1", 3), ("eu-zurich-1", 1)],
)
def test_regions_have_one_or_three_availability_domains(driver: Driver, region: str, count: int) -> None:
    driver.configure(region=region, tenancyOcid=TENANCY)

    names = domains(driver)

    assert len(set(names)) == count
    assert all(name.endswith(f"-AD-{number}") for number, name in enumerate(names, start=1))


def test_every_domain_has_three_fault_domains(driver: Driver) -> None:
    token = "oci:Identity/getFaultDomains:getFaultDomains"

    answer = driver.invoke(token, compartmentId=COMPARTMENT, availabilityDomain=domains(driver)[0])

    names = [each["name"] for each in answer["faultDomains"]]
    assert names == ["FAULT-DOMAIN-1", "FAULT-DOMAIN-2", "FAULT-DOMAIN-3"]


def test_a_domain_of_another_region_is_refused(driver: Driver) -> None:
    token = "oci:Identity/getFaultDomains:getFaultDomains"

    with pytest.raises(OciError, match="is not in us-ashburn-1"):
        driver.invoke(token, compartmentId=COMPARTMENT, availabilityDomain="abcd:PHX-AD-1")


def test_one_region_is_the_home_region(driver: Driver) -> None:
    token = "oci:Identity/getRegionSubscriptions:getRegionSubscriptions"

    rows = driver.invoke(token, tenancyId=TENANCY)["regionSubscriptions"]

    assert [row["regionName"] for row in rows if row["isHomeRegion"]] == ["us-ashburn-1"]
    assert {"IAD", "PHX", "FRA"} <= {row["regionKey"] for row in rows}
    driver.cloud.set_home_region("us-phoenix-1")
    rows = driver.invoke(token, tenancyId=TENANCY)["regionSubscriptions"]
    assert [row["regionName"] for row in rows if row["isHomeRegion"]] == ["us-phoenix-1"]
