"""The permissions of pods with OKE's workload identity, separately for each service account."""

from collections.abc import Sequence

from facts.policies import All, Any, Anyone, Place, Statement, Test

from .principal_grants import Statements, Workload


def secret_reader_grants(reader: Workload, compartment_id: str, secrets: Sequence[str]) -> Statements:
    """Read the contents of `secrets` by their names in the vault, and read the vault.

    external-secrets gets the bundle of a secret by its name, and gets the vault to check its store.
    """
    place = Place.of(compartment_id)
    grants = {
        f"{reader.service_account} finds vaults": Statement(
            subject=Anyone(), verb="read", resource="vaults", place=place, where=All(reader.condition)
        )
    }
    if secrets:
        named = Any(tuple(Test("target.secret.name", name) for name in secrets))
        grants[f"{reader.service_account} reads secrets"] = Statement(
            subject=Anyone(),
            verb="read",
            resource="secret-bundles",
            place=place,
            where=All((*reader.condition, named)),
        )
    return grants


KEEPER_PERMISSIONS = ("OBJECT_INSPECT", "OBJECT_READ", "OBJECT_CREATE", "OBJECT_OVERWRITE")


def result_keeper_grants(keeper: Workload, compartment_id: str, bucket: str, folder: str) -> Statements:
    """Read, add and overwrite objects in one folder of a bucket. No other objects, which may be served weights, and no
    deletion: everyone who creates pods in the namespace can use the account.

    Only the list of names covers the whole bucket. Source of the condition: "Let users have full access to a folder in
    an Object Storage bucket" on Oracle's page Content/Identity/policiescommon/commonpolicies.htm.
    """
    place = Place.of(compartment_id)
    mine = (*keeper.condition, Test("target.bucket.name", bucket))
    reached = Any((Test("request.permission", "OBJECT_INSPECT"), Test("target.object.name", f"{folder}/*")))
    return {
        f"{keeper.service_account} keeps results": Statement(
            subject=Anyone(), permissions=KEEPER_PERMISSIONS, place=place, where=All((*mine, reached))
        ),
        f"{keeper.service_account} finds the bucket": Statement(
            subject=Anyone(), verb="read", resource="buckets", place=place, where=All(mine)
        ),
    }


def publisher_grants(publisher: Workload, compartment_id: str) -> Statements:
    """Publish to the compartment's topics: not read, change or subscribe to them.

    Notifications knows no variable for one topic: "Only the general variables are supported" on Oracle's page
    Content/Identity/Reference/notificationpolicyreference.htm, which also names the permission of PublishMessage.
    """
    return {
        f"{publisher.service_account} publishes": Statement(
            subject=Anyone(),
            permissions=("ONS_TOPIC_PUBLISH",),
            place=Place.of(compartment_id),
            where=All(publisher.condition),
        )
    }
