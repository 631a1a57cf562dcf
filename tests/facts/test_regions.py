import pytest
from oci import regions as sdk

from facts.regions import FAULT_DOMAINS, REGIONS, find_region


def test_names_keys_and_realms_are_those_of_the_oci_sdk() -> None:
    ours = {region.name: (region.key, region.realm) for region in REGIONS.values()}
    keys = {name: key for key, name in sdk.REGIONS_SHORT_NAMES.items()}
    assert ours == {name: (keys[name], realm) for name, realm in sdk.REGION_REALMS.items()}


def test_four_regions_have_three_availability_domains_and_the_others_one() -> None:
    three = {region.name for region in REGIONS.values() if region.availability_domains == 3}
    assert three == {"us-ashburn-1", "us-phoenix-1", "eu-frankfurt-1", "uk-london-1"}
    assert {region.availability_domains for region in REGIONS.values()} == {1, 3}


@pytest.mark.parametrize("text", ["us-ashburn-1", "US-ASHBURN-1", "iad", "IAD"])
def test_a_region_is_found_by_name_and_by_key(text: str) -> None:
    found = find_region(text)
    assert found is not None
    assert found.name == "us-ashburn-1"


def test_an_unknown_region_is_none() -> None:
    assert find_region("us-ashburn-9") is None
    assert find_region("") is None


def test_every_availability_domain_has_three_fault_domains() -> None:
    assert len(set(FAULT_DOMAINS)) == 3
