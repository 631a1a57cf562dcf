"""The policies of every stack: what they grant, and that it is granted before it is used."""

from functools import cache
from typing import Any

import pytest

from facts.policies import Anyone, Statement, parse_statement, statement_problems
from infra.settings import load
from tests.infra.examples import config
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


def problems(*changes: Any) -> str:
    from facts.problem import InvalidInput

    try:
        load(config(*changes), "test", sandbox=True)
    except InvalidInput as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([("identity", {"statements": {"all": "Allow group a to manage all-resources in tenancy"}})],
         "identity.statements['all']: 'Allow group a to manage all-resources in tenancy'; must not grant"),
        ([("identity", {"statements": {"x": "Allow group a to use cluster-famly in tenancy"}})],
         "identity.statements['x']: 'cluster-famly'; must be a resource type of OCI. Did you mean `cluster-family`?"),
        ([("identity", {"services": ["opnsearch"]})], "identity.services[0]: 'opnsearch'"),
        ([("identity", {"domain": {"endpoint": "idcs"}})], "identity.domain.endpoint: 'idcs'"),
        ([("identity", {"settleSeconds": 1000})], "identity.settleSeconds: 1000; must be 900 or less"),
        ([("identity", {"manage": False, "statements": {"x": "Allow group a to use clusters in tenancy"}})],
         "identity.statements: ['x']; must be empty without `manage`"),
        ([("vault", {"rotationDays": 90})], "vault.rotationDays: 90; must not be set: a shared vault"),
        ([("vault", {"kind": "private", "rotationDays": 30})], "vault.rotationDays: 30; must be 60 to 365"),
        ([("vault", {"rotations": {"storag": ["2026-11"]}})], "vault.rotations: 'storag'"),
        ([("vault", {"rotations": {"storage": ["a", "a"]}})], "vault.rotations.storage"),
        ([("vault", {"secrets": {"a b": {}}})], "vault.secrets['a b'].secretName: 'a b'"),
        ([("vault", {"secrets": {"db": {"form": "database-password", "length": 40}}})],
         "vault.secrets['db'].length: 40; must be 12 to 30 characters"),
        ([("vault", {"kind": "none"}), ("cluster.secretsKeyId", None)], "cluster.secretsKeyId: missing"),
        ([("vault", {"kind": "none", "secrets": {"db": {}}})], "vault.secrets"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(changes: Any, message: str):
    assert message in problems(*changes)
