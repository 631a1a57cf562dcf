"""Resource options that every component gives its children."""

import pulumi


def child(parent: pulumi.Resource, opts: pulumi.ResourceOptions | None = None) -> pulumi.ResourceOptions:
    """Options of a child of `parent`; `opts` adds to them and never replaces the parent."""
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(parent=parent))


def stateful(
    parent: pulumi.Resource, protect: bool | None, opts: pulumi.ResourceOptions | None = None
) -> pulumi.ResourceOptions:
    """Options of a child that holds data.

    `retain_on_delete` is not inherited from a component (unlike `protect`), so each holder of data sets both here.
    """
    kept = bool(protect)
    keeping = pulumi.ResourceOptions(protect=kept, retain_on_delete=kept)
    return child(parent, pulumi.ResourceOptions.merge(opts, keeping))
