"""The provider servicer of each package."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from pulumi.runtime.proto import ResourceProviderServicer

from sandbox.home import Home
from sandbox.kubernetes.provider.provider import KubernetesProvider
from sandbox.oci.operations import Operations
from sandbox.oci.provider import DEFAULT_REGION, OciProvider
from sandbox.oci_plugin import installed_plugin, offer
from sandbox.passthrough import Forwarder, parse_providers
from sandbox.store import open_store
from sandbox.variables import PROVIDERS


@contextmanager
def open_providers(home: Home) -> Iterator[dict[str, ResourceProviderServicer]]:
    """The stand-ins over one store. A real provider that SANDBOX_PROVIDERS names replaces its stand-in."""
    chosen = parse_providers(os.environ.get(PROVIDERS, ""), lambda: _plugin(home))
    with open_store(home.cloud) as store, ExitStack() as stack:
        oci = OciProvider(store)
        operations = oci.operations
        providers: dict[str, ResourceProviderServicer] = {
            "oci": oci,
            "kubernetes": KubernetesProvider(store, cloud=operations.cloud),
        }
        for package, binary in chosen.items():
            real = _real_oci(home, binary, operations, stack) if package == "oci" else Forwarder(binary)
            stack.callback(real.close)
            providers[package] = real
        yield providers


def _real_oci(home: Home, binary: Path, operations: Operations, stack: ExitStack) -> Forwarder:
    # The server takes a second to load, and only a real provider needs it.
    from sandbox.real_oci import OciForwarder  # noqa: PLC0415
    from sandbox.wire.live import LiveServers  # noqa: PLC0415
    from sandbox.wire.profile import profile  # noqa: PLC0415

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sandbox-provider-")))
    own = profile(home, DEFAULT_REGION)
    servers = LiveServers(operations, own, operations.cloud.home_region() or DEFAULT_REGION, folder)
    stack.callback(servers.close)
    return OciForwarder(binary, servers, folder)


def _plugin(home: Home) -> Path | None:
    found = installed_plugin(home)
    if found is None:
        click.secho(f"sandbox: {offer()}", err=True, dim=True)
    return found
