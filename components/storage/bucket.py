"""A private bucket of Object Storage."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import objectstorage

from components.options import stateful
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .lifecycle import LifecycleRuleArgs, RuleChoices, lifecycle_problems, lifecycle_rules, served_problems
from .retention import retention_problems, retention_rules

STORAGE_TIERS = ("Standard", "Archive")
VERSIONING = ("Enabled", "Suspended", "Disabled")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,256}")


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    """Arguments of a Bucket."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the bucket."""

    namespace: pulumi.Input[str]
    """Object Storage namespace of the tenancy (`objectstorage.get_namespace`). A change replaces the bucket."""

    bucket_name: str
    """Name, unique in the namespace: letters, digits, hyphens, underscores and periods, 256 at most. A change
    replaces the bucket."""

    versioning: str | None = None
    """`Enabled`: overwritten and deleted objects stay as older versions. Not with a retention rule. `Suspended`: no
    more versions are created; a bucket that was Enabled cannot become Disabled again. Default: Disabled."""

    storage_tier: str | None = None
    """`Standard` or `Archive`. Objects in Archive must be restored, in up to an hour, before they can be read. A change
    replaces the bucket. Default: Standard."""

    auto_tiering: bool | None = None
    """Whether objects that nobody reads move automatically to the infrequent-access tier. Only with the Standard tier.
    Default: no."""

    kms_key_id: pulumi.Input[str] | None = None
    """OCID of the vault key that encrypts the bucket. The service `objectstorage-<region>` must have
    permission to use it. Default: Oracle's key."""

    object_events: bool | None = None
    """Whether the bucket sends changes of objects to the Events service. Default: no."""

    lifecycle: Mapping[str, LifecycleRuleArgs] | None = None
    """Lifecycle rules by name. The service `objectstorage-<region>` must have permission to manage the objects.
    Default: none."""

    served: bool | None = None
    """Whether objects can be read at any time, e.g. by nodes that load models. Lifecycle rules may then archive or
    delete only older versions, not current objects. Default: no."""

    retention_days: int | None = None
    """Days for which nobody can change or delete objects. Default: none."""

    retention_years: int | None = None
    """The same in years. Not with `retention_days`. Default: none."""

    retention_lock_time: str | None = None
    """UTC time, e.g. `2027-01-31T00:00:00Z`, at which the retention rule is locked, at least 14 days after its
    creation. A locked rule can become longer, never shorter. Nobody can remove it, or delete the bucket while it
    contains objects. Default: never."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the bucket, and keeps it when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class Bucket(CheckedArgs, pulumi.ComponentResource):
    """A bucket without public access, and its lifecycle rules."""

    bucket_name: pulumi.Output[str]
    """Name of the bucket."""

    bucket_id: pulumi.Output[str]
    """OCID of the bucket."""

    namespace: pulumi.Output[str]
    """Object Storage namespace of the bucket."""

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(bucket_problems(args, bucket_name=args.bucket_name, path=name), f"the bucket {name}")
        super().__init__("genai:index:Bucket", name, {}, opts)

        bucket = objectstorage.Bucket(
            f"{name}-bucket",
            objectstorage.BucketArgs(
                compartment_id=args.compartment_id,
                namespace=args.namespace,
                name=args.bucket_name,
                access_type="NoPublicAccess",
                storage_tier=args.storage_tier or "Standard",
                versioning=args.versioning or "Disabled",
                auto_tiering="InfrequentAccess" if args.auto_tiering else "Disabled",
                kms_key_id=args.kms_key_id,
                object_events_enabled=bool(args.object_events),
                retention_rules=retention_rules(
                    args.retention_days, args.retention_years, args.retention_lock_time
                ),
                freeform_tags=args.tags,
            ),
            opts=stateful(self, args.protect),
        )
        if args.lifecycle:
            objectstorage.ObjectLifecyclePolicy(
                f"{name}-lifecycle",
                objectstorage.ObjectLifecyclePolicyArgs(
                    bucket=bucket.name, namespace=bucket.namespace, rules=lifecycle_rules(args.lifecycle)
                ),
                opts=stateful(self, args.protect),
            )

        self.bucket_name = bucket.name
        self.bucket_id = bucket.bucket_id
        self.namespace = bucket.namespace
        self.register_outputs(
            {"bucketName": self.bucket_name, "bucketId": self.bucket_id, "namespace": self.namespace}
        )


class BucketChoices(Protocol):
    """The plain values of a bucket, which the component's args and the settings both have."""

    @property
    def versioning(self) -> str | None: ...
    @property
    def storage_tier(self) -> str | None: ...
    @property
    def auto_tiering(self) -> bool | None: ...
    @property
    def lifecycle(self) -> Mapping[str, RuleChoices] | None: ...
    @property
    def served(self) -> bool | None: ...
    @property
    def retention_days(self) -> int | None: ...
    @property
    def retention_years(self) -> int | None: ...
    @property
    def retention_lock_time(self) -> str | None: ...


def bucket_problems(bucket: BucketChoices, *, bucket_name: str, path: str) -> Iterator[Problem]:
    """Invalid names, and settings that exclude each other. Settings and component use the same messages."""
    versioning, tier = bucket.versioning or "Disabled", bucket.storage_tier or "Standard"
    rules = bucket.lifecycle or {}
    if not _NAME.fullmatch(bucket_name):
        allowed = "must be 1 to 256 letters, digits, hyphens, underscores and periods"
        yield Problem(f"{path}.bucketName", bucket_name, allowed)
    if tier not in STORAGE_TIERS:
        yield Problem.not_one_of(f"{path}.storageTier", tier, STORAGE_TIERS)
    if versioning not in VERSIONING:
        yield Problem.not_one_of(f"{path}.versioning", versioning, VERSIONING)
    if bucket.auto_tiering and tier == "Archive":
        yield Problem(f"{path}.autoTiering", True, "must be left out: the Archive tier has only one level")
    for name, rule in rules.items():
        # Source: Oracle's page "Creating an Object Storage Object Lifecycle Policy".
        if bucket.auto_tiering and rule.action == "INFREQUENT_ACCESS":
            allowed = "must not be INFREQUENT_ACCESS: autoTiering moves the objects"
            yield Problem(f"{path}.lifecycle[{name!r}].action", rule.action, allowed, "Remove one of the two")
    yield from retention_problems(
        bucket.retention_days,
        bucket.retention_years,
        bucket.retention_lock_time,
        versioned=versioning == "Enabled",
        path=path,
    )
    if bucket.served:
        yield from served_problems(rules, storage_tier=tier, path=path)
    yield from lifecycle_problems(
        rules, versioning=versioning != "Disabled", storage_tier=tier, path=f"{path}.lifecycle"
    )
