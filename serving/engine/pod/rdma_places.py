"""Pods of one engine or one job near each other in the RDMA network, by the labels that OKE gives to nodes.

The preference is soft: without the labels, or without free nodes there, the scheduler places the pods anyway.
"""

from collections.abc import Iterator, Mapping

from pulumi_kubernetes import core, meta

from facts.kubernetes import RDMA_LABELS
from facts.problem import Problem

ANYWHERE = "anywhere"
NEARBY = ("network-block", "local-block", ANYWHERE)

GROUP_LABEL = "leaderworkerset.sigs.k8s.io/group-index"
"""Label of the pods of one engine over nodes (LeaderWorkerSet)."""

JOB_LABEL = "batch.kubernetes.io/job-name"
"""Label of the pods of one job (Kubernetes)."""


def near_each_other(
    nearby: str | None, labels: Mapping[str, str], same: str
) -> "core.v1.AffinityArgs | None":
    """Pods with `labels` and with one value of the label `same` prefer nodes of one block. None: they do not care."""
    if nearby in (None, ANYWHERE):
        return None
    term = core.v1.PodAffinityTermArgs(
        topology_key=RDMA_LABELS[nearby],
        label_selector=meta.v1.LabelSelectorArgs(match_labels=labels),
        match_label_keys=[same],
    )
    return core.v1.AffinityArgs(
        pod_affinity=core.v1.PodAffinityArgs(
            preferred_during_scheduling_ignored_during_execution=[
                core.v1.WeightedPodAffinityTermArgs(weight=100, pod_affinity_term=term)
            ]
        )
    )


def nearby_problems(nearby: str | None, path: str) -> Iterator[Problem]:
    """A part of the RDMA network that has no name. None is anywhere."""
    if nearby is not None and nearby not in NEARBY:
        yield Problem.not_one_of(path, nearby, NEARBY)
