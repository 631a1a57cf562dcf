"""Identity: availability domains and fault domains. Every region has them without creation."""

import hashlib
from typing import Any

from facts.regions import FAULT_DOMAINS, REGIONS
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.lookups import Query, function
from sandbox.oci.provided import provide

DOMAIN = "oci:Identity/availabilityDomain:AvailabilityDomain"

EXAMPLE_DOMAIN = "qIZq:US-ASHBURN-AD-1"


def is_domain_name(text: str, region: str) -> bool:
    """Whether a region has an availability domain of this name. The first letters may be those of any tenancy."""
    prefix, _, rest = text.partition(":")
    names = {each.partition(":")[2] for each in domain_names(region, "")}
    return len(prefix) == _PREFIX and prefix.isalnum() and rest in names


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


_PREFIX = 4
"""The first letters of a tenancy's availability domain names."""


def domain_place(region: str) -> str:
    """The region's part of its availability domain names. The two oldest regions have their own form."""
    return {"us-ashburn-1": "US-ASHBURN", "us-phoenix-1": "PHX"}.get(region, region.upper())


def domain_names(region: str, tenancy: str) -> tuple[str, ...]:
    """The names of the availability domains, such as "qIZq:US-ASHBURN-AD-1". The first letters differ by tenancy."""
    digest = hashlib.blake2b(tenancy.encode(), digest_size=_PREFIX).digest()
    prefix = "".join("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[byte % 52] for byte in digest)
    count = REGIONS[region].availability_domains
    return tuple(f"{prefix}:{domain_place(region)}-AD-{number}" for number in range(1, count + 1))


def domains(cloud: Cloud, region: str, tenancy: str) -> list[dict[str, Any]]:
    """The names and ids of the availability domains."""
    names = domain_names(region, tenancy)
    return [
        {"id": provide(cloud, DOMAIN, region, name), "name": name, "compartmentId": tenancy} for name in names
    ]


def fault_domains(cloud: Cloud, region: str, domain: str, compartment: str) -> list[dict[str, Any]]:
    """The three fault domains of an availability domain."""
    kind = "oci:Identity/faultDomain:FaultDomain"
    return [
        {
            "id": provide(cloud, kind, region, f"{domain}/{name}"),
            "name": name,
            "availabilityDomain": domain,
            "compartmentId": compartment,
        }
        for name in FAULT_DOMAINS
    ]
