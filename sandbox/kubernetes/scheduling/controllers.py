"""The cluster's controllers: where pods run, which pods Services find, and which objects are ready."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sandbox.kubernetes.api.admission import missing_identity, namespace_of
from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.kubernetes.api.pod_security import violation
from sandbox.kubernetes.api.quotas import Ledger
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.claims import unbound_reason
from sandbox.kubernetes.scheduling.external_secrets import synced
from sandbox.kubernetes.scheduling.gateways import GATEWAY, proxy_sets, refusal
from sandbox.kubernetes.scheduling.nodes import Node
from sandbox.kubernetes.scheduling.pods import WORKLOADS, PodSet, pod_sets, references, selects, template_of
from sandbox.kubernetes.scheduling.scheduler import NodeCapacity, Placement, place


@dataclass(frozen=True)
class Running:
    """The progress of a workload."""

    wanted: int
    ready: int
    problems: tuple[str, ...] = ()
    rolling: bool = False
    """True while pods of an older template still run."""

    @property
    def complete(self) -> bool:
        return self.ready >= self.wanted and not self.problems


@dataclass
class World:
    """The pods of one cluster: by workload, and with the labels that Services select."""

    workloads: dict[str, Running] = field(default_factory=dict)
    pods: list[tuple[str, Mapping[str, str], bool]] = field(default_factory=list)
    """Namespace, labels, ready."""
    capacities: list[NodeCapacity] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    refused: Mapping[str, str] = field(default_factory=dict[str, str])
    """Why no volume of a storage class can be created, by class name."""
    applied: list[tuple[str, int]] = field(default_factory=list)
    """Workloads in the order in which they got their pods, each with the version that requested them."""

    @property
    def settled(self) -> bool:
        """Whether all workloads have all their pods. Then a workload that is added later does not change them."""
        return all(running.complete for running in self.workloads.values())

    def endpoints(self, namespace: str, selector: Mapping[str, str]) -> tuple[int, int]:
        """How many pods a Service's selector finds: ready pods, other pods."""
        found = [
            ready
            for space, labels, ready in self.pods
            if space == namespace and selects({"matchLabels": dict(selector)}, labels)
        ]
        return sum(found), len(found) - sum(found)


def run(
    objects: Objects,
    cluster: str,
    nodes: tuple[Node, ...],
    former: World | None = None,
    refused: Mapping[str, str] | None = None,
) -> World:
    """Schedule all workloads of a cluster, in the order in which they requested their pods.

    `former` is an earlier result for the same nodes. It is reused if workloads were only added since. `refused` says,
    by storage class, why no volume can be created.
    """
    workloads = objects.of_kind(cluster, *WORKLOADS)
    # Pods below 0 leave for any other pod. The order is the only part of preemption that is modelled.
    workloads.sort(key=lambda live: (priority_of(objects, live) < 0, live.previous is not None, live.placed))
    order = [(live.uid, live.placed) for live in workloads]
    if former is not None and former.settled and order[: len(former.applied)] == former.applied:
        world = former
    else:
        world = World(capacities=[NodeCapacity.of(node) for node in nodes], refused=refused or {})
    for live in workloads[len(world.applied) :]:
        world.workloads[live.uid] = _run_one(objects, live, world.capacities, world)
    world.applied = order
    return world


def priority_of(objects: Objects, live: Live) -> int:
    """The value of the priority class of a workload's pods; 0 without one."""
    name = at(template_of(live.body) or {}, "spec", "priorityClassName")
    found = (
        objects.find(live.cluster, ("scheduling.k8s.io", "PriorityClass", "", str(name))) if name else None
    )
    return int(found.body.get("value") or 0) if found else 0


def _run_one(objects: Objects, live: Live, capacities: list[NodeCapacity], world: World) -> Running:
    if live.previous is not None:
        stuck = _roll(objects, live, capacities, world)
        if stuck is not None:
            return stuck
    if live.key[:2] == GATEWAY and (refused := refusal(objects, live)):
        return Running(1, 0, (refused,))
    wanted = ready = 0
    problems: list[str] = []
    sets = proxy_sets(objects, live) if live.key[:2] == GATEWAY else pod_sets(live)
    found: list[tuple[PodSet, Placement, bool]] = []
    for pods in sets:
        why = _creation_refusal(objects, live.cluster, pods)
        made, why = (0, why) if why else world.ledger.admitted(objects, live, pods)
        if why:
            wanted += pods.count - made
            problems.append(f'[FailedCreate] pods "{live.name}-{live.uid[:5]}" is forbidden: {why}')
            if not made:
                continue
        placement = place(pods if pods.every_node else replace(pods, count=made), capacities)
        wanted += placement.wanted
        # A finished job no longer counts against the quota.
        if live.key[1] != "Job" or placement.placed < placement.wanted:
            world.ledger.charge(objects, live.cluster, pods, placement.wanted)
        starting = _start_problem(objects, live.cluster, pods, world.refused)
        if starting is None:
            ready += placement.placed
        problems += _pod_problems(pods, placement, starting)
        found.append((pods, placement, starting is None))
    whole = _whole_groups(sets, found) if live.key[1] == "LeaderWorkerSet" else None
    for pods, placement, started in found:
        _add_pods(world, pods, placement, ready=started and whole != 0, at_most=whole)
    return Running(wanted, ready, tuple(problems))


