"""Waits until an object is ready, and says why it is not."""

import threading

from sandbox.kubernetes.api.addresses import missing_address
from sandbox.kubernetes.api.errors import NotLive
from sandbox.kubernetes.api.objects import Live
from sandbox.kubernetes.api.server import Server, Servers
from sandbox.kubernetes.api.values import at
from sandbox.kubernetes.provider.waiting import (
    DEFAULT_TIMEOUT,
    Patience,
    service_reasons,
    skipped,
    timeout_of,
    wait,
    workload_reasons,
)
from sandbox.kubernetes.scheduling.autoscaling import Autoscaler
from sandbox.kubernetes.scheduling.claims import pending_reason
from sandbox.kubernetes.scheduling.controllers import Running
from sandbox.kubernetes.scheduling.nodes import autoscaled_clusters
from sandbox.kubernetes.scheduling.pods import WORKLOADS

_AWAITED = WORKLOADS - {
    ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"),
    ("gateway.networking.k8s.io", "Gateway"),
    ("apps", "ReplicaSet"),
}
"""Workloads that pulumi-kubernetes waits for."""


class Settler:
    """Waits for what the provider waits for: pods, a Service's endpoints and address, a claim's volume."""

    def __init__(self, servers: Servers, patience: Patience, cancelled: threading.Event) -> None:
        self._servers = servers
        self._patience = patience
        self._cancelled = cancelled

    def settle(self, server: Server, live: Live, requested: float) -> Live:
        """The object with its status as soon as it is ready; raises NotLive if it does not become ready.

        `requested` is the program's timeout in the real provider's seconds; 0 means the default.
        """
        if skipped(live.body):
            return server.observe(live)
        timeout = timeout_of(live.body, requested)
        self._add_nodes(server, live, timeout)
        ready = wait(
            lambda: not self._missing(server, live),
            self._servers.stamp,
            self._servers.objects.changed,
            self._cancelled,
            self._patience.at_most(timeout),
        )
        seen = server.observe(server.get(live.key) or live)
        if ready:
            return seen
        if self._cancelled.is_set():
            raise NotLive(
                f'Resource operation was cancelled for "{live.name}"', self._why(server, seen, 0), seen.body
            )
        raise NotLive(
            f"'{live.name}' timed out waiting to be Ready", self._why(server, seen, timeout), seen.body
        )

    def _add_nodes(self, server: Server, live: Live, timeout: float) -> None:
        """Let the cluster autoscaler add nodes while the provider would wait for the pods."""
        cloud, cluster = self._servers.cloud, server.cluster_id
        if self._running(server, live) is None or cluster not in autoscaled_clusters(cloud):
            return
        with self._servers.scaling:
            if self._missing(server, live):
                scaler = Autoscaler(self._servers.objects, cloud, cluster)
                scaler.run(int(timeout // 60), lambda: not self._missing(server, live), shrink=False)

    def reasons(self, server: Server, live: Live) -> tuple[str, ...]:
        """Why an object is not ready now; empty if it is ready, or if the provider does not wait for it."""
        if skipped(live.body) or not self._missing(server, live):
            return ()
        return tuple(self._why(server, live, DEFAULT_TIMEOUT))

    def _running(self, server: Server, live: Live) -> Running | None:
        if live.key[:2] not in _AWAITED:
            return None
        return self._servers.world(server.cluster_id).workloads.get(live.uid)

    def _missing(self, server: Server, live: Live) -> bool:
        running = self._running(server, live)
        if running is not None:
            return not running.complete
        return bool(self._other(server, live))

    def _why(self, server: Server, live: Live, timeout: float) -> list[str]:
        running = self._running(server, live)
        if running is not None:
            return workload_reasons(live, running, timeout)
        return self._other(server, live)

    def _missing_address(self, server: Server, live: Live) -> str:
        """The annotation that keeps a Service without an address. A real `kubectl describe service` names it too."""
        if at(live.body, "spec", "type") != "LoadBalancer":
            return ""
        others = (each.body for each in self._servers.objects.of_kind(server.cluster_id, ("", "Service")))
        return missing_address(self._servers.cloud, server.cluster_id, live.body, others)

    def _other(self, server: Server, live: Live) -> list[str]:
        if live.key[:2] == ("", "Service"):
            selector = at(live.body, "spec", "selector") or {}
            ready, pending = self._servers.world(server.cluster_id).endpoints(live.namespace, selector)
            return service_reasons(live.body, ready, pending, self._missing_address(server, live))
        if live.key[:2] == ("", "PersistentVolumeClaim"):
            refused = self._servers.world(server.cluster_id).refused
            reason = pending_reason(server.get, live.body, refused)
            if at(live.body, "status", "phase") == "Pending" and reason:
                return [reason]
        return []
