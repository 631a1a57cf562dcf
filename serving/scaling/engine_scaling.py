"""The autoscaler of one Deployment of engines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apiextensions, meta

from facts.charts import CHARTS
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from serving.engine.server_rules import name_problems
from serving.options import child
from serving.platform.chart_values import DEFAULT_METRIC_PREFIX
from serving.routing.target import STABLE, TRACKS
from serving.watching.rendering import all_series

from .policy import FAILURES, ScalingPolicy, policy_of
from .queries import Scaled, scaling_queries
from .scaling_rules import scaling_problems

KEDA_API, KIND = "keda.sh/v1alpha1", "ScaledObject"

PROMETHEUS = f"http://prometheus-operated.{CHARTS['prometheus'].namespace}.svc.cluster.local:9090"
"""The Service that the Prometheus operator creates for every Prometheus (prometheus-operator 0.93,
pkg/prometheus/server/statefulset.go: governingServiceName)."""

START_SECONDS = (1, 86_400)

LONGEST_NAME = 54
"""KEDA names the HorizontalPodAutoscaler `keda-hpa-NAME`, and refuses more than 63 characters
(keda 2.20, apis/keda/v1alpha1/scaledobject_webhook.go)."""


@dataclass(frozen=True, kw_only=True)
class OwnQueryArgs:
    """A signal of your own."""

    expr: str
    """Query in PromQL that returns one series: a sum over all engines."""

    out_above: float
    """Value per engine above which an engine is added."""

    in_below: float
    """Value per engine below which one is removed. Below `out_above`."""


@dataclass(frozen=True, kw_only=True)
class EngineScalingArgs:
    """The Deployment, its bounds, and the signals that set its size."""

    namespace: pulumi.Input[str]
    """Namespace of the Deployment, known after the Deployment and KEDA's custom kinds exist."""

    deployment: str
    """Name of the Deployment. Its engines span one node each, and nothing else sets its number of replicas."""

    model: str | None = None
    """Name of the model, the label `model_name` of the engines' metrics. Default: the Deployment's name."""

    track: str | None = None
    """`stable` or `candidate`, the label `track` of these metrics. Default: stable."""

    start_seconds: int
    """Seconds that an engine may take to start, 1 to 86,400. While one starts, the number stays."""

    min_engines: int | None = None
    """Fewest engines, 1 to 1,000. Default: 1."""

    max_engines: int
    """Most engines, 1 to 1,000. The GPU pools must have GPUs for them."""

    requests_out: float | None = None
    """Running and waiting requests per engine above which an engine is added, up to 1,000,000. Default: 48."""

    requests_in: float | None = None
    """Such requests per engine below which one is removed. Below `requests_out`. Default: 32."""

    cache_percent_out: float | None = None
    """Use of the key-value cache above which an engine is added, in percent, up to 100. Default: 85."""

    cache_percent_in: float | None = None
    """Use of the cache below which one is removed. Below `cache_percent_out`. Default: 50."""

    first_token_seconds: float | None = None
    """Time to the first token. An engine is added if more than 5 % of the requests take longer. A bucket of vLLM's
    histogram. Default: 2.5."""

    out_seconds: int | None = None
    """Seconds in which at most one engine is added, 15 to 1,800. Default: 300."""

    in_seconds: int | None = None
    """Seconds in which at most one engine is removed, and for which all signals must have allowed it, 60 to 1,800.
    Default: 600."""

    queries: Mapping[str, OwnQueryArgs] | None = None
    """Signals of your own, by name. Default: none."""

    metric_prefix: str | None = None
    """Prefix of the GPU metrics in your own signals, as the exporter's. Default: `amd_`."""

    prometheus_url: str | None = None
    """Address of Prometheus in the cluster. Default: the one of the chart prometheus."""

    labels: Mapping[str, str] | None = None
    """More labels. Default: none."""


class EngineScaling(CheckedArgs, pulumi.ComponentResource):
    """A ScaledObject of KEDA that sets the size of a Deployment of engines.

    An engine is added if any signal wants it, one in a period, and removed if all signals allow it for a while. While
    an engine starts, and while the engines cannot be measured, the number stays.
    """

    scaled_object: pulumi.Output[str]
    """Name of the ScaledObject."""

    def __init__(
        self, name: str, args: EngineScalingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"the scaling {name}")
        super().__init__("genai:index:EngineScaling", name, {}, opts)
        made = apiextensions.CustomResource(
            f"{name}-scaled-object",
            KEDA_API,
            KIND,
            metadata=meta.v1.ObjectMetaArgs(
                name=args.deployment,
                namespace=args.namespace,
                labels={**(args.labels or {}), "app.kubernetes.io/managed-by": "pulumi"},
            ),
            spec=_spec(args),
            opts=child(self),
        )
        self.scaled_object = made.id.apply(lambda _: args.deployment)
        self.register_outputs({"scaledObject": self.scaled_object})


def _spec(args: EngineScalingArgs) -> Mapping[str, object]:
    policy, least = policy_of(args), _least(args)
    return {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": args.deployment},
        "minReplicaCount": least,
        "maxReplicaCount": args.max_engines,
        "advanced": {"horizontalPodAutoscalerConfig": {"behavior": policy.behavior}},
        "fallback": {"failureThreshold": FAILURES, "replicas": least, "behavior": "currentReplicas"},
        "triggers": pulumi.Output.from_input(args.namespace).apply(
            lambda namespace: _triggers(args, policy, namespace)
        ),
    }


def _triggers(
    args: EngineScalingArgs, policy: ScalingPolicy, namespace: str
) -> Sequence[Mapping[str, object]]:
    scaled = Scaled(
        namespace=namespace,
        deployment=args.deployment,
        model=args.model or args.deployment,
        track=args.track or STABLE,
        start_seconds=args.start_seconds,
    )
    return [
        {
            "type": "prometheus",
            "name": signal,
            "metricType": "AverageValue",
            "metadata": {
                "serverAddress": args.prometheus_url or PROMETHEUS,
                "query": query,
                # The value is a number of engines, and the autoscaler divides it by this.
                "threshold": "1",
                # No answer is a failure, not no load.
                "ignoreNullValues": "false",
            },
        }
        for signal, query in scaling_queries(scaled, policy, args.queries or {}).items()
    ]


def _least(args: EngineScalingArgs) -> int:
    return 1 if args.min_engines is None else args.min_engines


def _problems(args: EngineScalingArgs, path: str) -> Iterator[Problem]:
    yield from name_problems(args.deployment, f"{path}.deployment")
    if len(args.deployment) > LONGEST_NAME:
        yield Problem(f"{path}.deployment", args.deployment, f"must have {LONGEST_NAME} characters or fewer")
    if args.model is not None:
        yield from name_problems(args.model, f"{path}.model")
    if args.track not in (None, *TRACKS):
        yield Problem.not_one_of(f"{path}.track", args.track, TRACKS)
    low, high = START_SECONDS
    if not low <= args.start_seconds <= high:
        yield Problem(f"{path}.startSeconds", args.start_seconds, f"must be {low} to {high:,} seconds")
    prefix = DEFAULT_METRIC_PREFIX if args.metric_prefix is None else args.metric_prefix
    yield from scaling_problems(args, all_series(prefix), path=path)
