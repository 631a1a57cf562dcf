"""What `sandbox env` sets: the variables with which clients reach the sandbox's cloud and no other.

Sources: the provider reads CLIENT_HOST_OVERRIDES, one pair for each client, separated by `;` (terraform-provider-oci,
internal/client/provider_clients.go). The OCI CLI reads OCI_CLI_ENDPOINT and OCI_CLI_CONFIG_FILE (oci-cli 3.95.1,
oci_cli/cli_constants.py).
"""

import shlex
from collections.abc import Iterator, Mapping

from facts.oci_api import clients
from sandbox.wire.profile import PROFILE, Profile
from sandbox.wire.record import Serving

_PACKAGES = {
    "container_engine": "containerengine",
    "key_management": "kms",
}
"""The provider's names of packages, where they are not the SDK's for Python."""


def host_overrides(endpoint: str) -> str:
    """The value of CLIENT_HOST_OVERRIDES: every client of the table at one endpoint."""
    pairs: list[str] = []
    for each in clients():
        package, _, name = each.partition(".")
        pairs.append(f"oci_{_PACKAGES.get(package, package)}.{name}={endpoint}")
    return ";".join(pairs)


def variables(serving: Serving, profile: Profile, region: str) -> dict[str, str]:
    """The variables for one region."""
    endpoint = serving.endpoints[region]
    overrides = host_overrides(endpoint)
    return {
        "CLIENT_HOST_OVERRIDES": overrides,
        "TF_VAR_CLIENT_HOST_OVERRIDES": overrides,
        "OCI_TENANCY_OCID": profile.tenancy,
        "OCI_USER_OCID": profile.user,
        "OCI_FINGERPRINT": profile.fingerprint,
        "OCI_PRIVATE_KEY_PATH": str(profile.key_file),
        "OCI_REGION": region,
        "OCI_CONFIG_FILE": str(profile.config_file),
        "OCI_CONFIG_PROFILE": PROFILE,
        "OCI_CLI_CONFIG_FILE": str(profile.config_file),
        "OCI_CLI_PROFILE": PROFILE,
        "OCI_CLI_REGION": region,
        "OCI_CLI_TENANCY": profile.tenancy,
        "OCI_CLI_ENDPOINT": endpoint,
        "SANDBOX_ENDPOINT": endpoint,
    }


def exports(found: Mapping[str, str]) -> Iterator[str]:
    """One line of shell for each variable."""
    for name, value in found.items():
        yield f"export {name}={shlex.quote(value)}"
