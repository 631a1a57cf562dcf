"""What alerts and scaling need of kube-prometheus-stack and of the GPU metrics exporter.

Sources: values.yaml and templates of kube-prometheus-stack 88.5.3 and of its kube-state-metrics; the type
PrometheusSpec in pkg/apis/monitoring/v1 of prometheus-operator 0.93; values.yaml of device-metrics-exporter 1.5.2.
"""

from facts.charts import CHARTS

from .needed_values import Need, having, only, running, unset

WATCHING, SCALING, METRICS = "watching", "scaling", "metrics"
"""Uses: `traffic.watching`, `traffic.scaling`, and either of them: both read Prometheus."""

RECEIVERS, HEARTBEATS = "receivers", "heartbeats"
"""Uses: `traffic.watching.receivers`, and one of them that is a heartbeat."""

_NAMESPACE = CHARTS["prometheus"].namespace
_SPEC = "prometheus.prometheusSpec"
_WITH = "with traffic.watching"
_NO_RULES = f"{_WITH} its rules would not be evaluated, or see no pods"
_NO_LABEL = f"{_WITH} its rules and monitors have no such label"

_STATE_COLLECTORS = ("daemonsets", "deployments", "horizontalpodautoscalers", "nodes", "pods")
"""What the rules and dashboards read: `kube_daemonset_…` and so on."""

_SELECTED = ("rule", "podMonitor", "serviceMonitor")


def _kept(key: str, use: str, why: str, *, switch: bool = True) -> Need:
    """A switch as the chart or the toolkit sets it. Another one and an empty value remove what it stands for."""
    return Need(key=key, use=use, right=lambda given: given is switch, allowed=f"must be left out: {why}")


_NO_ALERTMANAGER = "would leave no Alertmanager for traffic.watching.receivers"
_NO_WATCHDOG = "removes the alert Watchdog, whose messages the receiver of the kind heartbeat gets"

_ALERTMANAGER_NEEDS = (
    Need(
        key="alertmanager.enabled",
        use=RECEIVERS,
        right=lambda given: given is True,
        allowed=_NO_ALERTMANAGER,
    ),
    Need(
        key="alertmanager.alertmanagerSpec.replicas",
        use=RECEIVERS,
        right=lambda given: type(given) is int and given >= 1,
        allowed=_NO_ALERTMANAGER,
    ),
    *(
        Need(
            key=f"defaultRules.{key}", use=HEARTBEATS, right=lambda given: given is True, allowed=_NO_WATCHDOG
        )
        for key in ("create", "rules.general")
    ),
    Need(
        key="defaultRules.disabled.Watchdog",
        use=HEARTBEATS,
        right=lambda given: not given,
        allowed=_NO_WATCHDOG,
    ),
)

PROMETHEUS_NEEDS = (
    *_ALERTMANAGER_NEEDS,
    *(_kept(f"{part}.enabled", METRICS, _NO_RULES) for part in ("prometheus", "prometheusOperator")),
    _kept("kubeStateMetrics.enabled", METRICS, _NO_RULES),
    unset("prometheus.agentMode", METRICS, _NO_RULES),
    only("namespaceOverride", METRICS, "monitors, rules and addresses are in it", "", _NAMESPACE),
    *(
        _kept(f"{_SPEC}.{kind}SelectorNilUsesHelmValues", METRICS, _NO_RULES, switch=False)
        for kind in _SELECTED
    ),
    *(
        unset(f"{_SPEC}.{kind}{of}Selector", METRICS, _NO_LABEL)
        for kind in _SELECTED
        for of in ("", "Namespace")
    ),
    running(f"{_SPEC}.replicas", "there would be no Prometheus"),
    only(f"{_SPEC}.shards", METRICS, "each shard sees only a part of the pods", 1),
    unset(f"{_SPEC}.paused", METRICS, "the operator would pass on no rule and no monitor"),
    unset(f"{_SPEC}.listenLocal", METRICS, "no other pod would reach Prometheus"),
    unset(f"{_SPEC}.disableAlerting", WATCHING, f"{_WITH} no alert would reach Alertmanager"),
    unset(f"{_SPEC}.ignoreNamespaceSelectors", METRICS, "the monitors select pods of other namespaces"),
    unset(f"{_SPEC}.enforcedNamespaceLabel", METRICS, "rules and queries read several namespaces"),
    unset(f"{_SPEC}.overrideHonorLabels", METRICS, "GPU metrics would have the exporter's pod and namespace"),
    only(f"{_SPEC}.routePrefix", SCALING, "KEDA asks Prometheus at its root", "/"),
    unset(f"{_SPEC}.serviceName", SCALING, "KEDA asks the Service prometheus-operated"),
    unset(f"{_SPEC}.web.tlsConfig", SCALING, "KEDA asks Prometheus over HTTP"),
    only("global.rbac.create", METRICS, "Prometheus and its operator could read nothing", True),
    unset("prometheusOperator.namespaces", METRICS, "the operator must see the monitors of all charts"),
    unset("prometheusOperator.denyNamespaces", METRICS, "the operator must see the monitors of all charts"),
    having(
        "prometheusOperator.prometheusInstanceNamespaces",
        METRICS,
        "Prometheus is in it",
        _NAMESPACE,
        empty=True,
    ),
    unset("prometheusOperator.prometheusInstanceSelector", METRICS, "it would leave Prometheus out"),
    _kept("prometheus.serviceMonitor.selfMonitor", WATCHING, f"{_WITH} alerts read Prometheus' own metrics"),
    _kept(
        "kube-state-metrics.prometheus.monitor.enabled", METRICS, f"{_WITH} alerts read the numbers of pods"
    ),
    unset("kube-state-metrics.namespaces", METRICS, "alerts read the pods of several namespaces"),
    having("kube-state-metrics.collectors", METRICS, "alerts and dashboards read them", *_STATE_COLLECTORS),
)

EXPORTER_NEEDS = (
    _kept("serviceMonitor.enabled", WATCHING, f"{_WITH} alerts and dashboards read the GPUs' metrics"),
)
