"""Every mistake in the databases' settings is named by its path, before anything is created."""

from typing import Any

import pytest

from infra.offline import run_offline
from infra.settings import examine, load
from infra.stackfile import StackFile
from tests.infra.examples import Change, config

ORACLE = {"dbName": "genai"}
PHOENIX_SECRET = "ocid1.vaultsecret.oc1.phx.aaaaaaaaexample"
SECRET = "ocid1.vaultsecret.oc1.iad.aaaaaaaaexample"
KEY = "ocid1.key.oc1.iad.vault1.aaaaaaaaexample"

CASES: list[tuple[str, list[Change], str, str]] = [
    (
        "an unknown database names the nearest one",
        [("database.postgres", {})],
        "database.postgres",
        "is no known key. Did you mean `postgresql`?",
    ),
    (
        "a name that Oracle does not take",
        [("database.oracle", {"dbName": "gen-ai"})],
        "database.oracle.dbName",
        "must be a letter, then letters and digits, 30 at most",
    ),
    (
        "no name",
        [("database.oracle", {})],
        "database.oracle.dbName",
        "missing; is required",
    ),
    (
        "a name that leaves replicas no room",
        [("database.oracle", {"dbName": "g" * 30, "replicas": 2})],
        "database.oracle.dbName",
        "must have 28 characters at most",
    ),
    (
        "one ECPU",
        [("database.oracle", {**ORACLE, "ecpus": 1})],
        "database.oracle.ecpus",
        "1; must be 2 or more",
    ),
    (
        "a refresh more often than hourly",
        [("database.oracle", {**ORACLE, "replicas": 1, "refreshSeconds": 600})],
        "database.oracle.refreshSeconds",
        "600; must be from 3,600 to 604,800 seconds",
    ),
    (
        "a refresh without replicas",
        [("database.oracle", {**ORACLE, "refreshSeconds": 3600})],
        "database.oracle.refreshSeconds",
        "there are no replicas to refresh",
    ),
    (
        "a key without its vault",
        [("database.oracle", {**ORACLE, "keyId": KEY})],
        "database.oracle.vaultId",
        "must be set with keyId",
    ),
    (
        "a window that ends before it begins",
        [("database.oracle", {**ORACLE, "maintenance": {"day": "SUNDAY", "start": "04:00", "end": "02:00"}})],
        "database.oracle.maintenance.end",
        "must be later than start, 04:00",
    ),
    (
        "a day that is none",
        [("database.oracle", {**ORACLE, "maintenance": {"day": "SUN", "start": "02:00", "end": "04:00"}})],
        "database.oracle.maintenance.day",
        "must be one of MONDAY",
    ),
    (
        "a password under a name of its own",
        [("database.oracle", {**ORACLE, "adminPasswordSecretId": SECRET})],
        "database.oracle.adminPasswordSecretId",
        "is no known key. Did you mean `passwordSecretId`?",
    ),
    (
        "a password's secret of another region",
        [("database.oracle", {**ORACLE, "passwordSecretId": PHOENIX_SECRET})],
        "database.oracle.passwordSecretId",
        "must be in the environment's region us-ashburn-1",
    ),
    (
        "a password's secret that is a key",
        [("database.postgresql", {"passwordSecretId": KEY})],
        "database.postgresql.passwordSecretId",
        "must be the OCID of vaultsecret, not of key",
    ),
    (
        "a shape that PostgreSQL does not have",
        [("database.postgresql", {"shape": "PostgreSQL.VM.Standard.E4.Flex"})],
        "database.postgresql.shape",
        "must be one of PostgreSQL.VM.Standard.E5.Flex, PostgreSQL.VM.Standard.E6.Flex",
    ),
    (
        "too little memory for the shape",
        [("database.postgresql", {"shape": "PostgreSQL.VM.Standard3.Flex", "memoryGib": 16})],
        "database.postgresql.memoryGib",
        "must be 32 or more GiB for PostgreSQL.VM.Standard3.Flex",
    ),
    (
        "a performance tier that is none",
        [("database.postgresql", {"iops": 100000})],
        "database.postgresql.iops",
        "must be one of 75000, 150000, 225000, 300000",
    ),
    (
        "no node",
        [("database.postgresql", {"nodes": 0})],
        "database.postgresql.nodes",
        "0; must be 1 or more",
    ),
    (
        "a domain for storage that spans the domains",
        [("database.postgresql", {"availabilityDomain": 1})],
        "database.postgresql.availabilityDomain",
        "must be left out: regionally durable storage spans the domains",
    ),
    (
        "no domain for storage of one domain",
        [("database.postgresql", {"regionallyDurable": False})],
        "database.postgresql.availabilityDomain",
        "must be set: the storage is in one availability domain",
    ),
    (
        "a backup on a day that February lacks",
        [("database.postgresql", {"backup": {"kind": "MONTHLY", "daysOfMonth": [30]}})],
        "database.postgresql.backup.daysOfMonth[0]",
        "must be from 1 to 28",
    ),
    (
        "a weekly backup without a day",
        [("database.postgresql", {"backup": {"kind": "WEEKLY"}})],
        "database.postgresql.backup.daysOfWeek",
        "must name a day: the backup is WEEKLY",
    ),
    (
        "a copy of backups in the region that they are in",
        [("database.postgresql", {"backup": {"copyRegion": "us-ashburn-1"}})],
        "database.postgresql.backup.copyRegion",
        "must be another region than the environment's own",
    ),
    (
        "an even number of shards",
        [("database.cache", {"shards": 4})],
        "database.cache.shards",
        "4; must be an odd number from 3 to 99",
    ),
    (
        "more nodes than a cluster may have",
        [("database.cache", {"shards": 35, "nodes": 3})],
        "database.cache.shards",
        "must make 100 nodes in all at most, and 35 x 3 are 105",
    ),
    (
        "six cache nodes",
        [("database.cache", {"nodes": 6})],
        "database.cache.nodes",
        "6; must be from 1 to 5",
    ),
    (
        "too much memory for a cache node",
        [("database.cache", {"memoryGib": 512})],
        "database.cache.memoryGib",
        "512; must be from 2 to 500 GiB",
    ),
    (
        "two leaders",
        [("database.opensearch", {"leaders": {"count": 2, "ocpus": 1, "memoryGib": 20}})],
        "database.opensearch.leaders.count",
        "must be an odd number",
    ),
    (
        "a data node too small",
        [("database.opensearch", {"data": {"count": 3, "ocpus": 1, "memoryGib": 16}})],
        "database.opensearch.data.memoryGib",
        "16; must be 20 or more GiB",
    ),
    (
        "no stream",
        [("database.streaming", {"streams": {}})],
        "database.streaming.streams",
        "must name at least one stream",
    ),
    (
        "messages kept too long",
        [("database.streaming", {"streams": {"audit": {"partitions": 1, "retentionHours": 720}}})],
        "database.streaming.streams['audit'].retentionHours",
        "720; must be from 24 to 168 hours",
    ),
    (
        "a password that no vault can make up",
        [("database.postgresql", {}), ("vault", {"kind": "none"})],
        "database.postgresql.passwordSecretId",
        "must be given where there is no vault",
    ),
    (
        "a password of a form that Oracle does not take",
        [("database.oracle", ORACLE), ("vault", {"secrets": {"oracle-admin": {"form": "bytes-512"}}})],
        "vault.secrets['oracle-admin'].form",
        "must be database-password",
    ),
]


