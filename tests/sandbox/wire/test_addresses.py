"""Addresses of vaults, asked for by several calls at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from sandbox.oci.cloud import Cloud
from sandbox.store import Store
from sandbox.wire.addresses import Addresses


def test_a_call_in_a_transaction_and_one_outside_do_not_wait_for_each_other(store: Store) -> None:
    ports = iter(range(1, 9))
    addresses = Addresses(Cloud(store), "us-ashburn-1", "127.0.0.1", lambda _, __: next(ports))
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
        assert len({each.result(timeout=20) for each in found}) == 2
    finally:
        pool.shutdown(wait=False)
