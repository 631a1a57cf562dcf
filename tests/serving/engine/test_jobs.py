"""The jobs that test and measure engines, as objects."""

import subprocess
from pathlib import Path

import pytest

from facts.problem import InvalidInput
from sandbox.kubernetes.api.pod_security import violation
from serving.engine.job_rules import Load, benchmark_problems
from serving.engine.load_benchmark import FETCH, KEEP, LoadBenchmark, LoadBenchmarkArgs
from serving.engine.smoke_test import SmokeTest, SmokeTestArgs
from serving.jobs import script
from serving.weights.weights_mount import MountedWeightsArgs, weights_folder
from tests.support.cluster_schema import check_objects
from tests.support.monitor import kubernetes_options, run
from tools.system_tools import BIN

IMAGE = "a/python@sha256:" + "a" * 64
URL = "http://chat.serving.svc.cluster.local:8000"


def smoke(preview=False, **changes):
    given = {
        "namespace": "serving",
        "url": URL,
        "model_name": "chat",
        "image": IMAGE,
        "tested": {"image": "x"},
    }

    def program():
        SmokeTest("smoke", SmokeTestArgs(**{**given, **changes}), kubernetes_options())

    return run(program, preview=preview)


def benchmark(preview=False, **changes):
    given = {
        "namespace": "serving",
        "url": URL,
        "model_name": "chat",
        "repository": "Qwen/Qwen3-32B",
        "image": IMAGE,
        "rclone_image": IMAGE,
        "bucket": "prod-results",
        "bucket_namespace": "example",
        "compartment_id": "ocid1.compartment.oc1..x",
        "region": "us-ashburn-1",
    }

    def program():
        LoadBenchmark("bench", LoadBenchmarkArgs(**{**given, **changes}), kubernetes_options())

    return run(program, preview=preview)


def pod(recording):
    spec = recording.named("bench-cron-job").inputs["spec"]
    return spec["jobTemplate"]["spec"]["template"]["spec"]


def test_objects_pass_the_clusters_schema_and_a_first_preview_shows_them():
    for build in (smoke, benchmark):
        recording = build()
        check_objects(recording.resources, "1.34")
        assert {each.name for each in build(preview=True).resources} == {
            each.name for each in recording.resources
        }


def test_the_job_carries_the_tested_script():
    assert smoke().named("smoke-script").inputs["data"] == {"smoke_test.py": script("smoke_test.py")}
    assert benchmark().named("bench-script").inputs["data"] == {
        "load_benchmark.py": script("load_benchmark.py")
    }


def test_the_smoke_test_passes_the_strictest_pod_security_level():
    spec = smoke().named("smoke-job").inputs["spec"]["template"]["spec"]
    assert violation({"pod-security.kubernetes.io/enforce": "restricted"}, spec) is None
    assert spec["automountServiceAccountToken"] is False


def test_the_benchmark_passes_the_level_of_the_engines():
    assert violation({"pod-security.kubernetes.io/enforce": "baseline"}, pod(benchmark())) is None


def test_no_container_of_the_benchmark_has_privileges_and_only_the_engines_image_runs_as_root():
    spec = pod(benchmark())
    held = {each["name"]: each["securityContext"] for each in [*spec["initContainers"], *spec["containers"]]}
    for each in held.values():
        assert each["capabilities"] == {"drop": ["ALL"]}
        assert each["allowPrivilegeEscalation"] is False
        assert each["seccompProfile"] == {"type": "RuntimeDefault"}
    users = {name: each.get("runAsUser") for name, each in held.items()}
    assert users == {"fetch": 65534, "measure": None, "keep": 65534}


@pytest.mark.parametrize(
    "changes",
    [
        {"tested": {"image": "y"}},
        {"image": IMAGE.replace("a" * 64, "b" * 64)},
        {"tools": False},
        {"timeout_seconds": 60},
    ],
)
def test_another_engine_or_another_test_has_another_job(changes):
    def name(**further):
        return smoke(**further).named("smoke-job").inputs["metadata"]["name"]

    assert name() == name()
    assert name(**changes) != name()
    assert name().startswith("chat-smoke-")


def test_pulumi_waits_longer_than_the_test_may_take():
    job = smoke().named("smoke-job")
    deadline = job.inputs["spec"]["activeDeadlineSeconds"]
    assert job.custom_timeouts.create == f"{deadline + 300}s"


def test_a_model_without_tools_gets_no_tool_call():
    def arguments(**changes):
        spec = smoke(**changes).named("smoke-job").inputs["spec"]["template"]["spec"]
        return spec["containers"][0]["args"]

    assert arguments(tools=False)[-2:] == ["--leave-out", "tool-call"]
    assert "--leave-out" not in arguments()


def test_the_key_of_a_protected_engine_comes_from_its_secret():
    spec = smoke(api_key_secret="keys").named("smoke-job").inputs["spec"]["template"]["spec"]
    (variable,) = spec["containers"][0]["env"]
    assert variable["valueFrom"]["secretKeyRef"] == {"name": "keys", "key": "api-key"}


def test_a_benchmark_without_a_schedule_is_suspended():
    spec = benchmark().named("bench-cron-job").inputs["spec"]
    assert spec["suspend"] is True
    spec = benchmark(schedule="0 3 * * 0").named("bench-cron-job").inputs["spec"]
    assert (spec["suspend"], spec["schedule"], spec["concurrencyPolicy"]) == (False, "0 3 * * 0", "Forbid")


