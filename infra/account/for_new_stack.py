# The OCI SDK has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportOptionalMemberAccess=false
"""What a new stack file asks an account, with the SDK: one call for each question, no retries."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import Protocol, TypeVar

import oci

from facts.cidrs import parse_network
from infra.settings.tenancy import Tenancy

from .login import ClientClass, Login, log_in

SECONDS = (5, 20)
"""Longest time for a connection and for an answer: without an account, a command must not wait."""

_ARM = re.compile(r"\.A\d+\.", re.ASCII)

T_co = TypeVar("T_co", covariant=True)


class Answers(Protocol):
    """The questions."""

    def home_region(self) -> str | None: ...
    def compartments(self, name: str) -> Sequence[str]: ...
    def domain_endpoint(self, name: str) -> str | None: ...
    def node_image(self, kubernetes_version: str, shape: str) -> str | None: ...
    def networks(self, compartment_id: str) -> Sequence[IPv4Network]: ...


class OracleAnswers:
    """Implements Answers. It needs only `inspect` and `read` permissions."""

    def __init__(self, tenancy: Tenancy) -> None:
        self._login: Login = log_in(tenancy)
        self._tenancy_id = tenancy.tenancy_id

    def _client(self, kind: ClientClass[T_co]) -> T_co:
        return self._login.client(kind, retry_strategy=oci.retry.NoneRetryStrategy(), timeout=SECONDS)

    def home_region(self) -> str | None:
        """The tenancy's home region."""
        rows = self._client(oci.identity.IdentityClient).list_region_subscriptions(self._tenancy_id).data
        return next((str(row.region_name) for row in rows if row.is_home_region), None)

    def compartments(self, name: str) -> Sequence[str]:
        """OCIDs of the active compartments with this name, anywhere in the tenancy."""
        options: Mapping[str, object] = {
            "compartment_id_in_subtree": True,
            "name": name,
            "lifecycle_state": "ACTIVE",
        }
        client = self._client(oci.identity.IdentityClient)
        return [str(row.id) for row in client.list_compartments(self._tenancy_id, **options).data]

    def domain_endpoint(self, name: str) -> str | None:
        """The https address of the identity domain with this name. The sandbox's own domains have none."""
        rows = self._client(oci.identity.IdentityClient).list_domains(self._tenancy_id).data
        found = next((str(row.url) for row in rows if row.display_name == name), "")
        return found if found.startswith("https://") else None

    def node_image(self, kubernetes_version: str, shape: str) -> str | None:
        """The newest OKE image of the version for a CPU shape."""
        client = self._client(oci.container_engine.ContainerEngineClient)
        sources = client.get_node_pool_options("all", compartment_id=self._tenancy_id).data.sources or []
        version, arm = kubernetes_version.removeprefix("v"), bool(_ARM.search(shape))
        fitting = sorted(
            (str(each.source_name), str(each.image_id))
            for each in sources
            if f"-OKE-{version}-" in f"{each.source_name}-"
            and "GPU" not in each.source_name
            and ("aarch64" in each.source_name) == arm
        )
        return fitting[-1][1] if fitting else None

    def networks(self, compartment_id: str) -> Sequence[IPv4Network]:
        """The ranges of the networks in a compartment."""
        rows = self._client(oci.core.VirtualNetworkClient).list_vcns(compartment_id).data
        found = [parse_network(str(cidr)) for row in rows for cidr in row.cidr_blocks or []]
        return [each for each in found if isinstance(each, IPv4Network)]
