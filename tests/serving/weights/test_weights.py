"""The objects that import and stage weights: with the strict monitor, and against the cluster's own schema."""

import json
import subprocess
import sys
from typing import Any

import kubernetes_validate
import pytest

from facts.problem import InvalidInput
from sandbox.kubernetes.api.pod_security import violation
from serving.weights.node import agent, importer
from serving.weights.scripts import node_scripts
from serving.weights.weights_home import WeightsHome, WeightsHomeArgs
from serving.weights.weights_import import WeightsImport, WeightsImportArgs
from serving.weights.weights_pod import WeightsBucketArgs, WeightsImagesArgs
from serving.weights.weights_rules import room_problems
from serving.weights.weights_staging import WantedModelArgs, WeightsStaging, WeightsStagingArgs
from tests.support.monitor import kubernetes_options, run

COMMIT = "0123456789abcdef0123456789abcdef01234567"
DIGEST = "sha256:" + "a" * 64
BUCKET = WeightsBucketArgs(name="prod-model-artifacts", namespace="tenant", region="us-ashburn-1")
IMAGES = WeightsImagesArgs(python=f"python@{DIGEST}", rclone=f"rclone/rclone@{DIGEST}")
COMMON: dict[str, Any] = {
    "namespace": "weights",
    "bucket": BUCKET,
    "images": IMAGES,
    "scripts": "scripts",
    "service_account": "me",
}
WANTED = (WantedModelArgs(model="qwen3-32b", revision=COMMIT),)


def made(make, preview=False):
    """The objects of a component with the given options."""

    def program():
        make(kubernetes_options())

    return run(program, preview=preview)


def home(preview=False):
    return made(lambda opts: WeightsHome("home", WeightsHomeArgs(namespace="weights"), opts), preview)


def imported(preview=False, **changes):
    given = {**COMMON, "model": "qwen3-32b", "revision": COMMIT, **changes}
    return made(lambda opts: WeightsImport("fetch", WeightsImportArgs(**given), opts), preview)


def staging(preview=False, **changes):
    given = {**COMMON, "models": WANTED, "disk_claim": "disk", "node_selector": {"pool": "a"}, **changes}
    return made(lambda opts: WeightsStaging("stage", WeightsStagingArgs(**given), opts), preview)


def pod(recording, name):
    return recording.named(name).inputs["spec"]["template"]["spec"]


@pytest.mark.parametrize("version", ["1.34", "1.35", "1.36"])
@pytest.mark.parametrize("made", [home, imported, staging])
def test_every_object_passes_the_clusters_schema(made, version):
    recording = made()
    found = [each for each in recording.resources if each.type.startswith("kubernetes:")]
    assert found
    for each in found:
        kubernetes_validate.validate(each.inputs, version, strict=True)


@pytest.mark.parametrize("made", [home, imported, staging])
def test_a_first_preview_shows_every_object(made):
    names = {each.name for each in made().resources}
    assert {each.name for each in made(preview=True).resources} == names


def test_the_programs_in_the_config_map_are_those_that_are_tested():
    found = home().named("home-scripts").inputs
    assert found["data"] == dict(node_scripts())
    assert {"agent.py", "importer.py", "lease.py", "__init__.py"} <= set(found["data"])
    assert found["immutable"]
    assert sum(len(text) for text in found["data"].values()) < 900_000, "the limit of a ConfigMap is 1 MiB"


