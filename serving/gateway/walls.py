"""Network policies around the gateway's Envoys and the rate limit service."""

from collections.abc import Mapping, Sequence

from pulumi_kubernetes import meta, networking

from facts.charts import CHARTS
from facts.gateways import (
    RATE_LIMIT_LABELS,
    RATE_LIMIT_PORT,
    RATE_LIMIT_XDS_PORT,
    STATS_PORT,
    XDS_PORT,
)
from serving.teams.network_isolation import ANYWHERE, DNS_PORT, METADATA_CIDR, NAMESPACE_LABEL

PROCESSOR_STATS_PORT = 1064
"""Metrics of AI Gateway's processor (cmd/extproc/mainlib/main.go)."""

CACHE_PORT = 6379

Ports = Sequence[tuple[str, int]]


def envoy_wall(
    labels: Mapping[str, str],
    *,
    listeners: Sequence[int],
    targets: Mapping[str, Sequence[int]],
    traces: int | None = None,
) -> "networking.v1.NetworkPolicySpecArgs":
    """In: clients and Prometheus. Out: Envoy Gateway, the rate limit service, and the models' Services.

    `targets`: ports by namespace. `traces`: port of a collector in any namespace.
    """
    stats = [("TCP", STATS_PORT), ("TCP", PROCESSOR_STATS_PORT)]
    return networking.v1.NetworkPolicySpecArgs(
        pod_selector=meta.v1.LabelSelectorArgs(match_labels=dict(labels)),
        policy_types=["Ingress", "Egress"],
        ingress=[
            networking.v1.NetworkPolicyIngressRuleArgs(ports=_ports([("TCP", port) for port in listeners])),
            networking.v1.NetworkPolicyIngressRuleArgs(
                from_=[_namespace(CHARTS["prometheus"].namespace)], ports=_ports(stats)
            ),
        ],
        egress=[
            _dns(),
            _to([_here()], [("TCP", XDS_PORT), ("TCP", RATE_LIMIT_PORT)]),
            *(
                _to([_namespace(name)], [("TCP", port) for port in ports])
                for name, ports in sorted(targets.items())
            ),
            *([] if traces is None else [_to([_everywhere()], [("TCP", traces)])]),
        ],
    )


def limiter_wall(labels: Mapping[str, str]) -> "networking.v1.NetworkPolicySpecArgs":
    """In: the Envoys and Prometheus. Out: Envoy Gateway and the cache, which has an address of the VCN."""
    envoys = networking.v1.NetworkPolicyPeerArgs(
        pod_selector=meta.v1.LabelSelectorArgs(match_labels=dict(labels))
    )
    cache = networking.v1.NetworkPolicyPeerArgs(
        ip_block=networking.v1.IPBlockArgs(cidr=ANYWHERE, except_=[METADATA_CIDR])
    )
    return networking.v1.NetworkPolicySpecArgs(
        pod_selector=meta.v1.LabelSelectorArgs(match_labels=RATE_LIMIT_LABELS),
        policy_types=["Ingress", "Egress"],
        ingress=[
            networking.v1.NetworkPolicyIngressRuleArgs(
                from_=[envoys], ports=_ports([("TCP", RATE_LIMIT_PORT)])
            ),
            networking.v1.NetworkPolicyIngressRuleArgs(
                from_=[_namespace(CHARTS["prometheus"].namespace)], ports=_ports([("TCP", STATS_PORT)])
            ),
        ],
        egress=[
            _dns(),
            _to([_here()], [("TCP", RATE_LIMIT_XDS_PORT)]),
            _to([cache], [("TCP", CACHE_PORT)]),
        ],
    )


def _to(
    peers: "list[networking.v1.NetworkPolicyPeerArgs]", ports: Ports
) -> "networking.v1.NetworkPolicyEgressRuleArgs":
    return networking.v1.NetworkPolicyEgressRuleArgs(to=peers, ports=_ports(ports))


def _ports(ports: Ports) -> "list[networking.v1.NetworkPolicyPortArgs]":
    return [networking.v1.NetworkPolicyPortArgs(protocol=word, port=port) for word, port in ports]


def _dns() -> "networking.v1.NetworkPolicyEgressRuleArgs":
    return _to([_namespace("kube-system")], [("UDP", DNS_PORT), ("TCP", DNS_PORT)])


def _namespace(name: str) -> "networking.v1.NetworkPolicyPeerArgs":
    selector = meta.v1.LabelSelectorArgs(match_labels={NAMESPACE_LABEL: name})
    return networking.v1.NetworkPolicyPeerArgs(namespace_selector=selector)


def _everywhere() -> "networking.v1.NetworkPolicyPeerArgs":
    return networking.v1.NetworkPolicyPeerArgs(namespace_selector=meta.v1.LabelSelectorArgs())


def _here() -> "networking.v1.NetworkPolicyPeerArgs":
    return networking.v1.NetworkPolicyPeerArgs(pod_selector=meta.v1.LabelSelectorArgs())
