"""Which endpoints of the sandbox's cloud a word means, and by which rules one reaches another."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import AddressValueError, IPv4Address
from itertools import product
from typing import Any

from facts.problem import did_you_mean
from report.cluster_networks import as_node_pools
from report.pod_policies import Call, Direction, Pod, ruling
from report.pod_templates import NAMESPACE_LABEL, pod_of, pools_for
from report.reach import ICMP, TCP, UDP, Endpoint, Network, Packet
from report.reach_endpoints import (
    FRONTS,
    INTERNET_ADDRESS,
    NODE_POOL,
    SERVICE,
    SERVICES,
    cards_of,
    endpoint_in,
    ends_of,
    program_network,
)
from report.reach_path import Path, Step, path_of
from report.resources import Resource, as_mapping
from sandbox import no_endpoint
from sandbox.kubernetes.api.objects import Live, Objects, shown
from sandbox.kubernetes.scheduling.pods import template_of
from sandbox.oci.cloud import Cloud
from sandbox.store import Store

PODS = "pods:"
_WORDS = ("internet", "services")
_NUMBERS = re.compile(r"[0-9./]+|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f.:/]*")
PROTOCOLS = {"tcp": TCP, "udp": UDP, "icmp": ICMP}


class UnknownPlaceError(LookupError):
    """The word means no endpoint, or several; the text says which there are."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a word means: endpoints with the same rules, and the pod if it is one."""

    name: str
    endpoints: Sequence[Endpoint]
    pod: Pod | None = None
    cluster: str = ""
    note: str = ""
    """What was not checked, whichever end it is."""

    target_note: str = ""
    """The same, if the connection goes to it."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How one place reaches another: the first pair of endpoints that cannot, else the first pair."""

    source: str
    target: str
    path: Path
    pairs: int
    """How many pairs of endpoints were compared."""
    notes: Sequence[str] = ()


