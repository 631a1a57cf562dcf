"""What this program needs of the charts on the way of a request, beside what it sets itself.

Sources: values and templates of the charts at the versions in `facts.charts`; for Envoy Gateway also
api/v1alpha1/envoygateway_types.go of 1.8.3, which reads `config.envoyGateway`. The topology injector is not here: it
names the zone of an Envoy, and no route or balancing of this program asks for zones.
"""

from collections.abc import Mapping, Sequence

from facts.charts import CHARTS
from facts.gateways import CONTROLLER, RATE_LIMIT_XDS_PORT, STATS_PORT, XDS_PORT

from .chart_values import AI_GATEWAY_PORT
from .needed_values import (
    ALWAYS,
    Need,
    absent,
    having,
    listening,
    only,
    running,
    unset,
    within_milliseconds,
    without_arguments,
)
from .prometheus_needs import EXPORTER_NEEDS, PROMETHEUS_NEEDS, SCALING, WATCHING

GATEWAYS, TENANTS, LIMITS, ISSUER = "gateways", "tenants", "limits", "issuer"
"""Uses: a Gateway of the settings, one with tenants, counted limits, and a certificate of cert-manager."""

MOST_LIMIT_MILLISECONDS = 1000
"""The rate limit service must answer, or its fail mode begin, within this time."""

WEBHOOK_PORT = 9443

_CONFIG = "config.envoyGateway"
_KUBERNETES = f"{_CONFIG}.provider.kubernetes"
_LIMITER = f"{_KUBERNETES}.rateLimitDeployment"

_GATEWAY = (
    running("deployment.replicas", "nothing would program the Envoys"),
    only("namespaceOverride", GATEWAYS, "the gateways are in it", "", CHARTS["gateway"].namespace),
    only("kubernetesClusterDomain", GATEWAYS, "addresses of models and charts end with it", "cluster.local"),
    listening(
        "deployment.ports",
        GATEWAYS,
        "Envoys, the rate limit service and Prometheus connect to them",
        XDS_PORT,
        RATE_LIMIT_XDS_PORT,
        STATS_PORT,
    ),
    only(f"{_CONFIG}.gateway.controllerName", GATEWAYS, "the class of the gateways names it", CONTROLLER),
    only(f"{_CONFIG}.provider.type", GATEWAYS, "the gateways are objects of Kubernetes", "Kubernetes"),
    having(
        f"{_KUBERNETES}.watch.namespaces",
        GATEWAYS,
        "the gateways are in it",
        CHARTS["gateway"].namespace,
        empty=True,
    ),
    unset(
        f"{_KUBERNETES}.watch.namespaceSelector",
        GATEWAYS,
        "the namespace of the gateways has no label of yours",
    ),
    only(
        f"{_KUBERNETES}.deploy.type",
        GATEWAYS,
        "network policies and monitors expect the Envoys in the namespace of Envoy Gateway",
        "ControllerNamespace",
    ),
    only(
        f"{_CONFIG}.extensionApis.enableBackend",
        TENANTS,
        "the routes of tenants end at Backend objects",
        True,
    ),
    only(
        f"{_CONFIG}.extensionApis.disableLua",
        TENANTS,
        "a script checks the tenant, the path and the model of each request",
        False,
    ),
    absent(f"{_CONFIG}.extensionManagers", TENANTS, "AI Gateway is the only extension"),
    absent(f"{_CONFIG}.rateLimit.backend", LIMITS, "database.cache counts the limits of tenants"),
    absent(f"{_CONFIG}.rateLimit.failClosed", LIMITS, "traffic.limits.failClosed decides it"),
    within_milliseconds(
        f"{_CONFIG}.rateLimit.timeout",
        LIMITS,
        "requests wait that long while the service does not answer",
        MOST_LIMIT_MILLISECONDS,
    ),
    running(f"{_LIMITER}.replicas", "nothing would count the limits of tenants"),
    absent(
        f"{_LIMITER}.container.env",
        LIMITS,
        "it would replace REDIS_AUTH, with which the service logs in to the cache",
    ),
)

