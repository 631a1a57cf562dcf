"""The policies of every stack: what they grant, and that it is granted before it is used."""

from functools import cache

import pytest

from facts.policies import Anyone, Statement, parse_statement, statement_problems
from tests.infra.snapshots import STACKS, run

POLICY = "oci:Identity/policy:Policy"


@cache
def statements(stack: str) -> tuple[str, ...]:
    found = (each for each in run(stack).resources if each.type == POLICY)
    return tuple(text for each in found for text in each.inputs["statements"])  # pyright: ignore


@pytest.mark.parametrize("stack", STACKS)
def test_no_statement_grants_everything_or_to_everybody(stack: str):
    assert len(statements(stack)) > 50
    for text in statements(stack):
        statement = parse_statement(text)
        assert isinstance(statement, Statement), text
        assert not (statement.verb == "manage" and statement.resource == "all-resources"), text
        assert not isinstance(statement.subject, Anyone) or statement.where is not None, text
        assert list(statement_problems(text, path=stack)) == []


@pytest.mark.parametrize("stack", STACKS)
def test_every_key_in_use_is_granted_to_somebody(stack: str):
    used = {
        value
        for each in run(stack).resources
        for name, value in each.inputs.items()
        if name == "kmsKeyId" and isinstance(value, str)
    }
    assert used
    for key in used:
        assert any("to use keys in" in text and key in text for text in statements(stack)), key
