"""The rules by which a cache lets a user run commands.

Sources: the ACL pages of Redis and Valkey (acl-cat, acl-setuser) and Oracle's page "OCI Cache User ACL Strings". An
unknown category or an ill-formed rule makes the server refuse the whole string. Names of commands are not judged: they
differ with the engine and its version.
"""

import re
from collections.abc import Iterator
from typing import Final

from facts.problem import Problem

CATEGORIES: Final = (
    "admin", "all", "bitmap", "blocking", "connection", "dangerous", "fast", "geo", "hash", "hyperloglog", "keyspace",
    "list", "pubsub", "read", "scripting", "set", "slow", "sortedset", "stream", "string", "transaction", "write",
)  # fmt: skip
"""What ACL CAT lists in Redis 7 and Valkey 7 and 8, and `all`."""

_WORDS: Final = frozenset(
    {"allkeys", "resetkeys", "allchannels", "resetchannels", "allcommands", "nocommands", "clearselectors"}
    | {"sanitize-payload", "skip-sanitize-payload"}
)
_CATEGORY = re.compile(r"[+-]@(?P<name>\S*)")
_COMMAND = re.compile(r"[+-][A-Za-z][\w.-]*(\|[A-Za-z][\w.-]*)?", re.ASCII)
_PATTERN = re.compile(r"(~|%(R|W|RW)~|&)\S+", re.IGNORECASE)


def acl_problems(acl: str, *, path: str) -> Iterator[Problem]:
    """Categories that there are not, and words that are no rule."""
    for word in acl.replace("(", " ").replace(")", " ").split():
        found = _CATEGORY.fullmatch(word)
        if found and found["name"].lower() not in CATEGORIES:
            yield Problem.not_one_of(
                path, found["name"], CATEGORIES, f"{word} must name a category of commands", shown=acl
            )
        elif not found and not _is_rule(word):
            allowed = (
                f"{word} is no rule: keys are ~pattern, channels &pattern, commands +get, -get or +@read"
            )
            yield Problem(path, acl, allowed)
    if acl.count("(") != acl.count(")"):
        yield Problem(path, acl, "must close each selector that it opens")


def _is_rule(word: str) -> bool:
    return word.lower() in _WORDS or bool(_COMMAND.fullmatch(word) or _PATTERN.fullmatch(word))
