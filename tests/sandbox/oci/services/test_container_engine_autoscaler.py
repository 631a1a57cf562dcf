"""What OKE refuses of the cluster autoscaler and of cycling."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from sandbox.oci.services.identity.principals import DYNAMIC
from tests.sandbox.oci.conftest import AD2, CLUSTER, COMPARTMENT, POOL, Refused, Service, pool_inputs

ADDON = "oci:ContainerEngine/addon:Addon"
POLICY = "oci:Identity/policy:Policy"
GRANTS = (
    "manage cluster-node-pools",
    "manage instance-family",
    "use subnets",
    "read virtual-network-family",
    "use vnics",
    "inspect compartments",
)


def statement(grant: str, cluster: str, place: str = COMPARTMENT, **changed: str) -> str:
    tests = {
        "type": "workload",
        "namespace": "kube-system",
        "service_account": "cluster-autoscaler",
        "cluster_id": cluster,
        **changed,
    }
    where = ", ".join(f"request.principal.{name}='{value}'" for name, value in tests.items())
    return f"Allow any-user to {grant} in compartment id {place} where all {{{where}}}"


def granted(service: Service, *statements: str) -> None:
    service.create(
        POLICY, region="us-ashburn-1", name="autoscaler", description="d", statements=[*statements]
    )


def configurations(pool: str = "", **changed: str) -> list[dict[str, str]]:
    given = {"nodes": f"1:4:{pool}", "authType": "workload", "numOfReplicas": "2", **changed}
    return [{"key": key, "value": value} for key, value in given.items()]


@pytest.fixture
def pool(service: Service, cluster: Entry, subnet: Entry) -> Entry:
    return service.create(POOL, **pool_inputs(cluster, subnet, size=2))


def inputs(cluster: Entry, pool: Entry, **changed: str) -> dict[str, Any]:
    return {
        "clusterId": cluster.id,
        "addonName": "ClusterAutoscaler",
        "configurations": configurations(pool.id, **changed),
    }


def test_the_autoscaler_is_accepted_with_its_six_grants(
    service: Service, cluster: Entry, pool: Entry
) -> None:
    granted(service, *(statement(each, cluster.id) for each in GRANTS))
    assert service.create(ADDON, **inputs(cluster, pool)).id


@pytest.mark.parametrize("left_out", GRANTS)
def test_it_is_refused_without_one_of_its_grants(
    service: Service, cluster: Entry, pool: Entry, refused: Refused, left_out: str
) -> None:
    granted(service, *(statement(each, cluster.id) for each in GRANTS if each != left_out))
    message = f"is not allowed to {left_out} in compartment {COMPARTMENT}"
    refused(404, "NotAuthorizedOrNotFound", message, service.create, ADDON, **inputs(cluster, pool))


@pytest.mark.parametrize(
    "changed",
    [
        {"service_account": "default"},
        {"namespace": "default"},
        {"cluster_id": "ocid1.cluster.oc1.iad.other"},
        {"type": "instance"},
    ],
)
def test_the_grants_of_another_principal_do_not_count(
    service: Service, cluster: Entry, pool: Entry, refused: Refused, changed: dict[str, str]
) -> None:
    granted(service, *(statement(each, **{"cluster": cluster.id, **changed}) for each in GRANTS))
    refused(
        404,
        "NotAuthorizedOrNotFound",
        "manage cluster-node-pools",
        service.create,
        ADDON,
        **inputs(cluster, pool),
    )


def test_a_wider_grant_counts(service: Service, cluster: Entry, pool: Entry) -> None:
    wide = (
        "manage cluster-family",
        "manage instance-family",
        "manage virtual-network-family",
        "read compartments",
    )
    granted(service, *(statement(each, cluster.id) for each in wide))
    assert service.create(ADDON, **inputs(cluster, pool)).id


@pytest.mark.parametrize(
    ("rule", "accepted"),
    [(f"ALL {{instance.compartment.id = '{COMPARTMENT}'}}", True), ("ALL {resource.type = 'fnfunc'}", False)],
)
def test_the_grants_of_the_nodes_count_if_the_dynamic_group_contains_nodes(
    service: Service, cluster: Entry, pool: Entry, refused: Refused, *, rule: str, accepted: bool
) -> None:
    service.create(
        DYNAMIC,
        region="us-ashburn-1",
        compartmentId="ocid1.tenancy.oc1..aaaa",
        name="nodes",
        matchingRule=rule,
    )
    granted(service, *(f"Allow dynamic-group nodes to {each} in tenancy" for each in GRANTS))
    given = inputs(cluster, pool, authType="instance")
    if accepted:
        assert service.create(ADDON, **given).id
    else:
        refused(404, "NotAuthorizedOrNotFound", "cluster-node-pools", service.create, ADDON, **given)


def test_the_compartment_of_the_network_needs_its_grants_too(
    service: Service, cluster: Entry, vcn: Entry, refused: Refused
) -> None:
    network = "ocid1.compartment.oc1..aaaanetwork"
    subnet = service.create(
        "oci:Core/subnet:Subnet",
        vcnId=vcn.id,
        cidrBlock="10.0.7.0/24",
        compartmentId=network,
        dnsLabel="other",
    )
    pool = service.create(POOL, **pool_inputs(cluster, subnet))
    granted(service, *(statement(each, cluster.id) for each in GRANTS))
    message = f"is not allowed to use subnets in compartment {network}"
    refused(404, "NotAuthorizedOrNotFound", message, service.create, ADDON, **inputs(cluster, pool))


def test_without_any_policy_nothing_is_known_about_grants(
    service: Service, cluster: Entry, pool: Entry
) -> None:
    assert service.create(ADDON, **inputs(cluster, pool)).id


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"maxNodeProvisionTimes": "25m"}, "Invalid configuration key maxNodeProvisionTimes"),
        ({"authType": "user"}, "Invalid configuration authType: user"),
        ({"nodes": "ocid1.nodepool.oc1.iad.a"}, "is not <min>:<max>:<nodepool-ocid>"),
        ({"nodes": ""}, "is not <min>:<max>:<nodepool-ocid>"),
        ({"nodes": "4:1:ocid1.nodepool.oc1.iad.a"}, "is not <min>:<max>:<nodepool-ocid>"),
        ({"nodes": "1:4:a, 1:4:a"}, "a is specified more than once"),
        ({"scaleDownUnneededTime": "ten"}, "scaleDownUnneededTime: 'ten' is not a duration"),
        ({"scaleDownUtilizationThreshold": "50%"}, "'50%' is not a number"),
    ],
)
def test_an_invalid_configuration_is_refused(
    service: Service, cluster: Entry, pool: Entry, refused: Refused, *, changed: dict[str, str], message: str
) -> None:
    refused(400, "InvalidParameter", message, service.create, ADDON, **inputs(cluster, pool, **changed))


def test_a_pool_that_does_not_exist_is_refused(
    service: Service, cluster: Entry, pool: Entry, refused: Refused
) -> None:
    missing = inputs(cluster, pool, nodes="1:4:ocid1.nodepool.oc1.iad.gone")
    refused(
        404, "NotAuthorizedOrNotFound", "of configuration nodes not found", service.create, ADDON, **missing
    )


def test_a_pool_of_another_cluster_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    other = service.create(
        CLUSTER, vcnId=subnet.inputs["vcnId"], kubernetesVersion="v1.36.1", type="ENHANCED_CLUSTER"
    )
    pool = service.create(POOL, **pool_inputs(other, subnet))
    refused(
        400,
        "InvalidParameter",
        "is a pool of another cluster",
        service.create,
        ADDON,
        **inputs(cluster, pool),
    )


def test_a_basic_cluster_has_no_autoscaler(
    service: Service, vcn: Entry, pool: Entry, refused: Refused
) -> None:
    basic = service.create(CLUSTER, vcnId=vcn.id, kubernetesVersion="v1.36.1", type="BASIC_CLUSTER")
    refused(400, "InvalidParameter", "basic cluster", service.create, ADDON, **inputs(basic, pool))


def test_a_second_autoscaler_is_refused(
    service: Service, cluster: Entry, pool: Entry, refused: Refused
) -> None:
    service.create(ADDON, **inputs(cluster, pool))
    refused(409, "Conflict", "is already installed", service.create, ADDON, **inputs(cluster, pool))


CYCLED = {"isNodeCyclingEnabled": True, "cycleModes": ["BOOT_VOLUME_REPLACE"], "maximumUnavailable": "1"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("initialNodeLabels", [{"key": "a", "value": "b"}]),
        ("nodeConfigDetails.nsgIds", ["ocid1.networksecuritygroup.oc1.iad.a"]),
        ("nodeConfigDetails.nodePoolPodNetworkOptionDetails", {"cniType": "OCI_VCN_IP_NATIVE"}),
        ("nodeConfigDetails.placementConfigs", AD2),
    ],
)
def test_a_change_that_cycling_cannot_carry_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused, *, path: str, value: Any
) -> None:
    given = pool_inputs(cluster, subnet) | {"nodePoolCyclingDetails": CYCLED}
    made = service.create(POOL, **given)
    if path == "nodeConfigDetails.placementConfigs":
        value = [{"availabilityDomain": value, "subnetId": subnet.id}]
    if path.endswith("nodePoolPodNetworkOptionDetails"):
        value = {**value, "podSubnetIds": [subnet.id], "maxPodsPerNode": 32}
    if path.endswith("nsgIds"):
        group = service.create(
            "oci:Core/networkSecurityGroup:NetworkSecurityGroup", vcnId=subnet.inputs["vcnId"]
        )
        value = [group.id]
    head, _, last = path.rpartition(".")
    changes = {head: {**given[head], last: value}} if head else {path: value}
    message = f"BOOT_VOLUME_REPLACE cannot change {path}"
    refused(400, "InvalidParameter", message, service.update, made, **changes)
    off = {"nodePoolCyclingDetails": {**CYCLED, "isNodeCyclingEnabled": False}}
    assert service.update(made, **changes, **off), "it then applies to new nodes only"


def test_what_cycling_carries_and_the_size_pass(service: Service, cluster: Entry, subnet: Entry) -> None:
    given = pool_inputs(cluster, subnet) | {"nodePoolCyclingDetails": CYCLED}
    made = service.create(POOL, **given)
    resized = {"nodeConfigDetails": {**given["nodeConfigDetails"], "size": 2}}
    assert service.update(made, **resized, nodeMetadata={"a": "b"}, name="new")
