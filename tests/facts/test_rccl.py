"""RCCL's settings, compared with the published ones."""

from facts.rccl import rccl_variables
from facts.shapes import MI300X, SHAPES

PUBLISHED = {
    "NCCL_IB_HCA": "=mlx5_0,mlx5_2,mlx5_3,mlx5_4,mlx5_5,mlx5_7,mlx5_8,mlx5_9",
    "NCCL_IB_GID_INDEX": "3",
    "NCCL_IB_TC": "41",
    "NCCL_IB_SL": "0",
    "NCCL_IB_TIMEOUT": "22",
    "NCCL_CUMEM_ENABLE": "0",
    "NCCL_NET_PLUGIN": "none",
}
"""oci-hpc-oke's recommended parameters for BM.GPU.MI300X.8, for pods on the host network."""


def test_pods_of_the_host_network_get_what_is_published():
    assert rccl_variables(MI300X, virtual_functions=False) == PUBLISHED


def test_pods_with_virtual_functions_use_their_prefix():
    found = rccl_variables(MI300X)
    assert found is not None
    assert found["NCCL_IB_HCA"] == "mlx5"
    assert {key: value for key, value in PUBLISHED.items() if key != "NCCL_IB_HCA"}.items() <= found.items()
    assert found["NCCL_SOCKET_IFNAME"] == "eth0"


def test_cards_without_published_settings_get_none():
    assert rccl_variables(SHAPES["BM.GPU.MI355X.8"]) is None
    assert rccl_variables(SHAPES["VM.Standard.E5.Flex"]) is None
