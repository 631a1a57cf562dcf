"""A policy: statements that are checked against OCI's vocabulary before anything is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import identity

from components.options import child, refuse_late
from facts.policies import statement_problems
from facts.problem import Problem, refuse

from .names import name_problems
from .settle import MOST_SECONDS, settled

MOST_STATEMENTS = 50


@dataclass(frozen=True, kw_only=True)
class AccessPolicyArgs:
    """Statements that belong together."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment or tenancy that holds the policy; statements reach it and what is below. A change
    replaces the policy."""

    policy_name: str
    """Name, unique in the compartment; 1 to 100 letters, digits, periods, hyphens and underscores. A change replaces
    the policy."""

    description: str
    """What the policy is for."""

    statements: Mapping[str, pulumi.Input[str]]
    """Statements by a name that says what they grant; 1 to 50. Every word is checked, `manage all-resources` and
    `any-user` without a condition on the principal are refused."""

    settle_seconds: int | None = None
    """Seconds that what depends on the policy waits after it was written, for IAM takes minutes to spread; 900 at
    most. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class AccessPolicy(pulumi.ComponentResource):
    """A policy, ready to be used once it stands."""

    policy_id: pulumi.Output[str]
    """OCID of the policy, known once its grants have settled."""

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
    """Checks a statement that holds an id which was not known before."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, text: str) -> str:
        refuse_late(statement_problems(text, path=self.path), self.path)
        return text


def policy_problems(
    policy_name: str, statements: Mapping[str, str], *, settle_seconds: int = 0, path: str
) -> Iterator[Problem]:
    """A name or number that IAM does not take, and statements that are wrong."""
    yield from name_problems(policy_name, path=f"{path}.policyName")
    if not 0 <= settle_seconds <= MOST_SECONDS:
        yield Problem(f"{path}.settleSeconds", settle_seconds, f"must be 0 to {MOST_SECONDS} seconds")
    for key, text in statements.items():
        yield from statement_problems(text, path=f"{path}.statements[{key!r}]")


def count_problems(count: int, *, path: str) -> Iterator[Problem]:
    """More statements than a policy holds, or none."""
    if not 1 <= count <= MOST_STATEMENTS:
        yield Problem(f"{path}.statements", count, f"must be 1 to {MOST_STATEMENTS} statements")


def _problems(args: AccessPolicyArgs, path: str) -> Iterator[Problem]:
    yield from count_problems(len(args.statements), path=path)
    plain = {key: text for key, text in args.statements.items() if isinstance(text, str)}
    yield from policy_problems(args.policy_name, plain, settle_seconds=args.settle_seconds or 0, path=path)
