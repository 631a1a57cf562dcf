"""Kubernetes Engine (OKE): the ClusterAutoscaler add-on, its pools and its grants.

Sources: Oracle's pages "Working with the Cluster Autoscaler as a Cluster Add-on" and "Cluster Add-on Configuration
Arguments". Oracle does not quote the messages: they follow the pattern of the service.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from facts.autoscaler import ACCOUNT, ADDON, CONFIGURATION_KEYS, NAMESPACE, allowed_value
from sandbox.oci.cloud import Cloud
from sandbox.oci.computed import CreateContext
from sandbox.oci.errors import invalid_parameter, not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule, run_rules
from sandbox.oci.rules.grantees import covers, is_principal
from sandbox.oci.rules.hosts import POOL
from sandbox.oci.rules.reading import blocks, texts
from sandbox.oci.services.container_engine.addons import ADDON as TOKEN
from sandbox.oci.services.container_engine.node_pools import node_pool_outputs
from sandbox.oci.services.identity.policies import POLICY

Need = tuple[str, str, tuple[str, ...]]
"""Verb, resource and the families that contain it."""

POOL_NEEDS: Final[tuple[Need, ...]] = (
    ("manage", "cluster-node-pools", ("cluster-family",)),
    ("manage", "instance-family", ()),
)

NETWORK_NEEDS: Final[tuple[Need, ...]] = (
    ("use", "subnets", ("virtual-network-family",)),
    ("read", "virtual-network-family", ()),
    ("use", "vnics", ("virtual-network-family",)),
    ("inspect", "compartments", ()),
)
"""Those that apply in the compartment of the network too."""

_VERBS: Final = ("inspect", "read", "use", "manage")
_NODES = re.compile(r"(\d+):(\d+):(\S+)", re.ASCII)
_GRANT = re.compile(
    r"\s*allow\s+(?P<subject>.+?)\s+to\s+(?P<verb>inspect|read|use|manage)\s+(?P<what>[\w-]+)"
    r"\s+in\s+(?:tenancy|compartment\s+(?P<place>(?:id\s+)?\S+))(?:\s+where\s+(?P<where>.+))?\s*",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)


class Scaled(NamedTuple):
    """A pool that the autoscaler sizes, and its bounds."""

    low: int
    high: int
    pool: str


def configurations_of(addon: Mapping[str, object]) -> dict[str, str]:
    """Keys and values of an add-on."""
    return {str(each.get("key")): str(each.get("value")) for each in blocks({**addon}, "configurations")}


def scaled_pools(configurations: Mapping[str, str]) -> list[Scaled]:
    """The pools of the key `nodes`: `min:max:OCID, min:max:OCID`. 400 for another form."""
    found: list[Scaled] = []
    for text in configurations.get("nodes", "").split(","):
        match = _NODES.fullmatch(text.strip())
        if match is None or int(match[1]) > int(match[2]):
            raise invalid_parameter(
                f"Invalid configuration nodes: {text.strip()!r} is not <min>:<max>:<nodepool-ocid>."
            )
        found.append(Scaled(int(match[1]), int(match[2]), match[3]))
    return found


@rule(TOKEN, on="create update")
def autoscaler_configuration(call: Call) -> None:
    """400 for a key that the add-on does not have, a value of another kind, and bounds without a pool.

    Whether OKE itself refuses such a value is unverified. The autoscaler does not start with it.
    """
    if call.inputs.get("addonName") != ADDON or _unknown(call):
        return
    given = configurations_of(call.inputs)
    for key, value in given.items():
        if key not in CONFIGURATION_KEYS:
            raise invalid_parameter(f"Invalid configuration key {key} for addon {ADDON}.")
        if allowed := allowed_value(key, value):
            raise invalid_parameter(f"Invalid configuration {key}: {value!r} is not {allowed}.")
    if given.get("authType", "instance") not in ("instance", "workload"):
        raise invalid_parameter(f"Invalid configuration authType: {given['authType']}.")
    pools = [each.pool for each in scaled_pools(given)]
    for pool in pools:
        if pools.count(pool) > 1:
            raise invalid_parameter(f"Invalid configuration nodes: {pool} is specified more than once.")


@rule(TOKEN, on="create update")
def autoscaler_pools(call: Call) -> None:
    """404 for a pool that does not exist, 400 for a pool of another cluster."""
    if call.inputs.get("addonName") != ADDON or _unknown(call):
        return
    for each in scaled_pools(configurations_of(call.inputs)):
        pool = call.cloud.find(each.pool)
        if pool is None or pool.token != POOL:
            raise not_found(f"Node pool {each.pool} of configuration nodes not found.")
        if not pool.assumed and pool.inputs.get("clusterId") != call.inputs.get("clusterId"):
            raise invalid_parameter(f"Invalid configuration nodes: {each.pool} is a pool of another cluster.")


@rule(TOKEN, on="create update")
def autoscaler_grants(call: Call) -> None:
    """404 if the add-on's principal lacks one of Oracle's six grants. Its pods would fail with every scaling.

    Without any policy in the cloud, others manage policies, and nothing is known about them.
    """
    if call.inputs.get("addonName") != ADDON or _unknown(call) or not call.cloud.all(POLICY):
        return
    for missing in missing_grants(call.cloud, call.inputs):
        raise not_found(f"The cluster autoscaler is not allowed to {missing}.")


def missing_grants(cloud: Cloud, addon: dict[str, Any]) -> Iterator[str]:
    """The grants that the add-on lacks for its pools, such as `use subnets in compartment X`."""
    given = configurations_of(addon)
    for each in scaled_pools(given):
        pool = cloud.find(each.pool)
        if pool is not None and not pool.assumed:
            yield from _missing(cloud, pool, str(addon.get("clusterId")), given.get("authType", "instance"))


def _missing(cloud: Cloud, pool: Entry, cluster: str, kind: str) -> Iterator[str]:
    statements = [text for policy in cloud.all(POLICY) for text in texts(policy.inputs, "statements")]
    granted = [found for text in statements if (found := _granted(cloud, text, cluster, kind))]
    places: dict[str, Sequence[Need]] = {pool.compartment_id: (*POOL_NEEDS, *NETWORK_NEEDS)}
    for config in blocks(pool.inputs, "nodeConfigDetails", "placementConfigs"):
        subnet = cloud.find(str(config.get("subnetId")))
        if subnet is not None and not subnet.assumed:
            places.setdefault(subnet.compartment_id, NETWORK_NEEDS)
    for place, needs in places.items():
        for verb, resource, families in needs:
            accepted = {resource, *families, "all-resources"}
            allowed = any(
                each["what"].lower() in accepted
                and _VERBS.index(each["verb"].lower()) >= _VERBS.index(verb)
                and (each["place"] is None or covers(cloud, each["place"], place))
                for each in granted
            )
            if not allowed:
                yield f"{verb} {resource} in compartment {place}"


def _granted(cloud: Cloud, statement: str, cluster: str, kind: str) -> re.Match[str] | None:
    """A statement whose subject is the add-on's principal: its workload, or a group of instances."""
    found = _GRANT.fullmatch(statement)
    if found is None:
        return None
    if found["subject"].lower().startswith("dynamic-group"):
        members = kind == "instance" and is_principal(cloud, found["subject"], "", kind)
        return found if members else None
    tests = dict(re.findall(r"request\.principal\.(\w+)\s*=\s*'([^']*)'", found["where"] or "", re.ASCII))
    mine = {"type": "workload", "namespace": NAMESPACE, "service_account": ACCOUNT, "cluster_id": cluster}
    if kind == "instance":
        mine = {"type": "instance"}
    same = all(mine.get(name, value) == value for name, value in tests.items())
    return found if found["subject"].lower() == "any-user" and "type" in tests and same else None