def _add_pods(
    world: World, pods: PodSet, placement: Placement, *, ready: bool, at_most: int | None = None
) -> None:
    count = placement.placed if at_most is None else min(placement.placed, at_most)
    for index in range(placement.wanted):
        world.pods.append((pods.namespace, pods.labels, ready and index < count))


def _whole_groups(sets: list[PodSet], found: list[tuple[PodSet, Placement, bool]]) -> int:
    """How many groups have all their pods running. A leader without its workers never becomes ready."""
    leaders = sets[0].count
    if len(found) < len(sets) or not all(started for _, _, started in found):
        return 0
    return min((place.placed * leaders // pods.count for pods, place, _ in found if pods.count), default=0)


def _pod_problems(pods: PodSet, placement: Placement, starting: str | None) -> list[str]:
    found: list[str] = []
    if placement.placed < placement.wanted:
        found.append(f"[Pod {pods.name}]: {placement.why}")
        if placement.detail:
            found.append(f"Not scheduled: {placement.detail}")
    if starting and placement.placed:
        found.append(f"[Pod {pods.name}]: {starting}")
    return found


def _creation_refusal(objects: Objects, cluster: str, pods: PodSet) -> str | None:
    labels = namespace_of(objects, cluster, pods.namespace) or {}
    return violation(labels, pods.spec) or missing_identity(objects, cluster, pods.namespace, pods.spec)


def _start_problem(objects: Objects, cluster: str, pods: PodSet, refused: Mapping[str, str]) -> str | None:
    for kind, name in references(pods.spec):
        live = objects.find(cluster, ("", kind, pods.namespace, name))
        if live is None and kind == "Secret" and synced(objects, cluster, pods.namespace, name):
            continue
        if live is None:
            if kind == "PersistentVolumeClaim":
                return f'persistentvolumeclaim "{name}" not found'
            return f'[CreateContainerConfigError] {kind.lower()} "{name}" not found'
        if kind == "PersistentVolumeClaim" and at(live.body, "status", "phase") == "Lost":
            return f'persistentvolumeclaim "{name}" is lost'
        if kind == "PersistentVolumeClaim" and (why := unbound_reason(live.body, refused)):
            return f'persistentvolumeclaim "{name}" is pending: {why}'
    return None


# ---- rollouts


def _roll(objects: Objects, live: Live, capacities: list[NodeCapacity], world: World) -> Running | None:
    """Try to replace the pods of the former template; None if that works, else the state of the stuck rollout."""
    unavailable, surge = rollout_slack(live.body)
    if unavailable >= 1:
        return None
    kept = [NodeCapacity(capacity.node, dict(capacity.free), list(capacity.pods)) for capacity in capacities]
    before = pod_sets(live, live.previous)
    for pods in before:
        place(pods, kept)
    probe = [replace(pods, count=min(surge, pods.count)) for pods in pod_sets(live)]
    problems: list[str] = []
    for pods in probe:
        placement = place(pods, kept)
        problems += _pod_problems(pods, placement, None)
    if not problems:
        return None
    for pods in before:
        placement = place(pods, capacities)
        _add_pods(world, pods, placement, ready=True)
        world.ledger.charge(objects, live.cluster, pods, placement.wanted)
    wanted = sum(pods.count for pods in before)
    hint = (
        "A rolling update first starts a new pod beside the old ones (maxUnavailable "
        f"{unavailable}, maxSurge {surge}), but no node has room for it. To stop an old pod first: maxSurge 0, "
        "maxUnavailable 1"
    )
    return Running(wanted, wanted, (*problems, hint), rolling=True)


def rollout_slack(body: Json) -> tuple[int, int]:
    """How many pods may be missing, and how many extra pods may run, during a Deployment's rollout."""
    strategy = at(body, "spec", "strategy") or {}
    replicas = at(body, "spec", "replicas")
    count = 1 if replicas is None else int(replicas)
    if body.get("kind") != "Deployment" or strategy.get("type") == "Recreate" or count == 0:
        return max(1, count), 0
    rolling = strategy.get("rollingUpdate") or {}
    unavailable = _share(rolling.get("maxUnavailable", "25%"), count, up=False)
    surge = _share(rolling.get("maxSurge", "25%"), count, up=True)
    return (1, 0) if unavailable == 0 and surge == 0 else (unavailable, surge)


def _share(value: object, count: int, *, up: bool) -> int:
    text = str(value)
    if not text.endswith("%"):
        return int(text)
    exact = int(text[:-1]) * count / 100
    return math.ceil(exact) if up else math.floor(exact)


def changed_template(old: Live, new: Json) -> Json | None:
    """The former pod template, if a change replaces it."""
    before, after = template_of(old.body), template_of(new)
    if old.key[1] != "Deployment" or before is None or before == after:
        return old.previous
    return old.previous or before
