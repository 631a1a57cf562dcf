"""Identity: the tenancy and its compartments.

Compartments stay when their stack is destroyed, unless `enableDelete` is set (the provider's documentation of
`enable_delete`). A deleted one disappears within minutes and gets another name, so that its name is free:
docs.oracle.com/en-us/iaas/Content/Identity/compartments/To_delete_a_compartment.htm
"""

from collections.abc import Mapping
from typing import Any

from facts.regions import REGIONS
from sandbox.oci.cloud import Cloud
from sandbox.oci.compartments import COMPARTMENT
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict
from sandbox.oci.lookups import Query, function
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import Resources, describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.services.identity.names import same_name


def _left(entry: Entry) -> Entry | None:
    """The compartment stays in the cloud unless the provider may delete it."""
    return None if _enabled(entry.inputs) else entry


def _namesake(resources: Resources, inputs: Mapping[str, Any]) -> Entry | None:
    """The compartment that a create takes over, because it has the same name and parent."""
    if _enabled(inputs):
        return None
    parent, name = inputs.get("compartmentId"), inputs.get("name")
    same = (
        each
        for each in resources.all(COMPARTMENT)
        if each.inputs.get("compartmentId") == parent and same_name(each.inputs.get("name"), name)
    )
    return next(same, None)


def _enabled(inputs: Mapping[str, Any]) -> bool:
    return str(inputs.get("enableDelete")).lower() == "true"


describe(COMPARTMENT, region="none", leaves=_left, takes_over=_namesake)


@rule(COMPARTMENT)
def compartment_name(call: Call) -> None:
    """409 for a name that the parent compartment already has."""
    name, parent = call.inputs.get("name"), call.inputs.get("compartmentId")
    for other in call.cloud.all(COMPARTMENT):
        if other.inputs.get("compartmentId") == parent and same_name(other.inputs.get("name"), name):
            raise conflict(f"Compartment '{name}' already exists", "CompartmentAlreadyExists")


@computed(COMPARTMENT)
def compartment_outputs(context: CreateContext) -> dict[str, Any]:
    return {"isAccessible": True, "compartmentId": context.inputs.get("compartmentId") or context.tenancy}


def of_path(cloud: Cloud, path: str) -> set[str]:
    """The OCIDs of the compartments that a path of a statement may mean, `a:b:c` from the top down, or an OCID. The
    names above a compartment that was not created here are unknown, so that any path fits it."""
    *above, last = path.split(":")
    named = (each for each in cloud.all(COMPARTMENT) if each.id == path or same_name(name_of(each), last))
    return {each.id for each in named if each.id == path or _is_below(cloud, each, above)}


def _is_below(cloud: Cloud, entry: Entry, above: list[str]) -> bool:
    """Whether the compartments above it have these names, as far as they were created here."""
    for name in reversed(above):
        if entry.assumed:
            return True
        parent = cloud.find(str(entry.inputs.get("compartmentId")))
        if parent is None or parent.token != COMPARTMENT:
            return False
        if not parent.assumed and not same_name(parent.inputs.get("name"), name):
            return False
        entry = parent
    return True


def name_of(entry: Entry) -> str:
    """The name of a compartment. One that was not created here has a name that nobody knows: the last part of its OCID
    stands for it, so that two of them differ."""
    return entry.id.rpartition(".")[2] if entry.assumed else str(entry.inputs.get("name") or entry.name)


@function("oci:Identity/getTenancy:getTenancy")
def tenancy(query: Query) -> dict[str, Any]:
    return {
        "id": query.args["tenancyId"],
        "name": "sandbox",
        "description": "The sandbox's tenancy",
        "homeRegionKey": REGIONS[query.cloud.home_region() or query.region].key.upper(),
    }


@function("oci:Identity/getCompartment:getCompartment")
def compartment(query: Query) -> dict[str, Any]:
    kinds = (COMPARTMENT, "oci:Identity/tenancy:Tenancy")
    entry = query.cloud.require(query.args["id"], *kinds, path="id")
    return {"name": name_of(entry), "state": "ACTIVE", "isAccessible": True, **entry.outputs}


@function("oci:Identity/getCompartments:getCompartments")
def compartments(query: Query) -> dict[str, Any]:
    found = query.cloud.all(COMPARTMENT)
    parent, name = query.args["compartmentId"], query.args.get("name")
    deep = query.args.get("compartmentIdInSubtree")
    rows = [each for each in found if deep or each.outputs.get("compartmentId") == parent]
    return {"compartments": [each.outputs for each in rows if name in (None, each.name)]}
