"""Paths that name a resource and what is above it, and the etags of both."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal
from tests.sandbox.wire.conftest import COMPARTMENT, Wire
from tests.sandbox.wire.http import call

BALANCER = "oci:LoadBalancer/loadBalancer:LoadBalancer"
GROUP, LOG = "oci:Logging/logGroup:LogGroup", "oci:Logging/log:Log"
STALE = "stale"


@pytest.fixture
def driver(wire: Wire) -> Driver:
    found = Driver(wire.cloud.store)
    found.provider.operations, found.cloud = wire.operations, wire.cloud
    return found


@pytest.fixture
def log(wire: Wire, driver: Driver) -> Entry:
    group = create_minimal(driver, GROUP).id
    return wire.cloud.find(create_minimal(driver, LOG, logGroupId=group).id)


@pytest.mark.parametrize(
    "path",
    [
        "/20170115/loadBalancers/{}/backendSets",
        "/20170115/loadBalancers/{}/ruleSets",
        "/20200531/logGroups/{}/logs",
        "/20190111/budgets/{}/alertRules",
        "/20180222/clusters/{}/addons",
        "/20160918/tagNamespaces/{}/tags",
    ],
)
@pytest.mark.parametrize(
    "other", ["hello", "ocid1.vcn.oc1.iad.aaaaother", "ocid1.vcn.oc2.us-langley-1.aaaaother"]
)
def test_a_list_below_something_else_is_not_found(wire: Wire, path: str, other: str) -> None:
    answer = call(wire, "GET", path.format(other))
    assert (answer.status, answer.code) == (404, "NotAuthorizedOrNotFound")


def test_a_list_below_something_that_was_deleted_is_not_found(wire: Wire, driver: Driver) -> None:
    group = create_minimal(driver, GROUP)
    path = f"/20200531/logGroups/{group.id}/logs"
    assert call(wire, "GET", path).status == 200
    driver.delete(group)
    assert call(wire, "GET", path).status == 404


def test_a_resource_is_found_only_below_its_own_parent(wire: Wire, driver: Driver, log: Entry) -> None:
    other = create_minimal(driver, GROUP, "other", displayName="other").id
    own, wrong = (f"/20200531/logGroups/{group}/logs/{log.id}" for group in (log.inputs["logGroupId"], other))
    for method, body in (("GET", None), ("PUT", {"displayName": "changed"}), ("DELETE", None)):
        answer = call(wire, method, wrong, body)
        assert (answer.status, answer.code) == (404, "NotAuthorizedOrNotFound")
    assert call(wire, "GET", own).body["displayName"] == log.inputs["displayName"]


def test_a_move_says_where_to(wire: Wire, log: Entry) -> None:
    path = f"/20200531/logGroups/{log.inputs['logGroupId']}/actions/changeCompartment"
    for body in ({}, {"compartmentId": ""}):
        answer = call(wire, "POST", path, body)
        assert answer.status == 400
        assert "compartmentId" in answer.message


def test_a_stale_etag_is_refused_by_reads_and_by_what_is_below(wire: Wire, driver: Driver) -> None:
    path = f"/20170115/loadBalancers/{create_minimal(driver, BALANCER).id}"
    rules = {"name": "one", "items": [{"action": "ADD_HTTP_REQUEST_HEADER", "header": "x", "value": "1"}]}
    etag = call(wire, "GET", path).headers["etag"]
    calls: list[tuple[str, str, Any]] = [
        ("GET", path, None), ("GET", f"{path}/ruleSets", None), ("POST", f"{path}/ruleSets", rules),
    ]  # fmt: skip
    for method, place, body in calls:
        refused = call(wire, method, place, body, if_match=STALE)
        assert (refused.status, refused.code) == (412, "NoEtagMatch")
        assert call(wire, method, place, body, if_match=etag).status < 300


def test_a_stale_etag_of_a_bucket_is_refused(wire: Wire) -> None:
    buckets = f"/n/{call(wire, 'GET', '/n').body}/b"
    made = call(wire, "POST", buckets, {"compartmentId": COMPARTMENT, "name": "notes"})
    for method in ("GET", "HEAD"):
        assert call(wire, method, f"{buckets}/notes", if_match=STALE).status == 412
        assert call(wire, method, f"{buckets}/notes", if_match=made.headers["etag"]).status == 200
    policy = {"items": []}
    assert call(wire, "PUT", f"{buckets}/notes/l", policy, if_match=STALE).status == 412
    assert call(wire, "PUT", f"{buckets}/notes/l", policy).status == 200


def test_a_stale_etag_of_a_cache_is_refused(wire: Wire, driver: Driver) -> None:
    cluster = create_minimal(driver, "oci:Redis/redisCluster:RedisCluster").id
    user = create_minimal(driver, "oci:Redis/ociCacheUser:OciCacheUser").id
    actions = f"/20220315/redisClusters/{cluster}/actions"
    for action in ("attachOciCacheUsers", "detachOciCacheUsers"):
        body = {"ociCacheUsers": [user]}
        assert call(wire, "POST", f"{actions}/{action}", body, if_match=STALE).status == 412
        assert call(wire, "POST", f"{actions}/{action}", body).status == 202


def test_records_that_do_not_exist_have_no_etag(wire: Wire) -> None:
    zone = {
        "compartmentId": COMPARTMENT,
        "name": "example.com",
        "zoneType": "PRIMARY",
        "migrationSource": "NONE",
    }
    made = call(wire, "POST", "/20180115/zones", zone).body["id"]
    path = f"/20180115/zones/{made}/records/www.example.com/A"
    body = {"items": [{"domain": "www.example.com", "rtype": "A", "rdata": "192.0.2.1", "ttl": 60}]}
    assert call(wire, "PUT", path, body, if_match=STALE).status == 412
    assert call(wire, "PUT", path, body).status == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/20160918/publicIps", {"lifetime": "RESERVED", "privateIpId": "WRONG"}),
        ("/20160918/volumes", {"availabilityDomain": "Uocm:US-ASHBURN-AD-1", "backupPolicyId": "WRONG"}),
        ("/20160918/serviceGateways", {"vcnId": "VCN", "services": [{"serviceId": "WRONG"}]}),
    ],
)
@pytest.mark.parametrize("wrong", ["hello", "ocid1.subnet.oc1.iad.aaaaother"])
def test_an_id_of_something_else_in_a_body_is_refused(wire: Wire, path: str, body: Any, wrong: str) -> None:
    vcn = {"compartmentId": COMPARTMENT, "cidrBlocks": ["10.0.0.0/16"]}
    made = call(wire, "POST", "/20160918/vcns", vcn).body["id"]
    words = {"WRONG": wrong, "VCN": made}
    sent: Any = {"compartmentId": COMPARTMENT}
    for name, value in body.items():
        sent[name] = [{"serviceId": wrong}] if name == "services" else words.get(value, value)
    answer = call(wire, "POST", path, sent)
    assert (answer.status, answer.code) == (400, "InvalidParameter")
    assert wrong in answer.message


def test_a_stream_in_no_compartment_is_refused(wire: Wire) -> None:
    answer = call(wire, "POST", "/20180418/streams", {"name": "one", "partitions": 1, "compartmentId": ""})
    assert (answer.status, answer.code) == (400, "InvalidParameter")
