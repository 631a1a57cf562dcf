"""A node image that is imported from an address."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import core

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from facts.shapes import find_shape
from facts.web_addresses import split_address

from .gpu_nodes_args import GpuNodesArgs


@dataclass(frozen=True, kw_only=True)
class NodeImageArgs:
    """An image to import into one region."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment."""

    image_name: str
    """Name of the image file. A new name imports another image. A new address with the same name does not."""

    url: pulumi.Input[str]
    """Object Storage address of the image, for example a pre-authenticated request. It is read once, during the
    import."""

    shapes: Sequence[str]
    """Shapes that are marked as compatible with the image. OCI refuses some working pairs that are not marked."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags."""


class NodeImage(CheckedArgs, pulumi.ComponentResource):
    """A custom image that is imported (20 GB in 30 to 60 minutes) and marked as compatible with its shapes."""

    image_id: pulumi.Output[str]
    """OCID of the image, after its shapes are added. It exists only in this region."""

    def __init__(self, name: str, args: NodeImageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        found = [
            *node_image_problems(args.image_name, args.shapes, path=name),
            *image_address_problems(args.url, path=f"{name}.url"),
        ]
        refuse(found, f"the image {name}")
        super().__init__("genai:index:NodeImage", name, {}, opts)
        image = core.Image(
            f"{name}-{_slug(args.image_name)}",
            core.ImageArgs(
                compartment_id=args.compartment_id,
                display_name=args.image_name,
                image_source_details=core.ImageImageSourceDetailsArgs(
                    source_type="objectStorageUri", source_uri=args.url
                ),
                freeform_tags=args.tags,
            ),
            opts=child(
                self,
                # The address can change for the same image. The image's name is part of this resource's name.
                pulumi.ResourceOptions(
                    ignore_changes=["imageSourceDetails.sourceUri"],
                    custom_timeouts=pulumi.CustomTimeouts(create="3h", delete="1h"),
                ),
            ),
        )
        compatible = [
            core.ShapeManagement(
                f"{name}-{_slug(args.image_name)}-{shape}",
                core.ShapeManagementArgs(
                    compartment_id=args.compartment_id, image_id=image.id, shape_name=shape
                ),
                opts=child(self),
            )
            for shape in args.shapes
        ]
        # Users of the id must wait for the shapes too: an earlier launch fails.
        self.image_id = pulumi.Output.all(*(shape.image_id for shape in compatible)).apply(lambda ids: ids[0])
        self.register_outputs({"imageId": self.image_id})


def pool_image(
    parent: pulumi.ComponentResource, name: str, args: GpuNodesArgs, shape: str
) -> pulumi.Input[str]:
    """The OCID of the image of a pool's nodes, which may be imported first."""
    if args.image_id is not None:
        return args.image_id
    imported = NodeImage(
        f"{name}-image",
        NodeImageArgs(
            compartment_id=args.compartment_id,
            image_name=args.image_name or "",
            url=args.image_url or "",
            shapes=[shape],
            tags=args.tags,
        ),
        opts=child(parent),
    )
    return imported.image_id


def _slug(image_name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", image_name.lower().removesuffix(".oci")).strip("-")


def node_image_problems(image_name: str, shapes: Sequence[str], *, path: str) -> Iterator[Problem]:
    """An image without a name or shapes, and unknown shapes."""
    if not _slug(image_name):
        yield Problem(f"{path}.imageName", image_name, "must be the name of the image file")
    if not shapes:
        yield Problem(f"{path}.shapes", [], "must name the shapes that use the image")
    for index, shape in enumerate(shapes):
        if not find_shape(shape):
            yield Problem(f"{path}.shapes[{index}]", shape, "must be a shape that this toolkit knows")
        elif shape in shapes[:index]:
            yield Problem(f"{path}.shapes[{index}]", shape, "must not be repeated")


def image_address_problems(url: object, *, path: str) -> Iterator[Problem]:
    """Text that is no address of an object. An address that only the engine knows passes.

    Source: the SDK's text of sourceUri, "The Object Storage URL for the image".
    """
    address = split_address(url) if isinstance(url, str) else None
    if isinstance(url, str) and not (address and address.path.strip("/")):
        fix = "A pre-authenticated request of the object is such an address"
        # What follows /p/ in a pre-authenticated address is a secret.
        yield Problem(path, url.partition("/p/")[0], "must be the https address of an object", fix)
