"""What a GPU pool's arguments come to: shape, boot metadata, and everything that is wrong with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.cluster.boot_script import BootSettings, boot_metadata, metadata_problems
from components.cluster.pool_parts import HARDENED_METADATA, kubelet_metadata
from components.cluster.pool_rules import kubelet_argument_problems, placement_problems
from facts.problem import Problem
from facts.shapes import MI300X, find_shape

from .pool_choices import choice_problems, raid_level_of

if TYPE_CHECKING:
    from .gpu_pool import GpuPoolArgs


@dataclass(frozen=True, kw_only=True)
class PoolPlan:
    """The resolved part of a GPU pool that needs no cloud. With problems, the metadata is empty."""

    shape: str
    rdma: bool
    metadata: Mapping[str, str]
    problems: tuple[Problem, ...]


def plan_pool(args: "GpuPoolArgs", name: str) -> PoolPlan:
    """Defaults filled in, rules applied, boot script rendered."""
    shape, rdma = args.shape or MI300X.name, args.rdma is not False
    problems = tuple(_problems(args, name))
    metadata = {} if problems else pool_metadata(args, shape, rdma)
    problems += tuple(metadata_problems(metadata, path=f"{name}.metadata"))
    return PoolPlan(shape=shape, rdma=rdma, metadata=metadata, problems=problems)


def pool_metadata(args: "GpuPoolArgs", shape: str, rdma: bool) -> dict[str, str]:
    """Metadata of the pool's nodes."""
    known = find_shape(shape)
    settings = BootSettings(
        kubernetes_version=args.kubernetes_version,
        gpu=True,
        nvme_drives=known.nvme_drives if known else 0,
        raid_level=raid_level_of(args),
        rdma=rdma,
        node_packages_url=args.node_packages_url,
    )
    return boot_metadata(
        settings, {**HARDENED_METADATA, **kubelet_metadata(args.taints, args.kubelet_arguments)}
    )


def _problems(args: "GpuPoolArgs", name: str) -> Iterator[Problem]:
    yield from choice_problems(
        args,
        kubernetes_version=args.kubernetes_version,
        availability_domains=len(args.availability_domains),
        image_id=args.image_id if isinstance(args.image_id, str) else None,
        image_name=args.image_name,
        path=name,
    )
    yield from _image_choice_problems(args, name)
    yield from placement_problems(len(args.availability_domains), args.fault_domains or (), path=name)
    yield from kubelet_argument_problems(args.kubelet_arguments or {}, path=name)


def _image_choice_problems(args: "GpuPoolArgs", name: str) -> Iterator[Problem]:
    if (args.image_id is None) == (args.image_url is None):
        yield Problem(f"{name}.imageId", None, "must be set, or imageUrl, and not both")
    elif args.image_url is not None and not args.image_name:
        yield Problem(f"{name}.imageName", None, "must be set with imageUrl: it decides when to import again")
