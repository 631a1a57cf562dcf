"""Staging of weights: every mistake is reported with its path, and a valid section creates the right resources."""

from typing import Any

import pytest

from components.cluster.boot_script import WEIGHTS, BootSettings, render_script
from infra.offline.run import run_offline
from infra.project.stackfile import StackFile
from tests.infra.settings.examples import Change, assert_named, config

DIGEST = "sha256:" + "a" * 64
COMMIT = "1" * 40
GOOD: dict[str, Any] = {"pythonImageDigest": DIGEST, "rcloneImageDigest": DIGEST}


def model(name: str, key: str, **changes: object) -> dict[str, object]:
    return {"name": name, "model": key, "revision": COMMIT, "pool": "mi300x", **changes}


CASES: list[tuple[str, list[Change], str, str]] = [
    (
        "an unknown key",
        [("serving.weights", {**GOOD, "bukket": "x"})],
        "serving.weights.bukket",
        "Did you mean `bucket`?",
    ),
    (
        "no digest of Python's image",
        [("serving.weights", {"rcloneImageDigest": DIGEST})],
        "serving.weights.pythonImageDigest",
        "is required",
    ),
    (
        "no digest of rclone's image",
        [("serving.weights", {"pythonImageDigest": DIGEST})],
        "serving.weights.rcloneImageDigest",
        "is required",
    ),
    (
        "a tag instead of a digest",
        [("serving.weights", {**GOOD, "rcloneImageDigest": "1.71"})],
        "serving.weights.rcloneImageDigest",
        "invalid digest",
    ),
    (
        "a missing bucket",
        [("serving.weights", {**GOOD, "bucket": "model-artefacts"})],
        "serving.weights.bucket",
        "Did you mean `model-artifacts`?",
    ),
    (
        "a bucket of the Archive tier",
        [
            ("serving.weights", GOOD),
            ("storage.buckets.0", {"name": "model-artifacts", "storageTier": "Archive"}),
        ],
        "serving.weights.bucket",
        "restoring an object takes an hour",
    ),
    (
        "a bucket with retention",
        [
            ("serving.weights", GOOD),
            ("storage.buckets.0", {"name": "model-artifacts", "retentionDays": 30}),
        ],
        "serving.weights.bucket",
        "must be able to replace objects",
    ),
    (
        "too large a share of the disk",
        [("serving.weights", {**GOOD, "diskShare": 0.85})],
        "serving.weights.diskShare",
        "must be from 0.05 to 0.6",
    ),
    (
        "no streams",
        [("serving.weights", {**GOOD, "streams": 0})],
        "serving.weights.streams",
        "must be from 1 to 256",
    ),
    (
        "the models' own namespace",
        [("serving.weights", {**GOOD, "namespace": "serving"})],
        "serving.weights.namespace",
        "must be different from the models' namespace",
    ),
    (
        "models that together do not fit a node's disk",
        [
            ("serving.weights", {**GOOD, "diskShare": 0.05}),
            ("gpu.pools.0.nodes", 2),
            ("serving.models.0", model("large", "deepseek-r1")),
            ("serving.models.1", model("larger", "kimi-k2.5")),
        ],
        "serving.models of pool mi300x",
        "must fit on a node's disk",
    ),
]


@pytest.mark.parametrize(
    ("changes", "path", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_mistake_is_named_by_its_path(changes: list[Change], path: str, words: str):
    assert_named(changes, path, words)


def registered(*changes: Change) -> list[Any]:
    """What the program registers."""
    file = StackFile(sections=config(*changes), encrypted=frozenset(), name="test")
    return list(run_offline(file, "test").resources)


def names(resources: list[Any], kind: str) -> list[str]:
    return [each.name for each in resources if each.type == kind]


def test_each_model_and_commit_is_imported_once_and_staged_on_its_pool():
    found = registered(
        ("serving.weights", GOOD),
        ("serving.models.0", model("one", "qwen3-32b", gpus=1)),
        ("serving.models.1", model("two", "qwen3-32b", gpus=1)),
    )
    assert names(found, "kubernetes:batch/v1:Job") == [f"test-import-qwen3-32b-{COMMIT[:8]}-job"]
    assert names(found, "kubernetes:apps/v1:DaemonSet") == ["test-mi300x-weights-agents"]


def test_import_and_staging_get_their_grants_by_service_account():
    found = registered(("serving.weights", GOOD))
    (policy,) = [each for each in found if each.name == "test-weights-access-policy"]
    statements = " ".join(policy.inputs["statements"])
    assert "weights-import" in statements
    assert "weights-staging" in statements
    assert "target.bucket.name = 'test-model-artifacts'" in statements


def test_the_nodes_boot_script_creates_the_folder_for_volumes():
    volumes = [
        each.inputs["spec"]["local"]["path"]
        for each in registered(("serving.weights", GOOD))
        if each.type == "kubernetes:core/v1:PersistentVolume" and "weights" in each.name
    ]
    assert volumes == [WEIGHTS, WEIGHTS], "one for the agents, one for the engines"
    script = render_script(
        BootSettings(
            kubernetes_version="v1.36.1",
            nvme_drives=8,
            raid_level=10,
            rdma=True,
            node_packages_url=None,
        )
    )
    assert WEIGHTS in script


def test_a_token_reaches_the_import_as_a_secret():
    token = "hf_" + "x" * 20
    found = registered(("serving.weights", GOOD))
    assert "test-weights-hub-token-secret" not in {each.name for each in found}
    file = StackFile(
        sections=config(("serving.weights", GOOD), ("serving.huggingFaceToken", token)),
        encrypted=frozenset({"serving.huggingFaceToken"}),
        name="test",
    )
    made: list[Any] = list(run_offline(file, "test").resources)
    (secret,) = [each for each in made if each.name == "test-weights-hub-token-secret"]
    assert secret.inputs["metadata"]["namespace"] == "weights"


def test_without_the_section_nothing_is_staged():
    assert not names(registered(), "kubernetes:apps/v1:DaemonSet")
