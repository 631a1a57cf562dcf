"""What a preview says about an existing cluster, read from the sandbox's cloud."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.store import open_store
from tests.infra.existing.theirs import ACCOUNT, ADDON, CLUSTER, NSG, Theirs
from tests.infra.settings.examples import Change

CLUSTER_PATH = "cluster.existing.clusterId"
VERSION = "cluster.kubernetesVersion"


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Theirs]:
    """A network that fits, without a cluster."""
    with open_store(tmp_path / "cloud.db") as store:
        yield Theirs(store)


def test_a_cluster_that_fits_has_no_problem(theirs: Theirs) -> None:
    theirs.cluster()
    theirs.pool()
    assert [*map(str, theirs.problems(*theirs.on_cluster()))] == []


Make = Callable[[Theirs], list[Change]]


def cluster(**inputs: Any) -> Make:
    """Their cluster with other inputs."""

    def make(theirs: Theirs) -> list[Change]:
        theirs.cluster(**inputs)
        return []

    return make


def in_another_vcn(theirs: Theirs) -> list[Change]:
    theirs.cluster()
    theirs.spoil(theirs.cluster_id, vcnId=theirs.make("oci:Core/vcn:Vcn", cidrBlocks=["10.60.0.0/16"]))
    return []


def public(theirs: Theirs) -> list[Change]:
    subnet = theirs.subnet("api", "10.50.64.0/28", prohibitPublicIpOnVnic=False, routeTableId=theirs.open)
    theirs.cluster(endpointConfig={"subnetId": subnet, "isPublicIpEnabled": True})
    return []


def said_public(theirs: Theirs) -> list[Change]:
    theirs.cluster()
    return [
        ("cluster.endpoint", {"access": "public"}),
        ("tenancy.deployer", {"access": "internet", "cidr": "203.0.113.0/24"}),
    ]


def being_deleted(theirs: Theirs) -> list[Change]:
    theirs.cluster()
    theirs.spoil(theirs.cluster_id, state="DELETING")
    return []


def deleted(theirs: Theirs) -> list[Change]:
    theirs.operations.delete(ACCOUNT, CLUSTER, "", theirs.cluster())
    return []


def without_the_addon(theirs: Theirs) -> list[Change]:
    theirs.cluster()
    return [("cluster.existing", {"clusterId": theirs.cluster_id, "addons": ["AmdGpuPlugin"]})]


def too_old_to_join(theirs: Theirs) -> list[Change]:
    theirs.cluster()
    theirs.spoil(theirs.cluster_id, kubernetesVersion="v1.27.9")
    return [("gpu.pools.0.mode", "cluster-network")]


def basic_for_self_managed(theirs: Theirs) -> list[Change]:
    theirs.cluster(type="BASIC_CLUSTER")
    return [("gpu.pools.0.mode", "cluster-network")]


WRONG: list[tuple[str, Make, str, str]] = [
    ("a basic cluster", cluster(type="BASIC_CLUSTER"), CLUSTER_PATH, "must be an enhanced cluster"),
    (
        "a cluster with another CNI",
        cluster(clusterPodNetworkOptions=[{"cniType": "FLANNEL_OVERLAY"}]),
        CLUSTER_PATH,
        "must have VCN-native pods (OCI_VCN_IP_NATIVE), not FLANNEL_OVERLAY",
    ),
    (
        "a cluster older than its new nodes",
        cluster(kubernetesVersion="v1.35.2"),
        VERSION,
        "must not be above the existing cluster's version, v1.35.2",
    ),
    (
        "a cluster too old for self-managed nodes",
        too_old_to_join,
        "gpu.pools[0].mode",
        "self-managed nodes need v1.27.10, and the existing cluster has v1.27.9",
    ),
    (
        "self-managed nodes on a basic cluster",
        basic_for_self_managed,
        CLUSTER_PATH,
        "must be an enhanced cluster",
    ),
    ("a cluster of another VCN", in_another_vcn, CLUSTER_PATH, "must be in the VCN of network.existing"),
    ("a public cluster", public, "cluster.endpoint.access", "must be `public`"),
    ("a private cluster as a public one", said_public, "cluster.endpoint.access", "must be `private`"),
    ("a cluster that is being deleted", being_deleted, CLUSTER_PATH, "must be ACTIVE, not DELETING"),
    ("a cluster that was deleted", deleted, CLUSTER_PATH, "cannot be read: 404"),
    (
        "an add-on that the cluster lacks",
        without_the_addon,
        "cluster.existing.addons[0]",
        "must be an add-on that",
    ),
]


@pytest.mark.parametrize(
    ("make", "path", "message"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG]
)
def test_a_cluster_that_does_not_fit_is_refused_with_its_path(
    theirs: Theirs, make: Make, path: str, message: str
) -> None:
    changes = make(theirs)
    problems = theirs.problems(*theirs.on_cluster(), *changes)
    assert [each for each in problems if each.path == path and message in str(each)], [*map(str, problems)]


def test_nodes_three_minors_below_are_accepted_and_four_are_not(theirs: Theirs) -> None:
    theirs.cluster()
    older: Change = (VERSION, "v1.34.2")
    assert theirs.problems(*theirs.on_cluster(), older) == []
    theirs.spoil(theirs.cluster_id, kubernetesVersion="v1.38.1")
    (said,) = theirs.problems(*theirs.on_cluster(), older)
    assert "must be at most 3 minor versions below the existing cluster's, v1.38.1" in str(said)


def test_an_addon_that_the_cluster_has_is_accepted(theirs: Theirs) -> None:
    theirs.cluster()
    theirs.make(
        ADDON, clusterId=theirs.cluster_id, addonName="AmdGpuPlugin", removeAddonResourcesOnDelete=True
    )
    kept: Change = ("cluster.existing.addons", ["AmdGpuPlugin"])
    assert theirs.problems(*theirs.on_cluster(), kept) == []


def test_nodes_that_the_endpoint_does_not_let_in_are_named(theirs: Theirs) -> None:
    theirs.cluster()
    alone: Change = ("network.existing.groups", {})
    said = [*map(str, theirs.problems(*theirs.on_cluster(), alone))]
    assert any("nodes to the control plane" in each and "the api: no rule" in each for each in said), said


def test_pods_that_cannot_call_the_pods_of_the_clusters_own_pools_are_named(theirs: Theirs) -> None:
    theirs.cluster()
    walled = theirs.make(NSG, vcnId=theirs.vcn_id)
    theirs.pool(podNsgIds=[walled])
    said = [*map(str, theirs.problems(*theirs.on_cluster()))]
    assert any("'pods to pods'" in each and "the pods of theirs" in each for each in said), said
