"""Resource options of the children of every component."""

from collections.abc import Iterable

import pulumi

from facts.problem import InvalidInput, Problem


class LateRefusal(pulumi.RunError):
    """A refusal of a value that is known only during the run. The engine shows only its text, as for every RunError.

    It is no ValueError: Pulumi wraps those that arise in an input of a resource, and shows a traceback (3.259).
    """

    def __init__(self, problems: Iterable[Problem], subject: str) -> None:
        refusal = InvalidInput(problems, subject)
        self.problems = refusal.problems
        super().__init__(str(refusal))


def refuse_late(problems: Iterable[Problem], subject: str) -> None:
    """Refuse within an `apply`, where no caller can convert the refusal to the engine's error."""
    found = tuple(problems)
    if found:
        raise LateRefusal(found, subject)


def child(parent: pulumi.Resource, opts: pulumi.ResourceOptions | None = None) -> pulumi.ResourceOptions:
    """Options of a child of `parent`. `opts` adds options and never replaces the parent."""
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(parent=parent))


def stateful(
    parent: pulumi.Resource, protect: bool | None, opts: pulumi.ResourceOptions | None = None
) -> pulumi.ResourceOptions:
    """Options of a child that contains data.

    `retain_on_delete` is not inherited from a component (unlike `protect`), so each child that contains data sets both
    here.
    """
    kept = bool(protect)
    keeping = pulumi.ResourceOptions(protect=kept, retain_on_delete=kept)
    return child(parent, pulumi.ResourceOptions.merge(opts, keeping))
