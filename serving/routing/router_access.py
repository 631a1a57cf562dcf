"""What a router may do and reach: read the pods of its own namespace, and talk to engines, gateway and Prometheus."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes import core, meta, networking, rbac

from facts.charts import CHARTS
from facts.kubernetes import API_PORT
from serving.engine.options.arguments import PORT
from serving.teams.network_isolation import NAMESPACE_LABEL

from .router_program import HTTP_PORT, METRICS_PORT

GATEWAY_NAMESPACE = CHARTS["gateway"].namespace
METRICS_NAMESPACE = CHARTS["prometheus"].namespace

_RBAC = "rbac.authorization.k8s.io"


def create_account(
    name: str, metadata: "meta.v1.ObjectMetaArgs", called: str, opts: pulumi.ResourceOptions
) -> Sequence[pulumi.Resource]:
    """The service account `called`, which may list and watch the pods of its namespace and nothing else."""
    account = core.v1.ServiceAccount(
        f"{name}-account", core.v1.ServiceAccountInitArgs(metadata=metadata), opts=opts
    )
    role = rbac.v1.Role(
        f"{name}-role",
        rbac.v1.RoleInitArgs(
            metadata=metadata,
            rules=[rbac.v1.PolicyRuleArgs(api_groups=[""], resources=["pods"], verbs=["list", "watch"])],
        ),
        opts=opts,
    )
    binding = rbac.v1.RoleBinding(
        f"{name}-binding",
        rbac.v1.RoleBindingInitArgs(
            metadata=metadata,
            role_ref=rbac.v1.RoleRefArgs(api_group=_RBAC, kind="Role", name=called),
            subjects=[rbac.v1.SubjectArgs(kind="ServiceAccount", name=called, namespace=metadata.namespace)],
        ),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[account, role])),
    )
    return [account, role, binding]


def create_wall(
    name: str,
    metadata: "meta.v1.ObjectMetaArgs",
    *,
    routers: Mapping[str, str],
    engines: Mapping[str, str],
    api_cidr: str | None,
    traces: int | None,
    opts: pulumi.ResourceOptions,
) -> "networking.v1.NetworkPolicy":
    """The network policy. `routers` and `engines` are the labels of the pods. `traces`: port of a collector in any
    namespace."""
    egress = [
        _out([_pods(engines)], ("TCP", PORT)),
        # The client of the Kubernetes API may look up its name.
        _out([_namespace("kube-system")], ("UDP", 53), ("TCP", 53)),
    ]
    if api_cidr:
        api = networking.v1.NetworkPolicyPeerArgs(ip_block=networking.v1.IPBlockArgs(cidr=api_cidr))
        egress.append(_out([api], ("TCP", API_PORT)))
    if traces is not None:
        anywhere = networking.v1.NetworkPolicyPeerArgs(namespace_selector=meta.v1.LabelSelectorArgs())
        egress.append(_out([anywhere], ("TCP", traces)))
    spec = networking.v1.NetworkPolicySpecArgs(
        pod_selector=_selector(routers),
        policy_types=["Ingress", "Egress"],
        ingress=[_in(GATEWAY_NAMESPACE, HTTP_PORT), _in(METRICS_NAMESPACE, METRICS_PORT)],
        egress=egress,
    )
    return networking.v1.NetworkPolicy(
        f"{name}-wall", networking.v1.NetworkPolicyInitArgs(metadata=metadata, spec=spec), opts=opts
    )


def _in(namespace: str, port: int) -> "networking.v1.NetworkPolicyIngressRuleArgs":
    return networking.v1.NetworkPolicyIngressRuleArgs(
        from_=[_namespace(namespace)],
        ports=[networking.v1.NetworkPolicyPortArgs(protocol="TCP", port=port)],
    )


def _out(
    to: "list[networking.v1.NetworkPolicyPeerArgs]", *ports: tuple[str, int]
) -> "networking.v1.NetworkPolicyEgressRuleArgs":
    allowed = [networking.v1.NetworkPolicyPortArgs(protocol=word, port=port) for word, port in ports]
    return networking.v1.NetworkPolicyEgressRuleArgs(to=to, ports=allowed)


def _pods(labels: Mapping[str, str]) -> "networking.v1.NetworkPolicyPeerArgs":
    return networking.v1.NetworkPolicyPeerArgs(pod_selector=_selector(labels))


def _namespace(name: str) -> "networking.v1.NetworkPolicyPeerArgs":
    return networking.v1.NetworkPolicyPeerArgs(namespace_selector=_selector({NAMESPACE_LABEL: name}))


def _selector(labels: Mapping[str, str]) -> "meta.v1.LabelSelectorArgs":
    return meta.v1.LabelSelectorArgs(match_labels=dict(labels))
