"""RCCL's settings for traffic between nodes, by shape.

Figures: oci-hpc-oke (recommended parameters by shape) and OCI's page of MI300X. RCCL reads NCCL's variables.
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
"""The same on every ConnectX network of Oracle's."""

VIRTUAL_FUNCTION_PREFIX = "mlx5"
"""A pod that holds virtual functions sees no others: the prefix alone matches its cards."""

POD_INTERFACE = "eth0"
"""The interface of the pod's own address, over which ranks find each other."""


def rccl_variables(shape: Shape, *, virtual_functions: bool = True) -> dict[str, str] | None:
    """RCCL's variables of a pod on nodes of the shape; None where no source states them for its network cards.

    `virtual_functions` tells whether the pod holds virtual functions of the cards (default) or the host's own, which
    have to be named one by one: the front-end card has the same driver.
    """
    cards = [nic.hca for nic in shape.rdma_nics]
    if not cards or not all(card.startswith(f"{VIRTUAL_FUNCTION_PREFIX}_") for card in cards):
        return None
    named = VIRTUAL_FUNCTION_PREFIX if virtual_functions else "=" + ",".join(cards)
    sockets = {"NCCL_SOCKET_IFNAME": POD_INTERFACE, "GLOO_SOCKET_IFNAME": POD_INTERFACE}
    return {**_CONNECTX, "NCCL_IB_HCA": named, **(sockets if virtual_functions else {})}