class Reaching:
    """The network of a sandbox's cloud, read once."""

    def __init__(self, store: Store) -> None:
        cloud, self._objects = Cloud(store), Objects(store)
        self._live = [live for each in self._objects.clusters() for live in self._objects.all(each)]
        found = [
            Resource(
                urn=each.urn,
                type=each.token,
                name=each.name,
                id=each.id,
                inputs=each.inputs,
                outputs=each.outputs,
            )
            for each in cloud.entries()
            if each.live
        ]
        self.resources = [
            *as_node_pools(found),
            *(_service(each) for each in self._live if _is_service(each)),
        ]
        self.network: Network = program_network(found)

    def answer(self, source: str, target: str, protocol: str, port: int) -> Answer:
        """How one word's endpoints reach the other's. Raises UnknownPlaceError."""
        here, there = self.place(source), self.place(target)
        packet = Packet(protocol=PROTOCOLS[protocol], port=port)
        if protocol == "icmp":
            packet = Packet(protocol=ICMP, icmp=(port, 0))
        paths = [
            self._with_policies((here, there), pair, packet, protocol)
            for pair in product(here.endpoints, there.endpoints)
        ]
        worst = next((each for each in paths if not each.open), paths[0])
        notes = [each for each in (here.note, there.note, there.target_note) if each]
        return Answer(source=here.name, target=there.name, path=worst, pairs=len(paths), notes=notes)

    def place(self, word: str) -> Place:
        """The endpoints that a word means: a name, an OCID, an address, `internet` or `services`."""
        if word == "internet":
            return Place(name=word, endpoints=[Endpoint(name="the internet", address=INTERNET_ADDRESS)])
        if word == "services":
            return Place(name=word, endpoints=[Endpoint(name="Oracle's services", service=SERVICES)])
        address = _address(word)
        return self._at(address) if address else self._named(word)

    def _unknown(self, word: str) -> UnknownPlaceError:
        listed = [name for names, _ in self._places for name in names]
        hint = did_you_mean(word, [*listed, *_WORDS]) or "`sandbox cloud list` lists the resources"
        return UnknownPlaceError(f"nothing with an endpoint has the name {word or repr(word)}. {hint}")

    def _at(self, address: IPv4Address) -> Place:
        for key, subnet in self.network.subnets.items():
            if any(address in each for each in subnet.cidrs):
                made = replace(endpoint_in(self.network, str(address), key, judged=False), address=address)
                note = f"of {address} only the subnet {subnet.name} is known: its own rules are not checked"
                return Place(name=str(address), endpoints=[made], note=note)
        return Place(name=str(address), endpoints=[Endpoint(name=str(address), address=address)])

    def _named(self, word: str) -> Place:
        found = [place for names, place in self._places if word in names]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(each.name for each in found)
            raise UnknownPlaceError(
                f"{word} is the name of {len(found)} endpoints: {names}. Use one of these names"
            )
        others = [live for live in self._live if word in _words(live)]
        if others:
            raise UnknownPlaceError(f"{word} {no_endpoint.reason(others, self._pods)}")
        raise self._unknown(word)

    @cached_property
    def _places(self) -> list[tuple[set[str], Place]]:
        """Every place, with the words that mean it."""
        return [*self._resource_places(), *self._workload_places()]

    def _resource_places(self) -> Iterator[tuple[set[str], Place]]:
        for each in self.resources:
            known = [*ends_of(each, self.network)]
            cards = [end for kind, end in known if kind != "pod"] or [*cards_of(each, self.network)]
            names = {each.id or "", each.urn, each.name, each.urn.rpartition("::")[2]} - {""}
            if cards:
                name = each.id if each.type == SERVICE and each.id else each.name
                front = (
                    f"what is behind {name} was not checked: ask for it too" if each.type in FRONTS else ""
                )
                yield names, Place(name=name, endpoints=cards, target_note=front)
            pods = [end for kind, end in known if kind == "pod"]
            if pods:
                note = f"network policies are not checked for {PODS}{each.name}: name a workload instead"
                yield (
                    {f"{PODS}{name}" for name in names},
                    Place(name=f"{PODS}{each.name}", endpoints=pods, note=note),
                )

    def _workload_places(self) -> Iterator[tuple[set[str], Place]]:
        for live in self._live:
            body = shown(live)
            template = template_of(body)
            meta = as_mapping(body.get("metadata"))
            if template is None:
                continue
            spec, namespace, name = (
                as_mapping(template.get("spec")),
                str(meta.get("namespace")),
                str(meta.get("name")),
            )
            hosts = "worker" if spec.get("hostNetwork") is True else "pod"
            ends = [end for kind, end in self._ends_of_pools(live.cluster, template) if kind == hosts]
            if not ends:
                continue
            full = f"{namespace}/{name}"
            pod = pod_of(template, namespace, self._namespaces.get((live.cluster, namespace)))
            judged = None if hosts == "worker" else pod
            yield (
                _words(live),
                Place(name=f"{full} ({body['kind']})", endpoints=ends, pod=judged, cluster=live.cluster),
            )

    @cached_property
    def _pods(self) -> Mapping[str, Pod]:
        return {place.name: place.pod for _, place in self._places if place.pod}

    def _ends_of_pools(self, cluster: str, template: Mapping[str, object]) -> Iterator[tuple[str, Endpoint]]:
        """The endpoints of the pools on which a pod may run, as far as the pools' own labels say it."""
        pools = [each for each in self.resources if each.type == NODE_POOL]
        pools = [each for each in pools if each.inputs.get("clusterId") in (cluster, None)]
        for each in pools_for(template, pools):
            yield from ends_of(each, self.network)

    @cached_property
    def _namespaces(self) -> Mapping[tuple[str, str], Mapping[str, object]]:
        found: dict[tuple[str, str], Mapping[str, object]] = {}
        for live in self._live:
            body = live.body
            if body.get("kind") == "Namespace":
                meta = as_mapping(body.get("metadata"))
                name = str(meta.get("name"))
                found[live.cluster, name] = {NAMESPACE_LABEL: name, **as_mapping(meta.get("labels"))}
        return found

    def _with_policies(
        self, ends: tuple[Place, Place], cards: tuple[Endpoint, Endpoint], packet: Packet, protocol: str
    ) -> Path:
        """The path of one pair, with the network policies of its pods before the rules of OCI."""
        (here, there), (start, end) = ends, cards
        path = path_of(self.network, start, end, packet)
        if protocol == "icmp":
            return path
        steps: list[Step] = []
        call = Call(protocol=protocol.upper(), port=packet.port, target=there.pod)
        sides: tuple[tuple[Direction, Place, Place, Endpoint], ...] = (
            ("egress", here, there, end),
            ("ingress", there, here, start),
        )
        for direction, mine, other, far in sides:
            if mine.pod is None:
                continue
            same = other.pod is not None and other.cluster == mine.cluster
            peer = other.pod if same else far.address or INTERNET_ADDRESS
            said = ruling(self._policies(mine.cluster), mine.pod, peer, direction, call)
            if not said.open:
                why = f"no rule of {', '.join(said.selecting)} allows {call.protocol} {call.port} as {direction}"
                return Path(steps=steps, missing="network policy", blocked_by=f"{mine.name}: {why}")
            by = said.allowed_by or f"no policy restricts {direction}"
            steps.append(Step(kind="network policy", at=mine.name, by=by, holder=said.allowed_by))
        return replace(path, steps=[*steps, *path.steps])

    def _policies(self, cluster: str) -> list[Mapping[str, Any]]:
        return [
            each.body
            for each in self._live
            if each.cluster == cluster and each.body.get("kind") == "NetworkPolicy"
        ]


def _address(word: str) -> IPv4Address | None:
    """The address that a word is; None for a name. Raises UnknownPlaceError for what only looks like one."""
    try:
        found = IPv4Address(word)
    except AddressValueError:
        if _NUMBERS.fullmatch(word):
            raise UnknownPlaceError(f"{word} must be one IPv4 address, such as 10.0.1.9") from None
        return None
    if not found.packed[0] or found.is_loopback or found.is_multicast or found.is_reserved:
        raise UnknownPlaceError(
            f"{word} must be the address of one host: no packet can come from or go to it"
        )
    return found


def _words(live: Live) -> set[str]:
    """The words that mean an object."""
    name = live.key[3]
    full = f"{live.namespace}/{name}" if live.namespace else name
    return {full, f"{full} ({live.body['kind']})", name, live.urn, live.urn.rpartition("::")[2]} - {""}


def _is_service(live: Live) -> bool:
    return live.body.get("kind") == "Service" and live.body.get("apiVersion") == "v1"


def _service(live: Live) -> Resource:
    body = shown(live)
    name = str(as_mapping(body.get("metadata")).get("name"))
    return Resource(urn=live.urn, type=SERVICE, name=name, id=live.id, inputs=body, outputs={})
