"""The storage class of volumes that pods claim, encrypted with a key of the vault."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import meta, storage

from serving.options import child

PROVISIONER = "blockvolume.csi.oraclecloud.com"
DEFAULT_MARK = "storageclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, kw_only=True)
class EncryptedClaimsArgs:
    """Which key, and under which name."""

    key_id: pulumi.Input[str]
    """OCID of the key. Block Volume must be granted its use; a change replaces the class, and holds for new volumes."""

    class_name: str | None = None
    """What claims call the class. Default: `encrypted`."""


class EncryptedClaims(pulumi.ComponentResource):
    """A default StorageClass of OCI block volumes. Where a cluster has two default classes the newer one counts, so
    claims that name no class get this one in place of OKE's `oci-bv`, which knows Oracle's key only."""

    class_name: pulumi.Output[str]
    """What claims call the class, known once it exists."""

    def __init__(
        self, name: str, args: EncryptedClaimsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("genai:index:EncryptedClaims", name, {}, opts)
        wanted = args.class_name or "encrypted"
        made = storage.v1.StorageClass(
            f"{name}-class",
            storage.v1.StorageClassInitArgs(
                provisioner=PROVISIONER,
                parameters={"kms-key-id": args.key_id},
                reclaim_policy="Delete",
                volume_binding_mode="WaitForFirstConsumer",
                allow_volume_expansion=True,
                metadata=meta.v1.ObjectMetaArgs(name=wanted, annotations={DEFAULT_MARK: "true"}),
            ),
            # Parameters cannot change and the name is taken: the old class goes first, volumes stay as they are.
            opts=child(self, pulumi.ResourceOptions(delete_before_replace=True)),
        )
        self.class_name = made.id.apply(lambda _: wanted)
        self.register_outputs({"className": self.class_name})
