"""Keys of volumes have one version."""

from collections.abc import Iterator, Mapping, Sequence

from policies.key_fields import FURTHER, KEY_FIELDS
from policies.model import Config, Policy, Resource, kind_of, means_true, referred
from policies.rules.own_keys import BLOCK_VOLUMES, CLASS_KEYS, STORAGE_CLASS

KEY = "oci:Kms/key:Key"
VERSION = "oci:Kms/keyVersion:KeyVersion"
_OF_VOLUMES = (
    "oci:ContainerEngine/nodePool:NodePool",
    "oci:Core/bootVolume:BootVolume",
    "oci:Core/instance:Instance",
    "oci:Core/instanceConfiguration:InstanceConfiguration",
    "oci:Core/volume:Volume",
)
USERS: Mapping[str, Sequence[str]] = {
    **{
        each: [path for one in (KEY_FIELDS[each], *FURTHER.get(each, ())) for path in one.paths]
        for each in _OF_VOLUMES
    },
    STORAGE_CLASS: [CLASS_KEYS[BLOCK_VOLUMES]],
}
"""What encrypts block or boot volumes, and the fields with the key."""


def judge_stack(resources: Sequence[Resource], _config: Config) -> Iterator[tuple[Resource, str]]:
    """Versions and schedules of the keys of volumes."""
    keys = [each for each in resources if each.type == KEY]
    users: dict[str, str] = {}
    for each in resources:
        for path in USERS.get(kind_of(each.type) or each.type, ()):
            found, certain = referred(each, path, keys)
            users.update({key.urn: each.name for key in found if certain})
    for each in resources:
        if each.type == KEY and each.urn in users and means_true(each.inputs.get("isAutoRotationEnabled")):
            yield (
                each,
                f"isAutoRotationEnabled: true; must be false, because volumes use this key ({users[each.urn]}) and "
                "Block Volume supports only keys with one version. Give volumes a key of their own",
            )
        if each.type == VERSION:
            for key in referred(each, "keyId", keys)[0]:
                if key.urn in users:
                    yield (
                        each,
                        f"is a new version of {key.name}, which volumes use ({users[key.urn]}). Block Volume supports "
                        "only keys with one version: give the volumes another key instead",
                    )


POLICY = Policy(
    name="no-version-of-volume-key",
    description="A key that block or boot volumes use gets no new version, by hand or on a schedule.",
    source="Oracle's page on Block Volume encryption: keys with several versions are not supported",
    judge_stack=judge_stack,
)
