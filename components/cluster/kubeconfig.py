"""The kubeconfig that OKE hands out, made to go through a bastion's tunnel."""

from typing import cast
from urllib.parse import urlsplit

import yaml


def through_tunnel(kubeconfig: str, port: int) -> str:
    """`kubeconfig` with each server replaced by the local end of a tunnel.

    The API server's certificate names its own address, so the client is told to expect that one.
    """
    config = cast("dict[str, list[dict[str, dict[str, str]]]]", yaml.safe_load(kubeconfig))
    for entry in config["clusters"]:
        cluster = entry["cluster"]
        cluster["tls-server-name"] = urlsplit(cluster["server"]).hostname or ""
        cluster["server"] = f"https://127.0.0.1:{port}"
    return yaml.safe_dump(config, sort_keys=False)
