"""The policies of every stack: what they grant, and that grants exist before they are used."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import pytest

from facts.policies import Anyone, Statement, parse_statement, statement_problems
from facts.policies.conditions import All, Test
from facts.policies.conditions import tests as single_tests
from facts.policies.words import known, words
from infra.layers.identity.grants import PRINCIPAL_GROUPS
from tests.infra.snapshots import EXAMPLES, STACKS, run

POLICY = "oci:Identity/policy:Policy"


@cache
def statements(stack: str) -> tuple[str, ...]:
    found = (each for each in run(stack).resources if each.type == POLICY)
    return tuple(text for each in found for text in each.inputs["statements"])  # pyright: ignore


def keys_in(value: Any) -> Iterator[str]:
    """Keys in inputs at any depth, including those of a storage class."""
    if isinstance(value, dict):
        for name, inner in cast("dict[str, Any]", value).items():
            if name in ("kmsKeyId", "kms-key-id") and isinstance(inner, str):
                yield inner
            else:
                yield from keys_in(inner)
    elif isinstance(value, list | tuple):
        for inner in cast("list[Any]", value):
            yield from keys_in(inner)


UNGRANTED = "existing-grants"
"""The example in which somebody else creates the grants."""


@pytest.mark.parametrize("stack", [*STACKS, *EXAMPLES])
def test_no_statement_grants_everything_or_to_everyone(stack: str):
    assert len(statements(stack)) > 50 or stack == UNGRANTED
    for text in statements(stack):
        statement = parse_statement(text)
        assert isinstance(statement, Statement), text
        assert not (statement.verb == "manage" and statement.resource == "all-resources"), text
        assert not isinstance(statement.subject, Anyone) or statement.where is not None, text
        assert list(statement_problems(text, path=stack)) == []
        for test in single_tests(statement.where):
            if test.variable == "request.principal.type":
                assert isinstance(test.value, str)
                assert known(test.value, words().principals), f"{test.value} is on no source page: {text}"


@pytest.mark.parametrize("stack", [*STACKS, *EXAMPLES])
def test_every_key_in_use_has_a_grant(stack: str):
    used = {key for each in run(stack).resources for key in keys_in(dict(each.inputs))}
    assert used
    # The owner of a key that is set by its OCID grants it.
    for key in used if stack != UNGRANTED else ():
        assert any("to use keys in" in text and key in text for text in statements(stack)), key


def test_lustre_may_only_read_the_buckets_in_its_links():
    said = [parse_statement(text) for text in statements("lustre-weights")]
    reading = [each for each in said if isinstance(each, Statement) and each.resource == "object-family"]
    reading = [each for each in reading if str(each.subject) == "service lustrefs"]
    assert reading
    assert {each.verb for each in reading} == {"read"}
    assert all("-model-artifacts'" in str(each.where) for each in reading)


def test_clusters_may_use_the_addresses_and_groups_of_their_balancers():
    granted = [text for text in statements("prod") if "request.principal.type = 'cluster'" in text]
    for resource in ("private-ips", "network-security-groups", "subnets"):
        assert any(f"Allow any-user to use {resource} in compartment" in text for text in granted), resource
    assert not any("to use private-ips" in text and "'cluster'" in text for text in statements("staging"))


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_volumes_have_their_own_key_which_clusters_and_pools_may_delegate(stack: str):
    found = run(stack).resources
    classes = [dict(each.inputs) for each in found if each.type.endswith(":StorageClass")]
    (claims,) = keys_in(classes)
    pools = {key for each in found if each.type.endswith("NodePool") for key in keys_in(dict(each.inputs))}
    assert pools == {claims}
    buckets = {key for each in found if each.type.endswith(":Bucket") for key in keys_in(dict(each.inputs))}
    assert claims not in buckets
    said = [text for text in statements(stack) if claims in text]
    for who in ("nodepool", "cluster"):
        lent = f"request.principal.type = '{who}'"
        assert any("any-user to use key-delegates" in text and lent in text for text in said), who
    versions = [each for each in found if each.type == "oci:Kms/keyVersion:KeyVersion"]
    assert claims not in {each.inputs["keyId"] for each in versions}


OBJECTS = {"objects", "object-family", "all-resources"}
"""The resources of statements that reach objects. Source: Oracle's policy reference of Object Storage."""


def developers_of_prod() -> Iterator[Statement]:
    for text in statements("prod"):
        said = parse_statement(text)
        if isinstance(said, Statement) and str(said.subject).endswith("'prod-developers'"):
            yield said


def test_developers_of_prod_read_only_the_objects_of_the_served_bucket():
    reaching = [
        each
        for each in developers_of_prod()
        if each.resource in OBJECTS or any(name.startswith("OBJECT_") for name in each.permissions)
    ]
    (reading,) = reaching
    assert (reading.verb, reading.resource, reading.permissions) == ("read", "objects", ())
    assert reading.where == Test("target.bucket.name", "prod-model-artifacts")


def test_developers_of_prod_reach_no_secret_and_no_key():
    found = {each.resource for each in developers_of_prod()}
    assert found
    assert not {each for each in found if each and re.search("secret|key|vault|all-resources", each)}


def test_prod_keeps_uploads_and_backups_in_buckets_that_developers_do_not_reach():
    named = {
        dict(each.inputs)["name"] for each in run("prod").resources if each.type.endswith("/bucket:Bucket")
    }
    assert named >= {"prod-user-uploads", "prod-backups", "prod-model-artifacts"}


def test_the_secret_store_reads_only_the_named_secrets():
    store = [text for text in statements("prod") if "'external-secrets'" in text]
    (tenants,) = (text for text in store if re.search("secret-(bundles|family)", text))
    names = re.findall(r"target\.secret\.name = '([^']+)'", tenants)
    expected = ["pagerduty-key", "tenant-assistant", "tenant-batch"]
    assert names == expected, "prod's store reads only the keys of its tenants and of its receivers"
    reading = [text for text in statements("gated-model") if re.search("secret-(bundles|family)", text)]
    (gated,) = (text for text in reading if "group gated-model-administrators to" not in text)
    said = parse_statement(gated)
    assert isinstance(said, Statement)
    assert isinstance(said.where, All), "every condition must hold"
    conditions = {each.variable: each.value for each in said.where.conditions if isinstance(each, Test)}
    cluster = conditions.pop("request.principal.cluster_id")
    assert isinstance(cluster, str)
    assert cluster.startswith("ocid1.cluster.")
    assert (said.verb, str(said.subject), len(said.where.conditions)) == ("read", "any-user", 5)
    assert conditions == {
        "request.principal.type": "workload",
        "request.principal.namespace": "external-secrets",
        "request.principal.service_account": "external-secrets",
        "target.secret.name": "hub-token",
    }


def test_every_type_in_a_rule_of_a_dynamic_group_has_its_source_page():
    rules = [rule("ocid1.compartment.oc1..c") for _, rule in PRINCIPAL_GROUPS.values()]
    types = {found for rule in rules for found in re.findall(r"resource\.type = '([^']+)'", rule)}
    assert "fnfunc" in types
    assert {each: words().pages.get(each) for each in types if each not in words().principals} == {}
