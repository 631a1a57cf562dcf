"""Service limits."""

from collections.abc import Iterator
from typing import Any

from facts.limits import LIMITS, Limit
from facts.shapes import find_shape
from sandbox.oci.errors import not_found
from sandbox.oci.functions import Query, function
from sandbox.oci.provided import domain_names
from sandbox.oci.rules.hosts import TAKERS, hosts_of

_SCOPES = {"availability-domain": "AD", "region": "REGION", "tenancy": "GLOBAL"}


@function("oci:Limits/getLimitDefinitions:getLimitDefinitions")
def definitions(query: Query) -> dict[str, Any]:
    return {
        "limitDefinitions": [
            {
                "name": each.name,
                "serviceName": each.service,
                "scopeType": _SCOPES[each.scope],
                "description": each.counts,
                "areQuotasSupported": True,
                "isResourceAvailabilitySupported": True,
                "isEligibleForLimitIncrease": True,
                "supportedQuotaFamilies": [each.family],
            }
            for each in _wanted(query)
        ]
    }


@function("oci:Limits/getLimitValues:getLimitValues")
def values(query: Query) -> dict[str, Any]:
    return {"limitValues": [row for each in _wanted(query) for row in _rows(query, each)]}


@function("oci:Limits/getServices:getServices")
def services(_: Query) -> dict[str, Any]:
    names = sorted({each.service for each in LIMITS.values()})
    return {"services": [{"name": name, "description": name} for name in names]}


def _wanted(query: Query) -> Iterator[Limit]:
    for each in LIMITS.values():
        if query.args.get("serviceName") in (None, each.service) and query.args.get("name") in (
            None,
            each.name,
        ):
            yield each


def _rows(query: Query, limit: Limit) -> Iterator[dict[str, Any]]:
    wanted = query.args.get("availabilityDomain")
    if query.args.get("scopeType") not in (None, _SCOPES[limit.scope]):
        return
    by_domain = limit.scope == "availability-domain"
    places: tuple[str, ...] = domain_names(query.region, query.tenancy) if by_domain else ("",)
    for place in places:
        if by_domain and wanted not in (None, place):
            continue
        value = query.cloud.limit(limit.name, query.region, place or None)
        yield {
            "name": limit.name,
            "scopeType": _SCOPES[limit.scope],
            "availabilityDomain": place,
            "value": str(value),
        }


@function("oci:Limits/getResourceAvailability:getResourceAvailability")
def availability(query: Query) -> dict[str, Any]:
    """What is left of a limit: GPUs in use are counted, other units are not."""
    name, domain = query.args["limitName"], query.args.get("availabilityDomain")
    value = query.cloud.limit(name, query.region, domain)
    if value is None:
        raise not_found(f"limit {name}")
    used = sum(
        count * shape.gpus
        for token in TAKERS
        for entry in query.cloud.all(token, region=query.region)
        for (name_of_shape, place), count in hosts_of(query.cloud, token, entry.inputs).items()
        if (shape := find_shape(name_of_shape)) and shape.gpu_limit_name == name and domain in (None, place)
    )
    return {"available": str(max(value - used, 0)), "used": str(used), "effectiveQuotaValue": value}
