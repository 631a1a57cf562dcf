"""What the report calls broad is what the pack's policy refuses."""

from policies.model import Resource as Judged
from policies.rules import grants
from report.rights.broad import DOCUMENTED, broad_grants
from tests.policies import cases_of_grants
from tests.report.rights.parts import binding, made, policy, role

STATEMENTS = [
    f"{allow} {who} to {what} in {where}{condition}"
    for allow in ("Allow", "allow", "Deny")
    for who in ("group Operators", "dynamic-group nodes", "any-user", "ANY-GROUP", "service OKE")
    for what in ("manage volumes", "read volumes", "USE all-resources", "manage all-resources")
    for where in ("tenancy", "compartment Prod", "compartment id ocid1.tenancy.oc1..a")
    for condition in ("", " where request.region = 'iad'")
] + [
    "Admit any-group of tenancy Partner to read buckets in compartment Prod",
    "Admit group Operators of tenancy Partner to manage all-resources in compartment Prod",
    "Endorse any-user to read buckets in tenancy Partner where request.region = 'iad'",
    "Define tenancy Partner as ocid1.tenancy.oc1..partner",
    "ALLOW service vulnerability-scanning-service  to manage instances in tenancy",
    "nothing that anyone can read",
    *(case.about for case in cases_of_grants.CASES if " to " in case.about),
]
EVERY = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
RESOURCES = [
    *(policy(each, name=each) for each in STATEMENTS),
    role("everything", EVERY),
    role("everything-everywhere", EVERY, namespace=""),
    role("some", [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get"]}]),
    binding("admins", "ClusterRole", "cluster-admin"),
    binding("viewers", "ClusterRole", "view"),
    *(
        made(each.type, case.about, each.inputs)
        for case in cases_of_grants.CASES
        for each in case.resources
        if "rbac" in each.type and not each.type.endswith("List")
    ),
]


def test_report_and_pack_call_the_same_broad() -> None:
    config = {"documented": list(grants.DOCUMENTED)}
    for resource in RESOURCES:
        judged = Judged(urn=resource.urn, type=resource.type, inputs=resource.inputs)
        said = [why for each in broad_grants([resource]) for why in each.why]
        assert len(said) == len([*grants.judge(judged, config)]), resource.name


def test_the_table_has_broad_grants_and_others() -> None:
    count = len(broad_grants(RESOURCES))
    assert 0 < count < len(RESOURCES)


def test_report_and_pack_except_the_same_statements() -> None:
    assert DOCUMENTED == grants.DOCUMENTED
