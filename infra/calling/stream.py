"""One streamed chat request: the answer's text as it comes, its times and tokens, and errors in the user's terms."""

import contextlib
import http.client
import json
import socket
import ssl
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from facts.json_text import read_json

from .key import ApiKey
from .way import Way

PATH = "/v1/chat/completions"
DONE = "[DONE]"

MEANINGS: Mapping[int, str] = {
    HTTPStatus.BAD_REQUEST: "the engine refused the request",
    HTTPStatus.UNAUTHORIZED: "the gateway does not know {source}. The cluster reads new keys from the vault within a "
    "minute",
    HTTPStatus.NOT_FOUND: "the gateway has no route for this model and tenant. `pulumi up` creates the routes of "
    "traffic.tenants",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "the text is longer than the gateway's body limit, "
    "traffic.limits.bodyLimitBytes",
    HTTPStatus.TOO_MANY_REQUESTS: "the tenant is above its limit of requests or tokens a minute",
    HTTPStatus.INTERNAL_SERVER_ERROR: "the gateway's processor failed, or limits cannot be counted "
    "(traffic.limits.failClosed)",
    HTTPStatus.SERVICE_UNAVAILABLE: "no engine of the model is ready, or the tenant has too many requests at a time",
    HTTPStatus.GATEWAY_TIMEOUT: "the answer took longer than the gateway's limit",
}
"""What a status of the gateway means (docs/tenants.md)."""

_SHOWN = 300
"""Characters of an error's text that are shown."""


class CallError(RuntimeError):
    """The request failed. The text says why, and does not contain the key."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A complete answer."""

    text: str
    first_token_seconds: float | None
    """From the request to the first text. None if there is none."""

    seconds: float
    """From the request to the end."""

    tokens_per_second: float | None
    """Of the answer's tokens after the first. None with fewer than two, or without usage."""

    prompt_tokens: int | None
    answer_tokens: int | None
    finish_reason: str | None


class _Connection(http.client.HTTPConnection):
    """Connects to the way's address and asks for its host, as curl does with --connect-to."""

    def __init__(self, way: Way, seconds: float) -> None:
        super().__init__(way.host_name, way.port, timeout=seconds)
        self._way = way

    def connect(self) -> None:
        way = self._way
        self.sock = socket.create_connection((way.address, way.port), self.timeout)
        if way.context is not None:
            self.sock = way.context.wrap_socket(self.sock, server_hostname=way.host_name)


def call(
    way: Way, key: ApiKey, body: Mapping[str, object], *, seconds: float, show: Callable[[str], None]
) -> Answer:
    """Sends a request, shows its text as it comes, and returns the whole answer. Raises CallError.

    `seconds`: until the answer is complete.
    """
    try:
        return _call(way, key, body, time.monotonic() + seconds, show)
    except CallError as error:
        raise CallError(key.hidden_in(str(error))) from None
    except (OSError, http.client.HTTPException) as error:
        raise CallError(key.hidden_in(_network_error(error, way, seconds))) from None


def _call(
    way: Way, key: ApiKey, body: Mapping[str, object], until: float, show: Callable[[str], None]
) -> Answer:
    connection = _Connection(way, max(until - time.monotonic(), 0.01))
    with contextlib.closing(connection):
        start = time.monotonic()
        connection.connect()
        sock = connection.sock
        # With a port, Envoy would not find the host.
        headers = {
            "Host": way.host_name,
            "Authorization": f"Bearer {key.secret}",
            "Content-Type": "application/json",
        }
        # A gateway that refuses a long body closes before it has read all of it. Its answer is there all the same.
        with contextlib.suppress(BrokenPipeError):
            connection.request("POST", PATH, json.dumps(body), headers)
        answer = connection.getresponse()
        if answer.status != HTTPStatus.OK:
            raise CallError(_status_error(answer, key))
        return _read(_events(answer, sock, until), start, key, show)


def _events(answer: http.client.HTTPResponse, sock: socket.socket, until: float) -> Iterator[str]:
    """The data of each server-sent event."""
    rest = b""
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        sock.settimeout(left)
        part = answer.read1(65_536)
        if not part:
            return
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].decode("utf-8", "replace").strip()


