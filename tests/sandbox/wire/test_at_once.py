"""Fifty clients at once: nothing is lost, nothing is there twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from oci.core import VirtualNetworkClient, models

from tests.sandbox.wire.conftest import COMPARTMENT, Wire
from tests.sandbox.wire.http import Answer, call

CLIENTS = 50
VCNS = "/20160918/vcns"
VCN = {"compartmentId": COMPARTMENT, "cidrBlocks": ["10.0.0.0/16"]}
LIST = f"{VCNS}?compartmentId={COMPARTMENT}&limit=1000"


def at_once(work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(work, range(CLIENTS)))


def test_what_fifty_clients_create_is_listed_once_and_deleted(wire: Wire) -> None:
    made: list[Answer] = at_once(lambda number: call(wire, "POST", VCNS, VCN | {"displayName": str(number)}))
    assert {each.status for each in made} == {200}
    listed = call(wire, "GET", LIST).body
    assert sorted(each["id"] for each in listed) == sorted(each.body["id"] for each in made)
    assert {each["displayName"] for each in listed} == {str(number) for number in range(CLIENTS)}
    gone: list[Answer] = at_once(lambda number: call(wire, "DELETE", f"{VCNS}/{made[number].body['id']}"))
    assert {each.status for each in gone} == {204}
    assert call(wire, "GET", LIST).body == []


def test_each_client_sees_its_own_while_others_create_and_delete(wire: Wire) -> None:
    def listed() -> list[str]:
        return [each["id"] for each in call(wire, "GET", LIST).body]

    def life(_: int) -> tuple[int, int]:
        own = call(wire, "POST", VCNS, VCN).body["id"]
        before = listed().count(own)
        assert call(wire, "DELETE", f"{VCNS}/{own}").status == 204
        return before, listed().count(own)

    assert at_once(life) == [(1, 0)] * CLIENTS
    assert call(wire, "GET", LIST).body == []


def test_one_retry_token_of_fifty_clients_creates_once(wire: Wire) -> None:
    made: list[Answer] = at_once(lambda _: call(wire, "POST", VCNS, VCN, opc_retry_token="one"))
    assert len({each.body["id"] for each in made}) == 1
    assert len(call(wire, "GET", LIST).body) == 1


def test_one_etag_lets_one_of_fifty_updates_through(wire: Wire) -> None:
    made = call(wire, "POST", VCNS, VCN)
    path, etag = f"{VCNS}/{made.body['id']}", made.headers["etag"]
    answers: list[Answer] = at_once(
        lambda number: call(wire, "PUT", path, {"displayName": f"n{number}"}, if_match=etag)
    )
    assert sorted(each.status for each in answers) == [200] + [412] * (CLIENTS - 1)


def test_one_name_of_fifty_clients_is_one_bucket(wire: Wire) -> None:
    namespace = call(wire, "GET", "/n").body
    body = {"compartmentId": COMPARTMENT, "name": "weights"}
    answers: list[Answer] = at_once(lambda _: call(wire, "POST", f"/n/{namespace}/b", body))
    assert sorted(each.status for each in answers) == [200] + [409] * (CLIENTS - 1)


def test_pages_lose_nothing_while_others_delete(wire: Wire) -> None:
    network = wire.client(VirtualNetworkClient)
    ids = [
        network.create_vcn(
            models.CreateVcnDetails(compartment_id=COMPARTMENT, cidr_blocks=["10.0.0.0/16"])
        ).data.id
        for _ in range(12)
    ]
    first = network.list_vcns(COMPARTMENT, limit=5)
    seen = [each.id for each in first.data]
    for each in seen:
        network.delete_vcn(each)
    page = first.headers["opc-next-page"]
    while page:
        answer = network.list_vcns(COMPARTMENT, limit=5, page=page)
        seen += [each.id for each in answer.data]
        page = answer.headers.get("opc-next-page")
    assert sorted(seen) == sorted(ids)
