"""The logins of the `oci` command line, compared with the choices that it accepts."""

from typing import get_args

import pytest

from facts.oci_cli import CLI_AUTH_OF, CLI_AUTHS, PROFILE_AUTHS, login_options
from infra.settings.tenancy import Auth

ACCEPTED = {
    "api_key",
    "instance_principal",
    "security_token",
    "instance_obo_user",
    "resource_principal",
    "oke_workload_identity",
    "pkcs11",
}
"""OCI_CLI_AUTH_CHOICES in `oci_cli/cli_root.py` of the wheel oci_cli-3.95.1-py3-none-any.whl on PyPI."""


def test_the_choices_are_the_command_lines_own():
    assert set(CLI_AUTHS) == ACCEPTED
    assert set(PROFILE_AUTHS) <= ACCEPTED


def test_every_kind_of_credentials_in_the_settings_is_known():
    assert set(CLI_AUTH_OF) == set(get_args(Auth))


@pytest.mark.parametrize("auth", CLI_AUTH_OF)
def test_no_login_uses_a_choice_that_the_command_line_refuses(auth: str):
    options = login_options(auth, "SSO")
    chosen = dict(zip(options[::2], options[1::2], strict=True))
    assert chosen.keys() <= {"--auth", "--profile"}
    assert chosen.get("--auth", "api_key") in ACCEPTED


def test_a_profile_is_named_only_if_it_contains_the_credentials():
    assert "--profile" in login_options("SecurityToken", "SSO")
    assert "--profile" not in login_options("InstancePrincipal", "SSO"), "such a host has no config file"
    assert "--profile" not in login_options("SecurityToken", None)
