"""What identity refuses, and the region that accepts writes."""

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import REGION, TENANCY, Refused, Service

OTHER = "eu-frankfurt-1"
GO_HOME = "Please go to your home region IAD to execute CREATE, UPDATE and DELETE operations."
POLICY = "oci:Identity/policy:Policy"
GROUP = "oci:Identity/group:Group"
DYNAMIC = "oci:Identity/dynamicGroup:DynamicGroup"


def _policy(service: Service, *statements: str, name: str = "staging") -> Entry:
    return service.create(POLICY, compartmentId=TENANCY, name=name, statements=list(statements))


def test_a_policy_for_a_missing_group_is_refused(service: Service, refused: Refused) -> None:
    message = (
        "The group staging-operators specified in the policy statement does not exist under current compartment "
        "hierarchy."
    )
    statement = "Allow group staging-operators to read all-resources in tenancy"
    refused(400, "InvalidParameter", message, _policy, service, statement)
    service.create(GROUP, compartmentId=TENANCY, name="staging-operators")
    assert _policy(service, statement).inputs["statements"] == [statement]


def test_a_policy_for_a_missing_dynamic_group_is_refused(service: Service, refused: Refused) -> None:
    statement = "Allow dynamic-group 'Default'/'staging-nodes' to {CLUSTER_JOIN} in tenancy"
    refused(400, "InvalidParameter", "The dynamic-group staging-nodes", _policy, service, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "Allow group Administrators to manage all-resources in tenancy",
        "allow any-user to {COMPUTE_CLUSTER_LAUNCH_INSTANCE} in compartment id ocid1.compartment.oc1..aa where "
        "all {request.principal.type='nodepool'}",
        "Allow service objectstorage-us-ashburn-1 to use keys in tenancy",
        "Allow group id ocid1.group.oc1..aaaa to read metrics in tenancy where target.metrics.namespace='x'",
        "Define tenancy other as ocid1.tenancy.oc1..bbbb",
        "Endorse group Administrators to read buckets in tenancy other",
    ],
)
def test_a_policy_in_ocis_grammar_is_accepted(service: Service, statement: str) -> None:
    assert _policy(service, statement).inputs["statements"] == [statement]


@pytest.mark.parametrize(
    "statement",
    [
        "Permit group Administrators to manage all-resources in tenancy",
        "Allow group Administrators to own all-resources in tenancy",
        "Allow group Administrators to manage all-resources",
        "Allow Administrators to manage all-resources in tenancy",
    ],
)
def test_an_unreadable_policy_is_refused(service: Service, refused: Refused, statement: str) -> None:
    refused(400, "InvalidParameter", statement, _policy, service, statement)


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        (
            "Allow group Administrators to manage postgres-db-systems-family in tenancy",
            "postgres-db-systems-family",
        ),
        ("Allow group Administrators to use resource-schedules in tenancy", "resource-schedules"),
        ("Allow group Administrators to read buckets, lustre-work-request in tenancy", "lustre-work-request"),
        ("Allow group Administrators to {CLUSTER_JION} in tenancy", "CLUSTER_JION"),
        ("Allow service blockstorage, opnsearch to use keys in tenancy", "opnsearch"),
        ("Allow service objectstorage-us-nowhere-9 to use keys in tenancy", "objectstorage-us-nowhere-9"),
    ],
)
def test_a_policy_with_one_word_that_oci_does_not_have_is_refused_whole(
    service: Service, refused: Refused, statement: str, word: str
) -> None:
    right = "Allow group Administrators to manage lustre-file-family in tenancy"
    refused(400, "InvalidParameter", f"is called {word}", _policy, service, right, statement)


def test_the_words_of_oracles_pages_are_accepted(service: Service) -> None:
    words = (
        "resource-schedule-family",
        "resource-schedule-workrequest",
        "lfs-work-request",
        "postgres-backups",
    )
    statements = [f"Allow group Administrators to manage {word} in tenancy" for word in words]
    assert _policy(service, *statements).inputs["statements"] == statements


def test_a_policy_without_statements_is_refused(service: Service, refused: Refused) -> None:
    refused(400, "InvalidParameter", "statements size", _policy, service)


def test_a_policy_for_a_missing_compartment_is_refused(service: Service, refused: Refused) -> None:
    statement = "Allow group Administrators to manage all-resources in compartment genai"
    refused(400, "InvalidParameter", "The compartment genai specified", _policy, service, statement)


@pytest.mark.parametrize("ocid", ["genai", "ocid1.vcn.oc1.iad.aaaa"])
def test_a_policy_for_a_compartment_by_another_id_is_refused(
    service: Service, refused: Refused, ocid: str
) -> None:
    statement = f"Allow group Administrators to read buckets in compartment id {ocid}"
    refused(400, "InvalidParameter", ocid, _policy, service, statement)


