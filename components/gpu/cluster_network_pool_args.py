"""Arguments of a pool of GPU nodes in a cluster network."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from .gpu_nodes_args import GpuNodesArgs


@dataclass(frozen=True, kw_only=True)
class ClusterNetworkPoolArgs(GpuNodesArgs):
    """GPU nodes in a cluster network, which join the cluster by themselves. The program owns the number of nodes."""

    availability_domain: pulumi.Input[str]
    """Name of the availability domain of the cluster network. A capacity reservation must be in it too."""

    agent_plugins: Sequence[str] | None = None
    """Plug-ins of the nodes' cloud agent to switch on, in addition to those for the RDMA interfaces, such as
    `Vulnerability Scanning`. A change concerns new nodes. Default: none."""
