"""The usage file: what it says, and everything that is refused in it."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from facts.problem import InvalidInput
from report.costs.usage_file import Known, read_usage

KNOWN = Known(
    stack="prod",
    tenants={"assistant": ["qwen3-32b"], "batch": ["qwen3-32b", "kimi-k2"]},
    resources=["prod-mi300x-pool", "prod-cache-cluster"],
    now=datetime(2026, 11, 20, tzinfo=UTC),
)
ASKED = {"promptTokens": 9e8, "answerTokens": 7e7, "requests": 410_000}


def file(**changed: object) -> dict[str, Any]:
    """A valid file with changes. None leaves a key out."""
    whole: dict[str, Any] = {
        "version": 1,
        "stack": "prod",
        "since": "2026-11-01T00:00:00Z",
        "until": "2026-11-08T00:00:00Z",
        "tenants": {"assistant": {"qwen3-32b": ASKED}},
        "busy": {"prod-mi300x-pool": {"mean": 0.1, "peak": 0.3}},
        **changed,
    }
    return {key: value for key, value in whole.items() if value is not None}


def asked(**changed: object) -> dict[str, Any]:
    counts = {key: value for key, value in {**ASKED, **changed}.items() if value is not None}
    return {"tenants": {"assistant": {"qwen3-32b": counts}}}


def said(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read_usage(text, "usage.json", KNOWN)
    return [str(problem) for problem in refused.value.problems]


def test_a_whole_file_is_read() -> None:
    found = read_usage(json.dumps(file()), "usage.json", KNOWN)
    assert found.hours == 7 * 24
    assert found.asked["assistant", "qwen3-32b"].answer_tokens == 7e7
    assert found.busy["prod-mi300x-pool"].peak == 0.3
    assert found.answer_weight == 1


def test_a_month_is_the_whole_month() -> None:
    for month, days in (("2026-10", 31), ("2026-02", 28), ("2025-12", 31)):
        found = read_usage(json.dumps(file(month=month, since=None, until=None)), "usage.json", KNOWN)
        assert found.hours == 24 * days


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no version", file(version=None), "version: missing; must be 1"),
    ("version", file(version=2), "version: 2; must be 1"),
    ("stack", file(stack="staging"), "stack: 'staging'; must be prod, the stack of the report"),
    ("key", file(tenant={}), "tenant: {}; must be one of version, .* Did you mean `tenants`"),
    ("nothing", file(tenants=None, busy=None), "tenants: missing; must be given, or busy"),
    ("no zone", file(since="2026-11-01T00:00:00"), "since: .*must be a time with its zone"),
    ("no until", file(until=None), "until: missing; must be a time with its zone"),
    ("number", file(until=1_794_000_000), "until: 1794000000; must be a time with its zone"),
    ("order", file(since="2026-11-08T00:00:00Z"), "until: .*must end after it begins"),
    ("long", file(since="2024-11-08T00:00:00Z"), "until: .*must be 366 days or shorter"),
    ("future", file(until="2026-11-21T00:00:00Z"), "until: .*must not end in the future"),
    ("month", file(month="2026-13", since=None, until=None), "month: '2026-13'; must be a month"),
    ("this month", file(month="2026-11", since=None, until=None), "month: .*must not end in the future"),
    ("last month", file(month="9999-12", since=None, until=None), "month: '9999-12'; must be a month"),
    ("first hour", file(since="0001-01-01T00:00:00+05:00"), "since: .*must be a time with its zone"),
    ("both", file(month="2026-10"), "month: .*must be left out beside since and until"),
    ("tenants", file(tenants=[]), r"tenants: \[\]; must be models and tokens by tenant"),
    ("tenant", file(tenants={"asistant": {}}), "tenants.asistant: .*Did you mean `assistant`"),
    ("models", file(tenants={"batch": 5}), "tenants.batch: 5; must be tokens by model"),
    (
        "model",
        file(tenants={"assistant": {"kimi-k2": ASKED}}),
        "tenants.assistant.kimi-k2: .*must be a model that the tenant may call",
    ),
    ("counts", file(tenants={"batch": {"kimi-k2": 7}}), "batch.kimi-k2: 7; must have promptTokens"),
    ("negative", file(**asked(promptTokens=-1)), "promptTokens: -1; must be a number from 0"),
    ("text", file(**asked(answerTokens="7")), "answerTokens: '7'; must be a number from 0"),
    ("bool", file(**asked(requests=True)), "requests: true; must be a number from 0"),
    ("huge", file(**asked(promptTokens=1e300)), "promptTokens: 1e.300; must be a number from 0"),
    ("no float", file(**asked(promptTokens=10**400)), "promptTokens: 10+; must be a number from 0"),
    ("weight without a float", file(answerWeight=10**400), "answerWeight: 10+; must be a number from 0"),
    (
        "busy without a float",
        file(busy={"prod-cache-cluster": {"mean": 0, "peak": 10**400}}),
        "peak: 10+; must be",
    ),
    ("not a number", file(**asked(promptTokens=float("nan"))), "promptTokens: nan; must be a number from 0"),
    ("missing", file(**asked(requests=None)), "requests: missing; must be a number from 0"),
    ("unknown", file(**asked(request=7)), "request: 7; must be one of promptTokens, .*`requests`"),
    ("no requests", file(**asked(requests=0)), "requests: 0; must be more than 0 beside tokens"),
    ("weight", file(answerWeight=-1), "answerWeight: -1; must be a number from 0 to 1,000"),
    ("busy", file(busy=3), "busy: 3; must be mean and peak by resource"),
    ("name", file(busy={"prod-mi300-pool": {"mean": 0, "peak": 0}}), "Did you mean `prod-mi300x-pool`"),
    (
        "percent",
        file(busy={"prod-cache-cluster": {"mean": 0.12, "peak": 30}}),
        "peak: 30; must be a share from 0 to 1. Write 12 % as 0.12",
    ),
    (
        "peak",
        file(busy={"prod-cache-cluster": {"mean": 0.3, "peak": 0.2}}),
        "mean: 0.3; must not be above the peak",
    ),
    (
        "share",
        file(busy={"prod-cache-cluster": {"mean": 0.3, "peak": 0.4, "max": 1}}),
        "max: 1; must be one of mean, peak",
    ),
]


@pytest.mark.parametrize(
    ("content", "message"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_a_wrong_entry_is_one_problem_with_its_path(content: dict[str, Any], message: str) -> None:
    problems = said(json.dumps(content))
    assert len(problems) == 1
    assert re.search(message, problems[0]), problems


@pytest.mark.parametrize("text", ["", '{"version": 1, "stack": "prod", "ten', "[" * 5000, "7" * 5000])
def test_a_truncated_file_is_refused(text: str) -> None:
    assert said(text)[0].startswith("--usage: 'usage.json'; must be whole JSON")


@pytest.mark.parametrize("text", ["null", "[]", "7", '"prod"'])
def test_a_file_that_is_no_object_is_refused(text: str) -> None:
    assert "must be an object with stack and tenants" in said(text)[0]


def test_all_problems_come_at_once() -> None:
    content = file(version=2, stack="dev", until="soon", busy={"x": {}}, **asked(promptTokens=-1))
    paths = [problem.split(":")[0] for problem in said(json.dumps(content))]
    assert paths == [
        "version",
        "stack",
        "until",
        "tenants.assistant.qwen3-32b.promptTokens",
        "busy.x",
        "busy.x.mean",
        "busy.x.peak",
    ]


def test_a_stack_without_a_gateway_has_no_tenants() -> None:
    known = Known(stack="prod", tenants={}, resources=KNOWN.resources, now=KNOWN.now)
    with pytest.raises(InvalidInput, match="the stack's gateway, which has none"):
        read_usage(json.dumps(file()), "usage.json", known)
