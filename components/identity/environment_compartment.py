"""The compartment of an environment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import identity

from components.options import stateful
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .names import name_problems


@dataclass(frozen=True, kw_only=True)
class EnvironmentCompartmentArgs:
    """A compartment below another compartment."""

    parent_id: pulumi.Input[str]
    """OCID of the parent compartment or tenancy. A change moves the compartment."""

    compartment_name: str
    """Name, unique in the parent: 1 to 100 letters, digits, periods, hyphens and underscores."""

    description: str
    """Purpose of the compartment."""

    protect: bool | None = None
    """Whether the compartment is protected from deletion and kept when the stack is destroyed. With no, OCI deletes it
    together with the stack, after it is empty. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class EnvironmentCompartment(CheckedArgs, pulumi.ComponentResource):
    """A compartment for exactly one environment."""

    compartment_id: pulumi.Output[str]
    """OCID of the compartment."""

    def __init__(
        self, name: str, args: EnvironmentCompartmentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(compartment_problems(args.compartment_name, path=name), f"the compartment {name}")
        super().__init__("genai:index:EnvironmentCompartment", name, {}, opts)
        # OCI deletes a compartment in the background. This takes an hour if it had many resources.
        timeouts = pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(delete="90m"))
        compartment = identity.Compartment(
            f"{name}-compartment",
            identity.CompartmentArgs(
                compartment_id=args.parent_id,
                name=args.compartment_name,
                description=args.description,
                enable_delete=not args.protect,
                freeform_tags=args.tags,
            ),
            opts=stateful(self, args.protect, timeouts),
        )
        self.compartment_id = compartment.id
        self.register_outputs({"compartmentId": self.compartment_id})


def compartment_problems(compartment_name: str, *, path: str) -> Iterator[Problem]:
    """A name that IAM does not accept."""
    yield from name_problems(compartment_name, path=f"{path}.compartmentName")
