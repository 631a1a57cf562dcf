"""Checks of every node pool. Paths end in the field's name in settings and other languages."""

import re
from collections.abc import Iterator, Mapping, Sequence

from facts.kubernetes import (
    GPU_TAINT_KEY,
    MAX_EVICTION_MINUTES,
    MAX_PODS,
    NODE_MINORS_BEHIND,
    OFFERED_VERSIONS,
    minor_of,
)
from facts.problem import Problem

MAX_POOL_NODES = 1_000
"""OKE's default limit of one pool (Oracle's page on Kubernetes Engine limits); unverified for bare metal."""

FIXED, EXTERNAL, AUTOSCALER = "fixed", "external", "autoscaler"
SIZE_OWNERS = (FIXED, EXTERNAL, AUTOSCALER)
"""Who sets the number of nodes: the program (fixed), another party after the pool is created (external), or OKE's
ClusterAutoscaler add-on (autoscaler)."""

FAULT_DOMAINS = ("FAULT-DOMAIN-1", "FAULT-DOMAIN-2", "FAULT-DOMAIN-3")
BOOT_VOLUME_GIB = (50, 32_768)

_NAME = r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
_LABEL_KEY = re.compile(rf"([a-z0-9]([a-z0-9.-]{{0,251}}[a-z0-9])?/)?{_NAME}")
_LABEL_VALUE = re.compile(rf"({_NAME})?")
_TAINT = re.compile(
    r"(?P<key>[^=:\s]+)(=(?P<value>[^=:\s]*))?:(?P<effect>NoSchedule|PreferNoSchedule|NoExecute)"
)
_KUBELET_ARGUMENT = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

OWN_FIELD = {
    "max-pods": "maxPods",
    "node-labels": "labels",
    "register-with-taints": "taints",
    "image-credential-provider-bin-dir": "credentialProvider",
    "image-credential-provider-config": "credentialProvider",
}
"""Kubelet arguments that a pool sets from one of its own fields."""

_VERSION = re.compile(r"v\d+\.\d+\.\d+", re.ASCII)

_KUBELET_MAY_SET = re.compile(r"(.+\.)?(kubelet|node)\.kubernetes\.io/.+")


def version_problems(version: str, *, path: str) -> Iterator[Problem]:
    """A Kubernetes version that OKE does not offer."""
    if version not in OFFERED_VERSIONS:
        allowed = f"must be one that OKE offers: {', '.join(OFFERED_VERSIONS)}"
        yield Problem.not_one_of(f"{path}.kubernetesVersion", version, OFFERED_VERSIONS, allowed)


def pool_version_problems(version: str | None, control_plane: str, *, path: str) -> Iterator[Problem]:
    """A version of a pool's own that OKE does not offer, or that does not fit the control plane. None means the control
    plane's. Source: Oracle's page "Kubernetes Versions and Kubernetes Engine", the version skew of worker nodes."""
    where = f"{path}.kubernetesVersion"
    if version is None:
        return
    comparable = _VERSION.fullmatch(version) and _VERSION.fullmatch(control_plane)
    behind = minor_of(control_plane)[1] - minor_of(version)[1] if comparable else 0
    if behind > NODE_MINORS_BEHIND:
        allowed = (
            f"must be at most {NODE_MINORS_BEHIND} minor versions below the control plane, {control_plane}"
        )
        yield Problem(where, version, allowed)
    elif behind < 0 or (
        comparable and behind == 0 and version > control_plane and version in OFFERED_VERSIONS
    ):
        fix = "Upgrade the control plane first: cluster.kubernetesVersion"
        yield Problem(where, version, f"must not be above the control plane, {control_plane}", fix)
    else:
        yield from version_problems(version, path=path)


def size_problems(
    nodes: int,
    min_nodes: int | None = None,
    max_nodes: int | None = None,
    *,
    size_owner: str | None = None,
    path: str,
) -> Iterator[Problem]:
    """Too few or too many nodes, an unknown owner of the size, and bounds that are useless or contradict each other."""
    owner = size_owner or FIXED
    yield from _owner_problems(min_nodes, max_nodes, owner, path)
    if not 1 <= nodes <= MAX_POOL_NODES:
        allowed = "must be 1 or more" if nodes < 1 else f"must be {MAX_POOL_NODES} or fewer"
        yield Problem(f"{path}.nodes", nodes, allowed)
    if owner == FIXED or min_nodes is None or max_nodes is None:
        return
    if min_nodes < 0:
        yield Problem(f"{path}.minNodes", min_nodes, "must be 0 or more")
    if max_nodes > MAX_POOL_NODES:
        yield Problem(f"{path}.maxNodes", max_nodes, f"must be {MAX_POOL_NODES} or fewer")
    if min_nodes > max_nodes:
        yield Problem(f"{path}.minNodes", min_nodes, f"must not be above maxNodes, {max_nodes}")
    elif not min_nodes <= nodes <= max_nodes:
        yield Problem(
            f"{path}.nodes", nodes, f"must be between minNodes and maxNodes: {min_nodes} to {max_nodes}"
        )


def _owner_problems(min_nodes: int | None, max_nodes: int | None, owner: str, path: str) -> Iterator[Problem]:
    if owner not in SIZE_OWNERS:
        yield Problem.not_one_of(f"{path}.sizeOwner", owner, SIZE_OWNERS)
    for key, bound in (("minNodes", min_nodes), ("maxNodes", max_nodes)):
        if owner == FIXED and bound is not None:
            allowed = f"must not be set if the program owns the size (sizeOwner: {FIXED}): only nodes is used"
            fix = f"Leave it out, or set sizeOwner to {AUTOSCALER}, or to {EXTERNAL} for your own autoscaler"
            yield Problem(f"{path}.{key}", bound, allowed, fix)
        elif owner in (EXTERNAL, AUTOSCALER) and bound is None:
            allowed = f"must be set: sizeOwner {owner} needs minNodes and maxNodes as limits"
            yield Problem(f"{path}.{key}", None, allowed)