def test_a_policy_name_twice_in_a_compartment_is_refused(service: Service, refused: Refused) -> None:
    statement = "Allow group Administrators to manage all-resources in tenancy"
    _policy(service, statement)
    refused(
        409,
        "PolicyAlreadyExists",
        "Policy 'Staging' already exists",
        _policy,
        service,
        statement,
        name="Staging",
    )


@pytest.mark.parametrize(
    ("token", "code"), [(GROUP, "GroupAlreadyExists"), (DYNAMIC, "DynamicGroupAlreadyExists")]
)
def test_a_group_name_twice_in_the_tenancy_is_refused(
    service: Service, refused: Refused, token: str, code: str
) -> None:
    inputs = {"compartmentId": TENANCY, "name": "staging-nodes", "matchingRule": "ANY {instance.id = 'x'}"}
    service.create(token, **inputs)
    refused(409, code, "already exists", service.create, token, **inputs)


def test_a_group_called_administrators_is_refused(service: Service, refused: Refused) -> None:
    refused(409, "GroupAlreadyExists", "Administrators", service.create, GROUP, compartmentId=TENANCY,
            name="Administrators")  # fmt: skip


def test_a_dynamic_group_outside_the_root_is_refused(service: Service, refused: Refused) -> None:
    message = "Dynamic group can only be created in the tenancy compartment"
    refused(400, "InvalidParameter", message, service.create, DYNAMIC, name="nodes",
            matchingRule="instance.id = 'x'")  # fmt: skip


@pytest.mark.parametrize("text", ["", "everything", "ANY {instance.id = 'x}"])
def test_an_ill_formed_matching_rule_is_refused(service: Service, refused: Refused, text: str) -> None:
    refused(
        400, "InvalidParameter", "Invalid matching rule",
        service.create, DYNAMIC, compartmentId=TENANCY, name="nodes", matchingRule=text,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["has space", "", "x" * 101, "slash/ed"])
def test_an_ill_formed_identity_name_is_refused(service: Service, refused: Refused, name: str) -> None:
    refused(400, "InvalidParameter", "is invalid", service.create, GROUP, compartmentId=TENANCY, name=name)


def test_a_compartment_name_twice_in_its_parent_is_refused(service: Service, refused: Refused) -> None:
    inputs = {"compartmentId": TENANCY, "name": "genai"}
    service.create("oci:Identity/compartment:Compartment", **inputs)
    refused(
        409,
        "CompartmentAlreadyExists",
        "genai",
        service.create,
        "oci:Identity/compartment:Compartment",
        **inputs,
    )


@pytest.mark.parametrize("name", ["", "x" * 256, "line\nbreak"])
def test_an_ill_formed_display_name_is_refused(service: Service, refused: Refused, name: str) -> None:
    refused(400, "InvalidParameter", "displayName", service.create, "oci:Core/vcn:Vcn", displayName=name)


@pytest.mark.parametrize(
    "tags", [{f"key{index}": "x" for index in range(11)}, {"k" * 101: "x"}, {"k": "x" * 257}]
)
def test_too_many_or_too_long_tags_are_refused(
    service: Service, refused: Refused, tags: dict[str, str]
) -> None:
    refused(400, "InvalidParameter", "freeformTags", service.create, "oci:Core/vcn:Vcn", freeformTags=tags)


def test_another_region_is_refused_after_the_first_write(service: Service, refused: Refused) -> None:
    service.create(GROUP, compartmentId=TENANCY, name="one")
    assert service.cloud.home_region() == REGION
    refused(
        403, "NotAllowed", GO_HOME, service.create, GROUP, region=OTHER, compartmentId=TENANCY, name="two"
    )


def test_the_home_region_that_was_set_applies_from_the_first_write(
    service: Service, refused: Refused
) -> None:
    service.cloud.set_home_region(REGION)
    for token in (GROUP, "oci:Identity/policy:Policy", "oci:Identity/tagNamespace:TagNamespace"):
        refused(403, "NotAllowed", GO_HOME, service.create, token, region=OTHER, name="one")


def test_changes_and_deletions_are_writes_too(service: Service, refused: Refused) -> None:
    group = service.create(GROUP, compartmentId=TENANCY, name="one")
    service.cloud.set_home_region(OTHER)
    elsewhere = GO_HOME.replace("IAD", "FRA")
    refused(403, "NotAllowed", elsewhere, service.update, group, description="new")
    refused(403, "NotAllowed", elsewhere, service.delete, group)


def test_regional_resources_can_be_created_in_any_region(service: Service) -> None:
    service.cloud.set_home_region(REGION)
    vcn = service.create("oci:Core/vcn:Vcn", region=OTHER, cidrBlocks=["10.0.0.0/16"])
    assert vcn.region == OTHER
