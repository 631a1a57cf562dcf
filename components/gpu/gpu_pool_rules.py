"""Checks of a GPU pool before anything is created."""

import re
from collections.abc import Iterator

from components.cluster.pool_rules import node_problems, size_problems, version_problems
from facts.kubernetes import GPU_MAX_PODS
from facts.ocids import parse_ocid
from facts.problem import Problem
from facts.shapes import GPU_SHAPES, Shape, find_shape

PLACEMENT_CONSTRAINTS = ("SINGLE_TIER", "SINGLE_BLOCK", "PACKED_DISTRIBUTION_MULTI_BLOCK")
_ORACLE_LINUX = re.compile(
    r"oracle[\s_-]*(autonomous[\s_-]*)?linux|\bOL[789]\b|\bOL-?\d+\.\d", re.IGNORECASE | re.ASCII
)


def gpu_pool_problems(
    *,
    kubernetes_version: str,
    shape: str,
    nodes: int,
    availability_domains: int,
    min_nodes: int | None = None,
    max_nodes: int | None = None,
    size_owner: str | None = None,
    rdma: bool = True,
    preemptible: bool = False,
    reserved: bool = False,
    max_pods: int | None = GPU_MAX_PODS,
    boot_volume_gib: int | None = None,
    path: str,
) -> Iterator[Problem]:
    """Problems of a GPU pool's plain values. `reserved`: it has a capacity reservation."""
    yield from version_problems(kubernetes_version, path=path)
    yield from size_problems(nodes, min_nodes, max_nodes, size_owner=size_owner, path=path)
    yield from node_problems(boot_volume_gib=boot_volume_gib, max_pods=max_pods, path=path)
    found = find_shape(shape)
    if not found or not found.gpus:
        allowed = f"must be a GPU shape: {', '.join(GPU_SHAPES)}"
        yield Problem.not_one_of(f"{path}.shape", shape, GPU_SHAPES, allowed)
    else:
        yield from _shape_problems(found, rdma, preemptible, path)
    if reserved and preemptible:
        yield Problem(
            f"{path}.preemptible", True, "must be false: a capacity reservation has no preemptible nodes"
        )
    if availability_domains > 1 and (rdma or reserved):
        what = "a compute cluster" if rdma else "a capacity reservation"
        yield Problem(
            f"{path}.availabilityDomains",
            availability_domains,
            f"must be one: {what} is in one availability domain",
            "Create one pool for each availability domain",
        )


def _shape_problems(shape: Shape, rdma: bool, preemptible: bool, path: str) -> Iterator[Problem]:
    if shape.bare_metal and preemptible:
        yield Problem(
            f"{path}.preemptible",
            True,
            "must be false: OCI has no preemptible bare-metal instances",
            f"{shape.name} is a bare-metal shape",
        )
    if rdma and not shape.rdma:
        yield Problem(f"{path}.rdma", True, f"must be false: {shape.name} has no RDMA network")


def network_shape_problems(shape: str, *, path: str) -> Iterator[Problem]:
    """A shape without RDMA, which no cluster network accepts."""
    found = find_shape(shape)
    if found and found.gpus and not found.rdma:
        yield Problem(
            f"{path}.shape", shape, "must be a shape with RDMA: a cluster network connects its nodes by it"
        )


def image_problems(
    image_id: str | None, image_name: str | None, *, rdma: bool, path: str
) -> Iterator[Problem]:
    """An invalid image id, and an operating system whose images do not start RDMA in a node pool."""
    if image_id is not None:
        found = parse_ocid(image_id)
        if not found or found.resource_type != "image":
            yield Problem(f"{path}.imageId", image_id, "must be the OCID of an image")
    if rdma and image_name and _ORACLE_LINUX.search(image_name):
        yield Problem(
            f"{path}.imageName",
            image_name,
            "must not be Oracle Linux in a pool with RDMA",
            "Use the Ubuntu image with ROCm and OFED drivers, or set rdma to false",
        )


def self_managed_image_problems(image_name: str | None, *, path: str) -> Iterator[Problem]:
    """An image in which no self-managed GPU node can join a cluster.

    Oracle's page "Prerequisites for Self-Managed Node Creation" names OKE's own images of Oracle Linux, and Ubuntu. An
    image with ROCm and RDMA is of Ubuntu.
    """
    if image_name and "ubuntu" not in image_name.lower() and not _ORACLE_LINUX.search(image_name):
        allowed = (
            "must be an image of Ubuntu: self-managed nodes join a cluster only with it, or an image of OKE"
        )
        yield Problem(
            f"{path}.imageName", image_name, allowed, "Use the Ubuntu image with ROCm and OFED drivers"
        )


def constraint_problems(placement_constraint: str | None, *, rdma: bool, path: str) -> Iterator[Problem]:
    """An unknown placement in the RDMA network, and a placement without a compute cluster."""
    if placement_constraint is None:
        return
    where = f"{path}.placementConstraint"
    if placement_constraint not in PLACEMENT_CONSTRAINTS:
        yield Problem.not_one_of(where, placement_constraint, PLACEMENT_CONSTRAINTS)
    elif not rdma:
        yield Problem(
            where, placement_constraint, "must not be set: a pool without rdma has no compute cluster"
        )
