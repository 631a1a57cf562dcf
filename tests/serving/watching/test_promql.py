"""Queries on metrics, labels and buckets that do not exist are refused."""

import pytest

from facts.scraped_metrics import known_series
from serving.watching.promql import one_series_problems, query_problems

KNOWN = known_series("amd_")
TTFT = "vllm:time_to_first_token_seconds_bucket"


@pytest.mark.parametrize(
    "query",
    [
        'sum by (model_name) (rate(vllm:generation_tokens_total{job="engines"}[5m]))',
        f'sum(rate({TTFT}{{le=~"1|1.0"}}[5m]))',
        f'sum(rate({TTFT}{{le="+Inf"}}[5m]))',
        "histogram_quantile(0.95, sum by (le) (rate(vllm:e2e_request_latency_seconds_bucket[5m])))",
        'max_over_time(sum(up{job="routers"})[1h:5m]) > 0 unless on (namespace) kube_pod_info',
        f"histogram_quantile(0.99, sum without (pod) (rate({TTFT}[5m])))",
        f"histogram_quantile(1, rate({TTFT}[5m]) + on (le, pod) rate({TTFT}[1h]))",
        "quantile(0.5, up)",
        'label_replace(up, "node", "$1", "instance", "(.*):.*")',
        '{"vllm:num_requests_running"} offset 1h',
    ],
)
def test_a_query_on_what_exists_passes(query: str) -> None:
    assert not [*query_problems(query, KNOWN, path="q")]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("sum(rate(up)", "must be a query of Prometheus"),
        ("rate(up)", "expected type matrix"),
        ("up" + " + up" * 200, "nested more than 100 levels"),
        ("(" * 200 + "up" + ")" * 200, "nested more than 100 levels"),
        ("(" * 100_000 + "up", "10,000 are allowed"),
        ("1 + 1", "must query a metric"),
        ("vllm:gpu_cache_usage_perc > 0.9", "is not a metric of the pinned versions"),
        ("vllm:time_to_first_token_seconds", "is not a metric of the pinned versions"),
        ('{job="engines"}', "a selector without a name"),
        ('vllm:num_requests_running{model="a"}', "is not a label of vllm:num_requests_running"),
        ("sum by (model) (vllm:num_requests_running)", "is not a label of these metrics"),
        ("up / on (model) group_left () up", "is not a label of these metrics"),
        ("sum(max_over_time(vllm:num_requests_swapped[5m]))", "did you mean"),
        (f'{TTFT}{{le="2"}}', "is not a bucket"),
        (f'{TTFT}{{le=~"1|3.0"}}', "is not a bucket"),
        (f'{TTFT}{{le=~"1.*"}}', "must name buckets"),
        (f'{TTFT}{{le="fast"}}', "is not a bucket"),
        (f"histogram_quantile(0.9, sum(rate({TTFT}[5m]))) > 1", "must keep the label le"),
        (
            f"histogram_quantile(0.9, sum by (pod) (sum by (le, pod) (rate({TTFT}[5m]))))",
            "must keep the label le",
        ),
        (f"histogram_quantile(0.9, sum without (le) (rate({TTFT}[5m])))", "must keep the label le"),
        (
            "histogram_quantile(0.9, sum by (le) (vllm:num_requests_running))",
            "must be the buckets of a histogram",
        ),
        (f"histogram_quantile(95, sum by (le) (rate({TTFT}[5m])))", "must be a quantile from 0 to 1"),
        ("quantile(-1, up)", "must be a quantile"),
        ("quantile_over_time(1.5, up[5m])", "must be a quantile"),
    ],
)
def test_a_query_on_what_does_not_exist_is_refused(query: str, message: str) -> None:
    problems = [str(each) for each in query_problems(query, KNOWN, path="q")]
    assert any(message.lower() in each.lower() for each in problems), problems


@pytest.mark.parametrize(
    "query",
    [
        "sum(vllm:num_requests_running)",
        "(sum(vllm:num_requests_running) >= 0) or 0 * (sum(up) > 0)",
        "scalar(up) + 1",
        "max by () (up)",
        "absent(up)",
        "-sum(up)",
        "clamp_max(sum(up), 3)",
    ],
)
def test_a_query_that_returns_one_series_passes(query: str) -> None:
    assert not [*one_series_problems(query, path="q")]


@pytest.mark.parametrize(
    "query",
    [
        "up",
        "sum by (pod) (up)",
        "sum without (pod) (up)",
        "topk(1, up)",
        "rate(vllm:generation_tokens_total[5m])",
        "sum(up) + up",
        "max_over_time(up[5m])",
    ],
)
def test_a_query_that_can_return_several_series_is_refused(query: str) -> None:
    (problem,) = one_series_problems(query, path="q")
    assert "several series" in str(problem)
