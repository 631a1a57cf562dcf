"""Compute: Oracle's images, imported images, and the shapes on which they launch.

Sources: Oracle's page "All OKE Worker Node Oracle Linux 9.x Images", whose names contain the processor (`-aarch64-`)
and the drivers (`-Gen2-GPU-`); oci-arm-host-capacity #59 and k3s-oci-cluster #1 (an x86 image on A1),
pycloudlib #136 and terraform-provider-oci #345 (a GPU image on a shape without GPUs): OCI refuses each with 400.
AlmaLinux cloud-images #319: an imported image gets the shapes with x86 processors. Those with Arm are added by hand.
"""

import re
from typing import Any, Final

from facts.web_addresses import split_address
from sandbox.oci.cloud import Cloud
from sandbox.oci.computed import CreateContext, computed, provider_time
from sandbox.oci.errors import invalid_parameter, not_found
from sandbox.oci.lookups import Query, finds, function
from sandbox.oci.model import PROVIDED, Entry
from sandbox.oci.provided import provide
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks
from sandbox.oci.rules.references import refers
from sandbox.oci.services.compute.shapes import shape_exists

IMAGE: Final = "oci:Core/image:Image"

MANAGEMENT: Final = "oci:Core/shapeManagement:ShapeManagement"

finds("oci:Core/getImage:getImage", IMAGE, by="imageId")
refers(MANAGEMENT, imageId=(IMAGE,))

_ARM_IMAGE = re.compile(r"[-_.](aarch64|arm64)([-_.]|$)", re.IGNORECASE)
_GPU_IMAGE = re.compile(r"-(Gen2-)?GPU-")
_ARM_SHAPE = re.compile(r"(VM|BM)\.Standard\.A\d|BM\.GPU\.GB\d", re.ASCII)


def image_fits(call: Call, image: str, shape: str) -> bool:
    """Whether an image may be launched on a shape.

    An image that was imported here fits the shapes that a ShapeManagement gives it. Without one it fits neither a
    bare-metal GPU shape nor one with Arm processors. An adopted image (only its OCID is known) fits every shape.
    """
    found = call.cloud.find(image)
    if found is None or found.assumed or found.token != IMAGE:
        return True
    given = [each for each in call.cloud.referrers(image) if each.token == MANAGEMENT]
    if any(each.inputs.get("shapeName") == shape for each in given):
        return True
    imported, arm = found.owner != PROVIDED, bool(_ARM_SHAPE.match(shape))
    if imported:
        return not arm and not shape.startswith("BM.GPU.")
    if arm != bool(_ARM_IMAGE.search(found.name)) or shape.startswith("BM.GPU."):
        return False
    return "GPU" in shape or not _GPU_IMAGE.search(found.name)


def system_of(image: Entry) -> str:
    """The operating system of an image. Empty if it is unknown."""
    said = image.outputs.get("operatingSystem") or ""
    given = [each.get("operatingSystem") for each in blocks(image.inputs, "imageSourceDetails")]
    return str(next(filter(None, given), said))


@rule(MANAGEMENT)
def managed_shape(call: Call) -> None:
    """404 for compatibility with a shape that does not exist."""
    if not shape_exists(str(call.inputs.get("shapeName"))):
        raise not_found(f"shapeName: {call.inputs.get('shapeName')}")


@rule(IMAGE)
def image_source(call: Call) -> None:
    """400 unless an image is made of an instance or of an object (text of the SDK's CreateImageDetails)."""
    if not call.inputs.get("instanceId") and not blocks(call.inputs, "imageSourceDetails"):
        raise invalid_parameter("One of instanceId and imageSourceDetails is required.")


@rule(IMAGE)
def image_address(call: Call) -> None:
    """400 for a source that is no "Object Storage URL for the image" (the SDK's text). The status is unverified."""
    for source in blocks(call.inputs, "imageSourceDetails"):
        given = source.get("sourceUri")
        if isinstance(given, str) and not split_address(given):
            raise invalid_parameter("sourceUri: must be an Object Storage URL")


@computed(IMAGE)
def image_outputs(context: CreateContext) -> dict[str, Any]:
    """Its operating system: that of the source's details, or of the image of its instance."""
    details = next(iter(blocks(context.inputs, "imageSourceDetails")), {})
    instance = context.cloud.find(str(context.inputs.get("instanceId")))
    source = next(iter(blocks(instance.inputs, "sourceDetails")), {}) if instance else {}
    base = context.cloud.find(str(source.get("sourceId")))
    known = base.outputs if base else {}
    found = {
        name: details.get(name) or known.get(name) for name in ("operatingSystem", "operatingSystemVersion")
    }
    own = {name: value for name, value in found.items() if value}
    return {**own, "createImageAllowed": True, "baseImageId": base.id if base else ""}


PLATFORM_IMAGES = (
    ("Oracle-Linux-9.6-2026.09.30-0", "Oracle Linux", "9"),
    ("Oracle-Linux-8.10-2026.09.30-0", "Oracle Linux", "8"),
    ("Canonical-Ubuntu-24.04-2026.08.31-0", "Canonical Ubuntu", "24.04"),
    ("Canonical-Ubuntu-22.04-2026.08.31-0", "Canonical Ubuntu", "22.04"),
)
"""Name, system, version. As in OCI, none of them contains AMD's drivers: MI300X pools need an imported image."""


def platform_images(cloud: Cloud, region: str) -> list[Entry]:
    """The images that Oracle publishes, as entries of the model."""
    found: list[Entry] = []
    for name, system, version in PLATFORM_IMAGES:
        outputs = {
            "displayName": name,
            "operatingSystem": system,
            "operatingSystemVersion": version,
            "state": "AVAILABLE",
            "timeCreated": provider_time(),
            "launchMode": "NATIVE",
            "sizeInMbs": "47694",
            "listingType": "NONE",
        }
        entry = cloud.find(provide(cloud, IMAGE, region, name, outputs))
        found.extend([entry] if entry else [])
    return found


@function("oci:Core/getImages:getImages")
def images(query: Query) -> dict[str, Any]:
    platform_images(query.cloud, query.region)
    found = [each.outputs for each in query.cloud.all(IMAGE, region=query.region) if not each.assumed]
    for name in ("displayName", "operatingSystem", "operatingSystemVersion", "state"):
        if query.args.get(name):
            found = [each for each in found if each.get(name) == query.args[name]]
    return {"images": [each for each in found if "-OKE-" not in str(each.get("displayName"))]}
