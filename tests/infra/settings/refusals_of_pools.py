"""Wrong configurations of pools: sizes, the autoscaler, versions, free nodes. Each with its path and message."""

from collections.abc import Sequence
from typing import NamedTuple

from tests.infra.settings.examples import IMAGE, Change

TOOLS = {
    "name": "tools",
    "nodes": 1,
    "sizeOwner": "autoscaler",
    "minNodes": 1,
    "maxNodes": 4,
    "availabilityDomain": 1,
    "imageId": IMAGE,
}


class Refusal(NamedTuple):
    """Changes of the valid configuration, and the problem that they cause."""

    name: str
    changes: Sequence[Change]
    path: str
    message: str


def scaled(low: object = 1, high: object = 2, **values: object) -> list[Change]:
    """Changes that give the GPU pool's size to the autoscaler, within these bounds."""
    pool = {"sizeOwner": "autoscaler", "minNodes": low, "maxNodes": high, **values}
    return [(f"gpu.pools.0.{key}", value) for key, value in pool.items() if value is not None]


def tools(**values: object) -> list[Change]:
    """Changes that add a CPU pool that the autoscaler sizes."""
    pool = {key: value for key, value in {**TOOLS, **values}.items() if value is not None}
    return [("cluster.pools.1", pool)]


OF_SIZES: tuple[Refusal, ...] = (
    Refusal(
        "an unknown owner", [("gpu.pools.0.sizeOwner", "me")], "gpu.pools[0].sizeOwner", "must be one of"
    ),
    Refusal(
        "bounds without an owner", [("gpu.pools.0.minNodes", 1)], "gpu.pools[0].minNodes", "must not be set"
    ),
    Refusal(
        "an owner without a minimum", scaled(low=None), "gpu.pools[0].minNodes", "sizeOwner autoscaler needs"
    ),
    Refusal(
        "an owner without a maximum", scaled(high=None), "gpu.pools[0].maxNodes", "sizeOwner autoscaler needs"
    ),
    Refusal("a minimum above the maximum", scaled(3, 2), "gpu.pools[0].minNodes", "not be above maxNodes, 2"),
    Refusal("nodes below the minimum", scaled(2, 4), "gpu.pools[0].nodes", "between minNodes and maxNodes"),
    Refusal(
        "nodes above the maximum",
        scaled(1, 2, nodes=3),
        "gpu.pools[0].nodes",
        "between minNodes and maxNodes",
    ),
    Refusal("a negative minimum", scaled(-1, 2), "gpu.pools[0].minNodes", "must be 0 or more"),
    Refusal("too many nodes", scaled(1, 1_001), "gpu.pools[0].maxNodes", "must be 1000 or fewer"),
    Refusal(
        "two owners in one cluster",
        [*scaled(), *tools(sizeOwner="external")],
        "cluster.pools[1].sizeOwner",
        "must not be beside a pool with autoscaler",
    ),
    Refusal(
        "no pool of a fixed size",
        [*scaled(), ("cluster.pools.0", TOOLS)],
        "cluster.pools",
        "must contain a CPU pool with sizeOwner fixed",
    ),
    Refusal(
        "an autoscaled CPU pool in all domains",
        tools(availabilityDomain=None),
        "cluster.pools[1].availabilityDomain",
        "needs a pool for each availability domain",
    ),
    Refusal(
        "a domain that the region does not have",
        [("tenancy.region", "eu-madrid-1"), *tools(availabilityDomain=2)],
        "cluster.pools[1].availabilityDomain",
        "eu-madrid-1 has",
    ),
    Refusal(
        "a second autoscaler beside it",
        [*scaled(), ("cluster.addons.ClusterAutoscaler", {})],
        "cluster.addons",
        "must not be here. Set `sizeOwner: autoscaler`",
    ),
    Refusal(
        "an autoscaler as a plain add-on",
        [("cluster.addons.ClusterAutoscaler", {"configurations": {"nodes": "1:2:x"}})],
        "cluster.addons",
        "must not be here",
    ),
    Refusal(
        "an unknown configuration key",
        [("cluster.autoscaler.configurations", {"maxNodeProvisionTimes": "1h"})],
        "cluster.autoscaler.configurations['maxNodeProvisionTimes']",
        "maxNodeProvisionTime",
    ),
    Refusal(
        "the pools by hand",
        [("cluster.autoscaler.configurations", {"nodes": "1:2:x"})],
        "cluster.autoscaler.configurations['nodes']",
        "must not be given here",
    ),
    Refusal(
        "another identity",
        [("cluster.autoscaler.configurations", {"authType": "instance"})],
        "cluster.autoscaler.configurations['authType']",
        "must not be given here",
    ),
    Refusal(
        "no time for a node",
        [("cluster.autoscaler.provisionMinutes", 0)],
        "cluster.autoscaler.provisionMinutes",
        "must be 1 to 1,440 minutes",
    ),
)


