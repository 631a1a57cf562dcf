"""The models that the settings refuse, case by case, and how rollouts depend on the pool's GPUs."""

from dataclasses import fields
from typing import Any

import pytest

from infra.settings import examine
from infra.settings.serving import ModelSettings
from infra.settings.serving.surge_rules import surge_fits
from serving.engine.choices import EngineChoices
from tests.infra.program.test_program import run_strict
from tests.infra.settings.examples import Change, assert_named, config, external

MODEL = "serving.models.0"
SHOWN = "serving.models[0]"
SECOND = {"name": "second", "model": "qwen3-32b", "revision": "0" * 40, "pool": "mi300x", "gpus": 1}
ADAPTER = {"name": "legal", "base": "qwen3-32b", "repository": "acme/legal", "revision": "0" * 40}


def of(key: str, value: object) -> list[Change]:
    return [(f"{MODEL}.{key}", value)]


def as_model(name: str, **given: object) -> list[Change]:
    return [(f"{MODEL}.model", name), *((f"{MODEL}.{key}", value) for key, value in given.items())]


CASES: dict[str, tuple[list[Change], str, str]] = {
    "a model that does not fit": (
        [*as_model("llama-3.3-70b"), ("serving.huggingFaceToken", {"secure": "v1:x"})],
        "contextTokens",
        "Nearest that fits: contextTokens 115584; or gpus 2; or kvCacheType fp8",
    ),
    "a tensor parallel size that does not divide the heads": (of("gpus", 3), "gpus", "The nearest is 2"),
    "a tensor parallel size that does not fit FP8 blocks": (
        as_model("minimax-m2.5", gpus=8),
        "gpus",
        "runs on 2 or 4 GPUs",
    ),
    "a model larger than the layout": (as_model("deepseek-r1", gpus=4), "gpus", "The nearest is 8"),
    "a context beyond the model": (of("contextTokens", 50_000), "contextTokens", "at most 40,960"),
    "a context of nothing": (of("contextTokens", 0), "contextTokens", "1 or more"),
    "a share of memory above 1": (
        of("memoryUtilization", 1.2),
        "memoryUtilization",
        "more than 0 and less than 1",
    ),
    "a share of memory too small for the weights": (
        of("memoryUtilization", 0.3),
        "contextTokens",
        "leaves no memory for the cache",
    ),
    "an unknown type of cache": (of("kvCacheType", "int8"), "kvCacheType", "must be one of"),
    "FP4 in the cache on gfx942": (of("kvCacheType", "nvfp4"), "kvCacheType", "has no FP4 units"),
    "FP4 weights on gfx942": (
        of("engineOptions", {"quantization": "nvfp4"}),
        "engineOptions.quantization",
        "has no FP4 units",
    ),
    "FP4 by a variable": (
        of("environment", {"VLLM_ROCM_USE_AITER_FP4BMM": "1"}),
        "environment.VLLM_ROCM_USE_AITER_FP4BMM",
        "gfx942 has no FP4",
    ),
    "a removed option": (
        of("engineOptions", {"swap-space": "4"}),
        "engineOptions.swap-space",
        "Use --kv-offloading-size",
    ),
    "a misspelt option": (
        of("engineOptions", {"max-num-seq": "4"}),
        "engineOptions.max-num-seq",
        "Did you mean `max-num-seqs`?",
    ),
    "an option that another setting decides": (
        of("engineOptions", {"nnodes": "2"}),
        "engineOptions.nnodes",
        "set by another key: nodes",
    ),
    "an option that sheds load behind a router": (
        of("engineOptions", {"max-num-queued-reqs": "9"}),
        "engineOptions.max-num-queued-reqs",
        "the router sends no more requests",
    ),
    "a key on the command line": (
        of("engineOptions", {"api-key": "abc"}),
        "engineOptions.api-key",
        "readable by everyone",
    ),
    "a refused variable": (
        of("environment", {"HSA_OVERRIDE_GFX_VERSION": "11.0.0"}),
        "environment.HSA_OVERRIDE_GFX_VERSION",
        "natively gfx942",
    ),
    "a dead variable": (of("environment", {"VLLM_USE_V1": "1"}), "environment.VLLM_USE_V1", "removed"),
    "developer mode": (
        of("environment", {"VLLM_SERVER_DEV_MODE": "1"}),
        "environment.VLLM_SERVER_DEV_MODE",
        "unauthenticated",
    ),
    "a secret in plain text": (
        of("environment", {"HF_TOKEN": "something"}),
        "environment.HF_TOKEN",
        "is a secret, and everyone who can read the pod",
    ),
    "an unknown lossy reduction": (
        of("environment", {"VLLM_ROCM_QUICK_REDUCE_QUANTIZATION": "INT2"}),
        "environment.VLLM_ROCM_QUICK_REDUCE_QUANTIZATION",
        "must be one of FP, INT3",
    ),
    "a stream of negative length": (of("longestStreamSeconds", -1), "longestStreamSeconds", "0 or more"),
    "a service named after the engine": (of("name", "vllm-chat"), "name", "must not start with vllm"),
    "a revision that moves": (of("revision", "main"), "revision", "branches and tags move"),
    "a gated model without a token": (as_model("llama-3.1-8b"), "model", "the hub requires a token"),
    "an unknown model": (as_model("llama-3.3-7b"), "model", "Did you mean `llama-3.3-70b`?"),
    "an unknown tool parser": (of("toolParser", "herms"), "toolParser", "Did you mean `hermes`?"),
    "an unknown reasoning parser": (of("reasoningParser", "qwen"), "reasoningParser", "is not a parser"),
    "an adapter of another base": (
        of("adapters", [{**ADAPTER, "base": "llama-3.1-8b"}]),
        "adapters[0].base",
        "belongs to another base model",
    ),
    "an adapter at a branch": (
        of("adapters", [{**ADAPTER, "revision": "main"}]),
        "adapters[0].revision",
        "branches and tags move",
    ),
    "an adapter with its model's name": (
        of("adapters", [{**ADAPTER, "name": "qwen3-32b"}]),
        "adapters[0].name",
        "must be unique",
    ),
    "an adapter with an invalid rank": (
        of("adapters", [{**ADAPTER, "rank": 7}]),
        "adapters[0].rank",
        "8, 16",
    ),
    "several nodes without RDMA": (
        [*as_model("kimi-k2", gpus=8, nodes=2), ("gpu.pools.0.nodes", 2), ("gpu.pools.0.rdma", False)],
        "nodes",
        "has rdma: false",
    ),
    "several nodes without LeaderWorkerSet": (
        [*as_model("kimi-k2", gpus=8, nodes=2), ("gpu.pools.0.nodes", 2)],
        "nodes",
        "Add serving.platform.leaderWorkerSet",
    ),
    "an unknown priority class": (
        [
            *of("priorityClass", "servng"),
            ("serving.priorities", {"serving": {"value": 9, "description": "x"}}),
        ],
        "priorityClass",
        "Did you mean `serving`?",
    ),
    "several nodes that are not whole": (
        [*as_model("qwen3-32b", gpus=4, nodes=2), ("gpu.pools.0.nodes", 2)],
        "gpus",
        "uses whole nodes",
    ),
    "nodes of a negative number": (of("nodes", -1), "nodes", "1 or more"),
    "negative replicas": (of("replicas", -1), "replicas", "0 or more"),
    "a pool that is not there": (of("pool", "mi355x"), "pool", "must be a GPU pool: mi300x"),
    "spare GPUs that do not exist": (
        [*of("replicas", 8), (f"{MODEL}.spareGpus", True)],
        "spareGpus",
        "leave 0 free on the node",
    ),
}


