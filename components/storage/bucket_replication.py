"""Copies of a bucket's objects in another region."""

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi
from pulumi_oci import objectstorage

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from facts.regions import REGIONS


@dataclass(frozen=True, kw_only=True)
class BucketReplicationArgs:
    """Arguments of a BucketReplication. Every change replaces the policy. Existing copies stay."""

    namespace: pulumi.Input[str]
    """Object Storage namespace of the tenancy."""

    bucket_name: pulumi.Input[str]
    """Name of the source bucket. It can have only one policy."""

    destination_bucket_name: pulumi.Input[str]
    """Name of the bucket for the copies. It must exist and have no retention rule. The policy makes it read-only."""

    region: str
    """Region of the source bucket, e.g. `us-ashburn-1`."""

    destination_region: str
    """Region of the copies, e.g. `us-phoenix-1`. The tenancy must be subscribed to it."""


class BucketReplication(CheckedArgs, pulumi.ComponentResource):
    """A policy that copies new and changed objects, and deletions, to a bucket in another region.

    Existing objects are not copied. The services `objectstorage-<region>` of both regions must have permission to
    manage the objects. To make the copies writable (a failover), delete the policy.
    """

    policy_id: pulumi.Output[str]
    """Id of the policy, which is not an OCID: `n/<namespace>/b/<bucket>/replicationPolicies/<id>`."""

    destination: pulumi.Output[str]
    """`<region>/<bucket>` of the copies."""

    def __init__(
        self, name: str, args: BucketReplicationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        problems = replication_problems(args.region, args.destination_region, path=name)
        refuse(problems, f"the replication {name}")
        super().__init__("genai:index:BucketReplication", name, {}, opts)

        policy = objectstorage.ReplicationPolicy(
            f"{name}-policy",
            objectstorage.ReplicationPolicyArgs(
                name=f"{name}-policy",
                namespace=args.namespace,
                bucket=args.bucket_name,
                destination_bucket_name=args.destination_bucket_name,
                destination_region_name=args.destination_region,
            ),
            # A bucket can have only one policy, so the old policy is deleted first.
            opts=child(self, pulumi.ResourceOptions(delete_before_replace=True)),
        )

        self.policy_id = policy.id
        self.destination = pulumi.Output.concat(args.destination_region, "/", policy.destination_bucket_name)
        self.register_outputs({"policyId": self.policy_id, "destination": self.destination})


def replication_problems(region: str, destination_region: str, *, path: str) -> Iterator[Problem]:
    """Copies in an unknown region, or in the bucket's own region."""
    at = f"{path}.destinationRegion"
    if destination_region not in REGIONS:
        yield Problem.not_one_of(at, destination_region, REGIONS, "must be the name of an OCI region")
    elif destination_region == region:
        yield Problem(at, destination_region, "must be a different region from the bucket's")
