"""All refusals in the sandbox's tests: the real API server refuses the same objects, in the same words."""

from functools import partial
from typing import Any

import pytest

from tests.sandbox.kubernetes.bed import namespace
from tests.sandbox.kubernetes.field_refusals import GONE, REFUSED, spoiled
from tests.sandbox.kubernetes.judged.exceptions import OTHER_WORDS, excused
from tests.sandbox.kubernetes.judged.lasting import lasting
from tests.sandbox.kubernetes.judged.sandbox import Sandbox
from tests.sandbox.kubernetes.refusals import ENFORCE, SPACE, Refusal, placed, refusals
from tests.support.api_server import Answer, ApiServer

pytestmark = [pytest.mark.prove, pytest.mark.api_server]


DEFAULT_ACCOUNT = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
"""A controller creates this account in each namespace; no controller runs here."""


def field_name(case: tuple[str, str, object, str]) -> str:
    """The name of a case with an invalid field: kind, path and value."""
    kind, path, value, _ = case
    return f"{kind} {path} {'left out' if value is GONE else repr(value)}"


def same(real: Answer, ours: Any, name: str) -> list[str]:
    """The differences between two refusals, and exceptions that are no longer needed."""
    refused = not real.accepted and not ours.accepted
    if refused and real.message == ours.message:
        return [f"{name}: the words are the same: remove it from OTHER_WORDS"] if name in OTHER_WORDS else []
    if refused and name in OTHER_WORDS:
        return []
    return [f"{name}: the real server says {real.message!r}, the sandbox {ours.message!r}"]


def unmade(judge: ApiServer, body: dict[str, Any]) -> list[str]:
    """Create an object. The result is the refusal, if there is one."""
    made = judge.apply(body, dry=False)
    return [] if made.accepted else [made.message]


def test_every_exception_in_the_words_is_tried() -> None:
    assert {*map(field_name, REFUSED), *(case.name for case in refusals())} >= OTHER_WORDS


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]} {case[1]}")
def test_an_invalid_field_is_refused_in_the_same_words(
    judge: ApiServer, sandbox: Sandbox, case: tuple[str, str, object, str]
) -> None:
    kind, path, value, _ = case
    body = spoiled(kind, path, value)
    found = lasting(lambda: same(judge.apply(body), sandbox.apply(body), field_name(case)), excused=excused)
    assert found == []


@pytest.mark.parametrize("case", refusals(), ids=lambda case: case.name)
def test_a_refusal_has_the_same_words(judge: ApiServer, sandbox: Sandbox, case: Refusal) -> None:
    space = namespace(SPACE, **{ENFORCE: case.level})
    before = [placed(body) for body in (DEFAULT_ACCOUNT, *case.existing)]
    try:
        for body in (space, *before):
            assert lasting(partial(unmade, judge, body)) == []
            if body["kind"] == "ResourceQuota":
                judge.count(body)
            assert sandbox.apply(body, dry=False).accepted
        body = placed(case.body)
        found = lasting(lambda: same(judge.apply(body), sandbox.apply(body), case.name), excused=excused)
    finally:
        for body in before:
            judge.delete(body)
    assert found == []
