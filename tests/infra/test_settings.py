"""Every mistake in the settings is named by its path, with what is allowed and how to mend it."""

import pytest

from facts.problem import InvalidInput
from infra.settings import examine, load
from tests.infra.examples import CONFIG, DELETE, IMAGE, KEY, Change, config

SECOND_CPU_POOL = {"name": "system", "nodes": 1, "imageId": IMAGE}

CASES: list[tuple[str, list[Change], str, str]] = [
    (
        "an unknown key names the nearest one",
        [("gpu.pools.0.node", 1)],
        "gpu.pools[0].node",
        "is no known key. Did you mean `nodes`?",
    ),
    (
        "an unknown key that is like none lists those there are",
        [("governance.zzz", 1)],
        "governance.zzz",
        "is no known key. Known here: budget",
    ),
    (
        "an unknown section names the nearest one",
        [("netwrok", {})],
        "netwrok",
        "is no known section. Did you mean `network`?",
    ),
    (
        "a key in Python's spelling is not the key",
        [("cluster.kubernetes_version", "v1.36.1")],
        "cluster.kubernetes_version",
        "Did you mean `kubernetesVersion`?",
    ),
    (
        "a missing key is explained by its own help",
        [("cluster.pools.0.imageId", DELETE)],
        "cluster.pools[0].imageId",
        "missing; is required. OCID of the OKE node image",
    ),
    ("a missing section", [("tenancy", DELETE)], "tenancy", "missing; is a required section"),
    ("a number in quotes", [("gpu.pools.0.nodes", "1")], "gpu.pools[0].nodes", "'1'; must be a whole number"),
    ("a part of a node", [("gpu.pools.0.nodes", 1.5)], "gpu.pools[0].nodes", "1.5; must be a whole number"),
    ("a number for text", [("network.dnsLabel", 7)], "network.dnsLabel", "7; must be text. Put it in quotes"),
    ("text for a switch", [("gpu.pools.0.rdma", "yes")], "gpu.pools[0].rdma", "'yes'; must be true or false"),
    ("a mapping for a list", [("gpu.pools", {})], "gpu.pools", "must be a list"),
    ("text for a mapping", [("network", "10.0.0.0/16")], "network", "must be a mapping"),
    (
        "a choice that is none",
        [("cluster.endpoint.access", "privat")],
        "cluster.endpoint.access",
        "'privat'; must be one of private, public. Did you mean `private`?",
    ),
    (
        "a name that Kubernetes refuses",
        [("gpu.pools.0.name", "MI300X")],
        "gpu.pools[0].name",
        "must be 2 to 40 of a-z, 0-9 and -, starting with a letter",
    ),
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
        "must lie inside the VCN, 10.0.0.0/16",
    ),
    ("a CIDR that is none", [("network.cidr", "10.0.0/16")], "network.cidr", "must be an IPv4 network"),
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
        [("network.subnets.gpu", "10.0.3.0/29"), ("gpu.pools.0.minNodes", 1), ("gpu.pools.0.maxNodes", 8)],
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
        "two pools of one name",
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
    (
        "two buckets of one name",
        [("storage.buckets.1", {"name": "model-artifacts"})],
        "storage.buckets[1].name",
        "must be unique",
    ),
    ("zero nodes", [("gpu.pools.0.nodes", 0)], "gpu.pools[0].nodes", "0; must be 1 or more"),
    ("too many nodes", [("gpu.pools.0.nodes", 1001)], "gpu.pools[0].nodes", "1001; must be 1000 or fewer"),
    (
        "a minimum above the maximum",
        [("gpu.pools.0.minNodes", 3), ("gpu.pools.0.maxNodes", 2)],
        "gpu.pools[0].minNodes",
        "3; must not be above maxNodes, 2",
    ),
    (
        "a minimum without a maximum",
        [("gpu.pools.0.minNodes", 1)],
        "gpu.pools[0].maxNodes",
        "must be set: an autoscaler needs minNodes and maxNodes",
    ),
    (
        "preemptible bare metal",
        [("gpu.pools.0.preemptible", True)],
        "gpu.pools[0].preemptible",
        "must be false: OCI has no preemptible bare metal",
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
        "'v1.36.0'; must be one that OKE offers: v1.34.2, v1.35.2, v1.36.1. Did you mean v1.36.1?",
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
        "missing; is required: Oracle has no platform image with ROCm. Or imageImport",
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
        "must be the name of an OKE add-on. Did you mean CertManager?",
    ),
    (
        "versions and retention in one bucket",
        [("storage.buckets.0.retentionDays", 30)],
        "storage.buckets[0].retentionDays",
        "must not stand with versioning",
    ),
    ("no CPU pool beside the GPU pool", [("cluster.pools", [])], "cluster.pools", "must hold a CPU pool"),
    (
        "a token in plain text",
        [("serving.huggingFaceToken", "hf_" + "a" * 20)],
        "serving.huggingFaceToken",
        "[plain text]; must be encrypted. `pulumi config set --secret --path",
    ),
    (
        "a token hidden in an environment variable",
        [("serving.models.0.environment", {"HF": "hf_" + "a" * 20})],
        "serving.models[0].environment.HF",
        "[plain text]; must be encrypted",
    ),
    (
        "a webhook in plain text",
        [
            (
                "observability.topics.0.subscriptions",
                {"chat": {"protocol": "SLACK", "endpoint": "https://x.y/z"}},
            )
        ],
        "observability.topics[0].subscriptions.chat.endpoint",
        "[plain text]; must be encrypted",
    ),
    (
        "severities that no topic tells",
        [("observability.topics.0.severities", ["CRITICAL"])],
        "observability.topics",
        "must cover ERROR, WARNING too",
    ),
    (
        "a threshold of an alarm that is not there",
        [("observability.thresholds", {"gpu-utilization-high": 95})],
        "observability.thresholds.gpu-utilization-high",
        "Did you mean `gpu-utilisation-high`?",
    ),
    (
        "a budget of nothing",
        [("governance.budget.monthlyAmount", 0)],
        "governance.budget.monthlyAmount",
        "0; must be a whole number of 1 or more",
    ),
    (
        "a name that trips vLLM",
        [("serving.models.0.name", "vllm-qwen")],
        "serving.models[0].name",
        "must not start with vllm",
    ),
    (
        "an unknown region",
        [("tenancy.region", "us-ashbrun-1")],
        "tenancy.region",
        "'us-ashbrun-1'; must be the name of an OCI region. Did you mean `us-ashburn-1`?",
    ),
    (
        "an OCID of another kind",
        [("cluster.secretsKeyId", IMAGE)],
        "cluster.secretsKeyId",
        "must be the OCID of key, not of image",
    ),
    (
        "an image of another region",
        [("gpu.pools.0.imageId", IMAGE.replace(".iad.", ".phx."))],
        "gpu.pools[0].imageId",
        "must be in the environment's region us-ashburn-1, not in phx",
    ),
    ("an OCID that is none", [("tenancy.tenancyId", "mine")], "tenancy.tenancyId", "must be an OCID"),
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
        "is no model of the catalogue. Did you mean qwen3-32b?",
    ),
    (
        "a model on a pool that is not there",
        [("serving.models.0.pool", "mi355x")],
        "serving.models[0].pool",
        "must be a GPU pool: mi300x",
    ),
    (
        "more engines than the pool has GPUs",
        [("serving.models.0.replicas", 9)],
        "serving.models",
        "must fit pool mi300x, which has 8 GPUs at most; its models take 9",
    ),
    (
        "a gated model without a token",
        [("serving.models.0.model", "llama-3.3-70b"), ("serving.models.0.contextTokens", 8192)],
        "serving.models[0].model",
        "is gated: the hub asks for a token. Set huggingFaceToken",
    ),
    (
        "a tag in place of a digest",
        [("serving.imageDigest", "v0.33.0")],
        "serving.imageDigest",
        "sha256: and 64 hexadecimal digits",
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
        "must be one of cluster.endpoint.allowedCidrs",
    ),
]


