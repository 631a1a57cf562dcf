"""Limits: quotas, their effect on limits, and the service's functions."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from facts.limits import LIMITS, Limit
from facts.quotas import family_of
from facts.shapes import find_shape
from sandbox.oci.api.endpoints import answers, endpoint
from sandbox.oci.api.looking_up import looks_up
from sandbox.oci.api.request import Request, Response
from sandbox.oci.cloud import Cloud
from sandbox.oci.compartments import COMPARTMENT
from sandbox.oci.errors import conflict, invalid_parameter, not_found
from sandbox.oci.lookups import Query, function
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import WITH_HOSTS, hosts_of
from sandbox.oci.rules.reading import texts
from sandbox.oci.services.identity.domains import domain_names
from sandbox.oci.services.identity.tenancy import of_path
from sandbox.oci.services.quota_language import read_statement

_QUOTA: Final = "oci:Limits/quota:Quota"

describe(_QUOTA, region="none")


@rule(_QUOTA, on="create update")
def statements_can_be_read(call: Call) -> None:
    """400 for no or a wrong statement, for a family or quota that does not exist, and outside the root compartment.

    Names of compartments are not checked: the sandbox does not know those that it did not create."""
    if not texts(call.inputs, "statements"):
        raise invalid_parameter("statements size must be at least 1")
    for text in texts(call.inputs, "statements"):
        read_statement(text)
    if not str(call.inputs.get("compartmentId")).startswith("ocid1.tenancy."):
        raise invalid_parameter("Quotas can only be created in the root compartment.")


@rule(_QUOTA)
def name_is_free(call: Call) -> None:
    """409 for the name of another quota of the tenancy."""
    if any(each.inputs.get("name") == call.inputs.get("name") for each in call.cloud.all(_QUOTA)):
        raise conflict(f"Quota with name {call.inputs.get('name')} already exists")


def quotas_on(
    cloud: Cloud, limit: str, compartment: str, place: Mapping[str, str]
) -> Iterator[tuple[int, set[str]]]:
    """(allowed, compartments that share it) for each quota on a limit that covers a compartment.

    `place` has the `region` and the `ad` of the request. Of one quota, the last statement applies.
    """
    family = LIMITS[limit].family if limit in LIMITS else family_of(limit)
    for entry in cloud.all(_QUOTA):
        applies: tuple[int, set[str]] | None = None
        for text in texts(entry.inputs, "statements"):
            statement = read_statement(text)
            if family is None or not statement.concerns(family, limit, place):
                continue
            covered = _covered(cloud, statement.compartment)
            if covered and compartment not in covered:
                continue
            applies = None if statement.value is None else (statement.value, covered or _everywhere(cloud))
        if applies:
            yield applies


def _covered(cloud: Cloud, name: str | None) -> set[str]:
    """A compartment (by OCID, name or path) and all compartments below it. Empty for the tenancy."""
    if name is None:
        return set()
    compartments = cloud.all(COMPARTMENT)
    found = of_path(cloud, name) or {name}
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
    place, compartment = {"region": query.region, "ad": domain or ""}, str(query.args.get("compartmentId"))
    quotas = [allowed for allowed, _ in quotas_on(query.cloud, name, compartment, place)]
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
