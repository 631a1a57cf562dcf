"""The users that may log in to a cache: the cluster's own user, and nobody without a password.

Every cluster has a system user `default` without a password. A user with that name that is attached to the cluster
replaces it. Source: Oracle's pages on OCI Cache's users, their passwords and ACL strings
(docs.oracle.com/en-us/iaas/Content/ocicache/cache-users.htm, cache-user-passwords.htm, acl-strings.htm).
"""

import hashlib
from collections.abc import Mapping

import pulumi
from pulumi_oci import redis

from components.options import child

DEFAULT_USER = "app"
DEFAULT_ACL = "allkeys allchannels +@all -@admin -@dangerous +info"
"""All keys, and all commands except those that administer the cluster or block it for everybody."""

SYSTEM_USER = "default"
NOTHING = "-@all"


def hashed(password: pulumi.Input[str]) -> pulumi.Output[list[str]]:
    """The password in the form that the service accepts: SHA-256 in hexadecimal digits. It is a secret too."""
    digest = pulumi.Output.secret(password).apply(lambda text: [hashlib.sha256(text.encode()).hexdigest()])
    return pulumi.Output.secret(digest)


def cache_user(
    parent: pulumi.Resource,
    name: str,
    *,
    compartment_id: pulumi.Input[str],
    user: str,
    acl: str,
    description: str,
    password: pulumi.Input[str] | None,
    closed: bool = False,
    tags: pulumi.Input[Mapping[str, str]] | None = None,
) -> "redis.OciCacheUser":
    """A user with a password, or a user that logs in with IAM if there is no password. `closed`: it cannot log in."""
    mode = redis.OciCacheUserAuthenticationModeArgs(
        authentication_type="IAM" if password is None else "PASSWORD",
        hashed_passwords=None if password is None else hashed(password),
    )
    args = redis.OciCacheUserArgs(
        compartment_id=compartment_id,
        name=user,
        description=description,
        acl_string=acl,
        authentication_mode=mode,
        status="OFF" if closed else "ON",
        freeform_tags=tags,
    )
    return redis.OciCacheUser(name, args, opts=child(parent))
