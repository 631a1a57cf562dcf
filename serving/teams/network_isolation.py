"""Network policies of one namespace, which allow only the traffic that its pods need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import meta, networking

from facts.charts import CHARTS
from facts.checked_args import CheckedArgs
from facts.kubernetes import API_PORT
from facts.problem import refuse
from serving.options import child

from .team_rules import cidr_problems

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""The API server sets this label on every namespace. Nobody else may set it."""

DNS_PORT = 53
HTTPS_PORT = 443
WORKLOAD_IDENTITY_PORT = 12250
"""Port at which pods on OKE exchange their service account's token for an OCI token."""

METADATA_CIDR = "169.254.0.0/16"
"""The node's metadata service with its instance principal, which pods must not reach."""

ANYWHERE = "0.0.0.0/0"

INTERNET_LABEL = "genai/internet"
WITHOUT_INTERNET = "none"
"""Label of pods that need no internet access. No policy here allows it to them."""


@dataclass(frozen=True, kw_only=True)
class NetworkIsolationArgs:
    """Which connections the pods of a namespace may accept and open."""

    namespace: pulumi.Input[str]
    """The namespace. It must exist."""

    from_namespaces: Sequence[str] | None = None
    """Namespaces whose pods may connect. Default: Envoy Gateway's and Prometheus's."""

    egress_cidrs: Sequence[str] | None = None
    """Networks that pods may reach over HTTPS. Default: all, except the node's metadata service."""

    api_cidr: str | None = None
    """Network of the Kubernetes API, which also serves OKE workload identity. Default: pods may not reach it."""


