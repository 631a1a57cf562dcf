"""The environment turns AITER on and sets budgets. It has no dead, dangerous or secret variables."""

import logging

import pytest

from facts.vllm import REFUSED_VARIABLES, REQUIRED_VARIABLES
from facts.vllm_values import unknown_variable
from serving.engine.environment import (
    DECIDED_VARIABLES,
    IMAGE_VARIABLES,
    OFFLINE,
    PRIVATE_FOLDERS,
    SECRET_VARIABLES,
    EngineEnvironment,
    engine_environment,
    environment_problems,
)
from serving.engine.startup import startup_budget
from tests.support.problems import only

BUDGET = startup_budget(65.5)


def environment(gpus=1, model=None, extra=None, *, staged=False):
    return engine_environment(
        EngineEnvironment(gpus=gpus, budget=BUDGET, model=model or {}, extra=extra or {}, staged=staged)
    )


def test_all_variables_that_mi300x_needs_have_the_right_values():
    found = environment()
    for name, variable in REQUIRED_VARIABLES.items():
        assert name in found, variable.reason
        assert variable.value in (None, found[name]), variable.reason


def test_the_readiness_timeout_is_the_startup_budgets():
    assert environment()["VLLM_ENGINE_READY_TIMEOUT_S"] == str(BUDGET.engine_ready_seconds)


def test_variables_for_several_gpus_are_not_set_for_one():
    assert "NCCL_MIN_NCHANNELS" not in environment(gpus=1)
    assert environment(gpus=2)["NCCL_MIN_NCHANNELS"] == "112"


def test_the_model_overrides_the_defaults_and_the_user_the_model():
    model = {"VLLM_ROCM_USE_AITER": "0", "A": "model"}
    found = environment(model=model, extra={"A": "user"})
    assert found["VLLM_ROCM_USE_AITER"] == "0"
    assert found["A"] == "user"


def test_nobody_overrides_the_variables_that_the_toolkit_sets():
    assert environment(extra={"HF_HOME": "/elsewhere"})["HF_HOME"] == "/cache/huggingface"


@pytest.mark.parametrize("name", sorted(OFFLINE))
def test_an_engine_with_staged_weights_stays_offline_whatever_user_and_model_say(name):
    assert environment(staged=True, model={name: "0"}, extra={name: "0"})[name] == "1"
    assert name not in environment(staged=False)


def test_the_environment_is_sorted_so_that_another_order_changes_nothing():
    assert list(environment(gpus=8, extra={"Z": "1", "A": "1"})) == sorted(
        environment(gpus=8, extra={"Z": "", "A": ""})
    )


@pytest.mark.parametrize("name", sorted(REFUSED_VARIABLES))
def test_a_refused_variable_is_named_with_its_reason(name):
    variable = REFUSED_VARIABLES[name]
    problem = only(environment_problems({name: variable.value or "1"}, "m.environment"))
    assert problem.path == f"m.environment.{name}"
    assert variable.reason in problem.allowed


def test_a_variable_that_is_refused_for_one_value_passes_with_another():
    assert not list(environment_problems({"VLLM_SERVER_DEV_MODE": "0"}, "m"))


@pytest.mark.parametrize("name", sorted(SECRET_VARIABLES))
def test_a_secret_in_plain_text_is_refused_and_not_repeated(name):
    problem = only(environment_problems({name: "hf_sesame"}, "m"))
    assert "sesame" not in str(problem)
    assert "is a secret, and everyone" in problem.allowed


@pytest.mark.parametrize("name", sorted(DECIDED_VARIABLES))
def test_a_variable_that_the_toolkit_sets_is_refused(name):
    assert "is set by" in only(environment_problems({name: "x"}, "m")).allowed


def test_quick_reduce_accepts_only_existing_types():
    assert not list(environment_problems({"VLLM_ROCM_QUICK_REDUCE_QUANTIZATION": "INT4"}, "m"))
    problem = only(environment_problems({"VLLM_ROCM_QUICK_REDUCE_QUANTIZATION": "INT5"}, "m"))
    assert "FP, INT3" in problem.allowed


