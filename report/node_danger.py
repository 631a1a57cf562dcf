"""What a change does to running nodes: it deletes them, drains them, or cannot renew them."""

from collections.abc import Iterator, Sequence
from typing import Literal

from facts.holders import NO_DATA
from facts.shapes import SHAPES
from facts.wording import plural
from report.changes import Change, at
from report.cluster_networks import CLUSTER_NETWORK
from report.resources import Resource, as_number, as_sequence

NODES = {
    "oci:ContainerEngine/nodePool:NodePool": ("nodeConfigDetails.size", "nodeShape"),
    CLUSTER_NETWORK: ("instancePools[0].size", ""),
    "oci:Core/instancePool:InstancePool": ("size", ""),
}
"""The paths of the number of nodes and of their shape."""

_CYCLED = (
    "kubernetesVersion",
    "nodeMetadata",
    "nodeShape",
    "nodeShapeConfig",
    "nodeSourceDetails",
    "nodeConfigDetails.kmsKeyId",
    "sshPublicKey",
)
"""The paths of a node pool's values that reach an existing node only when it is replaced. Source: Oracle's pages
"Updating Worker Nodes in an Existing Node Pool" (by terminating and replacing nodes, and by replacing boot volumes)."""

_NOT_CARRIED = (
    "initialNodeLabels",
    "nodeConfigDetails.isPvEncryptionInTransitEnabled",
    "nodeConfigDetails.nodePoolPodNetworkOptionDetails",
    "nodeConfigDetails.nsgIds",
    "nodeConfigDetails.placementConfigs",
    "nodeShape",
    "nodeShapeConfig",
)
"""The paths of a node pool's values that cycling by replacing boot volumes cannot change. Source: Oracle's page
"Updating Worker Nodes in an Existing Node Pool by Replacing Boot Volumes": "If you update a property that is not in the
list, the node cycling and boot volume replacement operation fails". Size, name and tags are the pool's own."""


def node_dangers(change: Change) -> Iterator[tuple[Literal["refused", "drained"], str]]:
    """Nodes that a change deletes, drains or cannot renew. Of a change outside, only those that are gone are known."""
    if change.outside:
        if nodes := _fewer_nodes(change):
            yield "drained", nodes
        return
    gone = change.operation in ("replace", "delete")
    if gone and change.before and change.before.protect and change.before.type in NO_DATA:
        done = "replaced" if change.operation == "replace" else "deleted"
        what = f"would be {done}, with {NO_DATA[change.before.type]}; it is protected, so the engine refuses"
        yield "refused", what
        return
    if uncarried := _uncarried(change):
        yield "refused", uncarried
        return
    for nodes in (_fewer_nodes(change), _moved_nodes(change), _cycled_nodes(change)):
        if nodes:
            yield "drained", nodes


def _cycles(pool: Resource) -> bool:
    return at(pool.inputs, "nodePoolCyclingDetails.isNodeCyclingEnabled") is True


def _nodes_in(pool: Resource) -> int:
    return int(as_number(at(pool.inputs, "nodeConfigDetails.size")) or 0)


def _differ(before: Resource, after: Resource, paths: Sequence[str]) -> list[str]:
    return [path for path in paths if at(before.inputs, path) != at(after.inputs, path)]


def _uncarried(change: Change) -> str | None:
    """Why OCI refuses to cycle the nodes of a pool for this change, and the way to do it."""
    before, after = change.before, change.after
    if change.operation != "update" or before is None or after is None or not _nodes_in(before):
        return None
    if not _cycles(after) or at(after.inputs, "nodePoolCyclingDetails.cycleModes") != ["BOOT_VOLUME_REPLACE"]:
        return None
    paths = _differ(before, after, _NOT_CARRIED)
    if not paths:
        return None
    return (
        f"OCI cannot renew existing nodes for {', '.join(paths)}: set nodeCycling to false for this change. It then "
        "applies to new nodes only (docs/pools.md, Change what cycling cannot carry)"
    )


def _moved_nodes(change: Change) -> str | None:
    """The warning that OKE deletes the nodes of a pool and creates others elsewhere."""
    before, after = change.before, change.after
    if change.operation != "update" or before is None or after is None or not _nodes_in(before):
        return None
    old, new = (_places(state) for state in (before, after))
    if old == new:
        return None
    nodes = _nodes_in(before)
    each = _gpus_of_each(before, nodes)
    return (
        f"deletes {plural('node', nodes)}{each} and creates others in the new place; you lose the local disks"
    )


def _places(pool: Resource) -> list[tuple[object, ...]]:
    """Where a pool's nodes are. A new capacity type does not move them (Oracle's page "Modifying Node Pool and Worker
    Node Properties")."""
    keys = ("availabilityDomain", "faultDomains", "subnetId")
    where = "nodeConfigDetails.placementConfigs"
    count = len(as_sequence(at(pool.inputs, where)))
    return [tuple(at(pool.inputs, f"{where}[{index}].{key}") for key in keys) for index in range(count)]


def _fewer_nodes(change: Change) -> str | None:
    places = NODES.get(change.resource.type)
    if change.before is None or places is None:
        return None
    old = as_number(at(change.before.inputs, places[0])) or 0
    if change.operation in ("replace", "delete"):
        new = 0.0
    elif change.operation == "update" and change.after:
        size = as_number(at(change.after.inputs, places[0]))
        new = old if size is None else size
    else:
        return None
    if new >= old:
        return None
    count = f"{old - new:g} of {plural('node', int(old))}" if new else plural("node", int(old))
    each = _gpus_of_each(change.before, int(old))
    return f"deletes {count}{each}; you lose everything that runs there and the local disks"


def _cycled_nodes(change: Change) -> str | None:
    """The warning that OKE replaces the existing nodes of a pool, because the pool's update cycles them."""
    before, after = change.before, change.after
    if change.operation != "update" or before is None or after is None:
        return None
    nodes = _nodes_in(before)
    if not nodes or not _cycles(after) or not _differ(before, after, _CYCLED):
        return None
    each = _gpus_of_each(before, nodes)
    return (
        f"replaces {plural('node', nodes)}{each}, step by step; its pods move, and you lose the local disks"
    )


def _gpus_of_each(pool: Resource, nodes: int) -> str:
    gpus = gpus_of(pool)
    return f" with {plural('GPU', gpus)}{' each' if nodes > 1 else ''}" if gpus else ""


def has_gpu_nodes(resource: Resource) -> bool:
    """Whether a resource has GPU nodes. The shape of a cluster network is in another resource: it counts as one."""
    return resource.type == CLUSTER_NETWORK or gpus_of(resource) > 0


def gpus_of(resource: Resource) -> int:
    """GPUs of each node of a pool; 0 for every other resource."""
    places = NODES.get(resource.type)
    shape = SHAPES.get(str(resource.inputs.get(places[1]))) if places and places[1] else None
    return shape.gpus if shape else 0
