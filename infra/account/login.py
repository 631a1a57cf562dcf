# The OCI SDK has no types, so its objects are cast to protocols here.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""Credentials for the OCI SDK, from the same settings as the provider."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar, cast

import oci

from infra.settings.tenancy import Tenancy

HELP = (
    "`oci setup config` writes a profile with an API key, `oci session authenticate` one with a session token"
)

SANDBOX_ENDPOINT = "SANDBOX_ENDPOINT"
"""A variable of `sandbox env`: the address of the sandbox's cloud."""

_SANDBOX_PROFILE = ("OCI_CONFIG_FILE", "OCI_CONFIG_PROFILE")

T_co = TypeVar("T_co", covariant=True)


class LoginError(RuntimeError):
    """There are no usable credentials. The text says what was tried and how to fix it."""


ACCOUNT_ERRORS = (
    LoginError,
    oci.exceptions.ServiceError,
    oci.exceptions.RequestException,
    oci.exceptions.ConnectTimeout,
)
"""No login, a refusal by OCI, no connection, no connection in time. The SDK's ConnectTimeout is no RequestException of
its own."""


class ClientClass(Protocol[T_co]):
    """A client of the OCI SDK, which is untyped."""

    def __call__(self, config: dict[str, str], **options: object) -> T_co: ...


@dataclass(frozen=True)
class Login:
    """Usable credentials for one region."""

    config: dict[str, str]
    signer: object | None

    def client(self, kind: ClientClass[T_co], **options: object) -> T_co:
        """A client of the SDK with these credentials. It uses the SDK's default retry strategy.

        `options`: further options of the client, which override these. With the variables of `sandbox env`, the client
        calls the sandbox.
        """
        own: dict[str, object] = {"retry_strategy": oci.retry.DEFAULT_RETRY_STRATEGY}
        if self.signer is not None:
            own["signer"] = self.signer
        if endpoint := os.environ.get(SANDBOX_ENDPOINT):
            own["service_endpoint"] = endpoint
        return kind(self.config, **(own | options))


def on_sandbox_endpoint() -> bool:
    """Whether the variables of `sandbox env` are set, so that clients call the sandbox."""
    return bool(os.environ.get(SANDBOX_ENDPOINT))


def log_in(tenancy: Tenancy) -> Login:
    """Credentials for the environment's region. Raises LoginError."""
    try:
        return _log_in(tenancy)
    except LoginError:
        raise
    except Exception as error:  # the SDK raises many types, and all of them mean the same here
        tried = f"auth {tenancy.auth}, profile {tenancy.config_file_profile or 'DEFAULT'}"
        raise LoginError(f"no OCI credentials ({tried}): {str(error).splitlines()[0]}. {HELP}") from error


def _log_in(tenancy: Tenancy) -> Login:
    region = {"region": tenancy.region}
    if tenancy.auth == "InstancePrincipal":
        return Login(region, oci.auth.signers.InstancePrincipalsSecurityTokenSigner())
    if tenancy.auth == "ResourcePrincipal":
        return Login(region, oci.auth.signers.get_resource_principals_signer())
    if tenancy.auth == "OKEWorkloadIdentity":
        return Login(region, oci.auth.signers.get_oke_workload_identity_resource_principal_signer())
    if tenancy.auth not in {"ApiKey", "SecurityToken"}:
        raise LoginError(f"tenancy.auth {tenancy.auth} works only with `pulumi up`, not with this command")
    config = {**_profile(tenancy.config_file_profile or "DEFAULT"), **region}
    if tenancy.auth == "SecurityToken":
        return Login(config, _session_signer(config))
    oci.config.validate_config(config)
    return Login(config, None)


def _profile(name: str) -> dict[str, str]:
    """The profile `name`, or that of `sandbox env` for the sandbox."""
    if on_sandbox_endpoint():
        missing = [each for each in _SANDBOX_PROFILE if each not in os.environ]
        if missing:
            raise LoginError(
                f"{SANDBOX_ENDPOINT} needs {' and '.join(missing)}: set all variables of `sandbox env`"
            )
        return cast(dict[str, str], oci.config.from_file(*(os.environ[each] for each in _SANDBOX_PROFILE)))
    return cast(dict[str, str], oci.config.from_file(profile_name=name))


def _session_signer(config: dict[str, str]) -> object:
    token = Path(config["security_token_file"]).expanduser().read_text(encoding="utf-8")
    key = oci.signer.load_private_key_from_file(config["key_file"])
    return oci.auth.signers.SecurityTokenSigner(token, key)