def _read(events: Iterator[str], start: float, key: ApiKey, show: Callable[[str], None]) -> Answer:
    text, reason, first, last = "", None, None, start
    usage: Mapping[str, object] = {}
    done = False
    try:
        for event in events:
            if done := event == DONE:
                break
            chunk = _chunk(event)
            if isinstance(found := chunk.get("usage"), Mapping):
                usage = cast(Mapping[str, object], found)
            for said, thought, ended in _choices(chunk):
                reason = ended or reason
                if said or thought:
                    last = time.monotonic()
                    first = first or last
                if said:
                    part = key.hidden_in(_printable(said))
                    text += part
                    show(part)
    except (http.client.IncompleteRead, ConnectionError):
        done = False
    if not done:
        raise CallError(
            f"the stream was cut after {len(text):,} characters: an engine, router or Envoy ended"
        )
    if reason == "abort":
        raise CallError("the engine aborted the answer, because it is about to stop. Try again")
    tokens = _count(usage, "completion_tokens")
    speed = (tokens - 1) / (last - first) if tokens and tokens > 1 and first and last > first else None
    return Answer(
        text=text,
        first_token_seconds=first - start if first else None,
        seconds=time.monotonic() - start,
        tokens_per_second=speed,
        prompt_tokens=_count(usage, "prompt_tokens"),
        answer_tokens=tokens,
        finish_reason=reason,
    )


def _chunk(event: str) -> Mapping[str, object]:
    try:
        found = read_json(event)
    except ValueError:
        found = None
    if not isinstance(found, Mapping):
        raise CallError(f"the stream contains something else than the OpenAI API's chunks: {_shown(event)}")
    chunk = cast(Mapping[str, object], found)
    if "error" in chunk:
        raise CallError(f"the engine ended the stream with an error: {_shown(json.dumps(chunk['error']))}")
    return chunk


def _choices(chunk: Mapping[str, object]) -> Iterator[tuple[str, str, str | None]]:
    """Text, reasoning and end of each choice."""
    for each in cast("list[Mapping[str, object]]", chunk.get("choices") or []):
        delta = cast("Mapping[str, str | None]", each.get("delta") or {})
        thought = delta.get("reasoning") or delta.get("reasoning_content") or ""
        yield delta.get("content") or "", thought, cast("str | None", each.get("finish_reason"))


def _count(usage: Mapping[str, object], name: str) -> int | None:
    found = usage.get(name)
    return found if isinstance(found, int) else None


def _status_error(answer: http.client.HTTPResponse, key: ApiKey) -> str:
    said = _shown(answer.read(4096).decode("utf-8", "replace"))
    meaning = MEANINGS.get(answer.status, "the gateway did not answer with a stream").format(
        source=key.source
    )
    wait = answer.headers.get("retry-after")
    again = f". Try again after {_shown(wait)} s" if wait else ""
    return f"{answer.status} {answer.reason}: {meaning}{again}{f'. It said: {said}' if said else ''}"


def _shown(text: str) -> str:
    """One line of a text that others wrote."""
    return _printable(" ".join(text.split())[:_SHOWN])


def _printable(text: str) -> str:
    """The text without characters that would change a terminal, or that UTF-8 does not have."""
    return "".join(
        "\ufffd" if unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t" else each
        for each in text
    )


def _network_error(error: Exception, way: Way, seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"no complete answer within {seconds:g} s through {way.named}: raise --timeout, or see if engines run"
    if isinstance(error, ssl.SSLError):
        return _tls_error(error, way)
    if isinstance(error, ConnectionRefusedError):
        return f"nothing listens at {way.address}:{way.port}, {way.named}"
    if isinstance(error, socket.gaierror):
        return f"{way.address} has no address: {error.strerror}. Create its DNS record, or set --url"
    if isinstance(error, http.client.RemoteDisconnected | ConnectionError):
        return f"the connection ended without an answer, through {way.named}"
    return f"{way.named} does not answer as a gateway does: {type(error).__name__}"


def _tls_error(error: ssl.SSLError, way: Way) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the certificate is not trusted for {way.host_name}: {error.verify_message}. If your own authority issued "
            "it, set --ca-file"
        )
    return f"no TLS through {way.named}: {error.reason or error}. Is it a port without TLS?"