@pytest.mark.parametrize(("changes", "key", "words"), CASES.values(), ids=CASES.keys())
def test_a_wrong_model_is_refused_at_its_own_place(changes: list[Change], key: str, words: str):
    sections = config(
        *((path, "[encrypted]" if value == {"secure": "v1:x"} else value) for path, value in changes)
    )
    found = examine(sections, "test", encrypted={"serving.huggingFaceToken"}).problems
    told = [str(problem) for problem in found if problem.path == f"{SHOWN}.{key}"]
    assert any(words in text for text in told), [str(problem) for problem in found]


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ([("serving.models.1", {**SECOND, "name": "qwen3-32b"})], "serving.models[1].name", "unique"),
        (
            [("serving.models.1", {**SECOND, "replicas": 8})],
            "serving.models[1].replicas",
            "1 of its 8 engines",
        ),
        ([("serving.imageDigest", "latest")], "serving.imageDigest", "digest"),
        ([("serving.image", "registry.example/rocm/vllm")], "serving.imageDigest", "no longer builds"),
        (
            [*of("nodes", 2), *of("gpus", 8), ("serving.platform.leaderWorkerSet", {})],
            "serving.models[0].replicas",
            "which has 1 node: its engine would wait forever, because one of its engines needs 2 nodes",
        ),
    ],
)
def test_conflicts_between_models_are_refused(changes: list[Change], path: str, words: str):
    assert_named(changes, path, words)


