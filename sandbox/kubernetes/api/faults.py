"""Injected faults of the API servers, as the errors that the servers return.

client-go retries a response with a Retry-After header up to ten times. The server sends such a header (one second)
with 429 and none with 500 (k8s.io/client-go 0.36 rest/with_retry.go, checkWait). The provider itself retries a create
five times, and only if something does not exist yet (pulumi-kubernetes 4 provider/pkg/await/await.go, Creation:
IsNotFound and IsNoMatchError). So a short throttling passes, and a 500 fails the operation at once.
"""

import time
from collections.abc import Callable
from importlib.resources import files
from typing import Final

from facts.kubernetes import OFFERED_VERSIONS
from sandbox.faults import SPEED_UP, Fault, FaultBook
from sandbox.kubernetes.api.errors import ApiError
from sandbox.kubernetes.api.kinds import kind_of_token, urn_name, urn_type
from sandbox.kubernetes.api.openapi import native_kinds
from sandbox.store import Store

RETRIES: Final = 10
RETRY_AFTER_SECONDS: Final = 1.0

_VERBS: Final = {"create": "patch", "read": "get", "update": "patch", "delete": "delete"}
"""pulumi-kubernetes creates and updates by server-side apply, which is a patch."""


class ServerFaults:
    """Applies the injected faults to each call of the Kubernetes API before the call is answered."""

    def __init__(self, store: Store, sleep: Callable[[float], None] = time.sleep) -> None:
        self._store = store
        self._book = FaultBook(store)
        self._sleep = sleep

    def meet(self, urn: str, operation: str) -> None:
        """Wait, retry and possibly raise ApiError. Call it before the operation's transaction."""
        attempt = 0
        while True:
            fault = self._book.strike(urn_type(urn), operation, urn, source="kubernetes", sleep=self._sleep)
            if fault is None:
                return
            error = _error(fault, urn, operation)
            attempt += 1
            retried = error.code == 429 and not fault.final and attempt <= RETRIES
            self._store.record(
                "kubernetes",
                "fault",
                urn,
                kind=fault.kind,
                error=error.reason,
                attempt=attempt,
                retried=retried,
            )
            if not retried:
                raise error
            self._sleep(RETRY_AFTER_SECONDS / SPEED_UP)


def _error(fault: Fault, urn: str, operation: str) -> ApiError:
    kind = kind_of_token(urn_type(urn))
    call = f"({_VERBS[operation]} {kind.resource if kind else urn_type(urn)} {urn_name(urn)})"
    if fault.kind == "throttle":
        message = "the server has received too many requests and has asked us to try again later"
        return ApiError(429, "TooManyRequests", f"{message} {call}")
    message = 'an error on the server ("Internal Server Error") has prevented the request from succeeding'
    return ApiError(500, "InternalError", f"{message} {call}")


def kind_tokens() -> frozenset[str]:
    """The types of all objects that a cluster may contain: native kinds, custom kinds with a schema here, releases."""
    native = {
        f"kubernetes:{each.group or 'core'}/{each.version}:{each.kind}"
        for each in native_kinds(OFFERED_VERSIONS[-1])
    }
    custom = {
        f"kubernetes:{group.name}/{version.name}:{file.name.removesuffix('.json')}"
        for group in (files("sandbox.kubernetes.api") / "schemas").iterdir()
        if group.is_dir()
        for version in group.iterdir()
        for file in version.iterdir()
    }
    return frozenset(native | custom | {"kubernetes:helm.sh/v3:Release"})
