"""The kubeconfig of a cluster, created or existing."""

import pulumi
from pulumi_oci import containerengine

from facts.oci_cli import login_options

from .kubeconfig import adapted


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
