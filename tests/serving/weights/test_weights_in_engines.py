"""Engines with staged weights: with a lease, read-only, and with time to wait for the weights."""

import subprocess

import pytest

from serving.engine.adapters import LoraAdapter
from serving.engine.model_server import ModelServer
from serving.teams.network_isolation import NetworkIsolation, NetworkIsolationArgs
from serving.weights.node.manifest import ModelId
from serving.weights.scripts import NODE
from serving.weights.weights_mount import MountedWeightsArgs, WeightsLease, WeightsLeaseArgs
from tests.serving.weights.test_weights import COMMIT, DIGEST, made, pod
from tests.support.cluster_schema import check_objects
from tests.support.model_servers import arguments

# ---- engines


def engine(**changes):
    weights = MountedWeightsArgs(claim="weights", scripts="weights-lease", staged_gb=130)
    given = {
        "image": f"vllm@{DIGEST}",
        "revision": COMMIT,
        "weights": weights,
        **changes,
    }
    return made(lambda opts: ModelServer("chat", arguments(**given), opts))


def test_an_engine_serves_the_staged_folder_with_a_lease_and_downloads_nothing():
    (container,) = pod(engine(), "chat-engine")["containers"]
    folder = f"/weights/models/{ModelId('qwen3-32b', COMMIT).folder}"
    assert container["command"][:3] == ["python3", "/opt/weights/lease.py", folder]
    assert container["command"][-3:] == ["--", "vllm", "serve"]
    assert container["args"][0] == folder
    assert not [word for word in container["args"] if word.startswith("--revision")]
    assert "ephemeral-storage" in container["resources"]["requests"]


def test_the_lease_command_of_the_pod_runs_its_command_with_the_lease(tmp_path):
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
    mounts = [each for one in (*spec["containers"], *spec["initContainers"]) for each in one["volumeMounts"]]
    shared = [each for each in mounts if each["name"] in {"weights", "lease"}]
    assert {each["name"] for each in shared} == {"weights", "lease"}
    assert all(each["readOnly"] for each in shared)


def test_the_wait_for_weights_counts_for_the_rollout_and_not_for_the_startup_probe():
    staged, fetched = engine(), engine(weights=None)
    (wait,) = pod(staged, "chat-engine")["initContainers"]
    seconds = int(wait["command"][wait["command"].index("--wait") + 1])
    assert seconds >= 130 / 0.25
    spec = staged.named("chat-engine").inputs["spec"]
    probe = spec["template"]["spec"]["containers"][0]["startupProbe"]
    budget = probe["failureThreshold"] * probe["periodSeconds"]
    assert spec["progressDeadlineSeconds"] >= seconds + budget
    other = pod(fetched, "chat-engine")["containers"][0]["startupProbe"]
    assert budget < other["failureThreshold"] * other["periodSeconds"], "it downloads nothing"
    assert "initContainers" not in pod(fetched, "chat-engine")


@pytest.mark.parametrize("version", ["1.34", "1.35", "1.36"])
def test_engines_with_staged_weights_pass_the_clusters_schema(version):
    for recording in (engine(), lease()):
        check_objects(recording.resources, version)


def lease():
    return made(lambda opts: WeightsLease("lease", WeightsLeaseArgs(namespace="serving"), opts))


def test_the_lease_in_the_config_map_is_the_one_that_is_tested():
    assert lease().named("lease-scripts").inputs["data"] == {"lease.py": (NODE / "lease.py").read_text()}


# ---- no egress


def let_out(policies, labels):
    """Networks outside the cluster that pods with these labels may reach. Kubernetes combines all policies."""
    found = []
    for spec in policies:
        selector = spec["podSelector"]
        chosen = all(
            labels.get(key) == value for key, value in selector.get("matchLabels", {}).items()
        ) and all(
            labels.get(each["key"]) not in each["values"] for each in selector.get("matchExpressions", ())
        )
        if chosen and "Egress" in spec["policyTypes"]:
            peers = [peer for rule in spec.get("egress", ()) for peer in rule.get("to", ())]
            found += [peer["ipBlock"]["cidr"] for peer in peers if "ipBlock" in peer]
    return found


def policies(recording):
    return [
        each.inputs["spec"]
        for each in recording.resources
        if each.type == "kubernetes:networking.k8s.io/v1:NetworkPolicy"
    ]


def labels_of(recording):
    return recording.named("chat-engine").inputs["spec"]["template"]["metadata"]["labels"]


def walls():
    return policies(
        made(lambda opts: NetworkIsolation("wall", NetworkIsolationArgs(namespace="serving"), opts))
    )


def test_an_engine_with_staged_weights_reaches_no_network_outside_the_cluster():
    staged = engine()
    (own,) = policies(staged)
    labels = labels_of(staged)
    assert own["podSelector"]["matchLabels"].items() <= labels.items(), "it selects this engine's pods"
    assert own["policyTypes"] == ["Egress"], "others still reach it"
    assert let_out([own], labels) == []
    assert let_out([*walls(), own], labels) == [], (
        "the policies of an isolated namespace do not allow it either"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"weights": None},
        {"adapters": [LoraAdapter(name="a", base="qwen3-32b", repository="a/b", revision=COMMIT)]},
        {"engine_options": {"tokenizer": "a/b"}},
        {"engine_options": {"hf_config_path": "a/b"}},
    ],
    ids=["weights of the hub", "adapters of the hub", "tokenizer of the hub", "configuration of the hub"],
)
def test_an_engine_that_downloads_has_egress(changes):
    found = engine(**changes)
    assert policies(found) == []
    assert let_out(walls(), labels_of(found)) == ["0.0.0.0/0"]


@pytest.mark.parametrize("written", ["otlp-traces-endpoint", "--otlp_traces_endpoint"])
def test_traces_may_leave_the_namespace_but_not_the_cluster(written):
    (own,) = policies(engine(engine_options={written: "http://collector.monitoring:4317"}))
    assert {"namespaceSelector": {}} in [peer for rule in own["egress"] for peer in rule["to"]]
    assert let_out([own], labels_of(engine())) == []


def test_libraries_are_set_to_offline_mode():
    def variables(recording):
        return {
            each["name"]: each.get("value") for each in pod(recording, "chat-engine")["containers"][0]["env"]
        }

    assert {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}.items() <= variables(engine()).items()
    assert "HF_HUB_OFFLINE" not in variables(engine(weights=None))
