"""Arguments of a pool of GPU nodes in a cluster network."""

from dataclasses import dataclass

import pulumi

from .gpu_nodes_args import GpuNodesArgs


@dataclass(frozen=True, kw_only=True)
class ClusterNetworkPoolArgs(GpuNodesArgs):
    """GPU nodes in a cluster network, which join the cluster by themselves. The program owns the number of nodes."""

    availability_domain: pulumi.Input[str]
    """Name of the availability domain of the cluster network. A capacity reservation must be in it too."""
