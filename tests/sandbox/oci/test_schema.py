"""The inputs that the field table accepts and refuses."""

from typing import Any

import pytest

from facts.provider_fields import Field
from sandbox.oci.engine_values import UNKNOWN, Secret
from sandbox.oci.schema import check
from tests.sandbox.oci.driver import COMPARTMENT, NODE_POOL, SUBNET, Driver

FIELDS = {
    "size": Field(type="int", required=True),
    "label": Field(type="str", optional=True),
    "share": Field(type="float", optional=True),
    "on": Field(type="bool", optional=True),
    "tags": Field(type="map", optional=True),
    "ids": Field(type="set", optional=True, of="str", max_items=2, min_items=1),
    "source": Field(type="str", optional=True, conflicts=("label",)),
    "state": Field(type="str", computed=True),
    "protocol": Field(type="str", optional=True, choices=("HTTP", "TCP")),
    "exactly": Field(type="str", optional=True, choices=("Http",), exact=True),
    "bytes": Field(type="str", optional=True, form="int64"),
    "extras": Field(type="str", optional=True, form="json"),
    "zone": Field(type="str", optional=True, form="fqdn"),
    "public": Field(type="str", optional=True, form="bool"),
    "title": Field(type="str", optional=True, form="text"),
    "block": Field(type="list", optional=True, max_items=1, of={"kind": Field(type="str", required=True)}),
    "rules": Field(type="list", optional=True, of={"port": Field(type="int", required=True)}),
}


def refused(**inputs: Any) -> dict[str, str]:
    return {each.path: each.reason for each in check(FIELDS, inputs)[1]}


@pytest.mark.parametrize("value", [UNKNOWN, Secret(3), Secret(UNKNOWN), 3])
def test_unknowns_and_secrets_pass_where_their_content_would(value: object) -> None:
    assert refused(size=value) == {}


@pytest.mark.parametrize("inner", [UNKNOWN, Secret({"kind": "x"}), {"kind": UNKNOWN}, {"kind": Secret("x")}])
def test_unknowns_and_secrets_pass_inside_blocks_too(inner: object) -> None:
    assert refused(size=1, block=inner) == {}


def test_a_secret_of_the_wrong_type_is_refused_without_showing_it() -> None:
    found = refused(size=Secret({"key": "hush"}))

    assert list(found) == ["size"]
    assert "hush" not in found["size"]


def test_a_secret_that_is_not_allowed_is_refused_without_showing_it() -> None:
    found = refused(size=1, protocol=Secret("hush"))

    assert list(found) == ["protocol"]
    assert "hush" not in found["protocol"]


@pytest.mark.parametrize(
    "value",
    [
        {"protocol": "tcp"},
        {"bytes": "-9"},
        {"bytes": UNKNOWN},
        {"zone": "a.example."},
        {"public": "TRUE"},
        {"extras": '{"a": 1}'},
    ],
)
def test_allowed_values_pass_in_any_case(value: dict[str, Any]) -> None:
    assert refused(size=1, **value) == {}


def test_a_secret_scalar_of_the_wrong_type_is_refused_without_showing_it() -> None:
    assert "hush" not in refused(size=Secret("hush"))["size"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"size": "3"}, {"size": 3}),
        ({"size": 1, "label": 512}, {"size": 1, "label": "512"}),
        ({"size": 1, "label": True}, {"size": 1, "label": "true"}),
        ({"size": 1, "on": "false"}, {"size": 1, "on": False}),
        ({"size": 1, "share": "0.5"}, {"size": 1, "share": 0.5}),
        ({"size": 1, "tags": {"a": 1}}, {"size": 1, "tags": {"a": "1"}}),
    ],
)
def test_values_that_the_providers_sdk_converts_are_converted(
    given: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert check(FIELDS, given) == (kept, [])


@pytest.mark.parametrize(
    ("inputs", "path", "why"),
    [
        ({"size": 1.5}, "size", "a whole number"),
        ({"size": True}, "size", "a whole number"),
        ({"size": 1, "on": 1}, "on", "a boolean"),
        ({"size": 1, "tags": {"a b": []}}, 'tags["a b"]', "a string"),
        ({"size": 1, "ids": ["a", {}]}, "ids[1]", "a string"),
        ({"size": 1, "ids": ["a", "b", "c"]}, "ids", "At most 2"),
        ({"size": 1, "ids": []}, "ids", "At least 1"),
        ({"size": 1, "block": [{"kind": "x"}]}, "block", "an object"),
        ({"size": 1, "rules": {"port": 1}}, "rules", "a list"),
        ({"size": 1, "rules": [{"port": 1}, {}]}, "rules[1].port", "Missing"),
        ({"size": 1, "rules": [{"port": 1, "prot": 2}]}, "rules[0].prot", 'Did you mean "port"?'),
        ({"size": 1, "sise": 2}, "sise", 'Did you mean "size"?'),
        ({"size": 1, "state": "UP"}, "state", "cannot be set"),
        ({"size": 1, "protocol": "UDP"}, "protocol", "one of HTTP, TCP, not 'UDP'"),
        ({"size": 1, "exactly": "http"}, "exactly", "one of Http, not 'http'"),
        ({"size": 1, "bytes": "1k"}, "bytes", "a 64-bit integer, not '1k'"),
        ({"size": 1, "extras": "{"}, "extras", "must be JSON"),
        ({"size": 1, "zone": "no such.zone"}, "zone", "must be a fully qualified domain name"),
        ({"size": 1, "public": "perhaps"}, "public", "must be true or false"),
        ({"size": 1, "title": ""}, "title", "must not be empty"),
        ({"size": None}, "size", "Missing"),
        ({"size": 1, "label": "a", "source": "b"}, "source", 'conflicts with "label"'),
    ],
)
def test_a_failure_names_its_path(inputs: dict[str, Any], path: str, why: str) -> None:
    assert why in refused(**inputs)[path]


def test_all_failures_come_at_once() -> None:
    assert set(refused(sise=1, on="perhaps", rules=[{}])) == {"size", "sise", "on", "rules[0].port"}


def test_a_conflict_of_the_provider_is_named_with_both_sides(driver: Driver) -> None:
    found = driver.failures(
        NODE_POOL, nodeImageName="a", nodeSourceDetails={"imageId": "i", "sourceType": "IMAGE"}
    )

    assert 'conflicts with "nodeSourceDetails"' in found["nodeImageName"]
    assert 'conflicts with "nodeImageName"' in found["nodeSourceDetails"]


def test_a_missing_name_is_generated_and_kept(driver: Driver) -> None:
    inputs = {"compartmentId": COMPARTMENT, "namespace": "n"}
    token = "oci:ObjectStorage/bucket:Bucket"

    first = driver.checked(token, "logs", {}, inputs)
    second = driver.checked(token, "logs", first, inputs)

    assert first["name"].startswith("logs-")
    assert len(first["name"]) == len("logs-") + 7
    assert second == first


def test_an_unknown_type_of_resource_is_named(driver: Driver) -> None:
    with pytest.raises(Exception, match="unrecognized resource type: oci:Core/subnett:Subnett"):
        driver.failures("oci:Core/subnett:Subnett")


def test_a_subnet_without_its_vcn_is_refused_before_the_cloud_is_called(driver: Driver) -> None:
    assert driver.failures(SUBNET, compartmentId=COMPARTMENT) == {
        "vcnId": "Missing required argument. It has to be set."
    }
    assert driver.cloud.entries() == []
