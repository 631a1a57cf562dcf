"""Compartment, groups, dynamic groups and policies, with and without identity domains."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components.identity.access_policy import AccessPolicy, AccessPolicyArgs, policy_problems
from components.identity.environment_compartment import EnvironmentCompartment, EnvironmentCompartmentArgs
from components.identity.identity_domain import IdentityDomainArgs, domain_problems
from components.identity.principal_group import (
    PrincipalGroup,
    PrincipalGroupArgs,
    instances_of,
    matching_rule_problems,
    principal_group,
    resources_of,
)
from components.identity.user_group import UserGroup, UserGroupArgs, user_group
from components.options import LateRefusal
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

DOMAIN = IdentityDomainArgs(name="Default", endpoint="https://idcs-1.identity.oraclecloud.com:443")
GRANT = "Allow group ops to use clusters in tenancy"
RULE = instances_of("ocid1.compartment.oc1..a")


def users(domain: IdentityDomainArgs | None = None, name: str = "prod-operators") -> Recording:
    args = UserGroupArgs(tenancy_id="t", group_name=name, description="d", domain=domain)
    return run(lambda: UserGroup("ops", args, oci_options()) and None)


def machines(domain: IdentityDomainArgs | None = None, preview: bool = False, **changes: Any) -> Recording:
    given = {"tenancy_id": "t", "group_name": "prod-nodes", "description": "d", "matching_rule": RULE}
    args = PrincipalGroupArgs(domain=domain, **{**given, **changes})
    return run(lambda: PrincipalGroup("nodes", args, oci_options()) and None, preview)


def policy(preview: bool = False, **changes: Any) -> Recording:
    given = {"compartment_id": "c", "policy_name": "prod-ops", "description": "d", "statements": {"a": GRANT}}
    args = AccessPolicyArgs(**{**given, **changes})
    return run(lambda: AccessPolicy("ops", args, oci_options()) and None, preview)


def test_a_group_without_a_domain_belongs_to_the_tenancy():
    group = users().one("oci:Identity/group:Group")
    assert group.inputs == {"compartmentId": "t", "name": "prod-operators", "description": "d"}


def test_the_program_does_not_change_the_members_of_a_group_in_a_domain():
    group = users(DOMAIN).one("oci:Identity/domainsGroup:DomainsGroup")
    assert group.inputs["displayName"] == "prod-operators"
    assert set(group.ignore_changes) == {"members", "schemas"}, (
        "a program that takes members out locks people out"
    )


def test_a_group_that_every_tenancy_has_is_refused():
    with pytest.raises(InvalidInput, match="every tenancy has this group"):
        users(name="Administrators")


def test_a_dynamic_group_belongs_to_the_domain_if_there_is_one():
    domain, classic = machines(DOMAIN), machines()
    for seen, token in (
        (domain, "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup"),
        (classic, "oci:Identity/dynamicGroup:DynamicGroup"),
    ):
        assert seen.one(token).inputs["matchingRule"] == RULE


def test_groups_are_quoted_with_their_domain():
    args = UserGroupArgs(tenancy_id="t", group_name="prod-operators", description="d", domain=DOMAIN)
    assert str(user_group(args)) == "group 'Default'/'prod-operators'"
    machine = PrincipalGroupArgs(tenancy_id="t", group_name="nodes", description="d", matching_rule=RULE)
    assert str(principal_group(machine)) == "dynamic-group nodes"


def test_resources_of_several_types_match_one_rule():
    assert resources_of("c", "cluster") == "ALL {resource.type = 'cluster', resource.compartment.id = 'c'}"
    assert list(matching_rule_problems(resources_of("c", "fnfunc", "datasciencejobrun"), path="r")) == []


@pytest.mark.parametrize(
    "rule", ["", "ALL {}", "everything", "ALL {instance.compartment.id = 'a}", "ANY {ALL {instance.id = 'a'}"]
)
def test_a_rule_that_matches_nothing_is_refused(rule: str):
    with pytest.raises(InvalidInput, match=r"nodes\.matchingRule"):
        machines(matching_rule=rule)


def test_a_policy_writes_its_statements_in_the_order_of_their_names():
    written = policy(statements={"b": GRANT, "a": GRANT.replace("clusters", "vaults")})
    statements = written.one("oci:Identity/policy:Policy").inputs["statements"]
    assert statements == ["Allow group ops to use vaults in tenancy", GRANT]


def test_a_policy_with_a_wait_has_hooks_on_create_and_update():
    assert policy(settle_seconds=5).one("oci:Identity/policy:Policy").hooks == ("ops-settle", "ops-settle")
    assert policy().one("oci:Identity/policy:Policy").hooks == ()


def test_a_first_preview_shows_the_policy():
    assert policy(preview=True).named("ops").outputs == {"policyId": UNKNOWN}


def test_a_statement_with_a_late_id_is_checked_when_the_id_is_known():
    def program() -> None:
        late = pulumi.Output.from_input("vaults").apply(
            lambda word: f"Allow group ops to manag {word} in tenancy"
        )
        args = AccessPolicyArgs(
            compartment_id="c", policy_name="ops", description="d", statements={"late": late}
        )
        AccessPolicy("ops", args, oci_options())

    with pytest.raises(LateRefusal, match=r"statements\['late'\].*Did you mean `manage`"):
        run(program)


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: policy_problems("a b", {}, path="p"), "p.policyName"),
        (lambda: policy_problems("p", {}, settle_seconds=1000, path="p"), "p.settleSeconds"),
        (lambda: policy_problems("p", {"x": "Allow all"}, path="p"), "p.statements['x']"),
        (lambda: domain_problems("O'Hara", "https://a", path="d"), "d.name"),
        (lambda: domain_problems("Default", "idcs-1.identity.oraclecloud.com", path="d"), "d.endpoint"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(make: Callable[[], Any], path: str):
    assert [problem.path for problem in make()] == [path]


def test_more_statements_than_a_policy_can_have_are_refused():
    with pytest.raises(InvalidInput, match="must be 1 to 50 statements"):
        policy(statements={f"{number}": GRANT for number in range(51)})


def test_a_compartment_that_is_not_protected_is_deleted_with_the_stack():
    def made(protect: bool) -> Recording:
        args = EnvironmentCompartmentArgs(
            parent_id="t", compartment_name="prod", description="d", protect=protect
        )
        return run(lambda: EnvironmentCompartment("home", args, oci_options()) and None)

    kept, free = (made(each).one("oci:Identity/compartment:Compartment") for each in (True, False))
    assert (kept.protect, kept.retain_on_delete, kept.inputs["enableDelete"]) == (True, True, False)
    assert (free.protect, free.inputs["enableDelete"]) == (False, True), "OCI keeps a compartment otherwise"
