"""How the `oci` command line logs in, and the provider's names for the same kinds of credentials.

Source: oci-cli 3.95.1 on PyPI, `oci_cli/cli_root.py` (options and choices), `oci_cli/cli_util.py` (which read a
profile), and `create-kubeconfig --with-auth-context`, which appends the same two options to a kubeconfig's login.
"""

from collections.abc import Mapping

CLI_AUTHS = (
    "api_key",
    "instance_principal",
    "security_token",
    "instance_obo_user",
    "resource_principal",
    "oke_workload_identity",
    "pkcs11",
)
"""The choices of `--auth`, and of the variable OCI_CLI_AUTH. Default: api_key."""

PROFILE_AUTHS = ("api_key", "security_token", "pkcs11")
"""The choices whose credentials are in a profile of the config file."""

CLI_AUTH_OF: Mapping[str, str | None] = {
    "ApiKey": "api_key",
    "InstancePrincipal": "instance_principal",
    "InstancePrincipalWithCerts": None,
    "SecurityToken": "security_token",
    "ResourcePrincipal": "resource_principal",
    "OKEWorkloadIdentity": "oke_workload_identity",
    "WorkloadIdentityFederation": None,
}
"""The provider's kind of credentials to the command line's; None if the command line does not have it. It cannot log
in with the user's own certificates: `instance_principal` gets them from the instance's metadata service."""


def login_options(auth: str, profile: str | None) -> tuple[str, ...]:
    """Options with which `oci` logs in like a provider with `auth`; empty if the command line cannot."""
    choice = CLI_AUTH_OF.get(auth)
    if choice is None:
        return ()
    named = ("--profile", profile) if profile and choice in PROFILE_AUTHS else ()
    return ("--auth", choice, *named)