def test_the_programs_run_as_the_package_that_the_pods_start(tmp_path):
    for name, text in node_scripts().items():
        (tmp_path / "weights").mkdir(exist_ok=True)
        (tmp_path / "weights" / name).write_text(text)
    for recording, name, container in ((imported(), "fetch-job", 0), (staging(), "stage-agents", 0)):
        command = pod(recording, name)["containers"][container]["command"]
        words = [sys.executable, *command[1:], "--help"]
        done = subprocess.run(
            words,
            cwd=tmp_path,
            env={"PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "usage" in done.stdout


@pytest.mark.parametrize(
    ("main", "made", "name"), [(agent, staging, "stage-agents"), (importer, imported, "fetch-job")]
)
def test_the_programs_accept_the_arguments_of_the_pods(main, made, name, monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr(agent.signal, "signal", lambda *_: None)  # The handler would outlive the test.
    target = "run" if main is agent else "import_model"
    monkeypatch.setattr(main, target, lambda *words, **named: seen.append((words, named)) or _result(main))
    container = pod(made(), name)["containers"][0]
    assert main.main(container["args"]) == 0
    assert len(seen) == 1


def _result(main):
    class Made:
        files = ()
        size = 0

    return 0 if main is agent else Made()


def test_the_agent_answers_the_probes(tmp_path):
    container = pod(staging(), "stage-agents")["containers"][0]
    for probe, sign in (("livenessProbe", "alive"), ("readinessProbe", "ready")):
        words = container[probe]["exec"]["command"]
        assert words[:3] == ["python3", "-m", "weights.agent"]
        assert words[-1] == sign
        asked = [str(tmp_path) if word == "/run/weights" else word for word in words[3:]]
        assert agent.main(asked) == 1
        (tmp_path / sign).touch()
        assert agent.main(asked) == 0


@pytest.mark.parametrize(("made", "name"), [(imported, "fetch-job"), (staging, "stage-agents")])
def test_the_pods_have_no_privileges_no_host_paths_and_no_stored_keys(made, name):
    spec = pod(made(), name)
    for container in [*spec["containers"], *spec["initContainers"]]:
        held = container["securityContext"]
        assert held["privileged"] is held["allowPrivilegeEscalation"] is False
        assert held["readOnlyRootFilesystem"] is True
        assert held["capabilities"] == {"drop": ["ALL"]}
        assert held["seccompProfile"] == {"type": "RuntimeDefault"}
        assert "@sha256:" in container["image"]
    assert not any("hostPath" in volume for volume in spec["volumes"])
    variables = {each["name"]: each.get("value") for each in spec["containers"][0]["env"]}
    assert variables["RCLONE_CONFIG_WEIGHTS_TYPE"] == "oracleobjectstorage"
    assert variables["RCLONE_CONFIG_WEIGHTS_PROVIDER"] == "workload_identity_auth"
    assert not [name for name in variables if "SECRET" in name or "ACCESS_KEY" in name]


def test_the_import_passes_the_strictest_pod_security_level_and_the_agent_that_of_engines():
    strict = {"pod-security.kubernetes.io/enforce": "restricted"}
    assert violation(strict, pod(imported(), "fetch-job")) is None
    agent = pod(staging(), "stage-agents")
    assert violation({"pod-security.kubernetes.io/enforce": "baseline"}, agent) is None
    assert "runAsNonRoot" in str(violation(strict, agent)), "root owns the folder on the node"


def test_each_node_has_one_agent_and_never_two_at_the_same_time():
    spec = staging().named("stage-agents").inputs["spec"]
    assert spec["updateStrategy"]["rollingUpdate"]["maxSurge"] == 0
    assert spec["template"]["spec"]["tolerations"] == [
        {"key": "amd.com/gpu", "operator": "Exists", "effect": "NoSchedule"}
    ]
    assert spec["template"]["spec"]["nodeSelector"] == {"pool": "a"}


def test_a_change_of_models_changes_the_list_but_not_the_pods():
    one = staging()
    two = staging(models=(*WANTED, WantedModelArgs(model="gpt-oss-120b", revision=COMMIT)))
    assert one.named("stage-agents").inputs == two.named("stage-agents").inputs
    listed = json.loads(two.named("stage-wanted").inputs["data"]["wanted.json"])
    assert [each["model"] for each in listed] == ["qwen3-32b", "gpt-oss-120b"]


def test_the_token_comes_from_the_secret_and_is_in_no_argument():
    container = pod(imported(hugging_face_secret="hub-token"), "fetch-job")["containers"][0]
    (token,) = [each for each in container["env"] if each["name"] == "HF_TOKEN"]
    assert token["valueFrom"]["secretKeyRef"] == {"name": "hub-token", "key": "token"}
    plain = pod(imported(), "fetch-job")["containers"][0]
    assert not [each for each in plain["env"] if each["name"] == "HF_TOKEN"]


def test_the_timeout_of_an_import_grows_with_the_model():
    small, large = imported(), imported(model="kimi-k2.5")
    deadlines = [each.named("fetch-job").inputs["spec"]["activeDeadlineSeconds"] for each in (small, large)]
    assert deadlines[0] == 1800
    assert deadlines[1] > 5000
    assert large.named("fetch-job").custom_timeouts.create == f"{deadlines[1] + 300}s"


def test_another_commit_has_another_job():
    jobs = [
        imported(revision=revision).named("fetch-job").inputs["metadata"]["name"]
        for revision in (COMMIT, COMMIT[::-1])
    ]
    assert jobs[0] != jobs[1]


@pytest.mark.parametrize(
    ("made", "changes", "words"),
    [
        (
            imported,
            {"model": "qwen3-32"},
            "fetch.model: 'qwen3-32'; is not a model of the catalogue. Did you mean",
        ),
        (imported, {"model": "llama-3.3-70b"}, "is gated: the hub requires a token"),
        (imported, {"revision": "main"}, "branches and tags move"),
        (imported, {"revision": COMMIT[:12]}, "40 hexadecimal digits"),
        (imported, {"workers": 0}, "fetch.workers: 0; must be from 1 to 32"),
        (imported, {"workers": 33}, "must be from 1 to 32"),
        (imported, {"hub": "http://mirror.example"}, "must be a valid address, and must begin with https://"),
        (
            imported,
            {"images": WeightsImagesArgs(python="python:3.13", rclone=IMAGES.rclone)},
            "is not pinned",
        ),
        (
            imported,
            {"images": WeightsImagesArgs(python=IMAGES.python, rclone="rclone@sha256:12")},
            "invalid digest",
        ),
        (
            staging,
            {"images": WeightsImagesArgs(python=IMAGES.python, rclone="rclone")},
            "stage.images.rclone",
        ),
        (staging, {"disk_share": 0.9}, "stage.diskShare: 0.9; must be from 0.05 to 0.6"),
        (staging, {"disk_share": 0.0}, "evicts pods when it fills"),
        (staging, {"streams": 0}, "stage.streams: 0; must be from 1 to 256"),
        (staging, {"streams": 1000}, "must be from 1 to 256"),
        (staging, {"models": WANTED * 2}, "occurs twice"),
        (staging, {"node_selector": {}}, "must name the nodes that have the disk"),
    ],
)
def test_bad_input_is_refused_in_the_users_terms(made, changes, words):
    with pytest.raises(InvalidInput) as refused:
        made(**changes)
    assert words in str(refused.value)


def test_models_that_do_not_fit_on_one_disk_together_are_refused_with_the_largest():
    sizes = {"deepseek-r1": 690.0, "qwen3-32b": 65.5}
    assert not list(room_problems(sizes, disk_gb=14_000, disk_share=0.6, path="serving.models"))
    (problem,) = room_problems(sizes, disk_gb=1_000, disk_share=0.6, path="serving.models")
    assert "600 GB, 60% of 1,000" in str(problem)
    assert "deepseek-r1 is the largest" in str(problem)


def test_with_a_placeholder_for_the_commit_the_name_is_still_valid():
    found = imported(revision="REPLACE-ME").named("fetch-job").inputs["metadata"]["name"]
    assert found == "import-qwen3-32b-replace"
