"""Who reaches whom among pods: the rules of OCI and the network policies together.

A place is a workload, the pods that a policy names by labels and that no workload of the stack has (those of charts and
operators), or the other pods of a namespace. Policies decide about TCP and UDP. Kubernetes leaves other protocols open,
so they are not judged. Source: Kubernetes' page "Network Policies", "Behavior when multiple protocols are specified".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import IPv4Address
from itertools import product

from report.openings import Open, common, joined, open_ports
from report.pod_policies import Pod, matches
from report.pod_rules import Policies, PolicyRules, Rules
from report.pod_templates import NAMESPACE_LABEL, pod_of, pools_for, template_of
from report.reach import Endpoint, Network
from report.reach_endpoints import INTERNET_ADDRESS, NODE_POOL, ends_of
from report.reach_places import Place
from report.resources import Resource, as_mapping, as_sequence

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
NAMESPACE = "kubernetes:core/v1:Namespace"
_DEFAULT = "default"
_NO_CALLERS = ("the internet", "Oracle's services")
_DULL = ("managed-by", "namespace", "part-of")
"""Ends of labels that say little about which pods they are."""


@dataclass(frozen=True, kw_only=True)
class PodPlace:
    """Pods with the same policies and the same endpoints."""

    name: str
    pod: Pod
    endpoints: tuple[Endpoint, ...]


def policies_of(resources: Iterable[Resource]) -> Policies:
    """The network policies, each with a namespace."""
    return [_with_namespace(each.inputs) for each in resources if each.type == POLICY]


def pod_openings(
    network: Network, places: Sequence[Place], pods: Sequence[PodPlace], policies: Policies
) -> Iterator[tuple[str, str, Open]]:
    """What is open between pods, from pods to other places, and from those to pods. Only TCP and UDP."""
    known: dict[tuple[object, object], Open] = {}
    rules = PolicyRules(policies)

    def by_network(source: _Side, target: _Side) -> Open:
        key = (source.key, target.key)
        if key not in known:
            ways = product(source.ends, target.ends)
            known[key] = joined(open_ports(network, start, end) for start, end in ways)
        return known[key]

    others = [_Side(each.name, (each.endpoint,)) for each in places if each.kind != "pod"]
    inside = [_Side(each.name, each.endpoints, each.pod, *rules.of(each.pod)) for each in pods]
    for source in (*inside, *(each for each in others if each.name not in _NO_CALLERS)):
        for target in (*inside, *others):
            if source.pod is None and target.pod is None:
                continue
            found = by_network(source, target)
            found = _limited(found, source, target, rules) if found else found
            if found.tcp or found.udp:
                yield source.name, target.name, Open(tcp=found.tcp, udp=found.udp)


@dataclass(frozen=True)
class _Side:
    """One end of a connection, with the rules for what leaves it and for what arrives."""

    name: str
    ends: tuple[Endpoint, ...]
    pod: Pod | None = None
    out: Rules = None
    into: Rules = None

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What the network knows of it."""
        return tuple(map(_key, self.ends))

    @property
    def peer(self) -> Pod | IPv4Address:
        return self.pod or self.ends[0].address or INTERNET_ADDRESS


def _limited(found: Open, source: _Side, target: _Side, rules: PolicyRules) -> Open:
    if source.pod is not None:
        found = common(found, rules.opening(source.out, target.peer, target.pod))
    if target.pod is not None and found:
        found = common(found, rules.opening(target.into, source.peer, target.pod))
    return found


def pod_places(resources: Sequence[Resource], network: Network) -> list[PodPlace]:
    """Every place, workloads first. Pods that use the network of their node are part of the nodes."""
    pools = [each for each in resources if each.type == NODE_POOL]
    everywhere = _ends(pools, network)
    if not everywhere:
        return []
    policies = policies_of(resources)
    spaces = {**_named_spaces(policies), **_spaces(resources)}
    found: list[PodPlace] = []
    for each in resources:
        template = template_of(each.inputs) if each.type.startswith("kubernetes:") else None
        if template is None or as_mapping(template.get("spec")).get("hostNetwork") is True:
            continue
        meta = as_mapping(each.inputs.get("metadata"))
        space = str(meta.get("namespace") or _DEFAULT)
        ends = _ends(pools_for(template, pools), network) or everywhere
        name = f"{space}/{meta.get('name') or each.name}"
        found.append(PodPlace(name=name, pod=pod_of(template, space, spaces.get(space)), endpoints=ends))
    for space, labels in _selected(policies):
        pod = Pod(
            namespace=space, labels=labels, namespace_labels=spaces.get(space) or {NAMESPACE_LABEL: space}
        )
        if not any(
            each.pod.namespace == space and matches({"matchLabels": labels}, each.pod.labels)
            for each in found
        ):
            found.append(PodPlace(name=f"{space}/{_said(labels)}", pod=pod, endpoints=everywhere))
    for space, labels in sorted(spaces.items()):
        pod = Pod(namespace=space, namespace_labels=labels)
        which = "other pods" if any(each.pod.namespace == space for each in found) else "pods"
        found.append(PodPlace(name=f"{which} of {space}", pod=pod, endpoints=everywhere))
    return _with_own_names(found)


