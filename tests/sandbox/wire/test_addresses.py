"""Addresses of vaults, asked for by several calls at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.store import Store
from sandbox.wire.addresses import Addresses, Listening


def test_a_call_in_a_transaction_and_one_outside_do_not_wait_for_each_other(store: Store) -> None:
    ports = iter(range(1, 9))
    addresses = Addresses(
        Cloud(store), "us-ashburn-1", "127.0.0.1", lambda _, __: Listening(next(ports), lambda: None)
    )
    begun = threading.Event()

    def inside() -> str:
        with store.transaction():
            begun.set()
            time.sleep(0.2)  # the other call has come to its lock by then
            return addresses.of("one")

    def outside() -> str:
        begun.wait()
        return addresses.of("other")

    pool = ThreadPoolExecutor(2)
    try:
        found = [pool.submit(inside), pool.submit(outside)]
        assert len({each.result(timeout=60) for each in found}) == 2
    finally:
        pool.shutdown(wait=False)


def test_only_the_ports_of_resources_that_no_longer_exist_are_closed(store: Store) -> None:
    cloud, closed = Cloud(store), list[str]()

    def listen(id_: str, port: int) -> Listening:
        return Listening(port or len(id_), lambda: closed.append(id_))

    for each in ("vault", "domain"):
        cloud.save(Entry(id=each, token="", urn="", region="", compartment_id="", state="ACTIVE"))
    addresses = Addresses(cloud, "us-ashburn-1", "127.0.0.1", listen)
    assert [addresses.of(each) for each in ("vault", "domain")] == [
        "http://127.0.0.1:5",
        "http://127.0.0.1:6",
    ]
    addresses.close_deleted()
    assert closed == []
    cloud.remove("vault")
    addresses.close_deleted()
    addresses.close_deleted()
    assert closed == ["vault"]
    assert addresses.of("domain") == "http://127.0.0.1:6"
    assert list(store.list("oci-api-address")) == ["us-ashburn-1/domain"]
