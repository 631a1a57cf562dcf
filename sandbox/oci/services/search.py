"""Search with OpenSearch: the kinds of nodes, their sizes, and the master user."""

import re
from typing import Any, Final

from facts.databases import SEARCH_MEMORY_GIB_LEAST, SEARCH_PASSWORD, SEARCH_SECURITY_MODES, SEARCH_VERSION
from sandbox.oci.api.actions import act
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import body_inputs
from sandbox.oci.api.request import Request, Response
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number, one_of
from sandbox.oci.rules.references import refers
from sandbox.oci.services.vault.secrets import SECRET, refuse_unfit_secret

CLUSTER: Final = "oci:Opensearch/cluster:Cluster"

describe(CLUSTER, ocid="opensearchcluster")
refers(CLUSTER, vaultSecretId=(SECRET,))

_KINDS: Final = ("dataNode", "masterNode", "opendashboardNode")


@rule(CLUSTER, on="create update")
def nodes(call: Call) -> None:
    """400 for a kind without nodes, or data and master nodes with too little memory.

    No public page states the service's other minimums. The sandbox accepts what no source excludes.
    """
    for kind in _KINDS:
        for field in (f"{kind}Count", f"{kind}HostOcpuCount"):
            value = number(call.inputs, field)
            if value is not None and value < 1:
                raise invalid_parameter(f"{field} must be greater than or equal to 1.")
    for kind in _KINDS[:2]:
        field = f"{kind}HostMemoryGb"
        memory = number(call.inputs, field)
        if memory is not None and memory < SEARCH_MEMORY_GIB_LEAST:
            raise invalid_parameter(
                f"{field} {memory:g} is invalid: the minimum is {SEARCH_MEMORY_GIB_LEAST} GB per node."
            )
        refusal = one_of(f"{kind}HostType", call.inputs.get(f"{kind}HostType"), ("FLEX", "BM"))
        if refusal:
            raise refusal


@rule(CLUSTER, on="create update")
def version(call: Call) -> None:
    """400 for an unknown version."""
    wanted = str(call.inputs.get("softwareVersion"))
    if not re.fullmatch(SEARCH_VERSION, wanted):
        raise invalid_parameter(f"softwareVersion {wanted} is not supported.")


@rule(CLUSTER, on="create update")
def security(call: Call) -> None:
    """400 for enforced security without a master user, or a master user that is given in both ways."""
    mode = call.inputs.get("securityMode")
    refusal = one_of("securityMode", mode, SEARCH_SECURITY_MODES)
    if refusal:
        raise refusal
    user, digest = (
        call.inputs.get("securityMasterUserName"),
        call.inputs.get("securityMasterUserPasswordHash"),
    )
    details = blocks(call.inputs, "securityMasterUserAuthDetails")
    if details and (user or digest):
        raise invalid_parameter(
            "securityMasterUserAuthDetails cannot be used with securityMasterUserName or "
            "securityMasterUserPasswordHash."
        )
    if mode == "ENFORCING" and not details and not (user and digest):
        raise invalid_parameter("A security master user is required when securityMode is ENFORCING.")
    for each in blocks(call.inputs, "securityMasterUserAuthDetails", "userDetails", "passwordDetails"):
        refusal = one_of("sourceType", each.get("sourceType"), ("PLAIN_PASSWORD", "OCI_VAULT_SECRET"))
        if refusal:
            raise refusal
        wanted = "vaultSecretId" if each.get("sourceType") == "OCI_VAULT_SECRET" else "plainPassword"
        if not each.get(wanted):
            raise invalid_parameter(f"{wanted} is required when sourceType is {each.get('sourceType')}.")
        if wanted == "vaultSecretId":
            refuse_unfit_secret(call, str(each[wanted]), SEARCH_PASSWORD, "security master user password")


@computed(CLUSTER)
def cluster_outputs(context: CreateContext) -> dict[str, Any]:
    host = f"{context.unique}.opensearch.{context.region}.oci.oraclecloud.com"
    return {"fqdn": host, "opensearchFqdn": host, "opendashboardFqdn": f"dash-{host}"}


_SEARCH = "opensearch.OpensearchClusterClient"
endpoint(CLUSTER, _SEARCH, "opensearch_cluster")


@answers(_SEARCH, "resize_opensearch_cluster_horizontal", "resize_opensearch_cluster_vertical")
def resize(request: Request) -> Response:
    """Change the number of nodes, or their size."""
    return act(endpoint_of(CLUSTER), request, body_inputs(endpoint_of(CLUSTER), request), needs="ACTIVE")


@answers(_SEARCH, "upgrade_open_search_cluster")
def upgrade(request: Request) -> Response:
    """Change the version in place. An upgrade that makes another cluster is not modelled."""
    if request.body.get("isClone"):
        raise OciError(501, "NotImplemented", "The sandbox does not model isClone.")
    wanted = {"softwareVersion": request.body["desiredSoftwareVersion"]}
    return act(endpoint_of(CLUSTER), request, wanted, needs="ACTIVE")
