"""What the engine is doing, read from its event log while it works: live on a terminal, now and then in a pipe."""

import json
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click

from facts.wording import plural
from report.layers import layer_of
from report.resources import Resource, type_of

FIRST_SECONDS, LATER = 10.0, 1.5
"""In a pipe: when the first line comes, and how many times as long each next one takes."""

_BEGUN, _ENDED = b'"resourcePreEvent"', b'"resOutputsEvent"'
_URN = re.compile(rb'"urn": ?"(urn:pulumi:[^"]+)"')
_EPHEMERAL = re.compile(rb'"ephemeral": ?true')
_MARKUP = re.compile(r"<\{%.*?%\}>")
_COMPONENTS = ("genai:", "pulumi:")

_START = 200
"""The kind of an event is among the first bytes of its line. A state after them may contain any text."""

_CLEAR = "\r\x1b[K"


@dataclass
class Progress:
    """Counts the resources that a preview has seen, or that a change has done, by layer."""

    events: Path
    word: str
    """For example `updating`."""

    done: bool
    """Whether only finished steps count: in a preview, no step takes time."""

    terminal: bool = field(default_factory=lambda: sys.stderr.isatty() and sys.stdout.isatty())
    clock: Callable[[], float] = time.monotonic
    _counts: Counter[str] = field(default_factory=Counter[str])
    _said: set[str] = field(default_factory=set[str])
    _read: int = 0
    _begun: float = 0.0
    _next: float = FIRST_SECONDS

    def __post_init__(self) -> None:
        self._begun = self.clock()

    def tick(self) -> None:
        """Read what the engine has written since the last time, and show it."""
        for line in self._new_lines():
            self._take(line)
        seconds = self.clock() - self._begun
        if self.terminal:
            text = self._line(seconds)[: shutil.get_terminal_size().columns - 1]
            click.echo(f"{_CLEAR}{text}", nl=False, err=True)
        elif seconds >= self._next:
            self._next *= LATER
            click.echo(f"sandbox: {self._line(seconds)}", err=True)

    def end(self) -> None:
        """Read the rest for what providers said, and remove the line of the terminal."""
        for line in self._new_lines():
            self._take(line)
        if self.terminal:
            click.echo(_CLEAR, nl=False, err=True)

    def _new_lines(self) -> list[bytes]:
        if not self.events.exists():
            return []
        with self.events.open("rb") as file:
            file.seek(self._read)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        return whole.splitlines()

    def _take(self, line: bytes) -> None:
        start = line[:_START]
        if b'"preludeEvent"' in start:
            self._counts.clear()
        elif (_ENDED if self.done else _BEGUN) in start:
            if (found := _URN.search(line)) and not _is_component(urn := found[1].decode()):
                self._counts[_layer(urn)] += 1
        elif b'"diagnosticEvent"' in start and _EPHEMERAL.search(line):
            self._say(_MARKUP.sub("", str(json.loads(line)["diagnosticEvent"].get("message"))).strip())

    def _say(self, text: str) -> None:
        """What a provider waits for, once. It is not among the engine's messages at the end."""
        if text and text not in self._said:
            self._said.add(text)
            click.echo(f"{_CLEAR if self.terminal else ''}sandbox: {text}", err=True)

    def _line(self, seconds: float) -> str:
        layers = ", ".join(f"{name} {count}" for name, count in self._counts.most_common())
        counted = plural("resource", self._counts.total())
        return f"{self.word}: {counted} after {seconds:.0f} s" + (f" ({layers})" if layers else "")


def _is_component(urn: str) -> bool:
    return type_of(urn).startswith(_COMPONENTS)


def _layer(urn: str) -> str:
    return layer_of(Resource(urn=urn, type=type_of(urn), name="", inputs={}, outputs={}))
