"""OCI's regions: names, three-letter keys, realms (from the region list of Oracle's Python SDK, `oci.regions`).

The SDK does not say how many availability domains a region has. According to Oracle's page
"Regions and Availability Domains" (not verified for each region), Ashburn, Phoenix, Frankfurt and London have three and
the others one. A program asks the identity service instead. Oracle does not publish which regions offer MI300X: query
the shapes or the limits of an availability domain.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict, cast

from facts.problem import Problem

THREE_DOMAINS = frozenset({"us-ashburn-1", "us-phoenix-1", "eu-frankfurt-1", "uk-london-1"})

FAULT_DOMAINS = ("FAULT-DOMAIN-1", "FAULT-DOMAIN-2", "FAULT-DOMAIN-3")
"""The fault domains of every availability domain."""


@dataclass(frozen=True, kw_only=True)
class Region:
    """One region: `us-ashburn-1`, key `iad`, realm `oc1`."""

    name: str
    key: str
    realm: str
    availability_domains: int


class _Row(TypedDict):
    name: str
    key: str
    realm: str


def _load() -> Mapping[str, Region]:
    text = (Path(__file__).parent / "data" / "regions.json").read_text(encoding="utf-8")
    rows = cast("list[_Row]", json.loads(text))
    return MappingProxyType(
        {
            row["name"]: Region(**row, availability_domains=3 if row["name"] in THREE_DOMAINS else 1)
            for row in rows
        }
    )


REGIONS: Mapping[str, Region] = _load()

HOME_PROVIDER = "oci-home"
"""The name of the program's provider for the home region. Its resources, such as policies, exist in every region."""

_BY_KEY = MappingProxyType({region.key: region for region in REGIONS.values()})


def find_region(name_or_key: str) -> Region | None:
    """A region by name or key, in upper or lower case. OCIDs of older regions contain the key."""
    text = name_or_key.lower()
    return REGIONS.get(text) or _BY_KEY.get(text)


def domain_problems(number: int | None, count: int, region: str, *, path: str) -> Iterator[Problem]:
    """An availability domain above the `count` of the region. `number` None is not a problem."""
    if number is not None and number > count:
        yield Problem(path, number, f"must be {count} or less: {region} has no more availability domains")
