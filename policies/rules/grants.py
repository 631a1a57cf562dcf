"""Nobody gets more than a grant needs."""

import re
from collections.abc import Iterator, Mapping

from policies.model import Config, Policy, Resource, at, items, known, listed, mapping, objects, texts, walk

OCI_POLICY = "oci:Identity/policy:Policy"
_RBAC = "rbac.authorization.k8s.io"
ROLES = (f"{_RBAC}/Role", f"{_RBAC}/ClusterRole")
BINDINGS = (f"{_RBAC}/RoleBinding", f"{_RBAC}/ClusterRoleBinding")
READING = frozenset({"get", "list", "watch"})
ESCALATING = frozenset({"bind", "escalate", "impersonate"})
"""Verbs with which a subject gives itself any right. Source: Kubernetes' page "RBAC Good Practices"."""

ESCALATED = {_RBAC: ("roles", "clusterroles"), "": ("users", "groups", "serviceaccounts")}
"""By API group the resources that have these verbs. Source: Kubernetes' pages "Using RBAC Authorization" and "User
impersonation"."""

EVERYONE = frozenset(
    {
        "system:anonymous",
        "system:authenticated",
        "system:serviceaccounts",
        "system:unauthenticated",
    }
)
"""Subjects that stand for anyone. Source: Kubernetes' pages on authentication and RBAC."""

DOCUMENTED = ("Allow service vulnerability-scanning-service to manage instances in tenancy",)
"""Statements that Oracle requires, word for word. Source: Oracle's landing zones (oci-landing-zones), which give this
grant to Vulnerability Scanning."""

_QUOTED = re.compile(r"'[^']*'")
_WHERE = re.compile(r"\swhere\b(?P<condition>.*)", re.IGNORECASE | re.DOTALL)
_COMPARED = re.compile(
    r"(?P<not>!?)=\s*(?P<value>'[^']*'|/[^/]*/|[^\s,}]+)|\b(?P<other>in|before|after|between)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\s*(?P<which>any|all)\s*\{(?P<inner>.*)\}\s*", re.IGNORECASE | re.DOTALL)
_NOT_WHO = re.compile(
    r"\s*(target\.|request\.(region|ad|operation|permission|networkSource|utc-timestamp)\b)",
    re.IGNORECASE | re.ASCII,
)
"""Variables that say what is done, where and when, but not who does it. Source: Oracle's page "General Variables for
All Requests"."""

_MATCHES_ALL = re.compile(r"/\*+/|'\*+'")
_ALL = re.compile(r"\b(manage|use)\s+all-resources\b", re.IGNORECASE)
_ANYONE = re.compile(r"^\s*(allow|admit|endorse)\s+any-(user|group)\b", re.IGNORECASE)
_DENY = re.compile(r"\s*deny\b", re.IGNORECASE)
_TENANCY = re.compile(
    r"(?:\bmanage\s+(?P<what>[\w-]+)|\{(?P<some>[^}]*)\})\s+in\s+(tenancy\b|compartment\s+id\s+'?ocid1\.tenancy\.)",
    re.IGNORECASE | re.ASCII,
)
"""The root compartment is the tenancy. Source: Oracle's page "Managing Compartments". A statement may name permissions
in braces instead of a verb and a type. Source: Oracle's page "Policy Syntax"."""

_READS = re.compile(r"\w+_(INSPECT|READ)", re.IGNORECASE | re.ASCII)


def judge(resource: Resource, config: Config) -> Iterator[str]:
    """Grants of one resource that are too broad."""
    if resource.type == OCI_POLICY:
        allowed = {_plain(each) for each in listed(config, "documented")}
        for index, statement in enumerate(items(resource.inputs.get("statements"))):
            if isinstance(statement, str) and known(statement) and _plain(statement) not in allowed:
                for said in _statement_problems(statement):
                    yield f"statements[{index}]: {statement!r}; {said}"
    for path, role in objects(resource, *ROLES):
        yield from _role_problems(path, role)
    for path, binding in objects(resource, *BINDINGS):
        if mapping(binding.get("roleRef")).get("name") == "cluster-admin":
            yield f"{path}roleRef.name: cluster-admin; must be a role with only what is needed"
        for each in at(binding, "subjects.name"):
            if each in EVERYONE:
                yield f"{path}subjects: {each}; must name a group, user or account, because this is everyone"


