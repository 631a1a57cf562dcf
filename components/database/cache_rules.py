"""What must hold for a cache and for who logs in to it, before anything is created."""

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
"""Characters that are asked for here: a cache can be asked for passwords millions of times a second."""

_USER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_LETS_IN = re.compile(r"(?:^|\s)(nopass|resetpass|on|off|reset|[>#<!]\S*)(?=\s|$)", re.IGNORECASE)


class CacheChoices(Protocol):
    """The plain values of a cache. The component's args and the settings both have them."""

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
    """Everything wrong with a cache, in the same words for its settings and its component.

    `password` where it is known: both keep it as a secret.
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
            f"must make {CACHE_NODES_IN_ALL} nodes in all at most, and {shards} x {each} are {shards * each}"
        )
        yield Problem(f"{path}.shards", shards, allowed)


def _user_problems(user: str | None, acl: str | None, password: str | None, path: str) -> Iterator[Problem]:
    if user is not None and (user == SYSTEM_USER or not _USER.fullmatch(user)):
        allowed = "must be 1 to 64 letters, digits, - and _, begin with a letter, and not be `default`, which is closed"
        yield Problem(f"{path}.user", user, allowed)
    found = _LETS_IN.search(acl or "")
    if acl is not None and (found or not acl.strip()):
        fix = f"Leave out `{found[1]}`" if found else f"Leave it out for `{DEFAULT_ACL}`"
        yield Problem(f"{path}.acl", acl, "must name keys, channels and commands, and no way to log in", fix)
    elif acl is not None:
        yield from acl_problems(acl, path=f"{path}.acl")
    low, high = PASSWORD
    if password is not None and (not low <= len(password) <= high or re.search(r"\s", password)):
        allowed = f"must be {low} to {high} characters without blanks"
        yield Problem(f"{path}.password", "(hidden)", allowed, "`openssl rand -hex 24` makes one")
