"""Alert rules, recording rules and monitors of the traffic path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apiextensions, core, meta

from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from serving.options import child
from serving.platform.chart_values import DEFAULT_METRIC_PREFIX

from .catalogue import FEATURES
from .dashboards import LABELS, dashboards
from .monitors import monitors
from .rendering import RUNBOOKS, Objectives, OwnRule, Watched, all_series, rule_groups
from .watch_rules import namespace_problems, watch_problems

MONITORING_API = "monitoring.coreos.com/v1"


@dataclass(frozen=True, kw_only=True)
class ObjectivesArgs:
    """Service level objectives of every model, over 30 days."""

    availability_percent: float | None = None
    """Least share of requests without a server error, in percent: above 93.1 and below 100. Default: 99.5."""

    first_token_seconds: float | None = None
    """Time to the first token that 95 % of the requests keep, in seconds. A bucket of vLLM's histogram.
    Default: 2.5."""

    inter_token_seconds: float | None = None
    """Time between tokens that 95 % of them keep, in seconds. A bucket of vLLM's histogram. Default: 0.1."""


@dataclass(frozen=True, kw_only=True)
class OwnRuleArgs:
    """An alert of your own."""

    expr: str
    """Condition in PromQL. Its metrics and labels must exist in the pinned versions."""

    severity: str
    """`P1`, `P2`, `P3` or `P4`."""

    summary: str
    """One line for a message."""

    for_time: str | None = None
    """How long the condition must be true, e.g. `5m`. Default: 5m."""

    runbook: str | None = None
    """Address of a page that says what to do. Default: none."""


@dataclass(frozen=True, kw_only=True)
class ServingWatchArgs:
    """What to watch, and how strictly."""

    namespace: pulumi.Input[str]
    """Namespace of Prometheus, known after its release, which brings the custom kinds, is ready."""

    features: Sequence[str]
    """Parts that the cluster has: `engines`, `smg`, `vllm-router`, `gateway`, `gpu`, `weights`, `keda`,
    `certManager`, `aiGateway`. Each adds its alerts and monitors."""

    models: Mapping[str, int]
    """Seconds that an engine may take to start, by the name of the model."""

    namespaces: Sequence[str]
    """Namespaces of the models."""

    candidates: Mapping[str, int] | None = None
    """Seconds that a candidate may have no engine before an alert says so, by the name of its model. Default: there are
    no candidates."""

    metric_prefix: str | None = None
    """Prefix of the GPU metrics, as the exporter's. Default: `amd_`."""

    objectives: ObjectivesArgs | None = None
    """Service level objectives. Default: 99.5 %, 2.5 s and 0.1 s."""

    thresholds: Mapping[str, float] | None = None
    """Thresholds that replace those of the alerts, by alert name. Default: the toolkit's own."""

    runbooks: str | None = None
    """Address of the folder with the runbooks, without a slash at the end. Default: their path in the project."""

    rules: Mapping[str, OwnRuleArgs] | None = None
    """Your own alerts, by name. Default: none."""

    dashboards: bool | None = None
    """Whether Grafana gets the dashboards, as ConfigMaps that its sidecar finds. Default: no."""

    hour_prices: Mapping[str, float] | None = None
    """Price of one engine in an hour in USD, by model, for the dashboard of costs. Default: no such dashboard."""


class ServingWatch(CheckedArgs, pulumi.ComponentResource):
    """A PrometheusRule for each subject, a PodMonitor for engines, routers and Envoys, and dashboards.

    The severity of an alert is its label `severity`: P1 to P4. Each alert names its runbook, and the times to respond
    and to escalate.
    """

    rule_names: pulumi.Output[Sequence[str]]
    """Names of the PrometheusRule objects, known after they exist."""

    def __init__(self, name: str, args: ServingWatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"the watch {name}")
        super().__init__("genai:index:ServingWatch", name, {}, opts)
        watched = _watched(args)
        rules = {
            subject: self._object(
                f"{name}-rules-{subject}",
                "PrometheusRule",
                f"genai-{subject}",
                args.namespace,
                {"groups": [{"name": f"genai-{subject}", "rules": list(group)}]},
            )
            for subject, group in rule_groups(watched).items()
        }
        for job, spec in monitors(watched.features, args.namespaces).items():
            self._object(f"{name}-monitor-{job}", "PodMonitor", f"genai-{job}", args.namespace, spec)
        made = dashboards(watched) if args.dashboards else dict[str, str]()
        for each, text in made.items():
            self._dashboard(f"{name}-dashboard-{each}", f"genai-dashboard-{each}", args.namespace, each, text)
        self.rule_names = pulumi.Output.all(*[each.id for each in rules.values()]).apply(
            lambda _: [f"genai-{subject}" for subject in rules]
        )
        self.register_outputs({"ruleNames": self.rule_names})

    def _dashboard(
        self, name: str, called: str, namespace: pulumi.Input[str], key: str, text: str
    ) -> "core.v1.ConfigMap":
        labels = {"app.kubernetes.io/managed-by": "pulumi", **LABELS}
        metadata = meta.v1.ObjectMetaArgs(name=called, namespace=namespace, labels=labels)
        config = core.v1.ConfigMapInitArgs(metadata=metadata, data={f"genai-{key}.json": text})
        return core.v1.ConfigMap(name, config, opts=child(self))

    def _object(
        self, name: str, kind: str, called: str, namespace: pulumi.Input[str], spec: Mapping[str, object]
    ) -> "apiextensions.CustomResource":
        metadata = meta.v1.ObjectMetaArgs(
            name=called, namespace=namespace, labels={"app.kubernetes.io/managed-by": "pulumi"}
        )
        return apiextensions.CustomResource(
            name, MONITORING_API, kind, spec=spec, metadata=metadata, opts=child(self)
        )


def _problems(args: ServingWatchArgs, path: str) -> Iterator[Problem]:
    for index, feature in enumerate(args.features):
        if feature not in FEATURES:
            yield Problem.not_one_of(f"{path}.features[{index}]", feature, FEATURES)
    yield from watch_problems(args, all_series(_prefix(args)), path=path)
    yield from namespace_problems(args.namespaces, args.features, path=f"{path}.namespaces")


def _prefix(args: ServingWatchArgs) -> str:
    return DEFAULT_METRIC_PREFIX if args.metric_prefix is None else args.metric_prefix


def _watched(args: ServingWatchArgs) -> Watched:
    wanted = args.objectives or ObjectivesArgs()
    return Watched(
        features=frozenset(args.features),
        models=args.models,
        candidates=args.candidates or {},
        gpu_prefix=_prefix(args),
        objectives=Objectives(
            availability_percent=wanted.availability_percent,
            first_token_seconds=wanted.first_token_seconds,
            inter_token_seconds=wanted.inter_token_seconds,
        ),
        thresholds=args.thresholds or {},
        hour_prices=args.hour_prices or {},
        runbooks=args.runbooks or RUNBOOKS,
        own={
            name: OwnRule(
                expr=rule.expr,
                severity=rule.severity,
                summary=rule.summary,
                for_time=rule.for_time or "5m",
                runbook=rule.runbook or "",
            )
            for name, rule in (args.rules or {}).items()
        },
    )
