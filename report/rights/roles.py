"""Grants inside the cluster: roles, and the bindings that give them to someone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from report.resources import Resource, as_mapping, as_sequence

from .broad import BINDINGS, ROLES, broad_role
from .groups import KnownGroup, find
from .places import Places
from .principals import Who, listed, workload

_READING = frozenset({"get", "list", "watch"})
_CHANGING = frozenset({"create", "update", "patch", "delete"})


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What a binding gives to one subject."""

    who: Who
    may: str
    written: Sequence[str]
    source: str
    broad: Sequence[str]


def bound(
    resources: Sequence[Resource], groups: Sequence[KnownGroup], places: Places
) -> Iterator[tuple[Bound, str | None]]:
    """What each binding gives to each of its subjects, and the group of OCI that the subject is."""
    roles = {_key(each): each for each in resources if each.type in ROLES}
    for binding in (each for each in resources if each.type in BINDINGS):
        role = roles.get(_key_of_reference(binding))
        namespace = _namespace(binding)
        where = f"in the namespace {namespace}" if namespace else "in the whole cluster"
        name = as_mapping(binding.inputs.get("roleRef")).get("name")
        may = _may(role) if role else [f"do what the role {name} of the cluster allows"]
        broad = [*broad_role(binding), *(broad_role(role) if role else ())]
        for subject in map(as_mapping, as_sequence(binding.inputs.get("subjects"))):
            yield (
                Bound(
                    who=_who(subject, namespace, groups, places),
                    may=f"{'; '.join(may)} {where}",
                    written=[f"{_kind(binding)} {_name(binding)} of the role {name}"],
                    source=binding.name,
                    broad=broad,
                ),
                str(subject.get("name")) if subject.get("kind") == "Group" else None,
            )


def unbound(resources: Sequence[Resource]) -> Iterator[str]:
    """Roles that no binding of the stack names."""
    bound_roles = {_key_of_reference(each) for each in resources if each.type in BINDINGS}
    for role in (each for each in resources if each.type in ROLES):
        if _key(role) not in bound_roles:
            namespace = _namespace(role)
            yield f"{_kind(role)} {namespace}/{_name(role)}" if namespace else f"{_kind(role)} {_name(role)}"


def _may(role: Resource) -> list[str]:
    """The rules of a role in words, one for rules with the same verbs."""
    found: dict[str, list[str]] = {}
    for rule in map(as_mapping, as_sequence(role.inputs.get("rules"))):
        names = [str(each) for each in as_sequence(rule.get("resourceNames"))]
        urls = [str(each) for each in as_sequence(rule.get("nonResourceURLs"))]
        what = [str(each) for each in as_sequence(rule.get("resources"))] or urls
        what = ["everything" if each == "*" else each for each in what]
        found.setdefault(_verbs(rule), []).extend(
            [f"{listed(what)} (only {listed(names)})"] if names else what
        )
    return [f"{verbs} {listed([*dict.fromkeys(what)])}" for verbs, what in found.items()]


def _verbs(rule: Mapping[str, object]) -> str:
    given = {str(each) for each in as_sequence(rule.get("verbs"))}
    if "*" in given:
        return "do everything with"
    said: list[str] = []
    for word, verbs in (("read", _READING), ("change", _CHANGING)):
        if verbs <= given:
            said.append(word)
            given -= verbs
    if "change" in said:
        given.discard("deletecollection")
    return listed([*said, *sorted(given)])


def _who(subject: Mapping[str, object], namespace: str, groups: Sequence[KnownGroup], places: Places) -> Who:
    kind, name = str(subject.get("kind")), str(subject.get("name"))
    if kind == "ServiceAccount":
        return workload(str(subject.get("namespace") or namespace), name)
    if kind == "Group" and (known := find(groups, "group", name)):
        return Who(kind="group", name=f"group {known.name}")
    if kind == "Group" and name.startswith("ocid1."):
        return Who(kind="group", name=f"group {places.named(name)} of the tenancy")
    return Who(kind="cluster user", name=f"{kind.lower()} {places.named(name)} of the cluster")


def _key(role: Resource) -> tuple[str, str, str]:
    return _kind(role), _namespace(role), _name(role)


def _key_of_reference(binding: Resource) -> tuple[str, str, str]:
    reference = as_mapping(binding.inputs.get("roleRef"))
    kind = str(reference.get("kind"))
    return kind, _namespace(binding) if kind == "Role" else "", str(reference.get("name"))


def _kind(resource: Resource) -> str:
    return resource.type.rpartition(":")[2]


def _name(resource: Resource) -> str:
    return str(as_mapping(resource.inputs.get("metadata")).get("name") or resource.name)


def _namespace(resource: Resource) -> str:
    namespace = as_mapping(resource.inputs.get("metadata")).get("namespace")
    return str(namespace) if namespace and not _kind(resource).startswith("Cluster") else ""
