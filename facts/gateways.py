"""Gateways in the cluster: how Envoy Gateway finds them, and how OKE's cloud controller creates their load balancers.

Sources: envoyproxy/gateway v1.8.3 (api/v1alpha1, the labels of internal/infrastructure/kubernetes/proxy, the timeouts
of internal/xds/translator) and Gateway API v1.5.1; oracle/oci-cloud-controller-manager v1.35
(docs/load-balancer-annotations.md); for the reserved private address Oracle's page "Configuring Load Balancers and
Network Load Balancers" of May 2026, for Kubernetes 1.32 and later. Sources differ on whether that annotation needs
the address or its OCID. The public source of the cloud controller knows neither.
"""

GATEWAY_API = "gateway.networking.k8s.io"
ENVOY_API = "gateway.envoyproxy.io"
AI_API = "aigateway.envoyproxy.io"
"""Kinds of Envoy AI Gateway v1.1 (api/v1beta1)."""

CONTROLLER = "gateway.envoyproxy.io/gatewayclass-controller"
"""The controller name in a GatewayClass of Envoy Gateway."""

PROXY_LABELS = {
    "app.kubernetes.io/name": "envoy",
    "app.kubernetes.io/component": "proxy",
    "app.kubernetes.io/managed-by": "envoy-gateway",
}
"""Labels on the pods of every Envoy that Envoy Gateway runs. The pods are in Envoy Gateway's own namespace."""

RATE_LIMIT_LABELS = {
    "app.kubernetes.io/name": "envoy-ratelimit",
    "app.kubernetes.io/component": "ratelimit",
    "app.kubernetes.io/managed-by": "envoy-gateway",
}
"""Labels on the pods of the rate limit service (internal/infrastructure/kubernetes/ratelimit)."""

RATE_LIMIT_PORT = 8081
XDS_PORT = 18000
RATE_LIMIT_XDS_PORT = 18001
STATS_PORT = 19001
"""Ports of the rate limit service, of Envoy Gateway for Envoys and for that service, and of metrics (the same
source)."""

MODEL_HEADER = "x-ai-eg-model"
"""Header in which AI Gateway puts the request's model before it chooses a route (internal/internalapi)."""

GATEWAY_CONFIG = "aigateway.envoyproxy.io/gateway-config"
"""Annotation of a Gateway with the name of its GatewayConfig (internal/controller/ai_gateway_route.go)."""

TOKEN_METADATA = "io.envoy.ai_gateway"  # noqa: S105  a namespace of metadata
"""Namespace of the metadata in which AI Gateway puts the tokens of an answer (api/v1beta1/shared_types.go)."""

MOST_ROUTE_RULES = 15
"""Rules of an AIGatewayRoute (api/v1beta1/ai_gateway_route.go)."""

OWNER_NAME_LABEL = "gateway.envoyproxy.io/owning-gateway-name"
OWNER_NAMESPACE_LABEL = "gateway.envoyproxy.io/owning-gateway-namespace"


BALANCER_TYPE = "oci.oraclecloud.com/load-balancer-type"
BALANCER_INTERNAL = "service.beta.kubernetes.io/oci-load-balancer-internal"
BALANCER_SUBNET = "service.beta.kubernetes.io/oci-load-balancer-subnet1"
BALANCER_SHAPE = "service.beta.kubernetes.io/oci-load-balancer-shape"
BALANCER_LEAST = "service.beta.kubernetes.io/oci-load-balancer-shape-flex-min"
BALANCER_MOST = "service.beta.kubernetes.io/oci-load-balancer-shape-flex-max"
BALANCER_IDLE = "service.beta.kubernetes.io/oci-load-balancer-connection-idle-timeout"
BALANCER_ADDRESS = "oci.oraclecloud.com/reserved-private-ips"
BALANCER_GROUPS = "oci.oraclecloud.com/oci-network-security-groups"
BALANCER_RULES = "oci.oraclecloud.com/security-rule-management-mode"
