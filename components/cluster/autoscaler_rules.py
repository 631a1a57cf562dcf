"""Checks of OKE's cluster autoscaler before anything is created."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from facts.autoscaler import CONFIGURATION_KEYS, allowed_value
from facts.kubernetes import ADDON_VERSION
from facts.problem import Problem

PROVISION_MINUTES = 60
"""Oracle's page "Using the Kubernetes Cluster Autoscaler" recommends 25 minutes, for any node. It gives no figure for
bare metal, which takes longer: this figure is an assumption."""

IDLE_MINUTES = 10
"""The add-on's own default of scaleDownUnneededTime and scaleDownDelayAfterAdd (Oracle's page on its arguments)."""

MINUTES = (1, 24 * 60)

OWN_KEYS: Mapping[str, str] = {
    "nodes": "pools",
    "authType": "workload identity, which the grants name",
    "numOfReplicas": "two replicas",
    "maxNodeProvisionTime": "provisionMinutes",
    "scaleDownUnneededTime": "idleMinutes",
    "scaleDownDelayAfterAdd": "idleMinutes",
}
"""Configuration keys that the component sets, and from what."""


class AutoscalerChoices(Protocol):
    """The plain values of the autoscaler, which the component's args and the settings both have."""

    @property
    def provision_minutes(self) -> int | None: ...
    @property
    def idle_minutes(self) -> int | None: ...
    @property
    def version(self) -> str | None: ...


def autoscaler_problems(autoscaler: AutoscalerChoices, *, path: str) -> Iterator[Problem]:
    """All problems of the plain values. The settings and the component use the same messages."""
    low, high = MINUTES
    for key, minutes in (
        ("provisionMinutes", autoscaler.provision_minutes),
        ("idleMinutes", autoscaler.idle_minutes),
    ):
        if minutes is not None and not low <= minutes <= high:
            yield Problem(f"{path}.{key}", minutes, f"must be {low} to {high:,} minutes")
    if autoscaler.version is not None and not ADDON_VERSION.fullmatch(autoscaler.version):
        yield Problem(f"{path}.version", autoscaler.version, "must be one version, such as v1.2.3")


def configuration_problems(configurations: Mapping[str, str], *, path: str) -> Iterator[Problem]:
    """Keys that the add-on does not have, keys that the component sets itself, and values of another kind."""
    for key, value in configurations.items():
        where = f"{path}.configurations[{key!r}]"
        if key in OWN_KEYS:
            yield Problem(where, value, "must not be given here", f"It is set from {OWN_KEYS[key]}")
        elif key not in CONFIGURATION_KEYS:
            yield Problem.not_one_of(
                where, key, sorted(CONFIGURATION_KEYS), "must be a configuration key of the add-on"
            )
        elif (key, value) == ("expander", "price"):
            yield Problem(where, value, "must not be price: OKE does not support it")
        elif allowed := allowed_value(key, value):
            yield Problem(where, value, f"must be {allowed}")


def bounds_problems(pools: Mapping[str, tuple[int, int]], *, path: str) -> Iterator[Problem]:
    """No pool, and bounds that contradict each other. `pools`: fewest and most nodes by name."""
    if not pools:
        yield Problem(f"{path}.pools", {}, "must name at least one pool")
    for name, (low, high) in pools.items():
        if low < 0:
            yield Problem(f"{path}.pools[{name!r}].minNodes", low, "must be 0 or more")
        if low > high:
            allowed = f"must not be above maxNodes, {high}"
            yield Problem(f"{path}.pools[{name!r}].minNodes", low, allowed)
