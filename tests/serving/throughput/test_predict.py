"""What is predicted, what is unknown, and how a demand is sized."""

import itertools
import math
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.shapes import MI300X, SHAPES
from serving.catalogue.loader import find_model
from serving.throughput.factors import fitted_factors
from serving.throughput.loads import Load
from serving.throughput.predict import Prediction, Unknown, predict
from serving.throughput.sizing import Choice, Demand, nodes_for, size, usd_per_million, variants
from serving.throughput.work import Engine

CHAT = Load(prompt=1000, answer=500, concurrency=64)


def engine(name: str, gpus: int, shape: str = MI300X.name) -> Engine:
    model = find_model(name)
    assert model is not None
    return Engine(model=model, shape=SHAPES[shape], gpus=gpus)


def predicted(used: Engine, load: Load) -> Prediction:
    found = predict(used, load)
    assert isinstance(found, Prediction), found
    return found


@pytest.mark.parametrize(
    ("used", "load", "reason"),
    [
        (engine("gpt-oss-120b", 1), CHAT, "no figure is of weights in mxfp4, only fp8"),
        (engine("gpt-oss-120b", 1), CHAT, "no figure is of layers with a sliding window"),
        (engine("qwen3-next-80b-a3b", 1), CHAT, "no figure is of layers with linear attention"),
        (engine("deepseek-v3.2-exp", 8), CHAT, "no figure is of sparse attention"),
        (engine("kimi-k2.5", 8), CHAT, "no figure that counts is of a model with an image encoder"),
        (
            engine("qwen3-235b-a22b-fp8", 4),
            CHAT,
            "64 requests at the same time of a model of 235.1 billion parameters: the figures have only 200",
        ),
        (engine("llama-3.1-8b", 8), CHAT, "8.03 billion parameters: the figures have 70.6 to 405.9"),
        (engine("deepseek-r1", 8), CHAT, "1,000 tokens of a prompt: the figures have only 3,200"),
        (engine("qwen3-32b", 1), replace(CHAT, concurrency=2), "2 requests at the same time"),
        (engine("llama-3.1-8b", 1), replace(CHAT, answer=50_000), "50,000 tokens of an answer"),
        (engine("llama-3.1-8b", 1, "BM.GPU.MI355X.8"), CHAT, "MI355X, of which there are no figures"),
    ],
)
def test_outside_the_figures_the_answer_is_unknown_with_the_reason(used, load, reason):
    found = predict(used, load)
    assert isinstance(found, Unknown)
    assert any(reason in each for each in found.reasons), found.reasons


@pytest.mark.parametrize(
    ("used", "load"),
    [
        (engine("llama-3.1-8b", 1), CHAT),
        (engine("llama-3.3-70b", 8), CHAT),
        (engine("qwen3-32b", 1), CHAT),
        (engine("deepseek-r1", 8), Load(prompt=3000, answer=1000, concurrency=32)),
    ],
)
def test_inside_it_is_a_number_with_a_range_and_sources(used, load):
    found = predicted(used, load)
    family = "latent" if used.model.name == "deepseek-r1" else "dense"
    width = fitted_factors().ranges[family].throughput
    assert found.output_tps.low * width == pytest.approx(found.output_tps.value)
    assert found.output_tps.value * width == pytest.approx(found.output_tps.high)
    ratio = (load.prompt + load.answer) / load.answer
    assert found.total_tps.value == pytest.approx(found.output_tps.value * ratio)
    assert found.requests_per_minute.value * load.answer / 60 == pytest.approx(found.output_tps.value)
    assert found.sources


def demand(name: str = "llama-3.3-70b", rate: float = 300, **changed: float) -> Demand:
    model = find_model(name)
    assert model is not None
    values = {"prompt": 1500.0, "answer": 400.0, "ttft_seconds": 2.0, "itl_seconds": 0.1} | changed
    return Demand(model=model, requests_per_minute=rate, **values)


