"""Checks of a cache and its users before anything is created."""

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from facts.databases import (
    CACHE_MEMORY_GIB,
    CACHE_NODES,
    CACHE_NODES_IN_ALL,
    CACHE_SHARDS,
    CACHE_VERSIONS,
)
from facts.problem import Problem

from .cache_acl import acl_problems
from .cache_users import DEFAULT_ACL, SYSTEM_USER
from .rules import least_problems, range_problems, word_problems

PASSWORD = (16, 128)
"""The toolkit's own limits for the length: an attacker can try millions of passwords per second on a cache."""

_USER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_LOGIN_RULE = re.compile(r"(?:^|\s)(nopass|resetpass|on|off|reset|[>#<!]\S*)(?=\s|$)", re.IGNORECASE)


class CacheChoices(Protocol):
    """The plain values of a cache, which the component's args and the settings both have."""

    @property
    def nodes(self) -> int | None: ...
    @property
    def memory_gib(self) -> int | None: ...
    @property
    def shards(self) -> int | None: ...
    @property
    def engine(self) -> str | None: ...
    @property
    def user(self) -> str | None: ...
    @property
    def acl(self) -> str | None: ...
    @property
    def backups(self) -> Mapping[str, int] | None: ...


def cache_problems(cache: CacheChoices, *, password: str | None, path: str) -> Iterator[Problem]:
    """All problems of a cache. Its settings and its component use the same messages.

    `password` is given if it is known: it is a secret in both.
    """
    yield from range_problems(cache.nodes, CACHE_NODES, f"{path}.nodes")
    yield from range_problems(cache.memory_gib, CACHE_MEMORY_GIB, f"{path}.memoryGib", "GiB")
    yield from word_problems(cache.engine, CACHE_VERSIONS, f"{path}.engine")
    yield from _shard_problems(cache.shards, 3 if cache.nodes is None else cache.nodes, path)
    yield from _user_problems(cache.user, cache.acl, password, path)
    for name, days in (cache.backups or {}).items():
        yield from least_problems(days, 1, f"{path}.backups.{name}", "days")


def _shard_problems(shards: int | None, each: int, path: str) -> Iterator[Problem]:
    if shards is None:
        return
    low, high = CACHE_SHARDS
    if not low <= shards <= high or shards % 2 == 0:
        fix = "Leave it out for a cluster without shards" if shards < low else ""
        yield Problem(f"{path}.shards", shards, f"must be an odd number from {low} to {high}", fix)
    elif shards * each > CACHE_NODES_IN_ALL:
        allowed = (
            f"must give {CACHE_NODES_IN_ALL} nodes in total at most, but {shards} x {each} is {shards * each}"
        )
        yield Problem(f"{path}.shards", shards, allowed)


def _user_problems(user: str | None, acl: str | None, password: str | None, path: str) -> Iterator[Problem]:
    if user is not None and (user == SYSTEM_USER or not _USER.fullmatch(user)):
        allowed = "must be 1 to 64 letters, digits, - and _, begin with a letter, and not be `default`"
        yield Problem(f"{path}.user", user, allowed)
    found = _LOGIN_RULE.search(acl or "")
    if acl is not None and (found or not acl.strip()):
        fix = f"Leave out `{found[1]}`" if found else f"Leave it out for `{DEFAULT_ACL}`"
        yield Problem(
            f"{path}.acl", acl, "must contain keys, channels and commands, and no rule about the login", fix
        )
    elif acl is not None:
        yield from acl_problems(acl, path=f"{path}.acl")
    low, high = PASSWORD
    if password is not None and (not low <= len(password) <= high or re.search(r"\s", password)):
        allowed = f"must be {low} to {high} characters without blanks"
        yield Problem(f"{path}.password", "(hidden)", allowed, "`openssl rand -hex 24` makes one")
