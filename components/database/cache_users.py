"""Who may log in to a cache: an own user, and nobody without a password.

Every cluster has a user `default` of the system's, without a password; a user of that name that is attached to the
cluster takes its place. Source: Oracle's pages on OCI Cache's users, their passwords and ACL strings
(docs.oracle.com/en-us/iaas/Content/ocicache/cache-users.htm, cache-user-passwords.htm, acl-strings.htm).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping

import pulumi
from pulumi_oci import redis

from components.options import child
from facts.problem import Problem

DEFAULT_USER = "app"
DEFAULT_ACL = "allkeys allchannels +@all -@admin -@dangerous +info"
"""All keys, and all commands but those that administer the cluster or stop it for everybody."""

SYSTEM_USER = "default"
NOTHING = "-@all"

PASSWORD = (16, 128)
"""Characters that are asked for here: a cache can be asked for passwords millions of times a second."""

_USER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_LETS_IN = re.compile(r"(?:^|\s)(nopass|resetpass|on|off|reset|[>#<!]\S*)(?=\s|$)", re.IGNORECASE)


def cache_user_problems(
    user: str | None, *, acl: str | None = None, password: str | None = None, path: str
) -> Iterator[Problem]:
    """A user that closes nothing, rules that let in without a password, a password that is guessed."""
    if user is not None and (user == SYSTEM_USER or not _USER.fullmatch(user)):
        allowed = "must be 1 to 64 letters, digits, - and _, begin with a letter, and not be `default`, which is closed"
        yield Problem(f"{path}.user", user, allowed)
    found = _LETS_IN.search(acl or "")
    if acl is not None and (found or not acl.strip()):
        fix = f"Leave out `{found[1]}`" if found else f"Leave it out for `{DEFAULT_ACL}`"
        yield Problem(f"{path}.acl", acl, "must name keys, channels and commands, and no way to log in", fix)
    low, high = PASSWORD
    if password is not None and (not low <= len(password) <= high or re.search(r"\s", password)):
        allowed = f"must be {low} to {high} characters without blanks"
        yield Problem(f"{path}.password", "(hidden)", allowed, "`openssl rand -hex 24` makes one")


def backup_problems(backups: Mapping[str, int], *, path: str) -> Iterator[Problem]:
    """Backups that are kept for no time."""
    for name, days in backups.items():
        if days < 1:
            yield Problem(f"{path}.backups.{name}", days, "must be kept 1 day or more")


def hashed(password: pulumi.Input[str]) -> pulumi.Output[list[str]]:
    """The password as the service takes it: SHA-256, in hexadecimal digits; kept secret all the same."""
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
    """A user with a password, or one that logs in by IAM if there is none; `closed` logs in nowhere."""
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
