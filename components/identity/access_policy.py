"""A policy. Its statements are checked against OCI's vocabulary before anything is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import identity

from components.options import child, refuse_late
from facts.checked_args import CheckedArgs
from facts.policies import statement_problems
from facts.problem import Problem, refuse

from .names import name_problems
from .settle import MOST_SECONDS, settled

MOST_STATEMENTS = 50


@dataclass(frozen=True, kw_only=True)
class AccessPolicyArgs:
    """A group of related statements."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment or tenancy of the policy. Statements apply to it and to the compartments below it. A
    change replaces the policy."""

    policy_name: str
    """Name, unique in the compartment: 1 to 100 letters, digits, periods, hyphens and underscores. A change replaces
    the policy."""

    description: str
    """Purpose of the policy."""

    statements: Mapping[str, pulumi.Input[str]]
    """1 to 50 statements, by a name that describes the grant. Every word is checked. `manage all-resources`, and
    `any-user` without a condition on the principal, are refused."""

    settle_seconds: int | None = None
    """Seconds that dependents of the policy wait after it is written, 900 at most: IAM needs minutes to apply a policy
    everywhere. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class AccessPolicy(CheckedArgs, pulumi.ComponentResource):
    """A policy whose dependents wait until its grants apply."""

    policy_id: pulumi.Output[str]
    """OCID of the policy, which is known after the wait for its grants."""

    def __init__(self, name: str, args: AccessPolicyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"the policy {name}")
        super().__init__("genai:index:AccessPolicy", name, {}, opts)
        policy = identity.Policy(
            f"{name}-policy",
            identity.PolicyArgs(
                compartment_id=args.compartment_id,
                name=args.policy_name,
                description=args.description,
                statements=[
                    pulumi.Output.from_input(text).apply(_checked(f"{name}.statements[{key!r}]"))
                    for key, text in sorted(args.statements.items())
                ],
                freeform_tags=args.tags,
            ),
            opts=child(self, settled(name, args.settle_seconds or 0)),
        )
        self.policy_id = policy.id
        self.register_outputs({"policyId": self.policy_id})


class _checked:  # noqa: N801  a function with a path
    """Checks a statement with an id that was not known before."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, text: str) -> str:
        refuse_late(statement_problems(text, path=self.path), self.path)
        return text


def policy_problems(
    policy_name: str, statements: Mapping[str, str], *, settle_seconds: int = 0, path: str
) -> Iterator[Problem]:
    """A name or wait time that IAM does not accept, and invalid statements."""
    yield from name_problems(policy_name, path=f"{path}.policyName")
    if not 0 <= settle_seconds <= MOST_SECONDS:
        yield Problem(f"{path}.settleSeconds", settle_seconds, f"must be 0 to {MOST_SECONDS} seconds")
    for key, text in statements.items():
        yield from statement_problems(text, path=f"{path}.statements[{key!r}]")


def count_problems(count: int, *, path: str) -> Iterator[Problem]:
    """No statements, or more than a policy can have."""
    if not 1 <= count <= MOST_STATEMENTS:
        yield Problem(f"{path}.statements", count, f"must be 1 to {MOST_STATEMENTS} statements")


def _problems(args: AccessPolicyArgs, path: str) -> Iterator[Problem]:
    yield from count_problems(len(args.statements), path=path)
    plain = {key: text for key, text in args.statements.items() if isinstance(text, str)}
    yield from policy_problems(args.policy_name, plain, settle_seconds=args.settle_seconds or 0, path=path)
