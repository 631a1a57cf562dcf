"""What the program registers for charts, teams, network policies and jobs."""

import json
from typing import Any

import pytest

from infra.offline.run import run_offline
from infra.project.stackfile import StackFile
from tests.infra.settings.examples import Change, config
from tests.infra.settings.platform.test_platform_settings import BENCHMARK, DIGEST, SMOKE, TEAM
from tests.infra.settings.refusals_of_all_reduce import measured
from tests.infra.snapshots import plain


def registered(*changes: Change, encrypted: tuple[str, ...] = ()) -> dict[str, Any]:
    """The resources that the program registers, by name."""
    run = run_offline(
        StackFile(sections=config(*changes), encrypted=frozenset(encrypted), name="test"), "test"
    )
    return {each.name: each for each in run.resources}


def test_nothing_runs_besides_the_models_by_default():
    kinds = {each.type for each in registered().values()}
    assert not kinds & {"kubernetes:helm.sh/v3:Release", "genai:index:TeamNamespace", "genai:index:SmokeTest"}


def test_a_stack_without_models_can_still_have_charts_and_teams():
    found = registered(("serving.models", []), ("serving.platform.keda", {}), ("serving.teams", [TEAM]))
    assert {"test-chart-keda-release", "test-team-research-quota"} <= set(found)


def test_a_users_values_override_the_toolkits():
    found = registered(("serving.platform.keda", {"values": {"operator": {"replicaCount": 1}}}))
    values = found["test-chart-keda-release"].inputs["values"]
    assert (values["operator"]["replicaCount"], values["webhooks"]["replicaCount"]) == (1, 2)


def test_charts_are_scraped_if_there_is_a_prometheus():
    def monitored(*changes: Change) -> bool:
        release = registered(("serving.platform.metricsExporter", {}), *changes)[
            "test-chart-gpu-metrics-release"
        ]
        return release.inputs["values"]["serviceMonitor"]["enabled"]

    assert not monitored()
    assert monitored(("serving.platform.prometheus", {}))


def test_the_prefix_of_gpu_metrics_comes_from_the_settings():
    found = registered(("serving.platform.metricsExporter", {"metricPrefix": ""}))
    text = found["test-chart-gpu-metrics-config"].inputs["data"]["config.json"]
    assert json.loads(text)["CommonConfig"]["MetricsFieldPrefix"] == ""


def test_the_cluster_may_read_only_the_environments_own_vault():
    found = registered(("serving.platform.externalSecrets", {}), ("vault", {"kind": "shared"}))
    store = found["test-vault-store-store"].inputs["spec"]["provider"]["oracle"]
    assert store["vault"].startswith("ocid1.vault.")
    statements = found["test-external-secrets-access-policy"].inputs["statements"]
    assert all("request.principal.service_account = 'external-secrets'" in each for each in statements)
    granted = {each.split(" to ")[1].split(" in ")[0] for each in statements}
    assert granted == {"read vaults"}


def test_the_cluster_reads_only_the_named_secrets_in_the_named_namespaces():
    chart = {"secrets": ["test-partner"], "namespaces": ["tools"]}
    found = registered(
        ("serving.platform.externalSecrets", chart),
        ("serving.huggingFaceTokenInVault", "hub-token"),
        ("vault", {"kind": "shared"}),
    )
    statements = found["test-external-secrets-access-policy"].inputs["statements"]
    (reading,) = (each for each in statements if "secret-bundles" in each)
    assert "any {target.secret.name = 'hub-token', target.secret.name = 'test-partner'}" in reading
    assert found["test-vault-store-store"].inputs["spec"]["conditions"] == [
        {"namespaces": ["serving", "tools"]}
    ]


def test_a_rotation_of_the_volumes_key_creates_a_new_key_and_no_version():
    found = registered(
        ("serving.platform.prometheus", {}),
        ("vault", {"kind": "shared", "rotations": {"volumes": ["2026-11"], "secrets": ["2026-11"]}}),
    )
    first, second = (f"test-{name}-encryption-key" for name in ("volumes", "volumes-2026-11"))
    assert {first, second} <= set(found)
    versions = [name for name in found if "-version-" in name]
    assert versions == ["test-secrets-encryption-version-2026-11"]
    claims = found["test-claims-class"].inputs["parameters"]["kms-key-id"]
    assert second in claims
    statements = found["test-keys-access-policy"].inputs["statements"]
    for key in (first, second):
        assert any("service blockstorage" in each and f"{key}'" in each for each in statements), key


@pytest.mark.parametrize("old_volumes", [False, True])
def test_no_key_that_encrypts_volumes_rotates_on_a_schedule(old_volumes: bool):
    vault = {"kind": "private", "rotationDays": 90, "storageEncryptsVolumes": old_volumes}
    found = registered(("vault", vault))
    rotating = {
        name: found[f"test-{name}-encryption-key"].inputs["isAutoRotationEnabled"]
        for name in ("storage", "volumes", "databases", "secrets")
    }
    assert rotating == {"storage": not old_volumes, "volumes": False, "databases": True, "secrets": True}