_AI_GATEWAY = (
    running("controller.replicaCount", "no route would read the model of a request"),
    only(
        "controller.fullnameOverride",
        TENANTS,
        "Envoy Gateway calls the controller by this name",
        "ai-gateway-controller",
    ),
    having(
        "controller.watch.namespaces",
        TENANTS,
        "the routes of tenants are in it",
        CHARTS["gateway"].namespace,
        empty=True,
    ),
    listening(
        "controller.service.ports",
        TENANTS,
        "Envoy Gateway and Kubernetes connect to them",
        AI_GATEWAY_PORT,
        WEBHOOK_PORT,
    ),
    only("controller.mutatingWebhook.port", TENANTS, "the controller's Service has this port", WEBHOOK_PORT),
    absent(
        "controller.mutatingWebhook.objectSelector",
        TENANTS,
        "the webhook must see the Envoys' pods, to which it adds the processor",
    ),
    absent(
        "controller.mutatingWebhook.namespaceSelector",
        TENANTS,
        "the webhook must see the Envoys' pods, to which it adds the processor",
    ),
    only("endpointConfig.rootPrefix", TENANTS, "tenants call /v1/…", "/"),
    only("endpointConfig.openai", TENANTS, "tenants call /v1/…, without a prefix", ""),
    only("endpointConfig.cohere", TENANTS, "tenants call /cohere/v2/rerank", "/cohere"),
    Need(
        key="extProc.logLevel",
        use=TENANTS,
        right=lambda given: given in ("info", "warn", "error", "fatal", "panic"),
        allowed="must be info, warn or error: with debug or trace the processor logs prompts",
        unless="extProc.enableRedaction",
    ),
)

_KEDA = (
    unset("watchNamespace", SCALING, "with traffic.scaling KEDA would see the models of no other namespace"),
    unset("watchLabelSelector", SCALING, "with traffic.scaling the models' ScaledObjects have no such label"),
    running("operator.replicaCount", "nothing would scale"),
    running("metricsServer.replicaCount", "Kubernetes would get no numbers to scale by"),
    only("metricsServer.enabled", SCALING, "Kubernetes would get no numbers to scale by", True),
    only("rbac.create", SCALING, "KEDA could read and scale nothing", True),
    only("clusterDomain", SCALING, "addresses in the cluster end with it", "cluster.local"),
    only("prometheus.operator.enabled", WATCHING, "alerts read KEDA's metrics", True),
    only(
        "prometheus.operator.serviceMonitor.enabled",
        WATCHING,
        "alerts read KEDA's metrics",
        True,
        unless="prometheus.operator.podMonitor.enabled",
    ),
)

_CERT_MANAGER = (
    running("replicaCount", "nothing would issue or renew certificates"),
    running("webhook.replicaCount", "Kubernetes could not check certificates, and would refuse them"),
    running("cainjector.replicaCount", "Kubernetes would not trust the webhook"),
    only("cainjector.enabled", ISSUER, "Kubernetes would not trust the webhook", True),
    only("global.rbac.create", ISSUER, "cert-manager could read nothing", True),
    only("disableAutoApproval", ISSUER, "nobody would approve the gateway's certificate", False),
    having(
        "approveSignerNames",
        ISSUER,
        "nobody would approve the gateway's certificate",
        "clusterissuers.cert-manager.io/*",
        empty=True,
    ),
    unset("config.namespace", ISSUER, "cert-manager must see the gateway's namespace"),
    unset("config.controllers", ISSUER, "the gateway needs all controllers of certificates"),
    without_arguments(
        "extraArgs",
        ISSUER,
        "cert-manager would not see the gateway's certificate",
        "namespace",
        "controllers",
    ),
    only("prometheus.enabled", WATCHING, "alerts read cert-manager's metrics", True),
    only(
        "prometheus.servicemonitor.enabled",
        WATCHING,
        "alerts read cert-manager's metrics",
        True,
        unless="prometheus.podmonitor.enabled",
    ),
)

_EXTERNAL_SECRETS = (
    running("replicaCount", "nothing would copy secrets of the vault"),
    only("createOperator", ALWAYS, "nothing would copy secrets of the vault", True),
    unset("scopedNamespace", ALWAYS, "secrets go to several namespaces"),
    only("scopedRBAC", ALWAYS, "it turns off ClusterSecretStores, and the vault is one", False),
    only("processClusterStore", ALWAYS, "the vault is a ClusterSecretStore", True),
    only("crds.createClusterSecretStore", ALWAYS, "the vault is a ClusterSecretStore", True),
    unset("controllerClass", ALWAYS, "the store of the vault has no class"),
    only("rbac.create", ALWAYS, "external-secrets could read and write nothing", True),
    only("serviceAccount.automount", ALWAYS, "the vault knows the pods by their token", True),
    only("serviceAccount.name", ALWAYS, "OCI lets this account read the vault", "external-secrets"),
    only("namespaceOverride", ALWAYS, "OCI lets the account in this namespace read the vault", "",
         CHARTS["externalSecrets"].namespace),
    without_arguments(
        "extraArgs",
        ALWAYS,
        "the store of the vault, or the secrets from it, would not be read",
        "namespace",
        "controller-class",
        "enable-cluster-store-reconciler",
    ),
)  # fmt: skip

NEEDS: Mapping[str, Sequence[Need]] = {
    "gateway": _GATEWAY,
    "aiGateway": _AI_GATEWAY,
    "keda": _KEDA,
    "certManager": _CERT_MANAGER,
    "externalSecrets": _EXTERNAL_SECRETS,
    "prometheus": PROMETHEUS_NEEDS,
    "metricsExporter": EXPORTER_NEEDS,
}
"""By the key of the chart."""
