"""The metrics that the parts of the traffic path print."""

import pytest

from facts.scraped_metrics import ENGINE, FOLDER, bucket_edges, known_series, parse_metrics
from serving.jobs.smoke_test import METRICS

FILES = [ENGINE, *sorted(FOLDER.glob("*.txt"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_is_a_metric_with_a_kind_labels_and_rising_buckets(path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [*parse_metrics(text, path.stem)]
    assert found
    assert path == ENGINE or text.startswith("# "), "the first line names the source"
    for metric in found:
        assert metric.kind in {"counter", "gauge", "histogram", "summary"}, metric.name
        assert list(metric.buckets) == sorted(set(metric.buckets)), metric.name
        assert metric.kind == "histogram" or not metric.buckets, metric.name


def test_a_histogram_has_three_series_and_only_its_buckets_have_the_label_le() -> None:
    known = known_series("amd_")
    name = "vllm:time_to_first_token_seconds"
    assert name not in known
    assert "le" in known[f"{name}_bucket"].labels
    assert {"model_name", "engine"} == known[f"{name}_count"].labels == known[f"{name}_sum"].labels


def test_a_name_that_ends_like_a_counter_can_be_a_histogram() -> None:
    known = known_series("amd_")
    assert "vllm:iteration_tokens_total" not in known
    assert "vllm:iteration_tokens_total_bucket" in known


@pytest.mark.parametrize("prefix", ["", "amd_"])
def test_only_gpu_metrics_have_the_prefix(prefix: str) -> None:
    known = known_series(prefix)
    assert f"{prefix}gpu_health" in known
    assert "up" in known
    assert "keda_build_info" in known


@pytest.mark.parametrize(
    "name",
    [
        "vllm:gpu_cache_usage_perc",
        "vllm:time_per_output_token_seconds_count",
        "vllm:num_requests_swapped",
        "amd_gpu_edge_temperature",
    ],
)
def test_a_metric_that_the_pinned_versions_no_longer_have_is_unknown(name: str) -> None:
    assert name not in known_series("amd_")


def test_the_requirements_limit_of_two_seconds_is_no_bucket() -> None:
    edges = bucket_edges("vllm:time_to_first_token_seconds")
    assert 2 not in edges
    assert {1, 2.5} <= set(edges)


def test_the_smoke_test_reads_metrics_that_exist() -> None:
    assert set(METRICS) <= set(known_series(""))
