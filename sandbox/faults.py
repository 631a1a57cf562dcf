"""Injected faults: the stand-ins fail on request, as the cloud does.

A fault is a document in the store, so that `sandbox cloud fault add` in one process reaches the provider in another.

**Retries.** The real provider retries 429 for 10 minutes and 500 for 2 minutes (10 in Object Storage), and waits 1 to
2·n² seconds after attempt n (n at most 12). It does not retry "Out of host capacity", 400, 403, 404 and 412
(terraform-provider-oci, internal/tfresource/retry.go). The stand-in does the same, a hundred times faster. A 500 that
hits once causes a short delay and an event. A 500 that stays fails the operation after 7 attempts (12 in Object
Storage), and throttling after 12. A `final` fault is not retried, as with the provider's `disableAutoRetries`.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import Final, Literal, get_args

from sandbox.oci.errors import OciError
from sandbox.oci.rules.wording import internal_error, limit_exceeded, out_of_capacity, throttled
from sandbox.store import Store, now

Kind = Literal["latency", "throttle", "error", "capacity", "limit", "drop", "down"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
WIRE_ONLY: Final = ("drop", "down")
"""Kinds of faults of a connection: only clients of `sandbox serve` have one."""
CLOUD_ONLY: Final = ("capacity", "limit", *WIRE_ONLY)
"""Kinds of faults that only OCI has, not a cluster's API server."""

_WRITES: Final = ("create", "update", "delete")

OPERATIONS: Final = ("create", "read", "update", "delete", "invoke")

SPEED_UP: Final = 100
"""The provider's waiting times between attempts are divided by this."""

_DOCUMENTS = "oci-fault"
_BACKOFF_CAP: Final = 12


class DroppedConnectionError(Exception):
    """The connection ends without an answer."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault: its kind, the calls that it hits, and how often."""

    id: str
    kind: Kind
    type: str = "*"
    """Resource types, separated by commas: a token, a class name or a pattern (Core/*, kubernetes:*). "*" means all."""
    operation: str = "*"
    times: int | None = None
    """How many calls it hits; None: all, until it is cleared."""
    after: int = 0
    """How many matching calls are not hit first."""
    seconds: float = 0
    """For a latency: the delay of each call."""
    limit: str = ""
    """For a limit: its name."""
    final: bool = False
    """True if the fault is not retried."""
    late: bool = False
    """For a drop: True if the call is done first, so that only its answer is lost."""
    region: str = ""
    """For a region that is down: its name. Empty: all."""
    passed: int = 0
    hits: int = 0
    added_at: str = ""

    @property
    def exhausted(self) -> bool:
        return self.times is not None and self.hits >= self.times

    def matches(self, token: str, operation: str, *, connected: bool = False) -> bool:
        """Whether a call has one of the fault's types and its operation, and its cloud has this kind of fault.

        `connected` calls come over HTTP, so that their connection can fail.
        """
        if self.kind == "down" or (self.kind in WIRE_ONLY and not connected):
            return False
        if self.kind in CLOUD_ONLY and token.startswith("kubernetes:"):
            return False
        if self.operation not in ("*", operation):
            return False
        name = token.lower()
        names = (name, name.rsplit(":", 1)[-1], name.removeprefix("oci:").rsplit(":", 1)[0])
        return any(fnmatchcase(each, wanted) for wanted in self.type.lower().split(",") for each in names)

    def error(self) -> OciError | None:
        """The cloud's error, with a note how to clear the fault; None if the fault is no answer."""
        made = {
            "latency": lambda: None,
            "throttle": throttled,
            "error": internal_error,
            "capacity": out_of_capacity,
            "limit": lambda: limit_exceeded(self.limit),
            "drop": lambda: None,
            "down": lambda: None,
        }[self.kind]()
        if made is not None:
            made.note = (
                f"this error comes from fault {self.id}; `sandbox cloud fault clear {self.id}` removes it"
            )
        return made


