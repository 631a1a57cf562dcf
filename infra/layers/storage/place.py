"""The subnet, keys and prerequisites of storage."""

from dataclasses import dataclass

import pulumi

from infra.program.context import Context
from infra.program.outputs import NetworkLayer


@dataclass(frozen=True, kw_only=True)
class Place:
    """The subnet and keys of volumes and file systems, and the resources that must exist before them."""

    context: Context
    network: NetworkLayer
    key_id: pulumi.Output[str] | None
    """Key of buckets and file systems."""

    volumes_key_id: pulumi.Output[str] | None
    """Key of block volumes."""

    ready: list[pulumi.Resource]

    @property
    def subnet_id(self) -> pulumi.Output[str]:
        """The subnet of file systems."""
        return self.network.subnet_ids["private"]

    @property
    def options(self) -> pulumi.ResourceOptions:
        """Options of a component that needs a grant for the key or the network."""
        waiting = pulumi.ResourceOptions(depends_on=self.ready)
        return pulumi.ResourceOptions.merge(self.context.in_region, waiting)
