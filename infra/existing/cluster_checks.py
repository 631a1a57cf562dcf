"""Whether an existing cluster fits the environment: a pure function of the settings and of what was read."""

from collections.abc import Iterator

from components.gpu.pool_modes import MANAGED
from facts.kubernetes import NODE_MINORS_BEHIND, minor_of
from facts.problem import Problem
from infra.settings import Settings
from infra.settings.cluster.existing_rules import PATH

from .found import FoundCluster

_CNI = "OCI_VCN_IP_NATIVE"
SELF_MANAGED_SINCE = (1, 27, 10)
_CLUSTER = f"{PATH}.clusterId"


def existing_cluster_findings(settings: Settings, found: FoundCluster) -> Iterator[Problem]:
    """Everything that does not fit."""
    network, wanted = settings.network.existing, settings.cluster.existing
    if not found.known or wanted is None:
        return
    if found.state not in ("ACTIVE", "UPDATING"):
        yield Problem(_CLUSTER, found.cluster_id, f"must be ACTIVE, not {found.state}")
    if network and found.vcn_id != network.vcn_id:
        allowed = f"must be in the VCN of network.existing, not in {found.vcn_id}"
        yield Problem(_CLUSTER, found.cluster_id, allowed)
    if not found.enhanced:
        allowed = "must be an enhanced cluster: basic clusters have no add-ons and no workload identity"
        yield Problem(_CLUSTER, found.cluster_id, allowed, "Its owner can upgrade it: the change is final")
    if [*found.network_types] != [_CNI]:
        allowed = f"must have VCN-native pods ({_CNI}), not {', '.join(found.network_types) or 'no CNI type'}"
        yield Problem(_CLUSTER, found.cluster_id, allowed, "A cluster cannot change it")
    yield from _version_problems(settings, found)
    yield from _self_managed_problems(settings, found)
    yield from _endpoint_problems(settings, found)
    for index, name in enumerate(wanted.addons):
        if name not in found.addons:
            fix = "Remove it here: the program then installs the add-ons that the pools need"
            yield Problem(f"{PATH}.addons[{index}]", name, "must be an add-on that the cluster has", fix)


def _version_problems(settings: Settings, found: FoundCluster) -> Iterator[Problem]:
    """Nodes above the control plane or too far below it. Another rule compares pools with `kubernetesVersion`."""
    nodes = settings.cluster.kubernetes_version
    if _numbers(nodes) > _numbers(found.version):
        fix = f"Set {found.version} with its image, or let the cluster's owner upgrade it"
        allowed = f"must not be above the existing cluster's version, {found.version}"
        yield Problem("cluster.kubernetesVersion", nodes, allowed, fix)
    for path, version in _versions(settings):
        if minor_of(found.version)[1] - minor_of(version)[1] > NODE_MINORS_BEHIND:
            most = f"{NODE_MINORS_BEHIND} minor versions below the existing cluster's, {found.version}"
            yield Problem(path, version, f"must be at most {most}")


def _self_managed_problems(settings: Settings, found: FoundCluster) -> Iterator[Problem]:
    """A control plane too old for self-managed nodes with VCN-native pods. Source: Oracle's page "Prerequisites for
    Self-Managed Node Creation"."""
    for index, pool in enumerate(settings.gpu.pools):
        if pool.self_managed and _numbers(found.version) < SELF_MANAGED_SINCE:
            why = f"self-managed nodes need v1.27.10, and the existing cluster has {found.version}"
            allowed = f"must be {MANAGED}: {why}"
            yield Problem(
                f"gpu.pools[{index}].mode", pool.mode, allowed, "Or let the cluster's owner upgrade it"
            )


def _versions(settings: Settings) -> Iterator[tuple[str, str]]:
    """The versions of new nodes with their paths."""
    yield "cluster.kubernetesVersion", settings.cluster.kubernetes_version
    every = {"cluster.pools": settings.cluster.pools, "gpu.pools": settings.gpu.pools}
    for section, pools in every.items():
        for index, pool in enumerate(pools):
            if pool.kubernetes_version is not None:
                yield f"{section}[{index}].kubernetesVersion", pool.kubernetes_version


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in version.removeprefix("v").split("."))


def _endpoint_problems(settings: Settings, found: FoundCluster) -> Iterator[Problem]:
    path, access = "cluster.endpoint.access", settings.cluster.endpoint.access
    if found.public and access == "private":
        fix = "Set `public` to accept it, or let the cluster's owner close it"
        yield Problem(
            path, access, "must be `public`: the existing cluster's endpoint has a public address", fix
        )
    if not found.public and access == "public":
        yield Problem(
            path, access, "must be `private`: the existing cluster's endpoint has no public address"
        )
    if not found.private_endpoint:
        allowed = "must have an API endpoint in the VCN"
        yield Problem(_CLUSTER, found.cluster_id, allowed, "Its owner can migrate it to a VCN-native cluster")
