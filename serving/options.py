"""Resource options of the children of serving components."""

import pulumi


def child(parent: pulumi.Resource, opts: pulumi.ResourceOptions | None = None) -> pulumi.ResourceOptions:
    """Options of a child of `parent`, which passes its Kubernetes provider on. `opts` adds to them."""
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(parent=parent))
