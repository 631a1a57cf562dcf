"""The resources that unknown values of a preview refer to.

A preview does not know the OCID of a resource that does not exist yet. The program, run without an engine, gives the
same resources the same URNs and invents the OCIDs, so its run says which resource each value refers to. Only such
references are taken from it: every other value that the preview does not know stays unknown.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from report.reach_endpoints import BACKEND, BACKEND_SET, LISTENER
from report.reach_reading import SUBNET
from report.reach_unknown import DECIDING, READ_TYPES
from report.resources import UNKNOWN, Resource, as_mapping, as_sequence, holds_unknown

Dependencies = Mapping[str, Mapping[str, Sequence[str]]]
"""URN -> input -> URNs of the resources that its value depends on, as `preview --json` has them."""

_VCN = "oci:Core/vcn:Vcn"
_NAMED = {*READ_TYPES, LISTENER, BACKEND, BACKEND_SET, _VCN}
"""Types that reach reads, and what they refer to."""

_DEFAULTS = ("defaultSecurityListId", "defaultRouteTableId")
_NAMESPACE = "kubernetes:core/v1:Namespace"
_RELEASE = "kubernetes:helm.sh/v3:Release"
_OF_THE_VCN = ("routeTableId", "securityListIds")
"""What a subnet has from its VCN if the program does not set it."""

_REGION = re.compile(r"^all-[a-z]+-services-in-oracle-services-network$")


def resolved(
    after: Sequence[Resource],
    run: Iterable[Resource],
    dependencies: Dependencies,
    settings: Collection[str] = (),
) -> list[Resource]:
    """The resources after a change, where the network's references to new resources have a value.

    A new resource has a name in place of its OCID. `run`: the resources of the program, run without an engine. A
    resource whose known values differ there stays as it is, and so does a value that refers to what its `dependencies`
    do not have. `settings`: the OCIDs in the settings, which a value may have too.
    """
    offline = {each.urn: each for each in run}
    names = replace(_Names.of(after, offline.values()), settings=settings)
    return [_resolved(each, offline.get(each.urn), names, dependencies) for each in after]


def _resolved(
    resource: Resource, offline: Resource | None, names: "_Names", dependencies: Dependencies
) -> Resource:
    if not resource.custom or not (resource.type in _NAMED or resource.type.startswith("kubernetes:")):
        return resource
    inputs = resource.inputs
    if offline is not None and holds_unknown(inputs):
        known = dependencies.get(resource.urn)
        try:
            inputs = {
                name: _filled(
                    value,
                    offline.inputs.get(name),
                    name,
                    names if known is None else replace(names, only=known.get(name, ())),
                )
                for name, value in inputs.items()
            }
        except _DiffersError:
            return resource
    if resource.type == SUBNET and not resource.id:
        inputs = {**dict.fromkeys(_OF_THE_VCN, UNKNOWN), **inputs}
    outputs = {name: value for name, value in resource.outputs.items() if not holds_unknown(value)}
    return replace(resource, id=_id_of(resource), inputs=inputs, outputs=outputs)


def _id_of(resource: Resource) -> str:
    """The OCID; for a resource without one its URN, without the characters of lists and of addresses."""
    return resource.id or quote(resource.urn, safe="")


class _DiffersError(Exception):
    """The program has another value than the preview, so the preview is of another program."""


@dataclass(frozen=True)
class _Names:
    """What a value of the program's run means after the change."""

    ids: Mapping[str, Mapping[str, str]]
    """OCID of the run -> URN of the resource -> its name after the change."""

    namespaces: Mapping[str, Sequence[str]]
    """Name of a namespace -> URNs of what creates it."""

    settings: Collection[str] = ()
    only: Sequence[str] | None = None
    """The URNs that a value may refer to. None: every one."""

    @classmethod
    def of(cls, after: Iterable[Resource], offline: Iterable[Resource]) -> "_Names":
        there = {each.urn: each for each in after}
        ids: dict[str, dict[str, str]] = {}
        for each in offline:
            if each.urn not in there or not each.type.startswith("oci:"):
                continue
            now = there[each.urn]
            ids.setdefault(each.id or "", {})[each.urn] = _id_of(now)
            for default in _DEFAULTS if each.type == _VCN else ():
                name = now.outputs.get(default)
                known = name if isinstance(name, str) and name else f"{_id_of(now)}.{default}"
                ids.setdefault(str(each.outputs.get(default)), {})[each.urn] = known
        namespaces: dict[str, list[str]] = {}
        for each in there.values():
            namespaces.setdefault(_namespace_of(each), []).append(each.urn)
        return cls(ids, namespaces)

    def reference(self, value: object, field: str) -> object:
        """What the value refers to, also several with commas between them. UNKNOWN if it is no reference."""
        if not isinstance(value, str) or not value:
            return UNKNOWN
        if field == "namespace":
            makers = self.namespaces.get(value, ())
            return value if any(self._may(each) for each in makers) else UNKNOWN
        found = [self._id(each.strip()) for each in value.split(",")]
        return ",".join(each for each in found if each) if all(found) else UNKNOWN

    def _id(self, text: str) -> str | None:
        """None also if several resources have this OCID."""
        if text in self.settings:
            return text
        meant = self.ids.get(text, {})
        return next(iter(meant.values())) if len(meant) == 1 and all(map(self._may, meant)) else None

    def _may(self, urn: str) -> bool:
        return self.only is None or urn in self.only


def _namespace_of(resource: Resource) -> str:
    """The namespace that a resource creates, or for which a chart is installed."""
    if resource.type == _NAMESPACE:
        return str(as_mapping(resource.inputs.get("metadata")).get("name") or "")
    return str(resource.inputs.get("namespace") or "") if resource.type == _RELEASE else ""


def _filled(here: object, offline: object, field: str, names: _Names) -> object:
    """The value of a preview, with what its unknown parts refer to in the program's run."""
    if here is UNKNOWN:
        return _reference(offline, field, names)
    if known := as_mapping(here):
        run = as_mapping(offline)
        return {name: _filled(each, run.get(name), name, names) for name, each in known.items()}
    items, there = as_sequence(here), as_sequence(offline)
    if (
        field in DECIDING
        and offline is not None
        and (len(items), _said(here)) != (len(there), _said(offline))
    ):
        raise _DiffersError
    if len(items) != len(there):
        there = [None] * len(items)
    if not items:
        return here
    return [_filled(each, other, field, names) for each, other in zip(items, there, strict=True)]


def _reference(offline: object, field: str, names: _Names) -> object:
    items = as_sequence(offline)
    found = [names.reference(each, field) for each in items or [offline]]
    if UNKNOWN in found:
        return UNKNOWN
    return found if items else found[0]


def _said(value: object) -> str:
    """A single value to compare. OCIDs are invented, and so is the region of Oracle's services."""
    text = "" if as_sequence(value) or as_mapping(value) else str(value).lower()
    return "" if text.startswith("ocid1.") or _REGION.match(text) else text