def program_sizes(size_owner: str | None) -> bool:
    """Whether the program owns the number of nodes. Only such a pool may have a schedule. None means FIXED."""
    return (size_owner or FIXED) == FIXED


def placement_problems(
    availability_domains: int,
    fault_domains: Sequence[str] = (),
    *,
    size_owner: str | None = None,
    path: str,
) -> Iterator[Problem]:
    """No availability domain, several for an autoscaled pool, and fault domains that do not exist."""
    if availability_domains < 1:
        yield Problem(f"{path}.availabilityDomains", [], "must name at least one")
    elif availability_domains > 1 and size_owner == AUTOSCALER:
        # Oracle's page "Using the Kubernetes Cluster Autoscaler", recommendations.
        allowed = f"must be one: the {AUTOSCALER} needs a pool for each availability domain"
        yield Problem(f"{path}.availabilityDomains", availability_domains, allowed)
    for index, domain in enumerate(fault_domains):
        if domain not in FAULT_DOMAINS:
            yield Problem.not_one_of(f"{path}.faultDomains[{index}]", domain, FAULT_DOMAINS)
        elif domain in fault_domains[:index]:
            yield Problem(f"{path}.faultDomains[{index}]", domain, "must not be repeated")


def node_problems(
    *, boot_volume_gib: int | None, max_pods: int | None, most_pods: int = MAX_PODS, path: str
) -> Iterator[Problem]:
    """A boot volume or a number of pods outside the limits of a node. None means the default, which is valid."""
    low, high = BOOT_VOLUME_GIB
    if boot_volume_gib is not None and not low <= boot_volume_gib <= high:
        yield Problem(f"{path}.bootVolumeGib", boot_volume_gib, f"must be {low} to {high:,} GiB")
    if max_pods is not None and not 1 <= max_pods <= most_pods:
        allowed = f"must be 1 to {most_pods} for this shape"
        yield Problem(
            f"{path}.maxPods", max_pods, allowed, "The number of network cards of the shape limits the pods"
        )


def eviction_problems(minutes: int | None, *, path: str) -> Iterator[Problem]:
    """A time to drain a node that OKE does not accept."""
    if minutes is not None and not 0 <= minutes <= MAX_EVICTION_MINUTES:
        yield Problem(f"{path}.evictionMinutes", minutes, f"must be 0 to {MAX_EVICTION_MINUTES}")


def label_problems(labels: Mapping[str, str], *, path: str) -> Iterator[Problem]:
    """Labels that Kubernetes refuses, and labels with which the kubelet does not start."""
    for key, value in labels.items():
        where = f"{path}.labels[{key!r}]"
        if not _LABEL_KEY.fullmatch(key):
            yield Problem(
                where,
                key,
                "must be a label key: an optional DNS prefix and `/`, then up to 63 letters,"
                " digits, `-`, `_` and `.`",
            )
        elif re.match(r"(.+\.)?(kubernetes|k8s)\.io/", key) and not _KUBELET_MAY_SET.fullmatch(key):
            yield Problem(where, key, "must not have a prefix of Kubernetes: the kubelet would not start")
        if not _LABEL_VALUE.fullmatch(value):
            yield Problem(where, value, "must be a label value: up to 63 letters, digits, `-`, `_` and `.`")


def taint_problems(taints: Sequence[str], *, path: str) -> Iterator[Problem]:
    """Invalid taints, taints that OKE sets itself, and taints that occur twice. A node cannot register with these."""
    seen: set[tuple[str, str]] = set()
    for index, taint in enumerate(taints):
        found = _TAINT.fullmatch(taint)
        valid = found and _LABEL_KEY.fullmatch(found["key"]) and _LABEL_VALUE.fullmatch(found["value"] or "")
        if not found or not valid:
            yield Problem(
                f"{path}.taints[{index}]",
                taint,
                "must have the form key=value:Effect with the effect NoSchedule, PreferNoSchedule or NoExecute",
            )
        elif found["key"] == GPU_TAINT_KEY:
            yield Problem(
                f"{path}.taints[{index}]", taint, f"must not be {GPU_TAINT_KEY}: OKE sets it itself"
            )
        elif (found["key"], found["effect"]) in seen:
            yield Problem(f"{path}.taints[{index}]", taint, "must be the only taint with its key and effect")
        else:
            seen.add((found["key"], found["effect"]))


def kubelet_argument_problems(arguments: Mapping[str, str], *, path: str) -> Iterator[Problem]:
    """Kubelet arguments that the pool sets itself, and values that a shell would split before they reach the
    kubelet."""
    for name, value in arguments.items():
        where = f"{path}.kubeletArguments[{name!r}]"
        if name in OWN_FIELD:
            yield Problem(where, value, "must not be given here", f"Use {OWN_FIELD[name]}")
        elif not _KUBELET_ARGUMENT.fullmatch(name):
            yield Problem(where, name, "must be the name of a kubelet argument without its leading dashes")
        if re.search(r"[\s'\"`$\\;&|<>]", value):
            yield Problem(
                where, value, "must not contain blanks, quotes or shell characters: it passes through a shell"
            )
