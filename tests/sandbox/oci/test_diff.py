"""A change has no effect, or it is an update or a replacement."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.provider_fields import Field
from sandbox.oci.diff import Change, Kind, by_code, changes
from sandbox.oci.engine_values import UNKNOWN, Secret
from tests.sandbox.oci.driver import BUCKET, CLUSTER, COMPARTMENT, NODE_POOL, SUBNET, Driver, Made

FIELDS = {
    "fixed": Field(type="str", optional=True, replaces=True),
    "free": Field(type="str", optional=True),
    "given": Field(type="str", optional=True, computed=True),
    "newer": Field(type="str", optional=True, replaces=None),
    "tags": Field(type="map", optional=True),
    "ids": Field(type="set", optional=True, of="str"),
    "steps": Field(type="list", optional=True, of={"port": Field(type="int", optional=True)}),
    "key": Field(
        type="list",
        optional=True,
        max_items=1,
        replaces=True,
        of={
            "shape": Field(type="str", optional=True, replaces=True),
            "note": Field(type="str", optional=True),
        },
    ),
}


BALANCER = "oci:LoadBalancer/loadBalancer:LoadBalancer"


@pytest.mark.parametrize(
    ("token", "paths", "replacing"),
    [
        (CLUSTER, [("endpointConfig.subnetId", "update"), ("name", "update")], ["endpointConfig.subnetId"]),
        (CLUSTER, [("endpointConfig", "add")], []),
        (BALANCER, [("reservedIps[0].id", "update"), ("displayName", "update")], ["reservedIps[0].id"]),
        (BALANCER, [("reservedIps[0].id", "update"), ("ipMode", "update")], []),
        (BUCKET, [("reservedIps", "add")], []),
    ],
)
def test_some_changes_replace_only_by_the_providers_code(
    token: str, paths: list[tuple[str, Kind]], replacing: list[str]
) -> None:
    changed = [Change(path, kind, replaces=False) for path, kind in paths]
    assert [each.path for each in by_code(token, changed) if each.replaces] == replacing


def found(old: dict[str, Any], new: dict[str, Any]) -> dict[str, tuple[str, bool | None]]:
    return {each.path: (each.kind, each.replaces) for each in changes(FIELDS, old, new)}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"free": "a"}, {"free": "b"}, {"free": ("update", False)}),
        ({"fixed": "a"}, {"fixed": "b"}, {"fixed": ("update", True)}),
        ({"newer": "a"}, {"newer": "b"}, {"newer": ("update", None)}),
        ({}, {"free": "b"}, {"free": ("add", False)}),
        ({"free": "a"}, {}, {"free": ("delete", False)}),
        ({"given": "a"}, {}, {}),
        ({"free": ""}, {}, {}),
        ({"ids": []}, {}, {}),
        (
            {"tags": {"a": "1", "b": "1"}},
            {"tags": {"a": "2"}},
            {"tags.a": ("update", False), "tags.b": ("delete", False)},
        ),
        ({"ids": ["a", "b"]}, {"ids": ["b", "a"]}, {}),
        ({"ids": ["a", "b"]}, {"ids": ["b", "c"]}, {"ids[1]": ("update", False)}),
        ({"ids": ["a"]}, {"ids": ["a", "b"]}, {"ids[1]": ("add", False)}),
        ({"ids": ["a", "b"]}, {"ids": ["b"]}, {"ids[0]": ("delete", False)}),
        ({"steps": [{"port": 1}]}, {"steps": [{"port": 2}]}, {"steps[0].port": ("update", False)}),
        ({"steps": [{"port": 1}]}, {"steps": [{"port": 1}, {"port": 2}]}, {"steps[1]": ("add", False)}),
        ({"key": {"shape": "a"}}, {"key": {"shape": "b"}}, {"key.shape": ("update", True)}),
        (
            {"key": {"shape": "a", "note": "x"}},
            {"key": {"shape": "a", "note": "y"}},
            {"key.note": ("update", False)},
        ),
        ({}, {"key": {"note": "y"}}, {"key": ("add", True)}),
        ({"fixed": "a"}, {"fixed": UNKNOWN}, {"fixed": ("update", True)}),
        ({"free": Secret("a")}, {"free": "a"}, {}),
        ({"free": Secret("a")}, {"free": Secret("b")}, {"free": ("update", False)}),
        ({"free": "a", "__defaults": ["x"]}, {"free": "a"}, {}),
    ],
)
def test_a_change_has_its_path_and_whether_it_replaces(
    old: dict[str, Any], new: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert found(old, new) == expected


INPUTS = st.fixed_dictionaries(
    {},
    optional={
        "free": st.text(max_size=3),
        "fixed": st.text(max_size=3),
        "ids": st.lists(st.sampled_from("abc"), max_size=4),
        "tags": st.dictionaries(st.sampled_from("abc"), st.text(max_size=2)),
        "steps": st.lists(st.fixed_dictionaries({"port": st.integers(0, 3)}), max_size=3),
    },
)


@given(INPUTS)
def test_nothing_differs_from_itself(inputs: dict[str, Any]) -> None:
    assert found(inputs, inputs) == {}


@given(INPUTS, INPUTS)
def test_a_difference_is_seen_from_both_sides(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert bool(found(old, new)) == bool(found(new, old))


@given(INPUTS, st.randoms())
def test_the_order_of_a_set_does_not_matter(inputs: dict[str, Any], shuffle: Any) -> None:
    shuffled = list(inputs.get("ids", []))
    shuffle.shuffle(shuffled)
    assert found(inputs, {**inputs, "ids": shuffled}) == {}


def test_a_new_dns_label_replaces_a_subnet_and_a_new_name_does_not(driver: Driver) -> None:
    subnet = driver.subnet(driver.vcn(dnsLabel="net"), dnsLabel="gpu")

    renamed = driver.diff(subnet, **subnet.inputs | {"displayName": "other"})
    relabelled = driver.diff(subnet, **subnet.inputs | {"dnsLabel": "other"})

    assert renamed.paths == {"displayName": "ADD"}
    assert renamed.replaces == []
    assert relabelled.paths == {"dnsLabel": "UPDATE_REPLACE"}
    assert relabelled.replaces == ["dnsLabel"]
    assert not relabelled.delete_first


def test_a_secrets_key_given_later_replaces_a_cluster(driver: Driver) -> None:
    inputs = {"compartmentId": COMPARTMENT, "vcnId": "v", "kubernetesVersion": "v1.36.1", "name": "c"}
    cluster = Made(driver.urn(CLUSTER, "c"), "ocid1.cluster.oc1.iad.a", inputs, inputs)

    assert driver.diff(cluster, **inputs | {"kmsKeyId": "k"}).replaces == ["kmsKeyId"]
    assert driver.diff(cluster, **inputs | {"kubernetesVersion": "v1.37.0"}).replaces == []


def test_a_pools_placement_changes_in_place_and_its_compute_cluster_does_not(driver: Driver) -> None:
    def inputs(size: int, cluster: str) -> dict[str, Any]:
        places = [{"availabilityDomain": "AD-1", "subnetId": "s"}]
        return {"nodeConfigDetails": {"size": size, "computeClusterId": cluster, "placementConfigs": places}}

    pool = Made(driver.urn(NODE_POOL, "p"), "ocid1.nodepool.oc1.iad.a", inputs(1, "a"), {})

    assert driver.diff(pool, **inputs(2, "a")).paths == {"nodeConfigDetails.size": "UPDATE"}
    assert driver.diff(pool, **inputs(1, "b")).paths == {
        "nodeConfigDetails.computeClusterId": "UPDATE_REPLACE"
    }


@pytest.mark.parametrize(
    ("name", "defaults", "first"), [("mine", None, True), ("mine-1234567", ["name"], False)]
)
def test_a_replacement_deletes_first_where_the_program_chose_the_name(
    driver: Driver, name: str, defaults: list[str] | None, first: bool
) -> None:
    inputs: dict[str, Any] = {
        "compartmentId": COMPARTMENT,
        "namespace": "n",
        "name": name,
        "storageTier": "Standard",
    }
    if defaults:
        inputs["__defaults"] = defaults
    bucket = Made(driver.urn(BUCKET, "b"), "n/n/b/mine", inputs, inputs)

    answer = driver.diff(bucket, **inputs | {"storageTier": "Archive"})

    assert answer.replaces == ["storageTier"]
    assert answer.delete_first is first


def test_sizes_written_as_numbers_equal_those_written_as_text(driver: Driver) -> None:
    token = "oci:Core/volume:Volume"
    given = {"compartmentId": COMPARTMENT, "availabilityDomain": "AD-1", "sizeInGbs": 512}
    volume = driver.create(token, **given)

    assert volume.inputs["sizeInGbs"] == "512"
    assert not driver.diff(volume, **driver.checked(token, "it", volume.inputs, given))


def test_a_subnets_security_lists_may_come_in_any_order(driver: Driver) -> None:
    inputs = {"securityListIds": ["a", "b"]}
    subnet = Made(driver.urn(SUBNET, "s"), "ocid1.subnet.oc1.iad.a", inputs, inputs)

    assert not driver.diff(subnet, securityListIds=["b", "a"])
