"""A local Object Storage with its native API, not S3's, for rclone's backend `oracleobjectstorage`."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.listening import listening

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
PAGE = 3
"""Objects per page of a listing: few, so that listings have several pages."""


@dataclass
class OracleBucket:
    """One bucket in one namespace, with the requests it got."""

    namespace: str
    name: str
    objects: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    """Parts of unfinished uploads, by upload."""

    requests: list[str] = field(default_factory=list)
    address: str = ""

    @property
    def root(self) -> str:
        return f"/n/{self.namespace}/b/{self.name}"

    def listing(self, asked: dict[str, str]) -> dict[str, object]:
        prefix, start = asked.get("prefix", ""), asked.get("start", "")
        found = [name for name in sorted(self.objects) if name.startswith(prefix) and name >= start]
        page, further = found[:PAGE], found[PAGE:]
        return {
            "objects": [self._entry(name) for name in page],
            "prefixes": [],
            "nextStartWith": further[0] if further else None,
        }

    def _entry(self, name: str) -> dict[str, object]:
        content = self.objects[name]
        when = "2026-11-21T10:00:00.000Z"
        return {
            "name": name,
            "size": len(content),
            "md5": md5(content),
            "timeCreated": when,
            "timeModified": when,
            "storageTier": "Standard",
        }


def md5(content: bytes) -> str:
    """The time in the service's format."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


class _Handler(BaseHTTPRequestHandler):
    bucket: OracleBucket
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def handle_any(self) -> None:
        address = urlsplit(self.path)
        self.asked = {key: values[0] for key, values in parse_qs(address.query).items()}
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        if len(self.body) < length:
            # The sender has closed the connection: no object is created, and nobody waits for a response.
            self.close_connection = True
            return None
        self.bucket.requests.append(f"{self.command} {address.path}")
        rest = unquote(address.path).removeprefix(self.bucket.root)
        if rest == unquote(address.path):
            return self.refuse("BucketNotFound")
        kind, _, name = rest.removeprefix("/").partition("/")
        if kind == "u":
            return self.parts(name)
        if kind == "o" and name:
            return self.one(name)
        if kind == "o":
            return self.answer(200, self.bucket.listing(self.asked))
        return self.answer(200, {"name": self.bucket.name}) if not kind else self.refuse("NotFound")

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any  # noqa: N815 - as the library calls them

    def one(self, name: str) -> None:
        if self.command == "PUT":
            self.bucket.objects[name] = self.body
            return self.answer(200, None, self.marks(self.body))
        if name not in self.bucket.objects:
            return self.refuse("ObjectNotFound")
        content = self.bucket.objects[name]
        asked = _RANGE.fullmatch(self.headers.get("Range") or "")
        if asked is None:
            return self.answer(200, content, {"Content-MD5": md5(content), **self.marks(content)})
        first, last = int(asked[1]), int(asked[2] or len(content) - 1)
        where = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
        return self.answer(206, content[first : last + 1], {**where, **self.marks(content)})

    def parts(self, name: str) -> None:
        upload = self.asked.get("uploadId")
        if self.command == "POST" and upload is None:
            upload = f"upload-{len(self.bucket.requests)}"
            self.bucket.parts[upload] = {}
            return self.answer(200, {"uploadId": upload, "object": json.loads(self.body)["object"]})
        if upload not in self.bucket.parts:
            return self.answer(200, [])
        if self.command == "PUT":
            self.bucket.parts[upload][int(self.asked["uploadPartNum"])] = self.body
            return self.answer(200, None, self.marks(self.body))
        given = self.bucket.parts.pop(upload)
        if self.command == "POST":
            wanted = sorted(part["partNum"] for part in json.loads(self.body)["partsToCommit"])
            self.bucket.objects[name] = b"".join(given[number] for number in wanted)
            digests = b"".join(base64.b64decode(md5(given[number])) for number in wanted)
            whole = {"opc-multipart-md5": f"{md5(digests)}-{len(wanted)}"}
            return self.answer(200, None, {**self.marks(self.bucket.objects[name]), **whole})
        return self.answer(204, None)

    def marks(self, content: bytes) -> dict[str, str]:
        digest = md5(content)
        return {"ETag": digest, "opc-content-md5": digest, "Last-Modified": formatdate(0, usegmt=True)}

    def refuse(self, code: str) -> None:
        self.answer(404, {"code": code, "message": self.path})

    def answer(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        raw = (
            content
            if isinstance(content, bytes)
            else b""
            if content is None
            else json.dumps(content).encode()
        )
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(raw))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)


@contextmanager
def served(bucket: OracleBucket) -> Iterator[OracleBucket]:
    """The bucket, serving requests at its `address`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"bucket": bucket}))
    bucket.address = f"http://127.0.0.1:{server.server_port}"
    with listening(server):
        yield bucket
