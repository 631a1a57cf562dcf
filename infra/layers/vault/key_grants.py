"""Which principals use which key of the vault, as the settings imply: names and statements. It creates nothing."""

from collections.abc import Mapping, Sequence

import pulumi

from components.identity.late_ids import Ids, Statements, with_ids
from components.vault.key_grants import KeyUse, key_grants
from facts.policies import DynamicGroup, Group
from infra.program.context import Context
from infra.settings import Settings
from infra.settings.identity import CLAIMED_FILES
from infra.settings.vault import volume_keys


def key_users(settings: Settings) -> Mapping[str, Sequence[str]]:
    """The services that use each key. Volumes used the storage key before they had their own."""
    stored, wanted, logs = settings.storage, settings.database, settings.observability.logs
    storage = {
        "buckets": stored.buckets or (logs and logs.archives),
        "earlier-volumes": True,
        "lustre": stored.lustre,
        "file-systems": stored.file_storage,
        "claimed-file-systems": CLAIMED_FILES in settings.identity.services,
    }
    databases = {"autonomous-databases": wanted.oracle, "streams": wanted.streaming}
    return {
        "storage": [user for user, used in storage.items() if used],
        **{name: ["volumes"] for name in volume_keys(settings.vault)},
        "databases": [user for user, database in databases.items() if database],
        "secrets": ["cluster-secrets"],
    }


def key_statements(
    settings: Settings,
    context: Context,
    key_ids: Mapping[str, pulumi.Input[str]],
    groups: Mapping[str, Group],
    principals: Mapping[str, DynamicGroup],
) -> Mapping[str, pulumi.Input[str]]:
    """The grants for each key. `key_ids` has the names of `key_users`."""

    def statements(ids: Ids) -> Statements:
        return {
            f"{purpose}: {name}": grant
            for purpose, users in key_users(settings).items()
            for name, grant in key_grants(
                users,
                KeyUse(
                    key_id=ids[purpose],
                    compartment_id=ids["compartment"],
                    region=context.region,
                    clusters=principals["clusters"],
                    databases=principals.get("databases"),
                    file_systems=principals.get("filesystems"),
                    administrators=groups["administrators"],
                ),
            ).items()
        }

    return with_ids(statements, {**key_ids, "compartment": context.compartment_id})
