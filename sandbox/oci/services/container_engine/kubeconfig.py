"""Kubernetes Engine (OKE): the kubeconfig of a cluster."""

import base64
import os
from pathlib import Path
from typing import Any

import yaml

from sandbox.oci.errors import invalid_parameter
from sandbox.oci.lookups import Query, function
from sandbox.oci.model import Entry
from sandbox.oci.services.container_engine.clusters import API_PORT, CLUSTER
from sandbox.oci.services.container_engine.logins import remember_login

ASSUMED = f"10.0.0.5:{API_PORT}"
"""The endpoint of a cluster that is only assumed."""

_SIDES = {
    "PUBLIC_ENDPOINT": "publicEndpoint",
    "PRIVATE_ENDPOINT": "privateEndpoint",
    "VCN_HOSTNAME": "vcnHostnameEndpoint",
}


@function("oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig")
def kubeconfig(query: Query) -> dict[str, Any]:
    """The kubeconfig as OKE writes it: the `oci` CLI gives the token. SANDBOX_KUBECONFIG replaces it with a file."""
    cluster = query.cloud.require(query.args["clusterId"], CLUSTER, path="clusterId", region=query.region)
    if query.login is not None:
        remember_login(query.cloud.store, cluster.id, query.login)
    own = os.environ.get("SANDBOX_KUBECONFIG")
    content = Path(own).expanduser().read_text() if own else _kubeconfig(query, cluster)
    return {"content": content}


def _kubeconfig(query: Query, cluster: Entry) -> str:
    short = cluster.id[-11:]
    name, user, context = f"cluster-{short}", f"user-{short}", f"context-{short}"
    server = _server(cluster, query.args.get("endpoint"))
    login = ["ce", "cluster", "generate-token", "--cluster-id", cluster.id, "--region", query.region]
    document = {
        "apiVersion": "v1",
        "kind": "",
        "clusters": [
            {
                "name": name,
                "cluster": {"server": f"https://{server}", "certificate-authority-data": AUTHORITY},
            }
        ],
        "users": [
            {
                "name": user,
                "user": {
                    "exec": {
                        "apiVersion": "client.authentication.k8s.io/v1beta1",
                        "command": "oci",
                        "args": login,
                        "env": [],
                    }
                },
            }
        ],
        "contexts": [{"name": context, "context": {"cluster": name, "user": user}}],
        "current-context": context,
    }
    return "---\n" + yaml.safe_dump(document, sort_keys=False)


def _server(cluster: Entry, wanted: str | None) -> str:
    sides = (cluster.outputs.get("endpoints") or [{}])[0]
    if wanted and wanted not in (*_SIDES, "LEGACY_KUBERNETES"):
        raise invalid_parameter(f"endpoint {wanted!r} is none of {', '.join(_SIDES)}, LEGACY_KUBERNETES.")
    if cluster.assumed and not sides:
        return ASSUMED
    if wanted in _SIDES:
        found = sides.get(_SIDES[wanted])
        if not found:
            raise invalid_parameter(f"Cluster {cluster.id} does not have a {wanted}.")
        return found
    return sides.get("publicEndpoint") or sides.get("privateEndpoint") or "cluster.invalid:6443"


AUTHORITY = base64.b64encode(b"the sandbox's clusters have no certificate authority\n").decode()
"""The certificate authority of every cluster, base64."""
