"""A master key for one purpose."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import kms

from components.options import child, stateful
from facts.checked_args import CheckedArgs
from facts.dates import day_of, early_problems
from facts.problem import Problem, refuse

PROTECTIONS = ("HSM", "SOFTWARE")
ROTATION_DAYS = (60, 365)
"""Shortest and longest interval of the service's rotation, in days."""

AES_256_BYTES = 32
_ROTATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,29}")


@dataclass(frozen=True, kw_only=True)
class EncryptionKeyArgs:
    """An AES key of 256 bits."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment."""

    management_endpoint: pulumi.Input[str]
    """Management endpoint of the key's vault. A change replaces the key."""

    key_name: str
    """Name, 1 to 100 characters. It should describe the purpose."""

    protection: str | None = None
    """`HSM`: the key never leaves the hardware. `SOFTWARE`: no charge for key versions. An existing key keeps
    its protection: another key could not decrypt what this one encrypted. Default: HSM."""

    rotation_days: int | None = None
    """Days between rotations by the service, 60 to 365, only in a virtual private vault. 0 stops an existing schedule:
    OCI keeps a schedule if the field is only removed. Default: not set; a new key has no schedule."""

    rotation_start: str | None = None
    """Day on which the schedule starts, such as `2026-12-01`. KMS uses the day of the creation if it is not set, but
    then the provider cannot change the key later, not even its tags: it sends the schedule with every change, and fails
    without a start (terraform-provider-oci 8.28.0, kms_key_resource.go). Needs `rotation_days`. Default: not set."""

    rotations: Sequence[str] | None = None
    """Names of manual rotations, e.g. `2026-11`. Each creates a version of the key, and the newest version encrypts
    from then on. Add a name to rotate. If you remove a name, its version stays, because data may be encrypted with it.
    Default: none."""

    for_volumes: bool | None = None
    """Whether it encrypts boot volumes or block volumes. Block Volume supports only keys with one version, so such a
    key cannot have `rotation_days` or `rotations`: give its volumes another key instead. Default: no."""

    protect: bool | None = None
    """Whether the key is protected from deletion, and kept when the stack is destroyed. A deleted key stays in pending
    deletion for 30 days. In this time it can be recovered, and the data that it encrypts cannot be read. Default:
    no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class EncryptionKey(CheckedArgs, pulumi.ComponentResource):
    """A key with its versions."""

    key_id: pulumi.Output[str]
    """OCID of the key."""

    def __init__(
        self, name: str, args: EncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"the key {name}")
        super().__init__("genai:index:EncryptionKey", name, {}, opts)
        key = kms.Key(
            f"{name}-key",
            kms.KeyArgs(
                compartment_id=args.compartment_id,
                management_endpoint=args.management_endpoint,
                display_name=args.key_name,
                key_shape=kms.KeyKeyShapeArgs(algorithm="AES", length=AES_256_BYTES),
                protection_mode=args.protection or "HSM",
                is_auto_rotation_enabled=None if args.rotation_days is None else args.rotation_days > 0,
                auto_key_rotation_details=_schedule(args.rotation_days, args.rotation_start),
                freeform_tags=args.tags,
            ),
            # OCI cannot change the protection of a key. A replacement would end badly: a secret of the vault cannot get
            # another key, and cannot be created again while its name is in use.
            opts=stateful(self, args.protect, pulumi.ResourceOptions(ignore_changes=["protectionMode"])),
        )
        previous: list[pulumi.Resource] = []
        for rotation in args.rotations or ():
            # In order, because the newest version encrypts. Kept, because older versions still decrypt.
            kept = pulumi.ResourceOptions(retain_on_delete=True, depends_on=previous)
            version = kms.KeyVersion(
                f"{name}-version-{rotation}",
                kms.KeyVersionArgs(key_id=key.id, management_endpoint=args.management_endpoint),
                opts=child(self, kept),
            )
            previous = [version]
        self.key_id = key.id
        self.register_outputs({"keyId": self.key_id})


def key_problems(
    key_name: str,
    *,
    protection: str = "HSM",
    rotation_days: int | None = None,
    rotation_start: str | None = None,
    rotations: Sequence[str] = (),
    vault_kind: str | None = None,
    for_volumes: bool = False,
    path: str,
) -> Iterator[Problem]:
    """A key that the service cannot create, or that its vault cannot rotate. `vault_kind` is given if it is known."""
    if for_volumes:
        for name, value in (("rotationDays", rotation_days), ("rotations", list(rotations))):
            if value:
                allowed = "must not be set: Block Volume supports only keys with a single version"
                yield Problem(f"{path}.{name}", value, allowed, "Give the volumes another key instead")
    if not 1 <= len(key_name) <= 100:
        yield Problem(f"{path}.keyName", key_name, "must be 1 to 100 characters")
    if protection not in PROTECTIONS:
        yield Problem.not_one_of(f"{path}.protection", protection, PROTECTIONS)
    yield from rotation_problems(rotation_days, rotation_start, vault_kind=vault_kind, path=path)
    for index, rotation in enumerate(rotations):
        fix = "Name each rotation by its month, e.g. 2026-11"
        if not _ROTATION.fullmatch(rotation):
            allowed = "must be 1 to 30 letters, digits and hyphens: it is the suffix of the names of versions and keys"
            yield Problem(f"{path}.rotations[{index}]", rotation, allowed, fix)
        elif rotation in rotations[:index]:
            yield Problem(f"{path}.rotations[{index}]", rotation, "must not be repeated", fix)


def rotation_problems(
    days: int | None, start: str | None, *, vault_kind: str | None, path: str
) -> Iterator[Problem]:
    """A schedule that the service or the vault does not support."""
    low, high = ROTATION_DAYS
    if start is not None:
        if not days:
            yield Problem(f"{path}.rotationStart", start, "must not be set without rotationDays")
        day = day_of(start)
        yield from early_problems(day, start, path=f"{path}.rotationStart")
        if day is None:
            yield Problem(f"{path}.rotationStart", start, "must be a day, such as 2026-12-01")
    if days is None:
        return
    if days and not low <= days <= high:
        yield Problem(f"{path}.rotationDays", days, f"must be {low} to {high} days")
    if vault_kind == "DEFAULT":
        fix = "Use manual rotations, or a virtual private vault"
        yield Problem(
            f"{path}.rotationDays", days, "must not be set: a shared vault does not rotate keys", fix
        )


def _problems(args: EncryptionKeyArgs, path: str) -> Iterator[Problem]:
    return key_problems(
        args.key_name,
        protection=args.protection or "HSM",
        rotation_days=args.rotation_days,
        rotation_start=args.rotation_start,
        rotations=args.rotations or (),
        for_volumes=bool(args.for_volumes),
        path=path,
    )


def _schedule(days: int | None, start: str | None) -> "kms.KeyAutoKeyRotationDetailsArgs | None":
    if not days:
        return None
    midnight = None if start is None else f"{start}T00:00:00Z"
    return kms.KeyAutoKeyRotationDetailsArgs(rotation_interval_in_days=days, time_of_schedule_start=midnight)
