"""Identity by the official SDK: create, get, list, update, refusals and delete."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.identity import IdentityClient, models

from tests.sandbox.wire.conftest import Refused, Servers, Wire


@pytest.fixture
def identity(wire: Wire) -> Any:
    return wire.client(IdentityClient)


def _compartment(identity: Any, parent: str, name: str = "playground") -> Any:
    details = models.CreateCompartmentDetails(compartment_id=parent, name=name, description="a test")
    return identity.create_compartment(details).data


def test_a_compartment_is_created_read_listed_updated_and_deleted(
    wire: Wire, identity: Any, refused: Callable[[], Refused]
) -> None:
    root = wire.profile.tenancy
    made = _compartment(identity, root)
    assert made.lifecycle_state == "CREATING"
    assert (identity.get_compartment(made.id).data.name, made.compartment_id) == ("playground", root)
    assert [each.id for each in identity.list_compartments(root).data] == [made.id]
    details = models.UpdateCompartmentDetails(description="changed")
    assert identity.update_compartment(made.id, details).data.description == "changed"
    with refused() as refusal:
        _compartment(identity, root)
    assert (refusal.status, refusal.code) == (409, "CompartmentAlreadyExists")
    answer = identity.delete_compartment(made.id)
    request = identity.get_work_request(answer.headers["opc-work-request-id"]).data
    assert request.operation_type == "DELETE_COMPARTMENT"
    assert [each.id for each in identity.list_compartments(root).data] == []


def test_a_compartment_that_holds_something_is_not_deleted(
    wire: Wire, identity: Any, refused: Callable[[], Refused]
) -> None:
    outer = _compartment(identity, wire.profile.tenancy)
    inner = _compartment(identity, outer.id, "inner")
    with refused() as refusal:
        identity.delete_compartment(outer.id)
    assert refusal.status == 409
    assert inner.id in refusal.message


def test_compartments_are_listed_below_one_another(wire: Wire, identity: Any) -> None:
    root = wire.profile.tenancy
    outer = _compartment(identity, root)
    inner = _compartment(identity, outer.id, "inner")
    below = identity.list_compartments(root, compartment_id_in_subtree=True).data
    assert {each.id for each in below} == {outer.id, inner.id}
    assert [each.id for each in identity.list_compartments(outer.id).data] == [inner.id]


def test_a_compartment_moves_but_not_below_itself(
    wire: Wire, identity: Any, refused: Callable[[], Refused]
) -> None:
    root = wire.profile.tenancy
    one, other = _compartment(identity, root), _compartment(identity, root, "other")
    identity.move_compartment(one.id, models.MoveCompartmentDetails(target_compartment_id=other.id))
    assert identity.get_compartment(one.id).data.compartment_id == other.id
    with refused() as refusal:
        identity.move_compartment(other.id, models.MoveCompartmentDetails(target_compartment_id=one.id))
    assert refusal.status == 409


def test_a_policy_is_created_read_listed_updated_and_deleted(
    wire: Wire, identity: Any, refused: Callable[[], Refused]
) -> None:
    root = wire.profile.tenancy
    details = models.CreatePolicyDetails(
        compartment_id=root,
        name="readers",
        description="a test",
        statements=["Allow group Administrators to read all-resources in tenancy"],
    )
    made = identity.create_policy(details).data
    assert identity.get_policy(made.id).data.statements == details.statements
    assert [each.id for each in identity.list_policies(root).data] == [made.id]
    changed = models.UpdatePolicyDetails(description="changed")
    assert identity.update_policy(made.id, changed).data.description == "changed"
    wrong = models.UpdatePolicyDetails(statements=["Let them in"], version_date="")
    with refused() as refusal:
        identity.update_policy(made.id, wrong)
    assert refusal.status == 400
    identity.delete_policy(made.id)
    assert identity.list_policies(root).data == []


def test_dynamic_groups_and_groups(wire: Wire, identity: Any, refused: Callable[[], Refused]) -> None:
    root = wire.profile.tenancy
    group = identity.create_group(
        models.CreateGroupDetails(compartment_id=root, name="people", description="a test")
    ).data
    details = models.CreateDynamicGroupDetails(
        compartment_id=root,
        name="nodes",
        description="a test",
        matching_rule="ALL {instance.compartment.id = 'ocid1.compartment.oc1..aaaatest'}",
    )
    dynamic = identity.create_dynamic_group(details).data
    with refused() as refusal:
        identity.create_dynamic_group(details)
    assert refusal.code == "DynamicGroupAlreadyExists"
    assert identity.get_dynamic_group(dynamic.id).data.matching_rule == details.matching_rule
    assert [each.id for each in identity.list_groups(root).data] == [group.id]
    identity.delete_group(group.id)
    identity.delete_dynamic_group(dynamic.id)
    assert identity.list_dynamic_groups(root).data == []


def test_a_tag_belongs_to_its_namespace(wire: Wire, identity: Any, refused: Callable[[], Refused]) -> None:
    space = identity.create_tag_namespace(
        models.CreateTagNamespaceDetails(
            compartment_id=wire.profile.tenancy, name="Operations", description="a test"
        )
    ).data
    details = models.CreateTagDetails(name="CostCenter", description="a test", is_cost_tracking=True)
    made = identity.create_tag(space.id, details).data
    assert made.id.startswith("ocid1.tagdefinition.")
    assert identity.get_tag(space.id, "CostCenter").data.is_cost_tracking
    assert [each.name for each in identity.list_tags(space.id).data] == ["CostCenter"]
    changed = identity.update_tag(space.id, "CostCenter", models.UpdateTagDetails(description="other"))
    assert changed.data.description == "other"
    with refused() as refusal:
        identity.create_tag(space.id, details)
    assert refusal.status == 409


def test_a_tag_default_belongs_to_a_compartment(
    wire: Wire, identity: Any, refused: Callable[[], Refused]
) -> None:
    root = wire.profile.tenancy
    space = identity.create_tag_namespace(
        models.CreateTagNamespaceDetails(compartment_id=root, name="Operations", description="a test")
    ).data
    key = identity.create_tag(space.id, models.CreateTagDetails(name="Owner", description="a test")).data
    details = models.CreateTagDefaultDetails(
        compartment_id=root, tag_definition_id=key.id, value="us", is_required=False
    )
    made = identity.create_tag_default(details).data
    assert (made.tag_definition_id, made.value) == (key.id, "us")
    assert [each.id for each in identity.list_tag_defaults(compartment_id=root).data] == [made.id]
    assert identity.list_tag_defaults(tag_definition_id=space.id).data == []
    changed = identity.update_tag_default(made.id, models.UpdateTagDefaultDetails(value="them"))
    assert changed.data.value == "them"
    with refused() as refusal:
        identity.create_tag_default(details)
    assert refusal.status == 409
    identity.delete_tag_default(made.id)
    assert identity.list_tag_defaults(compartment_id=root).data == []


def test_the_regions_domains_and_the_tenancy_are_there(wire: Wire, identity: Any) -> None:
    root = wire.profile.tenancy
    domains = identity.list_availability_domains(root).data
    assert len(domains) == 3
    assert len(identity.list_fault_domains(root, domains[0].name).data) == 3
    assert "us-ashburn-1" in {each.name for each in identity.list_regions().data}
    homes = [each for each in identity.list_region_subscriptions(root).data if each.is_home_region]
    assert [each.region_name for each in homes] == [wire.region]
    assert identity.get_tenancy(root).data.id == root


def test_identity_is_written_in_the_home_region(servers: Servers, refused: Callable[[], Refused]) -> None:
    home, other = servers.start("us-ashburn-1"), servers.start("eu-frankfurt-1")
    made = _compartment(home.client(IdentityClient), home.profile.tenancy)
    elsewhere = other.client(IdentityClient)
    assert elsewhere.get_compartment(made.id).data.name == "playground"
    with refused() as refusal:
        _compartment(elsewhere, home.profile.tenancy, "second")
    assert (refusal.status, refusal.code) == (403, "NotAllowed")
