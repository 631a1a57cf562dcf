"""What OCI Cache refuses in clusters and users, and the endpoints of a cluster."""

import hashlib
from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import COMPARTMENT, Refused, Service
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal

CACHE = "oci:Redis/redisCluster:RedisCluster"
USER = "oci:Redis/ociCacheUser:OciCacheUser"
ATTACHMENT = "oci:Redis/redisClusterAttachOciCacheUser:RedisClusterAttachOciCacheUser"
HASH = hashlib.sha256(b"a password").hexdigest()


def user(service: Service, name: str = "app", kind: str = "PASSWORD", **mode: Any) -> Entry:
    given = {"hashedPasswords": [HASH]} if kind == "PASSWORD" and not mode else mode
    return service.create(
        USER,
        compartmentId=COMPARTMENT,
        name=name,
        aclString="allkeys +@all",
        authenticationMode={"authenticationType": kind, **given},
    )


def cache(service: Service, **changes: Any) -> Entry:
    inputs = {"nodeCount": 3, "nodeMemoryInGbs": 32, "softwareVersion": "VALKEY_8_1"}
    return service.create(CACHE, **(inputs | changes))


def attach(service: Service, holder: Entry, *users: Entry) -> Entry:
    return service.create(ATTACHMENT, redisClusterId=holder.id, ociCacheUsers=[each.id for each in users])


@pytest.mark.parametrize(
    ("kind", "mode", "message"),
    [
        ("PASSWORD", {"hashedPasswords": []}, "size must be between 1 and 2"),
        ("PASSWORD", {"hashedPasswords": [HASH] * 3}, "size must be between 1 and 2"),
        ("PASSWORD", {"hashedPasswords": ["a password"]}, "must be SHA-256 hashes"),
        ("IAM", {"hashedPasswords": [HASH]}, "must not be given when authenticationType is IAM"),
        ("NONE", {"hashedPasswords": []}, "authenticationType must be one of"),
    ],
)
def test_a_user_without_the_passwords_of_its_authentication_mode_is_refused(
    service: Service, refused: Refused, kind: str, mode: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, lambda: user(service, kind=kind, **mode))


@pytest.mark.parametrize(
    ("acl", "said"),
    [
        ("allkeys +@foo", "'+@foo': Unknown command or category name in ACL"),
        ("allkeys get", "'get': Syntax error"),
        ("~a +get|", "'+get|': Syntax error"),
        ("%RR~a +get", "'%RR~a': Syntax error"),
        ("+get (~a +set", "'(~a': Syntax error"),
        ("+get) ~a", "'+get)': Syntax error"),
        ("allkeys ~a", "'~a': Adding a pattern after the * pattern (or the 'allkeys' flag)"),
        (
            "allkeys ~channels:*",
            "'~channels:*': Adding a pattern after the * pattern (or the 'allkeys' flag)",
        ),
        ("+get (&* &a)", "'&a': Adding a pattern after the * pattern (or the 'allchannels' flag)"),
    ],
)
def test_access_rules_that_the_server_refuses_are_refused(
    service: Service, refused: Refused, acl: str, said: str
) -> None:
    given = {"name": "app", "authenticationMode": {"authenticationType": "IAM"}}
    refused(400, "InvalidParameter", said, service.create, USER, aclString=acl, **given)
    for accepted in (
        "~a:* %R~b:* (+@read -keys) +config|get",
        "~* (%WR~a +get) allkeys resetkeys ~a",
        "allchannels ~channels:* resetchannels &a",
    ):
        assert service.create(USER, aclString=accepted, **given)


def test_a_cluster_cannot_have_two_users_of_one_name(service: Service, refused: Refused) -> None:
    holder = cache(service)
    first, second, other = user(service, "default"), user(service, "default"), user(service, "app", "IAM")
    attach(service, holder, first)
    refused(400, "InvalidParameter", "has a user named default already", attach, service, holder, second)
    attach(service, holder, other)
    attach(service, cache(service), second)


def test_an_attached_user_cannot_be_deleted(service: Service, refused: Refused) -> None:
    made = user(service)
    attachment = attach(service, cache(service), made)
    refused(409, "IncorrectState", "is attached to the cluster", service.delete, made)
    service.delete(attachment)
    service.delete(made)


def test_a_backup_of_a_missing_cluster_is_refused(service: Service, refused: Refused) -> None:
    gone = cache(service)
    service.delete(gone)
    backup = "oci:Redis/ociCacheBackup:OciCacheBackup"
    refused(404, "NotAuthorizedOrNotFound", gone.id, lambda: service.create(backup, displayName="b",
            compartmentId=COMPARTMENT, sourceClusterId=gone.id))  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"nodeCount": 6}, "nodeCount 6 is invalid: it must be between 1 and 5"),
        ({"nodeMemoryInGbs": 1}, "it must be between 2 and 500"),
        ({"nodeMemoryInGbs": 512}, "it must be between 2 and 500"),
        ({"softwareVersion": "REDIS_8"}, "softwareVersion must be one of"),
        ({"clusterMode": "CLUSTERED"}, "clusterMode must be one of"),
        ({"shardCount": 3}, "shardCount is applicable only when clusterMode is SHARDED"),
        ({"clusterMode": "SHARDED"}, "shardCount null is invalid"),
        ({"clusterMode": "SHARDED", "shardCount": 4}, "it must be an odd number between 3 and 99"),
        ({"clusterMode": "SHARDED", "shardCount": 101}, "it must be an odd number between 3 and 99"),
        ({"clusterMode": "SHARDED", "shardCount": 35}, "The cluster has 105 nodes"),
    ],
)
def test_a_wrong_cache_is_refused(
    service: Service, refused: Refused, changes: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, cache, service, **changes)


def test_a_sharded_cache_has_a_discovery_endpoint_and_a_plain_one_a_primary(driver: Driver) -> None:
    sharded = create_minimal(driver, CACHE, "sharded", clusterMode="SHARDED", shardCount=3).outputs
    plain = create_minimal(driver, CACHE, "plain").outputs
    assert (bool(sharded["discoveryFqdn"]), bool(sharded["primaryFqdn"])) == (True, False)
    assert (bool(plain["discoveryFqdn"]), bool(plain["primaryFqdn"])) == (False, True)
