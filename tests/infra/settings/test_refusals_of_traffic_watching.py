"""Wrong configurations of alerts and objectives are named with their path and message."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import Change, assert_named, config
from tests.infra.settings.refusals_of_pools import Refusal
from tests.infra.settings.refusals_of_traffic_watching import EVERY, own, watched


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_a_wrong_configuration_is_named(wrong: Refusal):
    assert_named([*wrong.changes], wrong.path, wrong.message)


@pytest.mark.parametrize(
    "changes",
    [
        watched(),
        watched(objectives={"availabilityPercent": 99.9, "firstTokenSeconds": 1.0}),
        [
            *watched(thresholds={"GpuHot": 90}, runbooks="https://wiki.example.com/runbooks"),
            ("serving.platform.metricsExporter", {}),
        ],
        own("sum by (model_name) (rate(vllm:prompt_tokens_total[10m])) > 200000"),
        own("model:errors:ratio_rate1h > 0.1", forTime="0m", runbook="https://wiki.example.com/mine"),
        own(
            "count(up == 0)",
            summary='{{ $value | printf "%.1f" }} of {{ humanize $value }}, {{- .Labels.job -}}',
        ),
        own('up{model_name="qwen3-32b",track!="canary",job=~"engines|routers"} == 0'),
        own("absent(up)", summary='{{ printf "%.0f" $value | title }}'),
        own(summary="{{ $labels.model_name }} has {{ $value }} requests, {} each"),
        [
            *own("my_gpu_health == 0"),
            ("serving.platform.metricsExporter", {"metricPrefix": "my_"}),
        ],
    ],
)
def test_a_right_configuration_passes(changes: list[Change]):
    assert not examine(config(*changes), "test").problems