def test_results_are_stored_in_the_bucket_without_a_key():
    found = pod(benchmark())
    (keeper,) = found["containers"]
    variables = {each["name"]: each["value"] for each in keeper["env"]}
    assert variables["RCLONE_CONFIG_RESULTS_PROVIDER"] == "workload_identity_auth"
    assert variables["FROM"] == "results:prod-results/benchmarks/chat"
    assert found["serviceAccountName"] == "chat-benchmark"


def test_the_benchmark_requests_no_gpu_and_runs_on_nodes_with_the_image():
    found = pod(benchmark(node_selector={"pool": "mi300x"}))
    assert found["nodeSelector"] == {"pool": "mi300x"}
    assert found["tolerations"][0]["key"] == "amd.com/gpu"
    assert found["initContainers"]
    assert all("amd.com/gpu" not in each["resources"]["requests"] for each in found["initContainers"])


@pytest.mark.parametrize(("worse", "code"), [(False, 0), (True, 1)])
def test_results_are_stored_before_a_worse_run_fails(tmp_path: Path, worse, code):
    results, bucket = tmp_path / "results", tmp_path / "bucket"
    results.mkdir()
    (results / "last.json").write_text("{}")
    if worse:
        (results / "regression.txt").write_text("slower\n")
    done = shell(KEEP, results, bucket)
    assert done.returncode == code, done.stderr
    assert (bucket / "last.json").exists()
    assert not (bucket / "regression.txt").exists()
    assert ("slower" in done.stdout) == worse


def test_a_first_run_finds_no_last_result_and_continues(tmp_path: Path):
    results = tmp_path / "results"
    results.mkdir()
    assert shell(FETCH, results, tmp_path / "bucket").returncode == 0
    (tmp_path / "bucket").mkdir()
    (tmp_path / "bucket" / "last.json").write_text("{}")
    (tmp_path / "bucket" / "2026.json").write_text("{}")
    assert shell(FETCH, results, tmp_path / "bucket").returncode == 0
    assert [path.name for path in results.iterdir()] == ["last.json"]


def shell(command: str, results: Path, bucket: Path) -> subprocess.CompletedProcess[str]:
    """A container's command with a folder for its bucket."""
    text = command.replace("/results", str(results))
    return subprocess.run(
        ["sh", "-euc", text],
        env={"FROM": str(bucket), "PATH": f"{BIN}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"requests": 8}, "requests", "must be 64 or more, the concurrency"),
        ({"concurrency": 0}, "concurrency", "1 or more"),
        ({"input_tokens": 0}, "inputTokens", "1 or more"),
        ({"output_tokens": -1}, "outputTokens", "1 or more"),
        ({"tolerance_percent": 0}, "tolerancePercent", "from 1 to 90"),
        ({"schedule": "weekly"}, "schedule", "five fields"),
        ({"schedule": "0 25 * * *"}, "schedule", "the hour 25"),
        ({"schedule": "0 3 31 2 *"}, "schedule", "it would never run"),
        ({"prefix": "/x"}, "prefix", "must be names"),
    ],
)
def test_a_wrong_benchmark_is_refused_at_its_own_path(changes, key, words):
    (problem,) = benchmark_problems(Load(**changes), path="p")
    assert problem.path == f"p.{key}"
    assert words in str(problem)


def test_a_benchmark_fits_the_context_of_the_model():
    (problem,) = benchmark_problems(Load(), context_tokens=1024, path="p")
    assert str(problem).startswith("p.inputTokens: 1024; must leave room for an answer of 256 tokens")


@pytest.mark.parametrize(
    ("build", "changes", "words"),
    [
        (smoke, {"image": "python:3.13"}, "not pinned"),
        (smoke, {"timeout_seconds": 5}, "10 to 3,600"),
        (benchmark, {"image": "vllm:latest"}, "not pinned"),
        (benchmark, {"rclone_image": "rclone"}, "not pinned"),
        (benchmark, {"requests": 1}, "the concurrency"),
    ],
)
def test_a_wrong_job_is_refused(build, changes, words):
    with pytest.raises(InvalidInput, match=words):
        build(**changes)


def test_the_benchmark_of_staged_weights_reads_their_tokenizer_and_not_the_hub():
    mounted = MountedWeightsArgs(claim="weights", scripts="weights-lease", staged_gb=130)
    folder = weights_folder("qwen3-32b", "0" * 40)
    spec = pod(benchmark(weights=mounted, weights_folder=folder, hugging_face_secret="hub"))
    measure = next(each for each in spec["initContainers"] if each["name"] == "measure")
    assert measure["args"][measure["args"].index("--tokenizer") + 1] == folder
    variables = {each["name"]: each.get("value") for each in measure["env"]}
    assert variables["HF_HUB_OFFLINE"] == "1"
    assert "HF_TOKEN" not in variables
    assert {each["name"] for each in measure["volumeMounts"]} >= {"weights", "lease"}
    assert spec["initContainers"][0]["name"] == "weights", "it waits until they are on the node"
    assert "--tokenizer" not in pod(benchmark())["initContainers"][1]["args"]
