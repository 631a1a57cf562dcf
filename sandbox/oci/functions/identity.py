"""Regions, domains, tenancy and compartments."""

from typing import Any

from facts.regions import REGIONS
from sandbox.oci.computed import namespace_of
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.functions import Query, function
from sandbox.oci.provided import domain_names, domains, fault_domains, services


@function("oci:Identity/getAvailabilityDomains:getAvailabilityDomains")
def availability_domains(query: Query) -> dict[str, Any]:
    return {"availabilityDomains": domains(query.cloud, query.region, query.tenancy)}


@function("oci:Identity/getAvailabilityDomain:getAvailabilityDomain")
def availability_domain(query: Query) -> dict[str, Any]:
    found = domains(query.cloud, query.region, query.tenancy)
    number, wanted = query.args.get("adNumber"), query.args.get("id")
    for place, each in enumerate(found, start=1):
        if place == number or each["id"] == wanted:
            return {**each, "adNumber": place}
    raise invalid_parameter(
        f"{query.region} has {len(found)} availability domain(s); none is {wanted or number}."
    )


@function("oci:Identity/getFaultDomains:getFaultDomains")
def faults(query: Query) -> dict[str, Any]:
    domain = query.args["availabilityDomain"]
    if domain not in domain_names(query.region, query.tenancy):
        raise invalid_parameter(f"availabilityDomain {domain} is not in {query.region}.")
    compartment = query.args["compartmentId"]
    return {"faultDomains": fault_domains(query.cloud, query.region, domain, compartment)}


@function("oci:Core/getServices:getServices")
def gateway_services(query: Query) -> dict[str, Any]:
    return {"services": services(query.cloud, query.region)}


@function("oci:ObjectStorage/getNamespace:getNamespace")
def namespace(query: Query) -> dict[str, Any]:
    return {"namespace": namespace_of(query.tenancy)}


@function("oci:Identity/getRegions:getRegions")
def regions(query: Query) -> dict[str, Any]:
    realm = REGIONS[query.region].realm
    found = (each for each in REGIONS.values() if each.realm == realm)
    return {"regions": [{"key": each.key.upper(), "name": each.name} for each in found]}


@function("oci:Identity/getRegionSubscriptions:getRegionSubscriptions")
def subscriptions(query: Query) -> dict[str, Any]:
    """Every region of the realm is subscribed; the provider's region is home unless the cloud knows another."""
    home = query.cloud.home_region() or query.region
    rows = [
        {
            "isHomeRegion": each["name"] == home,
            "regionKey": each["key"],
            "regionName": each["name"],
            "state": "READY",
            "tenancyId": query.tenancy,
        }
        for each in regions(query)["regions"]
    ]
    return {"regionSubscriptions": rows}


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
    kinds = ("oci:Identity/compartment:Compartment", "oci:Identity/tenancy:Tenancy")
    entry = query.cloud.require(query.args["id"], *kinds, path="id")
    name = entry.name if not entry.assumed else "assumed"
    return {"name": name, "state": "ACTIVE", "isAccessible": True, **entry.outputs}


@function("oci:Identity/getCompartments:getCompartments")
def compartments(query: Query) -> dict[str, Any]:
    found = query.cloud.all("oci:Identity/compartment:Compartment")
    parent, name = query.args["compartmentId"], query.args.get("name")
    deep = query.args.get("compartmentIdInSubtree")
    rows = [each for each in found if deep or each.outputs.get("compartmentId") == parent]
    return {"compartments": [each.outputs for each in rows if name in (None, each.name)]}


@function("oci:Identity/getUser:getUser")
def user(query: Query) -> dict[str, Any]:
    entry = query.cloud.require(query.args["userId"], "oci:Identity/user:User", path="userId")
    return {"state": "ACTIVE", "name": "assumed", **entry.outputs}
