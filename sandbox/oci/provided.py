"""What every region of the cloud has without anybody creating it: domains, services, platform images."""

import hashlib
from typing import Any

from facts.kubernetes import OFFERED_VERSIONS
from facts.regions import FAULT_DOMAINS, REGIONS
from sandbox.oci.cloud import Cloud
from sandbox.oci.computed import provider_time
from sandbox.oci.ids import derived_ocid, ocid_type
from sandbox.oci.model import PROVIDED, Entry
from sandbox.store import now

IMAGE = "oci:Core/image:Image"
SERVICE = "oci:Core/service:Service"
DOMAIN = "oci:Identity/availabilityDomain:AvailabilityDomain"

PLATFORM_IMAGES = (
    ("Oracle-Linux-9.6-2026.09.30-0", "Oracle Linux", "9"),
    ("Oracle-Linux-8.10-2026.09.30-0", "Oracle Linux", "8"),
    ("Canonical-Ubuntu-24.04-2026.08.31-0", "Canonical Ubuntu", "24.04"),
    ("Canonical-Ubuntu-22.04-2026.08.31-0", "Canonical Ubuntu", "22.04"),
)
"""Name, system, version. As in OCI, none of them carries AMD's drivers: MI300X pools import their own."""

_PREFIX = 4
"""Letters that a tenancy's names of availability domains begin with."""

EXAMPLE_DOMAIN = "qIZq:US-ASHBURN-AD-1"


def domain_place(region: str) -> str:
    """How the names of a region's availability domains write it: the two oldest are written otherwise."""
    return {"us-ashburn-1": "US-ASHBURN", "us-phoenix-1": "PHX"}.get(region, region.upper())


def is_domain_name(text: str, region: str) -> bool:
    """Whether a region has an availability domain of that name in any tenancy: the first letters are its own."""
    prefix, _, rest = text.partition(":")
    names = {each.partition(":")[2] for each in domain_names(region, "")}
    return len(prefix) == _PREFIX and prefix.isalnum() and rest in names


def domain_names(region: str, tenancy: str) -> tuple[str, ...]:
    """The availability domains' names, such as "qIZq:US-ASHBURN-AD-1": the first letters differ by tenancy."""
    digest = hashlib.blake2b(tenancy.encode(), digest_size=_PREFIX).digest()
    prefix = "".join("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[byte % 52] for byte in digest)
    count = REGIONS[region].availability_domains
    return tuple(f"{prefix}:{domain_place(region)}-AD-{number}" for number in range(1, count + 1))


def domains(cloud: Cloud, region: str, tenancy: str) -> list[dict[str, Any]]:
    """The availability domains with their ids."""
    names = domain_names(region, tenancy)
    return [
        {"id": _provide(cloud, DOMAIN, region, name), "name": name, "compartmentId": tenancy}
        for name in names
    ]


def fault_domains(cloud: Cloud, region: str, domain: str, compartment: str) -> list[dict[str, Any]]:
    """The three fault domains of an availability domain."""
    kind = "oci:Identity/faultDomain:FaultDomain"
    return [
        {
            "id": _provide(cloud, kind, region, f"{domain}/{name}"),
            "name": name,
            "availabilityDomain": domain,
            "compartmentId": compartment,
        }
        for name in FAULT_DOMAINS
    ]


def services(cloud: Cloud, region: str) -> list[dict[str, Any]]:
    """What a service gateway can reach: object storage alone, or all services."""
    key = REGIONS[region].key.lower()
    found = (
        (f"OCI {key.upper()} Object Storage", f"oci-{key}-objectstorage"),
        (
            f"All {key.upper()} Services In Oracle Services Network",
            f"all-{key}-services-in-oracle-services-network",
        ),
    )
    return [
        {"id": _provide(cloud, SERVICE, region, name), "name": name, "description": name, "cidrBlock": label}
        for name, label in found
    ]


def platform_images(cloud: Cloud, region: str) -> list[Entry]:
    """The images that Oracle publishes, as entries of the model."""
    found: list[Entry] = []
    for name, system, version in PLATFORM_IMAGES:
        outputs = {
            "displayName": name,
            "operatingSystem": system,
            "operatingSystemVersion": version,
            "state": "AVAILABLE",
            "timeCreated": provider_time(),
            "launchMode": "NATIVE",
            "sizeInMbs": "47694",
            "listingType": "NONE",
        }
        entry = cloud.find(_provide(cloud, IMAGE, region, name, outputs))
        found.extend([entry] if entry else [])
    return found


def node_images(cloud: Cloud, region: str) -> list[dict[str, str]]:
    """The images that OKE prepares for its nodes, newest Kubernetes first."""
    found: list[dict[str, str]] = []
    for version in reversed(OFFERED_VERSIONS):
        for name, system, release in PLATFORM_IMAGES[:2]:
            title = f"{name}-OKE-{version.lstrip('v')}-1042"
            outputs = {"displayName": title, "operatingSystem": system, "operatingSystemVersion": release}
            key = _provide(cloud, IMAGE, region, title, {**outputs, "state": "AVAILABLE"})
            found.append({"imageId": key, "sourceName": title, "sourceType": "IMAGE"})
    return found


def _provide(cloud: Cloud, token: str, region: str, name: str, outputs: dict[str, Any] | None = None) -> str:
    key = derived_ocid(ocid_type(token), region, "provided", name)
    if cloud.find(key) is None:
        entry = Entry(
            id=key,
            token=token,
            urn="",
            region=region,
            compartment_id="",
            state="AVAILABLE",
            outputs={"displayName": name, **(outputs or {}), "id": key},
            created_at=now(),
            owner=PROVIDED,
        )
        cloud.save(entry)
    return key
