"""Caches of a preview whose built-in user has no password."""

import pytest

from sandbox.oci.cloud import Cloud
from sandbox.open_caches import open_caches
from sandbox.store import Store
from tests.sandbox.test_planned import UNKNOWN, Change

CLUSTER = "oci:Redis/redisCluster:RedisCluster"
USER = "oci:Redis/ociCacheUser:OciCacheUser"
ATTACHMENT = "oci:Redis/redisClusterAttachOciCacheUser:RedisClusterAttachOciCacheUser"


def attach(change: Change, cluster: str, user: str) -> None:
    depends = {"redisClusterId": [cluster], "ociCacheUsers": [user]}
    change.make(ATTACHMENT, "attached", depends, redisClusterId=UNKNOWN, ociCacheUsers=[UNKNOWN])


def said(change: Change, store: Store) -> list[str]:
    return open_caches(Cloud(store), change.steps, change.dependencies)


def test_a_cache_with_its_built_in_user_is_reported(store: Store) -> None:
    change = Change()
    change.make(CLUSTER, "cache", {}, displayName="cache")
    (line,) = said(change, store)
    assert line.startswith("WARNING: cache: its user `default` has no password")


@pytest.mark.parametrize(("name", "lines"), [("default", 0), ("app", 1)])
def test_only_an_attached_user_named_default_replaces_it(store: Store, name: str, lines: int) -> None:
    change = Change()
    cluster = change.make(CLUSTER, "cache", {}, displayName="cache")
    user = change.make(USER, "user", {}, name=name)
    attach(change, cluster, user)
    assert len(said(change, store)) == lines


def test_a_user_of_another_cache_does_not_replace_it(store: Store) -> None:
    change = Change()
    first = change.make(CLUSTER, "first", {}, displayName="first")
    change.make(CLUSTER, "second", {}, displayName="second")
    attach(change, first, change.make(USER, "user", {}, name="default"))
    (line,) = said(change, store)
    assert line.startswith("WARNING: second:")


def test_a_deleted_attachment_opens_the_cache_again(store: Store) -> None:
    change = Change()
    cluster = change.make(CLUSTER, "cache", {}, displayName="cache")
    attach(change, cluster, change.make(USER, "user", {}, name="default"))
    change.steps[-1] = {**change.steps[-1], "op": "delete", "old": change.steps[-1]["new"], "new": None}
    assert len(said(change, store)) == 1


def test_without_a_plan_no_cache_is_reported(store: Store) -> None:
    change = Change()
    change.make(CLUSTER, "cache", {}, displayName="cache")
    assert open_caches(Cloud(store), change.steps, {}) == []