@pytest.mark.parametrize(
    ("changes", "path", "text"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_mistake_is_named_with_its_path(changes: list[Change], path: str, text: str):
    findings = examine(config(*changes), "test")
    assert [problem.path for problem in findings.problems] == [path], findings.problems
    assert text in str(findings.problems[0])


def test_all_mistakes_are_named_at_once():
    changes: list[Change] = [
        ("database.cache", {"shards": 4, "nodes": 6}),
        ("database.postgresql", {"iops": 1, "nodes": 0}),
    ]
    assert len(examine(config(*changes), "test").problems) == 4


def test_without_its_section_an_environment_has_no_database():
    assert load(config(), "test").database.called == ()


def test_a_given_secret_takes_the_place_of_one_made_up():
    given = recorded(("database.postgresql", {"passwordSecretId": SECRET}))
    assert [name for name in given if "postgresql-admin" in name] == []
    made_up = recorded(("database.postgresql", {}))
    assert [name for name in made_up if name.endswith("postgresql-admin-secret")]


def test_only_the_ports_of_the_databases_there_are_open():
    names = recorded(("database.cache", {}))
    assert [name for name in names if name.startswith("test-groups-pod") and "redis" in name.lower()]
    assert not [name for name in names if name.startswith("test-groups-pod") and "postgresql" in name.lower()]


@pytest.mark.parametrize("section", ["oracle", "streaming"])
def test_who_encrypts_with_the_databases_key_is_allowed_to(section: str):
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
