"""Wrong configurations of GPU pools in cluster networks. Each with its path and message."""

from tests.infra.settings.examples import Change
from tests.infra.settings.refusals_of_pools import Refusal

PATH = "gpu.pools[0]"
MODE: Change = ("gpu.pools.0.mode", "cluster-network")


def pooled(**values: object) -> list[Change]:
    """Changes that put the GPU pool into a cluster network, with these values."""
    return [MODE, *((f"gpu.pools.0.{key}", value) for key, value in values.items())]


def imported(name: str) -> list[Change]:
    """The same with an imported image of this name."""
    image = {"name": name, "url": "https://objectstorage.us-ashburn-1.oraclecloud.com/p/x/n/a/b/c/o/i"}
    return pooled(imageId=None, imageImport=image)


OF_CLUSTER_NETWORKS: tuple[Refusal, ...] = (
    Refusal(
        "MI300X in a GPU memory cluster",
        [("gpu.pools.0.mode", "gpu-memory-cluster")],
        f"{PATH}.mode",
        "must be managed or cluster-network: BM.GPU.MI300X.8 has no GPU memory cluster",
    ),
    Refusal("an unknown mode", [("gpu.pools.0.mode", "cluster-networks")], f"{PATH}.mode", "cluster-network"),
    Refusal(
        "two pools of one name in one cluster network",
        [MODE, ("gpu.pools.1", {"name": "mi300x", "mode": "cluster-network", "nodes": 1})],
        "gpu.pools[1].name",
        "must be unique",
    ),
    Refusal(
        "OKE's autoscaler",
        pooled(sizeOwner="autoscaler", minNodes=1, maxNodes=2),
        f"{PATH}.sizeOwner",
        "OKE's cluster autoscaler does not support self-managed nodes",
    ),
    Refusal(
        "an own autoscaler",
        pooled(sizeOwner="external", minNodes=1, maxNodes=2),
        f"{PATH}.sizeOwner",
        "must be fixed in a cluster-network",
    ),
    Refusal("bounds", pooled(maxNodes=2), f"{PATH}.maxNodes", "must not be set in a cluster-network"),
    Refusal(
        "cycling", pooled(nodeCycling=True), f"{PATH}.nodeCycling", "OKE does not cycle self-managed nodes"
    ),
    Refusal(
        "a time to drain",
        pooled(evictionMinutes=30),
        f"{PATH}.evictionMinutes",
        "OKE does not drain self-managed nodes",
    ),
    Refusal("no RDMA", pooled(rdma=False), f"{PATH}.rdma", "a cluster-network is an RDMA network"),
    Refusal("preemptible nodes", pooled(preemptible=True), f"{PATH}.preemptible", "must be false"),
    Refusal(
        "a shape without RDMA", pooled(shape="VM.Standard.E5.Flex"), f"{PATH}.shape", "must be a GPU shape"
    ),
    Refusal("no node", pooled(nodes=0), f"{PATH}.nodes", "must be 1 or more"),
    Refusal(
        "Oracle Linux",
        imported("Oracle-Linux-9-ROCm-7.oci"),
        f"{PATH}.imageImport.name",
        "must not be Oracle Linux in a pool with RDMA",
    ),
    Refusal(
        "an image of another system",
        imported("Rocky-9-ROCm.oci"),
        f"{PATH}.imageImport.name",
        "image of Ubuntu",
    ),
    Refusal(
        "a reservation in several domains",
        pooled(availabilityDomain=[1, 2]),
        f"{PATH}.availabilityDomain",
        "must be a whole number",
    ),
    Refusal(
        "an unknown placement",
        pooled(placementConstraint="NEAR"),
        f"{PATH}.placementConstraint",
        "SINGLE_TIER",
    ),
    Refusal(
        "nodes too far below the control plane",
        pooled(kubernetesVersion="v1.27.9"),
        f"{PATH}.kubernetesVersion",
        "must be at most 3 minor versions below the control plane",
    ),
    Refusal(
        "a schedule of its pool",
        [
            MODE,
            (
                "cluster.schedule",
                {
                    "pools": ["mi300x"],
                    "stop": "30 19 * * *",
                    "start": "30 5 * * *",
                    "image": "iad.ocir.io/space/pool-hours:1",
                    "imageDigest": f"sha256:{'0' * 64}",
                },
            ),
        ],
        "cluster.schedule.pools[0]",
        "must be a managed pool",
    ),
    Refusal(
        "free nodes",
        pooled(warm={"nodes": 1, "priorityClass": "filler", "imageDigest": "sha256:" + "0" * 64}),
        f"{PATH}.warm",
        "must not be set without sizeOwner autoscaler",
    ),
)
