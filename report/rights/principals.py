"""Who gets a grant, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from facts.policies import (
    All,
    Any,
    Anyone,
    Condition,
    Service,
    Statement,
    Test,
    Unreadable,
    parse_condition,
)

from .groups import KnownGroup, find, named_in
from .places import Places

KINDS = ("anyone", "group", "dynamic group", "resources", "workload", "service", "cluster user", "other")
"""In the order of the report."""

_TYPES: Mapping[str, str] = {
    "autonomousdatabase": "Autonomous Databases",
    "cluster": "Kubernetes clusters",
    "computecontainerinstance": "container instances",
    "datasciencejobrun": "job runs",
    "datasciencemodeldeployment": "model deployments",
    "fnfunc": "functions",
    "instance": "instances",
    "nodepool": "node pools",
    "serviceconnector": "connectors",
}
"""Types of principals in words. `facts/policies/words.yaml` names the pages that have them."""

_PRINCIPAL = "request.principal."
_ANYONE = {"any-user": "every user and every resource", "any-group": "every user who is in a group"}


@dataclass(frozen=True, kw_only=True)
class Who:
    """A principal."""

    kind: str
    """One of KINDS."""

    name: str
    """In words, for example `group staging-developers`."""

    members: str = ""
    """Who belongs to a dynamic group, for example `instances in the stack's compartment`."""


Grantee = tuple[Who, Condition | None]
"""A principal, and the part of the condition that is not about it."""


def principals_of(statement: Statement, groups: Sequence[KnownGroup], places: Places) -> Iterator[Grantee]:
    """The principals of a statement."""
    subject, where = statement.subject, statement.where
    if isinstance(subject, Anyone):
        yield _anyone(subject, where, places)
    elif isinstance(subject, Service):
        for each in subject.name.split(","):
            yield Who(kind="service", name=f"service {each.strip()}"), where
    elif named := [*named_in(subject)]:
        for kind, name in named:
            yield _group(kind, name, find(groups, kind, name), places), where
    else:
        yield Who(kind="other", name=str(subject)), where


def workload(namespace: str, account: str) -> Who:
    """The pods of a service account."""
    return Who(kind="workload", name=f"pods of the service account {namespace}/{account}")


def _group(kind: str, name: str, known: KnownGroup | None, places: Places) -> Who:
    if known is None:
        return Who(kind=kind, name=f"{kind} {places.named(name)} of the tenancy")
    return Who(kind=kind, name=f"{kind} {known.name}", members=members(known.rule, places))


def members(rule: str, places: Places) -> str:
    """Who matches the rule of a dynamic group. A rule of another form is said as it is written.

    Source: Oracle's page "Writing Matching Rules to Define Dynamic Groups".
    """
    if not rule:
        return ""
    condition = parse_condition(rule)
    said = None if isinstance(condition, Unreadable) else _matching(condition, places)
    return said or f"resources that match {rule}"


def _matching(condition: Condition, places: Places) -> str | None:
    if isinstance(condition, Any) and len(condition.conditions) > 1:
        return _any_of(condition, places)
    tests = _tests(condition)
    if tests is None:
        return None
    known = {each.variable.lower(): str(each.value) for each in tests if each.operator == "="}
    what = _TYPES.get(known.get("resource.type", ""), known.get("resource.type"))
    kind = "instance" if any(each.startswith("instance.") for each in known) else "resource"
    what = f"resources of type {what}" if what == known.get("resource.type") and what else what
    place, own = known.pop(f"{kind}.compartment.id", None), known.pop(f"{kind}.id", None)
    known.pop("resource.type", None)
    if len(tests) != len({each.variable.lower() for each in tests}) or any(
        each.operator != "=" for each in tests
    ):
        return None
    said = what or f"{kind}s"
    said += f" in {places.compartment(place)}" if place else ""
    said += f", only {places.named(own)}" if own else ""
    return said + "".join(f", with {name} = {value}" for name, value in known.items())


def _any_of(condition: Any, places: Places) -> str | None:
    """`functions and job runs in the stack's compartment`: the place once if all have the same."""
    found = [_matching(each, places) for each in condition.conditions]
    parts = [each.partition(" in ") for each in found if each]
    if len(parts) != len(found):
        return None
    same = len({place for _, _, place in parts}) == 1
    if same and parts[0][2]:
        return f"{listed([what for what, _, _ in parts])} in {parts[0][2]}"
    return "; ".join(each for each in found if each)


def _tests(condition: Condition | None) -> list[Test] | None:
    """The tests that must all be true; None if there are alternatives."""
    if condition is None:
        return []
    if isinstance(condition, Test):
        return [condition]
    if isinstance(condition, Any) and len(condition.conditions) > 1:
        return None
    found = [_tests(each) for each in condition.conditions]
    return None if None in found else [test for each in found for test in each or ()]


def _anyone(subject: Anyone, where: Condition | None, places: Places) -> Grantee:
    parts = where.conditions if isinstance(where, All) else (where,) if where else ()
    own = {
        each.variable.lower().removeprefix(_PRINCIPAL): each.value
        for each in parts
        if isinstance(each, Test) and each.operator == "=" and isinstance(each.value, str)
        if each.variable.lower().startswith(_PRINCIPAL)
    }
    rest = tuple(
        each
        for each in parts
        if not (isinstance(each, Test) and each.variable.lower().removeprefix(_PRINCIPAL) in own)
    )
    left = All(rest) if len(rest) > 1 else next(iter(rest), None)
    if not own:
        return Who(kind="anyone", name=_ANYONE[subject.word.lower()]), where
    return _resources({key: str(value) for key, value in own.items()}, places), left


def _resources(own: dict[str, str], places: Places) -> Who:
    """The resource principals that these values describe."""
    type_ = own.pop("type", "")
    place, id_ = own.pop("compartment.id", None), own.pop("id", None)
    if type_ == "workload" and {"namespace", "service_account"} <= set(own):
        who = workload(own.pop("namespace"), own.pop("service_account"))
        own.pop("cluster_id", None)
    else:
        who = Who(
            kind="resources", name=_TYPES.get(type_, f"resources of type {type_}" if type_ else "resources")
        )
    said = who.name + (f" in {places.compartment(place)}" if place else "")
    said += f", only {places.named(id_)}" if id_ else ""
    said += "".join(f", with {name} = {value}" for name, value in own.items())
    return Who(kind=who.kind, name=said)


def listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
