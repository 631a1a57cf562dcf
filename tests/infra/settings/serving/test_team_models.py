"""Models in a team's namespace: what is created, what the quota counts, and what is refused."""

from typing import Any

import pytest

from infra.offline.run import run_offline
from infra.project.stackfile import StackFile
from infra.settings import examine
from infra.settings.serving.surge_rules import surge_fits
from tests.infra.settings.examples import Change, assert_named, config

MODEL = "serving.models.0"
DIGEST = "sha256:" + "a" * 64
TEAM: dict[str, Any] = {"name": "research", "gpus": 4}
THEIRS: list[Change] = [(f"{MODEL}.team", "research"), ("serving.teams", [TEAM])]
WEIGHTS = {"pythonImageDigest": DIGEST, "rcloneImageDigest": DIGEST}
PRIORITIES = {
    "serving": {"value": 100000, "description": "Engines"},
    "experiments": {"value": 1000, "description": "Work", "preempts": False},
}
SECOND = {"name": "second", "model": "qwen3-32b", "revision": "0" * 40, "pool": "mi300x", "gpus": 1}


def team(**changes: object) -> Change:
    return ("serving.teams", [{**TEAM, **changes}])


CASES: dict[str, tuple[list[Change], str, str]] = {
    "an unknown team": (
        [(f"{MODEL}.team", "reserch")],
        "serving.models[0].team",
        "Did you mean `research`?",
    ),
    "a team in a stack without teams": (
        [("serving.teams", [])],
        "serving.models[0].team",
        "must be one of serving.teams: there are none",
    ),
    "a class that preempts the engines of others": (
        [(f"{MODEL}.priorityClass", "serving"), ("serving.priorities", PRIORITIES)],
        "serving.models[0].priorityClass",
        "must be a class that team research may use: experiments. Add it to the team's priorities",
    ),
    "a class of Kubernetes": (
        [(f"{MODEL}.priorityClass", "system-cluster-critical")],
        "serving.models[0].priorityClass",
        "must be a class that team research may use: it has none",
    ),
    "an unknown class of the team": (
        [("serving.priorities", PRIORITIES), team(priorities=["servin"])],
        "serving.teams[0].priorities[0]",
        "must be one of serving.priorities. Did you mean `serving`?",
    ),
    "more GPUs than the team has": (
        [(f"{MODEL}.replicas", 5)],
        "serving.teams[0].gpus",
        "must be enough for the models of team research, which need 5",
    ),
    "more processors than the team has": ([team(cpus=10)], "serving.teams[0].cpus", "need 22"),
    "more memory than the team has": ([team(memoryGib=100)], "serving.teams[0].memoryGib", "need 204"),
    "more pods than the team has": (
        [team(pods=1), (f"{MODEL}.replicas", 2)],
        "serving.teams[0].pods",
        "need 2",
    ),
    "claims of weights beyond the team's volumes": (
        [team(volumesGib=50), ("serving.weights", WEIGHTS)],
        "serving.teams[0].volumesGib",
        "must be at least 100 GiB, for claims of staged weights",
    ),
    "privileges that the team's level refuses": (
        [(f"{MODEL}.numaBind", True)],
        "serving.models[0].team",
        "has podSecurity `baseline`, but `nodes` and `numaBind` need `privileged`",
    ),
    "a level that refuses every engine": (
        [team(podSecurity="restricted")],
        "serving.models[0].team",
        "which refuses engines, because their image runs as root",
    ),
    "spare GPUs beyond the quota": (
        [(f"{MODEL}.replicas", 4), (f"{MODEL}.spareGpus", True)],
        "serving.models[0].spareGpus",
        "one more engine does not fit the quota of team research",
    ),
    "a quota above the pool": ([team(gpus=9)], "serving.teams[0].gpus", "at most the 8 GPUs of the pools"),
    "quotas and models without a team that exceed the pool": (
        [team(gpus=8), ("serving.models.1", SECOND)],
        "serving.teams",
        "the pools have 8 GPUs, of which models use 1",
    ),
    "a team in the namespace of weights": (
        [("serving.teams", [TEAM, {"name": "weights", "gpus": 0}]), ("serving.weights", WEIGHTS)],
        "serving.teams[1].name",
        "must not be the namespace of serving.weights",
    ),
}


@pytest.mark.parametrize(("changes", "path", "words"), CASES.values(), ids=CASES.keys())
def test_a_mistake_is_named_by_its_path(changes: list[Change], path: str, words: str):
    assert_named([*THEIRS, *changes], path, words)


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [(f"{MODEL}.replicas", 4)],
        [team(gpus=8), (f"{MODEL}.replicas", 8)],
        [team(podSecurity="privileged"), (f"{MODEL}.numaBind", True)],
        [("serving.models.1", SECOND), ("serving.weights", WEIGHTS)],
    ],
    ids=["one", "all of the quota", "all of the pool", "privileges", "beside a model of no team"],
)
def test_models_within_the_quota_pass(changes: list[Change]):
    assert examine(config(*THEIRS, *changes), "test").problems == []


