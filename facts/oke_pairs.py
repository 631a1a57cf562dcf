"""The connections that an OKE cluster with VCN-native pods needs, according to Oracle.

Source: "Example Network Resource Configurations" (contengnetworkconfigexample.htm), example 4, a private API endpoint
with the OCI CNI plugin, and "Network Resource Configuration for Cluster Creation and Deployment"
(contengnetworkconfig.htm), tables of security rules. A connection that neither page lists names its source at its line:
the bastion's from oracle-quickstart/oci-hpc-oke, `terraform/bastion-service.tf`; those to webhooks, and from load
balancers to pods, from oracle-terraform-modules/terraform-oci-oke, `modules/network`. This list is used to check
`facts.ports` and shares nothing with it.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "api",
    "worker",
    "pod",
    "balancer",
    "bastion",
    "services",
    "internet",
    "host",
    "postgresql",
    "cache",
    "opensearch",
    "oracle",
    "streaming",
    "files",
    "lustre",
    "edge",
    "backend",
]
"""The API endpoint, nodes, pods, Kubernetes' load balancers, bastions, Oracle's services, the internet, any address.
Then the databases, mount targets, Lustre file systems, public load balancers, and the load balancers behind them."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One connection that must be possible. `ports` are samples of the open ports, with the ends of each range."""

    source: Kind
    target: Kind
    protocol: Literal["tcp", "udp", "icmp"]
    ports: tuple[int, ...] = ()
    source_port: int | None = None
    """The port from which the client must call. None: any port that a client chooses."""
    why: str


_ANY = (1, 80, 10_250, 32_767, 65_535)
_NODE_PORTS = (30_000, 31_234, 32_767)


def _tcp(source: Kind, target: Kind, ports: tuple[int, ...], why: str) -> Pair:
    return Pair(source=source, target=target, protocol="tcp", ports=ports, why=why)


def _all(source: Kind, target: Kind, why: str) -> tuple[Pair, ...]:
    return (
        _tcp(source, target, _ANY, why),
        Pair(source=source, target=target, protocol="udp", ports=_ANY, why=why),
        Pair(source=source, target=target, protocol="icmp", why=why),
    )


def _path_discovery(source: Kind, target: Kind) -> Pair:
    return Pair(source=source, target=target, protocol="icmp", why="path discovery")


PAIRS: tuple[Pair, ...] = (
    _tcp("worker", "api", (6443,), "nodes to the Kubernetes API"),
    _tcp("worker", "api", (12_250,), "nodes to the control plane"),
    _path_discovery("worker", "api"),
    _tcp("pod", "api", (6443,), "pods to the Kubernetes API"),
    _tcp("pod", "api", (12_250,), "pods to the control plane"),
    _tcp("api", "services", (443,), "the control plane to OKE"),
    _path_discovery("api", "services"),
    _tcp("api", "worker", (10_250,), "the API to kubelets"),
    _path_discovery("api", "worker"),
    *_all("api", "pod", "the API to pods"),
    # terraform-oci-oke opens all of a node's ports to the API, for webhooks that use the node's network.
    _tcp("api", "worker", _ANY, "the API to webhooks on the node's network"),
    _path_discovery("host", "worker"),
    _path_discovery("worker", "host"),
    *_all("worker", "pod", "nodes to pods"),
    *_all("worker", "worker", "nodes to nodes"),
    _tcp("worker", "services", (443,), "nodes to OKE, the registry and Object Storage"),
    _tcp(
        "worker", "internet", (443,), "nodes to the internet (optional on Oracle's page; images need it here)"
    ),
    *_all("pod", "pod", "pods to pods"),
    _path_discovery("pod", "services"),
    _path_discovery("host", "pod"),
    _tcp("pod", "services", (443,), "pods to Oracle's services"),
    _tcp("pod", "internet", (443,), "pods to the internet (optional on Oracle's page; weights need it here)"),
    _tcp("balancer", "worker", _NODE_PORTS, "balancers to node ports"),
    _tcp("balancer", "worker", (10_256,), "balancers to kube-proxy's health check"),
    # terraform-oci-oke: with VCN-native pods, load balancers send to the pods directly.
    _tcp("balancer", "pod", _ANY, "balancers to pods"),
    # oci-hpc-oke.
    _tcp("bastion", "api", (6443,), "sessions of the bastion to the Kubernetes API"),
)
