"""Sets the sizes of node pools. A schedule invokes it: with size 0 in the evening, with the nodes in the morning.

The function's configuration has the sizes as JSON in SIZES: {"ocid1.nodepool…": 0}. It may run again: a pool that has
its size is left alone. A pool that cannot be resized does not stop the others; the run then fails and names it.

An update with only the size leaves the placements as they are (the autoscaler for OCI's node pools sends the same:
cluster-autoscaler/cloudprovider/oci/nodepools/oci_manager.go in kubernetes/autoscaler).
"""

# The OCI SDK has no types, so its objects are cast to protocols here.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

import json
import os
from collections.abc import Mapping
from typing import Any, cast

import oci
from oci.container_engine import ContainerEngineClient, models

SIZES = "SIZES"


class NotResized(Exception):  # noqa: N818 - it names the result
    """Pools that do not have the wanted size, and why."""


def handler(ctx: object, data: object = None) -> str:
    """Called by the function's runtime. The function is its own principal: no key is in the image."""
    signer = oci.auth.signers.get_resource_principals_signer()
    client = ContainerEngineClient({}, signer=signer, retry_strategy=oci.retry.DEFAULT_RETRY_STRATEGY)
    del ctx, data
    return json.dumps(resize(client, wanted_sizes(os.environ)))


def wanted_sizes(variables: Mapping[str, str]) -> dict[str, int]:
    """The wanted size of each pool by its OCID. Raises NotResized for a configuration that is not one."""
    try:
        found: object = json.loads(variables[SIZES])
    except (KeyError, ValueError) as error:
        raise NotResized(f"{SIZES} must be JSON, such as {{'ocid1.nodepool…': 0}}: {error!r}") from None
    sizes = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    if not sizes or not all(type(size) is int and size >= 0 for size in sizes.values()):
        raise NotResized(f"{SIZES} must map OCIDs of node pools to numbers of nodes, not {found!r}")
    return cast("dict[str, int]", sizes)


def resize(client: Any, sizes: Mapping[str, int]) -> dict[str, str]:
    """Set the size of each pool. Returns what was done by OCID; raises NotResized after all pools were tried."""
    done: dict[str, str] = {}
    failed: dict[str, str] = {}
    for pool_id, size in sizes.items():
        try:
            done[pool_id] = _resize(client, pool_id, size)
        except oci.exceptions.ServiceError as error:
            failed[pool_id] = f"{error.status} {error.code}: {error.message}"
    if failed:
        raise NotResized(json.dumps({"failed": failed, "done": done}))
    return done


def _resize(client: Any, pool_id: str, size: int) -> str:
    found = client.get_node_pool(pool_id)
    before = found.data.node_config_details.size
    if before == size:
        return f"already {size}"
    details = models.UpdateNodePoolDetails(
        node_config_details=models.UpdateNodePoolNodeConfigDetails(size=size)
    )
    # With the etag of the read, a change that someone makes in between is not overwritten.
    client.update_node_pool(pool_id, details, if_match=found.headers.get("etag"))
    return f"{before} to {size}"
