"""Limits: quotas, their effect on limits, and the service's functions."""

import re
from collections.abc import Iterator
from typing import Any, Final

from facts.limits import LIMITS, Limit
from facts.shapes import find_shape
from sandbox.oci.api.endpoints import answers, endpoint
from sandbox.oci.api.looking_up import looks_up
from sandbox.oci.api.request import Request, Response
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import conflict, invalid_parameter, not_found
from sandbox.oci.lookups import Query, function
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import WITH_HOSTS, hosts_of
from sandbox.oci.rules.reading import texts
from sandbox.oci.services.identity.domains import domain_names
from sandbox.oci.services.identity.tenancy import COMPARTMENT

_QUOTA: Final = "oci:Limits/quota:Quota"

describe(_QUOTA, region="none")

_STATEMENT = re.compile(
    r"\s*(?P<verb>set|unset|zero)\s+(?P<family>[\w-]+)\s+quotas?(?:\s+(?P<names>[\w-]+(?:\s*,\s*[\w-]+)*))?"
    r"(?:\s+to\s+(?P<value>\d+))?\s+in\s+(?:(?P<tenancy>tenancy)|compartment\s+(?P<compartment>\S+))"
    r"(?P<condition>\s+where\s+.*)?\s*",
    re.IGNORECASE | re.DOTALL | re.UNICODE,
)


@rule(_QUOTA, on="create update")
def statements_can_be_read(call: Call) -> None:
    """400 unless a statement is: set FAMILY quota NAME to N in ..., unset or zero FAMILY quota [NAME] in ..."""
    for text in texts(call.inputs, "statements"):
        found = _STATEMENT.fullmatch(text)
        if not found or (found["verb"].lower() == "set") != (found["value"] is not None):
            raise invalid_parameter(f"Unable to parse the quota statement: {text}")


@rule(_QUOTA)
def name_is_free(call: Call) -> None:
    """409 for the name of another quota of the tenancy."""
    if any(each.inputs.get("name") == call.inputs.get("name") for each in call.cloud.all(_QUOTA)):
        raise conflict(f"Quota with name {call.inputs.get('name')} already exists")


def quotas_on(cloud: Cloud, limit: str, compartment: str) -> Iterator[tuple[int, set[str]]]:
    """(allowed, compartments that share it) for each quota on a limit that covers a compartment.

    Conditions (`where`) are not modelled: a statement with one limits nothing here.
    """
    for entry in cloud.all(_QUOTA):
        for text in texts(entry.inputs, "statements"):
            found = _STATEMENT.fullmatch(text)
            if not found or found["condition"] or found["verb"].lower() == "unset":
                continue
            names = re.split(r"\s*,\s*", found["names"] or "")
            if names != [""] and limit not in names:
                continue
            if names == [""] and not _in_family(limit, found["family"]):
                continue
            covered = _covered(cloud, found["compartment"])
            if not covered or compartment in covered:
                yield int(found["value"] or 0), covered or _everywhere(cloud)


def _in_family(limit: str, family: str) -> bool:
    """Whether a limit is in a family. Core counts and memory have their own families, GPUs are in compute-core."""
    memory = limit.endswith("-memory-count")
    return family == ("compute-memory" if memory else "compute-core")


def _covered(cloud: Cloud, name: str | None) -> set[str]:
    """A compartment (by OCID, name or path) and all compartments below it. Empty for the tenancy."""
    if name is None:
        return set()
    compartments = cloud.all(COMPARTMENT)
    last = name.split(":")[-1]
    found = {each.id for each in compartments if each.id == name or each.inputs.get("name") == last} or {name}
    while True:
        below = {each.id for each in compartments if each.inputs.get("compartmentId") in found} - found
        if not below:
            return found
        found |= below


def _everywhere(cloud: Cloud) -> set[str]:
    return {entry.compartment_id for entry in cloud.entries()}


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
    """The available part of a limit. GPUs in use are counted, other units are not."""
    name, domain = query.args["limitName"], query.args.get("availabilityDomain")
    value = query.cloud.limit(name, query.region, domain)
    if value is None:
        raise not_found(f"limit {name}")
    used = sum(
        count * shape.gpus
        for token in WITH_HOSTS
        for entry in query.cloud.all(token, region=query.region)
        for (name_of_shape, place), count in hosts_of(query.cloud, token, entry.inputs).items()
        if (shape := find_shape(name_of_shape)) and shape.gpu_limit_name == name and domain in (None, place)
    )
    answer: dict[str, Any] = {"available": str(max(value - used, 0)), "used": str(used)}
    # The SDK's text: "only present if there is a current quota policy affecting the current resource".
    quotas = [allowed for allowed, _ in quotas_on(query.cloud, name, str(query.args.get("compartmentId")))]
    return {**answer, "effectiveQuotaValue": min(quotas, default=None)}


endpoint(_QUOTA, "limits.QuotasClient", "quota")
_LIMITS: Final = "limits.LimitsClient"
looks_up(_LIMITS, "list_services", "oci:Limits/getServices:getServices", rows="services")
looks_up(
    _LIMITS,
    "list_limit_definitions",
    "oci:Limits/getLimitDefinitions:getLimitDefinitions",
    rows="limitDefinitions",
    reads=("serviceName", "name"),
)
looks_up(
    _LIMITS,
    "list_limit_values",
    "oci:Limits/getLimitValues:getLimitValues",
    rows="limitValues",
    reads=("serviceName", "name", "scopeType", "availabilityDomain"),
)


@answers(_LIMITS, "get_resource_availability", reads=("availabilityDomain", "compartmentId"))
def resource_availability(request: Request) -> Response:
    """The available part of a limit, and the quota on the compartment if there is one."""
    token, account = "oci:Limits/getResourceAvailability:getResourceAvailability", request.account
    request.meet_faults(token)
    given = {name: values[0] for name, values in request.query.items()}
    query = Query(request.cloud, token, account.region, account.tenancy, {**request.path, **given})
    found = availability(query)
    numbers = {name: int(found[name]) for name in ("available", "used")}
    quota = found["effectiveQuotaValue"]
    return Response(body=numbers if quota is None else {**numbers, "effectiveQuotaValue": float(quota)})
