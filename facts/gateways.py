"""Gateways in the cluster: how Envoy Gateway finds them, and how OKE's cloud controller creates their load balancers.

Sources: envoyproxy/gateway v1.8.1 (api/v1alpha1, the labels of internal/infrastructure/kubernetes/proxy, the timeouts
of internal/xds/translator) and Gateway API v1.5.1; oracle/oci-cloud-controller-manager v1.35
(docs/load-balancer-annotations.md); for the reserved private address Oracle's page "Configuring Load Balancers and
Network Load Balancers" of May 2026, for Kubernetes 1.32 and later. Sources differ on whether that annotation needs
the address or its OCID. The public source of the cloud controller knows neither.
"""

GATEWAY_API = "gateway.networking.k8s.io"
ENVOY_API = "gateway.envoyproxy.io"

CONTROLLER = "gateway.envoyproxy.io/gatewayclass-controller"
"""The controller name in a GatewayClass of Envoy Gateway."""

PROXY_LABELS = {
    "app.kubernetes.io/name": "envoy",
    "app.kubernetes.io/component": "proxy",
    "app.kubernetes.io/managed-by": "envoy-gateway",
}
"""Labels on the pods of every Envoy that Envoy Gateway runs. The pods are in Envoy Gateway's own namespace."""

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
