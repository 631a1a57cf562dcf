"""Lists: what filters and orders mean, and that none is dropped without a word."""

from typing import Any

import pytest

from sandbox.oci.api.endpoints import Endpoint
from sandbox.store import Store
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal
from tests.sandbox.wire.conftest import COMPARTMENT, Servers, Wire
from tests.sandbox.wire.http import call

VCNS = "/20160918/vcns"
LIST = f"{VCNS}?compartmentId={COMPARTMENT}"


@pytest.fixture
def vcns(wire: Wire) -> list[str]:
    body: dict[str, Any] = {"compartmentId": COMPARTMENT, "cidrBlocks": ["10.0.0.0/16"]}
    return [call(wire, "POST", VCNS, body | {"displayName": name}).body["id"] for name in ("b", "A", "c")]


def test_a_state_is_filtered_without_its_case(wire: Wire, vcns: list[str]) -> None:
    for each in vcns:
        call(wire, "GET", f"{VCNS}/{each}")
    assert len(call(wire, "GET", f"{LIST}&lifecycleState=available").body) == 3
    assert call(wire, "GET", f"{LIST}&lifecycleState=terminated").body == []


def test_a_name_is_filtered_with_its_case(wire: Wire, vcns: list[str]) -> None:
    assert len(call(wire, "GET", f"{LIST}&displayName=A").body) == 1
    assert call(wire, "GET", f"{LIST}&displayName=a").body == []


def test_a_list_is_sorted_by_what_the_client_names(wire: Wire, vcns: list[str]) -> None:
    found = call(wire, "GET", f"{LIST}&sortBy=DISPLAYNAME&sortOrder=DESC").body
    assert [each["displayName"] for each in found] == ["c", "b", "A"]


def test_a_long_list_asks_the_database_no_more_often_than_a_short_one(
    wire: Wire, vcns: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    query = Store.query

    def counting(store: Store, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        asked.append(sql)
        return query(store, sql, parameters)

    monkeypatch.setattr(Store, "query", counting)
    call(wire, "GET", LIST)
    long = len(asked)
    for each in vcns[1:]:
        wire.cloud.remove(each)
    asked.clear()
    assert len(call(wire, "GET", LIST).body) == 1
    assert len(asked) == long


def test_an_order_that_the_rows_do_not_have_is_refused_by_its_name(wire: Wire) -> None:
    path = f"/20180115/zones?compartmentId={COMPARTMENT}&sortBy=zoneType"
    assert call(wire, "GET", path).status == 200
    answer = call(wire, "GET", f"/20160918/groups?compartmentId={wire.profile.tenancy}&sortBy=NAME")
    assert answer.status == 200
    answer = call(wire, "GET", f"/20180222/clusters?compartmentId={COMPARTMENT}&sortBy=TIME_CREATED")
    assert (answer.status, answer.code) == (501, "NotImplemented")
    assert "sortBy" in answer.message


@pytest.mark.parametrize(
    "sent",
    [
        "DELETE /20160918/instances/x?preserveBootVolume=true",
        "GET /20180222/clusters/x?shouldIncludeOidcConfigFile=true",
        "GET /20180115/zones/x?viewId=y",
        "GET /20180115/zones/x?scope=PRIVATE",
    ],
)
def test_a_parameter_that_would_be_lost_is_refused_by_its_name(wire: Wire, sent: str) -> None:
    method, path = sent.split(" ")
    answer = call(wire, method, path)
    assert (answer.status, answer.code) == (501, "NotImplemented")
    assert path.partition("?")[2].partition("=")[0] in answer.message


@pytest.mark.parametrize(
    "sent",
    [
        "DELETE /20160918/instances/x?preserveBootVolume=false",
        "DELETE /20180222/nodePools/x?overrideEvictionGraceDuration=PT60M",
        "GET /20180115/zones/x?scope=GLOBAL",
    ],
)
def test_a_parameter_that_changes_nothing_is_accepted(wire: Wire, sent: str) -> None:
    assert call(wire, *sent.split(" ")).status == 404


def test_work_requests_are_filtered_and_paged(wire: Wire) -> None:
    driver = Driver(wire.cloud.store)
    driver.provider.operations, driver.cloud = wire.operations, wire.cloud
    made = [create_minimal(driver, "oci:ContainerEngine/cluster:Cluster", name).id for name in ("a", "b")]
    for each in made:
        assert call(wire, "PUT", f"/20180222/clusters/{each}", {"name": "changed"}).status == 202
    place = wire.cloud.find(made[0]).compartment_id
    path = f"/20180222/workRequests?compartmentId={place}"
    first = call(wire, "GET", f"{path}&limit=1")
    second = call(wire, "GET", f"{path}&limit=1&page={first.headers['opc-next-page']}")
    assert [each["resources"][0]["identifier"] for each in first.body + second.body] == made[::-1]
    one = call(wire, "GET", f"{path}&resourceId={made[0]}").body
    assert [each["resources"][0]["identifier"] for each in one] == [made[0]]


def test_a_deleted_resource_is_shown_as_its_type_and_in_its_region_only(servers: Servers) -> None:
    here, there = servers.start("us-ashburn-1"), servers.start("eu-frankfurt-1")
    body = {"compartmentId": COMPARTMENT, "cidrBlocks": ["10.0.0.0/16"]}
    made = call(here, "POST", VCNS, body).body["id"]
    call(here, "DELETE", f"{VCNS}/{made}")
    assert call(there, "GET", f"{VCNS}/{made}").status == 404
    assert call(here, "GET", f"/20160918/subnets/{made}").status == 404
    assert call(here, "GET", f"{VCNS}/{made}").body["lifecycleState"] == "TERMINATING"
    assert call(here, "GET", f"{VCNS}/{made}").status == 404


def test_rules_on_one_page_have_no_page_token(wire: Wire, vcns: list[str]) -> None:
    bucket = f"/n/{call(wire, 'GET', '/n').body}/b"
    call(wire, "POST", bucket, {"compartmentId": COMPARTMENT, "name": "notes"})
    for token in ("abc", call(wire, "GET", f"{LIST}&limit=1").headers["opc-next-page"]):
        answer = call(wire, "GET", f"{bucket}/notes/retentionRules?page={token}")
        assert (answer.status, answer.code) == (400, "InvalidParameter")


def test_an_endpoint_without_a_method_is_a_mistake() -> None:
    mistyped = Endpoint(token="oci:Core/vcn:Vcn", client="core.VirtualNetworkClient", noun="vnc")
    with pytest.raises(ValueError, match="no methods of vnc"):
        list(mistyped.operations())
