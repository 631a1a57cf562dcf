"""Ids of resources."""

from facts.ocids import parse_ocid
from facts.provider_fields import resource_tokens
from sandbox.oci.ids import derived_ocid, is_global, is_ours, needs_region, new_ocid, ocid_type
from tests.sandbox.oci.driver import Driver


def test_ids_of_the_sandbox_have_a_mark_that_others_do_not_have() -> None:
    assert is_ours(new_ocid("vcn", "us-ashburn-1").rsplit(".", 1)[1])
    assert is_ours(derived_ocid("vcn", "us-ashburn-1", "seed").rsplit(".", 1)[1])
    assert not is_ours("a" * 60)
    assert not is_ours("aaaaREPLACE-ME")


def test_every_type_of_resource_has_an_ocid_type_that_parses() -> None:
    for token in resource_tokens():
        assert parse_ocid(new_ocid(ocid_type(token), "us-ashburn-1")) is not None, token


def test_a_resource_of_the_tenancy_has_no_region_in_its_id(driver: Driver) -> None:
    made = driver.create("oci:Identity/compartment:Compartment", description="d", name="c")

    assert made.id.startswith("ocid1.compartment.oc1..")


def test_identity_budgets_and_quotas_have_ocids_without_a_region() -> None:
    kinds = {ocid_type(token) for token in resource_tokens()}
    assert {kind for kind in kinds if is_global(kind)} == {
        *("budget", "cloudguardconfiguration", "compartment", "domain", "dynamicgroup", "group"),
        *(
            "networksource",
            "policy",
            "quota",
            "saml2idp",
            "tagdefault",
            "tagdefinition",
            "tagnamespace",
            "user",
        ),
    }
    assert {kind for kind in kinds if not needs_region(kind) and not is_global(kind)} == {"dns-zone"}
    assert is_global("tenancy"), "it is no resource of the provider"
