"""Peaks of a GPU that bound the speed of a model.

Source: AMD Instinct MI300X data sheet (HBM3 5.3 TB/s; dense peaks of 1,307.4 TFLOPS in BF16 and 2,614.9 in FP8; eight
links, of which seven join the GPUs of a node at 64 GB/s in each direction).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from facts.shapes import Shape


@dataclass(frozen=True, kw_only=True)
class Peaks:
    """Peaks of one GPU. They are never reached: the fit finds which share of them is."""

    memory_bytes_per_second: float
    bf16_flops: float
    """Dense, in floating-point operations a second."""
    fp8_flops: float
    link_bytes_per_second: float
    """To all other GPUs of the node together, in one direction."""

    def flops(self, weight_type: str) -> float:
        """The peak of the format in which the weights are multiplied. Formats of 4 bits are converted to BF16 first:
        gfx942 has no units for them."""
        return self.fp8_flops if weight_type == "fp8" else self.bf16_flops


PEAKS: Mapping[str, Peaks] = MappingProxyType(
    {
        "MI300X": Peaks(
            memory_bytes_per_second=5.3e12,
            bf16_flops=1307.4e12,
            fp8_flops=2614.9e12,
            link_bytes_per_second=7 * 64e9,
        )
    }
)
"""By the name of the GPU. There are no peaks for a GPU of which no measurements are known."""


def peaks_of(shape: Shape) -> Peaks | None:
    """The peaks of the shape's GPUs, or None."""
    return PEAKS.get(shape.gpu_name or "")
