"""Cluster networks in the form of the node pools that lead to the same nodes, so that reports read both in one way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from report.resources import Resource, as_mapping, as_sequence

NODE_POOL = "oci:ContainerEngine/nodePool:NodePool"
CLUSTER_NETWORK = "oci:Core/clusterNetwork:ClusterNetwork"
CONFIGURATION = "oci:Core/instanceConfiguration:InstanceConfiguration"


def as_node_pools(resources: Iterable[Resource]) -> list[Resource]:
    """The resources, with a node pool in place of each cluster network whose instance configuration is among them."""
    listed = list(resources)
    known = [each for each in listed if each.type == CONFIGURATION]
    return [_as_node_pool(each, known) if each.type == CLUSTER_NETWORK else each for each in listed]


def _as_node_pool(network: Resource, configurations: Sequence[Resource]) -> Resource:
    pool = _first(network.inputs.get("instancePools"))
    found = _configuration(network, pool, configurations)
    if found is None:
        return network
    launch = _first(_first(found.inputs.get("instanceDetails")).get("launchDetails"))
    return replace(
        network,
        type=NODE_POOL,
        inputs=_inputs(pool, _first(network.inputs.get("placementConfiguration")), launch),
    )


def _configuration(
    network: Resource, pool: Mapping[str, object], configurations: Sequence[Resource]
) -> Resource | None:
    """The configuration of a pool: by its OCID, or before that is known, the one of the same component."""
    wanted = pool.get("instanceConfigurationId")
    by_id = (each for each in configurations if each.id and each.id == wanted)
    beside = (each for each in configurations if each.parent and each.parent == network.parent)
    return next(by_id, None) or next(beside, None)


def _inputs(
    pool: Mapping[str, object], place: Mapping[str, object], launch: Mapping[str, object]
) -> Mapping[str, object]:
    metadata, source = _first(launch.get("metadata")), _first(launch.get("sourceDetails"))
    vnic = _first(launch.get("createVnicDetails"))
    subnet = place.get("primarySubnetId") or _first(place.get("primaryVnicSubnets")).get("subnetId")
    return {
        "name": pool.get("displayName"),
        "nodeShape": launch.get("shape"),
        "nodeSourceDetails": {"bootVolumeSizeInGbs": source.get("bootVolumeSizeInGbs")},
        "initialNodeLabels": [
            dict(zip(("key", "value"), each.partition("=")[::2], strict=True))
            for each in _listed(metadata.get("oke-initial-node-labels"))
        ],
        "nodeConfigDetails": {
            "size": pool.get("size"),
            "nsgIds": vnic.get("nsgIds"),
            "placementConfigs": [{"availabilityDomain": place.get("availabilityDomain"), "subnetId": subnet}],
            "nodePoolPodNetworkOptionDetails": {
                "podSubnetIds": _listed(metadata.get("pod-subnets")),
                "podNsgIds": _listed(metadata.get("pod-nsgids")),
            },
        },
    }


def _listed(text: object) -> list[str]:
    return [each for each in text.split(",") if each] if isinstance(text, str) else []


def _first(found: object) -> Mapping[str, object]:
    """An object, or the first of a list of objects: the provider uses both forms."""
    return as_mapping(next(iter(as_sequence(found)), found))
