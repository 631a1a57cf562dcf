"""Clusters of a preview whose API endpoint the program could not reach in `up`.

A preview knows no OCID of a new resource, but the engine's plan says on which resources each input depends. So the new
network and the new clusters can be created in a copy of the cloud, and the packets are followed there. If a reference
may mean several resources, the copy would be a guess, and nothing is reported.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from report.reach_reading import GATEWAYS, GROUP, LISTS, NETWORK_TYPES, SUBNET, TABLES
from report.resources import UNKNOWN, holds_unknown, plain
from sandbox.kubernetes.provider.clusters import unreachable
from sandbox.oci.compartments import COMPARTMENT
from sandbox.oci.errors import OciError
from sandbox.oci.ids import key_of
from sandbox.oci.operations import Operations
from sandbox.oci.provider import account_of
from sandbox.oci.rules.hosts import POOL
from sandbox.oci.rules.references import expected
from sandbox.oci.services.bastion import BASTION
from sandbox.oci.services.container_engine.clusters import CLUSTER
from sandbox.oci.services.network.ranges import VCN
from sandbox.store import Store

_FOLLOWED = frozenset({COMPARTMENT, VCN, *NETWORK_TYPES, CLUSTER, POOL, BASTION})
"""The types that decide whether a packet arrives."""

_OTHER_KINDS: Mapping[str, tuple[str, ...]] = {
    "source": (GROUP,),
    "destination": (GROUP,),
    "networkEntityId": tuple(GATEWAYS),
    "routeTableId": TABLES,
    "securityListIds": LISTS,
}
"""Fields that may refer to more types than their names say, or whose names do not say it."""

_DEFAULTS: Mapping[str, str] = {
    "routeTableId": "defaultRouteTableId",
    "securityListIds": "defaultSecurityListId",
    "oci:Core/defaultRouteTable:DefaultRouteTable": "defaultRouteTableId",
    "oci:Core/defaultSecurityList:DefaultSecurityList": "defaultSecurityListId",
}
"""The output of a VCN that a field, or the `manageDefaultResourceId` of a type, refers to."""

_CREATES = frozenset({"create", "create-replacement"})
REMOVES = frozenset({"delete", "delete-replaced"})

Dependencies = Mapping[str, Mapping[str, Sequence[str]]]
"""URN -> property -> URNs of the resources that the value depends on."""


def dependencies_of(plan: Path) -> Dependencies:
    """The dependencies in a plan of the engine. Empty if there is no plan, because the preview failed."""
    if not plan.exists():
        return {}
    resources = json.loads(plan.read_text(encoding="utf-8")).get("resourcePlans") or {}
    return {
        urn: (each.get("goal") or {}).get("propertyDependencies") or {} for urn, each in resources.items()
    }


def unreachable_clusters(
    store: Store, steps: Sequence[Mapping[str, Any]], dependencies: Dependencies
) -> list[tuple[str, str]]:
    """URN and reason of each new cluster that a Kubernetes provider of the program could not reach.

    `steps` is the metadata of the engine's events, in their order.
    """
    new = [each["urn"] for each in steps if each["op"] in _CREATES and each["type"] == CLUSTER]
    called = any(each["type"] == "pulumi:providers:kubernetes" and each.get("new") for each in steps)
    if not new or not called or not dependencies:
        return []
    change = _Change(Operations(store.copied()), dependencies, _regions(steps))
    try:
        for step in steps:
            change.follow(step)
    except (_UnclearError, OciError):
        return []
    cloud = change.operations.cloud
    reasons = ((urn, unreachable(cloud, change.ids[urn])) for urn in new)
    return [
        (urn, f"the program cannot reach the API of the new cluster: {why}") for urn, why in reasons if why
    ]


class _UnclearError(Exception):
    """A reference may mean several resources, or a value is not known yet."""


def _regions(steps: Iterable[Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """The configuration of each provider, by its URN."""
    found = ((each["urn"], each.get("new") or each.get("old") or {}) for each in steps)
    return {urn: state.get("inputs") or {} for urn, state in found if "pulumi:providers:oci" in urn}


@dataclass
class _Change:
    """A change that is carried out in a copy of the cloud, step by step."""

    operations: Operations
    dependencies: Dependencies
    providers: Mapping[str, Mapping[str, Any]]
    ids: dict[str, str] = field(default_factory=dict[str, str])

    def follow(self, step: Mapping[str, Any]) -> None:
        """Carry out one step, if its resource decides whether a packet arrives."""
        urn, token, new, old = step["urn"], step["type"], step.get("new") or {}, step.get("old") or {}
        if token not in _FOLLOWED:
            return
        account = account_of(self.providers.get(str(step.get("provider")).rsplit("::", 1)[0]) or {})
        if step["op"] in _CREATES:
            shown = self.operations.create(account, token, urn, self._inputs(urn, token, new))
            self.ids[urn] = key_of(shown.id, account.region)
            return
        key = key_of(str(old.get("id")), account.region)
        if step["op"] in REMOVES:
            self.operations.cloud.remove(key)
            return
        self.ids.setdefault(urn, key)
        entry = self.operations.cloud.find(key)
        if step["op"] == "update" and entry is not None:
            self.operations.cloud.save(replace(entry, inputs=self._inputs(urn, token, new)))

    def _inputs(self, urn: str, token: str, state: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in (state.get("inputs") or {}).items():
            if name.startswith("__"):
                continue
            urns = self.dependencies.get(urn, {}).get(name) or ()
            filled = self._filled(_Place(token, name, urns), plain(value))
            if filled is not None:
                found[name] = filled
        # The cloud would name it after the time.
        return {"displayName": urn.rsplit("::", 1)[-1], **found} if token == SUBNET else found

    def _filled(self, place: "_Place", value: Any) -> Any:
        """The value with an OCID for each reference. None for an unknown value that no packet depends on."""
        if not holds_unknown(value):
            return value
        if isinstance(value, dict):
            # The label of Oracle's services tells the service gateway from the others.
            service = value.get("destinationType") == "SERVICE_CIDR_BLOCK"
            inner = {
                name: self._filled(replace(place, field=name, service=service), each)
                for name, each in value.items()
            }
            return {name: each for name, each in inner.items() if each is not None}
        ids = [*self._candidates(place)]
        if isinstance(value, list):
            if all(each is UNKNOWN for each in value) and place.kinds:
                return ids if len(ids) == len(value) else self._unclear()
            return [self._filled(place, each) for each in value]
        if not place.kinds:
            return None
        return ids[0] if len(ids) == 1 else self._unclear()

    def _unclear(self) -> Any:
        raise _UnclearError

    def _candidates(self, place: "_Place") -> Iterator[str]:
        default = _DEFAULTS.get(place.token if place.field == "manageDefaultResourceId" else place.field)
        for urn in place.urns:
            token = urn.split("::")[2].rsplit("$", 1)[-1]
            if urn not in self.ids:
                continue
            entry = self.operations.cloud.find(self.ids[urn])
            if token == VCN and default and entry:
                yield str(entry.outputs.get(default))
            elif token in place.kinds:
                yield self.ids[urn]


@dataclass(frozen=True)
class _Place:
    """A field of a resource, and the resources that its value depends on."""

    token: str
    field: str
    urns: Sequence[str]
    service: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types that the field may refer to. Empty if no packet depends on the field."""
        if self.field == "networkEntityId":
            return tuple(each for each, kind in GATEWAYS.items() if (kind == "service") == self.service)
        if self.field == "manageDefaultResourceId":
            return (VCN,)
        kinds = _OTHER_KINDS.get(self.field) or expected(self.token, self.field)
        return tuple(each for each in kinds if each in _FOLLOWED)
