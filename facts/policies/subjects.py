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
    kind, rest = _kind_and_rest(text)
    if kind in ("any-user", "any-group"):
        return f"the subject must end after `{kind}`" if rest else Anyone(kind)
    if kind in ("group", "dynamic-group"):
        return next(_wrong_names(kind, rest), None) or _group(kind, rest, text)
    if kind == "service" and rest:
        return Service(rest)
    return Named(text) if kind == "resource" and rest else f"the subject must be {_KINDS}, not `{kind}`"


def _kind_and_rest(text: str) -> tuple[str, str]:
    kind, rest, *_ = (*text.split(maxsplit=1), "", "")
    return kind.lower(), rest


def _group(kind: str, rest: str, text: str) -> Subject:
    found = _QUALIFIED.fullmatch(rest)
    if found is None or _ID.fullmatch(rest):
        return Named(text)
    name, domain = found["name"], found["domain"]
    return (Group if kind == "group" else DynamicGroup)(
        name.strip("'"), domain.strip("'") if domain else None
    )


def ids_of(subject: Subject) -> Iterator[str]:
    """The OCIDs of groups that a subject names."""
    if isinstance(subject, Named):
        kind, rest = _kind_and_rest(subject.text)
        if kind in ("group", "dynamic-group"):
            yield from (found["id"] for each in _COMMA.split(rest) if (found := _ID.fullmatch(each.strip())))


def groups_in(subject: Subject) -> Iterator[tuple[str, str]]:
    """The groups that a subject names by their OCIDs, or of which it names several: `group` or `dynamic group`, and the
    name without its domain or the OCID."""
    if not isinstance(subject, Named):
        return
    kind, rest = _kind_and_rest(subject.text)
    if kind in ("group", "dynamic-group"):
        for each in map(str.strip, _COMMA.split(rest)):
            id_, name = _ID.fullmatch(each), _QUALIFIED.fullmatch(each)
            yield kind.replace("-", " "), id_["id"] if id_ else name["name"].strip("'") if name else each


def _wrong_names(kind: str, names: str) -> Iterator[str]:
    for each in map(str.strip, _COMMA.split(names)):
        if not each or each.lower() == "id":
            yield f"the subject must name a {kind}"
        elif not _ID.fullmatch(each) and not _QUALIFIED.fullmatch(each):
            yield f"the subject must name a {kind} as NAME, 'NAME', DOMAIN/NAME or id OCID, not as `{each}`"
