"""Policy statements: a written statement is parsed again. Unknown words and grants that are too wide are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.policies import (
    All,
    Any,
    Anyone,
    Condition,
    DynamicGroup,
    Group,
    Place,
    Service,
    Statement,
    Test,
    Unreadable,
    parse_statement,
    statement_problems,
)
from facts.policies.conditions import holds
from facts.policies.words import VERBS, known, words

COMPARTMENT = Place(compartment_id="ocid1.compartment.oc1..aaaa")

name = st.text("abcdefghijk-_.", min_size=1, max_size=12).filter(lambda text: text[0].isalpha())
subject = st.one_of(
    st.builds(Group, name, st.none() | name),
    st.builds(DynamicGroup, name, st.none() | name),
    st.sampled_from(
        [Service("opensearch"), Service("objectstorage-us-ashburn-1"), Anyone(), Anyone("any-group")]
    ),
)
place = st.sampled_from([COMPARTMENT, Place(), Place(path="prod:models")])
value = st.text("abc-:/* .", min_size=1, max_size=10).filter(lambda text: not text.startswith("/"))
test = st.one_of(
    st.builds(
        Test,
        st.sampled_from(sorted(words().variables)[::10]),
        value | st.just("/prod-*/"),
        st.sampled_from(["=", "!="]),
    ),
    st.builds(Test, st.just("target.key.id"), st.tuples(value, value), st.just("in")),
    st.builds(Test, st.just("request.utc-timestamp"), st.tuples(value, value), st.just("between")),
)
condition = st.recursive(
    test,
    lambda inner: st.one_of(
        st.builds(All, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
grant = st.fixed_dictionaries(
    {"verb": st.sampled_from(VERBS), "resource": st.sampled_from(sorted(words().resource_types)[::20])}
) | st.fixed_dictionaries(
    {
        "permissions": st.lists(
            st.sampled_from(sorted(words().permissions)[::50]), min_size=1, max_size=3
        ).map(tuple)
    }
)


@given(subject, place, grant, st.none() | condition)
def test_a_written_statement_is_parsed_as_the_same_statement(
    who: Group, where: Place, what: dict[str, str], when: Condition | None
):
    statement = Statement(subject=who, place=where, where=when, **what)  # pyright: ignore[reportArgumentType]
    assert parse_statement(str(statement)) == statement


def problems(text: str) -> list[str]:
    return [str(problem) for problem in statement_problems(text, path="s")]


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Allow group ops to manag clusters in tenancy", "manage"),
        ("Allow group ops to use cluster-famly in tenancy", "cluster-family"),
        ("Allow group ops to {CLUSTER_JION} in tenancy", "CLUSTER_JOIN"),
        ("Allow service opnsearch to manage vnics in tenancy", "opensearch"),
        ("Allow group ops to use keys in tenancy where target.keys.id = 'a'", "target.key.id"),
        (
            "Allow any-user to use keys in tenancy where all {request.principal.type = 'x', target.valt.id = 'y'}",
            "target.vault.id",
        ),
    ],
)
def test_an_unknown_word_is_refused_with_the_most_similar_known_word(text: str, nearest: str):
    (problem,) = problems(text)
    assert problem.endswith(f"Did you mean `{nearest}`?")


@pytest.mark.parametrize(
    "text",
    [
        "Allow group ops to manage all-resources in tenancy",
        "Allow group ops to manage all-resources in compartment prod where request.region = 'iad'",
        "Allow any-user to read buckets in tenancy",
        "Allow any-group to read buckets in tenancy",
        "Allow any-user to read buckets in tenancy where target.bucket.name = 'b'",
        "Allow any-user to read buckets in tenancy where request.principal.type != 'cluster'",
        "Allow any-user to read buckets in tenancy where any {request.principal.type = 'a', target.bucket.name = 'b'}",
    ],
)
def test_a_grant_that_is_too_wide_is_refused(text: str):
    (problem,) = problems(text)
    assert "must not grant" in problem


@pytest.mark.parametrize(
    "text",
    [
        "deny any-user to manage all-resources in tenancy where request.user.mfaTotpVerified = 'false'",
        "allow any-user to use key-delegate in compartment prod where request.principal.type = 'nodepool'",
        "ALLOW GROUP 'Default'/'Ops' TO READ METRICS IN TENANCY WHERE target.metrics.namespace='oci_oke'",
        "Allow group a, b to inspect clusters in compartment prod:models",
        "Allow dynamic-group id ocid1.dynamicgroup.oc1..a to {CLUSTER_JOIN} in tenancy",
        "Allow group ops to use volumes in tenancy where target.resource.tag.Ops.Owner = 'me'",
        "Allow service objectstorage-eu-frankfurt-1 to use keys in tenancy where target.key.id = 'k'",
    ],
)
def test_a_valid_and_limited_grant_passes(text: str):
    assert problems(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Allow group ops manage clusters in tenancy",
        "Allow group ops to manage clusters",
        "Allow group ops to manage clusters in tenancy where",
        "Allow group ops to manage clusters in tenancy where target.cluster.id like 'a'",
        "Allow group ops to manage clusters in tenancy where a = 'b' and c = 'd'",
        "Allow group ops to manage clusters in tenancy where all {target.cluster.id = 'a'",
        "Allow group ops to manage clusters in tenancy where target.cluster.id = 'a",
    ],
)
def test_a_text_that_is_not_a_statement_is_refused_with_a_reason(text: str):
    assert isinstance(parse_statement(text), Unreadable)
    assert len(problems(text)) == 1


def test_every_word_is_listed_under_its_page():
    vocabulary = words()
    kinds = ("resource_types", "permissions", "variables", "services", "principals")
    every = frozenset[str]().union(*(getattr(vocabulary, kind) for kind in kinds))
    assert every == set(vocabulary.pages)
    for page in set(vocabulary.pages.values()):
        assert page.endswith((".htm", ".html")) or page.startswith("github.com/"), page


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("postgres-db-systems-family", "postgres-db-systems"),
        ("postgres-configuration", "postgres-configurations"),
        ("resource-schedules", "resource-schedule"),
        ("lustre-work-request", "lfs-work-request"),
        ("web-app-firewalls", "web-app-firewall"),
    ],
)
def test_words_that_only_look_right_are_unknown(wrong: str, right: str):
    assert not known(wrong, words().resource_types)
    assert known(right, words().resource_types)


def test_a_misspelled_type_of_principal_is_refused_and_an_unknown_one_is_accepted():
    statement = "Allow any-user to use key-delegates in tenancy where request.principal.type = '{}'"
    assert problems(statement.format("dataflowrun")) == []
    (problem,) = problems(statement.format("nodpool"))
    assert problem.endswith("Did you mean `nodepool`?")


def test_a_star_matches_a_region_but_not_a_missing_region():
    assert known("objectstorage-us-ashburn-1", words().services)
    assert not known("objectstorage-", words().services)


def test_a_domain_is_quoted_and_a_plain_name_is_not():
    assert str(Group("prod-operators", "Default")) == "group 'Default'/'prod-operators'"
    assert str(DynamicGroup("prod-nodes")) == "dynamic-group prod-nodes"


def test_the_ocid_of_the_tenancy_is_a_place():
    assert str(Place.of("ocid1.tenancy.oc1..a")) == "tenancy"
    assert str(Place.of("ocid1.compartment.oc1..a")) == "compartment id ocid1.compartment.oc1..a"


@pytest.mark.parametrize(
    ("where", "holds_for_logs"),
    [
        (None, True),
        (Test("target.bucket.name", "logs"), True),
        (Test("Target.Bucket.Name", "logs", "!="), False),
        (Test("target.bucket.name", ("other", "/l*s/"), "in"), True),
        (Test("target.bucket.name", ("other", "/l*s/"), "not in"), False),
        (Test("target.bucket.name", "/logs-*/"), False),
        (Test("request.user.name", "other"), True),
        (Test("request.utc-timestamp", "2026-01-01T00:00Z", "before"), True),
        (All((Test("target.bucket.name", "logs"), Test("target.bucket.name", "other"))), False),
        (Any((Test("target.bucket.name", "logs"), Test("target.bucket.name", "other"))), True),
        (All((Any((Test("target.bucket.name", "other"),)), Test("request.user.name", "x"))), False),
    ],
)
def test_a_condition_is_true_of_what_is_known(where: Condition | None, holds_for_logs: bool):
    assert holds(where, {"target.bucket.name": "logs"}) is holds_for_logs
