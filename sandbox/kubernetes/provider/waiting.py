"""Waiting until objects are ready, as pulumi-kubernetes does, but faster.

A minute of the real provider's waiting time is a second here. Waiting ends early if nothing in the sandbox has changed
for a few seconds, because nothing will then make the object ready.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.kubernetes.api.objects import Live
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.controllers import Running

SKIP = "pulumi.com/skipAwait"
TIMEOUT = "pulumi.com/timeoutSeconds"
DEFAULT_TIMEOUT = 600.0
"""Seconds that the real provider waits by default."""

REAL_SECONDS_PER_SECOND = 60.0

_NO_PODS = (
    "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match "
    "labels on any Pods"
)
_NO_ADDRESS = "Service was not allocated an IP address; does your cloud provider support this?"


@dataclass(frozen=True)
class Patience:
    """How long to wait: at most `quiet` seconds without a change in the sandbox, and `most` seconds in total."""

    quiet: float = 4.0
    most: float = DEFAULT_TIMEOUT / REAL_SECONDS_PER_SECOND

    def at_most(self, real_seconds: float) -> "Patience":
        """The same with another total limit, in the real provider's seconds."""
        return Patience(self.quiet, max(self.quiet, real_seconds / REAL_SECONDS_PER_SECOND))


def skipped(body: Json) -> bool:
    """Whether the object's annotation tells the provider not to wait."""
    return at(body, "metadata", "annotations", SKIP) == "true"


def timeout_of(body: Json, requested: float) -> float:
    """The real provider's timeout in seconds: the annotation's, else the program's customTimeouts, else the default."""
    annotated = at(body, "metadata", "annotations", TIMEOUT)
    if annotated is not None and str(annotated).isdecimal():
        return float(annotated)
    return requested or DEFAULT_TIMEOUT


def wait(
    ready: Callable[[], bool],
    stamp: Callable[[], object],
    changed: threading.Condition,
    cancelled: threading.Event,
    patience: Patience,
) -> bool:
    """Wait until `ready`. False if nothing changes for too long, the time is up, or the engine cancels."""
    start = last = time.monotonic()
    seen = stamp()
    while not ready():
        current = stamp()
        moment = time.monotonic()
        if current != seen:
            seen, last = current, moment
        if cancelled.is_set() or moment - last >= patience.quiet or moment - start >= patience.most:
            return False
        with changed:
            changed.wait(min(0.05, patience.quiet))
    return True


def workload_reasons(live: Live, running: Running, timeout: float) -> list[str]:
    """Why a workload is not ready, in the real provider's words and order."""
    match live.key[1]:
        case "Deployment":
            return _deployment_reasons(live, running, timeout)
        case "StatefulSet":
            text = f"{running.ready} out of {running.wanted} replicas succeeded readiness checks"
            return [text, *running.problems]
        case "DaemonSet":
            return [f"{running.ready} of {running.wanted} Pods are ready", *running.problems]
        case _:
            return list(running.problems)


def _deployment_reasons(live: Live, running: Running, timeout: float) -> list[str]:
    found: list[str] = []
    deadline = at(live.body, "spec", "progressDeadlineSeconds") or DEFAULT_TIMEOUT
    if float(deadline) <= timeout:
        replica_set = f"{live.name}-{live.uid[:8]}"
        found.append(f'[ProgressDeadlineExceeded] ReplicaSet "{replica_set}" has timed out progressing.')
    if running.rolling:
        found.append(
            "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live"
        )
    else:
        found.append("[MinimumReplicasUnavailable] Deployment does not have minimum availability.")
        found.append("Minimum number of live Pods was not attained")
    return [*found, *running.problems]


def service_waits(body: Json) -> bool:
    """Whether the provider waits for a Service's pods: not if it is headless, external or has no selector."""
    spec = body.get("spec") or {}
    return bool(
        spec.get("type") != "ExternalName" and spec.get("clusterIP") != "None" and spec.get("selector")
    )


def service_reasons(body: Json, ready: int, pending: int, missing: str = "") -> list[str]:
    """Why a Service is not ready; empty if it is. `missing` is what its load balancer lacks."""
    found: list[str] = []
    if service_waits(body) and (ready == 0 or pending > 0):
        found.append(_NO_PODS)
    if at(body, "spec", "type") == "LoadBalancer" and not at(body, "status", "loadBalancer", "ingress"):
        found += [_NO_ADDRESS, *([missing] if missing else [])]
    return found
