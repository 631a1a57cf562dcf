"""The states of a scaled model, as series, and what each query of its autoscaler must return there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from serving.scaling.engine_scaling import OwnQueryArgs
from serving.scaling.policy import ScalingPolicy, policy_of
from serving.scaling.queries import Scaled, scaling_queries

START = 1800
MINUTES = 60
SCALED = Scaled(namespace="models", deployment="qwen", model="qwen3-32b", track="stable", start_seconds=START)
OWN = {"prompts": OwnQueryArgs(expr="sum(rate(vllm:prompt_tokens_total[5m]))", out_above=1000, in_below=500)}

ENGINE = 'job="engines",namespace="models",model_name="qwen3-32b",track="stable",pod="{pod}"'
DEPLOYMENT = 'namespace="models",deployment="qwen"'

ANYTHING_ELSE = {
    'up{job="engines",namespace="models",model_name="other",track="stable",pod="x"}': "1x60",
    'vllm:num_requests_running{job="engines",namespace="models",model_name="other",track="stable",pod="x"}': "999x60",
    'kube_deployment_spec_replicas{namespace="models",deployment="other"}': "9x60",
    'kube_deployment_status_replicas_ready{namespace="models",deployment="other"}': "1x60",
    'vllm:num_requests_running{job="engines",namespace="models",model_name="qwen3-32b",track="candidate",pod="y"}': (
        "999x60"
    ),
}
"""Series of other models, tracks and Deployments, which no query may count."""


@dataclass(frozen=True, kw_only=True)
class State:
    """One hour of a model, and the engines that each signal wants at its end."""

    series: Mapping[str, str]
    wants: Mapping[str, float | None]
    """By signal. None: no answer at all, which KEDA takes as a failure."""


@dataclass(frozen=True, kw_only=True)
class Pod:
    """An engine. The values are constant, or in promtool's notation."""

    running: str = "0"
    waiting: str = "0"
    cache: str = "0"
    up: str = "1"
    tokens: float = 0
    """First tokens in a minute."""

    late: float = 0
    """Of these, how many took longer than 2.5 s."""

    prompts: float = 0
    """Tokens of prompts in a minute."""

    def series(self, pod: str) -> dict[str, str]:
        own = ENGINE.format(pod=pod)
        first = "vllm:time_to_first_token_seconds"
        return {
            f"up{{{own}}}": _values(self.up),
            f'vllm:num_requests_running{{{own},engine="0"}}': _values(self.running),
            f'vllm:num_requests_waiting{{{own},engine="0"}}': _values(self.waiting),
            f'vllm:kv_cache_usage_perc{{{own},engine="0"}}': _values(self.cache),
            f'{first}_count{{{own},engine="0"}}': f"0+{self.tokens:g}x{MINUTES}",
            f'{first}_bucket{{{own},engine="0",le="2.5"}}': f"0+{self.tokens - self.late:g}x{MINUTES}",
            f'vllm:prompt_tokens_total{{{own},engine="0"}}': f"0+{self.prompts:g}x{MINUTES}",
        }


def _values(value: str) -> str:
    if value == "NaN":  # promtool does not repeat it
        return " ".join([value] * (MINUTES + 1))
    return value if "x" in value else f"{value}x{MINUTES}"


def deployment(wanted: str, ready: str) -> dict[str, str]:
    """The series of kube-state-metrics."""
    return {
        f"kube_deployment_spec_replicas{{{DEPLOYMENT}}}": _values(wanted),
        f"kube_deployment_status_replicas_ready{{{DEPLOYMENT}}}": _values(ready),
    }


def pods(*engines: Pod) -> dict[str, str]:
    """The series of engines."""
    return {name: value for i, each in enumerate(engines) for name, value in each.series(f"p{i}").items()}


def _all(value: float | None) -> dict[str, float | None]:
    return dict.fromkeys(("requests", "cache", "first-token", "prompts"), value)


BUSY = Pod(running="50", waiting="4", cache="0.9", tokens=60, prompts=90_000)
IDLE = Pod()
LOADING = Pod(up="_x55 0x5", running="_x60", waiting="_x60", cache="_x60")


def gone_after(minute: int) -> Pod:
    """A busy engine that answers no scrape after a minute. Prometheus then ends its series."""
    left = MINUTES - minute
    return Pod(
        up=f"1x{minute} 0x{left}",
        running=f"50x{minute} stale",
        waiting=f"4x{minute} stale",
        cache=f"0.9x{minute} stale",
    )


