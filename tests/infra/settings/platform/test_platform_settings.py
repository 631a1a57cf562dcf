"""Every mistake in charts, teams, priorities and jobs is reported with its path, before anything is created."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import DELETE, Change, assert_named, config, external

DIGEST = "sha256:" + "a" * 64
GROUP = "ocid1.group.oc1..aaaaaaaaexample"
TEAM = {"name": "research", "gpus": 4}
SMOKE = {"imageDigest": DIGEST}
BENCHMARK = {"bucket": "model-artifacts", "rcloneImageDigest": DIGEST}

CASES: list[tuple[str, list[Change], str, str]] = [
    (
        "an unknown chart names the nearest one",
        [("serving.platform.kedda", {})],
        "serving.platform.kedda",
        "Did you mean `keda`?",
    ),
    (
        "a range instead of a version",
        [("serving.platform.keda", {"version": ">=2.0"})],
        "serving.platform.keda.version",
        "must be one exact version",
    ),
    (
        "a repository without a scheme",
        [("serving.platform.keda", {"repository": "mirror.example"})],
        "serving.platform.keda.repository",
        "must be a valid address, and must begin with https:// or oci://",
    ),
    (
        "a value that follows from a setting",
        [("serving.platform.prometheus", {"values": {"crds": {"enabled": True}}})],
        "serving.platform.prometheus.values.crds.enabled",
        "must be left out",
    ),
    (
        "AI Gateway without Envoy Gateway",
        [("serving.platform.aiGateway", {})],
        "serving.platform.aiGateway",
        "needs gateway, which is off",
    ),
    (
        "no replica of a controller",
        [("serving.platform.keda", {"replicas": 0})],
        "serving.platform.keda.replicas",
        "must be from 1 to 5",
    ),
    (
        "a volume smaller than OCI allows",
        [("serving.platform.prometheus", {"storageGib": 20})],
        "serving.platform.prometheus.storageGib",
        "must be from 50 to 32,768 GiB",
    ),
    (
        "no retention",
        [("serving.platform.prometheus", {"retentionDays": 0})],
        "serving.platform.prometheus.retentionDays",
        "must be from 1 to 36,500 days",
    ),
    (
        "a tag for a digest",
        [("serving.platform.metricsExporter", {"imageDigest": "v1.5.2"})],
        "serving.platform.metricsExporter.imageDigest",
        "64 hexadecimal digits",
    ),
    (
        "an invalid metric prefix",
        [("serving.platform.metricsExporter", {"metricPrefix": "amd-"})],
        "serving.platform.metricsExporter.metricPrefix",
        "must be letters, digits and _",
    ),
    (
        "an image that can change",
        [("serving.platform.metricsExporter", {"driverImage": "busybox:1.36"})],
        "serving.platform.metricsExporter.driverImage",
        "is not pinned",
    ),
    (
        "a seed in plain text",
        [("serving.platform.gateway", {}), ("serving.platform.aiGateway", {"sessionSecret": "sesame"})],
        "serving.platform.aiGateway.sessionSecret",
        "must be encrypted",
    ),
    (
        "a password in a chart's values",
        [("serving.platform.prometheus", {"values": {"grafana": {"adminPassword": "sesame"}}})],
        "serving.platform.prometheus.values.grafana.adminPassword",
        "must not contain a secret",
    ),
    (
        "cert-manager twice",
        [("serving.platform.certManager", {}), ("cluster.addons", {"CertManager": {}})],
        "serving.platform.certManager",
        "installs the same kinds as cluster.addons.CertManager",
    ),
    (
        "a store without a vault",
        [("serving.platform.externalSecrets", {}), ("vault", {"kind": "none"})],
        "serving.platform.externalSecrets",
        "has no vault to read",
    ),
    (
        "a vault of another region",
        [("serving.platform.externalSecrets", {"vaultId": "ocid1.vault.oc1.phx.v1.aaaaexample"})],
        "serving.platform.externalSecrets.vaultId",
        "must be in the environment's region us-ashburn-1",
    ),
    (
        "a token in a vault that nothing reads",
        [("serving.huggingFaceTokenInVault", "hub-token")],
        "serving.huggingFaceTokenInVault",
        "Add serving.platform.externalSecrets",
    ),
    (
        "a token that is not the name of a secret",
        [("serving.platform.externalSecrets", {}), ("serving.huggingFaceTokenInVault", "hub token")],
        "serving.huggingFaceTokenInVault",
        "must be the name of a secret in the vault",
    ),
    (
        "quotas that exceed the pools",
        [("serving.teams", [{"name": "research", "gpus": 9}])],
        "serving.teams[0].gpus",
        "must be at most the 8 GPUs of the pools",
    ),
    (
        "quotas that leave no GPUs for the models",
        [("serving.teams", [{"name": "a-team", "gpus": 4}, {"name": "b-team", "gpus": 4}])],
        "serving.teams",
        "the pools have 8 GPUs, of which models use 1",
    ),
    (
        "a negative number of GPUs",
        [("serving.teams", [{**TEAM, "gpus": -1}])],
        "serving.teams[0].gpus",
        "must be 0 or more",
    ),
    (
        "two teams with the same name",
        [("serving.teams", [{"name": "research", "gpus": 1}, {"name": "research", "gpus": 2}])],
        "serving.teams[1].name",
        "must not be the name of serving.teams[0] too",
    ),
    (
        "a team in the models' namespace",
        [("serving.teams", [{"name": "serving", "gpus": 1}])],
        "serving.teams[0].name",
        "must not be the models' namespace",
    ),
    (
        "a team in a chart's namespace",
        [("serving.teams", [{"name": "monitoring", "gpus": 1}])],
        "serving.teams[0].name",
        "must not be the namespace of prometheus",
    ),
    (
        "a team in a namespace of Kubernetes",
        [("serving.teams", [{"name": "kube-system", "gpus": 1}])],
        "serving.teams[0].name",
        "must not be a namespace of Kubernetes itself",
    ),
    (
        "a person by name",
        [("serving.teams", [{**TEAM, "developers": [GROUP, "alice"]}])],
        "serving.teams[0].developers[1]",
        "must be the OCID of a group or a user",
    ),
    (
        "an address instead of a network",
        [("serving.teams", [{**TEAM, "egressCidrs": ["10.0.0.1/16"]}])],
        "serving.teams[0].egressCidrs[0]",
        "without host bits",
    ),
    (
        "an unknown pod security level",
        [("serving.teams", [{**TEAM, "podSecurity": "strict"}])],
        "serving.teams[0].podSecurity",
        "Did you mean `restricted`?",
    ),
    (
        "network policies of a team without a policy engine",
        [("serving.teams", [TEAM]), ("serving.policyEngine", DELETE)],
        "serving.policyEngine",
        "VCN-native pods enforce no network policies",
    ),
    (
        "isolation without a policy engine",
        [("serving.isolated", True), ("serving.policyEngine", "nobody")],
        "serving.isolated",
        "would have no effect",
    ),
    (
        "an unknown policy engine",
        [("serving.policyEngine", "flannel")],
        "serving.policyEngine",
        "calico",
    ),
    (
        "a priority that is the system's",
        [("serving.priorities", {"high": {"value": 2000000000, "description": "x"}})],
        "serving.priorities.high.value",
        "to 1,000,000,000",
    ),
    (
        "a test with an unpinned image",
        [("serving.jobs.smokeTest", {"imageDigest": "3.13-slim"})],
        "serving.jobs.smokeTest.imageDigest",
        "invalid digest",
    ),
    (
        "a timeout of zero",
        [("serving.jobs.smokeTest", {**SMOKE, "timeoutSeconds": 1})],
        "serving.jobs.smokeTest.timeoutSeconds",
        "from 10 to 3,600 seconds",
    ),
    (
        "results for a missing bucket",
        [("serving.jobs.benchmark", {**BENCHMARK, "bucket": "model-artefacts"})],
        "serving.jobs.benchmark.bucket",
        "Did you mean `model-artifacts`?",
    ),
    (
        "results for a bucket with retention",
        [
            ("serving.jobs.benchmark", {**BENCHMARK, "bucket": "held"}),
            ("storage.buckets.1", {"name": "held", "retentionDays": 30}),
        ],
        "serving.jobs.benchmark.bucket",
        "each result must be able to replace the previous one",
    ),
    (
        "a schedule in words",
        [("serving.jobs.benchmark", {**BENCHMARK, "schedule": "weekly"})],
        "serving.jobs.benchmark.schedule",
        "must be five fields",
    ),
    (
        "prompts longer than the model's context",
        [("serving.jobs.benchmark", {**BENCHMARK, "inputTokens": 50000})],
        "serving.jobs.benchmark.inputTokens",
        "in the context of 40,960",
    ),
    (
        "fewer requests than go at once",
        [("serving.jobs.benchmark", {**BENCHMARK, "requests": 10})],
        "serving.jobs.benchmark.requests",
        "must be 64 or more",
    ),
]


@pytest.mark.parametrize(
    ("changes", "path", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_mistake_is_named_by_its_path(changes: list[Change], path: str, words: str):
    assert_named(changes, path, words)


@pytest.mark.parametrize(
    "changes",
    [
        [("serving.teams", [{"name": "research", "gpus": 7}])],
        [("serving.teams", [TEAM]), ("serving.policyEngine", "nobody")],
        [("serving.policyEngine", DELETE)],
        [("serving.platform.keda", {"version": "2.20.1", "repository": "oci://mirror.example/keda"})],
        [("serving.jobs", {"smokeTest": SMOKE, "benchmark": BENCHMARK})],
        [
            *external(1, 2),
            ("serving.teams", [{"name": "big", "gpus": 15}]),
        ],
    ],
)
def test_what_fits_passes(changes: list[Change]):
    assert examine(config(*changes), "test").problems == []


def test_a_token_has_one_source():
    both = config(("serving.huggingFaceToken", "x"), ("serving.huggingFaceTokenInVault", "hub-token"))
    found = examine(both, "test", encrypted={"serving.huggingFaceToken"}).problems
    assert "must not be set with huggingFaceToken" in "".join(str(each) for each in found)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (("serving.teams", [{"name": "kube-system", "gpus": 1}]), "serving.teams[0].name"),
        (("serving.namespace", "default"), "serving.namespace"),
    ],
    ids=["team", "models"],
)
def test_a_namespace_of_kubernetes_is_refused_once(change: Change, path: str):
    said = [str(each) for each in examine(config(change), "test").problems if each.path == path]
    assert len(said) == 1
    assert "must not be a namespace of Kubernetes itself" in said[0]
