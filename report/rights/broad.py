"""Grants that are too broad. The policy `no-broad-grant` of the pack judges the same; a test compares both."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from facts.policies import All, Any, Anyone, Condition, Statement, Test, parse_condition, parse_statement
from report.resources import Resource, as_mapping, as_sequence

from .places import TENANCY

DOCUMENTED = ("Allow service vulnerability-scanning-service to manage instances in tenancy",)
"""Statements that Oracle requires, word for word. Source: Oracle's landing zones (oci-landing-zones), which give this
grant to Vulnerability Scanning."""

POLICY = "oci:Identity/policy:Policy"


def _types(kind: str) -> tuple[str, ...]:
    """A kind of RBAC and its cluster-wide one, in each version of Pulumi's SDK, and as a patch."""
    return tuple(
        f"kubernetes:rbac.authorization.k8s.io/{version}:{scope}{kind}{form}"
        for version in ("v1", "v1beta1", "v1alpha1")
        for scope in ("", "Cluster")
        for form in ("", "Patch")
    )


ROLES, BINDINGS = _types("Role"), _types("RoleBinding")
_READING = {"get", "list", "watch"}
_ESCALATING = {"bind", "escalate", "impersonate"}
"""Verbs with which a subject gives itself any right. Source: Kubernetes' page "RBAC Good Practices"."""

_ESCALATED = {
    "rbac.authorization.k8s.io": ("roles", "clusterroles"),
    "": ("users", "groups", "serviceaccounts"),
}
"""By API group the resources that have these verbs. Source: Kubernetes' pages "Using RBAC Authorization" and "User
impersonation"."""

_NOT_WHO = re.compile(
    r"target\.|request\.(region|ad|operation|permission|networkSource|utc-timestamp)\b",
    re.IGNORECASE | re.ASCII,
)
"""Variables that say what is done, where and when, but not who does it. Source: Oracle's page "General Variables for
All Requests"."""

_EVERYONE = {"system:anonymous", "system:authenticated", "system:serviceaccounts", "system:unauthenticated"}
"""Subjects that stand for anyone. Source: Kubernetes' pages on authentication and RBAC."""

