"""Whether the deployer can reach the Kubernetes API: through a tunnel, from a host in the VCN, or over the internet."""

from collections.abc import Iterator, Sequence

from components.cluster.oke_cluster import login_problems
from components.network.cidr_plan import cidr_problems, vcn_problems, within
from components.network.security_groups import port_table, security_groups_problems
from facts.problem import Problem
from facts.pydantic_words import MISSING
from infra.settings.cluster import Cluster
from infra.settings.network import Network
from infra.settings.platform.rules import uses_cluster
from infra.settings.serving import Serving
from infra.settings.tenancy import Tenancy

_CIDR = "tenancy.deployer.cidr"
_ALLOWED = "cluster.endpoint.allowedCidrs"
_CLIENTS = "network.bastionClientCidrs"


def reach_problems(
    tenancy: Tenancy, network: Network, cluster: Cluster, serving: Serving
) -> Iterator[Problem]:
    """A Kubernetes API that the deployer cannot reach or is not allowed to use."""
    deployer, public = tenancy.deployer, cluster.endpoint.access == "public"
    malformed = [*cidr_problems(deployer.cidr, path=_CIDR)] if deployer.cidr is not None else []
    yield from malformed
    if not malformed:
        yield from _caller_problems(tenancy, network, cluster)
    if uses_cluster(serving):
        yield from login_problems(tenancy.auth, path="tenancy.auth")
    if public and not cluster.endpoint.allowed_cidrs and cluster.existing is None:
        yield Problem(_ALLOWED, [], "must name who may reach a public endpoint")
    if deployer.access == "inside":
        yield from [] if malformed else _inside(deployer.cidr, network)
    elif public and cluster.existing is not None:
        return  # Its own groups decide who is let in.
    elif public and (deployer.access == "internet" or uses_cluster(serving)):
        yield from [] if malformed else _let_in(deployer.cidr, cluster.endpoint.allowed_cidrs, _ALLOWED)
    elif not public and deployer.access == "tunnel":
        yield from _tunnel(deployer.cidr, network, malformed=bool(malformed))
    elif not public and uses_cluster(serving):
        yield Problem(
            "tenancy.deployer.access",
            "internet",
            "cannot reach the private API endpoint that the models are deployed through",
            "Set `tunnel` and run `playground tunnel STACK`, or `inside` on a host in the VCN, "
            "or make cluster.endpoint public",
        )


def api_callers(tenancy: Tenancy, cluster: Cluster) -> list[str]:
    """Networks that may reach the API endpoint, one rule each. The bastion has its own rule."""
    allowed, deployer = cluster.endpoint.allowed_cidrs, tenancy.deployer
    own = [deployer.cidr] if deployer.access == "inside" and deployer.cidr else []
    return [*allowed, *(cidr for cidr in own if not within(cidr, allowed))]


def _caller_problems(tenancy: Tenancy, network: Network, cluster: Cluster) -> Iterator[Problem]:
    table = port_table(bastion=bool(network.bastion_client_cidrs))
    found = [*security_groups_problems(cluster.endpoint.allowed_cidrs, path="cluster.endpoint")]
    if not found:
        callers = api_callers(tenancy, cluster)
        found = [*security_groups_problems(callers, table=table, path="cluster.endpoint")]
    yield from found


def _inside(cidr: str | None, network: Network) -> Iterator[Problem]:
    if cidr is None:
        allowed = "must be set with `access: inside`: otherwise the API endpoint lets in only nodes and pods"
        yield Problem(
            _CIDR, MISSING, allowed, "Set it to the address of the host in the VCN, e.g. 10.0.2.250/32"
        )
    elif network.existing is not None or [*vcn_problems(network.cidr, path="")]:
        return  # The routes of an existing network are checked when it has been read.
    else:
        yield from _within_reach(cidr, network)


def _within_reach(cidr: str, network: Network) -> Iterator[Problem]:
    known = [network.cidr, *(network.hub.cidrs if network.hub else ())]
    if not within(cidr, known):
        place = f"the VCN or the hub, {', '.join(known)}" if network.hub else f"the VCN, {network.cidr}"
        allowed = f"must be inside {place}: the API endpoint has no route to other networks"
        yield Problem(_CIDR, cidr, allowed, "Use a host in the VCN, or `tunnel`")


def _tunnel(cidr: str | None, network: Network, *, malformed: bool) -> Iterator[Problem]:
    if not network.bastion_client_cidrs:
        fix = "Or set tenancy.deployer.access to `inside` if `pulumi up` runs on a host in the VCN"
        yield Problem(_CLIENTS, [], "must name who may open the tunnel", fix)
    elif cidr is not None and not malformed:
        yield from _let_in(cidr, network.bastion_client_cidrs, _CLIENTS)


def _let_in(cidr: str | None, allowed: Sequence[str], path: str) -> Iterator[Problem]:
    if cidr is None:
        fix = "Set it to the addresses that `pulumi up` runs from"
        yield Problem(_CIDR, MISSING, f"must be set and be in one of {path}", fix)
    elif allowed and not within(cidr, allowed):
        yield Problem(_CIDR, cidr, f"must be in one of {path}", f"They are {', '.join(allowed)}")
