"""Adapters, NUMA, parsers and compile caches of a model server."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from facts.problem import InvalidInput
from serving.engine.adapters import LoraAdapter
from serving.engine.pod.engine_pod import FETCH_ADAPTERS
from tests.serving.engine.test_model_server import engine, pod, served

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ADAPTER = LoraAdapter(name="legal", base="qwen3-32b", repository="acme/legal", revision=COMMIT, rank=32)


def test_adapters_are_loaded_at_start_from_folders_of_their_commit():
    other = LoraAdapter(name="sql", base="qwen3-32b", repository="acme/sql", revision="f" * 40)
    arguments = engine(adapters=[ADAPTER, other])["args"]
    tail = arguments[arguments.index("--enable-lora") :]
    assert tail == [
        "--enable-lora",
        "--max-lora-rank=32",
        "--max-loras=2",
        "--lora-modules",
        "legal=/cache/adapters/legal/0123456789ab",
        "sql=/cache/adapters/sql/ffffffffffff",
    ]


def test_adapters_are_downloaded_before_the_engine_starts():
    spec = pod(adapters=[ADAPTER], hugging_face_secret="hub")
    (fetcher,) = spec["initContainers"]
    wanted = next(each["value"] for each in fetcher["env"] if each["name"] == "ADAPTERS")
    assert json.loads(wanted) == [["acme/legal", COMMIT, "/cache/adapters/legal/0123456789ab"]]
    assert any(each["name"] == "HF_TOKEN" and "valueFrom" in each for each in fetcher["env"])
    assert "amd.com/gpu" not in fetcher["resources"]["limits"]
    assert "initContainers" not in pod()


def test_the_script_downloads_the_commit_from_the_hub(tmp_path: Path):
    hub = "def snapshot_download(*where, **how): print(where, how)\n"
    (tmp_path / "huggingface_hub.py").write_text(hub, encoding="utf-8")
    wanted = json.dumps([["acme/legal", COMMIT, "/cache/x"]])
    environment = {"PYTHONPATH": str(tmp_path), "ADAPTERS": wanted}
    found = subprocess.run(
        [sys.executable, "-c", FETCH_ADAPTERS], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout == f"('acme/legal',) {{'revision': '{COMMIT}', 'local_dir': '/cache/x'}}\n"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"base": "llama-3.3-70b"}, "belongs to another base model: this server's model is qwen3-32b"),
        ({"name": "chat"}, "must be unique among the adapters and their model"),
        ({"name": "le gal"}, "must be 1 to 63 letters"),
        ({"repository": "legal"}, "must be owner/name"),
        ({"revision": "main"}, "branches and tags move"),
        ({"rank": 24}, "must be one of 8, 16, 32"),
    ],
)
def test_a_wrong_adapter_is_refused(change, words):
    given = {"name": "legal", "base": "qwen3-32b", "repository": "a/b", "revision": COMMIT, **change}
    with pytest.raises(InvalidInput) as refused:
        engine(adapters=[LoraAdapter(**given)])
    assert words in str(refused.value)


def test_numa_binding_adds_the_option_and_the_one_capability_it_needs():
    found = engine(numa_bind=True)
    assert "--numa-bind" in found["args"]
    assert found["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["SYS_NICE"]}
    assert "--numa-bind" not in engine()["args"]


def test_a_parser_may_be_chosen_or_turned_off():
    assert "--tool-call-parser=hermes" in engine()["args"]
    assert "--tool-call-parser=qwen3_xml" in engine(tool_parser="qwen3_xml")["args"]
    without = engine(tool_parser="none", reasoning_parser="none")["args"]
    assert not [each for each in without if "parser" in each or "auto-tool-choice" in each]


@pytest.mark.parametrize(
    ("key", "word", "meant"),
    [("tool_parser", "minimax_m1", "minimax_m"), ("reasoning_parser", "deepseek_r2", "deepseek_r1")],
)
def test_an_unknown_parser_is_refused_with_its_nearest(key, word, meant):
    with pytest.raises(InvalidInput, match=f"is not a parser of vLLM. Did you mean `{meant}"):
        engine(**{key: word})


def test_compile_caches_have_a_folder_for_each_image_digest():
    spec = pod(compile_claim="engine-cache")
    mount = next(each for each in spec["containers"][0]["volumeMounts"] if each["name"] == "compile")
    assert mount == {"name": "compile", "mountPath": "/cache/compile", "subPath": "0" * 12}
    volume = next(each for each in spec["volumes"] if each["name"] == "compile")
    assert volume["persistentVolumeClaim"] == {"claimName": "engine-cache"}
    found = {each["name"]: each.get("value", "") for each in spec["containers"][0]["env"]}
    assert found["VLLM_CACHE_ROOT"].startswith("/cache/compile/")
    assert "AITER_JIT_DIR" not in found, "in a shared folder the lock of a killed build stays"
    assert not found["HF_HOME"].startswith("/cache/compile/"), (
        "weights must not fill the folder of compiled kernels"
    )


def test_a_deprecated_image_is_refused():
    with pytest.raises(InvalidInput, match="no longer builds"):
        served(image="registry.example/rocm/vllm@sha256:" + "0" * 64)


def test_folders_of_former_images_are_cleaned_up_before_an_engine_starts():
    (cleaning,) = pod(compile_claim="engine-cache")["initContainers"]
    assert cleaning["command"][:2] == ["python3", "-c"]
    assert cleaning["command"][3:] == ["/kept", "0" * 12]
    assert cleaning["volumeMounts"] == [{"name": "compile", "mountPath": "/kept"}]
    assert cleaning["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert "initContainers" not in pod(), "without a claim nothing stays on the node"


def test_an_engine_that_the_autoscaler_may_move_says_which_volume_may_be_lost():
    def annotations(**changes: Any) -> dict[str, str]:
        template = served(**changes).one("kubernetes:apps/v1:Deployment").inputs["spec"]["template"]
        return template["metadata"].get("annotations") or {}

    key = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"
    assert annotations(movable=True) == {key: "cache"}
    assert key not in annotations(), "it keeps its node"
    assert key not in annotations(movable=True, cache_claim="weights"), "nothing on the node is lost"


def test_a_rollout_waits_for_a_new_node_too():
    token = "kubernetes:apps/v1:Deployment"
    plain, late = served().one(token), served(node_minutes=60).one(token)
    deadlines = [each.inputs["spec"]["progressDeadlineSeconds"] for each in (plain, late)]
    assert deadlines[1] - deadlines[0] == 3_600
    probes = [
        each.inputs["spec"]["template"]["spec"]["containers"][0]["startupProbe"] for each in (plain, late)
    ]
    assert probes[0] == probes[1], "the container starts only on the node"


@pytest.mark.parametrize("minutes", [-1, 1_441])
def test_a_wait_for_a_node_is_a_day_at_most(minutes: int):
    with pytest.raises(InvalidInput, match="must be 0 to 1,440 minutes"):
        served(node_minutes=minutes)
