"""Wrong values of charts, which take away what the traffic path rests on. Each with its path and message."""

from typing import Any

from tests.infra.settings.examples import Change
from tests.infra.settings.refusals_of_traffic_gateway import behind_edge, counted, served
from tests.infra.settings.refusals_of_traffic_scaling import scaling
from tests.infra.settings.refusals_of_traffic_watching import watched
from tests.infra.settings.wrong.case import Wrong

ROOT = "serving.platform"
EG = "config.envoyGateway"
KUBERNETES = f"{EG}.provider.kubernetes"
LIMITER = f"{KUBERNETES}.rateLimitDeployment"
SPEC = "prometheus.prometheusSpec"


def nested(key: str, value: object) -> dict[str, Any]:
    """A value at a path, as in a chart's values."""
    first, _, rest = key.partition(".")
    return {first: nested(rest, value) if rest else value}


def put(chart: str, key: str, value: object) -> Change:
    """A change of a chart's values."""
    return (f"{ROOT}.{chart}.values", nested(key, value))


ISSUED: list[Change] = [(f"{ROOT}.certManager", {}), ("traffic.certificate", {"issuer": "ca"})]
CERTIFIED = [*watched(), (f"{ROOT}.certManager", {})]

OF_TENANTS: tuple[tuple[str, str, object, str], ...] = (
    ("gateway", "config", None, "must be a mapping: it would take away envoyGateway"),
    ("gateway", EG, "none", "must be a mapping: it would take away extensionApis"),
    ("gateway", f"{EG}.extensionManager", None, "must be left out: other settings decide it"),
    ("gateway", f"{EG}.extensionManagers", [], "must be left out: AI Gateway is the only extension"),
    ("gateway", f"{EG}.gateway", None, "must be a mapping: it would take away controllerName"),
    ("gateway", f"{EG}.gateway.controllerName", "mine.example.com/gateway", "must be gateway.envoyproxy.io/"),
    ("gateway", f"{EG}.provider.type", "Custom", "must be Kubernetes"),
    ("gateway", f"{KUBERNETES}.watch.namespaces", ["serving"], "must contain envoy-gateway-system"),
    ("gateway", f"{KUBERNETES}.watch.namespaceSelector", {"matchLabels": {"a": "b"}}, "must be left out"),
    ("gateway", f"{KUBERNETES}.deploy.type", "GatewayNamespace", "must be ControllerNamespace"),
    ("gateway", f"{EG}.extensionApis", None, "must be a mapping: it would take away enableBackend"),
    ("gateway", f"{EG}.extensionApis.enableBackend", False, "must be true: the routes of tenants end at"),
    ("gateway", f"{EG}.extensionApis.enableBackend", "true", "must be true: the routes of tenants end at"),
    ("gateway", f"{EG}.extensionApis.disableLua", True, "must be false: a script checks the tenant"),
    ("gateway", f"{EG}.rateLimit", None, "must be a mapping: it would take away backend, failClosed"),
    ("gateway", f"{EG}.rateLimit.backend", {"type": "Redis", "redis": {"url": "redis:6379"}}, "database.cache"),
    ("gateway", f"{EG}.rateLimit.backend", "Memory", "must be a mapping: it would take away type"),
    ("gateway", f"{EG}.rateLimit.failClosed", True, "must be left out: traffic.limits.failClosed decides"),
    ("gateway", f"{EG}.rateLimit.timeout", "5s", "must be a duration up to 1000ms"),
    ("gateway", f"{EG}.rateLimit.timeout", 0, "must be a duration up to 1000ms"),
    ("gateway", f"{LIMITER}.replicas", 0, "must be 1 or more: nothing would count the limits"),
    ("gateway", f"{LIMITER}.container.env", [], "must be left out: it would replace REDIS_AUTH"),
    ("gateway", "deployment.replicas", 0, "must be 1 or more: nothing would program the Envoys"),
    ("gateway", "deployment.replicas", True, "must be 1 or more: nothing would program the Envoys"),
    ("gateway", "deployment.ports", [{"name": "grpc", "port": 18000}], "must contain the ports 18000, 18001"),
    ("gateway", "namespaceOverride", "mine", "must be envoy-gateway-system: the gateways are in it"),
    ("gateway", "kubernetesClusterDomain", "example.local", "must be cluster.local"),
    ("aiGateway", "controller", [], "must be a mapping: it would take away replicaCount"),
    ("aiGateway", "controller.replicaCount", 0, "must be 1 or more: no route would read the model"),
    ("aiGateway", "controller.fullnameOverride", "mine", "must be ai-gateway-controller"),
    ("aiGateway", "controller.watch.namespaces", ["serving"], "must contain envoy-gateway-system"),
    ("aiGateway", "controller.service.ports", [{"port": 9443}], "must contain the ports 1063, 9443"),
    ("aiGateway", "controller.mutatingWebhook.port", 8443, "must be 9443"),
    ("aiGateway", "controller.mutatingWebhook.objectSelector", {}, "the webhook must see the Envoys' pods"),
    ("aiGateway", "controller.mutatingWebhook.namespaceSelector", {}, "must see the Envoys' pods"),
    ("aiGateway", "endpointConfig.rootPrefix", "/ai", "must be /: tenants call"),
    ("aiGateway", "endpointConfig.openai", "/openai", "tenants call /v1/…, without a prefix"),
    ("aiGateway", "endpointConfig.cohere", "", "must be /cohere: tenants call"),
    ("aiGateway", "extProc.logLevel", "debug", "with debug or trace the processor logs prompts"),
    ("externalSecrets", "replicaCount", 0, "must be 1 or more: nothing would copy secrets"),
    ("externalSecrets", "createOperator", False, "must be true: nothing would copy secrets"),
    ("externalSecrets", "scopedNamespace", "serving", "must be left out: secrets go to several"),
    ("externalSecrets", "scopedRBAC", True, "must be false: it turns off ClusterSecretStores"),
    ("externalSecrets", "processClusterStore", False, "must be true: the vault is a ClusterSecretStore"),
    ("externalSecrets", "crds.createClusterSecretStore", False, "must be true: the vault is a"),
    ("externalSecrets", "controllerClass", "mine", "must be left out: the store of the vault has no class"),
    ("externalSecrets", "rbac.create", False, "must be true: external-secrets could read and write"),
    ("externalSecrets", "serviceAccount.automount", False, "must be true: the vault knows the pods"),
    ("externalSecrets", "serviceAccount.name", "mine", "must be external-secrets: OCI lets this account"),
    ("externalSecrets", "namespaceOverride", "mine", "must be external-secrets: OCI lets the account"),
    ("externalSecrets", "extraArgs", {"controller-class": "mine"}, "must not contain namespace or contr"),
    ("externalSecrets", "extraArgs", {"enable-cluster-store-reconciler": False}, "must not contain"),
)  # fmt: skip

