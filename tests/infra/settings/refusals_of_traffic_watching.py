"""Wrong configurations of what watches the traffic path. Each with its path and message."""

from typing import Any

from tests.infra.settings.examples import Change
from tests.infra.settings.refusals_of_pools import Refusal
from tests.infra.settings.refusals_of_traffic_router import routed

PATH = "traffic.watching"
PROMETHEUS: Change = ("serving.platform.prometheus", {})


def watched(**values: Any) -> list[Change]:
    """Changes that add rules, with these values."""
    return [PROMETHEUS, (PATH, values)]


def own(expr: str = "up == 0", name: str = "Mine", **values: Any) -> list[Change]:
    """Changes that add one rule of the user's own."""
    return watched(rules={name: {"expr": expr, "severity": "P2", "summary": "a", **values}})


TTFT = "vllm:time_to_first_token_seconds_bucket"
EXPR = f"{PATH}.rules.Mine.expr"
VALUES = "serving.platform.prometheus.values"
GOALS = f"{PATH}.objectives"

EVERY: tuple[Refusal, ...] = (
    Refusal("no Prometheus", [(PATH, {})], PATH, "needs serving.platform.prometheus"),
    Refusal("off a bucket", watched(objectives={"firstTokenSeconds": 2}), f"{GOALS}.firstTokenSeconds", "a bucket"),
    Refusal("between tokens", watched(objectives={"interTokenSeconds": 0.06}), f"{GOALS}.interTokenSeconds", "0.075"),
    Refusal("a loose objective", watched(objectives={"availabilityPercent": 90}), f"{GOALS}.availabilityPercent",
            "must be above 93.1"),
    Refusal("no error ever", watched(objectives={"availabilityPercent": 100}), f"{GOALS}.availabilityPercent",
            "below 100"),
    Refusal("an unknown alert", watched(thresholds={"GpuHott": 1}), f"{PATH}.thresholds.GpuHott", "GpuHot"),
    Refusal("no threshold", watched(thresholds={"GpuUnhealthy": 1}), f"{PATH}.thresholds.GpuUnhealthy", "left out"),
    Refusal("a negative one", watched(thresholds={"GpuHot": -1}), f"{PATH}.thresholds.GpuHot", "from 0"),
    Refusal("a share in percent", watched(thresholds={"KvCacheFull": 95}), f"{PATH}.thresholds.KvCacheFull", "a share"),
    Refusal("all of the time", watched(thresholds={"GpuBusy": 100}), f"{PATH}.thresholds.GpuBusy", "below 100"),
    Refusal("a plain address", watched(runbooks="http://a"), f"{PATH}.runbooks", "begins with https://"),
    Refusal("a slash", watched(runbooks="https://a/"), f"{PATH}.runbooks", "does not end with /"),
    *(
        Refusal(f"the address {address!r}", watched(runbooks=address), f"{PATH}.runbooks", "begins with https://")
        for address in ("https://a b/c", "https:///c", "https://a/{{ $x }}", "https://a/?page=b", "https://a/b#c",
                        "https://a/b\n")
    ),
    Refusal("a removed metric", own("vllm:gpu_cache_usage_perc > 1"), EXPR, "is not a metric of the pinned versions"),
    Refusal("another prefix", [*own("gpu_health == 0")], EXPR, "is not a metric"),
    Refusal("a metric of the other router", [*routed(), *own("vllm_router_cb_state > 1")], EXPR,
            "is a metric of vllm-router, but traffic.router runs smg"),
    Refusal("a metric of no exporter", own("amd_gpu_health == 0"), EXPR, "of the chart metricsExporter"),
    Refusal("a metric of no cert-manager", own("certmanager_certificate_expiration_timestamp_seconds < time()"), EXPR,
            "of the chart certManager, which serving.platform does not have"),
    Refusal("a model that is not there", own('vllm:num_requests_waiting{model_name="qwen3"} > 1'), EXPR,
            "Did you mean `qwen3-32b`?"),
    Refusal("a track that is not there", own('up{track="canary"} == 0'), EXPR, "stable, candidate"),
    Refusal("a range below two samples", own("rate(vllm:prompt_tokens_total[20s]) > 1"), EXPR, "30s or more"),
    Refusal("a range below one sample", own("max_over_time(up[5s]) == 0"), EXPR, "15s or more"),
    Refusal("a range as a condition", own("up[5m]"), EXPR, "must return a vector"),
    Refusal("a number as a condition", own("scalar(up)"), EXPR, "must return a vector"),
    Refusal("no condition", own("vllm:num_requests_waiting"), EXPR, "would always fire"),
    Refusal("a comparison that is a value", own("up == bool 0"), EXPR, "would always fire"),
    Refusal("a metric of no router", own("smg_router_request_errors_total > 1"), EXPR, "traffic.router runs none"),
    Refusal("a quantile of nothing", own(f"histogram_quantile(0.9, sum(rate({TTFT}[5m]))) > 1"), EXPR,
            "must keep the label le"),
    Refusal("a quantile in percent", own(f"histogram_quantile(95, rate({TTFT}[5m])) > 1"), EXPR, "from 0 to 1"),
    Refusal("a wrong label", own('vllm:num_requests_running{model="a"} > 1'), EXPR, "is not a label of"),
    Refusal("a wrong group", own("sum by (tenant) (up) > 1"), EXPR, "is not a label of these metrics"),
    Refusal("a wrong bucket", own(f'sum(rate({TTFT}{{le="2.0"}}[5m])) > 1'), EXPR, "is not a bucket"),
    Refusal("no query", own("up == "), EXPR, "must be a query of Prometheus"),
    Refusal("an instant in a rate", own("rate(up) > 1"), EXPR, "expected type matrix"),
    Refusal("no metric", own("vector(1) > 0"), EXPR, "must query a metric"),
    Refusal("no severity", own(severity="critical"), f"{PATH}.rules.Mine.severity", "must be one of P1"),
    Refusal("no time", own(forTime="soon"), f"{PATH}.rules.Mine.forTime", "must be a time such as 5m"),
    Refusal("the name of the heartbeat's alert", own(name="Watchdog"), f"{PATH}.rules.Watchdog", "to heartbeats only"),
    Refusal("a plain runbook", own(runbook="http://wiki.example.com/a"), f"{PATH}.rules.Mine.runbook", "https://"),
    Refusal("a runbook that runs", own(runbook="javascript:alert(1)"), f"{PATH}.rules.Mine.runbook", "https://"),
    Refusal("two lines", own(summary="a\nb"), f"{PATH}.rules.Mine.summary", "must be one line"),
    Refusal("no words", own(summary=" "), f"{PATH}.rules.Mine.summary", "must be one line"),
    Refusal("an open template", own(summary="a {{ $labels.b"), f"{PATH}.rules.Mine.summary", "each {{ has its }}"),
    Refusal("a closed template", own(summary="a }} b"), f"{PATH}.rules.Mine.summary", "each {{ has its }}"),
    *(
        Refusal(f"the template {template}", own(summary=f"a {template} b"), f"{PATH}.rules.Mine.summary", message)
        for template, message in {
            "{{ nofunc $value }}": "loads no rule beside a template that it cannot parse",
            "{{ $model }}": "must be a template of a value or a label",
            "{{ if $value }}": "must be a template of a value or a label",
            "{{ }}": "must be a template of a value or a label",
            "{{ $labels.model }}": "is not a label of these metrics",
        }.items()
    ),
    Refusal("a template in an address", own(runbook="https://a/{{b}}"), f"{PATH}.rules.Mine.runbook", "https://"),
    Refusal("a name of ours", own(name="GpuHot"), f"{PATH}.rules.GpuHot", "another name"),
    Refusal("a name with a hyphen", own(name="My-rule"), f"{PATH}.rules.My-rule", "letters and digits"),
    Refusal("an unknown key", watched(objective={}), f"{PATH}.objective", "objectives"),
    *(
        Refusal(f"no {key}", [*watched(), (f"{VALUES}.{key}", value)], f"{VALUES}.{key}", "with traffic.watching")
        for key, value in (
            ("prometheus.enabled", False),
            ("kubeStateMetrics.enabled", False),
            ("prometheus.prometheusSpec.ruleSelector", {"matchLabels": {"a": "b"}}),
            ("prometheus.prometheusSpec.podMonitorSelectorNilUsesHelmValues", True),
        )
    ),
    Refusal("a history below the windows", [*watched(), ("serving.platform.prometheus.retentionDays", 2)],
            "serving.platform.prometheus.retentionDays", "must be 3 or more with traffic.watching"),
    Refusal("engines without metrics",
            [*watched(), ("serving.models.0.engineOptions", {"disable-log-stats": "true"})],
            "serving.models[0].engineOptions.disable-log-stats", "would have no metrics"),
    Refusal("a candidate without metrics",
            [*watched(), ("traffic.candidates.qwen3-32b", {"engineOptions": {"disable-log-stats": "true"}})],
            "traffic.candidates.qwen3-32b.engineOptions.disable-log-stats", "would have no metrics"),
)  # fmt: skip
