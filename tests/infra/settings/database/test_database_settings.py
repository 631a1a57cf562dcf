"""Every mistake in the databases' settings is reported with its path, before anything is created."""

from typing import Any

import pytest

from infra.offline.run import run_offline
from infra.project.stackfile import ENCRYPTED, StackFile
from infra.settings import examine, load
from tests.infra.settings.examples import Change, config

ORACLE = {"dbName": "genai"}
SECRET = "ocid1.vaultsecret.oc1.iad.aaaaaaaaexample"


def test_all_mistakes_are_named_at_once():
    changes: list[Change] = [
        ("database.cache", {"shards": 4, "nodes": 6}),
        ("database.postgresql", {"iops": 1, "nodes": 0}),
    ]
    assert len(examine(config(*changes), "test").problems) == 4


def test_without_its_section_an_environment_has_no_database():
    assert load(config(), "test").database.called == ()


def test_a_given_secret_replaces_the_generated_one():
    given = recorded(("database.postgresql", {"passwordSecretId": SECRET}))
    assert [name for name in given if "postgresql-admin" in name] == []
    made_up = recorded(("database.postgresql", {}))
    assert [name for name in made_up if name.endswith("postgresql-admin-secret")]


def test_only_the_ports_of_existing_databases_are_open():
    names = recorded(("database.cache", {}))
    assert [name for name in names if name.startswith("test-groups-pod") and "redis" in name.lower()]
    assert not [name for name in names if name.startswith("test-groups-pod") and "postgresql" in name.lower()]


@pytest.mark.parametrize("section", ["oracle", "streaming"])
def test_every_service_that_uses_the_databases_key_has_a_grant(section: str):
    wanted: dict[str, Any] = {
        "oracle": ORACLE,
        "streaming": {"streams": {"audit": {"partitions": 1}}},
    }
    resources = resources_of((f"database.{section}", wanted[section]))
    texts = [
        str(text)
        for each in resources
        if each.type == "oci:Identity/policy:Policy" and "keys" in each.name
        for text in each.inputs["statements"]
    ]
    subject = "test-databases" if section == "oracle" else "service streaming"
    assert [text for text in texts if subject in text and "use keys" in text]


def recorded(*changes: Change) -> list[str]:
    return [each.name for each in resources_of(*changes)]


def resources_of(*changes: Change) -> list[Any]:
    file = StackFile(config(*changes), frozenset(), "Pulumi.test.yaml")
    return list(run_offline(file, "test").resources)


def test_the_placeholder_of_an_encrypted_password_is_not_checked():
    encrypted = frozenset({"database.cache.password"})
    found = examine(config(("database.cache", {"password": ENCRYPTED})), "test", encrypted=encrypted)
    assert not found.problems


def test_an_empty_password_is_refused():
    encrypted = frozenset({"database.cache.password"})
    found = examine(config(("database.cache", {"password": ""})), "test", encrypted=encrypted)
    assert [each.path for each in found.problems] == ["database.cache.password"]