def fits(*changes: Change) -> bool:
    settings = examine(config(*THEIRS, *changes), "test").settings
    assert settings is not None
    return surge_fits(settings.gpu, settings.serving, settings.traffic, settings.serving.models[0])


def test_a_rollout_starts_no_engine_beyond_the_quota():
    assert fits()
    assert not fits((f"{MODEL}.replicas", 4)), "the pool has four more GPUs, but the team has none"


def registered(*changes: Change, encrypted: tuple[str, ...] = ()) -> dict[str, Any]:
    """The resources that the program registers, by name."""
    file = StackFile(
        sections=config(*THEIRS, *changes), encrypted=frozenset(encrypted), name="Pulumi.test.yaml"
    )
    return {each.name: each for each in run_offline(file, "test").resources}


def place(found: dict[str, Any], name: str) -> str:
    return found[name].inputs["metadata"]["namespace"]


def test_a_teams_model_and_its_jobs_are_in_the_teams_namespace():
    jobs = {
        "smokeTest": {"imageDigest": DIGEST},
        "benchmark": {"bucket": "model-artifacts", "rcloneImageDigest": DIGEST},
    }
    found = registered(("serving.jobs", jobs), ("serving.models.1", SECOND))
    for part in ("engine", "service", "disruption-budget", "smoke-test-job", "benchmark-cron-job"):
        assert place(found, f"test-qwen3-32b-{part}") == "research"
        assert place(found, f"test-second-{part}") == "serving"
    statements = " ".join(found["test-benchmarks-access-policy"].inputs["statements"])
    assert "request.principal.namespace = 'research'" in statements
    assert "request.principal.namespace = 'serving'" in statements


def test_the_models_own_namespace_is_created_only_for_models_without_a_team():
    assert "test-serving-namespace" not in registered()
    assert "test-serving-namespace" in registered(("serving.models.1", SECOND))


def test_an_engine_of_a_team_does_not_share_compiled_code():
    found = registered(("serving.models.1", SECOND))
    names = {
        name: {
            volume["name"]
            for volume in found[name].inputs["spec"]["template"]["spec"]["volumes"]
            if "persistentVolumeClaim" in volume
        }
        for name in ("test-qwen3-32b-engine", "test-second-engine")
    }
    assert names == {"test-qwen3-32b-engine": set(), "test-second-engine": {"compile"}}
    assert place(found, "test-mi300x-engine-cache-claim") == "serving"


def test_a_teams_claim_for_staged_weights_is_read_only():
    found = registered(("serving.weights", WEIGHTS), ("serving.models.1", SECOND))
    assert place(found, "test-mi300x-weights-engines-research-claim") == "research"
    assert place(found, "test-weights-lease-research-scripts") == "research"
    volumes = {
        name: each.inputs["spec"].get("mountOptions")
        for name, each in found.items()
        if each.type == "kubernetes:core/v1:PersistentVolume" and "weights" in name
    }
    assert volumes == {
        "test-mi300x-weights-agents-volume": None,
        "test-mi300x-weights-engines-volume": ["ro"],
        "test-mi300x-weights-engines-research-volume": ["ro"],
    }


def test_the_hub_token_is_in_a_teams_namespace_only_if_a_model_needs_it():
    token: Change = ("serving.huggingFaceToken", "hf_" + "x" * 20)
    open_model = registered(token, encrypted=("serving.huggingFaceToken",))
    assert not [name for name in open_model if "hub-token" in name]
    gated: list[Change] = [(f"{MODEL}.model", "llama-3.1-8b"), token]
    found = registered(*gated, encrypted=("serving.huggingFaceToken",))
    assert place(found, "test-hub-token-research-secret") == "research"


def test_a_teams_namespace_and_quota_are_created_before_the_engine():
    found = registered()
    quota = found["test-team-research-quota"].inputs["spec"]["hard"]
    assert quota["requests.amd.com/gpu"] == "4"
    assert found["test-qwen3-32b-engine"].inputs["spec"]["replicas"] == 1
    assert place(found, "test-team-research-quota") == "research"


def test_an_engine_over_nodes_can_be_in_a_teams_namespace():
    found = registered(
        team(gpus=16, podSecurity="privileged"),
        ("gpu.pools.0.nodes", 2),
        ("serving.platform.leaderWorkerSet", {}),
        (f"{MODEL}.model", "kimi-k2"),
        (f"{MODEL}.gpus", 8),
        (f"{MODEL}.nodes", 2),
    )
    assert place(found, "test-qwen3-32b-engine") == "research"
    assert found["test-qwen3-32b-engine"].type.endswith(":LeaderWorkerSet")
    labels = found["test-team-research-space-namespace"].inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "privileged"
