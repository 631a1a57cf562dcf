"""Problems of a team's namespace, in the user's terms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from facts.cidrs import parse_network
from facts.ocids import parse_ocid
from facts.problem import Problem

from .namespace import level_problems, namespace_name_problems

CPUS_A_GPU = 24
MEMORY_GIB_A_GPU = 224
"""Share of one GPU in an MI300X node: 80 % of 112 cores with two threads and of 2,048 GiB, rounded up."""

BASE_CPUS = 16
BASE_MEMORY_GIB = 64
"""For a team's pods that are not engines."""


class TeamChoices(Protocol):
    """The plain values of a team, which the component's args and the settings share."""

    @property
    def gpus(self) -> int: ...
    @property
    def cpus(self) -> int | None: ...
    @property
    def memory_gib(self) -> int | None: ...
    @property
    def pods(self) -> int | None: ...
    @property
    def volumes_gib(self) -> int | None: ...
    @property
    def pod_security(self) -> str | None: ...
    @property
    def developers(self) -> Sequence[str] | None: ...
    @property
    def viewers(self) -> Sequence[str] | None: ...
    @property
    def egress_cidrs(self) -> Sequence[str] | None: ...


@dataclass(frozen=True, kw_only=True)
class Quota:
    """The limits of all pods of a team together."""

    gpus: int
    cpus: int
    memory_gib: int
    pods: int
    volumes_gib: int


def quota_of(team: TeamChoices) -> Quota:
    """The quota with its defaults."""
    gpus = max(0, team.gpus)
    return Quota(
        gpus=team.gpus,
        cpus=BASE_CPUS + CPUS_A_GPU * gpus if team.cpus is None else team.cpus,
        memory_gib=BASE_MEMORY_GIB + MEMORY_GIB_A_GPU * gpus if team.memory_gib is None else team.memory_gib,
        pods=50 if team.pods is None else team.pods,
        volumes_gib=500 if team.volumes_gib is None else team.volumes_gib,
    )


def team_problems(team: TeamChoices, *, name: str, path: str) -> Iterator[Problem]:
    """Problems of the team `name` at `path`.<key as in the stack config>."""
    yield from namespace_name_problems(name, f"{path}.name")
    quota = quota_of(team)
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
    yield from level_problems(team.pod_security, f"{path}.podSecurity")
    yield from _people_problems(team.developers or (), f"{path}.developers")
    yield from _people_problems(team.viewers or (), f"{path}.viewers")
    yield from cidr_problems(team.egress_cidrs or (), f"{path}.egressCidrs")


def cidr_problems(cidrs: Sequence[str], path: str) -> Iterator[Problem]:
    """Problems of networks in CIDR form."""
    for index, cidr in enumerate(cidrs):
        if parse_network(cidr) is None:
            yield Problem(
                f"{path}[{index}]", cidr, "must be a network such as 10.0.0.0/16, without host bits"
            )


def _people_problems(ocids: Sequence[str], path: str) -> Iterator[Problem]:
    for index, text in enumerate(ocids):
        found = parse_ocid(text)
        if found is None or found.resource_type not in ("group", "user") or found.region:
            fix = "OKE identifies users and groups by OCID: `oci iam group list`"
            yield Problem(f"{path}[{index}]", text, "must be the OCID of a group or a user", fix)


def pool_quota_problems(
    quotas: Mapping[str, int], *, served: int, pool_gpus: int, path: str
) -> Iterator[Problem]:
    """Problems of GPU quotas that exceed the pools, because the scheduler could never satisfy them.

    `quotas` are GPUs by team, `served` the GPUs of the program's own models, `pool_gpus` the GPUs of all pools.
    """
    promised = sum(quotas.values())
    for index, (team, gpus) in enumerate(quotas.items()):
        if gpus > pool_gpus:
            allowed = f"must be at most the {pool_gpus} GPUs of the pools"
            yield Problem(f"{path}[{index}].gpus", gpus, allowed, f"Lower {team}'s quota, or add nodes")
    if promised + served > pool_gpus and all(gpus <= pool_gpus for gpus in quotas.values()) and promised:
        has = f"the pools have {pool_gpus} GPUs, of which models use {served}"
        allowed = f"the GPUs of all quotas must fit: {has}"
        yield Problem(path, promised, allowed, "Lower quotas, or add nodes")
