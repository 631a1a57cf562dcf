"""Addresses that a cluster assigns: cluster IPs, node ports and load balancer addresses."""

import hashlib
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from facts.gateways import BALANCER_ADDRESS, BALANCER_GROUPS
from facts.kubernetes import SERVICES_CIDR
from sandbox.kubernetes.api.values import Json, at
from sandbox.oci.cloud import Cloud

_INTERNAL = (
    "service.beta.kubernetes.io/oci-load-balancer-internal",
    "oci-network-load-balancer.oraclecloud.com/internal",
)
_SUBNETS = (
    "service.beta.kubernetes.io/oci-load-balancer-subnet1",
    "oci-network-load-balancer.oraclecloud.com/subnet",
)
_RESERVED = 10
"""The API and the DNS service use the first addresses of the services range."""


def allocate(cloud: Cloud, cluster_id: str, body: Json, others: Iterable[Json]) -> Json:
    """A copy of a Service with its cluster IP, node ports and load balancer address filled in."""
    spec = dict(body.get("spec") or {})
    if spec.get("type") == "ExternalName":
        return body
    known = list(others)
    if not spec.get("clusterIP"):
        spec["clusterIP"] = _cluster_ip(cloud, cluster_id, body, known)
    spec["clusterIPs"] = [spec["clusterIP"]]
    if spec.get("type") in ("NodePort", "LoadBalancer"):
        spec["ports"] = list(_with_node_ports(spec.get("ports") or [], known, body))
    status: Json = {"loadBalancer": {}}
    if spec.get("type") == "LoadBalancer":
        found = at(body, "status", "loadBalancer", "ingress")
        address = found or _balancer(cloud, cluster_id, body, known)
        status = {"loadBalancer": {"ingress": address} if address else {}}
    return {**body, "spec": spec, "status": status}


def _digest(body: Json) -> int:
    metadata = body["metadata"]
    name = f"{metadata.get('namespace')}/{metadata['name']}"
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16)


def _cluster_ip(cloud: Cloud, cluster_id: str, body: Json, others: list[Json]) -> str:
    cluster = cloud.find(cluster_id)
    options = at(cluster.inputs, "options", "kubernetesNetworkConfig", "servicesCidr") if cluster else None
    network = IPv4Network(str(options or SERVICES_CIDR))
    taken = {at(other, "spec", "clusterIP") for other in others}
    size = network.num_addresses - _RESERVED - 1
    start = _digest(body) % size
    for step in range(size):
        address = str(network[_RESERVED + (start + step) % size])
        if address not in taken:
            return address
    return ""


def _with_node_ports(ports: list[Json], others: list[Json], body: Json) -> Iterator[Json]:
    taken = {port.get("nodePort") for other in others for port in at(other, "spec", "ports") or ()}
    number = 30000 + _digest(body) % 2768
    for port in ports:
        if port.get("nodePort"):
            yield port
            continue
        while number in taken:
            number = 30000 + (number - 29999) % 2768
        taken.add(number)
        yield {**port, "nodePort": number}


def missing_address(cloud: Cloud, cluster_id: str, body: Json, others: Iterable[Json]) -> str:
    """Why a Service of type LoadBalancer gets no address, with the annotation to change; empty if it gets one.

    A load balancer needs a subnet (the cluster's or the Service's), its network security groups and a free address.
    """
    annotations = at(body, "metadata", "annotations") or {}
    cluster = cloud.find(cluster_id)
    subnets = at(cluster.inputs, "options", "serviceLbSubnetIds") if cluster else None
    named = {key: str(annotations[key]) for key in _SUBNETS if annotations.get(key)}
    if not subnets and not named:
        return f"neither {_SUBNETS[0]} nor the cluster names a subnet for load balancers"
    for key, given in {**named, BALANCER_GROUPS: str(annotations.get(BALANCER_GROUPS) or "")}.items():
        for each in filter(None, map(str.strip, given.split(","))):
            entry = cloud.find(each)
            if entry is None or not entry.live:
                return f"{key}: {each} does not exist"
    reserved = str(annotations.get(BALANCER_ADDRESS) or "")
    address = _address_of(cloud, reserved)
    if reserved and not _is_reserved(cloud, address, subnets, annotations):
        return f"{BALANCER_ADDRESS}: {reserved} is not reserved in the load balancer's subnet"
    if reserved and _is_taken(address, body, others):
        return f"{BALANCER_ADDRESS}: another Service uses {reserved}"
    return ""


def _balancer(cloud: Cloud, cluster_id: str, body: Json, others: list[Json]) -> list[Json] | None:
    """The address of the load balancer, or None while something that it needs is missing."""
    if missing_address(cloud, cluster_id, body, others):
        return None
    annotations = at(body, "metadata", "annotations") or {}
    if reserved := annotations.get(BALANCER_ADDRESS):
        return [{"ip": _address_of(cloud, str(reserved))}]
    internal = any(str(annotations.get(key)).lower() == "true" for key in _INTERNAL)
    digest = _digest(body)
    host, third = 2 + digest % 250, digest // 250 % 250
    return [{"ip": f"10.0.{third % 16}.{host}" if internal else f"203.0.113.{host}"}]


def _address_of(cloud: Cloud, reserved: str) -> str:
    """The reserved address, given as an address or an OCID: sources differ on which of the two OKE accepts."""
    entry = cloud.find(reserved)
    return str(entry.outputs.get("ipAddress")) if entry is not None and entry.live else reserved


def _is_reserved(cloud: Cloud, address: str, subnets: object, annotations: Json) -> bool:
    """Whether the private address is reserved in the load balancer's subnet."""
    named = [annotations[key] for key in _SUBNETS if annotations.get(key)]
    wanted = named or (subnets if isinstance(subnets, list) else [])
    return any(
        entry.outputs.get("ipAddress") == address and entry.outputs.get("subnetId") in wanted
        for entry in cloud.all("oci:Core/privateIp:PrivateIp")
    )


def _is_taken(address: object, body: Json, others: Iterable[Json]) -> bool:
    """Whether the load balancer of another Service uses the address."""
    own = (body["metadata"].get("namespace"), body["metadata"]["name"])
    return any(
        (other["metadata"].get("namespace"), other["metadata"]["name"]) != own
        and any(each.get("ip") == address for each in at(other, "status", "loadBalancer", "ingress") or ())
        for other in others
    )
