"""The docstrings on replacement agree with the provider's field table (not with the SDK's marks)."""

from collections.abc import Mapping

import pytest

from facts.provider_fields import Field, resource_fields

CLUSTER = "oci:ContainerEngine/cluster:Cluster"
POOL = "oci:ContainerEngine/nodePool:NodePool"
IMAGE = "oci:Core/image:Image"
COMPUTE_CLUSTER = "oci:Core/computeCluster:ComputeCluster"


def field(token: str, path: str) -> Field:
    fields: Mapping[str, Field] = resource_fields(token) or {}
    *outer, last = path.split(".")
    for name in outer:
        inner = fields[name].of
        assert isinstance(inner, Mapping), f"{name} has no fields of its own"
        fields = inner
    return fields[last]


@pytest.mark.parametrize(
    ("token", "path"),
    [
        (CLUSTER, "kmsKeyId"),
        (CLUSTER, "vcnId"),
        (CLUSTER, "options.serviceLbSubnetIds"),
        (CLUSTER, "options.kubernetesNetworkConfig.servicesCidr"),
        (POOL, "clusterId"),
        (POOL, "nodeConfigDetails.computeClusterId"),
        (COMPUTE_CLUSTER, "availabilityDomain"),
        (IMAGE, "imageSourceDetails.sourceUri"),
    ],
)
def test_a_change_of_these_replaces(token: str, path: str):
    assert field(token, path).replaces is True


@pytest.mark.parametrize(
    ("token", "path"),
    [
        (CLUSTER, "kubernetesVersion"),
        (CLUSTER, "endpointConfig.nsgIds"),
        (CLUSTER, "imagePolicyConfig.isPolicyEnabled"),
        (POOL, "name"),
        (POOL, "kubernetesVersion"),
        (POOL, "nodeMetadata"),
        (POOL, "nodeSourceDetails.imageId"),
        (POOL, "nodeConfigDetails.size"),
        (POOL, "nodeConfigDetails.placementConfigs.capacityReservationId"),
    ],
)
def test_a_change_of_these_does_not(token: str, path: str):
    assert field(token, path).replaces is False
