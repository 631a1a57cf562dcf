"""Service limits, compartment quotas and available hosts.

These rules are not in the compute module so that they run after its rules: an invalid input is refused first.
"""

from collections import Counter
from typing import Final

from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import WITH_HOSTS, Hosts, hosts_of, load_of
from sandbox.oci.rules.wording import limit_exceeded, out_of_capacity, quota_exceeded
from sandbox.oci.services.limits import quotas_on


def _others(call: Call) -> list[Entry]:
    mine = call.old.id if call.old else ""
    return [
        entry
        for token in WITH_HOSTS
        for entry in call.cloud.all(token, region=call.region)
        if entry.id != mine and not entry.assumed
    ]


def set_by_hand(call: Call, name: str) -> str:
    """Which command sets a limit and which one resets it. Empty for the sandbox's default."""
    keys = [key for key in call.cloud.store.list("oci-limit") if key.startswith(f"{name}/")]
    if not keys:
        return ""
    value = call.cloud.limit(name, call.region)
    return (
        f"a command such as `sandbox cloud limits set {name} {value}` set this; `sandbox cloud limits unset {name}`"
        " resets it"
    )


COUNTED: Final = {"oci:Core/vcn:Vcn": "vcn-count", "oci:ContainerEngine/cluster:Cluster": "cluster-count"}
"""The limits that count resources of a type in a region."""


@rule(*COUNTED)
def not_too_many(call: Call) -> None:
    """400 for more resources of a type than a region or a compartment may have."""
    limit = call.cloud.limit(COUNTED[call.token], call.region)
    there = sum(not each.assumed for each in call.cloud.all(call.token, region=call.region))
    if limit is not None and there >= limit:
        raise limit_exceeded(COUNTED[call.token], note=set_by_hand(call, COUNTED[call.token]))
    compartment, place = str(call.inputs.get("compartmentId")), {"region": call.region}
    for allowed, shared in quotas_on(call.cloud, COUNTED[call.token], compartment, place):
        if (
            sum(each.compartment_id in shared for each in call.cloud.all(call.token, region=call.region))
            >= allowed
        ):
            raise quota_exceeded(COUNTED[call.token])


@rule(*WITH_HOSTS, on="create update")
def within_limits(call: Call) -> None:
    """400 for more than a limit or quota allows. They count GPUs or OCPUs, not hosts, in one availability domain."""
    more = load_of(call.cloud, call.token, call.inputs)
    if call.old is not None:
        before = load_of(call.cloud, call.token, call.old.inputs)
        more = Counter({key: count for key, count in more.items() if count > before[key]})
    if not more:
        return
    others = [(entry, load_of(call.cloud, entry.token, entry.inputs)) for entry in _others(call)]
    for (name, domain), count in more.items():
        limit = call.cloud.limit(name, call.region, domain)
        if limit is not None and count + sum(load[name, domain] for _, load in others) > limit:
            raise limit_exceeded(name, note=set_by_hand(call, name))
        place, compartment = {"region": call.region, "ad": domain}, str(call.inputs.get("compartmentId"))
        for allowed, compartments in quotas_on(call.cloud, name, compartment, place):
            used = sum(load[name, domain] for entry, load in others if entry.compartment_id in compartments)
            if count + used > allowed:
                raise quota_exceeded(name)


@rule(*WITH_HOSTS, on="create update")
def hosts_are_free(call: Call) -> None:
    """500 if the domain has no more hosts of the shape, even below the limits."""
    wanted = hosts_of(call.cloud, call.token, call.inputs)
    before = hosts_of(call.cloud, call.token, call.old.inputs) if call.old else Hosts()
    for key, count in wanted.items():
        capacity = call.cloud.capacity(*key)
        if capacity is None or count <= before[key]:
            continue
        taken = sum(hosts_of(call.cloud, entry.token, entry.inputs)[key] for entry in _others(call))
        if taken + count > capacity:
            shape, _ = key
            note = f"`sandbox cloud limits capacity {shape} {capacity}` set this; `sandbox cloud limits unset"
            raise out_of_capacity(f"{note} {shape}` resets it")
