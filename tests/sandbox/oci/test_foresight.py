"""Foreseen refusals. Foreseeing changes nothing in the cloud."""

from dataclasses import replace
from typing import Any

import pytest

from report.danger import FORESEEN
from sandbox.oci.cloud import Cloud
from sandbox.oci.engine_values import UNKNOWN
from sandbox.oci.foresight import Foresight, Planned, known, refused_deletions
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call
from tests.sandbox.oci.conftest import COMPARTMENT, POOL, REGION, Service, pool_inputs

BUCKET = "oci:ObjectStorage/bucket:Bucket"
VCN = "oci:Core/vcn:Vcn"


def change(cloud: Cloud, entry: Entry, **inputs: Any) -> str | None:
    call = Call(cloud, entry.token, "update", REGION, entry.inputs | inputs, entry, "urn")
    return Foresight().foresee(call)


def make(cloud: Cloud, token: str, **inputs: Any) -> str | None:
    return Foresight().foresee(
        Call(cloud, token, "create", REGION, {"compartmentId": COMPARTMENT, **inputs}, None, "new")
    )


def test_the_removal_of_a_range_with_subnets_is_foreseen(cloud: Cloud, vcn: Entry, subnet: Entry) -> None:
    said = change(cloud, vcn, cidrBlocks=["10.8.0.0/16"])
    assert said is not None
    assert said.startswith(f"{FORESEEN}: 400-")
    assert subnet.inputs["cidrBlock"] in said
    assert change(cloud, vcn, displayName="other") is None
    assert cloud.find(vcn.id) == vcn, "nothing was changed"


def test_a_name_in_use_is_foreseen_and_an_unknown_name_is_not(cloud: Cloud, service: Service) -> None:
    service.create(BUCKET, namespace="ns", name="one")
    assert "BucketAlreadyExists" in str(make(cloud, BUCKET, namespace="ns", name="one"))
    assert make(cloud, BUCKET, namespace="ns", name="two") is None
    assert make(cloud, BUCKET, namespace="ns", name=UNKNOWN) is None


def test_a_refusal_for_a_limit_names_the_command_that_set_it(cloud: Cloud) -> None:
    cloud.store.put("oci-limit", "vcn-count//", {"value": 0})
    said = str(make(cloud, VCN, cidrBlocks=["10.0.0.0/16"]))
    assert "LimitExceeded" in said
    assert "`sandbox cloud limits set vcn-count 0` set this" in said
    assert "`sandbox cloud limits unset vcn-count` resets it" in said


def test_a_refusal_that_another_step_may_fix_is_not_foreseen(cloud: Cloud) -> None:
    named = {"vcnId": "ocid1.vcn.oc1.iad.notmine", "cidrBlock": "10.0.0.0/24"}
    before = cloud.entries()
    assert make(cloud, "oci:Core/subnet:Subnet", **named) is None
    assert cloud.entries() == before, "a resource that was adopted to foresee is not kept"


def test_a_bucket_that_the_same_change_creates_counts_as_existing(cloud: Cloud) -> None:
    policy = {"namespace": "ns", "bucket": "later", "rules": []}
    assert make(cloud, "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy", **policy) is None


def test_a_step_is_judged_on_the_cloud_after_the_steps_before_it(
    cloud: Cloud, service: Service, cluster: Entry, subnet: Entry
) -> None:
    old = replace(cluster, inputs=cluster.inputs | {"kubernetesVersion": "v1.35.2"})
    cloud.save(old)
    pool = service.create(POOL, **pool_inputs(old, subnet) | {"kubernetesVersion": "v1.35.2"})
    foresight = Foresight()

    def update(entry: Entry) -> str | None:
        inputs = entry.inputs | {"kubernetesVersion": "v1.36.1"}
        return foresight.foresee(Call(cloud, entry.token, "update", REGION, inputs, entry, "urn"))

    assert "not compatible" in str(update(pool)), "the cluster has not changed yet"
    assert (update(old), update(pool)) == (None, None)
    assert (cloud.find(old.id), cloud.find(pool.id)) == (old, pool)


def test_a_network_can_be_deleted_with_its_subnets_and_not_without(
    cloud: Cloud, vcn: Entry, subnet: Entry
) -> None:
    assert refused_deletions(cloud, [Planned(vcn.id, None), Planned(subnet.id, None)]) == []
    ((entry, error),) = refused_deletions(cloud, [Planned(vcn.id, None)])
    assert entry.id == vcn.id
    assert error.status == 409
    assert cloud.find(subnet.id) == subnet