STATES: Mapping[str, State] = {
    "loaded": State(
        series=deployment("3", "3") | pods(BUSY, BUSY, BUSY),
        wants={"requests": 3 * 54 / 48, "cache": 2.7 / 0.85, "first-token": 0, "prompts": 4.5},
    ),
    "idle": State(
        series=deployment("3", "3") | pods(IDLE, IDLE, IDLE),
        wants=_all(0),
    ),
    "one engine gone": State(
        series=deployment("3", "3x57 2x3") | pods(BUSY, BUSY, gone_after(56)),
        wants=_all(3),
    ),
    "all gone": State(
        series=deployment("3", "3x50 0x10") | pods(*[gone_after(50)] * 3),
        wants=_all(3),
    ),
    "all gone for longer than a start": State(
        series=deployment("3", "3x5 0x55") | pods(*[gone_after(5)] * 3),
        wants=_all(3),
    ),
    "just started": State(
        series=deployment("_x55 2x5", "_x55 0x5") | pods(*[LOADING] * 2),
        wants=_all(2),
    ),
    "an engine starts": State(
        series=deployment("3x50 4x10", "3") | pods(BUSY, BUSY, BUSY),
        wants=_all(4),
    ),
    "an engine that never starts": State(
        series=deployment("3x5 4x55", "3") | pods(BUSY, BUSY, BUSY),
        wants={"requests": 4, "cache": 4, "first-token": 0, "prompts": 4.5},
    ),
    "the pool was off, and the first engine is back": State(
        series=deployment("3", "0x55 1x5") | pods(Pod(up="_x55 1x5", running="60", waiting="20", tokens=60)),
        wants=_all(3),
    ),
    "the pool was off, and an engine never comes back": State(
        series=deployment("4", "0x15 3x45") | pods(BUSY, BUSY, BUSY),
        wants={"requests": 4, "cache": 4, "first-token": 0, "prompts": 4.5},
    ),
    "an engine that is not scraped": State(
        series=deployment("3", "3") | pods(IDLE, IDLE),
        wants=_all(3),
    ),
    "between the thresholds": State(
        series=deployment("3", "3") | pods(*[Pod(running="40", cache="0.7", tokens=60, prompts=45_000)] * 3),
        wants={"requests": 3, "cache": 3, "first-token": 0, "prompts": 3},
    ),
    "room for one less": State(
        series=deployment("3", "3") | pods(*[Pod(running="20", cache="0.3", tokens=60, prompts=18_000)] * 3),
        wants={"requests": 60 / 32, "cache": 0.9 / 0.5, "first-token": 0, "prompts": 900 / 500},
    ),
    "late first tokens": State(
        series=deployment("3", "3") | pods(*[Pod(tokens=60, late=6)] * 3),
        wants={"requests": 0, "cache": 0, "first-token": 3.6, "prompts": 0},
    ),
    "nearly late first tokens": State(
        series=deployment("3", "3") | pods(*[Pod(tokens=60, late=2)] * 3),
        wants={"requests": 0, "cache": 0, "first-token": 3, "prompts": 0},
    ),
    "few requests, all late": State(
        series=deployment("3", "3") | pods(Pod(tokens=2, late=2), IDLE, IDLE),
        wants={"requests": 0, "cache": 0, "first-token": 0, "prompts": 0},
    ),
    "NaN": State(
        series=deployment("3", "3") | pods(BUSY, BUSY, Pod(running="NaN", waiting="NaN", cache="NaN")),
        wants={"requests": 3, "cache": 3, "first-token": 0, "prompts": 3},
    ),
    "several ranks in a pod": State(
        series=deployment("3", "3")
        | pods(BUSY, BUSY, BUSY)
        | {f'vllm:kv_cache_usage_perc{{{ENGINE.format(pod="p0")},engine="1"}}': _values("0.2")},
        wants={"requests": 3 * 54 / 48, "cache": 2.7 / 0.85, "first-token": 0, "prompts": 4.5},
    ),
    "no kube-state-metrics": State(series=pods(BUSY, BUSY, BUSY), wants=_all(None)),
    "nothing at all": State(series={}, wants=_all(None)),
}


def queries() -> Mapping[str, str]:
    """The queries of the autoscaler with its defaults and one signal of a user."""
    return scaling_queries(SCALED, policy(), OWN)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """No choice, so that every number is the default."""

    min_engines: int | None = None
    max_engines: int | None = None
    requests_out: float | None = None
    requests_in: float | None = None
    cache_percent_out: float | None = None
    cache_percent_in: float | None = None
    first_token_seconds: float | None = None
    out_seconds: int | None = None
    in_seconds: int | None = None
    queries: Mapping[str, OwnQueryArgs] | None = field(default=None)


def policy() -> ScalingPolicy:
    """The default policy."""
    return policy_of(Chosen())


def promtool_file(state: State, asked: Mapping[str, str]) -> str:
    """A file for `promtool test rules` that asks every query at the end of the hour."""
    series = [
        {"series": name, "values": values} for name, values in (ANYTHING_ELSE | dict(state.series)).items()
    ]
    tests = [
        {
            "expr": f"round({asked[signal]}, 0.001)",
            "eval_time": f"{MINUTES}m",
            "exp_samples": [] if value is None else [{"labels": "{}", "value": round(value, 3)}],
        }
        for signal, value in state.wants.items()
    ]
    return yaml.safe_dump(
        {
            "evaluation_interval": "1m",
            "tests": [{"interval": "1m", "input_series": series, "promql_expr_test": tests}],
        },
        width=10_000,
        sort_keys=False,
    )