OF_ISSUERS: tuple[tuple[str, object, str], ...] = (
    ("replicaCount", 0, "must be 1 or more: nothing would issue"),
    ("webhook.replicaCount", 0, "must be 1 or more: Kubernetes could not check"),
    ("cainjector.replicaCount", 0, "must be 1 or more: Kubernetes would not trust"),
    ("cainjector.enabled", False, "must be true: Kubernetes would not trust"),
    ("global.rbac.create", False, "must be true: cert-manager could read nothing"),
    ("disableAutoApproval", True, "must be false: nobody would approve"),
    ("approveSignerNames", ["issuers.cert-manager.io/*"], "must contain clusterissuers.cert-manager.io/*"),
    ("config.namespace", "mine", "must be left out: cert-manager must see"),
    ("extraArgs", ["--controllers=issuers"], "must not contain namespace or controllers"),
)

OF_SCALING: tuple[tuple[str, str, object, str], ...] = (
    ("keda", "watchLabelSelector", "scale=yes", "the models' ScaledObjects have no such label"),
    ("keda", "operator.replicaCount", 0, "must be 1 or more: nothing would scale"),
    ("keda", "metricsServer.enabled", False, "must be true: Kubernetes would get no numbers"),
    ("keda", "metricsServer.replicaCount", 0, "must be 1 or more: Kubernetes would get no numbers"),
    ("keda", "rbac.create", False, "must be true: KEDA could read and scale nothing"),
    ("keda", "prometheus.operator.enabled", False, "must be true: alerts read KEDA's metrics"),
    ("keda", "prometheus.operator.serviceMonitor.enabled", False, "must be true: alerts read KEDA's"),
    ("prometheus", "prometheus", None, "must be a mapping: it would take away prometheusSpec"),
    ("prometheus", "prometheus.enabled", None, "its rules would not be evaluated"),
    ("prometheus", "prometheus.enabled", "false", "its rules would not be evaluated"),
    ("prometheus", "prometheusOperator", None, "must be a mapping: it would take away enabled"),
    ("prometheus", f"{SPEC}.replicas", 0, "must be 1 or more: there would be no Prometheus"),
    ("prometheus", f"{SPEC}.shards", 2, "must be 1: each shard sees only a part"),
    ("prometheus", f"{SPEC}.paused", True, "must be left out: the operator would pass on no rule"),
    ("prometheus", f"{SPEC}.listenLocal", True, "must be left out: no other pod would reach"),
    ("prometheus", f"{SPEC}.disableAlerting", True, "no alert would reach Alertmanager"),
    ("prometheus", f"{SPEC}.ignoreNamespaceSelectors", True, "the monitors select pods of other"),
    ("prometheus", f"{SPEC}.enforcedNamespaceLabel", "namespace", "rules and queries read several"),
    ("prometheus", f"{SPEC}.overrideHonorLabels", True, "GPU metrics would have the exporter's pod"),
    ("prometheus", f"{SPEC}.routePrefix", "/prometheus", "must be /: KEDA asks Prometheus at its root"),
    ("prometheus", f"{SPEC}.serviceName", "mine", "KEDA asks the Service prometheus-operated"),
    ("prometheus", f"{SPEC}.web.tlsConfig", {"cert": {}}, "KEDA asks Prometheus over HTTP"),
    ("prometheus", "namespaceOverride", "mine", "must be monitoring: monitors, rules and addresses"),
    ("prometheus", "prometheusOperator.namespaces", {"additional": ["a"]}, "must see the monitors of all"),
    ("prometheus", "prometheusOperator.prometheusInstanceNamespaces", ["a"], "must contain monitoring"),
    ("prometheus", "prometheus.serviceMonitor.selfMonitor", False, "alerts read Prometheus' own metrics"),
    ("prometheus", "kube-state-metrics.prometheus.monitor.enabled", False, "alerts read the numbers of pods"),
    ("prometheus", "kube-state-metrics.collectors", ["pods"], "must contain daemonsets, deployments"),
)

