"""Settings that contradict each other are reported: networks, pools, versions, and the models on the pools."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import DELETE, IMAGE, Change, assert_named, config, external

SECOND_CPU_POOL = {"name": "system", "nodes": 1, "imageId": IMAGE}

CASES: list[tuple[str, list[Change], str, str]] = [
    (
        "subnets that overlap",
        [("network.subnets.gpu", "10.0.1.128/25"), ("network.subnets.public", "10.0.1.0/24")],
        "network.subnets.gpu",
        "must not overlap public, 10.0.1.0/24",
    ),
    (
        "a subnet outside its VCN",
        [("network.subnets.gpu", "10.1.0.0/24")],
        "network.subnets.gpu",
        "must be inside the VCN, 10.0.0.0/16",
    ),
    ("an invalid CIDR", [("network.cidr", "10.0.0/16")], "network.cidr", "must be an IPv4 network"),
    (
        "a CIDR with host bits",
        [("network.subnets.gpu", "10.0.3.1/24")],
        "network.subnets.gpu",
        "without host bits. Use 10.0.3.0/24",
    ),
    (
        "a pod subnet too small for nodes x pods",
        [("network.subnets.pods", "10.0.128.0/26")],
        "network.subnets.pods",
        "has 61 usable addresses and must have",
    ),
    (
        "a GPU subnet too small for the nodes an autoscaler may add",
        [("network.subnets.gpu", "10.0.3.0/29"), *external(1, 8)],
        "network.subnets.gpu",
        "has 5 usable addresses and must have 8 or more",
    ),
    (
        "a VCN too small for the nodes and their pods",
        [("network.cidr", "10.0.0.0/25")],
        "network.cidr",
        "must have room for",
    ),
    (
        "service addresses inside the VCN",
        [("cluster.servicesCidr", "10.0.96.0/20")],
        "cluster.servicesCidr",
        "must not overlap the VCN, 10.0.0.0/16",
    ),
    (
        "two pools with the same name",
        [("cluster.pools.1", SECOND_CPU_POOL)],
        "cluster.pools[1].name",
        "'system'; must be unique; cluster.pools[0].name has the same name",
    ),
    (
        "a GPU pool with a CPU pool's name",
        [("gpu.pools.0.name", "system"), ("serving.models.0.pool", "system")],
        "gpu.pools[0].name",
        "must be unique; cluster.pools[0].name has the same name",
    ),
    ("zero nodes", [("gpu.pools.0.nodes", 0)], "gpu.pools[0].nodes", "0; must be 1 or more"),
    ("too many nodes", [("gpu.pools.0.nodes", 1001)], "gpu.pools[0].nodes", "1001; must be 1000 or fewer"),
    (
        "a minimum above the maximum",
        external(3, 2),
        "gpu.pools[0].minNodes",
        "3; must not be above maxNodes, 2",
    ),
    (
        "a minimum without a maximum",
        [("gpu.pools.0.sizeOwner", "external"), ("gpu.pools.0.minNodes", 1)],
        "gpu.pools[0].maxNodes",
        "must be set: sizeOwner external needs minNodes and maxNodes",
    ),
    (
        "bounds of a GPU pool whose size is the program's",
        [("gpu.pools.0.minNodes", 1)],
        "gpu.pools[0].minNodes",
        "1; must not be set if the program owns the size (sizeOwner: fixed): only nodes is used. Leave it out, or set",
    ),
    (
        "bounds of a CPU pool whose size is the program's",
        [("cluster.pools.0.maxNodes", 4)],
        "cluster.pools[0].maxNodes",
        "4; must not be set if the program owns the size",
    ),
    (
        "preemptible bare metal",
        [("gpu.pools.0.preemptible", True)],
        "gpu.pools[0].preemptible",
        "must be false: OCI has no preemptible bare-metal instances",
    ),
    (
        "an unknown shape",
        [("gpu.pools.0.shape", "BM.GPU.MI300.8")],
        "gpu.pools[0].shape",
        "must be a GPU shape: ",
    ),
    (
        "a GPU shape for a CPU pool",
        [("cluster.pools.0.shape", "BM.GPU.MI300X.8")],
        "cluster.pools[0].shape",
        "must be a flexible shape without GPUs",
    ),
    (
        "a Kubernetes version that OKE does not offer",
        [("cluster.kubernetesVersion", "v1.36.0")],
        "cluster.kubernetesVersion",
        "'v1.36.0'; must be one that OKE offers: v1.34.2, v1.35.2, v1.36.1. Did you mean `v1.36.1`?",
    ),
    (
        "more pods a node than its network cards allow",
        [("cluster.pools.0.maxPods", 110)],
        "cluster.pools[0].maxPods",
        "must be 1 to 93 for this shape",
    ),
    (
        "a GPU pool without an image",
        [("gpu.pools.0.imageId", DELETE)],
        "gpu.pools[0].imageId",
        "missing; is required: Oracle has no platform image with ROCm. Or set imageImport",
    ),
    (
        "a domain that the region does not have",
        [("tenancy.region", "eu-zurich-1"), ("gpu.pools.0.availabilityDomain", 2)],
        "gpu.pools[0].availabilityDomain",
        "2; must be 1 or less: eu-zurich-1 has no more",
    ),
    (
        "a misspelt add-on",
        [("cluster.addons", {"CertManger": {}})],
        "cluster.addons",
        "must be the name of an OKE add-on. Did you mean `CertManager`?",
    ),
    ("no CPU pool beside the GPU pool", [("cluster.pools", [])], "cluster.pools", "must contain a CPU pool"),
    (
        "a name that vLLM refuses",
        [("serving.models.0.name", "vllm-qwen")],
        "serving.models[0].name",
        "must not start with vllm",
    ),
    (
        "a model that cannot fit its GPUs",
        [("serving.models.0.model", "llama-3.3-70b"), ("serving.models.0.contextTokens", 131072)],
        "serving.models[0].contextTokens",
        "Nearest that fits",
    ),
    (
        "a model that is not in the catalogue",
        [("serving.models.0.model", "qwen3-23b")],
        "serving.models[0].model",
        "is not a model of the catalogue. Did you mean `qwen3-32b`?",
    ),
    (
        "a model on a missing pool",
        [("serving.models.0.pool", "mi355x")],
        "serving.models[0].pool",
        "must be a GPU pool: mi300x",
    ),
    (
        "far too many nodes",
        [("gpu.pools.0.nodes", 9 * 10**10)],
        "gpu.pools[0].nodes",
        "must be 1000 or fewer",
    ),
    (
        "more engines than the pool has GPUs",
        [("serving.models.0.replicas", 9)],
        "serving.models[0].replicas",
        "9; must fit on pool mi300x, which has 1 node: 1 of its 9 engines would wait forever, because it needs"
        " 1 GPU on one node, and the other engines leave 0 free on the node",
    ),
    (
        "two small engines that may leave no whole node for a large one",
        [
            ("gpu.pools.0.nodes", 2),
            ("serving.models.0.replicas", 2),
            (
                "serving.models.1",
                {"name": "large", "model": "deepseek-r1", "revision": "1" * 40, "pool": "mi300x"},
            ),
        ],
        "serving.models[1].replicas",
        "must fit on pool mi300x, which has 2 nodes: its engine would wait forever, because it needs 8 GPUs on "
        "one node, and the other engines leave 7, 7 free on the nodes",
    ),
    (
        "an engine that does not fit the smallest size of its pool",
        [("gpu.pools.0.nodes", 2), *external(1, 2), ("serving.models.0.replicas", 9)],
        "serving.models[0].replicas",
        "which has 1 node at its smallest size (minNodes)",
    ),
    (
        "a gated model without a token",
        [("serving.models.0.model", "llama-3.3-70b"), ("serving.models.0.contextTokens", 8192)],
        "serving.models[0].model",
        "is gated: the hub requires a token. Set huggingFaceToken",
    ),
    (
        "a private endpoint with a deployer outside and no tunnel",
        [("tenancy.deployer.access", "internet")],
        "tenancy.deployer.access",
        "cannot reach the private API endpoint that the models are deployed through. Set `tunnel`",
    ),
    (
        "a tunnel without a bastion",
        [("network.bastionClientCidrs", [])],
        "network.bastionClientCidrs",
        "must name who may open the tunnel",
    ),
    (
        "a public endpoint that nobody may reach",
        [("cluster.endpoint.access", "public")],
        "cluster.endpoint.allowedCidrs",
        "must name who may reach a public endpoint",
    ),
    (
        "a public endpoint that does not let the deployer in",
        [
            ("cluster.endpoint", {"access": "public", "allowedCidrs": ["203.0.113.0/24"]}),
            ("tenancy.deployer", {"access": "internet", "cidr": "198.51.100.7/32"}),
        ],
        "tenancy.deployer.cidr",
        "must be in one of cluster.endpoint.allowedCidrs. They are 203.0.113.0/24",
    ),
    (
        "a public endpoint and a deployer without addresses",
        [("cluster.endpoint", {"access": "public", "allowedCidrs": ["203.0.113.0/24"]})],
        "tenancy.deployer.cidr",
        "must be set and be in one of cluster.endpoint.allowedCidrs",
    ),
    (
        "a deployer inside without an address",
        [("tenancy.deployer", {"access": "inside"})],
        "tenancy.deployer.cidr",
        "must be set with `access: inside`: otherwise the API endpoint lets in only nodes and pods",
    ),
    (
        "a deployer in a network without a route",
        [("tenancy.deployer", {"access": "inside", "cidr": "10.20.0.0/24"})],
        "tenancy.deployer.cidr",
        "must be inside the VCN, 10.0.0.0/16",
    ),
    (
        "a deployer's address that is not a network",
        [("tenancy.deployer", {"access": "inside", "cidr": "10.0.2.250/24"})],
        "tenancy.deployer.cidr",
        "without host bits. Use 10.0.2.0/24",
    ),
    (
        "a deployer who may not open the tunnel",
        [("tenancy.deployer", {"access": "tunnel", "cidr": "198.51.100.7/32"})],
        "tenancy.deployer.cidr",
        "must be in one of network.bastionClientCidrs",
    ),
    (
        "credentials that the cluster's login does not support",
        [("tenancy.auth", "WorkloadIdentityFederation")],
        "tenancy.auth",
        "the `oci` CLI gets the tokens for the cluster, and knows only these",
    ),
    (
        "more callers of the API than a security group allows",
        [("cluster.endpoint.allowedCidrs", [f"198.51.{i}.0/24" for i in range(115)])],
        "cluster.endpoint.allowedCidrs",
        "CIDRs or fewer. A security group can have 120 rules",
    ),
    (
        "a caller of the API that is not a range",
        [("cluster.endpoint.allowedCidrs", ["203.0.113.7/24"])],
        "cluster.endpoint.allowedCidrs[0]",
        "203.0.113.0/24",
    ),
]


@pytest.mark.parametrize("allowed", ["0.0.0.0/0", "198.51.100.0/24", "198.51.100.7/32"])
def test_a_deployer_in_an_allowed_network_has_no_problem(allowed: str):
    changes: list[Change] = [
        ("cluster.endpoint", {"access": "public", "allowedCidrs": ["203.0.113.0/24", allowed]}),
        ("tenancy.deployer", {"access": "internet", "cidr": "198.51.100.7/32"}),
    ]
    assert not examine(config(*changes), "test").problems


@pytest.mark.parametrize(
    ("changes", "path", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_mistake_is_named(changes: list[Change], path: str, message: str):
    assert_named(changes, path, message)
