"""Kubernetes Engine (OKE): the changes of a node pool that cycling its nodes cannot carry."""

from typing import Any, Final

from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import POOL, pool_hosts
from sandbox.oci.rules.reading import blocks, texts

NOT_CARRIED: Final = (
    "initialNodeLabels",
    "nodeShape",
    "nodeShapeConfig",
    "nodeConfigDetails.isPvEncryptionInTransitEnabled",
    "nodeConfigDetails.nodePoolPodNetworkOptionDetails",
    "nodeConfigDetails.nsgIds",
    "nodeConfigDetails.placementConfigs",
)
"""The properties of nodes that are not in the list of Oracle's page on replacing boot volumes. Size, name, tags and
eviction settings are the pool's own."""


@rule(POOL, on="update")
def carried(call: Call) -> None:
    """400 for a property that replaced boot volumes cannot change, if the update cycles nodes that way only.

    "If you update a property that is not in the list, the node cycling and boot volume replacement operation fails":
    Oracle's page "Updating Worker Nodes in an Existing Node Pool by Replacing Boot Volumes"
    (contengupgradingimageworkernode_topic-InPlace_Worker_Node_Update_By_Cycling_and_Replacing_Boot_Volumes.htm). The
    SDK's enum CycleMode says the same. The message is ours: Oracle does not quote one.
    """
    if call.old is None or not pool_hosts(call.old.inputs) or not _replaces_boot_volumes(call.inputs):
        return
    for path in NOT_CARRIED:
        if _value(call.old.inputs, path) != _value(call.inputs, path):
            raise invalid_parameter(
                f"Invalid nodePoolCyclingDetails: BOOT_VOLUME_REPLACE cannot change {path} of existing nodes."
            )


def _replaces_boot_volumes(inputs: dict[str, Any]) -> bool:
    return any(
        details.get("isNodeCyclingEnabled") is True
        and texts(details, "cycleModes") == ["BOOT_VOLUME_REPLACE"]
        for details in blocks(inputs, "nodePoolCyclingDetails")
    )


def _value(inputs: dict[str, Any], path: str) -> Any:
    """A value, without a difference between a missing one and an empty one."""
    *above, last = path.split(".")
    return next((each.get(last) for each in blocks(inputs, *above)), None) or None
