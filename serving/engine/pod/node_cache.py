"""A folder on the node for compiled kernels, as a volume claim that engines mount."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta

from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from serving.engine.server_rules import label_problems
from serving.options import child

SIZE_GIB = 100
"""Size for the scheduler. It is not enforced: a local folder has no size limit."""


@dataclass(frozen=True, kw_only=True)
class NodeCacheArgs:
    """The inputs of a node cache."""

    namespace: pulumi.Input[str]
    """Namespace of the claim. It must exist."""

    claim_name: str
    """Name of the claim, unique in the namespace: 1 to 63 of a-z, 0-9 and -."""

    path: str
    """Absolute path of the folder on every node. It must exist: the boot script of GPU pools creates it."""

    node_selector: Mapping[str, str]
    """Labels of the nodes that have the folder."""

    read_only: bool | None = None
    """Whether it is always mounted read-only, even if a pod requests write access. Default: no."""

    labels: Mapping[str, str] | None = None
    """More labels. Default: none."""


class NodeCache(CheckedArgs, pulumi.ComponentResource):
    """A local volume on the node that a pod runs on, and its claim.

    Every node has its own folder at the same path. Nothing is copied between them. Deleting the component does not
    delete the folders.
    """

    claim_name: pulumi.Output[str]
    """Name of the claim, known once it exists."""

    def __init__(self, name: str, args: NodeCacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(
            node_cache_problems(args.claim_name, args.path, args.node_selector, path=name),
            f"node cache {name}",
        )
        super().__init__("genai:index:NodeCache", name, {}, opts)
        labels = {**(args.labels or {}), "app.kubernetes.io/managed-by": "pulumi"}
        capacity = {"storage": f"{SIZE_GIB}Gi"}
        # No storage class: the claim binds to this volume by name, and nothing is provisioned.
        volume = core.v1.PersistentVolume(
            f"{name}-volume",
            core.v1.PersistentVolumeInitArgs(
                metadata=meta.v1.ObjectMetaArgs(name=name, labels=labels), spec=_volume(args, capacity)
            ),
            opts=child(self),
        )
        claim = core.v1.PersistentVolumeClaim(
            f"{name}-claim",
            core.v1.PersistentVolumeClaimInitArgs(
                metadata=meta.v1.ObjectMetaArgs(
                    name=args.claim_name, namespace=args.namespace, labels=labels
                ),
                spec=core.v1.PersistentVolumeClaimSpecArgs(
                    access_modes=["ReadWriteMany"],
                    storage_class_name="",
                    volume_name=volume.metadata.apply(lambda metadata: metadata.name or name),
                    resources=core.v1.VolumeResourceRequirementsArgs(requests=capacity),
                ),
            ),
            opts=child(self),
        )
        self.claim_name = claim.metadata.apply(lambda metadata: metadata.name or args.claim_name)
        self.register_outputs({"claimName": self.claim_name})


def _volume(args: NodeCacheArgs, capacity: Mapping[str, str]) -> "core.v1.PersistentVolumeSpecArgs":
    return core.v1.PersistentVolumeSpecArgs(
        capacity=capacity,
        access_modes=["ReadWriteMany"],
        persistent_volume_reclaim_policy="Retain",
        storage_class_name="",
        # Reserved for its claim. Otherwise another claim could bind first, and its owner could change what engines
        # load.
        claim_ref=core.v1.ObjectReferenceArgs(
            api_version="v1",
            kind="PersistentVolumeClaim",
            namespace=args.namespace,
            name=args.claim_name,
        ),
        # Read-only settings of a claim or a pod are not enforced.
        mount_options=["ro"] if args.read_only else None,
        local=core.v1.LocalVolumeSourceArgs(path=args.path),
        node_affinity=_on(args.node_selector),
    )


def _on(selector: Mapping[str, str]) -> "core.v1.VolumeNodeAffinityArgs":
    terms = [
        core.v1.NodeSelectorRequirementArgs(key=key, operator="In", values=[value])
        for key, value in sorted(selector.items())
    ]
    return core.v1.VolumeNodeAffinityArgs(
        required=core.v1.NodeSelectorArgs(
            node_selector_terms=[core.v1.NodeSelectorTermArgs(match_expressions=terms)]
        )
    )


def node_cache_problems(
    claim_name: str, folder: str, node_selector: Mapping[str, str], *, path: str
) -> Iterator[Problem]:
    """Problems at `path`.claimName, .path, .nodeSelector."""
    yield from label_problems(claim_name, f"{path}.claimName")
    if not folder.startswith("/") or folder == "/" or ".." in folder.split("/"):
        yield Problem(f"{path}.path", folder, "must be an absolute path below the root")
    if not node_selector:
        yield Problem(f"{path}.nodeSelector", "", "must name the nodes that have the folder")
