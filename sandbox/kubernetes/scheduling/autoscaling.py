"""The cluster autoscaler on the sandbox's clock: pending pods lead to nodes, and idle nodes go.

It acts as kubernetes/autoscaler does: a node is requested if it makes pending pods run, from the first pool that helps
and within its bounds, and removed after it was idle. The clock counts minutes for each cluster, and moves only in
`run`. How long a node boots is an assumption: no source gives a figure. Only the configuration keys that
`Autoscaler.__init__` reads have an effect.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from facts.autoscaler import GPU_THRESHOLD, is_true, seconds_of
from facts.kubernetes import GPU_RESOURCE
from facts.shapes import find_shape
from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.kubernetes.api.values import at
from sandbox.kubernetes.scheduling.claim_keys import refused_classes
from sandbox.kubernetes.scheduling.controllers import World, priority_of
from sandbox.kubernetes.scheduling.controllers import run as schedule
from sandbox.kubernetes.scheduling.evictions import keeps_node, utilization
from sandbox.kubernetes.scheduling.nodes import BOOTING, nodes_of
from sandbox.kubernetes.scheduling.pods import WORKLOADS
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry

BOOT_MINUTES: Final = {True: 30, False: 5}
"""Minutes until a requested node is ready: bare metal, virtual machine. Assumptions."""

_STATE: Final = "autoscaler-clock"


@dataclass(frozen=True)
class Step:
    """What happened at a minute of the clock."""

    minute: int
    what: str
    """pending, requested, refused, ready, kept or removed."""
    text: str


class Autoscaler:
    """The autoscaler of one cluster. `None` as add-on means that there is none, so nothing happens."""

    def __init__(self, objects: Objects, cloud: Cloud, cluster_id: str) -> None:
        # The rules of OKE load many services, which other calls need not wait for.
        from sandbox.oci.services.container_engine import autoscaler as service  # noqa: PLC0415

        self._objects, self._cloud, self._cluster = objects, cloud, cluster_id
        self._service = service
        self.addon = service.autoscaler_of(cloud, cluster_id)
        given = service.configurations_of(self.addon.inputs) if self.addon else {}
        self._pools = service.scaled_pools(given) if self.addon else []
        self._shrinks = is_true(given.get("scaleDownEnabled", "true"))
        self._idle_minutes = _minutes(given.get("scaleDownUnneededTime", "10m"))
        self._after_add = _minutes(given.get("scaleDownDelayAfterAdd", "10m"))
        self._threshold = float(given.get("scaleDownUtilizationThreshold", "0.5"))
        self._cutoff = int(given.get("expendablePodsPriorityCutoff", "-10"))
        self._local_storage = is_true(given.get("skipNodesWithLocalStorage", "true"))
        self._system_pods = is_true(given.get("skipNodesWithSystemPods", "true"))
        state = cloud.store.get(_STATE, cluster_id) or {}
        self.minute = int(state.get("minute", 0))
        self._added = int(state.get("added", -1_000))
        self._idle: dict[str, int] = dict(state.get("idle", {}))
        self._boots: list[tuple[str, int]] = [(pool, ready) for pool, ready in state.get("boots", [])]
        self._told: set[str] = set()

    def run(
        self, minutes: int, done: Callable[[], bool] = lambda: False, *, shrink: bool = True
    ) -> list[Step]:
        """Let `minutes` pass, or fewer if `done`.

        With `shrink` false, no node is removed, and the clock stops when no node boots.
        """
        steps: list[Step] = []
        end = self.minute + minutes
        while self.addon is not None:
            before = len(steps)
            steps += self._ready()
            steps += self._grow()
            if shrink and self._shrinks:
                steps += self._shrink()
            self._save()
            if done() or self.minute >= end or not (shrink or self._boots):
                break
            self.minute = self.minute + 1 if len(steps) > before else min(end, self._next())
        return steps

    def _next(self) -> int:
        """The next minute at which something can happen."""
        events = [ready for _, ready in self._boots]
        events += [since + self._idle_minutes for since in self._idle.values()]
        events.append(self._added + self._after_add)
        return min((each for each in events if each > self.minute), default=10**9)

    def _save(self) -> None:
        """Write down the state. The nodes that boot are read from there, so each change is written at once."""
        self._cloud.store.put(
            _STATE,
            self._cluster,
            {"minute": self.minute, "added": self._added, "idle": self._idle, "boots": self._boots},
        )
        booting = Counter(pool for pool, _ in self._boots)
        self._cloud.store.put(BOOTING, self._cluster, {"pools": dict(booting)})

    def _step(self, what: str, text: str) -> Step:
        self._cloud.store.record("kubernetes", "autoscale", self._cluster, what=what, detail=text)
        return Step(self.minute, what, text)

    # ---- nodes for pending pods

    def _ready(self) -> Iterator[Step]:
        for pool, ready in [*self._boots]:
            if ready <= self.minute:
                self._boots.remove((pool, ready))
                self._save()
                yield self._step("ready", f"a node of {self._name(pool)}")

    def _grow(self) -> Iterator[Step]:
        booting = Counter(pool for pool, _ in self._boots)
        missing = self._missing(booting)
        if not missing:
            return
        grants = self._lacking()
        if grants:
            yield from self._once("refused", f"not allowed to {grants}")
            return
        yield from self._once("pending", f"{missing} pods wait for a node")
        while missing:
            for scaled in self._pools:
                pool = self._cloud.find(scaled.pool)
                fewer = self._missing(booting + Counter({scaled.pool: 1}))
                if pool is None or _size(pool) >= scaled.high or fewer >= missing:
                    continue
                try:
                    step = self._request(pool)
                except OciError as error:
                    yield from self._once("refused", f"{pool.name}: {error.message}")
                    continue
                missing = fewer
                yield step
                booting[scaled.pool] += 1
                break
            else:
                yield from self._once("kept", f"no pool has room for {missing} pods")
                return

    def _request(self, pool: Entry) -> Step:
        shape = find_shape(str(pool.inputs.get("nodeShape")))
        boots = self.minute + BOOT_MINUTES[bool(shape and shape.bare_metal)]
        # Together, so that nobody sees the node as ready in between.
        with self._cloud.transaction():
            step = self._resize(pool, _size(pool) + 1, "requested")
            self._boots.append((pool.id, boots))
            self._added = self.minute
            self._save()
        return step

    def _lacking(self) -> str:
        assert self.addon is not None  # noqa: S101 - run() checks it
        policies = self._cloud.all(self._service.POLICY)
        missing = self._service.missing_grants(self._cloud, self.addon.inputs) if policies else ()
        return next(iter(missing), "")

    def _once(self, what: str, text: str) -> Iterator[Step]:
        """A step that a later scan does not repeat."""
        if text not in self._told:
            self._told.add(text)
            yield self._step(what, text)

    def _resize(self, pool: Entry, size: int, what: str) -> Step:
        text = f"{pool.name}: {_size(pool)} to {size} nodes"
        self._service.resize(self._cloud, pool, size)
        return self._step(what, text)

    def _name(self, pool: str) -> str:
        found = self._cloud.find(pool)
        return found.name if found else pool

    # ---- idle nodes

    def _shrink(self) -> Iterator[Step]:
        if self.minute - self._added < self._after_add:
            return
        for scaled in self._pools:
            pool = self._cloud.find(scaled.pool)
            if pool is None or any(booting == scaled.pool for booting, _ in self._boots):
                continue
            why = self._needed(pool) if _size(pool) > scaled.low else "it has its fewest nodes"
            if why:
                self._idle.pop(scaled.pool, None)
                if _size(pool) > scaled.low and why != "busy":
                    yield from self._once("kept", f"a node of {pool.name}: {why}")
            elif self.minute - self._idle.setdefault(scaled.pool, self.minute) >= self._idle_minutes:
                del self._idle[scaled.pool]
                yield self._resize(pool, _size(pool) - 1, "removed")

    def _needed(self, pool: Entry) -> str:
        """Why the pool's last node must stay; empty if it is idle."""
        world = self._world({})
        capacity = next(each for each in reversed(world.capacities) if each.node.pool == pool.name)
        gpus = capacity.node.allocatable.get(GPU_RESOURCE)
        if utilization(capacity) >= (GPU_THRESHOLD if gpus else self._threshold):
            return "busy"
        owners = {live.uid: live for live in self._objects.of_kind(self._cluster, *WORKLOADS)}
        for _, owner, _ in capacity.pods:
            if owner in owners and (why := self._keeps(owners[owner])):
                return why
        return "busy" if self._missing(Counter({pool.id: -1})) > self._missing(Counter()) else ""

    def _keeps(self, live: Live) -> str:
        return keeps_node(live, local_storage=self._local_storage, system_pods=self._system_pods)

    # ---- pods

    def _world(self, more: dict[str, int]) -> World:
        nodes = nodes_of(self._cloud, self._cluster, more)
        refused = refused_classes(self._objects, self._cloud, self._cluster)
        return schedule(self._objects, self._cluster, nodes, None, refused)

    def _missing(self, more: "Counter[str]") -> int:
        """The pods that do not run, with more or fewer nodes. Pods below the cutoff of priorities do not count."""
        workloads = self._world(dict(more)).workloads
        return sum(
            max(0, workloads[live.uid].wanted - workloads[live.uid].ready)
            for live in self._objects.of_kind(self._cluster, *WORKLOADS)
            if live.uid in workloads and priority_of(self._objects, live) >= self._cutoff
        )


def _size(pool: Entry) -> int:
    return int(at(pool.inputs, "nodeConfigDetails", "size") or 0)


def _minutes(duration: str) -> int:
    return max(0, round(seconds_of(duration) / 60))
