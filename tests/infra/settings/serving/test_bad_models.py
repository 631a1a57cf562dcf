"""Common mistakes with models. Each is refused at its own path, before anything is created."""

from typing import Any

import pytest

from infra.settings import examine
from tests.infra.settings.examples import CONFIG, Change, config

MODEL = "serving.models.0"
SHOWN = "serving.models[0]"
FIRST: dict[str, Any] = CONFIG["serving"]["models"][0]
COMMIT = "0" * 40
TOKEN = "hf_" + "a" * 30


def of(**given: object) -> list[Change]:
    return [(f"{MODEL}.{key}", value) for key, value in given.items()]


KINDS: dict[str, tuple[list[Change], str, str]] = {
    "model that doesn't fit": (
        of(model="llama-3.3-70b"),
        f"{SHOWN}.contextTokens",
        "Nearest that fits: contextTokens 115584; or gpus 2; or kvCacheType fp8",
    ),
    "TP that doesn't divide heads": (of(gpus=3), f"{SHOWN}.gpus", "The nearest is 2"),
    "context beyond the model": (
        of(contextTokens=50_000),
        f"{SHOWN}.contextTokens",
        "qwen3-32b allows at most 40,960",
    ),
    "removed option": (
        of(engineOptions={"swap-space": "4"}),
        f"{SHOWN}.engineOptions.swap-space",
        "was removed from vLLM 0.33.0. Use --kv-offloading-size",
    ),
    "refused variable": (
        of(environment={"HSA_OVERRIDE_GFX_VERSION": "11.0.0"}),
        f"{SHOWN}.environment.HSA_OVERRIDE_GFX_VERSION",
        "is refused",
    ),
    "grace period too short": (
        of(terminationGraceSeconds=60),
        f"{SHOWN}.terminationGraceSeconds",
        "Set it to 1470 or more",
    ),
    "drain longer than the node waits": (
        [*of(longestStreamSeconds=600), ("gpu.pools.0.evictionMinutes", 10)],
        f"{SHOWN}.longestStreamSeconds",
        "may take 690 s to drain, but a node of pool mi300x is removed after 10 min. Set it lower, or "
        "evictionMinutes of the pool to 12 or more",
    ),
    "stream longer than any node waits": (
        of(longestStreamSeconds=7200),
        f"{SHOWN}.longestStreamSeconds",
        "is removed after 60 min. Set it lower",
    ),
    "Service named vllm…": (of(name="vllm-chat"), f"{SHOWN}.name", "must not start with vllm"),
    "unpinned image in prod": (
        [("serving.imageDigest", "v0.33.0-rocm72")],
        "serving.imageDigest",
        "has an invalid digest",
    ),
    "quota above the pool": (
        [("serving.teams", [{"name": "research", "gpus": 9}])],
        "serving.teams[0].gpus",
        "must be at most the 8 GPUs of the pools",
    ),
    "two models with the same name": (
        [("serving.models.1", FIRST)],
        "serving.models[1].name",
        "must be unique; serving.models[0].name has the same name",
    ),
    "gated model without token": (
        of(model="llama-3.1-8b"),
        f"{SHOWN}.model",
        "is gated: the hub requires a token",
    ),
    "adapter of another base": (
        of(adapters=[{"name": "a", "base": "llama-3.1-8b", "repository": "acme/a", "revision": COMMIT}]),
        f"{SHOWN}.adapters[0].base",
        "belongs to another base model: this server's model is qwen3-32b",
    ),
    "secret in plain text": (
        [("serving.huggingFaceToken", TOKEN)],
        "serving.huggingFaceToken",
        "must be encrypted",
    ),
    "unknown parser": (of(toolParser="herms"), f"{SHOWN}.toolParser", "Did you mean `hermes`?"),
    "FP4 on gfx942": (
        of(engineOptions={"quantization": "nvfp4"}),
        f"{SHOWN}.engineOptions.quantization",
        "MI300X (gfx942) has no FP4 units",
    ),
    "multi-node without RDMA": (
        [*of(model="kimi-k2", gpus=8, nodes=2), ("gpu.pools.0.nodes", 2), ("gpu.pools.0.rdma", False)],
        f"{SHOWN}.nodes",
        "several nodes need RDMA between them, and pool mi300x has rdma: false",
    ),
}


@pytest.mark.parametrize(("changes", "path", "words"), KINDS.values(), ids=KINDS.keys())
def test_it_is_refused_at_its_own_path_in_its_own_words(changes: list[Change], path: str, words: str):
    found = [str(each) for each in examine(config(*changes), "prod").problems if each.path == path]
    assert any(words in text for text in found), found


@pytest.mark.parametrize("kind", KINDS)
def test_a_mistake_causes_no_other_problem(kind: str):
    changes, path, _ = KINDS[kind]
    others = {each.path for each in examine(config(*changes), "prod").problems} - {path}
    # A larger model has other problems: it is gated, or it needs the controller and more GPUs than exist.
    assert others <= {f"{SHOWN}.model"}, f"{kind} is reported at one path"


def test_a_refusal_does_not_repeat_the_secret():
    found = examine(config(("serving.huggingFaceToken", TOKEN)), "prod").problems
    assert TOKEN not in "".join(str(each) for each in found)


def test_all_mistakes_are_reported_at_once():
    together = [
        *of(contextTokens=50_000, engineOptions={"swap-space": "4"}, toolParser="herms", name="vllm-chat"),
        ("serving.imageDigest", "latest"),
        ("serving.teams", [{"name": "research", "gpus": 9}]),
    ]
    found = {each.path for each in examine(config(*together), "prod").problems}
    assert found == {
        f"{SHOWN}.contextTokens",
        f"{SHOWN}.engineOptions.swap-space",
        f"{SHOWN}.toolParser",
        f"{SHOWN}.name",
        "serving.imageDigest",
        "serving.teams[0].gpus",
    }
