"""Parses a statement of OCI's policy language: `allow SUBJECT to WHAT in PLACE [where CONDITION]`."""

import re
from dataclasses import dataclass
from typing import cast

from .conditions import All, Any, Condition, Operator, Test
from .statement import Place, Statement
from .subjects import read_subject

_HEAD = re.compile(
    r"(?P<kind>allow|deny)\s+(?P<subject>.+?)\s+to\s+(?:\{(?P<permissions>[^}]*)\}(?:\s+[\w-]+)?"
    r"|(?P<verb>[\w-]+)\s+(?P<resource>[\w-]+))\s+in\s+"
    r"(?:(?P<tenancy>tenancy)|compartment\s+(?:id\s+(?P<id>\S+)|(?P<path>'[^']+'|\S+)))"
    r"(?:\s+where\s+(?P<where>.+))?",
    re.IGNORECASE | re.DOTALL | re.UNICODE,
)
_PATH = re.compile(r"'[^']+'|[^'\s]+")
_TOKEN = re.compile(r"\s*('[^']*'|/[^/]*/|!=|[=(){},]|[^\s=!(){},']+)")


@dataclass(frozen=True)
class Unreadable:
    """Why a text is not a statement."""

    reason: str


def parse_statement(text: str) -> Statement | Unreadable:
    """The statement in a text, or why the text is not a statement. Define, endorse and admit are not supported."""
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        return Unreadable("must read `allow SUBJECT to VERB RESOURCE-TYPE in PLACE [where CONDITION]`")
    try:
        where = _Conditions(found["where"]).read() if found["where"] else None
    except _Stop as stop:
        return Unreadable(str(stop))
    permissions = tuple(
        each.strip() for each in re.split(r"[,\s]+", found["permissions"] or "") if each.strip()
    )
    if not permissions and not found["verb"]:
        return Unreadable("must name a permission in the braces")
    subject = read_subject(found["subject"].strip())
    if isinstance(subject, str):
        return Unreadable(subject)
    if found["path"] and (found["path"].lower() == "id" or not _PATH.fullmatch(found["path"])):
        return Unreadable("must name a compartment by `id OCID`, or by its path without spaces or in quotes")
    return Statement(
        subject=subject,
        place=Place(compartment_id=(found["id"] or "").strip("'") or None, path=found["path"]),
        verb=(found["verb"] or "").lower(),
        resource=found["resource"] or "",
        permissions=permissions,
        where=where,
        kind=found["kind"].capitalize(),
    )


def parse_condition(text: str) -> Condition | Unreadable:
    """The condition in a text, such as the matching rule of a dynamic group, or why the text is not a condition.

    A rule that names a tag without a value is not supported.
    """
    try:
        return _Conditions(text).read()
    except _Stop as stop:
        return Unreadable(str(stop))


class _Stop(Exception):  # noqa: N818  the end of parsing, with its reason
    pass


class _Conditions:
    """A parser for the conditions after `where`."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        at = 0
        text = text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise _Stop(f"the condition cannot be read from `{text[at : at + 20]}`")
            self.tokens.append(found[1])
            at = found.end()
        self.at = 0

    def read(self) -> Condition:
        """The whole condition."""
        condition = self._condition()
        if self.at < len(self.tokens):
            raise _Stop(
                f"the condition must end before `{self.tokens[self.at]}`; combine tests with all {{…}} or any {{…}}"
            )
        return condition

    def _next(self, wanted: str = "") -> str:
        if self.at >= len(self.tokens):
            raise _Stop("the condition ends too early")
        token = self.tokens[self.at]
        if wanted and token.lower() != wanted:
            raise _Stop(f"the condition must have `{wanted}` instead of `{token}`")
        self.at += 1
        return token

    def _peek(self) -> str:
        return self.tokens[self.at].lower() if self.at < len(self.tokens) else ""

    def _condition(self) -> Condition:
        word = self._next()
        if word.lower() in ("all", "any") and self._peek() == "{":
            self._next("{")
            inner = [self._condition()]
            while self._peek() == ",":
                self._next(",")
                inner.append(self._condition())
            self._next("}")
            return All(tuple(inner)) if word.lower() == "all" else Any(tuple(inner))
        return self._test(word)

    def _test(self, variable: str) -> Test:
        operator = self._next().lower()
        if operator == "not":
            operator = f"not {self._next('in')}".lower()
        if operator in ("in", "not in"):
            return Test(variable, self._values(), cast(Operator, operator))
        if operator == "between":
            first = self._next()
            self._next("and")
            return Test(variable, (_bare(first), _bare(self._next())), "between")
        if operator not in ("=", "!=", "before", "after"):
            raise _Stop(f"`{operator}` is not an operator; use =, !=, in, before, after or between")
        return Test(variable, _bare(self._next()), cast(Operator, operator))

    def _values(self) -> tuple[str, ...]:
        self._next("(")
        values = [_bare(self._next())]
        while self._peek() == ",":
            self._next(",")
            values.append(_bare(self._next()))
        self._next(")")
        return tuple(values)


def _bare(token: str) -> str:
    return token[1:-1] if token.startswith("'") else token
