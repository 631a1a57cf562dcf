"""Wrong databases: the mistake, changes to a valid configuration, path and message of the problem."""

from tests.infra.settings.wrong.case import Wrong

ORACLE = {"dbName": "genai"}
PHOENIX_SECRET = "ocid1.vaultsecret.oc1.phx.aaaaaaaaexample"
SECRET = "ocid1.vaultsecret.oc1.iad.aaaaaaaaexample"
KEY = "ocid1.key.oc1.iad.vault1.aaaaaaaaexample"

DATABASES: list[Wrong] = [
    Wrong(
        "an unknown database names the nearest one",
        [("database.postgres", {})],
        "database.postgres",
        "is not a known key. Did you mean `postgresql`?",
    ),
    Wrong(
        "a name that Oracle does not accept",
        [("database.oracle", {"dbName": "gen-ai"})],
        "database.oracle.dbName",
        "must be a letter, then letters and digits, 30 at most",
    ),
    Wrong(
        "no name",
        [("database.oracle", {})],
        "database.oracle.dbName",
        "missing; is required",
    ),
    Wrong(
        "a name too long for replicas",
        [("database.oracle", {"dbName": "g" * 30, "replicas": 2})],
        "database.oracle.dbName",
        "must have 28 characters at most",
    ),
    *(
        Wrong(
            f"version {version} of {database}'s password",
            [(f"database.{database}", {**content, "passwordSecretVersion": version})],
            f"database.{database}.passwordSecretVersion",
            f"{version}; must be 1 or more",
        )
        for database, content in (("oracle", ORACLE), ("postgresql", {}))
        for version in (0, -1)
    ),
    Wrong(
        "one ECPU",
        [("database.oracle", {**ORACLE, "ecpus": 1})],
        "database.oracle.ecpus",
        "1; must be 2 or more",
    ),
    Wrong(
        "a refresh more often than hourly",
        [("database.oracle", {**ORACLE, "replicas": 1, "refreshSeconds": 600})],
        "database.oracle.refreshSeconds",
        "600; must be from 3,600 to 604,800 seconds",
    ),
    Wrong(
        "a refresh without replicas",
        [("database.oracle", {**ORACLE, "refreshSeconds": 3600})],
        "database.oracle.refreshSeconds",
        "the database has no replicas",
    ),
    Wrong(
        "a key without its vault",
        [("database.oracle", {**ORACLE, "keyId": KEY})],
        "database.oracle.vaultId",
        "must be set with keyId",
    ),
    Wrong(
        "a window that ends before it begins",
        [("database.oracle", {**ORACLE, "maintenance": {"day": "SUNDAY", "start": "04:00", "end": "02:00"}})],
        "database.oracle.maintenance.end",
        "must be later than start, 04:00",
    ),
    Wrong(
        "an unknown day",
        [("database.oracle", {**ORACLE, "maintenance": {"day": "SUN", "start": "02:00", "end": "04:00"}})],
        "database.oracle.maintenance.day",
        "must be one of MONDAY",
    ),
    Wrong(
        "a password secret with another name",
        [("database.oracle", {**ORACLE, "adminPasswordSecretId": SECRET})],
        "database.oracle.adminPasswordSecretId",
        "is not a known key. Did you mean `passwordSecretId`?",
    ),
    Wrong(
        "a password's secret of another region",
        [("database.oracle", {**ORACLE, "passwordSecretId": PHOENIX_SECRET})],
        "database.oracle.passwordSecretId",
        "must be in the environment's region us-ashburn-1",
    ),
    Wrong(
        "a password's secret that is a key",
        [("database.postgresql", {"passwordSecretId": KEY})],
        "database.postgresql.passwordSecretId",
        "must be the OCID of vaultsecret, not of key",
    ),
    Wrong(
        "a shape that PostgreSQL does not have",
        [("database.postgresql", {"shape": "PostgreSQL.VM.Standard.E4.Flex"})],
        "database.postgresql.shape",
        "must be one of PostgreSQL.VM.Standard.E5.Flex, PostgreSQL.VM.Standard.E6.Flex",
    ),
    Wrong(
        "too little memory for the shape",
        [("database.postgresql", {"shape": "PostgreSQL.VM.Standard3.Flex", "memoryGib": 16})],
        "database.postgresql.memoryGib",
        "must be 32 or more GiB for PostgreSQL.VM.Standard3.Flex",
    ),
    Wrong(
        "an unknown performance tier",
        [("database.postgresql", {"iops": 100000})],
        "database.postgresql.iops",
        "must be one of 75000, 150000, 225000, 300000",
    ),
    Wrong(
        "no node",
        [("database.postgresql", {"nodes": 0})],
        "database.postgresql.nodes",
        "0; must be 1 or more",
    ),
    Wrong(
        "a domain for storage that spans the domains",
        [("database.postgresql", {"availabilityDomain": 1})],
        "database.postgresql.availabilityDomain",
        "must be left out: regionally durable storage spans all availability domains",
    ),
    Wrong(
        "no domain for storage of one domain",
        [("database.postgresql", {"regionallyDurable": False})],
        "database.postgresql.availabilityDomain",
        "must be set: the storage is in one availability domain",
    ),
    Wrong(
        "a backup on a day that February lacks",
        [("database.postgresql", {"backup": {"kind": "MONTHLY", "daysOfMonth": [30]}})],
        "database.postgresql.backup.daysOfMonth[0]",
        "must be from 1 to 28",
    ),
    Wrong(
        "a weekly backup without a day",
        [("database.postgresql", {"backup": {"kind": "WEEKLY"}})],
        "database.postgresql.backup.daysOfWeek",
        "must name a day: the backup is WEEKLY",
    ),
    Wrong(
        "a copy of backups in the region that they are in",
        [("database.postgresql", {"backup": {"copyRegion": "us-ashburn-1"}})],
        "database.postgresql.backup.copyRegion",
        "must be another region than the environment's own",
    ),
    Wrong(
        "an even number of shards",
        [("database.cache", {"shards": 4})],
        "database.cache.shards",
        "4; must be an odd number from 3 to 99",
    ),
    Wrong(
        "more nodes than a cluster may have",
        [("database.cache", {"shards": 35, "nodes": 3})],
        "database.cache.shards",
        "must give 100 nodes in total at most, but 35 x 3 is 105",
    ),
    Wrong(
        "six cache nodes",
        [("database.cache", {"nodes": 6})],
        "database.cache.nodes",
        "6; must be from 1 to 5",
    ),
    Wrong(
        "too much memory for a cache node",
        [("database.cache", {"memoryGib": 512})],
        "database.cache.memoryGib",
        "512; must be from 2 to 500 GiB",
    ),
    Wrong(
        "two leaders",
        [("database.opensearch", {"leaders": {"count": 2, "ocpus": 1, "memoryGib": 20}})],
        "database.opensearch.leaders.count",
        "must be an odd number",
    ),
    Wrong(
        "a data node too small",
        [("database.opensearch", {"data": {"count": 3, "ocpus": 1, "memoryGib": 16}})],
        "database.opensearch.data.memoryGib",
        "16; must be 20 or more GiB",
    ),
    Wrong(
        "no stream",
        [("database.streaming", {"streams": {}})],
        "database.streaming.streams",
        "must name at least one stream",
    ),
    Wrong(
        "messages kept too long",
        [("database.streaming", {"streams": {"audit": {"partitions": 1, "retentionHours": 720}}})],
        "database.streaming.streams['audit'].retentionHours",
        "720; must be from 24 to 168 hours",
    ),
    Wrong(
        "a password that no vault can generate",
        [("database.postgresql", {}), ("vault", {"kind": "none"})],
        "database.postgresql.passwordSecretId",
        "must be set when there is no vault",
    ),
    Wrong(
        "a password in a form that Oracle does not accept",
        [("database.oracle", ORACLE), ("vault", {"secrets": {"oracle-admin": {"form": "bytes-512"}}})],
        "vault.secrets['oracle-admin'].form",
        "must be database-password",
    ),
]
