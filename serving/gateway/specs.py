"""The specifications of the gateway's own objects: listener, Envoys, clients' policy, keys and script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facts.gateways import (
    ENVOY_API,
    GATEWAY_API,
    MODEL_HEADER,
    OWNER_NAME_LABEL,
    OWNER_NAMESPACE_LABEL,
    PROXY_LABELS,
)

from .entry_script import CLIENT_HEADER
from .gateway_rules import ANSWER_HEADERS, STEERING_HEADERS

Spec = dict[str, object]

GATEWAY = "models"
"""Name of the Gateway and of the objects that exist once for it."""

TLS_PORT = 8443
"""Envoy Gateway moves listeners below 1,024 to other ports of the pod, so this one is above."""

TARGET = {"group": GATEWAY_API, "kind": "Gateway", "name": GATEWAY}

COLLECTOR_NAME = "traces"
"""Name of the Backend of the collector. Those of the models have a hyphen."""

LOGGED = {
    "start_time": "%START_TIME%",
    "method": "%REQ(:METHOD)%",
    "host": "%REQ(:AUTHORITY)%",
    "path": "%PATH(NQ:ORIG_OR_PATH)%",
    "protocol": "%PROTOCOL%",
    "response_code": "%RESPONSE_CODE%",
    "response_code_details": "%RESPONSE_CODE_DETAILS%",
    "response_flags": "%RESPONSE_FLAGS%",
    "upstream_failure": "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
    "upstream_host": "%UPSTREAM_HOST%",
    "route": "%ROUTE_NAME%",
    "bytes_received": "%BYTES_RECEIVED%",
    "bytes_sent": "%BYTES_SENT%",
    "duration_ms": "%DURATION%",
    "client": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
    "user_agent": "%REQ(USER-AGENT)%",
    "request_id": "%REQ(X-REQUEST-ID)%",
}
"""Fields of the access log (Envoy's command operators). No body, no key, no query."""

UPLOAD_SECONDS = 60
"""Time for a client to send its request."""


_FILTER = "envoy.filters.http"

FILTER_ORDER = [{"name": f"{_FILTER}.buffer", "after": f"{_FILTER}.lua"}]
"""AI Gateway v1.1.0 puts its processor before the first script, but always after a request buffer
(`insertAIGatewayExtProcFilter` in internal/extensionserver/post_translate_modify.go). With the buffer behind the
script, the processor is behind it too. Before it, it would answer /v1/models with the models of all tenants."""


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Where the gateway listens: with TLS, or without it behind the public load balancer, where TLS ends."""

    host_name: str
    port: int
    tls_secret: str | None
    health_path: str | None = None
    health_port: int | None = None

    @property
    def name(self) -> str:
        """Name of the listener with the routes."""
        return "http" if self.tls_secret is None else "https"


def proxy_labels(namespace: str) -> dict[str, str]:
    """Labels of the gateway's Envoys."""
    return {**PROXY_LABELS, OWNER_NAME_LABEL: GATEWAY, OWNER_NAMESPACE_LABEL: namespace}


def gateway_spec(listening: Listening) -> Spec:
    """One listener for one host name, and one for health checks if they have a port of their own."""
    listeners: list[Spec] = [_listener(listening)]
    if listening.health_port not in (None, listening.port):
        listeners.append(
            {
                "name": "health",
                "protocol": "HTTP",
                "port": listening.health_port,
            }
        )
    return {
        "gatewayClassName": GATEWAY,
        "infrastructure": {"parametersRef": {"group": ENVOY_API, "kind": "EnvoyProxy", "name": GATEWAY}},
        "listeners": listeners,
    }


def _listener(listening: Listening) -> Spec:
    spec: Spec = {
        "name": listening.name,
        "protocol": "HTTP",
        "port": listening.port,
        "hostname": listening.host_name,
        # Only this program's routes: they are in the gateway's own namespace.
        "allowedRoutes": {"namespaces": {"from": "Same"}},
    }
    if listening.tls_secret is not None:
        secret = {"group": "", "kind": "Secret", "name": listening.tls_secret}
        spec |= {"protocol": "HTTPS", "tls": {"mode": "Terminate", "certificateRefs": [secret]}}
    return spec


def proxy_spec(
    envoys: int, memory_mib: int, drain_seconds: int, namespace: str, *, traced: bool = False
) -> Spec:
    """The Envoys: on different nodes, with memory for the bodies, and a drain above the longest stream. `traced`: they
    send traces to the collector."""
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "DoNotSchedule",
        # GPU nodes do not accept Envoys, so they must not count as empty nodes.
        "nodeTaintsPolicy": "Honor",
        "labelSelector": {"matchLabels": proxy_labels(namespace)},
        # The pods of a rollout are spread by themselves.
        "matchLabelKeys": ["pod-template-hash"],
    }
    memory = f"{memory_mib}Mi"
    kubernetes: Spec = {
        "envoyDeployment": {
            "replicas": envoys,
            "pod": {"topologySpreadConstraints": [spread]},
            "container": {
                "resources": {"requests": {"cpu": "1", "memory": memory}, "limits": {"memory": memory}}
            },
        },
        "envoyService": {"type": "ClusterIP", "name": service_name()},
    }
    if envoys > 1:
        kubernetes["envoyPDB"] = {"maxUnavailable": 1}
    tracing: Spec = {"tracing": _tracing()} if traced else {}
    return {
        "telemetry": {"accessLog": _access_log(), **tracing},
        "provider": {"type": "Kubernetes", "kubernetes": kubernetes},
        "filterOrder": [dict(each) for each in FILTER_ORDER],
        "shutdown": {"drainTimeout": f"{drain_seconds}s", "minDrainDuration": "15s"},
    }


