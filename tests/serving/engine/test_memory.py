"""The memory plan against worked values, and what must hold for every model, shape and layout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.shapes import GPU_SHAPES, MI300X
from serving.catalogue import Attention, Model, catalogue
from serving.engine.memory import (
    GIB,
    TOKEN_STEP,
    Assumptions,
    Layout,
    kv_bytes_per_token,
    kv_types,
    plan_memory,
)

LLAMA = catalogue()["llama-3.3-70b"]
R1 = catalogue()["deepseek-r1"]
MODELS = st.sampled_from(sorted(catalogue().values(), key=lambda model: model.name))
SHAPES = st.sampled_from(sorted(GPU_SHAPES.values(), key=lambda shape: shape.name))


def like_llama(layers: int, kv_heads: int, head_size: int = 128) -> Model:
    attention = Attention(kind="gqa", heads=64, kv_heads=kv_heads, head_size=head_size)
    return LLAMA.model_copy(update={"layers": layers, "attention": attention})


@pytest.mark.parametrize(
    ("model", "kv_type", "expected"),
    [
        (LLAMA, "auto", 327_680),
        (LLAMA, "bfloat16", 327_680),
        (LLAMA, "fp8", 163_840),
        (like_llama(126, 8), "auto", 516_096),
        (catalogue()["qwen3-32b"], "auto", 262_144),
        (catalogue()["qwen3-235b-a22b"], "auto", 192_512),
        (R1, "auto", 70_272),
        (R1, "fp8_ds_mla", 61 * 656),
    ],
    ids=[
        "llama-70b",
        "llama-70b-bf16",
        "llama-70b-fp8",
        "llama-405b",
        "qwen3-32b",
        "qwen3-235b",
        "r1",
        "r1-packed",
    ],
)
def test_bytes_per_token_are_the_worked_values(model, kv_type, expected):
    assert kv_bytes_per_token(model, kv_type=kv_type) == expected


@pytest.mark.parametrize(("ranks", "expected"), [(1, 8), (2, 4), (8, 1), (16, 1)])
def test_key_value_heads_are_split_over_ranks_and_copied_where_ranks_outnumber_them(ranks, expected):
    assert kv_bytes_per_token(LLAMA, Layout(tensor_parallel=ranks)) == 327_680 // 8 * expected


def test_the_latent_vector_is_copied_to_every_rank():
    assert kv_bytes_per_token(R1, Layout(tensor_parallel=8)) == kv_bytes_per_token(R1)


def test_a_pipeline_stage_caches_its_layers_the_fullest_counts():
    assert kv_bytes_per_token(LLAMA, Layout(pipeline_parallel=2)) == 327_680 // 2
    assert kv_bytes_per_token(R1, Layout(pipeline_parallel=2)) == 31 * 576 * 2


def test_a_70b_in_bf16_on_one_gpu_holds_less_than_its_own_context():
    plan = plan_memory(LLAMA, MI300X, gpus=1)
    assert plan.kv_budget_gib == pytest.approx(38.2, abs=0.1)
    assert 124_000 < plan.tokens < 126_000
    assert not plan.fits


def test_the_planner_takes_the_smallest_layout_that_holds_the_context():
    assert plan_memory(LLAMA, MI300X).layout.gpus == 2
    assert plan_memory(LLAMA, MI300X, context_tokens=100_000).layout.gpus == 1
    assert plan_memory(LLAMA, MI300X, kv_type="fp8").layout.gpus == 1
    assert plan_memory(R1, MI300X).layout.gpus == 8


def test_a_model_that_fits_nowhere_is_planned_on_the_largest_layout():
    huge = LLAMA.model_copy(update={"weights_gb": 5000.0})
    plan = plan_memory(huge, MI300X)
    assert plan.layout.gpus == 8
    assert plan.kv_budget_gib < 0
    assert plan.tokens == 0
    assert not plan.fits


def test_a_models_own_utilisation_is_used_unless_assumptions_are_given():
    model = catalogue()["gpt-oss-120b"]
    assert plan_memory(model, MI300X).assumptions.utilization == 0.95
    assert plan_memory(model, MI300X, assumptions=Assumptions()).assumptions.utilization == 0.92


def test_a_node_has_room_for_as_many_engines_as_its_gpus_allow():
    plan = plan_memory(LLAMA, MI300X)
    assert plan.engines_per_node == 4
    assert plan.node_tokens == 4 * plan.tokens


@given(model=MODELS, shape=SHAPES, size=st.sampled_from([1, 2, 4, 8]), data=st.data())
def test_the_cache_never_outgrows_its_budget_nor_the_parts_the_gpu(model, shape, size, data):
    kv_type = data.draw(st.sampled_from(kv_types(model)))
    plan = plan_memory(model, shape, gpus=size, kv_type=kv_type)
    assert plan.tokens % TOKEN_STEP == 0
    assert plan.tokens * plan.kv_bytes_per_token <= max(0.0, plan.kv_budget_gib) * GIB
    parts = plan.weights_gib + plan.reserve_gib + plan.kv_budget_gib
    assert parts == pytest.approx(plan.assumptions.utilization * plan.gpu_memory_gib)


@given(model=MODELS, shape=SHAPES, size=st.sampled_from([1, 2, 4]))
def test_twice_the_gpus_never_hold_fewer_tokens(model, shape, size):
    assert plan_memory(model, shape, gpus=2 * size).tokens >= plan_memory(model, shape, gpus=size).tokens


@given(model=MODELS, shape=SHAPES, context=st.integers(1, 200_000))
def test_the_chosen_layout_fits_whenever_any_layout_does(model, shape, context):
    chosen = plan_memory(model, shape, context_tokens=context)
    any_fits = any(
        plan_memory(model, shape, gpus=size, context_tokens=context).fits for size in model.tensor_parallel
    )
    assert chosen.fits == any_fits


@given(model=MODELS, reserve=st.floats(0, 40))
def test_a_larger_reserve_never_holds_more_tokens(model, reserve):
    less = plan_memory(model, MI300X, gpus=8, assumptions=Assumptions(activation_gib=5 + reserve))
    assert less.tokens <= plan_memory(model, MI300X, gpus=8, assumptions=Assumptions()).tokens


def test_layers_with_a_state_of_fixed_size_take_no_cache():
    hybrid = catalogue()["qwen3-next-80b-a3b"]
    assert kv_bytes_per_token(hybrid) == 2 * 12 * 2 * 256 * 2


def test_an_index_of_sparse_attention_counts_beside_the_cache():
    sparse = catalogue()["deepseek-v3.2-exp"]
    assert kv_bytes_per_token(sparse) == 61 * (576 * 2 + 132)


def test_a_model_that_asks_for_a_cache_type_gets_it_unless_told_otherwise():
    sparse = catalogue()["deepseek-v3.2-exp"]
    assert plan_memory(sparse, MI300X).kv_type == "bfloat16"
    assert plan_memory(sparse, MI300X, kv_type="fp8").kv_type == "fp8"


def test_stages_on_several_nodes_share_layers_and_weights():
    plan = plan_memory(R1, MI300X, nodes=2)
    assert plan.layout == Layout(tensor_parallel=8, pipeline_parallel=2)
    assert plan.kv_bytes_per_token == 31 * 1152
    assert plan.weights_gib == pytest.approx(R1.weights_gb * 1e9 / GIB / 16)
    assert plan.engines_per_node == 0