VALUES: tuple[tuple[str, str, object, str], ...] = (
    *OF_TENANTS,
    *(("certManager", key, value, message) for key, value, message in OF_ISSUERS),
    *OF_SCALING,
)
"""Chart, key, value and message."""


def whole(number: int, *changes: Change) -> Wrong:
    """One of the values, in a whole configuration."""
    chart, key, value, message = VALUES[number]
    return Wrong(
        f"{chart} {key}", [*changes, put(chart, key, value)], f"{ROOT}.{chart}.values.{key}", message
    )


_ISSUER, _SCALING = len(OF_TENANTS), len(OF_TENANTS) + len(OF_ISSUERS)
LIMITED = counted(requestsPerMinute=60)

EVERY: tuple[Wrong, ...] = (
    *(whole(number, *LIMITED) for number in (0, 1, 2, 4, 5, 11, 15, 20, 27, 39)),
    *(whole(_ISSUER + number, *served(*ISSUED)) for number in (0, 5)),
    *(whole(_SCALING + number, *scaling()) for number in (0, 2, 5, 7, 8, 12)),
    Wrong("metrics of cert-manager", [*CERTIFIED, put("certManager", "prometheus.enabled", False)],
          f"{ROOT}.certManager.values.prometheus.enabled", "must be true: alerts read cert-manager's"),
    Wrong("GPU metrics that nothing scrapes",
          [*watched(), (f"{ROOT}.metricsExporter", {}), put("metricsExporter", "serviceMonitor.enabled", False)],
          f"{ROOT}.metricsExporter.values.serviceMonitor.enabled", "alerts and dashboards read the GPUs' metrics"),
    Wrong("another controller behind the edge", behind_edge(put("gateway", f"{EG}.gateway.controllerName", "a/b")),
          f"{ROOT}.gateway.values.{EG}.gateway.controllerName", "the class of the gateways names it"),
)  # fmt: skip
"""Whole configurations: at least one for each use."""

RIGHT: tuple[list[Change], ...] = (
    counted(
        (
            f"{ROOT}.gateway.values",
            {
                "global": {"imageRegistry": "iad.ocir.io/example"},
                "topologyInjector": {"enabled": False},
                "deployment": {"replicas": 3, "priorityClassName": "system-cluster-critical"},
                "config": {
                    "envoyGateway": {
                        "logging": {"level": {"default": "debug"}},
                        "extensionApis": {"enableBackend": True, "enableEnvoyPatchPolicy": True},
                        "rateLimit": {"timeout": "500ms"},
                        "provider": {
                            "kubernetes": {
                                "watch": {"namespaces": ["envoy-gateway-system", "web"]},
                                "rateLimitDeployment": {"replicas": 3},
                            }
                        },
                    }
                },
            },
        ),
        ("serving.platform.aiGateway.values", {"extProc": {"logLevel": "debug", "enableRedaction": True}}),
        requestsPerMinute=60,
    ),
    # Without a limit the rate limit service is the user's.
    served(put("gateway", f"{EG}.rateLimit", {"backend": {"type": "Redis"}, "failClosed": True})),
    [*CERTIFIED, put("certManager", "prometheus",
                     {"servicemonitor": {"enabled": False}, "podmonitor": {"enabled": True}})],
    [(f"{ROOT}.gateway", {}), put("gateway", f"{EG}.gateway.controllerName", "mine.example.com/gateway")],
    [(f"{ROOT}.keda", {}), put("keda", "watchNamespace", "mine")],
)  # fmt: skip
"""Values that take nothing away, or on which nothing of the settings rests."""
