"""Statements about resources that do not exist yet. Their names are known at once; their texts wait for the ids."""

from collections.abc import Callable, Mapping

import pulumi

from facts.policies import Statement

Ids = Mapping[str, str]
Statements = Mapping[str, Statement]


def with_ids(
    statements_of: Callable[[Ids], Statements], ids: Mapping[str, pulumi.Input[str]]
) -> dict[str, pulumi.Input[str]]:
    """The statements in OCI's language, by name. The names must not depend on the ids."""
    known = {name: value for name, value in ids.items() if isinstance(value, str)}
    if len(known) == len(ids):
        return {key: str(statement) for key, statement in statements_of(known).items()}
    late = pulumi.Output.all(**ids).apply(
        lambda found: {key: str(statement) for key, statement in statements_of(found).items()}
    )
    stand_ins = {name: f"ocid1.{name}.oc1..unknown" for name in ids}
    return {key: late[key] for key in statements_of({**stand_ins, **known})}
