"""Subjects and places of policy statements: OCI refuses a whole policy because of one that it cannot read or find."""

import pytest

from facts.policies import Group, Place, Statement, Unreadable, parse_statement, statement_problems
from facts.regions import REGIONS


def said(subject: str = "group ops", place: str = "tenancy", what: str = "read buckets") -> list[str]:
    return [str(each) for each in statement_problems(f"Allow {subject} to {what} in {place}", path="s")]


@pytest.mark.parametrize(
    "subject",
    [
        "  ",
        "grup A",
        "groups A",
        "user A",
        "any-users",
        "all-users",
        "dynamic_group A",
        "tenancy X",
        "A",
        *("group", "group ''", "group A,", "group ,", "dynamic-group", "group id", "group id  ,B"),
        *("group 'A", "group A'", "group 'Default'/'A", "group A/B/C", "group A/", "group /A"),
        *("any-user x", "resource", "service", "service blockstorage,", "service blokstorage"),
    ],
)
def test_a_subject_that_oci_cannot_read_is_refused(subject: str):
    assert said(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "group A",
        "GROUP A",
        "group  A",
        "group\tA",
        "group 'id'",
        "group A-b_c.d@e",
        "group 'A b'",
        "group 'A, b'",
        "group A, 'B c', D/E",
        "group Default/A",
        "group 'Default'/'A b'",
        "group id ocid1.group.oc1..aaaa",
        "group A, id ocid1.group.oc1..a",
        *("dynamic-group A", "dynamic-group id ocid1.dynamicgroup.oc1..aaaa", "service blockstorage, oke"),
        *("service objectstorage-us-phoenix-1", "resource fnfunc x", "group id ocid1.group.oc1..REPLACE-ME"),
    ],
)
def test_a_subject_that_oci_reads_is_accepted(subject: str):
    assert said(subject) == []


@pytest.mark.parametrize("name", ["id", "ID", "to", "in", "where", "group"])
def test_a_group_may_have_the_name_of_a_keyword(name: str):
    statement = Statement(subject=Group(name), place=Place(), verb="read", resource="buckets")
    assert parse_statement(str(statement)) == statement


@pytest.mark.parametrize(
    "ocid", ["nonsense", "ocid1.user.oc1..aaaa", "ocid1.dynamicgroup", "ocid1.group.aaaa"]
)
def test_the_ocid_of_a_group_must_be_one(ocid: str):
    (problem,) = said(f"group A, id {ocid}")
    assert problem.startswith(f"s: '{ocid}'; must be the OCID of a group")


@pytest.mark.parametrize("ocid", ["x", "ocid1.vcn.oc1.iad.aaaa", "ocid1.compartment"])
def test_the_ocid_of_a_compartment_must_be_one(ocid: str):
    (problem,) = said(place=f"compartment id {ocid}")
    assert problem.startswith(f"s: '{ocid}'; must be the OCID of a compartment")


@pytest.mark.parametrize("place", ["compartment id", "compartment ''", "compartment 'a", "compartment a'"])
def test_a_place_without_a_compartment_is_refused(place: str):
    assert said(place=place)


@pytest.mark.parametrize(
    "place", ["compartment a", "compartment a:b", "compartment 'a b'", "compartment id ocid1.tenancy.oc1..a"]
)
def test_a_place_that_oci_reads_is_accepted(place: str):
    assert said(place=place) == []


def test_braces_must_contain_a_permission():
    for what in ("{}", "{ }", "{,}"):
        found = parse_statement(f"Allow group A to {what} in tenancy")
        assert isinstance(found, Unreadable)
        assert "permission" in found.reason


@pytest.mark.parametrize(
    "service", ["objectstorage-us-nowhere-9", "objectstorage-iad", "objectstorage-us-ashburn"]
)
def test_the_service_of_an_unknown_region_is_refused(service: str):
    (problem,) = said(f"service {service}", what="use keys")
    assert "must end in the name of a region" in problem


def test_the_service_of_every_region_is_accepted():
    for region in REGIONS:
        assert said(f"service ObjectStorage-{region.upper()}", what="use keys") == []