class FaultBook:
    """The faults of a store. Safe for several processes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        kind: Kind,
        *,
        type: str = "*",  # noqa: A002 - a resource's type
        operation: str = "*",
        times: int | None = None,
        after: int = 0,
        seconds: float = 0,
        limit: str = "",
        final: bool = False,
        late: bool = False,
        region: str = "",
    ) -> Fault:
        """Add a fault; see the fields of Fault."""
        fault = Fault(
            id=f"fault-{uuid.uuid4().hex[:8]}",
            kind=kind,
            type=type,
            operation=operation,
            times=times,
            after=after,
            seconds=seconds,
            limit=limit,
            final=final,
            late=late,
            region=region,
            added_at=now(),
        )
        self._put(fault)
        return fault

    def list(self) -> tuple[Fault, ...]:
        """All faults, including exhausted ones, oldest first."""
        found = (Fault(**each) for each in self._store.list(_DOCUMENTS).values())
        return tuple(sorted(found, key=lambda fault: (fault.added_at, fault.id)))

    def clear(self, id: str | None = None) -> int:  # noqa: A002
        """Remove one fault, or all, and return how many were removed."""
        gone = [fault.id for fault in self.list() if id in (None, fault.id)]
        for each in gone:
            self._store.delete(_DOCUMENTS, each)
        return len(gone)

    def consume(self, token: str, operation: str, *, connected: bool = False) -> tuple[Fault, ...]:
        """The faults that hit a call. Each counts a hit; a fault with calls left to skip counts a skipped call."""
        return self._consume(lambda fault: fault.matches(token, operation, connected=connected))

    def is_down(self, region: str) -> bool:
        """Whether a region is down. Counts a hit."""
        return bool(self._consume(lambda fault: fault.kind == "down" and fault.region in ("", region)))

    def _consume(self, matches: Callable[[Fault], bool]) -> tuple[Fault, ...]:
        if not any(matches(fault) and not fault.exhausted for fault in self.list()):
            return ()
        with self._store.transaction():
            return tuple(self._hit(matches))

    def _hit(self, matches: Callable[[Fault], bool]) -> Iterator[Fault]:
        for fault in self.list():
            if fault.exhausted or not matches(fault):
                continue
            if fault.passed < fault.after:
                self._put(replace(fault, passed=fault.passed + 1))
                continue
            hit = replace(fault, hits=fault.hits + 1)
            self._put(hit)
            yield hit

    def meet(
        self,
        token: str,
        operation: str,
        subject: str,
        *,
        retry_seconds: float | None = None,
        connected: bool = False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> bool:
        """Apply the faults to a call as the real provider would see them: waits, retries, and possibly an OciError.

        `subject` is the URN or id, for the event log. `retry_seconds` is the provider's retryDurationSeconds; 0 means
        disableAutoRetries. Call it before the operation's transaction, because it may wait.

        True if the call has to be done and its answer is lost. Raises DroppedConnectionError if it is not even done.
        """
        waited, attempt = 0.0, 0
        while True:
            failed = self.strike(token, operation, subject, source="oci", connected=connected, sleep=sleep)
            if failed is not None and failed.kind == "drop":
                self._store.record("oci", "fault", subject, kind="drop", late=failed.late)
                if failed.late and operation in _WRITES:
                    return True
                raise DroppedConnectionError
            error = failed.error() if failed else None
            if failed is None or error is None:
                return False
            attempt += 1
            pause = float(min(attempt, _BACKOFF_CAP) ** 2)
            goes_on = not failed.final and waited + pause <= patience(error, token, retry_seconds)
            self._store.record(
                "oci", "fault", subject, kind=failed.kind, error=error.code, attempt=attempt, retried=goes_on
            )
            if not goes_on:
                raise error
            waited += pause
            sleep(pause / SPEED_UP)

    def strike(
        self,
        token: str,
        operation: str,
        subject: str,
        *,
        source: str,
        connected: bool = False,
        sleep: Callable[[float], None],
    ) -> Fault | None:
        """One attempt of a call: wait for the latencies that hit it, and return the fault that fails it, or None."""
        faults = self.consume(token, operation, connected=connected)
        for fault in faults:
            if fault.kind == "latency":
                self._store.record(source, "fault", subject, kind="latency", seconds=fault.seconds)
                sleep(fault.seconds)
        return next((fault for fault in faults if fault.kind != "latency"), None)

    def _put(self, fault: Fault) -> None:
        self._store.put(_DOCUMENTS, fault.id, asdict(fault))


def patience(error: OciError, token: str, retry_seconds: float | None = None) -> float:
    """How many seconds the provider retries an error; `retry_seconds` comes from its configuration."""
    if error.status == 429:
        return 600 if retry_seconds is None else retry_seconds
    if error.status == 500 and "Out of host capacity" not in error.message:
        if retry_seconds is not None:
            return retry_seconds
        return 600 if token.startswith("oci:ObjectStorage/") else 120
    return 0
