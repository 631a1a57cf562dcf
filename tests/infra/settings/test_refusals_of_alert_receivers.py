"""Wrong receivers of alerts are named with their path and message, and no key is shown."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import Change, assert_named, config
from tests.infra.settings.refusals_of_alert_receivers import (
    BEAT,
    CHAT,
    EVERY,
    IMAGE,
    KEY,
    MAIL,
    PAGER,
    TOPIC,
    first,
    own,
    routed,
    spec,
)
from tests.infra.settings.refusals_of_pools import Refusal


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_a_wrong_configuration_is_named(wrong: Refusal):
    assert_named([*wrong.changes], wrong.path, wrong.message)


@pytest.mark.parametrize(
    "changes",
    [
        routed(PAGER),
        routed(PAGER, CHAT, MAIL, TOPIC, BEAT, relay=IMAGE),
        first(PAGER, severities=["P1", "P2"]),
        # One channel for each severity, with one webhook.
        routed(PAGER, CHAT, {**CHAT, "name": "urgent", "severities": ["P1"]}),
        first(CHAT, channel=None),
        first(CHAT, channel="C0123456789"),
        own(spec(replicas=3, retention="240h")),
        own({"defaultRules": {"disabled": {"Watchdog": True}}}),
    ],
)
def test_a_right_configuration_passes(changes: list[Change]):
    assert not examine(config(*changes), "test").problems


def test_a_plain_key_is_never_shown():
    problems = examine(config(*first(PAGER, inVault=KEY)), "test").problems
    assert problems
    assert KEY not in str([*map(str, problems)])


@pytest.mark.parametrize("wrong", [{"user": "me:geheim1"}, {"smartHost": "me:geheim1@example.com:25"}])
def test_a_password_in_another_value_is_never_shown(wrong: dict[str, str]):
    problems = examine(config(*first(MAIL, **wrong)), "test").problems
    assert problems
    assert "geheim1" not in str([*map(str, problems)])


def test_a_tenants_key_is_sent_to_nobody_else():
    tenant = {"name": "team", "models": ["qwen3-32b"], "keys": ["pagerduty-key"]}
    assert_named(
        [*routed(PAGER), ("traffic.tenants", [tenant])],
        "traffic.watching.receivers[0].inVault",
        "must not be a key of the tenant team",
    )