def test_a_variable_that_vllm_does_not_know_is_refused_with_the_nearest():
    problem = only(environment_problems({"VLLM_ROCM_USE_AITTER": "1"}, "m"))
    assert "no such variable" in problem.allowed
    assert problem.fix == "Did you mean `VLLM_ROCM_USE_AITER`?"
    assert "no such variable" in only(environment_problems({"VLLM_RPC_TIMEOUT": "18000000"}, "m")).allowed
    assert not list(environment_problems({"OMP_NUM_THREADS": "8"}, "m")), (
        "vLLM does not check other variables"
    )


def test_a_variable_that_vllm_reads_as_a_number_accepts_no_text():
    problem = only(environment_problems({"VLLM_HTTP_TIMEOUT_KEEP_ALIVE": "long"}, "m"))
    assert "must be a whole number" in problem.allowed


LEVELS = f"must be one of {', '.join(sorted(logging.getLevelNamesMapping()))}"


def test_a_level_of_logging_may_be_in_lower_case():
    assert not list(environment_problems({"VLLM_LOGGING_LEVEL": "debug"}, "m"))


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("VLLM_PORT", "abc", "must be a whole number, 1 or more and 65535 or less"),
        ("VLLM_NIXL_SIDE_CHANNEL_PORT", "65536", "must be a whole number, 1 or more and 65535 or less"),
        ("vllm_logging_level", "debug", "has no effect: vLLM reads it in upper case"),
        ("VLLM_LOG_STATS_INTERVAL", "often", "must be a number"),
        ("VLLM_ROCM_QUICK_REDUCE_MAX_SIZE_BYTES_MB", "1.5", "must be a whole number"),
        ("VLLM_RAY_DP_PACK_STRATEGY", "loose", "must be one of fill, span, strict"),
        ("VLLM_ROCM_USE_AITER", "yes", "must be one of 0, 1, false, true"),
        ("VLLM_USE_V2_MODEL_RUNNER", "on", "must be one of 0, 1, false, true"),
        ("VLLM_LOGGING_LEVEL", "nope", LEVELS),
        ("VLLM_LOGGING_LEVEL", "10", LEVELS),
        ("VLLM_LOGGING_LEVEL", "", LEVELS),
    ],
)
def test_a_variable_accepts_the_values_of_its_annotation(name, value, allowed):
    assert only(environment_problems({name: value}, "m")).allowed == allowed


@pytest.mark.parametrize("name", sorted(IMAGE_VARIABLES))
def test_a_variable_that_the_image_needs_to_find_its_programs_is_refused(name):
    assert "is the image's own" in only(environment_problems({name: "/opt/mine"}, "m")).allowed


def test_vllm_knows_every_variable_that_the_toolkit_sets():
    for name in environment(gpus=8):
        assert unknown_variable(name) is None, name


@pytest.mark.parametrize(
    "folder", ["/cache/compile/aiter", "/mnt/nvme", "/tmp/../cache/aiter", "/tmp", "aiter"]
)
def test_a_shared_folder_for_aiters_kernels_is_refused_with_the_reason(folder):
    problem = only(environment_problems({"AITER_JIT_DIR": folder}, "m"))
    assert "never removes the lock" in problem.allowed
    assert "prebuilt kernels" in problem.fix


@pytest.mark.parametrize("name", sorted(PRIVATE_FOLDERS))
@pytest.mark.parametrize("folder", ["/cache/compile/x", "/mnt/nvme", "/tmp/../cache", "x", "", "/tmp/$(A)"])
def test_a_folder_that_several_pods_would_share_is_refused_with_the_reason(name, folder):
    problem = only(environment_problems({name: folder}, "m"))
    assert problem.path == f"m.{name}"
    assert "which no other pod sees" in problem.allowed


@pytest.mark.parametrize("name", sorted(PRIVATE_FOLDERS))
def test_a_folder_in_the_container_is_accepted(name):
    assert not list(environment_problems({name: "/tmp/mine"}, "m"))


def test_temporary_files_may_be_in_the_containers_own_folder_for_them():
    assert not list(environment_problems({"TMPDIR": "/tmp", "TRITON_CACHE_DIR": "/cache/triton"}, "m"))


def test_a_folder_in_the_container_for_aiters_kernels_passes():
    assert not list(environment_problems({"AITER_JIT_DIR": "/tmp/aiter"}, "m"))
