"""Grants that are too broad. The policy `no-broad-grant` of the pack judges the same; a test compares both."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from facts.policies import Anyone, Statement, parse_statement
from report.resources import Resource, as_mapping, as_sequence

from .places import TENANCY

DOCUMENTED = ("Allow service vulnerability-scanning-service to manage instances in tenancy",)
"""Statements that Oracle requires, word for word. Source: Oracle's landing zones (oci-landing-zones), which give this
grant to Vulnerability Scanning."""

POLICY = "oci:Identity/policy:Policy"
ROLES = (
    "kubernetes:rbac.authorization.k8s.io/v1:Role",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
)
BINDINGS = (
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
)

_ALL = re.compile(r"\b(manage|use)\s+all-resources\b", re.IGNORECASE)
_ACROSS = re.compile(r"\s*(admit|endorse)\s+any-(user|group)\b", re.IGNORECASE)
_WHERE = re.compile(r"\swhere\s+\S", re.IGNORECASE)


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
        rules = map(as_mapping, as_sequence(resource.inputs.get("rules")))
        keys = ("apiGroups", "resources", "verbs")
        every = any(all("*" in as_sequence(rule.get(key)) for key in keys) for rule in rules)
        return ["every verb on every resource"] if every else []
    admin = as_mapping(resource.inputs.get("roleRef")).get("name") == "cluster-admin"
    return ["everything in the cluster"] if admin and resource.type in BINDINGS else []


def _of(statement: Statement) -> Iterator[str]:
    if statement.kind.lower() == "deny":
        return
    place = statement.place
    root = str(place) == "tenancy" or str(place.compartment_id).startswith(TENANCY)
    if statement.resource.lower() == "all-resources" and statement.verb in ("manage", "use"):
        yield "all resources"
    elif root and statement.verb == "manage" and statement.where is None:
        yield "the whole tenancy, without a condition"
    if isinstance(statement.subject, Anyone) and statement.where is None:
        yield "anyone, without a condition"


def _of_text(text: str) -> Iterator[str]:
    """The same for a text that is no statement of one tenancy, such as an endorsement."""
    if text.lower().lstrip().startswith("deny"):
        return
    if _ALL.search(text):
        yield "all resources"
    if _ACROSS.match(text) and not _WHERE.search(text):
        yield "anyone, without a condition"


def _plain(statement: str) -> str:
    """A statement without what OCI ignores: case and further spaces."""
    return " ".join(statement.lower().split())