def test_a_removed_schedule_is_stopped():
    found = registered(("vault", {"kind": "private"}))
    assert found["test-storage-encryption-key"].inputs["isAutoRotationEnabled"] is False


def test_a_benchmark_may_write_only_to_its_bucket():
    found = registered(("serving.jobs.benchmark", BENCHMARK))
    statements = found["test-benchmarks-access-policy"].inputs["statements"]
    assert all("target.bucket.name = 'test-model-artifacts'" in each for each in statements)
    account = found["test-qwen3-32b-benchmark-account"].inputs["metadata"]["name"]
    assert all(f"request.principal.service_account = '{account}'" in each for each in statements)


def test_models_are_isolated_if_the_settings_say_so():
    assert "test-models-isolation-default-deny" in registered(("serving.isolated", True))
    assert "test-models-isolation-default-deny" not in registered()


def test_the_weights_are_isolated_with_the_models_and_accept_no_connections():
    staged: Change = ("serving.weights", {"pythonImageDigest": DIGEST, "rcloneImageDigest": DIGEST})
    found = registered(staged, ("serving.isolated", True))
    walls = {name: each for name, each in found.items() if name.startswith("test-weights-isolation-")}
    assert {each.inputs["metadata"]["namespace"] for each in walls.values()} == {"weights"}
    assert "test-weights-isolation-allow-api" in walls, "the workload identity service is there"
    assert "test-weights-isolation-allow-https-out" in walls, "the bucket and the hub are there"
    assert "test-weights-isolation-allow-gateway-and-metrics" not in walls
    assert not [name for name in registered(staged) if "weights-isolation" in name]


def test_the_all_reduce_is_isolated_with_the_models_and_accepts_no_connections_from_outside():
    found = registered(*measured(), ("serving.isolated", True))
    walls = {name: each for name, each in found.items() if name.startswith("test-all-reduce-isolation-")}
    assert {each.inputs["metadata"]["namespace"] for each in walls.values()} == {"all-reduce"}
    assert "test-all-reduce-isolation-allow-same-namespace" in walls, "the pods reach each other"
    assert "test-all-reduce-isolation-allow-api" in walls, "the workload identity service is there"
    assert "test-all-reduce-isolation-allow-https-out" in walls, "the bucket is there"
    assert "test-all-reduce-isolation-allow-gateway-and-metrics" not in walls
    assert not [name for name in registered(*measured()) if "all-reduce-isolation" in name]


def test_the_hub_token_is_read_from_the_vault_after_the_store_exists():
    found = registered(
        ("serving.platform.externalSecrets", {}),
        ("serving.huggingFaceTokenInVault", "hub-token"),
        ("serving.models.0.model", "llama-3.1-8b"),
        ("serving.weights", {"pythonImageDigest": DIGEST, "rcloneImageDigest": DIGEST}),
    )
    for name, namespace in (("test-hub-token", "serving"), ("test-weights-hub-token", "weights")):
        made = found[f"{name}-external-secret"].inputs
        assert made["metadata"] == {"name": "hub-token", "namespace": namespace}
        assert made["spec"]["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "vault"}
        assert made["spec"]["data"] == [{"secretKey": "token", "remoteRef": {"key": "hub-token"}}]
    job = next(each for each in found.values() if each.type == "kubernetes:batch/v1:Job")
    (variable,) = [
        each
        for each in job.inputs["spec"]["template"]["spec"]["containers"][0]["env"]
        if each["name"] == "HF_TOKEN"
    ]
    assert variable["valueFrom"]["secretKeyRef"] == {"name": "hub-token", "key": "token"}


@pytest.mark.parametrize(("who", "times"), [("nobody", 1), ("calico", 0)])
def test_a_run_warns_of_policies_without_effect(who: str, times: int, monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", told.append)
    registered(("serving.teams", [TEAM]), ("serving.policyEngine", who))
    assert len([each for each in told if "have no effect" in each]) == times


def test_a_model_without_a_tool_parser_is_not_asked_to_call_a_tool():
    def arguments(*changes: Change) -> list[str]:
        job = registered(("serving.jobs.smokeTest", SMOKE), *changes)["test-qwen3-32b-smoke-test-job"]
        return job.inputs["spec"]["template"]["spec"]["containers"][0]["args"]

    assert "--leave-out" not in arguments()
    assert arguments(("serving.models.0.toolParser", "none"))[-2:] == ["--leave-out", "tool-call"]


def test_the_secret_of_sessions_is_secret_in_the_charts_values():
    seed = {"sessionSecret": "sesame"}
    found = registered(
        ("serving.platform.gateway", {}), ("serving.platform.aiGateway", seed), encrypted=("serving",)
    )
    inputs = plain(dict(found["test-chart-envoy-ai-gateway-system-release"].inputs))
    assert "sesame" not in str(inputs)
    assert "[secret]" in str(inputs)
