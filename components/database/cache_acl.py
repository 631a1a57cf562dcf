"""The rules that say which commands a user of a cache may run.

Sources: the ACL pages of Redis and Valkey (acl-cat, acl-setuser), ACLSetSelector in Valkey's src/acl.c, and Oracle's
page "OCI Cache User ACL Strings". The server refuses the whole string for an unknown category or an invalid rule. Names
of commands are not checked: they depend on the engine and its version.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from facts.problem import Problem

CATEGORIES: Final = (
    "admin", "all", "bitmap", "blocking", "connection", "dangerous", "fast", "geo", "hash", "hyperloglog", "keyspace",
    "list", "pubsub", "read", "scripting", "set", "slow", "sortedset", "stream", "string", "transaction", "write",
)  # fmt: skip
"""What ACL CAT lists in Redis 7 and Valkey 7 and 8, and `all`."""

_WORDS: Final = frozenset(
    {"allkeys", "resetkeys", "allchannels", "resetchannels", "allcommands", "nocommands"}
)
_OF_USER: Final = frozenset({"clearselectors", "sanitize-payload", "skip-sanitize-payload"})
"""Rules that a selector cannot contain."""

_EVERY: Final[Mapping[str, str]] = {
    "allkeys": "keys",
    "~*": "keys",
    "allchannels": "channels",
    "&*": "channels",
}
_RESET: Final[Mapping[str, str]] = {"resetkeys": "keys", "resetchannels": "channels"}
_SELECTOR = re.compile(r"(?<!\S)\((.*?)\)(?!\S)")
"""From a word that begins with `(` to the next word that ends in `)`."""

_CATEGORY = re.compile(r"[+-]@(?P<name>\S*)")
_COMMAND = re.compile(r"[+-][A-Za-z][\w.-]*(\|[A-Za-z][\w.-]*)?", re.ASCII)
_PATTERN = re.compile(r"(~|%(R|W|RW|WR)~|&)\S+", re.IGNORECASE)


def acl_problems(acl: str, *, path: str) -> Iterator[Problem]:
    """Unknown categories, invalid rules, and patterns that follow a rule for all keys or channels."""
    outside = _SELECTOR.sub(" ", acl).split()
    yield from _rule_problems(acl, outside, _WORDS | _OF_USER, path)
    yield from _pattern_problems(acl, outside, path)
    for selector in _SELECTOR.findall(acl):
        yield from _rule_problems(acl, selector.split(), _WORDS, path)
        yield from _pattern_problems(acl, selector.split(), path)


def _rule_problems(acl: str, rules: Sequence[str], words: Collection[str], path: str) -> Iterator[Problem]:
    for word in rules:
        if word.startswith("("):
            yield Problem(path, acl, "must close each selector that it opens", f"End {word} with )")
            return
        found = _CATEGORY.fullmatch(word)
        if found and found["name"].lower() not in CATEGORIES:
            yield Problem.not_one_of(
                path, found["name"], CATEGORIES, f"{word} must name a category of commands", shown=acl
            )
        elif not (found or word.lower() in words or _COMMAND.fullmatch(word) or _PATTERN.fullmatch(word)):
            allowed = (
                f"{word} is not a rule: keys are ~pattern, channels &pattern, commands +get, -get or +@read"
            )
            yield Problem(path, acl, allowed)


def _pattern_problems(acl: str, rules: Sequence[str], path: str) -> Iterator[Problem]:
    """The server refuses a pattern that can have no effect."""
    every: dict[str, str] = {}
    for word in rules:
        rule = word.lower()
        of = _EVERY.get(rule) or ("channels" if word.startswith("&") else "keys")
        if rule in _EVERY:
            every.setdefault(of, word)
        elif rule in _RESET:
            every.pop(_RESET[rule], None)
        elif of in every and _PATTERN.fullmatch(word):
            allowed = f"{word} must not follow {every[of]}, which allows all {of}"
            yield Problem(path, acl, allowed, f"Leave out one of them, or put reset{of} between them")
