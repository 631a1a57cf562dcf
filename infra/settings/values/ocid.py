"""Checks that a text is an OCID of the right kind, region and realm."""

import re
from collections.abc import Iterator, Mapping

from facts.ocids import PLACEHOLDER_MARK, is_placeholder, parse_ocid
from facts.problem import Problem
from facts.regions import REGIONS, find_region

from .secrets import leaves

OF_THE_TENANCY = frozenset({"compartment", "group", "tenancy", "user"})
"""Kinds that belong to no region. Their OCIDs name no region. Source: Oracle's pages Resource Identifiers and IAM."""

_REALM = re.compile(r"\bocid1\.[a-z][a-z0-9_-]*\.(oc[0-9]+)\.")


def realm_problems(config: Mapping[str, object], region: str) -> Iterator[Problem]:
    """OCIDs of another realm, in any section. An account has no access to resources of another realm."""
    if region not in REGIONS:
        return
    realm = REGIONS[region].realm
    for section, content in config.items():
        for path, _, value in leaves(section, content):
            others = set(_REALM.findall(value)) - {realm} if isinstance(value, str) else set[str]()
            if others:
                allowed = f"must be in realm {realm}, like {region}, not in {', '.join(sorted(others))}"
                yield Problem(path, value, allowed)


def ocid_problems(text: str | None, *kinds: str, path: str, region: str | None = None) -> Iterator[Problem]:
    """Problems of a `text` that must be an OCID of one of `kinds` (`image`, `key`, …) and, if set, of `region`.

    None is allowed. A placeholder must have the form of its OCID too, because the program and OCI read the kind and the
    region from it. Another rule reports placeholders.
    """
    if text is None:
        return
    parsed = parse_ocid(text)
    if parsed is None:
        allowed = f"must be an OCID: {' or '.join(f'ocid1.{kind}.…' for kind in kinds)}"
        yield Problem(path, text, allowed, _placeholder_of(kinds[0], region) if is_placeholder(text) else "")
    elif parsed.resource_type not in kinds:
        yield Problem(path, text, f"must be the OCID of {' or '.join(kinds)}, not of {parsed.resource_type}")
    elif parsed.region and parsed.resource_type in OF_THE_TENANCY:
        yield Problem(path, text, f"must not name a region: the OCID of a {parsed.resource_type} has none")
    elif region and not parsed.region:
        example = f"ocid1.{parsed.resource_type}.{parsed.realm}.<region>.…"
        yield Problem(path, text, f"must name its region: {example}")
    elif region and region in REGIONS and parsed.realm == REGIONS[region].realm:
        found = find_region(parsed.region)
        if found is None or found.name != region:
            yield Problem(path, text, f"must be in the environment's region {region}, not in {parsed.region}")


def _placeholder_of(kind: str, region: str | None) -> str:
    known = REGIONS.get(region or "")
    place = "" if kind in OF_THE_TENANCY else known.key if known else "<region>"
    return f"A placeholder keeps the form: ocid1.{kind}.{known.realm if known else 'oc1'}.{place}.{PLACEHOLDER_MARK}"
