"""Resource options that every component gives its children."""

from collections.abc import Iterable

import pulumi

from facts.problem import InvalidInput, Problem


class LateRefusal(InvalidInput, pulumi.RunError):
    """A refusal of what is known only while the run goes on: the engine shows its text alone, as of any RunError."""


def refuse_late(problems: Iterable[Problem], subject: str) -> None:
    """Refuse within an `apply`, where no caller stands that could turn the refusal into the engine's error."""
    found = tuple(problems)
    if found:
        raise LateRefusal(found, subject)


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
