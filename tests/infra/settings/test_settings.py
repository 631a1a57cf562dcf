"""Every mistake in the settings is reported with its path, what is allowed, and how to fix it."""

import pytest

from facts.problem import InvalidInput
from infra.settings import examine, load
from tests.infra.settings.examples import CONFIG, DELETE, IMAGE, KEY, Change, assert_named, config

CASES: list[tuple[str, list[Change], str, str]] = [
    (
        "an unknown key names the nearest one",
        [("gpu.pools.0.node", 1)],
        "gpu.pools[0].node",
        "is not a known key. Did you mean `nodes`?",
    ),
    (
        "an unknown key without a similar one lists the known keys",
        [("governance.zzz", 1)],
        "governance.zzz",
        "is not a known key. There are: cloudGuard, securityZone",
    ),
    (
        "an unknown section names the nearest one",
        [("netwrok", {})],
        "netwrok",
        "is not a known section. Did you mean `network`?",
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
        "an unknown choice",
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
        "two buckets with the same name",
        [("storage.buckets.1", {"name": "model-artifacts"})],
        "storage.buckets[1].name",
        "must be unique",
    ),
    (
        "versions and retention in one bucket",
        [("storage.buckets.0.retentionDays", 30)],
        "storage.buckets[0].retentionDays",
        "must not be combined with versioning",
    ),
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
        "[plain text]; must not contain a secret",
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
        "severities without a topic",
        [("observability.topics.0.severities", ["CRITICAL"])],
        "observability.topics",
        "must cover ERROR, WARNING too",
    ),
    (
        "a threshold of an unknown alarm",
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
        "an unknown region",
        [("tenancy.region", "us-ashbrun-1")],
        "tenancy.region",
        "'us-ashbrun-1'; must be the name of an OCI region. Did you mean `us-ashburn-1`?",
    ),
    (
        "an OCID of the wrong kind",
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
    ("an invalid OCID", [("tenancy.tenancyId", "mine")], "tenancy.tenancyId", "must be an OCID"),
    (
        "a tag in place of a digest",
        [("serving.imageDigest", "v0.33.0")],
        "serving.imageDigest",
        "sha256: and 64 hexadecimal digits",
    ),
]


def test_the_example_has_no_problems():
    assert examine(CONFIG, "test").problems == []


@pytest.mark.parametrize(
    ("changes", "path", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_mistake_is_named(changes: list[Change], path: str, message: str):
    assert_named(changes, path, message)


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


def test_the_order_of_placeholders_does_not_depend_on_the_engine():
    given = config(PLACEHOLDER, ("tenancy.compartmentId", "ocid1.compartment.oc1..REPLACE-ME"))
    for order in (given, dict(reversed(given.items()))):
        paths = [problem.path for problem in load(order, "test", sandbox=True).placeholders]
        assert paths == ["tenancy.compartmentId", "cluster.secretsKeyId"]


def test_a_placeholder_is_refused_by_a_real_up():
    with pytest.raises(InvalidInput, match=r"cluster\.secretsKeyId: .*REPLACE-ME.*; is a placeholder"):
        load(config(PLACEHOLDER), "test")


def test_an_encrypted_value_is_accepted_and_not_shown():
    path = "serving.huggingFaceToken"
    settings = load(config((path, "hf_" + "a" * 20)), "test", encrypted={path})
    assert settings.serving.hugging_face_token is not None
    assert "hf_" not in repr(settings)


def test_the_program_accepts_a_section_with_a_secret():
    config_with_token = config(("serving.huggingFaceToken", "hf_" + "a" * 20))
    assert examine(config_with_token, "test", encrypted={"serving"}).problems == []


def test_a_misspelt_secret_is_not_shown_in_the_message():
    problems = examine(config(("serving.hugingFaceToken", "hf_" + "a" * 20)), "test").problems
    assert problems
    assert not any("hf_" in str(problem) for problem in problems)


def test_identity_uses_the_home_region_only_if_it_is_set():
    assert load(CONFIG, "test").tenancy.identity_region == "us-ashburn-1"
    assert (
        load(config(("tenancy.homeRegion", "us-phoenix-1")), "test").tenancy.identity_region == "us-phoenix-1"
    )
    assert KEY in repr(load(CONFIG, "test").cluster.secrets_key_id)
