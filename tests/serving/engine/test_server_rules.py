"""The problems of a model server, case by case, in the user's terms."""

import pytest

from serving.engine.choices import EngineChoices
from serving.engine.server_rules import (
    image_name_problems,
    image_problems,
    model_server_problems,
    name_problems,
    security_problems,
)

PATH = "serving.models[0]"
DIGEST = "sha256:" + "a" * 64
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def problems(*, choices=None, **changes):
    given = {"model": "qwen3-32b", "shape": "BM.GPU.MI300X.8", "service_name": "chat", **changes}
    return list(model_server_problems(EngineChoices(**(choices or {})), **given, path=PATH))


def test_a_good_server_has_no_problems():
    assert not problems()
    assert not problems(model="llama-3.3-70b", has_token=True, choices={"gpus": 2, "revision": COMMIT})


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"model": "qwen3-32"}, "model", "Did you mean `qwen3-32b`?"),
        ({"model": "xyz"}, "model", "There are: deepseek-r1"),
        ({"model": "llama-3.3-70b"}, "model", "gated"),
        ({"shape": "BM.GPU.MI300X"}, "shape", "Did you mean `BM.GPU.MI300X.8`?"),
        ({"shape": "VM.Standard.E5.Flex"}, "shape", "has no GPU"),
        ({"replicas": -1}, "replicas", "0 or more"),
        ({"service_name": "vllm"}, "name", "must not start with vllm"),
        ({"service_name": "vllm-chat"}, "name", "must not start with vllm"),
        ({"service_name": "Chat"}, "name", "1 to 63"),
        ({"service_name": "a" * 64}, "name", "1 to 63"),
        ({"choices": {"gpus": 3}}, "gpus", "1, 2, 4 or 8"),
        ({"choices": {"context_tokens": 50_000}}, "contextTokens", "at most 40,960"),
        ({"choices": {"kv_cache_type": "fp9"}}, "kvCacheType", "must be one of"),
        ({"choices": {"kv_cache_type": "nvfp4"}}, "kvCacheType", "no FP4 units"),
        ({"choices": {"memory_utilization": 1.0}}, "memoryUtilization", "more than 0 and less than 1"),
        (
            {"choices": {"memory_utilization": 0.3, "gpus": 1}},
            "contextTokens",
            "leaves no memory for the cache",
        ),
        ({"choices": {"termination_grace_seconds": 60}}, "terminationGraceSeconds", "Set it to 1470 or more"),
        ({"choices": {"pre_stop_seconds": 15}}, "preStopSeconds", "75 or more"),
        ({"choices": {"longest_stream_seconds": -1}}, "longestStreamSeconds", "0 or more"),
        ({"choices": {"revision": "main"}}, "revision", "branches and tags move"),
        (
            {"choices": {"engine_options": {"swap-space": "4"}}},
            "engineOptions.swap-space",
            "removed from vLLM",
        ),
        ({"choices": {"engine_options": {"api-key": "x"}}}, "engineOptions.api-key", "readable by everyone"),
        (
            {"choices": {"engine_options": {"max-model-len": "9"}}},
            "engineOptions.max-model-len",
            "contextTokens",
        ),
        (
            {"choices": {"environment": {"HSA_OVERRIDE_GFX_VERSION": "11.0.0"}}},
            "environment.HSA_OVERRIDE_GFX_VERSION",
            "natively gfx942",
        ),
        ({"choices": {"environment": {"HF_TOKEN": "hf_x"}}}, "environment.HF_TOKEN", "is a secret"),
        (
            {"choices": {"environment": {"HUGGING_FACE_HUB_TOKEN": "hf_x"}}},
            "environment.HUGGING_FACE_HUB_TOKEN",
            "is a secret",
        ),
        ({"model": "deepseek-r1", "choices": {"gpus": 4}}, "gpus", "runs on 8 GPUs"),
        ({"model": "llama-3.3-70b", "has_token": True, "choices": {"gpus": 1}}, "contextTokens", "or gpus 2"),
    ],
)
def test_a_wrong_value_is_refused_at_its_own_path(changes, key, words):
    (problem,) = problems(**changes)
    assert problem.path == f"{PATH}.{key}"
    assert words in str(problem)


@pytest.mark.parametrize(
    ("changes", "choices", "key", "words"),
    [
        ({"user": 2000}, {}, "runAsUser", "render group"),
        ({"user": 2000, "render_group": 993}, {"nodes": 2}, "runAsUser", "nodes needs a capability"),
        (
            {"user": 2000, "render_group": 993},
            {"numa_bind": True},
            "runAsUser",
            "numaBind needs a capability",
        ),
        ({"seccomp_profile": "Unconfined"}, {}, "seccompProfile", "must be RuntimeDefault"),
    ],
)
def test_a_user_or_a_profile_that_cannot_run_the_engine_is_refused(changes, choices, key, words):
    given = {"user": None, "render_group": None, "seccomp_profile": None, **changes}
    (problem,) = security_problems(EngineChoices(**choices), **given, path=PATH)
    assert problem.path == f"{PATH}.{key}"
    assert words in str(problem)


def test_problems_of_the_engine_are_reported_below_its_own_path():
    (problem,) = problems(choices={"gpus": 3}, engine="chat.engine")
    assert problem.path == "chat.engine.gpus"


def test_an_explicit_zero_is_not_the_default():
    assert [each.path for each in problems(choices={"gpus": 0})] == [f"{PATH}.gpus"]
    assert [each.path for each in problems(choices={"context_tokens": 0})] == [f"{PATH}.contextTokens"]
    assert [each.path for each in problems(choices={"memory_utilization": 0.0})] == [
        f"{PATH}.memoryUtilization"
    ]


def test_problems_of_different_kinds_are_reported_together():
    found = problems(
        model="qwen3-23b",
        service_name="vllm",
        choices={"termination_grace_seconds": 1, "environment": {}, "revision": "v1"},
    )
    assert [each.path.removeprefix(f"{PATH}.") for each in found] == [
        "name",
        "revision",
        "terminationGraceSeconds",
        "model",
    ]


@pytest.mark.parametrize("image", [f"a/b@{DIGEST}", f"a/b:v1@{DIGEST}", "a/b@sha256:REPLACE-ME"])
def test_an_image_pinned_by_digest_or_by_placeholder_passes(image):
    assert not list(image_problems(image, "serving.image"))


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ("a/b", "not pinned"),
        ("a/b:latest", "not pinned"),
        ("a/b:REPLACE-ME", "not pinned"),
        ("a/b@sha256:123", "invalid digest"),
        ("a/b@md5:" + "a" * 64, "invalid digest"),
        (f"@{DIGEST}", "has no image name"),
    ],
)
def test_an_image_that_could_move_is_refused(image, words):
    (problem,) = image_problems(image, "serving.image")
    assert words in problem.allowed


@pytest.mark.parametrize("name", ["a", "chat", "qwen3-32b", "a" * 63])
def test_a_dns_label_is_a_good_name(name):
    assert not list(name_problems(name, "m"))


@pytest.mark.parametrize("name", ["", "-a", "a-", "3b", "a.b", "a_b"])
def test_a_name_that_is_not_a_dns_label_is_refused(name):
    assert len(list(name_problems(name, "m"))) == 1


@pytest.mark.parametrize(
    "name", ["https://me:geheim1@iad.ocir.io/ns/relay", "me:geheim1@iad.ocir.io/ns/relay"]
)
def test_no_message_shows_the_login_in_an_images_address(name):
    (found,) = image_name_problems(name, "image")
    assert "geheim1" not in str(found)
    assert "[hidden]" in str(found)
