"""Shapes and images."""

from typing import Any

from facts.shapes import SHAPES, Shape
from sandbox.oci.functions import Query, function
from sandbox.oci.provided import IMAGE, platform_images

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


@function("oci:Core/getImages:getImages")
def images(query: Query) -> dict[str, Any]:
    platform_images(query.cloud, query.region)
    found = [each.outputs for each in query.cloud.all(IMAGE, region=query.region) if not each.assumed]
    for name in ("displayName", "operatingSystem", "operatingSystemVersion", "state"):
        if query.args.get(name):
            found = [each for each in found if each.get(name) == query.args[name]]
    return {"images": [each for each in found if "-OKE-" not in str(each.get("displayName"))]}
