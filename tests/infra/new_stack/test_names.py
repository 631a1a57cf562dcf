"""Which values of a copied stack file get the new name."""

import pytest

from infra.new_stack.names import Names

FIXED = [
    ("tokyo", "tenancy.region", "ap-tokyo-1"),
    ("tokyo", "tenancy.secondRegion", "ap-tokyo-1"),
    ("tokyo", "database.postgresql.backup.copyRegion", "ap-tokyo-1"),
    ("network", "gpu.pools[0].nearby", "network-block"),
    ("password", "vault.secrets.admin.form", "database-password"),
    ("external", "cluster.pools[12].sizeOwner", "external"),
    ("qwen3", "serving.models[0].model", "qwen3-32b"),
    ("qwen3", "serving.models[0].toolParser", "qwen3_coder"),
    ("restricted", "serving.teams[0].podSecurity", "restricted"),
]
"""The name of the source, and a value that contains it and has a fixed meaning."""


@pytest.mark.parametrize(("old", "path", "value"), FIXED)
def test_a_value_with_a_fixed_meaning_stays(old: str, path: str, value: str) -> None:
    assert Names(old, "qa").value(path, value) == value


@pytest.mark.parametrize(
    ("path", "value", "renamed"),
    [
        ("serving.models[0].name", "tokyo-chat", "qa-chat"),
        ("storage.buckets[0].name", "tokyo", "qa"),
        ("vault.secrets.tokyo.description", "for tokyo", "for qa"),
    ],
)
def test_other_values_get_the_new_name(path: str, value: str, renamed: str) -> None:
    assert Names("tokyo", "qa").value(path, value) == renamed
