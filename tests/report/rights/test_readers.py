"""Who gets at the data of a bucket, a secret or a database."""

import pytest

from facts.policies.words import known, words
from report.resources import Resource
from report.rights.grants import rights_of
from report.rights.readers import ACCESS, readers_of
from tests.report.rights.parts import HERE, TENANCY, group, made, policy

BUCKET = made("oci:ObjectStorage/bucket:Bucket", "weights-bucket", {"name": "weights", "compartmentId": HERE})
SECRET = made("oci:Vault/secret:Secret", "s", {"secretName": "key", "compartmentId": HERE}, "ocid1.secret.a")
DATABASE = made("oci:Psql/dbSystem:DbSystem", "db", {"displayName": "db", "compartmentId": HERE})


def readers(resource: Resource, *statements: str, more: tuple[Resource, ...] = ()) -> list[str]:
    everything = [resource, group("a"), policy(*statements), *more]
    (found,) = readers_of(everything, rights_of(everything))
    return [
        f"{each.who}{'' if each.certain else '?'}{' denied' if each.denied else ''}: {each.condition}"
        for each in found.readers
    ]


@pytest.mark.parametrize(
    ("what", "where", "found"),
    [
        ("read objects", "", ["group a: "]),
        ("inspect objects", "", []),
        ("read buckets", "", []),
        ("manage object-family", "", ["group a: "]),
        ("use all-resources", "", ["group a: "]),
        ("{OBJECT_INSPECT}", "", []),
        ("{OBJECT_INSPECT, OBJECT_READ}", "", ["group a: "]),
        ("read objects", "target.bucket.name = 'weights'", ["group a: "]),
        ("read objects", "target.bucket.name = 'other'", []),
        ("read objects", "target.bucket.name != 'weights'", []),
        ("read objects", "any {target.bucket.name = 'other', target.bucket.name = /wei*/}", ["group a: "]),
        ("manage objects", "any {request.permission = 'OBJECT_INSPECT'}", []),
        ("manage objects", "request.permission != 'OBJECT_DELETE'", ["group a: "]),
        ("read objects", "request.region = 'iad'", ["group a: if request.region = 'iad'"]),
    ],
)
def test_a_bucket_is_read_by_statements_whose_words_and_conditions_fit(
    what: str, where: str, found: list[str]
) -> None:
    condition = f" where {where}" if where else ""
    assert readers(BUCKET, f"Allow group a to {what} in compartment id {HERE}{condition}") == found


def test_a_denial_is_said_and_takes_only_its_own_verb_and_the_stronger_ones() -> None:
    assert readers(BUCKET, "Deny group a to read objects in tenancy") == ["group a denied: "]
    assert readers(BUCKET, "Deny group a to manage objects in tenancy") == []


def test_a_secret_is_read_by_its_bundles_and_not_by_its_description() -> None:
    assert readers(SECRET, "Allow group a to read secrets in tenancy") == []
    assert readers(
        SECRET, "Allow group a to read secret-bundles in tenancy where target.secret.id = 'ocid1.secret.a'"
    )
    assert not readers(
        SECRET, "Allow group a to read secret-family in tenancy where target.secret.name = 'b'"
    )


def test_a_database_is_reached_by_those_who_can_change_it() -> None:
    assert readers(DATABASE, "Allow group a to read postgres-db-systems in tenancy") == []
    assert readers(DATABASE, "Allow group a to manage postgres-db-systems in tenancy") == ["group a: "]


def test_compartments_that_the_stack_knows_decide_and_others_are_open() -> None:
    here = made("oci:Identity/compartment:Compartment", "h", {"name": "here", "compartmentId": TENANCY}, HERE)
    other = made(
        "oci:Identity/compartment:Compartment", "o", {"name": "other", "compartmentId": TENANCY}, "ocid1.o"
    )
    grant = "Allow group a to read objects in compartment"
    assert readers(BUCKET, f"{grant} id ocid1.compartment.oc1..elsewhere") == ["group a?: "]
    assert readers(BUCKET, f"{grant} somewhere") == ["group a?: "]
    assert readers(BUCKET, f"{grant} id ocid1.compartment.oc1..elsewhere", more=(here,)) == []
    assert readers(BUCKET, f"{grant} Here", f"{grant} other", more=(here, other)) == ["group a: "]
    assert readers(BUCKET, f"{grant} id {TENANCY}") == ["group a: "]


def test_every_type_of_the_table_is_one_of_the_policy_language() -> None:
    vocabulary = words()
    for access in ACCESS.values():
        assert all(known(each, vocabulary.resource_types) for each in access.types)
        if access.reads:
            assert all(known(each, vocabulary.permissions) for each in access.permissions)
