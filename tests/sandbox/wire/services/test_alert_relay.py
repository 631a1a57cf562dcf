"""The relay from Alertmanager to topics, over its own port and on the sandbox's REST API with the official SDK."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from oci.exceptions import ServiceError
from oci.ons import NotificationControlPlaneClient, NotificationDataPlaneClient, models

from serving.watching.relay import relay
from serving.watching.relay.relay import MOST_PUBLISHED, Unusable, serve, title_and_body, topics_of
from tests.sandbox.wire.conftest import COMPARTMENT, Wire
from tests.support.listening import listening

ALERT = {
    "status": "firing",
    "labels": {"alertname": "EngineNoneReady", "model_name": "qwen3-32b", "severity": "P1"},
    "annotations": {
        "summary": "No engine of qwen3-32b answers",
        "respond_within": "15 minutes",
        "runbook_url": "https://wiki.example.com/EngineNoneReady.md",
    },
    "startsAt": "2026-11-01T10:00:00Z",
}
MESSAGE = {"version": "4", "status": "firing", "commonLabels": ALERT["labels"], "alerts": [ALERT, ALERT]}

Post = Callable[..., tuple[int, str]]


class Recorded:
    """The client of the SDK, and what it was told to publish."""

    def __init__(self, client: Any) -> None:
        self.client, self.published = client, list[tuple[str, str, str]]()

    def publish_message(self, topic: str, details: Any) -> Any:
        self.published.append((topic, details.title, details.body))
        return self.client.publish_message(topic, details)


@pytest.fixture
def topic(wire: Wire) -> str:
    client: Any = wire.client(NotificationControlPlaneClient)
    details = models.CreateTopicDetails(name="critical", compartment_id=COMPARTMENT)
    return client.create_topic(details).data.topic_id


@pytest.fixture
def client(wire: Wire) -> Recorded:
    return Recorded(wire.client(NotificationDataPlaneClient))


@pytest.fixture
def post(client: Recorded, topic: str) -> Iterator[Post]:
    gone = topic[:-4] + "gone"
    server = serve(client, {"critical": topic, "gone": gone}, port=0)

    def send(path: str, content: Any, method: str = "POST") -> tuple[int, str]:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        address = f"http://127.0.0.1:{server.server_address[1]}{path}"
        data = None if method == "GET" else data
        request = urllib.request.Request(address, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    with listening(server):
        yield send


def test_an_alert_reaches_its_topic(post: Post, client: Recorded, topic: str) -> None:
    assert post("/topics/critical", MESSAGE) == (200, "")
    ((where, title, body),) = client.published
    assert (where, title) == (topic, "[P1] EngineNoneReady: 2 firing")
    for part in (
        "No engine of qwen3-32b answers",
        "15 minutes",
        "model_name=qwen3-32b",
        "EngineNoneReady.md",
    ):
        assert part in body


def test_the_end_of_an_alert_is_told(post: Post, client: Recorded) -> None:
    ended = {**MESSAGE, "status": "resolved", "alerts": [{**ALERT, "status": "resolved"}]}
    assert post("/topics/critical", ended)[0] == 200
    ((_, title, body),) = client.published
    assert title == "[P1] EngineNoneReady: ended"
    assert body.startswith("resolved: ")


def test_a_failure_of_oci_is_answered_so_that_alertmanager_repeats(post: Post) -> None:
    assert post("/topics/gone", MESSAGE) == (502, "OCI: 404 NotAuthorizedOrNotFound\n")


def test_a_lost_connection_is_answered_so_too(post: Post, client: Recorded, wire: Wire) -> None:
    client.client = wire.client(NotificationDataPlaneClient, service_endpoint="http://127.0.0.1:1")
    assert post("/topics/critical", MESSAGE)[0] == 502


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/topics/other", MESSAGE, 404),
        ("/topics/", MESSAGE, 404),
        ("/critical", MESSAGE, 404),
        ("/topics/critical", b"{", 400),
        ("/topics/critical", [], 400),
        ("/topics/critical", {"alerts": []}, 400),
        ("/topics/critical", {"alerts": [{}]}, 400),
        ("/topics/critical", {"alerts": ["a"]}, 400),
        ("/topics/critical", b"\xff\xfe", 400),
        ("/topics/critical", {"alerts": [{"labels": {"a": "b"}}], "truncatedAlerts": [1]}, 400),
    ],
)
def test_what_no_repetition_would_help_is_refused(
    post: Post, client: Recorded, path: str, content: Any, status: int
) -> None:
    assert post(path, content)[0] == status
    assert not client.published


def test_the_probe_is_answered(post: Post) -> None:
    assert post("/healthy", None, method="GET")[0] == 200


def test_a_long_message_is_shortened_to_what_oci_accepts(post: Post, client: Recorded) -> None:
    long = {**ALERT, "annotations": {"summary": "é" * 3000}}
    assert post("/topics/critical", {**MESSAGE, "alerts": [long] * 50, "truncatedAlerts": 7})[0] == 200
    ((_, _, body),) = client.published
    assert MOST_PUBLISHED - 7000 < len(body.encode()) <= 64 * 1024
    kept = body.count("é" * 3000)
    assert body.endswith(f"and {50 - kept + 7} more alerts")


def test_oci_refuses_what_the_relay_shortens(wire: Wire, topic: str) -> None:
    client: Any = wire.client(NotificationDataPlaneClient)
    for body in ("", "a" * (64 * 1024 + 1)):
        with pytest.raises(ServiceError) as refused:
            client.publish_message(topic, models.MessageDetails(title="t", body=body))
        assert refused.value.status == 400
    assert client.publish_message(topic, models.MessageDetails(body="a")).data.message_id


def test_a_title_has_one_line_and_a_body_no_line_of_its_own_by_a_label() -> None:
    labels = {"alertname": "A\nB" + "x" * 300, "severity": "P2"}
    title, body = title_and_body({"commonLabels": labels, "alerts": [{"status": "firing", "labels": labels}]})
    assert title.startswith("[P2] A B")
    assert len(title) <= 150
    assert len(body.splitlines()) == 3


@pytest.mark.parametrize("text", ["", "7", "[]", "{}", '{"a": ""}', '{"a": 7}'])
def test_a_configuration_without_topics_is_refused(text: str) -> None:
    with pytest.raises(Unusable, match="TOPICS must"):
        topics_of({"TOPICS": text})
    with pytest.raises(Unusable, match="TOPICS must"):
        topics_of({})


def test_the_relay_has_the_identity_of_its_pod(
    monkeypatch: pytest.MonkeyPatch, topic: str, wire: Wire
) -> None:
    signer, made, found = object(), wire.client(NotificationDataPlaneClient), dict[str, Any]()
    monkeypatch.setattr(
        "oci.auth.signers.get_oke_workload_identity_resource_principal_signer", lambda: signer
    )

    def own_client(config: object, **options: Any) -> Any:
        assert config == {"region": "us-ashburn-1"}, "a key in the image would be a secret in it"
        assert options["signer"] is signer
        return made

    class Server:
        def serve_forever(self) -> None:
            found["served"] = True

        def server_close(self) -> None: ...

    def served(client: Any, topics: Any) -> Server:
        found.update(client=client, topics=topics)
        return Server()

    monkeypatch.setattr(relay, "NotificationDataPlaneClient", own_client)
    monkeypatch.setattr(relay, "serve", served)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setenv("OCI_RESOURCE_PRINCIPAL_REGION", "us-ashburn-1")
    monkeypatch.setenv("TOPICS", json.dumps({"critical": topic}))
    relay.main()
    assert found == {"client": made, "topics": {"critical": topic}, "served": True}
