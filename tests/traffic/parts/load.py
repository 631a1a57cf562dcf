"""Requests from several clients at once, and what became of them."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.traffic.parts.fleet import MODEL, chat


@dataclass
class Outcome:
    """One request."""

    status: int
    """HTTP status. 0: the connection broke."""

    whole: bool
    """Whether the answer is complete, and was not aborted."""

    milliseconds: float
    began: bool = False
    """Whether the stream had begun. Such a request cannot be tried again."""

    answered: bool = False
    """Whether the client had a status of 200, of a stream also before its first part. It cannot be given another."""

    sent: float = 0
    """When it was sent, on the clock of `time.monotonic`."""


def one(
    port: int,
    text: str,
    *,
    stream: bool = False,
    seconds: float = 30,
    tokens: int = 4,
    address: str = "127.0.0.1",
    headers: Mapping[str, str] | None = None,
) -> Outcome:
    """Send one chat request. `headers`: what a gateway needs beside the body."""
    start, began, answered = time.monotonic(), False, False
    connection = http.client.HTTPConnection(address, port, timeout=seconds)
    try:
        body = json.dumps(chat(text, stream=stream, max_tokens=tokens))
        given = {"Content-Type": "application/json", **(headers or {})}
        connection.request("POST", "/v1/chat/completions", body, given)
        answer = connection.getresponse()
        answered, said = answer.status == 200, b""
        while part := answer.read1(65_536):
            # The body of an error is no answer that has begun.
            began, said = answered, said + part
        status, whole = answer.status, _is_whole(answer.status, said, tokens, stream)
    except (OSError, http.client.HTTPException):
        status, whole = 0, False
    finally:
        connection.close()
    return Outcome(status, whole, 1e3 * (time.monotonic() - start), began and stream, answered, start)


def _is_whole(status: int, said: bytes, tokens: int, stream: bool) -> bool:
    if status != 200:
        return False
    if not stream:
        choice: dict[str, Any] = json.loads(said)["choices"][0]
        return choice["finish_reason"] == "stop" and len(choice["message"]["content"].split()) == tokens
    return words_of(said) == [f"w{place}" for place in range(tokens)] and said.endswith(b"data: [DONE]\n\n")


def words_of(said: bytes) -> list[str]:
    """The words of a stream, in their order."""
    chunks = [each[6:] for each in said.decode().split("\n\n") if each.startswith("data: {")]
    choices = [choice for each in chunks for choice in json.loads(each).get("choices", ())]
    return [word for each in choices for word in (each["delta"].get("content") or "").split()]


@dataclass
class Load:
    """Clients that send requests until they are stopped."""

    outcomes: list[Outcome] = field(default_factory=list[Outcome])
    stopped: bool = False

    @property
    def lost(self) -> list[Outcome]:
        """Requests without a complete answer."""
        return [each for each in self.outcomes if not each.whole]

    def more(self, count: int) -> Callable[[], bool]:
        """A condition: that many more requests have ended."""
        aim = len(self.outcomes) + count
        return lambda: len(self.outcomes) >= aim


@contextmanager
def load(
    port: int,
    *,
    clients: int = 4,
    stream: bool = False,
    seconds: float = 30,
    headers: Mapping[str, str] | None = None,
    prefix: str = "",
    pause: float = 0,
) -> Iterator[Load]:
    """Runs the clients within the block. Afterwards every request has ended. `prefix`: how all prompts begin. `pause`:
    seconds between two requests of a client."""
    made = Load()

    def run(client: int) -> None:
        turn = 0
        while not made.stopped:
            text = prefix + f"{MODEL} {client} {turn} " * 10
            made.outcomes.append(one(port, text, stream=stream, seconds=seconds, headers=headers))
            turn += 1
            time.sleep(pause)

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        made.stopped = True
        for thread in threads:
            thread.join()
