"""Retry tokens of updates and actions: what is sent again changes nothing. Those of creates: test_wrong_calls.py."""

import pytest

from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal
from tests.sandbox.wire.conftest import Wire
from tests.sandbox.wire.http import call


@pytest.fixture
def driver(wire: Wire) -> Driver:
    found = Driver(wire.cloud.store)
    found.provider.operations, found.cloud = wire.operations, wire.cloud
    return found


def test_a_retry_token_of_an_action_acts_once(wire: Wire, driver: Driver) -> None:
    system = create_minimal(driver, "oci:Psql/dbSystem:DbSystem").id
    path = f"/20220915/dbSystems/{system}/actions/stop"
    first = call(wire, "POST", path, opc_retry_token="one")
    again = call(wire, "POST", path, opc_retry_token="one")
    assert (first.status, again.status) == (202, 202)
    assert again.headers["opc-work-request-id"] == first.headers["opc-work-request-id"]
    assert call(wire, "POST", path, opc_retry_token="two").status == 409


def test_a_retry_token_of_an_update_is_not_used_for_another_body(wire: Wire, driver: Driver) -> None:
    image = create_minimal(driver, "oci:Core/image:Image").id
    path = f"/20160918/images/{image}"
    first = call(wire, "PUT", path, {"displayName": "a"}, opc_retry_token="one")
    assert first.status == 200
    again = call(wire, "PUT", path, {"displayName": "a"}, opc_retry_token="one")
    other = call(wire, "PUT", path, {"displayName": "b"}, opc_retry_token="one")
    assert again.headers["etag"] == first.headers["etag"]
    assert (other.status, other.code) == (409, "InvalidatedRetryToken")
    assert call(wire, "GET", path).body["displayName"] == "a"


def test_a_retry_token_attaches_a_user_of_a_cache_once(wire: Wire, driver: Driver) -> None:
    cluster = create_minimal(driver, "oci:Redis/redisCluster:RedisCluster").id
    body = {"ociCacheUsers": [create_minimal(driver, "oci:Redis/ociCacheUser:OciCacheUser").id]}
    path = f"/20220315/redisClusters/{cluster}/actions/attachOciCacheUsers"
    answers = [call(wire, "POST", path, body, opc_retry_token="one") for _ in range(2)]
    assert len({each.headers["opc-work-request-id"] for each in answers}) == 1
