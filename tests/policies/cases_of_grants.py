"""Cases of the policy for broad grants."""

from policies.model import Resource
from tests.policies.cases import POLICY, UNKNOWN, Case, make

ROLE = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
BINDING = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"


def case(about: str, policy: str, resources: list[Resource], says: str = "") -> Case:
    return Case(about=about, policy=policy, resources=resources, says=says)


def grant(statement: str, says: str = "") -> Case:
    return case(statement, "no-broad-grant", [make(POLICY, {"statements": [statement]})], says)


def role(**rule: list[str]) -> list[Resource]:
    return [make(ROLE, {"rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"], **rule}]})]


GRANTS = [
    grant("Allow group Operators to manage buckets in compartment id ocid1.compartment.oc1..a"),
    grant("Allow group Operators to read all-resources in compartment Prod"),
    grant("Allow any-user to use keys in compartment Prod where request.principal.type = 'cluster'"),
    grant("allow service vulnerability-scanning-service  to manage instances in tenancy"),
    grant(
        "Allow service other to manage instances in tenancy", "must not manage instances in the whole tenancy"
    ),
    grant("Allow group Operators to manage volumes in tenancy where target.region = 'iad'"),
    grant(
        "Allow group Operators to manage all-resources in compartment Prod",
        "must not manage all-resources: name the resource types",
    ),
    grant("allow dynamic-group nodes to USE ALL-RESOURCES in tenancy", "must not use all-resources"),
    grant(
        "Allow group Operators to manage volumes in tenancy", "must not manage volumes in the whole tenancy"
    ),
    grant(
        "Allow group Operators to manage volumes in compartment id ocid1.tenancy.oc1..a",
        "must not manage volumes in the whole tenancy",
    ),
    grant("Deny group Operators to manage all-resources in tenancy"),
    grant("Allow any-user to use keys in compartment Prod", "must have a condition on who it is"),
    grant("Admit any-group of tenancy Partner to read buckets in compartment Prod", "must have a condition"),
    grant(
        "Allow any-user to use keys in compartment Prod where request.principal.type != 'user'", "must have"
    ),
    grant("Allow any-user to use keys in compartment Prod where request.principal.type = /*/", "must have"),
    grant(
        "Allow any-user to use keys in compartment Prod where any {request.user.id = 'a', request.region != 'iad'}",
        "must have a condition",
    ),
    grant("Allow any-user to use keys in compartment Prod where target.key.id = 'k'", "on who it is"),
    grant(
        "Allow any-user to use keys in compartment Prod where request.operation = 'Decrypt'", "on who it is"
    ),
    grant(
        "Allow any-user to use keys in compartment Prod where ALL {target.key.id = 'k', request.user.id != 'x'}",
        "on who it is",
    ),
    grant(
        "Allow any-user to use keys in compartment Prod where ALL {target.key.id = 'k', request.user.id = 'x'}"
    ),
    grant(
        "Allow any-user to use keys in compartment Prod where any {request.user.id = 'x', target.key.id = 'k'}",
        "on who it is",
    ),
    grant(
        "Allow any-user to use keys in compartment Prod where all {target.key.id = 'k', any {request.user.id = 'x', "
        "request.principal.type = /*/}}",
        "on who it is",
    ),
    grant(
        "Allow any-user to use keys in compartment Prod where all {request.principal.type = 'cluster', "
        "any {target.key.id = 'k', target.key.id = 'l'}}"
    ),
    grant(
        "Allow any-user to use keys in compartment Prod where request.principal.type in ('cluster', 'workload')"
    ),
    grant("Allow group Operators to manage users in tenancy where target.group.name != 'Administrators'"),
    grant(
        "Allow group Operators to manage volumes in tenancy where target.volume.id = /**/", "whole tenancy"
    ),
    grant("Allow group 'who where are' to manage volumes in tenancy", "whole tenancy"),
    grant(
        "Allow group Operators to {VOLUME_CREATE, VOLUME_READ} in tenancy", "must not manage VOLUME_CREATE in"
    ),
    grant("Allow group Operators to {VOLUME_INSPECT,VOLUME_READ} in tenancy"),
    grant("Allow group Operators to {VOLUME_CREATE} in compartment Prod"),
    grant(
        "Allow group Operators to manage volumes in compartment id 'ocid1.tenancy.oc1..a'", "whole tenancy"
    ),
    case("a statement that is not known yet", "no-broad-grant", [make(POLICY, {"statements": [UNKNOWN]})]),
    case("a role with some verbs", "no-broad-grant", role(verbs=["get", "list"])),
    case("a role for everything", "no-broad-grant", role(), "rules[0]: every verb on every resource"),
    case(
        "a role that writes everything",
        "no-broad-grant",
        role(verbs=["get", "create", "delete"]),
        "rules[0]: every verb on every resource",
    ),
    case(
        "a role that gives itself rights",
        "no-broad-grant",
        role(resources=["clusterroles"], verbs=["escalate"]),
        "rules[0].verbs: escalate",
    ),
    case(
        "a role with every verb on roles",
        "no-broad-grant",
        role(apiGroups=["rbac.authorization.k8s.io"], resources=["clusterroles"]),
        "rules[0].verbs: *; must be named, because this includes bind, escalate, impersonate",
    ),
    case(
        "a role with every verb on everything of the core group",
        "no-broad-grant",
        role(apiGroups=[""]),
        "rules[0].verbs: *; must be named",
    ),
    case("a role with every verb on pods", "no-broad-grant", role(apiGroups=[""], resources=["pods"])),
    case(
        "a role of all roles, with an empty list of labels",
        "no-broad-grant",
        [make(ROLE, {"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {}}]}})],
        "aggregationRule: an empty selector",
    ),
    case(
        "a role that binds one role",
        "no-broad-grant",
        role(resources=["roles"], verbs=["bind"], resourceNames=["view"]),
    ),
    case(
        "a role of an older version",
        "no-broad-grant",
        [make(ROLE.replace("v1:", "v1beta1:"), role()[0].inputs)],
        "rules[0]: every verb",
    ),
    case(
        "a patch of a role",
        "no-broad-grant",
        [make(f"{ROLE}Patch", role()[0].inputs)],
        "rules[0]: every verb",
    ),
    case(
        "a list of roles",
        "no-broad-grant",
        [make(f"{ROLE}List", {"items": [{}, role()[0].inputs]})],
        "items[1].rules[0]: every verb",
    ),
    case(
        "a role of all roles",
        "no-broad-grant",
        [make(ROLE, {"aggregationRule": {"clusterRoleSelectors": [{}]}})],
        "aggregationRule: an empty selector",
    ),
    case(
        "a binding for everyone",
        "no-broad-grant",
        [make(BINDING, {"roleRef": {"name": "view"}, "subjects": [{"name": "system:authenticated"}]})],
        "subjects: system:authenticated",
    ),
    case("a binding", "no-broad-grant", [make(BINDING, {"roleRef": {"name": "view"}})]),
    case(
        "a binding to everything",
        "no-broad-grant",
        [make(BINDING, {"roleRef": {"name": "cluster-admin"}})],
        "roleRef.name: cluster-admin",
    ),
]

CASES = GRANTS
