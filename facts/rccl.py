"""RCCL's settings for traffic between nodes, by shape.

Sources: oci-hpc-oke (recommended parameters by shape) and OCI's page on MI300X. RCCL reads NCCL's variables.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .shapes import Shape

_CONNECTX: Mapping[str, str] = MappingProxyType(
    {
        "NCCL_CUMEM_ENABLE": "0",
        "NCCL_IB_GID_INDEX": "3",
        "NCCL_IB_SL": "0",
        "NCCL_IB_TC": "41",
        "NCCL_IB_TIMEOUT": "22",
        "NCCL_NET_PLUGIN": "none",
    }
)
"""The variables for every ConnectX network of Oracle."""

ALL_REDUCE_FLOORS: Mapping[str, int] = MappingProxyType(
    {"BM.GPU.MI300X.8": 350, "BM.GPU.MI355X-v1.8": 350, "BM.GPU.MI355X.8": 350}
)
"""Least average bus bandwidth of all-reduce over two healthy nodes, in GB/s by shape. Messages of 1 to 16 GiB."""

ALL_REDUCE_SOURCE = "oci-hpc, playbooks/roles/healthchecks/files/multi_node_active_healthcheck.py"
LINK_SOURCE = "oci-gpu-quickstarts, amd/MI300X: the RDMA cards of a node and their rate"

VIRTUAL_FUNCTION_PREFIX = "mlx5"
"""A pod with virtual functions sees only these, so the prefix matches exactly its cards."""

POD_INTERFACE = "eth0"
"""The interface with the pod's own address. Ranks find each other over it."""


def rccl_variables(shape: Shape, *, virtual_functions: bool = True) -> dict[str, str] | None:
    """RCCL's variables for a pod on nodes of the shape; None if no source states them for its network cards.

    `virtual_functions`: whether the pod has virtual functions of the cards (default) or the host's own cards. The
    host's cards are listed by name, because the front-end card has the same driver.
    """
    cards = [nic.hca for nic in shape.rdma_nics]
    if not cards or not all(card.startswith(f"{VIRTUAL_FUNCTION_PREFIX}_") for card in cards):
        return None
    named = VIRTUAL_FUNCTION_PREFIX if virtual_functions else "=" + ",".join(cards)
    sockets = {"NCCL_SOCKET_IFNAME": POD_INTERFACE, "GLOO_SOCKET_IFNAME": POD_INTERFACE}
    return {**_CONNECTX, "NCCL_IB_HCA": named, **(sockets if virtual_functions else {})}
