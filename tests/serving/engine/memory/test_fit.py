"""The planner's texts: an explanation, or a refusal with the nearest choices that fit."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.shapes import MI300X, SHAPES
from serving.catalogue import catalogue
from serving.engine.choices import EngineChoices
from serving.engine.memory.fit import explain, memory_problems
from serving.engine.request import PlanRequest
from tests.serving.engine.memory.test_plan import LLAMA, MODELS, planned
from tests.support.problems import only


def problems(model, shape=MI300X, **choices):
    return memory_problems(PlanRequest(model, shape, EngineChoices(**choices)), "m")


def test_a_70b_on_one_gpu_is_refused_for_its_own_context_with_three_alternatives():
    problem = only(problems(LLAMA, gpus=1))
    assert problem.path == "m.contextTokens"
    assert problem.value == 131_072
    held = planned(LLAMA, gpus=1).tokens
    assert f"{held:,} tokens fit on 1 GPU" in problem.allowed
    assert problem.fix == f"Nearest that fits: contextTokens {held}; or gpus 2; or kvCacheType fp8"


@given(model=MODELS, gpus=st.sampled_from([1, 2, 4, 8]), context=st.integers(1, 131_072))
def test_every_offered_alternative_fits(model, gpus, context):
    if gpus not in model.tensor_parallel:
        return
    for problem in problems(model, gpus=gpus, context_tokens=min(context, model.max_context)):
        for key, value in re.findall(r"(contextTokens|gpus|kvCacheType) (\w+)", problem.fix):
            changed = {"gpus": gpus, "context_tokens": problem.value}
            changed |= {
                "contextTokens": {"context_tokens": int(value) if key == "contextTokens" else 0},
                "gpus": {"gpus": int(value) if key == "gpus" else 0},
                "kvCacheType": {"kv_cache_type": value},
            }[key]
            assert not list(problems(model, **changed)), f"{key} {value} must fit"


@pytest.mark.parametrize("gpus", [1, 2, 4, 8])
def test_no_problem_is_raised_for_a_context_that_fits(gpus):
    assert not list(problems(LLAMA, gpus=gpus, context_tokens=100_000))


@pytest.mark.parametrize(
    ("arguments", "path", "words"),
    [
        ({"gpus": 3}, "m.gpus", "1, 2, 4 or 8"),
        ({"gpus": 0}, "m.gpus", "nearest is 1"),
        ({"gpus": 16}, "m.gpus", "nearest is 8"),
        ({"context_tokens": 0}, "m.contextTokens", "1 or more"),
        ({"context_tokens": 131_073}, "m.contextTokens", "at most 131,072"),
        ({"kv_cache_type": "fp4"}, "m.kvCacheType", "fp8_e5m2"),
        ({"kv_cache_type": "fp8_ds_mla"}, "m.kvCacheType", "must be one of"),
        ({"memory_utilization": 0.6, "gpus": 1}, "m.contextTokens", "leaves no memory for the cache"),
    ],
)
def test_choices_that_cannot_be_planned_are_refused_at_their_path(arguments, path, words):
    problem = only(problems(LLAMA, **arguments))
    assert problem.path == path
    assert words in str(problem)


def test_all_problems_are_reported_together():
    found = list(problems(LLAMA, gpus=5, context_tokens=-1, kv_cache_type="x"))
    assert [problem.path for problem in found] == ["m.gpus", "m.contextTokens", "m.kvCacheType"]


def test_a_shape_without_gpus_is_refused():
    problem = only(problems(LLAMA, SHAPES["VM.Standard.E5.Flex"]))
    assert problem.path == "m.shape"


def test_a_model_that_fits_no_layout_is_refused_without_a_false_alternative():
    huge = LLAMA.model_copy(update={"weights_gb": 50_000.0})
    problem = only(problems(huge))
    assert problem.fix == "No layout of it fits BM.GPU.MI300X.8"


def test_the_explanation_names_layout_budget_and_assumptions():
    text = "\n".join(explain(planned(LLAMA)))
    assert (
        "llama-3.3-70b on 2 GPUs of 8 (MI300X, BM.GPU.MI300X.8) has room for a request of 131,072 tokens"
        in text
    )
    assert "chosen as the smallest layout that has room" in text
    assert "163,840 bytes per token and GPU" in text
    assert "a star marks an assumption" in text
    for use in planned(LLAMA).uses:
        assert re.search(rf"^  {use.name} +{use.gib:.2f}[* ]  {use.source}$", text, re.MULTILINE)


def test_numbers_for_which_the_cache_has_no_room_are_refused():
    model = catalogue()["qwen3-next-80b-a3b"]
    for options, words in (
        ({"max-num-seqs": "2048"}, "each sequence needs a block of the cache for its state"),
        ({"num-gpu-blocks-override": "999999"}, "the blocks for which there is memory"),
        ({"kv-cache-memory-bytes": "100G"}, "the free memory"),
    ):
        problem = only(problems(model, gpus=1, engine_options=options))
        assert words in problem.allowed
        assert problem.path == f"m.engineOptions.{next(iter(options))}"
    eager = {"max-num-seqs": "1400", "enforce-eager": True}
    assert not list(problems(model, gpus=1, engine_options=eager))


def test_the_explanation_of_a_plan_that_does_not_fit_says_so():
    assert "does not have room" in explain(planned(LLAMA, gpus=1))[0]
    huge = LLAMA.model_copy(update={"weights_gb": 50_000.0})
    assert "the largest layout that a node allows" in explain(planned(huge))[0]


def test_a_model_too_large_for_a_node_is_offered_several():
    large = LLAMA.model_copy(update={"weights_gb": 2000.0})
    problem = only(problems(large))
    assert problem.fix == "Nearest that fits: nodes 2"


@pytest.mark.parametrize(
    ("model", "given", "place", "words"),
    [
        ("llama-3.3-70b", {"nodes": 0}, "m.nodes", "1 or more"),
        ("llama-3.3-70b", {"nodes": 81}, "m.nodes", "80 or less"),
        ("llama-3.3-70b", {"nodes": 2, "gpus": 4}, "m.gpus", "uses whole nodes"),
        ("minimax-m2.5", {"nodes": 2}, "m.nodes", "does not run on all 8 GPUs"),
    ],
)
def test_several_nodes_are_refused_where_they_cannot_work(model, given, place, words):
    problem = only(problems(catalogue()[model], **given))
    assert problem.path == place
    assert words in str(problem)


def test_several_nodes_without_rdma_are_refused():
    lonely = replace(MI300X, rdma_nics=(), rdma_gbps=None)
    problem = only(problems(LLAMA, lonely, nodes=2))
    assert "no RDMA network" in str(problem)


def test_the_explanation_says_what_fits_on_smaller_layouts():
    first, *_ = explain(planned(LLAMA))
    assert "chosen as the smallest layout that has room (" in first
    assert "on 1 GPU)" in first


def test_the_explanation_names_several_nodes():
    text = " ".join(explain(planned(LLAMA, nodes=2)))
    assert "2 whole nodes of 8 GPUs" in text
    assert "over RDMA" in text


@pytest.mark.parametrize(("model", "said"), [("minimax-m2.5", True), ("llama-3.3-70b", False)])
def test_the_explanation_marks_an_assumed_size(model, said):
    lines = explain(planned(catalogue()[model]))
    assert ("*" in next(line for line in lines if line.startswith("  weights"))) is said


@pytest.mark.parametrize(("context", "fine"), [(131_072, True), (131_073, False)])
def test_a_context_is_as_long_as_the_overrides_of_the_configuration_allow(context, fine):
    model = catalogue()["qwen3-32b"]
    overrides = '{"max_position_embeddings": 131072, "rope_parameters": {"rope_type": "yarn", "factor": 4.0}}'
    options = {"hf-overrides": overrides}
    found = list(problems(model, context_tokens=context, engine_options=options))
    assert (not found) is fine
    assert list(problems(model, context_tokens=context))


def test_larger_states_lower_the_planned_sequences_and_are_not_refused():
    model = catalogue()["qwen3-next-80b-a3b"]
    options = {"mamba-ssm-cache-dtype": "float32"}
    assert not list(problems(model, engine_options=options))
    usual = planned(model)
    assert planned(model, engine_options=options).sequences < usual.sequences
