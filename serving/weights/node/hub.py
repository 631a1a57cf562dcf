"""Reading a model's repository on the hub at one commit."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO, Any

BLOCK = 1 << 20
ATTEMPTS = 6
TIMEOUT_SECONDS = 60.0
PASSING = (408, 429, 500, 502, 503, 504)
"""Statuses that another try may mend."""


class HubError(RuntimeError):
    """The hub refused, or does not have what was asked for."""


@dataclass(frozen=True)
class HubFile:
    """A file of a repository. `sha256` is known of large files; of small ones git's own checksum is."""

    path: str
    size: int
    sha256: str | None
    blob: str | None


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to another host without the token, which is the hub's alone."""

    def redirect_request(  # noqa: PLR0917 - as the library calls it
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        made = super().redirect_request(req, fp, code, msg, headers, newurl)
        token = req.get_header("Authorization")
        if made is not None and token is not None and _host(newurl) == _host(req.full_url):
            made.add_unredirected_header("Authorization", token)
        return made


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).netloc


class Hub:
    """The hub at an address, with a token or without."""

    def __init__(
        self, address: str, token: str | None = None, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.address = address.rstrip("/")
        self.token = token
        self.sleep = sleep
        self.opener = urllib.request.build_opener(_Redirects)

    def files(self, repository: str, revision: str) -> list[HubFile]:
        """All files at a commit."""
        url = f"{self.address}/api/models/{repository}/revision/{revision}?blobs=true"
        with self._retried(lambda: self._open(url, 0)) as answer:
            document = json.load(answer)
        if document.get("sha") != revision:
            raise HubError(f"{repository} answers with commit {document.get('sha')}, not {revision}")
        return [_file(entry) for entry in document.get("siblings", [])]

    def content(self, repository: str, revision: str, file: HubFile) -> Iterator[bytes]:
        """A file's bytes in blocks. A connection that breaks is taken up again where it broke."""
        url = f"{self.address}/{repository}/resolve/{revision}/{urllib.parse.quote(file.path)}"
        offset, failures = 0, 0
        while offset < file.size:
            try:
                with self._open(url, offset) as answer:
                    if offset and answer.status != 206:
                        raise HubError(f"{url} does not continue at {offset}")
                    while block := answer.read(BLOCK):
                        offset += len(block)
                        failures = 0
                        yield block
                if offset < file.size:
                    raise ConnectionError(f"ended at {offset} of {file.size} bytes")
            except (OSError, HTTPException) as error:
                failures += 1
                self._wait_or_raise(error, failures)

    def _open(self, url: str, offset: int) -> Any:
        request = urllib.request.Request(url, headers={"User-Agent": "genai-playground"})  # noqa: S310
        if self.token:
            request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        if offset:
            request.add_header("Range", f"bytes={offset}-")
        return self.opener.open(request, timeout=TIMEOUT_SECONDS)

    def _retried(self, action: Callable[[], Any]) -> Any:
        failures = 0
        while True:
            try:
                return action()
            except (OSError, HTTPException) as error:
                failures += 1
                self._wait_or_raise(error, failures)

    def _wait_or_raise(self, error: Exception, failures: int) -> None:
        if isinstance(error, urllib.error.HTTPError):
            if error.code in (401, 403):
                why = "its token has no access" if self.token else "it asks for a token and none is given"
                raise HubError(f"{error.url} is refused ({error.code}): {why}") from error
            if error.code not in PASSING:
                raise HubError(f"{error.url} answers {error.code}") from error
        if failures >= ATTEMPTS:
            raise HubError(f"the hub does not answer: {error}") from error
        self.sleep(min(60.0, 2.0**failures))


def _file(entry: dict[str, Any]) -> HubFile:
    large: dict[str, Any] = entry.get("lfs") or {}
    return HubFile(
        path=entry["rfilename"],
        size=large.get("size", entry.get("size") or 0),
        sha256=large.get("sha256"),
        blob=None if large else entry.get("blobId"),
    )
