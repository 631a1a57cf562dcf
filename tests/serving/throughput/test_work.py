"""The work of an engine, against figures of the models' own configurations, and what must hold for any load."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.shapes import MI300X
from serving.catalogue.loader import catalogue, find_model
from serving.throughput.factors import fitted_factors
from serving.throughput.fit import usable
from serving.throughput.loads import Load, run_terms, steady_speed, wave
from serving.throughput.measured import measured_engine, measured_model
from serving.throughput.sizing import variants
from serving.throughput.work import Engine, added, family_of, seconds

FACTORS = fitted_factors().factors


def engine(name: str, gpus: int = 1, cache: str = "auto") -> Engine:
    model = measured_model(name) or find_model(name)
    assert model is not None
    return Engine(model=model, shape=MI300X, gpus=gpus, cache=cache)


engines = st.builds(
    engine,
    st.sampled_from(
        ["llama-3.1-8b", "llama-3.1-405b-fp8", "mixtral-8x7b-fp8", "deepseek-r1", "gpt-oss-120b"]
    ),
    st.just(8),
)
lengths = st.floats(1, 100_000)
numbers = st.floats(1, 4_000)


@pytest.mark.parametrize(
    ("name", "batch", "expected_gb"),
    [
        # 16.06 GB less a table of 128,256 x 4,096 in two bytes.
        ("llama-3.1-8b", 1, 16.06 - 1.05),
        ("llama-3.1-8b", 500, 16.06 - 1.05),
        # 12.9 billion parameters are active; the files have 47 GB for 46.7 billion.
        ("mixtral-8x7b-fp8", 1, 12.9 * 47.0 / 46.7 - 0.26),
        # With so many tokens, each expert is used.
        ("mixtral-8x7b-fp8", 1000, 47.0 - 0.26),
    ],
)
def test_the_weights_that_a_step_reads(name, batch, expected_gb):
    assert engine(name).weights_read(batch) / 1e9 == pytest.approx(expected_gb, rel=0.01)


@pytest.mark.parametrize(
    ("name", "gpus", "cache", "expected"),
    [
        # 80 layers, 8 heads of 128, keys and values.
        ("llama-3.1-70b-fp8", 1, "auto", 80 * 8 * 128 * 2 * 2),
        ("llama-3.1-70b-fp8", 8, "fp8", 80 * 128 * 2),
        # Latent attention: 576 elements in 61 layers, on each GPU.
        ("deepseek-r1", 8, "auto", 61 * 576 * 2),
    ],
)
def test_the_cache_that_one_token_of_context_adds(name, gpus, cache, expected):
    used = engine(name, gpus, cache=cache)
    assert used.cache_read(2001) - used.cache_read(2000) == pytest.approx(expected)


def test_a_window_is_read_no_further_than_it_reaches():
    # Half of the 36 layers see 128 tokens: 18 layers grow, of 8 heads with 64 elements.
    used = engine("gpt-oss-120b")
    assert used.cache_read(2001) - used.cache_read(2000) == pytest.approx(18 * 8 * 64 * 2 * 2)
    assert used.cache_read(101) - used.cache_read(100) == pytest.approx(36 * 8 * 64 * 2 * 2)


def test_a_dense_model_multiplies_twice_its_parameters_for_a_token():
    # 70.6 billion less the table of the input; 2,614.9 TFLOPS in FP8.
    terms = engine("llama-3.1-70b-fp8").prompt(1)
    assert terms["prompt"] == pytest.approx(2 * (70.6e9 - 128256 * 8192) / 2614.9e12)


def test_one_gpu_exchanges_nothing():
    assert engine("llama-3.1-8b", 1).step(10, 100)["exchange"] == 0
    assert engine("llama-3.1-8b", 2).step(10, 100)["exchange"] > 0


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_model_of_the_catalogue_belongs_to_a_family_and_has_work(name):
    model = catalogue()[name]
    used = engine(name, model.tensor_parallel[-1])
    assert family_of(model) in {"dense", "experts", "latent"}
    assert 0 < used.weights_read(1) <= used.weights_read(10_000) <= model.weights_gb * 1e9


@given(engines, lengths, lengths)
def test_a_longer_context_reads_no_less_cache(used, one, other):
    short, long = sorted((one, other))
    assert used.cache_read(short) <= used.cache_read(long)


@given(engines, lengths, lengths, numbers, numbers)
def test_more_requests_at_the_same_time_lower_no_throughput_and_speed_up_no_answer(
    used, prompt, answer, one, other
):
    few, many = sorted((one, other))
    slow, fast = (
        steady_speed(used, Load(prompt=prompt, answer=answer, concurrency=each), FACTORS)
        for each in (few, many)
    )
    assert fast.output_tps >= slow.output_tps * (1 - 1e-9)
    assert fast.itl_seconds >= slow.itl_seconds * (1 - 1e-9)
    assert fast.ttft_seconds >= slow.ttft_seconds * (1 - 1e-9)


@given(engines, lengths, lengths, lengths, numbers)
def test_a_longer_prompt_makes_nothing_faster(used, one, other, answer, concurrency):
    short, long = sorted((one, other))
    fast, slow = (
        steady_speed(used, Load(prompt=each, answer=answer, concurrency=concurrency), FACTORS)
        for each in (short, long)
    )
    assert slow.output_tps <= fast.output_tps * (1 + 1e-9)
    assert slow.itl_seconds * slow.output_tps == pytest.approx(slow.running)


@given(engines, numbers, lengths)
def test_graphs_and_a_missing_server_only_save_time(used, batch, context):
    def took(other: Engine) -> float:
        return seconds(other.step(batch, context), FACTORS)

    assert took(replace(used, served=False)) <= took(used) <= took(replace(used, eager=True))


def test_the_cache_limits_how_many_requests_run():
    # 8 GPUs hold 405 billion parameters in FP8 and about a TB of cache.
    used = engine("llama-3.1-405b-fp8", 8)
    load = Load(prompt=30_000, answer=2_000, concurrency=5_000)
    speed = steady_speed(used, load, FACTORS)
    assert speed.running == pytest.approx(used.plan.tokens / 31_000)
    assert speed.ttft_seconds > 60, "the others wait for a place"


def test_a_wave_adds_prompts_and_steps():
    used = engine("llama-3.1-8b")
    terms = wave(used, 4, 100, 10)
    assert terms == added((4, used.prompt(100)), (10, used.step(4, 105)))
    assert terms["layer"] == 10 * 32


@pytest.mark.parametrize(
    ("settings", "steps"),
    [
        # As the usual tool: 100 requests, 32 at the same time. Those of one length end together: 4 waves, one of 4.
        ({"source": "vllm-recipes", "model": "qwen3guard-8b"}, 4 * 1024),
        # 500 requests, 4 at the same time: so many waves that the last does not count.
        ({"source": "dstack-r1", "kind": "online", "concurrency": 4}, 500 / 4 * 800),
        # They arrive one by one.
        (
            {"source": "mlperf-5.1", "kind": "online", "model": "llama-2-70b-fp8", "concurrency": 445},
            3072 / 445 * 301.1,
        ),
    ],
)
def test_a_run_has_the_steps_of_its_waves(settings, steps):
    (figure,) = [
        each for each in usable() if all(getattr(each, name) == value for name, value in settings.items())
    ]
    used = measured_engine(figure)
    assert used is not None
    assert run_terms(used, figure)["layer"] == pytest.approx(steps * used.model.layers)


def test_the_only_request_waits_for_no_other():
    used = engine("llama-3.1-8b")
    alone, two = (
        steady_speed(used, Load(prompt=500, answer=200, concurrency=each), FACTORS) for each in (1, 2)
    )
    work = seconds(added((1, used.prompt(500)), (1, used.step(1, 600))), FACTORS)
    assert alone.ttft_seconds == pytest.approx(work * FACTORS["firstToken"])
    assert two.ttft_seconds > alone.ttft_seconds


@settings(max_examples=30)
@given(st.sampled_from([1, 2, 4]), lengths, lengths, numbers)
def test_twice_the_gpus_and_smaller_weights_lower_no_throughput(gpus, prompt, answer, concurrency):
    load = Load(prompt=prompt, answer=answer, concurrency=concurrency)
    files, converted = (model for model, _ in variants(engine("llama-3.3-70b").model))
    few = Engine(model=files, shape=MI300X, gpus=gpus)
    for better in (replace(few, gpus=2 * gpus), replace(few, model=converted)):
        speeds = [steady_speed(each, load, FACTORS).output_tps for each in (few, better)]
        assert speeds[0] <= speeds[1] * (1 + 1e-9)
