"""Priority classes, which decide who gets GPUs when there are too few."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_kubernetes import meta, scheduling

from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from serving.options import child

HIGHEST = 1_000_000_000
"""Higher values are for Kubernetes' own classes."""

AUTOSCALED_FROM = -10
"""The cluster autoscaler ignores pods below this value (its default of `--expendable-pods-priority-cutoff`)."""

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class PriorityArgs:
    """One class."""

    value: int
    """Pods with a higher value are scheduled first, and may preempt others. From -2,147,483,648 to 1,000,000,000. The
    cluster autoscaler ignores pods below -10: it neither adds nor keeps a node for them."""

    description: str
    """Which pods should use this class."""

    preempts: bool | None = None
    """Whether its pods preempt pods of lower value. Default: yes."""


@dataclass(frozen=True, kw_only=True)
class PriorityClassesArgs:
    """The classes of a cluster."""

    classes: Mapping[str, PriorityArgs] | None = None
    """Classes by name. Value and preemption cannot change later. Default: `serving`, `experiments`, `filler`."""


DEFAULT_CLASSES: Mapping[str, PriorityArgs] = {
    "serving": PriorityArgs(value=100_000, description="Engines that users wait for"),
    "experiments": PriorityArgs(
        value=1_000, description="Engines and jobs that can wait their turn", preempts=False
    ),
    "filler": PriorityArgs(
        value=-5, description="Work that keeps a spare node warm and goes at once", preempts=False
    ),
}


class PriorityClasses(CheckedArgs, pulumi.ComponentResource):
    """Priority classes for the whole cluster. None of them is the default class."""

    names: pulumi.Output[Mapping[str, str]]
    """Names of the classes, known after they exist. Before that, Kubernetes refuses pods with these classes."""

    def __init__(
        self, name: str, args: PriorityClassesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        classes = args.classes or DEFAULT_CLASSES
        refuse(priority_problems(classes, path=f"{name}.classes"), f"priority classes {name}")
        super().__init__("genai:index:PriorityClasses", name, {}, opts)
        made = {
            key: scheduling.v1.PriorityClass(
                f"{name}-{key}",
                scheduling.v1.PriorityClassInitArgs(
                    metadata=meta.v1.ObjectMetaArgs(
                        name=key, labels={"app.kubernetes.io/managed-by": "pulumi"}
                    ),
                    value=each.value,
                    description=each.description,
                    preemption_policy="Never" if each.preempts is False else "PreemptLowerPriority",
                    global_default=False,
                ),
                opts=child(self),
            )
            for key, each in classes.items()
        }
        self.names = pulumi.Output.all(**{key: each.id for key, each in made.items()}).apply(
            lambda ids: {key: key for key in ids}
        )
        self.register_outputs({"names": self.names})


def unseen_classes(classes: Mapping[str, "PriorityChoices"], *, path: str) -> Iterator[Problem]:
    """Classes that the cluster autoscaler ignores, at `path`.<name>.value. They do no harm without an autoscaler."""
    for name, each in classes.items():
        if each.value < AUTOSCALED_FROM:
            allowed = f"is below {AUTOSCALED_FROM}: the cluster autoscaler neither adds nor keeps a node for such pods"
            yield Problem(f"{path}.{name}.value", each.value, allowed, f"Set it to {AUTOSCALED_FROM} or more")


class PriorityChoices(Protocol):
    """The plain values of a class, which the component's args and the settings share."""

    @property
    def value(self) -> int: ...


def priority_problems(classes: Mapping[str, PriorityChoices], *, path: str) -> Iterator[Problem]:
    """Problems at `path`.<name>."""
    for name, each in classes.items():
        if name.startswith("system-") or not _NAME.fullmatch(name):
            yield Problem(
                f"{path}.{name}", name, "must be 1 to 63 of a-z, 0-9 and -, and must not begin with system-"
            )
        if not -(2**31) <= each.value <= HIGHEST:
            yield Problem(f"{path}.{name}.value", each.value, f"must be from {-(2**31):,} to {HIGHEST:,}")
