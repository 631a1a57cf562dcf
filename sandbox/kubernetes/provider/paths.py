"""Whether packets reach a cluster's API endpoint over the network that is deployed in the cloud.

Each function returns what blocks the path, or an empty text. The text is also empty for a network that was not created
in the sandbox, because its rules are not known.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Any
from urllib.parse import urlsplit

from report.reach import TCP, Endpoint, Network, Packet, reaches
from report.reach_reading import NETWORK_TYPES, read_network
from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.oci.rules.reading import blocks, texts

BASTION = "oci:Bastion/bastion:Bastion"
NODE_POOL = "oci:ContainerEngine/nodePool:NodePool"


@dataclass(frozen=True)
class CloudResource:
    """A resource of the cloud in the form that `report.reach_reading` reads."""

    type: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


@dataclass(frozen=True)
class Paths:
    """The network paths to one cluster's API endpoint."""

    cloud: Cloud
    cluster: Entry

    @cached_property
    def network(self) -> Network:
        """All network resources that are deployed in the cloud."""
        found = (entry for token in NETWORK_TYPES for entry in self.cloud.all(token))
        return read_network(
            CloudResource(each.token, each.id, each.inputs, each.outputs)
            for each in found
            if not each.assumed
        )

    @cached_property
    def endpoint(self) -> Endpoint | None:
        """The API endpoint; None if its subnet, a security list or a security group was not created in the sandbox."""
        config = next(iter(blocks(self.cluster.inputs, "endpointConfig")), {})
        sides = next(iter(blocks(self.cluster.outputs, "endpoints")), {})
        private, public = _address(sides.get("privateEndpoint")), _address(sides.get("publicEndpoint"))
        groups = texts(config, "nsgIds")
        subnet = self.network.subnets.get(str(config.get("subnetId")))
        if private is None or subnet is None or any(each not in self.network.groups for each in groups):
            return None
        if any(each not in self.network.lists for each in subnet.list_ids):
            return None
        return Endpoint(
            name="the API endpoint",
            address=private,
            subnet_id=str(config.get("subnetId")),
            group_ids=groups,
            public_address=public,
        )

    def from_bastion(self, bastion: Entry) -> str:
        """From a session of the bastion. The bastion's endpoint is in no security group."""
        subnet_id = str(bastion.inputs.get("targetSubnetId"))
        address = _address(bastion.outputs.get("privateEndpointIpAddress"))
        if address is None or subnet_id not in self.network.subnets:
            return ""
        return self._first([Endpoint(name=f"bastion {bastion.name}", address=address, subnet_id=subnet_id)])

    def from_address(self, text: str, side: str) -> str:
        """From a host with a known address to the endpoint's `private` or `public` side."""
        wanted = IPv4Network(text, strict=False)
        return self._first([self._host(f"the deployer, {text},", wanted[0])], side)

    def from_inside(self) -> str:
        """From any possible host in the endpoint's VCN, except in the subnets of the endpoint and of bastions."""
        return self._first([*self._hosts_inside()])

    def from_internet(self) -> str:
        """From any address outside the VCN to the public side."""
        if self.endpoint is None:
            return ""
        vcn = self._vcn_subnets()
        hosts = [
            Endpoint(name="the internet", address=peer[0])
            for peer in self._source_ranges()
            if not any(peer.subnet_of(each) for _, cidrs in vcn for each in cidrs)
        ]
        outsider = Endpoint(name="the internet", address=IPv4Address("198.51.100.1"))
        return self._first(hosts or [outsider], "public")

    def _first(self, places: Iterable[Endpoint], side: str = "private") -> str:
        """What blocks the first place; empty if the endpoint is open to any of the places."""
        target = self.endpoint
        if target is None:
            return ""
        if side == "private":
            target = replace(target, public_address=None)
        packet = Packet(protocol=TCP, port=self._port())
        closed = [reaches(self.network, place, target, packet).blocked_by for place in places]
        return "" if "" in closed else next(iter(closed), "the VCN has no subnet for a host")

    def _hosts_inside(self) -> Iterator[Endpoint]:
        endpoint = self.endpoint
        excluded = {endpoint.subnet_id if endpoint else ""}
        excluded |= {str(each.inputs.get("targetSubnetId")) for each in self.cloud.all(BASTION)}
        groups = [each for each in self._source_groups() if each not in self._groups_of_nodes()]
        for subnet_id, cidrs in self._vcn_subnets():
            if subnet_id in excluded:
                continue
            for cidr in cidrs:
                common = [
                    peer[0] if peer.subnet_of(cidr) else cidr[2]
                    for peer in self._source_ranges()
                    if peer.overlaps(cidr)
                ]
                for address in common or [cidr[2]]:
                    yield Endpoint(
                        name="a host in the VCN",
                        address=address,
                        subnet_id=subnet_id,
                        group_ids=groups,
                        judged=False,
                    )

    def _host(self, name: str, address: IPv4Address) -> Endpoint:
        for subnet_id, cidrs in self._vcn_subnets():
            if any(address in each for each in cidrs):
                return Endpoint(name=name, address=address, subnet_id=subnet_id, judged=False)
        return Endpoint(name=name, address=address)

    def _vcn_subnets(self) -> list[tuple[str, list[IPv4Network]]]:
        own = self.network.subnets.get(self.endpoint.subnet_id or "") if self.endpoint else None
        vcn = own.vcn_id if own else None
        return [(key, [*each.cidrs]) for key, each in self.network.subnets.items() if each.vcn_id == vcn]

    def _source_ranges(self) -> list[IPv4Network]:
        """The source addresses in the rules of the endpoint and its subnet."""
        return [IPv4Network(each) for each in self._sources("cidr") if ":" not in each]

    def _source_groups(self) -> list[str]:
        return self._sources("group")

    def _sources(self, kind: str) -> list[str]:
        if self.endpoint is None:
            return []
        lists = self.network.subnets[self.endpoint.subnet_id or ""].list_ids
        walls = [self.network.lists[each] for each in lists]
        walls += [self.network.groups[each] for each in self.endpoint.group_ids]
        rules = (rule for wall in walls for rule in wall)
        return [rule.peer for rule in rules if rule.direction == "ingress" and rule.peer_kind == kind]

    def _groups_of_nodes(self) -> set[str]:
        found: set[str] = set()
        for pool in self.cloud.all(NODE_POOL):
            for details in blocks(pool.inputs, "nodeConfigDetails"):
                found |= set(texts(details, "nsgIds"))
                for pods in blocks(details, "nodePoolPodNetworkOptionDetails"):
                    found |= set(texts(pods, "podNsgIds"))
        return found

    def _port(self) -> int:
        sides = next(iter(blocks(self.cluster.outputs, "endpoints")), {})
        return urlsplit(f"//{sides.get('privateEndpoint')}").port or 6443


def _address(text: object) -> IPv4Address | None:
    try:
        return IPv4Address(str(text).rsplit(":", 1)[0])
    except ValueError:
        return None
