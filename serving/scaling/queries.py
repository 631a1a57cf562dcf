"""The queries of the autoscaler. The value of each is the number of engines that it wants.

While an engine starts, or cannot be measured, every query returns the present number, so nothing changes. Otherwise
each returns one finite number, also without any request. If kube-state-metrics does not say the present number, a query
returns nothing, which KEDA takes as a failure: it then keeps the present number too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from serving.watching.objectives import FIRST_TOKEN, edge_pattern

from .policy import GUARD_STEP, LATE_SHARE, LEAST_EVENTS, Band, OwnQueryChoices, ScalingPolicy

SMOOTH = "2m"
"""Window of the averages: eight samples. Single samples of a small engine vary by a third."""

GUARD_WINDOW, _GUARD_SECONDS = "5m", 300


@dataclass(frozen=True, kw_only=True)
class Scaled:
    """The Deployment whose size is set, and the labels of its engines."""

    namespace: str
    deployment: str
    model: str
    track: str
    start_seconds: int
    """While an engine starts, but not longer than this, the number stays."""

    @property
    def engines(self) -> str:
        """Matchers of the engines' series."""
        return f'job="engines",namespace="{self.namespace}",model_name="{self.model}",track="{self.track}"'

    @property
    def present(self) -> str:
        """The wanted number of engines, as it stands."""
        return self._of_deployment("kube_deployment_spec_replicas")

    @property
    def ready(self) -> str:
        """The number of engines that answer."""
        return self._of_deployment("kube_deployment_status_replicas_ready")

    def formerly(self, ago: str) -> str:
        """The wanted number of engines at an earlier time."""
        return self._of_deployment("kube_deployment_spec_replicas", f" offset {ago}")

    def _of_deployment(self, metric: str, offset: str = "") -> str:
        return f'max({metric}{{namespace="{self.namespace}",deployment="{self.deployment}"}}{offset})'


def scaling_queries(
    scaled: Scaled, policy: ScalingPolicy, own: Mapping[str, OwnQueryChoices]
) -> Mapping[str, str]:
    """The queries by the name of their signal."""
    requests = f"({_requests(scaled, 'running')} + {_requests(scaled, 'waiting')})"
    return {
        "requests": _held(scaled, _wish(scaled, requests, policy.requests)),
        "cache": _held(scaled, _wish(scaled, _cache(scaled), policy.cache)),
        "first-token": _held(scaled, _guard(scaled, policy.first_token_seconds)),
        **{name: _held(scaled, _own(scaled, each)) for name, each in own.items()},
    }


def _held(scaled: Scaled, wish: str) -> str:
    """The present number while nothing must change, else the wish."""
    present, ready = scaled.present, scaled.ready
    starts = f"({ready} < {present}) unless ({_long(scaled)})"
    answering = f"(count(up{{{scaled.engines}}} == 1) or vector(0))"
    held = f"({starts}) or ({answering} < {ready})"
    return f"({present} and ({held})) or ({wish} and {present} and {ready})"


def _long(scaled: Scaled) -> str:
    """Whether the same engines have been missing for longer than a start takes, beside others that answered all the
    time. If none answered, all were away, e.g. by `cluster.schedule`: those that are missing may still start."""
    since = f"{scaled.start_seconds}s"
    missing = f"({scaled.ready} < bool {scaled.present})"
    alone = f"(min_over_time(({scaled.ready})[{since}:1m]) > 0)"
    return f"(min_over_time({missing}[{since}:1m]) == 1) and {alone} and {scaled.formerly(since)}"


def _wish(scaled: Scaled, load: str, band: Band) -> str:
    """What `Band.wish` computes."""
    least = f"scalar({load} / {band.out:g})"
    return f"clamp_min(clamp_max({load} / {band.into:g}, scalar({scaled.present})), {least})"


def _requests(scaled: Scaled, state: str) -> str:
    return _finite(f"avg_over_time(vllm:num_requests_{state}{{{scaled.engines}}}[{SMOOTH}])")


def _cache(scaled: Scaled) -> str:
    # An engine with several ranks has several caches. The fullest one limits it.
    used = f"avg_over_time(vllm:kv_cache_usage_perc{{{scaled.engines}}}[{SMOOTH}])"
    return _finite(f"max by (pod) ({used})")


def _finite(series: str) -> str:
    """The sum of the series that have a value. A comparison with NaN is false, so it leaves NaN out."""
    return f"(sum({series} >= 0) or vector(0))"


def _guard(scaled: Scaled, seconds: float) -> str:
    """More engines if too many first tokens are late, the present number if that is near, else none."""
    every = f"sum(rate({FIRST_TOKEN}_count{{{scaled.engines}}}[{GUARD_WINDOW}]))"
    edge = f'le=~"{edge_pattern(seconds)}"'
    in_time = f"sum(rate({FIRST_TOKEN}_bucket{{{scaled.engines},{edge}}}[{GUARD_WINDOW}]))"
    late, enough = f"({every} - {in_time})", f"({every} * {_GUARD_SECONDS} > {LEAST_EVENTS})"
    more = f"({scaled.present} * {GUARD_STEP:g} and ({late} > {LATE_SHARE:g} * {every}) and {enough})"
    same = f"({scaled.present} and ({late} > {LATE_SHARE / 2:g} * {every}) and {enough})"
    return f"({more} or {same} or vector(0))"


def _own(scaled: Scaled, query: OwnQueryChoices) -> str:
    """The wish of a user's query. Without a finite answer it is the present number."""
    load = f"((sum({query.expr}) >= 0) < Inf)"
    return f"({_wish(scaled, load, Band(out=query.out_above, into=query.in_below))} or {scaled.present})"