OF_VERSIONS: tuple[Refusal, ...] = (
    Refusal(
        "GPU nodes above the control plane",
        [("cluster.kubernetesVersion", "v1.35.2"), ("gpu.pools.0.kubernetesVersion", "v1.36.1")],
        "gpu.pools[0].kubernetesVersion",
        "must not be above the control plane, v1.35.2",
    ),
    Refusal(
        "CPU nodes above the control plane",
        [("cluster.kubernetesVersion", "v1.35.2"), ("cluster.pools.0.kubernetesVersion", "v1.36.1")],
        "cluster.pools[0].kubernetesVersion",
        "Upgrade the control plane first",
    ),
    Refusal(
        "nodes more than three minors below",
        [("gpu.pools.0.kubernetesVersion", "v1.32.1")],
        "gpu.pools[0].kubernetesVersion",
        "must be at most 3 minor versions below the control plane, v1.36.1",
    ),
    Refusal(
        "a version that OKE does not offer",
        [("cluster.pools.0.kubernetesVersion", "v1.35.9")],
        "cluster.pools[0].kubernetesVersion",
        "must be one that OKE offers",
    ),
    Refusal(
        "a version without a v",
        [("gpu.pools.0.kubernetesVersion", "1.35.2")],
        "gpu.pools[0].kubernetesVersion",
        "must be one that OKE offers",
    ),
)

WARM = {"nodes": 1, "priorityClass": "filler", "imageDigest": "sha256:" + "0" * 64}


def warm(value: object = -5, *, within: tuple[int, int] = (1, 3), **changes: object) -> list[Change]:
    """Changes that keep a node of the autoscaled pool free."""
    classes = {"filler": {"value": value, "description": "d", "preempts": False}}
    pool = {key: each for key, each in {**WARM, **changes}.items() if each is not None}
    return [*scaled(*within), ("serving.priorities", classes), ("gpu.pools.0.warm", pool)]


OF_WARM_NODES: tuple[Refusal, ...] = (
    Refusal(
        "a free node of a fixed pool",
        [*warm()[-2:]],
        "gpu.pools[0].warm",
        "must not be set without sizeOwner autoscaler",
    ),
    Refusal(
        "as many free nodes as there may be", warm(nodes=3), "gpu.pools[0].warm.nodes", "below maxNodes, 3"
    ),
    Refusal("no free node", warm(nodes=0), "gpu.pools[0].warm.nodes", "must be 1 to 100"),
    Refusal("an unknown class", warm(priorityClass="fill"), "gpu.pools[0].warm.priorityClass", "filler"),
    Refusal("a class that stays", warm(0), "gpu.pools[0].warm.priorityClass", "from -10 to -1, not 0"),
    Refusal(
        "a class that is ignored", warm(-11), "gpu.pools[0].warm.priorityClass", "from -10 to -1, not -11"
    ),
    Refusal(
        "an image without a digest", warm(imageDigest="latest"), "gpu.pools[0].warm.imageDigest", "digest"
    ),
    Refusal(
        "no place for its pods",
        [*warm(), ("serving.teams", [{"name": "a", "gpus": 8}]), ("serving.models.0.team", "a")],
        "gpu.pools[0].warm",
        "the namespace of the models without a team",
    ),
)

EVERY = (*OF_SIZES, *OF_VERSIONS, *OF_WARM_NODES)