@settings(max_examples=20)
@given(st.floats(1, 100_000), st.floats(0.3, 5), st.floats(0.05, 1))
def test_a_layout_holds_the_bounds_and_the_rate_at_the_slow_end(rate, ttft, itl):
    choices, _ = size(demand(rate=rate, ttft_seconds=ttft, itl_seconds=itl), MI300X)
    for each in choices:
        found = each.prediction
        assert found.ttft_seconds.high <= ttft
        assert found.itl_seconds.high <= itl
        assert each.replicas * found.requests_per_minute.low >= rate * (1 - 1e-9)
        assert (each.replicas - 1) * found.requests_per_minute.low < rate


@settings(max_examples=20)
@given(st.floats(1, 50_000), st.floats(1, 50_000))
def test_more_requests_never_need_fewer_gpus(one, other):
    few, many = (size(demand(rate=rate), MI300X)[0][0] for rate in sorted((one, other)))
    assert nodes_for([few], MI300X) <= nodes_for([many], MI300X)


def test_one_request_more_at_the_same_time_would_break_a_bound():
    asked = demand()
    for each in size(asked, MI300X)[0]:
        changed = next(model for model, quantized in variants(asked.model) if quantized == each.quantized)
        used = Engine(model=changed, shape=MI300X, gpus=each.tensor_parallel, cache=each.cache)
        found = predicted(used, Load(prompt=1500, answer=400, concurrency=each.concurrency + 1))
        assert found.itl_seconds.high > 0.1 or found.ttft_seconds.high > 2


def test_the_cheapest_comes_first():
    choices, _ = size(demand(rate=5_000), MI300X)
    costs = [(nodes_for([each], MI300X), each.gpus) for each in choices]
    assert costs == sorted(costs)
    assert len(choices) > 3


def test_only_bf16_files_are_converted_and_get_smaller():
    (own, no), (converted, yes) = variants(demand().model)
    assert (no, yes) == (False, True)
    assert own.weights_gb == 141.1
    # 70.6 GB, and again 2.1 for the embedding and 2.1 for the output layer, which keep two bytes.
    assert converted.weights_gb == pytest.approx(70.6 + 2.1, abs=0.1)
    assert [quantized for _, quantized in variants(demand("deepseek-r1").model)] == [False]


def test_impossible_bounds_are_refused_with_what_is_missed():
    choices, refused = size(demand(ttft_seconds=0.01, itl_seconds=0.001), MI300X)
    assert not choices
    assert any("first token takes up to" in reason for each in refused for reason in each.reasons)
    assert any("next token takes up to" in reason for each in refused for reason in each.reasons)


def test_one_layout_can_be_asked_for():
    choices, refused = size(demand(), MI300X, gpus=4)
    assert {each.tensor_parallel for each in choices} | {each.tensor_parallel for each in refused} == {4}


@cache
def found_choice() -> Choice:
    return size(demand(), MI300X)[0][0]


def choice(gpus: int, replicas: int) -> Choice:
    return replace(found_choice(), tensor_parallel=gpus, replicas=replicas)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from([1, 2, 4, 8]), st.integers(1, 1_000_000)), min_size=1, max_size=3))
def test_engines_fill_the_nodes_without_a_gap(sizes):
    gpus = sum(size * count for size, count in sizes)
    assert nodes_for([choice(*each) for each in sizes], MI300X) == math.ceil(gpus / 8)


def test_the_price_of_a_million_tokens_is_that_of_the_gpus_over_the_tokens():
    found = choice(2, 1)
    low, value, high = usd_per_million(6.0, found)
    assert value == pytest.approx(12 / (found.prediction.output_tps.value * 3600) * 1e6)
    assert low < value < high


def test_no_load_in_the_span_has_a_prediction_that_beats_the_memory():
    peak = 5.3e12
    for gpus, concurrency in itertools.product((1, 2, 4, 8), (64, 256, 1000)):
        used = engine("llama-3.3-70b", gpus)
        found = predicted(used, replace(CHAT, concurrency=concurrency))
        least = (used.weights_read(1) / gpus + found.running * used.cache_read(1250)) / peak
        assert found.itl_seconds.value > least
