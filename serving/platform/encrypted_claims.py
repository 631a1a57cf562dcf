"""A storage class whose volumes are encrypted with a key of the vault."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import meta, storage

from facts.checked_args import CheckedArgs
from serving.options import child

PROVISIONER = "blockvolume.csi.oraclecloud.com"
DEFAULT_MARK = "storageclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, kw_only=True)
class EncryptedClaimsArgs:
    """The key and the name of the storage class."""

    key_id: pulumi.Input[str]
    """OCID of the key. Block Volume needs a policy to use it. A change replaces the class and affects new volumes
    only."""

    class_name: str | None = None
    """Name of the class in claims. Default: `encrypted`."""


class EncryptedClaims(CheckedArgs, pulumi.ComponentResource):
    """A default StorageClass for OCI block volumes. If a cluster has two default classes, Kubernetes uses the newer
    one. So claims without a class use this one instead of OKE's `oci-bv`, which supports only Oracle's key."""

    class_name: pulumi.Output[str]
    """Name of the class in claims, known after it exists."""

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
            # Parameters cannot change and the name must stay: the old class is deleted first. Volumes do not change.
            opts=child(self, pulumi.ResourceOptions(delete_before_replace=True)),
        )
        self.class_name = made.id.apply(lambda _: wanted)
        self.register_outputs({"className": self.class_name})
