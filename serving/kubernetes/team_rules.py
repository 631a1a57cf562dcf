"""What is refused about a team's namespace, in the user's terms."""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from facts.ocids import is_placeholder, parse_ocid
from facts.problem import Problem

from .namespace import LEVELS
from .server_rules import label_problems

SYSTEM_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})


@dataclass(frozen=True, kw_only=True)
class Quota:
    """What a team's pods may take together."""

    gpus: int
    cpus: int
    memory_gib: int
    pods: int
    volumes_gib: int


def team_problems(
    team: str,
    quota: Quota,
    *,
    pod_security: str,
    people: Mapping[str, Sequence[str]],
    egress_cidrs: Sequence[str] = (),
    path: str,
) -> Iterator[Problem]:
    """Problems of one team at `path`.<key as in the stack config>. `people` maps a role to OCIDs."""
    yield from label_problems(team, f"{path}.name")
    if team in SYSTEM_NAMESPACES or team.startswith("kube-"):
        yield Problem(f"{path}.name", team, "is a namespace of Kubernetes itself")
    amounts = {
        "gpus": quota.gpus,
        "cpus": quota.cpus,
        "memoryGib": quota.memory_gib,
        "pods": quota.pods,
        "volumesGib": quota.volumes_gib,
    }
    for key, amount in amounts.items():
        least = 0 if key in ("gpus", "volumesGib") else 1
        if amount < least:
            yield Problem(f"{path}.{key}", amount, f"must be {least} or more")
    if pod_security not in LEVELS:
        yield Problem.not_one_of(f"{path}.podSecurity", pod_security, LEVELS)
    for role, ocids in people.items():
        yield from _people_problems(ocids, f"{path}.{role}")
    yield from cidr_problems(egress_cidrs, f"{path}.egressCidrs")


def cidr_problems(cidrs: Sequence[str], path: str) -> Iterator[Problem]:
    """Addresses that are no network."""
    for index, cidr in enumerate(cidrs):
        try:
            ipaddress.ip_network(cidr)
            valid = "/" in cidr  # a network policy takes no bare address
        except ValueError:
            valid = False
        if not valid:
            yield Problem(
                f"{path}[{index}]", cidr, "must be a network such as 10.0.0.0/16, without host bits"
            )


def _people_problems(ocids: Sequence[str], path: str) -> Iterator[Problem]:
    for index, text in enumerate(ocids):
        found = parse_ocid(text)
        if is_placeholder(text):
            continue
        if found is None or found.resource_type not in ("group", "user") or found.region:
            fix = "OKE knows people by OCID: `oci iam group list`"
            yield Problem(f"{path}[{index}]", text, "must be the OCID of a group or a user", fix)


def pool_quota_problems(
    quotas: Mapping[str, int], *, served: int, pool_gpus: int, path: str
) -> Iterator[Problem]:
    """GPU quotas above what the pools hold: promises that the scheduler could never keep.

    `quotas` are GPUs by team, `served` the GPUs that the program's own models take, `pool_gpus` those of all pools.
    """
    promised = sum(quotas.values())
    for index, (team, gpus) in enumerate(quotas.items()):
        if gpus > pool_gpus:
            allowed = f"must be at most the {pool_gpus} GPUs of the pools"
            yield Problem(f"{path}[{index}].gpus", gpus, allowed, f"Lower {team}'s quota, or add nodes")
    if promised + served > pool_gpus and all(gpus <= pool_gpus for gpus in quotas.values()) and promised:
        has = f"the pools have {pool_gpus} GPUs, of which models take {served}"
        allowed = f"GPUs in all quotas must leave room: {has}"
        yield Problem(path, promised, allowed, "Lower quotas, or add nodes")
