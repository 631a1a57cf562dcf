"""A real Alertmanager with the rendered configuration delivers alerts to each kind of receiver.

Only addresses and the times that it waits are those of the test. PagerDuty, Slack, the mail server and the heartbeat
are servers of the test; the relay is the program of the image, and the topic is in the sandbox.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from oci.ons import NotificationControlPlaneClient, NotificationDataPlaneClient, models

from serving.watching.relay.relay import serve
from tests.sandbox.wire.conftest import COMPARTMENT, Wire
from tests.support.listening import listening
from tests.traffic.parts.alertmanager import on_this_machine, raise_alerts, running
from tests.traffic.parts.fleet import get, wait_for
from tests.traffic.parts.sinks import Got, http_sink, mail_sink

pytestmark = pytest.mark.prove

P1 = {"alertname": "EngineNoneReady", "severity": "P1", "model_name": "a"}
SAME_MODEL = {"alertname": "KvCacheFull", "severity": "P3", "model_name": "a"}
OTHER_MODEL = {"alertname": "KvCacheFull", "severity": "P3", "model_name": "b"}
NO_MODEL = {"alertname": "TargetDown", "severity": "P3"}
WATCHDOG = {"alertname": "Watchdog", "severity": "none"}
NOISE = {"alertname": "InfoInhibitor", "severity": "none"}


@dataclass
class Delivered:
    """What arrived where."""

    url: str
    got: Got
    mails: list[str]
    published: list[tuple[str, str]]
    secrets: Path

    def at(self, path: str) -> list[Any]:
        """The bodies of the requests to a path."""
        return [body for where, body in self.got if where == path]

    def metric(self, pattern: str) -> float:
        """The sum of the series of a metric that match."""
        text = get(f"{self.url}/metrics")[1].decode()
        return sum(float(value) for value in re.findall(rf"^{pattern} ([\d.e+]+)$", text, re.MULTILINE))


@pytest.fixture
def delivered(wire: Wire, tmp_path: Path) -> Iterator[Delivered]:
    control: Any = wire.client(NotificationControlPlaneClient)
    details = models.CreateTopicDetails(name="critical", compartment_id=COMPARTMENT)
    topic = control.create_topic(details).data.topic_id
    client: Any = wire.client(NotificationDataPlaneClient)
    published: list[tuple[str, str]] = []

    class Recorded:
        def publish_message(self, topic_id: str, message: Any) -> None:
            client.publish_message(topic_id, message)
            published.append((topic_id, message.title))

    secrets = tmp_path / "secrets"
    secrets.mkdir()
    with (
        relaying(Recorded(), {"critical": topic}) as relay,
        http_sink() as (address, got),
        mail_sink(tmp_path) as (port, certificate, mails),
    ):
        (secrets / "on-call").write_text("integration-key\n")
        (secrets / "chat").write_text(f"{address}/slack\n")
        (secrets / "mail").write_text("password")
        addresses = {"pagerDuty": f"{address}/pagerduty", "beat": f"{address}/beat", "relay": relay}
        config = on_this_machine(secrets, addresses, port)
        with running(config, tmp_path, certificate) as url:
            yield Delivered(url, got, mails, published, secrets)


@contextmanager
def relaying(client: Any, topics: dict[str, str]) -> Iterator[str]:
    """The address of the relay."""
    relay = serve(client, topics, port=0)
    with listening(relay):
        yield f"http://127.0.0.1:{relay.server_address[1]}"


def test_each_kind_of_receiver_gets_its_severities(delivered: Delivered) -> None:
    raise_alerts(delivered.url, P1, WATCHDOG, NOISE)
    wait_for(lambda: bool(delivered.at("/pagerduty") and delivered.at("/slack") and delivered.published))
    (page,) = delivered.at("/pagerduty")
    assert page["routing_key"] == "integration-key"
    assert page["payload"]["severity"] == "critical"
    assert page["payload"]["summary"] == "[P1] 1 x EngineNoneReady of a test"
    assert delivered.at("/slack")[0]["channel"] == "#alerts"
    assert delivered.published[0][1] == "[P1] EngineNoneReady: 1 firing"
    wait_for(lambda: bool(delivered.at("/beat")))
    assert {each["labels"]["alertname"] for body in delivered.at("/beat") for each in body["alerts"]} == {
        "Watchdog"
    }
    assert not delivered.mails, "P1 has no e-mail"
    raise_alerts(delivered.url, SAME_MODEL, OTHER_MODEL, NO_MODEL)
    wait_for(lambda: sum(each.startswith("Subject:") for each in delivered.mails) == 2)
    wait_for(lambda: len(delivered.at("/slack")) == 3)
    assert "AUTH PLAIN AGFsZXJ0cwBwYXNzd29yZA==" in delivered.mails, "the user and the password of the file"
    assert "MAIL FROM:<alerts@example.com>" in " ".join(delivered.mails)
    titles = [each["attachments"][0]["title"] for each in delivered.at("/slack")]
    assert sorted(titles) == [
        "[P1] 1 x EngineNoneReady of a test",
        "[P3] 1 x KvCacheFull of a test",
        "[P3] 1 x TargetDown of a test",
    ]
    assert len(delivered.at("/pagerduty")) == 1, "P3 pages nobody"


def test_an_alert_of_p1_silences_only_what_follows_from_it(delivered: Delivered) -> None:
    raise_alerts(delivered.url, P1)
    wait_for(lambda: bool(delivered.published))
    raise_alerts(delivered.url, SAME_MODEL, OTHER_MODEL, NO_MODEL)
    wait_for(lambda: len(delivered.published) >= 3)
    texts = [text for body in delivered.at("/slack") for text in [str(body)] if "KvCacheFull" in text]
    assert len(texts) <= 1, "that of the model without engines is silenced"
    wait_for(lambda: delivered.metric(r'alertmanager_alerts\{state="suppressed"\}') == 1)


def test_a_missing_secret_silences_its_receiver_alone_and_is_counted(delivered: Delivered) -> None:
    (delivered.secrets / "chat").unlink()
    raise_alerts(delivered.url, P1)
    wait_for(lambda: bool(delivered.at("/pagerduty") and delivered.published))
    failed = r'alertmanager_notification_requests_failed_total\{integration="slack"\}'
    count = r'alertmanager_notifications_failed_total\{integration="slack"[^}]*\}'
    wait_for(lambda: delivered.metric(failed) + delivered.metric(count) > 0)
    assert not delivered.at("/slack")
    (delivered.secrets / "chat").write_text(f"{delivered.url}/nowhere")
