"""The wait for a grant: only once for all policies that are written together."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from components.identity import settle
from components.identity.settle import DEFAULT_SECONDS, remaining, settled
from infra.program.context import settle_seconds
from infra.settings import load
from tests.infra.settings.examples import config

NOW = datetime(2026, 11, 21, 10, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("created", "left"),
    [
        ("2026-11-21 10:01:30.5 +0000 UTC", 90),
        ("2026-11-21T10:02:00Z", 120),
        ("2026-11-21 09:00:00 +0000 UTC", 0),
        ("2026-11-21 10:05:00 +0000 UTC", 120),
        ("", 120),
        ("yesterday", 120),
    ],
)
def test_the_wait_counts_from_the_time_the_cloud_wrote_the_policy(created: str, left: float):
    assert remaining(120, created, NOW) == left


def test_a_policy_without_a_wait_has_no_hooks():
    assert settled("policy", 0).hooks is None


class Clock:
    """A clock that advances only during sleep."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.slept: list[float] = []
        monkeypatch.setattr(settle.asyncio, "sleep", self.sleep)
        monkeypatch.setattr(settle, "datetime", self)
        monkeypatch.setattr(settle.pulumi.log, "info", lambda _text: None)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def fromisoformat(self, text: str) -> datetime:
        return datetime.fromisoformat(text)

    def now(self, _zone: object) -> datetime:
        return NOW


def after(seconds: int, monkeypatch: pytest.MonkeyPatch, **args: Any) -> list[float]:
    """Seconds that the hook of a policy sleeps after a create or an update."""
    clock = Clock(monkeypatch)
    taken: list[Any] = []
    monkeypatch.setattr(settle.pulumi, "ResourceHook", lambda _name, wait: taken.append(wait))
    monkeypatch.setattr(settle.pulumi, "ResourceHookBinding", lambda **_hooks: None)
    settled("keys", seconds)
    asyncio.run(taken[0](SimpleNamespace(name="keys", **args)))
    return clock.slept


WRITTEN = {"statements": ["Allow group a to use keys in tenancy"]}


def test_the_wait_for_a_new_policy_starts_when_it_is_written(monkeypatch: pytest.MonkeyPatch):
    new = {"timeCreated": "2026-11-21 10:01:30 +0000 UTC"}
    assert after(120, monkeypatch, old_inputs=None, new_inputs=WRITTEN, new_outputs=new) == [90]


def test_changed_statements_get_the_whole_wait(monkeypatch: pytest.MonkeyPatch):
    new = {"timeCreated": "2026-01-01 00:00:00 +0000 UTC"}
    args = {"old_inputs": {"statements": []}, "new_inputs": WRITTEN, "new_outputs": new}
    assert after(120, monkeypatch, **args) == [120]


def test_a_changed_tag_gets_no_wait(monkeypatch: pytest.MonkeyPatch):
    assert after(120, monkeypatch, old_inputs=WRITTEN, new_inputs=WRITTEN, new_outputs={}) == []


@pytest.mark.parametrize(
    ("sandbox", "given", "expected"),
    [(True, None, 0), (False, None, DEFAULT_SECONDS), (True, 7, 7), (False, 0, 0)],
    ids=["the sandbox", "the cloud", "the sandbox, as set", "the cloud, as set"],
)
def test_the_cloud_waits_and_the_sandbox_does_not(sandbox: bool, given: int | None, expected: int):
    settings = load(config(*([("identity", {"settleSeconds": given})] if given is not None else [])), "test")
    context: Any = SimpleNamespace(sandbox=sandbox)
    assert settle_seconds(settings, context) == expected
