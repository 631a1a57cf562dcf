"""Wrong identity and vault: the mistake, changes to a valid configuration, path and message of the problem."""

from tests.infra.settings.wrong.case import Wrong

IDENTITY: list[Wrong] = [
    Wrong(
        "a statement that grants everything",
        [("identity", {"statements": {"all": "Allow group a to manage all-resources in tenancy"}})],
        "identity.statements['all']",
        "'Allow group a to manage all-resources in tenancy'; must not grant",
    ),
    Wrong(
        "an unknown resource type",
        [("identity", {"statements": {"x": "Allow group a to use cluster-famly in tenancy"}})],
        "identity.statements['x']",
        "'cluster-famly'; must be a resource type of OCI. Did you mean `cluster-family`?",
    ),
    Wrong(
        "an unknown service",
        [("identity", {"services": ["opnsearch"]})],
        "identity.services[0]",
        "lustre, opensearch, file-storage, cluster-balancers. Did you mean `opensearch`?",
    ),
    Wrong(
        "an unknown endpoint",
        [("identity", {"domain": {"endpoint": "idcs"}})],
        "identity.domain.endpoint",
        "'idcs'; must be the https address of the identity domain",
    ),
    Wrong(
        "too long a wait",
        [("identity", {"settleSeconds": 1000})],
        "identity.settleSeconds",
        "1000; must be 900 or less",
    ),
    Wrong(
        "statements although somebody else grants",
        [("identity", {"manage": False, "statements": {"x": "Allow group a to use clusters in tenancy"}})],
        "identity.statements",
        "['x']; must be empty without `manage`",
    ),
    Wrong(
        "services although somebody else grants",
        [("identity", {"manage": False, "services": ["opensearch"]})],
        "identity.services",
        "['opensearch']; must be empty without `manage`",
    ),
    Wrong(
        "a domain although somebody else makes the groups",
        [
            (
                "identity",
                {"manage": False, "domain": {"endpoint": "https://idcs-a.identity.oraclecloud.com:443"}},
            )
        ],
        "identity.domain",
        "must not be set without `manage`",
    ),
    Wrong(
        "deletion of storage in groups that the program does not create",
        [("identity", {"manage": False, "storageDeletion": True})],
        "identity.storageDeletion",
        "must not be set without `manage`",
    ),
    Wrong(
        "an address that no client can parse",
        [("identity", {"domain": {"endpoint": "https://[idcs"}})],
        "identity.domain.endpoint",
        "'https://[idcs'; must be the https address of the identity domain",
    ),
    Wrong(
        "a misspelt kind of subject",
        [("identity", {"statements": {"x": "Allow dynamic_group a to use clusters in tenancy"}})],
        "identity.statements['x']",
        "the subject must be `group NAME`",
    ),
    Wrong(
        "a schedule of rotation in a shared vault",
        [("vault", {"rotationDays": 90})],
        "vault.rotationDays",
        "90; must not be set: a shared vault",
    ),
    Wrong(
        "a rotation too often",
        [("vault", {"kind": "private", "rotationDays": 30})],
        "vault.rotationDays",
        "30; must be 60 to 365",
    ),
    Wrong(
        "a schedule that starts on no day",
        [("vault", {"kind": "private", "rotationDays": 90, "rotationStart": "December"})],
        "vault.rotationStart",
        "'December'; must be a day",
    ),
    Wrong(
        "the start of no schedule",
        [("vault", {"kind": "private", "rotationStart": "2026-12-01"})],
        "vault.rotationStart",
        "'2026-12-01'; must not be set without rotationDays",
    ),
    Wrong(
        "a rotation of a key that old volumes use",
        [("vault", {"storageEncryptsVolumes": True, "rotations": {"storage": ["2026-11"]}})],
        "vault.rotations.storage",
        "['2026-11']; must not be set with storageEncryptsVolumes",
    ),
    Wrong(
        "old volumes without a vault",
        [("vault", {"kind": "none", "storageEncryptsVolumes": True})],
        "vault.storageEncryptsVolumes",
        "must not be set: there is no vault",
        others=True,
    ),
    Wrong(
        "a rotation that makes the key's name too long",
        [("vault", {"rotations": {"volumes": ["2026-11" * 30]}})],
        "vault.rotations.volumes",
        "must be 1 to 30 letters, digits and hyphens",
    ),
    Wrong(
        "a rotation without a name",
        [("vault", {"rotations": {"storage": ["a b/c"]}})],
        "vault.rotations.storage",
        "must be 1 to 30 letters, digits and hyphens",
    ),
    Wrong(
        "rotations of an unknown key",
        [("vault", {"rotations": {"storag": ["2026-11"]}})],
        "vault.rotations",
        "'storag'; must be one of storage, volumes, databases, secrets. Did you mean `storage`?",
    ),
    Wrong(
        "two rotations with the same name",
        [("vault", {"rotations": {"storage": ["a", "a"]}})],
        "vault.rotations.storage",
        "['a', 'a']; must not be repeated",
    ),
    Wrong(
        "namespaces without named secrets",
        [("serving.platform.externalSecrets", {"namespaces": ["tools"]})],
        "serving.platform.externalSecrets.namespaces",
        "['tools']; must not be set: no secret is named",
    ),
    Wrong(
        "secrets by a pattern",
        [("serving.platform.externalSecrets", {"secrets": ["prod-*"]})],
        "serving.platform.externalSecrets.secrets[0]",
        "'prod-*'; must be the name of a secret in the vault",
    ),
    Wrong(
        "a secret that is named twice",
        [("serving.platform.externalSecrets", {"secrets": ["a", "a"]})],
        "serving.platform.externalSecrets.secrets[1]",
        "'a'; must not be named twice",
    ),
    Wrong(
        "a statement with a word that does not exist",
        [("identity", {"statements": {"x": "Allow group a to use resource-schedules in tenancy"}})],
        "identity.statements['x']",
        "must be a resource type of OCI. Did you mean `resource-schedule`?",
    ),
    Wrong(
        "a secret's name with a space",
        [("vault", {"secrets": {"a b": {}}})],
        "vault.secrets['a b'].secretName",
        "'a b'; must be 1 to 255 letters, digits, hyphens, underscores and periods",
    ),
    Wrong(
        "a password longer than Oracle accepts",
        [("vault", {"secrets": {"db": {"form": "database-password", "length": 40}}})],
        "vault.secrets['db'].length",
        "40; must be 12 to 30 characters",
    ),
    Wrong(
        "no key for the cluster's secrets",
        [("vault", {"kind": "none"}), ("cluster.secretsKeyId", None)],
        "cluster.secretsKeyId",
        "missing; must be set when there is no vault",
    ),
    Wrong(
        "secrets without a vault",
        [("vault", {"kind": "none", "secrets": {"db": {}}})],
        "vault.secrets",
        "['db']; must not be set: there is no vault",
    ),
]
