"""NotificationTopic: subscriptions by name, and webhooks as secrets."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components.observability.endpoints import subscription_problems
from components.observability.notification_topic import (
    NotificationTopic,
    NotificationTopicArgs,
    SubscriptionArgs,
    notification_topic_problems,
)
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

TOPIC, SUBSCRIPTION = "oci:Ons/notificationTopic:NotificationTopic", "oci:Ons/subscription:Subscription"
WEBHOOK = "https://hooks.slack.com/services/T0/B0/x"


def topic(preview: bool = False, **changes: Any) -> Recording:
    args = {"compartment_id": "c", "topic_name": "staging-critical", "tags": {"a": "b"}, **changes}
    return run(
        lambda: NotificationTopic("critical", NotificationTopicArgs(**args), oci_options()) and None,
        preview,
        outputs=computed,
    )


def computed(token: str, *_: object) -> dict[str, str]:
    return {"topicId": "ocid1.onstopic"} if token == TOPIC else {}


def to(protocol: str, endpoint: pulumi.Input[str]) -> Mapping[str, SubscriptionArgs]:
    return {"duty": SubscriptionArgs(protocol=protocol, endpoint=endpoint)}


def test_a_topic_has_its_name_description_and_tags():
    inputs = topic(description="Wakes somebody").one(TOPIC).inputs
    assert inputs == {
        "compartmentId": "c",
        "name": "staging-critical",
        "description": "Wakes somebody",
        "freeformTags": {"a": "b"},
    }


def test_each_receiver_is_a_subscription_of_the_topic():
    seen = topic(subscriptions=to("EMAIL", "duty@example.com")).named("critical-duty")
    assert seen.type == SUBSCRIPTION
    assert (seen.inputs["topicId"], seen.inputs["protocol"]) == ("ocid1.onstopic", "EMAIL")
    assert seen.inputs["endpoint"] == "duty@example.com"


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("SLACK", WEBHOOK),
        ("PAGERDUTY", "https://events.pagerduty.com/integration/key/enqueue"),
        ("CUSTOM_HTTPS", "https://example.com/hook"),
    ],
)
def test_a_webhook_is_secret_even_when_it_is_given_in_plain_text(protocol: str, endpoint: str):
    assert topic(subscriptions=to(protocol, endpoint)).one(SUBSCRIPTION).secrets == {"endpoint"}


def test_a_first_preview_shows_the_subscription_of_an_unknown_topic():
    seen = topic(preview=True, subscriptions=to("SLACK", WEBHOOK))
    assert seen.one(SUBSCRIPTION).inputs["topicId"] == UNKNOWN
    assert seen.named("critical").outputs == {"topicId": UNKNOWN}


def test_an_endpoint_that_is_not_yet_known_passes():
    def program() -> None:
        subscriptions = to("SLACK", pulumi.Output.secret(WEBHOOK))
        args = NotificationTopicArgs(compartment_id="c", topic_name="t", subscriptions=subscriptions)
        NotificationTopic("critical", args, oci_options())

    seen = run(program, outputs=computed)
    assert seen.one(SUBSCRIPTION).secrets == {"endpoint"}


def test_a_wrong_webhook_is_refused_without_being_shown():
    with pytest.raises(InvalidInput, match="must be a Slack webhook") as refused:
        topic(subscriptions=to("SLACK", "https://example.com/secret-token"))
    assert "secret-token" not in str(refused.value)


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("EMAIL", "nobody"),
        ("SMS", "5550100"),
        ("SLACK", "https://example.com"),
        ("PAGERDUTY", "http://events.pagerduty.com"),
        ("EMAIL", "a@example.com "),
        ("SLACK", "https://hooks.slack.com/services/T0/B0/x?token=y"),
        ("SLACK", "https://hooks.slack.com/services/T0/B0/x#y"),
        ("SLACK", "https://hooks.slack.com/workflows/T0/B0/x"),
        ("SLACK", "https://user@hooks.slack.com/services/T0/B0/x"),
        ("PAGERDUTY", "https://events.pagerduty.com/v2/enqueue"),
        ("PAGERDUTY", "https://events.pagerduty.com/integration/key/enqueue?a=b"),
        ("PAGERDUTY", "https://example.com/integration/key/enqueue"),
        ("CUSTOM_HTTPS", "https://example.com/" + "a" * 512),
        ("CUSTOM_HTTPS", "http://example.com/hook"),
        ("CUSTOM_HTTPS", "https://example.com/hook?token=secret"),
        ("CUSTOM_HTTPS", "https://10.0.0.5/hook"),
        ("CUSTOM_HTTPS", "https://localhost/hook"),
        ("CUSTOM_HTTPS", "https://relay.monitoring.svc/hook"),
        ("CUSTOM_HTTPS", "https://host.private.genai.oraclevcn.com/hook"),
        ("SMS", "+0155501"),
        ("ORACLE_FUNCTIONS", "ocid1.fnapp.oc1.iad.x"),
        ("ORACLE_FUNCTIONS", "my-function"),
    ],
)
def test_an_endpoint_must_fit_its_protocol(protocol: str, endpoint: str):
    problems = list(subscription_problems(protocol, endpoint, path="s"))
    assert [problem.path for problem in problems] == ["s.endpoint"]


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("EMAIL", "a@example.com"),
        ("SMS", "+15550100"),
        ("ORACLE_FUNCTIONS", "ocid1.fnfunc.oc1.iad.x"),
        ("SLACK", None),
        ("SLACK", WEBHOOK),
        ("PAGERDUTY", "https://events.eu.pagerduty.com/integration/abc123/enqueue"),
        ("CUSTOM_HTTPS", "https://user:password@hooks.example.com:8443/alarms"),
        ("CUSTOM_HTTPS", "https://192.0.78.9/alarms"),
    ],
)
def test_an_endpoint_that_fits_its_protocol_passes(protocol: str, endpoint: str | None):
    assert list(subscription_problems(protocol, endpoint, path="s")) == []


def test_a_misspelled_protocol_gets_a_suggestion():
    problems = list(subscription_problems("EMIAL", "a@example.com", path="s"))
    assert [(problem.path, problem.fix) for problem in problems] == [("s.protocol", "Did you mean `EMAIL`?")]


@pytest.mark.parametrize("name", ["", "a b", "a.b", "a" * 257])
def test_a_topic_has_a_valid_name(name: str):
    assert [problem.path for problem in notification_topic_problems(name, path="t")] == ["t.topicName"]


@pytest.mark.parametrize("receiver", ["", "on duty", "topic"])
def test_a_receiver_must_not_have_the_name_of_the_topic(receiver: str):
    subscriptions = {receiver: SubscriptionArgs(protocol="EMAIL", endpoint="a@example.com")}
    assert len(list(notification_topic_problems("t", subscriptions, path="t"))) == 1