def fits(*changes: Change) -> bool:
    settings = examine(config(*changes), "test").settings
    assert settings is not None
    return surge_fits(settings.gpu, settings.serving, settings.traffic, settings.serving.models[0])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], True),
        ([(f"{MODEL}.replicas", 8)], False),
        ([(f"{MODEL}.replicas", 7)], True),
        ([(f"{MODEL}.gpus", 8)], False),
        ([(f"{MODEL}.gpus", 8), ("gpu.pools.0.nodes", 2)], False),
        ([(f"{MODEL}.gpus", 4), ("gpu.pools.0.nodes", 2)], True),
        ([(f"{MODEL}.autoscaled", True)], False),
        ([("serving.models.1", {**SECOND, "replicas": 7})], False),
        ([("gpu.pools.0.nodes", 4), *external(1, 4)], True),
    ],
)
def test_a_rollout_starts_a_new_engine_first_only_if_a_node_certainly_has_space(
    changes: list[Change], expected: bool
):
    assert fits(*changes) is expected


def engine(*changes: Change) -> dict[str, Any]:
    found = run_strict(config(*changes))
    return dict(found.one("kubernetes:apps/v1:Deployment").inputs["spec"]["strategy"]["rollingUpdate"])


def test_the_rollout_depends_on_the_pools_free_gpus_unless_set():
    assert engine() == {"maxSurge": 1, "maxUnavailable": 0}
    assert engine((f"{MODEL}.replicas", 8)) == {"maxSurge": 0, "maxUnavailable": 1}
    assert engine((f"{MODEL}.spareGpus", False)) == {"maxSurge": 0, "maxUnavailable": 1}


def test_an_engine_over_nodes_adds_the_add_on_and_the_namespace_that_it_needs():
    changes = [
        *as_model("kimi-k2", gpus=8, nodes=2),
        ("gpu.pools.0.nodes", 2),
        ("serving.platform.leaderWorkerSet", {}),
    ]
    found = run_strict(config(*changes))
    assert found.one("kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet")
    labels = found.named("test-serving-namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "privileged"
    assert [each for each in found.resources if each.name.endswith("-NvidiaNetworkOperator")]
    plain = run_strict(config())
    labels = plain.one("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"
    assert not [each for each in plain.resources if each.name.endswith("-NvidiaNetworkOperator")]


def test_every_choice_of_an_engine_is_a_key_of_a_model():
    missing = {each.name for each in fields(EngineChoices)} - set(ModelSettings.model_fields)
    assert not missing
    given = {"name": "chat", "model": "qwen3-32b", "pool": "mi300x", "gpus": 2, "kvCacheType": "fp8"}
    wanted = ModelSettings.model_validate(given)
    assert wanted.engine == EngineChoices(
        gpus=2, kv_cache_type="fp8", adapters=(), engine_options={}, environment={}, numa_bind=False
    )
