"""The clients of the OCI provider: the names that CLIENT_HOST_OVERRIDES accepts.

Source: the provider's registrations (terraform-provider-oci 8.28.0, internal/client). It reads the variable in
`provider_clients.go` there. The first part of each client's paths is from Oracle's SDK for Go (65.117.1).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from facts.oci_api import clients

_FILE = Path(__file__).parent / "data" / "provider-clients.txt"

_PACKAGES = {
    "compute_instance_agent": "computeinstanceagent",
    "container_engine": "containerengine",
    "healthchecks": "health_checks",
    "key_management": "kms",
    "usage_api": "metering_computation",
}
"""The provider's names of packages that the SDK for Python names differently."""


@cache
def provider_clients() -> Mapping[str, str]:
    """The first part of the paths of each client, by the client's name; empty if it has none or it is unknown."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if not line.startswith("#"))
    return MappingProxyType({name: "" if part in ("-", "?") else part for name, part in pairs})


@cache
def modelled_clients() -> frozenset[str]:
    """The clients whose operations are in the sandbox's table (`facts.oci_api`), by the provider's names."""
    named = (each.partition(".") for each in clients())
    return frozenset(f"oci_{_PACKAGES.get(package, package)}.{name}" for package, _, name in named)
