"""Parses the subject of a statement: who gets the grant.

Source: Oracle's page "Policy Syntax" (Content/Identity/policysyntax/policy-syntax.htm), subject.
"""

import re
from collections.abc import Iterator

from .statement import Anyone, DynamicGroup, Group, Named, Service, Subject

_KINDS = "`group NAME`, `dynamic-group NAME`, `service NAME`, `any-user` or `any-group`"
_NAME = r"(?:'[^']+'|[^'/,\s][^'/,]*)"
_ID = re.compile(r"id\s+'?(?P<id>[^'\s]+)'?", re.IGNORECASE)
_COMMA = re.compile(r",(?=(?:[^']*'[^']*')*[^']*$)")
"""A comma outside quotes."""

_QUALIFIED = re.compile(rf"(?:(?P<domain>{_NAME})/)?(?P<name>{_NAME})", re.UNICODE)


def read_subject(text: str) -> Subject | str:
    """The subject in a text, or why the text is not a subject."""
    word, _, rest = text.partition(" ")
    kind, rest = word.lower(), rest.strip()
    return next(_wrong(kind, rest, word), None) or _subject(kind, rest, text)


def _wrong(kind: str, rest: str, word: str) -> Iterator[str]:
    if kind in ("group", "dynamic-group"):
        yield from _wrong_names(kind, rest)
    elif kind in ("any-user", "any-group"):
        yield from [f"the subject must end after `{word}`"] if rest else []
    elif kind not in ("service", "resource") or not rest:
        yield f"the subject must be {_KINDS}, not `{word}`"


def _subject(kind: str, rest: str, text: str) -> Subject:
    if kind in ("any-user", "any-group"):
        return Anyone(kind)
    if kind == "service":
        return Service(rest)
    found = _QUALIFIED.fullmatch(rest)
    if kind == "resource" or found is None or _ID.fullmatch(rest):
        return Named(text)
    name, domain = found["name"], found["domain"]
    return (Group if kind == "group" else DynamicGroup)(
        name.strip("'"), domain.strip("'") if domain else None
    )


def ids_of(subject: Subject) -> Iterator[str]:
    """The OCIDs of groups that a subject names."""
    if isinstance(subject, Named):
        kind, _, rest = subject.text.partition(" ")
        if kind.lower() in ("group", "dynamic-group"):
            yield from (found["id"] for each in _COMMA.split(rest) if (found := _ID.fullmatch(each.strip())))


def _wrong_names(kind: str, names: str) -> Iterator[str]:
    for each in map(str.strip, _COMMA.split(names)):
        if not each or each.lower() == "id":
            yield f"the subject must name a {kind}"
        elif not _ID.fullmatch(each) and not _QUALIFIED.fullmatch(each):
            yield f"the subject must name a {kind} as NAME, 'NAME', DOMAIN/NAME or id OCID, not as `{each}`"
