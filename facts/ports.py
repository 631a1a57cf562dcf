"""Who may talk to whom: the platform's own requirement and OKE's table, as data.

Sources: the platform's requirement (frontend, backend, GPU and database ports); for the cluster oci-hpc-oke,
terraform-oci-oke and Oracle's page on network resources for OKE with VCN-native pods. Pods have their
own group: a rule for nodes does not apply to them. A GPU node has the groups `worker` and `gpu`; a public load balancer
has `frontend` and `loadbalancer`. The RDMA network is outside the VCN, so no rule here applies to it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Group = Literal["frontend", "backend", "gpu", "database", "api", "worker", "pod", "loadbalancer"]
StorageGroup = Literal["filestorage", "lustre"]
Direction = Literal["ingress", "egress"]
Protocol = Literal["tcp", "udp", "icmp", "all"]
Ports = tuple[int, int]

INTERNET = "cidr:0.0.0.0/0"
SERVICES = "service:all"
"""All of Oracle's services in the region, through the service gateway."""
ALLOWED = "allowed-cidrs"
"""The CIDRs that the settings allow to reach the API endpoint. If there are none, the rule is left out."""

HTTP = (80, 80)
HTTPS = (443, 443)
KUBERNETES_API = (6443, 6443)
CONTROL_PLANE = (12250, 12250)
KUBELET = (10250, 10250)
HEALTH_CHECK = (10256, 10256)
NODE_PORTS = (30000, 32767)
MODEL_PORTS = (8000, 9000)

DATABASE_PORTS: dict[str, Ports] = {
    "Oracle Database": (1521, 1522),
    "PostgreSQL": (5432, 5432),
    "Redis": (6379, 6379),
    "OpenSearch": (9200, 9200),
}

CLIENT_PORTS: dict[str, tuple[Ports, ...]] = {
    "Oracle Database": ((1521, 1522),),
    "PostgreSQL": ((5432, 5432),),
    "Redis": ((6379, 6379),),
    "OpenSearch": ((9200, 9200),),
    "OpenSearch Dashboards": ((5601, 5601),),
    "Streaming": (HTTPS, (9092, 9092)),
}
"""The ports of the databases that clients in the cluster call. Streaming has a REST interface and a Kafka interface."""

_DATABASE_CALLERS: tuple[Group, ...] = ("worker", "pod")

PATH_MTU = (3, 4)
"""ICMP type 3 code 4: a packet was too large. Without it, large transfers hang."""


@dataclass(frozen=True, kw_only=True)
class PortRule:
    """One stateful rule of one group. `description` is its name: unique within a group."""

    group: Group | StorageGroup
    description: str
    direction: Direction
    protocol: Protocol
    peer: str
    """`cidr:<CIDR>`, `group:<group>`, `subnet:<role>`, `service:all` or `allowed-cidrs`."""
    ports: Ports | None = None
    """First and last destination port; None for all ports."""
    source_ports: Ports | None = None
    icmp: tuple[int, int] | None = None
    """ICMP type and code; only with protocol icmp."""


def _in(
    group: Group | StorageGroup, what: str, peer: str, protocol: Protocol, ports: Ports | None = None
) -> PortRule:
    return PortRule(
        group=group, description=what, direction="ingress", protocol=protocol, peer=peer, ports=ports
    )


def _out(
    group: Group | StorageGroup, what: str, peer: str, protocol: Protocol, ports: Ports | None = None
) -> PortRule:
    return PortRule(
        group=group, description=what, direction="egress", protocol=protocol, peer=peer, ports=ports
    )


def _path_mtu(group: Group, direction: Direction, peer: str, where: str) -> PortRule:
    return PortRule(
        group=group,
        description=f"Path MTU discovery {where}",
        direction=direction,
        protocol="icmp",
        peer=peer,
        icmp=PATH_MTU,
    )


def _call(
    client: Group, server: Group, what: str, protocol: Protocol, ports: Ports | None = None
) -> Iterator[PortRule]:
    """The two rules of one connection: egress of the client, ingress of the server."""
    yield _out(client, f"{what} to {server}", f"group:{server}", protocol, ports)
    yield _in(server, f"{what} from {client}", f"group:{client}", protocol, ports)


def _platform() -> Iterator[PortRule]:
    yield _in("frontend", "HTTP from the internet", INTERNET, "tcp", HTTP)
    yield _in("frontend", "HTTPS from the internet", INTERNET, "tcp", HTTPS)
    yield _path_mtu("frontend", "ingress", INTERNET, "from anywhere")
    yield _out("frontend", "Requests to backend", "group:backend", "tcp", MODEL_PORTS)
    yield _in("backend", "Requests from the public subnet", "subnet:public", "tcp", MODEL_PORTS)
    yield _out("backend", "Inference to gpu", "group:gpu", "tcp", MODEL_PORTS)
    yield _in("gpu", "Inference from the private subnet", "subnet:private", "tcp", MODEL_PORTS)
    yield _out("backend", "Oracle services", SERVICES, "tcp")
    for database, ports in DATABASE_PORTS.items():
        yield from _call("backend", "database", database, "tcp", ports)


