"""Publishes Alertmanager's messages to topics of OCI Notifications.

Alertmanager has no receiver for them: its receiver for Amazon's SNS signs with SigV4 (notify/sns/sns.go in
prometheus/alertmanager 0.34.0), and PublishMessage needs a request that OCI's own signature signs. So its receiver
`webhook` posts here, to /topics/NAME, and this program publishes with the identity of its pod.

TOPICS in the environment has the OCIDs of the topics by name, as JSON. Alertmanager repeats a message that was answered
with 5xx, and counts it as failed (notify/webhook/webhook.go); 4xx says that a repetition would not help.
"""

# The OCI SDK has no types, so its objects are cast to Any here.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

import json
import logging
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import oci
from oci.ons import NotificationDataPlaneClient, models

LOG = logging.getLogger("alert-relay")
PORT = 8080
MOST_RECEIVED = 4 * 1024 * 1024
"""Bytes of a message from Alertmanager: 50 alerts with long labels are well below."""

MOST_PUBLISHED = 60 * 1024
"""Bytes of a message to a topic. OCI's limit is 64 KB (oci.ons.NotificationDataPlaneClient.publish_message)."""

MOST_TITLE = 150
"""Characters of a title, which is the subject of e-mails."""

SECONDS = (5, 15)
"""Time limits to connect to OCI and to be answered. Alertmanager repeats a message, so there is no repetition here."""

Alert = Mapping[str, Any]


class Unusable(Exception):  # noqa: N818 - it names the message
    """A configuration or a message that cannot be read."""


def topics_of(variables: Mapping[str, str]) -> dict[str, str]:
    """The OCIDs of the topics by name. Raises Unusable for a configuration that is not one."""
    try:
        found: object = json.loads(variables["TOPICS"])
    except (KeyError, ValueError) as error:
        raise Unusable(f"TOPICS must be JSON, such as {{'critical': 'ocid1.onstopic…'}}: {error!r}") from None
    topics = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    if not topics or not all(isinstance(each, str) and each for each in topics.values()):
        raise Unusable(f"TOPICS must map names to OCIDs of topics, not {found!r}")
    return cast("dict[str, str]", topics)


def title_and_body(message: object) -> tuple[str, str]:
    """The title and body for a topic. Raises Unusable for anything but a message of Alertmanager (version 4)."""
    found = _mapping(message)
    listed = found.get("alerts")
    alerts = [_mapping(each) for each in cast("list[object]", listed)] if isinstance(listed, list) else []
    if not all(alerts) or not alerts:
        raise Unusable("the message has no alerts")
    common = _texts(found, "commonLabels")
    firing = sum(each.get("status") == "firing" for each in alerts)
    state = f"{firing} firing" if firing else "ended"
    name = common.get("alertname", "alerts")
    title = f"[{common.get('severity', 'no severity')}] {name}: {state}"
    return _one_line(title)[:MOST_TITLE], _shortened(
        [*_lines(alerts)], int(found.get("truncatedAlerts") or 0)
    )


def _lines(alerts: Sequence[Alert]) -> Iterator[str]:
    """Each alert: what it says, its labels, and where to read on."""
    for alert in alerts:
        notes, labels = _texts(alert, "annotations"), _texts(alert, "labels")
        parts = [
            f"{alert.get('status', 'firing')}: {notes.get('summary') or labels.get('alertname', 'an alert')}",
            *(
                f"{key.replace('_', ' ')}: {notes[key]}"
                for key in ("respond_within", "escalate_after")
                if key in notes
            ),
            f"since: {alert.get('startsAt', 'unknown')}",
            "labels: " + ", ".join(f"{key}={value}" for key, value in sorted(labels.items())),
            *(f"runbook: {notes[key]}" for key in ("runbook_url",) if key in notes),
        ]
        yield "\n".join(map(_one_line, parts))


def _texts(holder: Mapping[str, Any], key: str) -> dict[str, str]:
    return {str(name): str(value) for name, value in _mapping(holder.get(key)).items()}


def _mapping(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _shortened(parts: Sequence[str], left_out: int) -> str:
    """The alerts that fit, and how many more there are."""
    kept, size = list[str](), 0
    for index, part in enumerate(parts):
        size += len(part.encode()) + 2
        if size > MOST_PUBLISHED and kept:
            left_out += len(parts) - index
            break
        kept.append(part.encode()[:MOST_PUBLISHED].decode(errors="ignore"))
    return "\n\n".join([*kept, *([f"and {left_out} more alerts"] if left_out else [])])


class Handler(BaseHTTPRequestHandler):
    """Answers Alertmanager and the probes."""

    timeout = 30

    def __init__(self, *args: Any, client: Any, topics: Mapping[str, str]) -> None:
        self.client, self.topics = client, topics
        super().__init__(*args)

    def do_GET(self) -> None:
        """The probes of the pod."""
        self._answer(HTTPStatus.OK if self.path == "/healthy" else HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """A message of Alertmanager for one topic."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            return self._answer(HTTPStatus.LENGTH_REQUIRED)
        if int(length) > MOST_RECEIVED:
            return self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        text = self.rfile.read(int(length))
        topic = self.topics.get(self.path.removeprefix("/topics/"))
        if topic is None or not self.path.startswith("/topics/"):
            return self._answer(HTTPStatus.NOT_FOUND, f"there is no {self.path}")
        try:
            title, body = title_and_body(json.loads(text))
        except (Unusable, ValueError, TypeError, OverflowError) as error:
            return self._answer(HTTPStatus.BAD_REQUEST, str(error))
        return self._publish(topic, models.MessageDetails(title=title, body=body))

    def _publish(self, topic: str, details: Any) -> None:
        try:
            self.client.publish_message(topic, details)
        except oci.exceptions.ServiceError as error:
            return self._answer(HTTPStatus.BAD_GATEWAY, f"OCI: {error.status} {error.code}")
        except Exception as error:
            # The SDK raises exceptions of several libraries.
            return self._answer(HTTPStatus.BAD_GATEWAY, f"OCI: {type(error).__name__}")
        return self._answer(HTTPStatus.OK)

    def _answer(self, status: HTTPStatus, why: str = "") -> None:
        if why:
            LOG.warning("%s: %s %s", self.path, status.value, why)
        text = f"{why}\n".encode() if why else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """No line for each request: alerts may name what must not be logged."""


def serve(client: Any, topics: Mapping[str, str], port: int = PORT) -> ThreadingHTTPServer:
    """The server, which listens at once. `port` 0: any free one."""
    server = ThreadingHTTPServer(("", port), partial(Handler, client=client, topics=topics))
    server.daemon_threads = False
    return server


def main() -> None:
    """Serves until SIGTERM, then ends after the running requests."""
    topics = topics_of(os.environ)
    signer = oci.auth.signers.get_oke_workload_identity_resource_principal_signer()
    region = {"region": os.environ["OCI_RESOURCE_PRINCIPAL_REGION"]}
    client = NotificationDataPlaneClient(
        region, signer=signer, timeout=SECONDS, retry_strategy=oci.retry.NoneRetryStrategy()
    )
    server = serve(client, topics)

    def stop(number: int, frame: object) -> None:
        del number, frame
        # shutdown() waits for serve_forever(), which this thread runs.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    main()
