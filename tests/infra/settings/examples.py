"""A complete, valid configuration, and changes that make it invalid."""

from copy import deepcopy
from typing import Any

from infra.settings import examine

IMAGE = "ocid1.image.oc1.iad.aaaaaaaaexample"
KEY = "ocid1.key.oc1.iad.vault1.aaaaaaaaexample"

CONFIG: dict[str, Any] = {
    "tenancy": {
        "region": "us-ashburn-1",
        "tenancyId": "ocid1.tenancy.oc1..aaaaaaaaexample",
        "compartmentId": "ocid1.compartment.oc1..aaaaaaaaexample",
    },
    "network": {"cidr": "10.0.0.0/16", "bastionClientCidrs": ["203.0.113.0/24"]},
    "cluster": {
        "secretsKeyId": KEY,
        "pools": [{"name": "system", "nodes": 2, "imageId": IMAGE}],
    },
    "gpu": {"pools": [{"name": "mi300x", "nodes": 1, "imageId": IMAGE}]},
    "storage": {"buckets": [{"name": "model-artifacts", "versioning": "Enabled"}]},
    "serving": {
        "policyEngine": "calico",
        "imageDigest": "sha256:" + "0" * 64,
        "models": [
            {"name": "qwen3-32b", "model": "qwen3-32b", "revision": "0" * 40, "pool": "mi300x", "gpus": 1},
        ],
    },
    "observability": {"topics": [{"name": "critical"}]},
    "governance": {"budget": {"monthlyAmount": 50000}},
}


class Delete:
    """Marks a key that is removed."""


DELETE = Delete()

Change = tuple[str, object]
"""A path such as `gpu.pools.0.nodes` and its new value, or DELETE."""


def config(*changes: Change) -> dict[str, Any]:
    """The valid configuration with changes."""
    spoilt = deepcopy(CONFIG)
    for path, value in changes:
        *parents, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
        inner: Any = spoilt
        for step in parents:
            inner = inner.setdefault(step, {}) if isinstance(step, str) else inner[step]
        if value is DELETE:
            del inner[last]
        elif last == len(inner):
            inner.append(deepcopy(value))
        else:
            inner[last] = deepcopy(value)
    return spoilt


def external(low: int, high: int) -> list[Change]:
    """Changes that give the GPU pool's size to an external owner, within these bounds."""
    pool = "gpu.pools.0"
    return [(f"{pool}.sizeOwner", "external"), (f"{pool}.minNodes", low), (f"{pool}.maxNodes", high)]


def assert_named(changes: list[Change], path: str, message: str) -> None:
    """Check that the changes cause a problem at the path, with the message."""
    problems = examine(config(*changes), "test").problems
    found = [str(problem) for problem in problems if problem.path == path]
    assert any(message in text for text in found), (
        f"expected {path}: … {message} among {[*map(str, problems)]}"
    )