def test_an_update_may_remove_the_reference_to_a_deleted_resource(
    cloud: Cloud, service: Service, subnet: Entry
) -> None:
    target = service.create(
        "oci:Core/networkSecurityGroup:NetworkSecurityGroup", vcnId=subnet.inputs["vcnId"]
    )
    kept = service.create("oci:Core/routeTable:RouteTable", vcnId=subnet.inputs["vcnId"])
    moved = dict(subnet.inputs) | {"routeTableId": kept.id}
    service.update(subnet, routeTableId=kept.id)
    assert refused_deletions(cloud, [Planned(target.id, None)]) == []
    still = refused_deletions(cloud, [Planned(kept.id, None), Planned(subnet.id, moved)])
    free = {name: value for name, value in moved.items() if name != "routeTableId"}
    freed = refused_deletions(cloud, [Planned(kept.id, None), Planned(subnet.id, free)])
    assert ([entry.id for entry, _ in still], freed) == ([kept.id], [])


@pytest.mark.parametrize(
    ("new", "old", "found"),
    [
        ({"a": UNKNOWN}, {"a": 1}, {"a": 1}),
        ({"a": {"b": UNKNOWN, "c": 2}}, {"a": {"b": 1, "c": 1}}, {"a": {"b": 1, "c": 2}}),
        ({"a": [UNKNOWN, 1]}, {}, {"a": [1]}),
    ],
)
def test_an_unknown_input_keeps_its_old_value(new: Any, old: Any, found: Any) -> None:
    assert known(new, old) == found


def test_a_renamed_security_rule_is_foreseen_because_the_old_one_is_deleted_last(
    cloud: Cloud, service: Service, vcn: Entry
) -> None:
    group = service.create("oci:Core/networkSecurityGroup:NetworkSecurityGroup", vcnId=vcn.id)
    opened = {
        "networkSecurityGroupId": group.id,
        "direction": "INGRESS",
        "protocol": "6",
        "source": "10.0.0.0/24",
        "sourceType": "CIDR_BLOCK",
    }
    rule = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
    service.create(rule, **opened, description="old words")
    assert "is a duplicate of" in str(make(cloud, rule, **opened, description="new words"))
    assert make(cloud, rule, **opened | {"source": "10.0.1.0/24"}, description="new words") is None


def test_the_writes_for_one_update_do_not_grow_with_the_number_of_updates(
    cloud: Cloud, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    buckets = [service.create(BUCKET, namespace="ns", name=f"b{number}") for number in range(20)]
    foresight, written = Foresight(), [0]
    save = Cloud.save

    def counted(self: Cloud, entry: Entry) -> None:
        written[-1] += 1
        save(self, entry)

    monkeypatch.setattr(Cloud, "save", counted)
    for bucket in buckets:
        inputs = bucket.inputs | {"versioning": "Enabled"}
        assert foresight.foresee(Call(cloud, BUCKET, "update", REGION, inputs, bucket, bucket.id)) is None
        written.append(0)
    assert written[0] == written[19] > 0


def test_an_update_that_needs_a_replaced_resource_is_not_refused(
    cloud: Cloud, service: Service, vcn: Entry
) -> None:
    old, new = (f"ocid1.drg.oc1.iad.{letter * 60}" for letter in "ab")
    hub = "oci:Core/drgAttachment:DrgAttachment"
    network = {"networkDetails": {"id": vcn.id, "type": "VCN"}}
    attached = replace(service.create(hub, drgId=old, **network), urn="hub")
    cloud.save(attached)
    rule = {"networkEntityId": old, "destination": "10.99.0.0/16", "destinationType": "CIDR_BLOCK"}
    table = service.create("oci:Core/routeTable:RouteTable", vcnId=vcn.id, routeRules=[rule])

    routes = table.inputs | {"routeRules": [rule | {"networkEntityId": new}]}
    update = Call(cloud, table.token, "update", REGION, routes, table, "table")
    foresight = Foresight()
    assert "is not attached" in str(foresight.foresee(update))
    made = Call(cloud, hub, "create", REGION, attached.inputs | {"drgId": new}, None, attached.urn)
    assert foresight.foresee(made) is None
    assert foresight.foresee(update) is None, "the new attachment comes first"


def test_what_goes_first_is_refused_for_a_reference_that_a_later_update_removes(
    cloud: Cloud, service: Service, vcn: Entry, subnet: Entry
) -> None:
    table = service.create("oci:Core/routeTable:RouteTable", vcnId=vcn.id)
    cloud.save(replace(subnet, inputs=subnet.inputs | {"routeTableId": table.id}))
    free = Planned(subnet.id, dict(subnet.inputs))
    assert refused_deletions(cloud, [Planned(table.id, None), free]) == []
    assert refused_deletions(cloud, [free, Planned(table.id, None, first=True)]) == []
    ((entry, error),) = refused_deletions(cloud, [Planned(table.id, None, first=True), free])
    assert entry == table
    assert error.status == 409
