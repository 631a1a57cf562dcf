"""The published measurements. The values below were read from the publications again, not from the files."""

import pytest

from facts.throughput.figures import Measurement, measurements, sources
from serving.throughput.fit import ENGINE, usable
from serving.throughput.measured import measured_engine


def one(source: str, **settings: object) -> Measurement:
    found = [
        each
        for each in measurements()
        if each.source == source and all(getattr(each, name) == value for name, value in settings.items())
    ]
    assert len(found) == 1, f"{source}: {settings} fits {len(found)} figures"
    return found[0]


def test_there_are_figures_of_many_sources_models_formats_and_sizes():
    used = usable()
    models = [engine.model for each in used if (engine := measured_engine(each))]
    assert len(used) >= 40
    assert len({each.source for each in used}) >= 5
    assert {model.weight_type for model in models} == {"bf16", "fp8"}
    assert {each.gpus for each in used} >= {1, 8}
    assert {model.attention.kind for model in models} == {"gqa", "mla"}
    assert any(model.experts for model in models)
    assert any(model.experts is None for model in models)


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_a_source_says_who_published_what_and_when(source):
    assert source.publisher
    assert source.title
    assert source.link.startswith("https://")
    assert len(source.date) == len("2025-01-31")
    assert source.measurements


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_its_figures_are_possible(source):
    for each in source.measurements:
        assert each.engine in {"vllm", "sglang"}
        assert each.version
        assert 1 <= each.gpus <= 8
        assert min(each.prompt, each.answer, each.output_tps) > 0
        assert each.requests >= 1
        assert each.concurrency >= 1
        # No request gets its tokens faster than the published time between them.
        if each.itl_ms is not None:
            assert each.output_tps <= each.concurrency * 1000 / each.itl_ms * 1.05


def test_a_figure_of_the_fitted_engine_has_a_known_model_or_says_why_it_is_left_out():
    for each in measurements():
        if each.engine == ENGINE and not each.left_out:
            assert measured_engine(each) is not None, each.model


@pytest.mark.parametrize(
    ("source", "settings", "tps"),
    [
        # 128 requests of 2,048 tokens in 44.107 s.
        (
            "amd-vllm-docker",
            {"version": "0.8.5", "model": "llama-3.1-70b-fp8", "concurrency": 128, "prompt": 128},
            5943.4,
        ),
        (
            "amd-vllm-docker",
            {"version": "0.10.0", "model": "llama-3.1-405b-fp8", "prompt": 500},
            2905.6,
        ),
        ("amd-vllm-docker", {"version": "0.11.1", "model": "llama-3.1-405b-fp8", "prompt": 500}, 3026.1),
        # 2 requests of 2,048 tokens in 17.934 s.
        ("amd-vllm-docker", {"version": "0.10.2", "concurrency": 2, "kind": "batch"}, 2 * 2048 / 17.934),
        ("azure-guide", {"model": "llama-3.1-8b-fp8", "prompt": 1024}, 10995),
        # 64 requests of 128 tokens in 6.919 s; the page says 1,184.
        ("oracle-405b", {"kind": "batch", "concurrency": 64}, 1184),
        ("coma-8b", {"concurrency": 256}, 8085),
        # 32 requests of 128 tokens in 1.20764 s.
        ("montemuino-8b", {"concurrency": 32, "answer": 128, "output_tps": 32 * 128 / 1.20764}, 3391.7),
        # 8 engines together.
        ("krai-mlperf", {"model": "llama-3.1-70b-fp8", "kind": "offline"}, 18558.9 / 8),
        ("vllm-recipes", {"model": "qwen3guard-8b"}, 2701.39),
        # 278,528 tokens, of which 2,048 of 2,176 are answers, in 195.5 s.
        ("dstack-405b", {"gpus": 4, "concurrency": 128, "prompt": 128}, 278528 * 2048 / 2176 / 195.526),
    ],
)
def test_a_figure_is_that_of_the_publication(source, settings, tps):
    assert one(source, **settings).output_tps == pytest.approx(tps, rel=0.002)


def test_latencies_are_those_of_the_publication():
    found = one("dstack-r1", engine="vllm", kind="online", concurrency=64)
    assert found.ttft_ms == pytest.approx(12233.67, rel=1e-4)
    assert found.itl_ms == pytest.approx(77.968, rel=1e-4)
