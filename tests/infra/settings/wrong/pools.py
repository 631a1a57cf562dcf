"""Mistakes in the schedule that stops pools out of hours, and in the logins of nodes."""

from tests.infra.settings.examples import DELETE, IMAGE
from tests.infra.settings.wrong.case import Wrong

HOURS = {
    "pools": ["system", "mi300x"],
    "stop": "30 19 * * 1-5",
    "start": "30 5 * * 1-5",
    "image": "iad.ocir.io/space/pool-hours:1.0.0",
    "imageDigest": "sha256:" + "0" * 64,
}
"""A valid schedule of the valid configuration."""

AUTOSCALED = {
    "name": "large", "nodes": 1, "imageId": IMAGE, "sizeOwner": "external", "minNodes": 1, "maxNodes": 4,
}  # fmt: skip
S = "cluster.schedule"

PROVIDER = {"url": "https://example.com/v0.1.1/provider", "sha256": "0" * 64}
C = "cluster.credentialProvider"

LOGINS: list[Wrong] = [
    Wrong("a login program without TLS", [(C, {**PROVIDER, "url": "http://example.com/p"})], f"{C}.url", "an https"),
    Wrong(
        "the newest login program",
        [(C, {**PROVIDER, "url": "https://example.com/releases/latest/p"})], f"{C}.url", "the latest release",
    ),
    Wrong("a login program without a checksum", [(C, {**PROVIDER, "sha256": ""})], f"{C}.sha256", "64 hexadecimal"),
]  # fmt: skip

POOL_HOURS: list[Wrong] = [
    Wrong("a schedule with seconds", [(S, {**HOURS, "stop": "0 30 19 * * 1-5"})], f"{S}.stop", "must have five fields"),
    Wrong("a schedule at hour 24", [(S, {**HOURS, "start": "30 24 * * *"})], f"{S}.start", "the hour 24"),
    Wrong("a schedule on 31 February", [(S, {**HOURS, "start": "0 6 31 2 *"})], f"{S}.start", "must name a day that"),
    Wrong("a schedule that is a word", [(S, {**HOURS, "stop": "@daily"})], f"{S}.stop", "a name instead of"),
    Wrong("a stop at the time of the start", [(S, {**HOURS, "start": HOURS["stop"]})], f"{S}.start", "must differ"),
    Wrong("a schedule of no pool", [(S, {**HOURS, "pools": []})], f"{S}.pools", "must be 1 to 30 pools"),
    Wrong("a schedule of a missing pool", [(S, {**HOURS, "pools": ["mi300"]})], f"{S}.pools[0]", "mi300x"),
    Wrong(
        "a schedule that names a pool twice",
        [(S, {**HOURS, "pools": ["system", "system"]})], f"{S}.pools[1]", "must not be repeated",
    ),
    Wrong(
        "a schedule of an autoscaled pool",
        [("cluster.pools.1", AUTOSCALED), (S, {**HOURS, "pools": ["large"]})],
        f"{S}.pools[0]", "external and the schedule would both set the size",
    ),
    Wrong(
        "a schedule of a pool of OKE's autoscaler",
        [("cluster.pools.1", {**AUTOSCALED, "sizeOwner": "autoscaler", "availabilityDomain": 1}),
         (S, {**HOURS, "pools": ["large"]})],
        f"{S}.pools[0]", "autoscaler and the schedule would both set the size",
    ),
    Wrong(
        "a schedule of the pool that the autoscaler runs on",
        [("cluster.pools.1", {**AUTOSCALED, "sizeOwner": "autoscaler", "availabilityDomain": 1}),
         (S, {**HOURS, "pools": ["system"]})],
        f"{S}.pools", "must leave out a CPU pool of fixed size",
    ),
    Wrong(
        "a schedule in a protected environment",
        [("tenancy.protect", True), (S, HOURS)], S, "must not be set where resources are protected",
    ),
    Wrong(
        "a function's image of another registry",
        [(S, {**HOURS, "image": "ghcr.io/space/pool-hours:1"})], f"{S}.image", "must be an image with a tag in OCI's",
    ),
    Wrong(
        "a function's image of another region",
        [(S, {**HOURS, "image": "fra.ocir.io/space/pool-hours:1"})], f"{S}.image", "must be in the registry of us-ash",
    ),
    Wrong(
        "a function's image without a digest",
        [(S, {**HOURS, "imageDigest": "1.0.0"})], f"{S}.imageDigest", "must be sha256: and 64 hexadecimal digits",
    ),
    Wrong(
        "a schedule without a start",
        [(S, HOURS), (f"{S}.start", DELETE)], f"{S}.start", "is required",
    ),
]  # fmt: skip