def _api() -> Iterator[PortRule]:
    yield from _call("worker", "api", "Kubernetes API", "tcp", KUBERNETES_API)
    yield from _call("pod", "api", "Kubernetes API", "tcp", KUBERNETES_API)
    yield _in("api", "Kubernetes API from the allowed CIDRs", ALLOWED, "tcp", KUBERNETES_API)
    yield from _call("worker", "api", "Control plane", "tcp", CONTROL_PLANE)
    yield from _call("api", "worker", "Control plane", "tcp", CONTROL_PLANE)
    yield from _call("pod", "api", "Control plane", "tcp", CONTROL_PLANE)
    yield _out("api", "Kubelet to worker", "group:worker", "tcp", KUBELET)
    # Webhooks in pods that use their node's network listen on any port of the node.
    yield _out("api", "Webhooks to worker", "group:worker", "tcp")
    yield _in("worker", "Kubelet and webhooks from api", "group:api", "all")
    yield from _call("api", "pod", "Webhooks and proxied requests", "all")
    yield from _call("pod", "api", "Replies and watches", "all")
    yield _path_mtu("api", "ingress", "group:worker", "from worker")
    yield _path_mtu("api", "egress", "group:worker", "to worker")
    yield _out("api", "Oracle services", SERVICES, "tcp")
    yield _path_mtu("api", "egress", SERVICES, "to Oracle services")


def _nodes_and_pods() -> Iterator[PortRule]:
    yield from _call("worker", "worker", "Node traffic", "all")
    yield from _call("worker", "pod", "Node traffic", "all")
    yield from _call("pod", "worker", "Pod traffic", "all")
    yield from _call("pod", "pod", "Pod traffic", "all")
    yield _path_mtu("worker", "ingress", INTERNET, "from anywhere")
    yield _path_mtu("worker", "egress", INTERNET, "to anywhere")
    yield _path_mtu("pod", "ingress", INTERNET, "from anywhere")
    yield _path_mtu("pod", "egress", INTERNET, "to anywhere")
    yield _out("worker", "Oracle services", SERVICES, "tcp")
    yield _out("pod", "Oracle services", SERVICES, "tcp")
    # Images and weights that are not in Oracle's registry come through the NAT gateway.
    yield _out("worker", "HTTPS to the internet", INTERNET, "tcp", HTTPS)
    yield _out("pod", "HTTPS to the internet", INTERNET, "tcp", HTTPS)


def _load_balancer() -> Iterator[PortRule]:
    yield from _call("loadbalancer", "worker", "Node ports over TCP", "tcp", NODE_PORTS)
    yield from _call("loadbalancer", "worker", "Node ports over UDP", "udp", NODE_PORTS)
    yield from _call("loadbalancer", "worker", "Health check", "tcp", HEALTH_CHECK)
    yield from _call("loadbalancer", "pod", "Requests", "all")
    yield from _call("pod", "loadbalancer", "Requests", "all")
    yield _path_mtu("loadbalancer", "ingress", INTERNET, "from anywhere")


def _file_storage() -> Iterator[PortRule]:
    wanted: tuple[tuple[str, Protocol, Ports], ...] = (
        ("Portmapper over TCP", "tcp", (111, 111)),
        ("Portmapper over UDP", "udp", (111, 111)),
        ("NFS over TCP", "tcp", (2048, 2050)),
        ("NFS over UDP", "udp", (2048, 2048)),
    )
    for what, protocol, ports in wanted:
        yield _out("worker", f"{what} to filestorage", "group:filestorage", protocol, ports)
        yield _in("filestorage", f"{what} from worker", "group:worker", protocol, ports)
        yield _out("filestorage", f"{what} to worker", "group:worker", protocol, ports)
        yield _in("worker", f"{what} from filestorage", "group:filestorage", protocol, ports)


def _lustre() -> Iterator[PortRule]:
    ends: tuple[tuple[Group | StorageGroup, Group | StorageGroup], ...] = (
        ("worker", "lustre"),
        ("lustre", "worker"),
        ("lustre", "lustre"),
    )
    for client, server in ends:
        yield _lustre_rule(client, "egress", f"Lustre to {server}", server)
        yield _lustre_rule(server, "ingress", f"Lustre from {client}", client)


def _lustre_rule(
    group: Group | StorageGroup, direction: Direction, what: str, peer: Group | StorageGroup
) -> PortRule:
    return PortRule(
        group=group,
        description=what,
        direction=direction,
        protocol="tcp",
        peer=f"group:{peer}",
        ports=(988, 988),
        source_ports=(512, 1023),
    )


def database_rules(databases: Iterable[str]) -> tuple[PortRule, ...]:
    """Rules for stacks with databases, which have the group `database`. Nodes and pods may call only the existing
    databases.

    Pods call from their own addresses, or from their node's address if they use the host's network.
    """
    return tuple(
        rule
        for database in databases
        for ports in CLIENT_PORTS[database]
        for caller in _DATABASE_CALLERS
        for rule in _call(caller, "database", _port_name(database, ports), "tcp", ports)
    )


def _port_name(database: str, ports: Ports) -> str:
    several = len(CLIENT_PORTS[database]) > 1
    return f"{database} on {ports[0]}" if several else database


RULES: tuple[PortRule, ...] = (*_platform(), *_api(), *_nodes_and_pods(), *_load_balancer())
"""The rules of every stack."""

FILE_STORAGE_RULES: tuple[PortRule, ...] = tuple(_file_storage())
"""Rules for stacks with file storage, whose mount targets have the group `filestorage`."""

LUSTRE_RULES: tuple[PortRule, ...] = tuple(_lustre())
"""Rules for stacks with a Lustre file system, which has the group `lustre`."""

BASTION_RULES: tuple[PortRule, ...] = (
    _in("api", "Kubernetes API from the bastion", "subnet:bastion", "tcp", KUBERNETES_API),
)
"""Rules for stacks with a bastion. Its endpoint has no group, so the rule names its subnet. A security list of that
subnet allows its egress. Source: bastion-service.tf of oci-hpc-oke."""


def rules_of(group: Group) -> tuple[PortRule, ...]:
    """The rules of one group, in the order of the table."""
    return tuple(rule for rule in RULES if rule.group == group)
