"""The users that may log in to a cache: its own user, and nobody without a password."""

import hashlib
from typing import Any

import pytest

from components.database.cache_cluster import CacheCluster
from components.database.cache_rules import cache_problems
from components.database.cache_users import DEFAULT_ACL
from facts.problem import InvalidInput
from infra.offline.recording import Registered
from tests.components.database.test_cache_cluster import cache_args
from tests.support.monitor import Recording, oci_options, run

USER = "oci:Redis/ociCacheUser:OciCacheUser"
ATTACHMENT = "oci:Redis/redisClusterAttachOciCacheUser:RedisClusterAttachOciCacheUser"
PASSWORD = "0123456789abcdef-cache"


def cache(**changes: Any) -> Recording:
    program = lambda: CacheCluster("cache", cache_args(**changes), oci_options()) and None  # noqa: E731
    return run(program)


def every(seen: Recording, token: str) -> list[Registered]:
    return [each for each in seen.resources if each.type == token]


def test_the_system_user_without_a_password_is_off_and_the_own_user_is_on():
    made = {each.inputs["name"]: each.inputs for each in every(cache(), USER)}
    assert {name: user["status"] for name, user in made.items()} == {"default": "OFF", "app": "ON"}
    assert made["default"]["aclString"] == "-@all"
    attached = {id_ for each in every(cache(), ATTACHMENT) for id_ in each.inputs["ociCacheUsers"]}
    assert len(attached) == 2, (
        "both are attached: a user that is not attached does not replace the system user"
    )


def test_without_a_password_users_log_in_with_iam():
    modes = [user.inputs["authenticationMode"] for user in every(cache(), USER)]
    assert modes == [{"authenticationType": "IAM"}] * 2


def test_a_password_reaches_the_service_as_its_hash_and_stays_secret():
    seen = cache(password=PASSWORD)
    (user,) = (each for each in every(seen, USER) if each.inputs["name"] == "app")
    mode = user.inputs["authenticationMode"]
    digest = hashlib.sha256(PASSWORD.encode()).hexdigest()
    assert (mode["authenticationType"], mode["hashedPasswords"]) == ("PASSWORD", [digest])
    assert PASSWORD not in str([each.inputs for each in seen.resources])


def test_the_connection_names_the_user_and_not_its_password():
    outputs = cache(password=PASSWORD, user="engines").named("cache").outputs
    assert outputs is not None
    assert outputs["connection"]["user"] == "engines"
    assert PASSWORD not in str(outputs)


def test_a_backup_is_created_for_each_name_and_kept_for_its_days():
    seen = cache(backups={"before-upgrade": 30})
    (backup,) = every(seen, "oci:Redis/ociCacheBackup:OciCacheBackup")
    assert (backup.inputs["displayName"], backup.inputs["retentionPeriodInDays"]) == (
        "cache-before-upgrade",
        30,
    )


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"user": "default"}, "c.user", "not be `default`"),
        ({"user": "a b"}, "c.user", "must be 1 to 64 letters"),
        ({"user": None, "acl": "allkeys +@all nopass"}, "c.acl", "Leave out `nopass`"),
        ({"user": None, "acl": "on >secret allkeys"}, "c.acl", "no rule about the login"),
        ({"user": None, "acl": "allkeys +@foo"}, "c.acl", "+@foo must name a category of commands"),
        ({"user": None, "acl": "allkeys -@dangerus"}, "c.acl", "Did you mean `dangerous`?"),
        ({"user": None, "acl": "+@"}, "c.acl", "+@ must name a category"),
        ({"user": None, "acl": "allkeys get"}, "c.acl", "get is not a rule: keys are ~pattern"),
        ({"user": None, "acl": "~a +get|"}, "c.acl", "+get| is not a rule"),
        ({"user": None, "acl": "~a ~ +get"}, "c.acl", "~ is not a rule"),
        ({"user": None, "acl": "+get (~a +set"}, "c.acl", "must close each selector"),
        ({"user": None, "acl": "%RR~a +get"}, "c.acl", "%RR~a is not a rule"),
        ({"user": None, "acl": "%~a +get"}, "c.acl", "%~a is not a rule"),
        ({"user": None, "acl": "+get (~a clearselectors)"}, "c.acl", "clearselectors is not a rule"),
        ({"user": None, "acl": "+get) ~a"}, "c.acl", "+get) is not a rule"),
        ({"user": None, "acl": "allkeys ~a:* +get"}, "c.acl", "~a:* must not follow allkeys"),
        ({"user": None, "acl": "~* %R~a:* +get"}, "c.acl", "%R~a:* must not follow ~*"),
        ({"user": None, "acl": "+get (allchannels &a)"}, "c.acl", "&a must not follow allchannels"),
        ({"user": None, "acl": " "}, "c.acl", "must contain keys, channels and commands"),
        ({"user": None, "password": "short"}, "c.password", "must be 16 to 128 characters"),
        ({"user": None, "password": "0123456789 abcdefgh"}, "c.password", "without blanks"),
    ],
)
def test_an_invalid_user_is_reported_with_its_path(changes: dict[str, Any], path: str, words: str):
    (problem,) = cache_problems(cache_args(**changes), password=changes.get("password"), path="c")
    assert problem.path == path
    assert words in str(problem)
    assert "short" not in str(problem)


@pytest.mark.parametrize(
    "acl",
    [
        DEFAULT_ACL,
        "~service1:* &service1:* +@read +@write -keys +command|info",
        "%R~a:* %RW~b:* +get (~c:* +@SortedSet) allcommands",
        "%WR~a:* %wr~b:* +get",
        "allkeys ~* resetkeys ~a:* allchannels resetchannels &a +get",
        "allkeys +get (~a:* +set) (&a +publish) clearselectors",
    ],
)
def test_rules_in_the_form_of_the_server_pass(acl: str):
    assert not list(cache_problems(cache_args(acl=acl), password=None, path="c"))


def test_a_backup_that_is_kept_for_zero_days_is_refused():
    args = cache_args(backups={"a": 0, "b": 1})
    assert [each.path for each in cache_problems(args, password=None, path="c")] == ["c.backups.a"]
    with pytest.raises(InvalidInput, match=r"cache\.user"):
        cache(user="default")
