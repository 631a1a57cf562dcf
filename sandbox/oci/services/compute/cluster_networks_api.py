"""Compute: cluster networks and instance configurations in OCI's REST API."""

from dataclasses import replace
from typing import Any, Final

from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import body_inputs, changed, required
from sandbox.oci.api.listing import page
from sandbox.oci.api.outward import api_time
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules.hosts import CLUSTER_NETWORK
from sandbox.oci.rules.reading import blocks
from sandbox.oci.services.compute.cluster_networks import instances_of
from sandbox.oci.services.compute.instances import CONFIGURATION

_MANAGEMENT: Final = "core.ComputeManagementClient"

endpoint(
    CLUSTER_NETWORK,
    _MANAGEMENT,
    "cluster_network",
    methods={"update": "", "delete": "terminate_cluster_network"},
)
endpoint(CONFIGURATION, _MANAGEMENT, "instance_configuration")


@answers(_MANAGEMENT, "update_cluster_network")
def update_cluster_network(request: Request) -> Response:
    """Change names, tags and pools. Each pool in the body names itself, and keeps what the body leaves out.

    404 for a pool of another cluster network.
    """
    found = endpoint_of(CLUSTER_NETWORK)
    entry, body = required(found, request), dict(request.body or {})
    pools: list[dict[str, Any]] = body.pop("instancePools", None) or []
    given = body_inputs(found, replace(request, body=body))

    def over(held: Entry) -> dict[str, Any]:
        ids = [each["id"] for each in blocks(held.outputs, "instancePools")]
        merged = [dict(each) for each in blocks(held.inputs, "instancePools")]
        for pool in pools:
            if pool.get("id") not in ids:
                raise not_found(str(pool.get("id")))
            merged[ids.index(pool["id"])] |= {key: each for key, each in pool.items() if key != "id"}
        return {**given, "instancePools": merged}

    return changed(found, request, entry, over)


@answers(_MANAGEMENT, "list_cluster_network_instances", harmless=("compartmentId",), lists=True)
def cluster_network_instances(request: Request) -> Response:
    """The instances of a cluster network. They are in its compartment."""
    found = required(endpoint_of(CLUSTER_NETWORK), request)
    created = api_time(found.created_at)
    rows = [each | {"timeCreated": created} for each in instances_of(request.cloud, found)]
    return page(request, rows, ignored=("compartmentId",))
