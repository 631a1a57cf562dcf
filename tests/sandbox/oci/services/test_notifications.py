"""What Notifications refuses in topics and subscriptions, and the id of a topic."""

import pytest

from tests.sandbox.oci.conftest import TENANCY, Refused, Service
from tests.sandbox.oci.driver import COMPARTMENT, Driver

TOPIC = "oci:Ons/notificationTopic:NotificationTopic"


def test_a_topic_name_twice_in_the_tenancy_is_refused(service: Service, refused: Refused) -> None:
    service.create(TOPIC, name="staging-critical")
    refused(409, "Conflict", "staging-critical already exists", service.create, TOPIC, compartmentId=TENANCY,
            name="staging-critical")  # fmt: skip


def test_an_ill_formed_topic_name_is_refused(service: Service, refused: Refused) -> None:
    refused(400, "InvalidParameter", "Topic name", service.create, TOPIC, name="staging critical")


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("EMAIL", "nobody"),
        ("HTTPS", "http://a"),
        ("FAX", "1"),
        ("SLACK", "https://a.b"),
        ("SLACK", "https://hooks.slack.com/services/T/B/x?a=b"),
        ("ORACLE_FUNCTIONS", "ocid1.fnapp.oc1.iad.a"),
        ("SMS", "home"),
        ("SMS", "+١٢٣٤٥٦٧٨"),
        ("CUSTOM_HTTPS", "https://"),
        ("CUSTOM_HTTPS", "https://example.com/a b"),
        ("PAGERDUTY", "https://"),
    ],
)
def test_an_ill_formed_subscription_is_refused(
    service: Service, refused: Refused, protocol: str, endpoint: str
) -> None:
    refused(
        400, "InvalidParameter", protocol, service.create, "oci:Ons/subscription:Subscription",
        topicId="ocid1.onstopic.oc1.iad.aaaa", protocol=protocol, endpoint=endpoint,
    )  # fmt: skip


def test_a_topic_is_its_own_topic_id(driver: Driver) -> None:
    topic = driver.create(TOPIC, compartmentId=COMPARTMENT, name="critical")

    assert topic.outputs["topicId"] == topic.id
    assert topic.id.startswith("ocid1.onstopic.oc1.iad.")


@pytest.mark.parametrize(
    ("protocol", "endpoint", "state"),
    [("EMAIL", "a@example.com", "PENDING"), ("ORACLE_FUNCTIONS", "ocid1.fnfunc.oc1.iad.a", "ACTIVE")],
)
def test_a_receiver_must_confirm_unless_it_is_a_function(
    driver: Driver, protocol: str, endpoint: str, state: str
) -> None:
    topic = driver.create(TOPIC, compartmentId=COMPARTMENT, name="critical")
    made = driver.create(
        "oci:Ons/subscription:Subscription", compartmentId=COMPARTMENT, topicId=topic.id, protocol=protocol,
        endpoint=endpoint,
    )  # fmt: skip
    assert made.outputs["state"] == state
