"""Wrong configurations of the all-reduce over two nodes. Each with its path and message."""

from tests.infra.settings.examples import Change
from tests.infra.settings.refusals_of_pools import Refusal

PATH = "serving.jobs.allReduce"
DIGEST = "sha256:" + "0" * 64
TWO_NODES: Change = ("gpu.pools.0.nodes", 2)


def measured(**values: object) -> list[Change]:
    """Changes that measure the GPU pool, which then has two nodes. None leaves a value out."""
    test = {
        "pool": "mi300x",
        "bucket": "model-artifacts",
        "imageDigest": DIGEST,
        "rcloneImageDigest": DIGEST,
        **values,
    }
    return [TWO_NODES, (PATH, {key: value for key, value in test.items() if value is not None})]


OF_ALL_REDUCE: tuple[Refusal, ...] = (
    Refusal(
        "a pool that does not exist", measured(pool="mi300"), f"{PATH}.pool", "must be a GPU pool: mi300x"
    ),
    Refusal("a pool for CPUs", measured(pool="system"), f"{PATH}.pool", "must be a GPU pool: mi300x"),
    Refusal(
        "one node",
        [*measured(), ("gpu.pools.0.nodes", 1)],
        f"{PATH}.pool",
        "must be a pool of at least 2 nodes; gpu.pools[0] has 1",
    ),
    Refusal(
        "an autoscaled pool of one node",
        [
            *measured(),
            ("gpu.pools.0.nodes", 1),
            ("gpu.pools.0.sizeOwner", "external"),
            ("gpu.pools.0.minNodes", 1),
            ("gpu.pools.0.maxNodes", 1),
        ],
        f"{PATH}.pool",
        "must be a pool of at least 2 nodes",
    ),
    Refusal(
        "a pool without RDMA",
        [*measured(), ("gpu.pools.0.rdma", False)],
        f"{PATH}.pool",
        "must be a pool with RDMA, but gpu.pools[0].rdma is false",
    ),
    Refusal(
        "cards without published RCCL settings",
        [*measured(), ("gpu.pools.0.shape", "BM.GPU.MI355X.8")],
        f"{PATH}.pool",
        "must be a shape whose RDMA cards have published RCCL settings",
    ),
    Refusal("no bucket", measured(bucket=None), f"{PATH}.bucket", "is required"),
    Refusal(
        "a bucket that does not exist",
        measured(bucket="results"),
        f"{PATH}.bucket",
        "must be a bucket: model-artifacts",
    ),
    Refusal(
        "a bucket with retention",
        [*measured(bucket="held"), ("storage.buckets.1", {"name": "held", "retentionDays": 30})],
        f"{PATH}.bucket",
        "has retentionDays",
    ),
    Refusal(
        "results among the weights",
        [
            *measured(prefix="models/all-reduce"),
            ("serving.weights", {"pythonImageDigest": DIGEST, "rcloneImageDigest": DIGEST}),
        ],
        f"{PATH}.prefix",
        "the folder of the weights",
    ),
    Refusal("a folder outside", measured(prefix="../x"), f"{PATH}.prefix", "must be names of letters"),
    Refusal("no digest", measured(imageDigest=None), f"{PATH}.imageDigest", "is required"),
    Refusal(
        "a tag as digest", measured(imageDigest="latest"), f"{PATH}.imageDigest", "has an invalid digest"
    ),
    Refusal("a floor of nothing", measured(busGbs=0), f"{PATH}.busGbs", "must be 1 to 400 GB/s"),
    Refusal(
        "a floor above all cards together",
        measured(busGbs=401),
        f"{PATH}.busGbs",
        "must be 1 to 400 GB/s, which the RDMA cards of a node have together",
    ),
    Refusal(
        "fewer errors than none", measured(linkErrors=-1), f"{PATH}.linkErrors", "must be 0 to 1,000,000"
    ),
    Refusal(
        "messages of 3 GiB", measured(messageGib=3), f"{PATH}.messageGib", "must be one of 1, 2, 4, 8, 16"
    ),
    Refusal("no wait", measured(waitMinutes=0), f"{PATH}.waitMinutes", "must be 1 to 1,440 minutes"),
    Refusal("a schedule in words", measured(schedule="weekly"), f"{PATH}.schedule", "must be five fields"),
    Refusal(
        "a team with the namespace of the test",
        [*measured(), ("serving.teams", [{"name": "all-reduce", "gpus": 1}])],
        "serving.teams[0].name",
        "must not be the namespace of serving.jobs.allReduce",
    ),
)