def _access_log() -> Spec:
    """One line of JSON for each request. Envoy Gateway's own line has the query, in which a client may put its key."""
    sink = {"type": "File", "file": {"path": "/dev/stdout"}}
    return {"settings": [{"format": {"type": "JSON", "json": dict(LOGGED)}, "sinks": [sink]}]}


def _tracing() -> Spec:
    """Traces of all requests. Envoy's own tags have no body and no key, but the query: the tag here replaces that."""
    collector = {"group": ENVOY_API, "kind": "Backend", "name": COLLECTOR_NAME}
    return {
        "provider": {"type": "OpenTelemetry", "backendRefs": [collector]},
        "tags": {"http.url": "%REQ(:SCHEME)%://%REQ(:AUTHORITY)%%PATH(NQ)%"},
    }


def service_name() -> str:
    """Name of the Service of the Envoys, which Envoy Gateway creates."""
    return f"{GATEWAY}-gateway"


def processor_spec(memory_mib: int) -> Spec:
    """AI Gateway's processor. It is a sidecar of Envoy, so it ends after Envoy."""
    memory = f"{memory_mib}Mi"
    resources = {"requests": {"cpu": "500m", "memory": memory}, "limits": {"memory": memory}}
    return {"extProc": {"kubernetes": {"resources": resources}}}


def client_policy(
    listening: Listening, limit_bytes: int, silent_seconds: int, header: str, streams: int
) -> Spec:
    """Towards clients: body limit, time limits, requests of a connection, no header that only the gateway may set, and
    none of the routers."""
    forbidden = sorted({header, CLIENT_HEADER, MODEL_HEADER, *STEERING_HEADERS})
    spec: Spec = {
        "targetRefs": [dict(TARGET)],
        "connection": {"bufferLimit": str(limit_bytes)},
        "http2": {"maxConcurrentStreams": streams},
        "timeout": {
            "http": {
                "requestReceivedTimeout": f"{UPLOAD_SECONDS}s",
                "streamIdleTimeout": f"{silent_seconds}s",
            }
        },
        "headers": {
            "earlyRequestHeaders": {"remove": forbidden},
            "lateResponseHeaders": {"remove": list(ANSWER_HEADERS)},
        },
    }
    if listening.tls_secret is not None:
        spec["tls"] = {"minVersion": "1.2"}
    if listening.health_path is not None:
        spec["healthCheck"] = {"path": listening.health_path}
        # The public load balancer appends the client's address. The private one forwards bytes and adds nothing.
        spec["clientIPDetection"] = {"xForwardedFor": {"numTrustedHops": 1}}
    return spec


def key_policy(secrets: Sequence[str]) -> Spec:
    """Every route needs a key, which is not passed on."""
    return {
        "targetRefs": [dict(TARGET)],
        "apiKeyAuth": {
            "credentialRefs": [{"group": "", "kind": "Secret", "name": name} for name in secrets],
            "extractFrom": [{"headers": ["Authorization"]}],
            "forwardClientIDHeader": CLIENT_HEADER,
            "sanitize": True,
        },
    }


def script_policy(script: str) -> Spec:
    """The script of every route."""
    return {"targetRefs": [dict(TARGET)], "lua": [{"type": "Inline", "inline": script}]}


def certificate_spec(host_name: str, issuer: str, secret: str) -> Spec:
    """A certificate of cert-manager."""
    return {
        "secretName": secret,
        "dnsNames": [host_name],
        "issuerRef": {"group": "cert-manager.io", "kind": "ClusterIssuer", "name": issuer},
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
    }


def keys_spec(store: object, store_kind: str, names: Mapping[str, str], target: str, refresh: str) -> Spec:
    """A tenant's keys from the vault, by their client ids."""
    return {
        "refreshInterval": refresh,
        "secretStoreRef": {"kind": store_kind, "name": store},
        "target": {"name": target, "creationPolicy": "Owner"},
        "data": [{"secretKey": key, "remoteRef": {"key": name}} for key, name in names.items()],
    }
