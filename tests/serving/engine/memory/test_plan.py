"""The memory plan against calculated values, and properties of every model, shape and layout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.shapes import GPU_SHAPES, MI300X
from facts.vllm import DEFAULT_GPU_MEMORY_UTILIZATION
from serving.catalogue import Attention, Model, catalogue
from serving.engine.adapters import LoraAdapter
from serving.engine.choices import EngineChoices
from serving.engine.memory.cache import state_bytes
from serving.engine.memory.plan import (
    GIB,
    Assumptions,
    Layout,
    kv_bytes_per_token,
    kv_types,
    plan_memory,
)
from serving.engine.options.demands import engine_demands
from serving.engine.request import PlanRequest

LLAMA = catalogue()["llama-3.3-70b"]
R1 = catalogue()["deepseek-r1"]
MODELS = st.sampled_from(sorted(catalogue().values(), key=lambda model: model.name))
SHAPES = st.sampled_from(sorted(GPU_SHAPES.values(), key=lambda shape: shape.name))


def planned(model, shape=MI300X, *, assumptions=None, **choices):
    return plan_memory(PlanRequest(model, shape, EngineChoices(**choices), assumptions))


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
        (R1, "fp8", 35_136),
    ],
    ids=[
        "llama-70b",
        "llama-70b-bf16",
        "llama-70b-fp8",
        "llama-405b",
        "qwen3-32b",
        "qwen3-235b",
        "r1",
        "r1-fp8",
    ],
)
def test_bytes_per_token_are_the_calculated_values(model, kv_type, expected):
    assert kv_bytes_per_token(model, kv_type=kv_type) == expected


@pytest.mark.parametrize(("ranks", "expected"), [(1, 8), (2, 4), (8, 1), (16, 1)])
def test_key_value_heads_are_split_over_ranks_and_copied_if_there_are_more_ranks(ranks, expected):
    assert kv_bytes_per_token(LLAMA, Layout(tensor_parallel=ranks)) == 327_680 // 8 * expected


def test_the_latent_vector_is_copied_to_every_rank():
    assert kv_bytes_per_token(R1, Layout(tensor_parallel=8)) == kv_bytes_per_token(R1)


def test_a_pipeline_stage_caches_its_layers_and_the_fullest_stage_counts():
    assert kv_bytes_per_token(LLAMA, Layout(pipeline_parallel=2)) == 327_680 // 2
    assert kv_bytes_per_token(R1, Layout(pipeline_parallel=2)) == 31 * 576 * 2


def test_a_70b_in_bf16_on_one_gpu_has_no_room_for_its_own_context():
    plan = planned(LLAMA, MI300X, gpus=1)
    assert plan.kv_budget_gib == pytest.approx(176.64 - 131.41 - plan.reserve_gib, abs=0.1)
    assert 100_000 < plan.tokens < 131_072
    assert not plan.fits


def test_the_planner_uses_the_smallest_layout_with_room_for_the_context():
    assert planned(LLAMA, MI300X).layout.gpus == 2
    assert planned(LLAMA, MI300X, context_tokens=100_000).layout.gpus == 1
    assert planned(LLAMA, MI300X, kv_cache_type="fp8").layout.gpus == 1
    assert planned(R1, MI300X).layout.gpus == 8


def test_a_model_that_fits_nowhere_is_planned_on_the_largest_layout():
    huge = LLAMA.model_copy(update={"weights_gb": 5000.0})
    plan = planned(huge, MI300X)
    assert plan.layout.gpus == 8
    assert plan.kv_budget_gib < 0
    assert plan.tokens == 0
    assert not plan.fits


def test_a_models_own_utilisation_is_used_unless_assumptions_are_given():
    model, default = catalogue()["gpt-oss-120b"], DEFAULT_GPU_MEMORY_UTILIZATION
    assert planned(model, MI300X).assumptions.utilization == 0.95
    assert planned(model, MI300X, assumptions=Assumptions()).assumptions.utilization == default


def test_a_node_has_room_for_as_many_engines_as_its_gpus_allow():
    plan = planned(LLAMA, MI300X)
    assert plan.engines_per_node == 4
    assert plan.node_tokens == 4 * plan.tokens


@given(model=MODELS, shape=SHAPES, size=st.sampled_from([1, 2, 4, 8]), data=st.data())
def test_the_cache_never_exceeds_its_budget_and_all_parts_never_exceed_the_gpu(model, shape, size, data):
    kv_type = data.draw(st.sampled_from(kv_types(model)))
    plan = planned(model, shape, gpus=size, kv_cache_type=kv_type)
    assert plan.tokens % plan.pool.block_tokens == 0
    assert plan.tokens * plan.kv_bytes_per_token <= max(0.0, plan.kv_budget_gib) * GIB
    assert plan.blocks * plan.pool.block_bytes <= max(0.0, plan.kv_budget_gib) * GIB
    parts = plan.weights_gib + plan.reserve_gib + plan.kv_budget_gib
    assert parts == pytest.approx(plan.assumptions.utilization * plan.gpu_memory_gib)


@given(model=MODELS, shape=SHAPES, size=st.sampled_from([1, 2, 4]))
def test_twice_the_gpus_never_have_room_for_fewer_tokens(model, shape, size):
    assert planned(model, shape, gpus=2 * size).tokens >= planned(model, shape, gpus=size).tokens


@given(model=MODELS, shape=SHAPES, context=st.integers(1, 200_000))
def test_the_chosen_layout_fits_whenever_any_layout_does(model, shape, context):
    chosen = planned(model, shape, context_tokens=context)
    any_fits = any(
        planned(model, shape, gpus=size, context_tokens=context).fits for size in model.tensor_parallel
    )
    assert chosen.fits == any_fits


@given(model=MODELS, reserve=st.floats(0, 40))
def test_with_a_larger_reserve_never_more_tokens_fit(model, reserve):
    less = planned(model, MI300X, gpus=8, assumptions=Assumptions(runtime_gib=1.5 + reserve))
    assert less.tokens <= planned(model, MI300X, gpus=8, assumptions=Assumptions()).tokens


def test_layers_with_a_state_of_fixed_size_need_no_cache():
    hybrid = catalogue()["qwen3-next-80b-a3b"]
    assert kv_bytes_per_token(hybrid) == 2 * 12 * 2 * 256 * 2


def test_an_index_of_sparse_attention_counts_in_addition_to_the_cache():
    sparse = catalogue()["deepseek-v3.2-exp"]
    assert kv_bytes_per_token(sparse) == 61 * (576 * 2 + 132)


def test_a_models_own_cache_type_is_the_default():
    sparse = catalogue()["deepseek-v3.2-exp"]
    assert planned(sparse, MI300X).kv_type == "bfloat16"
    assert planned(sparse, MI300X, kv_cache_type="fp8").kv_type == "fp8"


def test_stages_on_several_nodes_share_layers_and_weights():
    plan = planned(R1, MI300X, nodes=2)
    assert plan.layout == Layout(tensor_parallel=8, pipeline_parallel=2)
    assert plan.kv_bytes_per_token == 31 * 1152
    assert plan.weights_gib == pytest.approx(R1.weights_gb * 1e9 / GIB / 16)
    assert plan.engines_per_node == 0


NEXT = catalogue()["qwen3-next-80b-a3b"]


def test_each_sequence_of_a_hybrid_has_a_state_so_fewer_run_than_by_vllms_default():
    plan = planned(NEXT, MI300X)
    # 8,192 channels of 3 past inputs and 32 heads of 128 x 128, in BF16; the block of attention has room for it.
    assert (
        state_bytes(NEXT, plan.layout, engine_demands(NEXT, EngineChoices()))
        == 8192 * 3 * 2 + 32 * 128 * 128 * 2
    )
    assert plan.pool.block_tokens == 544
    assert plan.pool.state_blocks == 3, "36 layers in groups of 12"
    assert plan.sequences_planned
    assert plan.sequences < 1024
    assert plan.sequences * plan.pool.needed(1) <= plan.blocks, "each has its states and a block of the cache"


def test_prefix_caching_and_full_precision_of_states_leave_room_for_fewer_sequences():
    plain = planned(NEXT, MI300X).sequences
    cached = {"enable-prefix-caching": True}
    assert planned(NEXT, MI300X, engine_options=cached).sequences < plain
    precise = {"mamba-ssm-cache-dtype": "float32"}
    assert planned(NEXT, MI300X, engine_options=precise).sequences < plain


def test_layers_with_a_window_keep_only_the_tokens_in_the_window():
    model = catalogue()["gpt-oss-120b"]
    apart = planned(model, MI300X)
    together = planned(model, MI300X, engine_options={"disable-hybrid-kv-cache-manager": True})
    assert apart.tokens > 1.5 * together.tokens
    assert apart.pool.fixed_blocks > 0


def use(plan, name):
    return next((each.gib for each in plan.uses if each.name == name), 0.0)


@pytest.mark.parametrize(
    ("options", "environment", "name"),
    [
        ({"max-num-batched-tokens": "262144"}, {}, "activations"),
        ({"max-num-seqs": "16384"}, {}, "penalty counts"),
        ({"max-num-seqs": "16K"}, {}, "sampling"),
        ({"block-size": "1"}, {}, "block tables"),
        ({"speculative-config": '{"model": "meta-llama/Llama-3.1-8B-Instruct"}'}, {}, "draft weights"),
        ({"spec-model": "llama-3.1-8b", "spec-tokens": "3"}, {}, "draft weights"),
        ({}, {"VLLM_ROCM_QUICK_REDUCE_QUANTIZATION": "INT4"}, "quick reduce"),
        ({"max-cudagraph-capture-size": "2048"}, {}, "graphs"),
    ],
)
def test_every_use_of_the_memory_is_counted_by_name(options, environment, name):
    before = planned(LLAMA, MI300X, gpus=2)
    after = planned(LLAMA, MI300X, gpus=2, engine_options=options, environment=environment)
    assert use(after, name) > use(before, name)
    assert after.tokens < before.tokens


def test_a_draft_model_needs_its_weights_and_its_own_cache():
    config = {
        "speculative-config": '{"model": "meta-llama/Llama-3.1-8B-Instruct", "num_speculative_tokens": 3}'
    }
    plan = planned(LLAMA, MI300X, gpus=2, engine_options=config)
    assert use(plan, "draft weights") == pytest.approx(16.1e9 / GIB / 2)
    assert plan.pool.block_bytes == (80 * 2 * 4 * 128 * 2 + 32 * 2 * 4 * 128 * 2) * plan.pool.block_tokens
    alone = planned(
        LLAMA,
        MI300X,
        gpus=2,
        engine_options={"speculative-config.draft_tensor_parallel_size": 1, **config},
    )
    assert use(alone, "draft weights") == pytest.approx(16.1e9 / GIB), "one rank has all of it"


def test_a_models_own_prediction_layers_are_loaded_only_for_speculation():
    options = {"speculative-config": '{"method": "deepseek_mtp", "num_speculative_tokens": 1}'}
    plan = planned(R1, MI300X, engine_options=options)
    assert use(plan, "draft weights") == pytest.approx(688.6e9 / 61 / GIB / 8)
    assert plan.pool.block_bytes == 62 * 576 * 2 * plan.pool.block_tokens


def test_speculation_that_copies_from_the_prompt_needs_no_weights():
    options = {"speculative-config": '{"method": "ngram", "num_speculative_tokens": 4}'}
    assert use(planned(LLAMA, MI300X, gpus=2, engine_options=options), "draft weights") == 0


def test_adapters_are_counted_by_number_and_rank():
    def gib(count, rank):
        adapters = [
            LoraAdapter(name=str(n), base="m", repository="a/b", revision="c", rank=rank)
            for n in range(count)
        ]
        return use(planned(LLAMA, MI300X, gpus=1, adapters=adapters), "adapters")

    # Per layer: q, k, v, o of 8,192 and 1,024, gate, up and down of 28,672.
    widths = 3 * 8192 + (8192 + 2 * 1024) + 2 * 8192 + 3 * (8192 + 28672)
    assert gib(1, 16) == pytest.approx(80 * widths * 16 * 2 / GIB)
    assert gib(4, 16) == pytest.approx(4 * gib(1, 16))
    assert gib(1, 64) == pytest.approx(4 * gib(1, 16))


def test_graphs_do_not_count_if_none_are_captured():
    for options in ({"enforce-eager": True}, {"compilation-config": '{"cudagraph_mode": "NONE"}'}):
        assert use(planned(LLAMA, MI300X, engine_options=options), "graphs") == 0


def test_redundant_experts_need_their_share_of_the_weights():
    options = {"enable-eplb": True, "eplb-config": '{"num_redundant_experts": 32}'}
    plan = planned(R1, MI300X, engine_options=options)
    assert use(plan, "redundant experts") == pytest.approx(use(plan, "weights") * 32 / 256)


def test_a_given_size_of_the_cache_is_used_up_to_the_memory_of_the_gpu():
    stated = planned(LLAMA, MI300X, gpus=2, engine_options={"kv-cache-memory-bytes": "50G"})
    assert stated.kv_budget_gib == 50
    all_of_it = planned(LLAMA, MI300X, gpus=2, engine_options={"kv-cache-memory-bytes": "500G"})
    assert all_of_it.kv_budget_gib < 192


@given(
    model=MODELS,
    batch=st.integers(1_024, 262_144),
    sequences=st.integers(1, 1_024),
)
def test_higher_demands_never_leave_room_for_more_tokens(model, batch, sequences):
    little = {"max-num-batched-tokens": 1024, "max-num-seqs": 1}
    much = {"max-num-batched-tokens": batch, "max-num-seqs": sequences}
    least, most = (planned(model, MI300X, gpus=8, engine_options=each) for each in (little, much))
    assert most.blocks <= least.blocks
    assert most.reserve_gib >= least.reserve_gib
