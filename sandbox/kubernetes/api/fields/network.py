"""Fields of services and network policies."""

import ipaddress
from collections.abc import Iterator
from typing import Any

from sandbox.kubernetes.api.values import Json

from .names import label, label_map, port
from .walk import Check
from .wording import invalid, required


def _service(value: Json, path: str) -> Iterator[str]:
    yield from label_map(value.get("selector"), f"{path}.selector")


def _service_port(value: Json, path: str) -> Iterator[str]:
    if value.get("name"):
        yield from label(value["name"], f"{path}.name")
    if value.get("targetPort") not in (None, 0, ""):
        yield from port(value["targetPort"], f"{path}.targetPort")


def _policy(value: Json, path: str) -> Iterator[str]:
    types = value.get("policyTypes") or []
    if len(types) > 2:
        yield invalid(f"{path}.policyTypes", types, "may not specify more than two policyTypes")


def _policy_port(value: Json, path: str) -> Iterator[str]:
    if value.get("port") is not None:
        yield from port(value["port"], f"{path}.port")
    first, last = value.get("port"), value.get("endPort")
    if isinstance(first, int) and isinstance(last, int) and last < first:
        yield invalid(f"{path}.endPort", last, "must be greater than or equal to `port`")


def _peer(value: Json, path: str) -> Iterator[str]:
    if not any(value.get(name) is not None for name in ("ipBlock", "namespaceSelector", "podSelector")):
        yield required(path, "must specify a peer")


def _block(value: Json, path: str) -> Iterator[str]:
    cidr = value.get("cidr")
    if not cidr:
        yield required(f"{path}.cidr")
        return
    try:
        whole = _network(str(cidr))
    except ValueError:
        yield invalid(f"{path}.cidr", cidr, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")
        return
    for index, each in enumerate(value.get("except") or ()):
        if not _strictly_inside(str(each), whole):
            yield invalid(f"{path}.except[{index}]", each, "must be a strict subset of `cidr`")


def _network(cidr: str) -> Any:
    """The network of a CIDR. Raises ValueError for others, also for those with a mask or no prefix, as Go does."""
    if not cidr.partition("/")[2].isdecimal():
        raise ValueError(cidr)
    return ipaddress.ip_network(cidr, strict=False)


def _strictly_inside(cidr: str, whole: Any) -> bool:
    try:
        part: Any = _network(cidr)
    except ValueError:
        return False
    return part.version == whole.version and part != whole and part.subnet_of(whole)


CHECKS: dict[str, Check] = {
    "v1.IPBlock": _block,
    "v1.NetworkPolicyPeer": _peer,
    "v1.NetworkPolicyPort": _policy_port,
    "v1.NetworkPolicySpec": _policy,
    "v1.ServicePort": _service_port,
    "v1.ServiceSpec": _service,
}
