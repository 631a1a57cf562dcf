"""Caches of a preview that anybody in their network could use without a password.

Every cluster of OCI Cache has a user `default` without a password. Only an attached user with that name replaces it.
Source: Oracle's page on the users of OCI Cache (docs.oracle.com/en-us/iaas/Content/ocicache/cache-users.htm).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from report.resources import plain
from sandbox.oci.cloud import Cloud
from sandbox.oci.rules.reading import texts
from sandbox.oci.services.cache.clusters import ATTACHMENT, CLUSTER, USER
from sandbox.planned import REMOVES, Dependencies

SYSTEM_USER = "default"


def open_caches(cloud: Cloud, steps: Sequence[Mapping[str, Any]], dependencies: Dependencies) -> list[str]:
    """One line for each cache of the stack whose user `default` nothing replaces. Empty without a plan.

    `steps` is the metadata of the engine's events.
    """
    if not dependencies:
        return []
    coming = [each for each in steps if each["op"] not in REMOVES and each.get("new")]
    replaced = {
        cluster
        for each in coming
        if each["type"] == ATTACHMENT
        for cluster in _refers(each, "redisClusterId", dependencies)
        if any(_is_system_user(cloud, user, coming) for user in _refers(each, "ociCacheUsers", dependencies))
    }
    caches = {each["urn"]: each for each in coming if each["type"] == CLUSTER}
    return [
        f"WARNING: {urn.rsplit('::', 1)[-1]}: its user `{SYSTEM_USER}` has no password, so anybody in its network can "
        f"use the cache. Attach a user named `{SYSTEM_USER}` that cannot log in"
        for urn, each in caches.items()
        if not {urn, str(each["new"].get("id"))} & replaced
    ]


def _refers(step: Mapping[str, Any], field: str, dependencies: Dependencies) -> Iterator[str]:
    """The OCIDs in a field, and the URNs of the resources that it depends on."""
    inputs = {name: plain(value) for name, value in (step["new"].get("inputs") or {}).items()}
    yield from texts(inputs, field)
    yield from dependencies.get(step["urn"], {}).get(field) or ()


def _is_system_user(cloud: Cloud, user: str, steps: Sequence[Mapping[str, Any]]) -> bool:
    known = cloud.find(user)
    names = [str(known.inputs.get("name"))] if known else []
    names += [
        str((each["new"].get("inputs") or {}).get("name"))
        for each in steps
        if each["type"] == USER and each["urn"] == user
    ]
    return SYSTEM_USER in names
