"""The provider servicer of each package."""

from collections.abc import Iterator
from contextlib import contextmanager

from pulumi.runtime.proto import ResourceProviderServicer

from sandbox.home import Home
from sandbox.kubernetes.provider.provider import KubernetesProvider
from sandbox.oci.provider import OciProvider
from sandbox.passthrough import with_real_providers
from sandbox.store import open_store


@contextmanager
def open_providers(home: Home) -> Iterator[dict[str, ResourceProviderServicer]]:
    """The stand-ins over one store. A real provider that SANDBOX_PROVIDERS names is put before its stand-in."""
    with open_store(home.cloud) as store:
        oci = OciProvider(store)
        stand_ins = {"oci": oci, "kubernetes": KubernetesProvider(store, cloud=oci.operations.cloud)}
        with with_real_providers(stand_ins) as providers:
            yield providers
