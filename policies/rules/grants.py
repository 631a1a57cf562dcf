"""Nobody gets more than a grant needs."""

import re
from collections.abc import Iterator

from policies.model import Config, Policy, Resource, items, known, listed, mapping, texts, walk

OCI_POLICY = "oci:Identity/policy:Policy"
ROLES = (
    "kubernetes:rbac.authorization.k8s.io/v1:Role",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
)
BINDINGS = (
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
)
DOCUMENTED = ("Allow service vulnerability-scanning-service to manage instances in tenancy",)
"""Statements that Oracle requires, word for word. Source: Oracle's landing zones (oci-landing-zones), which give this
grant to Vulnerability Scanning."""

_WHERE = re.compile(r"\swhere\s+\S", re.IGNORECASE)
_ALL = re.compile(r"\b(manage|use)\s+all-resources\b", re.IGNORECASE)
_ANYONE = re.compile(r"^\s*(allow|admit|endorse)\s+any-(user|group)\b", re.IGNORECASE)
_DENY = re.compile(r"\s*deny\b", re.IGNORECASE)
_TENANCY = re.compile(
    r"\bmanage\s+(?P<what>[\w-]+)\s+in\s+(tenancy\b|compartment\s+id\s+'?ocid1\.tenancy\.)",
    re.IGNORECASE | re.ASCII,
)
"""The root compartment is the tenancy. Source: Oracle's page "Managing Compartments"."""


def judge(resource: Resource, config: Config) -> Iterator[str]:
    """Grants of one resource that are too broad."""
    if resource.type == OCI_POLICY:
        allowed = {_plain(each) for each in listed(config, "documented")}
        for index, statement in enumerate(items(resource.inputs.get("statements"))):
            if isinstance(statement, str) and known(statement) and _plain(statement) not in allowed:
                for said in _statement_problems(statement):
                    yield f"statements[{index}]: {statement!r}; {said}"
    elif resource.type in ROLES:
        for path, rule in walk(resource.inputs.get("rules"), "rules"):
            if all("*" in items(rule.get(each)) for each in ("apiGroups", "resources", "verbs")):
                yield f"{path}: every verb on every resource; must name the resources and verbs"
    elif resource.type in BINDINGS:
        role = mapping(resource.inputs.get("roleRef")).get("name")
        if role == "cluster-admin":
            yield "roleRef.name: cluster-admin; must be a role with only what is needed"


def _plain(statement: str) -> str:
    """A statement without what OCI ignores: case and further spaces."""
    return " ".join(statement.lower().split())


def _statement_problems(statement: str) -> Iterator[str]:
    if _DENY.match(statement):
        return
    condition = _WHERE.search(statement) is not None
    broad = _ALL.search(statement)
    tenancy = _TENANCY.search(statement)
    if broad:
        yield f"must not {broad[1].lower()} all-resources: name the resource types"
    elif tenancy and not condition:
        yield f"must not manage {tenancy['what']} in the whole tenancy: name a compartment, or add a condition"
    if _ANYONE.search(statement) and not condition:
        yield "must have a condition, because any-user includes every principal of every tenancy it names"


POLICY = Policy(
    name="no-broad-grant",
    description="No grant is for all resources or for anyone without a condition, or manages a type in the tenancy.",
    source="CIS OCI Foundations 3.0, controls 1.2 and 1.3; Kubernetes' page on RBAC good practices",
    judge=judge,
    schema={"documented": texts(DOCUMENTED, "Statements that are allowed, because Oracle requires them.")},
)