def test_the_example_is_right():
    assert examine(CONFIG, "test").problems == []


@pytest.mark.parametrize(
    ("changes", "path", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_mistake_is_named(changes: list[Change], path: str, message: str):
    problems = examine(config(*changes), "test").problems
    found = [str(problem) for problem in problems if problem.path == path]
    assert any(message in text for text in found), (
        f"expected {path}: … {message} among {[*map(str, problems)]}"
    )


def test_all_problems_come_at_once():
    spoilt = config(("gpu.pools.0.node", 1), ("network.subnets.gpu", "10.1.0.0/24"), ("cluster.pools", []))
    with pytest.raises(InvalidInput) as caught:
        load(spoilt, "test")
    assert str(caught.value).startswith("3 problems in the settings of test:")


def test_an_unknown_key_does_not_hide_a_broken_rule_of_its_section():
    problems = examine(config(("gpu.pools.0.lable", {}), ("gpu.pools.0.name", "system")), "test").problems
    assert {"gpu.pools[0].lable", "gpu.pools[0].name"} <= {problem.path for problem in problems}


PLACEHOLDER = ("cluster.secretsKeyId", "ocid1.key.oc1.iad.REPLACE-ME")


def test_a_placeholder_is_a_warning_on_the_sandbox():
    settings = load(config(PLACEHOLDER), "test", sandbox=True)
    assert [problem.path for problem in settings.placeholders] == ["cluster.secretsKeyId"]


def test_a_placeholder_is_refused_by_a_real_up():
    with pytest.raises(InvalidInput, match=r"cluster\.secretsKeyId: .*REPLACE-ME.*; is a placeholder"):
        load(config(PLACEHOLDER), "test")


def test_an_encrypted_value_is_no_plain_text_and_does_not_show():
    path = "serving.huggingFaceToken"
    settings = load(config((path, "hf_" + "a" * 20)), "test", encrypted={path})
    assert settings.serving.hugging_face_token is not None
    assert "hf_" not in repr(settings)


def test_a_section_with_a_secret_in_it_is_believed_by_the_program():
    config_with_token = config(("serving.huggingFaceToken", "hf_" + "a" * 20))
    assert examine(config_with_token, "test", encrypted={"serving"}).problems == []


def test_a_misspelt_secret_does_not_show_in_the_message():
    problems = examine(config(("serving.hugingFaceToken", "hf_" + "a" * 20)), "test").problems
    assert problems
    assert not any("hf_" in str(problem) for problem in problems)


def test_the_key_in_use_is_the_home_region_only_where_it_is_set():
    assert load(CONFIG, "test").tenancy.identity_region == "us-ashburn-1"
    assert (
        load(config(("tenancy.homeRegion", "us-phoenix-1")), "test").tenancy.identity_region == "us-phoenix-1"
    )
    assert KEY in repr(load(CONFIG, "test").cluster.secrets_key_id)
