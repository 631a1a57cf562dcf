"""Secrets in plain text, which everyone with access to the repository can read."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from facts.ocids import is_placeholder
from facts.problem import Problem
from facts.pydantic_words import HIDDEN, path_of
from facts.secrets import is_secret_name, secret_form
from serving.engine.environment import SECRET_VARIABLES

ENCRYPTED = "[encrypted]"
"""Shown in place of a value that only the engine can decrypt."""

ENCRYPTABLE = re.compile(
    r"serving\.huggingFaceToken|serving\.platform\.aiGateway\.sessionSecret|network\.edge\.certificate\.privateKey"
    r"|database\.cache\.password"
    r"|gpu\.pools\[\d+\]\.imageImport\.url|observability\.topics\[\d+\]\.subscriptions\..+\.endpoint",
    re.ASCII,
)
"""Paths where an encrypted value is kept secret: the program keeps it encrypted in the state and secret in the
cluster."""

_SHOWN = re.compile(r"\.(values|environment|configurations|tags)\b")

_PASSWORD = re.compile(r"pass|pwd", re.IGNORECASE)


Loc = tuple[int | str, ...]

_OPTION = re.compile(r"--[a-z][a-z0-9-]*", re.IGNORECASE)


def leaves(section: str, value: object, loc: Loc = ()) -> Iterator[tuple[str, str, object]]:
    """Path, name and value of everything in a section that is neither a mapping nor a list.

    The name is the nearest key. In `name: X, value: …` it is the variable's name, and in a list of words the option
    before the value.
    """
    for place, name, inner in _leaves(value, section, loc):
        yield path_of(section, place), name, inner


def _leaves(value: object, name: str, loc: Loc) -> Iterator[tuple[Loc, str, object]]:
    if isinstance(value, Mapping):
        content = cast(Mapping[str, object], value)
        variable = content.get("name")
        for key, inner in content.items():
            named = variable if key == "value" and isinstance(variable, str) else key
            yield from _leaves(inner, named, (*loc, key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        before: object = None
        for index, inner in enumerate(cast(Sequence[object], value)):
            option = before if isinstance(before, str) and _OPTION.fullmatch(before) else name
            yield from _leaves(inner, option, (*loc, index))
            before = inner
    else:
        yield loc, name, value


def secret_problems(
    config: Mapping[str, object], encrypted: Collection[str], known: Collection[str] = ()
) -> Iterator[Problem]:
    """Values that are not encrypted, but whose key, form, or path among `known` says that they are secrets.

    `encrypted` contains paths of single values, or names of sections. The engine tells a program only that something in
    a section was encrypted, so such a section is not checked.
    """
    for section, content in config.items():
        if section in encrypted:
            continue
        for path, key, value in leaves(section, content):
            if _is_shown(path, key) if path in encrypted else path in known or _is_secret(path, key, value):
                yield plain_text(path)


def encrypting(path: str) -> str:
    """The command that asks for a value and stores it encrypted."""
    return f"`pulumi config set --secret --path 'genai-playground:{path}'`"


def plain_text(path: str) -> Problem:
    """The problem of a readable secret at `path`, with a fix that works at that path. The value is hidden."""
    revoke = "and revoke the old one, which was readable"
    if ENCRYPTABLE.fullmatch(path):
        return Problem(path, HIDDEN, "must be encrypted", f"{encrypting(path)}; {revoke}")
    allowed = "must not contain a secret, not even encrypted: the value is readable in the state and in OCI"
    if ".values." in path:
        allowed = (
            "must not contain a secret, not even encrypted: a chart's values are readable in the cluster"
        )
        fix = f"Store it in a Kubernetes Secret, e.g. with external-secrets, and give the chart its name; {revoke}"
        return Problem(path, HIDDEN, allowed, fix)
    if ".environment." in path:
        allowed = "must not contain a secret, not even encrypted: anyone who can read the pod can read its environment"
    return Problem(path, HIDDEN, allowed, f"Remove it; {revoke}")


def without_secrets(problem: Problem) -> Problem:
    """The problem, with its value hidden if the value is a secret, because messages end up in logs."""
    return replace(problem, value=HIDDEN) if secret_form(str(problem.value)) else problem


def _is_shown(path: str, key: str) -> bool:
    """Whether an encrypted value at `path` would be written in plain text for others to read.

    Only the stack file shows this. The engine tells a program only that a section contains a secret.
    """
    return bool(_SHOWN.search(path)) and key not in SECRET_VARIABLES


def _is_secret(path: str, key: str, value: object) -> bool:
    if path.endswith(".sshPublicKey") or (".environment." in path and key in SECRET_VARIABLES):
        return False  # other rules check these, and know how to fix them
    if isinstance(value, str):
        named = is_secret_name(key) and not is_placeholder(value)
        return bool(value) and (named or secret_form(value) is not None)
    return (
        isinstance(value, int)
        and not isinstance(value, bool)
        and is_secret_name(key)
        and bool(_PASSWORD.search(key))
    )