def _role_problems(path: str, role: Mapping[str, object]) -> Iterator[str]:
    for where, rule in walk(role.get("rules"), f"{path}rules"):
        verbs = {each for each in items(rule.get("verbs")) if isinstance(each, str) and known(each)}
        everything = all("*" in items(rule.get(each)) for each in ("apiGroups", "resources"))
        if everything and verbs - READING:
            yield f"{where}: every verb on every resource; must name the resources and verbs"
        elif "*" in verbs and _includes_escalation(rule):
            yield f"{where}.verbs: *; must be named, because this includes {', '.join(sorted(ESCALATING))}"
        elif verbs & ESCALATING and not items(rule.get("resourceNames")):
            yield f"{where}.verbs: {', '.join(sorted(verbs & ESCALATING))}; must not be, or only for some resourceNames"
    selectors = items(mapping(role.get("aggregationRule")).get("clusterRoleSelectors"))
    if any(not any(mapping(each).values()) for each in selectors if known(each)):
        yield f"{path}aggregationRule: an empty selector takes the rules of every role; must name labels"


def _includes_escalation(rule: Mapping[str, object]) -> bool:
    """Whether every verb on the resources of a rule includes one with which a subject gives itself any right."""
    groups, resources = ({*items(rule.get(each))} for each in ("apiGroups", "resources"))
    return not items(rule.get("resourceNames")) and any(
        groups & {group, "*"} and resources & {*names, "*"} for group, names in ESCALATED.items()
    )


def _plain(statement: str) -> str:
    """A statement without what OCI ignores: case and further spaces."""
    return " ".join(statement.lower().split())


def _statement_problems(statement: str) -> Iterator[str]:
    if _DENY.match(statement):
        return
    # A name in quotes may contain any word.
    plain = _QUOTED.sub(_without_words, statement)
    found = _WHERE.search(plain)
    condition = found["condition"] if found else ""
    broad = _ALL.search(plain)
    tenancy = _TENANCY.search(plain)
    if broad:
        yield f"must not {broad[1].lower()} all-resources: name the resource types"
    elif tenancy and not _narrows(condition):
        some = [
            each for each in (tenancy["some"] or "").replace(",", " ").split() if not _READS.fullmatch(each)
        ]
        what = tenancy["what"] or ", ".join(some)
        if what:
            yield f"must not manage {what} in the whole tenancy: name a compartment, or add a condition"
    if _ANYONE.search(plain) and not _narrows(condition, positively=True):
        yield (
            "must have a condition on who it is (request.principal, request.user, request.groups), because any-user "
            "includes every principal of every tenancy it names"
        )


def _without_words(quoted: re.Match[str]) -> str:
    """A text in quotes, of which only an OCID and what matches all is kept."""
    text = quoted[0]
    return text if text.lower().startswith("'ocid1.") or _MATCHES_ALL.fullmatch(text) else "'-'"


def _narrows(condition: str, *, positively: bool = False) -> bool:
    """Whether a condition leaves something out. `positively`: also by naming who it is, not by what it excludes.

    A comparison with what matches all leaves nothing out. Of the alternatives of `any` each must leave something out.
    """
    group = _GROUP.fullmatch(condition)
    if group:
        inner = [_narrows(each, positively=positively) for each in _parts(group["inner"])]
        return bool(inner) and (all if group["which"].lower() == "any" else any)(inner)
    found = _COMPARED.search(condition)
    if found is None or (found["value"] and _MATCHES_ALL.fullmatch(found["value"])):
        return False
    return not positively or not (found["not"] or _NOT_WHO.match(condition))


def _parts(conditions: str) -> Iterator[str]:
    """The conditions of a group: what the commas divide that are not inside another group or list."""
    depth, part = 0, ""
    for sign in conditions:
        depth += (sign in "{(") - (sign in "})")
        if sign == "," and depth == 0:
            yield part
            part = ""
        else:
            part += sign
    yield part


POLICY = Policy(
    name="no-broad-grant",
    description="No grant is for all resources or for anyone without a condition on who it is, or manages a type in "
    "the tenancy.",
    source="CIS OCI Foundations 3.0, controls 1.2 and 1.3; Kubernetes' page on RBAC good practices",
    judge=judge,
    schema={"documented": texts(DOCUMENTED, "Statements that are allowed, because Oracle requires them.")},
)
