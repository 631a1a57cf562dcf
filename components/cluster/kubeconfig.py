"""Changes OKE's kubeconfig so that it uses a bastion's tunnel and logs in like the provider."""

from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import urlsplit

import yaml

Entry = dict[str, dict[str, object]]


def adapted(kubeconfig: str, *, port: int | None = None, login: Sequence[str] = ()) -> str:
    """`kubeconfig` with the local end of a tunnel as each server, and with `login` added to each call of `oci`.

    Without a port and without options, the kubeconfig does not change. The API server's certificate contains the
    server's own address, so the client is configured to expect that address. Options that a call already has are not
    added again.
    """
    if port is None and not login:
        return kubeconfig
    config = cast("dict[str, list[Entry]]", yaml.safe_load(kubeconfig))
    if port is not None:
        for entry in config["clusters"]:
            cluster = entry["cluster"]
            cluster["tls-server-name"] = urlsplit(str(cluster["server"])).hostname or ""
            cluster["server"] = f"https://127.0.0.1:{port}"
    for entry in config.get("users") or ():
        call = cast("dict[str, list[str]] | None", entry["user"].get("exec"))
        if call and cast(object, call.get("command")) == "oci":
            call["args"] = _with_login(call.get("args") or [], login)
    return yaml.safe_dump(config, sort_keys=False)


def host_of(kubeconfig: str) -> str:
    """The host of the first server, without its port. Empty if there is none."""
    return urlsplit(str(_first_cluster(kubeconfig).get("server", ""))).hostname or ""


def authority_of(kubeconfig: str) -> str:
    """The CA certificate of the first cluster, base64. Empty if there is none."""
    return str(_first_cluster(kubeconfig).get("certificate-authority-data") or "")


def _first_cluster(kubeconfig: str) -> Mapping[str, object]:
    config = cast("dict[str, list[Entry]] | None", yaml.safe_load(kubeconfig))
    clusters = (config or {}).get("clusters") or []
    return clusters[0]["cluster"] if clusters else {}


def _with_login(arguments: Sequence[str], login: Sequence[str]) -> list[str]:
    options: Mapping[str, str] = dict(zip(login[::2], login[1::2], strict=True))
    given = {each.partition("=")[0] for each in arguments}
    return [
        *arguments,
        *(each for name, value in options.items() if name not in given for each in (name, value)),
    ]
