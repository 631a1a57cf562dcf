"""The compute shapes that this toolkit knows: the hardware of a node, and the names of its network cards.

All figures of a shape are defined only here. RCCL settings, VF policies, node checks, quotas and memory plans use them.
Sources: the MI300X page of oci-gpu-quickstarts (GPU, CPU, NVMe), oci-hpc (health checks, DRM nodes, HCA order) and
oci-hpc-oke (PCI functions). The limits of the flexible shapes are unverified: their source is said to be Oracle's page
"Compute Shapes". Only the service knows the real limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["bare-metal", "vm"]
Vendor = Literal["amd", "intel", "ampere"]


@dataclass(frozen=True, kw_only=True)
class RdmaNic:
    """One RDMA port: its network interface, its verbs device and its PCI function."""

    interface: str
    hca: str
    pci: str | None = None


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One compute shape. Memory in GiB, drives in TB (decimal), links in Gb/s. None: no source was found."""

    name: str
    kind: Kind
    vendor: Vendor
    """Maker of the GPUs, or of the processor of a shape without GPUs."""
    gpus: int = 0
    gpu_name: str | None = None
    gpu_memory_gib: int | None = None
    """Memory of one GPU."""
    gfx: str | None = None
    """The LLVM target of the GPU, for which ROCm code is compiled."""
    cores: int | None = None
    """Physical cores of the whole node. None for flexible shapes, see max_ocpus."""
    memory_gib: int | None = None
    nvme_drives: int = 0
    nvme_drive_tb: float | None = None
    front_gbps: int | None = None
    rdma_nics: tuple[RdmaNic, ...] = ()
    rdma_gbps: int | None = None
    """Of one RDMA port."""
    render_nodes: tuple[str, ...] = ()
    """DRM device names in GPU order."""
    flexible: bool = False
    min_ocpus: int | None = None
    max_ocpus: int | None = None
    min_memory_gib_per_ocpu: int | None = None
    max_memory_gib_per_ocpu: int | None = None
    max_memory_gib: int | None = None
    gpu_limit_name: str | None = None
    """The service limit and quota for this shape; None if Oracle lists none."""
    note: str = ""

    @property
    def bare_metal(self) -> bool:
        return self.kind == "bare-metal"

    @property
    def rdma(self) -> bool:
        """Whether nodes of this shape can be joined by an RDMA network."""
        return bool(self.rdma_nics) or self.rdma_gbps is not None


def _rdma(hcas: tuple[str, ...], pci: tuple[str, ...] = ()) -> tuple[RdmaNic, ...]:
    functions = pci or (None,) * len(hcas)
    return tuple(
        RdmaNic(interface=f"rdma{index}", hca=hca, pci=f"0000:{bus}:00.0" if bus else None)
        for index, (hca, bus) in enumerate(zip(hcas, functions, strict=True))
    )


def _mi355x(name: str, nics: tuple[RdmaNic, ...], note: str) -> Shape:
    return Shape(
        name=name,
        kind="bare-metal",
        vendor="amd",
        gpus=8,
        gpu_name="MI355X",
        gpu_memory_gib=288,
        gfx="gfx950",
        cores=128,
        memory_gib=3072,
        nvme_drives=8,
        nvme_drive_tb=7.68,
        rdma_nics=nics,
        rdma_gbps=400,
        note=note,
    )


def _flexible(name: str, vendor: Vendor, max_ocpus: int, max_memory_gib: int) -> Shape:
    return Shape(
        name=name,
        kind="vm",
        vendor=vendor,
        flexible=True,
        min_ocpus=1,
        max_ocpus=max_ocpus,
        min_memory_gib_per_ocpu=1,
        max_memory_gib_per_ocpu=64,
        max_memory_gib=max_memory_gib,
    )


MI300X = Shape(
    name="BM.GPU.MI300X.8",
    kind="bare-metal",
    vendor="amd",
    gpus=8,
    gpu_name="MI300X",
    gpu_memory_gib=192,
    gfx="gfx942",
    cores=112,
    memory_gib=2048,
    nvme_drives=8,
    nvme_drive_tb=3.5,
    front_gbps=100,
    # The gaps are correct: mlx5_1 is the front-end card, and mlx5_6 is not an RDMA port either.
    rdma_nics=_rdma(
        ("mlx5_0", "mlx5_2", "mlx5_3", "mlx5_4", "mlx5_5", "mlx5_7", "mlx5_8", "mlx5_9"),
        ("0c", "2a", "41", "58", "86", "a5", "bd", "d5"),
    ),
    rdma_gbps=400,
    render_nodes=tuple(f"renderD{number}" for number in range(128, 192, 8)),
    gpu_limit_name="gpu-mi300x-count",
    note="Whole bare-metal nodes only; no VM shape exists.",
)

_ALL = (
    MI300X,
    _mi355x(
        "BM.GPU.MI355X-v1.8",
        _rdma(tuple(f"mlx5_{index}" for index in range(8))),
        "ConnectX-7 variant. Oracle lists no limit name for MI355X.",
    ),
    _mi355x(
        "BM.GPU.MI355X.8",
        _rdma(tuple(f"ionic_{index}" for index in range(8))),
        "Pollara variant with its own image. Sources conflict: oci-hpc still maps it to mlx5 devices.",
    ),
    _mi355x("BM.GPU.MI355X-v0.8", (), "Only oci-hpc names it. Its network cards are not documented."),
    _flexible("VM.Standard.E4.Flex", "amd", 64, 1024),
    _flexible("VM.Standard.E5.Flex", "amd", 94, 1049),
    _flexible("VM.Standard.E6.Flex", "amd", 126, 1454),
    _flexible("VM.Standard3.Flex", "intel", 32, 512),
)

SHAPES: Mapping[str, Shape] = MappingProxyType({shape.name: shape for shape in _ALL})

GPU_SHAPES: Mapping[str, Shape] = MappingProxyType(
    {name: shape for name, shape in SHAPES.items() if shape.gpus}
)


def find_shape(name: str) -> Shape | None:
    """The shape with this exact name, or None. OCI's shape names are case-sensitive."""
    return SHAPES.get(name)
