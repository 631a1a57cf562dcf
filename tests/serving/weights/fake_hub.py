"""A local hub: a repository at one commit, with large files behind a redirect to another host."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.listening import listening


@dataclass
class Repository:
    """The hub's files, its faults, and the requests it got."""

    name: str
    revision: str
    files: dict[str, bytes]
    token: str | None = None
    large: int = 10_000
    """Files of at least this size are large: listed with SHA-256, and served by the other host."""

    cut_after: int | None = None
    """The other host breaks each connection after this many bytes."""

    served: dict[str, bytes] = field(default_factory=dict)
    """Bytes that are sent instead of a file's own."""

    failures: list[int] = field(default_factory=list)
    """Statuses of the next responses."""

    tokens_seen: dict[str, set[str | None]] = field(default_factory=lambda: {"hub": set(), "store": set()})
    requests: list[str] = field(default_factory=list)
    address: str = ""
    store: str = ""

    def listing(self) -> bytes:
        siblings = [self._entry(path, content) for path, content in self.files.items()]
        return json.dumps({"id": self.name, "sha": self.revision, "siblings": siblings}).encode()

    def _entry(self, path: str, content: bytes) -> dict[str, object]:
        if len(content) >= self.large:
            lfs = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            return {"rfilename": path, "size": len(content), "blobId": "0" * 40, "lfs": lfs}
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()  # noqa: S324 - as git does
        return {"rfilename": path, "size": len(content), "blobId": blob}


def _handler(repository: Repository, role: str) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - five small methods
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def do_GET(self) -> None:
            repository.requests.append(f"{role} {self.path}")
            repository.tokens_seen[role].add(self.headers.get("Authorization"))
            if repository.failures:
                return self.answer(repository.failures.pop(0), b"")
            if role == "hub":
                return self.hub()
            return self.content(self.path.lstrip("/"), cut=repository.cut_after)

        def hub(self) -> None:
            if repository.token and self.headers.get("Authorization") != f"Bearer {repository.token}":
                return self.answer(401, b"")
            if self.path.startswith("/api/"):
                return self.answer(200, repository.listing())
            path = self.path.split(f"/{repository.revision}/", 1)[1]
            if len(repository.files.get(path, b"")) >= repository.large:
                self.send_response(302)
                self.send_header("Location", f"{repository.store}/{path}")
                self.send_header("Content-Length", "0")
                return self.end_headers()
            return self.content(path, cut=None)

        def content(self, path: str, cut: int | None) -> None:
            if path not in repository.files:
                return self.answer(404, b"")
            content = repository.served.get(path, repository.files[path])
            begin = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))
            rest = content[begin:]
            self.send_response(206 if begin else 200)
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            self.wfile.write(rest[:cut])
            return None

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def served(repository: Repository) -> Iterator[Repository]:
    """The hub and the host of its large files, as long as the block runs."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), _handler(repository, role)) for role in ("hub", "store")]
    repository.address, repository.store = (f"http://127.0.0.1:{server.server_port}" for server in servers)
    with listening(*servers):
        yield repository
