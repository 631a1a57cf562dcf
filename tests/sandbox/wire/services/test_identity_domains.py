"""Groups of identity domains by the official SDK, at the domain's own address."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.identity import IdentityClient
from oci.identity_domains import IdentityDomainsClient, models

from sandbox.oci.services.identity.principals import DOMAIN_DYNAMIC, DOMAIN_GROUP
from tests.sandbox.oci.driver import Driver
from tests.sandbox.wire.conftest import Refused, Wire

CORE = "urn:ietf:params:scim:schemas:core:2.0:Group"
EXTENSION = "urn:ietf:params:scim:schemas:oracle:idcs:extension:group:Group"
DYNAMIC = "urn:ietf:params:scim:schemas:oracle:idcs:DynamicResourceGroup"
RULE = "ALL {resource.type = 'cluster'}"
Refusal = Callable[[], Refused]


def domains(wire: Wire) -> dict[str, Any]:
    """The domains of the tenancy, by name."""
    found = wire.client(IdentityClient).list_domains(wire.profile.tenancy).data
    return {each.display_name: each for each in found}


@pytest.fixture
def groups(wire: Wire) -> Any:
    return wire.client(IdentityDomainsClient, service_endpoint=domains(wire)["Default"].url)


def group(name: str, description: str = "", **more: Any) -> Any:
    extension = models.ExtensionGroupGroup(description=description)
    return models.Group(
        schemas=[CORE, EXTENSION], display_name=name,
        urn_ietf_params_scim_schemas_oracle_idcs_extension_group_group=extension, **more,
    )  # fmt: skip


def described(found: Any) -> str:
    return found.urn_ietf_params_scim_schemas_oracle_idcs_extension_group_group.description


def test_a_domain_is_active(wire: Wire) -> None:
    assert domains(wire)["Default"].lifecycle_state == "ACTIVE"


def test_a_group_is_created_read_listed_replaced_and_deleted(groups: Any, refused: Refusal) -> None:
    made = groups.create_group(group=group("operators", "Keep it running")).data
    read = groups.get_group(made.id).data
    assert (read.display_name, described(read), read.schemas) == (
        "operators", "Keep it running", [CORE, EXTENSION],
    )  # fmt: skip
    assert read.meta.location.endswith(f"/admin/v1/Groups/{made.id}")
    found = groups.list_groups(filter='displayName eq "Operators"').data
    assert (found.total_results, [each.id for each in found.resources]) == (1, [made.id])
    assert groups.list_groups(filter='displayName eq "others"').data.resources == []
    changed = groups.put_group(made.id, group=group("operators", "Another text")).data
    assert described(changed) == "Another text"
    groups.delete_group(made.id)
    with refused() as refusal:
        groups.get_group(made.id)
    assert refusal.status == 404


def test_a_replaced_group_loses_what_the_body_leaves_out(groups: Any) -> None:
    made = groups.create_group(group=group("one", external_id="kept-elsewhere")).data
    assert made.external_id == "kept-elsewhere"
    assert not groups.put_group(made.id, group=group("one")).data.external_id


def test_a_group_is_patched(groups: Any, refused: Refusal) -> None:
    made = groups.create_group(group=group("one")).data

    def patch(op: str, path: str, value: Any = None) -> Any:
        step = models.Operations(op=op, path=path, value=value)
        body = models.PatchOp(schemas=["urn:ietf:params:scim:api:messages:2.0:PatchOp"], operations=[step])
        return groups.patch_group(made.id, patch_op=body).data

    assert patch("REPLACE", "displayName", "two").display_name == "two"
    added = patch("ADD", "members", [{"type": "User", "value": "a-user"}])
    assert [each.value for each in added.members] == ["a-user"]
    for path, status in (("displayName", 400), ('members[value eq "a-user"]', 501)):
        with refused() as refusal:
            patch("REMOVE", path)
        assert refusal.status == status


def test_a_list_of_groups_is_cut_and_a_parameter_that_is_not_modelled_is_refused(
    groups: Any, refused: Refusal
) -> None:
    for name in ("one", "two", "three"):
        groups.create_group(group=group(name))
    for start, count, names in ((2, 1, ["three"]), (0, 2, ["one", "three"]), (1, -1, []), (9, 5, [])):
        found = groups.list_groups(start_index=start, count=count).data
        assert (found.total_results, [each.display_name for each in found.resources]) == (3, names)
    with refused() as refusal:
        groups.list_groups(sort_by="displayName")
    assert (refusal.status, "sortBy" in refusal.message) == (501, True)


def test_a_write_without_a_body_is_refused_and_changes_nothing(groups: Any, refused: Refusal) -> None:
    made = groups.create_group(group=group("one", "Keep me")).data
    for write in (
        groups.create_group,
        lambda: groups.put_group(made.id),
        lambda: groups.patch_group(made.id),
    ):
        with refused() as refusal:
            write()
        assert (refusal.status, refusal.code) == (400, "MissingParameter")
    assert described(groups.get_group(made.id).data) == "Keep me"


def test_a_dynamic_group_has_a_rule_that_is_checked(wire: Wire, groups: Any, refused: Refusal) -> None:
    details = {"schemas": [DYNAMIC], "display_name": "clusters"}
    made = groups.create_dynamic_resource_group(
        dynamic_resource_group=models.DynamicResourceGroup(**details, matching_rule=RULE)
    ).data
    assert groups.get_dynamic_resource_group(made.id).data.matching_rule == RULE
    assert [each.id for each in wire.cloud.all(DOMAIN_DYNAMIC)] == [made.id]
    assert groups.list_dynamic_resource_groups().data.total_results == 1
    with refused() as refusal:
        groups.put_dynamic_resource_group(
            made.id, dynamic_resource_group=models.DynamicResourceGroup(**details, matching_rule="nothing")
        )
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")
    with refused() as refusal:
        groups.create_dynamic_resource_group(
            dynamic_resource_group=models.DynamicResourceGroup(**details, matching_rule=RULE)
        )
    assert refusal.status == 409
    groups.delete_dynamic_resource_group(made.id)
    assert wire.cloud.all(DOMAIN_DYNAMIC) == []


def test_the_groups_of_a_stack_are_in_the_domain_that_its_endpoint_names(wire: Wire, groups: Any) -> None:
    driver = Driver(wire.cloud.store)
    driver.provider.operations, driver.cloud = wire.operations, wire.cloud
    endpoint = "https://idcs-abc.identity.oraclecloud.com:443"
    made = driver.create(DOMAIN_GROUP, displayName="theirs", idcsEndpoint=endpoint, schemas=[CORE])
    theirs = wire.client(IdentityDomainsClient, service_endpoint=domains(wire)["idcs-abc"].url)
    assert [each.id for each in theirs.list_groups().data.resources] == [made.id]
    assert groups.list_groups().data.resources == []
    assert theirs.get_group(made.id, attributes="displayName").data.display_name == "theirs"


def test_groups_are_not_at_the_address_of_a_region(wire: Wire, refused: Refusal) -> None:
    with refused() as refusal:
        wire.client(IdentityDomainsClient).list_groups()
    assert (refusal.status, "ListDomains" in refusal.message) == (404, True)
