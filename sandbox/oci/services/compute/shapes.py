"""Compute: the shapes, and the configuration of flexible ones."""

import re
from typing import Any

from facts.shapes import SHAPES, Shape, find_shape
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.lookups import Query, function
from sandbox.oci.rules.reading import number

_OTHER_SHAPES = re.compile(
    r"VM\.Standard(2\.(1|2|4|8|16|24)|\.E2\.(1|2|4|8|1\.Micro)|\.E3\.Flex|\.A1\.Flex|\.A2\.Flex)"
    r"|VM\.Optimized3\.Flex|VM\.DenseIO2\.(8|16|24)|VM\.DenseIO\.E[45]\.Flex"
    r"|VM\.GPU(2\.1|3\.[124]|\.A10\.[12])"
    r"|BM\.Standard(2\.52|3\.64|\.E[2-6]\.\d+|\.A1\.160|\.A4\.48)|BM\.(DenseIO2\.52|DenseIO\.E[45]\.128|HPC2\.36)"
    r"|BM\.(Optimized3\.36|HPC\.E5\.144)"
    r"|BM\.GPU(2\.2|3\.8|4\.8|\.A10\.4|\.A100-v2\.8|\.L40S\.4|\.H100\.8|\.H100T\.8|\.H200\.8|\.B200\.8|\.B300\.8"
    r"|\.GB200\.4|\.GB300\.4|\.RTXPRO\.8)",
    re.ASCII,
)
"""Shapes of OCI for which this toolkit has no figures. Limits do not count them."""


def shape_exists(name: str) -> bool:
    """Whether OCI has a shape of this name (Oracle's page on compute shapes)."""
    return find_shape(name) is not None or _OTHER_SHAPES.fullmatch(name) is not None


def shape_names() -> tuple[str, ...]:
    """The shapes of which the sandbox knows the figures."""
    return tuple(SHAPES)


def is_flexible(name: str) -> bool:
    """Whether OCPUs and memory must be given."""
    return name.endswith(".Flex")


def shape_config_problem(name: str, config: list[dict[str, Any]]) -> OciError | None:
    """400 unless a flexible shape has OCPUs and memory within its bounds. In the compute service's words."""
    if not is_flexible(name):
        return None
    if not config:
        return invalid_parameter(
            "Invalid ShapeConfig: null (Cannot launch flexible instance without ShapeConfig)"
        )
    shape, ocpus, memory = find_shape(name), number(config[0], "ocpus"), number(config[0], "memoryInGbs")
    if ocpus is None:
        return invalid_parameter("Invalid ShapeConfig: ocpus must not be null")
    if shape is None:
        return None
    return _out_of_bounds(shape, ocpus, memory)


def _out_of_bounds(shape: Shape, ocpus: float, memory: float | None) -> OciError | None:
    low, high = shape.min_ocpus or 1, shape.max_ocpus or 1
    if not low <= ocpus <= high:
        return invalid_parameter(
            f"Invalid ShapeConfig: ocpus {ocpus:g} must be between {low} and {high} for shape {shape.name}"
        )
    if memory is None:
        return None
    least = max(1, ocpus * (shape.min_memory_gib_per_ocpu or 1))
    most = min(shape.max_memory_gib or memory, ocpus * (shape.max_memory_gib_per_ocpu or memory))
    if not least <= memory <= most:
        return invalid_parameter(
            f"Invalid ShapeConfig: memoryInGBs {memory:g} must be between {least:g} and {most:g} "
            f"for {ocpus:g} ocpus of shape {shape.name}"
        )
    return None


def is_bare_metal(name: str) -> bool:
    """Whether an instance uses the whole host: BM.* shapes."""
    return name.startswith("BM.")


def preemptible_problem(shape: str) -> OciError | None:
    """400 for preemptible bare metal: preemptible capacity is for virtual machines."""
    if not is_bare_metal(shape):
        return None
    return invalid_parameter(f"Invalid Preemptible instance shape: {shape} (is not supported)")


_TITLES = {"amd": "AMD", "nvidia": "NVIDIA", "intel": "Intel", "arm": "Ampere"}


@function("oci:Core/getShapes:getShapes")
def shapes(query: Query) -> dict[str, Any]:
    wanted = query.args.get("shape")
    return {"shapes": [_shape(each) for each in SHAPES.values() if wanted in (None, each.name)]}


def _shape(shape: Shape) -> dict[str, Any]:
    drives = shape.nvme_drives or 0
    size = drives * (shape.nvme_drive_tb or 0) * 1000
    row: dict[str, Any] = {
        "name": shape.name,
        "gpus": shape.gpus or 0,
        "gpuDescription": f"{_TITLES.get(shape.vendor, '')} {shape.gpu_name or ''}".strip()
        if shape.gpus
        else "",
        "isFlexible": shape.flexible,
        "billingType": "PAID",
        "isBilledForStoppedInstance": shape.kind == "bare-metal",
        "localDisks": drives,
        "localDisksTotalSizeInGbs": size,
        "localDiskDescription": f"{drives} drives, {size / 1000:g} TB NVMe SSD Storage" if drives else "",
        "networkingBandwidthInGbps": shape.front_gbps or 0,
        "rdmaPorts": len(shape.rdma_nics),
        "rdmaBandwidthInGbps": shape.rdma_gbps or 0,
        "memoryInGbs": shape.memory_gib or 16,
        "ocpus": shape.cores or 1,
        "quotaNames": [shape.gpu_limit_name] if shape.gpu_limit_name else [],
    }
    if shape.flexible:
        row["ocpuOptions"] = [{"min": shape.min_ocpus, "max": shape.max_ocpus}]
    return row
