"""Grants in plain words, by principal."""

import pytest

from report.resources import UNKNOWN, Resource
from report.rights.grants import Rights, rights_of
from report.rights.places import places_of
from report.rights.principals import members
from tests.report.rights.parts import HERE, TENANCY, binding, dynamic_group, group, made, policy, role

GENAI = made(
    "oci:Identity/compartment:Compartment", "home", {"name": "genai", "compartmentId": TENANCY}, HERE
)
KEY = made("oci:Kms/key:Key", "key", {"displayName": "storage", "compartmentId": HERE}, "ocid1.key.oc1..abc")
PODS = (
    "request.principal.type = 'workload', request.principal.namespace = 'serving', "
    "request.principal.service_account = 'importer', request.principal.cluster_id = 'ocid1.cluster.oc1..c'"
)


def said(*statements: str) -> list[str]:
    found = rights_of([GENAI, KEY, group("operators"), *(policy(each) for each in statements)])
    return [f"{each.who.name} may {each.may}" for each in found.grants]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            f"Allow any-user to read objects in compartment id {HERE} where all {{request.principal.type = "
            f"'nodepool', request.principal.compartment.id = '{HERE}', target.bucket.name = 'model-artifacts'}}",
            "node pools in the compartment genai may read objects in the bucket model-artifacts of the compartment "
            "genai",
        ),
        (
            "Allow group Operators to manage keys in tenancy where request.permission != 'KEY_DELETE'",
            "group operators may manage keys in the tenancy, except with the permission KEY_DELETE",
        ),
        (
            "Allow dynamic-group id ocid1.dynamicgroup.oc1..123456 to use keys in compartment a:b where "
            "target.key.id = 'ocid1.key.oc1..abc'",
            "dynamic group …123456 of the tenancy may use keys (only storage) in the compartment a:b",
        ),
        (
            f"Allow any-user to {{OBJECT_READ, OBJECT_INSPECT}} in compartment genai where all {{{PODS}, any "
            "{target.bucket.name = 'a', target.bucket.name = 'b'}}",
            "pods of the service account serving/importer may use the permissions OBJECT_READ and OBJECT_INSPECT in "
            "the bucket a or b of the compartment genai",
        ),
        (
            "Allow any-user to inspect vaults in tenancy",
            "every user and every resource may inspect vaults in the tenancy",
        ),
        (
            "Deny service OKE to read repos in tenancy where any {target.repo.name = /x*/, request.region = 'iad'}",
            "service OKE may not read repos in the tenancy, if any {target.repo.name = /x*/, request.region = 'iad'}",
        ),
    ],
)
def test_a_statement_is_said_in_plain_words(statement: str, words: str) -> None:
    assert said(statement) == [words]


def test_statements_of_one_principal_are_one_grant_if_only_the_type_differs() -> None:
    assert said(
        "Allow group a, 'Domain'/b to read alarms in tenancy", "Allow group A to read metrics in tenancy"
    ) == [
        "group A of the tenancy may read metrics in the tenancy",
        "group a of the tenancy may read alarms in the tenancy",
        "group b of the tenancy may read alarms in the tenancy",
    ]
    assert said(
        "Allow group operators to read alarms in tenancy", "Allow group Operators to read logs in tenancy"
    ) == ["group operators may read alarms and logs in the tenancy"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (f"ALL {{instance.compartment.id = '{HERE}'}}", "instances in the compartment genai"),
        (f"instance.compartment.id = '{HERE}'", "instances in the compartment genai"),
        (
            f"ANY {{ALL {{resource.type = 'fnfunc', resource.compartment.id = '{HERE}'}}, ALL {{resource.type = "
            f"'datasciencejobrun', resource.compartment.id = '{HERE}'}}}}",
            "functions and job runs in the compartment genai",
        ),
        (
            "ANY {instance.id = 'ocid1.instance.oc1..aaaaaa', resource.type = 'mystery'}",
            "instances, only …aaaaaa; resources of type mystery",
        ),
        ("ALL {tag.team.name.value}", "resources that match ALL {tag.team.name.value}"),
        ("", ""),
    ],
)
def test_a_matching_rule_is_said_in_words(rule: str, words: str) -> None:
    assert members(rule, places_of([GENAI])) == words


def test_roles_of_the_cluster_are_said_with_who_is_bound_to_them() -> None:
    rules = [
        {"apiGroups": [""], "resources": ["pods", "services"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["*"]},
    ]
    found = rights_of(
        [
            group("developers"),
            role("team", rules),
            role("unbound", rules),
            binding(
                "team",
                "Role",
                "team",
                {"kind": "Group", "name": "ocid1.group.oc1..developers"},
                {"kind": "ServiceAccount", "name": "router"},
            ),
            binding("viewers", "ClusterRole", "view", {"kind": "User", "name": "jane"}),
        ]
    )
    assert {each.who.name: each.may for each in found.grants} == {
        "group developers": "read pods and services; do everything with deployments in the namespace serving",
        "pods of the service account serving/router": (
            "read pods and services; do everything with deployments in the namespace serving"
        ),
        "user jane of the cluster": "do what the role view of the cluster allows in the namespace serving",
    }
    assert found.unbound == ["Role serving/unbound"]
    assert found.unused == []


def test_groups_that_nothing_names_and_groups_of_the_tenancy_are_listed() -> None:
    found = _rights(
        group("used"),
        group("idle"),
        dynamic_group("nodes", "instance.id = 'a'"),
        policy("Allow group Used, 'Domain'/Elsewhere to read logs in tenancy"),
    )
    assert [f"{each.kind} {each.name}" for each in found.unused] == ["group idle", "dynamic group nodes"]
    assert found.outside == ["group Elsewhere"]


def test_statements_that_cannot_be_read_or_are_not_known_yet_are_not_dropped() -> None:
    found = _rights(
        policy(
            "Endorse group a to read buckets in tenancy b", "Allow group a to read logs in tenancy", UNKNOWN
        ),
        made("oci:Identity/policy:Policy", "later", {"statements": UNKNOWN}),
    )
    assert [(each.index, each.text) for each in found.unreadable] == [
        (0, "Endorse group a to read buckets in tenancy b")
    ]
    assert found.later == {"policy": 1, "later": 1}


def _rights(*resources: Resource) -> Rights:
    return rights_of(resources)
