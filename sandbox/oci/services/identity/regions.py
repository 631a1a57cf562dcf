"""Identity: regions and the tenancy's subscriptions."""

from typing import Any

from facts.regions import REGIONS
from sandbox.oci.lookups import Query, function


@function("oci:Identity/getRegions:getRegions")
def regions(query: Query) -> dict[str, Any]:
    realm = REGIONS[query.region].realm
    found = (each for each in REGIONS.values() if each.realm == realm)
    return {"regions": [{"key": each.key.upper(), "name": each.name} for each in found]}


@function("oci:Identity/getRegionSubscriptions:getRegionSubscriptions")
def subscriptions(query: Query) -> dict[str, Any]:
    """All regions of the realm are subscribed. The provider's region is home unless another one was set."""
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
