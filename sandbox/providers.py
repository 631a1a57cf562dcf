"""Which servicer answers for which package."""

from collections.abc import Iterator
from contextlib import contextmanager

from pulumi.runtime.proto import ResourceProviderServicer

from sandbox.home import Home
from sandbox.kubernetes.provider import KubernetesProvider
from sandbox.oci.provider import OciProvider
from sandbox.store import open_store


@contextmanager
def open_providers(home: Home) -> Iterator[dict[str, ResourceProviderServicer]]:
    """The stand-ins over one store, closed with the block."""
    store = open_store(home.cloud)
    try:
        yield {"oci": OciProvider(store), "kubernetes": KubernetesProvider(store)}
    finally:
        store.close()
