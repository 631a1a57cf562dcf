"""Engines that serve staged weights: under a lease, read-only, and with time to wait for them."""

import subprocess

import kubernetes_validate
import pytest

from serving.kubernetes.model_server import ModelServer, ModelServerArgs
from serving.kubernetes.weights_mount import MountedWeightsArgs, WeightsLease, WeightsLeaseArgs
from serving.weights.node.manifest import ModelId
from serving.weights.scripts import NODE
from tests.serving.kubernetes.test_weights import COMMIT, DIGEST, made, pod

# ---- engines


def engine(**changes):
    weights = MountedWeightsArgs(claim="weights", scripts="weights-lease", staged_gb=130)
    given = {
        "namespace": "serving",
        "model": "qwen3-32b",
        "image": f"vllm@{DIGEST}",
        "shape": "BM.GPU.MI300X.8",
        "revision": COMMIT,
        "weights": weights,
        **changes,
    }
    return made(("chat", ModelServer), ModelServerArgs(**given), preview=False)


def test_an_engine_serves_the_staged_folder_under_a_lease_and_fetches_nothing():
    (container,) = pod(engine(), "chat-engine")["containers"]
    folder = f"/weights/models/{ModelId('qwen3-32b', COMMIT).folder}"
    assert container["command"][:3] == ["python3", "/opt/weights/lease.py", folder]
    assert container["command"][-3:] == ["--", "vllm", "serve"]
    assert container["args"][0] == folder
    assert not [word for word in container["args"] if word.startswith("--revision")]
    assert "ephemeral-storage" in container["resources"]["requests"]


def test_the_lease_command_of_the_pod_runs_its_command_under_the_lease(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / ".manifest.json").write_text("{}")
    container = pod(engine(), "chat-engine")["containers"][0]
    words = [*container["command"][:-2], "echo", *container["args"]]
    where = {"/opt/weights/lease.py": str(NODE / "lease.py"), container["command"][2]: str(folder)}
    words = [str(where.get(word, word)) for word in words]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{folder} --" in done.stdout, "the engine's own options reach the engine"


def test_an_engine_mounts_the_weights_read_only_and_through_a_claim():
    spec = pod(engine(run_as_user=2000, render_group=993), "chat-engine")
    (volume,) = [each for each in spec["volumes"] if each["name"] == "weights"]
    assert volume == {"name": "weights", "persistentVolumeClaim": {"claimName": "weights", "readOnly": True}}
    for container in [*spec["containers"], *spec["initContainers"]]:
        for mount in container["volumeMounts"]:
            assert mount["name"] not in {"weights", "lease"} or mount["readOnly"]


def test_the_wait_for_weights_is_no_time_of_the_startup_probe_but_of_the_rollout():
    staged, fetched = engine(), engine(weights=None)
    (wait,) = pod(staged, "chat-engine")["initContainers"]
    seconds = int(wait["command"][wait["command"].index("--wait") + 1])
    assert seconds >= 130 / 0.25
    spec = staged.named("chat-engine").inputs["spec"]
    probe = spec["template"]["spec"]["containers"][0]["startupProbe"]
    budget = probe["failureThreshold"] * probe["periodSeconds"]
    assert spec["progressDeadlineSeconds"] >= seconds + budget
    other = pod(fetched, "chat-engine")["containers"][0]["startupProbe"]
    assert budget < other["failureThreshold"] * other["periodSeconds"], "it fetches nothing"
    assert "initContainers" not in pod(fetched, "chat-engine")


@pytest.mark.parametrize("version", ["1.34", "1.35", "1.36"])
def test_engines_with_staged_weights_pass_the_clusters_schema(version):
    for recording in (engine(), lease()):
        for each in recording.resources:
            if each.type.startswith("kubernetes:"):
                kubernetes_validate.validate(each.inputs, version, strict=True)


def lease():
    return made(("lease", WeightsLease), WeightsLeaseArgs(namespace="serving"), preview=False)


def test_the_lease_in_the_config_map_is_the_one_that_is_tested():
    assert lease().named("lease-scripts").inputs["data"] == {"lease.py": (NODE / "lease.py").read_text()}
