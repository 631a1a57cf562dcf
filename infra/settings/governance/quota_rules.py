"""Rules for the quotas."""

import re
from collections.abc import Iterator, Mapping, Sequence

from components.governance.quota_rules import (
    limit_problems,
    quota_problems,
    shortfall_problems,
    unnamed_problems,
)
from facts.problem import Problem
from facts.quota_uses import Need
from facts.shapes import find_shape
from infra.settings.governance import Governance
from infra.settings.gpu import Gpu

from .quota_floors import Floored, quota_floors
from .quotas import CompartmentQuotaSettings

PATH = "governance.quotas"

_PATH = re.compile(r"[\w.-]{1,100}(:[\w.-]{1,100}){0,5}", re.ASCII)
"""OCI nests compartments up to six levels. Source: Oracle's page "Managing Compartments"."""


def quota_settings_problems(governance: Governance) -> Iterator[Problem]:
    """Wrong statements, limits and paths."""
    wanted = governance.quotas
    if wanted is None:
        return
    if wanted.above is not None and (not _PATH.fullmatch(wanted.above) or wanted.above.startswith("ocid1.")):
        allowed = "must be names of compartments, separated by colons, e.g. platform:ai"
        yield Problem(f"{PATH}.above", wanted.above, allowed)
    yield from limit_problems(wanted.limits, path=f"{PATH}.limits")
    yield from quota_problems(wanted, path=PATH)


def quota_need_problems(settings: Floored) -> Iterator[Problem]:
    """Limits and statements that allow less than the settings need."""
    wanted = settings.governance.quotas
    if wanted is None:
        return
    yield from shortfall_problems(
        wanted.limits,
        wanted.statements,
        quota_floors(settings),
        region=settings.tenancy.region,
        places=_places(settings, wanted),
        path=PATH,
    )
    if not wanted.other_gpus:
        yield from _unnamed_gpu_problems(settings.gpu)


def unnamed_quota_warnings(settings: Floored) -> Iterator[Problem]:
    """Statements whose effect on the stack nobody can tell."""
    wanted = settings.governance.quotas
    if wanted:
        places = _places(settings, wanted)
        yield from unnamed_problems(wanted.statements, quota_floors(settings), places=places, path=PATH)


def _places(settings: Floored, wanted: CompartmentQuotaSettings) -> Sequence[str]:
    """Paths and OCIDs of the compartment and of those above it, as far as the settings say them."""
    return [settings.tenancy.compartment_id, *([wanted.above] if wanted.above else [])]


def _unnamed_gpu_problems(gpu: Gpu) -> Iterator[Problem]:
    """Pools of GPUs whose quota no source names: the quotas of all other GPUs would take their nodes away."""
    for pool in gpu.pools:
        shape = find_shape(pool.shape)
        if shape and shape.gpus and not shape.gpu_limit_name:
            allowed = (
                f"must be true with pool {pool.name}: no source names the quota of {shape.name}, so the quotas of all"
                " other GPUs would be 0 for its nodes too"
            )
            yield Problem(f"{PATH}.otherGpus", False, allowed, "Set it, and limit the GPUs with a statement")


def limits_of(needs: Mapping[str, Need], headroom_percent: int, own: Mapping[str, int]) -> Mapping[str, int]:
    """The limit of each quota: one's own, or need and headroom. GPUs get no headroom."""
    found = {
        name: need.value if name.startswith("gpu-") else -(-need.value * (100 + headroom_percent) // 100)
        for name, need in needs.items()
    }
    return {**found, **own}
