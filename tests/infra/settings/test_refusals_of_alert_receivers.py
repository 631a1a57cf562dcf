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
    routed,
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
    ],
)
def test_a_right_configuration_passes(changes: list[Change]):
    assert not examine(config(*changes), "test").problems


def test_a_plain_key_is_never_shown():
    problems = examine(config(*first(PAGER, inVault=KEY)), "test").problems
    assert problems
    assert KEY not in str([*map(str, problems)])
