"""Calls without a client that would refuse to send them."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.sandbox.wire.conftest import Wire


@dataclass(frozen=True)
class Answer:
    """Status, body and headers (by lower-case name)."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return self.body["code"]

    @property
    def message(self) -> str:
        return self.body["message"]


def call(wire: Wire, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    """Send a call; a body that is not bytes is sent as JSON. Underscores of a header's name become hyphens."""
    content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    connection = http.client.HTTPConnection(urlsplit(wire.endpoint).netloc, timeout=120)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, content, {"content-type": "application/json", **named})
        response = connection.getresponse()
        text = response.read()
        shown = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, json.loads(text) if text else None, shown)
    finally:
        connection.close()
