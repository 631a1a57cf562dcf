"""The roles of a team's members in its namespace.

With Kubernetes' own role `edit`, they could delete the network policies that separate teams. So the roles here list all
rights. Only the platform may change quotas, limits, policies, roles and the namespace itself.
"""

from pulumi_kubernetes import rbac

READ = ["get", "list", "watch"]
WRITE = [*READ, "create", "update", "patch", "delete", "deletecollection"]

WORKLOADS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("configmaps", "persistentvolumeclaims", "pods", "services")),
    ("apps", ("daemonsets", "deployments", "replicasets", "statefulsets")),
    ("autoscaling", ("horizontalpodautoscalers",)),
    ("batch", ("cronjobs", "jobs")),
    ("keda.sh", ("scaledobjects",)),
    ("leaderworkerset.x-k8s.io", ("leaderworkersets",)),
    ("policy", ("poddisruptionbudgets",)),
)
"""API groups and kinds that a team may deploy."""

WATCHED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("endpoints", "events", "limitranges", "pods/log", "resourcequotas", "serviceaccounts")),
    # A monitor could make Prometheus send its own token to a team (`bearerTokenFile`), and forge metrics for scaling.
    ("monitoring.coreos.com", ("podmonitors", "servicemonitors")),
    ("networking.k8s.io", ("networkpolicies",)),
)
"""API groups and kinds that a team may read but not change."""

ROLES = ("developers", "viewers")


def rules(role: str) -> "list[rbac.v1.PolicyRuleArgs]":
    """The rules of a role of `ROLES`. Viewers may not read secrets."""
    verbs = WRITE if role == "developers" else READ
    found = [_rule(group, kinds, verbs) for group, kinds in WORKLOADS]
    found += [_rule(group, kinds, READ) for group, kinds in WATCHED]
    if role == "developers":
        found.append(_rule("", ("secrets",), WRITE))
        found.append(_rule("", ("pods/exec", "pods/portforward", "pods/attach"), ["create", "get"]))
        found.append(_rule("apps", ("deployments/scale", "statefulsets/scale"), ["get", "update", "patch"]))
    return found


def subject_kind(ocid: str) -> str:
    """Kind of an RBAC subject, from its OCID."""
    return "User" if ocid.startswith("ocid1.user.") else "Group"


def _rule(group: str, kinds: tuple[str, ...], verbs: list[str]) -> "rbac.v1.PolicyRuleArgs":
    return rbac.v1.PolicyRuleArgs(api_groups=[group], resources=list(kinds), verbs=verbs)