_ALL = re.compile(r"\b(manage|use)\s+all-resources\b", re.IGNORECASE)
_ACROSS = re.compile(r"\s*(admit|endorse)\s+any-(user|group)\b", re.IGNORECASE)
_WHERE = re.compile(r"\swhere\s+(?P<condition>\S.*)", re.IGNORECASE | re.DOTALL)
_MATCHES_ALL = re.compile(r"/?\*+/?")
_READS = re.compile(r"\w+_(INSPECT|READ)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Broad:
    """A grant that is too broad."""

    resource: Resource
    """The policy, role or binding."""

    text: str
    """The statement, or the kind and name of the role or binding."""

    why: Sequence[str]

    @property
    def sentence(self) -> str:
        return f"{self.text} ({', '.join(self.why)}; {self.resource.name})"


def broad_grants(resources: Sequence[Resource]) -> list[Broad]:
    """Every broad grant of these resources, also one that nothing binds and one that cannot be read as a grant."""
    return [each for resource in resources for each in _broad(resource)]


def _broad(resource: Resource) -> Iterator[Broad]:
    if resource.type == POLICY:
        for text in as_sequence(resource.inputs.get("statements")):
            if isinstance(text, str) and (why := broad_statement(text)):
                yield Broad(resource=resource, text=text, why=why)
    elif why := broad_role(resource):
        kind = resource.type.rpartition(":")[2]
        yield Broad(resource=resource, text=f"{kind} {resource.name}", why=why)


def broad_statement(text: str) -> list[str]:
    """Why a statement grants too much, for example `all resources`. Empty if it does not, or if Oracle requires it."""
    if _plain(text) in map(_plain, DOCUMENTED):
        return []
    found = parse_statement(text)
    return [*(_of(found) if isinstance(found, Statement) else _of_text(text))]


def broad_role(resource: Resource) -> list[str]:
    """Why a role or a binding of Kubernetes grants too much."""
    if resource.type in ROLES:
        return [*_of_role(resource.inputs)]
    return [*_of_binding(resource.inputs)] if resource.type in BINDINGS else []


def _of_role(inputs: Mapping[str, object]) -> Iterator[str]:
    for rule in map(as_mapping, as_sequence(inputs.get("rules"))):
        verbs = {each for each in as_sequence(rule.get("verbs")) if isinstance(each, str)}
        every = all("*" in as_sequence(rule.get(key)) for key in ("apiGroups", "resources"))
        if every and verbs - _READING:
            yield "every verb on every resource"
        elif "*" in verbs and _includes_escalation(rule):
            yield f"may give itself any right ({', '.join(sorted(_ESCALATING))})"
        elif verbs & _ESCALATING and not as_sequence(rule.get("resourceNames")):
            yield f"may give itself any right ({', '.join(sorted(verbs & _ESCALATING))})"
    selectors = as_sequence(as_mapping(inputs.get("aggregationRule")).get("clusterRoleSelectors"))
    if any(not any(as_mapping(each).values()) for each in selectors):
        yield "the rules of every role"


def _includes_escalation(rule: Mapping[str, object]) -> bool:
    groups, resources = ({*as_sequence(rule.get(each))} for each in ("apiGroups", "resources"))
    return not as_sequence(rule.get("resourceNames")) and any(
        groups & {group, "*"} and resources & {*names, "*"} for group, names in _ESCALATED.items()
    )


def _of_binding(inputs: Mapping[str, object]) -> Iterator[str]:
    if as_mapping(inputs.get("roleRef")).get("name") == "cluster-admin":
        yield "everything in the cluster"
    for each in map(as_mapping, as_sequence(inputs.get("subjects"))):
        if each.get("name") in _EVERYONE:
            yield f"everyone ({each['name']})"


def _of(statement: Statement) -> Iterator[str]:
    if statement.kind.lower() == "deny":
        return
    place = statement.place
    root = str(place) == "tenancy" or str(place.compartment_id).startswith(TENANCY)
    if statement.resource.lower() == "all-resources" and statement.verb in ("manage", "use"):
        yield "all resources"
    elif root and _changes(statement) and not _narrows(statement.where):
        yield "the whole tenancy, without a condition"
    if isinstance(statement.subject, Anyone) and not _narrows(statement.where, positively=True):
        yield "anyone, without a condition on who it is"


def _changes(statement: Statement) -> bool:
    """Whether a statement grants `manage`, or a permission that changes something."""
    return statement.verb == "manage" or any(not _READS.fullmatch(each) for each in statement.permissions)


def _narrows(condition: Condition | None, *, positively: bool = False) -> bool:
    """Whether a condition leaves something out. `positively`: by naming who it is, not only by what it excludes."""
    if isinstance(condition, Test):
        texts = (condition.value,) if isinstance(condition.value, str) else condition.value
        if positively and (condition.operator in ("!=", "not in") or _NOT_WHO.match(condition.variable)):
            return False
        return not all(map(_MATCHES_ALL.fullmatch, texts))
    if isinstance(condition, All | Any):
        inner = [_narrows(each, positively=positively) for each in condition.conditions]
        return (any if isinstance(condition, All) else all)(inner)
    return False


def _of_text(text: str) -> Iterator[str]:
    """The same for a text that is no statement of one tenancy, such as an endorsement."""
    if text.lower().lstrip().startswith("deny"):
        return
    if _ALL.search(text):
        yield "all resources"
    found = _WHERE.search(text)
    condition = parse_condition(found["condition"]) if found else None
    narrow = isinstance(condition, Test | All | Any) and _narrows(condition, positively=True)
    if _ACROSS.match(text) and not narrow:
        yield "anyone, without a condition on who it is"


def _plain(statement: str) -> str:
    """A statement without what OCI ignores: case and further spaces."""
    return " ".join(statement.lower().split())
