"""The server's own addresses for vaults and identity domains: each has a port.

OCI gives each vault and each domain its own endpoints, and clients send requests about its keys or groups there. The
SDK for Go refuses an endpoint with a path (`prepareRequest` in its common/client.go), so only the port can tell them
apart on a loopback address.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.oci.cloud import Cloud

_KIND = "oci-api-address"


@dataclass(frozen=True)
class Listening:
    """A port that is open until `close`."""

    port: int
    close: Callable[[], None]


Listen = Callable[[str, int], Listening]
"""Serve a resource, by its OCID, at a port, or at a free one if the port is 0 or in use."""


class Addresses:
    """The ports of a region's vaults and domains. They stay the same when the server starts again, unless in use."""

    def __init__(self, cloud: Cloud, region: str, host: str, listen: Listen) -> None:
        self._cloud, self._region, self._listen = cloud, region, listen
        self._host = f"[{host}]" if ":" in host else host
        self._lock = threading.Lock()
        self._open: dict[str, Listening] = {}

    def of(self, id: str) -> str:  # noqa: A002
        """The address of a resource. The server answers there from now on."""
        # The store's lock first: a call that is in a transaction asks for an address too.
        with self._cloud.store.reading(), self._lock:
            found = self._open.get(id)
            if found is None:
                key = f"{self._region}/{id}"
                kept = self._cloud.store.get(_KIND, key)
                found = self._open[id] = self._listen(id, int(kept["port"]) if kept else 0)
                self._cloud.store.put(_KIND, key, {"port": found.port})
        return f"http://{self._host}:{found.port}"

    def close_deleted(self) -> None:
        """Close the ports of resources that no longer exist. A pending deletion can be cancelled, so its port stays."""
        with self._cloud.store.reading(), self._lock:
            gone = [id for id in self._open if self._cloud.find(id) is None]  # noqa: A001
            for each in gone:
                self._open.pop(each).close()
                self._cloud.store.delete(_KIND, f"{self._region}/{each}")

    def reopen(self) -> None:
        """Serve the addresses of the last run again, except those of deleted resources."""
        for key in self._cloud.store.list(_KIND):
            region, _, id = key.partition("/")  # noqa: A001
            if self._cloud.find(id) is None:
                self._cloud.store.delete(_KIND, key)
            elif region == self._region:
                self.of(id)
