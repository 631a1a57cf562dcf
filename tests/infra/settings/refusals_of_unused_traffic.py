"""Settings of the traffic path that nothing reads, and certificates whose Secret has something else in it."""

from tests.infra.settings.examples import Change
from tests.infra.settings.refusals_of_traffic_gateway import counted, served
from tests.infra.settings.refusals_of_traffic_watching import watched
from tests.infra.settings.wrong.case import Wrong

NO_GATEWAY = "has no effect: without tenants there is no gateway"
WHAT = "must be a Secret of type kubernetes.io/tls with the gateway's certificate: it has"
PATH = "traffic.certificate.existing"


def unused(key: str, value: object, *more: Change) -> Wrong:
    """A key of the gateway without tenants."""
    return Wrong(f"{key} without tenants", [(f"traffic.{key}", value), *more], f"traffic.{key}", NO_GATEWAY)


def taken(name: str, message: str, *more: Change) -> Wrong:
    """A certificate in a Secret that is another one."""
    changes = counted(("traffic.certificate", {"existing": name}), *more, requestsPerMinute=60)
    return Wrong(f"the Secret {name}", changes, PATH, message)


OF_UNUSED = (
    unused("hostName", "models.example.com"),
    unused("hostName", "No Name"),
    unused("certificate", {"existing": "models-tls"}),
    unused("certificate", {"issuer": "ca", "existing": "models-tls"}),
    *(
        unused(f"gateway.{key}", value)
        for key, value in (
            ("envoys", 3), ("envoys", 0), ("backendSet", "gpu"), ("tenantHeader", "x-t"), ("traces", "a.b:1")
        )
    ),
    *(
        unused(f"limits.{key}", value)
        for key, value in (
            ("failClosed", True), ("failClosed", False), ("bodyLimitBytes", 1), ("longestRequestSeconds", 1)
        )
    ),
    Wrong("a fail mode without limits", served(("traffic.limits", {"failClosed": True})), "traffic.limits.failClosed",
          "has no effect: no tenant has requestsPerMinute or tokensPerMinute"),
    Wrong("Envoys without a backend set", served(("serving.platform.gateway.envoys", 3)),
          "serving.platform.gateway.envoys", "has no effect: no backend set of the edge has a gateway"),
    Wrong("a threshold of no alert", watched(thresholds={"GpuHot": 90}), "traffic.watching.thresholds.GpuHot",
          "has no effect: the alert needs AMD's metrics exporter, which these settings do not have"),
)  # fmt: skip

OF_SECRETS = (
    taken("tenant-keys-research", f"{WHAT} the keys of tenant research"),
    taken("tenant-research", "it is a key of tenant research in the vault"),
    taken("models-rate-limit", f"{WHAT} the login of the rate limit service at the cache"),
    *(taken(name, "Envoy Gateway has its own keys in it") for name in ("envoy", "envoy-gateway", "envoy-rate-limit")),
    taken("models-envoy-gateway-system", "AI Gateway has its configuration in it"),
    taken("hub-token", f"{WHAT} the token of the models' hub"),
    taken("alert-routing", f"{WHAT} the configuration of Alertmanager"),
    taken("my-secret", f"{WHAT} a secret of the vault", ("serving.platform.externalSecrets.secrets", ["my-secret"])),
    taken("registry", f"{WHAT} the login of a registry, in the values of a chart",
          ("serving.platform.gateway.values", {"global": {"imagePullSecrets": [{"name": "registry"}]}})),
    taken("registry", f"{WHAT} the login of a registry, in the values of a chart",
          ("serving.platform.aiGateway.values", {"extProc": {"imagePullSecrets": ["registry"]}})),
    Wrong("text for a certificate", served(("traffic.certificate", {"existing": 5})), PATH, "must be text"),
)  # fmt: skip

EVERY: tuple[Wrong, ...] = (*OF_UNUSED, *OF_SECRETS)
