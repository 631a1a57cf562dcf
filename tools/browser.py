"""A real browser without a window, for the report's page. It is driven by the DevTools protocol over two pipes.

Pipes need no port, no package for web sockets and no driver program. When they close, the browser ends.
"""

import base64
import fcntl
import json
import os
import select
import signal
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 90.0
"""Seconds to wait for an answer."""

_READ, _WRITE = 3, 4
"""Where Chromium expects the pipes. Source: content/browser/devtools/devtools_pipe_handler.cc."""
_ABOVE = 10
"""The pipes are opened above these two, so that neither overwrites the other in the new process."""

OPTIONS = (
    "--headless",
    "--remote-debugging-pipe",
    "--hide-scrollbars",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)


class BrowserError(Exception):
    """The browser ended, did not answer in time, or refused a command."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """How somebody looks at a page."""

    width: int
    height: int
    dark: bool = False
    phone: bool = False

    @property
    def name(self) -> str:
        return f"{'phone' if self.phone else 'desktop'}-{'dark' if self.dark else 'light'}"


LOOKS = tuple(
    Look(width=width, height=height, dark=dark, phone=phone)
    for width, height, phone in ((1280, 1060, False), (390, 844, True))
    for dark in (False, True)
)


@dataclass
class Browser:
    """A running browser."""

    process: int
    commands: int
    answers: int
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """What the browser told without being asked."""
    _number: int = 0
    _rest: bytes = b""

    def ask(self, method: str, session: str | None = None, **parameters: object) -> dict[str, Any]:
        """The answer to a command. Raises BrowserError."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters}
        text = json.dumps(command | ({"sessionId": session} if session else {})).encode() + b"\0"
        while text:
            text = text[os.write(self.commands, text) :]
        while True:
            message = self._message()
            if message.get("id") != self._number:
                self.events.append(message)
            elif "error" in message:
                raise BrowserError(f"{method}: {message['error']['message']}")
            else:
                return message["result"]

    def wait_for(self, event: str) -> None:
        """Wait until the browser tells an event. Raises BrowserError."""
        while not any(each.get("method") == event for each in self.events):
            self.events.append(self._message())

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self.answers], [], [], PATIENCE)
            if not ready:
                raise BrowserError(f"no answer in {PATIENCE:.0f} s")
            received = os.read(self.answers, 1 << 20)
            if not received:
                raise BrowserError("the browser ended")
            self._rest += received
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


@dataclass(frozen=True)
class Tab:
    """A page of a browser."""

    browser: Browser
    session: str

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """The answer to a command about this page. Raises BrowserError."""
        return self.browser.ask(method, self.session, **parameters)

    def open(self, file: Path, look: Look) -> list[dict[str, Any]]:
        """Open a file. Returns what the browser told until the page was loaded."""
        size = {"width": look.width, "height": look.height}
        self.ask("Emulation.setDeviceMetricsOverride", **size, deviceScaleFactor=1, mobile=look.phone)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if look.dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.browser.events.clear()
        self.ask("Page.navigate", url=file.resolve().as_uri())
        self.browser.wait_for("Page.loadEventFired")
        return [*self.browser.events]

    def run(self, script: str) -> Any:
        """The JSON value of an expression of JavaScript in the page. Raises BrowserError if it throws."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(str(answer["exceptionDetails"]["exception"].get("description")))
        return answer["result"].get("value")

    def picture(self, look: Look) -> bytes:
        """What a look shows without scrolling, as PNG."""
        area = {"x": 0, "y": 0, "width": look.width, "height": look.height, "scale": 1}
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png", clip=area)["data"])


@contextmanager
def browser(program: str) -> Generator[Tab]:
    """A browser with an empty page. It ends with the block."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        running = _start(program, Path(folder))
        try:
            target = running.ask("Target.createTarget", url="about:blank")["targetId"]
            session = running.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            tab = Tab(running, session)
            for domain in ("Page", "Runtime", "Log", "Network"):
                tab.ask(f"{domain}.enable")
            yield tab
        finally:
            os.close(running.commands)
            os.close(running.answers)
            _end(running.process)


def _start(program: str, folder: Path) -> Browser:
    to_read, commands = _pipe()
    answers, to_write = _pipe()
    # Root cannot have Chromium's own sandbox. The page comes from this program.
    words = [program, *OPTIONS, f"--user-data-dir={folder}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    try:
        process = os.posix_spawn(
            program,
            words,
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, to_read, _READ),
                (os.POSIX_SPAWN_DUP2, to_write, _WRITE),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
            setpgroup=0,
        )
    finally:
        os.close(to_read)
        os.close(to_write)
    return Browser(process, commands, answers)


def _pipe() -> tuple[int, int]:
    first, second = os.pipe()
    try:
        return fcntl.fcntl(first, fcntl.F_DUPFD_CLOEXEC, _ABOVE), fcntl.fcntl(
            second, fcntl.F_DUPFD_CLOEXEC, _ABOVE
        )
    finally:
        os.close(first)
        os.close(second)


def _end(process: int) -> None:
    """Wait until the browser has ended, as it does when its pipes close. Kill it and its helpers if it takes long."""
    if not _soon(lambda: os.waitpid(process, os.WNOHANG)[0] == process):
        os.killpg(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _soon(done: Callable[[], bool]) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if done():
            return True
        time.sleep(0.01)
    return False