def _unknown(call: Call) -> bool:
    """Whether a preview does not know all of the add-on's values yet."""
    return any(not isinstance(each.get("value"), str) for each in blocks(call.inputs, "configurations"))


def autoscaler_of(cloud: Cloud, cluster_id: str) -> Entry | None:
    """The ClusterAutoscaler add-on of a cluster."""
    entries = (entry for entry in cloud.all(TOKEN) if entry.inputs.get("clusterId") == cluster_id)
    return next((entry for entry in entries if entry.inputs.get("addonName") == ADDON), None)


def resize(cloud: Cloud, pool: Entry, size: int) -> Entry:
    """Give a pool another number of nodes, as the autoscaler does. Raises OciError if OCI refuses it."""
    details = blocks(pool.inputs, "nodeConfigDetails")[0] | {"size": size}
    inputs = {**pool.inputs, "nodeConfigDetails": details}
    with cloud.transaction():
        run_rules(Call(cloud, POOL, "update", pool.region, inputs, pool, pool.urn))
        context = CreateContext(cloud, pool.id, POOL, pool.region, "", inputs, {}, pool.outputs)
        shown = {**pool.outputs, "nodeConfigDetails": details, **node_pool_outputs(context)}
        return cloud.save(replace(pool, inputs=inputs, outputs=shown))
