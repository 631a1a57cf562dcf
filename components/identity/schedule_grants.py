"""The permissions of the functions and schedules that stop node pools out of hours.

Sources: Oracle's page on the policies of Kubernetes Engine (who resizes a pool also launches its instances); Resource
Scheduler's "Example Policies" and Functions' "Scheduling Functions", which grant `manage functions-family` to the
schedule. Here a schedule may only read and invoke the functions: it is unverified that this is enough.
"""

from collections.abc import Collection, Sequence

from facts.policies import All, Any, Anyone, DynamicGroup, Place, Statement, Test

from .principal_grants import Statements

_NETWORK_NEEDS = (
    ("use", "subnets"),
    ("use", "vnics"),
    ("use", "network-security-groups"),
    ("read", "virtual-network-family"),
    ("inspect", "compartments"),
)


def pool_hours_grants(functions: DynamicGroup, compartment_id: str, pool_ids: Collection[str]) -> Statements:
    """Resize these pools only, and launch and end their instances."""
    pools = Any(tuple(Test("target.nodepool.id", each) for each in pool_ids))
    return {
        "pool hours resize pools": Statement(
            subject=functions,
            permissions=("CLUSTER_NODE_POOL_READ", "CLUSTER_NODE_POOL_UPDATE"),
            place=Place.of(compartment_id),
            where=pools,
        ),
        **_to_launch(functions, compartment_id, (("manage", "instance-family"), *_NETWORK_NEEDS)),
    }


def pool_hours_network_grants(functions: DynamicGroup, network_compartment_id: str) -> Statements:
    """Launch instances in the subnets of a network in another compartment."""
    return _to_launch(functions, network_compartment_id, _NETWORK_NEEDS)


def _to_launch(
    functions: DynamicGroup, compartment_id: str, needs: Sequence[tuple[str, str]]
) -> dict[str, Statement]:
    place = Place.of(compartment_id)
    return {
        f"pool hours {verb} {resource}": Statement(
            subject=functions, verb=verb, resource=resource, place=place
        )
        for verb, resource in needs
    }


def schedule_grants(schedule_ids: Collection[str], compartment_id: str) -> Statements:
    """Read and invoke the compartment's functions. Only for these schedules."""
    schedules = All(
        (
            Test("request.principal.type", "resourceschedule"),
            Any(tuple(Test("request.principal.id", each) for each in schedule_ids)),
        )
    )
    return {
        f"schedules {verb} {resource}": Statement(
            subject=Anyone(), verb=verb, resource=resource, place=Place.of(compartment_id), where=schedules
        )
        for verb, resource in (("read", "fn-function"), ("use", "fn-invocation"))
    }
