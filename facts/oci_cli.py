"""How the `oci` command line logs in, against the names by which the provider knows the same kinds of credentials.

Source: oci-cli 3.95.1 on PyPI, `oci_cli/cli_root.py` (options and choices), `oci_cli/cli_util.py` (what reads a
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
"""Those of them whose credentials a profile of the config file holds."""

CLI_AUTH_OF: Mapping[str, str | None] = {
    "ApiKey": "api_key",
    "InstancePrincipal": "instance_principal",
    "InstancePrincipalWithCerts": None,
    "SecurityToken": "security_token",
    "ResourcePrincipal": "resource_principal",
    "OKEWorkloadIdentity": "oke_workload_identity",
    "WorkloadIdentityFederation": None,
}
"""The command line's name of each of the provider's kinds; None for one that it does not have. With certificates of
one's own it does not log in: `instance_principal` asks the instance's metadata service for them."""


def login_options(auth: str, profile: str | None) -> tuple[str, ...]:
    """Options for `oci` to log in as a provider does with `auth`; none where the command line cannot."""
    choice = CLI_AUTH_OF.get(auth)
    if choice is None:
        return ()
    named = ("--profile", profile) if profile and choice in PROFILE_AUTHS else ()
    return ("--auth", choice, *named)
