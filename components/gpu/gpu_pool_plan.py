"""The resolved arguments of a GPU pool: shape, boot metadata, and all problems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.cluster.pool_rules import kubelet_argument_problems, placement_problems
from facts.problem import Problem
from facts.shapes import MI300X

from .cluster_network_pool_args import ClusterNetworkPoolArgs
from .gpu_nodes_args import GpuNodesArgs
from .gpu_pool_args import GpuPoolArgs
from .node_image import image_address_problems
from .pool_choices import (
    choice_problems,
    network_choice_problems,
    network_pool_metadata,
    pool_metadata,
)


@dataclass(frozen=True, kw_only=True)
class PoolPlan:
    """The part of a GPU pool that can be resolved without the cloud. If there are problems, the metadata is empty."""

    shape: str
    rdma: bool
    metadata: Mapping[str, str]
    problems: tuple[Problem, ...]


def plan_pool(args: GpuPoolArgs, name: str) -> PoolPlan:
    """Fills in the defaults, runs the checks and renders the boot script."""
    shape, rdma = args.shape or MI300X.name, args.rdma is not False
    problems = tuple(_problems(args, name))
    metadata = (
        {}
        if problems
        else pool_metadata(
            args, args.kubernetes_version, args.kubelet_arguments, args.credential_provider, rdma=rdma
        )
    )
    return PoolPlan(shape=shape, rdma=rdma, metadata=metadata, problems=problems)


def _problems(args: GpuPoolArgs, name: str) -> Iterator[Problem]:
    yield from choice_problems(
        args,
        kubernetes_version=args.kubernetes_version,
        availability_domains=len(args.availability_domains),
        image_id=args.image_id if isinstance(args.image_id, str) else None,
        image_name=args.image_name,
        kubelet_arguments=args.kubelet_arguments,
        credential_provider=args.credential_provider,
        path=name,
    )
    yield from _image_choice_problems(args, name)
    yield from placement_problems(
        len(args.availability_domains), args.fault_domains or (), size_owner=args.size_owner, path=name
    )
    yield from kubelet_argument_problems(args.kubelet_arguments or {}, path=name)


def plan_network_pool(args: ClusterNetworkPoolArgs, name: str) -> PoolPlan:
    """The same for a pool in a cluster network."""
    problems = (
        *network_choice_problems(
            args,
            kubernetes_version=args.kubernetes_version,
            image_id=args.image_id if isinstance(args.image_id, str) else None,
            image_name=args.image_name,
            kubelet_arguments=args.kubelet_arguments,
            credential_provider=args.credential_provider,
            path=name,
        ),
        *_image_choice_problems(args, name),
        *kubelet_argument_problems(args.kubelet_arguments or {}, path=name),
    )
    metadata = (
        {}
        if problems
        else network_pool_metadata(
            args, args.kubernetes_version, args.kubelet_arguments, args.credential_provider
        )
    )
    return PoolPlan(shape=args.shape or MI300X.name, rdma=True, metadata=metadata, problems=problems)


def _image_choice_problems(args: GpuNodesArgs, name: str) -> Iterator[Problem]:
    if (args.image_id is None) == (args.image_url is None):
        yield Problem(f"{name}.imageId", None, "must be set, or imageUrl, but not both")
    elif args.image_url is not None and not args.image_name:
        yield Problem(f"{name}.imageName", None, "must be set with imageUrl: a new name starts a new import")
    yield from image_address_problems(args.image_url, path=f"{name}.imageUrl")
