"""What `sandbox env` sets: the variables with which clients reach the sandbox's cloud and no other.

Sources: the provider reads CLIENT_HOST_OVERRIDES, one pair for each client, separated by `;` (terraform-provider-oci,
internal/client/provider_clients.go). The OCI CLI reads OCI_CLI_ENDPOINT and OCI_CLI_CONFIG_FILE (oci-cli 3.95.1,
oci_cli/cli_constants.py).
"""

import shlex
from collections.abc import Iterator, Mapping

from facts.provider_clients import modelled_clients, provider_clients
from sandbox.wire.profile import Profile


def host_overrides(endpoint: str, others: str) -> str:
    """The value of CLIENT_HOST_OVERRIDES: modelled clients at one endpoint, and all others of the provider at another.

    So no client calls the real cloud.
    """
    modelled = modelled_clients()
    return ";".join(
        f"{name}={endpoint if name in modelled else others}"
        for name in sorted({*provider_clients(), *modelled})
    )


def variables(endpoint: str, others: str, profile: Profile, region: str) -> dict[str, str]:
    """The variables for one region. `others` answers the clients that the sandbox does not model."""
    overrides = host_overrides(endpoint, others)
    return {
        "CLIENT_HOST_OVERRIDES": overrides,
        "TF_VAR_CLIENT_HOST_OVERRIDES": overrides,
        "OCI_TENANCY_OCID": profile.tenancy,
        "OCI_USER_OCID": profile.user,
        "OCI_FINGERPRINT": profile.fingerprint,
        "OCI_PRIVATE_KEY_PATH": str(profile.key_file),
        "OCI_REGION": region,
        "OCI_CONFIG_FILE": str(profile.config_file),
        "OCI_CONFIG_PROFILE": profile.name,
        "OCI_CLI_CONFIG_FILE": str(profile.config_file),
        "OCI_CLI_PROFILE": profile.name,
        "OCI_CLI_REGION": region,
        "OCI_CLI_TENANCY": profile.tenancy,
        "OCI_CLI_ENDPOINT": endpoint,
        "SANDBOX_ENDPOINT": endpoint,
    }


def exports(found: Mapping[str, str]) -> Iterator[str]:
    """One line of shell for each variable."""
    for name, value in found.items():
        yield f"export {name}={shlex.quote(value)}"