def _with_own_names(places: Sequence[PodPlace]) -> list[PodPlace]:
    """A name that several places have gets a number, so that each means one."""
    seen: dict[str, int] = {}
    found: list[PodPlace] = []
    for each in places:
        seen[each.name] = seen.get(each.name, 0) + 1
        number = f" ({seen[each.name]})" if seen[each.name] > 1 else ""
        found.append(replace(each, name=f"{each.name}{number}"))
    return found


def _ends(pools: Sequence[Resource], network: Network) -> tuple[Endpoint, ...]:
    found = {_key(end): end for pool in pools for kind, end in ends_of(pool, network) if kind == "pod"}
    return tuple(found.values())


def _key(end: Endpoint) -> tuple[object, ...]:
    return end.subnet_id, tuple(sorted(end.group_ids)), end.address, end.public_address, end.service


def _with_namespace(policy: Mapping[str, object]) -> Mapping[str, object]:
    meta = as_mapping(policy.get("metadata"))
    return policy if meta.get("namespace") else {**policy, "metadata": {**meta, "namespace": _DEFAULT}}


def _spaces(resources: Iterable[Resource]) -> Mapping[str, Mapping[str, object]]:
    """The labels of each namespace of the stack, by its name."""
    metas = [as_mapping(each.inputs.get("metadata")) for each in resources if each.type == NAMESPACE]
    return {
        str(m.get("name")): {NAMESPACE_LABEL: m.get("name"), **as_mapping(m.get("labels"))} for m in metas
    }


def _named_spaces(policies: Policies) -> Mapping[str, Mapping[str, object]]:
    """The namespaces that policies are in, or name."""
    own = {str(as_mapping(each.get("metadata")).get("namespace")) for each in policies}
    peers = [
        as_mapping(as_mapping(each.get("namespaceSelector")).get("matchLabels")) for each in _peers(policies)
    ]
    named = {str(each[NAMESPACE_LABEL]) for each in peers if NAMESPACE_LABEL in each}
    return {each: {NAMESPACE_LABEL: each} for each in own | named}


def _selected(policies: Policies) -> list[tuple[str, Mapping[str, object]]]:
    """The labels by which policies name pods of one namespace: the pods that they are for, and their peers."""
    found: dict[tuple[object, ...], tuple[str, Mapping[str, object]]] = {}
    for each in policies:
        space = str(as_mapping(each.get("metadata")).get("namespace"))
        chosen = [(space, as_mapping(as_mapping(each.get("spec")).get("podSelector")))]
        for peer in _peers([each]):
            where = as_mapping(peer.get("namespaceSelector"))
            named = as_mapping(where.get("matchLabels")).get(NAMESPACE_LABEL)
            if named or "namespaceSelector" not in peer:
                chosen.append((str(named or space), as_mapping(peer.get("podSelector"))))
        for where, selector in chosen:
            labels = as_mapping(selector.get("matchLabels"))
            if labels:
                found.setdefault((where, *sorted(map(str, labels.items()))), (where, labels))
    return [*found.values()]


def _peers(policies: Policies) -> Iterator[Mapping[str, object]]:
    for each in policies:
        spec = as_mapping(each.get("spec"))
        for direction, key in (("ingress", "from"), ("egress", "to")):
            for rule in map(as_mapping, as_sequence(spec.get(direction))):
                yield from map(as_mapping, as_sequence(rule.get(key)))


def _said(labels: Mapping[str, object]) -> str:
    """In the order of the keys: the engine sorts them, and the program does not."""
    ordered = sorted(labels.items())
    told = [str(value) for key, value in ordered if not key.endswith(_DULL)]
    return " ".join(dict.fromkeys(told or [str(value) for _, value in ordered]))