class NetworkIsolation(CheckedArgs, pulumi.ComponentResource):
    """Denies all traffic, then allows DNS, the namespace itself, ingress from gateway and Prometheus, and HTTPS egress.

    On OKE with VCN-native pods, the policies have an effect only with a network policy engine such as Calico. They
    never apply to pods on the host's network.
    """

    policies: pulumi.Output[Mapping[str, str]]
    """Names of the policies, by what they allow."""

    def __init__(
        self, name: str, args: NetworkIsolationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(cidr_problems(args.egress_cidrs or (), f"{name}.egressCidrs"), f"isolation {name}")
        super().__init__("genai:index:NetworkIsolation", name, {}, opts)
        made = {
            key: networking.v1.NetworkPolicy(
                f"{name}-{key}",
                networking.v1.NetworkPolicyInitArgs(
                    metadata=meta.v1.ObjectMetaArgs(
                        name=key,
                        namespace=args.namespace,
                        labels={"app.kubernetes.io/managed-by": "pulumi"},
                    ),
                    spec=spec,
                ),
                opts=child(self),
            )
            for key, spec in isolation(args).items()
        }
        self.policies = pulumi.Output.all(**{key: policy.id for key, policy in made.items()}).apply(
            lambda ids: {key: key for key in ids}
        )
        self.register_outputs({"policies": self.policies})


def isolation(args: NetworkIsolationArgs) -> "dict[str, networking.v1.NetworkPolicySpecArgs]":
    """The policies by name."""
    made = {
        "default-deny": _policy(ingress=[], egress=[]),
        "allow-dns": _policy(egress=[dns_rule()]),
        "allow-same-namespace": _policy(
            ingress=[networking.v1.NetworkPolicyIngressRuleArgs(from_=[_everyone_here()])],
            egress=[egress_rule([_everyone_here()])],
        ),
    }
    sources = args.from_namespaces
    if sources is None:
        sources = [CHARTS["gateway"].namespace, CHARTS["prometheus"].namespace]
    if sources:
        rule = networking.v1.NetworkPolicyIngressRuleArgs(from_=[_namespace(each) for each in sources])
        made["allow-gateway-and-metrics"] = _policy(ingress=[rule])
    cidrs = [ANYWHERE] if args.egress_cidrs is None else args.egress_cidrs
    if cidrs:
        made["allow-https-out"] = _policy(
            egress=[egress_rule([network_peer(cidr) for cidr in cidrs], ("TCP", HTTPS_PORT))],
            pods=meta.v1.LabelSelectorArgs(
                match_expressions=[
                    meta.v1.LabelSelectorRequirementArgs(
                        key=INTERNET_LABEL, operator="NotIn", values=[WITHOUT_INTERNET]
                    )
                ]
            ),
        )
    if args.api_cidr:
        ports = (("TCP", API_PORT), ("TCP", WORKLOAD_IDENTITY_PORT))
        made["allow-api"] = _policy(egress=[egress_rule([network_peer(args.api_cidr)], *ports)])
    return made


def internet_labels(*, offline: bool) -> dict[str, str]:
    """Labels of pods. `offline` says whether they need no internet access."""
    return {INTERNET_LABEL: WITHOUT_INTERNET} if offline else {}


def no_internet(
    name: str,
    metadata: "meta.v1.ObjectMetaArgs",
    selector: Mapping[str, str],
    opts: pulumi.ResourceOptions,
    *,
    whole_cluster: bool = False,
) -> "networking.v1.NetworkPolicy":
    """The policy of pods that need only DNS and their own namespace. With `whole_cluster`, also all other pods
    (traces)."""
    peers = [networking.v1.NetworkPolicyPeerArgs(namespace_selector=meta.v1.LabelSelectorArgs())]
    inside = egress_rule(peers if whole_cluster else [_everyone_here()])
    pods = meta.v1.LabelSelectorArgs(match_labels=dict(selector))
    spec = _policy(egress=[dns_rule(), inside], pods=pods)
    return networking.v1.NetworkPolicy(
        name, networking.v1.NetworkPolicyInitArgs(metadata=metadata, spec=spec), opts=opts
    )


def _policy(
    *,
    ingress: "list[networking.v1.NetworkPolicyIngressRuleArgs] | None" = None,
    egress: "list[networking.v1.NetworkPolicyEgressRuleArgs] | None" = None,
    pods: "meta.v1.LabelSelectorArgs | None" = None,
) -> "networking.v1.NetworkPolicySpecArgs":
    """A policy for all pods or for some. If a direction is None, it is not changed. An empty list denies it."""
    types = [word for word, rules in (("Ingress", ingress), ("Egress", egress)) if rules is not None]
    return networking.v1.NetworkPolicySpecArgs(
        pod_selector=pods or meta.v1.LabelSelectorArgs(),
        policy_types=types,
        ingress=ingress or None,
        egress=egress or None,
    )


def egress_rule(
    to: "list[networking.v1.NetworkPolicyPeerArgs]", *ports: tuple[str, int]
) -> "networking.v1.NetworkPolicyEgressRuleArgs":
    """To these peers, at these ports or at all."""
    allowed = [networking.v1.NetworkPolicyPortArgs(protocol=word, port=port) for word, port in ports]
    return networking.v1.NetworkPolicyEgressRuleArgs(to=to, ports=allowed or None)


def dns_rule() -> "networking.v1.NetworkPolicyEgressRuleArgs":
    """To the cluster's DNS."""
    return egress_rule([_namespace("kube-system")], ("UDP", DNS_PORT), ("TCP", DNS_PORT))


def _namespace(name: str) -> "networking.v1.NetworkPolicyPeerArgs":
    selector = meta.v1.LabelSelectorArgs(match_labels={NAMESPACE_LABEL: name})
    return networking.v1.NetworkPolicyPeerArgs(namespace_selector=selector)


def _everyone_here() -> "networking.v1.NetworkPolicyPeerArgs":
    return networking.v1.NetworkPolicyPeerArgs(pod_selector=meta.v1.LabelSelectorArgs())


def network_peer(cidr: str) -> "networking.v1.NetworkPolicyPeerArgs":
    """A network, without the metadata service if it is `ANYWHERE`: only a network that contains it can exclude it."""
    without = [METADATA_CIDR] if cidr == ANYWHERE else None
    return networking.v1.NetworkPolicyPeerArgs(ip_block=networking.v1.IPBlockArgs(cidr=cidr, except_=without))
