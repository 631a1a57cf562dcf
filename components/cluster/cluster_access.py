"""The kubeconfig of a cluster, created or existing, and what a node needs to join it."""

from dataclasses import dataclass

import pulumi
from pulumi_oci import containerengine

from components.options import refuse_late
from facts.oci_cli import login_options
from facts.problem import Problem

from .kubeconfig import adapted, authority_of, host_of


@dataclass(frozen=True, kw_only=True)
class ClusterEntry:
    """Where a self-managed node joins a cluster."""

    host: pulumi.Output[str]
    """Private address of the API endpoint, without its port."""

    authority: pulumi.Output[str]
    """Certificate of the cluster's CA, base64. It is no secret."""


def cluster_kubeconfig(
    cluster_id: pulumi.Input[str],
    *,
    public: bool,
    tunnel_port: int | None,
    auth: str | None,
    config_file_profile: str | None,
    opts: pulumi.InvokeOutputOptions,
) -> pulumi.Output[str]:
    """The kubeconfig, as a secret. `public`: with the endpoint's public address. `auth`: the OCI provider's `auth`."""
    found = containerengine.get_cluster_kube_config_output(
        cluster_id=cluster_id,
        endpoint="PUBLIC_ENDPOINT" if public else "PRIVATE_ENDPOINT",
        token_version="2.0.0",  # noqa: S106  a format, no token
        opts=opts,
    )
    login = login_options(auth, config_file_profile) if auth else ()
    return pulumi.Output.secret(found.content).apply(
        lambda text: adapted(text, port=tunnel_port, login=login)
    )


def cluster_entry(
    cluster_id: pulumi.Input[str], *, path: str, opts: pulumi.InvokeOutputOptions
) -> ClusterEntry:
    """The private endpoint and the CA of a cluster. A cluster without them is refused under `path`.

    They are in the kubeconfig for the private endpoint: Oracle's page "Creating Cloud-init Scripts for Self-managed
    Nodes" finds them there.
    """
    found = containerengine.get_cluster_kube_config_output(
        cluster_id=cluster_id,
        endpoint="PRIVATE_ENDPOINT",
        token_version="2.0.0",  # noqa: S106  a format, no token
        opts=opts,
    )
    # With the cluster's OCID, so that everything with these values is deleted before the cluster.
    known = pulumi.Output.all(pulumi.Output.from_input(cluster_id), found.content)
    return ClusterEntry(
        host=known.apply(lambda both: _required(host_of(both[1]), both[0], "a private API endpoint", path)),
        authority=known.apply(lambda both: _required(authority_of(both[1]), both[0], "a readable CA", path)),
    )


def _required(value: str, cluster_id: str, what: str, path: str) -> str:
    if not value:
        fix = "Self-managed nodes join through it: use managed pools, or another cluster"
        refuse_late([Problem(path, cluster_id, f"must be a cluster with {what}", fix)], "the cluster")
    return value
