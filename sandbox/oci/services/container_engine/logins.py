"""Whether the `oci` calls of a cluster's kubeconfig log in as the provider that fetched it.

The `oci` CLI gets the tokens for the cluster. It does not know how the provider logs in, and OKE's kubeconfig does not
say it: without `--auth`, the CLI uses an API key. Source of the options and variables: `facts/oci_cli.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from facts.oci_cli import CLI_AUTH_OF, PROFILE_AUTHS
from sandbox.oci.lookups import Login
from sandbox.store import Store

_KIND = "cluster-login"
_DEFAULTS = {"auth": "api_key", "profile": "DEFAULT"}
_VARIABLES = {"auth": "OCI_CLI_AUTH", "profile": "OCI_CLI_PROFILE"}
_LOWER = {auth.lower(): auth for auth in CLI_AUTH_OF}
"""The provider compares its `auth` without regard to case (terraform-provider-oci, internal/provider/provider.go)."""


def remember_login(store: Store, cluster_id: str, login: Login) -> None:
    """Store how the provider that fetched a cluster's kubeconfig logs in."""
    if store.get(_KIND, cluster_id) != asdict(login):
        store.put(_KIND, cluster_id, asdict(login))


def login_of(call: Mapping[str, Any]) -> Mapping[str, str] | None:
    """`auth` and `profile` of a kubeconfig's `exec` section, from its options or variables. None without `oci`."""
    if PurePath(str(call.get("command") or "")).name != "oci":
        return None
    arguments = [str(each) for each in call.get("args") or ()]
    variables = {each.get("name"): str(each.get("value") or "") for each in call.get("env") or ()}
    return {
        name: _option(arguments, f"--{name}") or variables.get(_VARIABLES[name]) or default
        for name, default in _DEFAULTS.items()
    }


def other_login(store: Store, cluster_id: str, login: Mapping[str, str] | None) -> str:
    """Why a kubeconfig's `oci` calls do not log in as the provider does; empty if they do, or if nothing is known."""
    known = store.get(_KIND, cluster_id)
    if known is None or login is None:
        return ""
    given = str(known["auth"])
    auth = _LOWER.get(given.lower(), given)
    wanted = CLI_AUTH_OF.get(auth)
    if wanted is None:
        return f"the `oci` CLI in the kubeconfig cannot log in as the provider does, with auth {auth}"
    options: dict[str, str] = {}
    if login["auth"] != wanted:
        options["auth"] = wanted
    if known["profile"] and wanted in PROFILE_AUTHS and login["profile"] != known["profile"]:
        options["profile"] = known["profile"]
    if not options:
        return ""
    add = " ".join(f"--{name} {value}" for name, value in options.items())
    used = " and ".join(f"{name} {login[name]}" for name in options)
    return f"the kubeconfig's `oci` logs in with {used}, but the OCI provider does not. Add `{add}` to its arguments"


def _option(arguments: Sequence[str], name: str) -> str:
    for index, each in enumerate(arguments):
        if each == name and index + 1 < len(arguments):
            return arguments[index + 1]
        if each.startswith(f"{name}="):
            return each.partition("=")[2]
    return ""
