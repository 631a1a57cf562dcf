"""Where storage stands, and what must stand before it."""

from dataclasses import dataclass

import pulumi

from infra.program.context import Context, Ids


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the volumes and file systems stand, and what must stand before them."""

    context: Context
    subnet_id: pulumi.Output[str]
    group_ids: Ids
    key_id: pulumi.Output[str] | None
    """Key of buckets and file systems."""

    volumes_key_id: pulumi.Output[str] | None
    """Key of block volumes."""

    ready: list[pulumi.Resource]

    @property
    def options(self) -> pulumi.ResourceOptions:
        """Options of a component that uses the key or the network by a grant."""
        waiting = pulumi.ResourceOptions(depends_on=self.ready)
        return pulumi.ResourceOptions.merge(self.context.in_region, waiting)
